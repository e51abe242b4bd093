"""Successive cancellation that tries other decisions where a check fails.

O. Afisiadis, A. Balatsoukas-Stimming and A. Burg, "A low-complexity improved successive cancellation decoder
for polar codes", 2014.
"""

import copy
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GROUP, GroupInput, Words, all_erased, frame_flags, packed
from ....vectors.llr_grid import on_grid
from ...code import Code
from ...decoder import Check, Decoder, GroupResult
from ...examples import Examples
from ...tie_breaking import BitStream
from ..polar import PolarCode
from .flip_kernels import decode_flipped
from .gathering import gathered
from .parameters import BoxPlus, checked_flips, not_polar
from .program import node_program
from .successive_cancellation import SCDecoder

Frames = npt.NDArray[np.int64]


class SCFlipDecoder(Decoder):
    """Successive cancellation; where the check fails, again with one of its decisions flipped.

    The decisions whose LLRs were least are tried one after the other, the least first, until the check
    passes. If it never does the frame is decided as at first, and not ``ok``.

    Parameters
    ----------
    code
        A polar code, with a check around it: ``{type: crc, code: {type: polar, ...}}``.
    flips
        How many are tried at most, 1 to 1024.
    box_plus
        ``exact`` or ``min-sum``, as for ``sc``.

    Notes
    -----
    The counter ``trials`` has the decodings beside the first.

    Raises
    ------
    ValueError
        If the code is no polar code or a parameter is outside its range; by ``decode`` without a check.

    Examples
    --------
    >>> from capgap.codes import by_name, decoder_of
    >>> code = by_name.crc(polynomial=0x07, code=by_name.polar(n=64, k=32))
    >>> decoder_of(code, SCFlipDecoder, flips=4).counters
    ('trials',)
    """

    needs_check = True
    counters = ("trials",)
    examples: ClassVar[Examples] = (
        {"code": {"type": "crc", "polynomial": 0x07, "code": {"type": "polar", "n": 32, "k": 20}}},
        {
            "code": {"type": "crc", "polynomial": 3, "bits": 5, "code": {"type": "polar", "n": 16, "k": 10}},
            "flips": 3,
            "box_plus": "min-sum",
        },
    )

    code: PolarCode

    def __init__(self, code: Code, *, flips: int = 8, box_plus: BoxPlus = "exact") -> None:
        super().__init__(code)
        assert isinstance(code, PolarCode)
        #: The parameters of these names.
        self.flips = checked_flips(flips)
        self._first = SCDecoder(code, box_plus=box_plus)
        self.box_plus = self._first.box_plus
        self._program = node_program(code, leaves=())
        self._check: Check | None = None
        self.lacks = "sc-flip needs a check around the code: {type: crc, code: {type: polar, ...}}"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes."""
        return not_polar("sc-flip", code)

    def with_check(self, check: Check) -> "SCFlipDecoder":
        """The same decoder, which goes on until information bits pass the check."""
        made = copy.copy(self)
        made._check, made.lacks = check, None
        return made

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        if self._check is None:
            raise ValueError(self.lacks)
        self.check_given(given)
        llr = given.soft()
        if self.box_plus == "min-sum":
            llr = on_grid(llr, any_level=True, alone=True)
        bits = self.code.information_words(self._first.codewords(llr))
        passed = frame_flags(self._check.accepts(bits), given.frames).copy()
        trials = np.zeros(given.frames, np.int32)
        open_ = np.flatnonzero(~passed)
        if len(open_):
            self._try_flips(llr, open_, bits, passed, trials)
        return GroupResult(bits, passed & ~all_erased(given), counters={"trials": trials})

    def _try_flips(
        self,
        llr: Any,
        open_: Frames,
        bits: Words,
        passed: npt.NDArray[np.bool_],
        trials: npt.NDArray[np.int32],
    ) -> None:
        """Flips in the frames ``open_``; what passes the check is put into ``bits`` and ``passed``."""
        assert self._check is not None
        _, sizes = self._flipped(llr, open_, None)
        free = np.sort(self.code.information)
        order = np.argsort(sizes[:, free], axis=1, kind="stable")[:, : self.flips]
        positions = free[order]
        for trial in range(positions.shape[1]):
            found, _ = self._flipped(llr, open_, positions[:, trial])
            accepted = frame_flags(self._check.accepts(found), len(open_))
            trials[open_] += 1
            for frame, row in zip(open_[accepted].tolist(), np.flatnonzero(accepted).tolist(), strict=True):
                _copy_frame(found, row, bits, frame)
            passed[open_[accepted]] = True
            open_, positions = open_[~accepted], positions[~accepted]
            if len(open_) == 0:
                return

    def _flipped(
        self, llr: Any, frames: Frames, positions: Frames | None
    ) -> tuple[Words, npt.NDArray[np.float32]]:
        """Information bits, packed, of some frames with the decision at a position of each flipped.

        And magnitudes of the LLRs at information positions, float32 (frames, n).
        """
        code, program, n = self.code, self._program, self.code.n
        chosen = gathered(llr, frames)
        flips = np.zeros((len(frames), n), np.uint8)
        if positions is not None:
            flips[np.arange(len(frames)), positions] = 1
        words, sizes = np.empty(chosen.shape[:2], np.uint64), np.empty(chosen.shape, np.float32)
        decode_flipped(
            chosen,
            packed(flips),
            self._first.ties,
            program.operations,
            np.array(code.kernels, np.int64),
            program.first_source,
            program.sources,
            code.frozen.view(np.uint8),
            True if self.box_plus == "exact" else None,
            sizes,
            words,
        )
        return code.information_words(words), sizes.transpose(0, 2, 1).reshape(-1, n)[: len(frames)]


def _copy_frame(source: Words, row: int, target: Words, frame: int) -> None:
    """Put one frame of packed bits into others."""
    bit = np.uint64(1) << np.uint64(frame % GROUP)
    values = source[row // GROUP] >> np.uint64(row % GROUP) & np.uint64(1)
    line = target[frame // GROUP]
    line[:] = np.where(values == 1, line | bit, line & ~bit)
