"""Constellations and what they carry: geometry, other integrals, published values, and order among capacities."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    Constellation,
    apsk,
    bicm_bit_capacities,
    bicm_capacity,
    bicm_limit_esno,
    bpsk_capacity,
    bpsk_limit_esno,
    coded_modulation_capacity,
    coded_modulation_limit_esno,
    from_db,
    gray_code,
    pam,
    psk,
    qam,
    to_db,
)
from scipy.special import logsumexp

from tests.lazy import but_slow

APSK16 = apsk((4, 12), (1, 2.7))
SHIPPED = [
    pam(2),
    pam(8),
    psk(4),
    psk(8),
    psk(16, 0.1),
    qam(4),
    qam(8),
    qam(16),
    qam(64),
    APSK16,
    apsk((8, 8), (1, 2)),
]


def hermite(constellation: Constellation, esno: float, nodes: int = 120) -> tuple[float, float]:
    """Both capacities as the expectation over two-dimensional noise, by Gauss-Hermite quadrature."""
    z, w = np.polynomial.hermite.hermgauss(nodes)
    noise = (z[:, None] + 1j * z).ravel() / math.sqrt(esno)  # N0 / 2 in each dimension
    weight = np.outer(w, w).ravel() / math.pi
    points, bits = constellation.points, constellation.label_bits
    symbol, bitwise = 0.0, 0.0
    for i, point in enumerate(points):
        distances = -esno * (abs(point + noise[:, None] - points) ** 2)
        whole = logsumexp(distances, axis=1)
        symbol += float(weight @ (whole - distances[:, i]))
        for k in range(bits.shape[1]):
            bitwise += float(weight @ (whole - logsumexp(distances[:, bits[:, k] == bits[i, k]], axis=1)))
    losses = [loss / len(points) / math.log(2) for loss in (symbol, bitwise)]
    return constellation.bits - losses[0], constellation.bits - losses[1]


# --- Points and labels ----------------------------------------------------------------------------------


@pytest.mark.parametrize("constellation", SHIPPED, ids=repr)
def test_points_have_unit_energy_and_labels_each_number(constellation: Constellation) -> None:
    assert (abs(constellation.points) ** 2).mean() == pytest.approx(1, abs=1e-14)
    assert sorted(constellation.labels) == list(range(constellation.order))
    assert constellation.bits == int(constellation.bits) == constellation.label_bits.shape[1]
    powers = 1 << np.arange(int(constellation.bits))[::-1]
    assert (constellation.label_bits @ powers == constellation.labels).all()
    assert not constellation.points.flags.writeable
    assert repr(constellation.order) in repr(constellation)


@pytest.mark.parametrize("constellation", [*SHIPPED[:9], apsk((8, 8), (1, 2))], ids=repr)
def test_gray_labels_of_neighbours_differ_in_one_bit(constellation: Constellation) -> None:
    distance = abs(constellation.points[:, None] - constellation.points)
    bits = constellation.label_bits
    differ = (bits[:, None] != bits).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    near = distance < distance.min() * (1 + 1e-9)
    assert (differ[near] == 1).all()


def test_shapes() -> None:
    assert pam(2).points.tolist() == psk(2).points.tolist() == [1, -1]
    assert pam(2).labels.tolist() == [0, 1]
    assert pam(4).points.real == pytest.approx(np.array([3, 1, -1, -3]) / math.sqrt(5))
    assert abs(psk(8).points) == pytest.approx(1)
    assert psk(4).points.tolist() == [1, 1j, -1, -1j]
    assert [c.is_real for c in (pam(8), psk(2), psk(4), qam(4))] == [True, True, False, False]
    assert len(np.unique(qam(32).points.real)) == 8
    assert len(np.unique(qam(32).points.imag)) == 4
    radii = np.unique(abs(APSK16.points).round(12))
    assert radii[1] / radii[0] == pytest.approx(2.7)
    assert gray_code(8).tolist() == [0, 1, 3, 2, 6, 7, 5, 4]


def test_16apsk_is_labelled_as_dvb_s2_does() -> None:
    """ETSI EN 302 307, figure 11: 0000 at 45 degrees outside, 0100 at 15, 1000 at 75, 1100 inside."""
    outer = abs(APSK16.points).max()
    for label, degrees in (
        (0, 45),
        (1, -45),
        (2, 135),
        (3, -135),
        (4, 15),
        (5, -15),
        (8, 75),
        (6, 165),
        (10, 105),
    ):
        (point,) = APSK16.points[APSK16.labels == label]
        assert point == pytest.approx(outer * np.exp(1j * math.radians(degrees)))
    (inner,) = APSK16.points[APSK16.labels == 12]
    assert math.degrees(np.angle(inner)) == pytest.approx(45)
    assert abs(inner) < outer / 2


def test_custom_points() -> None:
    custom = Constellation([3 + 4j, 0, -1], name="three")
    assert custom.points[0] / custom.points[2] == pytest.approx(-(3 + 4j))
    assert custom.bits == pytest.approx(math.log2(3))
    assert not custom.labelled
    with pytest.raises(ValueError, match="labels are needed"):
        bicm_capacity(custom, 1)
    with pytest.raises(ValueError, match="labels are needed"):
        bicm_limit_esno(custom, 1)
    assert not apsk((4, 12, 16), (1, 2.5, 4.3)).labelled
    assert Constellation([1e-200, -1e-200]).points.tolist() == [1, -1]


# --- Capacities -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("db", [-100, -30, -10, 0, 5, 10, 15, 20, 40])
def test_bpsk_and_qpsk_are_the_existing_capacity(db: float) -> None:
    esno = from_db(db)
    expected = bpsk_capacity(esno)
    assert coded_modulation_capacity(pam(2), esno) == pytest.approx(expected, abs=1e-14)
    assert bicm_capacity(psk(2), esno) == pytest.approx(expected, abs=1e-14)
    for quaternary in (qam(4), psk(4), psk(4, math.pi / 4), psk(4, 0.3)):  # two BPSKs of half the energy
        assert coded_modulation_capacity(quaternary, 2 * esno) == pytest.approx(2 * expected, abs=1e-13)
        assert bicm_capacity(quaternary, 2 * esno) == pytest.approx(2 * expected, abs=1e-13)


@pytest.mark.parametrize("constellation", SHIPPED[1:], ids=repr)
@pytest.mark.parametrize(
    ("db", "exact"), but_slow([(-10, 1e-10), (0, 1e-8), (4, 2e-7)], [(-10, 1e-10)])
)  # Gauss-Hermite converges slowly
def test_agrees_with_gauss_hermite(constellation: Constellation, db: float, exact: float) -> None:
    symbol, bitwise = hermite(constellation, from_db(db), 64 if constellation.order > 16 else 100)
    assert coded_modulation_capacity(constellation, from_db(db)) == pytest.approx(symbol, abs=exact)
    assert bicm_capacity(constellation, from_db(db)) == pytest.approx(bitwise, abs=exact)


@pytest.mark.parametrize("db", [-5, 0, 5, 10, 15, 20, 25])
@pytest.mark.parametrize("constellation", [qam(16), psk(8), APSK16], ids=repr)
def test_turning_the_plane_changes_nothing(constellation: Constellation, db: float) -> None:
    """A turned grid is no grid any more, and goes the other way through the code."""
    turned = Constellation(constellation.points * np.exp(0.4j), constellation.labels)
    for capacity in (coded_modulation_capacity, bicm_capacity):
        assert capacity(turned, from_db(db)) == pytest.approx(capacity(constellation, from_db(db)), abs=1e-12)


@pytest.mark.parametrize(
    "db", [-10, pytest.param(6, marks=pytest.mark.slow), 16, pytest.param(30, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "constellation", [pam(16), psk(16), APSK16, Constellation([0, 1, 3, 3.2j, -5], None)], ids=repr
)
def test_a_finer_rule_gives_the_same(
    constellation: Constellation, db: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capgap.channels.modulation.constellation import capacity

    coarse = coded_modulation_capacity(constellation, from_db(db))
    bits = bicm_bit_capacities(constellation, from_db(db)) if constellation.labelled else None
    monkeypatch.setattr(capacity, "STEP", 0.04)
    monkeypatch.setattr(capacity, "REACH", 10.0)
    assert coded_modulation_capacity(constellation, from_db(db)) == pytest.approx(coarse, abs=1e-12)
    if bits is not None:
        assert bicm_bit_capacities(constellation, from_db(db)) == pytest.approx(bits, abs=1e-12)


@pytest.mark.parametrize(
    ("constellation", "rate", "esno_db", "digits"),
    [
        # Ungerboeck, "Channel coding with multilevel/phase signals" (1982), section II: 2 bits at 5.9 dB
        # with 8-PSK, as read off a figure; 3 bits at 9.3 dB with 16-QAM.
        (psk(8), 2, 5.8, 0.1),
        (qam(16), 3, 9.3, 0.05),
        # QPSK at rate 1/2: Eb/N0 = 0.187 dB
        (psk(4), 1, 0.187, 6e-4),
    ],
)
def test_published_limits(constellation: Constellation, rate: float, esno_db: float, digits: float) -> None:
    assert to_db(coded_modulation_limit_esno(constellation, rate)) == pytest.approx(esno_db, abs=digits)


def test_published_limits_of_bicm() -> None:
    """16-QAM at rate 1/2, Gray labels: Eb/N0 = 2.27 dB bit-interleaved, and 2.11 dB symbol-wise."""
    assert to_db(bicm_limit_esno(qam(16), 2) / 2) == pytest.approx(2.27, abs=0.01)
    assert to_db(coded_modulation_limit_esno(qam(16), 2) / 2) == pytest.approx(2.11, abs=0.01)


@pytest.mark.parametrize("constellation", SHIPPED, ids=repr)
def test_order_among_capacities(constellation: Constellation) -> None:
    before = (-1.0, -1.0)
    for db in np.arange(-20, 30, 2.5):
        esno = from_db(float(db))
        symbol, bitwise = coded_modulation_capacity(constellation, esno), bicm_capacity(constellation, esno)
        shannon = math.log2(1 + 2 * esno) / 2 if constellation.is_real else math.log2(1 + esno)
        assert bitwise - 1e-12 <= symbol <= min(shannon, constellation.bits) + 1e-12
        assert symbol >= before[0] - 1e-12
        assert bitwise >= before[1] - 1e-12
        before = symbol, bitwise
    assert before[0] > constellation.bits - 1e-3


def test_labels_decide_what_is_lost_bit_by_bit() -> None:
    """Natural labels on 8-PSK lose more than Gray's (Caire, Taricco and Biglieri, 1998, figure 3)."""
    natural = Constellation(psk(8).points, np.arange(8))
    esno = from_db(5)
    assert coded_modulation_capacity(natural, esno) == coded_modulation_capacity(psk(8), esno)
    assert bicm_capacity(natural, esno) < bicm_capacity(psk(8), esno) - 0.1


