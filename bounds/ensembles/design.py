"""Degrees of variables for a channel, by linear programming, and known sequences of degrees.

With the degrees of the checks given, what variables send is linear in their shares lambda, and so are the
design rate and stability: the highest rate at a noise is a linear program. Luby, Mitzenmacher, Shokrollahi
and Spielman, "Efficient erasure correcting codes", 2001, for erasures; Chung, Richardson and Urbanke, 2001,
section V, for Gaussian messages; ten Brink, Kramer and Ashikhmin, 2004, for EXIT.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...channels import AWGN, BEC, from_db
from ...channels.models.model import ChannelModel
from .degrees import Ensemble, polynomial
from .gaussian_approximation import (
    dual_mean,
    information_lost,
    inverse_phi,
    mean_of_lost,
    phi,
)

Values = npt.NDArray[np.float64]
Method = Literal["exact", "exit", "gaussian-approximation"]
#: Places at which the curve of the variables must lie beyond that of the checks, and by which share.
PLACES, ROOM = 500, 1e-5
#: What a message may lack at the last place.
LEAST = 1e-6
#: Shares below are left out.
TINY = 1e-6
MOST_DEGREE = 200


@dataclass(frozen=True)
class Design:
    """Degrees for a channel.

    Attributes
    ----------
    ensemble
        The degrees, of the design rate that was asked for.
    value
        The value of the channel's parameter that the program takes for their threshold; `threshold` tells it
        by density evolution.
    method
        ``exact``, ``exit`` or ``gaussian-approximation``.
    """

    ensemble: Ensemble
    value: float
    method: Method


def design(
    model: ChannelModel,
    rate: float,
    most_degree: int,
    *,
    check_degree: float | None = None,
    method: Method | None = None,
) -> Design:
    """The degrees of variables, up to the greatest, that bear the most noise at a design rate.

    Parameters
    ----------
    model
        The BEC over epsilon, or AWGN over a ratio of energies; Eb/N0 refers to the rate.
    rate
        The design rate, in (0, 1).
    most_degree
        The greatest degree of a variable, from 3 to 200.
    check_degree
        The mean degree of a check, over edges: between two whole numbers there are checks of both. By
        default the best one.
    method
        On the BEC ``exact``; on AWGN ``exit``, which is nearer to density evolution, or
        ``gaussian-approximation``.

    Raises
    ------
    ValueError
        If an argument is out of range, the channel is another one, or there are no such degrees.

    Examples
    --------
    >>> from capgap.channels.parameter import EPSILON
    >>> found = design(ChannelModel(BEC, EPSILON), 0.5, 20, check_degree=7)
    >>> 0.48 < found.value < 0.5
    True
    """
    if not 0 < rate < 1:
        raise ValueError(f"rate must lie in (0, 1), got {rate}")
    if not 3 <= most_degree <= MOST_DEGREE:
        raise ValueError(f"most_degree must lie in 3 to {MOST_DEGREE}, got {most_degree}")
    known: tuple[Method, ...] = ("exact",) if model.make is BEC else ("exit", "gaussian-approximation")
    if model.make not in (BEC, AWGN) or model.set_apart or model.modulation is not None:
        raise ValueError("degrees are designed for bec and awgn")
    chosen = known[0] if method is None else method
    if chosen not in known:
        raise ValueError(f"method must be {' or '.join(known)} here, got {method!r}")
    model = replace(model, rate=rate)
    if check_degree is not None:
        if not 2 < check_degree <= MOST_DEGREE:
            raise ValueError(f"check_degree must lie in (2, {MOST_DEGREE}], got {check_degree}")
        found = _for_checks(model, rate, most_degree, check_degree, chosen)
    else:
        found = _best_checks(model, rate, most_degree, chosen)
    if found is None:
        raise ValueError(
            f"no degrees of variables up to {most_degree} have rate {rate:g} with these checks: "
            "checks of a lower degree, or a greater degree of variables, may do"
        )
    position, ensemble = found
    value = model.parameter.value_at(-position if model.parameter.noise_falls else position)
    return Design(ensemble, value, chosen)


def concentrated(mean: float) -> dict[int, float]:
    """Shares of the edges at checks of the two degrees around a mean; of one, if it is a whole number."""
    below = math.floor(mean)
    shares = {below: 1 - (mean - below), below + 1: mean - below}
    return {degree: share for degree, share in shares.items() if share > 1e-12}


def right_regular(check_degree: int, terms: int) -> Ensemble:
    """Shokrollahi's right-regular sequence: checks of one degree a, variables of degrees 2 to ``terms`` + 1.

    lambda(x) is the beginning of the series of 1 - (1 - x)^(1 / (a - 1)), over its value at 1. A.
    Shokrollahi, "New sequences of linear time erasure codes approaching the channel capacity", 1999.
    """
    if check_degree < 3 or not 1 <= terms < MOST_DEGREE:
        raise ValueError(f"check_degree must be at least 3 and terms lie in 1 to {MOST_DEGREE - 1}")
    alpha = 1 / (check_degree - 1)
    term, found = alpha, {}
    for k in range(1, terms + 1):
        found[k + 1] = term
        term *= (k - alpha) / (k + 1)
    total = sum(found.values())
    return Ensemble({d: share / total for d, share in found.items()}, {check_degree: 1.0})


def tornado(terms: int, rate: float) -> Ensemble:
    """The heavy-tail Poisson sequence: lambda falls as 1 / (i - 1) up to ``terms`` + 1, rho is Poisson.

    The threshold on the BEC is (1 - rate) (1 - 1 / terms) or more (Luby, Mitzenmacher, Shokrollahi and
    Spielman, 2001, section IV).
    """
    if not 1 <= terms < MOST_DEGREE or not 0 < rate < 1:
        raise ValueError(f"terms must lie in 1 to {MOST_DEGREE - 1} and rate in (0, 1)")
    harmonic = sum(1 / i for i in range(1, terms + 1))
    variables = {i + 1: 1 / (harmonic * i) for i in range(1, terms + 1)}
    nodes = sum(share / d for d, share in variables.items())
    wanted = nodes * (1 - rate)  # checks for each edge: (1 - e^-a) / a of a Poisson law
    from scipy.optimize import brentq

    mean = float(brentq(lambda a: -math.expm1(-a) / a - wanted, 1e-6, 1e4))
    most = int(mean + 12 * math.sqrt(mean) + 20)
    law = [math.exp(-mean + i * math.log(mean) - math.lgamma(i + 1)) for i in range(most)]
    total = sum(law)
    return Ensemble(variables, {i + 1: share / total for i, share in enumerate(law) if share > 1e-12})


def _best_checks(
    model: ChannelModel, rate: float, most_degree: int, method: Method
) -> tuple[float, Ensemble] | None:
    """The best mean degree of checks: in steps of 1, then of 0.1 around the best."""
    known: dict[int, tuple[float, Ensemble] | None] = {}

    def noise(tenths: int) -> float:
        if tenths not in known:
            known[tenths] = _for_checks(model, rate, most_degree, tenths / 10, method)
        found = known[tenths]
        return -math.inf if found is None else found[0]

    whole = 30
    for tenths in range(30, 10 * MOST_DEGREE, 10):
        if noise(tenths) > noise(whole):
            whole = tenths
        elif tenths > whole + 20 and noise(whole) > -math.inf:
            break
    step, best = 5, whole
    while step:
        best = max((best - step, best, best + step), key=lambda each: noise(max(each, 25)))
        step //= 2
    return known.get(max(best, 25))


def _for_checks(
    model: ChannelModel, rate: float, most_degree: int, check_degree: float, method: Method
) -> tuple[float, Ensemble] | None:
    """The position with most noise at which some degrees reach the rate, and these; or None."""
    checks = concentrated(check_degree)
    signal = "bpsk" if model.make is AWGN else "gaussian"
    limit = model.limit(signal=signal)  # type: ignore[arg-type]
    assert limit is not None
    place = model.parameter.position(limit) * (-1 if model.parameter.noise_falls else 1)
    bad = place + 0.3  # an approximation may pass capacity a little
    found = None
    good = place
    for doubling in range(8):
        good = place - 0.2 * 2**doubling
        found = _highest_rate(model, good, checks, most_degree, method)
        if found is not None and found.rate >= rate:
            break
        bad, found = good, None
    if found is None:
        return None
    while bad - good > 1e-4:
        middle = (good + bad) / 2
        tried = _highest_rate(model, middle, checks, most_degree, method)
        if tried is not None and tried.rate >= rate:
            good, found = middle, tried
        else:
            bad = middle
    return good, found


def _highest_rate(
    model: ChannelModel, position: float, checks: Mapping[int, float], most_degree: int, method: Method
) -> Ensemble | None:
    """The degrees of variables with the highest design rate at a noise; None if no program has a solution."""
    from scipy.optimize import linprog

    channel = model.at(model.parameter.value_at(-position if model.parameter.noise_falls else position))
    degrees = np.arange(2, most_degree + 1)
    if isinstance(channel, BEC):
        told, given, bhattacharyya = *_erasures(channel.epsilon, checks, degrees), channel.epsilon
    else:
        assert isinstance(channel, AWGN)
        curves = _by_information if method == "exit" else _by_means
        told, given = curves(4 * from_db(channel.esno_db), checks, degrees)
        bhattacharyya = math.exp(-from_db(channel.esno_db))
    slope = sum(share * (d - 1) for d, share in checks.items())
    bounds = [(0.0, min(1.0, 1 / (bhattacharyya * slope)))] + [(0.0, 1.0)] * (len(degrees) - 1)
    solved = linprog(
        -1 / degrees,
        A_ub=told / given[:, None],
        b_ub=np.full(len(given), 1 - ROOM),
        A_eq=np.ones((1, len(degrees))),
        b_eq=[1.0],
        bounds=bounds,
        method="highs",
    )
    if not solved.success:
        return None
    shares = {int(d): float(x) for d, x in zip(degrees, solved.x, strict=True) if x > TINY}
    total = sum(shares.values())
    return Ensemble({d: share / total for d, share in shares.items()}, checks)


def _erasures(
    epsilon: float, checks: Mapping[int, float], degrees: npt.NDArray[np.int64]
) -> tuple[Values, Values]:
    """epsilon (1 - rho(1 - x))^(d - 1) at each x and d, and x."""
    x = epsilon * np.concatenate([np.geomspace(LEAST, 0.1, PLACES // 2), np.linspace(0.1, 1, PLACES // 2)])
    told = 1 - polynomial(checks, 1 - x)
    return epsilon * told[:, None] ** (degrees - 1), x


def _by_information(
    mean: float, checks: Mapping[int, float], degrees: npt.NDArray[np.int64]
) -> tuple[Values, Values]:
    """What messages of variables lack, by EXIT functions, at each place and degree; and what they lacked."""
    first = float(information_lost(np.array(mean)))
    lacking = np.geomspace(first, min(LEAST, first / 10), PLACES)
    dual = dual_mean(mean_of_lost(lacking))
    lost = sum(
        (share * information_lost(dual_mean((d - 1) * dual)) for d, share in checks.items()),
        np.zeros(PLACES),
    )
    told = mean_of_lost(lost)
    return information_lost(mean + (degrees - 1) * told[:, None]), lacking


def _by_means(
    mean: float, checks: Mapping[int, float], degrees: npt.NDArray[np.int64]
) -> tuple[Values, Values]:
    """The same of phi of their means, by the Gaussian approximation."""
    first = float(phi(mean))
    lacking = np.geomspace(first, min(LEAST, first / 10), PLACES)
    told = sum(
        (share * inverse_phi(np.exp((d - 1) * np.log1p(-lacking))) for d, share in checks.items()),
        np.zeros(PLACES),
    )
    return phi(mean + (degrees - 1) * told[:, None]), lacking
