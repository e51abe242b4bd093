"""Information measured from LLRs against capacities, with bounds from its own standard error (significance 1e-5)."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    AWGN,
    BEC,
    BSC,
    Channel,
    Stream,
    bicm_bit_capacities,
    binary_asymmetric_capacity,
    binned_information,
    bpsk_capacity,
    channel_information,
    fitted_llr_information,
    from_db,
    llr_information,
    llr_information_by_position,
    pam,
)
from scipy import stats

#: Two-sided bound of 1e-5 in standard errors.
WIDE = float(stats.norm.isf(0.5e-5))


def sent(channel: Channel, frames: int = 400, n: int = 500) -> tuple[Any, Any]:
    stream = Stream(seed=1, frames=frames, point=repr(channel))
    bits = stream.bits(n)
    return channel.llr(channel.transmit(bits, stream)), bits


@pytest.mark.parametrize(
    "channel", [BSC(f=0.05), BSC(f=0.4), BEC(epsilon=0.3), AWGN(esno_db=-8), AWGN(esno_db=1)]
)
def test_measured_is_the_capacity(channel: Channel) -> None:
    llr, bits = sent(channel)
    capacity = channel.capacity("bpsk") if isinstance(channel, AWGN) else channel.capacity()
    found = llr_information(llr, bits)
    assert found.samples == 400
    assert 0 < found.standard_error < 0.005
    assert abs(found.value - capacity) < WIDE * found.standard_error
    single = llr_information(llr.ravel(), bits.ravel(), "nats")
    assert single.value == pytest.approx(found.value * math.log(2), rel=1e-12)
    assert single.standard_error == pytest.approx(found.standard_error * math.log(2), rel=0.2)
    fitted = fitted_llr_information(llr, bits)
    assert found.value - 1e-12 <= fitted.value < capacity + WIDE * found.standard_error
    if not isinstance(channel, BEC):
        assert fitted.scale == pytest.approx(1, abs=0.05)
    binned = binned_information(llr, bits, bins=64)
    assert (
        capacity - 1e-3 - WIDE * binned.standard_error
        < binned.value
        < capacity + WIDE * binned.standard_error
    )


def test_the_standard_error_covers() -> None:
    """Over 400 repetitions the error is beyond 1.96 standard errors in about 5 % (binomial, 1e-5)."""
    rng = np.random.default_rng(3)
    esno = 0.6
    mean = 4 * esno
    llr = rng.normal(mean, math.sqrt(2 * mean), (400, 1000))
    each = [llr_information(row, np.zeros(1000, np.uint8)) for row in llr]
    beyond = sum(abs(one.value - bpsk_capacity(esno)) > 1.96 * one.standard_error for one in each)
    low, high = stats.binom.ppf([0.5e-5, 1 - 0.5e-5], 400, 0.05)
    assert low <= beyond <= high


def test_bits_that_depend_on_each_other_within_frames() -> None:
    """A frame that repeats one bit tells no more than the bit: the error stays that of the frames."""
    llr, bits = sent(AWGN(esno_db=0), frames=1000, n=1)
    once = llr_information(llr, bits)
    repeated = llr_information(np.repeat(llr, 50, axis=1), np.repeat(bits, 50, axis=1))
    assert repeated.value == pytest.approx(once.value, abs=1e-12)
    assert repeated.standard_error == pytest.approx(once.standard_error, rel=1e-9)


@pytest.mark.parametrize("factor", [0.1, 3.0, 40.0])
def test_scaled_llrs_are_fitted(factor: float) -> None:
    llr, bits = sent(AWGN(esno_db=0))
    true = fitted_llr_information(llr, bits)
    scaled = fitted_llr_information(np.float64(factor) * llr, bits)
    assert scaled.value == pytest.approx(true.value, abs=1e-9)
    assert scaled.scale * factor == pytest.approx(true.scale, rel=1e-4)
    assert llr_information(np.float64(factor) * llr, bits).value < true.value
    binned = binned_information(np.float64(factor) * llr, bits)
    assert binned.value == pytest.approx(bpsk_capacity(1), abs=2e-3 + WIDE * binned.standard_error)


def test_bits_of_a_symbol_that_differ() -> None:
    """The two bits of 4-PAM, from exact LLRs: not symmetric, each bit with its own information."""
    rng = np.random.default_rng(5)
    constellation, esno = pam(4), from_db(4)
    where = rng.integers(0, 4, 200_000)
    received = constellation.points.real[where] + rng.normal(size=len(where)) / math.sqrt(2 * esno)
    likelihood = np.exp(-esno * (received[:, None] - constellation.points.real) ** 2)
    bits = constellation.label_bits
    llr = np.column_stack(
        [np.log((likelihood @ (1 - bits[:, k])) / (likelihood @ bits[:, k])) for k in (0, 1)]
    )
    values, errors = llr_information_by_position(llr, bits[where])
    assert (abs(values - bicm_bit_capacities(constellation, esno)) < WIDE * errors).all()
    assert values.mean() == pytest.approx(llr_information(llr, bits[where]).value, abs=1e-12)


def test_bins_measure_any_channel_and_any_law_of_the_bits() -> None:
    rng = np.random.default_rng(6)
    transition = np.array([[0.9, 0.1], [0.3, 0.7]])
    bits = (rng.random(100_000) < 0.3).astype(np.uint8)
    received = rng.random(100_000) < transition[bits, 1]
    found = binned_information(received, bits, bins=2)
    exact = channel_information([0.7, 0.3], transition)
    assert exact < binary_asymmetric_capacity(0.1, 0.3)
    assert abs(found.value - exact) < WIDE * found.standard_error
    nothing = binned_information(rng.normal(size=100_000), bits, bins=256)
    assert abs(nothing.value) < 1e-3


def test_edges() -> None:
    zeros = np.zeros((3, 4), np.uint8)
    certain = llr_information(np.full((3, 4), np.inf), zeros)
    assert (certain.value, certain.standard_error) == (1, 0)
    wrong = llr_information(np.full((3, 4), -np.inf), zeros)
    assert (wrong.value, wrong.standard_error) == (-math.inf, math.inf)
    assert fitted_llr_information(np.full((3, 4), -np.inf), zeros).value == 0
    assert fitted_llr_information(np.full((3, 4), np.inf), zeros).value == 1
    assert fitted_llr_information(np.full((3, 4), -2.0), zeros).value == 0
    assert llr_information(np.zeros((3, 4)), zeros).value == pytest.approx(0, abs=1e-15)
    assert llr_information(np.full(3, 1e308), zeros[:, 0]).value == 1
    assert llr_information(np.full((1, 4), 2.0), zeros[:1]).standard_error == math.inf
    assert binned_information(np.zeros(5), np.zeros(5)).value == 0


@pytest.mark.parametrize(
    ("llr", "bits", "told"),
    [
        (np.zeros(3), np.zeros(4), "one shape"),
        (np.zeros((1, 1, 1)), np.zeros((1, 1, 1)), "one shape"),
        (np.zeros(0), np.zeros(0), "at least one"),
        (np.array([np.nan]), np.zeros(1), "NaN"),
        (np.zeros(1), np.full(1, 2), "0 and 1"),
        (np.array(["a"]), np.zeros(1), "numbers"),
    ],
)
def test_bad_arguments(llr: Any, bits: Any, told: str) -> None:
    for function in (
        llr_information,
        fitted_llr_information,
        binned_information,
        llr_information_by_position,
    ):
        with pytest.raises(ValueError, match=told):
            function(llr, bits)


def test_more_bad_arguments() -> None:
    with pytest.raises(ValueError, match="bins"):
        binned_information(np.zeros(3), np.zeros(3), bins=1)
    with pytest.raises(ValueError, match="frames"):
        llr_information_by_position(np.zeros(3), np.zeros(3))
