"""Information measures of discrete laws, and Fano's inequality.

Laws are arrays of probabilities; 0 log 0 = 0, and what is infinite is infinity, never NaN. Cover and
Thomas, "Elements of Information Theory", 2nd ed., 2006, chapter 2.
"""

import math
from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from ..elementwise import as_numbers, elementwise
from ..numerics import inverse_binary_entropy, root

#: The unit of information: logarithms of base 2 or e.
Unit = Literal["bits", "nats"]
Array = npt.NDArray[np.float64]
#: How far from 1 the sum of a law may be; the law is divided by it.
SUM_TOLERANCE = 1e-9


def nats_in(unit: Unit) -> float:
    """How many nats one ``unit`` is: ln 2 for bits. Raises ValueError for any other unit."""
    if unit not in ("bits", "nats"):
        raise ValueError(f"unit must be bits or nats, got {unit!r}")
    return math.log(2) if unit == "bits" else 1.0


def as_law(values: npt.ArrayLike, name: str, dimensions: int | None = None) -> Array:
    """``values`` as a law of float64 that sums to 1.

    Raises ValueError, naming it, unless it has entries, all are finite and none negative, and they
    sum to 1 within 1e-9; and unless it has the given number of dimensions.
    """
    law = _as_probabilities(values, name)
    if dimensions is not None and law.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimensions, got shape {law.shape}")
    total = float(law.sum())
    if not abs(total - 1) <= SUM_TOLERANCE:
        raise ValueError(f"{name} must sum to 1, got {total}")
    return law / total


def as_transition(values: npt.ArrayLike, name: str = "transition") -> Array:
    """``values`` as a transition matrix P(output | input) of shape (inputs, outputs), rows summing to 1.

    Raises ValueError, naming it, unless it is a matrix whose rows are laws, as ``as_law`` takes them.
    """
    matrix = _as_probabilities(values, name)
    if matrix.ndim != 2:
        raise ValueError(f"{name} must be a matrix of shape (inputs, outputs), got shape {matrix.shape}")
    totals = matrix.sum(axis=1)
    wrong = np.flatnonzero(~(abs(totals - 1) <= SUM_TOLERANCE))
    if len(wrong):
        raise ValueError(f"{name} must have rows that sum to 1, got {totals[wrong[0]]} in row {wrong[0]}")
    rows: Array = matrix / totals[:, None]
    return rows


