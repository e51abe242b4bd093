"""Linear codes from matrices, as configurations name them."""

from pathlib import Path
from typing import Any

from ..examples import with_examples
from ..linear import LinearCode
from ..matrix_files.read import read_matrix
from ..matrix_files.written import Matrix, as_rows, check_variable


@with_examples(
    {"generator": [[1, 0, 1, 1, 0], [0, 1, 0, 1, 1]]},
    {"generator": [[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 0]]},
    {"parity_check": ["11100", "00111"]},
)
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
        return None if source is None else as_rows(source, name)

    check_variable(variable, generator, parity_check)
    return LinearCode(
        generator=matrix(generator, "generator"), parity_check=matrix(parity_check, "parity_check")
    )
