"""Lists that are tried anew where the check fails, with the paths that were left out at a bit.

Y. Yu, Z. Pan, N. Liu and X. You, "Successive cancellation list bit-flip decoder for polar codes", 2018; which
bits first, Y.-H. Pan, C.-H. Wang and Y.-L. Ueng, "Generalized SCL-flip decoding of polar codes", 2020.
"""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, GroupInput, Soft, all_erased, frame_flags, packed, unpacked
from .....vectors.llr_grid import on_grid
from ....code import Bits, Code
from ....decoder import GroupResult
from ....examples import Examples
from ....tie_breaking import BitStream
from ..gathering import gathered
from ..parameters import BoxPlus, checked_flips
from .successive_cancellation_list import ListSearch, Paths, SCLDecoder


class SCLFlipDecoder(SCLDecoder):
    """A list decoder that tries again where no path passes the check.

    In each further attempt the list keeps, at one information bit, the half of its candidates that it left
    out there: at that bit first where what was left out was most probable, over what was kept.

    Parameters
    ----------
    code
        A polar code; the decoder is named on a code with a check around it.
    list
        How many paths: a power of two up to 1024.
    flips
        How many further attempts, from 1 to 1024.
    box_plus
        ``exact`` or ``min-sum``.

    Notes
    -----
    A frame is ``ok`` if a path passes in some attempt; else it is decided as without further attempts.

    Raises
    ------
    ValueError
        If the code is no polar code, has no check, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import PolarCode, CRCCode, decoder_of
    >>> code = CRCCode(PolarCode(information=range(8, 32), n=32), polynomial=3, bits=4)
    >>> decoder_of(code, SCLFlipDecoder, list=4, flips=8)
    CheckedDecoder(SCLFlipDecoder(PolarCode(n=32, k=24)))
    """

    needs_check = True
    examples: ClassVar[Examples] = (
        {
            "code": {
                "type": "crc",
                "polynomial": 3,
                "bits": 4,
                "code": {"type": "polar", "n": 32, "k": 16},
            },
            "list": 2,
            "flips": 4,
        },
    )

    def __init__(self, code: Code, *, list: int = 8, flips: int = 10, box_plus: BoxPlus = "exact") -> None:
        super().__init__(code, list=list, box_plus=box_plus)
        #: The parameter of this name.
        self.flips = checked_flips(flips)
        self.lacks = "scl-flip takes a check that tells wrong frames: put the code into a crc code"
        self._each_bit = ListSearch(self.code, self.list, box_plus, each_bit=True)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        result = super().decode_groups(given, stream)
        at = np.flatnonzero(~result.ok & ~all_erased(given))
        if self._check is None or len(at) == 0:
            return result
        bits, ok = unpacked(result.bits, given.frames).copy(), result.ok.copy()
        llr = given.soft()
        # As many at a time as a pass of the usual decoder has groups, so that memory stays within bounds.
        for first in range(0, len(at), GROUP):
            some = at[first : first + GROUP]
            found, passed = self._try_again(gathered(llr, some), len(some))
            bits[some[passed]], ok[some[passed]] = found[passed], True
        return GroupResult(packed(bits), ok)

    def _try_again(self, llr: Soft, frames: int) -> tuple[Bits, npt.NDArray[np.bool_]]:
        """Bits, uint8 (frames, k), and whether an attempt passed, of LLRs (1, n, 64) of so many frames."""
        if self.box_plus == "min-sum":
            llr = on_grid(llr, any_level=True, alone=True)
        scores = np.zeros((GROUP, self.code.n), np.float32)
        position = np.full(GROUP, -1, np.int64)
        self._each_bit.find(llr, frames, position, scores)
        order = np.argsort(-scores, axis=1, kind="stable")
        bits, passed = np.zeros((frames, self.code.k), np.uint8), np.zeros(frames, np.bool_)
        for attempt in range(min(self.flips, self.code.k)):
            open_ = np.flatnonzero(~passed)
            if len(open_) == 0:
                break
            llr_open = np.zeros_like(llr)
            llr_open[0, :, : len(open_)] = llr[0][:, open_]
            position[:] = -1
            position[: len(open_)] = order[open_, attempt]
            paths = self._each_bit.find(llr_open, len(open_), position, np.zeros_like(scores))
            found, taken = self._best_that_passes(paths, len(open_))
            bits[open_[taken]], passed[open_[taken]] = found[taken], True
        return bits, passed

    def _best_that_passes(self, paths: Paths, frames: int) -> tuple[Bits, npt.NDArray[np.bool_]]:
        """Bits, uint8 (frames, k), of the best path that passes, and whether there is one, of one group."""
        assert self._check is not None
        bits, taken = np.zeros((frames, self.code.k), np.uint8), np.zeros(frames, np.bool_)
        every, group = np.full(1, ~np.uint64(0), np.uint64), np.zeros(1, np.int64)
        for rank in range(self.list):
            words = self._each_bit.words(paths, rank, group, every)
            passes = frame_flags(self._check.accepts(words), frames)
            passes = passes & ~taken & np.isfinite(paths.metrics[0, :frames, rank])
            bits[passes] = unpacked(words, frames)[passes]
            taken |= passes
        return bits, taken
