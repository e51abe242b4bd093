"""A-posteriori decoding: against all codewords of small codes, and against references step by step."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import BCJRDecoder, ConvolutionalCode

from tests.lazy import Lazy
from tests.references.bcjr import by_all_codewords

CODES: Lazy[ConvolutionalCode] = Lazy(
    {
        "zero": lambda: ConvolutionalCode(generators=[5, 7], k=6),
        "recursive": lambda: ConvolutionalCode(generators=[15], feedback=13, k=7),
        "one step": lambda: ConvolutionalCode(generators=[133, 171], k=1),
        "truncated": lambda: ConvolutionalCode(generators=[5, 7, 7], k=6, termination="truncated"),
        "recursive, truncated": lambda: ConvolutionalCode(
            generators=[15, 17], feedback=13, k=6, termination="truncated"
        ),
        "tail-biting": lambda: ConvolutionalCode(generators=[5, 7], k=8, termination="tail-biting"),
        "tail-biting, short": lambda: ConvolutionalCode(generators=[13, 15], k=2, termination="tail-biting"),
        "recursive, tail-biting": lambda: ConvolutionalCode(
            generators=[15], feedback=13, k=8, termination="tail-biting"
        ),
        "punctured": lambda: ConvolutionalCode(generators=[5, 7], k=8, puncture=["110", "101"]),
        "two inputs": lambda: ConvolutionalCode(generators=[["3", "1", "0"], ["0", "3", "2"]], k=8),
        "unequal memories": lambda: ConvolutionalCode(generators=[["7", "1", "0"], ["0", "3", "2"]], k=8),
        "two inputs, tail-biting": lambda: ConvolutionalCode(
            generators=[["3", "1", "0"], ["0", "3", "2"]], k=8, termination="tail-biting"
        ),
    }
)


def received(code: ConvolutionalCode, kind: str, frames: int, seed: int) -> np.ndarray[Any, Any]:
    """LLRs of random codewords, float32 (frames, n)."""
    rng = np.random.default_rng(seed)
    signs = 1 - 2.0 * code.encode(rng.integers(0, 2, (frames, code.k), dtype=np.uint8))
    if kind == "awgn":
        return np.float32(2 * (signs + rng.standard_normal(signs.shape)))
    if kind == "bsc":
        return np.float32(2 * signs * rng.choice([1, -1], signs.shape, p=[0.85, 0.15]))
    return np.float32(1000 * signs * rng.integers(0, 2, signs.shape))


@pytest.mark.parametrize("algorithm", ["log-map", "max-log"])
@pytest.mark.parametrize("kind", ["awgn", "bsc", "bec"])
@CODES.each("code")
def test_soft_output_is_that_of_all_codewords(code: ConvolutionalCode, kind: str, algorithm: Any) -> None:
    frames = 70
    llr = received(code, kind, frames, 31)
    prior = np.random.default_rng(32).normal(0, 1 if kind == "awgn" else 0, (frames, code.k))
    found = BCJRDecoder(code, algorithm=algorithm).soft(llr, prior)
    expected = by_all_codewords(code, llr, prior.astype(np.float32), algorithm == "log-map")
    for ours, all_of_them in zip((found.information, found.coded), expected, strict=True):
        most = np.minimum(all_of_them, 2.0**20)
        np.testing.assert_allclose(ours, most, atol=1e-4, rtol=1e-6)
