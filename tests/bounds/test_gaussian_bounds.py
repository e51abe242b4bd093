"""Bounds on the AWGN channel, with any input and with BPSK, against simulation and other formulas."""

import itertools
import math

import numpy as np
import pytest
from capgap.bounds import bound
from capgap.bounds.binary_input import BinaryInputTerm, gallager_e0
from capgap.bounds.cones import log_cone, log_turned
from capgap.bounds.gaussian_tests import GaussianTerm
from capgap.bounds.numerics.laplace import log_expectation
from capgap.bounds.numerics.lattice import Kind, lattice_expectation
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
    one = BinaryInputTerm(0.6)
    kinds: tuple[Kind, ...] = ("below", "tilted", "union")
    for kind in kinds:
        for gamma in (5.0, 15.0):
            line = log_expectation(kind, one, 64, gamma)
            saddle = one.saddle_point(gamma / 64)
            lattice = lattice_expectation(kind, [(one, 64)], gamma, saddle, one.points)
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


#: n, log2 M, Es/N0 in dB, and ln P[the noise leaves the cone]: with mpmath 1.4 and 40 digits, the cone by the power
#: series of the incomplete beta function, and chi density times normal tail by quadrature between 100 points around
#: the maximum and the step.
CONES = [
    (2, 1, 0, -3.783184333682031948835547),
    (2, 4, 10, -1.526682346659885781292496),
    (2, 30, 100, -0.0004670049028373486576744003),
    (3, 9, 10, -0.2378311356492613283632324),
    (3, 9, 20, -2.343086262602386329092318),
    (3, 24, 60, -0.7152558138814200106031611),
    (3, 40, 100, -0.1091393642144711162798),
    (5, 100, 122, -0.0001306876733371998617460947),
    (8, 4, -3, -1.912276939555356569703070),
    (12, 1.5, -10, -2.109196466735658083385060),
    (30, 3, 8, -166.8359168169838560923),
    (50, 900, 110, -10.19617052005851309465617),
    (100, 50, 0, -9.911534541664722761755512),
    (300, 3000, 60.2, -46.45863266286597220737994),
    (1000, 300, 3, -651.3830969731133295576),
    (1000, 5000, 30, -147.2773384772307443046),
    (10_000, 5000, 0.5, -820.6726747816174211893),
    (1_000_000, 500_000, 0.05, -58582.62678069945491492),
]


@pytest.mark.parametrize(("n", "log2_m", "db", "expected"), CONES)
def test_cones_in_forty_digits(n: int, log2_m: float, db: float, expected: float) -> None:
    found = bound("awgn", "converse").log_error_probability(n, log2_m, 10 ** (db / 10))
    assert found == pytest.approx(expected, rel=0, abs=1e-9)
    if -230 < expected < -1e-3 and log2_m > 1:
        size = bound("awgn", "converse").log2_size(n, math.exp(expected), 10 ** (db / 10))
        assert size == pytest.approx(log2_m, rel=1e-10)


@pytest.mark.parametrize(
    ("db", "rate", "expected"),
    [
        (10, 1, 0.0583333090981),
        (10, 5, 0.998140715747),
        (30, 5, 0.837315545381),
        (30, 3, 0.0425833333305),
        (60, 8.373, 0.852022840441),
        (60, 10, 0.994432822277),
        (-10, 0.5, 0.494212558583),
    ],
)
def test_random_union_in_three_dimensions(db: float, rate: float, expected: float) -> None:
    """Where share and tail have closed forms, (1 - cos) / 2 and Q(A) + cos exp(-A^2 sin^2 / 2) Q(-A cos): 40 digits."""
    assert bound("awgn", "rcu").error_probability(3, rate, 10 ** (db / 10)) == pytest.approx(
        expected, rel=1e-11
    )


@pytest.mark.parametrize(
    ("n", "k", "db", "expected"),
    [
        (1000, 999, 8, -3.332865),
        (1000, 996, 8, -6.506625),
        (1000, 990, 10, -35.290359),
        (256, 255, 10, -16.960436),
        (256, 255, 8, -6.596745),
        (1000, 999, 10, -12.897160),
        (256, 250, 5, -1.683736),
    ],
)
def test_bpsk_converse_at_rates_next_to_one(n: int, k: int, db: float, expected: float) -> None:
    """On a lattice of 2^21 points, with 400,001 LLRs, where three tilts agree to 2e-5: never above it, and near it."""
    found = bound("bpsk", "converse").log_error_probability(n, k, 10 ** (db / 10))
    assert expected - 2e-4 < found < expected + 2e-6


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_two_words_of_bpsk(n: int) -> None:
    """Repetition is best, and known: the converse says so at any SNR, as long as cones do."""
    for db in (-6.0, 0.0, 4.0):
        expected = float(stats.norm.logsf(math.sqrt(2 * n * 10 ** (db / 10))))
        found = bound("bpsk", "converse").log_error_probability(n, 1, 10 ** (db / 10))
        assert found <= expected + 1e-9
        if n > 1:
            assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("esno", [0.5, 2.0, 10.0])
@pytest.mark.parametrize("gamma", [-2.0, 0.0, 0.5])
def test_one_use_of_bpsk_in_closed_form(esno: float, gamma: float) -> None:
    """With n = 1 the sum is a function of a normal LLR."""
    one, mean = BinaryInputTerm(esno), 4 * esno
    llr = -math.log(2 * math.exp(-gamma) - 1)
    below = stats.norm.logcdf((llr - mean) / math.sqrt(2 * mean))
    outputs = stats.norm.sf(np.array([llr - mean, llr + mean]) / math.sqrt(2 * mean)).mean()
    assert log_expectation("below", one, 1, gamma) == pytest.approx(below, abs=2e-5)
    assert log_expectation("tilted", one, 1, gamma) - gamma == pytest.approx(math.log(outputs), abs=2e-5)


def test_the_best_s_of_the_random_coding_union() -> None:
    """As good as the best of many, and better than Gallager's, which lost 0.06 dB at (32, 16) and 1e-2."""
    n, k, esno = 32, 16, 10 ** (4.5527 / 10) / 2
    found = bound("bpsk", "rcu").log_error_probability(n, k, esno)
    many = [
        log_expectation("union", BinaryInputTerm(esno, s), n, math.log(2**k - 1))
        for s in np.linspace(0.5, 1, 26)
    ]
    assert found == pytest.approx(min(many), abs=5e-4)
    assert found < many[0] - 0.03
    assert bound("bpsk", "rcu").value(n, k / n, 1e-2) == pytest.approx(esno, rel=1e-3)


def test_random_codes_of_a_few_words_have_equal_words() -> None:
    """So that without noise the union bound is 15 / 2^7 for (7, 4), whatever s is, and the other half of that."""
    for esno in (40.0, 89.9, 97.7):
        assert bound("bpsk", "rcu").error_probability(7, 4 / 7, esno) == pytest.approx(15 / 2**7, rel=1e-6)
        assert bound("bpsk", "dt").error_probability(7, 4 / 7, esno) == pytest.approx(7.5 / 2**7, rel=1e-6)
    assert bound("bpsk", "rcu").value(7, 4 / 7, 1e-3) is None
