"""EXIT curves: what variable and check nodes of a code's Tanner graph make of the information they are given.

ten Brink, "Convergence behavior of iteratively decoded parallel concatenated codes", 2001; for LDPC codes
ten Brink, Kramer and Ashikhmin, "Design of low-density parity-check codes for modulation and detection",
2004, and for erasures Ashikhmin, Kramer and ten Brink, "Extrinsic information transfer functions: model
and erasure channel properties", 2004.

All information is mutual information of a message and the bit it is about, in bits, averaged over the
edges of the Tanner graph.
"""

from dataclasses import dataclass

import numpy as np

from ....bounds.ensembles.exit_functions import (
    FloatArray,
    Transfer,
    awgn_variables,
    bsc_variables,
    dual_checks,
    erasure_checks,
    erasure_variables,
    tunnel,
)
from ....channels import AWGN, BEC, BSC, Channel
from ....channels.capacity.gaussian_llrs import MAX_DEVIATION, inverse_j_function, j_function
from ....codes import Code
from ..ensembles import ensemble_of
from .exit_support import tanner_code

__all__ = [
    "MAX_DEVIATION",
    "ExitCurves",
    "FloatArray",
    "Transfer",
    "check_number",
    "exit_curves",
    "inverse_j_function",
    "j_function",
    "tunnel",
]


@dataclass(frozen=True, eq=False)
class ExitCurves:
    """The transfer curves of a code's variable and check nodes, for a block length without end.

    Attributes
    ----------
    apriori
        A-priori information I_A, float64 (points), evenly from 0 to 1.
    variable
        Extrinsic information I_E of the variable nodes, which know the channel, at each: float64 (points)
        in [0, 1], not falling.
    check
        The same of the check nodes. A chart shows it mirrored, with I_A upwards.
    gap
        The share of what the messages to checks still lack, 1 - I, that one iteration supplies where it
        supplies the least: at most 1. At 0 the curves touch; below 0, where it has no bound, they cross.
    crossing
        Information of the messages (to checks, to variables) where the curves first cross, and
        decoding stops; (1, 1) if they do not.
    """

    apriori: FloatArray
    variable: FloatArray
    check: FloatArray
    gap: float
    crossing: tuple[float, float]

    @property
    def tunnel_open(self) -> bool:
        """Whether the curves leave a tunnel open, up to 1e-3 before (1, 1): long codes then decode."""
        return self.gap > 0


def exit_curves(code: Code, channel: Channel, *, points: int = 101) -> ExitCurves:
    """The EXIT curves of a code's Tanner graph over a channel.

    With the degrees that an edge sees (Richardson and Urbanke, "Modern Coding Theory", 2008, chapter 3):
    an edge at a variable of degree d gets the sum of d - 1 a-priori LLRs and the channel's, which
    is 0 for variables that are not transmitted; an edge at a check of degree d hears of d - 1 bits.

    On the BEC messages are erasures, and both curves are exact: 1 - epsilon lambda(1 - I_A) and rho(I_A)
    (Ashikhmin, Kramer and ten Brink, 2004). On the others a-priori LLRs are taken for Gaussian (ten Brink,
    Kramer and Ashikhmin, 2004; Ryan and Lin, "Channel Codes: Classical and Modern", 2009, section 9.6). With
    s = J^-1(I_A) the variables' curve on AWGN is J(sqrt((d - 1) s^2 + 4 / sigma^2)), averaged over d; on the
    BSC one of the channel's two LLRs is added to the Gaussian one. The checks' is approximated as if it were
    dual to that of a repetition code, as it is on the BEC: 1 - J(sqrt(d - 1) J^-1(1 - I_A)). For Gaussian
    LLRs that is within 0.003 of the truth. The first messages over a BSC have two values, and tell the checks
    up to 0.05 more than that. Checks are those of sum-product decoding: min-sum's give less.

    Parameters
    ----------
    code
        A linear code with parity checks, perhaps punctured.
    channel
        BEC, AWGN (with BPSK) or BSC.
    points
        Points of each curve, at least 2.

    Returns
    -------
    ExitCurves
        The curves, and whether there is a tunnel between them.

    Raises
    ------
    ValueError
        If the code is not linear or has no parity checks, the channel is none of these, or ``points`` is not
        a whole number of at least 2.
    """
    check_number("points", points, 2)
    mother, transmitted = tanner_code(code)
    if mother.tanner_graph.edges == 0:
        raise ValueError(f"code must have parity checks, and {code!r} has none")
    ensemble = ensemble_of(mother.tanner_graph, transmitted)
    if type(channel) is BEC:
        variable, check = erasure_variables(ensemble, channel.epsilon), erasure_checks(ensemble)
    elif type(channel) is AWGN:
        variable, check = awgn_variables(ensemble, channel.sigma), dual_checks(ensemble)
    elif type(channel) is BSC:
        variable, check = bsc_variables(ensemble, channel.f), dual_checks(ensemble)
    else:
        raise ValueError(
            f"channel must be a BEC, AWGN or BSC for its EXIT curve to be known, got {channel!r}"
        )
    apriori = np.linspace(0, 1, points)
    gap, crossing = tunnel(variable, check)
    return ExitCurves(apriori, variable(apriori), check(apriori), gap, crossing)


def check_number(name: str, value: int, least: int, most: int | None = None) -> None:
    """Raise ValueError, naming it, unless this is a whole number within the range."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        problem = f"at least {least}" if value < least else f"at most {most}"
        raise ValueError(f"{name} must be {problem}, got {value}")
