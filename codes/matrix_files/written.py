"""Matrices as a configuration gives them: files, or rows."""

from pathlib import Path
from typing import Any

#: A matrix file, or the rows of a matrix: lists of 0 and 1, or text such as "1011".
Matrix = Path | list[list[int]] | list[str]


def as_rows(rows: Any, name: str) -> list[list[Any]]:
    """Rows with their text taken apart; what else they hold is looked at by the code."""
    entries: list[Any] = [list(row) if isinstance(row, str) else row for row in rows]
    if any(entry not in ("0", "1") for row in entries for entry in row if isinstance(entry, str)):
        raise ValueError(f"{name} must hold only 0 and 1")
    return [[int(entry) if isinstance(entry, str) else entry for entry in row] for row in entries]


def check_variable(variable: str | None, *sources: object) -> None:
    """Raise ValueError if ``variable`` is given where no source is a file."""
    if variable is not None and not any(isinstance(source, Path) for source in sources):
        raise ValueError("variable names a matrix of a MATLAB or .npz file, and no such file is given")
