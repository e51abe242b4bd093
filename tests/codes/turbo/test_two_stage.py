"""Codes in series decoded once each: against the two decoders one after the other."""

import numpy as np
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    ConvolutionalCode,
    HammingCode,
    SyndromeDecoder,
    TwoStageDecoder,
    ViterbiDecoder,
)
from capgap.codes.turbo.concatenated import concatenated


def test_is_the_one_decoder_behind_the_other() -> None:
    outer, inner = HammingCode(r=4), ConvolutionalCode(generators=[5, 7], k=15)
    code = concatenated(
        outer=outer, inner=inner, interleaver={"type": "convolutional", "branches": 3, "delay": 1}
    )
    rng = np.random.default_rng(1)
    bits = rng.integers(0, 2, (300, code.k), np.uint8)
    llr = (1 - 2.0 * code.encode(bits) + rng.normal(0, 0.9, (300, code.n))).astype(np.float32)
    first = ViterbiDecoder(inner).decode(llr)
    between = np.empty_like(first.bits)
    between[:, code.interleaver] = first.bits
    for kind in (SyndromeDecoder, BeliefPropagationDecoder):
        second = kind(outer).decode(1 - 2.0 * between.astype(np.float32))
        found = TwoStageDecoder(code, outer=kind(outer), inner=ViterbiDecoder(inner)).decode(llr)
        np.testing.assert_array_equal(found.bits, second.bits)
        np.testing.assert_array_equal(found.ok, second.ok)
    sent = np.take(outer.encode(bits), code.interleaver, axis=1)
    assert 0 < (found.bits != bits).any(axis=1).sum() < (first.bits != sent).any(axis=1).sum()
    with pytest.raises(ValueError, match=r"inner must be a decoder of ConvolutionalCode"):
        TwoStageDecoder(code, outer=SyndromeDecoder(outer), inner=SyndromeDecoder(outer))
