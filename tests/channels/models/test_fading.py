"""Rayleigh, Rician and Nakagami fading.

Every statistical test has its seed fixed beforehand and fails a correct program with probability 1e-6 at most.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    APSK,
    PAM,
    PSK,
    QAM,
    QPSK,
    Channel,
    Nakagami,
    Rayleigh,
    Rician,
    Stream,
    bicm_capacity,
    coded_modulation_capacity,
    from_db,
    psk,
    symbol_error_rate,
)
from capgap.channels.models.model import ChannelModel
from capgap.channels.models.unknown_gains import rayleigh_llr
from capgap.channels.parameter import EBNO, ESNO
from capgap.simulate import run
from capgap.simulate.analysis.gaps import gap_entries
from capgap.simulate.content.limit_curves import limit_lines
from capgap.simulate.contract.channel import untrue_llrs
from capgap.simulate.errors import InputError
from capgap.vectors.groups import HARD, packed
from scipy import integrate, special, stats

FRAMES, USES = 512, 48
LAWS: list[tuple[Any, Any]] = [
    (Rayleigh(esno_db=3), stats.rayleigh(scale=math.sqrt(0.5))),
    (Rician(k_factor_db=6, esno_db=3), None),
    (Nakagami(m=0.5, esno_db=3), stats.nakagami(0.5)),
    (Nakagami(m=1, esno_db=3), stats.nakagami(1)),
    (Nakagami(m=2.5, esno_db=3), stats.nakagami(2.5)),
]
K, SCALE = 10**0.6, math.sqrt(0.5 / (1 + 10**0.6))
LAWS[1] = (LAWS[1][0], stats.rice(math.sqrt(2 * K), scale=SCALE))
each_law = pytest.mark.parametrize(("channel", "law"), LAWS, ids=lambda value: type(value).__name__)


def observed(channel: Channel, dimensions: int = 1, seed: int = 1) -> Any:
    kind: Any = np.float32 if dimensions == 1 else np.complex64
    return channel.receive(np.ones((FRAMES, USES), kind), Stream(seed, FRAMES))


@each_law
def test_gains_have_their_law_and_mean_square_1(channel: Any, law: Any) -> None:
    for dimensions in (1, 2):
        gains = observed(channel, dimensions).gains.astype(np.float64)
        assert gains.shape == (FRAMES, USES)
        assert stats.kstest(gains.ravel(), law.cdf).pvalue > 1e-6
        square = gains.ravel() ** 2
        assert abs(square.mean() - 1) < 4.9 * square.std() / math.sqrt(square.size)


@each_law
def test_means_over_gains_are_those_of_the_law(channel: Any, law: Any) -> None:
    energies, weights = channel._energies
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights @ energies == pytest.approx(1, abs=1e-12)
    assert weights @ energies**2 == pytest.approx(law.moment(4), rel=1e-10)
    esno = from_db(channel.esno_db)
    exact = integrate.quad(lambda g: law.pdf(g) * math.log2(1 + 2 * g * g * esno) / 2, 0, 10, epsabs=1e-12)
    assert channel.capacity() == pytest.approx(exact[0], abs=1e-9)


def test_noise_has_its_variance_in_each_dimension() -> None:
    for dimensions in (1, 2):
        seen = observed(Rayleigh(esno_db=3), dimensions)
        noise = seen.samples - seen.gains
        parts = np.concatenate([noise.real.ravel(), noise.imag.ravel() if dimensions == 2 else []])
        statistic = float((parts.astype(np.float64) ** 2).sum() / seen.noise_variance)
        assert 5e-7 < stats.chi2.cdf(statistic, parts.size) < 1 - 5e-7
    assert seen.noise_variance == pytest.approx(0.5 / from_db(3))


@pytest.mark.parametrize(
    ("coherence", "length"), [("symbol", 1), (1, 1), (5, 5), ("frame", USES), (100, USES)]
)
def test_a_gain_lasts_as_long_as_it_is_to(coherence: Any, length: int) -> None:
    for dimensions in (1, 2):
        gains = observed(Rayleigh(esno_db=3, coherence=coherence), dimensions).gains
        for frame in gains[:3]:
            changes = np.flatnonzero(np.diff(frame)) + 1
            assert changes.tolist() == list(range(length, USES, length))
    assert len(np.unique(gains[:, 0])) == FRAMES


def test_rayleigh_against_closed_forms() -> None:
    """Proakis, 2008, (14.4-15), and the capacity exp(1/g) E1(1/g) / ln 2 of complex samples."""
    for db in (-30.0, -5.0, 0.0, 10.0, 20.0, 40.0):
        g = 10 ** (db / 10)
        channel = Rayleigh(esno_db=db, dimensions=2)
        assert channel.capacity() == pytest.approx(special.hyperu(1, 1, 1 / g) / math.log(2), rel=1e-9)
        exact = (1 - math.sqrt(g / (1 + g))) / 2
        assert Rayleigh(esno_db=db).modulated_ber() == pytest.approx(exact, rel=1e-9)
        for m in (1, 2, 5):  # Simon and Alouini, 2005, (5.18)
            mu = math.sqrt(g / (m + g))
            exact = ((1 - mu) / 2) ** m * sum(math.comb(m - 1 + k, k) * ((1 + mu) / 2) ** k for k in range(m))
            assert Nakagami(m=m, esno_db=db).modulated_ber() == pytest.approx(exact, rel=1e-8)
    moment = integrate.quad(  # Craig's form; Simon and Alouini, 2005, (5.11)
        lambda t: (
            (1 + K)
            / (1 + K + 2 / math.sin(t) ** 2)
            * math.exp(-K * (2 / math.sin(t) ** 2) / (1 + K + 2 / math.sin(t) ** 2))
            / math.pi
        ),
        0,
        math.pi / 2,
        epsabs=1e-13,
    )
    db = 10 * math.log10(2)
    assert Rician(k_factor_db=6, esno_db=db).modulated_ber() == pytest.approx(moment[0], rel=1e-9)


def test_limits_of_bpsk_over_rayleigh_fading() -> None:
    limits = {1 / 3: 0.488, 1 / 2: 1.831, 2 / 3: 3.667, 3 / 4: 4.949}
    for rate, limit in limits.items():
        found = ChannelModel(Rayleigh, EBNO, rate=rate).limit(signal="bpsk")
        assert found == pytest.approx(limit, abs=6e-4)


def test_families_meet_where_they_should() -> None:
    rayleigh = Rayleigh(esno_db=2)
    same = observed(Nakagami(m=1, esno_db=2))
    np.testing.assert_array_equal(same.samples, observed(rayleigh).samples)
    assert Nakagami(m=1, esno_db=2).capacity("bpsk") == pytest.approx(rayleigh.capacity("bpsk"), abs=1e-12)
    nearly = Rician(k_factor_db=-40, esno_db=2)
    assert nearly.capacity("bpsk") == pytest.approx(rayleigh.capacity("bpsk"), abs=1e-7)


# --- Gains that are not known ----------------------------------------------------------------------------


def density(y: float, sigma: float) -> float:
    """Of what is received of a 0, times sigma sqrt(2 pi): the mean over the gains by quadrature."""

    def part(g: float) -> float:
        return 2 * g * math.exp(-g * g - (y - g) ** 2 / (2 * sigma**2))

    edges = sorted({min(abs(y), 7.9), sigma})
    return float(integrate.quad(part, 0, 8, epsabs=0, epsrel=1e-10, points=edges, limit=200)[0])


def test_llrs_without_gains_are_those_of_the_marginal_density() -> None:
    for sigma in (3.0, 0.7, 0.2):
        y = np.array([-2.5, -1, -0.3, -1e-3, 0, 0.01, 0.5, 1.7, 3], np.float32)
        found = rayleigh_llr(y, sigma, 1000.0)
        for value, llr in zip(y.tolist(), found.tolist(), strict=True):
            exact = math.log(density(value, sigma) / density(-value, sigma))
            assert llr == pytest.approx(exact, rel=1e-4, abs=1e-6)


def test_llrs_without_gains_stay_finite_and_grow_with_what_is_received() -> None:
    y = np.geomspace(1e-9, 50, 400).astype(np.float32)
    for sigma in (1e-5, 1e-3, 1.0, 1e3):
        llr = rayleigh_llr(y, sigma, 1000.0)
        assert np.isfinite(llr).all()
        assert (np.diff(llr) >= 0).all()
        np.testing.assert_array_equal(rayleigh_llr(-y, sigma, 1000.0), -llr)


@pytest.mark.parametrize("db", [-10.0, 0.0, 10.0])
def test_not_knowing_gains_costs_capacity(db: float) -> None:
    known, unknown = Rayleigh(esno_db=db), Rayleigh(esno_db=db, csi="none")
    sigma = unknown.sigma
    y = np.linspace(-8 * sigma, 4.5 + 8 * sigma, 601)
    of_zero = np.array([density(value, sigma) for value in y.tolist()]) / (sigma * math.sqrt(2 * math.pi))
    of_one = np.array([density(-value, sigma) for value in y.tolist()]) / (sigma * math.sqrt(2 * math.pi))
    lost = float((of_zero * np.log2(1 + of_one / of_zero)).sum() * (y[1] - y[0]))
    assert unknown.capacity("bpsk") == pytest.approx(1 - lost, abs=1e-7)
    assert unknown.capacity("bpsk") < known.capacity("bpsk")
    assert unknown.capacity() == known.capacity()


# --- Gains that are estimated ----------------------------------------------------------------------------


def estimated(channel: Any, noisy_db: float, frames: int) -> tuple[Any, Any]:
    """Samples +1 as they are received, and estimates of their complex gains: the model as it is written."""
    draw = np.random.default_rng(3)
    parts = draw.normal(size=(6, frames)) * math.sqrt(0.5)
    k = from_db(channel.k_factor_db) if isinstance(channel, Rician) else 0.0
    gain = math.sqrt(k / (1 + k)) + math.sqrt(1 / (1 + k)) * (parts[0] + 1j * parts[1])
    estimate = gain + 10 ** (-noisy_db / 20) * (parts[2] + 1j * parts[3])
    received = gain + (parts[4] + 1j * parts[5]) / math.sqrt(from_db(channel.esno_db))
    return received, estimate


def of_mean(channel: Any, noisy_db: float, estimate: Any) -> tuple[Any, float]:
    """The mean of a gain given its estimate, and the variance of what is left."""
    k, error = (from_db(channel.k_factor_db) if isinstance(channel, Rician) else 0.0), 10 ** (-noisy_db / 10)
    sight, scattered = math.sqrt(k / (1 + k)), 1 / (1 + k)
    return (sight * error + scattered * estimate) / (scattered + error), scattered * error / (
        scattered + error
    )


NOISY: list[Any] = [
    Rayleigh(esno_db=6, csi={"noisy_db": 8.0}, dimensions=2),
    Rician(k_factor_db=3, esno_db=4, csi={"noisy_db": 5.0}, dimensions=2),
]


@pytest.mark.parametrize("channel", NOISY, ids=lambda value: type(value).__name__)
def test_estimated_gains_have_the_law_of_the_model(channel: Any) -> None:
    """What is received of +1 and known of its gain, against estimates that are drawn as they are defined."""
    noisy_db = channel.csi["noisy_db"]
    received, estimate = estimated(channel, noisy_db, 20_000)
    mean, left = of_mean(channel, noisy_db, estimate)
    turned = received * np.conj(mean) / abs(mean)
    seen = observed(channel, dimensions=2)
    variance = (left + 1 / from_db(channel.esno_db)) / 2
    assert seen.noise_variance == pytest.approx(variance, rel=1e-12)
    assert stats.ks_2samp(seen.gains.ravel(), abs(mean)).pvalue > 1e-6
    for part in (np.real, np.imag):
        noise = part(seen.samples - seen.gains).ravel()
        assert stats.ks_2samp(noise, part(turned - abs(mean))).pvalue > 1e-6
        assert stats.kstest(noise, stats.norm(scale=math.sqrt(variance)).cdf).pvalue > 1e-6
    # The part in line with the estimate is all that a real sample needs.
    real = observed(type(channel)(**{**told_of(channel), "dimensions": 1}))
    assert real.noise_variance == seen.noise_variance
    assert stats.ks_2samp((real.samples - real.gains).ravel(), (turned - abs(mean)).real).pvalue > 1e-6


def told_of(channel: Any) -> dict[str, Any]:
    more = {"k_factor_db": channel.k_factor_db} if isinstance(channel, Rician) else {}
    return {"esno_db": channel.esno_db, "csi": channel.csi, **more}


@pytest.mark.parametrize("channel", NOISY, ids=lambda value: type(value).__name__)
def test_limits_and_errors_with_estimated_gains(channel: Any) -> None:
    noisy_db = channel.csi["noisy_db"]
    bpsk = type(channel)(**told_of(channel))
    received, estimate = estimated(channel, noisy_db, 100_000)
    mean, _ = of_mean(channel, noisy_db, estimate)
    wrong = int(((received * np.conj(mean)).real < 0).sum())
    assert stats.binomtest(wrong, len(mean), bpsk.modulated_ber()).pvalue > 1e-6
    llr = 2 * abs(mean) * (received * np.conj(mean)).real / abs(mean) / observed(bpsk).noise_variance
    carried = 1 - np.logaddexp(0, -llr) / math.log(2)
    assert abs(bpsk.capacity("bpsk") - carried.mean()) < 4.9 * carried.std() / math.sqrt(len(carried))
    known = type(channel)(**{**told_of(channel), "csi": "perfect"})
    assert bpsk.capacity("bpsk") < known.capacity("bpsk")
    assert bpsk.capacity() == known.capacity()
    two = QPSK().over(type(channel)(**{**told_of(channel), "dimensions": 2}))
    assert two.capacity("modulation") == pytest.approx(two.capacity("bicm"), abs=1e-12)
    nearly = type(channel)(**{**told_of(channel), "csi": {"noisy_db": 90.0}})
    assert nearly.capacity("bpsk") == pytest.approx(known.capacity("bpsk"), abs=1e-7)


def test_rayleigh_with_estimates_errs_as_its_closed_form_says() -> None:
    """(1 - c) / 2 with the correlation c of sample and estimate: Proakis, 2008, appendix C."""
    for db, noisy_db in ((0.0, 3.0), (10.0, 10.0), (30.0, 20.0)):
        c = 1 / math.sqrt((1 + 1 / from_db(db)) * (1 + 1 / from_db(noisy_db)))
        channel = Rayleigh(esno_db=db, csi={"noisy_db": noisy_db})
        assert channel.modulated_ber() == pytest.approx((1 - c) / 2, rel=1e-9)


POINTS: list[Any] = [
    QAM(order=16),
    QAM(order=16, demapper="max-log"),
    APSK(standard="dvb-s2", order=16, rate="3/4"),
    PAM(order=4),
]


@pytest.mark.parametrize("modulation", POINTS, ids=repr)
@pytest.mark.parametrize("channel", NOISY, ids=lambda value: type(value).__name__)
def test_points_of_other_energies_with_estimated_gains(channel: Any, modulation: Any) -> None:
    """Noise that grows with the energy of what is sent; LLRs are those of the points' densities."""
    made = type(channel)(**{**told_of(channel), "dimensions": modulation.dimensions})
    over, frames, uses = modulation.over(made), 500, 30
    word = Stream(3, frames).bits(uses * modulation.bits_per_symbol)
    seen, sent = over.transmit(word, Stream(4, frames)), modulation.map(word)
    noise, energy = seen.samples - seen.gains * sent, abs(sent) ** 2
    _, left = of_mean(channel, channel.csi["noisy_db"], 0.0)
    per_dimension = (left * energy + 1 / from_db(channel.esno_db)) / 2
    parts = np.stack([noise.real, noise.imag]) if modulation.is_complex else noise[None]
    for level in np.unique(energy.round(4)):
        own = parts[:, abs(energy - level) < 1e-3] / np.sqrt(per_dimension[abs(energy - level) < 1e-3])
        assert stats.kstest(own.ravel(), stats.norm.cdf).pvalue > 1e-6
    constellation = modulation.constellation
    points = constellation.points[np.argsort(constellation.labels)]
    variance = (left * abs(points) ** 2 + 1 / from_db(channel.esno_db)) / 2
    off = abs(seen.samples[..., None] - seen.gains[..., None] * points) ** 2
    metric = -off / (2 * variance) - modulation.dimensions / 2 * np.log(variance)
    add = np.maximum if modulation.demapper == "max-log" else np.logaddexp
    labels, expected = np.arange(len(points)), []
    for bit in reversed(range(modulation.bits_per_symbol)):
        of_bit = (labels >> bit) & 1
        expected.append(add.reduce(metric[..., of_bit == 0], -1) - add.reduce(metric[..., of_bit == 1], -1))
    llr = np.stack(expected, axis=-1).reshape(frames, -1)
    np.testing.assert_allclose(over.llr(seen), llr, rtol=2e-4, atol=2e-4)
    assert untrue_llrs(over.llr(seen), word) == "" or modulation.demapper == "max-log"
    assert over.modulated_ber() is None
    with pytest.raises(ValueError, match="is not known"):
        over.capacity("modulation")


