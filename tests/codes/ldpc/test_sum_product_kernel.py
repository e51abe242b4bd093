"""The operation at a check node of sum-product, beside float64."""

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes.ldpc.propagation.check_kernels import Graph, State
from capgap.codes.ldpc.propagation.sum_product_kernels import UNITS, SumProduct, update_sum_product
from capgap.vectors.group_kernels import MESSAGE_MAX
from capgap.vectors.vector_kernels import keep_alive, pointer_to, rows_in, shifted, space, splat
from numba import njit

from tests.codes.samples import Array, random_llrs
from tests.references.belief_propagation import log_rule, sum_product_rule


@njit(error_model="numpy")
def check_messages(inputs, outputs, degree):  # type: ignore[no-untyped-def]
    """The kernel on one check: rows of 16 lanes, the inputs of vector j in rows j degree and on, in its units."""
    memory = space(5 * degree)
    messages = rows_in(memory, pointer_to(inputs))
    room = shifted(messages, degree * 16)
    variables = np.arange(degree).astype(np.int32)
    graph = Graph(degree, 1, pointer_to(variables), pointer_to(variables))
    keep, rule = splat(np.float32(0.0)), SumProduct(np.float32(MESSAGE_MAX) * UNITS, UNITS)
    active = np.uint64(0xFFFF)
    for j in range(inputs.size // 16 // degree):
        for i in range(degree * 16):
            messages[i] = 0
        values = shifted(pointer_to(inputs), j * degree * 16)
        state = State(values, messages, messages, messages, room, messages, None)
        update_sum_product(state, graph, rule, None, keep, active, 0, degree, 0)
        for i in range(degree * 16):
            outputs[j * degree * 16 + i] = messages[i]
    keep_alive(memory)
    keep_alive(variables)


def sum_product(inputs: Array) -> npt.NDArray[np.float32]:
    """A check's messages, float32 (degree, frames), by the kernel."""
    degree, frames = inputs.shape
    vectors = -(-frames // 16)
    padded = np.zeros((degree, vectors * 16), np.float32)
    padded[:, :frames] = UNITS * inputs
    rows = np.ascontiguousarray(padded.reshape(degree, vectors, 16).transpose(1, 0, 2)).ravel()
    out = np.empty(rows.shape, np.float32)
    check_messages(rows, out, degree)
    lanes: npt.NDArray[np.float32] = out.reshape(vectors, degree, 16).transpose(1, 0, 2).reshape(degree, -1)
    return lanes[:, :frames] / UNITS


def boxplus(a: Array, b: Array) -> npt.NDArray[np.float32]:
    """The message of a check of three to one of them, whose own input is large."""
    return np.asarray(sum_product(np.array([a, b, np.full_like(a, MESSAGE_MAX)], np.float32))[2])


def tanh_rule(a: Array, b: Array) -> npt.NDArray[np.float64]:
    """2 artanh(tanh(a / 2) tanh(b / 2)) in float64, for magnitudes up to about 30."""
    return np.asarray(2 * np.arctanh(np.tanh(a.astype(float) / 2) * np.tanh(b.astype(float) / 2)))


@pytest.mark.parametrize("limit", [1e-6, 1e-3, 0.1, 1, 3, 8])
def test_boxplus_is_right_to_a_few_millionths(limit: float) -> None:
    generator = np.random.default_rng(11)
    a = generator.uniform(-limit, limit, 1 << 18).astype(np.float32)
    for b in (generator.uniform(-limit, limit, 1 << 18), a + generator.normal(0, 1, 1 << 18), a, -a):
        b = np.asarray(b, np.float32)
        error = np.abs(boxplus(a, b) - tanh_rule(a, b))
        assert error.max() <= 2e-6


@pytest.mark.parametrize("limit", [20, 100, 1000, 16384])
def test_boxplus_of_large_values_is_right_to_their_rounding(limit: float) -> None:
    generator = np.random.default_rng(12)
    a = generator.uniform(-limit, limit, 1 << 18).astype(np.float32)
    for b in (generator.uniform(-limit, limit, 1 << 18), a + generator.normal(0, 1, 1 << 18), a, -a):
        b = np.asarray(b, np.float32)
        found = boxplus(a, b)
        assert (np.abs(found - log_rule(a, b)) <= 2e-6 + 2e-7 * np.abs(found)).all()


@pytest.mark.parametrize("degree", [2, 3, 6, 7, 8, 20, 31, 32, 33, 64, 65, 100, 300])
@pytest.mark.parametrize("spread", [0.5, 3, 30, 300, 3000])
def test_sum_product_messages_are_right_to_a_few_millionths(degree: int, spread: float) -> None:
    """The error that the decoder's documentation states, at every degree and magnitude."""
    generator = np.random.default_rng(16)
    inputs = generator.normal(0, spread, (degree, 2000 if degree < 50 else 200)).astype(np.float32)
    inputs[0, ::5] = 0
    inputs[-1, ::7] *= 100
    inputs[:, 1::9] *= (10 ** generator.uniform(-6, 1, inputs[:, 1::9].shape)).astype(np.float32)
    inputs[1:, 2::11] = np.copysign(spread, inputs[1:, 2::11])  # one weak input, and all others alike
    inputs[generator.random(inputs.shape) < 0.5 / degree] = 0
    exact = np.clip(sum_product_rule(inputs), -MESSAGE_MAX, MESSAGE_MAX)
    found = sum_product(inputs)
    assert (np.abs(np.abs(found) - np.abs(exact)) <= 4e-6 + 2e-7 * np.abs(exact)).all()
    visible = np.abs(exact) > 1e-5
    np.testing.assert_array_equal(np.sign(found[visible]), np.sign(exact[visible]))
    # The others' least magnitude is a bound, and 0 if it is 0.
    size = np.sort(np.abs(inputs), axis=0)
    others = np.where(np.abs(inputs) == size[0], size[1], size[0])
    assert not found[others == 0].any()
    # A lane comes out the same whatever the others hold.
    alone = np.zeros_like(inputs)
    alone[:, ::16] = inputs[:, ::16]
    np.testing.assert_array_equal(sum_product(alone)[:, ::16], found[:, ::16])


def test_boxplus_with_zero_is_exactly_zero() -> None:
    size = np.array([0, 1e-30, 1e-6, 0.3, 1, 17, 24, 1000, MESSAGE_MAX], np.float32)
    a = np.concatenate([size, -size])
    for zero in (np.zeros_like(a), -np.zeros_like(a)):
        assert not boxplus(a, zero).any()
        assert not boxplus(zero, a).any()


def test_boxplus_is_symmetric() -> None:
    a, b = random_llrs(1, 1 << 16, seed=13)[0] * 4, random_llrs(1, 1 << 16, seed=14)[0] * 4
    np.testing.assert_array_equal(boxplus(a, b), boxplus(b, a))
    np.testing.assert_array_equal(boxplus(-a, b), -boxplus(a, b))
