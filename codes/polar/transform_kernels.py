"""The polar transform of packed words, and of precoders: 64 frames a word."""

import numpy as np

from ...vectors.callee_kernels import inlined
from ...vectors.kernel_cache import kernel

u64 = np.uint64


@inlined
def _two(row, first, h):
    """x = (u0 + u1, u1) of two parts of h words each; its own inverse."""
    for i in range(u64(first), u64(first + h)):  # without a sign, so that no index can count from the end
        row[i] ^= row[i + u64(h)]


@inlined
def _three(row, first, h, inverse):
    """x = (u0 + u1, u0 + u2, u0 + u1 + u2) of three parts, or the inverse of it."""
    for i in range(u64(first), u64(first + h)):
        a, b, c = row[i], row[i + u64(h)], row[i + u64(2 * h)]
        if inverse:
            row[i], row[i + u64(h)], row[i + u64(2 * h)] = a ^ b ^ c, b ^ c, a ^ c
        else:
            row[i], row[i + u64(h)], row[i + u64(2 * h)] = a ^ b, a ^ c, a ^ b ^ c


@kernel
def transform(words, kernels, inverse):
    """Multiply rows of ``words``, uint64 (groups, n), by the Kronecker product of the kernels, in place.

    ``kernels`` is int64, 2 or 3 each, the first nearest to the channel.
    """
    groups, n = words.shape
    for group in range(groups):
        row = words[group]
        h = n
        for kernel_size in kernels:
            h //= kernel_size
            for first in range(0, n, kernel_size * h):
                if kernel_size == 2:
                    _two(row, first, h)
                else:
                    _three(row, first, h, inverse)


@kernel
def add_terms(words, sources, targets):
    """``words[:, targets[t]] ^= words[:, sources[t]]`` for one term after the other."""
    for group in range(words.shape[0]):
        row = words[group]
        for t in range(sources.size):
            row[targets[t]] ^= row[sources[t]]


@kernel
def solve(words, known):
    """The codewords x = u F^(m) with x as given at ``known`` positions and u = 0 at the others; in place.

    ``words`` is uint64 (groups, n) with the given bits at ``known``, bool (n); n is a power of two. A right
    half is a codeword by itself, and the left half one plus it: so each position is settled from those after
    it (E. Arikan, "Systematic polar coding", 2011).
    """
    groups, n = words.shape
    for group in range(groups):
        row = words[group]
        # From the last position to the first. When position i is reached, ``row[i]`` holds x given there
        # plus what the later parts of u contribute; a finished right half is added to its left half.
        for i in range(n - 1, -1, -1):
            if not known[i]:
                row[i] = u64(0)
            h = 1
            at = i
            # Blocks that begin at ``at`` are finished: put the one of 2 h together, while it is a left half.
            while h < n and (at & h) == 0:
                for j in range(u64(at), u64(at + h)):
                    row[j] ^= row[j + u64(h)]
                h *= 2
            if h < n:
                # ``at`` begins a right half of h: take it from what is given of the left one.
                for j in range(at - h, at):
                    if known[j]:
                        row[j] ^= row[j + h]
