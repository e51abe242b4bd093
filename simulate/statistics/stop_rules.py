"""When a point ends, and the error rate that a search looks for.

A rule is a ``StopRule`` here, and a field of ``StopRules``, which names it and says what its limit may be.
The table ``STOP_RULES`` is made from the fields, and whatever depends on which rules there are takes them
from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
import pydantic

from ..errors import InputError
from ..fields import Model, Positive
from ..link.counting.frame_counts import FrameCounts
from .estimators import estimator_of
from .intervals import Z
from .tally import Tally

#: Least error rate to look for, and least width of an interval: far less than anybody can simulate.
LEAST_RATE, LEAST_WIDTH = 1e-15, 1e-6


class ErrorRate(Model):
    """A frame error rate or a bit error rate."""

    model_config = pydantic.ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["fer"]}, {"required": ["ber"]}]}
    )

    fer: Annotated[float, pydantic.Field(ge=LEAST_RATE, lt=1)] | None = pydantic.Field(
        None, description="A frame error rate."
    )
    ber: Annotated[float, pydantic.Field(ge=LEAST_RATE, lt=0.5)] | None = pydantic.Field(
        None, description="A bit error rate."
    )

    @pydantic.model_validator(mode="after")
    def _one_rate(self) -> Self:
        if (self.fer is None) == (self.ber is None):
            raise ValueError("must give one of fer and ber")
        return self

    @property
    def measure(self) -> Literal["fer", "ber"]:
        """Which rate is meant."""
        return "ber" if self.fer is None else "fer"

    @property
    def rate(self) -> float:
        """The rate itself."""
        rate = self.ber if self.fer is None else self.fer
        assert rate is not None
        return rate


def error_rate(measure: str, rate: float) -> ErrorRate:
    """``fer`` or ``ber``, at a rate; raises InputError if that is out of its range."""
    try:
        return ErrorRate.model_validate({measure: rate})
    except pydantic.ValidationError:
        most = "1" if measure == "fer" else "0.5"
        raise InputError(f"{measure} must lie in [{LEAST_RATE:g}, {most}), got {rate:g}") from None


class Target(ErrorRate):
    """The error rate at which a curve's channel parameter is looked for."""

    within: Annotated[float, pydantic.Field(ge=LEAST_WIDTH, le=1)] = pydantic.Field(
        0.02,
        description="Half-width of the 95 % interval to reach, in dB; for f and epsilon 10 log10 of the "
        "ratio is meant, so that 0.02 is 0.46 % of the value.",
    )


#: Errors below which ``relative_error`` ends no point: one error in one frame has a narrow interval too.
LEAST_ERRORS = 10


class Outlook(NamedTuple):
    """What is expected of the frames that follow a tally.

    Attributes
    ----------
    tally, seconds
        Of the frames so far.
    frame_rate, bit_rate
        Wrong frames, and wrong bits, a frame; the latter None where it is not known.
    seconds_per_frame
        None where it is not known.
    """

    tally: Tally
    seconds: float
    frame_rate: float
    bit_rate: float | None = None
    seconds_per_frame: float | None = None


@dataclass(frozen=True)
class StopRule:
    """A rule that ends a point; its limit is the value of the field of ``StopRules`` that it stands at.

    Attributes
    ----------
    words
        What it limits, in words.
    met
        Whether a limit is met by what was counted and by the seconds that took.
    frames_needed
        The frames that are probably needed until a limit is met; None where nothing is known of that.
    first_met
        At which wrong frame of those that follow a tally a limit is met, counted from 1, or None if at none;
        where the tally meets it already, at the next wrong frame. A rule without this function ends a point
        where no count has a say.
    counts_errors
        Whether it counts errors up to a number, so that ``intervals.unbiased_rate`` holds. (With
        ``bit_errors`` it is some number of wrong frames, given how many bits are wrong in each.)
    """

    words: str
    met: Callable[[float, Tally, float], bool]
    frames_needed: Callable[[float, Outlook], float | None]
    first_met: Callable[[float, Tally, FrameCounts], int | None] | None = None
    counts_errors: bool = False

    @property
    def at_error(self) -> bool:
        """Whether it ends a point at a wrong frame, so that intervals are those of inverse sampling."""
        return self.first_met is not None


