"""Searches for words of low weight, where the weights are known."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from capgap.codes import HammingCode, LDPCCode, LinearCode, ReedMullerCode, UncodedCode
from capgap.codes.matrix_files.quasi_cyclic import expand
from capgap.codes.universal.information_sets.low_weight_words import low_weight_words

from tests.codes.ldpc.analysis.test_cycles import TANNER


@pytest.mark.parametrize(
    ("make", "weight", "words"),
    [
        (partial(HammingCode, r=4), 3, 35),
        (partial(ReedMullerCode, r=2, m=5), 8, 620),
        (partial(UncodedCode, k=9), 1, 9),
    ],
    ids=["Hamming", "Reed-Muller", "uncoded"],
)
def test_all_words_of_least_weight(make: Callable[[], LinearCode], weight: int, words: int) -> None:
    code = make()
    found = low_weight_words(code, seconds=60, sets=100)
    assert (min(found.counts), found.counts[weight]) == (weight, words)
    assert not code.syndrome(found.lightest).any()
    assert (found.lightest.sum(axis=1) == weight).all()
    assert len(np.unique(found.lightest, axis=0)) == words


def test_sparse_checks_lead_to_light_words() -> None:
    """Tanner's code has distance 20 (R. M. Tanner, 2001), mobile WiMAX's shortest 13 by published searches."""
    found = low_weight_words(LDPCCode(expand(TANNER, 31)), seconds=60, sets=300)
    assert min(found.counts) == 20
    assert found.counts[20] > 100
    wimax = LDPCCode.from_standard("wimax", 576, "1/2")
    found = low_weight_words(wimax, seconds=60, sets=60)
    assert min(found.counts) == 13
    assert not wimax.syndrome(found.lightest).any()
    again = low_weight_words(wimax, seconds=60, sets=60)
    assert (again.counts, again.sets) == (found.counts, 60)


def test_codes_that_are_too_large_are_told() -> None:
    with pytest.raises(ValueError, match=r"n k must be at most 16777216 .*, it is 2099520000"):
        low_weight_words(LDPCCode.from_standard("dvb-s2"), seconds=1)
