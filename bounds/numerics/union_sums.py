"""Sums of P[t] min(1, (M - 1) g(t)): what union bounds on discrete channels come to."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .logs import Floats, log2_plus_one, log_less_one, log_minus, log_sum


@dataclass(frozen=True)
class UnionSum:
    """An error probability as a function of the number M of codewords, and the other way round.

    Attributes
    ----------
    log_p
        ln P[t], shape ``(terms,)``; the probabilities add up to 1.
    log_g
        ln g(t), the same shape, not decreasing.
    """

    log_p: Floats
    log_g: Floats

    def log_error(self, log2_m: float) -> float:
        """ln of the sum at M = 2^log2_m; never above 0."""
        return min(log_sum(self.log_p + np.minimum(self.log_g + log_less_one(log2_m), 0.0)), 0.0)

    @cached_property
    def _pieces(self) -> tuple[Floats, Floats, Floats]:
        """Where the first `edge` terms have g below 1 / (M - 1): (M - 1) head[edge] + tail[edge]."""
        head = np.append(-math.inf, np.logaddexp.accumulate(self.log_p + self.log_g))
        tail = np.append(np.logaddexp.accumulate(self.log_p[::-1])[::-1], -math.inf)
        # The error where M - 1 = 1 / g(t) for each t: it falls with t.
        return head, tail, np.logaddexp(head[:-1] - self.log_g, tail[:-1])

    def log2_m(self, log_error: float) -> float:
        """The log2 M at which the sum has this logarithm, solved in the piece of it that is linear in M."""
        head, tail, at = self._pieces
        edge = int(np.count_nonzero(at > log_error))  # terms that are 1 at no M that this error permits
        rest = log_minus(log_error, float(tail[edge]))
        return log2_plus_one(rest - float(head[edge])) if edge else math.inf