def test_estimates_are_for_points_of_a_plane() -> None:
    told = {"type": "rayleigh", "esno_db": 1, "csi": {"noisy_db": 9}}
    with pytest.raises(InputError, match="takes samples of energy 1 alone"):
        run(config(told, modulation={"type": "orthogonal", "order": 4}), save=False)
    for modulation in ({"type": "psk", "order": 8}, {"type": "qam", "order": 16}):
        run(config(told, modulation=modulation), save=False)


# --- In links --------------------------------------------------------------------------------------------


def config(channel: dict[str, Any], **curve: Any) -> dict[str, Any]:
    curve = {"label": "a", "code": {"type": "uncoded", "k": 60}, **curve}
    return {"name": "f", "seed": 1, "channel": channel, "curves": [curve], "stop": {"frames": 1000}}


@pytest.mark.parametrize(
    ("channel", "exact"),
    [
        ({"type": "rayleigh"}, Rayleigh(esno_db=5)),
        ({"type": "rayleigh", "csi": "none"}, Rayleigh(esno_db=5)),
        ({"type": "rician", "k_factor_db": 3}, Rician(k_factor_db=3, esno_db=5)),
        ({"type": "nakagami", "m": 1.5}, Nakagami(m=1.5, esno_db=5)),
    ],
)
def test_uncoded_bits_err_as_they_should(channel: dict[str, Any], exact: Any) -> None:
    (row,) = run(config({**channel, "ebno_db": 5}), save=False)
    tally = row.tally
    assert stats.binomtest(tally.bit_errors, 60 * tally.frames, exact.modulated_ber()).pvalue > 1e-6


