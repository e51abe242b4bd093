"""What capacity and block length allow over any channel by its name, with a modulation or without."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pydantic

from ...bounds import Bound, BoundError, bounds_of_model, fading_bounds
from ...channels import Modulation, from_db, to_db
from ...channels.models.channel import Signal
from ...channels.models.fading import Fading
from ...channels.models.model import ChannelModel
from ...channels.parameter import EBNO, ESNO
from ..errors import InputError, nearest, shown
from ..failures import FAILURES, told
from ..registry import registry
from ..registry.registry import Entry
from .limits import Limit, bound_rate_at_ebno, check_bounds, rate_at_ebno


@dataclass(frozen=True, eq=False)
class NamedChannel:
    """A channel over the parameter that limits are looked for in, and its text, such as ``bsec(f=0.05)``.

    ``value`` is that of the parameter where all are given, or None.
    """

    text: str
    model: ChannelModel
    value: float | None = None

    def at_rate(self, rate: float) -> ChannelModel:
        """The model whose Eb/N0, if it has one, refers to a rate."""
        return replace(self.model, rate=rate)


def named_channel(
    name: str, given: Mapping[str, Any], *, esno: bool = False, modulation: Modulation | None = None
) -> NamedChannel:
    """The channel of a name and parameters, over the one that is left, or Eb/N0; with ``esno``, Es/N0.

    Raises InputError, which says what there is, for an unknown name or parameter, and where several are left.
    """
    entry = registry.channels.get(name)
    known = dict.fromkeys([*entry.sweepable, *entry.parameters])
    for key in given:
        if key not in known:
            raise InputError(
                f"{key} is no parameter of {name}.{nearest(key, known)} Known: {', '.join(known)}"
            )
    missing = [key for key in entry.parameters if key not in given and key in _needed(entry.make)]
    if missing:
        raise InputError(
            f"{name} needs {' and '.join(missing)}, as in 'capgap limits {name} {missing[0]}=...'"
        )
    left = [key for key in entry.sweepable if key not in given]
    needed = [key for key in entry.together if key not in given]
    energies = [key for key in (ESNO.name if esno else EBNO.name, ESNO.name) if key in left]
    if len(needed) > 1:
        both = " and ".join(needed)
        raise InputError(
            f"{name} has {both}: give one of them, as in 'capgap limits {name} {needed[1]}=0.1 --rate 1/2'"
        )
    if any(key in given for key in entry.sweepable) and not needed:
        swept = next(key for key in reversed(entry.sweepable) if key in given)
    else:
        swept = needed[0] if needed else energies[0] if energies else left[0]
    fixed = {key: value for key, value in given.items() if key != swept}
    value = given.get(swept)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InputError(f"{swept} must be a number, got {shown(value)}")
    inside = ", ".join(f"{key}={value}" for key, value in fixed.items())
    text = f"{name}({inside})" if inside else name
    model = entry.channel_model(swept, {**fixed, **_validated(entry, fixed)}, modulation=modulation)
    channel = NamedChannel(text, model, None if value is None else float(value))
    _check(channel)
    return channel


def _validated(entry: Entry[Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as a configuration gives them: a file's name is a path, for instance."""
    given = {name: value for name, value in fixed.items() if name in entry.parameters}
    try:
        made = entry.model.model_validate(given, context={"folder": Path()})
    except pydantic.ValidationError as error:
        detail = error.errors()[0]
        if detail["type"] != "value_error":  # of a wrong kind: the constructor says more
            return {}
        raise InputError(f"{detail['loc'][0]}: {detail['msg'].removeprefix('Value error, ')}") from None
    return {name: getattr(made, name) for name in given}


def _needed(make: Any) -> set[str]:
    """The keywords of a constructor that have no default."""
    known = inspect.signature(make).parameters
    return {name for name, each in known.items() if each.default is inspect.Parameter.empty}


def _check(channel: NamedChannel) -> None:
    """Raise InputError, with what its constructor says, where the channel is none at any value tried."""
    parameter, model = channel.model.parameter, channel.at_rate(0.5)
    low, high = parameter.range if not parameter.decibels else (0.0, 1.0)
    tried = [low + (high - low) * share for share in (0.0, 0.2, 0.01, 1e-4)]
    for place, value in enumerate(tried):
        try:
            model.at(value)
        except ValueError as error:
            if place == len(tried) - 1:
                raise InputError(str(error)) from None
        except FAILURES as error:
            raise InputError(f"the channel {channel.text} cannot be used: {told(error)}") from error
        else:
            return


