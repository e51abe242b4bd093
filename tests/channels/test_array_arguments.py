"""Every function of numbers takes floats, NumPy scalars, lists and arrays, and an element is as if asked for alone."""

import inspect
from collections.abc import Callable
from typing import Any

import capgap.channels
import numpy as np
import pytest
from capgap.bounds import bound
from capgap.channels import Rayleigh, pam, psk, qam

EIGHT = psk(8)
#: Each function with some arguments: those in lists are the ones that may be arrays.
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "awgn_capacity": ([0.0, 0.3, 4.0],),
    "awgn_least_ber": ([0.0, 1.0, -3.0], [0.5, 0.9, 1.5]),
    "awgn_limit_ebno_db": ([0.0, 0.5, 2.0],),
    "awgn_limit_ebno_db_at_ber": ([0.5, 0.9, 1.5], [0.01, 0.1, 0.5]),
    "awgn_limit_esno": ([0.0, 0.5, 2.0],),
    "bec_capacity": ([0.0, 0.3, 1.0],),
    "bec_least_ber": ([0.0, 0.3, 1.0], [0.5, 0.9, 1.0]),
    "bec_limit": ([0.0, 0.3, 1.0],),
    "bec_limit_at_ber": ([0.5, 0.9, 1.0], [0.01, 0.1, 0.2]),
    "bicm_capacity": (qam(4), [0.0, 0.5, 3.0]),
    "bicm_limit_esno": (pam(4), [0.0, 0.5, 1.5]),
    "binary_asymmetric_capacity": ([0.0, 0.1, 0.3], [0.2, 0.1, 0.8]),
    "binary_entropy": ([0.0, 0.11, 1.0],),
    "bpsk_capacity": ([0.0, 0.3, 200.0],),
    "bpsk_least_ber": ([0.0, 1.0, -3.0], [0.5, 0.9, 0.2]),
    "bpsk_limit_ebno_db": ([0.0, 0.5, 0.9],),
    "bpsk_limit_ebno_db_at_ber": ([0.5, 0.9, 1.0], [0.01, 0.1, 0.5]),
    "bpsk_limit_esno": ([0.0, 0.5, 0.9],),
    "bsc_capacity": ([0.0, 0.11, 0.5],),
    "bsc_least_ber": ([0.0, 0.11, 0.5], [0.5, 0.9, 1.0]),
    "bsc_limit": ([0.0, 0.05, 0.5],),
    "bsc_limit_at_ber": ([0.5, 0.9, 1.0], [0.01, 0.1, 0.2]),
    "cauchy_entropy": ([0.0, 0.5, 2.0],),
    "bit_error_rate": (EIGHT, [0.5, 3.0, 20.0]),
    "bsec_capacity": ([0.0, 0.1, 0.3], [0.5, 0.2, 0.1]),
    "symbol_error_rate": (EIGHT, [0.5, 3.0, 20.0]),
    "coded_modulation_capacity": (EIGHT, [0.0, 0.5, 3.0]),
    "coded_modulation_limit_esno": (pam(4), [0.0, 0.5, 1.5]),
    "complex_normal_entropy": ([0.0, 0.5, 2.0],),
    "converse_rate": ([0.0, 0.5, 2.0], [0.0, 0.1, 0.5]),
    "differential_bit_error_rate": (EIGHT, [0.0, 0.5, 3.0]),
    "differential_capacity": (psk(2), [0.0, 0.1, 300.0]),
    "differential_limit_esno": (psk(2), [0.0, 0.0, 0.0]),
    "differential_symbol_error_rate": ([2, 4, 16], [0.0, 0.5, 3.0]),
    "exponential_entropy": ([0.1, 0.5, 2.0],),
    "fano_bound": ([0.0, 0.5, 1.0], [2, 3, 2**2000]),
    "fano_frame_error_bound": ([7, 10, 1000], [4, 9, 900], [0.5, 0.3, 0.2]),
    "from_db": ([-10.0, 0.0, 3.0],),
    "gamma_entropy": ([0.5, 1.0, 2.0], [0.0, 0.5, 2.0]),
    "inverse_binary_entropy": ([0.0, 0.5, 1.0],),
    "laplace_entropy": ([0.0, 0.5, 2.0],),
    "least_ber": ([0.0, 0.5, 2.0], [0.5, 0.9, 1.5]),
    "logistic_entropy": ([0.0, 0.5, 2.0],),
    "normal_entropy": ([0.0, 0.5, 2.0],),
    "orthogonal_capacity": ([2, 4, 64], [0.0, 0.5, 3.0]),
    "orthogonal_limit_esno": ([2, 4, 64], [0.0, 0.5, 0.0]),
    "orthogonal_symbol_error_rate": ([2, 4, 64], [0.0, 0.5, 3.0]),
    "outage_probability": (Rayleigh(esno_db=5, coherence=25), [0.0, 0.4, 0.6], [25, 50, 75]),
    "qary_erasure_capacity": ([2, 3, 256], [0.0, 0.3, 1.0]),
    "qary_symmetric_capacity": ([2, 3, 256], [0.0, 0.3, 1.0]),
    "rayleigh_entropy": ([0.0, 0.5, 2.0],),
    "self_information": ([0.0, 0.5, 1.0],),
    "shannon_hartley_capacity": ([0.0, 1e3, 1e6], [0.0, 1.0, 2.0], [1e-3, 1e-2, 1.0]),
    "spectral_efficiency": ([-2.0, 0.0, 10.0],),
    "spectral_efficiency_limit_ebno_db": ([0.0, 0.5, 2.0],),
    "spectral_efficiency_of_esno": ([0.0, 0.5, 2.0],),
    "to_db": ([0.1, 1.0, 2.0],),
    "uniform_entropy": ([0.0, 0.5, 1.0], [1.0, 0.5, 5.0]),
    "z_channel_capacity": ([0.0, 0.5, 1.0],),
}
#: Functions of laws, samples or sizes of constellations, which are not numbers to begin with.
OTHERS = {
    "apsk", "bicm_bit_capacities", "binary_input_capacity", "binned_information", "blahut_arimoto", "channel_information",
    "conditional_entropy", "cross_entropy", "entropy", "fitted_llr_information", "gray_code", "joint_entropy",
    "kullback_leibler_divergence", "llr_information", "llr_information_by_position",
    "multivariate_normal_entropy", "mutual_information", "optimal_quantiser", "pam", "psk", "qam", "cross_qam",
    "symbol_log_posteriors",
}  # fmt: skip


