"""Reading numbers from text files, with messages that name the file and the line."""

import re
import stat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .formats import binary_format

#: Largest file that is read, and the most that a packed one may unpack to, in bytes.
MAX_BYTES = 1 << 29
#: Largest text, in bytes, and the most lines of one: as Python's objects they take many times as much.
MAX_TEXT, MAX_LINES = 1 << 27, 4_000_000
#: What to do with a file of another kind than expected.
ANY_KIND = "parity_check takes matrix files of any kind"
_DIGITS = bytes.maketrans(b"01", b"\0\1")
#: A line with its number, from 1.
Line = tuple[int, str]


class MatrixFileError(ValueError):
    """A matrix file that cannot be used: the message names the file, the line and what is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        where = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {problem}")


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises MatrixFileError if it is missing, cannot be read or is over 512 MiB."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode) or not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
            raise MatrixFileError(path, None, f"cannot be read: this is {kind}")
        if found.st_size > MAX_BYTES:
            raise MatrixFileError(path, None, f"the file is too large: up to {MAX_BYTES >> 20} MiB are read")
        with path.open("rb") as file:
            return file.read(found.st_size)
    except FileNotFoundError:
        raise MatrixFileError(path, None, "there is no such file") from None
    except OSError as error:
        raise MatrixFileError(path, None, f"cannot be read: {error.strerror}") from None


def text_lines(path: Path, content: bytes) -> list[Line]:
    """The lines that hold anything but comments, which ``#`` and ``%`` start; with their numbers.

    Raises MatrixFileError if the content is not text, is empty, or is over 128 MiB or 4 million lines.
    """
    other = binary_format(content)
    if other is not None:
        raise MatrixFileError(path, None, f"this is not a text file, it is {other.value}; {ANY_KIND}")
    if len(content) > MAX_TEXT or content.count(b"\n") > MAX_LINES:
        raise MatrixFileError(
            path, None, f"the text is too long: up to {MAX_TEXT >> 20} MiB and {MAX_LINES} lines are read"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MatrixFileError(path, None, "this is not a text file in UTF-8") from None
    lines = []
    for number, line in enumerate(text.split("\n"), 1):  # as editors count
        if "#" in line or "%" in line:
            line = re.split("[#%]", line, maxsplit=1)[0]
        if line and not line.isspace():
            lines.append((number, line))
    if not lines:
        raise MatrixFileError(path, None, "the file is empty")
    return lines


def read_lines(path: Path) -> list[tuple[int, list[str]]]:
    """The words of each line of a text file that has any, with the line's number from 1.

    Raises MatrixFileError as ``read_bytes`` and ``text_lines`` do.
    """
    return [(number, line.split()) for number, line in text_lines(path, read_bytes(path))]


def read_integers(path: Path, number: int, words: list[str]) -> list[int]:
    """The words of a line as integers; raises MatrixFileError for any that is not one."""
    values = []
    for word in words:
        if not re.fullmatch(r"-?[0-9]{1,18}", word, re.ASCII):
            raise MatrixFileError(path, number, f"expected an integer, found {word[:40]!r}")
        values.append(int(word))
    return values


def binary_value(word: str) -> int | None:
    """0 or 1 from ``0``, ``1.0``, ``1.000e+00`` and the like; None for anything else."""
    if word in ("0", "1"):
        return int(word)
    try:
        value = float(word) if re.fullmatch(r"[0-9.eE+-]{1,40}", word) else None
    except ValueError:
        return None
    return int(value) if value in (0, 1) else None


def parse_rows(path: Path, lines: list[Line]) -> npt.NDArray[np.uint8]:
    """A matrix with one row a line, uint8: ``1 0 1``, ``101``, ``1,0,1``, ``1;0;1`` or ``1.0 0.0 1.0``.

    One comma or semicolon may end a row. Raises MatrixFileError, with the line, for anything else.
    """
    rows: list[bytes] = []
    for number, line in lines:
        row = _row(path, number, line)
        if rows and len(row) != len(rows[0]):
            raise MatrixFileError(
                path, number, f"this row has {len(row)} entries, the first has {len(rows[0])}"
            )
        rows.append(row)
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1).copy()


def _row(path: Path, number: int, line: str) -> bytes:
    """The entries of a row, a byte each."""
    if not line.strip("01 \t\r"):
        return line.encode().translate(_DIGITS, b" \t\r")
    words = line.split()
    if "," in line or ";" in line:
        line = line.strip()
        line = line[:-1] if line[-1] in ",;" else line
        pieces = line.split(";")
        if len(pieces) > 1 and any(len(piece.split()) > 1 or "," in piece for piece in pieces):
            raise MatrixFileError(path, number, "a row must be on a line of its own, not end at a semicolon")
        # As many pieces as there are separators, each an entry or several, none of them empty.
        parts = [piece.split() for piece in re.split("[,;]", line)]
        words = [word for part in parts for word in part or [""]]
        if "" in words:
            raise MatrixFileError(path, number, "an entry is missing beside a comma or semicolon")
    values = [binary_value(word) for word in words]
    if None in values:
        wrong = words[values.index(None)]
        raise MatrixFileError(
            path, number, f"a row of a binary matrix holds only 0 and 1, found {wrong[:40]!r}"
        )
    return bytes(value for value in values if value is not None)
