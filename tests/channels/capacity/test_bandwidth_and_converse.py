"""Shannon-Hartley, spectral efficiency, and the converse with errors, against closed forms and each other."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from capgap.channels import (
    awgn_capacity,
    awgn_least_ber,
    awgn_limit_ebno_db,
    awgn_limit_ebno_db_at_ber,
    bec_least_ber,
    bec_limit,
    bec_limit_at_ber,
    binary_entropy,
    bpsk_least_ber,
    bpsk_limit_ebno_db,
    bpsk_limit_ebno_db_at_ber,
    bsc_capacity,
    bsc_least_ber,
    bsc_limit,
    bsc_limit_at_ber,
    converse_rate,
    from_db,
    inverse_binary_entropy,
    least_ber,
    shannon_hartley_capacity,
    spectral_efficiency,
    spectral_efficiency_limit_ebno_db,
    spectral_efficiency_of_esno,
    to_db,
)
from scipy.special import lambertw

from tests.properties import given, st

# --- Bandwidth ------------------------------------------------------------------------------------------


def test_shannon_hartley() -> None:
    """Cover and Thomas (2006), section 9.3: a telephone line of 3300 Hz at 33 dB carries 36 kbit/s."""
    noise = 1e-9
    assert shannon_hartley_capacity(3300, from_db(33) * 3300 * noise, noise) == pytest.approx(
        36_177, rel=1e-4
    )
    assert shannon_hartley_capacity(1e6, 0, 1e-20) == shannon_hartley_capacity(0, 1, 1e-20) == 0
    assert shannon_hartley_capacity(math.inf, 3, 2) == pytest.approx(1.5 / math.log(2), rel=1e-15)
    assert shannon_hartley_capacity(1e300, 3, 2) == pytest.approx(1.5 / math.log(2), rel=1e-15)
    assert shannon_hartley_capacity(1e-300, 1e10, 1) == pytest.approx(
        1e-300 * math.log2(1e155) * 2, rel=1e-12
    )
    # 2 W real uses a second, each with Es = P / (2 W)
    assert shannon_hartley_capacity(5.0, 7, 0.3) == pytest.approx(10 * awgn_capacity(7 / 10 / 0.3), rel=1e-14)
    values = [shannon_hartley_capacity(w, 1, 1) for w in np.logspace(-6, 6, 100)]
    assert (np.diff(values) > 0).all()
    for arguments in (
        (-1, 1, 1),
        (1, -1, 1),
        (1, 1, 0),
        (math.nan, 1, 1),
        (1, math.nan, 1),
        (1, 1, math.nan),
    ):
        with pytest.raises(ValueError, match="must"):
            shannon_hartley_capacity(*arguments)


@given(st.floats(1e-6, 1000))
def test_spectral_efficiency_inverts(efficiency: float) -> None:
    ebno_db = spectral_efficiency_limit_ebno_db(efficiency)
    assert from_db(ebno_db) == pytest.approx(math.expm1(efficiency * math.log(2)) / efficiency, rel=1e-12)
    assert spectral_efficiency(ebno_db) == pytest.approx(efficiency, rel=1e-12, abs=2e-15)
    assert ebno_db == awgn_limit_ebno_db(efficiency / 2)


@pytest.mark.parametrize("ebno_db", [-1.5, 0.0, 1.0, 5.0, 10.0, 40.0, 300.0])
def test_spectral_efficiency_by_lambert(ebno_db: float) -> None:
    """With a = ln 2 / (Eb/N0), r ln 2 = -a - W(-a e^-a) on the lower branch."""
    a = math.log(2) / from_db(ebno_db)
    u = -a - lambertw(-a * math.exp(-a), -1).real
    assert spectral_efficiency(ebno_db) == pytest.approx(u / math.log(2), rel=1e-7 if ebno_db < 0 else 1e-13)
    r = spectral_efficiency(ebno_db)
    assert spectral_efficiency_of_esno(r * from_db(ebno_db)) == pytest.approx(r, rel=1e-12)


def test_spectral_efficiency_ends_at_ln_2() -> None:
    ultimate = to_db(math.log(2))
    assert ultimate == pytest.approx(-1.5917, abs=1e-4)
    assert spectral_efficiency_limit_ebno_db(0) == ultimate
    assert spectral_efficiency(-math.inf) == spectral_efficiency(ultimate - 1e-9) == 0
    assert 0 < spectral_efficiency(ultimate + 1e-9) < 1e-8
    assert spectral_efficiency(0) == pytest.approx(1, abs=1e-15)  # (2^1 - 1) / 1
    assert spectral_efficiency_of_esno(0) == 0
    assert spectral_efficiency_of_esno(1) == 1
    assert (np.diff([spectral_efficiency(db) for db in np.arange(-1.6, 30, 0.1)]) > 0).all()
    assert spectral_efficiency(1000) > 330
    for function in (spectral_efficiency, spectral_efficiency_limit_ebno_db):
        for value in (3001.0, math.nan):
            with pytest.raises(ValueError, match="must"):
                function(value)
    for value in (-1e-9, math.nan):
        with pytest.raises(ValueError, match="esno"):
            spectral_efficiency_of_esno(value)


# --- The converse ---------------------------------------------------------------------------------------


@given(st.floats(1e-6, 1), st.floats(1e-6, 10))
def test_least_ber_solves_the_converse(capacity: float, rate: float) -> None:
    ber = least_ber(capacity, rate)
    assert 0 <= ber <= 0.5
    if rate <= capacity:
        assert ber == 0
    else:
        assert rate * (1 - binary_entropy(ber)) == pytest.approx(capacity, rel=1e-8)
        assert ber == pytest.approx(inverse_binary_entropy(1 - capacity / rate), abs=1e-6)
        if ber > 1e-12:
            assert converse_rate(capacity, ber) == pytest.approx(rate, rel=1e-10)


def test_converse_ends() -> None:
    assert converse_rate(0.5, 0) == 0.5
    assert converse_rate(0.5, 0.5) == converse_rate(0, 0.5) == math.inf
    assert converse_rate(0, 0.1) == 0
    assert least_ber(0, 1) == 0.5
    assert least_ber(0.5, 0.5) == 0
    assert least_ber(0.5, 1) == pytest.approx(0.110028, abs=1e-6)  # MacKay (2003), section 10.4: rate 2 C
    assert bsc_least_ber(0.5, 0.3) == bec_least_ber(1, 0.3) == 0.5
    # at rate 1 the best one can do over the BSC is nothing
    assert bsc_least_ber(0.1, 1) == pytest.approx(0.1, abs=1e-12)
    assert awgn_least_ber(-math.inf, 1) == bpsk_least_ber(-math.inf, 1) == 0.5
    assert awgn_least_ber(20, 0.5) == bpsk_least_ber(20, 0.5) == 0


LIMITS: list[
    tuple[Callable[[float, float], float], Callable[[float, float], float], Callable[[float], float]]
] = [
    (bsc_limit_at_ber, bsc_least_ber, bsc_limit),
    (bec_limit_at_ber, bec_least_ber, bec_limit),
    (awgn_limit_ebno_db_at_ber, awgn_least_ber, awgn_limit_ebno_db),
    (bpsk_limit_ebno_db_at_ber, bpsk_least_ber, bpsk_limit_ebno_db),
]


@pytest.mark.parametrize(("limit", "least", "without_errors"), LIMITS)
def test_limits_at_a_ber_invert_the_least_ber(
    limit: Callable[[float, float], float],
    least: Callable[[float, float], float],
    without_errors: Callable[[float], float],
) -> None:
    for rate in (1e-3, 0.25, 0.5, 0.9, 1.0):
        for ber in (1e-6, 1e-3, 0.05, 0.3):
            value = limit(rate, ber)
            assert least(value, rate) == pytest.approx(ber, rel=1e-5)
        if rate < 1:
            assert limit(rate, 0) == pytest.approx(without_errors(rate), rel=1e-14, abs=1e-13)
            assert limit(rate, 1e-12) == pytest.approx(without_errors(rate), abs=1e-8)
    assert least(limit(1.5, 0.2), 1.5) == pytest.approx(0.2, rel=1e-9)  # a rate above 1: some bits are lost


def test_the_worst_channel_needs_nothing() -> None:
    assert bsc_limit_at_ber(0.7, 0.5) == 0.5
    assert bec_limit_at_ber(0.7, 0.5) == 1
    assert awgn_limit_ebno_db_at_ber(0.7, 0.5) == bpsk_limit_ebno_db_at_ber(0.7, 0.5) == -math.inf


def test_the_ultimate_curve_of_rate_one_half() -> None:
    """At BER 1e-5 and rate 1/2 the limits are a hair below those without errors, 0 and 0.187 dB."""
    needed = (1 - binary_entropy(1e-5)) / 2
    expected = 10 * math.log10((4**needed - 1) / 2 / 0.5)
    assert awgn_limit_ebno_db_at_ber(0.5, 1e-5) == pytest.approx(expected, abs=1e-12)
    assert -0.01 < expected < 0
    assert 0.18 < bpsk_limit_ebno_db_at_ber(0.5, 1e-5) < 0.1871


def test_bad_arguments() -> None:
    for capacity in (-0.1, math.nan, math.inf):
        with pytest.raises(ValueError, match="capacity"):
            least_ber(capacity, 0.5)
        with pytest.raises(ValueError, match="capacity"):
            converse_rate(capacity, 0.1)
    for limit, least, _ in LIMITS:
        for rate in (0.0, -1.0, math.nan, math.inf):
            with pytest.raises(ValueError, match="rate"):
                limit(rate, 0.1)
            with pytest.raises(ValueError, match="rate"):
                least(0.1, rate)
        for ber in (-0.1, 0.51, math.nan):
            with pytest.raises(ValueError, match="ber"):
                limit(0.5, ber)
        with pytest.raises(ValueError, match="must"):
            least(math.nan, 0.5)
    for too_much in (bsc_limit_at_ber, bec_limit_at_ber, bpsk_limit_ebno_db_at_ber):
        with pytest.raises(ValueError, match="rate"):
            too_much(1.5, 0.01)
    assert bsc_capacity(bsc_limit_at_ber(0.5, 0.01)) == pytest.approx(
        0.5 * (1 - binary_entropy(0.01)), abs=1e-14
    )
