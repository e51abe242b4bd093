"""What capacity and block length allow: the worst channel for a rate, and the rate a channel permits."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ...bounds import BOUNDS, Bound, BoundError
from ...channels import (
    awgn_capacity,
    awgn_limit_ebno_db,
    awgn_limit_esno,
    bec_capacity,
    bec_limit,
    bpsk_capacity,
    bpsk_limit_ebno_db,
    bpsk_limit_esno,
    bsc_capacity,
    bsc_limit,
    coded_modulation_capacity,
    coded_modulation_limit_esno,
    from_db,
    pam,
    psk,
    to_db,
)
from ...channels.elementwise import as_number
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...channels.parameter import parameter_named
from ..errors import InputError, nearest
from ..failures import FAILURES
from ..registry import registry

#: Channel names of ``capgap limits``, and what each is.
CHANNELS = {
    "bsc": "binary symmetric",
    "bec": "binary erasure",
    "awgn": "AWGN, real input",
    "bpsk": "AWGN, BPSK input",
}
#: Modulations over AWGN beside BPSK, of which only the capacity is known: not asked for, they are left out.
MODULATED = {"qpsk": psk(4), **{f"pam{order}": pam(order) for order in (4, 8, 16, 32, 64)}}
#: What each name stands for.
DESCRIPTIONS = {
    **CHANNELS,
    "qpsk": "AWGN, QPSK input, complex",
    **{name: f"AWGN, {MODULATED[name].name} input" for name in MODULATED if name != "qpsk"},
}
#: Rates at which a solution is looked for, as parts of the largest.
STEPS = 64
#: Where the capacity of modulations is from.
SOURCE_OF_MODULATED = (
    "capacity with equiprobable points; Ungerboeck, 'Channel coding with multilevel/phase signals', 1982"
)


@dataclass(frozen=True)
class Limit:
    """A rate and the value of a channel's parameter at which it equals the capacity, or a bound.

    Attributes
    ----------
    channel
        ``bsc``, ``bec``, ``awgn`` (Gaussian input), ``bpsk`` (BPSK on AWGN), or a name of ``MODULATED``; or
        the text of a channel by its name.
    parameter
        ``f``, ``epsilon``, ``ebno_db`` or ``esno_db``; or another one of the channel.
    rate
        Information bits a channel use.
        None where it could not be computed.
    value
        The parameter's value; None where no channel is good enough, or where it could not be computed.
    name, kind
        Those of the bound (`capgap.bounds.Bound`).
    failure
        Why the bound could not be computed; empty where it was.
    """

    channel: str
    parameter: str
    rate: float | None
    value: float | None
    name: str = "capacity"
    kind: str = "capacity"
    failure: str = ""


def parse_rate(text: str) -> float:
    """A rate given as a number or a fraction, such as 0.5 or 4/7; raises InputError otherwise."""
    try:
        rate = float(Fraction(text)) if "/" in text and len(text) < 40 else float(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise InputError(f"a rate is a number or a fraction, such as 0.5 or 4/7, got {text[:40]!r}") from None
    if not 1e-300 < rate <= 500:
        raise InputError(f"a rate must lie in (0, 500], got {text[:40]}")
    return rate


def limit_of_rate(channel: str, rate: float, *, esno: bool = False) -> Limit:
    """The channel parameter at which ``rate``, above 0, meets the capacity.

    Raises InputError for an unknown channel or a rate above what the channel can ever carry.
    """
    _check(channel)
    rate = _number(rate, "rate")
    parameter = "esno_db" if esno else "ebno_db"
    if channel in MODULATED:
        bits = MODULATED[channel].bits
        if rate > bits:
            raise InputError(
                f"rate must be at most {bits:g} on {channel}, the bits of a sample; got {rate:g}"
            )
        least = None if rate == bits else coded_modulation_limit_esno(MODULATED[channel], rate)
        return Limit(
            channel, parameter, rate, None if least is None else to_db(least if esno else least / rate)
        )
    binary = channel != "awgn"
    if binary and rate > 1:
        raise InputError(f"rate must be at most 1 on {channel}, whose input is binary; got {rate:g}")
    if channel == "bsc":
        return Limit(channel, "f", rate, bsc_limit(rate))
    if channel == "bec":
        return Limit(channel, "epsilon", rate, bec_limit(rate))
    if channel == "bpsk":
        if rate == 1:
            return Limit(channel, parameter, rate, None)
        return Limit(
            channel, parameter, rate, to_db(bpsk_limit_esno(rate)) if esno else bpsk_limit_ebno_db(rate)
        )
    return Limit(channel, parameter, rate, to_db(awgn_limit_esno(rate)) if esno else awgn_limit_ebno_db(rate))


def limit_at_value(channel: str, value: float, *, esno: bool = False) -> Limit:
    """The rate that equals the capacity at a value of the channel's parameter.

    With Eb/N0 the rate solves R = C(R Eb/N0); it is 0 below ln 2, or -1.59 dB. Raises InputError for
    an unknown channel or a value outside its range.
    """
    _check(channel)
    value = _number(value, "the value")
    if channel in ("bsc", "bec"):
        parameter, high = ("f", 0.5) if channel == "bsc" else ("epsilon", 1.0)
        if not 0 <= value <= high:
            raise InputError(f"{parameter} must lie in [0, {high:g}], got {value:g}")
        return Limit(
            channel, parameter, bsc_capacity(value) if channel == "bsc" else bec_capacity(value), value
        )
    if not -100 <= value <= 100:
        raise InputError(f"{_quantity(esno)} must lie in [-100, 100] dB, got {value:g}")
    if esno:
        return Limit(channel, "esno_db", _capacity(channel, from_db(value)), value)
    return Limit(channel, "ebno_db", _rate_at_ebno(channel, value), value)


def _capacity(channel: str, esno: float) -> float:
    """The capacity of an input over AWGN, in bits a sample, at a ratio Es/N0."""
    if channel in MODULATED:
        return coded_modulation_capacity(MODULATED[channel], esno)
    return awgn_capacity(esno) if channel == "awgn" else bpsk_capacity(esno)


def check_block(channel: str, n: int, fer: float, names: tuple[str, ...] = ()) -> tuple[Bound, ...]:
    """The bounds there are for a channel at a block length: all that hold there, or those named.

    Raises InputError for an unknown channel or name, an error probability outside (1e-100, 1), or an n
    that is too small or too large.
    """
    _check(channel)
    if channel in MODULATED:
        raise InputError(f"bounds at a block length are known on {', '.join(CHANNELS)}, not on {channel}")
    return check_bounds(BOUNDS[channel], channel, n, fer, names)


def check_bounds(
    known: Mapping[str, Bound], channel: str, n: int, fer: float, names: tuple[str, ...] = ()
) -> tuple[Bound, ...]:
    """The same of a channel's table of bounds."""
    for name in names:
        if name not in known:
            raise InputError(
                f"there is no bound '{name}' on {channel}.{nearest(name, known)} "
                f"Available: {', '.join(known)}"
            )
    if not 1e-100 < fer < 1:
        raise InputError(f"--fer must lie in (1e-100, 1), got {fer:g}")
    if not 1 <= n <= 1_000_000:
        raise InputError(f"-n must lie in [1, 1000000], got {n}")
    fitting = [bound.name for bound in known.values() if bound.least_n <= n <= bound.greatest_n]
    for name in names:
        if n < known[name].least_n:
            raise InputError(
                f"n = {n} is too small for {name} on {channel}, which needs {known[name].least_n}. "
                f"Available at {n}: {', '.join(fitting)}"
            )
        if n > known[name].greatest_n:
            raise InputError(
                f"n = {n} is too large for {name} on {channel}, which takes {known[name].greatest_n}. "
                f"Available at {n}: {', '.join(fitting)}"
            )
    return tuple(known[name] for name in (names or fitting))


