"""Files that are replaced whole or not at all."""

import glob
import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file: write beside it, flush to disk, rename. Readers see the old content or the new.

    A symbolic link stays one, and what it points to is replaced. A file that was there keeps its permissions,
    and its owner where that can be. What is no file, as a pipe or /dev/null, is written to and stays.

    Raises OSError if that fails, with the old file as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        # Through links, of which the last may point to a file that is yet to be made.
        before = path.stat()
    except FileNotFoundError:
        before = None
    if before is not None and not stat.S_ISREG(before.st_mode) and not stat.S_ISDIR(before.st_mode):
        _write_into(path, data)
        return
    target = _behind_links(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _set_permissions(Path(name), before)
        Path(name).replace(target)
        _sync_folder(target.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_leftovers(folder: Path, names: Iterable[str]) -> None:
    """Remove what writes of these files left in a folder when their process was killed."""
    for name in names:
        file = folder / name
        target = _behind_links(file)
        for left in target.parent.glob(f".{glob.escape(target.name)}.????????"):
            left.unlink(missing_ok=True)


def _behind_links(file: Path) -> Path:
    return Path(os.path.realpath(file)) if file.is_symlink() else file


def _set_permissions(file: Path, before: os.stat_result | None) -> None:
    """Those of the file that is replaced; else what the umask leaves: mkstemp lets nobody else read."""
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        file.chmod(0o666 & ~mask)
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # somebody else's file, in a folder of ours
            os.chown(file, before.st_uid, before.st_gid)
    file.chmod(before.st_mode & 0o777)  # after chown, which may take some of them away


def _write_into(path: Path, data: bytes) -> None:
    """Write to a pipe or a device; OSError if nobody reads from the pipe, for whom opening it would wait."""
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "wb") as file:
        if hasattr(os, "set_blocking"):
            os.set_blocking(handle, True)
        file.write(data)


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
