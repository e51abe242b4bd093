"""Kernels of the channel models. Arrays are lane-major, shape (n, frames), C-contiguous."""

import numpy as np
from numba import njit

f32 = np.float32


@njit(nogil=True, error_model="numpy", cache=True)
def add_bpsk(word, sigma, noise):
    """Turn standard normal ``noise``, float32, into (1 - 2 word) + sigma noise, in place."""
    for i in range(word.shape[0]):
        bits, row = word[i], noise[i]
        for lane in range(row.size):
            row[lane] = (f32(1.0) - f32(2.0) * f32(bits[lane])) + sigma * row[lane]


@njit(nogil=True, error_model="numpy", cache=True)
def scale_and_clip(received, scale, limit, llr):
    """``llr`` = scale received, with magnitudes of at most ``limit``; all float32."""
    for i in range(received.shape[0]):
        source, row = received[i], llr[i]
        for lane in range(row.size):
            row[lane] = min(max(scale * source[lane], -limit), limit)


@njit(nogil=True, error_model="numpy", cache=True)
def erase(word, erased, symbol):
    """Replace ``erased``, 1 where a bit is lost, by what is received: the bit, or ``symbol``."""
    for i in range(word.shape[0]):
        bits, row = word[i], erased[i]
        for lane in range(row.size):
            row[lane] = symbol if row[lane] else bits[lane]


@njit(nogil=True, error_model="numpy", cache=True)
def look_up(received, table, llr):
    """``llr`` = table[received], for a received alphabet of 0, 1 and anything above (table[2])."""
    zero, one, other = table[0], table[1], table[2]
    for i in range(received.shape[0]):
        source, row = received[i], llr[i]
        for lane in range(row.size):
            symbol = source[lane]
            row[lane] = zero if symbol == 0 else (one if symbol == 1 else other)
