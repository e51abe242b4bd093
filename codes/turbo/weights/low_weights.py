"""The lightest codewords of a turbo code, by a search through inputs of few ones.

R. Garello, P. Pierleoni, S. Benedetto, "Computing the free distance of turbo codes and serially concatenated
codes with interleavers: algorithms and applications", 2001; S. Crozier, P. Guinand, A. Hunt, "Estimating the
minimum distance of turbo-codes using double and triple impulse methods", 2005, for why few ones are enough.
Recursive encoders answer a single one with a path that does not come back; two ones, a multiple of the
feedback's period apart, make one that does, and it is light in both encoders where the interleaver leaves
them at such a distance again.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...convolutional.encoding.circuit import Numbers
from ...convolutional.encoding.encoder import Encoder
from ...linear import LowWeights
from .low_weight_kernels import Side, closed_pairs, least_weights, light_circles, light_events

#: Ones of an input, at most.
MOST_ONES = 4
#: Most states times steps of an encoder.
MOST_WORK = 1 << 20
#: The lightest codeword is looked for up to this weight; those that weigh so much more are counted, or else
#: so much.
HEAVIEST, MORE = 256, (8, 4, 2)
#: Steps of a search, by the ones of an error event, or for two pairs in both; most codewords that it keeps.
BUDGETS: dict[int | str, int] = {1: 1 << 26, 2: 1 << 26, 3: 1 << 27, 4: 1 << 23, "pairs": 1 << 26}
MOST_HITS = 1 << 17
#: A weight that no path has.
NEVER = 1 << 24

Table = npt.NDArray[np.int32]
#: Codewords, int64 (codewords, 5): the ones of their messages, ascending behind -1 for those that are less
#: than 4, and their weights.
Codewords = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LightInputs:
    """What a search has found.

    Attributes
    ----------
    low
        The weights, none above the search's limit.
    ones
        Of inputs with up to so many ones, 2 or 3, all that are light were found; but for frames that are
        circles not those whose paths go all the way round.
    events
        Whether, of inputs with 4 ones, those were found that are one error event in an encoder. Those that
        are two pairs in both encoders were found anyway.
    """

    low: LowWeights
    ones: int
    events: bool

    @property
    def searched(self) -> str:
        """Which inputs were looked at, in words."""
        fours = "one error event in an encoder or " if self.events else ""
        return f"up to {self.ones} ones; 4 that are {fours}two pairs in both"


def light_inputs(encoders: tuple[Encoder, Encoder], sent: Any, interleaver: Numbers) -> LightInputs | None:
    """Search for the lightest codewords.

    Parameters
    ----------
    encoders
        The two encoders of a turbo code.
    sent
        For each, how often each output is sent, integers (all steps, n0).
    interleaver
        Bit i of the second encoder is bit ``interleaver[i]`` of the first.

    Returns
    -------
    LightInputs or None
        None for encoders of too many states, and where nothing is found up to weight 256, or too much.
    """
    if any(each.all_steps << each.circuit.memory > MOST_WORK for each in encoders):
        return None
    try:
        return Search(encoders, sent, interleaver).find()
    except TooMuchError:
        return None


class TooMuchError(Exception):
    """A search takes too many steps, or finds too many codewords."""


class Search:
    """Searches through the inputs of two encoders; parameters as of ``light_inputs``."""

    def __init__(self, encoders: tuple[Encoder, Encoder], sent: Any, interleaver: Numbers) -> None:
        self.sides = [
            _side(encoder, np.asarray(times)) for encoder, times in zip(encoders, sent, strict=True)
        ]
        #: Which bit of the first encoder each of the second is, and the other way round.
        self.back = np.asarray(interleaver, np.int64)
        self.moved = np.argsort(self.back)

    def find(self) -> LightInputs | None:
        """Up to some weights more than that of the lightest; raises TooMuchError."""
        most = 4
        found = self.pairs(most)
        while not len(found):
            most += most // 2
            if most > HEAVIEST:
                return None
            found = self.pairs(most)
        lightest = int(found[:, -1].min())
        most, ones, events = lightest, 2, False
        for more in MORE:
            with contextlib.suppress(TooMuchError):
                found, most = self.pairs(lightest + more), lightest + more
                break
        else:
            found = found[found[:, -1] == lightest]
        with contextlib.suppress(TooMuchError):
            found = np.concatenate([found, self.events(3, most)])
            ones, most = 3, most + int(found[:, -1].min()) - lightest
            found = np.concatenate([found, self.events(4, most)])
            events = True
        found = np.unique(found[found[:, -1] <= most], axis=0)
        return LightInputs(_counted(found), ones, events)

    def pairs(self, most: int) -> Codewords:
        """All of weight up to ``most`` of one or two ones, and those of four that are two pairs in both."""
        return np.concatenate([self.events(1, most), self.events(2, most), self.circles(most)])

    def events(self, ones: int, most: int) -> Codewords:
        """Those that are one error event in an encoder; up to 3 ones are one in the first if light."""
        one, two = self.sides
        hits = np.zeros((MOST_HITS, ones + 1), np.int64)
        found = _placed(hits, light_events(one, two, self.moved, ones, most, BUDGETS[ones], hits))
        if ones < MOST_ONES:
            return found
        count = light_events(two, one, self.back, ones, most, BUDGETS[ones], hits)
        hits[:, :ones] = self.back[hits[:, :ones]]
        return np.concatenate([found, _placed(hits, count)])

    def circles(self, most: int) -> Codewords:
        """Those of four ones that are two pairs in both encoders."""
        pairs, budget = [], BUDGETS["pairs"]
        for side in self.sides:
            first, none = np.zeros(len(self.moved) + 1, np.int64), np.zeros(0, np.int64)
            size = closed_pairs(side, most, budget, first, none, none)
            if size < 0:
                raise TooMuchError
            partners, weights = np.zeros(size, np.int64), np.zeros(size, np.int64)
            closed_pairs(side, most, budget, first, partners, weights)
            pairs.append((first, partners, weights))
        hits = np.zeros((MOST_HITS, MOST_ONES + 1), np.int64)
        count = light_circles(tuple(self.sides), tuple(pairs), self.moved, self.back, most, budget, hits)
        return _placed(hits, count)


def _placed(hits: npt.NDArray[np.int64], count: int) -> Codewords:
    """What a kernel has found; raises TooMuchError where it gave up or found more than there is room for."""
    if not 0 <= count <= len(hits):
        raise TooMuchError
    ones = hits.shape[1] - 1
    found = np.full((count, MOST_ONES + 1), -1, np.int64)
    found[:, MOST_ONES - ones : MOST_ONES] = np.sort(hits[:count, :ones], axis=1)
    found[:, -1] = hits[:count, -1]
    return found


def _side(encoder: Encoder, times: npt.NDArray[np.integer]) -> Side:
    """An encoder as kernels take it, and how often each output is sent, (all steps, n0)."""
    circuit, steps = encoder.circuit, encoder.steps
    trellis = circuit.trellis
    outputs = (trellis.labels[..., None] >> np.arange(trellis.outputs) & 1).astype(np.int32)
    weights = np.einsum("sbo,to->tsb", outputs, times.astype(np.int32))
    runs: Table = np.zeros((steps + 1, trellis.states), np.int32)
    runs[steps] = _tail_weights(encoder, weights)
    after: Table = np.empty_like(runs)
    after[0] = np.arange(trellis.states)
    silent = trellis.following[:, 0]
    for step in range(steps):
        after[step + 1] = silent[after[step]]
    for step in range(steps - 1, -1, -1):
        runs[step] = weights[step, :, 0] + runs[step + 1, silent]
    circular = encoder.termination == "tail-biting"
    least: Table = np.full((MOST_ONES + 1, *runs.shape), NEVER, np.int32)
    if circular:
        least[0, steps, 0] = 0
    else:
        least[0, steps] = runs[steps]
    weights = np.ascontiguousarray(weights[:steps])
    least_weights(trellis.following, weights, least, 2 if circular else 1)
    begins: Table = np.zeros(trellis.states, np.int32)
    late = np.zeros(0, np.int64)
    if circular:
        bits = (np.arange(trellis.states)[:, None] >> np.arange(circuit.memory) & 1).astype(np.uint8)
        turned = circuit.circulation(steps)
        assert turned is not None
        begins[:] = bits @ turned.T % 2 @ (1 << np.arange(circuit.memory))
    else:
        place = np.arange(steps * circuit.inputs)
        at, value = place // circuit.inputs, 1 << place % circuit.inputs
        alone = weights[at, 0, value] + runs[at + 1, trellis.following[0, value]]
        late = place[alone <= HEAVIEST]
    closing: Table = np.full((steps + 2, trellis.states), NEVER, np.int32)
    single = 1 << np.arange(circuit.inputs)
    closes = (trellis.following[:, single] == 0).any(axis=1)
    for step in range(steps, -1, -1):
        closing[step] = np.where(closes[after[step]], step, closing[step + 1])
    step_of = np.arange(steps * circuit.inputs) // circuit.inputs
    return Side(
        circuit.inputs,
        circular,
        begins,
        trellis.following,
        weights,
        runs,
        after,
        least,
        closing,
        late,
        step_of,
    )


def _tail_weights(encoder: Encoder, weights: Table) -> Table:
    """How many ones the tail of each state sends, (states)."""
    trellis, tail = encoder.circuit.trellis, encoder.tail_steps
    state: npt.NDArray[np.integer] = np.arange(trellis.states)
    total: Table = np.zeros(trellis.states, np.int32)
    if tail:
        bits = (state[:, None] >> np.arange(encoder.circuit.memory) & 1).astype(np.uint8)
        inputs = (bits @ encoder.tail_inputs.T % 2).reshape(trellis.states, tail, -1)
        given = inputs @ (1 << np.arange(trellis.inputs))
        for step in range(tail):
            total += weights[encoder.steps + step, state, given[:, step]]
            state = trellis.following[state, given[:, step]]
    return total


def _counted(found: Codewords) -> LowWeights:
    """Codewords and their ones by weight."""
    weights, which = np.unique(found[:, -1], return_inverse=True)
    ones = (found[:, :-1] >= 0).sum(axis=1)
    codewords, together = np.bincount(which), np.bincount(which, ones)
    return LowWeights(
        tuple(weights.tolist()), tuple(map(float, codewords.tolist())), tuple(together.tolist())
    )
