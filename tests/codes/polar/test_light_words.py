"""Words of least weight where no formula counts them, against all codewords."""

import numpy as np
import pytest
from capgap.codes import PolarCode
from capgap.codes.polar.pretransform import Pretransform

from tests.codes.polar.samples import unmatched


def counted(code: PolarCode) -> tuple[int, int, float]:
    """Least weight, codewords of that weight, and the ones in their messages, by enumeration."""
    bits = (np.arange(1, 1 << code.k)[:, None] >> np.arange(code.k) & 1).astype(np.uint8)
    weights = code.encode(bits).sum(axis=1)
    least = weights == weights.min()
    return int(weights.min()), int(least.sum()), float(bits[least].sum())


@pytest.mark.parametrize("seed", range(12))
def test_codes_that_are_not_decreasing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    information = np.sort(generator.choice(32, 12, replace=False))
    code = PolarCode(information=information, n=32)
    found = code.low_weights()
    assert found is not None
    weight, words, ones = counted(code)
    assert (found.weights, found.codewords) == ((weight,), (words,))
    assert found.ones[0] == pytest.approx(ones)


@pytest.mark.parametrize("seed", range(8))
def test_dynamic_frozen_bits(seed: int) -> None:
    """A list finds at least some, and here all: it has more paths than there are light words."""
    generator = np.random.default_rng(seed)
    information = np.sort(generator.choice(np.arange(8, 32), 12, replace=False))
    sums = {i: np.flatnonzero(generator.integers(0, 2, i)).tolist() for i in range(32)}
    code = PolarCode(information=information, n=32, pretransform=Pretransform(32, sums))
    found = code.low_weights()
    assert found is not None
    weight, words, ones = counted(code)
    assert (found.weights, found.codewords) == ((weight,), (words,))
    assert found.ones[0] == pytest.approx(ones)


def test_info_says_how_words_were_found() -> None:
    assert unmatched(n=64, k=32).info()["counted"] == "among those of the rows of least weight"
    code = unmatched(n=128, k=64, construction="reed-muller", convolution=133)
    assert code.info()["least weight"] == 16
    assert code.info()["counted"] == "by a list of 1024 paths: at least so many"
    assert code.low_weights() is None
