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
        From a rate in bits a channel use to the value at which capacity is that rate.
    """

    parameter: str
    low: float
    high: float
    best: float
    worst: float
    value: Callable[[float], float]
    position: Callable[[float], float]
    limit: Callable[[float], float]


def _from_logit(x: float) -> float:
    return math.exp(x) / (1 + math.exp(x))


def _logit(p: float) -> float:
    return math.log(p / (1 - p)) if 0 < p < 1 else math.copysign(1e3, p - 0.5)


def _esno(x: float) -> float:
    return float(10 ** (-x / 5))  # one step is 2 dB


def _position(esno: float) -> float:
    return -5 * math.log10(esno) if esno > 0 else 1e3


SCALES = {
    "bsc": Scale("f", 0.0, 0.5, -60.0, -1e-6, _from_logit, _logit, bsc_limit),
    "bec": Scale("epsilon", 0.0, 1.0, -60.0, 16.0, _from_logit, _logit, bec_limit),
    "awgn": Scale("esno", 10**-6.01, 10**15.01, -75.0, 30.0, _esno, _position, awgn_limit_esno),
    "bpsk": Scale(
        "esno",
        10**-4.0,
        100.0,
        -9.99,
        19.99,
        _esno,
        _position,
        lambda rate: bpsk_limit_esno(rate) if rate < 1 else 99.0,
    ),
}
