"""Codes that send their information in segments, each a codeword of the same code.

The direct sum of codes: MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.9.
"""

import numpy as np

from ...vectors.groups import GroupInput, Words, frame_flags
from ...vectors.whole_numbers import whole_number
from ..code import Code, check_array
from ..composite import CompositeCode
from ..decoder import CompositeDecoder, Decoder, GroupResult
from ..tie_breaking import BitStream


class SegmentedCode(CompositeCode):
    """Several codewords of a code, one after the other, as one frame.

    Parameters
    ----------
    inner
        The code of a segment.
    segments
        How many there are, at least 1.
    filler
        Information bits of the first segment, its first ones, that are 0 and none of the frame's; fewer than
        there are.

    Raises
    ------
    ValueError
        If segments or filler is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> code = SegmentedCode(HammingCode(r=3), segments=2, filler=1)
    >>> code.n, code.k
    (14, 7)
    """

    def __init__(self, inner: Code, *, segments: int, filler: int = 0) -> None:
        segments, filler = whole_number(segments, "segments"), whole_number(filler, "filler")
        if segments < 1:
            raise ValueError(f"segments must be at least 1, got {segments}")
        if not 0 <= filler < inner.k:
            raise ValueError(f"filler must lie in 0 to {inner.k - 1}, got {filler}")
        super().__init__(inner, n=segments * inner.n, k=segments * inner.k - filler)
        self.segments, self.filler = segments, filler

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        groups = len(words)
        whole = np.zeros((groups, self.segments * self.inner.k), np.uint64)
        whole[:, self.filler :] = words
        sent = self.inner.encode_words(whole.reshape(groups * self.segments, self.inner.k))
        return sent.reshape(groups, self.n)

    def around(self, inner: Code) -> "SegmentedCode":
        """Segments of another code."""
        return SegmentedCode(inner, segments=self.segments, filler=self.filler)

    def decoder_around(self, decoder: Decoder) -> "SegmentedDecoder":
        """The decoder of this code that a decoder of a segment becomes."""
        return SegmentedDecoder(self, decoder)


class SegmentedDecoder(CompositeDecoder):
    """Decodes one segment after the other; a frame is ``ok`` if all are, and the filler bits 0.

    Parameters
    ----------
    code
        A code in segments.
    inner
        A decoder of a segment.
    """

    code: SegmentedCode

    def inner_given(self, given: GroupInput) -> GroupInput:
        """What the decoder of the first segment is given."""
        return self._segment(given, 0)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        filler, segments = self.code.filler, range(self.code.segments)
        results = [self.inner.decode_groups(self._segment(given, i), stream) for i in segments]
        first = results[0]
        ok = ~frame_flags(np.bitwise_or.reduce(first.bits[:, :filler], axis=1), given.frames)
        for result in results:
            ok &= result.ok

        def together(parts: list[Words]) -> Words:
            return np.ascontiguousarray(np.concatenate(parts, axis=1)[:, filler:])

        spent = [result.iterations for result in results if result.iterations is not None]
        return GroupResult(
            together([result.bits for result in results]),
            ok,
            np.sum(spent, axis=0, dtype=np.int32) if spent else None,
            {
                name: np.sum([result.counters[name] for result in results], axis=0, dtype=np.int32)
                for name in self.counters
            },
            tuple(
                together(list(after)) for after in zip(*(r.after_iterations for r in results), strict=True)
            ),
        )

    def _segment(self, given: GroupInput, i: int) -> GroupInput:
        """What was received of a segment."""
        n = self.code.inner.n
        return given.between(i * n, (i + 1) * n)
