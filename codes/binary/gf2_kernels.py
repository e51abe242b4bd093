"""Gaussian elimination over GF(2) on rows packed 64 bits to a word."""

import numpy as np

from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import pointer_to, shifted


@kernel
def eliminate(matrix, order, pivots):
    """Reduced row echelon form in place, trying the columns in ``order``; returns how many pivots there are.

    ``matrix`` is uint64 (rows, words), C-contiguous, and ``pivots`` int64 (rows).
    """
    rows, words = matrix.shape
    packed, columns, found_at = pointer_to(matrix), pointer_to(order), pointer_to(pivots)
    found = 0
    for i in range(order.size):
        if found == rows:
            break
        column = columns[i]
        word, mask = column >> 6, np.uint64(1) << np.uint64(column & 63)
        row = found
        while row < rows and not packed[row * words + word] & mask:
            row += 1
        if row == rows:
            continue
        own = shifted(packed, found * words)
        if row != found:
            first = shifted(packed, row * words)
            for w in range(words):
                first[w], own[w] = own[w], first[w]
        for other in range(rows):
            if other != found and packed[other * words + word] & mask:
                to = shifted(packed, other * words)
                for w in range(words):
                    to[w] ^= own[w]
        found_at[found] = column
        found += 1
    return found
