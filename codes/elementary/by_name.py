"""Linear codes from matrices, and with weights known from elsewhere, as configurations name them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..examples import with_examples
from ..linear import LinearCode
from ..matrix_files.read import read_matrix
from ..matrix_files.text import MatrixFileError, read_lines
from ..matrix_files.written import Matrix, as_rows, check_variable
from ..weight_enumerator import with_weights


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


@with_examples(
    {"code": {"type": "hamming", "r": 3}, "weights": {"0": 1, "3": 7, "4": 7, "7": 1}},
    {"code": {"type": "hamming", "r": 4}, "weights": {"3": 35}},
)
def weighted(
    *,
    code: LinearCode,
    weights: Path | dict[str, int],
    information_weights: Path | dict[str, int] | None = None,
) -> LinearCode:
    """A linear code whose weights are known from elsewhere, such as a publication: bounds are made of them.

    ``weights`` has the number of codewords of each weight, as a mapping or as a file with a line of two
    numbers, weight and number, for each. If their sum is 2^k these are all, which is checked by MacWilliams'
    identity; if it is less they are the lowest, and bounds have their first terms alone.
    ``information_weights`` has the ones in the messages of these codewords together, for bounds on the BER.
    Encoder and decoders are those of the code.
    """
    ones = None if information_weights is None else _numbers(information_weights, "information_weights")
    return with_weights(code, _numbers(weights, "weights"), ones)


def _numbers(source: Path | Mapping[str, int], name: str) -> Mapping[int, int]:
    """Numbers by weight, from a file or a mapping; raises ValueError for what is none."""
    if not isinstance(source, Path):
        for key in source:
            if not re.fullmatch("[0-9]{1,8}", str(key), re.ASCII):
                raise ValueError(f"{name} must be by weights, which are whole numbers, got {key!r:.40}")
        return {int(key): number for key, number in source.items()}
    found: dict[int, int] = {}
    for line, words in read_lines(source):
        if len(words) != 2 or not all(re.fullmatch("[0-9]{1,4000}", word, re.ASCII) for word in words):
            raise MatrixFileError(source, line, "a line must have two whole numbers, a weight and how many")
        weight, number = map(int, words)
        if weight in found:
            raise MatrixFileError(source, line, f"weight {weight} is named twice")
        found[weight] = number
    return found
