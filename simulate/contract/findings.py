"""What a test of the contract finds, in words that say where."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ...codes import DecodeResult
from ..failures import FAILURES, told

FRAMES = 70  # more than one group of lanes, and not a multiple of it
#: Frames of batches that kernels may treat in different ways: one, and about a group of 64.
BATCHES = (1, 63, 64, 65)
#: With this probability, a statistical test finds wrong what is right.
SIGNIFICANCE = 1e-6
#: What a check says: what is wrong, in words; None where it does not apply.
Problems: TypeAlias = list[str] | None
#: A copy of an array that somebody's class gives, and what is wrong with it.
LookedAt: TypeAlias = tuple[npt.NDArray[Any], list[str]]


class _Failed:
    """What stands for the value of an action that failed."""


FAILED = _Failed()
NEW_ARRAYS = "should return new arrays, not ones that its next call overwrites"
RESULT = ("bits", "ok", "iterations")


class NotReachedError(Exception):
    """What a check rests on is wrong already, as another check says."""


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
        except NotReachedError:
            raise
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

    def none_at(
        self, wrong: npt.NDArray[np.bool_], problem: str, numbers: Any = None, what: str = "bit"
    ) -> bool:
        """Record ``problem`` and where, unless an array of shape (frames, ...) has no True in it."""
        where = places(wrong, numbers, what)
        return self.expect(not where, f"{problem}: {where}")

    def same(self, found: Any, expected: Any, problem: str, numbers: Any = None, what: str = "bit") -> bool:
        """Record ``problem`` and where, unless two arrays of shape (frames, ...) are equal.

        ``numbers`` are those of the frames.
        """
        found, expected = np.asarray(found), np.asarray(expected)
        if found.shape != expected.shape:
            return self.expect(False, f"{problem}: shape {found.shape} instead of {expected.shape}")
        where = places(found != expected, numbers, what, differ=True)
        return self.expect(not where, f"{problem}: {where}")

    def same_result(
        self, found: DecodeResult, expected: DecodeResult, problem: str, numbers: Any = None
    ) -> bool:
        """Record ``problem`` and where, unless two results are equal."""
        pairs = [(name, getattr(found, name), getattr(expected, name)) for name in RESULT]
        pairs += [(name, found.counters[name], expected.counters[name]) for name in expected.counters]
        pairs += [
            (f"after_iterations, iteration {i}", own, other)
            for i, (own, other) in enumerate(
                zip(found.after_iterations, expected.after_iterations, strict=True), 1
            )
        ]
        differing = [
            where + (f" in {name}" if name != "bits" else "")
            for name, own, other in pairs
            if (where := places(own != other, numbers, differ=True))
        ]
        return self.expect(not differing, f"{problem}: {'; '.join(differing)}")

    def bits(self, what: str, value: npt.NDArray[np.uint8]) -> bool:
        """Whether there are only 0 and 1."""
        return self.none_at(value > 1, f"{what} only 0 and 1")

    def result(
        self, value: Any, frames: int, k: int, counters: tuple[str, ...] = (), iterations: int = 0
    ) -> bool:
        """Whether a value is what ``decode`` should return: so many frames of k bits, with these counters.

        ``iterations`` is how many are counted, each of whose decisions it has.
        """
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
            self.expect(
                len(value.after_iterations) == iterations,
                f"decode should give after_iterations of {iterations} iterations, as counted_iterations "
                f"says, not {len(value.after_iterations)}",
            ),
            *(
                self.array("decode's after_iterations", bits, np.uint8, (frames, k))
                for bits in value.after_iterations
            ),
        ]
        return (
            all(good)
            and (
                not iterations
                or self.same(
                    value.after_iterations[-1], value.bits, "the last of after_iterations should be bits"
                )
            )
            and self.bits("decode's bits should be", value.bits)
            and self.none_at(value.iterations < 0, "decode's iterations should be 0 or more")
        )


def counted(what: str, numbers: Sequence[int], most: int = 4) -> str:
    """``bit 5``, ``bits 5 and 9``, ``bits 5, 9, 11 and 30 more``: a few numbers of what there is."""
    names = [str(number) for number in numbers]
    if len(names) == 1:
        return f"{what} {names[0]}"
    shown = names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return f"{what}s {', '.join(shown[:-1])} and {shown[-1]}"


def places(
    wrong: npt.NDArray[np.bool_], numbers: Any = None, what: str = "bit", *, differ: bool = False
) -> str:
    """Where an array of shape (frames, ...) is True, as in ``frame 3, bits 5 and 9``; "" if nowhere.

    Parameters
    ----------
    wrong
        With one axis, the frames alone are told; with more, the positions in the first of them too.
    numbers
        Those of the frames; by default from 0 on.
    what
        What stands at the positions.
    differ
        Whether to say that they differ, too.
    """
    rows = np.flatnonzero(wrong.reshape(len(wrong), -1).any(axis=1)) if wrong.size else np.empty(0, int)
    if not len(rows):
        return ""
    frames = rows if numbers is None else np.asarray(numbers)[rows]
    rows, frames = rows[np.argsort(frames)], np.sort(frames)
    inside = np.flatnonzero(wrong[rows[0]]) if wrong.ndim > 1 else frames
    verb = f" {'differs' if len(inside) == 1 else 'differ'}" if differ else ""
    if wrong.ndim == 1:
        return counted("frame", frames.tolist()) + verb
    more = f", and {len(rows) - 1} more frame{'s' * (len(rows) > 2)}" if len(rows) > 1 else ""
    return f"frame {frames[0]}, {counted(what, inside.tolist())}{verb}{more}"


def usable(looked_at: LookedAt) -> npt.NDArray[Any]:
    """The array; raises NotReachedError if something is wrong with it, as another check says."""
    array, problems = looked_at
    if problems:
        raise NotReachedError
    return array


def looked_at_llrs(tell: Callable[[], Any], shape: tuple[int, int]) -> LookedAt:
    """LLRs that are to be finite float32 of this shape."""
    found = Findings()
    llr = found.attempt("llr", tell)
    if llr is not FAILED and found.array("llr", llr, np.float32, shape):
        found.none_at(~np.isfinite(llr), "llr should be finite, with certainty clipped", what="LLR")
    return np.array(None if found.problems else llr), found.problems


def llrs_of_parts(tell: Callable[[Any], Any], llr: npt.NDArray[np.float32]) -> list[str]:
    """What is wrong if ``tell`` gives other LLRs of some of the frames, by their numbers, than of all."""
    found, order = Findings(), np.arange(FRAMES)
    for part in (order[9:11], order[5:6], order[::-1]):
        if not found.same(tell(part), llr[part], "llr should treat each frame by itself", part, "LLR"):
            break
    return found.problems


def copied_by_cluster(value: Any) -> Any:
    """What a worker of a cluster gets when a value is sent to it; None if that needs a missing package."""
    try:
        import cloudpickle
    except ImportError:
        return None
    return cloudpickle.loads(cloudpickle.dumps(value))
