"""What decoders share that iterate on hard decisions of 64 frames a word."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, HARD, GroupInput, Words, frame_flags, groups_of
from ....binary.tanner_graph import TannerGraph
from ....code import Code
from ....decoder import MAX_ITERATIONS, Decoder, GroupResult, iterations_within
from ....linear import LinearCode
from ....tie_breaking import BitStream, break_ties
from .peeling_kernels import peel_words
from .stragglers import Outcome, until_all_end

#: The iterations that are made before frames that are left are put together.
FIRST = 6

Tables = tuple[npt.NDArray[np.int32], ...]


def tables_of(graph: TannerGraph) -> Tables:
    """What kernels take of a graph, int32: edges by check, and edges and checks of each variable.

    ``check_start`` and ``edge_variable``; where each variable begins in the next two arrays, its edges and
    the checks that these lead to.
    """
    start = np.concatenate([[0], np.cumsum(graph.variable_degrees)]).astype(np.int32)
    edges = np.argsort(graph.edge_variable, kind="stable").astype(np.int32)
    check = np.repeat(np.arange(graph.checks, dtype=np.int32), graph.check_degrees)
    return graph.check_start, graph.edge_variable, start, edges, check[edges]


def seeds_of(frames: int, count: int, stream: BitStream | None) -> Words:
    """Bits of each frame's own for random choices, uint64 (groups, count).

    They are to be taken before coins for ties, which are drawn for all frames where one of them needs some.
    """
    seeds = np.zeros((groups_of(frames), count), np.uint64)
    if count:
        break_ties(seeds, ~seeds, np.arange(count), frames, stream)
    return seeds


def filled(
    words: Words, erased: Words | None, frames: int, tables: Tables
) -> tuple[Words, npt.NDArray[np.bool_]]:
    """Words with what follows of erased bits, one check after the other; and frames that are codewords then.

    What does not follow is what it was in ``words``, and then the frame is none. Where nothing is erased,
    frames count as codewords.
    """
    if erased is None:
        return words, np.ones(frames, np.bool_)
    bits, ok = np.empty_like(words), np.empty(len(words), np.uint64)
    peel_words(
        words, erased, frames, tables, MAX_ITERATIONS, bits, ok, np.zeros(len(words) * GROUP, np.int32)
    )
    return bits, frame_flags(ok, frames)


class HardIterativeDecoder(Decoder):
    """A decoder of linear codes that iterates on packed decisions until they are a codeword.

    One that derives from it defines ``_run``. Unless ``takes_erasures``, erased bits are filled in first.
    """

    reads = HARD
    #: The decoder's name in configurations.
    name: ClassVar[str]
    #: Whether ``_run`` is told where bits are erased.
    takes_erasures: ClassVar[bool] = False
    #: Bits of each frame's stream that ``_run`` takes for random choices.
    seed_bits: int = 0

    def __init__(self, code: Code, iterations: int) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        #: The most iterations.
        self.iterations = iterations_within(iterations)
        self._linear = code
        self._tables = tables_of(code.tanner_graph)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        if isinstance(code, LinearCode):
            return None
        return f"{cls.name} decodes linear codes, not {code!r}"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        frames, code = given.frames, self._linear
        seeds = seeds_of(frames, self.seed_bits, stream)
        words, erased = given.hard.copy(), given.erased
        break_ties(words, erased, np.arange(code.n), frames, stream)
        found = np.ones(frames, np.bool_)
        if not self.takes_erasures:
            words, found = filled(words, erased, frames, self._tables)
            erased = None
        bits, ok, spent = self._decide(words, words[:0] if erased is None else erased, seeds, frames)
        # What coins happened to make a codeword of was not found.
        return GroupResult(code.information_words(bits), ok & (found | (spent > 0)), spent)

    def _decide(self, words: Words, erased: Words, seeds: Words, frames: int) -> Outcome:
        """Decisions on all variables, ``ok`` and iterations; frames that take long are put together."""

        def run(inputs: Sequence[Any], count: int, limit: int) -> Outcome:
            words, erased, seeds = inputs
            bits, ok = np.empty_like(words), np.empty(len(words), np.uint64)
            spent = np.zeros(len(words) * GROUP, np.int32)
            self._run(words, erased, seeds, count, limit, bits, ok, spent)
            return bits, frame_flags(ok, count), spent[:count]

        return until_all_end(run, (words, erased, seeds), frames, FIRST, self.iterations)

    def _run(
        self,
        words: Words,
        erased: Words,
        seeds: Words,
        frames: int,
        iterations: int,
        bits: Words,
        ok: Words,
        spent: npt.NDArray[np.int32],
    ) -> None:
        """Put decisions into ``bits``, uint64 (groups, n), and what came of frames into ``ok`` and ``spent``.

        ``erased`` has no group where nothing is erased or nobody asks. ``spent`` is 0 before.
        """
        raise NotImplementedError
