"""Guessing the noise written down slowly: all patterns of a frame, sorted by what they are ordered by."""

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import LinearCode

#: The ranks of a pattern, ascending, from 1 on.
Pattern = tuple[int, ...]


def ranks_of(llr: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Positions from the least reliable on; of equal ones the first comes first."""
    return np.argsort(np.abs(llr), kind="stable")


def intercept(llr: npt.NDArray[np.float32]) -> int:
    """c of the 1-line order, in whole numbers: the line through the reliabilities of ranks 1 and n/2."""
    n = len(llr)
    sizes = [Fraction(float(size)) for size in np.sort(np.abs(llr))]
    if n < 4 or sizes[0] == 0:
        return 0
    largest = n * (n + 1) // 2
    beta = (sizes[n // 2 - 1] - sizes[0]) / (n // 2 - 1)
    if beta == 0:
        return largest
    return min(max(int(sizes[0] / beta - Fraction(1, 2)), 0), largest)


def all_patterns(n: int, order: Callable[[Pattern], Any]) -> Iterator[Pattern]:
    """All 2^n - 1 patterns with a flip, sorted."""
    patterns = (p for count in range(1, n + 1) for p in itertools.combinations(range(1, n + 1), count))
    return iter(sorted(patterns, key=order))


def by_flips(pattern: Pattern) -> Any:
    """The order of ``grand``, where ranks are positions."""
    return len(pattern), pattern


def by_logistic_weight(c: int) -> Callable[[Pattern], Any]:
    """The order of ``orbgrand``, c = 0, and of ``orbgrand1``."""
    return lambda pattern: (sum(pattern) + c * len(pattern), len(pattern), pattern)


def by_reliability(llr: npt.NDArray[np.float32]) -> Callable[[Pattern], Any]:
    """The order of ``sgrand``; exact sums."""
    sizes = [Fraction(float(size)) for size in np.sort(np.abs(llr))]
    return lambda pattern: sum(sizes[rank - 1] for rank in pattern)


def level_by_level(n: int, c: int) -> Iterator[Pattern]:
    """The order of ``orbgrand`` and ``orbgrand1`` for longer words, weight by weight."""
    for weight in itertools.count(c + 1):
        for count in range(1, n + 1):
            total = weight - c * count
            if total < count * (count + 1) // 2:
                break
            for pattern in itertools.combinations(range(1, min(n, total) + 1), count - 1):
                last = total - sum(pattern)
                if last > (pattern[-1] if pattern else 0) and last <= n:
                    yield (*pattern, last)


def guess(
    code: LinearCode,
    hard: npt.NDArray[np.uint8],
    positions: npt.NDArray[np.int64],
    patterns: Iterator[Pattern],
    most: int,
) -> tuple[npt.NDArray[np.uint8], int, bool]:
    """The word that guessing ends with, its queries, and whether it is a codeword."""
    queries = 1
    if not code.syndrome(hard).any():
        return hard, queries, True
    checks = code.parity_check_matrix.astype(np.int64)
    target = code.syndrome(hard)
    for pattern in patterns:
        if queries == most:
            break
        queries += 1
        flipped = positions[[rank - 1 for rank in pattern]]
        if np.array_equal(checks[:, flipped].sum(axis=1) % 2, target):
            word = hard.copy()
            word[flipped] ^= 1
            return word, queries, True
    return hard, queries, False
