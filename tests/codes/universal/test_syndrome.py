"""The syndrome decoder finds nearest codewords."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from capgap.codes import (
    HammingCode,
    LinearCode,
    SyndromeDecoder,
)
from capgap.codes.binary import gf2
from capgap.codes.tie_breaking import fixed_tie_bits

from tests.codes.samples import (
    assert_same,
    random_llrs,
    words_of,
)
from tests.codes.universal.samples import SYNDROME_CODES

#: From komm, see vectors/make_vectors.py.
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "vectors.json").read_text())


@SYNDROME_CODES.each("code")
def test_syndrome_finds_the_nearest_codeword(code: LinearCode) -> None:
    words, codewords = words_of(code.n), code.encode(words_of(code.k))
    distance = (words[:, None, :] != codewords).sum(axis=2)
    llr = 1 - 2 * words.astype(np.float32)
    result = SyndromeDecoder(code).decode(llr)
    least = distance.min(axis=1)
    np.testing.assert_array_equal((words != code.encode(result.bits)).sum(axis=1), least)
    np.testing.assert_array_equal(result.ok, (distance == least[:, None]).sum(axis=1) == 1)
    assert not result.iterations.any()
    # Magnitudes do not count, and zeros are decided first.
    sizes = np.random.default_rng(3).uniform(0.1, 9, llr.shape).astype(np.float32)
    assert_same(SyndromeDecoder(code).decode(llr * sizes), result)
    some = random_llrs(500, code.n)
    decided = np.where(some == 0, 1 - 2 * fixed_tie_bits(code.n).astype(np.float32), some)
    assert_same(SyndromeDecoder(code).decode(some), SyndromeDecoder(code).decode(decided))


@pytest.mark.parametrize("name", [name for name, v in VECTORS["codes"].items() if len(v["check"]) <= 16])
def test_coset_leaders_are_as_heavy_as_those_of_komm(name: str) -> None:
    vector = VECTORS["codes"][name]
    code = LinearCode(generator=[list(map(int, row)) for row in vector["generator"]])
    # A word of each coset: any syndrome, put at the pivots of the reduced parity-check matrix.
    pivots = gf2.row_reduce(code.parity_check_matrix)[1]
    words = np.zeros((1 << len(pivots), code.n), np.uint8)
    words[:, pivots] = words_of(len(pivots))
    result = SyndromeDecoder(code).decode(1 - 2 * words.astype(np.float32))
    weights = (words ^ code.encode(result.bits)).sum(axis=1)
    assert (
        np.bincount(weights.astype(np.int64), minlength=code.n + 1).tolist() == vector["coset_leader_weights"]
    )
    # Up to half the minimum distance leaders are unique; there are as many as words of that weight.
    assert result.ok[2 * weights < vector["minimum_distance"]].all()
    if "golay" in name:
        np.testing.assert_array_equal(result.ok, weights <= 3)


@pytest.mark.parametrize("r", [3, 4, 5, 6])
def test_extended_hamming_corrects_one_error_and_detects_two(r: int) -> None:
    code = HammingCode(r=r, extended=True)
    decoder = SyndromeDecoder(code)
    patterns = np.array(list(itertools.combinations(range(code.n), 2)))
    bits = np.random.default_rng(r).integers(0, 2, (len(patterns) + code.n, code.k), dtype=np.uint8)
    word = code.encode(bits)
    single, double = word[: code.n].copy(), word[code.n :].copy()
    single[np.arange(code.n), np.arange(code.n)] ^= 1
    np.put_along_axis(double, patterns, np.take_along_axis(double, patterns, 1) ^ 1, 1)
    result = decoder.decode(1 - 2 * single.astype(np.float32))
    assert result.ok.all()
    np.testing.assert_array_equal(result.bits, bits[: code.n])
    assert not decoder.decode(1 - 2 * double.astype(np.float32)).ok.any()


def test_syndrome_at_its_largest_table() -> None:
    code = LinearCode(generator=np.random.default_rng(4).integers(0, 2, (4, 24)))
    decoder = SyndromeDecoder(code)
    bits = np.random.default_rng(5).integers(0, 2, (500, 4), dtype=np.uint8)
    word = code.encode(bits)
    errors = (code.minimum_distance() - 1) // 2
    assert errors >= 2
    for row in word:
        row[np.random.default_rng(6).choice(24, errors, replace=False)] ^= 1
    result = decoder.decode(1 - 2 * word.astype(np.float32))
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()
