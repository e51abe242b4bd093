"""Scales and offsets of min-sum: one, or one for each iteration, or for the checks of each degree."""

from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import MESSAGE_MAX

#: Largest offset, which no message exceeds.
MAX_OFFSET = float(MESSAGE_MAX)
#: Most numbers that a list has.
MOST_NUMBERS = 1000
#: A number for all checks and iterations, or one for each iteration, or for the checks of each degree.
Numbers = float | list[float] | dict[int, float]


def by_number(name: str, given: float | list[float] | dict[int | str, float]) -> Numbers:
    """The same with degrees that are numbers: keys of a file are text. Raises ValueError for others."""
    if not isinstance(given, dict):
        return given
    found: dict[int, float] = {}
    for degree, value in given.items():
        if not str(degree).isdigit():
            raise ValueError(f"{name} must have degrees of checks for keys, such as 6, got {degree!r}")
        found[int(degree)] = value
    return found


def check_numbers(scale: Numbers, offset: Numbers) -> None:
    """Raise a ValueError unless scales and offsets are in their ranges, and of kinds that go together."""
    for name, given in (("scale", scale), ("offset", offset)):
        if isinstance(given, list | tuple | dict) and not 1 <= len(given) <= MOST_NUMBERS:
            raise ValueError(f"{name} must have 1 to {MOST_NUMBERS} numbers, got {len(given)}")
    for value in _each(scale):
        if not 0 < value <= 1:
            raise ValueError(f"scale must lie in (0, 1], got {value}")
    for value in _each(offset):
        if not 0 <= value <= MAX_OFFSET:
            problem = (
                "finite and not negative" if not 0 <= value < float("inf") else f"at most {MAX_OFFSET:g}"
            )
            raise ValueError(f"offset must be {problem}, got {value}")
    kinds = {isinstance(given, dict) for given in (scale, offset) if isinstance(given, list | tuple | dict)}
    if len(kinds) > 1:
        raise ValueError("offset must be for iterations or for degrees as scale is, or one number")


def is_one(given: Numbers) -> TypeGuard[float]:
    """Whether there is one number for all."""
    return not isinstance(given, list | tuple | dict)


def _each(given: Numbers) -> list[float]:
    if is_one(given):
        return [given]
    assert isinstance(given, list | tuple | dict)
    return list(given.values() if isinstance(given, dict) else given)


def of_iterations(given: Numbers, count: int) -> npt.NDArray[np.float64]:
    """A number for each of so many iterations, the last one for all that have none."""
    values = _each(given)
    return np.array(values + values[-1:] * (count - len(values)), float)


def of_degrees(name: str, given: Numbers, degrees: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """A number for each check, given its degree."""
    if not isinstance(given, dict):
        return np.full(len(degrees), given, float)
    missing = [int(degree) for degree in np.unique(degrees) if degree not in given and degree > 0]
    if missing:
        there = ", ".join(str(int(degree)) for degree in np.unique(degrees))
        raise ValueError(
            f"{name} must have a number for each degree of a check: {there}; {missing[0]} is missing"
        )
    return np.array([given.get(int(degree), 1.0) for degree in degrees], float)
