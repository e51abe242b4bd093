"""A-posteriori LLRs by looking at all codewords; and BCJR in integers step by step, one frame at a time."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Array = npt.NDArray[Any]


def all_words(k: int) -> Array:
    """All words of k bits, uint8 (2^k, k)."""
    return (np.arange(1 << k)[:, None] >> np.arange(k) & 1).astype(np.uint8)


def by_all_codewords(code: Any, llr: Array, prior: Array, exact: bool) -> tuple[Array, Array]:
    """A-posteriori LLRs of information and coded bits, float64 (frames, k) and (frames, n).

    ``exact``: by the sum over codewords; else by the most likely of them. A bit that is never 1 has inf.
    """
    words = all_words(code.k)
    coded = code.encode(words)
    cost = llr.astype(float) @ coded.T + prior.astype(float) @ words.T

    def least(costs: Array) -> Array:
        if costs.shape[1] == 0:
            return np.full(len(costs), np.inf)
        found: Array = -logsumexp(-costs, axis=1) if exact else costs.min(axis=1)
        return found

    def posterior(bits: Array) -> Array:
        columns = [least(cost[:, bit == 1]) - least(cost[:, bit == 0]) for bit in bits.T]
        return np.stack(columns, axis=1)

    return posterior(words), posterior(coded)
