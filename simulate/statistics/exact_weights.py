"""Sums of the weights of wrong frames, as whole numbers.

Where frames are drawn from another law than the one that is asked about (importance sampling), a wrong frame
counts for as much as the ratio of its probabilities under the two, its weight. A float32 is a whole number of
2^-149, so sums of weights are whole numbers in that unit, and sums of products of two in units of 2^-298.
They are Python's integers, which have no end. So adding is associative: no sum depends on how frames were cut
into blocks, and merging and resuming give the same to the bit.
"""

import numpy as np
import numpy.typing as npt

from ..link.counting.frame_counts import WEIGHTS

#: The unit of weights is 2^-UNIT, the least positive float32; that of their squares its square.
UNIT = 149
#: Bits of the fraction of a float32.
FRACTION = 23
#: Where int64 is cut in two so that 2^31 halves can be added up in int64.
HALF = 31

Whole = npt.NDArray[np.int64]


def weight_sums(weights: npt.NDArray[np.float32], bit_errors: npt.NDArray[np.int32]) -> dict[str, int]:
    """The four sums over wrong frames, by the names in ``WEIGHTS``.

    Parameters
    ----------
    weights
        float32 (errors), finite and 0 or more.
    bit_errors
        int32 (errors): wrong information bits in each frame, at least 1.

    Returns
    -------
    dict
        ``weight``, the sum of weights, and ``weighted_bits``, of weights times bit errors, in units of
        2^-149; ``weight_squared`` and ``weighted_bits_squared``, of the squares of both, in units of 2^-298.

    Raises
    ------
    ValueError
        If a weight is negative, infinite or NaN, or not float32.
    """
    digits, shifts = _whole(weights)
    bits = bit_errors.astype(np.int64)
    sums = dict.fromkeys(WEIGHTS, 0)
    for shift in np.unique(shifts):
        alike = shifts == shift
        digit, bit = digits[alike], bits[alike]
        weighted = digit * bit  # below 2^24 times 2^31
        # Its square does not fit into int64: of two halves there are three products, that of the low half
        # with itself below 2^62.
        high, low = weighted >> HALF, weighted & ((1 << HALF) - 1)
        square = (_sum(high * high) << 2 * HALF) + (_sum(high * low) << (HALF + 1)) + _sum(low * low)
        found = (_sum(digit), _sum(digit * digit), _sum(weighted), square)
        for name, one, order in zip(WEIGHTS, found, (1, 2, 1, 2), strict=True):
            sums[name] += one << order * int(shift)
    return sums


def whole_weights(weights: npt.NDArray[np.float32]) -> list[int]:
    """Each weight in units of 2^-149; raises what ``weight_sums`` raises."""
    digits, shifts = _whole(weights)
    return [digit << shift for digit, shift in zip(digits.tolist(), shifts.tolist(), strict=True)]


def _whole(weights: npt.NDArray[np.float32]) -> tuple[Whole, Whole]:
    """Weights as digits, below 2^24, times 2^(shift - 149): both int64 (errors)."""
    if weights.dtype != np.float32:
        raise ValueError(f"weights must be float32, got {weights.dtype}")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError("weights must be finite and 0 or more")
    pattern = np.abs(weights).view(np.uint32).astype(np.int64)  # abs: -0.0 is 0
    exponent = pattern >> FRACTION
    normal = exponent > 0
    digits = (pattern & ((1 << FRACTION) - 1)) | (normal.astype(np.int64) << FRACTION)
    return digits, np.maximum(exponent, 1) - 1


def _sum(values: Whole) -> int:
    """The sum of values from 0 to 2^63 - 1, of which there are fewer than 2^31."""
    return (int((values >> HALF).sum()) << HALF) + int((values & ((1 << HALF) - 1)).sum())
