"""What decoders share that go on where belief propagation fails."""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, GroupInput, Reads, Words, packed_flags, ungrouped
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....linear import LinearCode
from ....tie_breaking import BitStream
from ....universal.trials.choice_kernels import keep_likelier
from ...belief_propagation import BeliefPropagationDecoder
from ..hard.stragglers import chosen, put_back
from .soft_values import MinSum

Groups = npt.NDArray[np.float32]


class AfterBeliefPropagation(Decoder):
    """Belief propagation, and another decoder for frames that it leaves.

    One that derives from it defines ``_again``, and what it counts beside ``again``, the frames that it
    decoded.
    """

    counts_ml_errors = True
    #: The decoder's name in configurations.
    name: ClassVar[str]
    counters: tuple[str, ...] = ("again",)

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal["sum-product", "min-sum"],
        schedule: Literal["flooding", "layered"],
        scale: float,
        iterations: int,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        #: The decoder that is tried first.
        self.first = BeliefPropagationDecoder(
            code, algorithm=algorithm, schedule=schedule, scale=scale, iterations=iterations
        )
        self.iterations = iterations
        self._soft = MinSum(code.tanner_graph)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        if isinstance(code, LinearCode):
            return None
        return f"{cls.name} decodes linear codes, not {code!r}"

    @property
    def reads(self) -> Reads:
        """LLRs, float32, as belief propagation reads them."""
        return self.first.reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        result = self.first.decode_groups(given, stream)
        counters = {name: np.zeros(given.frames, np.int32) for name in self.counters}
        left = np.flatnonzero(~result.ok)
        if len(left):
            llr = chosen(given.soft(), left)
            words, ok, counted = self._again(llr, len(left))
            bits = self._linear.information_words(words)
            if not ok.all():  # what nothing better was found for stays as it was
                found, kept = packed_flags(ok)[:, None], chosen(result.bits, left)
                bits = bits & found | kept & ~found if self._keeps else bits
            put_back(result.bits, left, bits)
            result.ok[left] = ok
            counters["again"][left] = 1
            for name, values in counted.items():
                counters[name][left] = values
        return GroupResult(result.bits, result.ok, result.iterations, counters)

    #: Whether decisions of belief propagation stay where the other decoder does not end ``ok``.
    _keeps: ClassVar[bool] = False

    def _again(
        self, llr: Groups, frames: int
    ) -> tuple[Words, npt.NDArray[np.bool_], dict[str, npt.NDArray[np.int32]]]:
        """Words, ``ok`` and counters of frames that are left, from LLRs, float32 (groups, n, 64)."""
        raise NotImplementedError


class Likeliest:
    """The likeliest of the codewords that were found for each frame.

    Parameters
    ----------
    llr
        LLRs, float32 (groups, n, 64).

    Attributes
    ----------
    words
        The codewords, uint64 (groups, n).
    tied
        uint64 (groups): frames in which another is as likely.
    """

    def __init__(self, llr: Groups) -> None:
        self._llr, self._costs = llr, np.full((len(llr), GROUP), np.inf, np.float32)
        self.words, self.tied = np.zeros(llr.shape[:2], np.uint64), np.zeros(len(llr), np.uint64)

    def add(self, words: Words, allowed: Words) -> None:
        """Take codewords, uint64 (groups, n), of the frames allowed, uint64 (groups)."""
        keep_likelier(self._llr, words, allowed, self._costs, self.words, self.tied)


def all_of(frames: int) -> Words:
    """Every frame, as ``Likeliest`` is told which are allowed."""
    return packed_flags(np.ones(frames, np.bool_))


def lanes_of(llr: Groups, frames: int) -> Groups:
    """LLRs of frames, float32 (n, frames)."""
    made: Groups = ungrouped(llr, frames)
    return made
