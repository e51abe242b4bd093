"""Bounds on any channel with finitely many inputs, from its law."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from capgap.bounds import Bound, bound, bounds_of_model, discrete_input
from capgap.channels import (
    AWGN,
    BEC,
    BPSK,
    BSC,
    BSEC,
    OOK,
    PSK,
    QAM,
    QPSK,
    Channel,
    Constellation,
    DiscreteMemoryless,
    GilbertElliott,
    Laplace,
    Modulation,
    QuantisedBPSK,
    Rayleigh,
    ZChannel,
    apsk,
    blahut_arimoto,
    from_db,
    psk,
    qam,
)
from capgap.channels.information.law import DiscreteLaw, Law
from capgap.channels.models.discrete.asymmetric import BinaryAsymmetric
from capgap.channels.models.model import ChannelModel
from capgap.channels.modulation.constellation.law import ConstellationLaw, alike
from capgap.channels.parameter import parameter_named, parameters_of
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln

from tests.conftest import SIGNIFICANCE

LN2 = math.log(2)


def table(make: Any, parameter: str, modulation: Modulation | None = None, **fixed: Any) -> dict[str, Bound]:
    """The bounds over a channel's parameter."""
    found = {each.name: each for each in parameters_of(make)}[parameter]
    return bounds_of_model(ChannelModel(make, found, fixed, modulation=modulation))


def law_of(channel: Channel) -> Law:
    """A channel's law, which is there."""
    law = channel.law()
    assert law is not None
    return law


@pytest.mark.parametrize(
    ("esno_db", "n", "log2_m", "error"),
    [(-1.0, 128, 64, 1e-3), (8.0, 128, 120, 1e-8), (-1.0, 2000, 1000, 1e-6)],
)
def test_bpsk_has_the_bounds_of_its_own_table(esno_db: float, n: int, log2_m: float, error: float) -> None:
    """Logarithms of errors and of sizes agree to 1e-5, the search for s apart; those of exponents to 1e-8."""
    law, value = law_of(BPSK().over(AWGN(esno_db=esno_db))), from_db(esno_db)
    own = bound("bpsk", "dt")
    assert discrete_input.dt_log_error(n, log2_m, law) == pytest.approx(
        own.log_error_probability(n, log2_m, value), abs=2e-5
    )
    assert discrete_input.dt_log2_m(n, math.log(error), law) == pytest.approx(
        own.log2_size(n, error, value), abs=1e-4
    )
    rcu = bound("bpsk", "rcu").log_error_probability(n, log2_m, value)
    assert discrete_input.rcus_log_error(n, log2_m, law) == pytest.approx(rcu, rel=1e-4)
    converse = bound("bpsk", "converse").log_error_probability(n, log2_m, value)  # not that of cones here
    assert discrete_input.meta_converse_log_error(n, log2_m, law) == pytest.approx(converse, abs=5e-4)
    e0 = bound("bpsk", "gallager").log2_size(n, error, value)
    found = table(AWGN, "esno_db", BPSK())["gallager"].log2_size(n, error, value)
    assert found == pytest.approx(e0, rel=1e-8)
    normal = bound("bpsk", "normal-approximation").log2_size(n, error, value)
    assert discrete_input.normal_log2_m(n, math.log(error), law) == pytest.approx(normal, rel=1e-9)


def test_bsc_and_bec_have_the_bounds_of_their_tables() -> None:
    """Sums over the number of flips or erasures, here on a lattice; the meta-converse is a little weaker."""
    flips, erasures = law_of(BSC(f=0.05)), law_of(BEC(epsilon=0.3))
    for n, log2_m in ((128, 64.0), (2000, 1100.0)):
        for law, name, value in ((flips, "bsc", 0.05), (erasures, "bec", 0.3)):
            own = bound(name, "dt").log_error_probability(n, log2_m, value)
            assert discrete_input.dt_log_error(n, log2_m, law) == pytest.approx(own, abs=1e-3, rel=1e-5)
            normal = bound(name, "normal-approximation").log2_size(n, 1e-3, value)
            assert discrete_input.normal_log2_m(n, math.log(1e-3), law) == pytest.approx(normal, rel=1e-12)
        converse = bound("bsc", "converse").log_error_probability(n, log2_m, 0.05)
        found = discrete_input.meta_converse_log_error(n, log2_m, flips)
        assert converse - 5e-3 < found < converse
        size = bound("bsc", "converse").log2_size(n, 1e-4, 0.05)
        assert size < discrete_input.meta_converse_log2_m(n, math.log(1e-4), flips) < size + 0.02


