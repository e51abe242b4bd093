"""Multiplication of many frames by one binary matrix. Arrays are lane-major, shape (m, frames)."""

import numpy as np
from numba import njit

#: Frames that one tile works on, so that a tile of the input stays in the cache.
TILE = 256


@njit(nogil=True, error_model="numpy", cache=True)
def all_binary(bits):
    """Whether all elements, uint8 (m, frames), are 0 or 1."""
    found = np.uint8(0)
    for i in range(bits.shape[0]):
        row = bits[i]
        for lane in range(row.size):
            found |= row[lane]
    return found < 2


@njit(nogil=True, error_model="numpy", cache=True)
def multiply_lanes(start, rows, bits, out):
    """``out[j]`` = XOR of ``bits[rows[start[j]]], ..., bits[rows[start[j + 1] - 1]]``, all uint8."""
    for first in range(0, out.shape[1], TILE):
        last = min(first + TILE, out.shape[1])
        for j in range(out.shape[0]):
            target = out[j, first:last]
            if start[j] == start[j + 1]:
                target[:] = 0
                continue
            source = bits[rows[start[j]], first:last]
            for lane in range(target.size):
                target[lane] = source[lane]
            for i in range(start[j] + 1, start[j + 1]):
                source = bits[rows[i], first:last]
                for lane in range(target.size):
                    target[lane] ^= source[lane]