def test_qpsk_errs_as_bpsk_at_the_same_eb_n0() -> None:
    """One gain for both bits of a sample: frames of two bits are independent, and each bit errs alike."""
    (row,) = run(config({"type": "rayleigh", "ebno_db": 5}, modulation="qpsk"), save=False)
    share, size = row.tally.bit_errors / (60 * row.tally.frames), 60 * row.tally.frames
    exact = Rayleigh(esno_db=5).modulated_ber()
    assert abs(share - exact) < 4.9 * math.sqrt(2 * exact / size)  # two bits of a sample err together at most


@pytest.mark.parametrize(
    ("channel", "problem"),
    [
        ({"type": "rayleigh", "esno_db": 1, "coherence": "block"}, "coherence"),
        (
            {"type": "rayleigh", "esno_db": 1, "coherence": 0},
            "coherence must be symbol, frame, a number of samples or",
        ),
        ({"type": "rayleigh", "esno_db": 1, "csi": "noisy"}, "csi"),
        ({"type": "rayleigh", "esno_db": 1, "csi": {"noise": 3}}, "csi must be perfect, none or {noisy_db"),
        (
            {"type": "rayleigh", "esno_db": 1, "csi": {"noisy_db": 101}},
            r"csi: noisy_db must lie in \[-40, 100",
        ),
        (
            {"type": "rayleigh", "esno_db": 1, "csi": {"noisy_db": 9}, "coherence": "frame"},
            "csi: noisy_db needs coherence: symbol",
        ),
        ({"type": "rician", "k_factor_db": 3, "esno_db": 1, "csi": "none"}, "csi"),
        (
            {"type": "rayleigh", "esno_db": 1, "csi": "none", "coherence": 2},
            "csi: none needs coherence: symbol",
        ),
        ({"type": "rician", "esno_db": 1}, "'k_factor_db' is missing"),
        ({"type": "rician", "esno_db": 1, "k_factor_db": 50}, r"k_factor_db must lie in \[-40, 40\], got 50"),
        ({"type": "nakagami", "esno_db": 1, "m": 0.7}, "m must be a multiple of 1/2 from 1/2 to 50, got 0.7"),
        ({"type": "nakagami", "m": 1}, "nakagami needs the values of"),
    ],
)
def test_what_is_no_channel(channel: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        run(config(channel), save=False)


def test_a_modulation_needs_the_gains() -> None:
    with pytest.raises(InputError, match=r"csi='none'.* takes bits, not the samples of a modulation"):
        run(config({"type": "rayleigh", "esno_db": 1, "csi": "none"}, modulation="qpsk"), save=False)


def test_both_forms_are_the_same_with_modulations() -> None:
    for modulation in (PAM(order=4), QPSK()):
        over = modulation.over(Rician(k_factor_db=3, esno_db=4, coherence=3))
        word = Stream(1, 100).bits(48)
        llr = over.llr(over.transmit(word, Stream(2, 100)))
        np.testing.assert_array_equal(over.observe(packed(word), Stream(2, 100)).lanes().T, llr)
        signs = over.observe(packed(word), Stream(2, 100), HARD).lanes().T
        np.testing.assert_array_equal(signs, np.sign(llr))


@pytest.mark.slow  # compiles anew
def test_fading_is_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str], capsys: Any) -> None:
    script = """
import hashlib
import numpy as np
from capgap.channels import Nakagami, Rayleigh, Rician, Stream
for channel in (Rayleigh(esno_db=2), Rician(k_factor_db=3, esno_db=2, coherence=3), Nakagami(m=1.5, esno_db=2),
                Rayleigh(esno_db=2, coherence={"doppler": 0.02})):
    llr = channel.transmit(np.zeros((200, 33), np.uint8), Stream(1, 200))
    print(hashlib.sha256(np.ascontiguousarray(llr).tobytes()).hexdigest())
"""
    exec(script, {})
    assert on_a_plain_cpu(script) == capsys.readouterr().out