def rcus_by_types(n: int, log2_m: float, transition: np.ndarray, inputs: np.ndarray, s: float) -> float:
    """E[min(1, (M - 1) exp(-I_s))] over all numbers of pairs of input and output, ln."""
    power = transition**s
    pairs = [(x, y) for x in range(2) for y in range(2) if transition[x, y] > 0]
    density = np.array([math.log(power[x, y] / (inputs @ power[:, y])) for x, y in pairs])
    log_p = np.array([math.log(inputs[x] * transition[x, y]) for x, y in pairs])
    total = 0.0
    for counts in itertools.product(range(n + 1), repeat=len(pairs) - 1):
        if sum(counts) > n:
            continue
        type_ = np.array([*counts, n - sum(counts)])
        chance = math.exp(gammaln(n + 1) - gammaln(type_ + 1).sum() + type_ @ log_p)
        total += chance * min(1.0, (2**log2_m - 1) * math.exp(-float(type_ @ density)))
    return math.log(total)


def test_rcus_of_asymmetric_channels_by_enumeration() -> None:
    for p01, p10 in ((0.0, 0.2), (0.05, 0.3)):
        channel = BinaryAsymmetric(p01=p01, p10=p10)
        law, n = law_of(channel), 16
        transition = np.array([[1 - p01, p01], [p10, 1 - p10]])
        inputs = law._input_law  # type: ignore[attr-defined]
        for log2_m in (3.0, 8.0):
            found = discrete_input.rcus_log_error(n, log2_m, law)
            exact = min(
                rcus_by_types(n, log2_m, transition, inputs, s) for s in np.exp(np.linspace(-0.9, 1.0, 20))
            )
            assert exact - 5e-4 < found + 5e-3 < exact + 6e-3, (p01, log2_m, found, exact)
        one = discrete_input.DensitySum(law, n, 0.7).log_union(5 * LN2)
        assert one == pytest.approx(rcus_by_types(n, math.log2(33), transition, inputs, 0.7), abs=1e-6)


DMC_CAPACITY = blahut_arimoto([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], gap=1e-11).lower


def test_laws_know_the_capacity() -> None:
    channels: list[tuple[Channel, float]] = [
        (ZChannel(p=0.3), ZChannel(p=0.3).capacity()),
        (BinaryAsymmetric(p01=0.02, p10=0.2), BinaryAsymmetric(p01=0.02, p10=0.2).capacity()),
        (BSEC(f=0.05, epsilon=0.2), BSEC(f=0.05, epsilon=0.2).capacity()),
        (DiscreteMemoryless(matrix=[[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], epsilon=0.1), 0.9 * DMC_CAPACITY),
        (QuantisedBPSK(esno_db=0, bits=3), QuantisedBPSK(esno_db=0, bits=3).capacity("bpsk")),
        (Laplace(esno_db=-10), Laplace(esno_db=-10).capacity("bpsk")),
        (Laplace(esno_db=9), Laplace(esno_db=9).capacity("bpsk")),
    ]
    for modulation, esno_db in ((PSK(order=8), 6), (QAM(order=16), 5), (QAM(order=32), 12), (OOK(), 3)):
        over = modulation.over(AWGN(esno_db=esno_db, dimensions=modulation.dimensions))
        channels.append((over, over.capacity("modulation")))
    for channel, capacity in channels:
        mean, _ = discrete_input.capacity_and_dispersion(law_of(channel))
        assert mean / LN2 == pytest.approx(capacity, rel=1e-9), channel


@pytest.mark.parametrize(("points", "esno"), [(psk(8).points, 2.0), (qam(16).points, 4.0)])
def test_dispersion_by_gauss_and_hermite(points: np.ndarray, esno: float) -> None:
    x, w = np.polynomial.hermite.hermgauss(60)
    noise = (x[:, None] + 1j * x) / math.sqrt(esno)  # N0 = 1 / esno, half of it in each part
    weight = np.outer(w, w) / math.pi / len(points)
    first = second = 0.0
    for sent in points:
        y = sent + noise
        log = -esno * abs(y[..., None] - points) ** 2
        density = -esno * abs(noise) ** 2 - np.logaddexp.reduce(log, axis=-1) + math.log(len(points))
        first += float((weight * density).sum())
        second += float((weight * density**2).sum())
    found = discrete_input.capacity_and_dispersion(ConstellationLaw(Constellation(points), esno))
    assert found == pytest.approx((first, second - first**2), rel=1e-7)


def test_rcus_of_8_psk_by_simulation() -> None:
    """Words of four samples: the mean of min(1, (M - 1) exp(-I_s)) at s = 0.8."""
    n, s, esno, frames = 4, 0.8, 2.0, 200_000
    law, log2_m = ConstellationLaw(psk(8), esno), 5.0
    found = math.exp(discrete_input.DensitySum(law, n, s).log_union(math.log(2**log2_m - 1)))
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(2, frames, n)) / math.sqrt(2 * esno)
    y = 1 + noise[0] + 1j * noise[1]
    log = -s * esno * abs(y[..., None] - psk(8).points) ** 2
    density = log[..., 0] - np.logaddexp.reduce(log, axis=-1) + math.log(8)
    each = np.minimum(1, (2**log2_m - 1) * np.exp(-density.sum(axis=1)))
    deviation = each.std() / math.sqrt(frames)
    assert abs(each.mean() - found) < stats.norm.isf(SIGNIFICANCE / 2) * deviation


