"""The bounds on the binary symmetric channel; its value is the crossover probability f."""

import math

from ...channels import bsc_capacity
from ..bound_type import Bound
from ..discrete import binary_symmetric
from ..exponents import e0_bsc
from .families import capacity_bound, expurgated_bound, gallager_bound, normal_approximation, union_sum_bound
from .literature import PPV

BSC_BOUNDS = (
    capacity_bound(channel="bsc", capacity=bsc_capacity, formula="1 - H(f)"),
    Bound(
        channel="bsc",
        name="converse",
        kind="converse",
        source=f"M <= 1 / beta of the best test against uniform outputs: {PPV}, theorem 35",
        least_n=1,
        log_error_formula=binary_symmetric.converse_log_error,
        log2_m_formula=binary_symmetric.converse_log2_m,
    ),
    normal_approximation(channel="bsc", formula="n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
    union_sum_bound(
        channel="bsc",
        name="rcu",
        source=f"sum of P[t] min(1, (M - 1) 2^-n sum_{{s <= t}} C(n, s)): {PPV}, equation 162",
        union_sum=binary_symmetric.rcu,
    ),
    union_sum_bound(
        channel="bsc",
        name="dt",
        source=f"sum of C(n, t) min(f^t (1 - f)^(n - t), (M - 1) 2^-(n + 1)): {PPV}, equation 166",
        union_sum=binary_symmetric.dependence_testing,
    ),
    gallager_bound(channel="bsc", e0=e0_bsc),
    expurgated_bound(
        channel="bsc",
        bhattacharyya=lambda f: 2 * math.sqrt(f * (1 - f)),
        formula="2 sqrt(f (1 - f))",
    ),
)
