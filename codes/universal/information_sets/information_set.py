"""Information-set decoding of hard decisions.

E. Prange, "The use of information sets in decoding cyclic codes", 1962; with errors in the set, P. J. Lee and
E. F. Brickell, "An observation on the security of McEliece's public-key cryptosystem", 1988.
"""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import HARD, GroupInput, all_erased
from ....vectors.whole_numbers import whole_number
from ...binary import gf2
from ...binary.gf2_kernels import eliminate
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...linear import LinearCode
from ...tie_breaking import BitStream, break_ties
from .information_set_kernels import decode_sets
from .known_distance import known_distance
from .ordered_statistics import candidates_of

#: Most bytes of the generator matrices of all sets, and most candidates of a frame.
MAX_BYTES, MAX_CANDIDATES = 1 << 26, 1 << 27


class InformationSetDecoder(Decoder):
    """Finds the nearest of the codewords that agree with the decisions, but for a few bits, on some sets.

    Each of ``iterations`` sets of k positions that determine a codeword is tried with up to ``order`` errors
    in it; order 0 is Prange's algorithm, others are Lee and Brickell's. The sets are drawn at random with
    ``seed``, once, and are the same for all frames. It ends as soon as a word is nearer than half the minimum
    distance, where that is known (see ``osd``), and so certainly the nearest.

    Cost: a candidate takes some n / 64 steps on words, and each set has the sum of (k choose j), j = 0 to
    ``order``, of them; the sets' generator matrices are kept, n k / 8 bytes each. Of t errors a set has none
    with a probability of about (1 - k / n)^t.

    Parameters
    ----------
    code
        A linear code.
    order
        How many errors there may be in a set, from 0 to 4 and to k; 2, or k where that is less, if left out.
    iterations
        Sets that are tried at most, from 1 on, such that their matrices take at most 2^26 bytes and a frame
        has at most 2^27 candidates.
    seed
        Of the sets, 0 or more.

    Notes
    -----
    The counter ``candidates`` is how many codewords were made; iterations of a result are sets. Erased bits
    count for nothing in distances, and are decided by coins in sets. ``ok`` is False where another codeword
    that was found is as near, and where all of a frame is erased.

    Raises
    ------
    ValueError
        If the code is not linear or is too large, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> decoder = InformationSetDecoder(HammingCode(r=3), order=1)
    >>> decoder.decode([1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0]).bits
    array([0, 0, 0, 0], dtype=uint8)
    """

    reads = HARD
    counters = ("candidates",)
    universal = True
    counts_failures = True
    examples: ClassVar[Examples] = ({}, {"order": 0, "iterations": 20})

    def __init__(self, code: Code, *, order: int | None = None, iterations: int = 50, seed: int = 0) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        most = min(4, code.k)
        #: The parameters of these names.
        self.order = whole_number(min(2, code.k) if order is None else order, "order")
        self.iterations, self.seed = whole_number(iterations, "iterations"), whole_number(seed, "seed")
        if not 0 <= self.order <= most:
            raise ValueError(f"order must lie in 0 to {most} for k = {code.k}, got {order}")
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}")
        tried = candidates_of(code.k, self.order)
        longest = min(MAX_BYTES // _bytes(code), MAX_CANDIDATES // tried)
        if longest < 1:
            raise ValueError(
                f"order must be less than {self.order}, with {tried:.2e} candidates a set of 2^27 allowed"
            )
        if not 1 <= self.iterations <= longest:
            raise ValueError(
                f"iterations must lie in 1 to {longest} for this code and order, with {_bytes(code)} bytes "
                f"and {tried} candidates each, got {iterations}"
            )
        self._sets, self._generators = information_sets(code, self.iterations, self.seed)
        self._distance = known_distance(code)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with a generator matrix of up to 2^26 bytes, packed."""
        if not isinstance(code, LinearCode):
            return f"information-set decodes linear codes, not {code!r}: use ml"
        if _bytes(code) > MAX_BYTES:
            return (
                f"information-set keeps a generator matrix for each set, all in 2^26 bytes; one of {code!r} "
                f"takes {_bytes(code):.1e}: use {code.default_decoder}"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        frames, hard = given.frames, given.hard.copy()
        break_ties(hard, given.erased, np.arange(self.code.n), frames, stream)
        erased = hard[:0] if given.erased is None else given.erased
        words = np.zeros_like(hard)
        tied = np.empty(frames, np.bool_)
        spent, candidates = np.empty(frames, np.int32), np.empty(frames, np.int32)
        decode_sets(
            hard,
            erased,
            frames,
            self._sets,
            self._generators,
            self.order,
            self._distance,
            words,
            tied,
            spent,
            candidates,
        )
        bits = self._linear.information_words(words)
        return GroupResult(bits, ~tied & ~all_erased(given), spent, counters={"candidates": candidates})


def _bytes(code: LinearCode) -> int:
    """Bytes of a packed generator matrix."""
    return code.k * -(-code.n // 64) * 8


def information_sets(code: LinearCode, count: int, seed: int) -> tuple[gf2.Indices, npt.NDArray[np.uint64]]:
    """Information sets drawn at random, int64 (count, k), and generator matrices that are the identity there.

    These are packed, uint64 (count, k, words).
    """
    generator, packed = np.random.default_rng(seed), gf2.pack(code.generator_matrix)
    sets = np.empty((count, code.k), np.int64)
    matrices = np.empty((count, *packed.shape), np.uint64)
    for chosen, matrix in zip(sets, matrices, strict=True):
        matrix[:] = packed
        if eliminate(matrix, generator.permutation(code.n), chosen) < code.k:
            raise ValueError(f"two messages of {code!r} have the same codeword")
    return sets, matrices
