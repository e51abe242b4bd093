"""The union bound on the error rates of ML decoding, from a code's weights or weight enumerating function.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.5, for hard decisions; Proakis
and Salehi, "Digital Communications", 2008, section 7.4, for soft ones; J. W. Craig, "A new, simple and exact
result for calculating the probability of error for two-dimensional signal constellations", 1991, for the
Gaussian integral as a mixture of powers.
"""

import math
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import interpolate, special

from ....channels import AWGN, BEC, Channel
from ....codes import LinearCode, information_weights, low_weights, weight_enumerator
from ....codes.linear import WeightFunction
from .rates import Channels, Rates, Values, known_values, log_binomial_term, logs_of, sum_of_logs

#: Powers z^h are mixed of z down to exp(-FAR) times the largest.
FAR = 80.0
#: Points at which a weight enumerating function is asked, and where between they are taken closer.
MOST_POINTS, BEND = 256, 0.02
TINY = 1e-300


def union_bound(code: LinearCode, channel: Channels, *, terms: int | None = None) -> Rates:
    """The union bound on the error rates of ML decoding, from the code's weights; at most 1.

    FER <= sum over h of A_h P_h and BER <= sum over h of B_h P_h / k, where P_h is the probability that a
    codeword at distance h is taken for the one sent: Q(sqrt(2 h Es/N0)) on AWGN with soft decisions; more
    than h / 2 errors among h on the BSC, or just h / 2 and a coin; on the BEC epsilon^h / 2. For hard
    decisions on AWGN give the BSC of that crossover probability.

    Weights that were supplied are taken first, then a code's ``weight_enumerating_function``, then its
    weights. Where there is neither, but ``low_weights``, these are the first terms alone, which the result
    says.

    Parameters
    ----------
    code
        A code whose weights can be worked out, see ``capgap.codes.weight_enumerator``, or that says them in
        another way.
    channel
        BSC, BEC or AWGN, one or several of a kind.
    terms
        Count only so many of the lowest weights there are, at least 1. That is no bound any more, but
        close where errors are rare.

    Returns
    -------
    Rates
        ``ber`` is None where only the weights of codewords can be worked out, not those of their messages.
        From a weight enumerating function they are right to six digits.

    Raises
    ------
    ValueError
        If the weights cannot be worked out, ``terms`` is below 1 or the channel is none of the three.
    """
    if terms is not None and terms < 1:
        raise ValueError(f"terms must be at least 1, got {terms}")
    kind, values = known_values(channel)
    supplied = code.supplied_weights is not None and code.supplied_weights.complete
    function = code.weight_enumerating_function() if terms is None and not supplied else None
    if function is not None:
        frames, ones = _mixed(function, kind, values)
        return Rates(np.minimum(frames, 1.0), np.minimum(ones / code.k, 1.0))
    try:
        counts = weight_enumerator(code).counts
    except ValueError:
        low = low_weights(code)
        if low is None:
            raise
        at = slice(terms)
        pairwise = _log_pairwise(kind, values, np.array(low.weights[at]))
        frames = sum_of_logs(logs_of(low.codewords[at]) + pairwise)
        bits = None
        if low.ones:
            bits = sum_of_logs(logs_of(low.ones[at]) - math.log(code.k) + pairwise)
        return Rates(frames, bits, first_terms=True)
    weights = np.flatnonzero(counts)[1:][:terms]
    pairwise = _log_pairwise(kind, values, weights)
    fer = sum_of_logs(logs_of(counts[weights]) + pairwise)
    try:
        ones_of = information_weights(code).counts
    except ValueError:
        return Rates(fer, None)
    return Rates(fer, sum_of_logs(logs_of(ones_of[weights]) - math.log(code.k) + pairwise))