def test_a_grid_that_is_turned_has_the_same_bounds() -> None:
    """Axes one by one, or a quadrature in the plane."""
    axes = law_of(QPSK().over(AWGN(esno_db=2, dimensions=2)))
    plane = ConstellationLaw(Constellation(psk(4).points * np.exp(0.3j)), from_db(2))
    assert len(axes.parts()) == 1 == len(plane.parts())
    assert (axes.parts()[0].times, plane.parts()[0].times) == (2, 1)
    for n, log2_m, digits in ((64, 64.0, 1e-6), (4, 4.0, 1e-3)):
        for formula in (discrete_input.dt_log_error, discrete_input.meta_converse_log_error):
            assert formula(n, log2_m, plane) == pytest.approx(formula(n, log2_m, axes), abs=digits)


def test_which_points_are_alike() -> None:
    def shares(points: np.ndarray) -> list[float]:
        return sorted(share for _, share in alike(points))

    assert shares(psk(8).points * np.exp(0.1j)) == [1]
    assert shares(np.array([0, 2 + 0j])) == [1]  # about their mean
    assert shares(qam(16).points) == [0.25, 0.25, 0.5]
    assert shares(np.array([0, 1, 2j])) == [1 / 3] * 3
    rings = apsk((4, 12), (1, 3.15))
    assert sum(shares(rings.points)) == pytest.approx(1)
    assert len(shares(rings.points)) == 3


def bsec_by_outputs(n: int, f: float, epsilon: float) -> list[tuple[float, int, int]]:
    """Of each output: its probability if zeros are sent, its erasures and its ones."""
    found = []
    for y in itertools.product(range(3), repeat=n):
        erased, ones = y.count(2), y.count(1)
        found.append((epsilon**erased * f**ones * (1 - f - epsilon) ** (n - erased - ones), erased, ones))
    return found


