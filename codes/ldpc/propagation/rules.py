"""What checks do, by the name of the algorithm: the arguments that kernels take."""

from typing import Any

import numpy as np

from ....vectors.group_kernels import MESSAGE_MAX
from ....vectors.whole_numbers import whole_number
from .approximation_kernels import AMinStar, AMinStarLinear, LambdaMin
from .min_sum_kernels import MinSum, SelfCorrected
from .sum_product_kernels import UNITS, SumProduct

ALGORITHMS = ("sum-product", "min-sum", "self-corrected", "lambda-min", "a-min*")
#: Those whose checks compare inputs and do not add them up.
COMPARING = ("min-sum", "self-corrected")
CORRECTIONS = ("exact", "linear")
#: Largest offset, which no message exceeds.
MAX_OFFSET = float(MESSAGE_MAX)
#: Bits of fixed point, by name, and steps to one unit of the LLR unless one asks for others.
BITS = {"int8": 8, "int6": 6, "int5": 5, "int4": 4, "int3": 3}
LLR_SCALES = {"int8": 4.0, "int6": 3.0, "int5": 1.5, "int4": 1.0, "int3": 0.5}
#: Inputs that lambda-min takes, unless one asks for others.
MINIMA = 3


def check_rule(
    algorithm: str, scale: float, offset: float, minima: int | None, correction: str | None, precision: str
) -> None:
    """Raise a ValueError unless the parameters of a rule are in their ranges, and the algorithm has them."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm must be {' or '.join(ALGORITHMS)}, got {algorithm!r}")
    if not 0 < scale <= 1:
        raise ValueError(f"scale must lie in (0, 1], got {scale}")
    if not 0 <= offset <= MAX_OFFSET:
        problem = "finite and not negative" if not 0 <= offset < float("inf") else f"at most {MAX_OFFSET:g}"
        raise ValueError(f"offset must be {problem}, got {offset}")
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


def rule_of(
    algorithm: str,
    scale: float,
    offset: float,
    minima: int | None,
    correction: str | None,
    precision: str,
    steps: float,
) -> tuple[Any, ...]:
    """The rule for kernels; ``steps`` of fixed point to one unit of the LLR."""
    if algorithm in COMPARING:
        rule = MinSum if algorithm == "min-sum" else SelfCorrected
        if precision == "float32":
            return rule(np.float32(scale), np.float32(offset), MESSAGE_MAX)
        most = largest(precision)
        return rule(round(256 * scale), np.int8(min(round(offset * steps), most)), np.int8(most))
    if correction == "linear":
        return AMinStarLinear(MESSAGE_MAX)
    top = MESSAGE_MAX * UNITS
    if algorithm == "a-min*":
        return AMinStar(top, UNITS)
    if algorithm == "lambda-min":
        return LambdaMin(MINIMA if minima is None else minima, top, UNITS)
    return SumProduct(top, UNITS)
