"""Recursive list decoding of Reed-Muller codes in the words of Dumer and Shabunov, a path at a time."""

from typing import Any

import numpy as np

Values = np.ndarray[Any, Any]
#: What a path has cost, and the signs that it has decided.
Path = tuple[float, Values]


def box_plus(a: Values, b: Values, exact: bool) -> Values:
    """What the sum of two bits is worth."""
    if exact:
        return np.asarray(np.log1p(np.exp(a + b)) - np.logaddexp(a, b))
    return np.asarray(np.sign(a) * np.sign(b) * np.minimum(abs(a), abs(b)))


def cost(signs: Values, llr: Values, exact: bool) -> float:
    """Minus the logarithm of the probability of signs, or, by min-sum, the LLRs that are against them."""
    return float((np.log1p(np.exp(-signs * llr)) if exact else np.maximum(-signs * llr, 0)).sum())


def decoded(llr: Values, r: int, size: int, exact: bool) -> list[Path]:
    """The paths of RM(r, m), the best first, from LLRs (2^m)."""
    return best(continued([(0.0, np.empty(0))], [llr.astype(np.float64)], r, size, exact), size)


def continued(paths: list[Path], llrs: list[Values], r: int, size: int, exact: bool) -> list[Path]:
    """Paths with a node's signs behind their own; each has its LLRs of the node."""
    n = len(llrs[0])
    m = n.bit_length() - 1
    r = min(r, m)
    if r <= 1:
        positions = np.arange(n)
        words = [sign * (1 - 2 * parity(positions & t)) for t in range(n if r else 1) for sign in (1, -1)]
        found = [
            (so_far + cost(word, llr, exact), np.append(signs, word))
            for (so_far, signs), llr in zip(paths, llrs, strict=True)
            for word in words
        ]
        return best(found, size)
    # Every path keeps its LLRs behind its signs, so that they move together.
    h = n // 2
    carried = [(so_far, np.append(llr, signs)) for (so_far, signs), llr in zip(paths, llrs, strict=True)]
    left = continued(carried, [box_plus(llr[:h], llr[h:], exact) for llr in llrs], r - 1, size, exact)
    llrs = [signs[:n] for _, signs in left]
    paths = [(so_far, signs[n:]) for so_far, signs in left]
    sums = [signs[-h:] * llr[:h] + llr[h:] for (_, signs), llr in zip(paths, llrs, strict=True)]
    right = continued(paths, sums, r, size, exact)
    done = []
    for so_far, signs in right:
        signs = signs.copy()
        signs[-n:-h] *= signs[-h:]
        done.append((so_far, signs))
    return done


def parity(numbers: Values) -> Values:
    """The parity of the ones of numbers."""
    return np.array([int(number).bit_count() % 2 for number in numbers])


def best(paths: list[Path], size: int) -> list[Path]:
    """As many as the list has, the best first."""
    return sorted(paths, key=lambda path: path[0])[:size]
