"""Discretised density evolution of the ensembles of given degrees.

Richardson and Urbanke, "The capacity of low-density parity-check codes under message-passing decoding", 2001;
Chung, Forney, Richardson and Urbanke, 2001, for its grid.
"""

from collections.abc import Iterator

import numpy as np

from ..degrees import Ensemble
from .check_rules import CheckRule
from .llr_grid import Grid, Values
from .sums import sums_for


class Evolution:
    """Density evolution of an ensemble with a rule of its checks, on a grid."""

    def __init__(self, ensemble: Ensemble, grid: Grid, rule: CheckRule) -> None:
        self._grid, self._rule = grid, rule
        degrees = ensemble.sent_and_hidden()
        self._sent = {d - 1: share for d, share, sent in degrees if sent}
        self._hidden = {d - 1: share for d, share, sent in degrees if not sent}
        self._checks = {d - 1: share for d, share in ensemble.checks.items()}
        self._sums = sums_for(grid, self._sent, self._hidden)

    def errors(self, channel: Values) -> Iterator[float]:
        """The error probability of the messages of variables, before each iteration, without end.

        Errors of variables of degree 1, which hear of nothing, are left out.
        """
        grid = self._grid
        silent = self._sent.get(0, 0.0) * grid.error(channel) + self._hidden.get(0, 0.0) / 2
        erased = np.zeros_like(channel)
        erased[grid.points] = 1.0
        message = sum(self._sent.values()) * channel + sum(self._hidden.values()) * erased
        while True:
            yield max(grid.error(message) - silent, 0.0)
            told = grid.whole(self._rule.powers(grid.halves(message), self._checks))
            message = self._sums.of(channel, told)
            # Rounding errors of the total would grow with the number of messages in each iteration.
            message /= message.sum()