def bound_of_rate(bound: Bound, rate: float, n: int, fer: float, *, esno: bool = False) -> Limit:
    """The channel parameter at which a bound gives the error probability ``fer`` at ``rate`` and length n.

    Raises InputError for a rate that the bound is not for, such as one of less than one information bit.
    """
    capacity = limit_of_rate(bound.channel, rate, esno=esno)
    if bound.kind == "capacity":
        return capacity
    try:
        value = bound.value(n, rate, fer)
    except BoundError as error:
        return Limit(bound.channel, capacity.parameter, rate, None, bound.name, bound.kind, str(error))
    except ValueError as error:
        raise InputError(str(error)) from None
    if value is not None and parameter_named(capacity.parameter).decibels:
        value = to_db(value if esno else value / rate)
    return Limit(bound.channel, capacity.parameter, rate, value, bound.name, bound.kind)


def bound_at_value(bound: Bound, value: float, n: int, fer: float, *, esno: bool = False) -> Limit:
    """The greatest rate of a bound at a value of the channel's parameter, block length and error probability.

    With Eb/N0 the rate is the greatest that solves R = bound(R Eb/N0), or 0 where no code of one information
    bit or more has one.
    """
    capacity = limit_at_value(bound.channel, value, esno=esno)
    if bound.kind == "capacity":
        return capacity
    assert capacity.rate is not None
    try:
        if bound.channel in ("bsc", "bec") or esno:
            rate = bound.rate(n, fer, value if bound.channel in ("bsc", "bec") else from_db(value))
        else:
            rate = bound_rate_at_ebno(bound, value, n, fer, capacity.rate)
    except BoundError as error:
        return Limit(bound.channel, capacity.parameter, None, value, bound.name, bound.kind, str(error))
    except ValueError as error:
        raise InputError(str(error)) from None
    return Limit(bound.channel, capacity.parameter, rate, value, bound.name, bound.kind)


