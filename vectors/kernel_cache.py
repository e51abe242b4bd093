"""Compiled kernels are kept outside the installation: by version and source, in a cache folder of the user.

Numba would keep them beside the sources. There pip cannot remove them, and what an uninstalled version leaves
shadows the next one; and Numba looks only at the file of a kernel, not at those that it imports.

The folder is ``capgap`` in the one that NUMBA_CACHE_DIR names, or else in the platform's folder for caches;
where neither can be written, a private one among temporary files. A cache is never needed: whatever is wrong
with it is told once, as a ``KernelCacheWarning``, and the kernel is compiled again.
"""

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from numba import __version__ as numba_version
from numba import config, njit
from numba.core.caching import IndexDataCacheFile
from numba.core.compiler import CompileResult

#: Kernels of sources that nobody has used for as long, in seconds, are removed: sixty days.
KEPT = 60 * 86400

#: What is called after a kernel was compiled, with Numba's library of it; nothing in a program of somebody's.
AFTER_COMPILING: list[Callable[[Any], None]] = []

_RELATIVE_IMPORT = re.compile(r"^ *from (\.+)([\w.]+) import", re.MULTILINE)


class KernelCacheWarning(UserWarning):
    """Compiled kernels cannot be kept, or what was kept cannot be read. Results are not concerned."""


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a kernel that Python calls: without the interpreter's lock, and kept for the next process.

    Divisions by zero follow NumPy, and nothing is reordered. What only kernels call is not kept by itself:
    see ``callee_kernels``.
    """
    compiled = njit(nogil=True, error_model="numpy")(function)
    compiled._cache = KernelCache(function)
    return compiled


class KernelCache:
    """What Numba's dispatcher asks of a cache, for one kernel. Nothing is looked at before its first call."""

    def __init__(self, function: Callable[..., Any]) -> None:
        code = function.__code__
        self._source = Path(code.co_filename)
        self._module = function.__module__
        python = f"py{sys.version_info.major}{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
        self._name = f"{function.__name__}-{code.co_firstlineno}.{python}"

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The compiled kernel for a signature, or None if it has to be compiled."""
        context.refresh()
        for folder in self._folders():
            try:
                kept = self._file(folder)
                data = kept.load((signature, context.codegen().magic_tuple()))
                if data is not None:
                    return CompileResult._rebuild(context, *data)
            except OSError:
                continue  # as good as not there
            except MemoryError:
                raise
            except Exception as problem:  # what is unpickled from a damaged file may raise anything
                _tell(f"compiled kernels in {folder} cannot be read and are compiled again", problem)
                self._forget(folder)
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep a compiled kernel, if it can be."""
        self._save(signature, compiled)
        for each in AFTER_COMPILING:
            each(compiled.library)

    def _save(self, signature: Any, compiled: Any) -> None:
        if compiled.lifted or compiled.library.has_dynamic_globals:
            return  # what is compiled into it holds for this process alone
        folder = list(self._folders())[-1]
        try:
            place = _folder_of(folder, self._source, self._module)
            place.mkdir(parents=True, exist_ok=True)
            self._file(folder).save((signature, compiled.codegen.magic_tuple()), compiled._reduce())
        except OSError as problem:
            _tell(f"compiled kernels cannot be kept in {folder}", problem)

    def enable(self) -> None:
        """Part of Numba's interface; it is always enabled."""

    disable = flush = enable

    @property
    def cache_path(self) -> str:
        """The folder that kernels of this source are looked for in first."""
        return str(_folder_of(kernels_folder(), self._source, self._module))

    def _folders(self) -> Iterator[Path]:
        """Where to look. One that cannot be written may have been filled before; the last one is written."""
        yield kernels_folder()
        if not _writable(kernels_folder()):
            private = private_folder()
            if private is not None:
                yield private

    def _file(self, folder: Path) -> IndexDataCacheFile:
        place = _folder_of(folder, self._source, self._module)
        return IndexDataCacheFile(str(place), self._name, place.name)

    def _forget(self, folder: Path) -> None:
        with contextlib.suppress(OSError):  # else it stays as it is, and each process compiles
            self._file(folder).flush()


@cache
def kernels_folder() -> Path:
    """The folder for compiled kernels; whether it can be written is another question."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR) / "capgap"
    from platformdirs import user_cache_path

    return user_cache_path("capgap", appauthor=False) / "kernels"


@cache
def private_folder() -> Path | None:
    """A folder among temporary files that nobody else can write, None if there is none; tells of it.

    It is the same for all processes of a user, so that the next one finds what this one compiled.
    """
    name = f"capgap-kernels-{os.getuid()}" if hasattr(os, "getuid") else "capgap-kernels"
    try:
        folder = Path(tempfile.gettempdir()) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        # What is unpickled must be our own: others can make files and links in a folder for all.
        ours = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
        if not (ours and stat.S_ISDIR(found.st_mode) and _writable(folder)):
            folder = Path(tempfile.mkdtemp(prefix="capgap-kernels-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
    except OSError as problem:
        _tell(
            f"compiled kernels cannot be kept, neither in {kernels_folder()} nor in a temporary folder",
            problem,
        )
        return None
    _tell(
        f"compiled kernels are kept in {folder}, since {kernels_folder()} cannot be written; "
        "NUMBA_CACHE_DIR names another folder"
    )
    return folder


def sources_of(file: Path) -> list[Path]:
    """A file of kernels and all files that it imports, they import, and so on."""
    found = [file]
    for source in found:
        for dots, module in _RELATIVE_IMPORT.findall(source.read_text(encoding="utf-8")):
            imported = source.parents[len(dots) - 1].joinpath(*module.split(".")).with_suffix(".py")
            if imported not in found:
                found.append(imported)
    return found


@cache
def _digest(file: Path, module: str) -> str:
    """What tells this version's kernels in a file from any other's.

    What is kept of a kernel names the modules that it is made of, so their names are a part of it.
    """
    digest = hashlib.sha256(f"{numba_version} {module}".encode())
    for source in sources_of(file):
        digest.update(Path(os.path.relpath(source, file)).as_posix().encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def _folder_of(folder: Path, file: Path, module: str) -> Path:
    """The folder of a file's kernels; old ones beside it are removed when it is new, and used ones marked."""
    place = folder / f"{file.stem}-{_digest(file, module)}"
    with contextlib.suppress(OSError):  # of no account: it cannot be written, or another process was faster
        if place.exists():
            os.utime(place)
        elif folder.exists():
            for other in folder.iterdir():
                if other.is_dir() and time.time() - other.stat().st_mtime > KEPT:
                    shutil.rmtree(other, ignore_errors=True)
    return place


@cache
def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


_told: set[str] = set()


def _tell(message: str, problem: BaseException | None = None) -> None:
    if message in _told:
        return
    _told.add(message)
    reason = "" if problem is None else f" ({type(problem).__name__}: {problem})"
    warnings.warn(message + reason, KernelCacheWarning, stacklevel=2)