def capacities_of_rate(channel: NamedChannel, rate: float) -> list[Limit]:
    """The parameter's value at which a rate, in bits a use, meets each capacity that is known.

    Raises InputError where it meets none at any value.
    """
    model = channel.at_rate(rate)
    found = []
    for name, signal in _signals(channel):
        value = _asked(channel, lambda signal=signal: model.limit(rate, signal))
        found.append(_limit(channel, rate, value, name))
    return found


def capacities_at_value(channel: NamedChannel, value: float) -> list[Limit]:
    """The rate that each capacity allows at a value; at an Eb/N0 the greatest that solves R = C(R Eb/N0).

    Raises InputError for a value that the channel does not take.
    """
    over = _over_esno(channel)

    def rate_of(signal: Signal) -> float:
        if not channel.model.parameter.per_bit:
            return channel.model.capacity(value, signal)
        most = 1.0 if signal == "bpsk" else 10 + abs(value) / 3
        return rate_at_ebno(lambda esno: over.capacity(to_db(esno), signal), from_db(value), most)

    return [
        _limit(channel, _asked(channel, lambda signal=signal: rate_of(signal)), value, name)
        for name, signal in _signals(channel)
    ]


def bounds_of(channel: NamedChannel, n: int, fer: float, names: Sequence[str] = ()) -> list[Bound]:
    """The bounds at a block length of n uses over a channel: all there are, or those named.

    Raises InputError where none is known, and as ``limits.check_block`` does.
    """
    known = _asked(channel, lambda: bounds_of_model(channel.model) or fading_bounds(channel.model, n))
    if not known:
        raise InputError(
            f"bounds at a block length are not known over {channel.text}: leave out -n and --fer"
        )
    return list(check_bounds(known, channel.text, n, fer, tuple(names)))


def bound_of_rate(channel: NamedChannel, bound: Bound, rate: float, n: int, fer: float) -> Limit:
    """The parameter's value at which a bound gives the error probability at a rate and n uses."""
    parameter = channel.model.parameter
    try:
        value = bound.value(n, rate, fer)
    except BoundError as error:
        return replace(_limit(channel, rate, None, bound.name), kind=bound.kind, failure=str(error))
    except ValueError as error:
        raise InputError(str(error)) from None
    if value is not None and parameter.esno_shift is not None:
        value = to_db(value) - parameter.esno_shift(rate)
    return replace(_limit(channel, rate, value, bound.name), kind=bound.kind)


def bound_at_value(channel: NamedChannel, bound: Bound, value: float, n: int, fer: float) -> Limit:
    """The greatest rate of a bound at a value, n uses and an error probability."""
    parameter = channel.model.parameter
    try:
        if parameter.per_bit:
            capacity = capacities_at_value(channel, value)[-1].rate
            assert capacity is not None
            rate = bound_rate_at_ebno(bound, value, n, fer, capacity)
        else:
            shift = parameter.esno_shift
            rate = bound.rate(n, fer, value if shift is None else from_db(value + shift(1.0)))
    except BoundError as error:
        return replace(_limit(channel, None, value, bound.name), kind=bound.kind, failure=str(error))
    except ValueError as error:
        raise InputError(str(error)) from None
    return replace(_limit(channel, rate, value, bound.name), kind=bound.kind)


def note(channel: NamedChannel) -> str:
    """What else there is to know of capacities over a channel, in a sentence; mostly empty."""
    make, coherence = channel.model.make, channel.model.fixed.get("coherence", "symbol")
    fading = isinstance(make, type) and issubclass(make, Fading)
    if not fading or isinstance(coherence, dict) or coherence == "symbol":
        return ""
    return (
        "capacities are means over the gains, which take frames with many of them; what a frame with few can "
        "do, its outage, is asked with -n and --fer"
    )


def _limit(channel: NamedChannel, rate: float | None, value: float | None, name: str) -> Limit:
    return Limit(channel.text, channel.model.parameter.name, rate, value, name, "capacity")


def _over_esno(channel: NamedChannel) -> ChannelModel:
    model = channel.model
    return (model.over(ESNO.name) or model) if model.parameter.esno_shift is not None else model


def _signals(channel: NamedChannel) -> list[tuple[str, Signal]]:
    """The inputs whose capacities differ, by the names that ``plot: limits`` has for them."""
    model = channel.model
    if not model.tells_signals:
        return [("shannon", "gaussian")]
    of_points = model.modulation is not None or model.parameter.esno_shift is None
    own: Signal = "modulation" if of_points else "bpsk"
    return [("shannon", "gaussian"), (own, own)]


def _asked(channel: NamedChannel, question: Any) -> Any:
    """What somebody's channel answers; its refusals become an InputError."""
    try:
        return question()
    except ValueError as error:
        raise InputError(str(error)) from None
    except FAILURES as error:
        raise InputError(f"the channel {channel.text} cannot be used: {told(error)}") from error
