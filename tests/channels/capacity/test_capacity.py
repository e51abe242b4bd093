"""Capacities against independent formulas, their inverses, and the limits everybody quotes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    awgn_capacity,
    awgn_limit_ebno_db,
    awgn_limit_esno,
    bec_capacity,
    bec_limit,
    binary_entropy,
    bpsk_capacity,
    bpsk_limit_ebno_db,
    bpsk_limit_esno,
    bsc_capacity,
    bsc_limit,
    from_db,
    inverse_binary_entropy,
    to_db,
)
from scipy import stats
from scipy.integrate import quad
from scipy.special import entr

#: Rates from the very low to the very high.
RATES = [1e-9, 1e-6, 1e-3, 0.1, 1 / 3, 0.5, 0.75, 0.9, 0.99, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12]


def mutual_information(esno: float) -> float:
    """Bits that Y = X + N tells of X = +-1, as h(Y) - h(N): the received density is integrated itself."""
    sigma = math.sqrt(1 / (2 * esno))

    def entropy_density(y: float) -> float:
        return float(entr((stats.norm.pdf(y, 1, sigma) + stats.norm.pdf(y, -1, sigma)) / 2))

    ends = [0, 1 / 2, 1, 1 + 2 * sigma, 1 + 5 * sigma, 1 + 12 * sigma]
    parts = [
        quad(entropy_density, *ends[i : i + 2], epsabs=1e-12, epsrel=1e-12, limit=200)[0] for i in range(5)
    ]
    return float(2 * sum(parts) - stats.norm.entropy(scale=sigma)) / math.log(2)


# --- Values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("esno_db", np.linspace(-20, 20, 17).tolist())
def test_bpsk_capacity_agrees_with_another_integral(esno_db: float) -> None:
    assert bpsk_capacity(from_db(esno_db)) == pytest.approx(mutual_information(from_db(esno_db)), abs=1e-9)


@pytest.mark.parametrize("esno_db", [-100, -60, -40, -30])
def test_bpsk_capacity_at_low_snr_follows_its_series(esno_db: float) -> None:
    """With S = 2 Es/N0, C ln 2 = S / 2 - S^2 / 4 + S^3 / 6 - ..., as for the Gaussian input so far."""
    snr = 2 * from_db(esno_db)
    series = (snr / 2 - snr**2 / 4 + snr**3 / 6) / math.log(2)
    assert bpsk_capacity(snr / 2) == pytest.approx(series, abs=max(snr**4, 1e-15))


@pytest.mark.parametrize(
    ("rate", "ebno_db"), [(1 / 3, -0.495), (1 / 2, 0.187), (2 / 3, 1.059), (3 / 4, 1.626), (4 / 5, 2.040)]
)
def test_bpsk_limits_of_the_literature(rate: float, ebno_db: float) -> None:
    assert bpsk_limit_ebno_db(rate) == pytest.approx(ebno_db, abs=6e-4)


def test_threshold_of_richardson_and_urbanke() -> None:
    """Rate 1/2 over BPSK: sigma = 0.97869 ("Capacity of LDPC codes under message-passing decoding", 2001)."""
    assert (2 * bpsk_limit_esno(0.5)) ** -0.5 == pytest.approx(0.97869, abs=1e-5)


def test_shannon_limits() -> None:
    """0 dB at rate 1/2, 10 log10(3/2) at rate 1, and ln 2 = -1.59 dB as the rate goes to 0."""
    assert awgn_limit_ebno_db(0.5) == pytest.approx(0, abs=1e-14)
    assert awgn_limit_ebno_db(1) == pytest.approx(10 * math.log10(1.5), abs=1e-14)
    ultimate = 10 * math.log10(math.log(2))
    assert ultimate == pytest.approx(-1.5917, abs=1e-4)
    for limit in (awgn_limit_ebno_db, bpsk_limit_ebno_db):
        assert limit(0) == ultimate
        assert limit(1e-9) == pytest.approx(ultimate, abs=1e-6)
        assert limit(1e-5) == pytest.approx(ultimate, abs=1e-4)
        assert limit(1e-5) > ultimate


def test_entropy_and_bsc_values() -> None:
    assert binary_entropy(0.5) == 1
    assert binary_entropy(0) == binary_entropy(1) == 0
    assert binary_entropy(0.25) == pytest.approx(2 - 0.75 * math.log2(3), abs=1e-15)
    assert binary_entropy(1e-300) == pytest.approx(
        1e-300 * (math.log2(1e300) + math.log2(math.e)), rel=1e-14, abs=0
    )
    assert bsc_capacity(0.11) == pytest.approx(0.5, abs=1e-4)
    assert bsc_limit(0.5) == pytest.approx(0.110028, abs=1e-6)
    assert bsc_capacity(0) == bsc_capacity(1) == 1
    assert bsc_capacity(0.5) == 0


def test_ends() -> None:
    assert (bsc_limit(0), bsc_limit(1), bec_limit(0), bec_limit(1)) == (0.5, 0, 1, 0)
    assert (bec_capacity(0), bec_capacity(0.25), bec_capacity(1)) == (1, 0.75, 0)
    assert awgn_capacity(0) == bpsk_capacity(0) == awgn_limit_esno(0) == bpsk_limit_esno(0) == 0
    assert bpsk_capacity(1e3) == bpsk_capacity(math.inf) == 1
    assert awgn_capacity(1.5) == pytest.approx(1, abs=1e-15)


# --- Shapes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [bpsk_capacity, awgn_capacity])
def test_capacity_grows_with_the_snr(capacity: Callable[[float], float]) -> None:
    values = [capacity(from_db(db)) for db in np.arange(-60, 12, 0.1)]
    assert (np.diff(values) > 0).all()


def test_capacity_falls_with_the_error_probability() -> None:
    grid = np.linspace(0, 0.5, 500).tolist()
    assert (np.diff([bsc_capacity(f) for f in grid]) < 0).all()
    assert (np.diff([bec_capacity(f) for f in grid]) < 0).all()


def test_bpsk_lies_between_hard_decisions_and_shannon() -> None:
    for db in np.linspace(-60, 25, 171):
        esno = from_db(db)
        hard = bsc_capacity(float(stats.norm.sf(math.sqrt(2 * esno))))
        assert hard - 1e-15 <= bpsk_capacity(esno) <= min(1, awgn_capacity(esno)) + 1e-15


def test_entropy_is_symmetric() -> None:
    for p in np.linspace(0.01, 0.49, 49):
        assert binary_entropy(p) == pytest.approx(binary_entropy(1 - p), abs=1e-15)


# --- Inverses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES)
def test_limits_invert_the_capacities(rate: float) -> None:
    assert bsc_capacity(bsc_limit(rate)) == pytest.approx(rate, abs=1e-14)
    assert bec_capacity(bec_limit(rate)) == pytest.approx(rate, abs=2e-16)
    assert bpsk_capacity(bpsk_limit_esno(rate)) == pytest.approx(rate, abs=1e-14)
    assert awgn_capacity(awgn_limit_esno(rate)) == pytest.approx(rate, rel=1e-15, abs=0)


@pytest.mark.parametrize("rate", [1e-300, 1.0, 2.5, 100.0])
def test_shannon_limit_at_any_rate(rate: float) -> None:
    assert awgn_capacity(awgn_limit_esno(rate)) == pytest.approx(rate, rel=1e-14, abs=0)


@pytest.mark.parametrize("rate", RATES)
def test_limits_on_ebno_and_esno_differ_by_the_rate(rate: float) -> None:
    assert from_db(bpsk_limit_ebno_db(rate)) * rate == pytest.approx(bpsk_limit_esno(rate), rel=1e-13, abs=0)
    assert from_db(awgn_limit_ebno_db(rate)) * rate == pytest.approx(awgn_limit_esno(rate), rel=1e-13, abs=0)


@pytest.mark.parametrize("entropy", [1e-300, 1e-100, *RATES])
def test_entropy_inverts(entropy: float) -> None:
    p = inverse_binary_entropy(entropy)
    assert 0 < p < 0.5
    assert binary_entropy(p) == pytest.approx(entropy, rel=1e-11, abs=0)


def test_limits_are_monotone() -> None:
    rates = np.linspace(0.001, 0.999, 200).tolist()
    for limit in (awgn_limit_esno, bpsk_limit_esno, awgn_limit_ebno_db, bpsk_limit_ebno_db):
        assert (np.diff([limit(rate) for rate in rates]) > 0).all()
    for limit in (bsc_limit, bec_limit):
        assert (np.diff([limit(rate) for rate in rates]) < 0).all()


def test_decibels() -> None:
    assert from_db(0) == 1
    assert from_db(3) == pytest.approx(1.99526231496888, rel=1e-14, abs=0)
    assert to_db(100) == 20
    for ratio in (1e-12, 0.3, 1, 7.0, 1e9):
        assert from_db(to_db(ratio)) == pytest.approx(ratio, rel=1e-14, abs=0)


# --- Arguments -------------------------------------------------------------------------------------------

BAD_ARGUMENTS: list[tuple[Callable[[float], float], str, tuple[Any, ...]]] = [
    (binary_entropy, "p", (-1e-9, 1 + 1e-9)),
    (inverse_binary_entropy, "entropy", (-1e-9, 1 + 1e-9)),
    (bsc_capacity, "must lie in", (-1e-9, 1 + 1e-9)),
    (bec_capacity, "epsilon", (-1e-9, 1 + 1e-9)),
    (awgn_capacity, "esno", (-1e-9, -math.inf)),
    (bpsk_capacity, "esno", (-1e-9, -math.inf)),
    (bsc_limit, "rate", (-1e-9, 1 + 1e-9)),
    (bec_limit, "rate", (-1e-9, 1 + 1e-9)),
    (awgn_limit_esno, "rate", (-1e-9, math.inf)),
    (awgn_limit_ebno_db, "rate", (-1e-9, math.inf)),
    (bpsk_limit_esno, "rate", (-1e-9, 1.0)),
    (bpsk_limit_ebno_db, "rate", (-1e-9, 1.0)),
]


@pytest.mark.parametrize(("function", "name", "values"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused_by_name(
    function: Callable[[float], float], name: str, values: tuple[float, ...]
) -> None:
    for value in (*values, math.nan):
        with pytest.raises(ValueError, match=name):
            function(value)


def test_bpsk_capacity_keeps_its_relative_precision_at_low_snr() -> None:
    for esno in (1e-9, 1e-15, 1e-20):
        assert 0 < bpsk_capacity(esno) == pytest.approx(awgn_capacity(esno), rel=1e-8, abs=0)


@pytest.mark.parametrize("rate", [1e-300, 1e-16, 1e-14])
def test_bpsk_limit_at_tiny_rates(rate: float) -> None:
    assert bpsk_limit_ebno_db(rate) == pytest.approx(10 * math.log10(math.log(2)), abs=1e-6)


def test_bsc_capacity_keeps_its_relative_precision_near_one_half() -> None:
    for distance in (1e-5, 1e-7, 1e-9):
        assert bsc_capacity(0.5 - distance) == pytest.approx(2 * distance**2 / math.log(2), rel=1e-6, abs=0)


def test_entropy_inverts_below_1e_301() -> None:
    assert 0 < inverse_binary_entropy(1e-303) < 1e-303
