"""Cyclic redundancy checks of 64 frames a word."""

import numpy as np

from ...vectors.kernel_cache import kernel

u64 = np.uint64


@kernel
def remainders(words, divisor, out):
    """``out``, uint64 (groups, bits): the remainders of u(x) x^bits by a polynomial of degree ``bits``.

    ``words`` is uint64 (groups, k), the coefficients of u(x), the highest first, and so are the remainders.
    ``divisor`` is int64, where the polynomial has ones: how far behind the leading one, which is left out.
    """
    groups, k = words.shape
    bits = out.shape[1]
    left = np.empty(k + bits, np.uint64)
    for group in range(groups):
        left[:k] = words[group]
        left[k:] = u64(0)
        for i in range(k):
            first = left[i]
            for j in range(divisor.size):
                left[i + divisor[j]] ^= first
        out[group] = left[k:]
