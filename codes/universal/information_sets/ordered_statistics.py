"""Ordered statistics decoding.

M. P. C. Fossorier and S. Lin, "Soft-decision decoding of linear block codes based on ordered statistics",
1995; for sufficient conditions by the minimum distance, D. J. Taipale and M. B. Pursley, "An improvement to
generalized-minimum-distance decoding", 1991.
"""

import math
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GroupInput, Soft, all_erased
from ....vectors.llr_grid import on_grid
from ....vectors.whole_numbers import whole_number
from ...binary import gf2
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...linear import LinearCode
from ...tie_breaking import BitStream, hard_words
from .known_distance import known_distance
from .ordered_statistics_kernels import decode_ordered

#: Most entries of the generator matrix: the elimination of a frame takes n k^2 / 64 steps on words.
MAX_ENTRIES = 1 << 22
#: Most candidates of a frame, which take some 4 ns for each 64 checks.
MAX_CANDIDATES = 1 << 27


class OrderedStatisticsDecoder(Decoder):
    """Tries the codewords that differ from the decisions in a few of the most reliable independent bits.

    Of the k most reliable positions that determine a codeword, the most reliable basis, up to ``order`` bits
    are changed, and the most likely of the codewords that follow is decided for. Order 0 is to re-encode, and
    order k maximum likelihood; near to it comes an order of about d_min / 4.

    Cost: a frame takes an elimination of some n k^2 / 64 steps on words, and up to the sum of
    (k choose j), j = 0 to ``order``, candidates of (n - k) / 8 look-ups each. For a (128, 64) code that is
    2081, 43745 and 679121 candidates at order 2, 3 and 4; the bound leaves out most of them.

    Parameters
    ----------
    code
        A linear code, with a generator matrix of up to 2^22 entries.
    order
        How many bits of the basis may be wrong, from 0 to k, such that there are at most 2^27 candidates; 2
        if left out, or k where that is less.
    stop
        ``bound``: candidates are left out where what they cost in the basis, and the least that the minimum
        distance asks for beside it, is more than the best one has in all. That changes no decision. ``none``:
        all candidates are tried.

    Notes
    -----
    The counter ``candidates`` is how many codewords were made. The bound knows the minimum distance where
    that has a formula or is found by enumerating 2^16 words of the code or of its dual. An erased bit of the
    basis is decided by a coin. ``ok`` is False where another candidate is as likely, and where all of a frame
    is erased.

    Raises
    ------
    ValueError
        If the code is not linear or is too large, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> decoder = OrderedStatisticsDecoder(HammingCode(r=3), order=1)
    >>> decoder.decode([1.0, 3.0, -0.5, 2.0, 4.0, 2.0, 1.5]).bits
    array([0, 0, 0, 0], dtype=uint8)
    """

    counters = ("candidates",)
    counts_ml_errors = True
    universal = True
    examples: ClassVar[Examples] = ({}, {"order": 1, "stop": "none"})

    def __init__(
        self, code: Code, *, order: int | None = None, stop: Literal["bound", "none"] = "bound"
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        if stop not in ("bound", "none"):
            raise ValueError(f"stop must be bound or none, got {stop!r}")
        #: The parameters of these names.
        self.order, self.stop = checked_order(code, min(2, code.k) if order is None else order), stop
        _ = code.information_set  # raises where two messages have the same codeword
        self._columns = gf2.pack(np.ascontiguousarray(code.generator_matrix.T))
        self._distance = known_distance(code) if stop == "bound" else 1

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with a generator matrix of up to 2^22 entries."""
        if not isinstance(code, LinearCode):
            return f"osd decodes linear codes, not {code!r}: use ml"
        if code.n * code.k > MAX_ENTRIES:
            steps = code.n * code.k * code.k / 64
            return (
                f"osd eliminates a generator matrix for each frame, of up to n k = 2^22 entries; {code!r} "
                f"would take {steps:.0e} steps a frame: use {code.default_decoder}"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        code, frames = self._linear, given.frames
        llr = on_grid(given.soft(), any_level=True, alone=True)
        hard, _ = hard_words(llr, frames, stream)
        words = np.zeros_like(hard)
        tied, candidates = np.zeros(frames, np.bool_), np.zeros(frames, np.int32)
        decode_ordered(
            llr,
            hard,
            reliability_order(llr, frames),
            frames,
            self._columns,
            code.k,
            self.order,
            self._distance,
            self.stop == "bound",
            words,
            tied,
            candidates,
        )
        bits = code.information_words(words)
        return GroupResult(bits, ~tied & ~all_erased(given), counters={"candidates": candidates})


def checked_order(code: LinearCode, order: int) -> int:
    """The order, if a code may have it. Raises ValueError."""
    order = whole_number(order, "order")
    if not 0 <= order <= code.k:
        raise ValueError(f"order must lie in 0 to k = {code.k}, got {order}")
    count = candidates_of(code.k, order)
    if count > MAX_CANDIDATES:
        most = max(i for i in range(order) if candidates_of(code.k, i) <= MAX_CANDIDATES)
        raise ValueError(
            f"order must be at most {most} for k = {code.k}: order {order} has {count:.2e} candidates a "
            f"frame, and 2^27 are allowed"
        )
    return order


def candidates_of(k: int, order: int) -> int:
    """How many words of k bits have up to so many ones."""
    return sum(math.comb(k, i) for i in range(order + 1))


def reliability_order(llr: Soft, frames: int) -> npt.NDArray[np.uint64]:
    """Positions of each frame from the most reliable to the least, uint64 (frames, n), in the lower 32 bits.

    ``llr`` is float32 (groups, n, 64). Of equals the earlier position comes first.
    """
    groups, n, lanes = llr.shape
    size = np.abs(np.ascontiguousarray(llr)).view(np.uint32)  # as whole numbers, floats are in the same order
    keys = np.empty((groups, lanes, n), np.uint64)
    keys[:] = (np.uint32(2**32 - 1) - size).transpose(0, 2, 1)
    keys <<= np.uint64(32)
    keys |= np.arange(n, dtype=np.uint64)
    flat = keys.reshape(groups * lanes, n)[:frames]
    flat.sort(axis=1)
    return flat