def calls() -> dict[str, tuple[Callable[..., Any], tuple[Any, ...]]]:
    """Functions of ``capgap.channels``, and methods of bounds, with their arguments."""
    found: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        name: (getattr(capgap.channels, name), arguments) for name, arguments in FUNCTIONS.items()
    }
    for channel, name in (("bsc", "converse"), ("bec", "rcu"), ("awgn", "normal-approximation")):
        it, value = bound(channel, name), [0.11, 0.2, 0.3]
        n, rate, error = [50, 100, 200], [0.2, 0.5, 0.9], [1e-3, 0.1, 0.3]
        found |= {
            f"{channel} {name} log_error_probability": (
                it.log_error_probability,
                (n, [9.0, 50.0, 90.0], value),
            ),
            f"{channel} {name} error_probability": (it.error_probability, (n, rate, value)),
            f"{channel} {name} log2_size": (it.log2_size, (n, error, value)),
            f"{channel} {name} rate": (it.rate, (n, error, value)),
            f"{channel} {name} value": (it.value, (n, rate, error)),
        }
    return found


CALLS = calls()


def test_no_public_function_is_left_out() -> None:
    public = {name for name in capgap.channels.__all__ if inspect.isfunction(getattr(capgap.channels, name))}
    assert public == {*FUNCTIONS, *OTHERS}


