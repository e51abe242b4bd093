"""The bounds on the AWGN channel with BPSK; its value is the ratio Es/N0."""

import math

from ...channels import bpsk_capacity
from .. import binary_input
from ..bound_type import Bound
from .families import capacity_bound, expurgated_bound, gallager_bound, normal_approximation
from .literature import MARTINEZ, PPV, SHANNON_1959

BPSK_BOUNDS = (
    capacity_bound(
        channel="bpsk",
        capacity=bpsk_capacity,
        formula="1 - E[log2(1 + exp(-L))], L the LLR of a transmitted +1",
    ),
    Bound(
        channel="bpsk",
        name="converse",
        kind="converse",
        source=(
            "M <= 1 / beta of the best test against the outputs of equiprobable inputs, or cones as on awgn, "
            f"words of equal energy, as BPSK's are: {PPV}, and {SHANNON_1959}"
        ),
        least_n=1,
        log_error_formula=binary_input.converse_log_error,
        log2_m_formula=binary_input.converse_log2_m,
        constraint="equal",
    ),
    normal_approximation(channel="bpsk", formula="n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
    Bound(
        channel="bpsk",
        name="rcu",
        kind="achievability",
        source=f"E[min(1, (M - 1) exp(-I_s))], the least over s: {MARTINEZ}",
        least_n=1,
        log_error_formula=binary_input.rcus_log_error,
    ),
    Bound(
        channel="bpsk",
        name="dt",
        kind="achievability",
        source=f"E[min(1, (M - 1) / 2 exp(-I))]: {PPV}",
        least_n=1,
        log_error_formula=binary_input.dt_log_error,
    ),
    gallager_bound(channel="bpsk", e0=binary_input.gallager_e0),
    expurgated_bound(
        channel="bpsk",
        bhattacharyya=lambda esno: math.exp(-esno),
        formula="exp(-Es/N0)",
    ),
)
