"""Peeling, beside a slow reference, and maximum likelihood over the same erasures."""

import time

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import ErasureDecoder, LDPCCode, LinearCode, PeelingDecoder

from tests.codes.ldpc.decoding.samples import CODES, hard_llrs
from tests.references.hard_messages import peel


@CODES.each("code")
@pytest.mark.parametrize("iterations", [1, 2, None])
def test_peeling(code: LinearCode, iterations: int | None) -> None:
    """With errors beside the erasures, too: those stay, and frames in which a check shows them are not ok."""
    H, llr = code.parity_check_matrix, hard_llrs(code, 100, 0.01, 0.25)
    result = PeelingDecoder(code, iterations=iterations).decode(llr, Stream(2, len(llr)))
    for frame in range(len(llr)):
        bits, left = peel(H, (llr[frame] < 0).astype(int), llr[frame] == 0, iterations or 20)
        fits = not (bits @ H.T % 2).any()
        assert result.ok[frame] == (fits and not left.any())
        own = left[code.information_set]
        decided = code.encode(result.bits[frame])[code.information_set]
        np.testing.assert_array_equal(decided[~own], bits[code.information_set][~own])
    assert result.ok.mean() < 1


def test_maximum_likelihood_resolves_whatever_peeling_resolves() -> None:
    code = LDPCCode.regular(1008, 504, 3)
    llr = hard_llrs(code, 200, 0, 0.44)[:-25]
    peeled, solved = PeelingDecoder(code).decode(llr), ErasureDecoder(code).decode(llr)
    np.testing.assert_array_equal(solved.bits[peeled.ok], peeled.bits[peeled.ok])
    assert (solved.ok | ~peeled.ok).all()
    assert 0 < peeled.ok.sum() < solved.ok.sum()


def test_coins_are_for_what_is_left() -> None:
    code = LDPCCode.regular(96, 48, 3)
    result = PeelingDecoder(code).decode(np.zeros((400, 96)), Stream(1, 400))
    assert not result.ok.any()
    assert (result.iterations == 0).all()
    assert abs(result.bits.mean() - 0.5) < 0.02


@pytest.mark.slow
def test_long_codes_are_solved_by_inactivation() -> None:
    """16,200 bits above the threshold of peeling, where a dense elimination would take minutes a frame."""
    code = LDPCCode.regular(16_200, 8_100, 3)
    llr = hard_llrs(code, 64, 0, 0.47)[:-8]
    ErasureDecoder(code).decode(llr[:1])
    begin = time.process_time()
    result = ErasureDecoder(code).decode(llr)
    assert time.process_time() - begin < 0.2 * len(llr)
    assert result.ok.all()
    assert not PeelingDecoder(code).decode(llr).ok.any()
