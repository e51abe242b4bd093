"""Thresholds of Gallager's decoders of hard decisions over the BSC.

Gallager, "Low-Density Parity-Check Codes", 1963, chapter 4, for A and B; Richardson and Urbanke, "The
capacity of low-density parity-check codes under message-passing decoding", 2001, for E, with erasures.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from ...channels import bsec_capacity
from .degrees import Ensemble, polynomial
from .search import Course, follow, most_noise

Values = npt.NDArray[np.float64]
#: Error probabilities of messages at which an iteration is looked at, and the least as a share of f.
POINTS, LEAST = 3000, 1e-7
NEVER = "its errors vanish at no noise that was tried"
#: The greatest weight of the channel in algorithm E beside messages of weight 1.
MOST_WEIGHT = 8


def gallager_a_threshold(ensemble: Ensemble) -> float:
    """The greatest f at which algorithm A leaves no errors: all messages must agree to overrule a bit.

    Raises ValueError where there is none, or bits are punctured; so do the others.

    Examples
    --------
    >>> round(gallager_a_threshold(Ensemble.regular(3, 6)), 5)
    0.03946
    """
    return _of_two_values(ensemble, lambda d: [d - 1])


def gallager_b_threshold(ensemble: Ensemble) -> float:
    """The same of algorithm B: as many must agree as is best in each iteration, for each degree."""
    return _of_two_values(ensemble, lambda d: list(range(d // 2, d)))


def _of_two_values(ensemble: Ensemble, agreeing: Callable[[int], list[int]]) -> float:
    from scipy.stats import binom  # which takes long to import

    _check(ensemble)

    def falls(f: float) -> bool:
        x = f * np.geomspace(LEAST, 1, POINTS)
        wrong = (1 - polynomial(ensemble.checks, 1 - 2 * x)) / 2
        total = np.zeros(POINTS)
        for d, share in ensemble.variables.items():
            needed = [b for b in agreeing(d) if b > (d - 1) / 2]
            if d == 1 or not needed:
                total += share * f
                continue
            # overruled for the better by b or more right ones, for the worse by as many wrong ones
            found = [
                f * binom.cdf(b - 1, d - 1, 1 - wrong) + (1 - f) * binom.sf(b - 1, d - 1, wrong)
                for b in needed
            ]
            total += share * np.min(found, axis=0)
        return bool((total < x).all())

    low, high = 0.0, 0.5
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) else (low, middle)
    if low < 1e-6:
        raise ValueError(NEVER)
    return low


def gallager_e_threshold(ensemble: Ensemble, tolerance: float = 1e-4) -> float:
    """The same of algorithm E, whose messages are 1, -1 or an erasure.

    The channel's value counts as so many messages as lets messages carry the most information, in each
    iteration anew. A sum of 0 is an erasure.
    """
    _check(ensemble)

    def run(place: float, standstill: float) -> Course:
        f = math.exp(place)
        return follow(_with_erasures(ensemble, f), LEAST * f, standstill)

    return math.exp(most_noise(run, math.log(0.5), 0.1, tolerance))


def _with_erasures(ensemble: Ensemble, f: float) -> Iterator[float]:
    """Errors and half the erasures of messages, before each iteration."""
    wrong, erased = f, 0.0
    while True:
        yield wrong + erased / 2
        known = float(polynomial(ensemble.checks, np.array(1 - erased)))
        bias = float(polynomial(ensemble.checks, np.array(1 - erased - 2 * wrong)))
        told = np.array([(known - bias) / 2, 1 - known, (known + bias) / 2])
        sums = _laws_of_sums(told, max(ensemble.variables) - 1)
        chosen = [_decided(ensemble, f, sums, weight) for weight in range(MOST_WEIGHT + 1)]
        wrong, erased = max(chosen, key=lambda each: _information(*each))


def _decided(ensemble: Ensemble, f: float, sums: list[Values], weight: int) -> tuple[float, float]:
    wrong = erased = 0.0
    for d, share in ensemble.variables.items():
        law, middle = sums[d - 1], d - 1
        values = np.arange(-middle, middle + 1)
        for probability, sign in ((1 - f, 1), (f, -1)):
            decided = values + sign * max(weight, 1 if d == 1 else 0)
            wrong += share * probability * float(law[decided < 0].sum())
            erased += share * probability * float(law[decided == 0].sum())
    return wrong, erased


def _information(wrong: float, erased: float) -> float:
    return bsec_capacity(wrong, erased) if wrong + erased < 1 else 0.0


def _laws_of_sums(told: Values, most: int) -> list[Values]:
    """The laws of sums of 0 to ``most`` messages of -1, 0 and 1."""
    found = [np.ones(1)]
    for _ in range(most):
        found.append(np.convolve(found[-1], told))
    return found


def _check(ensemble: Ensemble) -> None:
    if ensemble.punctured:
        raise ValueError("decoders of hard decisions know nothing of bits that are not sent")


def hard_decision_error(esno: float) -> float:
    """The BSC that hard decisions make of BPSK on AWGN: Q(sqrt(2 Es/N0)), Es/N0 as a ratio."""
    return 0.5 * math.erfc(math.sqrt(esno))
