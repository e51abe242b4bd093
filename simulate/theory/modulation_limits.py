"""What capacity allows over AWGN and fading: any input, the points of a modulation, and their bits."""

from collections.abc import Callable
from dataclasses import dataclass

from ...channels import (
    Modulation,
    awgn_capacity,
    awgn_limit_esno,
    from_db,
    to_db,
)
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ..errors import InputError
from .limits import Limit, known_capacities, rate_at_ebno

#: The names of the limits, as in ``plot: limits``, with what they are and where they are from.
SOURCES = {
    "shannon": "any input; Shannon, 'Communication in the presence of noise', 1949",
    "modulation": "equiprobable points; Ungerboeck, 'Channel coding with multilevel/phase signals', 1982",
    "bicm": "bits one by one; Caire, Taricco and Biglieri, 'Bit-interleaved coded modulation', 1998",
}
#: The inputs that they are for.
SIGNALS: dict[str, Signal] = {"shannon": "gaussian", "modulation": "modulation", "bicm": "bicm"}


@dataclass(frozen=True)
class _Kind:
    """Capacity in bits a sample at a ratio Es/N0, and the least Es/N0 of a rate."""

    capacity: Callable[[float], float]
    limit: Callable[[float], float | None]


def _kinds(modulation: Modulation, over: ChannelModel | None) -> dict[str, _Kind]:
    if over is not None:
        return {
            name: _over(over, signal)
            for name, signal in SIGNALS.items()
            if known_capacities(over, [0.0], signal) is not None
        }
    dimensions = modulation.dimensions
    return {
        # d dimensions are d real uses of a d-th of the energy each.
        "shannon": _Kind(
            lambda esno: dimensions * awgn_capacity(esno / dimensions),
            lambda rate: dimensions * awgn_limit_esno(rate / dimensions),
        ),
        "modulation": _Kind(
            lambda esno: modulation.capacity(esno, "modulation"),
            lambda rate: modulation.limit_esno(rate, "modulation"),
        ),
        "bicm": _Kind(
            lambda esno: modulation.capacity(esno, "bicm"), lambda rate: modulation.limit_esno(rate, "bicm")
        ),
    }


def _over(model: ChannelModel, signal: Signal) -> _Kind:
    """The same of a channel over Es/N0 in dB: ergodic capacities, found by search."""

    def capacity(esno: float) -> float:
        low, high = model.parameter.range
        return model.capacity(min(max(to_db(esno), low), high), signal)

    def limit(rate: float) -> float | None:
        found = model.limit(rate, signal)
        return None if found is None else from_db(found)

    return _Kind(capacity, limit)


def modulation_limits_of_rate(
    modulation: Modulation, rate: float, *, esno: bool = False, over: ChannelModel | None = None
) -> list[Limit]:
    """The Eb/N0, or Es/N0, in dB at which ``rate`` information bits a sample meet each capacity.

    Over AWGN, or over a channel with the modulation before it. Raises InputError for a rate above the bits
    of a sample.
    """
    bits = modulation.bits_per_symbol
    if not 0 < rate <= bits:
        raise InputError(f"a rate must lie in (0, {bits}], the bits of a sample; got {rate:g}")

    def value(name: str, kind: _Kind) -> float | None:
        if name != "shannon" and rate == bits:
            return None
        least = kind.limit(rate)
        return None if least is None else to_db(least if esno else least / rate)

    return [
        _limit(name, esno, rate, value(name, kind), over) for name, kind in _kinds(modulation, over).items()
    ]


def modulation_limits_at_value(
    modulation: Modulation, value: float, *, esno: bool = False, over: ChannelModel | None = None
) -> list[Limit]:
    """The rate, in information bits a sample, that each capacity allows at an Es/N0 or Eb/N0 in dB.

    At an Eb/N0 the largest that solves R = C(R Eb/N0), or 0. Raises InputError for a value outside of [-100,
    100] dB.
    """
    if not -100 <= value <= 100:
        raise InputError(f"{'Es/N0' if esno else 'Eb/N0'} must lie in [-100, 100] dB, got {value:g}")
    ratio, bits = from_db(value), float(modulation.bits_per_symbol)

    def rate(name: str, kind: _Kind) -> float:
        if esno:
            return kind.capacity(ratio)
        # log2(1 + R Eb/N0) is less than R from some 10 bits above log2 of the ratio on.
        most = 10 + abs(value) / 3 if name == "shannon" else bits
        return rate_at_ebno(kind.capacity, ratio, most)

    return [
        _limit(name, esno, rate(name, kind), value, over) for name, kind in _kinds(modulation, over).items()
    ]


def _limit(
    name: str, esno: bool, rate: float | None, value: float | None, over: ChannelModel | None
) -> Limit:
    channel = "awgn" if over is None else getattr(over.make, "name", "")
    return Limit(channel, "esno_db" if esno else "ebno_db", rate, value, name, "capacity")
