"""Belief propagation that guesses bits where it does not end.

H. Pishro-Nik and F. Fekri, "On decoding of low-density parity-check codes over the binary erasure channel",
2004; over other channels, N. Varnica, M. P. C. Fossorier and A. Kavcic, "Augmented belief propagation
decoding of low-density parity check codes", 2007.
"""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, GroupInput, Words, frame_flags, grouped, packed, packed_flags, unpacked
from .....vectors.whole_numbers import whole_number
from ....code import Bits, Code
from ....examples import Examples
from ....universal.erasure import graph_matrix
from .after_bp import AfterBeliefPropagation, Groups, Likeliest, lanes_of

#: Most bits that are guessed in a row: each doubles what there is to decode.
MAX_GUESSES = 12
#: LLR of a bit that is guessed.
CERTAIN = np.float32(4096.0)


class BPGuessingDecoder(AfterBeliefPropagation):
    """Belief propagation, and, where it does not end at a codeword, again with a bit guessed, both ways.

    The bit is one in the most violated checks, and of these the one whose values, in the mean over the
    iterations, are the least reliable. What still does not end has another bit guessed, up to ``guesses`` in
    a row, and so on. Of all the codewords that were found the likeliest is decided for.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    guesses
        The most bits guessed in a row, from 1 to 12: a frame is decoded up to 2^(guesses + 1) - 2 times more.
    algorithm, schedule, scale, iterations
        Of belief propagation, as ``bp`` has them; the scale belongs to min-sum.

    Notes
    -----
    The counter ``again`` is 1 for frames that belief propagation left, ``trials`` is how many times these
    were decoded again. Where no codeword is found the decisions are those of belief propagation, and the
    frame is not ``ok``; nor where another codeword is as likely.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "bp-guessing"
    counters = ("again", "trials")
    _keeps = True
    examples: ClassVar[Examples] = ({"guesses": 2, "iterations": 10},)

    def __init__(
        self,
        code: Code,
        *,
        guesses: int = 4,
        algorithm: Literal["sum-product", "min-sum"] = "sum-product",
        schedule: Literal["flooding", "layered"] = "flooding",
        scale: float = 1,
        iterations: int = 50,
    ) -> None:
        super().__init__(code, algorithm=algorithm, schedule=schedule, scale=scale, iterations=iterations)
        guesses = whole_number(guesses, "guesses")
        if not 1 <= guesses <= MAX_GUESSES:
            raise ValueError(f"guesses must lie in 1 to {MAX_GUESSES}, got {guesses}")
        #: The parameter of this name.
        self.guesses = guesses

    def _again(
        self, llr: Groups, frames: int
    ) -> tuple[Words, npt.NDArray[np.bool_], dict[str, npt.NDArray[np.int32]]]:
        words, trials, ok = (
            np.zeros(llr.shape[:2], np.uint64),
            np.zeros(frames, np.int32),
            np.zeros(frames, np.bool_),
        )
        for group in range(len(llr)):
            part = slice(GROUP * group, min(GROUP * (group + 1), frames))
            count, best = part.stop - part.start, Likeliest(llr[group : group + 1])
            trials[part], found = self._group(lanes_of(llr[group : group + 1], count), best)
            words[group], ok[part] = best.words[0], found & ~frame_flags(best.tied, count)
        return words, ok, {"trials": trials}

    def _group(self, llr: Groups, best: Likeliest) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Put what is found of up to 64 frames, float32 (n, frames), into ``best``.

        Returns how many times each was decoded, and whether anything was found.
        """
        frames = llr.shape[1]
        trials, found = np.zeros(frames, np.int32), np.zeros(frames, np.bool_)
        owner, open_ = np.arange(frames), llr
        for _ in range(self.guesses):
            bit, every = self._to_guess(open_), np.arange(len(owner))
            both = np.concatenate([open_, open_], axis=1)
            both[bit, every], both[bit, every + len(owner)] = CERTAIN, -CERTAIN
            owner = np.concatenate([owner, owner])
            trials += np.bincount(owner, minlength=frames).astype(np.int32)
            result = self.first.decode_groups(GroupInput(len(owner), llr=grouped(both)))
            found[owner[result.ok]] = True
            words = unpacked(self._linear.encode_words(result.bits), len(owner))
            self._take(words[result.ok], owner[result.ok], frames, best)
            owner, open_ = owner[~result.ok], np.ascontiguousarray(both[:, ~result.ok])
            if len(owner) == 0:
                break
        return trials, found

    def _to_guess(self, llr: Groups) -> npt.NDArray[np.intp]:
        """The bit to guess of each frame, from LLRs, float32 (n, frames)."""
        soft, graph = self._soft.run(llr, self.iterations), self._linear.tanner_graph
        trace = graph_matrix(graph).astype(np.int32)
        violated = trace @ (soft.last < 0).astype(np.int32) % 2
        count = np.where(np.abs(llr) < CERTAIN, trace.T @ violated, -1)
        among = count == count.max(axis=0)
        chosen: npt.NDArray[np.intp] = np.where(among, np.abs(soft.mean), np.inf).argmin(axis=0)
        return chosen

    @staticmethod
    def _take(words: Bits, owner: npt.NDArray[np.intp], frames: int, best: Likeliest) -> None:
        """Offer codewords, uint8 (words, n), to the frames that own them, one of each at a time."""
        while len(owner):
            own, first = np.unique(owner, return_index=True)
            rows = np.zeros((frames, words.shape[1]), np.uint8)
            rows[own] = words[first]
            best.add(packed(rows), packed_flags(np.isin(np.arange(frames), own)))
            words, owner = np.delete(words, first, axis=0), np.delete(owner, first)