def test_models_know_limits_and_errors_of_what_is_fixed() -> None:
    model = ChannelModel(Rician, ESNO, {"k_factor_db": 10.0}, rate=0.5)
    found = model.limit(signal="bpsk")
    assert found is not None
    assert Rician(k_factor_db=10, esno_db=found).capacity("bpsk") == pytest.approx(0.5, abs=1e-9)
    assert model.uncoded_ber(4.0) == Rician(k_factor_db=10, esno_db=4).modulated_ber()


# --- Modulations -----------------------------------------------------------------------------------------


def moment(channel: Any, s: float) -> float:
    """E[exp(-s g^2 Es/N0)], Simon and Alouini, 2005, table 2.2."""
    s *= from_db(channel.esno_db)
    if isinstance(channel, Rician):
        k = from_db(channel.k_factor_db)
        return (1 + k) / (1 + k + s) * math.exp(-k * s / (1 + k + s))
    m = channel.m if isinstance(channel, Nakagami) else 1
    return float((1 + s / m) ** -m)


def craig(channel: Any, s: float, end: float = math.pi / 2) -> float:
    """1/pi times the integral of E[exp(-s g^2 Es/N0 / sin^2 t)] over t up to an end."""
    found = integrate.quad(lambda t: moment(channel, s / math.sin(t) ** 2), 0, end, epsabs=1e-13)[0]
    return float(found) / math.pi


