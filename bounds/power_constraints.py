"""Converses on the AWGN channel for codewords of different energies: by the greatest, or by the mean of them.

Shannon's cones (`cones`) hold for words of equal energy n Es. A word of less becomes one of this energy by
one more coordinate, which the receiver need not look at: the cones of n + 1 dimensions hold for words of at
most n Es (Polyanskiy, Poor and Verdu, 2010, lemma 39, who give the new coordinate an energy of its own). So
does the meta-converse, as it is, and its lower convex envelope over the energy holds for words of the mean
energy n Es (Vazquez-Vilar, "Error probability bounds for Gaussian channels under maximal and average power
constraints", IEEE Trans. IT 67(6), 2021).
"""

import math

from . import cones
from .gaussian_tests import (
    GaussianTerm,
    log_tests,
    meta_converse_log2_m,
    meta_converse_log_error,
    saddle_of,
    t_of_missed,
    t_of_size,
    threshold,
)
from .numerics.laplace import log_expectation
from .numerics.logs import LN2, root_around

_ALIKE = 1e-12  # logarithms as near as this are equal


def maximal_log_error(n: int, log2_m: float, esno: float) -> float:
    """A lower bound on the error of 2^log2_m words of at most n Es: of cones and meta-converse the larger."""
    lifted = cones.converse_log_error(n + 1, log2_m, esno * n / (n + 1))
    return max(lifted, meta_converse_log_error(n, log2_m, esno))


def maximal_log2_m(n: int, log_error: float, esno: float) -> float:
    """The log2 M at which `maximal_log_error` is this."""
    lifted = cones.converse_log2_m(n + 1, log_error, esno * n / (n + 1))
    return min(lifted, meta_converse_log2_m(n, log_error, esno))


def average_log_error(n: int, log2_m: float, esno: float) -> float:
    """A lower bound on the error of 2^log2_m words whose mean energy is n Es.

    With h(g) the least of P[missed] + l Q[false] over the tests of a word of energy g, the errors of the M
    words, whose tests have sizes that add up to 1, have a mean of at least the lower convex envelope of h at
    the mean energy, less l / M: for any l. The envelope joins silence, g = 0, to what it is a tangent to:
    some words are not sent at all, so that the others have more energy. Where errors are rare, that is of no
    use, and it is the meta-converse.
    """
    if log2_m <= 0:
        return -math.inf
    power = 2 * esno
    one = GaussianTerm(power)
    z = saddle_of(t_of_size(one, n, log2_m), one)
    missed, multiplier = log_tests(z, n, one)[0], threshold(z, n, one)
    if not _silence_helps(n, power, multiplier):
        return min(missed, 0.0)

    def excess(log_l: float) -> float:
        return math.exp(log_l - log2_m * LN2) - _Envelope(n, power, log_l).false

    # The multiplier is no more than M: the error is no more than 1.
    log_l = root_around(excess, multiplier, 0.3, multiplier - 1e9, max(log2_m * LN2, multiplier), 1e-7)
    error = _Envelope(n, power, log_l).value - math.exp(log_l - log2_m * LN2)
    return min(math.log(error), missed, 0.0) if error > 0 else -math.inf


def average_log2_m(n: int, log_error: float, esno: float) -> float:
    """The log2 M at which `average_log_error` is this."""
    power = 2 * esno
    one = GaussianTerm(power)
    z = saddle_of(t_of_missed(one, n, log_error), one)
    least, multiplier = -log_tests(z, n, one)[1] / LN2, threshold(z, n, one)
    if least <= 0 or not _silence_helps(n, power, multiplier):
        return max(least, 0.0)
    error = math.exp(log_error)

    def log2_m(log_l: float) -> float:
        rest = _Envelope(n, power, log_l).value - error
        return (log_l - math.log(rest)) / LN2 if rest > 0 else math.inf

    def excess(log_l: float) -> float:
        envelope = _Envelope(n, power, log_l)
        return envelope.value - envelope.false - error

    # What is missed grows with the multiplier.
    log_l = root_around(excess, multiplier, 0.3, multiplier - 1e9, multiplier + 1e9, 1e-7)
    return max(log2_m(log_l), least)


def _log_least_sum(n: int, energy: float, power: float, log_l: float) -> float:
    """ln of the least of P[missed] + l Q[false] over the tests of a word of this energy."""
    if log_l >= n / 2 * math.log1p(power) + energy / (2 * power):
        return 0.0  # no output is likelier by so much: all are missed
    return min(log_expectation("union", GaussianTerm(energy / n, power), n, log_l), 0.0)


def _intercept(n: int, energy: float, power: float, log_l: float) -> float:
    """ln of h(g) - g h'(g), where the tangent to h at an energy g passes the energy 0."""
    step = 1e-5
    here, beyond = (_log_least_sum(n, energy * (1 + x), power, log_l) for x in (0.0, step))
    return here + math.log1p(max(here - beyond, 0.0) / math.log1p(step))


def _silence_helps(n: int, power: float, log_l: float) -> bool:
    """Whether h's tangent at the energy n P passes above h(0)."""
    silent = _log_least_sum(n, 0.0, power, log_l)
    return _intercept(n, n * power, power, log_l) > silent - _ALIKE


class _Envelope:
    """The lower convex envelope of h at the energy n P (``value``), and its part that is l Q[false].

    h is flat, then falls ever faster and then ever slower: the envelope is the chord from silence to where it
    is a tangent, and h itself beyond.
    """

    def __init__(self, n: int, power: float, log_l: float) -> None:
        energy = n * power
        silent = _log_least_sum(n, 0.0, power, log_l)

        def excess(log_ratio: float) -> float:
            below = silent - _intercept(n, energy * math.exp(log_ratio), power, log_l)
            return below if below > _ALIKE else min(below, -_ALIKE)

        log_ratio = root_around(excess, 0.0, 0.05, 0.0, 50.0, 1e-7)
        share = math.exp(-log_ratio)
        sent = energy / share
        self.value = (1 - share) * math.exp(silent)
        self.value += share * math.exp(_log_least_sum(n, sent, power, log_l))
        self.false = (1 - share) * _false(n, 0.0, power, log_l) + share * _false(n, sent, power, log_l)


def _false(n: int, energy: float, power: float, log_l: float) -> float:
    """The part of `_log_least_sum` that is l Q[false]."""
    if log_l >= n / 2 * math.log1p(power) + energy / (2 * power):
        return 0.0
    return math.exp(log_expectation("tilted", GaussianTerm(energy / n, power), n, log_l))
