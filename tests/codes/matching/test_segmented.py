"""Codes in segments."""

import numpy as np
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    HammingCode,
    SegmentedCode,
    SegmentedDecoder,
    SyndromeDecoder,
    decoder_of,
)
from capgap.codes.by_name import ldpc


def test_segments_are_words_of_the_code_one_after_the_other() -> None:
    inner = HammingCode(r=3)
    code = SegmentedCode(inner, segments=3, filler=2)
    assert (code.n, code.k) == (21, 10)
    bits = np.random.default_rng(1).integers(0, 2, (70, 10), np.uint8)
    whole = np.hstack([np.zeros((70, 2), np.uint8), bits])
    expected = np.hstack([inner.encode(whole[:, 4 * i : 4 * i + 4]) for i in range(3)])
    assert (code.encode(bits) == expected).all()


def test_each_segment_is_decoded_by_itself() -> None:
    inner = HammingCode(r=3)
    code = SegmentedCode(inner, segments=2, filler=1)
    decoder = decoder_of(code, SyndromeDecoder)
    assert isinstance(decoder, SegmentedDecoder)
    generator = np.random.default_rng(2)
    llr = generator.normal(size=(100, 14)).astype(np.float32)
    result, alone = decoder.decode(llr), SyndromeDecoder(inner)
    first, second = alone.decode(llr[:, :7]), alone.decode(llr[:, 7:])
    assert (result.bits == np.hstack([first.bits, second.bits])[:, 1:]).all()
    assert (result.ok == (first.ok & second.ok & (first.bits[:, 0] == 0))).all()


def test_iterations_and_decisions_after_each_are_those_of_the_segments() -> None:
    inner = ldpc(n=48, k=24, column_weight=3)
    code = SegmentedCode(inner, segments=2)
    decoder = decoder_of(code, BeliefPropagationDecoder, iterations=4, count="iterations")
    llr = np.random.default_rng(3).normal(1, 1.2, (70, 96)).astype(np.float32)
    alone = BeliefPropagationDecoder(inner, iterations=4, count="iterations")
    result, parts = decoder.decode(llr), [alone.decode(llr[:, :48]), alone.decode(llr[:, 48:])]
    assert (result.iterations == parts[0].iterations + parts[1].iterations).all()
    assert len(result.after_iterations) == 4
    for i, after in enumerate(result.after_iterations):
        assert (after == np.hstack([part.after_iterations[i] for part in parts])).all()


@pytest.mark.parametrize(
    ("segments", "filler", "message"),
    [(0, 0, "segments must be at least 1, got 0"), (2, 4, "filler must lie in 0 to 3, got 4")],
)
def test_bad_numbers_are_refused(segments: int, filler: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SegmentedCode(HammingCode(r=3), segments=segments, filler=filler)
