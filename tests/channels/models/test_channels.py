"""The three channels: what they do to bits by exact tests, and their LLRs by the definition.

Every statistical test has its seed fixed beforehand and fails a correct program with probability SIGNIFICANCE
(1e-4) at most; a test of several comparisons shares it among them (Bonferroni).
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    AWGN,
    BEC,
    BSC,
    ERASED,
    LLR_MAX,
    Channel,
    Stream,
    awgn_capacity,
    bpsk_capacity,
    bsc_capacity,
)
from capgap.channels.parameter import parameters_of
from scipy import stats

from tests.conftest import SIGNIFICANCE

Array = npt.NDArray[Any]

CROSSOVERS = [0.0, 1e-6, 1e-3, 0.01, 0.05, 0.11, 0.25, 0.4, 0.499, 0.5]
EPSILONS = [0.0, 1e-6, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.75, 0.99, 1.0]
ESNOS_DB = [-20.0, -10.0, -5.0, -2.0, 0.0, 1.5, 3.0, 6.0, 10.0, 15.0, 20.0]
CHANNELS: list[Channel] = [BSC(f=0.1), BEC(epsilon=0.3), AWGN(ebno_db=1, rate=0.5)]

each_channel = pytest.mark.parametrize("channel", CHANNELS, ids=repr)


def assert_plausible(p_values: Sequence[float]) -> None:
    assert min(p_values) > SIGNIFICANCE / len(p_values), p_values


def chi_square_p(statistic: float, degrees: int) -> float:
    """Two-sided p-value of a chi-square statistic."""
    return float(2 * min(stats.chi2.cdf(statistic, degrees), stats.chi2.sf(statistic, degrees)))


def send(channel: Channel, seed: int, frames: int = 1 << 12, n: int = 512) -> tuple[Array, Array]:
    """Random words and what is received of them."""
    stream = Stream(seed, frames)
    word = stream.bits(n)
    return word, channel.transmit(word, stream)


def binomial_p_values(hit: Array, word: Array, probability: float) -> list[float]:
    """p-values of the share of hits among the zeros, among the ones, and of its spread over positions."""
    p_values = [
        float(
            stats.binomtest(
                int(np.count_nonzero(hit[word == bit])), int((word == bit).sum()), probability
            ).pvalue
        )
        for bit in (0, 1)
    ]
    variance = hit.shape[0] * probability * (1 - probability)
    if variance > 20:  # otherwise nothing like normal
        excess = np.count_nonzero(hit, axis=0) - hit.shape[0] * probability
        p_values.append(chi_square_p(float((excess**2).sum() / variance), hit.shape[1]))
    return p_values


# --- What is received ------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", CROSSOVERS)
def test_bsc_flips_with_probability_f(f: float) -> None:
    """Exact binomial tests among zeros and ones, chi-square over positions."""
    word, received = send(BSC(f=f), seed=101)
    assert set(np.unique(received)) <= {0, 1}
    assert_plausible(binomial_p_values(received != word, word, f))


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_bec_erases_with_probability_epsilon(epsilon: float) -> None:
    """Exact binomial tests among zeros and ones, chi-square over positions; the rest arrives as it was."""
    word, received = send(BEC(epsilon=epsilon), seed=102)
    erased = received == ERASED
    np.testing.assert_array_equal(received[~erased], word[~erased])
    assert_plausible(binomial_p_values(erased, word, epsilon))


@pytest.mark.parametrize("esno_db", ESNOS_DB)
def test_awgn_adds_normal_noise_of_the_right_variance(esno_db: float) -> None:
    """Mean and variance of the noise among zeros and ones, and chi-square in 82 bins."""
    word, received = send(AWGN(esno_db=esno_db), seed=103)
    sigma = math.sqrt(10 ** (-esno_db / 10) / 2)
    noise = (received.astype(np.float64) - (1.0 - 2.0 * word)) / sigma
    p_values = []
    for bit in (0, 1):
        part = noise[word == bit]
        p_values.append(float(2 * stats.norm.sf(abs(part.sum()) / math.sqrt(part.size))))
        p_values.append(chi_square_p(float((part**2).sum()), part.size))
    expected = noise.size * np.diff(stats.norm.cdf([-np.inf, *np.linspace(-4, 4, 81), np.inf]))
    counts = np.bincount(np.clip(np.floor(noise * 10).astype(int) + 41, 0, 81).ravel(), minlength=82)
    p_values.append(chi_square_p(float(((counts - expected) ** 2 / expected).sum()), 81))
    assert_plausible(p_values)


@pytest.mark.parametrize("esno_db", ESNOS_DB)
def test_awgn_noise_is_sigma_times_the_normals_of_the_stream(esno_db: float) -> None:
    """To rounding: what no statistical test of this size could tell from a sigma wrong by 0.1 %."""
    word = Stream(113, 50).bits(40)
    sigma = math.sqrt(10 ** (-esno_db / 10) / 2)
    expected = 1.0 - 2.0 * word + sigma * Stream(114, 50).normal(40)
    received = AWGN(esno_db=esno_db).transmit(word, Stream(114, 50))
    np.testing.assert_allclose(received, expected, rtol=3e-7, atol=2e-7 * (1 + sigma))


@each_channel
def test_frames_do_not_depend_on_their_neighbours(channel: Channel) -> None:
    word = Stream(104, 300).bits(40)
    together = channel.transmit(word, Stream(105, 300))
    for start in range(0, 300, 77):
        part = word[start : start + 77]
        alone = channel.transmit(part, Stream(105, len(part), first=start))
        np.testing.assert_array_equal(together[start : start + 77], alone)
        np.testing.assert_array_equal(channel.llr(together)[start : start + 77], channel.llr(alone))


# --- LLRs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [f for f in CROSSOVERS if f > 0])
def test_bsc_llr_is_the_log_ratio_of_the_likelihoods(f: float) -> None:
    received = np.array([[0, 1, 1, 0]], np.uint8)
    likelihood = np.array([[1 - f, f], [f, 1 - f]])  # of the sent bit, row, given the received one
    expected = np.log(likelihood[0, received] / likelihood[1, received])
    np.testing.assert_allclose(BSC(f=f).llr(received), expected, rtol=2e-7)


@pytest.mark.parametrize("esno_db", ESNOS_DB)
def test_awgn_llr_is_the_log_ratio_of_the_densities(esno_db: float) -> None:
    received = send(AWGN(esno_db=esno_db), seed=106, frames=50, n=40)[1]
    sigma = math.sqrt(10 ** (-esno_db / 10) / 2)
    y = received.astype(np.float64)
    expected = stats.norm.logpdf(y, 1, sigma) - stats.norm.logpdf(y, -1, sigma)
    expected = np.clip(expected, -LLR_MAX, LLR_MAX)
    np.testing.assert_allclose(AWGN(esno_db=esno_db).llr(received), expected, rtol=3e-7, atol=1e-12)


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_bec_llr_is_certain_or_zero(epsilon: float) -> None:
    llr = BEC(epsilon=epsilon).llr(np.array([[0, 1, ERASED]], np.uint8))
    np.testing.assert_array_equal(llr, np.array([[LLR_MAX, -LLR_MAX, 0]], np.float32))


def test_llrs_are_clipped_where_certainty_would_be_infinite() -> None:
    certain = np.array([[LLR_MAX, -LLR_MAX]], np.float32)
    bits = np.array([[0, 1]], np.uint8)
    np.testing.assert_array_equal(BSC(f=0).llr(bits), certain)
    for esno_db in (40, 100):
        channel = AWGN(esno_db=esno_db)
        received = channel.transmit(bits, Stream(1, 1))
        np.testing.assert_array_equal(channel.llr(received), certain)
    huge = np.array([[np.finfo(np.float32).max, -np.inf]], np.float32)
    np.testing.assert_array_equal(AWGN(esno_db=100).llr(huge), certain)
    assert np.isfinite(BSC(f=5e-324).llr(bits)).all()


def test_bsc_at_one_half_tells_nothing() -> None:
    assert (BSC(f=0.5).llr(np.array([[0, 1]], np.uint8)) == 0).all()


@pytest.mark.parametrize(
    "channel",
    [*(BSC(f=f) for f in (0.0, 0.01, 0.1, 0.3, 0.5)), *(BEC(epsilon=e) for e in (0.0, 0.1, 0.5, 1.0))]
    + [AWGN(esno_db=db) for db in (-20, -10, -5, 0, 3, 6)],
    ids=repr,
)
def test_llrs_are_calibrated(channel: Channel) -> None:
    """Among bits with about the same LLR, the share of ones is 1 / (1 + exp(LLR)): chi-square over LLRs."""
    word, received = send(channel, seed=107)
    llr = channel.llr(received).astype(np.float64)
    one = 1 / (1 + np.exp(np.minimum(llr, 700)))
    bins = np.clip(np.round(llr * 2), -20, 20).astype(int).ravel() + 20
    count, expected, variance = (
        np.bincount(bins, weights.ravel(), minlength=41) for weights in (word, one, one * (1 - one))
    )
    certain = variance < 1e-9
    np.testing.assert_allclose(count[certain], expected[certain], atol=1e-6)
    known = variance > 50
    statistic = ((count - expected)[known] ** 2 / variance[known]).sum()
    if known.any():
        assert_plausible([chi_square_p(float(statistic), int(known.sum()))])


# --- Arrays ----------------------------------------------------------------------------------------------


@each_channel
@pytest.mark.parametrize(("frames", "n"), [(1, 1), (3, 70), (300, 5), (0, 7), (4, 0)])
def test_shapes_types_and_layout(channel: Channel, frames: int, n: int) -> None:
    """Frames lie side by side in memory, as decoders want them; empty batches are batches too."""
    received = send(channel, 108, frames, n)[1]
    llr = channel.llr(received)
    assert received.shape == llr.shape == (frames, n)
    assert received.dtype == (np.float32 if isinstance(channel, AWGN) else np.uint8)
    assert llr.dtype == np.float32
    assert received.T.flags.c_contiguous
    assert llr.T.flags.c_contiguous
    assert np.abs(llr).max(initial=0) <= LLR_MAX


@each_channel
def test_memory_order_does_not_matter(channel: Channel) -> None:
    word = Stream(109, 70).bits(33)
    spread = np.zeros((140, 66), np.uint8)
    spread[::2, ::2] = word
    expected = channel.transmit(np.asfortranarray(word), Stream(110, 70))
    for same in (np.ascontiguousarray(word), spread[::2, ::2]):
        received = channel.transmit(same, Stream(110, 70))
        np.testing.assert_array_equal(received, expected)
        np.testing.assert_array_equal(channel.llr(np.ascontiguousarray(received)), channel.llr(expected))


@each_channel
def test_inputs_are_left_alone(channel: Channel) -> None:
    word = Stream(111, 20).bits(30)
    word.flags.writeable = False
    received = channel.transmit(word, Stream(112, 20))
    before = received.copy()
    channel.llr(received)
    np.testing.assert_array_equal(received, before)
    received.flags.writeable = False
    channel.llr(received)


def test_awgn_reads_doubles() -> None:
    """Samples a user brings along, in float64."""
    received = np.linspace(-3, 3, 12).reshape(3, 4)
    llr = AWGN(esno_db=0).llr(received)
    assert llr.dtype == np.float32
    np.testing.assert_allclose(llr, 4 * received, rtol=3e-7)


# --- Operating points ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [1.0, 0.5, 1 / 3, 0.01])
@pytest.mark.parametrize("db", [-3.7, 0, 2.1])
def test_ebno_and_esno_differ_by_the_rate(db: float, rate: float) -> None:
    by_ebno, by_esno = AWGN(ebno_db=db, rate=rate), AWGN(esno_db=db, rate=rate)
    assert by_ebno.ebno_db == by_esno.esno_db == db  # what was given is kept as it is
    assert by_ebno.esno_db == pytest.approx(db + 10 * math.log10(rate), abs=1e-12)
    assert by_esno.ebno_db == pytest.approx(db - 10 * math.log10(rate), abs=1e-12)
    for channel in (by_ebno, by_esno):
        assert channel.sigma**2 == pytest.approx(1 / (2 * 10 ** (channel.esno_db / 10)), rel=1e-13)
        assert channel.rate == rate


def test_the_noise_depends_on_esno_alone() -> None:
    word = np.zeros((4, 9), np.uint8)
    one, other = AWGN(esno_db=1.25, rate=0.5), AWGN(esno_db=1.25)
    np.testing.assert_array_equal(one.transmit(word, Stream(1, 4)), other.transmit(word, Stream(1, 4)))


def test_channels_without_energy_have_no_ebno() -> None:
    for channel in (BSC(f=0.1), BEC(epsilon=0.1)):
        assert channel.ebno_db is None
        assert channel.esno_db is None


def test_parameters_name_what_is_swept() -> None:
    names = [[parameter.name for parameter in parameters_of(kind)] for kind in (BSC, BEC, AWGN)]
    assert names == [["f"], ["epsilon"], ["ebno_db", "esno_db", "snr_db"]]


def test_capacities() -> None:
    assert BSC(f=0.11).capacity() == bsc_capacity(0.11) == pytest.approx(0.5, abs=1e-4)
    assert BSC(f=0.5).capacity() == 0
    assert BEC(epsilon=0.3).capacity() == 0.7
    channel = AWGN(ebno_db=0, rate=0.5)
    assert channel.capacity() == channel.capacity("gaussian") == pytest.approx(awgn_capacity(0.5), abs=1e-14)
    assert channel.capacity() == pytest.approx(0.5, abs=1e-14)
    assert channel.capacity("bpsk") == pytest.approx(bpsk_capacity(0.5), abs=1e-14)
    assert channel.capacity("bpsk") < channel.capacity()


@pytest.mark.parametrize(
    ("kind", "arguments", "name"),
    [
        (BSC, {"f": -1e-9}, "f,"),
        (BSC, {"f": 0.5 + 1e-9}, "f,"),
        (BSC, {"f": math.nan}, "f,"),
        (BEC, {"epsilon": -1e-9}, "epsilon"),
        (BEC, {"epsilon": 1 + 1e-9}, "epsilon"),
        (BEC, {"epsilon": math.nan}, "epsilon"),
        (AWGN, {"ebno_db": math.nan}, "ebno_db"),
        (AWGN, {"esno_db": math.nan}, "esno_db"),
        (AWGN, {"ebno_db": 100.1}, "ebno_db"),
        (AWGN, {"esno_db": -math.inf}, "esno_db"),
        (AWGN, {}, "ebno_db, esno_db and snr_db"),
        (AWGN, {"ebno_db": 1, "esno_db": 1}, "ebno_db, esno_db and snr_db"),
        (AWGN, {"ebno_db": 1, "rate": 0}, "rate"),
        (AWGN, {"ebno_db": 1, "rate": 12.5}, "rate"),
        (AWGN, {"ebno_db": 1, "rate": math.nan}, "rate"),
    ],
)
def test_bad_arguments_are_refused_by_name(
    kind: type[Channel], arguments: dict[str, float], name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        kind(**arguments)


@pytest.mark.parametrize("kind", [BSC, BEC, AWGN])
def test_arguments_are_keywords(kind: Any) -> None:
    with pytest.raises(TypeError):
        kind(0.1)


@each_channel
def test_a_word_that_does_not_fit_the_stream_is_refused(channel: Channel) -> None:
    """One frame against three; the compiled kernels read beyond its end."""
    with pytest.raises(ValueError, match="frames"):
        channel.transmit(np.zeros((1, 4), np.uint8), Stream(1, 3))


def test_an_unknown_signal_is_refused() -> None:
    with pytest.raises(ValueError, match="signal"):
        AWGN(esno_db=0).capacity("qpsk")  # type: ignore[arg-type]


def test_a_tiny_rate_is_refused_where_the_noise_would_overflow() -> None:
    with pytest.raises(ValueError, match=r"Es/N0 must lie in .* and is -800\.00 dB at ebno_db = -100"):
        AWGN(ebno_db=-100, rate=1e-70)
    with pytest.raises(ValueError, match=r"^snr_db must lie in .* got 101$"):
        AWGN(snr_db=101)


def test_snr_is_twice_es_over_n0() -> None:
    channel = AWGN(snr_db=4.5)
    assert channel.sigma**-2 == pytest.approx(10**0.45, rel=1e-12)
    assert channel.ebno_db is None
    assert AWGN.limit("snr_db", 0.5) == pytest.approx(0, abs=1e-12)
    assert AWGN.uncoded_ber("snr_db", 0) == pytest.approx(0.15865525393145707, rel=1e-12)


def test_ebno_needs_the_rate() -> None:
    with pytest.raises(ValueError, match="rate is needed with ebno_db"):
        AWGN(ebno_db=3)


CHANNELS_AND_WHAT_THEY_SEND: list[tuple[Channel, type[np.generic]]] = [
    (AWGN(esno_db=2), np.float32),
    (BSC(f=0.2), np.uint8),
    (BEC(epsilon=0.3), np.uint8),
]


@pytest.mark.parametrize(
    ("channel", "kind"), CHANNELS_AND_WHAT_THEY_SEND, ids=lambda x: getattr(x, "__name__", repr(x))
)
def test_words_and_what_is_received_may_be_of_any_kind(channel: Channel, kind: type[np.generic]) -> None:
    word = Stream(1, 5).bits(6)
    received = channel.transmit(word, Stream(2, 5))
    llr = channel.llr(received)
    read_only = word.copy()
    read_only.flags.writeable = False
    words: list[Any] = [
        word.tolist(),
        word.astype(float),
        word.astype(bool),
        word.astype(np.int64),
        read_only,
    ]
    for given in words:
        np.testing.assert_array_equal(channel.transmit(given, Stream(2, 5)), received)
    for arrived in (
        received.tolist(),
        received.astype(np.float64),
        np.ascontiguousarray(received),
        received[:, ::1],
    ):
        np.testing.assert_array_equal(channel.llr(arrived), llr)
    # One word is a word, not a batch.
    for alone in (word[3], word[3].tolist()):
        one = channel.transmit(alone, Stream(2, 1, first=3))
        assert one.dtype == kind
        assert one.shape == (6,)
        np.testing.assert_array_equal(one, received[3])
        np.testing.assert_array_equal(channel.llr(one), llr[3])
        np.testing.assert_array_equal(channel.llr(one.tolist()), llr[3])
    for bad in (word + 0.5, word - 1, word.astype(str), [[0], [0, 1]], 1, word[None]):
        with pytest.raises(ValueError, match=r"^word must "):
            channel.transmit(bad, Stream(2, 5))
    with pytest.raises(ValueError, match="word has 1 frames, and the stream is for 5"):
        channel.transmit(word[0], Stream(2, 5))
    with pytest.raises(ValueError, match=r"^received must "):
        channel.llr(received[None])


def test_over_bits_whatever_is_no_bit_is_nothing() -> None:
    odd = [[0, 1, 2, -1, 0.5, np.nan, np.inf]]
    np.testing.assert_array_equal(BSC(f=0.2).llr(odd) != 0, [[True, True, *[False] * 5]])
    np.testing.assert_array_equal(BEC(epsilon=0.2).llr(odd), [[1000, -1000, *[0] * 5]])
    with pytest.raises(ValueError, match="received must hold real numbers"):
        AWGN(esno_db=0).llr([[1j]])


@pytest.mark.parametrize("make", [np.float64, np.float32, np.asarray])
def test_operating_points_are_any_numbers(make: Any) -> None:
    assert BSC(f=make(0.25)).f == BEC(epsilon=make(0.25)).epsilon == 0.25
    channel = AWGN(ebno_db=make(2), rate=make(0.5))
    assert (channel.ebno_db, channel.rate) == (2, 0.5)
    assert type(channel.esno_db) is type(channel.rate) is float
    for several in ([0.1], np.array([0.1, 0.2])):
        for build in (lambda x: BSC(f=x), lambda x: BEC(epsilon=x), lambda x: AWGN(esno_db=x)):
            with pytest.raises(ValueError, match="must be one number, got several: shape"):
                build(several)
