"""Each kernel is compiled by one of the processes that run tests; those that need it meanwhile wait, and load it.

From an empty cache all of them come to the same kernels at about the same time.
"""

import contextlib
import hashlib
import tempfile
from pathlib import Path
from typing import Any

from capgap.vectors.kernel_cache import KernelCache
from filelock import FileLock, Timeout

#: Seconds to wait for another process, which may have failed or hang.
PATIENCE = 60.0

_LOCKS = Path(tempfile.gettempdir()) / "capgap-tests"  # looked up before any test replaces it


def _lock(cache: KernelCache) -> FileLock:
    """One for each kernel and version of its source, for all processes of this machine."""
    name = hashlib.sha256(f"{cache.cache_path} {cache._name}".encode()).hexdigest()[:16]
    _LOCKS.mkdir(exist_ok=True)
    return FileLock(_LOCKS / f"{name}.lock")


def compile_once() -> None:
    """Let this process take turns with others from now on."""
    load, save = KernelCache.load_overload, KernelCache.save_overload
    held: dict[KernelCache, FileLock] = {}

    def load_in_turn(self: KernelCache, signature: Any, context: Any) -> Any:
        found = load(self, signature, context)
        if found is None and self not in held:
            lock = _lock(self)
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=PATIENCE)
                found = load(self, signature, context)
                if found is None:
                    held[self] = lock  # until it is compiled and kept
                else:
                    lock.release()
        return found

    def save_in_turn(self: KernelCache, signature: Any, compiled: Any) -> None:
        save(self, signature, compiled)
        if self in held:
            held.pop(self).release()

    KernelCache.load_overload, KernelCache.save_overload = load_in_turn, save_in_turn  # type: ignore[method-assign]
