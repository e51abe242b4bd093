"""Bounds that several channels have, of what differs from one to the next."""

import math
from collections.abc import Callable
from functools import partial

from .. import exponents, normal
from ..bound_type import Bound
from ..numerics.union_sums import UnionSum
from .literature import GALLAGER, PPV, SHANNON_1948

#: The greatest rho at which a sphere-packing exponent is looked for.
GREATEST_RHO = 100.0


def capacity_bound(*, channel: str, capacity: Callable[[float], float], formula: str) -> Bound:
    """Capacity: errors can be kept away up to it, of the channel's value in bits a channel use."""
    return Bound(
        channel=channel,
        name="capacity",
        kind="capacity",
        source=f"{formula}: {SHANNON_1948}",
        least_n=1,
        log_error_formula=lambda n, log2_m, value: -math.inf if log2_m <= n * capacity(value) else 0.0,
        log2_m_formula=lambda n, _, value: n * capacity(value),
    )


def normal_approximation(*, channel: str, formula: str) -> Bound:
    """The normal approximation, whose terms the formula names."""
    return Bound(
        channel=channel,
        name="normal-approximation",
        kind="approximation",
        source=f"log2 M = {formula}: {PPV}",
        least_n=1,
        log_error_formula=partial(normal.normal_log_error, channel),
        log2_m_formula=partial(normal.normal_log2_m, channel),
    )


def union_sum_bound(
    *, channel: str, name: str, source: str, union_sum: Callable[[int, float], UnionSum]
) -> Bound:
    """Achievability by a sum over the noise, such as ``rcu`` and ``dt``, of n and the channel's value."""
    return Bound(
        channel=channel,
        name=name,
        kind="achievability",
        source=source,
        least_n=1,
        log_error_formula=lambda n, log2_m, value: union_sum(n, value).log_error(log2_m),
        log2_m_formula=lambda n, log_error, value: union_sum(n, value).log2_m(log_error),
    )


def gallager_bound(*, channel: str, e0: Callable[[float, float], float]) -> Bound:
    """Gallager's random-coding bound of E0, in nats, of rho and the channel's value."""
    return Bound(
        channel=channel,
        name="gallager",
        kind="achievability",
        source=f"(M - 1)^rho exp(-n E0(rho)), the least over rho in [0, 1]: {GALLAGER}",
        least_n=1,
        log_error_formula=lambda n, log2_m, value: exponents.random_coding_log_error(
            n, log2_m, lambda rho: e0(rho, value)
        ),
        log2_m_formula=lambda n, log_error, value: exponents.random_coding_log2_m(
            n, log_error, lambda rho: e0(rho, value)
        ),
    )


def expurgated_bound(*, channel: str, bhattacharyya: Callable[[float], float], formula: str) -> Bound:
    """Gallager's expurgated bound of the Bhattacharyya parameter Z of the channel's value."""
    return Bound(
        channel=channel,
        name="expurgated",
        kind="achievability",
        source=(
            "(4 (M - 1))^rho ((1 + Z^(1/rho)) / 2)^(n rho), the least over rho >= 1, "
            f"Z = {formula}: {GALLAGER}"
        ),
        least_n=1,
        log_error_formula=lambda n, log2_m, value: exponents.expurgated_log_error(
            n, log2_m, bhattacharyya(value)
        ),
        log2_m_formula=lambda n, log_error, value: exponents.expurgated_log2_m(
            n, log_error, bhattacharyya(value)
        ),
    )


def sphere_packing_bound(*, channel: str, e0: Callable[[float, float], float]) -> Bound:
    """The sphere-packing exponent of E0, in nats, of rho and the value of a symmetric channel."""

    def log_error(n: int, log2_m: float, value: float) -> float:
        return exponents.random_coding_log_error(n, log2_m, lambda rho: e0(rho, value), GREATEST_RHO)

    def log2_m(n: int, log_error: float, value: float) -> float:
        return exponents.random_coding_log2_m(n, log_error, lambda rho: e0(rho, value), GREATEST_RHO)

    return Bound(
        channel=channel,
        name="sphere-packing",
        kind="approximation",
        source=(
            "(M - 1)^rho exp(-n E0(rho)), the least over rho >= 0: the exponent alone, without the terms "
            f"that make it a converse: {GALLAGER}"
        ),
        least_n=1,
        log_error_formula=log_error,
        log2_m_formula=log2_m,
    )
