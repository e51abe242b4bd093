"""Constructors for the configuration's code types that can be given in more than one way."""

from pathlib import Path
from typing import Any, Literal

from .ldpc import LDPCCode
from .linear import LinearCode
from .matrix_files import read_matrix

#: The standards of ``standards.parity_check``, and the rates that they have between them.
Standard = Literal["wimax", "wifi", "10gbase-t", "dvb-s2"]
Rate = Literal["1/2", "2/3", "2/3A", "2/3B", "3/4", "3/4A", "3/4B", "5/6", "1723/2048"]


#: A matrix file, or the rows of a matrix: lists of 0 and 1, or text such as "1011".
Matrix = Path | list[list[int]] | list[str]


def linear(
    *,
    generator: Path | list[list[int]] | list[str] | None = None,
    parity_check: Path | list[list[int]] | list[str] | None = None,
    variable: str | None = None,
) -> LinearCode:
    """A binary linear code from a generator or a parity-check matrix: a file of any known kind, or its rows.

    Rows are lists of 0 and 1, or quoted text such as "1011". ``variable`` names one of several matrices of a
    MATLAB or .npz file.
    """

    def matrix(source: Matrix | None, name: str) -> Any:
        if isinstance(source, Path):
            return read_matrix(source, variable=variable)
        return None if source is None else _rows(source, name)

    _check_variable(variable, generator, parity_check)
    return LinearCode(
        generator=matrix(generator, "generator"), parity_check=matrix(parity_check, "parity_check")
    )


def ldpc(
    *,
    parity_check: Path | list[list[int]] | list[str] | None = None,
    alist: Path | None = None,
    qc: Path | None = None,
    standard: Standard | None = None,
    rate: Rate | None = None,
    n: int | None = None,
    k: int | None = None,
    column_weight: int | None = None,
    seed: int = 0,
    puncture: list[Any] | dict[str, Any] | str | None = None,
    variable: str | None = None,
) -> LDPCCode:
    """An LDPC code from a matrix file of any known kind (parity_check; alist and qc for these two alone), a
    standard (n, rate), or at random (n, k, column_weight, seed).

    ``puncture`` names columns that are not sent: [0, 5]; "88:96", 88 to 95; {start: 88, stop: 95}, stop
    included; {block_columns: [0, 1]} of a quasi-cyclic code; or a list of these. ``variable`` names one of
    several matrices of a MATLAB or .npz file.
    """
    ensemble = {"n": n, "k": k, "column_weight": column_weight}
    given = {name: value for name, value in ensemble.items() if value is not None}
    if standard is not None:
        given.pop("n", None)
    sources = [parity_check is not None, alist is not None, qc is not None, standard is not None, bool(given)]
    if sources.count(True) != 1:
        raise ValueError("ldpc takes one of parity_check, alist, qc, standard, or n with k and column_weight")
    if rate is not None and standard is None:
        raise ValueError("rate belongs to a standard, which is not named")
    if seed and not given:
        raise ValueError("seed belongs to a random matrix: n, k and column_weight")
    _check_variable(variable, parity_check)
    columns = () if puncture is None else puncture
    if isinstance(parity_check, Path):
        return LDPCCode.from_file(parity_check, variable=variable, puncture=columns)
    if parity_check is not None:
        return LDPCCode(_rows(parity_check, "parity_check"), puncture=columns)
    if standard is not None:
        return LDPCCode.from_standard(standard, n, rate, puncture=columns)
    if alist is not None:
        return LDPCCode.from_alist(alist, puncture=columns)
    if qc is not None:
        return LDPCCode.from_quasi_cyclic(qc, puncture=columns)
    if n is None or k is None or column_weight is None:
        missing = [name for name in ensemble if name not in given]
        raise ValueError(
            f"ldpc with a random matrix needs n, k and column_weight; missing: {', '.join(missing)}"
        )
    return LDPCCode.regular(n, k, column_weight, seed=seed, puncture=columns)


def _rows(rows: Any, name: str) -> list[list[Any]]:
    """Rows with their text taken apart; what else they hold is looked at by the code."""
    entries: list[Any] = [list(row) if isinstance(row, str) else row for row in rows]
    if any(entry not in ("0", "1") for row in entries for entry in row if isinstance(entry, str)):
        raise ValueError(f"{name} must hold only 0 and 1")
    return [[int(entry) if isinstance(entry, str) else entry for entry in row] for row in entries]


def _check_variable(variable: str | None, *sources: object) -> None:
    if variable is not None and not any(isinstance(source, Path) for source in sources):
        raise ValueError("variable names a matrix of a MATLAB or .npz file, and no such file is given")
