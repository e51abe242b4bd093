"""Confidence intervals of error rates, from the counts of a point.

Frame errors are independent trials: their interval is exact (Clopper and Pearson, 1934), or, where
sampling went on until an error, that of the negative binomial law (inverse sampling: Haldane, 1945).
Bit errors come in bursts within frames, so their interval rests on the variance of the count per wrong
frame as well (Hamkins, "Confidence intervals for error rates observed in coded communications systems",
IPN Progress Report 42-201, 2015).

Which law holds follows from the rule that ended the point:

1. With several rules, from the one that was met. For k errors in n frames the outcomes that speak for a rate
   at least as high are those with k errors within n frames, whichever rule would have ended them, and
   likewise for a rate at least as low. Their probability is a binomial tail, in which the other limits do
   not occur.
2. With ``bit_errors``, that of ``frame_errors``. How many bits are wrong in a wrong frame says nothing of how
   often frames are wrong, so given these numbers the point ended at some k-th frame error.
3. With ``relative_error``, the same as an approximation: the point ends at an error, at a number that hardly
   depends on the rate.
"""

import math

import numpy as np
import numpy.typing as npt

#: The confidence of every interval.
CONFIDENCE = 0.95

#: Standard deviations around the mean that hold as much of a normal law.
Z = 1.96

#: Wrong frames from which on the spread of their bit errors is estimated rather than assumed.
LEAST_SAMPLE = 3

Values = npt.NDArray[np.float64]


def binomial_interval(
    errors: npt.ArrayLike, trials: npt.ArrayLike, *, inverse: bool = False
) -> tuple[Values, Values]:
    """Exact central 95 % interval of an error probability; arrays broadcast.

    Parameters
    ----------
    errors, trials
        Counts, 0 <= errors <= trials, 1 <= trials.
    inverse
        Sampling stopped at the last of the errors (negative binomial) rather than after a number of
        trials fixed in advance; needs errors >= 1. See ``stop_rules.INVERSE_RULES``.
    """
    from scipy.special import betaincinv

    k, n = np.broadcast_arrays(np.asarray(errors, np.float64), np.asarray(trials, np.float64))
    tail = (1 - CONFIDENCE) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    # Inverse sampling: P(N > n) = P(fewer than k errors in n trials), the same beta law one error down.
    above = k if inverse else k + 1
    high = np.where(k < n, betaincinv(np.maximum(above, 1), np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high


def unbiased_rate(errors: int, trials: int) -> float | None:
    """The unbiased estimate (k - 1) / (N - 1) of an error probability where the k-th error ended sampling.

    Haldane, "On a method of estimating frequencies", Biometrika 33, 1945. There k / N is too high, on average
    by up to 1 / (k - 1) of the probability. Where sampling also ends after n trials, this estimate where the
    k-th error ended it and errors / n where the trials did are unbiased together (Girshick, Mosteller and
    Savage, "Unbiased estimates for certain binomial sampling problems", Annals of Mathematical Statistics 17,
    1946).

    Parameters
    ----------
    errors, trials
        k >= 1 and N >= k.

    Returns
    -------
    float or None
        None for k = 1: the unbiased estimate would be 1 where N = 1 and 0 elsewhere, which tells nothing.
    """
    return None if errors == 1 else (errors - 1) / (trials - 1)


def bit_error_interval(
    bit_errors: int, bit_errors_squared: int, frame_errors: int, frames: int, k: int, *, inverse: bool = False
) -> tuple[float, float]:
    """Approximate central 95 % interval of the bit-error rate.

    The rate is the frame-error rate p times the mean number m of bit errors in a wrong frame over k. The
    two are estimated independently, so their intervals combine on a log scale by "square and add" (Zou
    and Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27,
    2008): ln(upper / estimate)^2 = ln(p_upper / p)^2 + ln(m_upper / m)^2, and likewise below. That of p is
    binomial_interval; that of m is Student's t for ln m with the variance v = s^2 / (w m^2), where s^2
    is the sample variance in w wrong frames: exp(ln m - t sqrt(v)) to exp(ln m + t sqrt(v) + v / 2).
    Where all wrong frames are alike it is the interval of the frame errors, and it is never narrower.

    No interval from these counts can know of bursts that are so rare that none was met.
    """
    low, high = (float(bound) for bound in binomial_interval(frame_errors, frames, inverse=inverse))
    if k == 1 or frame_errors == 0:
        return low, high  # without errors, the frame's bound holds for its bits too
    fer, mean = frame_errors / frames, bit_errors / frame_errors
    # Fewer than a sample are taken to have at least the spread of a geometric law, as random bursts have.
    least = mean * (mean - 1) if frame_errors < LEAST_SAMPLE else 0.0
    below, above = log_distances(mean, bit_errors_squared, frame_errors, least)
    # A wrong frame has 1 to k wrong bits, and so has the mean.
    below = math.hypot(math.log(fer / low), min(below, math.log(mean)))
    above = math.hypot(math.log(high / fer), min(above, math.log(k / mean)))
    rate = bit_errors / (frames * k)
    return rate * math.exp(-below), min(rate * math.exp(above), 1.0)


def log_distances(mean: float, squares: float, size: int, least_spread: float) -> tuple[float, float]:
    """Logarithms of mean / lower and upper / mean, where lower to upper is the interval of a mean.

    Parameters
    ----------
    mean, squares, size
        Of a sample: its mean, the sum of its squares, and its number of values.
    least_spread
        A variance that it is taken to have at least.
    """
    from scipy.special import ndtri, stdtrit

    spread = max(squares / size - mean * mean, 0.0) * size / max(size - 1, 1)
    spread = max(spread, least_spread)
    if size < LEAST_SAMPLE:  # t is far out
        quantile = float(ndtri((1 + CONFIDENCE) / 2))
    else:
        quantile = float(stdtrit(size - 1, (1 + CONFIDENCE) / 2))
    variance = spread / (size * mean * mean)
    distance = quantile * math.sqrt(variance)
    # On average the logarithm of a sample's mean is v / 2 too low. Below, the interval is left the wider one.
    return distance, distance + variance / 2


def relative_half_width(errors: npt.ArrayLike, trials: npt.ArrayLike) -> Values:
    """Half-width of the frame-error interval over the estimate; infinite without errors."""
    errors = np.asarray(errors, np.float64)
    low, high = binomial_interval(errors, trials)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = (high - low) / 2 * np.asarray(trials, np.float64) / errors
    return np.where(errors > 0, width, np.inf)