def _frame_error(limit: float, tally: Tally, counts: FrameCounts) -> int | None:
    """The wrong frame with which there are ``limit``."""
    needed = max(int(limit) - tally.frame_errors, 1)
    return needed if len(counts.wrong) >= needed else None


def _bit_error(limit: float, tally: Tally, counts: FrameCounts) -> int | None:
    """The wrong frame with which there are ``limit`` wrong bits."""
    return _first(tally.bit_errors + np.cumsum(counts.bit_errors, dtype=np.int64) >= limit)


def _narrow(limit: float, tally: Tally, seconds: float) -> bool:
    """Whether the interval of the FER is narrow beside the FER."""
    enough = tally.frame_errors >= LEAST_ERRORS
    return enough and estimator_of(tally.names).relative_width(tally) <= limit


def _narrow_from(limit: float, tally: Tally, counts: FrameCounts) -> int | None:
    """The wrong frame from which on it is. Between errors the width only grows: others need no look."""
    before = max(LEAST_ERRORS - tally.frame_errors, 1) - 1  # wrong frames that are too few
    if len(counts.wrong) <= before:
        return None
    width = estimator_of(counts.names).relative_widths(tally, counts)
    found = _first(width[before:] <= limit)
    return None if found is None else before + found


def _frames_until_narrow(limit: float, outlook: Outlook) -> float:
    """By the errors of a binomial law that are as narrow."""
    errors = (Z / limit) ** 2 * max(1 - outlook.frame_rate, 0.0)
    return (errors - outlook.tally.frame_errors) / outlook.frame_rate


def _first(reached: Any) -> int | None:
    """The place of the first entry that holds, from 1; None if none does."""
    found = np.flatnonzero(reached)
    return int(found[0]) + 1 if len(found) else None


FRAME_ERRORS = StopRule(
    "frame errors",
    lambda limit, tally, seconds: tally.frame_errors >= limit,
    lambda limit, outlook: (limit - outlook.tally.frame_errors) / outlook.frame_rate,
    _frame_error,
    counts_errors=True,
)
BIT_ERRORS = StopRule(
    "bit errors",
    lambda limit, tally, seconds: tally.bit_errors >= limit,
    lambda limit, outlook: (
        (limit - outlook.tally.bit_errors) / outlook.bit_rate if outlook.bit_rate is not None else None
    ),
    _bit_error,
    counts_errors=True,
)
FRAMES = StopRule(
    "frames",
    lambda limit, tally, seconds: tally.frames >= limit,
    lambda limit, outlook: limit - outlook.tally.frames,
)
RELATIVE_ERROR = StopRule("relative error", _narrow, _frames_until_narrow, _narrow_from)
SECONDS = StopRule(
    "seconds",
    lambda limit, tally, seconds: seconds >= limit,
    lambda limit, outlook: (
        (limit - outlook.seconds) / outlook.seconds_per_frame if outlook.seconds_per_frame else None
    ),
)


