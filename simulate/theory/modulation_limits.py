"""What capacity allows over AWGN: any input, the points of a modulation, and their bits one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from ...channels import (
    Modulation,
    awgn_capacity,
    awgn_limit_esno,
    bicm_capacity,
    bicm_limit_esno,
    coded_modulation_capacity,
    coded_modulation_limit_esno,
    from_db,
    to_db,
)
from ..errors import InputError
from .limits import Limit, rate_at_ebno

#: The names of the limits, as in ``plot: limits``, with what they are and where they are from.
SOURCES = {
    "shannon": "any input; Shannon, 'Communication in the presence of noise', 1949",
    "modulation": "equiprobable points; Ungerboeck, 'Channel coding with multilevel/phase signals', 1982",
    "bicm": "bits one by one; Caire, Taricco and Biglieri, 'Bit-interleaved coded modulation', 1998",
}


@dataclass(frozen=True)
class _Kind:
    """Capacity in bits a sample at a ratio Es/N0, and the least Es/N0 of a rate."""

    capacity: Callable[[float], float]
    limit: Callable[[float], float]


def _kinds(modulation: Modulation) -> dict[str, _Kind]:
    constellation, dimensions = modulation.constellation, modulation.dimensions
    return {
        # Two dimensions are two real uses of half the energy each.
        "shannon": _Kind(
            lambda esno: dimensions * awgn_capacity(esno / dimensions),
            lambda rate: dimensions * awgn_limit_esno(rate / dimensions),
        ),
        "modulation": _Kind(
            lambda esno: coded_modulation_capacity(constellation, esno),
            lambda rate: coded_modulation_limit_esno(constellation, rate),
        ),
        "bicm": _Kind(
            lambda esno: bicm_capacity(constellation, esno), lambda rate: bicm_limit_esno(constellation, rate)
        ),
    }


def modulation_limits_of_rate(modulation: Modulation, rate: float, *, esno: bool = False) -> list[Limit]:
    """The Eb/N0, or Es/N0, in dB at which ``rate`` information bits a sample meet each capacity.

    Raises InputError for a rate above the bits of a sample.
    """
    bits = modulation.bits_per_symbol
    if not 0 < rate <= bits:
        raise InputError(f"a rate must lie in (0, {bits}], the bits of a sample; got {rate:g}")

    def value(name: str, kind: _Kind) -> float | None:
        if name != "shannon" and rate == bits:
            return None
        least = kind.limit(rate)
        return to_db(least if esno else least / rate)

    return [_limit(name, esno, rate, value(name, kind)) for name, kind in _kinds(modulation).items()]


def modulation_limits_at_value(modulation: Modulation, value: float, *, esno: bool = False) -> list[Limit]:
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

    return [_limit(name, esno, rate(name, kind), value) for name, kind in _kinds(modulation).items()]


def _limit(name: str, esno: bool, rate: float | None, value: float | None) -> Limit:
    return Limit("awgn", "esno_db" if esno else "ebno_db", rate, value, name, "capacity")
