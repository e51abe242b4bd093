"""EXIT curves: what variable and check nodes of a code's Tanner graph make of the information they are given.

ten Brink, "Convergence behavior of iteratively decoded parallel concatenated codes", 2001; for LDPC codes
ten Brink, Kramer and Ashikhmin, "Design of low-density parity-check codes for modulation and detection",
2004, and for erasures Ashikhmin, Kramer and ten Brink, "Extrinsic information transfer functions: model
and erasure channel properties", 2004.

All information is mutual information of a message and the bit it is about, in bits, averaged over the
edges of the Tanner graph.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import AWGN, BEC, BSC, Channel, bpsk_capacity, bsc_capacity
from ...channels.numerics import normal_nodes, root
from ...codes import Code, TannerGraph
from .exit_support import tanner_code

FloatArray = npt.NDArray[np.float64]
#: What a node makes of the information that it is given.
Transfer = Callable[[FloatArray], FloatArray]

#: Deviation of a Gaussian LLR from which on its information is 1 to the last bit of a float.
MAX_DEVIATION = 18.0
#: Intervals of the tables of information over the deviation: a cubic spline's error is below 1e-9.
INTERVALS = 1000
#: Halvings that leave of MAX_DEVIATION less than a float resolves.
HALVINGS = 60
#: A tunnel is followed until so much information is missing. The last columns of some codes' matrices
#: have a single one; their curves meet some 1e-5 before the corner, and the code decodes all the same.
MISSING = 1e-3
#: Points at which a tunnel's width is looked at.
TUNNEL_POINTS = 2000


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


def j_function(deviation: npt.ArrayLike) -> FloatArray:
    """J: the information of a consistent Gaussian LLR: variance s^2, mean s^2 / 2 towards the bit.

    The capacity of BPSK on AWGN with s^2 = 8 Es/N0 (ten Brink, Kramer and Ashikhmin, 2004, section II),
    from a table of it: errors are below 1e-9.

    Parameters
    ----------
    deviation
        The standard deviation s, at least 0, of any shape; infinity is allowed.

    Returns
    -------
    FloatArray
        In [0, 1], the same shape.

    Raises
    ------
    ValueError
        If a deviation is negative or NaN.
    """
    s = np.asarray(deviation, np.float64)
    if not (s >= 0).all():
        raise ValueError(f"deviation must not be negative, got {s.min()}")
    return _gaussian_information(0.5, s)


def inverse_j_function(information: npt.ArrayLike) -> FloatArray:
    """The deviation s with J(s) = information: float64, the same shape, in [0, 18].

    Parameters
    ----------
    information
        In [0, 1], of any shape; for 1 the deviation is 18, from which on J is 1 to the last bit.

    Raises
    ------
    ValueError
        If information lies outside [0, 1].
    """
    wanted = np.asarray(information, np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError(f"information must lie in [0, 1], got {wanted}")
    # The inverse has no slope at either end, where interpolation would be poor.
    low, high = np.zeros(wanted.shape), np.full(wanted.shape, MAX_DEVIATION)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        less = _gaussian_information(0.5, middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.select([wanted == 0, wanted == 1], [0.0, MAX_DEVIATION], high)


def _gaussian_information(f: float, deviation: FloatArray) -> FloatArray:
    """Information of a Gaussian LLR beside that of a BSC; for f = 1/2 the BSC's LLR is 0 and this is J."""
    inside = _table(f)(np.minimum(deviation, MAX_DEVIATION))
    return np.where(deviation >= MAX_DEVIATION, 1.0, np.clip(inside, 0.0, 1.0))


@lru_cache(maxsize=64)
def _table(f: float) -> Any:
    """``_gaussian_information`` over the deviation, up to MAX_DEVIATION: a spline."""
    from scipy.interpolate import CubicSpline

    deviations = np.linspace(0, MAX_DEVIATION, INTERVALS + 1)
    if f == 0.5:
        values = [bpsk_capacity(s * s / 8) for s in deviations.tolist()]
    else:
        values = [_information_beside_bsc(f, s) for s in deviations.tolist()]
    # Even in the deviation, so flat at 0; and flat at the end.
    return CubicSpline(deviations, values, bc_type="clamped")


