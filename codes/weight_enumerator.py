"""How many codewords there are of each weight, and how many ones their messages hold.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 5, for enumerators and
MacWilliams' identity (section 5.2; of a word in two parts, section 5.6); Benedetto and Montorsi,
"Unveiling turbo codes", 1996, section II, for input-output enumerators.

Counts are exact: arrays of Python's integers (dtype object), since they soon exceed 2^63.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from .binary import gf2
from .linear import ENUMERATION_LIMIT, LinearCode

Counts = npt.NDArray[np.object_]
#: How an enumerator was found: by a formula of the code, from all its codewords, or from its dual's.
Method = Literal["formula", "enumeration", "dual"]

#: Largest length for which counts are worked out where they follow from a formula or from the dual.
MAX_LENGTH = 4096
#: Most products of integers in MacWilliams' identity for words in two parts.
MAX_PRODUCTS = 1 << 24


@dataclass(frozen=True, eq=False)
class Enumerator:
    """Exact counts of a code's words.

    Attributes
    ----------
    counts
        Python's integers, dtype object, read-only; the shape depends on what is counted.
    method
        ``formula``: the code's own; ``enumeration``: of all codewords; ``dual``: all words of the dual code,
        and MacWilliams' identity.
    """

    counts: Counts
    method: Method


@lru_cache(maxsize=64)
def weight_enumerator(code: LinearCode) -> Enumerator:
    """A_h, the number of codewords of weight h: counts of shape (n + 1), whose sum is 2^k.

    The cheapest way that there is: a formula, or the smaller one of the code and its dual. Raises
    ValueError if there is none, or n is above 4096 where it is not the codewords that are enumerated.
    """
    known = code.known_weights() if code.n <= MAX_LENGTH else None
    if known is not None:
        return _enumerator(np.array(known, object), "formula")
    if _route(code) == "enumeration":
        return _enumerator(code.weight_distribution().astype(object), "enumeration")
    dual = gf2.span_weights(_dual_rows(code))
    return _enumerator(macwilliams(dual), "dual")


def minimum_distance(code: LinearCode) -> int:
    """The least weight of a codeword other than zero; raises ValueError if there is no way to know it.

    From the weight enumerator, or as the code itself knows it.
    """
    try:
        return int(np.flatnonzero(weight_enumerator(code).counts)[1])
    except ValueError:
        return code.minimum_distance()


@lru_cache(maxsize=64)
def information_weights(code: LinearCode) -> Enumerator:
    """B_h, the ones in the messages of all codewords of weight h together: counts of shape (n + 1).

    Sum over w of w A_{w, h}, see ``input_output_enumerator``; it is what bounds on the BER need, and
    some codes have a formula for it. Raises ValueError if there is no way.
    """
    known = code.known_information_weights() if code.n <= MAX_LENGTH else None
    if known is not None:
        return _enumerator(np.array(known, object), "formula")
    found = input_output_enumerator(code)
    return _enumerator(np.arange(code.k + 1).astype(object) @ found.counts, found.method)


@lru_cache(maxsize=16)
def input_output_enumerator(code: LinearCode) -> Enumerator:
    """A_{w, h}, the number of messages of weight w whose codeword has weight h: shape (k + 1, n + 1).

    By enumeration of the codewords, or, for a systematic code, from the dual's words, whose weights
    are counted separately on the information bits and on the others. Raises ValueError where neither is
    feasible.
    """
    route = _route(code)
    if route == "enumeration":
        identity = np.eye(code.k, dtype=np.uint8)
        return _enumerator(gf2.span_weights(identity, code.generator_matrix).astype(object), route)
    n, k = code.n, code.k
    if not code.systematic or k * k * (n - k + 1) > MAX_PRODUCTS:
        if k <= ENUMERATION_LIMIT:
            identity = np.eye(k, dtype=np.uint8)
            counts = gf2.span_weights(identity, code.generator_matrix)
            return _enumerator(counts.astype(object), "enumeration")
        raise ValueError(
            f"input weights of {code!r} take k up to {ENUMERATION_LIMIT}, or a systematic code of "
            f"k^2 (n - k) up to {MAX_PRODUCTS}"
        )
    rows = _dual_rows(code)
    others = gf2.others(n, code.information_set)
    split = macwilliams(gf2.span_weights(rows[:, code.information_set], rows[:, others]))
    joint = np.zeros((k + 1, n + 1), object)
    for w in range(k + 1):
        joint[w, w : w + n - k + 1] = split[w]
    return _enumerator(joint, route)


def macwilliams(counts: npt.NDArray[np.int64] | Counts | Sequence[int]) -> Counts:
    """The weight distribution of the dual of a linear code with this one, exact.

    ``counts`` has shape (n + 1); or (n_1 + 1, ..., n_s + 1) for the joint weights of words in s parts.
    Raises ValueError if they are not those of a linear code, as far as can be seen: the identity
    gives fractions, or negative numbers.
    """
    given = np.array(counts, object)
    size = int(given.sum())
    if size < 1:
        raise ValueError("counts must hold at least the zero word")
    found = given
    for axis in range(given.ndim):
        found = np.moveaxis(_krawtchouk_transform(np.moveaxis(found, axis, 0)), 0, axis)
    if np.any(found % size) or np.any(found < 0):
        raise ValueError("counts are not the weight distribution of a linear code")
    return found // size


def _krawtchouk_transform(counts: Counts) -> Counts:
    """Sum over j of counts[j] K_i(j), for i from 0 to n; MacWilliams and Sloane, section 5.7."""
    n = len(counts) - 1
    weights = np.flatnonzero(counts.reshape(n + 1, -1).any(axis=1))
    rows, j = counts[weights], weights.astype(object)
    before, now = np.zeros(len(j), object), np.ones(len(j), object)
    found = np.empty(counts.shape, object)
    for i in range(n + 1):
        found[i] = now @ rows
        before, now = now, ((n - 2 * j) * now - (n - i + 1) * before) // (i + 1)
    return found


def _route(code: LinearCode) -> Literal["enumeration", "dual"]:
    """Whose words to enumerate; raises ValueError if both are too many."""
    n, k = code.n, code.k
    if k <= min(n - k, ENUMERATION_LIMIT) or (k <= ENUMERATION_LIMIT and n > MAX_LENGTH):
        return "enumeration"
    if n - k <= ENUMERATION_LIMIT and n <= MAX_LENGTH:
        return "dual"
    raise ValueError(
        f"weights of {code!r} cannot be worked out: that takes a formula or n - k up to {ENUMERATION_LIMIT}, "
        f"both for n up to {MAX_LENGTH}, or k up to {ENUMERATION_LIMIT}"
    )


def _dual_rows(code: LinearCode) -> gf2.Matrix:
    """A basis of the dual code, uint8 (n - k, n)."""
    checks = code.parity_check_matrix
    return gf2.row_reduce(checks)[0] if len(checks) else checks


def _enumerator(counts: Counts, method: Method) -> Enumerator:
    counts.flags.writeable = False
    return Enumerator(counts, method)
