"""Limits and bounds at a row of results."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...channels import bsc_capacity, from_db, outage_probability, to_db
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...channels.parameter import ESNO, Parameter, parameter_named
from ..failures import blamed
from ..registry import registry
from ..results.rows import Row

if TYPE_CHECKING:
    from ...bounds import Bound


#: Limits at a block length, which ``bounds`` computes.
FINITE = ("converse", "normal-approximation", "rcu")
SIGNALS: dict[str, Any] = {"shannon": "gaussian", "modulation": "modulation", "bicm": "bicm", "bpsk": "bpsk"}


def qualified(name: str, restriction: str, *, failed: bool = False) -> str:
    """A limit's name with the codewords it is for, as in ``converse, equal energy``."""
    name = f"{name}, {restriction}" if restriction else name
    return f"{name}: failed" if failed else name


def channel_of(row: Row) -> ChannelModel | None:
    """A row's channel over the row's parameter; None if it is not known in this process.

    A row without a model, of a file that has no configuration beside it, has that of its channel's name.
    """
    model = row.channel_model
    if model is None and row.symbols is None and row.channel in registry.channels.names():
        entry = registry.channels.get(row.channel)
        model = entry.channel_model(row.parameter) if row.parameter in entry.sweepable else None
    model = None if model is None else model.over(row.parameter)
    return None if model is None else replace(model, rate=row.bits_per_use)


def parameter_of(row: Row, name: str | None = None) -> Parameter:
    """A row's parameter, or another one of its channel, as the channel describes it."""
    model = channel_of(row)
    model = model if model is None or name is None else model.over(name)
    return parameter_named(name or row.parameter) if model is None else model.parameter


def limit_of(row: Row, signal: Signal) -> float | None:
    """Where on a row's parameter the capacity of ``signal`` meets the bits a use; None where nowhere.

    Nor is there a limit of frames that are sent again: they take more uses than those of the row's rate.
    """
    model = channel_of(row)
    if model is None or row.harq:
        return None
    with blamed("limit() of the channel"):
        return model.limit(signal=signal)


def signal_of(row: Row) -> Signal:
    """The input that is simulated, where the channel tells inputs apart."""
    if row.symbols is not None:
        return "modulation"
    return "gaussian" if decibels_to_esno(row) is None else "bpsk"


def bound_of(row: Row, kind: str) -> "Bound | None":
    """The bound at a block length of a name for a row's channel and n; None where there is none."""
    bound = None if row.harq else _bounds_of(row).get(kind)
    return bound if bound is not None and bound.least_n <= uses_of(row) <= bound.greatest_n else None


def _bounds_of(row: Row) -> "dict[str, Bound]":
    from ...bounds import bounds_of_model

    model = channel_of(row)
    return {} if model is None else bounds_of_model(model)


def uses_of(row: Row) -> int:
    """Channel uses of a row's word, which is the block length of bounds: samples of a modulation, or bits."""
    return row.n if row.symbols is None else row.symbols


def why_no_bound(row: Row, kind: str) -> str | None:
    """Why there is no bound of a name for a row's channel and n, in words; None if there is one."""
    known = _bounds_of(row)
    if not known:
        return "bounds at a block length are not known over this channel"
    if kind not in known:
        there = [name for name in FINITE if name in known]
        return f"it is not known over this channel, of the bounds at a block length {' and '.join(there)} are"
    if bound_of(row, kind) is None:
        least, most = known[kind].least_n, known[kind].greatest_n
        return f"it is known for block lengths from {least} to {most}, and this is {uses_of(row)}"
    return None


def outage_at(row: Row, value: float) -> float | None:
    """The outage probability of what a row sends at a value of its parameter; None where there is none."""
    model = channel_of(row)
    return None if model is None else outage_probability(model.at(value), row.bits_per_use, uses_of(row))


def normal_at(row: Row, value: float) -> float | None:
    """The normal approximation over fading at a row's n and k, with BPSK; None where there is none."""
    from ...bounds.fading import normal_error_probability
    from ...channels.models.fading import Fading

    model = channel_of(row)
    channel = None if model is None or row.symbols is not None else model.at(value)
    return normal_error_probability(channel, row.n, row.k) if isinstance(channel, Fading) else None


#: Limits on the frame error rate of codes over fading, at a row and a value of its parameter.
OVER_FADING: dict[str, Callable[[Row, float], float | None]] = {
    "outage": outage_at,
    "normal-approximation": normal_at,
}


def decibels_to_esno(row: Row) -> float | None:
    """Es/N0 in dB less a row's parameter in dB; None for parameters that are no ratios of energies."""
    shift = parameter_of(row).esno_shift
    return None if shift is None else shift(row.bits_per_use)


def bounded_value(row: Row, x: float) -> float:
    """What ``bounds`` takes for a value of a row's parameter: f, epsilon, or the ratio Es/N0."""
    shift = decibels_to_esno(row)
    return x if shift is None else from_db(x + shift)


def value_of_bound(row: Row, kind: str, fer: float) -> float | None:
    """Where on a row's parameter a bound at its n and k has a frame error rate; None if that is unknown.

    Raises BoundError if it cannot be computed.
    """
    bound = bound_of(row, kind)
    if bound is None:
        return None
    value, shift = bound.value(uses_of(row), row.bits_per_use, fer), decibels_to_esno(row)
    return value if value is None or shift is None else to_db(value) - shift


def limit_at_ber(row: Row, ber: float, signal: Signal) -> float | None:
    """The value of a row's parameter at which R (1 - H(p_b)) meets the capacity; None if unknown."""
    model = channel_of(row)
    if model is None:
        return None
    # Eb counts the bits sent, right or wrong, and so does not change with the rate that is left of them.
    shift = model.parameter.esno_shift if model.parameter.per_bit else None
    searched: ChannelModel | None = model
    if shift is not None:
        known = replace(model, parameter=ESNO) if model.answers("limit") else None
        searched = model.over(ESNO.name) or known
    value = None if searched is None else searched.limit(row.bits_per_use * bsc_capacity(ber), signal)
    return None if value is None else float(value) - (0.0 if shift is None else shift(row.bits_per_use))