def test_bsec_by_brute_force() -> None:
    n, f, epsilon, m = 6, 0.07, 0.2, 6.0
    known = table(BSEC, "f", epsilon=epsilon)
    # The union bound: of all words, those that an output makes as likely as the one that was sent.
    outputs = bsec_by_outputs(n, f, epsilon)
    union = 0.0
    for chance, erased, ones in outputs:
        left = n - erased
        agree = sum(math.comb(left, d) for d in range(ones + 1)) * 2**erased
        union += chance * min(1.0, (m - 1) * agree / 2**n)
    assert known["rcu"].error_probability(n, math.log2(m) / n, f) == pytest.approx(union, rel=1e-9)
    # The converse: with the erasures given, tests that accept 1 / M of all outputs, the likeliest ones.
    flipped, least = f / (1 - epsilon), 0.0
    for erased in range(n + 1):
        left, room, right = n - erased, 2.0 ** (n - erased) / m, 0.0
        for d in range(left + 1):
            taken = min(room, math.comb(left, d))
            right += taken * flipped**d * (1 - flipped) ** (left - d)
            room -= taken
        chance = math.comb(n, erased) * epsilon**erased * (1 - epsilon) ** left
        least += chance * (1 - min(right, 1.0))
    assert known["converse"].error_probability(n, math.log2(m) / n, f) == pytest.approx(least, rel=1e-9)
    # Without erasures, or without flips, it is the BSC or the BEC.
    for error in (1e-4, 0.1):
        for kind in ("converse", "rcu"):
            of_bsc = table(BSEC, "f", epsilon=0.0)[kind].log2_size(60, error, 0.05)
            assert of_bsc == pytest.approx(bound("bsc", kind).log2_size(60, error, 0.05), abs=1e-6)
            of_bec = table(BSEC, "epsilon", f=0.0)[kind].log2_size(60, error, 0.3)
            assert of_bec == pytest.approx(bound("bec", kind).log2_size(60, error, 0.3), abs=1e-6)