WITH_MODULATIONS: list[Any] = [
    Rayleigh(esno_db=14, dimensions=2),
    Rician(k_factor_db=6, esno_db=14, dimensions=2),
    Nakagami(m=2.5, esno_db=14, dimensions=2),
]


@pytest.mark.parametrize("channel", WITH_MODULATIONS, ids=lambda value: type(value).__name__)
def test_modulations_err_as_their_moments_say(channel: Any) -> None:
    """Craig's forms: Simon and Alouini, 2005, (8.22), and of the bits of 4-PAM Cho and Yoon, 2002."""
    over = QAM(order=16, demapper="max-log").over(channel)
    q = [craig(channel, distance**2 / 10) for distance in (1, 3, 5)]
    assert over.modulated_ber() == pytest.approx(
        (3 * q[0] + 2 * q[1] - q[2]) / 4, rel=1e-7
    )  # levels: float32
    found = channel.mean_over_gains(lambda esno: symbol_error_rate(psk(8), esno))
    exact = craig(channel, math.sin(math.pi / 8) ** 2, 7 * math.pi / 8)
    assert found == pytest.approx(exact, rel=1e-9)
    assert QPSK().over(channel).modulated_ber() == pytest.approx(craig(channel, 0.5), rel=1e-7)


def test_16_qam_errs_over_rayleigh_as_its_closed_form_says() -> None:
    """Of Q(x sqrt(g Es/N0)) the mean is (1 - sqrt(u / (2 + u))) / 2 with u = x^2 Es/N0."""
    for db in (0.0, 20.0, 40.0):
        u = [distance**2 / 5 * from_db(db) for distance in (1, 3, 5)]
        q = [(1 - math.sqrt(each / (2 + each))) / 2 for each in u]
        over = QAM(order=16, demapper="max-log").over(Rayleigh(esno_db=db, dimensions=2))
        assert over.modulated_ber() == pytest.approx((3 * q[0] + 2 * q[1] - q[2]) / 4, rel=1e-7)


