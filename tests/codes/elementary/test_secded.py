"""Hsiao's codes: the numbers of his paper, single errors corrected, double ones detected."""

from itertools import combinations

import numpy as np
import pytest
from capgap.codes import SECDEDCode, SyndromeDecoder

from tests.codes.samples import assert_is_linear_code, random_bits


# Hsiao, 1970, table 1: n, k and the ones of the parity-check matrix.
@pytest.mark.parametrize(("k", "n", "ones"), [(8, 13, 29), (16, 22, 54), (32, 39, 103), (64, 72, 216)])
def test_the_codes_of_the_paper(k: int, n: int, ones: int) -> None:
    code = SECDEDCode(k=k)
    check = code.parity_check_matrix
    assert (code.n, check.sum()) == (n, ones)
    assert len(np.unique(check, axis=1).T) == n
    assert (check.sum(axis=0) % 2 == 1).all()
    assert np.ptp(check.sum(axis=1)) <= 1
    assert_is_linear_code(code)


@pytest.mark.parametrize("k", [1, 4, 5, 20, 64])
def test_one_error_is_corrected_and_two_are_detected(k: int) -> None:
    code = SECDEDCode(k=k)
    word = code.encode(random_bits(1, k))
    decoder = SyndromeDecoder(code)
    single = decoder.decode(1 - 2.0 * (word ^ np.eye(code.n, dtype=np.uint8)))
    assert single.ok.all()
    assert (single.bits == word[:, :k]).all()
    pairs = np.array(list(combinations(range(code.n), 2)))
    errors = np.zeros((len(pairs), code.n), np.uint8)
    errors[np.arange(len(pairs))[:, None], pairs] = 1
    assert not decoder.decode(1 - 2.0 * (word ^ errors)).ok.any()


@pytest.mark.parametrize("k", [0, 4097])
def test_k_is_in_its_range(k: int) -> None:
    with pytest.raises(ValueError, match="k must lie in 1 to 4096"):
        SECDEDCode(k=k)
