"""Codes over GF(2^m) that decoders are tried with, and what is received."""

from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import LinearCode, NonBinaryLDPCCode
from capgap.codes.fields.galois_field import GaloisField
from capgap.codes.ldpc.nonbinary.symbol_matrix import SymbolMatrix

from tests.lazy import Lazy

Array = npt.NDArray[Any]


def of_rows(rows: Any, m: int) -> NonBinaryLDPCCode:
    """The code of a dense matrix over GF(2^m)."""
    matrix = np.asarray(rows)
    i, j = np.nonzero(matrix)
    return NonBinaryLDPCCode(SymbolMatrix.of_entries(GaloisField(m), matrix.shape, i, j, matrix[i, j]))


def dense(code: NonBinaryLDPCCode) -> Array:
    """The matrix over the field, a number for each element."""
    matrix = code.matrix
    made = np.zeros(matrix.shape, np.int32)
    made[matrix.rows, matrix.columns] = matrix.coefficients
    return made


CODES: Lazy[NonBinaryLDPCCode] = Lazy(
    {
        "GF(2)": lambda: NonBinaryLDPCCode.regular(24, 12, symbol_bits=1, column_weight=3),
        "GF(4)": lambda: NonBinaryLDPCCode.regular(16, 8, symbol_bits=2, column_weight=3),
        "GF(8)": lambda: NonBinaryLDPCCode.regular(12, 6, symbol_bits=3),
        "GF(16)": lambda: NonBinaryLDPCCode.regular(10, 4, symbol_bits=4, seed=2),
        # A column without entries, checks of weight 0 to 4, columns of weight up to 4.
        "odd": lambda: of_rows(
            [[1, 2, 0, 3, 1], [0, 0, 0, 0, 0], [3, 1, 0, 1, 0], [0, 3, 0, 0, 0], [2, 1, 0, 0, 0]], 2
        ),
    }
)


def received(code: LinearCode, frames: int, ebno_db: float, seed: int = 1) -> tuple[Array, Array]:
    """Information bits and LLRs, float32, of random codewords over AWGN."""
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (frames, code.k)).astype(np.uint8)
    variance = 10 ** (-ebno_db / 10) / (2 * code.k / code.n)
    sent = 1.0 - 2 * code.encode(bits)
    noisy = sent + np.sqrt(variance) * generator.normal(size=sent.shape)
    return bits, (2 / variance * noisy).astype(np.float32)
