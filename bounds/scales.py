"""Each channel's value, its range, and a scale that grows with the noise, on which roots are looked for."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..channels import awgn_limit_esno, bec_limit, bpsk_limit_esno, bsc_limit


@dataclass(frozen=True)
class Scale:
    """A channel's value, and a scale that grows with the noise.

    Attributes
    ----------
    parameter
        The value's name.
    low, high
        The values between which bounds are defined.
    best, worst
        The positions on the scale between which roots are looked for.
    value, position
        From a position to the value, and back.
    limit
        From a rate in bits a channel use to the value at which capacity is that rate; NaN if there is none.
    bits
        What a use carries without noise, in bits; infinite where the input is not finite.
    """

    parameter: str
    low: float
    high: float
    best: float
    worst: float
    value: Callable[[float], float]
    position: Callable[[float], float]
    limit: Callable[[float], float]
    bits: float = 1.0


def from_logit(x: float) -> float:
    """The probability of a logit."""
    return math.exp(x) / (1 + math.exp(x))


def logit(p: float) -> float:
    """ln(p / (1 - p)), or what is beyond any search at 0 and 1."""
    return math.log(p / (1 - p)) if 0 < p < 1 else math.copysign(1e3, p - 0.5)


def ratio_at(x: float) -> float:
    """The ratio Es/N0 at a position; one step is 2 dB."""
    return float(10 ** (-x / 5))


def position_of(esno: float) -> float:
    """The position of a ratio Es/N0."""
    return -5 * math.log10(esno) if esno > 0 else 1e3


SCALES = {
    "bsc": Scale("f", 0.0, 0.5, -60.0, -1e-6, from_logit, logit, bsc_limit),
    "bec": Scale("epsilon", 0.0, 1.0, -60.0, 16.0, from_logit, logit, bec_limit),
    "awgn": Scale(
        "esno", 10**-6.01, 10**15.01, -75.0, 30.0, ratio_at, position_of, awgn_limit_esno, math.inf
    ),
    "bpsk": Scale(
        "esno",
        10**-4.0,
        100.0,
        -9.99,
        19.99,
        ratio_at,
        position_of,
        lambda rate: bpsk_limit_esno(rate) if rate < 1 else 99.0,
    ),
}
