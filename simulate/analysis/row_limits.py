"""Limits and bounds at a row of results."""

from typing import TYPE_CHECKING, Any

from ...channels import bsc_capacity, from_db, to_db
from ...channels.models.channel import Signal
from ..registry import registry
from ..results.rows import Row

if TYPE_CHECKING:
    from ...bounds import Bound


#: Limits at a block length, which ``bounds`` computes.
FINITE = ("converse", "normal-approximation", "rcu")
#: Channels of ``bounds`` for those that are simulated.
BOUNDED = {"bsc": "bsc", "bec": "bec", "awgn": "bpsk"}
SIGNALS: dict[str, Any] = {"shannon": "gaussian", "bpsk": "bpsk"}


def qualified(name: str, restriction: str, *, failed: bool = False) -> str:
    """A limit's name with the codewords it is for, as in ``converse, equal energy``."""
    name = f"{name}, {restriction}" if restriction else name
    return f"{name}: failed" if failed else name


def channel_of(row: Row) -> Any:
    """The class of a row's channel, or None if it is not registered in this process."""
    name = row.channel.split("(")[0]
    return registry.channels.get(name).make if name in registry.channels.names() else None


def bound_of(row: Row, kind: str) -> "Bound | None":
    """The bound at a block length of a name for a row's channel and n; None where there is none."""
    from ...bounds import BOUNDS
    from ...bounds.registry import GREATEST_N

    bound = BOUNDS.get(BOUNDED.get(row.channel.split("(")[0], ""), {}).get(kind)
    return bound if bound is not None and bound.least_n <= row.n <= GREATEST_N else None


def decibels_to_esno(row: Row) -> float | None:
    """Es/N0 in dB less a row's parameter in dB; None for parameters that are not in dB."""
    return {"ebno_db": to_db(row.rate), "esno_db": 0.0, "snr_db": -to_db(2)}.get(row.parameter)


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
    value, shift = bound.value(row.n, row.rate, fer), decibels_to_esno(row)
    return value if value is None or shift is None else to_db(value) - shift


def limit_at_ber(row: Row, ber: float, signal: Signal) -> float | None:
    """The value of a row's parameter at which R (1 - H(p_b)) meets the capacity; None if unknown."""
    channel, ebno = channel_of(row), row.parameter == "ebno_db"
    if channel is None:
        return None
    # Eb counts the bits sent, right or wrong, and so does not change with the rate that is left of them.
    value = channel.limit("esno_db" if ebno else row.parameter, row.rate * bsc_capacity(ber), signal)
    return None if value is None else float(value) - to_db(row.rate) if ebno else float(value)
