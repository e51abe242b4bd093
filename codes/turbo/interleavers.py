"""Interleavers: permutations of information bits, given or by a construction.

A permutation is int32 (k): bit i behind the interleaver is bit ``permutation[i]`` before it. Random ones are
the same on every machine.
"""

import random
from typing import Any

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..convolutional.circuit import Numbers, read_only_numbers


def permutation(values: Any, k: int) -> Numbers:
    """A given permutation of k bits, int32 (k); raises ValueError with the first index that is wrong."""
    given = np.asarray(values)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise ValueError("interleaver must be a list of whole numbers")
    if len(given) != k:
        raise ValueError(f"interleaver must have {k} numbers, one for each information bit, got {len(given)}")
    seen = np.full(k, -1)
    for i, number in enumerate(given.tolist()):
        if not 0 <= number < k:
            raise ValueError(f"interleaver is no permutation: index {i} has {number}, not one of 0 to {k - 1}")
        if seen[number] >= 0:
            raise ValueError(
                f"interleaver is no permutation: index {i} has {number}, as index {seen[number]} has"
            )
        seen[number] = i
    return read_only_numbers(given)


def at_random(k: int, seed: int = 0) -> Numbers:
    """A permutation drawn uniformly."""
    # random.Random.random() is the one generator that Python promises never to change.
    draw = random.Random(whole_number(seed, "seed")).random
    order = list(range(k))
    for i in range(k - 1, 0, -1):
        j = int(draw() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return read_only_numbers(np.array(order))


def quadratic(k: int, f1: int, f2: int) -> Numbers:
    """The quadratic permutation polynomial (QPP) f1 i + f2 i^2 mod k (J. Sun, O. Y. Takeshita, 2005)."""
    i = np.arange(k, dtype=np.int64)
    return permutation((f1 + f2 * i % k) * i % k, k)