@pytest.mark.parametrize("name", CALLS)
def test_elements_are_as_if_asked_for_alone(name: str) -> None:
    function, arguments = CALLS[name]
    varied = [i for i, argument in enumerate(arguments) if isinstance(argument, list)]

    def with_values(values: Any) -> list[Any]:
        made = list(arguments)
        for i, value in zip(varied, values, strict=True):
            made[i] = value
        return made

    columns = [arguments[i] for i in varied]
    alone = [function(*with_values(values)) for values in zip(*columns, strict=True)]
    assert all(type(result) is float for result in alone)
    # NumPy scalars and arrays of shape () are numbers.
    for make in (np.asarray, lambda value: np.asarray(value)[()]):
        again = [function(*with_values(map(make, values))) for values in zip(*columns, strict=True)]
        assert all(type(result) is float for result in again)
        np.testing.assert_array_equal(again, alone)
    for shape in ((3,), (3, 1), (1, 3, 1)):
        arrays = [np.reshape(np.array(column), shape) for column in columns]
        result = function(*with_values(arrays))
        assert isinstance(result, np.ndarray)
        assert (result.dtype, result.shape) == (np.float64, shape)
        np.testing.assert_array_equal(result.ravel(), alone)
    np.testing.assert_array_equal(function(*with_values(columns)), alone)
    np.testing.assert_array_equal(function(*with_values(map(tuple, columns))), alone)
    assert function(*with_values([[] for _ in columns])).shape == (0,)
    if len(varied) > 1:  # the first alone an array, with the first element of the others
        rest = [column[0] for column in columns[1:]]
        result = function(*with_values([columns[0], *rest]))
        np.testing.assert_array_equal(result, [function(*with_values([x, *rest])) for x in columns[0]])


def test_broadcasting() -> None:
    rates = capgap.channels.least_ber([0.1, 0.2, 0.3], [[0.5], [0.9]])
    assert rates.shape == (2, 3)
    assert rates[1, 2] == capgap.channels.least_ber(0.3, 0.9)
    assert capgap.channels.bicm_bit_capacities(qam(16), [[1.0, 2.0]]).shape == (1, 2, 4)
    assert capgap.channels.bicm_bit_capacities(qam(16), 1.0).shape == (4,)
    assert bound("bsc", "converse").value(100, [0.5, 1.0], 1e-50)[1:] == pytest.approx([np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("bsc_capacity", ([0.1, 1.5],), r"f must lie in \[0, 1\], got 1.5"),
        (
            "bsc_capacity",
            ("0.1",),
            "f must be a number, or an array of numbers where one is taken, got '0.1'",
        ),
        ("bsc_capacity", (None,), "f must be a number, or an array of numbers where one is taken, got None"),
        ("bsc_capacity", (0.1j,), "f must be a number, or an array"),
        ("bsc_capacity", (["0.1", "x"],), "where one is taken, got an array of <U3"),
        ("bsc_capacity", ([[0.1], [0.1, 0.2]],), "its rows differ in length"),
        ("from_db", (10**400,), "db must lie within the range of float64"),
        ("least_ber", ([0.1, 0.2], [0.1, 0.2, 0.3]), r"do not go together: \(2,\) and \(3,\)"),
        ("qary_erasure_capacity", ([2, 2.5], 0.1), "q must be a whole number, got 2.5"),
        ("pam", (2.5,), "order must be a whole number, got 2.5"),
    ],
)
def test_what_is_no_number_is_told(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        getattr(capgap.channels, name)(*arguments)


@pytest.mark.parametrize("order", [np.int64(16), np.uint8(16), 16.0])
def test_orders_are_any_whole_numbers(order: Any) -> None:
    for make in (pam, psk, qam):
        assert make(order).labels.tolist() == make(16).labels.tolist()
    ring = capgap.channels.apsk(np.array([4, 12]), np.array([1.0, 2.7]))
    assert ring.labels.tolist() == capgap.channels.apsk([4, 12], [1, 2.7]).labels.tolist()


def test_laws_and_samples_are_lists_too() -> None:
    law, joint, llr, bits = [0.5, 0.5], [[0.25, 0.25], [0.5, 0]], [[3.0, -2.0], [1.0, 4.0]], [[0, 1], [1, 0]]
    c = capgap.channels
    assert c.entropy(law) == c.entropy(np.array(law)) == 1
    assert c.mutual_information(joint) == c.mutual_information(np.array(joint))
    for measure in (c.llr_information, c.fitted_llr_information):
        assert measure(llr, bits) == measure(np.array(llr), np.array(bits, np.uint8))
    assert c.binned_information(llr, bits) == c.binned_information(np.array(llr), np.array(bits))
