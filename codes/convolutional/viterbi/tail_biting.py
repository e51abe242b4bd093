"""Best paths that end in the state in which they begin.

R. Y. Shao, S. Lin and M. P. C. Fossorier, "Two decoding algorithms for tailbiting codes", 2003, for going
around; the exact search takes the states in the order of a bound, as P. Shankar, P. N. A. Kumar, K.
Sasidharan and B. S. Rajan, "ML decoding of block codes on their tailbiting trellises", 2001, do.
"""

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import Soft, Words, groups_of, packed, unpacked
from .trellis_search import NEVER, Paths, TrellisSearch

TailBiting = Literal["exact", "wrap-around"]
TAIL_BITING = get_args(TailBiting)
#: Most states of the exact search.
MAX_EXACT = 256
#: How often the wrap-around search goes around a frame.
ROUNDS = 4
#: How many paths are looked at in a round after the first, until one ends where it begins.
TRIES = 4
#: Most groups that are searched at once beyond the first time.
MOST_GROUPS = 64

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


class TailBitingSearch:
    """Finds paths around a frame, exactly or by wrapping around."""

    def __init__(self, search: TrellisSearch, kind: TailBiting) -> None:
        self.search, self.tables, self.kind = search, search.tables, kind
        # The states in turn are tried with metrics that nothing limits.
        self._wide = TrellisSearch(search.tables, "float32")

    def find(self, llr: Soft) -> tuple[Words, Flags]:
        """``Paths.words`` of each frame, and whether its path begins where it ends, bool (64 groups)."""
        first = self.search.find(llr, self.search.from_anywhere, None, metrics=True)
        found = (first.began == first.ended).ravel()
        left = np.flatnonzero(~found)
        if len(left) == 0:
            return first.words, found
        bits = unpacked(first.words, len(found)).copy()
        if self.kind == "exact":
            for begin in range(0, len(left), GROUP * MOST_GROUPS):
                some = left[begin : begin + GROUP * MOST_GROUPS]
                bits[some] = self._in_turn(llr, first, bits, some)
            found[:] = True
        else:
            self._go_around(llr, first, bits, found)
        return packed(bits), found

    def _go_around(self, llr: Soft, paths: Paths, bits: npt.NDArray[np.uint8], found: Flags) -> None:
        """Begin with the metrics at the end, for frames that are not found; changes bits and ``found``."""
        left, at = np.flatnonzero(~found), np.flatnonzero(~found)
        for _ in range(ROUNDS - 1):
            if len(left) == 0:
                break
            assert paths.metrics is not None
            start = _taken(paths.metrics, at)
            paths = self.search.find(_taken(llr, left), start, None, tries=TRIES, metrics=True)
            bits[left] = unpacked(paths.words, len(left))
            around = (paths.began == paths.ended).ravel()[: len(left)]
            found[left[around]] = True
            at, left = np.flatnonzero(~around), left[~around]

    def _in_turn(
        self, llr: Soft, first: Paths, bits: npt.NDArray[np.uint8], frames: Numbers
    ) -> npt.NDArray[np.uint8]:
        """The bits of the best paths around, of frames whose best path is none, uint8 (frames, ...).

        No path around through a state at its end is better than the best of all paths there, so states are
        tried in the order of that until it is no better than what was found.
        """
        group, lane = frames // GROUP, frames % GROUP
        given = np.ascontiguousarray(llr[group, :, lane].T).astype(np.float32)
        assert first.metrics is not None
        metrics = first.metrics[group, :, lane].astype(np.float64)
        best = self._costs(given, first.began[group, lane], bits[frames])
        bounds = metrics - metrics.min(axis=1, keepdims=True) + best[:, None]
        order = np.argsort(bounds, axis=1, kind="stable")
        bounds = np.take_along_axis(bounds, order, axis=1)
        result, least = bits[frames], np.full(len(frames), np.inf)
        tried, left = np.zeros(len(frames), np.int64), np.arange(len(frames))
        while len(left):
            # Several states of a frame at once where few frames are left.
            together = min(max(1, GROUP // len(left)), int((order.shape[1] - tried[left]).min()))
            which = np.repeat(left, together)
            turn = (tried[left][:, None] + np.arange(together)).ravel()
            states = order[which, turn].astype(np.int32)
            made, closed = self._through(given[:, which], states)
            costs = np.where(closed, self._costs(given[:, which], states, made), np.inf)
            for i, number in zip(which.tolist(), range(len(which)), strict=True):
                if bounds[i, turn[number]] < least[i] and costs[number] < least[i]:
                    least[i], result[i] = costs[number], made[number]
            tried[left] += together
            left = left[tried[left] < order.shape[1]]
            left = left[bounds[left, tried[left]] < least[left]]
        return result

    def _through(
        self, given: npt.NDArray[np.float32], states: npt.NDArray[np.int32]
    ) -> tuple[npt.NDArray[np.uint8], Flags]:
        """The bits of the best paths that begin and end in given states, of LLRs float32 (n, frames).

        And whether there are any: in fewer steps than the memory most states do not come back to themselves.
        """
        frames = len(states)
        groups = groups_of(frames)
        llr = np.zeros((groups * GROUP, len(given)), np.float32)
        llr[:frames] = given.T
        ends = np.zeros(groups * GROUP, np.int32)
        ends[:frames] = states
        start = np.full((groups * GROUP, self.tables.states), NEVER)
        start[np.arange(len(ends)), ends] = 0
        paths = self._wide.find(_grouped(llr), _grouped(start), ends.reshape(groups, GROUP))
        return unpacked(paths.words, frames), paths.began.ravel()[:frames] == states

    def _costs(
        self, given: npt.NDArray[np.float32], states: npt.NDArray[Any], bits: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.float64]:
        """Costs of paths from given states, float64 (frames), in LLRs (n, frames)."""
        tables, trellis = self.tables, self.tables.circuit.trellis
        state: npt.NDArray[Any] = states.astype(np.int64)
        cost = np.zeros(len(states))
        inputs = tables.circuit.inputs
        for step in range(tables.steps):
            if tables.is_register:
                register = state << 1 | bits[:, step]
                label, state = tables.register_labels[register], register & tables.states - 1
            else:
                number = bits[:, step * inputs : (step + 1) * inputs] @ (1 << np.arange(inputs))
                label, state = trellis.labels[state, number], trellis.following[state, number]
            for i in range(tables.outputs):
                at = tables.position[step * tables.outputs + i]
                if at >= 0:
                    bit = label >> i & 1 ^ int(tables.flips[step * tables.outputs + i])
                    x = given[at].astype(np.float64)
                    cost += np.maximum(np.where(bit == 1, x, -x), 0)
        return cost


def _taken(values: npt.NDArray[Any], frames: Numbers) -> npt.NDArray[Any]:
    """Frames of groups, (groups, m, 64), by their numbers, in groups of their own; 0 where there is none."""
    taken = np.zeros((groups_of(len(frames)) * GROUP, values.shape[1]), values.dtype)
    taken[: len(frames)] = values[frames // GROUP, :, frames % GROUP]
    return _grouped(taken)


def _grouped(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(groups, m, 64) of (64 groups, m)."""
    return np.ascontiguousarray(rows.reshape(-1, GROUP, rows.shape[1]).transpose(0, 2, 1))
