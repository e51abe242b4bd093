"""The bounds on the binary erasure channel; its value is the erasure probability epsilon."""

from ...channels import bec_capacity
from ..bound_type import Bound
from ..discrete import erasure
from ..exponents import e0_bec
from .families import capacity_bound, expurgated_bound, gallager_bound, normal_approximation, union_sum_bound
from .literature import PPV

BEC_BOUNDS = (
    capacity_bound(channel="bec", capacity=bec_capacity, formula="1 - epsilon"),
    Bound(
        channel="bec",
        name="converse",
        kind="converse",
        source=f"sum over t > n - log2 M of P[t] (1 - 2^(n - t) / M): {PPV}, theorem 38",
        least_n=1,
        log_error_formula=erasure.converse_log_error,
        log2_m_formula=erasure.converse_log2_m,
    ),
    normal_approximation(channel="bec", formula="n C - sqrt(n V) Q^-1(error), theorem 53"),
    union_sum_bound(
        channel="bec",
        name="rcu",
        source=f"sum of P[t] min(1, (M - 1) 2^-(n - t)): {PPV}",
        union_sum=erasure.rcu,
    ),
    union_sum_bound(
        channel="bec",
        name="dt",
        source=f"sum of P[t] 2^-[n - t - log2((M - 1) / 2)]^+: {PPV}, equation 183",
        union_sum=erasure.dependence_testing,
    ),
    gallager_bound(channel="bec", e0=e0_bec),
    expurgated_bound(channel="bec", bhattacharyya=lambda epsilon: epsilon, formula="epsilon"),
)
