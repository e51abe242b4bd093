"""Constructors for the configuration's code types that can be given in more than one way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from .ldpc import LDPCCode
from .linear import LinearCode
from .matrix_files import read_matrix

#: The standards of ``standards.parity_check``, and the rates that they have between them.
Standard = Literal["wimax", "wifi", "10gbase-t", "dvb-s2"]
Rate = Literal["1/2", "2/3", "2/3A", "2/3B", "3/4", "3/4A", "3/4B", "5/6", "1723/2048"]


def linear(
    *,
    generator: Path | list[list[int]] | list[str] | None = None,
    parity_check: Path | list[list[int]] | list[str] | None = None,
) -> LinearCode:
    """A binary linear code from a generator or a parity-check matrix: a file, or its rows.

    Rows are lists of 0 and 1, or quoted text such as "1011".
    """

    def matrix(source: Path | list[list[int]] | list[str] | None, name: str) -> Any:
        if source is None:
            return None
        if isinstance(source, Path):
            return read_matrix(source)
        rows: list[Any] = [list(row) if isinstance(row, str) else row for row in source]
        if any(entry not in ("0", "1") for row in rows for entry in row if isinstance(entry, str)):
            raise ValueError(f"{name} must hold only 0 and 1")
        return [[int(entry) if isinstance(entry, str) else entry for entry in row] for row in rows]

    return LinearCode(
        generator=matrix(generator, "generator"), parity_check=matrix(parity_check, "parity_check")
    )


def ldpc(
    *,
    alist: Path | None = None,
    qc: Path | None = None,
    standard: Standard | None = None,
    rate: Rate | None = None,
    n: int | None = None,
    k: int | None = None,
    column_weight: int | None = None,
    seed: int = 0,
    puncture: Sequence[int] = (),
) -> LDPCCode:
    """An LDPC code from an alist file, a base-matrix file (qc), a standard (n, rate), or at random (n, k,
    column_weight, seed).
    """
    ensemble = {"n": n, "k": k, "column_weight": column_weight}
    given = {name: value for name, value in ensemble.items() if value is not None}
    if standard is not None:
        given.pop("n", None)
    if [alist is not None, qc is not None, standard is not None, bool(given)].count(True) != 1:
        raise ValueError("ldpc takes one of alist, qc, standard, or n with k and column_weight")
    if rate is not None and standard is None:
        raise ValueError("rate belongs to a standard, which is not named")
    if seed and not given:
        raise ValueError("seed belongs to a random matrix: n, k and column_weight")
    if standard is not None:
        return LDPCCode.from_standard(standard, n, rate, puncture=puncture)
    if alist is not None:
        return LDPCCode.from_alist(alist, puncture=puncture)
    if qc is not None:
        return LDPCCode.from_quasi_cyclic(qc, puncture=puncture)
    if n is None or k is None or column_weight is None:
        missing = [name for name in ensemble if name not in given]
        raise ValueError(
            f"ldpc with a random matrix needs n, k and column_weight; missing: {', '.join(missing)}"
        )
    return LDPCCode.regular(n, k, column_weight, seed=seed, puncture=puncture)
