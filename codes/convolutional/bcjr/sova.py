"""The soft-output Viterbi algorithm.

J. Hagenauer and P. Hoeher, "A Viterbi algorithm with soft-decision outputs and its applications", 1989.
"""

from typing import ClassVar

import numpy as np

from ....vectors.group_kernels import GROUP, MESSAGE_MAX
from ....vectors.groups import GroupInput, Reads
from ....vectors.llr_grid import on_grid
from ...code import Code
from ...decoder import GroupResult
from ...examples import Examples
from ...soft_decoder import SoftDecoder, SoftResult, Values
from ...tie_breaking import BitStream, frames_without, hard_words
from ..convolutional import ConvolutionalCode
from ..trellis.trellis_tables import rows_of_room, trellis_tables
from .bcjr import certain_inputs, rows_of_outputs
from .bcjr_kernels import TRUNCATED, ZERO
from .sova_kernels import decode_sova

#: Most states times steps, of all of which metrics are kept: 128 MB.
MAX_METRICS = 1 << 21


class SovaDecoder(SoftDecoder):
    """Soft-output Viterbi: decides by the most likely codeword, and tells how much less likely others are.

    Wherever another way ends in the most likely one, or where frames end anywhere, it is followed back to
    where it left it. Bits in which the two differ are at most as reliable as the difference of their metrics.
    This is the rule of Hagenauer and Hoeher: ways that lose against such other ways are not looked at. So
    decisions are those of max-log ``bcjr``, and magnitudes the same or larger. A bit in which two most likely
    codewords differ has an LLR of 0 and is a coin: where words tie, as over the BSC, more frames are wrong
    than with ``viterbi``, and as many bits.

    Parameters
    ----------
    code
        A convolutional code, not tail-biting.

    Raises
    ------
    ValueError
        If the code is not convolutional, or tail-biting, or has more than 2^21 states in all its steps.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> decoder = SovaDecoder(ConvolutionalCode(generators=[5, 7], k=2))
    >>> decoder.soft([-4.0, -4.0, 1.0, 4.0, -4.0, 4.0, -4.0, -4.0]).information.tolist()
    [-20.0, -15.0]
    """

    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, ConvolutionalCode)
        self._convolutional = code
        self._tables = trellis_tables(code.encoder.circuit.trellis)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes convolutional codes that are not tail-biting."""
        if not isinstance(code, ConvolutionalCode):
            return f"sova decodes convolutional codes, not {code!r}"
        if code.termination == "tail-biting":
            return "sova decodes frames that begin at 0; bcjr decodes tail-biting ones"
        if code.encoder.all_steps << code.memory > MAX_METRICS:
            return f"sova keeps metrics of at most {MAX_METRICS} states in all steps: {code!r} has more"
        return None

    @property
    def reads(self) -> Reads:
        """LLRs: float32 up to a magnitude of 16384."""
        return Reads(limit=float(MESSAGE_MAX))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        bits, tied = hard_words(self.soft_groups(given).information, given.frames, stream)
        return GroupResult(bits, frames_without(tied, given.frames))

    def soft_groups(self, given: GroupInput, prior: Values | None = None) -> SoftResult:
        """LLRs of groups of 64 frames, with magnitudes up to 2^20."""
        self.check_given(given)
        code = self._convolutional
        assert given.llr is not None
        llr = on_grid(given.llr, any_level=True, alone=True)
        known = np.empty((0, code.k, GROUP), np.float32)
        if prior is not None:
            known = np.clip(np.ascontiguousarray(prior, np.float32), -MESSAGE_MAX, MESSAGE_MAX)
        information = np.empty((len(llr), code.k, GROUP), np.float32)
        coded = np.empty((len(llr), code.n, GROUP), np.float32)
        decode_sova(
            llr,
            known,
            self._tables,
            np.arange(code.k, dtype=np.int32),
            rows_of_outputs(code),
            code.encoder.all_steps,
            code.encoder.steps,
            ZERO if code.termination == "zero" else TRUNCATED,
            rows_of_room(self._tables, code.encoder.all_steps, code.encoder.all_steps),
            np.array([1e30, certain_inputs(code, 1e30), 0], np.float32),
            information,
            coded,
        )
        return SoftResult(information, coded)
