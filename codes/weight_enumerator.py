"""How many codewords there are of each weight, and how many ones their messages hold.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 5, for enumerators and
MacWilliams' identity (section 5.2; of a word in two parts, section 5.6); Benedetto and Montorsi,
"Unveiling turbo codes", 1996, section II, for input-output enumerators.

Counts are exact: arrays of Python's integers (dtype object), since they soon exceed 2^63.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from .binary import gf2
from .linear import ENUMERATION_LIMIT, LinearCode, LowWeights, SuppliedWeights

Counts = npt.NDArray[np.object_]
#: How an enumerator was found: supplied by somebody, by a formula of the code, from all its codewords, or
#: from its dual's.
Method = Literal["supplied", "formula", "enumeration", "dual"]
AnyLinear = TypeVar("AnyLinear", bound=LinearCode)

#: Largest length for which counts are worked out where they follow from a formula or from the dual.
MAX_LENGTH = 4096
#: Codes, or their duals, with at most so many information bits have the weights that are given compared.
MOST_COMPARED = 16
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
        ``supplied``: see ``with_weights``; ``formula``: the code's own; ``enumeration``: of all codewords;
        ``dual``: all words of the dual code, and MacWilliams' identity.
    """

    counts: Counts
    method: Method


@lru_cache(maxsize=64)
def weight_enumerator(code: LinearCode) -> Enumerator:
    """A_h, the number of codewords of weight h: counts of shape (n + 1), whose sum is 2^k.

    The cheapest way that there is: a formula, or the smaller one of the code and its dual. Raises
    ValueError if there is none, or n is above 4096 where it is not the codewords that are enumerated.
    """
    supplied = code.supplied_weights
    if supplied is not None and supplied.complete:
        return _enumerator(_listed(supplied.codewords, code.n), "supplied")
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
    some codes have a formula for it. Where all positions are alike it is h k / n a word of weight h. Raises
    ValueError if there is no way.
    """
    supplied = code.supplied_weights
    if supplied is not None and supplied.complete and supplied.ones is not None:
        return _enumerator(_listed(supplied.ones, code.n), "supplied")
    known = code.known_information_weights() if code.n <= MAX_LENGTH else None
    if known is not None:
        return _enumerator(np.array(known, object), "formula")
    if code.transitive and code.systematic:
        words = weight_enumerator(code)
        return _enumerator(
            np.arange(code.n + 1).astype(object) * words.counts * code.k // code.n, words.method
        )
    found = input_output_enumerator(code)
    return _enumerator(np.arange(code.k + 1).astype(object) @ found.counts, found.method)


def low_weights(code: LinearCode) -> LowWeights | None:
    """The lowest weights, where it is these alone that are known: supplied ones, or those the code finds."""
    supplied = code.supplied_weights
    if supplied is None or supplied.complete:
        return code.low_weights()
    weights = tuple(sorted(h for h in supplied.codewords if h))
    ones = supplied.ones
    if ones is None and code.transitive and code.systematic:
        ones = {h: h * code.k * supplied.codewords[h] // code.n for h in weights}
    return LowWeights(
        weights,
        tuple(float(supplied.codewords[h]) for h in weights),
        () if ones is None else tuple(float(ones.get(h, 0)) for h in weights),
    )


def with_weights(
    code: AnyLinear, weights: Mapping[int, int], information_weights: Mapping[int, int] | None = None
) -> AnyLinear:
    """The same code with weights that are known from elsewhere, for bounds.

    Parameters
    ----------
    code
        A linear code with n up to 4096.
    weights
        How many codewords there are of each weight. If their sum is 2^k these are all; if it is less, they
        are taken for the lowest weights, and bounds have their first terms alone. That of weight 0 may be
        left out.
    information_weights
        The ones in the messages of all codewords of each weight together, which bounds on the BER need; where
        they are left out they are worked out if that is possible.

    Raises
    ------
    ValueError
        If no linear code has these: there is not one word of weight 0, a weight lies outside 0 to n, a number
        is negative, the sum is above 2^k, or MacWilliams' identity gives something else than whole numbers.

    Examples
    --------
    >>> code = with_weights(LinearCode(generator=[[1, 0, 1], [0, 1, 1]]), {2: 3})
    >>> weight_enumerator(code).counts.tolist(), weight_enumerator(code).method
    ([1, 0, 3, 0], 'supplied')
    """
    n, k = code.n, code.k
    if n > MAX_LENGTH:
        raise ValueError(f"weights can be supplied of codes with n up to {MAX_LENGTH}, not {code!r}")
    counts = {0: 1, **_checked(weights, n, "weights")}
    if counts[0] != 1:
        raise ValueError(f"weights: there is one codeword of weight 0, not {counts[0]}")
    total = sum(counts.values())
    if total == 1:
        raise ValueError("weights must have a weight above 0")
    if total > 2**k:
        raise ValueError(f"weights must have 2^{k} codewords at most, got {total}")
    complete = total == 2**k
    if complete:
        try:
            macwilliams(_listed(counts, n))
        except ValueError:
            raise ValueError(
                "weights are those of no linear code: MacWilliams' identity gives the dual code numbers "
                "that are not whole, or negative"
            ) from None
    _refuse_other_weights(code, counts, complete)
    ones = None
    if information_weights is not None:
        ones = _checked(information_weights, n, "information_weights")
        wrong = [h for h, number in ones.items() if number > k * counts.get(h, 0)]
        if wrong:
            raise ValueError(
                f"information_weights: {counts.get(wrong[0], 0)} messages of {k} bits for words of weight "
                f"{wrong[0]} do not have {ones[wrong[0]]} ones"
            )
        if complete and sum(ones.values()) != k * 2 ** (k - 1):
            raise ValueError(f"information_weights must have the sum k 2^(k - 1) = {k * 2 ** (k - 1)}")
    made = copy.copy(code)
    made.supplied_weights = SuppliedWeights(counts, ones, complete)
    return made


def _refuse_other_weights(code: LinearCode, counts: Mapping[int, int], complete: bool) -> None:
    """Raise ValueError where a code is known to have other weights, at the least ones that are given."""
    designed = getattr(code, "designed_distance", 0)
    light = [h for h in counts if 0 < h < designed]
    if light:
        raise ValueError(
            f"weights: {code!r} has no word of weight {light[0]}, its distance is {designed} at least"
        )
    if min(code.k, code.n - code.k) > MOST_COMPARED:
        return
    known = weight_enumerator(code).counts
    for h in range(code.n + 1 if complete else max(counts) + 1):
        if known[h] != counts.get(h, 0):
            raise ValueError(f"weights: {code!r} has {known[h]} words of weight {h}, not {counts.get(h, 0)}")


def _checked(numbers: Mapping[int, int], n: int, name: str) -> dict[int, int]:
    """Numbers by weight, without those that are 0; raises ValueError for what can be none."""
    for h, number in numbers.items():
        if not 0 <= h <= n:
            raise ValueError(f"{name} must be for weights from 0 to n = {n}, got {h}")
        if number < 0:
            raise ValueError(f"{name} must be 0 or more, got {number} for weight {h}")
    return {h: number for h, number in numbers.items() if number or h == 0}


def _listed(numbers: Mapping[int, int], n: int) -> Counts:
    """Numbers by weight as an array (n + 1)."""
    found = np.zeros(n + 1, object)
    for h, number in numbers.items():
        found[h] = number
    return found


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
