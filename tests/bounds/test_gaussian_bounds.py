"""Bounds on the AWGN channel, with any input and with BPSK, against simulation and other formulas."""

import itertools
import math

import numpy as np
import pytest
from capgap.bounds import bound
from capgap.bounds.binary_input import BinaryInputTerm, gallager_e0
from capgap.bounds.cones import log_cone, log_turned
from capgap.bounds.gaussian_tests import GaussianTerm
from capgap.bounds.laplace import Kind, log_expectation
from scipy import integrate, special, stats


@pytest.mark.parametrize("n", [2, 3, 4, 10, 101])
def test_cones_are_incomplete_beta_functions(n: int) -> None:
    theta = np.array([0.3, 1.0, 1.5, 2.0, 3.0])
    half = special.betainc((n - 1) / 2, 0.5, np.sin(theta) ** 2) / 2
    expected = np.where(theta < math.pi / 2, half, 1 - half)
    assert np.exp(log_cone(n, theta)) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("n", [2, 3, 12, 60])
@pytest.mark.parametrize("esno", [0.05, 0.7, 6.0])
def test_turning_is_a_non_central_t_tail(n: int, esno: float) -> None:
    theta = np.array([0.4, 0.9, 1.4, 2.2])
    expected = stats.nct.cdf(math.sqrt(n - 1) / np.tan(theta), n - 1, math.sqrt(2 * n * esno))
    seen = np.exp(log_turned(n, theta, esno))
    large = expected > 1e-6  # what SciPy can do
    assert seen[large] == pytest.approx(expected[large], rel=1e-6)


def test_turning_in_the_plane() -> None:
    """With n = 2 a cone of half-angle pi / 2 is a half-plane, and the tail that of the normal distribution."""
    for esno in (0.5, 10, 100):
        expected = stats.norm.logsf(math.sqrt(4 * esno))
        assert log_turned(2, np.array([math.pi / 2]), esno)[0] == pytest.approx(expected, rel=1e-10)


def test_two_codewords_on_the_sphere() -> None:
    """M = 2: antipodal words are best, and the converse says so exactly."""
    for n in (2, 5, 50):
        expected = stats.norm.logsf(math.sqrt(2 * n * 0.3))
        assert bound("awgn", "converse").log_error_probability(n, 1.0, 0.3) == pytest.approx(
            expected, rel=1e-9
        )


def test_random_union_on_the_sphere_by_quadrature() -> None:
    """Shannon's integral over the angle, with SciPy's distributions, by an adaptive rule."""
    n, log2_m, esno = 12, 5.0, 0.8

    def share(theta: float) -> float:
        half = float(special.betainc((n - 1) / 2, 0.5, math.sin(theta) ** 2)) / 2
        return half if theta < math.pi / 2 else 1 - half

    def density(theta: float) -> float:
        x = math.sqrt(n - 1) / math.tan(theta)
        return (
            float(stats.nct.pdf(x, n - 1, math.sqrt(2 * n * esno))) * math.sqrt(n - 1) / math.sin(theta) ** 2
        )

    kink = 1.0
    while (2**log2_m - 1) * share(kink) < 1:
        kink += 1e-4
    total = sum(
        integrate.quad(lambda t: density(t) * min(1, (2**log2_m - 1) * share(t)), a, b, limit=200)[0]
        for a, b in ((1e-3, kink), (kink, math.pi - 1e-3))
    )
    assert bound("awgn", "rcu").error_probability(n, log2_m / n, esno) == pytest.approx(total, rel=1e-5)


def test_sums_of_gaussian_densities_are_non_central_chi_squares() -> None:
    """The likelihood-ratio test on spheres has chi-square errors; tails down to where SciPy can follow."""
    n, power = 40, 1.3
    one = GaussianTerm(power)
    for gamma in (2.0, 8.0, 15.0, 25.0):
        # I >= gamma where |y - x (1 + P) / P|^2 is at most this.
        radius = (n / 2 * math.log1p(power) + n / 2 - gamma) * 2 * (1 + power) / power
        missed = stats.ncx2.sf(radius, n, n / power)
        false = stats.ncx2.cdf(radius / (1 + power), n, n * (1 + power) / power)
        assert math.exp(log_expectation("below", one, n, gamma)) == pytest.approx(missed, rel=1e-8)
        assert math.exp(log_expectation("tilted", one, n, gamma) - gamma) == pytest.approx(false, rel=1e-7)
        both = log_expectation("union", one, n, gamma)
        assert math.exp(both) == pytest.approx(missed + false * math.exp(gamma), rel=1e-7)


