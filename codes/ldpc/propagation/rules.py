"""What checks do, by the name of the algorithm: the arguments that kernels take."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP, MESSAGE_MAX
from ....vectors.whole_numbers import whole_number
from .approximation_kernels import AMinStar, AMinStarLinear, LambdaMin
from .factors import Numbers, check_numbers, is_one, of_degrees, of_iterations
from .min_sum_kernels import MinSum, MinSumByCheck, MinSumByIteration, SelfCorrected
from .sum_product_kernels import UNITS, SumProduct

ALGORITHMS = ("sum-product", "min-sum", "self-corrected", "lambda-min", "a-min*")
#: Those whose checks compare inputs and do not add them up.
COMPARING = ("min-sum", "self-corrected")
CORRECTIONS = ("exact", "linear")
#: Bits of fixed point, by name, and steps to one unit of the LLR unless one asks for others.
BITS = {"int8": 8, "int6": 6, "int5": 5, "int4": 4, "int3": 3}
LLR_SCALES = {"int8": 4.0, "int6": 3.0, "int5": 1.5, "int4": 1.0, "int3": 0.5}
#: Inputs that lambda-min takes, unless one asks for others.
MINIMA = 3


def check_rule(
    algorithm: str,
    scale: Numbers,
    offset: Numbers,
    minima: int | None,
    correction: str | None,
    precision: str,
) -> None:
    """Raise a ValueError unless the parameters of a rule are in their ranges, and the algorithm has them."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm must be {' or '.join(ALGORITHMS)}, got {algorithm!r}")
    check_numbers(scale, offset)
    if algorithm == "self-corrected" and not (is_one(scale) and is_one(offset)):
        raise ValueError("scale and offset of self-corrected must be one number; min-sum takes lists")
    if algorithm not in COMPARING and (scale != 1 or offset != 0 or precision != "float32"):
        name = "scale" if scale != 1 else "offset" if offset != 0 else f"precision {precision}"
        raise ValueError(f"{name} belongs to min-sum: leave it out, or set algorithm: min-sum")
    if minima is not None:
        if algorithm != "lambda-min":
            raise ValueError("minima belongs to lambda-min: leave it out, or set algorithm: lambda-min")
        if whole_number(minima, "minima") < 2:
            raise ValueError(f"minima must be at least 2, got {minima}")
    if correction is not None:
        if algorithm != "a-min*":
            raise ValueError("correction belongs to a-min*: leave it out, or set algorithm: a-min*")
        if correction not in CORRECTIONS:
            raise ValueError(f"correction must be {' or '.join(CORRECTIONS)}, got {correction!r}")


def largest(precision: str) -> int:
    """The largest magnitude of a message in fixed point, in steps."""
    return int(2 ** (BITS[precision] - 1) - 1)


def min_sum_rule(
    scale: Numbers, offset: Numbers, precision: str, steps: float, degrees: npt.NDArray[Any]
) -> MinSum | MinSumByCheck | MinSumByIteration:
    """The rule of min-sum for kernels, of a code with checks of these ``degrees``."""
    fixed = precision != "float32"
    cap = np.int8(largest(precision)) if fixed else MESSAGE_MAX

    def offsets(values: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
        if not fixed:
            return values.astype(np.float32)
        return np.minimum(np.rint(values * steps), float(cap)).astype(np.int8)

    def scales(values: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
        return np.rint(256 * values).astype(np.int64) if fixed else values.astype(np.float32)

    if isinstance(scale, dict) or isinstance(offset, dict):
        by_check = (of_degrees("scale", scale, degrees), of_degrees("offset", offset, degrees))
        return MinSumByCheck(scales(by_check[0]), offsets(by_check[1]), cap)
    if is_one(scale) and is_one(offset):
        return MinSum(scales(np.array([scale], float))[0], offsets(np.array([offset], float))[0], cap)
    last = max(1 if is_one(each) else len(each) for each in (scale, offset)) - 1  # type: ignore[arg-type]
    factor, less = (of_iterations(each, last + 1) for each in (scale, offset))
    if fixed:  # a factor of 256ths less 1 in the bits of uint8
        factors = (np.maximum(scales(factor), 1) - 1).astype(np.uint8).view(np.int8)
    else:
        factors = factor.astype(np.float32)
    room = np.empty(GROUP, factors.dtype)
    return MinSumByIteration(factors, offsets(less), cap, last, room, room)


def for_one_call(rule: Any) -> Any:
    """The rule with room of its own, since kernels of several threads would share it."""
    if not isinstance(rule, MinSumByIteration):
        return rule
    return rule._replace(scales=np.empty_like(rule.scales), offsets=np.empty_like(rule.scales))


def rule_of(
    algorithm: str,
    scale: Numbers,
    offset: Numbers,
    minima: int | None,
    correction: str | None,
    precision: str,
    steps: float,
    degrees: npt.NDArray[Any],
) -> tuple[Any, ...]:
    """The rule for kernels; ``steps`` of fixed point to one unit of the LLR, ``degrees`` of the checks."""
    if algorithm in COMPARING:
        rule = min_sum_rule(scale, offset, precision, steps, degrees)
        return rule if algorithm == "min-sum" else SelfCorrected(*rule)
    if correction == "linear":
        return AMinStarLinear(MESSAGE_MAX)
    top = MESSAGE_MAX * UNITS
    if algorithm == "a-min*":
        return AMinStar(top, UNITS)
    if algorithm == "lambda-min":
        return LambdaMin(MINIMA if minima is None else minima, top, UNITS)
    return SumProduct(top, UNITS)
