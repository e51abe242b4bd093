"""Decoders that pass messages over the factor graph of the polar transform: what they have in common."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.group_kernels import GROUP, MESSAGE_MAX
from .....vectors.groups import GroupInput, Reads, Words
from .....vectors.llr_grid import on_grid
from ....code import Code
from ....decision_kernels import decide_repetitions
from ....decoder import GroupResult, iterations_within
from ....soft_decoder import SoftDecoder, SoftResult, Values
from ....tie_breaking import BitStream, break_ties, frames_without
from ...polar import PolarCode
from ..parameters import BoxPlus, check_box_plus, not_polar

Counts = npt.NDArray[np.int32]


class MessagePassingDecoder(SoftDecoder):
    """A decoder of polar codes with LLRs of all bits, of which the signs are the decisions.

    Parameters
    ----------
    code
        A polar code with kernels of size 2 and frozen bits of 0.
    iterations
        The most iterations, from 1 to 100,000.
    box_plus
        ``exact`` or ``min-sum``.

    Raises
    ------
    ValueError
        If the code is no such code or a parameter is outside its range.
    """

    #: Its name in configurations.
    name: ClassVar[str]
    code: PolarCode

    def __init__(self, code: Code, *, iterations: int, box_plus: BoxPlus) -> None:
        super().__init__(code)
        #: The parameters of these names.
        self.iterations = iterations_within(iterations)
        check_box_plus(box_plus)
        self.box_plus: BoxPlus = box_plus

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes with kernels of size 2 and without a pretransform."""
        if not isinstance(code, PolarCode):
            return not_polar(cls.name, code)
        if not code.binary_kernels:
            return f"{cls.name} decodes polar codes with kernels of size 2, not {code.kernels}: use sc"
        if code.pretransform is not None:
            given = f"whose frozen bits are 0, not sums of earlier bits as in {code!r}"
            return f"{cls.name} decodes polar codes {given}: use scl"
        return None

    @property
    def reads(self) -> Reads:
        """LLRs: float32 up to a magnitude of 16384."""
        return Reads(limit=float(MESSAGE_MAX))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        found, spent = self._posterior(given, None)
        bits, undecided = _decisions(found.information)
        break_ties(bits, undecided, np.arange(self.code.k), given.frames, stream)
        word, open_ = _decisions(found.coded)
        wrong = word ^ self.code.encode_words(bits)
        if open_ is not None:
            wrong |= open_
        return GroupResult(bits, frames_without(wrong, given.frames), spent)

    def soft_groups(self, given: GroupInput, prior: Values | None = None) -> SoftResult:
        """A-posteriori LLRs of groups of 64 frames."""
        self.check_given(given)
        return self._posterior(given, prior)[0]

    def _posterior(self, given: GroupInput, prior: Values | None) -> tuple[SoftResult, Counts]:
        """A-posteriori LLRs, and the iterations that were spent on each frame."""
        code = self.code
        llr = np.asarray(given.soft(), np.float32)
        known = np.empty((0, code.k, GROUP), np.float32)
        if prior is not None:
            known = np.clip(np.ascontiguousarray(prior, np.float32), -MESSAGE_MAX, MESSAGE_MAX)
        if code.systematic and prior is not None:  # the information bits are coded bits
            llr = llr.copy()
            llr[:, code.information] += known
            known = known[:0]
        if self._additive:
            llr = on_grid(llr, any_level=True, alone=True)
        information = np.zeros((len(llr), code.k, GROUP), np.float32)
        coded = np.zeros(llr.shape, np.float32)
        spent = self._pass_messages(llr, known, given.frames, information, coded)
        if code.systematic:
            information = np.ascontiguousarray(coded[:, code.information])
        return SoftResult(information, coded), spent

    @property
    def _additive(self) -> bool:
        """Whether messages are sums and differences of what was received: then ties are to be ties."""
        return self.box_plus == "min-sum"

    def _pass_messages(
        self, llr: Values, prior: Values, frames: int, information: Values, coded: Values
    ) -> Counts:
        """Fill in the LLRs of the bits at information positions of u, and of coded bits.

        Returns the iterations that were spent, int32 (frames). ``prior`` has no group where nothing is known.
        """
        raise NotImplementedError


def _decisions(llr: Values) -> tuple[Words, Words | None]:
    """Decisions on LLRs, uint64 (groups, m), and where they are 0, None if nowhere."""
    bits, undecided = np.empty(llr.shape[:2], np.uint64), np.empty(llr.shape[:2], np.uint64)
    return bits, undecided if decide_repetitions(llr, bits, undecided) else None
