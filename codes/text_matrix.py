"""Reading numbers from text files, with messages that name the file and the line."""

import re
from pathlib import Path


class MatrixFileError(ValueError):
    """A matrix file that cannot be used: the message names the file, the line and what is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        where = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {problem}")


def read_lines(path: Path) -> list[tuple[int, list[str]]]:
    """The words of each line that has any, with the line's number from 1; ``#`` starts a comment.

    Raises MatrixFileError if the file is missing, cannot be read, is not text or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MatrixFileError(path, None, "there is no such file") from None
    except UnicodeDecodeError:
        raise MatrixFileError(path, None, "this is not a text file") from None
    except OSError as error:
        raise MatrixFileError(path, None, f"cannot be read: {error.strerror}") from None
    lines = [
        (number, words)
        for number, line in enumerate(text.split("\n"), 1)  # as editors count
        if (words := line.split("#", 1)[0].split())
    ]
    if not lines:
        raise MatrixFileError(path, None, "the file is empty")
    return lines


def read_integers(path: Path, number: int, words: list[str]) -> list[int]:
    """The words of a line as integers; raises MatrixFileError for any that is not one."""
    values = []
    for word in words:
        if not re.fullmatch(r"-?[0-9]{1,18}", word, re.ASCII):
            raise MatrixFileError(path, number, f"expected an integer, found {word[:40]!r}")
        values.append(int(word))
    return values
