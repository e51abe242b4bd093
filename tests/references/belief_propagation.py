"""Belief propagation check by check, in NumPy over frames: as the papers say it, and slow."""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import Code, DecodeResult, LinearCode, RateMatchedCode
from capgap.codes.tie_breaking import fixed_tie_bits
from capgap.vectors.group_kernels import MESSAGE_MAX

Array = npt.NDArray[Any]


def log_rule(a: Array, b: Array) -> Array:
    """2 artanh(tanh(a / 2) tanh(b / 2)) as ln((1 + exp(a + b)) / (exp(a) + exp(b))), for any magnitude."""
    a, b = a.astype(float), b.astype(float)
    return np.asarray(np.logaddexp(0, a + b) - np.logaddexp(a, b))


def sum_product_rule(inputs: Array) -> Array:
    """Messages (degree, frames) of a check: tanh(output / 2) is the product of tanh(input / 2) over the others."""
    if len(inputs) == 1:
        return np.full(inputs.shape, MESSAGE_MAX)
    left = list(itertools.accumulate(inputs, log_rule))
    right = list(itertools.accumulate(inputs[::-1], log_rule))[::-1]
    between = [log_rule(a, b) for a, b in zip(left[:-2], right[2:], strict=True)]
    return np.array([right[1], *between, left[-2]])


def _others(degree: int) -> Array:
    """Row i holds all positions but i."""
    return np.array([[j for j in range(degree) if j != i] for i in range(degree)], int).reshape(degree, -1)


def min_sum_rule(inputs: Array, scale: Any, offset: Any) -> Array:
    """Messages (degree, frames) of a check: the least magnitude of the others, with the product of their signs."""
    others = inputs[_others(len(inputs))]
    least = np.min(np.abs(others), axis=1, initial=MESSAGE_MAX).astype(inputs.dtype) * scale - offset
    sign = np.prod(np.where(others < 0, -1, 1), axis=1)
    return np.asarray((np.maximum(least, 0) * sign).astype(inputs.dtype))


def int8_rule(inputs: Array, check: int, factor: int, shift: int, most: int) -> Array:
    """The same in the fixed-point arithmetic of the decoder's documentation, in whole numbers."""
    others = inputs[_others(len(inputs))]
    least = (np.min(np.abs(others), axis=1, initial=most) * factor + 128 - check % 2) >> 8
    size = np.clip(least - shift, 0, most)
    return np.asarray(np.where(np.sum(others < 0, axis=1) % 2, -size, size))


def lambda_min_rule(inputs: Array, minima: int) -> Array:
    """Messages of sum-product of the least inputs, whose variables get that of the others among them."""
    if len(inputs) == 1:
        return np.full(inputs.shape, MESSAGE_MAX)
    size = np.abs(inputs)
    taken = np.sort(size, axis=0)[:minima]
    least = sum_product_rule(taken)
    found = np.tile(functools.reduce(log_rule, taken), (len(inputs), 1))
    for one, message in zip(taken, least, strict=True):
        found = np.where(size == one, message, found)
    return signed(found, inputs)


def linear_rule(a: Array, b: Array) -> Array:
    """``log_rule`` of magnitudes, with lines for logarithms."""

    def line(x: Array) -> Array:
        return np.where(x < 1, 0.6825 - 0.375 * x, np.where(x > 2.625, 0, 0.5 - 0.1875 * x))

    return np.asarray(np.minimum(a, b) + line(a + b) - line(np.abs(a - b)))


def a_min_star_rule(inputs: Array, combine: Callable[[Array, Array], Array]) -> Array:
    """To the least input the combination of the others, to the others that of all."""
    if len(inputs) == 1:
        return np.full(inputs.shape, MESSAGE_MAX)
    size = np.abs(inputs)
    weakest = np.argmin(size, axis=0)
    found = np.empty_like(size)
    for lane, one in enumerate(weakest):
        # The input that is the least so far is left out, in the order of the edges.
        least, others = size[0, lane], []
        for x in size[1:, lane]:
            others.append(max(least, x))
            least = min(least, x)
        rest = functools.reduce(combine, others)
        found[:, lane] = max(combine(rest, least), 0)
        found[one, lane] = max(rest, 0)
    return signed(found, inputs)


def signed(size: Array, inputs: Array) -> Array:
    """Magnitudes with the product of the signs of the other inputs."""
    sign = np.where(inputs < 0, -1, 1)
    return np.asarray(np.clip(size, 0, MESSAGE_MAX) * sign * np.prod(sign, axis=0))


def mother_of(code: Code) -> LinearCode:
    """The mother code of a punctured code, or the code itself."""
    code = code.inner if isinstance(code, RateMatchedCode) else code
    assert isinstance(code, LinearCode)
    return code


def settled(H: Array, value: Array) -> Array:
    """Whether frames are at a codeword, with every variable decided."""
    return np.asarray(~(H.astype(int) @ (value < 0) % 2).any(axis=0) & (value != 0).all(axis=0))


def number(given: Any, iteration: int, degree: int) -> float:
    """A scale or offset, of which there may be one an iteration, or one a degree."""
    if isinstance(given, dict):
        return float(given[degree])
    return float(given[min(iteration, len(given)) - 1] if isinstance(given, list) else given)


