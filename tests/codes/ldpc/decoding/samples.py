"""Codes that decoders of LDPC codes are tried with, and what is received."""

from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import HammingCode, LDPCCode, LinearCode, regular_matrix

from tests.lazy import Lazy

Array = npt.NDArray[Any]

CODES: Lazy[LinearCode] = Lazy(
    {
        "regular": lambda: LDPCCode(regular_matrix(96, 48, 3)),
        "irregular": lambda: LDPCCode(irregular()),
        "degree 4": lambda: LDPCCode(regular_matrix(60, 30, 4, seed=3)),
        "hamming": lambda: HammingCode(r=4),
    }
)


def irregular() -> Array:
    """Columns of degrees 0 to 7, rows of degrees from 1."""
    generator = np.random.default_rng(4)
    matrix = (generator.random((20, 41)) < np.linspace(0, 0.25, 41)).astype(np.uint8)
    matrix[:, 0] = 0
    matrix[0] = 0
    matrix[0, 5] = 1
    return matrix


def hard_llrs(code: LinearCode, frames: int, errors: float, erasures: float = 0.0, seed: int = 1) -> Array:
    """LLRs of 2 and -2 of random codewords with some errors and erasures; the last have any signs."""
    generator = np.random.default_rng(seed)
    sent = code.encode(generator.integers(0, 2, (frames, code.k)).astype(np.uint8))
    wrong = generator.random(sent.shape) < errors * generator.random((frames, 1)) * 2
    wrong[-frames // 8 :] = generator.random(wrong[-frames // 8 :].shape) < 0.5
    llr = 2 - 4.0 * (sent ^ wrong)
    llr[generator.random(llr.shape) < erasures] = 0
    return llr.astype(np.float32)
