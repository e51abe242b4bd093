"""Errors after each iteration of a decoder, over the same frames: three named counters an iteration."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .frame_counts import Counted

#: What is counted after an iteration: as much as rates and their intervals follow from.
COUNTED = ("frame_errors", "bit_errors", "bit_errors_squared")

Bits = TypeVar("Bits")


def counter_names(iterations: int) -> tuple[str, ...]:
    """The names of the counters: ``frame_errors_1``, ``bit_errors_1``, ``bit_errors_squared_1``, ..."""
    return tuple(f"{name}_{i}" for i in range(1, iterations + 1) for name in COUNTED)


def iterations_among(names: Collection[str]) -> int:
    """The iterations after which errors were counted, if counters have these names."""
    iterations = 0
    while all(f"{name}_{iterations + 1}" in names for name in COUNTED):
        iterations += 1
    return iterations


def count_iterations(
    after: Iterable[Bits], errors_of: Callable[[Bits], npt.NDArray[np.int32]]
) -> Mapping[str, Counted]:
    """The counters of frames, by name, from what was decided after each iteration.

    ``errors_of`` gives the wrong bits of each frame.
    """
    counted: dict[str, Counted] = {}
    for i, bits in enumerate(after, 1):
        errors = errors_of(bits)
        counted[f"frame_errors_{i}"] = (errors > 0).astype(np.int32)
        counted[f"bit_errors_{i}"] = errors
        counted[f"bit_errors_squared_{i}"] = errors.astype(np.int64) ** 2
    return counted
