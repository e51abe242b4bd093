"""Counting errors, one frame a lane."""

import numpy as np
from numba import njit

#: Frames whose counters stay in the first-level cache.
TILE = 1024


@njit(nogil=True, error_model="numpy", cache=True)
def count_errors(sent, decoded, errors):
    """``errors``, int32 (frames): the positions in which two uint8 (k, frames) arrays differ."""
    partial = np.empty(TILE, np.uint8)
    for first in range(0, sent.shape[1], TILE):
        last = min(first + TILE, sent.shape[1])
        total = errors[first:last]
        total[:] = 0
        # Byte counters hold 255 rows at a time; bytes are what the vector units count fastest.
        for begin in range(0, sent.shape[0], 255):
            for lane in range(total.size):
                partial[lane] = np.uint8(0)
            for i in range(begin, min(begin + 255, sent.shape[0])):
                a, b = sent[i, first:last], decoded[i, first:last]
                for lane in range(total.size):
                    partial[lane] += np.uint8(a[lane] != b[lane])
            for lane in range(total.size):
                total[lane] += np.int32(partial[lane])