@pytest.mark.parametrize(("n", "log2_m", "esno"), [(7, 4, 0.8), (16, 8, 0.6), (16, 13, 3.0), (100, 50, 0.5)])
def test_bpsk_bounds_are_the_means_of_a_simulation(n: int, log2_m: float, esno: float) -> None:
    """Within 5 standard errors of 200,000 draws; a converse by its threshold, found in the draws."""
    generator = np.random.default_rng(3)
    y = generator.normal(1, math.sqrt(1 / (2 * esno)), (200_000, n))
    density = np.zeros(len(y))
    for column in y.T:
        density += math.log(2) - np.logaddexp(0, -4 * esno * column)
    draws = np.minimum(1, np.exp(math.log(2**log2_m - 1) - math.log(2) - density))
    seen = bound("bpsk", "dt").error_probability(n, log2_m / n, esno)
    assert abs(seen - draws.mean()) < 5 * draws.std() / math.sqrt(len(draws))
    # Weak duality: at every threshold P[I < g] + e^g (Q[I >= g] - 1/M) is below the converse.
    error = bound("bpsk", "converse").error_probability(n, log2_m / n, esno)
    best = -1.0
    for gamma in np.quantile(density, np.linspace(0.001, 0.9, 100)):
        tested = (
            np.where(density < gamma, 1.0, np.exp(np.minimum(gamma - density, 0)))
            - math.exp(gamma) / 2**log2_m
        )
        best = max(best, tested.mean())
    cones = bound("awgn", "converse").error_probability(n, log2_m / n, esno)
    assert max(best, cones) == pytest.approx(error, abs=6e-3)


def test_bpsk_exponent_by_quadrature() -> None:
    for rho, esno in ((0.2, 0.3), (1.0, 0.3), (0.7, 4.0)):
        power = 1 / (1 + rho)
        scale = math.sqrt(1 / (2 * esno))

        def integrand(y: float, power: float = power, scale: float = scale, rho: float = rho) -> float:
            return float(
                (stats.norm.pdf(y, 1, scale) ** power / 2 + stats.norm.pdf(y, -1, scale) ** power / 2)
                ** (1 + rho)
            )

        expected = -math.log(2 * integrate.quad(integrand, 0, 1 + 12 * scale, epsabs=0, epsrel=1e-11)[0])
        assert gallager_e0(rho, esno) == pytest.approx(expected, rel=1e-8)
    # At rho = 1 it is the cut-off rate.
    assert gallager_e0(1.0, 0.5) == pytest.approx(math.log(2) - math.log1p(math.exp(-0.5)), rel=1e-12)


def test_lattice_and_line_agree() -> None:
    """The two ways to the same probability, where both work."""
    from capgap.bounds.laplace import _on_a_lattice

    one = BinaryInputTerm(0.6)
    kinds: tuple[Kind, ...] = ("below", "tilted", "union")
    for kind in kinds:
        for gamma in (5.0, 15.0):
            line = log_expectation(kind, one, 64, gamma)
            lattice = _on_a_lattice(kind, one, 64, gamma, one.saddle_point(gamma / 64))
            assert lattice == pytest.approx(line, abs=1e-6)


def test_gaussian_normal_approximation_by_hand() -> None:
    """At an SNR of 0 dB: V = (P / 2) (P + 2) / (P + 1)^2 log2(e)^2 = 3/8 log2(e)^2."""
    n, q = 1000, 3.090232306167813
    expected = n / 2 - math.sqrt(n * 3 / 8) / math.log(2) * q + math.log2(n) / 2
    assert bound("awgn", "normal-approximation").log2_size(n, 1e-3, 0.5) == pytest.approx(expected, rel=1e-12)


def log2_beta(n: int, power: float, error: float) -> float:
    """Log2 of the size of the best test against N(0, 1 + P): chi-square tails, term by term of a Poisson mixture."""
    radius = stats.ncx2.isf(error, n, n / power) / (1 + power)
    half = n * (1 + power) / power / 2
    terms = np.arange(int(half + 40 * math.sqrt(half)) + 200)
    a, x = n / 2 + terms, radius / 2
    log_poisson = terms * math.log(half) - half - special.gammaln(terms + 1)
    # Ln of the regularised lower incomplete gamma function, by its series, which SciPy's underflows.
    series = special.hyp1f1(1, a + 1, x)
    return float(
        special.logsumexp(log_poisson + a * math.log(x) - x - special.gammaln(a + 1) + np.log(series))
    ) / math.log(2)


