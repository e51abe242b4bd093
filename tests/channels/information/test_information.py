"""Information measures against closed forms, SciPy, brute force and the identities between them."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    binary_entropy,
    bsc_capacity,
    cauchy_entropy,
    channel_information,
    complex_normal_entropy,
    conditional_entropy,
    cross_entropy,
    entropy,
    exponential_entropy,
    fano_bound,
    fano_frame_error_bound,
    gamma_entropy,
    inverse_binary_entropy,
    joint_entropy,
    kullback_leibler_divergence,
    laplace_entropy,
    logistic_entropy,
    multivariate_normal_entropy,
    mutual_information,
    normal_entropy,
    rayleigh_entropy,
    self_information,
    uniform_entropy,
)
from scipy import stats
from scipy.special import rel_entr

from tests.properties import assume, given, st

Array = npt.NDArray[np.float64]


def normalised(weights: list[float]) -> Array:
    """Weights as a law; zeros stay."""
    array = np.array(weights)
    assume(array.sum() > 1e-100)
    return np.asarray(array / array.sum())


WEIGHT = st.one_of(st.just(0.0), st.floats(0, 1), st.floats(1e-300, 1e-290))
LAWS = st.lists(WEIGHT, min_size=1, max_size=8).map(normalised)


@st.composite
def joints(draw: Callable[[Any], Any]) -> Array:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = draw(st.lists(WEIGHT, min_size=rows * columns, max_size=rows * columns))
    return normalised(cells).reshape(rows, columns)


# --- Discrete laws --------------------------------------------------------------------------------------


def test_values_of_the_textbook() -> None:
    """Cover and Thomas (2006), examples 2.1.1, 2.2.1 and 2.3.1."""
    assert entropy([1 / 2, 1 / 4, 1 / 8, 1 / 8]) == 1.75
    joint = np.array([[4, 2, 1, 1], [2, 4, 1, 1], [2, 2, 2, 2], [8, 0, 0, 0]]).T / 32
    assert joint_entropy(joint) == pytest.approx(27 / 8, abs=1e-15)
    assert conditional_entropy(joint, given=1) == pytest.approx(11 / 8, abs=1e-15)
    assert conditional_entropy(joint, given=0) == pytest.approx(13 / 8, abs=1e-15)
    assert mutual_information(joint) == pytest.approx(3 / 8, abs=1e-15)
    p, q = [1 / 2, 1 / 2], [3 / 4, 1 / 4]
    assert kullback_leibler_divergence(p, q) == pytest.approx(1 - math.log2(3) / 2, abs=1e-15)
    assert kullback_leibler_divergence(q, p) == pytest.approx(3 / 4 * math.log2(3) - 1, abs=1e-15)


def test_edges() -> None:
    assert entropy([1.0]) == entropy([0, 1, 0]) == 0
    assert math.copysign(1, entropy([1.0])) == 1
    assert cross_entropy([0.5, 0.5], [1, 0]) == math.inf
    assert cross_entropy([1, 0], [1, 0]) == 0
    assert kullback_leibler_divergence([0.5, 0.5], [1, 0]) == math.inf
    assert kullback_leibler_divergence([1, 0], [0.5, 0.5]) == pytest.approx(1, abs=1e-15)
    assert kullback_leibler_divergence([1, 0], [1, 0]) == 0
    assert kullback_leibler_divergence([1, 0], [0, 1]) == math.inf
    assert mutual_information(np.eye(8) / 8) == pytest.approx(3, abs=1e-14)
    assert mutual_information([[1.0]]) == conditional_entropy([[1.0]]) == 0
    assert self_information(0) == math.inf
    assert self_information(1) == 0
    assert math.copysign(1, self_information(1)) == 1
    assert self_information(0.125) == 3
    told = self_information(np.array([[1, 0.5], [0.25, 0]]))
    assert told.tolist() == [[0, 1], [2, math.inf]]
    assert self_information(1 / math.e, "nats") == pytest.approx(1, abs=1e-15)


def test_a_product_that_underflows_loses_nothing() -> None:
    """Joint probabilities of 1e-200 whose row and column hold nothing else: the product is 0 in float64."""
    tiny = 1e-200
    joint = np.diag([tiny, 1 - tiny])
    expected = tiny * (math.log(1 / tiny) + 1)
    assert mutual_information(joint, "nats") == pytest.approx(expected, rel=1e-12, abs=0)
    assert channel_information([tiny, 1], np.eye(2), "nats") == pytest.approx(expected, rel=1e-12, abs=0)
    # The law's sum must be 1 within rounding, so the input law's entry of 1 is 1 - tiny.
    assert math.isfinite(channel_information([5e-324, 1], [[1e-10, 1 - 1e-10], [0.0, 1.0]]))


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9])
def test_divergence_of_laws_nearly_the_same(distance: float) -> None:
    """D of (1 + e, 1 - e) / 2 from the even law is e^2 / 2 + e^4 / 12 nats: no cancellation."""
    p = [(1 + distance) / 2, (1 - distance) / 2]
    e = p[0] - p[1]
    assert kullback_leibler_divergence(p, [0.5, 0.5], "nats") == pytest.approx(
        e**2 / 2 + e**4 / 12, rel=1e-11, abs=0
    )
    assert channel_information([0.5, 0.5], [p, p[::-1]]) == pytest.approx(
        bsc_capacity(p[1]), rel=max(1e-11, 1e-15 / distance), abs=0
    )


@given(LAWS)
def test_entropy_agrees_with_scipy(p: Array) -> None:
    assert entropy(p) == pytest.approx(float(stats.entropy(p, base=2)), abs=1e-13)
    assert entropy(p, "nats") == pytest.approx(entropy(p) * math.log(2), abs=1e-14)
    assert 0 <= entropy(p) <= math.log2(len(p)) + 1e-14
    assert cross_entropy(p, p) == pytest.approx(entropy(p), abs=1e-14)


@given(st.data())
def test_divergence_is_what_the_wrong_law_costs(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    cells = st.lists(WEIGHT, min_size=size, max_size=size)
    p, q = normalised(data.draw(cells)), normalised(data.draw(cells))
    divergence = kullback_leibler_divergence(p, q)
    brute = float(rel_entr(p, q).sum()) / math.log(2)
    assert divergence >= 0
    if math.isinf(brute):
        assert divergence == cross_entropy(p, q) == math.inf
    else:
        assert divergence == pytest.approx(brute, abs=1e-12, rel=1e-12)
        assert cross_entropy(p, q) == pytest.approx(entropy(p) + divergence, abs=1e-11)


@given(joints())
def test_chain_rules(joint: Array) -> None:
    x, y = joint.sum(axis=1), joint.sum(axis=0)
    x, y = x / x.sum(), y / y.sum()
    total, information = joint_entropy(joint), mutual_information(joint)
    assert total == pytest.approx(entropy(y) + conditional_entropy(joint, given=1), abs=1e-13)
    assert total == pytest.approx(entropy(x) + conditional_entropy(joint, given=0), abs=1e-13)
    assert information == pytest.approx(entropy(x) + entropy(y) - total, abs=1e-13)
    assert 0 <= information <= min(entropy(x), entropy(y)) + 1e-13
    assert mutual_information(joint.T) == pytest.approx(information, rel=1e-12, abs=1e-300)
    assert mutual_information(np.outer(x, y)) == pytest.approx(0, abs=1e-15)


@given(joints())
def test_a_joint_law_is_an_input_law_and_a_channel(joint: Array) -> None:
    x = joint.sum(axis=1)
    assume((x > 0).all())
    transition = joint / x[:, None]
    assume((abs(transition.sum(axis=1) - 1) < 1e-10).all())  # rows of denormal numbers do not sum to 1
    assert channel_information(x / x.sum(), transition) == pytest.approx(mutual_information(joint), abs=1e-12)


def test_processing_loses_information() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        law, first, second = (
            rng.dirichlet(np.ones(4)),
            rng.dirichlet(np.ones(5), 4),
            rng.dirichlet(np.ones(3), 5),
        )
        assert channel_information(law, first @ second) <= channel_information(law, first) + 1e-14


# --- What is no law -------------------------------------------------------------------------------------

BAD_LAWS = [
    ([], "empty"),
    ([0.5, 0.6], "sum to 1"),
    ([1.5, -0.5], "negative"),
    ([math.nan, 1], "finite"),
    ([math.inf, 0], "finite"),
    (["a"], "probabilities"),
    ([1j], "probabilities"),
    ([[0.5], [0.25, 0.25]], "differ in length"),
]


@pytest.mark.parametrize(("law", "told"), BAD_LAWS)
def test_what_is_no_law_is_refused(law: Any, told: str) -> None:
    with pytest.raises(ValueError, match=f"law.*{told}"):
        entropy(law)
    with pytest.raises(ValueError, match=f"reference.*{told}"):
        kullback_leibler_divergence([0.5, 0.5], law)


def test_wrong_shapes_and_units_are_refused() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        mutual_information([0.5, 0.5])
    with pytest.raises(ValueError, match="one shape"):
        cross_entropy([1.0], [0.5, 0.5])
    with pytest.raises(ValueError, match="2 entries, and transition 1 rows"):
        channel_information([0.5, 0.5], [[1.0]])
    with pytest.raises(ValueError, match=r"got 0\.9 in row 1"):
        channel_information([0.5, 0.5], [[1.0, 0.0], [0.4, 0.5]])
    with pytest.raises(ValueError, match="matrix"):
        channel_information([0.5, 0.5], [1, 0])
    with pytest.raises(ValueError, match="given"):
        conditional_entropy([[1.0]], given=2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unit"):
        entropy([1.0], "bans")  # type: ignore[arg-type]
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="p must"):
            self_information(p)


# --- Differential entropy -------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-3, 1.0, 250.0])
def test_differential_entropies_agree_with_scipy(scale: float) -> None:
    for ours, law in (
        (normal_entropy(scale, "nats"), stats.norm(scale=scale)),
        (uniform_entropy(-scale, 2 * scale, "nats"), stats.uniform(-scale, 3 * scale)),
        (exponential_entropy(1 / scale, "nats"), stats.expon(scale=scale)),
        (laplace_entropy(scale, "nats"), stats.laplace(scale=scale)),
        (logistic_entropy(scale, "nats"), stats.logistic(scale=scale)),
        (cauchy_entropy(scale, "nats"), stats.cauchy(scale=scale)),
        (rayleigh_entropy(scale, "nats"), stats.rayleigh(scale=scale)),
        (gamma_entropy(2.5, scale, "nats"), stats.gamma(2.5, scale=scale)),
    ):
        assert ours == pytest.approx(float(law.entropy()), abs=1e-12)


def test_differential_entropies_of_each_other() -> None:
    assert gamma_entropy(1, 0.3) == pytest.approx(exponential_entropy(1 / 0.3), abs=1e-14)
    # a complex normal variable is two real ones of half the variance
    assert complex_normal_entropy(0.7) == pytest.approx(2 * normal_entropy(math.sqrt(0.35)), abs=1e-14)
    assert multivariate_normal_entropy([[4.0]]) == pytest.approx(normal_entropy(2), abs=1e-14)
    assert uniform_entropy(-1e308, 1e308) == pytest.approx(1 + math.log2(1e308), rel=1e-15)


@given(st.integers(1, 6), st.integers(0, 1000))
def test_multivariate_normal(size: int, seed: int) -> None:
    factor = np.random.default_rng(seed).normal(size=(size, size + 2))
    covariance = factor @ factor.T
    expected = float(stats.multivariate_normal(cov=covariance).entropy())
    assert multivariate_normal_entropy(covariance, "nats") == pytest.approx(expected, abs=1e-9)
    scales = np.logspace(-100, 100, size)
    shifted = multivariate_normal_entropy(covariance * scales * scales[:, None], "nats")
    assert shifted == pytest.approx(expected + np.log(scales).sum(), abs=1e-9)


def test_laws_without_width() -> None:
    for found in (normal_entropy(0), laplace_entropy(0), uniform_entropy(1, 1), rayleigh_entropy(0)):
        assert found == -math.inf
    assert multivariate_normal_entropy([[1, 1], [1, 1]]) == -math.inf
    assert multivariate_normal_entropy([[0, 0], [0, 1]]) == -math.inf
    assert (
        gamma_entropy(1, 0)
        == cauchy_entropy(0)
        == logistic_entropy(0)
        == complex_normal_entropy(0)
        == -math.inf
    )


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
@pytest.mark.parametrize(
    "function",
    [
        normal_entropy, laplace_entropy, logistic_entropy, cauchy_entropy, rayleigh_entropy,
        complex_normal_entropy, exponential_entropy, lambda x: uniform_entropy(0, x), lambda x: gamma_entropy(x, 1),
    ],
)  # fmt: skip
def test_differential_entropy_refuses(function: Callable[[float], float], value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        function(value)


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ([1.0], "square"), ([[1.0, 0]], "square"), ([[math.nan]], "finite"), ([[1, 0.5], [0, 1]], "symmetric"),
        ([[1, 2], [2, 1]], "semidefinite"), ([[-1.0]], "semidefinite"),
    ],
)  # fmt: skip
def test_what_is_no_covariance_is_refused(matrix: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        multivariate_normal_entropy(matrix)


# --- Fano -----------------------------------------------------------------------------------------------


@given(st.integers(2, 10**6), st.floats(0, 1))
def test_fano_solves_its_equation(alphabet: int, part: float) -> None:
    missing = part * math.log2(alphabet)
    p = fano_bound(missing, alphabet)
    assert 0 <= p <= 1 - 1 / alphabet + 1e-15
    back = binary_entropy(p) + p * math.log2(alphabet - 1)
    assert back == pytest.approx(missing, rel=1e-9, abs=1e-12)


def test_fano_values() -> None:
    assert fano_bound(0, 5) == 0
    assert fano_bound(math.log(5), 5, "nats") == pytest.approx(0.8, abs=1e-6)
    assert fano_bound(0.4, 2) == pytest.approx(inverse_binary_entropy(0.4), rel=1e-14)
    assert fano_bound(1, 2) == 0.5
    for arguments in ((-0.1, 4), (2.1, 4), (0.5, 1), (math.nan, 4)):
        with pytest.raises(ValueError, match="must"):
            fano_bound(*arguments)


@given(joints())
def test_no_guess_is_better_than_fano(joint: Array) -> None:
    """The best guess of X from Y, the most probable one, errs at least that often."""
    assume(joint.shape[0] > 1)
    error = 1 - float(joint.max(axis=0).sum())
    missing = min(conditional_entropy(joint, given=1), math.log2(joint.shape[0]))
    assert error >= fano_bound(missing, joint.shape[0]) - 1e-7


def test_fano_for_codes() -> None:
    assert fano_frame_error_bound(n=100, k=50, capacity=0.5) == 0
    assert fano_frame_error_bound(n=100, k=50, capacity=0) == pytest.approx(1, abs=1e-6)
    # 1 - C / R - 1 / k <= P, the weak converse as it is mostly written, is a little weaker
    for capacity in (0.1, 0.3, 0.45):
        p = fano_frame_error_bound(n=1000, k=500, capacity=capacity)
        assert 1 - capacity / 0.5 - 1 / 500 <= p <= 1 - capacity / 0.5
    assert 0.19 < fano_frame_error_bound(n=64800, k=32400, capacity=0.4) < 0.2
    for arguments in ((0, 1, 0.5), (1, 0, 0.5), (1, 1, -0.5), (1, 1, math.nan)):
        with pytest.raises(ValueError, match="must"):
            fano_frame_error_bound(*arguments)
