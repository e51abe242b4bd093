"""Confidence intervals of error rates, from the counts of a point.

Frame errors are independent trials: their interval is exact (Clopper and Pearson, 1934), or, where
sampling went on until a number of errors was reached, that of the negative binomial law. Bit errors
come in bursts within frames, so their interval rests on the variance of the count per frame (Hamkins,
"Confidence intervals for error rates observed in coded communications systems", 2015).
"""

import numpy as np
import numpy.typing as npt

#: The confidence of every interval.
CONFIDENCE = 0.95

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
        trials fixed in advance; needs errors >= 1.
    """
    from scipy.special import betaincinv

    k, n = np.broadcast_arrays(np.asarray(errors, np.float64), np.asarray(trials, np.float64))
    tail = (1 - CONFIDENCE) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    # Inverse sampling: P(N > n) = P(fewer than k errors in n trials), the same beta law one error down.
    above = k if inverse else k + 1
    high = np.where(k < n, betaincinv(np.maximum(above, 1), np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high


def bit_error_interval(
    bit_errors: int, bit_errors_squared: int, frame_errors: int, frames: int, k: int, *, inverse: bool = False
) -> tuple[float, float]:
    """Approximate central 95 % interval of the bit-error rate.

    With y bit errors in all and s^2 the variance of the number per frame, the total is treated as a
    multiple of a gamma variable with m = y^2 / (frames s^2) degrees, as Fay and Feuer (1997) do for
    sums of events of different weights; m is the number of independent events the errors amount to.
    For many events that is the normal interval, for few it is skewed as it has to be. With one bit a
    frame the interval is the exact one of the frame errors.
    """
    from scipy.special import gammaincinv

    if k == 1 or bit_errors == 0:
        # Without errors, the frame's bound holds for its bits too.
        low, high = binomial_interval(frame_errors, frames, inverse=inverse and frame_errors > 0)
        return float(low), float(high)
    y, squares = float(bit_errors), float(bit_errors_squared)
    variance = max(squares - y * y / frames, 0.0)
    if variance == 0:
        variance = squares  # a single frame, or all alike: nothing is known but the mean
    heaviest = squares / y
    tail = (1 - CONFIDENCE) / 2
    low = variance / y * gammaincinv(y * y / variance, tail)
    spread = variance + (0.0 if inverse else heaviest * heaviest * (1 - frame_errors / frames))
    centre = y + (0.0 if inverse else heaviest * (1 - frame_errors / frames))
    high = spread / centre * gammaincinv(centre * centre / spread, 1 - tail)
    bits = frames * k
    return float(low / bits), float(min(high / bits, 1.0))


def relative_half_width(errors: npt.ArrayLike, trials: npt.ArrayLike) -> Values:
    """Half-width of the frame-error interval over the estimate; infinite without errors."""
    errors = np.asarray(errors, np.float64)
    low, high = binomial_interval(errors, trials)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = (high - low) / 2 * np.asarray(trials, np.float64) / errors
    return np.where(errors > 0, width, np.inf)
