"""Information-set decoding: beside a plain search, maximum likelihood, and what must be found."""

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import InformationSetDecoder, LinearCode, MaximumLikelihoodDecoder, SyndromeDecoder
from capgap.codes.tie_breaking import fixed_tie_bits

from tests.codes.polar.samples import unmatched
from tests.codes.samples import Bits, NotLinear, random_llrs, words_of
from tests.codes.universal.samples import ML_CODES, SYNDROME_CODES

Array = npt.NDArray[Any]


def plain(decoder: InformationSetDecoder, llr: Array) -> tuple[Bits, int]:
    """The nearest word of all sets, and how many sets were tried."""
    code = decoder.code
    assert isinstance(code, LinearCode)
    hard = np.where(llr == 0, fixed_tie_bits(code.n), llr < 0).astype(np.uint8)
    received = llr != 0
    best, word, tried = code.n + 1, hard, 0
    for chosen, matrix in zip(decoder._sets, decoder._generators, strict=True):
        rows = np.unpackbits(matrix.view(np.uint8), axis=1, bitorder="little")[:, : code.n]
        np.testing.assert_array_equal(rows[:, chosen], np.eye(code.k))
        for weight in range(decoder.order + 1):
            for errors in itertools.combinations(range(code.k), weight):
                message = hard[chosen]
                message[list(errors)] ^= 1
                candidate = (message @ rows & 1).astype(np.uint8)
                distance = int(((candidate != hard) & received).sum())
                if distance < best:
                    best, word = distance, candidate
        tried += 1
        if 2 * best + int((~received).sum()) < decoder._distance:
            break
    return word, tried


@ML_CODES.each("code", ["hamming", "random", "low rate", "uncoded", "k = 9, non-systematic"])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_candidates_are_those_of_a_plain_search(code: LinearCode, order: int) -> None:
    decoder = InformationSetDecoder(code, order=order, iterations=3, seed=5)
    llr = random_llrs(70, code.n)
    result = decoder.decode(llr)
    expected = [plain(decoder, row) for row in llr]
    np.testing.assert_array_equal(code.encode(result.bits), [word for word, _ in expected])
    np.testing.assert_array_equal(result.iterations, [tried for _, tried in expected])
    each = sum(math.comb(code.k, weight) for weight in range(order + 1))
    np.testing.assert_array_equal(result.counters["candidates"], each * result.iterations)


def test_words_of_more_than_64_bits() -> None:
    code = LinearCode(generator=np.random.default_rng(3).integers(0, 2, (9, 130)))
    decoder = InformationSetDecoder(code, order=1, iterations=4)
    llr = random_llrs(40, code.n)
    expected = [plain(decoder, row)[0] for row in llr]
    np.testing.assert_array_equal(code.encode(decoder.decode(llr).bits), expected)


@SYNDROME_CODES.each("code")
def test_all_sets_find_the_nearest(code: LinearCode) -> None:
    """With many sets, or as many errors in one as it has bits, of codes this small; and whether it is alone."""
    llr = np.where(random_llrs(500, code.n, zeros=0) < 0, -1, 1).astype(np.float32)
    nearest = SyndromeDecoder(code).decode(llr)
    order = min(4, code.k)
    result = InformationSetDecoder(code, order=order, iterations=60).decode(llr)
    distances = [(code.encode(each.bits) != (llr < 0)).sum(axis=1) for each in (result, nearest)]
    np.testing.assert_array_equal(*distances)
    np.testing.assert_array_equal(result.ok, nearest.ok)


def test_never_nearer_than_maximum_likelihood_and_mostly_as_near() -> None:
    code = LinearCode(generator=np.random.default_rng(3).integers(0, 2, (12, 40)))
    llr = random_llrs(500, code.n, zeros=0.05)
    best = MaximumLikelihoodDecoder(code, input="hard").decode(llr)
    more = []
    for iterations in (1, 20):
        result = InformationSetDecoder(code, iterations=iterations).decode(llr)
        wrong = [((code.encode(each.bits) != (llr < 0)) & (llr != 0)).sum(axis=1) for each in (result, best)]
        assert (wrong[0] >= wrong[1]).all()
        more.append((wrong[0] > wrong[1]).mean())
    assert more[0] > 0.2
    assert more[1] < 0.05


def test_it_ends_where_the_distance_is_certain() -> None:
    code = unmatched(n=64, k=22, construction="reed-muller")  # minimum distance 16
    bits = np.random.default_rng(1).integers(0, 2, (200, 22), np.uint8)
    word = code.encode(bits)
    for row in word:
        row[np.random.default_rng(int(row.sum())).choice(64, 7, replace=False)] ^= 1
    result = InformationSetDecoder(code, iterations=200).decode(1 - 2 * word.astype(np.float32))
    assert (result.bits == bits).all()
    assert result.ok.all()
    assert result.iterations.mean() < 10


def test_parameters_and_codes_are_refused_in_words() -> None:
    code = LinearCode(generator=words_of(3)[1:4].repeat(3, axis=1))
    for order in (-1, 3):
        with pytest.raises(
            ValueError, match=f"^order must lie in 0 to {code.k} for k = {code.k}, got {order}"
        ):
            InformationSetDecoder(code, order=order)
    with pytest.raises(ValueError, match=r"^iterations must lie in 1 to \d+ for this code and order, with"):
        InformationSetDecoder(code, iterations=0)
    with pytest.raises(ValueError, match=r"^seed must be 0 or more"):
        InformationSetDecoder(code, seed=-1)
    assert "information-set decodes linear codes" in str(InformationSetDecoder.refusal(NotLinear(n=3, k=2)))
    large = unmatched(n=65536, k=32768)
    assert "all in 2^26 bytes" in str(InformationSetDecoder.refusal(large))
