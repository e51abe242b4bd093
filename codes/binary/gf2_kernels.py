"""Gaussian elimination over GF(2) on rows packed 64 bits to a word."""

import numpy as np

from ...vectors.kernel_cache import kernel


@kernel
def eliminate(packed, order):
    """Reduced row echelon form in place, trying the columns in ``order``; returns the pivots."""
    rows, words = packed.shape
    pivots = np.empty(rows, np.int64)
    found = 0
    for column in order:
        if found == rows:
            break
        word, mask = column >> 6, np.uint64(1) << np.uint64(column & 63)
        row = found
        while row < rows and not packed[row, word] & mask:
            row += 1
        if row == rows:
            continue
        if row != found:
            for w in range(words):
                packed[row, w], packed[found, w] = packed[found, w], packed[row, w]
        for other in range(rows):
            if other != found and packed[other, word] & mask:
                for w in range(words):
                    packed[other, w] ^= packed[found, w]
        pivots[found] = column
        found += 1
    return pivots[:found]
