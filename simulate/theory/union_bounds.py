"""The union bound on the error rates of ML decoding, from a code's weights.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.5, for hard decisions;
Proakis and Salehi, "Digital Communications", 2008, section 7.4, for soft ones.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from ...channels import AWGN, BEC, Channel
from ...codes import LinearCode, information_weights, weight_enumerator
from .rates import Channels, Rates, Values, known_values, log_binomial_term, logs_of, sum_of_logs


def union_bound(code: LinearCode, channel: Channels, *, terms: int | None = None) -> Rates:
    """The union bound on the error rates of ML decoding, from the code's weights; at most 1.

    FER <= sum over h of A_h P_h and BER <= sum over h of B_h P_h / k, where P_h is the probability that a
    codeword at distance h is taken for the one sent: Q(sqrt(2 h Es/N0)) on AWGN with soft decisions; more
    than h / 2 errors among h on the BSC, or just h / 2 and a coin; on the BEC epsilon^h / 2. For hard
    decisions on AWGN give the BSC of that crossover probability.

    Parameters
    ----------
    code
        A code whose weights can be worked out, see ``capgap.codes.weight_enumerator``.
    channel
        BSC, BEC or AWGN, one or several of a kind.
    terms
        Count only so many of the lowest weights there are, at least 1. That is no bound any more, but
        close where errors are rare.

    Returns
    -------
    Rates
        ``ber`` is None where only the weights of codewords can be worked out, not those of their messages.

    Raises
    ------
    ValueError
        If the weights cannot be worked out, ``terms`` is below 1 or the channel is none of the three.
    """
    kind, values = known_values(channel)
    counts = weight_enumerator(code).counts
    weights = np.flatnonzero(counts)[1:]
    if terms is not None:
        if terms < 1:
            raise ValueError(f"terms must be at least 1, got {terms}")
        weights = weights[:terms]
    pairwise = _log_pairwise(kind, values, weights)
    fer = sum_of_logs(logs_of(counts[weights]) + pairwise)
    try:
        ones = information_weights(code).counts
    except ValueError:
        return Rates(fer, None)
    return Rates(fer, sum_of_logs(logs_of(ones[weights]) - math.log(code.k) + pairwise))


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