def source_of(limit: Limit) -> str:
    """Where the formula of a limit is from."""
    return SOURCE_OF_MODULATED if limit.channel in MODULATED else BOUNDS[limit.channel][limit.name].source


def bound_rate_at_ebno(bound: Bound, ebno_db: float, n: int, fer: float, capacity: float) -> float:
    """The greatest rate in bits a use that solves R = bound(R Eb/N0), given what it is below twice of; or 0.

    Raises InputError for an Eb/N0 that is too high.
    """
    from scipy.optimize import brentq

    ebno, values = from_db(ebno_db), bound.values
    low = max(1.1 * values.low / ebno, 1 / n)  # a code has at least one bit
    most = 0.99 * values.high
    high = min(most / ebno, values.bits)
    if ebno > most and values.bits == 1:
        below = math.floor(10 * to_db(most)) / 10
        raise InputError(f"Eb/N0 must lie below {below:g} dB for bounds on {bound.channel}, got {ebno_db:g}")

    def excess(rate: float) -> float:
        return bound.rate(n, fer, rate * ebno) - rate

    # Downwards from above what is possible, to the first rate that the bound allows.
    above = min(high, max(2 * capacity, capacity + 3 * math.log2(n + 1) / n + 3 / math.sqrt(n)))
    if above <= low:
        return 0.0
    if excess(above) >= 0:
        return above
    rates = [above * (low / above) ** (i / 40) for i in range(1, 41)]
    for rate in rates:
        if excess(rate) >= 0:
            return float(brentq(excess, rate, above, xtol=1e-12))
        above = rate
    return 0.0


def rate_at_ebno(capacity: Callable[[float], float], ebno: float, most: float) -> float:
    """The largest rate up to ``most`` that a capacity, of Es/N0, allows; bit by bit two may meet it."""
    from scipy.optimize import brentq

    def excess(rate: float) -> float:
        return capacity(rate * ebno) - rate

    above = most
    if excess(above) >= 0:
        return above
    for step in range(STEPS - 1, 0, -1):
        rate = most * step / STEPS
        if excess(rate) >= 0:
            return float(brentq(excess, rate, above, xtol=1e-13))
        above = rate
    least = most * 1e-6
    return float(brentq(excess, least, above, xtol=1e-13)) if excess(least) > 0 else 0.0


def _quantity(esno: bool) -> str:
    return "Es/N0" if esno else "Eb/N0"


def _rate_at_ebno(channel: str, ebno_db: float) -> float:
    from scipy.optimize import brentq

    if channel in MODULATED:
        # The capacity is concave in Es: where it begins above R, it meets R once.
        least, most, ebno = 1e-6, MODULATED[channel].bits, from_db(ebno_db)

        def excess(rate: float) -> float:
            return _capacity(channel, rate * ebno) - rate

        return 0.0 if excess(least) <= 0 else float(brentq(excess, least, most, xtol=1e-13))
    limit = awgn_limit_ebno_db if channel == "awgn" else bpsk_limit_ebno_db
    low, high = 1e-9, 40.0 if channel == "awgn" else 1 - 1e-12
    if ebno_db <= limit(low):
        return 0.0
    if ebno_db >= limit(high):
        return high if channel == "awgn" else 1.0
    return float(brentq(lambda rate: limit(rate) - ebno_db, low, high, xtol=1e-13))


def _number(value: float, name: str) -> float:
    try:
        return as_number(value, name)
    except ValueError as error:
        raise InputError(str(error)) from None


def _check(channel: str) -> None:
    if channel not in DESCRIPTIONS:
        known = dict.fromkeys([*DESCRIPTIONS, *registry.channels.names()])
        raise InputError(
            f"there is no channel '{channel}'.{nearest(channel, known)} Known: {', '.join(known)}"
        )


def known_capacities(
    model: ChannelModel, values: Iterable[float], signal: Signal
) -> npt.NDArray[np.float64] | None:
    """Capacities of an input at values of the parameter, in bits a use; None if they cannot be had."""
    try:
        return np.array([model.capacity(float(value), signal) for value in values])
    except FAILURES:
        return None