class StopRules(Model):
    """When a point ends: at the first rule that is met, frame by frame in frame order; and a curve."""

    frame_errors: Annotated[Positive | None, FRAME_ERRORS] = pydantic.Field(
        None, description="Frames with a wrong information bit."
    )
    bit_errors: Annotated[Positive | None, BIT_ERRORS] = pydantic.Field(
        None, description="Wrong information bits."
    )
    frames: Annotated[Positive | None, FRAMES] = pydantic.Field(None, description="Frames simulated.")
    relative_error: Annotated[
        Annotated[float, pydantic.Field(ge=LEAST_WIDTH, lt=1)] | None, RELATIVE_ERROR
    ] = pydantic.Field(None, description="Half-width of the FER's 95 % interval over the FER.")
    seconds: Annotated[Annotated[float, pydantic.Field(gt=0)] | None, SECONDS] = pydantic.Field(
        None, description="Computing time in seconds, added up over the workers."
    )
    floor: Annotated[float, pydantic.Field(gt=0, lt=1)] | None = pydantic.Field(
        None, description="A curve ends, with less noise left out, after a point with a FER below this."
    )
    without_errors: Literal["stop", "continue"] = pydantic.Field(
        "stop", description="What a curve does after a point that ended without an error."
    )
    target: Target | None = pydantic.Field(None, description="May stand here as well as beside stop.")

    def given(self) -> Iterator[tuple[str, StopRule, float]]:
        """The rules that there are limits for, with their names and limits."""
        for name, rule in STOP_RULES.items():
            limit = getattr(self, name)
            if limit is not None:
                yield name, rule, limit


#: The rules by name; those that end a point at a wrong frame come first.
STOP_RULES: dict[str, StopRule] = dict(
    sorted(
        (
            (name, rule)
            for name, field in StopRules.model_fields.items()
            for rule in field.metadata
            if isinstance(rule, StopRule)
        ),
        key=lambda item: not item[1].at_error,
    )
)

#: Those that end a point at a wrong frame: ``inverse`` in ``intervals``.
INVERSE_RULES = frozenset(name for name, rule in STOP_RULES.items() if rule.at_error)

#: Those of them that count errors up to a number.
COUNTING_RULES = frozenset(name for name, rule in STOP_RULES.items() if rule.counts_errors)


def commit(tally: Tally, counts: FrameCounts, stop: StopRules, seconds: float = 0.0) -> tuple[Tally, str]:
    """Add the frames that follow a tally, up to the first one at which a rule is met.

    Returns the new tally and the rule's name, or "" if none is met. Rules are applied after each
    frame, so the outcome does not depend on how frames are cut into blocks. A tally that has more
    errors than a rule asks for ends at its next error. Time is looked at after all of the frames alone:
    ``seconds`` is what was taken up to there.

    Raises ValueError if the frames go on beyond ``stop.frames``, or have other counters than the tally.
    """
    given = tuple(stop.given())
    met: list[tuple[int, str]] = []
    for name, rule, limit in given:
        errors = None if rule.first_met is None else rule.first_met(limit, tally, counts)
        if errors is not None:
            met.append((errors, name))
    if met:
        errors, name = min(met, key=lambda item: item[0])
        return tally + Tally.of(counts, errors), name
    whole = tally + Tally.of(counts)
    if stop.frames is not None and whole.frames > stop.frames:
        raise ValueError(f"{whole.frames} frames go beyond the limit of {stop.frames}")
    return whole, _met(given, whole, seconds, at_errors=False)


def ended_by(tally: Tally, seconds: float, stop: StopRules, *, at_errors: bool = True) -> str:
    """The rule that a tally meets as it stands, or "": whether a point read from a file is done.

    Without ``at_errors``, only those rules are asked that end a point where no count has a say.
    """
    return _met(stop.given(), tally, seconds, at_errors)


def _met(given: Iterable[tuple[str, StopRule, float]], tally: Tally, seconds: float, at_errors: bool) -> str:
    """The first of these rules that is met; see ``ended_by``."""
    for name, rule, limit in given:
        if (at_errors or rule.first_met is None) and rule.met(limit, tally, seconds):
            return name
    return ""


def frames_needed(stop: StopRules, outlook: Outlook) -> float:
    """The frames that are probably needed beyond those of a tally; at least 1."""
    least = float("inf")
    for _, rule, limit in stop.given():
        needed = rule.frames_needed(limit, outlook)
        if needed is not None and needed < least:
            least = needed
    return max(least, 1.0)