def reference_values(
    code: LinearCode,
    llr: Array,
    *,
    algorithm: str = "sum-product",
    schedule: str = "flooding",
    iterations: int = 50,
    scale: Any = 1,
    offset: Any = 0,
    stop: str = "syndrome",
    precision: str = "float",
    llr_scale: float = 4,
    minima: int = 3,
    correction: str = "exact",
    damping: float = 0,
    dtype: type = np.float64,
) -> tuple[Array, npt.NDArray[np.int32]]:
    """Values of the variables (variables, frames), and the iterations that they took.

    Variables are those of the mother code where a code is punctured.
    """
    sent: Any = code.sent if isinstance(code, RateMatchedCode) else slice(None)
    H, frames = mother_of(code).tanner_graph.matrix(), len(llr)
    fixed = precision.startswith("int")
    most = 2 ** (int(precision[3:]) - 1) - 1 if fixed else MESSAGE_MAX
    rows = [np.flatnonzero(row) for row in H]
    ends = np.cumsum([0, *map(len, rows)])

    def clip(x: Array) -> Array:
        return x if fixed else np.clip(x, -MESSAGE_MAX, MESSAGE_MAX).astype(dtype)

    def saturated(x: Array) -> Array:
        return np.clip(x, -128, 127) if fixed else x

    def rule(check: int, inputs: Array) -> Array:
        factor, less = (number(given, iteration, len(inputs)) for given in (scale, offset))
        if fixed:
            return int8_rule(inputs, check, round(256 * factor), round(less * llr_scale), int(most))
        if algorithm == "lambda-min":
            return lambda_min_rule(inputs, minima)
        if algorithm == "a-min*":
            return a_min_star_rule(inputs, log_rule if correction == "exact" else linear_rule)
        if algorithm in ("min-sum", "self-corrected"):
            return min_sum_rule(inputs, dtype(factor), dtype(less))
        return sum_product_rule(inputs)

    channel: Array = np.zeros((H.shape[1], frames), int if fixed else dtype)
    if fixed:
        channel[sent] = np.clip(np.rint(np.float32(llr_scale) * llr.T), -most, most)
    else:
        channel[sent] = clip(llr.T)
    final, spent = channel.copy(), np.zeros(frames, np.int32)
    running = np.arange(frames) if stop == "none" else np.flatnonzero(~settled(H, channel))
    channel = channel[:, running]
    value, message = channel.copy(), np.zeros((ends[-1], len(running)), channel.dtype)
    earlier = np.zeros_like(message)  # what checks took last
    for iteration in range(1, iterations + 1):
        if not len(running):
            break
        before, total = value.copy(), channel.copy()
        if schedule == "layered-columns":
            for variable in range(len(value)):
                value[variable] = channel[variable]
                for check in np.flatnonzero(H[:, variable]).tolist():
                    own, place = (
                        message[ends[check] : ends[check + 1]],
                        np.flatnonzero(rows[check] == variable),
                    )
                    inputs = saturated(value[rows[check]] - own)
                    new = clip(rule(check, inputs))[place]
                    own[place] = dtype(damping) * own[place] + (1 - dtype(damping)) * new if damping else new
                    total[variable] = saturated(total[variable] + own[place[0]])
                value[variable] = total[variable]
        for check, row in enumerate(rows):
            if not len(row) or schedule == "layered-columns":
                continue
            own = message[ends[check] : ends[check + 1]]  # a view
            inputs = saturated((before if schedule == "flooding" else value)[row] - own)
            taken, last = inputs, earlier[ends[check] : ends[check + 1]]
            if algorithm == "self-corrected":
                taken = np.where((last != 0) & ((inputs < 0) != (last < 0)), 0, inputs)
                last[:] = taken
            outputs = clip(rule(check, taken))
            if damping:
                outputs = dtype(damping) * own + (1 - dtype(damping)) * outputs
            if schedule == "flooding":
                own[:] = outputs
                total[row] = saturated(total[row] + outputs)
            else:
                value[row] = saturated(inputs + outputs)
                own[:] = value[row] - inputs if fixed else outputs
        if schedule == "flooding":
            value = total
        final[:, running], spent[running] = value, iteration
        if stop == "syndrome":
            on = ~settled(H, value)
            running, channel, value = running[on], channel[:, on], value[:, on]
            message, earlier = message[:, on], earlier[:, on]
    return final, spent


def reference_variables(code: LinearCode, llr: Array, **options: Any) -> DecodeResult:
    """The result of belief propagation, check by check, with the decisions on all variables as its bits."""
    final, spent = reference_values(code, llr, **options)
    decided = np.where(final == 0, fixed_tie_bits(len(final))[:, None], final < 0).astype(np.uint8)
    return DecodeResult(decided.T, settled(mother_of(code).tanner_graph.matrix(), final), spent)


def reference_bp(code: LinearCode, llr: Array, **options: Any) -> DecodeResult:
    """The same with the information bits."""
    found = reference_variables(code, llr, **options)
    return DecodeResult(mother_of(code).information_bits(found.bits), found.ok, found.iterations)