FAMILIES: dict[str, tuple[Any, str, Modulation | None, dict[str, Any], float]] = {
    "z": (ZChannel, "p", None, {}, 0.2),
    "bsec": (BSEC, "epsilon", None, {"f": 0.03}, 0.2),
    "laplace": (Laplace, "ebno_db", None, {}, 0.8),
    "8psk": (AWGN, "esno_db", PSK(order=8), {}, 3.0),
    "16qam": (AWGN, "ebno_db", QAM(order=16), {}, 5.0),
    "ook": (AWGN, "snr_db", OOK(), {}, 1.0),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_bounds_are_in_order_and_have_inverses(name: str) -> None:
    make, parameter, modulation, fixed, value = FAMILIES[name]
    known, n, error = table(make, parameter, modulation, **fixed), 100, 1e-3
    assert next(iter(known)) == "capacity"
    converse = known.get("converse")
    assert converse is not None
    assert (converse is not None and converse.constraint) == {"8psk": "equal", "16qam": "average"}.get(
        name, None if converse else False
    )
    capacity = known["capacity"].rate(n, error, value)
    for each in known.values():
        rate = each.rate(n, error, value)
        if each.kind == "capacity":
            continue
        assert capacity / 3 < rate < capacity, each.name
        assert each.error_probability(n, rate, value) == pytest.approx(error, rel=2e-3), each.name
        if each.kind == "achievability" and converse is not None:
            assert rate < converse.rate(n, error, value), each.name
        assert "\n" not in each.source
    dt = known["dt"]
    found = dt.value(n, dt.rate(n, error, value), error)
    assert found == pytest.approx(value, rel=1e-6)
    assert ("sphere-packing" in known) == (name not in ("z", "16qam"))


def test_bounds_without_noise() -> None:
    """The sums have one value, n ln 2: (M - 1) 2^-n and half of it."""
    known, n, error = table(ZChannel, "p"), 100, 1e-3
    for name, bits in (("rcu", math.log2(error)), ("dt", math.log2(error) + 1)):
        assert known[name].log2_size(n, error, 0.0) == pytest.approx(n + bits, abs=1e-9)
        assert known[name].error_probability(n, 1 + bits / n, 0.0) == pytest.approx(error, rel=1e-9)


def test_converse_of_asymmetric_channels() -> None:
    """Weaker than that of a BSC by some bits where it is one; exact tests of all words of each weight."""
    for n, error in ((50, 1e-3), (300, 1e-5)):
        split = table(BinaryAsymmetric, "p10", p01=0.05)["converse"].log2_size(n, error, 0.05)
        whole = bound("bsc", "converse").log2_size(n, error, 0.05)
        assert whole < split < whole + math.log2(n + 1)
    known, n, log2_m = table(ZChannel, "p")["converse"], 6, 5.0

    def union(w: int, log_l: float) -> float:
        """Of a word with w ones over the Z channel, by its outputs."""
        total, one = 0.0, w * 0.8 / n
        for y in itertools.product(range(2), repeat=w):
            likely = 0.2 ** y.count(0) * 0.8 ** y.count(1)
            other = one ** y.count(1) * (1 - one) ** (n - y.count(1))
            total += min(likely, math.exp(log_l) * other)
        return total

    def least(u: float) -> float:
        sizes = [brentq(lambda x, w=w: union(w, x) - u, -30, 30) for w in range(n + 1)]
        return u - float(np.exp(sizes).sum()) / 2**log2_m

    best = max(least(u) for u in np.linspace(0.1, 0.6, 100))
    assert known.error_probability(n, log2_m / n, 0.2) == pytest.approx(best, rel=5e-3)


def test_exponents_are_equal_up_to_the_critical_rate() -> None:
    """Above it rho is below 1, and random coding is as good as sphere packing allows; below it is not."""
    known = table(AWGN, "esno_db", PSK(order=8))
    packing, coding = known["sphere-packing"], known["gallager"]
    for rate, equal in ((1.5, True), (0.5, False)):
        logs = [each.log_error_probability(500, 500 * rate, 3.5) for each in (packing, coding)]
        assert (abs(logs[0] - logs[1]) < 1e-4) == equal
        assert logs[0] <= logs[1] + 1e-6


def test_a_channel_of_ones_own_has_bounds_from_its_law() -> None:
    class Ternary(Channel):
        """A bit is doubted with probability p, and taken for the other one with p / 10."""

        parameters = ("p",)

        def __init__(self, *, p: float) -> None:
            if not 0 <= p <= 0.5:
                raise ValueError(f"p must lie in [0, 1/2], got {p}")
            self.p = p

        def law(self) -> DiscreteLaw:
            """Of three outputs."""
            right = 1 - 1.1 * self.p
            return DiscreteLaw([[right, self.p, self.p / 10], [self.p / 10, self.p, right]])

        def capacity(self) -> float:
            """That of a BSC with erasures."""
            return BSEC(f=self.p / 10, epsilon=self.p).capacity()

    own, known = table(Ternary, "p"), table(BSEC, "epsilon", f=0.02)
    assert "converse" not in own  # the law does not say that its inputs are alike
    for kind in ("dt", "normal-approximation", "gallager"):
        rate = known[kind].rate(100, 1e-3, 0.2)
        assert own[kind].rate(100, 1e-3, 0.2) == pytest.approx(rate, rel=1e-9)
    values = own["dt"].values
    assert values.low == pytest.approx(0)
    assert values.bits == 1
    assert values.high == pytest.approx(0.5)
    assert own["dt"].value(100, 0.5, 1e-3) == pytest.approx(0.2, abs=0.1)


def test_where_there_is_no_law_there_are_no_bounds() -> None:
    class Louder(BSC):
        """What it sends is not what a BSC sends."""

        def transmit(self, word: Any, stream: Any) -> Any:
            """Bits."""
            return super().transmit(word, stream)

        def llr(self, received: Any) -> Any:
            """LLRs."""
            return super().llr(received)

    assert table(Louder, "f") == {}
    assert table(GilbertElliott, "f", burst_length=10.0) == {}
    assert table(Rayleigh, "esno_db", PSK(order=8)) == {}
    assert table(AWGN, "esno_db", QAM(order=512)) == {}  # a cross of too many points
    assert bounds_of_model(ChannelModel(BSC, parameter_named("f"))) == {
        each: bound("bsc", each)
        for each in ("capacity", "converse", "normal-approximation", "rcu", "dt", "gallager", "expurgated")
    }


def test_messages() -> None:
    with pytest.raises(ValueError, match="input_law must have 2 entries"):
        DiscreteLaw([[1, 0], [0, 1]], [0.2, 0.3, 0.5])
    with pytest.raises(ValueError, match="esno must be at most 144"):
        ConstellationLaw(psk(4), 1e4)
    with pytest.raises(ValueError, match="esno must be above 0"):
        ConstellationLaw(psk(4), 0.0)
    with pytest.raises(ValueError, match="at most 256 points"):
        law_of(QAM(order=512).over(AWGN(esno_db=3, dimensions=2)))
    with pytest.raises(ValueError, match=r"n must lie in \[1, 20000\] for converse on bsec"):
        table(BSEC, "f", epsilon=0.1)["converse"].rate(30_000, 1e-3, 0.1)
    with pytest.raises(ValueError, match=r"rate must lie in \(0, 3\] for bounds on 8-PSK"):
        table(AWGN, "esno_db", PSK(order=8))["dt"].value(100, 3.5, 1e-3)