def test_what_modulations_carry_is_a_mean_over_the_gains() -> None:
    channel = WITH_MODULATIONS[2]
    over = PSK(order=8, labels="natural").over(channel)

    def exact(capacity: Any) -> float:
        def part(log: float) -> float:
            energy = np.exp(np.array([log]))
            density = math.exp(channel._log_density(energy)[0] + log)
            return density * float(capacity(psk(8, labels="natural"), energy[0] * from_db(channel.esno_db)))

        return float(integrate.quad(part, -6, 3, epsabs=1e-6)[0])

    # Less what lies below exp(-6) and above exp(3).
    assert over.capacity("modulation") == pytest.approx(exact(coded_modulation_capacity), abs=2e-6)
    assert over.capacity("bicm") == pytest.approx(exact(bicm_capacity), abs=2e-6)
    assert over.capacity("bicm") < over.capacity("modulation") < over.capacity()


def test_limits_of_modulations_over_rayleigh_fading() -> None:
    for rate, limit in {1 / 2: 1.831, 3 / 4: 4.949}.items():  # QPSK is two BPSKs of half the energy
        model = ChannelModel(Rayleigh, EBNO, rate=2 * rate, modulation=QPSK())
        assert model.limit(signal="modulation") == pytest.approx(limit, abs=6e-4)
        assert model.limit(signal="bicm") == pytest.approx(model.limit(signal="modulation"), abs=1e-9)
    model = ChannelModel(Nakagami, ESNO, {"m": 2.0}, rate=2.0, modulation=QAM(order=16))
    found = model.limit(signal="bicm")
    assert found is not None
    over = QAM(order=16).over(Nakagami(m=2, esno_db=found, dimensions=2))
    assert over.capacity("bicm") == pytest.approx(2, abs=1e-9)


def test_figures_have_limits_of_modulations_over_fading() -> None:
    told = config({"type": "rayleigh", "ebno_db": 5}, modulation={"type": "psk", "order": 8})
    told["curves"][0]["code"] = {"type": "hamming", "r": 3}
    results = run({**told, "plot": {"limits": ["shannon", "modulation", "bicm"]}}, save=False)
    lines = {line.kind: line.value for line in limit_lines(results, ["shannon", "modulation", "bicm"])}
    assert lines["shannon"] < lines["modulation"] < lines["bicm"]
    assert gap_entries(results, [("fer", 0.1)])[0].modulation_limit == lines["modulation"]
