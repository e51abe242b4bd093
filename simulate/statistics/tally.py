"""The counters of a point, and the rules that end it."""

from dataclasses import dataclass, fields

import numpy as np

from ..link.frame_counts import FrameCounts
from .intervals import relative_half_width
from .stop_rules import StopRules

#: Errors below which ``relative_error`` ends no point: one error in one frame has a narrow interval too.
LEAST_ERRORS = 10


@dataclass(frozen=True)
class Tally:
    """Additive integer counters of the first ``frames`` frames of a point. Rates are computed when read."""

    frames: int = 0
    frame_errors: int = 0
    bit_errors: int = 0
    bit_errors_squared: int = 0
    undetected_errors: int = 0
    iterations: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @classmethod
    def of(cls, counts: FrameCounts, errors: int | None = None) -> "Tally":
        """The counters of all frames, or of those up to and including wrong frame ``errors`` >= 1."""
        bit_errors = counts.bit_errors[:errors].astype(np.int64)
        return cls(
            frames=counts.frames if errors is None else int(counts.wrong[errors - 1]) + 1,
            frame_errors=len(bit_errors),
            bit_errors=int(bit_errors.sum()),
            bit_errors_squared=int((bit_errors * bit_errors).sum()),
            undetected_errors=int(np.count_nonzero(counts.undetected[:errors])),
            iterations=counts.iterations if errors is None else int(counts.iterations_to[errors - 1]),
        )


def commit(tally: Tally, counts: FrameCounts, stop: StopRules) -> tuple[Tally, str]:
    """Add the frames that follow a tally, up to the first one at which a rule is met.

    Returns the new tally and the rule's name, or "" if none is met. Rules are applied after each
    frame, so the outcome does not depend on how frames are cut into blocks. A tally that has more
    errors than a rule asks for ends at its next error. ``seconds`` is not looked at here.

    Raises ValueError if the frames go on beyond ``stop.frames``.
    """
    met: list[tuple[int, str]] = []
    if stop.frame_errors is not None:
        needed = max(stop.frame_errors - tally.frame_errors, 1)
        if len(counts.wrong) >= needed:
            met.append((needed, "frame_errors"))
    if stop.bit_errors is not None:
        total = tally.bit_errors + np.cumsum(counts.bit_errors, dtype=np.int64)
        reached = np.flatnonzero(total >= stop.bit_errors)
        if len(reached):
            met.append((int(reached[0]) + 1, "bit_errors"))
    if stop.relative_error is not None and len(counts.wrong):
        # Between errors the relative width only grows, so it is enough to look at wrong frames.
        errors_then = tally.frame_errors + np.arange(1, len(counts.wrong) + 1)
        width = relative_half_width(errors_then, tally.frames + counts.wrong + 1)
        reached = np.flatnonzero((width <= stop.relative_error) & (errors_then >= LEAST_ERRORS))
        if len(reached):
            met.append((int(reached[0]) + 1, "relative_error"))
    if met:
        errors, rule = min(met, key=lambda item: item[0])
        return tally + Tally.of(counts, errors), rule
    whole = tally + Tally.of(counts)
    if stop.frames is not None and whole.frames > stop.frames:
        raise ValueError(f"{whole.frames} frames go beyond the limit of {stop.frames}")
    return whole, "frames" if whole.frames == stop.frames else ""


def ended_by(tally: Tally, seconds: float, stop: StopRules) -> str:
    """The rule that a tally meets as it stands, or "": whether a point read from a file is done."""
    if stop.frame_errors is not None and tally.frame_errors >= stop.frame_errors:
        return "frame_errors"
    if stop.bit_errors is not None and tally.bit_errors >= stop.bit_errors:
        return "bit_errors"
    if (
        stop.relative_error is not None
        and tally.frame_errors >= LEAST_ERRORS
        and relative_half_width(tally.frame_errors, tally.frames) <= stop.relative_error
    ):
        return "relative_error"
    if stop.frames is not None and tally.frames >= stop.frames:
        return "frames"
    if stop.seconds is not None and seconds >= stop.seconds:
        return "seconds"
    return ""
