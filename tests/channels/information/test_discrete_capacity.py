"""Capacities of discrete channels: closed forms, each other, brute force, and Blahut-Arimoto's bounds."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    bec_capacity,
    binary_asymmetric_capacity,
    binary_entropy,
    blahut_arimoto,
    bsc_capacity,
    channel_information,
    qary_erasure_capacity,
    qary_symmetric_capacity,
    z_channel_capacity,
)
from scipy.optimize import minimize_scalar

from tests.properties import given, settings, st

PROBABILITY = st.floats(0, 1)


def best(transition: Any) -> float:
    """The capacity of a channel with two inputs, by a search for the best law."""
    found = minimize_scalar(
        lambda p: -channel_information([p, 1 - p], transition),
        bounds=(0, 1),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return -float(found.fun)


def muroga(p: float, q: float) -> float:
    """The closed form of the binary asymmetric channel, with the inverse of the matrix."""
    matrix = np.array([[1 - p, p], [q, 1 - q]])
    entropies = np.array([binary_entropy(p), binary_entropy(q)])
    return float(np.log2(np.exp2(-np.linalg.solve(matrix, entropies)).sum()))


# --- Closed forms ---------------------------------------------------------------------------------------


def test_values() -> None:
    assert z_channel_capacity(0.5) == pytest.approx(
        math.log2(5 / 4), abs=1e-15
    )  # Cover and Thomas, problem 7.8
    assert z_channel_capacity(0) == 1
    assert z_channel_capacity(1) == 0
    assert qary_symmetric_capacity(4, 0) == pytest.approx(2, abs=1e-15)
    assert qary_symmetric_capacity(4, 0.75) == 0
    assert qary_symmetric_capacity(4, 1) == pytest.approx(2 - math.log2(3), abs=1e-15)
    assert qary_erasure_capacity(8, 0.25) == pytest.approx(2.25, abs=1e-15)
    assert qary_symmetric_capacity(2**60, 0.5) == pytest.approx(29, abs=1e-12)


@given(PROBABILITY)
def test_two_symbols_are_the_binary_channels(p: float) -> None:
    assert qary_symmetric_capacity(2, p) == pytest.approx(bsc_capacity(p), abs=1e-15)
    assert qary_erasure_capacity(2, p) == bec_capacity(p)
    assert binary_asymmetric_capacity(p, p) == bsc_capacity(p)
    assert binary_asymmetric_capacity(0, p) == pytest.approx(z_channel_capacity(p), abs=1e-15)
    assert binary_asymmetric_capacity(p, 1 - p) == pytest.approx(0, abs=1e-15)


@given(PROBABILITY, PROBABILITY)
def test_binary_asymmetric(p: float, q: float) -> None:
    capacity = binary_asymmetric_capacity(p, q)
    assert 0 <= capacity <= 1
    assert capacity == pytest.approx(best([[1 - p, p], [q, 1 - q]]), abs=1e-11)
    assert capacity == pytest.approx(binary_asymmetric_capacity(q, p), abs=1e-14)
    assert capacity == pytest.approx(binary_asymmetric_capacity(1 - p, 1 - q), abs=1e-14)
    if abs(1 - p - q) > 0.05:
        assert capacity == pytest.approx(muroga(p, q), abs=1e-12)


@pytest.mark.parametrize("apart", [1e-3, 1e-5, 1e-7])
def test_relative_precision_where_little_arrives(apart: float) -> None:
    """C is about d^2 / (8 ln 2 y (1 - y)) nats for rows around (y, 1 - y) a small d apart."""
    p, q = 0.3, 0.7 - apart
    d, middle = 1 - p - q, 0.3 + apart / 2
    expected = d**2 / (8 * math.log(2) * middle * (1 - middle))
    assert binary_asymmetric_capacity(p, q) == pytest.approx(expected, rel=max(10 * apart**2, 1e-8), abs=0)
    q_ary = 1.5 * apart**2 / math.log(2)  # (q - 1) t^2 / (2 q ln 2) ... with t = q d / (q - 1), q = 4
    found = qary_symmetric_capacity(4, 0.75 - apart * 0.75)
    assert found == pytest.approx(q_ary, rel=5 * apart + 1e-8, abs=0)


@given(st.integers(2, 40), PROBABILITY)
def test_qary_symmetric_is_the_information_of_even_inputs(q: int, p: float) -> None:
    transition = np.full((q, q), p / (q - 1)) + np.eye(q) * (1 - p - p / (q - 1))
    transition = np.maximum(transition, 0)
    assert qary_symmetric_capacity(q, p) == pytest.approx(
        channel_information(np.full(q, 1 / q), transition), abs=1e-13
    )


# --- Blahut and Arimoto ---------------------------------------------------------------------------------


def qary_erasure(q: int, epsilon: float) -> npt.NDArray[np.float64]:
    return np.column_stack([np.eye(q) * (1 - epsilon), np.full(q, epsilon)])


@pytest.mark.parametrize(
    ("transition", "capacity"),
    [
        ([[0.89, 0.11], [0.11, 0.89]], bsc_capacity(0.11)),
        ([[1, 0], [0.3, 0.7]], z_channel_capacity(0.3)),
        ([[1, 0], [0.999, 0.001]], z_channel_capacity(0.999)),
        ([[0.9, 0.1], [0.25, 0.75]], binary_asymmetric_capacity(0.1, 0.25)),
        (qary_erasure(5, 0.4), qary_erasure_capacity(5, 0.4)),
        (np.full((4, 4), 0.1) + 0.6 * np.eye(4), qary_symmetric_capacity(4, 0.3)),
        (np.eye(7), math.log2(7)),
        (np.ones((3, 1)), 0.0),
        ([[1.0]], 0.0),
        ([[0.5, 0.5, 0], [0.5, 0.5, 0]], 0.0),
        # the noisy typewriter (Cover and Thomas, section 7.1.3): each of 26 letters or the next one
        ((np.eye(26) + np.roll(np.eye(26), 1, axis=1)) / 2, math.log2(13)),
        # two channels side by side (Cover and Thomas, problem 7.28): 2^C = 2^C1 + 2^C2
        ([[1, 0, 0], [0, 0.9, 0.1], [0, 0.1, 0.9]], math.log2(1 + 2 ** bsc_capacity(0.1))),
        # an input that is never used: a mixture of the others
        ([[0.9, 0.1], [0.1, 0.9], [0.5, 0.5]], bsc_capacity(0.1)),
        # and inputs that are the same
        ([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]], bsc_capacity(0.1)),
    ],
)
def test_bounds_hold_the_closed_forms(transition: Any, capacity: float) -> None:
    found = blahut_arimoto(transition, gap=1e-10)
    assert found.gap <= 1e-10
    assert found.lower <= capacity <= found.upper
    assert channel_information(found.input_law, transition) == pytest.approx(capacity, abs=1e-9)
    assert found.input_law.sum() == pytest.approx(1, abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6), st.floats(0.05, 5))
def test_random_channels(inputs: int, outputs: int, seed: int, evenness: float) -> None:
    rng = np.random.default_rng(seed)
    transition = rng.dirichlet(np.full(outputs, evenness), inputs)
    found = blahut_arimoto(transition, gap=1e-7, max_iterations=3000)
    assert found.gap <= 1e-7 or found.iterations == 3000
    assert found.gap <= 1e-4
    assert 0 <= found.lower <= found.upper <= math.log2(min(inputs, outputs)) + 1e-15
    reached = channel_information(found.input_law, transition)
    assert found.lower - 1e-13 <= reached <= found.upper + 1e-14
    for law in rng.dirichlet(np.ones(inputs), 20):
        assert channel_information(law, transition) <= found.upper + 1e-14
    if inputs == 2:
        assert found.lower - 1e-10 <= best(transition) <= found.upper + 1e-14


def test_a_loose_gap_ends_early_with_bounds_that_hold() -> None:
    transition = np.random.default_rng(2).dirichlet(np.full(20, 0.3), 30)
    tight = blahut_arimoto(transition, gap=1e-9)
    for gap in (1, 0.1, 1e-3, 1e-6):
        loose = blahut_arimoto(transition, gap=gap)
        assert loose.lower <= tight.upper
        assert loose.upper >= tight.lower
        assert loose.gap <= gap
        assert loose.iterations <= tight.iterations
    unfinished = blahut_arimoto(transition, gap=1e-9, max_iterations=3)
    assert unfinished.iterations == 3
    assert unfinished.gap > 1e-9
    assert unfinished.lower <= tight.lower <= tight.upper <= unfinished.upper
    # from elsewhere it comes to the same
    start = np.random.default_rng(3).dirichlet(np.ones(30))
    assert blahut_arimoto(transition, start=start).lower == pytest.approx(tight.lower, abs=2e-9)


def test_a_quantised_bpsk_channel_comes_near_its_capacity_from_below() -> None:
    from capgap.channels import bpsk_capacity
    from scipy import stats

    esno = 0.5
    edges = np.concatenate([[-np.inf], np.linspace(-6, 6, 401), [np.inf]])
    sigma = math.sqrt(1 / (2 * esno))
    transition = np.array([np.diff(stats.norm.cdf(edges, x, sigma)) for x in (1, -1)])
    found = blahut_arimoto(transition, gap=1e-10)
    assert found.upper < bpsk_capacity(esno)
    assert found.lower == pytest.approx(bpsk_capacity(esno), abs=1e-4)
    assert found.input_law == pytest.approx([0.5, 0.5], abs=1e-6)


# --- Arguments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-1e-9, 1 + 1e-9, math.nan])
def test_probabilities_outside_are_refused(value: float) -> None:
    for function in (
        z_channel_capacity,
        lambda p: binary_asymmetric_capacity(p, 0.1),
        lambda p: binary_asymmetric_capacity(0.1, p),
        lambda p: qary_symmetric_capacity(4, p),
        lambda p: qary_erasure_capacity(4, p),
    ):
        with pytest.raises(ValueError, match="must lie in"):
            function(value)


def test_other_bad_arguments() -> None:
    for q in (1, 0, 2.5):
        with pytest.raises(ValueError, match="q must"):
            qary_symmetric_capacity(q, 0.1)
        with pytest.raises(ValueError, match="q must"):
            qary_erasure_capacity(q, 0.1)
    bad: list[Any] = [[[0.5, 0.6]], [0.5, 0.5], [[-0.5, 1.5]], [], [[math.nan, 1]]]
    for transition in bad:
        with pytest.raises(ValueError, match="transition"):
            blahut_arimoto(transition)
    with pytest.raises(ValueError, match="gap"):
        blahut_arimoto([[1.0]], gap=0)
    with pytest.raises(ValueError, match="max_iterations"):
        blahut_arimoto([[1.0]], max_iterations=0)
    for start in ([1.0], [1.0, 0.0]):
        with pytest.raises(ValueError, match="start"):
            blahut_arimoto([[1.0, 0.0], [0.0, 1.0]], start=start)
