"""Exact rates and bounds of given codes, against brute force, direct sums and simulation.

Simulated points have fixed seeds. FERs are tested as binomial; bit errors by their own variance, at as many
frames that the normal approximation holds. A correct program fails each test with probability SIGNIFICANCE.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BEC, BSC, Channel
from capgap.codes import (
    BeliefPropagationDecoder,
    Decoder,
    HammingCode,
    HardDecoder,
    LinearCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SingleParityCheckCode,
    SyndromeDecoder,
    UncodedCode,
    information_weights,
    weight_enumerator,
)
from capgap.simulate import run
from capgap.simulate.results.rows import Row
from capgap.simulate.theory.code_rates.exact_rates import bounded_distance, exact_rates
from capgap.simulate.theory.code_rates.rates import logs_of
from capgap.simulate.theory.code_rates.tangential_sphere import (
    _cone,
    _tangential_sphere,
    tangential_sphere_bound,
)
from capgap.simulate.theory.code_rates.union_bounds import union_bound
from scipy import integrate, stats

from tests.conftest import SIGNIFICANCE

Bits = npt.NDArray[np.uint8]
F = [0.0, 0.003, 0.05, 0.2, 0.5]


def words_of(m: int) -> Bits:
    return ((np.arange(1 << m)[:, None] >> np.arange(m)) & 1).astype(np.uint8)


def golay() -> LinearCode:
    """(23, 12), perfect."""
    polynomial = [1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1]
    return LinearCode(generator=[np.roll([*polynomial, *[0] * 11], i).tolist() for i in range(12)])


def random_code(n: int, k: int) -> LinearCode:
    return LinearCode(generator=np.random.default_rng(n).integers(0, 2, (k, n), np.uint8))


def brute_force(decoder: Decoder, f: float) -> tuple[float, float]:
    """Every message, every word received."""
    code = decoder.code
    messages, words = words_of(code.k), words_of(code.n)
    decoded = decoder.decode(1 - 2 * words.astype(np.float32)).bits
    fer = ber = 0.0
    for message, sent in zip(messages, code.encode(messages), strict=True):
        errors = (words ^ sent).sum(axis=1).astype(float)
        probability = f**errors * (1 - f) ** (code.n - errors)
        wrong = (decoded ^ message).sum(axis=1)
        fer += float(probability @ (wrong > 0))
        ber += float(probability @ wrong) / code.k
    return fer / len(messages), ber / len(messages)


SMALL: dict[str, Callable[[], LinearCode]] = {
    "hamming": lambda: HammingCode(r=3),
    "extended": lambda: HammingCode(r=3, extended=True),
    "shortened": lambda: HammingCode(r=4, shorten=6),
    "repetition 3": lambda: RepetitionCode(n=3),
    "repetition 4": lambda: RepetitionCode(n=8, k=2),
    "spc": lambda: SingleParityCheckCode(n=6),
    "random": lambda: random_code(9, 4),
    "random, low rate": lambda: random_code(10, 3),
}


@pytest.mark.parametrize("make", [SyndromeDecoder, MaximumLikelihoodDecoder], ids=["syndrome", "ml"])
@pytest.mark.parametrize("name", SMALL)
def test_hard_decisions_against_brute_force(name: str, make: Callable[[LinearCode], Decoder]) -> None:
    decoder = make(SMALL[name]())
    rates = exact_rates(decoder, [BSC(f=f) for f in F])
    assert rates is not None
    assert rates.ber is not None
    assert rates.fer.shape == rates.ber.shape == (len(F),)
    for i, f in enumerate(F):
        fer, ber = brute_force(decoder, f)
        assert rates.fer[i] == pytest.approx(fer, rel=1e-9, abs=1e-15)
        assert rates.ber[i] == pytest.approx(ber, rel=1e-9, abs=1e-15)


def test_perfect_codes_need_no_brute_force() -> None:
    """The Golay code corrects 3 errors and no fourth; the BER by the weights, and by decoding all words."""
    f = np.array([1e-4, 0.01, 0.1])
    rates = exact_rates(SyndromeDecoder(golay()), [BSC(f=x) for x in f])
    assert rates is not None
    np.testing.assert_allclose(rates.fer, stats.binom.sf(3, 23, f), rtol=1e-12)
    large = exact_rates(SyndromeDecoder(HammingCode(r=8)), BSC(f=1e-4))
    assert large is not None
    assert large.ber is not None
    assert large.fer == pytest.approx(stats.binom.sf(1, 255, 1e-4), rel=1e-12)
    # With two errors three positions are wrong, of which 247 in 255 hold information.
    assert large.ber == pytest.approx(large.fer * 3 / 255, rel=2e-2)


def test_small_rates_are_not_lost_to_rounding() -> None:
    rates = exact_rates(SyndromeDecoder(HammingCode(r=3)), BSC(f=1e-12))
    assert rates is not None
    assert float(rates.fer) == pytest.approx(21e-24, rel=1e-9)
    assert rates.ber is not None
    assert float(rates.ber) == pytest.approx(9e-24, rel=1e-9)


def ml_erasures(code: LinearCode, epsilon: float) -> tuple[float, float]:
    """For each pattern of erasures the messages that agree with what is received, one of which is taken."""
    messages = words_of(code.k)
    words = code.encode(messages)
    fer = ber = 0.0
    for erased in itertools.product([False, True], repeat=code.n):
        agree = messages[~words[:, ~np.array(erased)].any(axis=1)]
        probability = epsilon ** sum(erased) * (1 - epsilon) ** (code.n - sum(erased))
        fer += probability * (1 - 1 / len(agree))
        ber += probability * float(agree.mean())
    return fer, ber


@pytest.mark.parametrize("name", SMALL)
def test_ml_on_the_erasure_channel_against_brute_force(name: str) -> None:
    code = SMALL[name]()
    for epsilon in (0.0, 0.03, 0.4, 1.0):
        rates = exact_rates(MaximumLikelihoodDecoder(code), BEC(epsilon=epsilon))
        assert rates is not None
        assert rates.ber is not None
        fer, ber = ml_erasures(code, epsilon)
        assert float(rates.fer) == pytest.approx(fer, rel=1e-9, abs=1e-15)
        assert float(rates.ber) == pytest.approx(ber, rel=1e-9, abs=1e-15)
        bound = union_bound(code, BEC(epsilon=epsilon))
        assert bound.ber is not None
        assert fer <= bound.fer + 1e-15
        assert ber <= bound.ber + 1e-15


def test_what_is_not_known() -> None:
    code = HammingCode(r=3)

    class Odd(BSC):
        pass

    assert exact_rates(BeliefPropagationDecoder(code), BSC(f=0.1)) is None
    assert exact_rates(MaximumLikelihoodDecoder(code), AWGN(esno_db=0)) is None
    assert exact_rates(SyndromeDecoder(code), Odd(f=0.1)) is None
    assert exact_rates(MaximumLikelihoodDecoder(random_code(30, 12)), BEC(epsilon=0.1)) is None
    assert exact_rates(MaximumLikelihoodDecoder(random_code(40, 12)), BSC(f=0.1)) is None
    only_fer = exact_rates(SyndromeDecoder(random_code(30, 14)), BSC(f=0.1))
    assert only_fer is not None
    assert only_fer.ber is None
    with pytest.raises(ValueError, match="of one kind"):
        exact_rates(SyndromeDecoder(code), [BSC(f=0.1), BEC(epsilon=0.1)])
    with pytest.raises(ValueError, match="of one kind"):
        union_bound(code, [])
    with pytest.raises(ValueError, match="bounds are known for"):
        union_bound(code, Odd(f=0.1))
    with pytest.raises(ValueError, match="terms"):
        union_bound(code, BSC(f=0.1), terms=0)
    with pytest.raises(ValueError, match="AWGN"):
        tangential_sphere_bound(code, BSC(f=0.1))
    with pytest.raises(ValueError, match="cannot be worked out"):
        union_bound(random_code(80, 40), BSC(f=0.1))
    for t in (-1, 2):
        with pytest.raises(ValueError, match="0 to 1"):
            bounded_distance(code, t, BSC(f=0.1))


# Bounded distance


@pytest.mark.parametrize(
    ("name", "t"), [("extended", 1), ("extended", 0), ("hamming", 1), ("repetition 4", 1)]
)
def test_bounded_distance_against_brute_force(name: str, t: int) -> None:
    code = SMALL[name]()
    others = code.encode(words_of(code.k))[1:]
    words = words_of(code.n)
    f = np.array(F)
    right = words.sum(axis=1) <= t
    elsewhere = np.zeros(len(words), bool)
    for other in others:
        elsewhere |= (words ^ other).sum(axis=1) <= t
    errors = words.sum(axis=1)
    probability = f[:, None] ** errors * (1 - f[:, None]) ** (code.n - errors)
    found = bounded_distance(code, t, [BSC(f=x) for x in F])
    np.testing.assert_allclose(found.fer, probability @ ~right, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(found.undetected, probability @ elsewhere, rtol=1e-9, atol=1e-14)


# Union bound


@pytest.mark.parametrize("name", SMALL)
def test_union_bound_is_the_sum_over_codewords(name: str) -> None:
    code = SMALL[name]()
    messages = words_of(code.k)[1:]
    weights = code.encode(messages).sum(axis=1).astype(int)

    def pairwise(channel: Channel, h: int) -> float:
        if isinstance(channel, AWGN):
            return float(stats.norm.sf(math.sqrt(2 * h * 10 ** (channel.esno_db / 10))))
        if isinstance(channel, BEC):
            return channel.epsilon**h / 2
        assert isinstance(channel, BSC)
        tie = stats.binom.pmf(h / 2, h, channel.f) / 2 if h % 2 == 0 else 0.0
        return float(stats.binom.sf(h // 2, h, channel.f) + tie)

    for channel in [AWGN(esno_db=4), BSC(f=0.02), BSC(f=0.0), BSC(f=0.5), BEC(epsilon=0.1), BEC(epsilon=0.0)]:
        of_words = np.array([pairwise(channel, int(h)) for h in weights])
        found = union_bound(code, channel)
        assert found.ber is not None
        assert float(found.fer) == pytest.approx(min(of_words.sum(), 1), rel=1e-9)
        assert float(found.ber) == pytest.approx(min(of_words @ messages.mean(axis=1), 1), rel=1e-9)
        first = union_bound(code, channel, terms=1)
        assert float(first.fer) == pytest.approx(min(of_words[weights == weights.min()].sum(), 1), rel=1e-9)


@pytest.mark.parametrize("name", SMALL)
def test_union_bound_holds_for_hard_decisions(name: str) -> None:
    code = SMALL[name]()
    f = [BSC(f=x) for x in (0.001, 0.02, 0.1, 0.3)]
    bound = union_bound(code, f)
    for decoder in (SyndromeDecoder(code), MaximumLikelihoodDecoder(code)):
        rates = exact_rates(decoder, f)
        assert rates is not None
        assert rates.ber is not None
        assert bound.ber is not None
        assert (rates.fer <= bound.fer * (1 + 1e-12)).all()
        assert (rates.ber <= bound.ber * (1 + 1e-12)).all()


def test_bounds_beyond_the_range_of_floats() -> None:
    """A_h of 600 digits with probabilities of as many zeros; one channel and several give the same."""
    code = HammingCode(r=11)
    channels = [AWGN(esno_db=db) for db in (8.0, 9.0, 10.0)]
    bound = union_bound(code, channels)
    assert (np.diff(bound.fer) < 0).all()
    assert float(union_bound(code, channels[1]).fer) == bound.fer[1]
    first = union_bound(code, channels[2], terms=1).fer
    assert first < bound.fer[2] < 1.05 * first
    hard = union_bound(code, [BSC(f=1e-6), BSC(f=1e-5)])
    count = int(weight_enumerator(code).counts[3])
    assert hard.fer[0] > count * 3e-12
    assert np.isfinite(hard.fer).all()
    assert information_weights(code).method == "formula"


# Tangential-sphere bound


def direct_tangential_sphere(code: LinearCode, radius: float, esno: float) -> float:
    """The same integrals weight by weight with an adaptive rule."""
    n = code.n
    apex = math.sqrt(2 * n * esno)
    counts = weight_enumerator(code).counts

    def at(z: float) -> float:
        u = apex - z
        total = float(stats.chi2.sf((u * radius) ** 2, n - 1))
        for h in range(1, n):
            slope = math.sqrt(h / (n - h))
            if counts[h] and slope < radius:
                total += int(counts[h]) * float(
                    integrate.quad(
                        lambda y: stats.norm.pdf(y) * stats.chi2.cdf((u * radius) ** 2 - y * y, n - 2),
                        u * slope,
                        u * radius,
                    )[0]
                )
        return total * float(stats.norm.pdf(z))

    return float(integrate.quad(at, -8, apex)[0] + stats.norm.sf(apex))


@pytest.mark.parametrize(
    "code",
    [HammingCode(r=3), HammingCode(r=4), pytest.param(SingleParityCheckCode(n=10), marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("esno_db", [-1.0, 4.0])
def test_tangential_sphere_bound_against_adaptive_integrals(code: LinearCode, esno_db: float) -> None:
    counts = weight_enumerator(code).counts
    weights = np.flatnonzero(counts)[1:]
    logs = logs_of(counts[weights])
    radius = _cone(code.n, weights, logs)
    esno = 10 ** (esno_db / 10)
    found = _tangential_sphere(code.n, weights, logs, radius, esno)
    assert found == pytest.approx(min(direct_tangential_sphere(code, radius, esno), 1), rel=1e-6)
    # No other cone is better.
    for factor in (0.8, 0.95, 1.05, 1.3):
        assert _tangential_sphere(code.n, weights, logs, radius * factor, esno) >= found
    # Without a sphere it is the union bound, but that noise beyond the origin counts once.
    apex = math.sqrt(2 * code.n * esno)
    union = float(stats.norm.sf(apex))
    for h in weights[weights < code.n].tolist():
        slope = math.sqrt(h / (code.n - h))
        beyond = integrate.quad(
            lambda z: stats.norm.pdf(z) * stats.norm.sf((apex - z) * slope),  # noqa: B023
            apex,
            apex + 12,
        )[0]
        union += int(counts[h]) * float(stats.norm.sf(math.sqrt(2 * h * esno)) - beyond)
    assert _tangential_sphere(code.n, weights, logs, math.inf, esno) == pytest.approx(union, rel=1e-6)


@pytest.mark.parametrize(
    "code", [HammingCode(r=5), HammingCode(r=7, shorten=30), golay(), RepetitionCode(n=2)]
)
def test_tangential_sphere_bound_is_at_most_the_union_bound(code: LinearCode) -> None:
    channels = [AWGN(ebno_db=db, rate=code.rate) for db in np.arange(-2.0, 9.0, 2.0)]
    bound, union = tangential_sphere_bound(code, channels), union_bound(code, channels).fer
    assert (bound <= union).all()
    assert (np.diff(bound) <= 0).all()
    assert (bound > 0).all()
    assert bound[-1] == pytest.approx(union[-1], rel=0.15)
    if code.k > 2:
        assert (bound < 0.8 * union).any()


# Simulation


def simulated(
    channel: dict[str, Any], code: dict[str, Any], decoder: dict[str, Any], frames: int
) -> list[Row]:
    curve = {"label": "a", "code": code, "decoder": decoder}
    stop = {"frames": frames, "without_errors": "continue"}
    config = {"name": "a", "seed": 11, "channel": channel, "curves": [curve], "stop": stop}
    return run(config, save=False, workers=1)["a"]


MAJORITY = {"type": "majority"}
LINKS: dict[str, tuple[dict[str, Any], dict[str, Any], Decoder]] = {
    "uncoded": ({"type": "uncoded", "k": 12}, {"type": "hard"}, HardDecoder(UncodedCode(k=12))),
    "repetition": (
        {"type": "repetition", "n": 8, "k": 2},
        MAJORITY,
        MajorityDecoder(RepetitionCode(n=8, k=2)),
    ),
    "repetition, hard": (
        {"type": "repetition", "n": 9, "k": 3},
        {**MAJORITY, "input": "hard"},
        MajorityDecoder(RepetitionCode(n=9, k=3), input="hard"),
    ),
    "repetition, ml": (
        {"type": "repetition", "n": 8, "k": 2},
        {"type": "ml"},
        MaximumLikelihoodDecoder(RepetitionCode(n=8, k=2)),
    ),
    "repetition, syndrome": (
        {"type": "repetition", "n": 8, "k": 2},
        {"type": "syndrome"},
        SyndromeDecoder(RepetitionCode(n=8, k=2)),
    ),
    "hamming": ({"type": "hamming", "r": 5}, {"type": "syndrome"}, SyndromeDecoder(HammingCode(r=5))),
    "extended": (
        {"type": "hamming", "r": 3, "extended": True},
        {"type": "syndrome"},
        SyndromeDecoder(HammingCode(r=3, extended=True)),
    ),
    "shortened, ml hard": (
        {"type": "hamming", "r": 4, "shorten": 3},
        {"type": "ml", "input": "hard"},
        MaximumLikelihoodDecoder(HammingCode(r=4, shorten=3), input="hard"),
    ),
    "hamming, ml": (
        {"type": "hamming", "r": 3},
        {"type": "ml"},
        MaximumLikelihoodDecoder(HammingCode(r=3)),
    ),
}
CHANNELS: dict[str, tuple[dict[str, Any], Callable[[float, float], Channel]]] = {
    "bsc": ({"type": "bsc", "f": [0.1, 0.02]}, lambda value, rate: BSC(f=value)),
    "bec": ({"type": "bec", "epsilon": [0.5, 0.2]}, lambda value, rate: BEC(epsilon=value)),
    "awgn": ({"type": "awgn", "ebno_db": [0.0, 3.0]}, lambda value, rate: AWGN(ebno_db=value, rate=rate)),
}


@pytest.mark.parametrize("kind", CHANNELS)
@pytest.mark.parametrize("name", LINKS)
def test_exact_rates_against_simulation(name: str, kind: str) -> None:
    code, decoder_config, decoder = LINKS[name]
    channel, make = CHANNELS[kind]
    rows = simulated(channel, code, decoder_config, 200_000)
    rate = decoder.code.rate
    rates = exact_rates(decoder, [make(row.value, rate) for row in rows])
    if rates is None:
        assert (name, kind) == ("hamming, ml", "awgn")
        return
    for i, row in enumerate(rows):
        assert stats.binomtest(row.frame_errors, row.frames, rates.fer[i]).pvalue > SIGNIFICANCE
        assert rates.ber is not None
        mean = row.bit_errors / row.frames
        deviation = math.sqrt((row.bit_errors_squared / row.frames - mean**2) / row.frames)
        assert abs(mean - rates.ber[i] * row.k) < stats.norm.isf(SIGNIFICANCE / 2) * deviation


@pytest.mark.parametrize(
    "code",
    [{"type": "hamming", "r": 3}, {"type": "hamming", "r": 4, "extended": True}, {"type": "spc", "n": 9}],
)
def test_bounds_hold_for_soft_decoding(code: dict[str, Any]) -> None:
    """And are close where errors are rare. One-sided: only a rate above the bound is against it."""
    made: LinearCode = SingleParityCheckCode(n=9)
    if code["type"] == "hamming":
        made = HammingCode(**{name: value for name, value in code.items() if name != "type"})
    rows = simulated({"type": "awgn", "ebno_db": [0.0, 2.0, 5.0]}, code, {"type": "ml"}, 100_000)
    channels = [AWGN(ebno_db=row.value, rate=made.rate) for row in rows]
    union, sphere = union_bound(made, channels), tangential_sphere_bound(made, channels)
    assert union.ber is not None
    for i, row in enumerate(rows):
        for bound in (sphere[i], union.fer[i]):
            test = stats.binomtest(row.frame_errors, row.frames, bound, alternative="greater")
            assert test.pvalue > SIGNIFICANCE
        assert row.ber_low < union.ber[i]
    assert sphere[-1] < 1.35 * rows[-1].fer_high
