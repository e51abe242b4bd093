"""One run at a time writes to a results folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import InputError

LOCK = ".lock"


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold a results folder, which exists; the lock ends with the process, however that ends.

    Raises InputError if another run holds it, OSError if nothing can be written there.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{folder}: another run is writing to this folder: "
            "wait for it to end, or choose another with --out"
        ) from None
    try:
        yield
    finally:
        # Removed while it is held: whoever waits for it sees that the file is gone, and starts over.
        # Windows removes no file that is open.
        with suppress(OSError):
            (folder / LOCK).unlink(missing_ok=True)
        lock.release()
