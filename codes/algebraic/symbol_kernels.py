"""Encoding with symbols of a finite field, a bit of 512 frames a vector.

A symbol is m rows, vectors in the order in which its bits are sent. Multiplication by a constant is linear in
them. The rows are taken in parts of a few: all sums within a part are formed once a symbol (Arlazarov, Dinic,
Kronrod and Faradzev, 1970), and each bit of each product is the sum of one from every part.
"""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import keep_alive, load, pointer_to, store

#: Words of a vector: groups of 64 frames that are encoded together.
WIDTH = 8

u64 = np.uint64


@inlined
def _make_sums(rows, first, m, part, sums):
    """All sums within the parts of ``part`` of the ``m`` rows from number ``first`` on.

    Those of part i stand from row ``i << part`` on: row j of them has the rows whose bits are set in j. Rows
    that stand for no sum of anything are 0.
    """
    for i in range(m):
        row, to = load(rows, first + i), i // part << part
        size = 1 << (i % part)
        for j in range(size):
            store(sums, to + size + j, load(sums, to + j) ^ row)


@kernel
def divide(words, k, products, part, depth, out):
    """``out``, uint64 (groups, n): codewords from ``words``, uint64 (groups, k m).

    Information symbols come first, and the remainder of u(x) x^(r depth) by a monic polynomial of degree r in
    x^depth follows, by long division.

    Parameters
    ----------
    words, k
        Information bits, and how many symbols of m bits they are.
    products
        int32 (r, m, parts): for the coefficients of x^(r - 1), ..., 1 of the polynomial, and each bit of
        their products with a symbol, the sums of the parts.
    part
        Rows of a part, of which a last one may have fewer.
    depth
        Words that are interleaved, symbol by symbol.
    out
        Receives the codewords, in the first (k + r depth) m columns.
    """
    r, m, parts = products.shape
    length = (k + r * depth) * m
    left, sums_left = np.zeros((length, WIDTH), np.uint64), np.zeros((parts << part, WIDTH), np.uint64)
    rows, sums = pointer_to(left.view(np.uint32)), pointer_to(sums_left.view(np.uint32))
    table = pointer_to(products)
    for start in range(0, words.shape[0], WIDTH):
        present = min(WIDTH, words.shape[0] - start)
        for w in range(present):
            for i in range(k * m):
                left[i, w] = out[start + w, i] = words[start + w, i]
        left[k * m :] = u64(0)
        for i in range(k):
            _make_sums(rows, i * m, m, part, sums)
            at = 0
            for j in range(1, r + 1):
                to = (i + j * depth) * m
                for row in range(to, to + m):
                    total = load(rows, row)
                    for _ in range(parts):
                        total = total ^ load(sums, table[at])
                        at += 1
                    store(rows, row, total)
        for w in range(present):
            for i in range(k * m, length):
                out[start + w, i] = left[i, w]
    keep_alive(left)
    keep_alive(sums_left)