def _as_probabilities(values: npt.ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be an array of probabilities: its rows differ in length") from None
    if array.dtype.kind not in "buif":
        raise ValueError(f"{name} must be an array of probabilities, got {array.dtype}")
    array = array.astype(np.float64)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative, got {array.min()}")
    return array


def excess(t: Array) -> Array:
    """(1 + t) ln(1 + t) - t for t >= -1, without cancellation near t = 0, where it is t^2 / 2.

    The divergence of p from q is the sum of q excess(p / q - 1): terms that are never negative, which
    keeps its relative precision for laws that are nearly the same.
    """
    near = abs(t) < 0.04
    # sum over k >= 2 of (-t)^k / (k (k - 1)); at |t| < 0.04 what is left out is below 1e-17 of it
    small = np.where(near, t, 0.0)
    series = np.zeros_like(small)
    for k in range(13, 1, -1):
        series = series * -small + 1 / (k * (k - 1))
    series *= small * small
    far = np.where(near | (t <= -1), 0.0, t)
    return np.where(near, series, np.where(t <= -1, 1.0, (1 + far) * np.log1p(far) - far))


def _divergence_terms(p: Array, q: Array, ln_q: Array) -> Array:
    """p ln(p / q) - p + q in nats for each entry; ``ln_q`` = ln q is used where q underflows."""
    ratio_known = q > 1e-290
    t = np.where(ratio_known, p - q, 0.0) / np.where(ratio_known, q, 1.0)
    # Ratios too large for the difference to say more than the logarithm does.
    by_ratio = ratio_known & (t < 1e15)
    positive = p > 0
    ln_p = np.log(np.where(positive, p, 1.0))
    logs = np.where(positive, p * (ln_p - np.where(positive, ln_q, 0.0)) - p + q, q)
    return np.where(by_ratio, q * excess(np.where(by_ratio, t, 0.0)), logs)


def _ln(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(x)


# --- One law, or two ------------------------------------------------------------------------------------


@overload
def self_information(p: float, unit: Unit = "bits") -> float: ...
@overload
def self_information(p: npt.ArrayLike, unit: Unit = "bits") -> Array: ...
def self_information(p: npt.ArrayLike, unit: Unit = "bits") -> float | Array:
    """-log p, what an event of probability p tells; infinity for p = 0.

    Parameters
    ----------
    p
        A probability in [0, 1], or an array or list of them, of any shape.
    unit
        ``bits`` or ``nats``.

    Raises
    ------
    ValueError
        If a probability lies outside [0, 1].
    """
    values = np.asarray(as_numbers(p, "p"), np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        outside = values[~((values >= 0) & (values <= 1))]
        raise ValueError(f"p must lie in [0, 1], got {outside.flat[0]}")
    told = np.maximum(-_ln(values), 0.0) / nats_in(unit)  # -0 is 0
    return told if values.ndim else float(told)


def entropy(law: npt.ArrayLike, unit: Unit = "bits") -> float:
    """H(X) = -sum p log p of a law of any shape; a joint law gives the joint entropy.

    In [0, log of the number of entries]. Raises ValueError if ``law`` is none: empty, negative, not
    finite, or not summing to 1 within 1e-9. Shannon (1948), section 6.
    """
    p = as_law(law, "law")
    return float(p @ _surprise(p) if p.ndim == 1 else (p * _surprise(p)).sum()) / nats_in(unit)


def _surprise(p: Array) -> Array:
    """-ln p, and 0 where p = 0: always under a factor of p."""
    return np.maximum(-np.log(np.where(p > 0, p, 1.0)), 0.0)


def joint_entropy(joint: npt.ArrayLike, unit: Unit = "bits") -> float:
    """H(X, Y) of a joint law, shape (X's values, Y's values). Raises ValueError if it is no such law."""
    return entropy(as_law(joint, "joint", 2), unit)


def conditional_entropy(joint: npt.ArrayLike, given: Literal[0, 1] = 1, unit: Unit = "bits") -> float:
    """H(X | Y) = H(X, Y) - H(Y): what is not known of X once Y is.

    Parameters
    ----------
    joint
        P(X = x, Y = y), shape (X's values, Y's values).
    given
        The axis of what is known: 1 for H(X | Y), 0 for H(Y | X).
    unit
        ``bits`` or ``nats``.

    Raises
    ------
    ValueError
        If ``joint`` is no joint law, or ``given`` no axis of it.
    """
    if given not in (0, 1):
        raise ValueError(f"given must be axis 0 or 1, got {given!r}")
    p = as_law(joint, "joint", 2)
    known = np.broadcast_to(p.sum(axis=1 - given, keepdims=True), p.shape)
    # Terms p ln(p(y) / p(x, y)) one by one: none is negative, and nothing cancels.
    terms = p * np.maximum(_ln(np.where(p > 0, known, 1.0)) - np.log(np.where(p > 0, p, 1.0)), 0.0)
    return float(terms.sum()) / nats_in(unit)


def cross_entropy(law: npt.ArrayLike, reference: npt.ArrayLike, unit: Unit = "bits") -> float:
    """-sum p log q: the mean length of ideal codewords made for the law q when p is true.

    ``law`` is p, ``reference`` q, of the same shape; infinity where q is 0 and p is not. Raises
    ValueError if one is no law or the shapes differ.
    """
    p, q = _two_laws(law, reference)
    if ((q == 0) & (p > 0)).any():
        return math.inf
    return float((p * _surprise(q)).sum()) / nats_in(unit)


def kullback_leibler_divergence(law: npt.ArrayLike, reference: npt.ArrayLike, unit: Unit = "bits") -> float:
    """D(p || q) = sum p log(p / q) >= 0, with its relative precision also where p and q nearly agree.

    ``law`` is p, ``reference`` q, of the same shape; infinity where q is 0 and p is not. Raises
    ValueError if one is no law or the shapes differ. Kullback and Leibler (1951).
    """
    p, q = _two_laws(law, reference)
    return float(_divergence_terms(p, q, _ln(q)).sum()) / nats_in(unit)


def _two_laws(law: npt.ArrayLike, reference: npt.ArrayLike) -> tuple[Array, Array]:
    p, q = as_law(law, "law"), as_law(reference, "reference")
    if p.shape != q.shape:
        raise ValueError(f"law and reference must have one shape, got {p.shape} and {q.shape}")
    return p, q


# --- Two variables --------------------------------------------------------------------------------------


def mutual_information(joint: npt.ArrayLike, unit: Unit = "bits") -> float:
    """I(X; Y) = D(p(x, y) || p(x) p(y)) of a joint law, shape (X's values, Y's values).

    At least 0, with its relative precision also where X and Y are nearly independent. Raises ValueError
    if ``joint`` is no joint law.
    """
    p = as_law(joint, "joint", 2)
    x, y = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    ln_product = _ln(x) + _ln(y)
    return float(_divergence_terms(p, x * y, ln_product).sum()) / nats_in(unit)


def channel_information(input_law: npt.ArrayLike, transition: npt.ArrayLike, unit: Unit = "bits") -> float:
    """I(X; Y) of an input law over a discrete memoryless channel, in units a channel use.

    Parameters
    ----------
    input_law
        P(X = x), shape (inputs).
    transition
        P(Y = y | X = x), shape (inputs, outputs); each row is a law.
    unit
        ``bits`` or ``nats``.

    Raises
    ------
    ValueError
        If ``input_law`` is no law, ``transition`` no matrix of laws, or their sizes differ.
    """
    p, matrix = as_law(input_law, "input_law", 1), as_transition(transition)
    if len(p) != len(matrix):
        raise ValueError(f"input_law has {len(p)} entries, and transition {len(matrix)} rows")
    return float(p @ input_divergences(p, matrix)) / nats_in(unit)


def input_divergences(p: Array, matrix: Array) -> Array:
    """D(P(. | x) || P(Y)) in nats for each input x of a channel with input law ``p``: shape (inputs).

    Infinite for an input with p(x) = 0 that reaches outputs which no other input reaches; where p(x) is
    not 0, what underflows is left out.
    """
    output = p @ matrix
    reached = matrix
    if (output < 1e-290).any():
        reached = np.where((p[:, None] > 0) & (p[:, None] * matrix == 0), 0.0, matrix)
    output = np.broadcast_to(output, matrix.shape)
    divergences: Array = _divergence_terms(reached, output, _ln(output)).sum(axis=1)
    return divergences


# --- What errors must be made ---------------------------------------------------------------------------


@elementwise
def fano_bound(conditional_entropy: float, alphabet: int, unit: Unit = "bits") -> float:
    """The least probability of a wrong guess of X, given H(X | Y): Fano's inequality.

    The least P with H(P) + P log(M - 1) >= H(X | Y), the binary entropy H and M values of X. Fano (1952);
    Cover and Thomas (2006), theorem 2.10.1.

    Parameters
    ----------
    conditional_entropy
        H(X | Y), in [0, log M].
    alphabet
        M, how many values X has: an integer of at least 2, of any size.
    unit
        The unit of ``conditional_entropy``: ``bits`` or ``nats``.

    Returns
    -------
    float
        A probability in [0, 1 - 1/M].

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> round(fano_bound(0.5, 2), 4)
    0.11
    """
    if alphabet < 2:
        raise ValueError(f"alphabet must be at least 2, got {alphabet}")
    most = math.log2(alphabet)
    missing = conditional_entropy * nats_in(unit) / math.log(2)
    if not 0 <= missing <= most * (1 + 1e-15):
        raise ValueError(
            f"conditional_entropy must lie in [0, log of {alphabet if alphabet < 10**9 else 'alphabet'}], "
            f"got {conditional_entropy}"
        )
    if alphabet == 2:
        return inverse_binary_entropy(min(missing, 1.0))
    if missing == 0:
        return 0.0
    others = math.log(alphabet - 1)

    def surplus(x: float) -> float:
        p = math.exp(x)
        rest = -math.expm1(x)
        return -p * x - (rest * math.log(rest) if rest > 0 else 0.0) + p * others - missing * math.log(2)

    # Solved for ln p, which keeps the relative precision of small probabilities.
    if surplus(-745.0) >= 0:
        return 0.0
    return math.exp(root(surplus, -745.0, math.log1p(-1 / alphabet)))


@elementwise
def fano_frame_error_bound(n: int, k: int, capacity: float) -> float:
    """The least frame error rate of any code of k bits in n uses of a memoryless channel.

    Of k bits, at least k - n C stay unknown; Fano's inequality turns that into errors (the weak converse:
    Cover and Thomas, 2006, section 7.9). It is far from tight at short lengths.

    Parameters
    ----------
    n, k
        Channel uses and information bits, each at least 1.
    capacity
        C in bits a channel use, not negative.

    Returns
    -------
    float
        A probability in [0, 1]; 0 where k <= n C.

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    if n < 1 or k < 1:
        raise ValueError(f"n and k must be at least 1, got {n} and {k}")
    if not capacity >= 0:
        raise ValueError(f"capacity must not be negative, got {capacity}")
    return fano_bound(max(k - n * capacity, 0.0), 1 << k)
