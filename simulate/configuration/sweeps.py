"""Sweeps: the values a parameter takes, and the curves that a curve with a ``sweep`` block stands for."""

import itertools
import math
from typing import Any

from ..errors import printable, shown

#: Most values of one sweep, so that a mistyped step does not ask for millions of points.
MAX_VALUES = 10_000
#: What the parameters that a sweep may set belong to.
SWEPT = ("code", "decoder", "channel", "modulation", "receiver", "harq")
#: Most characters of a value in a label.
MOST_TEXT = 100


def sweep_values(sweep: Any) -> list[float]:
    """The values of a number, a list of numbers, or ``{start, stop, step}``, in the order given.

    The range includes ``stop`` if it is reached, up to rounding. Raises ValueError, in words that
    follow the name of the parameter, for anything else, and for a sweep without values.
    """
    if isinstance(sweep, dict):
        values = _range_values(sweep)
    elif isinstance(sweep, list):
        values = [_number(value, "every value") for value in sweep]
        if not values:
            raise ValueError("is an empty list: give at least one value")
    else:
        values = [_number(sweep, "the value")]
    if len(values) > MAX_VALUES:
        raise ValueError(f"has more than {MAX_VALUES} values")
    repeated = next((value for i, value in enumerate(values) if value in values[:i]), None)
    if repeated is not None:
        raise ValueError(f"has the value {repeated:g} twice")
    return values


def sweep_range(sweep: Any) -> tuple[float, float]:
    """The least and the greatest value of a sweep, in which a search may move; ``step`` may be left out.

    Raises ValueError, in words that follow the name of the parameter, if it is no range.
    """
    if isinstance(sweep, dict) and "step" not in sweep and {"start", "stop"} <= sweep.keys():
        values = [_number(sweep[key], key) for key in ("start", "stop")]
        if len(sweep) > 2:
            raise ValueError("has an unknown key: the range of a search is {start, stop}")
    else:
        values = sweep_values(sweep)
    if min(values) == max(values):
        raise ValueError(
            "is one value: a target is looked for in a range, {start, stop}, or anywhere without"
        )
    return min(values), max(values)


def _number(value: Any, what: str) -> float:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not abs(value) < 1e308:
        raise ValueError(
            f"must be a number, a list of numbers or {{start, stop, step}}; "
            f"{what} must be a number, got {shown(value)}"
        )
    return float(value)


def _range_values(sweep: dict[str, Any]) -> list[float]:
    keys = ("start", "stop", "step")
    wrong = [key for key in sweep if key not in keys] or [key for key in keys if key not in sweep]
    if wrong:
        problem = f"has the unknown key '{wrong[0]}'" if wrong[0] in sweep else f"lacks '{wrong[0]}'"
        raise ValueError(f"{problem}: a range is {{start, stop, step}}")
    start, stop, step = (_number(sweep[key], key) for key in keys)
    if step == 0:
        raise ValueError("has step 0")
    steps = (stop - start) / step
    if steps < -1e-9:
        direction = "up" if step > 0 else "down"
        raise ValueError(
            f"has no values: steps of {step:g} go {direction} from {start:g}, away from {stop:g}"
        )
    if steps > MAX_VALUES:
        raise ValueError(f"has more than {MAX_VALUES} values")
    # Rounding to 12 digits, or as many below the step, makes 0 + 3 * 0.1 the number 0.3 that was meant.
    digits = 12 - min(math.floor(math.log10(abs(step))), 0)
    return [round(start + i * step, digits) + 0.0 for i in range(math.floor(steps + 1e-9) + 1)]


def expand_curve(curve: dict[str, Any]) -> list[tuple[dict[str, Any], dict[tuple[str, ...], int]]]:
    """The curves that a curve's ``sweep`` block stands for, one for each combination of its values.

    ``sweep`` maps dotted paths within the curve, such as ``code.r``, to lists of values. Each
    resulting curve comes with the index, in its list, of the value at each path. Labels become
    distinct: ``{code.r}`` in a label is replaced by the value, and a label without any such field
    gets the values appended. The curve's group is its label as it was.

    Raises ValueError, in words that follow ``sweep``, for a path or values that do not fit.
    """
    sweep = curve.get("sweep")
    rest = {key: value for key, value in curve.items() if key != "sweep"}
    if sweep is None:
        return [(rest, {})]
    if not isinstance(sweep, dict) or not sweep:
        raise ValueError("must map paths such as code.r to lists of values")
    choices = []
    for path, values in sweep.items():
        parts = tuple(str(path).split("."))
        if len(parts) < 2 or parts[0] not in SWEPT:
            begin = ", ".join(f"{each}." for each in SWEPT[:-1])
            raise ValueError(f"has the path '{path}': paths begin with {begin} or {SWEPT[-1]}.")
        if isinstance(values, dict):
            values = [int(v) if v.is_integer() else v for v in sweep_values(values)]
        if not isinstance(values, list) or not values:
            raise ValueError(f"must give '{path}' a list of values")
        choices.append([(parts, i, value) for i, value in enumerate(values)])
    if math.prod(len(choice) for choice in choices) > MAX_VALUES:
        raise ValueError(f"makes more than {MAX_VALUES} curves")
    curves = []
    label = rest.get("label")
    for combination in itertools.product(*choices):
        made = dict(rest)
        for parts, _, value in combination:
            inner = made
            for part in parts[:-1]:
                below = inner.get(part) or {}
                if isinstance(below, str) and part != "type":  # a code by its name alone
                    below = {"type": below}
                if not isinstance(below, dict):
                    raise ValueError(f"has the path '{'.'.join(parts)}', which '{part}' has no room for")
                inner[part] = dict(below)
                inner = inner[part]
            inner[parts[-1]] = value
        if isinstance(label, str):
            filled = label
            for parts, _, value in combination:
                filled = filled.replace("{" + ".".join(parts) + "}", _text(value))
            if filled == label:
                named = ", ".join(f"{parts[-1]} = {_text(value)}" for parts, _, value in combination)
                filled = f"{label}, {named}"
            made["label"] = filled
            made.setdefault("group", label)
        curves.append((made, {parts: i for parts, i, _ in combination}))
    return curves


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else printable(str(value), MOST_TEXT)
