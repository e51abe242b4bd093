"""What a test of the contract finds."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...codes import DecodeResult
from ...vectors.group_kernels import GROUP
from ..failures import FAILURES, told

FRAMES = 70  # more than one group of lanes, and not a multiple of it


class _Failed:
    """What stands for the value of an action that failed."""


FAILED = _Failed()
NEW_ARRAYS = "should return new arrays, not ones that its next call overwrites"
RESULT = ("bits", "ok", "iterations")


class Findings:
    """What is wrong with somebody's class, in words, as it is found."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def expect(self, holds: bool, problem: str) -> bool:
        """Record ``problem`` unless it ``holds``; whether it does."""
        if not holds:
            self.problems.append(problem)
        return holds

    def attempt(self, what: str, action: Callable[[], Any]) -> Any:
        """The action's value, or FAILED with the failure recorded."""
        try:
            return action()
        except FAILURES as error:
            self.problems.append(f"{what} fails: {told(error)}")
            return FAILED

    def array(self, what: str, value: Any, dtype: Any, shape: tuple[int, ...]) -> bool:
        """Whether a value is an array of this type and shape; what it is instead is recorded."""
        if not isinstance(value, np.ndarray):
            return self.expect(False, f"{what} should return a NumPy array, not {type(value).__name__}")
        good = self.expect(
            value.dtype == dtype, f"{what} should have dtype {np.dtype(dtype)}, has {value.dtype}"
        )
        return (
            self.expect(value.shape == shape, f"{what} should have shape {shape}, has {value.shape}") and good
        )

    def result(self, value: Any, frames: int, k: int, counters: tuple[str, ...] = ()) -> bool:
        """Whether a value is what ``decode`` should return: so many frames of k bits, with these counters."""
        if not isinstance(value, DecodeResult):
            return self.expect(False, f"decode should return a DecodeResult, not {type(value).__name__}")
        good = [
            self.array("decode's bits", value.bits, np.uint8, (frames, k)),
            self.array("decode's ok", value.ok, np.bool_, (frames,)),
            self.array("decode's iterations", value.iterations, np.int32, (frames,)),
            self.expect(
                set(value.counters) == set(counters),
                f"decode should count what counters names, {sorted(counters)}, not {sorted(value.counters)}",
            ),
            *(
                self.array(f"decode's counter {name}", counted, np.int32, (frames,))
                and self.expect(bool((counted >= 0).all()), f"decode's {name} should be 0 or more")
                for name, counted in value.counters.items()
            ),
        ]
        return (
            all(good)
            and self.expect(bool((value.bits <= 1).all()), "decode's bits should be only 0 and 1")
            and self.expect(bool((value.iterations >= 0).all()), "decode's iterations should be 0 or more")
        )

    def groups(self, value: Any, groups: int, expected: DecodeResult) -> None:
        """Compare what ``decode_groups`` returned with what ``decode`` did."""
        if not isinstance(value, tuple) or len(value) != 4:
            self.problems.append(
                "decode_groups should return decisions, ok, iterations, and whether any is 2"
            )
            return
        frames, k = expected.bits.shape
        decisions, ok, iterations, undecided = value
        good = [
            self.array("decode_groups' decisions", decisions, np.uint8, (groups, k, GROUP)),
            self.array("decode_groups' ok", ok, np.bool_, (frames,)),
            self.array("decode_groups' iterations", iterations, np.int32, (frames,)),
        ]
        if all(good):
            bits = decisions.transpose(0, 2, 1).reshape(-1, k)[:frames]
            same = ((bits == expected.bits) | (bits == 2)).all() and np.array_equal(ok, expected.ok)
            self.expect(bool(same), "decode_groups should decode as decode does")
            self.expect(
                bool(undecided) == bool((bits == 2).any()), "decode_groups should say whether any is 2"
            )
