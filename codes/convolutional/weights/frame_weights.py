"""The weight enumerating function of convolutional codes in frames, by their trellis.

S. Lin and D. J. Costello, "Error Control Coding", 2nd edition, 2004, section 11.3, for paths in a trellis; J.
K. Wolf and A. J. Viterbi, "On the weight distribution of linear block codes formed from convolutional codes",
1996, for frames: a product of matrices, one a step, with z^h where a branch sends h ones.

The path of zeros is left out of all sums, so that nothing cancels where z is small. Beside each sum goes that
in which every path counts as often as its message has ones.
"""

import numpy as np
import numpy.typing as npt

from ...linear import Values
from ..encoding.encoder import Encoder

#: Most states of a tail-biting code, whose matrices are multiplied, and of others, whose states are.
MOST_TAIL_BITING, MOST_STATES = 64, 256
#: Most states times steps.
MOST_WORK = 1 << 18
#: Points that are worked on together: their arrays stay in the cache.
CHUNK = 128
#: Sums are cut off here: the product of two matrices of them is still a float.
MOST = 1e150

Matrices = npt.NDArray[np.float64]


class FrameWeights:
    """Sums over the frames of an encoder: a ``WeightFunction``.

    Parameters
    ----------
    encoder
        The encoder.
    sent
        bool (all steps, n0): which outputs are sent.
    period
        After how many steps that begins anew, but for the tail.
    """

    def __init__(self, encoder: Encoder, sent: npt.NDArray[np.bool_], period: int) -> None:
        self.encoder = encoder
        self.period = min(period, encoder.all_steps)
        trellis = encoder.circuit.trellis
        self.outputs = trellis.outputs
        #: int64 (all steps): the outputs that are sent in a step, bit i for output i.
        self.kept = sent @ (1 << np.arange(trellis.outputs))
        self.start = trellis.entering >> trellis.inputs
        given = trellis.entering & (1 << trellis.inputs) - 1
        self.labels = trellis.labels[self.start, given]
        self.ones = np.bitwise_count(given).astype(np.float64)
        self.leaving = np.argwhere((self.start == 0) & (given != 0))

    @staticmethod
    def feasible(encoder: Encoder) -> bool:
        """Whether a point takes some milliseconds at most."""
        states = 1 << encoder.circuit.memory
        if encoder.termination == "tail-biting":
            return states <= MOST_TAIL_BITING
        return states <= MOST_STATES and states * encoder.steps <= MOST_WORK

    def __call__(self, z: Values) -> tuple[Values, Values]:
        """The sums at each z, float64 (points)."""
        sums = self._of_cycles if self.encoder.termination == "tail-biting" else self._of_paths
        size = CHUNK // 2 if self.encoder.termination == "tail-biting" else CHUNK
        found = [sums(z[at : at + size]) for at in range(0, len(z), size)]
        if not found:
            return np.zeros(0), np.zeros(0)
        return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])

    def _factors(self, kept: int, powers: Values) -> Values:
        """z^h of the branches into each state, (states, branches, points)."""
        return np.asarray(powers[np.bitwise_count(self.labels & kept)])

    def _of_paths(self, z: Values) -> tuple[Values, Values]:
        """Over the paths from the zero state, that end anywhere or by way of their tails."""
        steps = self.encoder.steps
        powers = z ** np.arange(self.outputs + 1)[:, None]
        factors = {int(kept): self._factors(kept, powers) for kept in np.unique(self.kept[:steps])}
        paths = np.zeros((len(self.start), len(z)))
        ones = np.zeros_like(paths)
        for kept in self.kept[:steps].tolist():
            factor = factors[kept]
            new_paths, new_ones = np.zeros_like(paths), np.zeros_like(ones)
            for branch in range(self.start.shape[1]):
                moved = paths[self.start[:, branch]] * factor[:, branch]
                new_paths += moved
                new_ones += ones[self.start[:, branch]] * factor[:, branch]
                moved *= self.ones[:, branch, None]
                new_ones += moved
            for state, branch in self.leaving:
                new_paths[state] += factor[state, branch]
                new_ones[state] += factor[state, branch] * self.ones[state, branch]
            paths, ones = np.clip(new_paths, -MOST, MOST), np.clip(new_ones, -MOST, MOST)
        tails = z ** self._tail_weights()[:, None]
        return (paths * tails).sum(axis=0), (ones * tails).sum(axis=0)

    def _tail_weights(self) -> npt.NDArray[np.int64]:
        """How many ones the tail of each state sends, (states)."""
        encoder, trellis = self.encoder, self.encoder.circuit.trellis
        state: npt.NDArray[np.integer] = np.arange(trellis.states)
        weights = np.zeros(trellis.states, np.int64)
        if encoder.tail_steps == 0:
            return weights
        bits = (state[:, None] >> np.arange(encoder.circuit.memory) & 1).astype(np.uint8)
        inputs = (bits @ encoder.tail_inputs.T % 2).reshape(trellis.states, encoder.tail_steps, -1)
        given = inputs @ (1 << np.arange(trellis.inputs))
        for step in range(encoder.tail_steps):
            branch = state, given[:, step]
            weights += np.bitwise_count(trellis.labels[branch] & self.kept[encoder.steps + step])
            state = trellis.following[branch]
        return weights

    def _of_cycles(self, z: Values) -> tuple[Values, Values]:
        """Over the paths that end in the state in which they begin, whatever that is."""
        powers = z ** np.arange(self.outputs + 1)[:, None]
        steps = {int(kept): self._matrices(kept, powers) for kept in np.unique(self.kept)}
        period = self.period
        whole = _product([steps[kept] for kept in self.kept[:period].tolist()])
        rest = [steps[kept] for kept in self.kept[: len(self.kept) % period].tolist()]
        repetitions = len(self.kept) // period
        factors = []
        while repetitions:
            if repetitions & 1:
                factors.append(whole)
            repetitions >>= 1
            if repetitions:
                whole = _product([whole, whole])
        # Powers of one matrix commute; the steps that are left come behind them.
        paths, ones = _product([*factors, *rest])
        return np.trace(paths, axis1=1, axis2=2), np.trace(ones, axis1=1, axis2=2)

    def _matrices(self, kept: int, powers: Values) -> tuple[Matrices, Matrices]:
        """A step's branches but that of the path of zeros, from row to column: (points, states, states)."""
        factor = self._factors(kept, powers)
        factor[0, np.flatnonzero((self.start[0] == 0) & (self.ones[0] == 0))] = 0
        states, branches, points = factor.shape
        paths = np.zeros((points, states, states))
        ones = np.zeros_like(paths)
        for branch in range(branches):
            start, end = self.start[:, branch], np.arange(states)
            paths[:, start, end] += factor[:, branch].T
            ones[:, start, end] += (factor[:, branch] * self.ones[:, branch, None]).T
        return paths, ones


def _product(parts: list[tuple[Matrices, Matrices]]) -> tuple[Matrices, Matrices]:
    """One part of the steps after the other; the path of zeros is left out of all of them."""
    paths, ones = parts[0]
    for then_paths, then_ones in parts[1:]:
        new_ones = ones @ then_paths + paths @ then_ones
        new_ones[:, 0] += then_ones[:, 0]
        new_ones[:, :, 0] += ones[:, :, 0]
        new_paths = paths @ then_paths
        new_paths[:, 0] += then_paths[:, 0]
        new_paths[:, :, 0] += paths[:, :, 0]
        paths, ones = np.clip(new_paths, -MOST, MOST), np.clip(new_ones, -MOST, MOST)
    return paths, ones
