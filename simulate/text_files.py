"""Text that users give in files: read in bounded time and memory, whatever the file turns out to be."""

import io
import os
import select
import stat
import time
from pathlib import Path

from .errors import InputError

#: Bytes of a megabyte, in which limits are said.
MEGABYTE = 1_000_000
#: Seconds to wait for whoever writes to a pipe.
PATIENCE = 10.0
_CHUNK = 1 << 20


def read_text(file: Path, most: int, *, newline: str | None = None) -> str:
    """The text of a file in UTF-8, with or without a byte order mark; pipes and devices are read too.

    Parameters
    ----------
    file
        What to read.
    most
        Bytes it may hold.
    newline
        As in ``open``: None makes every line end with a line feed, "" leaves lines as they are.

    Raises
    ------
    FileNotFoundError
        If there is none.
    InputError
        With the file's name, if it cannot be read, has more bytes, is not text, or is a pipe
        into which nobody writes for PATIENCE seconds.
    """
    try:
        data = _read(file, most)
        return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=newline).read()
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: cannot be read: this is not a text file in UTF-8: {error}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValueError:  # a null character in it, which no file's name can have
        raise InputError(f"{file}: this is not the name of a file") from None


def _read(file: Path, most: int) -> bytes:
    # Opening a pipe waits for its other end unless it is told not to; Windows has no such pipes.
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(handle)
        too_large = InputError(
            f"{file}: cannot be read: it has more than {most / MEGABYTE:g} MB, the most for such a file"
        )
        if found.st_size > most:
            raise too_large
        parts: list[bytes] = []
        size, heard = 0, time.monotonic()
        while True:
            part = _read_part(handle)
            if part:
                parts.append(part)
                size, heard = size + len(part), time.monotonic()
                if size > most:
                    raise too_large
            elif part == b"" and (parts or not stat.S_ISFIFO(found.st_mode)):
                return b"".join(parts)
            elif time.monotonic() - heard > PATIENCE:
                raise InputError(
                    f"{file}: cannot be read: nobody has written to this pipe for {PATIENCE:g} seconds"
                )
            else:  # nothing yet, or a pipe whose other end nobody has opened yet
                select.select([handle] if part is None else [], [], [], 0.05)
    finally:
        os.close(handle)


def _read_part(handle: int) -> bytes | None:
    """What there is, b"" at the end, None if there may be more later."""
    try:
        return os.read(handle, _CHUNK)
    except BlockingIOError:
        return None
