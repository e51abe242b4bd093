"""Hard decisions. Arrays are lane-major, shape (m, frames), C-contiguous."""

import numpy as np
from numba import njit


@njit(nogil=True, error_model="numpy", cache=True)
def all_finite(llr):
    """Whether no element is NaN or infinite."""
    for i in range(llr.shape[0]):
        row = llr[i]
        total = np.float32(0.0)
        for lane in range(row.size):
            # 0 x is 0 for a finite x, and NaN otherwise
            total += np.float32(0.0) * row[lane]
        if total != np.float32(0.0):
            return False
    return True


@njit(nogil=True, error_model="numpy", cache=True)
def decide(llr, coins, out):
    """``out`` = 1 where llr < 0, coins[i] where it is 0, else 0; uint8."""
    for i in range(llr.shape[0]):
        row, bits, coin = llr[i], out[i], coins[i]
        for lane in range(row.size):
            x = row[lane]
            bits[lane] = np.uint8(1) if x < 0 else (coin if x == 0 else np.uint8(0))


@njit(nogil=True, error_model="numpy", cache=True)
def sum_repetitions(llr, k, out):
    """``out[i]`` = llr[i] + llr[i + k] + llr[i + 2 k] + ..., float32 (k, frames)."""
    for i in range(k):
        total, first = out[i], llr[i]
        for lane in range(total.size):
            total[lane] = first[lane]
        for j in range(i + k, llr.shape[0], k):
            row = llr[j]
            for lane in range(total.size):
                total[lane] += row[lane]
