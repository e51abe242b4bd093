"""Whether two samples have the same error rate: p-values, and their correction where there are many.

Frame errors of a point are two proportions; the test conditions on their sum (Fisher, "The logic of
inductive inference", 1935). Bit errors come in bursts, so they are first divided by the factor by which
bursts inflate their variance (Rao and Scott, "A simple method for the analysis of clustered binary
data", 1992). The p-values of all tests are corrected together (Holm, "A simple sequentially rejective
multiple test procedure", 1979).
"""

import math
from collections.abc import Sequence

import numpy as np

from .comparison_sides import Side


def proportions_p(errors_a: int, trials_a: int, errors_b: int, trials_b: int) -> float:
    """Two-sided p-value of equal error probabilities, 0 <= errors <= trials, 1 <= trials.

    Given the sum of the errors, those of A are hypergeometric; the p-value is twice the smaller tail, at
    most 1. That is exact for numbers of trials fixed in advance. Where each side went on to a number of
    errors of its own, its tails are at least those of the exact (negative hypergeometric) law: the last
    trial is an error for certain, and taking it out of either sample makes the tail smaller.
    """
    # The law is the same for frames that are right, and for B. The rarer outcome of the smaller sample is
    # counted, where the sum loses no digits.
    if errors_a + errors_b > (trials_a + trials_b) / 2:
        errors_a, errors_b = trials_a - errors_a, trials_b - errors_b
    if trials_a > trials_b:
        errors_a, trials_a, errors_b, trials_b = errors_b, trials_b, errors_a, trials_a
    errors, trials = errors_a + errors_b, trials_a + trials_b
    low, high = max(0, errors - trials_b), min(errors, trials_a)
    mean = errors / trials * trials_a
    deviation = math.sqrt(mean * (1 - errors / trials) * (trials_b / max(trials - 1, 1)))
    if deviation > 2e4:  # where the normal law is as good, and a sum of so many terms slow
        return math.erfc(max(abs(errors_a - mean) - 0.5, 0.0) / (deviation * math.sqrt(2)))
    # Probabilities relative to the mode's, by their ratios. Beyond the window they are below 1e-300
    # (Bernstein's inequality); there is nothing in them to cancel or overflow.
    mode = min(max((errors + 1) * (trials_a + 1) // (trials + 2), low), high)
    reach = int(40 * deviation) + 1000
    low, high = max(low, mode - reach), min(high, mode + reach)
    x = np.arange(low, high, dtype=np.float64)
    rising = ((errors - x) * (trials_a - x)) / ((x + 1) * (trials_b - errors + x + 1))
    split = mode - low
    weights = np.concatenate([np.cumprod(1 / rising[:split][::-1])[::-1], [1.0], np.cumprod(rising[split:])])
    at = min(max(errors_a, low - 1), high + 1) - low
    tails = weights[: max(at + 1, 0)].sum(), weights[max(at, 0) :].sum()
    return float(min(1.0, 2 * min(tails) / weights.sum()))


def bit_errors_p(a: Side, b: Side) -> float | None:
    """Approximate two-sided p-value of equal bit-error rates; None where it cannot be known.

    If both sides are the same link, their frames have one law. The variance of its bit errors, over that
    of k independent bits, is the design effect; counts of bits divided by it are tested as frames are
    (Rao and Scott, 1992), which keeps the level also for a few bursts. With k = 1 the BER is the FER.
    """
    if a.bit_errors is None or b.bit_errors is None or a.k is None or a.k != b.k or a.k == 1:
        return None
    if a.bit_errors_squared is None or b.bit_errors_squared is None:
        return None
    frames, k = a.frames + b.frames, a.k
    mean = (a.bit_errors + b.bit_errors) / frames
    variance = (a.bit_errors_squared + b.bit_errors_squared) / frames - mean * mean
    independent = mean * (1 - mean / k)
    if variance <= 0 or independent <= 0:  # every frame has the same number of bit errors
        return 1.0
    effect = variance / independent
    return proportions_p(
        *(round(count / effect) for side in (a, b) for count in (side.bit_errors or 0, side.frames * k))
    )


def holm(p: Sequence[float]) -> list[float]:
    """p-values adjusted for their number: those below a level keep its family-wise error (Holm, 1979)."""
    adjusted, highest = [0.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        highest = max(highest, min((len(p) - rank) * p[i], 1.0))
        adjusted[i] = highest
    return adjusted