def _information_beside_bsc(f: float, deviation: float) -> float:
    """I = 1 - E[log2(1 + e^-L)], where L is the sum of a Gaussian LLR and that of a BSC, for 0 < f <= 1/2."""
    if deviation == 0:
        return bsc_capacity(f)
    z, weights = normal_nodes(deviation)
    gaussian = deviation**2 / 2 + deviation * z
    certainty = math.log1p(-f) - math.log(f)
    lost = (1 - f) * np.logaddexp(0, -gaussian - certainty) + f * np.logaddexp(0, certainty - gaussian)
    return 1 - float(weights @ lost) / math.log(2)


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
    degrees = _Degrees.of(mother.tanner_graph, transmitted)
    if type(channel) is BEC:
        variable, check = _erasure_variables(degrees, channel.epsilon), _erasure_checks(degrees)
    elif type(channel) is AWGN:
        variable, check = _awgn_variables(degrees, channel.sigma), _dual_checks(degrees)
    elif type(channel) is BSC:
        variable, check = _bsc_variables(degrees, channel.f), _dual_checks(degrees)
    else:
        raise ValueError(
            f"channel must be a BEC, AWGN or BSC for its EXIT curve to be known, got {channel!r}"
        )
    apriori = np.linspace(0, 1, points)
    gap, crossing = tunnel(variable, check)
    return ExitCurves(apriori, variable(apriori), check(apriori), gap, crossing)


@dataclass(frozen=True, eq=False)
class _Degrees:
    """The degrees that edges see, with their shares of all edges."""

    #: (share of the edges, degree, whether the variable is transmitted)
    variables: list[tuple[float, int, bool]]
    #: (share of the edges, degree)
    checks: list[tuple[float, int]]

    @classmethod
    def of(cls, graph: TannerGraph, transmitted: npt.NDArray[np.bool_]) -> "_Degrees":
        sent = transmitted.astype(np.int64)
        kinds, ends = np.unique(
            2 * graph.variable_degrees[graph.edge_variable] + sent[graph.edge_variable], return_counts=True
        )
        degrees, nodes = np.unique(graph.check_degrees, return_counts=True)
        return cls(
            [
                (n / graph.edges, kind // 2, kind % 2 == 1)
                for kind, n in zip(kinds.tolist(), ends.tolist(), strict=True)
            ],
            [(n * d / graph.edges, d) for d, n in zip(degrees.tolist(), nodes.tolist(), strict=True) if d],
        )


def _erasure_variables(degrees: _Degrees, epsilon: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        erased = [
            share * (epsilon if sent else 1.0) * (1 - apriori) ** (d - 1)
            for share, d, sent in degrees.variables
        ]
        return np.clip(1 - sum(erased), 0.0, 1.0)

    return transfer


def _erasure_checks(degrees: _Degrees) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        return np.clip(sum(share * apriori ** (d - 1) for share, d in degrees.checks), 0.0, 1.0)

    return transfer


def _awgn_variables(degrees: _Degrees, sigma: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        variance = inverse_j_function(apriori) ** 2
        # The channel's LLR 2 y / sigma^2 has the variance 4 / sigma^2.
        told = [
            share * j_function(np.sqrt((d - 1) * variance + (4 / sigma**2 if sent else 0.0)))
            for share, d, sent in degrees.variables
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def _bsc_variables(degrees: _Degrees, f: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(apriori)
        told = [
            share
            * (
                np.ones(apriori.shape)
                if sent and f == 0
                else _gaussian_information(f if sent else 0.5, math.sqrt(d - 1) * deviation)
            )
            for share, d, sent in degrees.variables
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def _dual_checks(degrees: _Degrees) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(1 - apriori)
        unknown = [share * j_function(math.sqrt(d - 1) * deviation) for share, d in degrees.checks]
        return np.clip(1 - sum(unknown), 0.0, 1.0)

    return transfer


def tunnel(variable: Transfer, check: Transfer, least: float = MISSING) -> tuple[float, tuple[float, float]]:
    """The least gap between two curves, and where they first cross, see ``ExitCurves``.

    They are followed until ``least`` of the information is missing.
    """
    done = (1.0, 1.0)
    start = float(variable(np.zeros(1))[0])
    if start >= 1 - least:
        return 1.0, done
    missing = np.geomspace(1 - start, least, TUNNEL_POINTS)
    missing[0] = 1 - start
    supplied = 1 - (1 - variable(check(1 - missing))) / missing
    gap = float(supplied.min())
    if gap > 0:
        return gap, done
    first = int(np.argmax(supplied <= 0))
    to_checks = start
    if first > 0:
        to_checks = root(
            lambda x: x - float(variable(check(np.array([x])))[0]), 1 - missing[first - 1], 1 - missing[first]
        )
    return gap, (to_checks, float(check(np.array([to_checks]))[0]))


def check_number(name: str, value: int, least: int, most: int | None = None) -> None:
    """Raise ValueError, naming it, unless this is a whole number within the range."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        problem = f"at least {least}" if value < least else f"at most {most}"
        raise ValueError(f"{name} must be {problem}, got {value}")
