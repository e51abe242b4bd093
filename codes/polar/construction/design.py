"""Constructions by name, for a channel at an operating point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from ...binary.gf2 import Indices
from .bhattacharyya import bhattacharyya, reliability
from .evolution import Values
from .gaussian_approximation import error_probabilities, mean_llrs
from .orders import by_weight, of_weight, polarization_weights, ranks_5g
from .tal_vardy import MU, erasure_channel, gaussian_channel, symmetric_channel
from .tal_vardy import error_probabilities as merged_error_probabilities

Construction = Literal["5g", "pw", "ga", "bhattacharyya", "tal-vardy", "reed-muller", "rm-polar"]
CONSTRUCTIONS: tuple[Construction, ...] = get_args(Construction)
#: Those that depend on the channel, and those for which kernels of size 3 will do.
DESIGNED, ANY_KERNELS = ("ga", "bhattacharyya", "tal-vardy"), ("ga", "bhattacharyya")


@dataclass(frozen=True)
class Target:
    """The channel for which a code is designed: one of these is given.

    Attributes
    ----------
    esno_db
        AWGN with BPSK at an Es/N0 in dB.
    epsilon
        The binary erasure channel.
    f
        The binary symmetric channel.
    """

    esno_db: float | None = None
    epsilon: float | None = None
    f: float | None = None

    def __post_init__(self) -> None:
        if self.esno_db is not None and not -100 <= self.esno_db <= 100:
            raise ValueError(f"design_esno_db must lie in [-100, 100], got {self.esno_db:g}")
        if self.epsilon is not None and not 0 < self.epsilon < 1:
            raise ValueError(f"design_epsilon must lie in (0, 1), got {self.epsilon:g}")

    @classmethod
    def of_channel(cls, channel: Any, what: str = "design: each") -> "Target":
        """That of a point's channel; raises ValueError, with what takes it, if it is none of the three."""
        for name in ("esno_db", "epsilon", "f"):
            value = getattr(channel, name, None)
            if isinstance(value, int | float):
                return cls(**{name: float(value)})
        raise ValueError(f"{what} takes the channels awgn, bec and bsc, not {channel!r}")

    @property
    def text(self) -> str:
        """In words."""
        if self.esno_db is not None:
            return f"AWGN at Es/N0 = {self.esno_db:.2f} dB"
        return f"BEC with epsilon = {self.epsilon:g}" if self.f is None else f"BSC with f = {self.f:g}"


@dataclass(frozen=True, eq=False)
class Designed:
    """An order of reliability and what follows for successive cancellation.

    Attributes
    ----------
    reliability
        float64 (n), the larger the better.
    errors
        The error probability of each bit given those before it: float64 (n), or None if not known.
    """

    reliability: Values
    errors: Values | None = None


def designed(
    construction: Construction,
    kernels: Sequence[int],
    k: int,
    target: Target | None,
    *,
    mu: int = MU,
    unsent: Sequence[int] | Indices = (),
    known: Sequence[int] | Indices = (),
) -> Designed:
    """The order of a construction.

    Parameters
    ----------
    construction
        Its name.
    kernels
        As for ``PolarCode``.
    k
        How many positions are wanted: rm-polar depends on it.
    target
        The channel, for those that depend on it.
    mu
        Of tal-vardy.
    unsent, known
        Coded bits that are not sent, and those that are known to be 0.

    Raises
    ------
    ValueError
        If the construction and the channel, or the kernels, do not go together.
    """
    n = math.prod(kernels)
    if set(kernels) - {2} and construction not in ANY_KERNELS:
        raise ValueError(f"construction must be {' or '.join(ANY_KERNELS)} for kernels of size 3")
    if construction in DESIGNED:
        if target is None:
            raise ValueError(f"design_esno_db is missing: {construction} is made for a channel")
        return _for_channel(construction, kernels, target, mu, unsent, known)
    if construction == "5g":
        return Designed(ranks_5g(n))
    order = polarization_weights(n)
    if construction == "rm-polar" and target is not None:
        order = _for_channel("ga", kernels, target, mu, unsent, known).reliability
    if construction == "rm-polar":
        return Designed(of_weight(order, k))
    return Designed(by_weight(order) if construction == "reed-muller" else order)


def _for_channel(
    construction: Construction, kernels: Sequence[int], target: Target, mu: int, unsent: Any, known: Any
) -> Designed:
    n, unequal = math.prod(kernels), len(unsent) + len(known) > 0
    if construction == "tal-vardy":
        if unequal:
            raise ValueError("construction: tal-vardy takes codes of which all bits are sent: use ga")
        errors = merged_error_probabilities(merged_channel(target, mu), len(kernels), mu)
        with np.errstate(divide="ignore"):
            return Designed(-np.log(errors), errors)
    if construction == "ga":
        if target.esno_db is None:
            raise ValueError(f"construction: ga is made for awgn, not for the {target.text}")
        means = np.full(n if unequal else 1, math.log(4) + target.esno_db * math.log(10) / 10)
        means[list(unsent)], means[list(known)] = -np.inf, np.inf
        found = mean_llrs(means, kernels)
        return Designed(found, error_probabilities(found))
    parameters = np.repeat(log_bhattacharyya(target)[:, None], n if unequal else 1, axis=1)
    parameters[:, list(unsent)], parameters[:, list(known)] = [[0.0], [-np.inf]], [[-np.inf], [0.0]]
    z = bhattacharyya(parameters, kernels)
    return Designed(reliability(z), np.exp(z[0]))


def merged_channel(target: Target, mu: int) -> tuple[Values, Values]:
    """A channel as tal-vardy begins with it: see ``tal_vardy``."""
    if target.esno_db is not None:
        return gaussian_channel(target.esno_db, mu)
    return (
        erasure_channel(target.epsilon) if target.epsilon is not None else symmetric_channel(target.f or 0.0)
    )


def log_bhattacharyya(target: Target) -> Values:
    """ln Z and ln(1 - Z) of the channel: float64 (2)."""
    if target.esno_db is not None:
        log_z = -(10 ** (target.esno_db / 10))
    elif target.epsilon is not None:
        log_z = math.log(target.epsilon)
    else:
        f = target.f or 0.0
        log_z = math.log(2 * math.sqrt(f * (1 - f))) if f > 0 else -math.inf
    return np.array([log_z, math.log(-math.expm1(log_z)) if log_z < 0 else -math.inf])
