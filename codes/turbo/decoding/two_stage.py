"""Decoding of codes in series once each, the inner code first (Forney, "Concatenated Codes", 1966)."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ....vectors.groups import GroupInput, Reads, ungrouped
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...tie_breaking import BitStream
from ..concatenated import ConcatenatedCode, codes_in_series, not_in_series


class TwoStageDecoder(Decoder):
    """Decodes the inner code, and the outer code with what was decided as hard values.

    As with Reed-Solomon codes behind a Viterbi decoder. Any decoders of the two codes will do. A frame is
    ``ok`` if the outer code's decoder says so; what that counts is counted. Its ties go by fixed bits.

    Parameters
    ----------
    code
        Two codes in series.
    outer, inner
        Decoders of the two codes.

    Raises
    ------
    ValueError
        If the code is not two in series, or a decoder is not one of its part.

    Examples
    --------
    >>> from capgap.codes import HammingCode, RepetitionCode, SyndromeDecoder, MajorityDecoder
    >>> outer, inner = HammingCode(r=3), RepetitionCode(n=21, k=7)
    >>> code = ConcatenatedCode(outer, inner)
    >>> decoder = TwoStageDecoder(code, outer=SyndromeDecoder(outer), inner=MajorityDecoder(inner))
    >>> decoder.decode(1.0 - 2 * code.encode([1, 0, 1, 1])).bits.tolist()
    [1, 0, 1, 1]
    """

    examples: ClassVar[Examples] = (
        {
            "code": {
                "type": "concatenated",
                "outer": {"type": "hamming", "r": 3},
                "inner": {"type": "convolutional", "generators": [5, 7], "k": 7},
            },
            "outer": {"type": "syndrome"},
            "inner": {"type": "viterbi"},
        },
    )

    def __init__(self, code: Code, *, outer: Decoder, inner: Decoder) -> None:
        super().__init__(code)
        assert isinstance(code, ConcatenatedCode)
        for name, part, decoder in (("outer", code.outer, outer), ("inner", code.inner, inner)):
            if decoder.code is not part:
                raise ValueError(f"{name} must be a decoder of {part!r}, got {decoder!r}")
        self.outer, self.inner = outer, inner
        self.counters, self.counts_failures = outer.counters, outer.counts_failures
        self._behind = np.argsort(code.interleaver)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes two codes in series."""
        return not_in_series("two-stage", code)

    @classmethod
    def parts(cls, code: Code) -> Mapping[str, Code]:
        """The two codes."""
        return codes_in_series(code)

    @property
    def reads(self) -> Reads:
        """What the inner code's decoder reads."""
        return self.inner.reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        decided = self.inner.decode_groups(given, stream)
        between = np.take(decided.bits, self._behind, axis=1)
        received = GroupInput(given.frames, hard=between)
        if self.outer.reads.kind == "soft":
            lanes: Any = ungrouped(received.soft(), given.frames)
            received = GroupInput.of_lanes(lanes, self.outer.reads)
        # Without the stream: how many of its coins the first decoder took may depend on other frames.
        found = self.outer.decode_groups(received)
        return GroupResult(found.bits, found.ok, _added(decided.iterations, found.iterations), found.counters)


def _added(first: Any, second: Any) -> Any:
    """Iterations of both, where either iterates."""
    return second if first is None else first if second is None else first + second
