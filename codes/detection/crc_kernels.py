"""Cyclic redundancy checks of 64 frames a word, and eight words side by side."""

import numpy as np

from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import keep_alive, load, pointer_to, store

#: Words of a vector.
WIDTH = 8

u64 = np.uint64


@kernel
def remainders(words, k, divisor, out, first):
    """The remainders of u(x) x^bits by a polynomial of degree ``bits``, by long division.

    ``words`` is uint64 (groups, at least k): the first k of a row are the coefficients of u(x), the highest
    first. ``divisor``, int64, says where the polynomial has ones: how far behind the leading one, which is
    left out; the last of them is its degree. ``out``, uint64 (groups, at least first + bits), receives the
    remainders, their highest coefficients at ``first``.
    """
    groups, bits = words.shape[0], divisor[-1]
    left = np.zeros((k + bits, WIDTH), np.uint64)
    rows, ones = pointer_to(left.view(np.uint32)), pointer_to(divisor)
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        for i in range(k):
            for w in range(present):
                left[i, w] = words[start + w, i]
        left[k:] = u64(0)
        for i in range(k):
            leading = load(rows, i)
            for j in range(divisor.size):
                row = i + ones[j]
                store(rows, row, load(rows, row) ^ leading)
        for i in range(bits):
            for w in range(present):
                out[start + w, first + i] = left[k + i, w]
    keep_alive(left)
