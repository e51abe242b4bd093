"""Lines of words and numbers in small text files."""

import math
import stat
from pathlib import Path

#: Largest file that is read, in bytes.
MOST_BYTES = 1 << 20


class NumberFileError(ValueError):
    """A file that cannot be used: the message names the file, the line and what is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        where = f"{path}" if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {problem}")


def read_lines(path: Path, error: type[NumberFileError] = NumberFileError) -> list[tuple[int, list[str]]]:
    """The words of the lines that have any, with the lines' numbers from 1; ``#`` begins a comment.

    Raises ``error`` if the file cannot be read, is none of text in UTF-8, or has more than MOST_BYTES.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise error(path, None, "cannot be read: this is not a regular file")
        if found.st_size > MOST_BYTES:
            raise error(path, None, f"the file has more than {MOST_BYTES} bytes")
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise error(path, None, "there is no such file") from None
    except UnicodeDecodeError:
        raise error(path, None, "this is not a text file in UTF-8") from None
    except OSError as problem:
        raise error(path, None, f"cannot be read: {problem.strerror}") from None
    lines = [(number, line.partition("#")[0].split()) for number, line in enumerate(text.split("\n"), 1)]
    return [(number, words) for number, words in lines if words]


def number_of(path: Path, line: int, word: str, error: type[NumberFileError] = NumberFileError) -> float:
    """A word of a line as a finite number; raises ``error`` if it is none."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise error(path, line, f"expected a number, found {word[:40]!r}")
    return value