def test_a_translation_wastes_energy() -> None:
    """On-off keying over real noise: BPSK at half the energy."""
    assert coded_modulation_capacity(Constellation([0, 1]), 2.0) == pytest.approx(
        bpsk_capacity(1.0), abs=1e-14
    )


def test_ends() -> None:
    for constellation in SHIPPED:
        assert coded_modulation_capacity(constellation, 0) == bicm_capacity(constellation, 0) == 0
        assert coded_modulation_capacity(constellation, math.inf) == constellation.bits
        assert bicm_capacity(constellation, 1e9) == constellation.bits
        assert coded_modulation_limit_esno(constellation, 0) == bicm_limit_esno(constellation, 0) == 0


@pytest.mark.parametrize("constellation", [pam(2), pam(4), psk(8), qam(16), APSK16], ids=repr)
@pytest.mark.parametrize("part", [1e-3, 0.3, 0.5, 0.9, 0.999])
def test_limits_invert(constellation: Constellation, part: float) -> None:
    rate = part * constellation.bits
    esno = coded_modulation_limit_esno(constellation, rate)
    assert coded_modulation_capacity(constellation, esno) == pytest.approx(rate, abs=1e-12)
    assert bicm_capacity(constellation, bicm_limit_esno(constellation, rate)) == pytest.approx(
        rate, abs=1e-12
    )
    if constellation.order == 2:
        assert esno == pytest.approx(bpsk_limit_esno(rate), rel=1e-9)


