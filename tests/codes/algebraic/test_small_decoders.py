"""Kasami's, Reed's and Dumer's decoders against slow references, other decoders and other programs.

Seeds are fixed; statistical tests state their significance.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from capgap.channels import BSC
from capgap.codes import (
    BCHCode,
    CyclicCode,
    Decoder,
    DumerDecoder,
    GolayCode,
    HammingCode,
    KasamiDecoder,
    LinearCode,
    MaximumLikelihoodDecoder,
    PolarCode,
    ReedDecoder,
    ReedMullerCode,
    SCDecoder,
    SyndromeDecoder,
)
from capgap.simulate import run
from capgap.simulate.theory.code_rates.exact_rates import exact_rates
from scipy.stats import binom, binomtest, norm

from tests.codes.samples import Bits, random_bits
from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy
from tests.references.recursive_lists import decoded

GOLAY: Lazy[LinearCode] = Lazy(
    {
        "golay": GolayCode,
        "the other generator": lambda: CyclicCode(n=23, generator=0xAE3),
        "as a bch code": lambda: BCHCode(n=23, t=2),
    }
)
EXTENDED: Lazy[LinearCode] = Lazy(
    {"golay": lambda: GolayCode(extended=True), "as a bch code": lambda: BCHCode(n=23, t=2, extended=True)}
)


def patterns(n: int, weight: int) -> Bits:
    """All words of a weight, uint8 (words, n)."""
    found = np.zeros((math.comb(n, weight), n), np.uint8)
    for row, places in zip(found, itertools.combinations(range(n), weight), strict=True):
        row[list(places)] = 1
    return found


def signs(words: Bits) -> Any:
    return 1 - 2 * words.astype(np.float32)


# Kasami


@GOLAY.each("code")
def test_kasami_corrects_every_pattern_of_three_errors(code: LinearCode) -> None:
    """The code is perfect: these are all cosets, so that every word is decoded."""
    for weight in range(4):
        errors = patterns(23, weight)
        bits = random_bits(len(errors), 12, seed=weight)
        result = KasamiDecoder(code).decode(signs(code.encode(bits) ^ errors))
        np.testing.assert_array_equal(result.bits, bits)
        assert result.ok.all()
    assert sum(len(patterns(23, weight)) for weight in range(4)) == 2**11
    assert not KasamiDecoder(code).counts_failures


@EXTENDED.each("code")
def test_kasami_tells_four_errors_of_the_extended_code(code: LinearCode) -> None:
    decoder = KasamiDecoder(code)
    for weight in range(5):
        errors = patterns(24, weight)
        bits = random_bits(len(errors), 12, seed=weight)
        received = code.encode(bits) ^ errors
        result = decoder.decode(signs(received))
        np.testing.assert_array_equal(result.ok, np.full(len(errors), weight < 4))
        np.testing.assert_array_equal(result.bits, bits if weight < 4 else received[:, :12])
    assert decoder.counts_failures


def test_kasami_decides_as_syndrome_does() -> None:
    llr = np.random.default_rng(1).normal(size=(1000, 24))
    code = GolayCode(extended=True)
    found, expected = KasamiDecoder(code).decode(llr), SyndromeDecoder(code).decode(llr)
    np.testing.assert_array_equal(found.ok, expected.ok)
    np.testing.assert_array_equal(found.bits[found.ok], expected.bits[found.ok])


def test_error_rates_of_kasami_are_exact() -> None:
    """More than three errors; and the bits, since the code is perfect."""
    curve = {"label": "golay", "code": {"type": "golay"}, "decoder": {"type": "kasami"}}
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0.06},
        "curves": [curve],
        "stop": {"frames": 20000},
    }
    (row,) = run(config, save=False)
    exact = exact_rates(KasamiDecoder(GolayCode()), BSC(f=0.06))
    assert exact is not None
    assert float(exact.fer) == pytest.approx(binom.sf(3, 23, 0.06))
    assert binomtest(row.tally.frame_errors, 20000, float(exact.fer)).pvalue > SIGNIFICANCE
    assert exact.ber is not None
    deviation = np.sqrt(row.tally.bit_errors_squared) / 12 / 20000
    assert abs(row.tally.bit_errors / 12 / 20000 - float(exact.ber)) < -norm.ppf(SIGNIFICANCE / 2) * deviation
    assert exact_rates(KasamiDecoder(GolayCode(extended=True)), BSC(f=0.06)) is None


def test_kasami_takes_golay_codes_alone() -> None:
    for code in (HammingCode(r=4), BCHCode(n=23, t=2, shorten=1), CyclicCode(n=23, generator=0x3)):
        with pytest.raises(ValueError, match="kasami decodes Golay codes, not"):
            KasamiDecoder(code)


# Reed


def reed(code: ReedMullerCode, values: Any, vote: Callable[[Any], float]) -> tuple[Bits, bool]:
    """Reed's algorithm in the words of the paper: the codeword's bits, and whether there was no tie.

    ``values`` are LLRs, and ``vote`` says what a flat is worth.
    """
    word, clear = np.zeros(code.n, np.uint8), True
    positions = np.arange(code.n)
    for degree in range(code.r, -1, -1):
        terms = np.zeros(code.n, np.uint8)
        for i in code.information.tolist():
            if code.m - i.bit_count() != degree:
                continue
            flats = [positions[(positions & i) == a] for a in range(code.n) if a & ~i == 0]
            total = sum(vote(np.where(word[flat], -values[flat], values[flat])) for flat in flats)
            clear &= total != 0
            terms ^= ((total < 0) * ((positions & ~i) == 0)).astype(np.uint8)
        word ^= terms
    return word, clear


def hard_vote(llr: Any) -> float:
    return float(np.prod(np.sign(llr)))


def soft_vote(llr: Any) -> float:
    return float(np.prod(np.sign(llr)) * np.abs(llr).min())


@pytest.mark.parametrize(("r", "m"), [(0, 2), (1, 4), (2, 4), (2, 5), (1, 1), (2, 2)])
@pytest.mark.parametrize("input", ["hard", "soft"])
def test_reed_decides_as_the_paper_says(r: int, m: int, input: Literal["hard", "soft"]) -> None:
    code = ReedMullerCode(r=r, m=m)
    llr = np.random.default_rng(m).integers(-6, 7, (80, code.n)).astype(np.float32)  # some are erased
    result = ReedDecoder(code, input=input).decode(llr)
    words, some = code.encode(result.bits), 0
    for frame, values in enumerate(llr):
        word, clear = reed(code, values, hard_vote if input == "hard" else soft_vote)
        assert result.ok[frame] == clear
        if clear:
            some += 1
            np.testing.assert_array_equal(words[frame], word)
    assert some > 10


@pytest.mark.parametrize("input", ["hard", "soft"])
@pytest.mark.parametrize(("r", "m"), [(1, 3), (2, 5)])
def test_reed_decides_as_komm_does(r: int, m: int, input: Literal["hard", "soft"]) -> None:
    komm = pytest.importorskip("komm")
    other = komm.ReedMullerCode(r, m)
    llr = np.random.default_rng(7).normal(0.8, 1.0, (200, 1 << m)).astype(np.float32)
    result = ReedDecoder(ReedMullerCode(r=r, m=m), input=input).decode(llr)
    given = (llr < 0).astype(int) if input == "hard" else llr.astype(float)
    expected = other.encode(komm.ReedDecoder(other, input_type=input).decode(given))
    words = ReedMullerCode(r=r, m=m).encode(result.bits)
    assert result.ok.mean() > 0.5
    np.testing.assert_array_equal(words[result.ok], expected[result.ok])


@pytest.mark.parametrize(("r", "m", "systematic"), [(1, 4, True), (2, 5, False), (2, 6, False), (3, 7, True)])
def test_reed_corrects_errors_and_erasures_up_to_the_distance(r: int, m: int, systematic: bool) -> None:
    code = ReedMullerCode(r=r, m=m, systematic=systematic)
    rng, d = np.random.default_rng(m), code.minimum_distance()
    bits = random_bits(300, code.k, seed=1)
    llr = signs(code.encode(bits))
    for row in llr:
        errors = rng.integers(0, (d + 1) // 2)
        places = rng.permutation(code.n)
        row[places[:errors]] *= -1
        row[places[errors : d - 1 - errors]] = 0
    result = ReedDecoder(code).decode(llr)
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()


def test_reed_does_not_correct_more() -> None:
    """Half of a word of least weight is as near to it as to zero: a tie, which a coin decides."""
    code = ReedMullerCode(r=2, m=5)
    received = np.zeros((1, 32), np.float32)
    received[:] = 1
    received[0, np.flatnonzero(code.generator_matrix[0])[:4]] = -1
    assert code.generator_matrix[0].sum() == 8
    assert not ReedDecoder(code).decode(received).ok[0]


def test_reed_has_a_limit() -> None:
    with pytest.raises(ValueError, match=r"reed takes n k steps for a frame.*use dumer or sc"):
        ReedDecoder(ReedMullerCode(r=8, m=16))
    with pytest.raises(ValueError, match="reed decodes Reed-Muller codes, not"):
        ReedDecoder(PolarCode(information=[3, 5, 6, 7], n=8))


# Dumer


@pytest.mark.parametrize("box_plus", ["exact", "min-sum"])
@pytest.mark.parametrize(("r", "m"), [(0, 3), (1, 3), (2, 4), (2, 5), (3, 5), (3, 3)])
def test_dumer_keeps_the_paths_of_the_recursion(
    r: int, m: int, box_plus: Literal["exact", "min-sum"]
) -> None:
    code = ReedMullerCode(r=r, m=m)
    llr = np.random.default_rng(m).normal(2, 2.5, (40, code.n)).astype(np.float32)
    for size in (1, 2, 8):
        result = DumerDecoder(code, list=size, box_plus=box_plus).decode(llr)
        expected = [decoded(values, r, size, box_plus == "exact")[0][1] for values in llr]
        np.testing.assert_array_equal(signs(code.encode(result.bits)), expected)
        assert result.ok.all()


@pytest.mark.parametrize("box_plus", ["exact", "min-sum"])
def test_dumer_with_a_long_list_is_maximum_likelihood(box_plus: Literal["exact", "min-sum"]) -> None:
    code = ReedMullerCode(r=2, m=5)
    bits = random_bits(2000, code.k, seed=2)
    noise = np.random.default_rng(3).normal(size=(2000, code.n)) * 0.75
    llr = ((signs(code.encode(bits)) + noise) * 2 / 0.75**2).astype(np.float32)
    best = MaximumLikelihoodDecoder(code).decode(llr).bits
    errors = []
    for size in (1, 2, 128):
        found = DumerDecoder(code, list=size, box_plus=box_plus).decode(llr).bits
        errors.append(int((found != bits).any(axis=1).sum()))
    assert errors[0] > errors[1] > errors[2] > 20
    np.testing.assert_array_equal(found, best)


def test_the_first_order_is_decoded_with_maximum_likelihood() -> None:
    code = ReedMullerCode(r=1, m=5)
    llr = np.random.default_rng(4).normal(0.3, 1, (500, code.n)).astype(np.float32)
    best = MaximumLikelihoodDecoder(code).decode(llr).bits
    np.testing.assert_array_equal(DumerDecoder(code).decode(llr).bits, best)


def test_dumer_without_a_list_is_better_than_successive_cancellation() -> None:
    """Leaves are longer: 5 standard deviations of the difference are asked for, of paired frames."""
    code = ReedMullerCode(r=2, m=6)
    bits = random_bits(3000, code.k, seed=5)
    noise = np.random.default_rng(6).normal(size=(3000, code.n)) * 0.95
    llr = ((signs(code.encode(bits)) + noise) * 2 / 0.95**2).astype(np.float32)
    wrong = [(d.decode(llr).bits != bits).any(axis=1) for d in (DumerDecoder(code), SCDecoder(code))]
    gained, lost = int((wrong[1] & ~wrong[0]).sum()), int((wrong[0] & ~wrong[1]).sum())
    assert gained - lost > 5 * np.sqrt(gained + lost)


def test_frames_depend_on_themselves_alone() -> None:
    code = ReedMullerCode(r=2, m=5)
    llr = np.random.default_rng(8).normal(1, 1.5, (150, code.n)).astype(np.float32)
    makers: list[Callable[[], Decoder]] = [
        lambda: DumerDecoder(code, list=1),
        lambda: DumerDecoder(code, list=4),
        lambda: DumerDecoder(code, list=64),
        lambda: ReedDecoder(code),
        lambda: ReedDecoder(code, input="soft"),
    ]
    for make in makers:
        whole, part = make().decode(llr), make().decode(llr[71:140])
        np.testing.assert_array_equal(whole.bits[71:140], part.bits)
        np.testing.assert_array_equal(whole.ok[71:140], part.ok)


@pytest.mark.parametrize("decoder", ["reed", "reed soft", "dumer", "dumer list"])
def test_ties_favour_no_word(decoder: str) -> None:
    """All erased: a bit is right in half the frames of random data, and no frame is declared right."""
    code = ReedMullerCode(r=1, m=4)
    made: Decoder = {
        "reed": lambda: ReedDecoder(code),
        "reed soft": lambda: ReedDecoder(code, input="soft"),
        "dumer": lambda: DumerDecoder(code),
        "dumer list": lambda: DumerDecoder(code, list=4, box_plus="min-sum"),
    }[decoder]()
    result = made.decode(np.zeros((400, 16), np.float32))
    assert not result.ok.any()
    wrong = int((result.bits != random_bits(400, code.k, seed=9)).sum())
    assert binomtest(wrong, 400 * code.k, 0.5).pvalue > SIGNIFICANCE


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"list": 3}, "list must be a power of two from 1 to 4096, got 3"),
        ({"list": 8192}, "list must be a power of two from 1 to 4096"),
        ({"box_plus": "tanh"}, "box_plus must be exact or min-sum"),
    ],
)
def test_parameters_of_dumer(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DumerDecoder(ReedMullerCode(r=1, m=3), **given)


def test_lists_of_long_codes_have_a_limit() -> None:
    with pytest.raises(ValueError, match="list must be at most 64 for n = 65536, got 128"):
        DumerDecoder(ReedMullerCode(r=2, m=16), list=128)
    with pytest.raises(ValueError, match="dumer decodes Reed-Muller codes, not"):
        DumerDecoder(GolayCode())