@pytest.mark.parametrize(("snr", "error", "n"), [(1.0, 1e-3, 200), (1.0, 1e-3, 2551), (100.0, 1e-6, 148)])
def test_the_meta_converse_by_chi_squares(snr: float, error: float, n: int) -> None:
    expected = -log2_beta(n, snr, error)
    assert bound("awgn", "meta-converse").log2_size(n, error, snr / 2) == pytest.approx(expected, rel=1e-8)
    # kappa-beta, with the limit of kappa_tau for long blocks: both energies are nearly normal
    best = -math.inf
    for tau in np.linspace(0.02, 0.98, 97) * error:
        share = math.sqrt(1 + 2 * snr) / (1 + snr) * special.ndtri((1 + tau) / 2)
        kappa = 2 * special.ndtr(share) - 1
        best = max(best, math.log2(kappa) - log2_beta(n, snr, error - tau))
    assert bound("awgn", "kappa-beta").log2_size(n, error, snr / 2) == pytest.approx(best, abs=0.02)


@pytest.mark.parametrize(
    ("name", "snr", "error", "length"),
    [
        ("meta-converse", 1.0, 1e-3, 2551),
        ("converse", 1.0, 1e-3, 2577),
        ("rcu", 1.0, 1e-3, 2642),
        ("kappa-beta", 1.0, 1e-3, 3158),
        ("meta-converse", 100.0, 1e-6, 148),
        ("converse", 100.0, 1e-6, 162),
        ("rcu", 100.0, 1e-6, 176),
        ("kappa-beta", 100.0, 1e-6, 297),
    ],
)
def test_lengths_for_nine_tenths_of_capacity(name: str, snr: float, error: float, length: int) -> None:
    """Two channels of Polyanskiy, Poor and Verdu, 2010, table I; theirs is the meta-converse."""
    needed = 0.9 * math.log2(1 + snr) / 2
    assert bound("awgn", name).rate(length - 1, error, snr / 2) < needed
    assert bound("awgn", name).rate(length, error, snr / 2) >= needed


@pytest.mark.parametrize(("rate", "n"), [(8, 100), (8, 1000), (4.7, 20_000), (5, 20_000), (2, 1_000_000)])
def test_random_codes_on_tiny_cones_keep_the_converse(rate: float, n: int) -> None:
    for error in (0.1, 1e-9):
        reached = bound("awgn", "rcu").value(n, rate, error)
        least = bound("awgn", "converse").value(n, rate, error)
        assert reached is not None
        assert least is not None
        assert least <= reached < 2.2 * least


@pytest.mark.parametrize(
    ("n", "esno"), [(31, 5.0), (31, 20.0), (100, 10.0), (500, 10.0), (500, 99.5), (20_000, 99.5)]
)
def test_uncoded_transmission_keeps_the_converse(n: int, esno: float) -> None:
    """At rate 1 there is no better code, and next to no noise, so that most terms are at their maximum."""
    uncoded = -math.expm1(n * math.log1p(-stats.norm.sf(math.sqrt(2 * esno))))
    assert bound("bpsk", "converse").error_probability(n, 1.0, esno) <= uncoded * (1 + 1e-9)


def test_bounds_fall_with_the_noise_up_to_next_to_none() -> None:
    esno = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 19.0, 25.0, 40.0, 80.0]
    rcu, gallager = (
        [bound("bpsk", name).error_probability(64, 0.5, e) for e in esno] for name in ("rcu", "gallager")
    )
    assert all(a <= b * (1 + 1e-3) for a, b in zip(rcu, gallager, strict=True))
    assert all(b <= a * (1 + 1e-3) for a, b in itertools.pairwise(rcu))
    # A random code of rate 1 has two equal words as often as not.
    dt = [
        bound("bpsk", "dt").error_probability(2000, 1.0, e) for e in (1.0, 5.0, 10.0, 20.0, 35.2, 60.0, 99.0)
    ]
    assert min(dt) > 0.498
    assert all(b <= a * (1 + 3e-3) for a, b in itertools.pairwise(dt))


def test_converse_where_the_channel_is_nearly_useless() -> None:
    """BPSK is no better than any input there, for which the cones are exact."""
    found = bound("bpsk", "converse").rate(16, 1e-3, 0.01)
    assert found <= bound("awgn", "converse").rate(16, 1e-3, 0.01) < 0.01


@pytest.mark.parametrize(("n", "esno"), [(10_000, 0.1), (20_000, 0.1), (100_000, 7.6)])
def test_kappa_beta_of_long_blocks(n: int, esno: float) -> None:
    reached = bound("awgn", "kappa-beta").rate(n, 1e-3, esno)
    assert (
        0.98 * bound("awgn", "rcu").rate(n, 1e-3, esno)
        < reached
        < bound("awgn", "converse").rate(n, 1e-3, esno)
    )
    assert bound("awgn", "kappa-beta").error_probability(n, reached, esno) == pytest.approx(1e-3, rel=1e-3)