# --- Arguments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "labels", "told"),
    [
        ([1], None, "points"), ([[1, -1]], None, "points"), (["a", "b"], None, "points"), ([1, math.nan], None, "finite"),
        ([1, 1], None, "different"), ([0, 0], None, "different"), ([1, 0, -1], [0, 1, 2], "power of two"),
        ([1, -1], [0, 2], "integers"), ([1, -1], [0], "integers"), ([1, -1], [0.0, 1.0], "integers"),
        ([1, -1], [1, 1], "integers"),
    ],
)  # fmt: skip
def test_bad_constellations(points: Any, labels: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Constellation(points, labels)


def test_bad_arguments() -> None:
    for order in (0, 1, 3, 8192):
        for make in (pam, psk, qam, gray_code):
            with pytest.raises(ValueError, match="order"):
                make(order)
    with pytest.raises(ValueError, match="order"):
        qam(2)
    with pytest.raises(ValueError, match="phase"):
        psk(4, math.inf)
    for sizes, radii, phases in (
        ((4,), (1, 2), None), ((), (), None), ((4, 4), (1, 2), (0,)), ((0, 4), (1, 2), None),
        ((4, 4), (1, -2), None), ((4, 4), (1, 2), (0, math.nan)), ((4, 4), (1, 1), None),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="must"):
            apsk(sizes, radii, phases)
    for esno in (-1e-9, math.nan):
        with pytest.raises(ValueError, match="esno"):
            coded_modulation_capacity(pam(2), esno)
        with pytest.raises(ValueError, match="esno"):
            bicm_capacity(pam(2), esno)
    for rate in (-0.1, 2.0, math.nan):
        with pytest.raises(ValueError, match="rate"):
            coded_modulation_limit_esno(pam(4), rate)
