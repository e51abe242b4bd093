"""Free distance and distance spectrum of convolutional codes, by search on the trellis.

S. Lin and D. J. Costello, "Error Control Coding", 2nd edition, 2004, sections 11.3 and 12.2; of punctured
codes D. Haccoun and G. Begin, "High-rate punctured convolutional codes for Viterbi and sequential decoding",
1989, section III.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...code import Bits
from ..encoding.circuit import Circuit, Trellis

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

#: Largest count that is worked with: sums of some hundred of them stay below 2^63.
MOST = 1 << 54
#: Most terms of a spectrum.
MOST_TERMS = 1000


@dataclass(frozen=True)
class DistanceSpectrum:
    """How many paths of each weight leave the zero state and come back to it.

    Attributes
    ----------
    free_distance
        The least weight of such a path.
    paths
        Their number by weight, from the free distance on: a_d.
    information
        The ones among their information bits together, likewise: c_d.
    phases
        Where they may begin: in each step of the puncturing pattern, and paths and ones are added up over
        these steps. 1 without puncturing.
    """

    free_distance: int
    paths: tuple[int, ...]
    information: tuple[int, ...]
    phases: int

    @property
    def weights(self) -> range:
        """The weights, from the free distance on."""
        return range(self.free_distance, self.free_distance + len(self.paths))


def branch_weights(trellis: Trellis, pattern: Bits) -> npt.NDArray[np.int32]:
    """How many ones a branch sends: int32 (period, states, 2^k0), of a pattern (n0, period)."""
    kept = (1 << np.arange(trellis.outputs)) @ pattern.astype(np.int32)
    sent = trellis.labels & kept[:, None, None].astype(np.int32)
    return np.asarray(np.bitwise_count(sent), np.int32)


def distance_spectrum(circuit: Circuit, pattern: Bits | None = None, terms: int = 1) -> DistanceSpectrum:
    """Free distance and spectrum of a circuit, whose outputs are punctured by a pattern.

    The paths that have left the zero state are counted at each state and step of the pattern, weight after
    weight. Time and memory grow with states times period times the weights up to the last one asked for.

    Parameters
    ----------
    circuit
        The encoder.
    pattern
        uint8 (n0, period): 1 where an output is sent; all are, without one.
    terms
        How many weights, from the free distance on; 1 to 1000.

    Raises
    ------
    ValueError
        If the pattern makes a catastrophic or semi-catastrophic encoder, in which paths as long as one likes
        have a finite weight, so that there may be any number of some weight. If a count exceeds 2^54.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> distance_spectrum(ConvolutionalCode(generators=[5, 7], k=1).encoder.circuit, terms=3)
    DistanceSpectrum(free_distance=5, paths=(1, 2, 4), information=(1, 4, 12), phases=1)
    """
    if not 1 <= terms <= MOST_TERMS:
        raise ValueError(f"terms must lie in 1 to {MOST_TERMS}, got {terms}")
    pattern = np.ones((circuit.outputs, 1), np.uint8) if pattern is None else pattern
    search = _Search(circuit.trellis, pattern)
    paths: list[int] = []
    information: list[int] = []
    weight = 0
    while len(paths) < terms:
        returned, ones = search.advance(weight)
        if returned or paths:
            paths.append(returned)
            information.append(ones)
        weight += 1
    return DistanceSpectrum(weight - terms, tuple(paths), tuple(information), pattern.shape[1])


def free_distance(circuit: Circuit, pattern: Bits | None = None) -> int:
    """The least weight of a path that leaves the zero state and comes back; also of catastrophic encoders.

    Dijkstra's search: nodes are reached in the order of their weights. Parameters are as for
    ``distance_spectrum``.
    """
    pattern = np.ones((circuit.outputs, 1), np.uint8) if pattern is None else pattern
    return _Search(circuit.trellis, pattern).free_distance()


class _Search:
    """Paths that have left the zero state, by weight: a node is a state at a step of the pattern.

    Arrays have a row for each weight modulo n0 + 1, and a last one for the paths of the weight in work.
    """

    def __init__(self, trellis: Trellis, pattern: Bits) -> None:
        self.period, self.states = pattern.shape[1], trellis.states
        self.nodes = self.period * self.states
        weights = branch_weights(trellis, pattern)
        states, inputs = trellis.following.shape
        phase, state, given = np.indices((self.period, states, inputs)).reshape(3, -1)
        ends = trellis.following[state, given]
        branch_weight, ones = weights.ravel(), np.bitwise_count(given).astype(np.int64)
        leaving = (state == 0) & (given != 0)
        inside = state != 0
        into = (phase + 1) % self.period * states + ends
        self.depth = trellis.outputs + 1
        # Branches by weight: from which node to which, and their ones.
        self.branches = [
            tuple(part[inside & (branch_weight == w)] for part in (phase * states + state, into, ones))
            for w in range(self.depth)
        ]
        self.first = [
            tuple(part[leaving & (branch_weight == w)] for part in (into, ones)) for w in range(self.depth)
        ]
        self.paths = np.zeros((self.depth, self.nodes), np.int64)
        self.ones = np.zeros((self.depth, self.nodes), np.int64)
        self.returns = np.arange(self.period) * states

    def free_distance(self) -> int:
        """The least weight with which the zero state is reached again."""
        found = np.zeros((self.depth, self.nodes), np.bool_)
        for w, (into, _) in enumerate(self.first):
            found[w, into] = True
        seen = np.zeros(self.nodes, np.bool_)
        weight = 0
        while True:
            row = weight % self.depth
            fresh = np.flatnonzero(found[row] & ~seen)
            found[row] = False
            while len(fresh):
                seen[fresh] = True
                if seen[self.returns].any():
                    return weight
                new = np.zeros(self.nodes, np.bool_)
                new[fresh] = True
                for w, (start, end, _) in enumerate(self.branches):
                    found[(weight + w) % self.depth, end[new[start]]] = True
                fresh = np.flatnonzero(found[row] & ~seen)
                found[row] = False
            weight += 1

    @cached_property
    def layers(self) -> list[tuple[Indices, Indices, Indices]]:
        """Branches of weight 0 in an order in which no path is moved on before all have come to its node.

        Paths end in the zero state, so no branch of weight 0 goes on from there. Raises ValueError where they
        make a circle.
        """
        start, end, ones = self.branches[0]
        waiting = np.bincount(end, minlength=self.nodes)
        layers = []
        left = np.ones(len(start), np.bool_)
        while left.any():
            ready = left & (waiting[start] == 0)
            if not ready.any():
                raise ValueError(
                    "puncture leaves circles of weight 0: paths of any length send few ones, and of some "
                    f"weight there is no end to them; the free distance is {self.free_distance()}"
                )
            layers.append((start[ready], end[ready], ones[ready]))
            left &= ~ready
            waiting -= np.bincount(end[ready], minlength=self.nodes)
        return layers

    def advance(self, weight: int) -> tuple[int, int]:
        """Count the paths of the next weight; returns how many of them come back, and their ones."""
        row = weight % self.depth
        paths, ones = self.paths[row], self.ones[row]
        paths[:], ones[:] = 0, 0
        if weight < self.depth:
            into, given = self.first[weight]
            np.add.at(paths, into, 1)
            np.add.at(ones, into, given)
        for w in range(1, min(weight, self.depth - 1) + 1):
            before = (weight - w) % self.depth
            self._move(self.branches[w], self.paths[before], self.ones[before], paths, ones)
        for layer in self.layers:
            self._move(layer, paths, ones, paths, ones)
        if max(paths.max(), ones.max()) > MOST:
            raise ValueError(f"terms: counts exceed 2^{MOST.bit_length() - 1} from weight {weight} on")
        found = int(paths[self.returns].sum()), int(ones[self.returns].sum())
        paths[self.returns], ones[self.returns] = 0, 0
        return found

    @staticmethod
    def _move(
        branches: tuple[Indices, Indices, Indices],
        paths: Counts,
        ones: Counts,
        to_paths: Counts,
        to_ones: Counts,
    ) -> None:
        start, end, given = branches
        count = paths[start]
        np.add.at(to_paths, end, count)
        np.add.at(to_ones, end, ones[start] + given * count)
