"""Files that are replaced whole or not at all."""

import glob
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file: write beside it, flush to disk, rename. Readers see the old content or the new.

    Raises OSError if that fails, with the old file as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)  # mkstemp lets nobody else read it
        Path(name).replace(path)
        _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_leftovers(folder: Path, names: Iterable[str]) -> None:
    """Remove what writes of these files left in a folder when their process was killed."""
    for name in names:
        for left in folder.glob(f".{glob.escape(name)}.????????"):
            left.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """See that a rename survives a power failure; where folders cannot be opened, there is no need."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return  # some network file systems cannot, and the file itself is safe
    finally:
        os.close(handle)
