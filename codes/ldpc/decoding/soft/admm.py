"""Linear programming decoding by the alternating direction method of multipliers.

S. Barman, X. Liu, S. C. Draper and B. Recht, "Decomposition methods for large scale LP decoding", 2013; with
a penalty on fractions, X. Liu and S. C. Draper, "The ADMM penalized decoder for LDPC codes", 2016; the
projection, X. Zhang and P. H. Siegel, "Efficient iterative LP decoding of LDPC codes with alternating
direction method of multipliers", 2013.
"""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .....vectors.groups import GroupInput, packed, ungrouped
from ....code import Code
from ....decoder import Decoder, GroupResult, iterations_within
from ....examples import Examples
from ....linear import LinearCode
from ....tie_breaking import BitStream
from ....universal.erasure import graph_matrix
from .soft_values import MOST

#: Edges of all frames that are decoded together.
ROOM = 1 << 18
#: How far copies of a variable may differ, in the mean square, where a frame ends.
CLOSE = 1e-8
#: How near to 0 and 1 values are in an integral minimum.
INTEGRAL = 0.01

Floats = npt.NDArray[np.float64]


class ADMMDecoder(Decoder):
    """Approaches the minimum over the fundamental polytope: variables and checks agree step by step.

    Each check has copies of its variables, which it projects on the polytope of words of even weight;
    variables are the means of their copies, moved by their LLRs. Linear in the length of the code, so that it
    takes those that ``lp`` refuses. With a ``penalty`` fractions are pushed to 0 or 1: that finds more
    codewords, and errs in fewer frames than the linear programme.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its copies agree, or, with a penalty, when
        its decisions are a codeword.
    penalty
        Strength of the penalty, -penalty (x - 1/2)^2 for each variable; from 0, for none, to 100. It must be
        less than half of the least degree of variables times ``step``.
    step
        How strongly copies are held together; above 0 and at most 100.
    relaxation
        Over-relaxation, from 1 to 1.9.

    Notes
    -----
    LLRs are clipped to 16384. Decisions are by which of 0 and 1 is nearer. With a penalty a frame is ``ok``
    when its decisions are a codeword. Without one its values have to be within 0.01 of it too, as those of
    the minimum are where that is integral; this is no proof, which ``lp`` has. A frame of a (256, 128) code
    takes some 6 ms, and 3 ms with a penalty of 1, with which it errs less than sum-product does.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = ({"iterations": 100, "penalty": 1, "code": {"type": "hamming", "r": 3}},)

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 1000,
        penalty: float = 0.0,
        step: float = 3.0,
        relaxation: float = 1.8,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        #: The parameters of these names.
        self.iterations = iterations_within(iterations)
        self.penalty, self.step, self.relaxation = float(penalty), float(step), float(relaxation)
        if not 0 < step <= 100:
            raise ValueError(f"step must lie in (0, 100], got {step}")
        if not 1 <= relaxation <= 1.9:
            raise ValueError(f"relaxation must lie in 1 to 1.9, got {relaxation}")
        graph = code.tanner_graph
        degrees = graph.variable_degrees
        least = int(degrees[degrees > 0].min(initial=1))
        if not 0 <= penalty <= 100 or 2 * penalty >= least * step:
            raise ValueError(
                f"penalty must lie in 0 to 100, below step times the least degree, {least}, over 2, which is "
                f"{min(least * step / 2, 100):g}, got {penalty}"
            )
        self._linear, self._degrees = code, degrees.astype(np.float64)[:, None]
        self._matrix = graph_matrix(graph).astype(np.int32)
        self._spread = scipy.sparse.csr_array(
            (np.ones(graph.edges), graph.edge_variable, np.arange(graph.edges + 1)),
            shape=(graph.edges, graph.variables),
        )
        self._gather = self._spread.T.tocsr()
        sizes = graph.check_degrees
        #: The edges of checks of each degree, (checks, degree).
        self._edges = [
            graph.check_start[:-1][sizes == size][:, None] + np.arange(size)
            for size in np.unique(sizes)
            if size
        ]

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        return None if isinstance(code, LinearCode) else f"admm-lp decodes linear codes, not {code!r}"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        frames, graph = given.frames, self._linear.tanner_graph
        llr = ungrouped(given.soft().astype(np.float32, copy=False), frames).astype(np.float64)
        llr = np.clip(llr, -float(MOST), float(MOST))
        bits = np.zeros((graph.variables, frames), np.uint8)
        ok, spent = np.zeros(frames, np.bool_), np.zeros(frames, np.int32)
        together = max(1, ROOM // max(graph.edges, 1))
        for first in range(0, frames, together):
            part = slice(first, first + together)
            bits[:, part], ok[part], spent[part] = self._approach(llr[:, part])
        return GroupResult(self._linear.information_words(packed(bits.T)), ok, spent)

    def _approach(
        self, llr: Floats
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
        """Decisions, ``ok`` and iterations of some frames, float64 (n, frames)."""
        frames = llr.shape[1]
        bits, ok = (llr < 0).astype(np.uint8), np.zeros(frames, np.bool_)
        spent = np.full(frames, self.iterations, np.int32)
        left = np.arange(frames)
        copies = np.full((self._linear.tanner_graph.edges, frames), 0.5)
        dual = np.zeros_like(copies)
        free, held = self._degrees == 0, self.step * self._degrees - 2 * self.penalty
        for now in range(1, self.iterations + 1):
            pull = self.step * (self._gather @ (copies - dual)) - llr[:, left] - self.penalty
            x = np.where(free, llr[:, left] < 0, np.clip(pull / np.where(free, 1.0, held), 0.0, 1.0))
            spread = self._spread @ x
            wanted = self.relaxation * spread + (1 - self.relaxation) * copies + dual
            before, copies = copies, self._project(wanted)
            dual = wanted - copies
            decided = (x > 0.5).astype(np.uint8)
            word = ~(self._matrix @ decided.astype(np.int32) % 2).any(axis=0)
            apart = np.square(spread - copies).mean(axis=0) + np.square(copies - before).mean(axis=0)
            if self.penalty:
                done, good = word | (apart < CLOSE), word
            else:
                done = apart < CLOSE
                good = word & (np.abs(x - decided).max(axis=0) < INTEGRAL)
            bits[:, left] = decided
            ok[left], spent[left] = good, now
            if done.any():
                keep = ~done
                left, copies, dual = left[keep], copies[:, keep], dual[:, keep]
                if len(left) == 0:
                    break
        return bits, ok, spent

    def _project(self, wanted: Floats) -> Floats:
        """For the edges of each check the nearest point in its polytope, float64 (edges, frames)."""
        made = np.empty_like(wanted)
        for edges in self._edges:
            made[edges] = project(wanted[edges].transpose(0, 2, 1)).transpose(0, 2, 1)
        return made


def project(values: Floats) -> Floats:
    """The nearest points, along the last axis, in the polytope of words of even weight.

    A point of the cube violates one inequality at most; if it does, the nearest point fulfils it with
    equality, and is the point given, moved along its normal and clipped (Zhang and Siegel, section III).
    """
    inside = np.clip(values, 0.0, 1.0)
    plus = values > 0.5
    even = plus.sum(axis=-1) % 2 == 0
    nearest = np.abs(values - 0.5).argmin(axis=-1)
    plus ^= even[..., None] & (np.arange(values.shape[-1]) == nearest[..., None])
    outside = np.where(plus, 1 - inside, inside).sum(axis=-1) < 1
    if outside.any():
        inside[outside] = _on_the_face(values[outside], plus[outside])
    return inside


def _on_the_face(values: Floats, plus: npt.NDArray[np.bool_]) -> Floats:
    """Points, (points, degree), moved along the normal of signs ``plus`` until they fulfil the inequality."""
    normal = np.where(plus, 1.0, -1.0)
    bends = np.concatenate([np.where(plus, values - 1, -values), np.where(plus, values, 1 - values)], axis=1)
    bends = np.sort(np.maximum(np.concatenate([bends, np.zeros((len(values), 1))], axis=1), 0.0), axis=1)
    moved = np.clip(values[:, None] - bends[:, :, None] * normal[:, None], 0.0, 1.0)
    excess = (moved * normal[:, None]).sum(axis=2) - (plus.sum(axis=1, keepdims=True) - 1.0)
    # It falls with the distance, in straight pieces: from the last bend where it is not below 0.
    at = np.minimum((excess >= 0).sum(axis=1) - 1, bends.shape[1] - 2)
    every = np.arange(len(values))
    above, below = excess[every, at], excess[every, at + 1]
    share = above / np.maximum(above - below, 1e-300)
    distance = bends[every, at] + share * (bends[every, at + 1] - bends[every, at])
    made: Floats = np.clip(values - distance[:, None] * normal, 0.0, 1.0)
    return made
