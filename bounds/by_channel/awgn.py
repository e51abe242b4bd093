"""The bounds on the AWGN channel with any real input; its value is the ratio Es/N0."""

from ...channels import awgn_capacity
from .. import cones, exponents, gaussian_tests, power_constraints
from ..bound_type import Bound
from .families import capacity_bound, normal_approximation
from .literature import GALLAGER, PPV, SHANNON_1959, VAZQUEZ

AWGN_BOUNDS = (
    capacity_bound(channel="awgn", capacity=awgn_capacity, formula="(1/2) log2(1 + 2 Es/N0)"),
    Bound(
        channel="awgn",
        name="converse",
        kind="converse",
        source=f"P[the noise leaves a cone with 1/M of the sphere], words of equal energy: {SHANNON_1959}",
        least_n=2,
        log_error_formula=cones.converse_log_error,
        log2_m_formula=cones.converse_log2_m,
        constraint="equal",
    ),
    Bound(
        channel="awgn",
        name="converse-maximal",
        kind="converse",
        source=(
            "the greater of the cones in n + 1 dimensions, whose last coordinate makes energies equal, and "
            f"the meta-converse, words of maximal energy n Es: {PPV}, lemma 39, and {VAZQUEZ}"
        ),
        least_n=1,
        log_error_formula=power_constraints.maximal_log_error,
        log2_m_formula=power_constraints.maximal_log2_m,
        constraint="maximal",
    ),
    Bound(
        channel="awgn",
        name="converse-average",
        kind="converse",
        source=(
            "lower convex envelope of the meta-converse over the energy, words of average energy n Es: "
            f"{VAZQUEZ}"
        ),
        least_n=1,
        log_error_formula=power_constraints.average_log_error,
        log2_m_formula=power_constraints.average_log2_m,
        constraint="average",
    ),
    Bound(
        channel="awgn",
        name="meta-converse",
        kind="converse",
        source=(
            f"M <= 1 / beta of the best test against N(0, 1 + P), words of maximal energy n Es: {PPV}, "
            f"equation 218, for equal energy, and {VAZQUEZ}"
        ),
        least_n=1,
        log_error_formula=gaussian_tests.meta_converse_log_error,
        log2_m_formula=gaussian_tests.meta_converse_log2_m,
        constraint="maximal",
    ),
    normal_approximation(channel="awgn", formula="n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
    Bound(
        channel="awgn",
        name="rcu",
        kind="achievability",
        source=f"E[min(1, (M - 1) share of the cone as wide as the angle turned)]: {SHANNON_1959}",
        least_n=3,
        log_error_formula=cones.rcu_log_error,
    ),
    Bound(
        channel="awgn",
        name="kappa-beta",
        kind="achievability",
        source=(
            "M >= kappa_tau / beta_(1 - error + tau), maximal error, words of equal energy: "
            f"{PPV}, equations 217 and 218"
        ),
        least_n=3,
        log_error_formula=gaussian_tests.kappa_beta_log_error,
        log2_m_formula=gaussian_tests.kappa_beta_log2_m,
    ),
    Bound(
        channel="awgn",
        name="gallager",
        kind="achievability",
        source=f"(M - 1)^rho exp(-(n - 1) E0(rho)) (exp(r delta) / mu)^(1 + rho): {GALLAGER}",
        least_n=3,
        log_error_formula=exponents.shell_log_error,
        log2_m_formula=exponents.shell_log2_m,
    ),
)