def _mixed(function: WeightFunction, kind: type[Channel], values: Values) -> tuple[Values, Values]:
    """Sums over h of A_h P_h and of the ones times P_h, where P_h is a mixture of powers z^h.

    On AWGN P_h = 1 / pi times the integral of exp(-h Es/N0 / sin^2 t) over t from 0 to pi / 2 (Craig, 1991).
    On the BSC it is, for even h, that of z^h with z^2 = 4 f (1 - f) / (1 + (1 - 2 f)^2 tan^2 t): the sum over
    i >= h / 2 of (1 - 2 f) C(2 i, i) (f (1 - f))^i / 2, each binomial as an integral of powers of a cosine;
    for odd h it is as for h + 1. On the BEC it is epsilon^h / 2.
    """
    if kind is BEC:
        frames, ones = _interpolated(function, values.ravel())
        return (frames / 2).reshape(values.shape), (ones / 2).reshape(values.shape)
    t, weights = _quadrature()
    at = values[..., None]
    if kind is AWGN:
        # What lies far below the largest power of a mixture adds nothing.
        z = np.exp(-np.minimum(at / np.sin(t) ** 2, at + FAR))
    else:
        z = np.sqrt(4 * at * (1 - at)) * np.cos(t) / np.hypot(np.cos(t), (1 - 2 * at) * np.sin(t))
        function = _of_even_weights(function)
    frames, ones = (sums.reshape(z.shape) @ weights for sums in _interpolated(function, z.ravel()))
    return frames, ones


def _of_even_weights(function: WeightFunction) -> WeightFunction:
    """The function of a code with one more bit that makes all weights even."""

    def even(z: Values) -> tuple[Values, Values]:
        plus, minus = function(z), function(-z)
        frames, ones = ((p + m) / 2 + z * (p - m) / 2 for p, m in zip(plus, minus, strict=True))
        return frames, ones

    return even


def _interpolated(function: WeightFunction, z: Values) -> tuple[Values, Values]:
    """A function of z in [0, 1]; of many z by splines through the logarithms of some of its values."""
    if len(z) <= MOST_POINTS:
        return function(z)
    logs = -np.log(np.maximum(z, math.exp(-FAR)))
    # What is interpolated is nearly a line in ln z where z is small, and bends where it is nearly 1.
    place = np.log(logs + BEND)
    grid = np.linspace(place.min(), place.max(), MOST_POINTS)
    found = []
    for sums in function(np.exp(BEND - np.exp(grid))):
        through = interpolate.CubicSpline(grid, np.log(np.maximum(sums, TINY)))
        found.append(np.where(z > 0, np.exp(through(place)), 0.0))
    return found[0], found[1]


@cache
def _quadrature() -> tuple[Values, Values]:
    """Nodes and weights of Gauss-Legendre quadrature from 0 to pi / 2, over pi."""
    x, w = np.polynomial.legendre.leggauss(128)
    return (x + 1) * math.pi / 4, w / 4


def _log_pairwise(kind: type[Channel], values: Values, weights: npt.NDArray[np.int64]) -> Values:
    """ln P_h, shape (channels..., weights)."""
    at = values[..., None]
    if kind is AWGN:
        return np.asarray(special.log_ndtr(-np.sqrt(2 * weights * at)))
    if kind is BEC:
        return np.asarray(special.xlogy(weights, at) - math.log(2))
    # The terms of the binomial sum over the first one beyond the tie: 1, then ever less for f <= 1/2.
    first = weights // 2 + 1
    with np.errstate(divide="ignore"):
        odds = at / (1 - at)
    term = np.ones(np.broadcast_shapes(at.shape, weights.shape))
    total = term.copy()
    for i in range(int(weights.max(initial=0)) // 2):
        term = term * np.maximum(weights - first - i, 0) / (first + i + 1) * odds
        total += term
        if np.all(term <= 1e-17 * total):
            break
    half = weights // 2
    log_tie = np.where(weights % 2, -np.inf, log_binomial_term(weights, half, at) - math.log(2))
    return np.asarray(np.logaddexp(log_binomial_term(weights, first, at) + np.log(total), log_tie))
