"""Low-density parity-check codes over GF(2^m) (M. C. Davey and D. J. C. MacKay, 1998)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ....vectors.whole_numbers import whole_number
from ...binary.tanner_graph import TannerGraph
from ...examples import with_examples
from ...fields.galois_field import GaloisField
from ...fields.polynomials import text
from ...linear import LinearCode
from ..analysis.facts import graph_facts
from .coefficients import chosen
from .growth import grown
from .symbol_alist import read_symbol_alist
from .symbol_matrix import SymbolMatrix

#: Most bits of a symbol: messages have 2^m values.
MAX_M = 8
#: Matrices that are drawn until one has full rank.
TRIES = 20


class NonBinaryLDPCCode(LinearCode):
    """The code of a sparse parity-check matrix over GF(2^m), as a binary code: symbols are sent bit by bit.

    Bits of a symbol are its coordinates, that of alpha^(m-1) first. The binary image of the matrix is what
    universal decoders see. The information bits sit in the first positions that permit it.

    Parameters
    ----------
    matrix
        Over GF(2) to GF(256).

    Raises
    ------
    ValueError
        If the field is larger, or the matrix leaves no information bit.

    Examples
    --------
    >>> NonBinaryLDPCCode.regular(n=8, k=4, symbol_bits=4, column_weight=2)
    NonBinaryLDPCCode(n=32, k=16)
    """

    def __init__(self, matrix: SymbolMatrix) -> None:
        if matrix.field.m > MAX_M:
            raise ValueError(f"symbol_bits must lie in 1 to {MAX_M}, got {matrix.field.m}")
        super().__init__(parity_check=matrix.binary_image())
        self.matrix = matrix
        self.default_decoder = "nonbinary-bp"

    @property
    def symbol_bits(self) -> int:
        """m: bits of a symbol."""
        return self.matrix.field.m

    @property
    def symbol_graph(self) -> TannerGraph:
        """The graph of the matrix over the field: a variable for each symbol."""
        matrix = self.matrix
        ends = matrix.columns[matrix.by_row].astype(np.int32)
        return TannerGraph(matrix.shape[1], matrix.row_start, ends)

    def info(self) -> Mapping[str, Any]:
        """The field, and the Tanner graph of symbols."""
        field = self.matrix.field
        m = field.m
        facts: dict[str, Any] = {
            "field": f"GF(2^{m}) modulo {field.polynomial:#x}, {text(field.polynomial)}",
            "symbols": f"({self.n // m}, {self.k / m:g}) of {m} bits",
        }
        return facts | graph_facts(self.symbol_graph, (self.n - self.k) // m, None)

    @classmethod
    def regular(
        cls, n: int, k: int, *, symbol_bits: int, column_weight: int = 2, seed: int = 0
    ) -> "NonBinaryLDPCCode":
        """A code of n symbols, at least k of information, see ``nonbinary_ldpc``. Raises ValueError."""
        n, k, seed = whole_number(n, "n"), whole_number(k, "k"), whole_number(seed, "seed")
        m, weight = whole_number(symbol_bits, "symbol_bits"), whole_number(column_weight, "column_weight")
        if not 1 <= m <= MAX_M:
            raise ValueError(f"symbol_bits must lie in 1 to {MAX_M}, got {m}")
        if not 1 <= k < n:
            raise ValueError(f"k must lie in 1 to n - 1 = {n - 1} symbols, got {k}")
        if seed < 0:
            raise ValueError(f"seed must not be negative, got {seed}")
        rows, columns = grown(n, n - k, weight, seed)
        field = GaloisField(m)
        places = SymbolMatrix.of_entries(field, (n - k, n), rows, columns, np.ones(len(rows)))
        best: NonBinaryLDPCCode | None = None
        for attempt in range(TRIES):
            code = cls(chosen(places, TRIES * seed + attempt))
            if code.k == k * m:
                return code
            if best is None or code.k < best.k:
                best = code
        assert best is not None
        return best

    @classmethod
    def from_alist(
        cls, path: str | Path, *, values: Literal["elements", "powers"] = "elements"
    ) -> "NonBinaryLDPCCode":
        """The code of a non-binary alist file, see ``read_symbol_alist``, which says what is raised."""
        return cls(read_symbol_alist(path, values))


@with_examples(
    {"n": 8, "k": 4, "symbol_bits": 3},
    {"n": 12, "k": 6, "symbol_bits": 2, "column_weight": 3, "seed": 1},
)
def nonbinary_ldpc(
    *,
    alist: Path | None = None,
    values: Literal["elements", "powers"] = "elements",
    symbol_bits: int | None = None,
    n: int | None = None,
    k: int | None = None,
    column_weight: int = 2,
    seed: int = 0,
) -> NonBinaryLDPCCode:
    """A low-density parity-check code over GF(2^m), of n symbols, k of information, of symbol_bits each.

    The graph is grown edge by edge for long cycles (``column_weight`` entries a column, rows that differ by
    one entry at most), coefficients are chosen for few words of low weight in each check and, for column
    weight 2, in short cycles; matrices are drawn until one has full rank. Or a non-binary ``alist`` file,
    whose ``values`` are ``elements``, numbers whose bit i is the coefficient of alpha^i, or ``powers``,
    exponents of alpha.
    """
    if alist is not None:
        for name, value in (("n", n), ("k", k), ("symbol_bits", symbol_bits)):
            if value is not None:
                raise ValueError(f"{name} says nothing beside alist, whose file has it")
        return NonBinaryLDPCCode.from_alist(alist, values=values)
    needed = {"n": n, "k": k, "symbol_bits": symbol_bits}
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        raise ValueError(
            f"nonbinary-ldpc takes an alist file, or n, k and symbol_bits; missing: {', '.join(missing)}"
        )
    if values != "elements":
        raise ValueError("values belongs to an alist file, which is not named")
    assert n is not None
    assert k is not None
    assert symbol_bits is not None
    return NonBinaryLDPCCode.regular(n, k, symbol_bits=symbol_bits, column_weight=column_weight, seed=seed)
