"""Capacities of discrete memoryless channels: closed forms, and any transition matrix.

R. E. Blahut, "Computation of channel capacity and rate-distortion functions", 1972; S. Arimoto, "An
algorithm for computing the capacity of arbitrary discrete memoryless channels", 1972; Cover and Thomas,
"Elements of Information Theory", 2nd ed., 2006, chapter 7.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..elementwise import elementwise
from ..numerics import binary_entropy, bsc_capacity, root
from .measures import Array, as_law, as_transition, excess, input_divergences

#: How much of a bound in nats may be rounding.
ROUNDING = 1e-14
#: The least gap between the bounds that is asked for in float64, in bits.
LEAST_GAP = 1e-13


@elementwise
def z_channel_capacity(p: float) -> float:
    """log2(1 + (1 - p) p^(p / (1 - p))) of the Z channel, which turns a 1 into a 0 with probability p.

    In bits a use, for p in [0, 1]; raises ValueError outside. The other input always arrives. Golomb,
    "The limiting behavior of the Z-channel", 1980.
    """
    _check_probability(p, "p")
    if p == 1:
        return 0.0
    power = math.exp(p * math.log(p) / (1 - p)) if p > 0 else 1.0
    return math.log1p((1 - p) * power) / math.log(2)


@elementwise
def binary_asymmetric_capacity(p: float, q: float) -> float:
    """Capacity of the binary channel that turns 0 into 1 with probability p and 1 into 0 with q.

    With d = 1 - p - q and the binary entropy H, C = log2(2^((p H(q) - (1 - q) H(p)) / d) +
    2^((q H(p) - (1 - p) H(q)) / d)) (Silverman, "On binary channels and their cascades", 1955; Muroga,
    1953). That form cancels where d is small, so the same is computed as the divergence of either row
    from the output law that is equally far from both; it keeps its relative precision.

    In bits a use, for p and q in [0, 1]; 0 where p + q = 1. Raises ValueError outside.
    """
    _check_probability(p, "p")
    _check_probability(q, "q")
    if p == q:
        return bsc_capacity(p)
    if p + q > 1:  # the outputs change their names
        p, q = 1 - p, 1 - q
    if p == 0 or q == 0:
        return z_channel_capacity(max(p, q))
    if 1 - p - q <= 0:
        return 0.0
    return binary_input_capacity([[1 - p, p], [q, 1 - q]])


def binary_input_capacity(transition: npt.ArrayLike) -> float:
    """Capacity of a discrete memoryless channel with two inputs, in bits a use.

    It is the divergence of either row from the output law that is equally far from both (Blahut, 1972,
    theorem 1). That keeps its relative precision where the rows are nearly the same, and takes no more steps
    there, as ``blahut_arimoto`` does, which takes any number of inputs.

    Parameters
    ----------
    transition
        P(output | input), shape (2, outputs); each row is a law.

    Raises
    ------
    ValueError
        If ``transition`` is no such matrix.

    Examples
    --------
    >>> round(binary_input_capacity([[0.7, 0.3, 0.0], [0.0, 0.3, 0.7]]), 12)
    0.7
    """
    s, zero, one = _equally_far(transition)
    return ((1 - s) * zero + s * one) / math.log(2)


def best_input_law(transition: npt.ArrayLike) -> tuple[float, float]:
    """The probabilities of a 0 and of a 1 that reach ``binary_input_capacity``; equal where that is 0."""
    s, *_ = _equally_far(transition)
    return 1 - s, s


def _equally_far(transition: npt.ArrayLike) -> tuple[float, float, float]:
    """The probability of a 1 whose output law is equally far from both rows; both divergences in nats."""
    matrix = as_transition(transition)
    if len(matrix) != 2:
        raise ValueError(f"transition must have 2 rows, got {len(matrix)}")
    zero_row, one_row = matrix[:, (matrix > 1e-290).any(axis=0)]  # others tell nothing, and underflow
    apart = one_row - zero_row
    if not apart.any():
        return 0.5, 0.0, 0.0

    def told(s: float) -> tuple[float, float]:
        output = (1 - s) * zero_row + s * one_row
        zero = output @ excess(-s * apart / output)
        one = output @ excess((1 - s) * apart / output)
        return float(zero), float(one)

    # Either input is sent with a probability of at least 1/e (Majani and Rumsey, "Two results on
    # binary-input discrete memoryless channels", 1991).
    s = root(lambda s: float(np.subtract(*told(s))), 0.36, 0.64)
    return s, *told(s)


@elementwise
def qary_symmetric_capacity(q: int, p: float) -> float:
    """log2 q - H(p) - p log2(q - 1): each of q symbols becomes each other one with probability p / (q - 1).

    In bits a use, for q >= 2 and the error probability p in [0, 1]; 0 at p = 1 - 1/q, near which it
    keeps its relative precision. Raises ValueError outside.
    """
    _check_alphabet(q)
    _check_probability(p, "p")
    capacity = math.log2(q) - binary_entropy(p) - p * math.log2(q - 1)
    if capacity > 0.1:
        return capacity
    # The divergence of a row from the even law, which does not cancel.
    right = q * (1 - p) - 1 if p < 0.5 else (q - 1) - q * p
    ratios = np.maximum([right, -right / (q - 1)], -1.0)
    return float(np.array([1 / q, (q - 1) / q]) @ excess(ratios)) / math.log(2)


@elementwise
def qary_erasure_capacity(q: int, epsilon: float) -> float:
    """(1 - epsilon) log2 q bits a use: each of q symbols arrives, or is erased with probability epsilon.

    Raises ValueError unless q >= 2 and epsilon lies in [0, 1].
    """
    _check_alphabet(q)
    _check_probability(epsilon, "epsilon")
    return (1 - epsilon) * math.log2(q)


def _check_probability(p: float, name: str) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"{name} must lie in [0, 1], got {p}")


def _check_alphabet(q: int) -> None:
    if q < 2:
        raise ValueError(f"q must be at least 2, got {q}")


@dataclass(frozen=True)
class CapacityBounds:
    """What Blahut and Arimoto's algorithm found.

    Attributes
    ----------
    lower, upper
        The capacity lies between them, in bits a use; rounding is allowed for.
    input_law
        The law of the input that reaches ``lower`` or more: float64, shape (inputs).
    iterations
        How many laws were tried.
    """

    lower: float
    upper: float
    input_law: Array
    iterations: int

    @property
    def gap(self) -> float:
        """``upper`` - ``lower``: what is not known of the capacity."""
        return self.upper - self.lower


def blahut_arimoto(
    transition: npt.ArrayLike,
    gap: float = 1e-9,
    max_iterations: int = 100_000,
    start: npt.ArrayLike | None = None,
) -> CapacityBounds:
    """Capacity of any discrete memoryless channel, between certified bounds.

    With D(x) the divergence of the channel's row x from the output law, every input law p gives
    log2 sum p(x) 2^D(x) <= C <= max D(x) (Blahut, 1972, theorem 2; Arimoto, 1972). The next law is
    p(x) 2^(s D(x)), normalised: with s = 1 it never is worse, and s grows as long as that helps (Matz and
    Duhamel, "Information geometric formulation and interpretation of accelerated Blahut-Arimoto-type
    algorithms", 2004). The bounds hold for whatever law they were computed at.

    Parameters
    ----------
    transition
        P(output | input), shape (inputs, outputs); each row is a law.
    gap
        The iteration ends when the bounds are this close, in bits: at least 1e-13.
    max_iterations
        Or after so many laws, at least 1; ``gap`` of the result then tells how far it came. Inputs that
        are nearly, but not quite, the same make it slow.
    start
        The first input law, without zeros, shape (inputs); the uniform one by default.

    Returns
    -------
    CapacityBounds
        Bounds in bits a use, with the input law.

    Raises
    ------
    ValueError
        If ``transition`` is no matrix of laws, ``start`` no law without zeros of its size, or a number is
        outside its range.

    Examples
    --------
    >>> found = blahut_arimoto([[0.9, 0.1], [0.2, 0.8]])
    >>> found.lower <= binary_asymmetric_capacity(0.1, 0.2) <= found.upper
    True
    """
    matrix = as_transition(transition)
    matrix = matrix[:, matrix.any(axis=0)]
    if not gap >= LEAST_GAP:
        raise ValueError(f"gap must be at least {LEAST_GAP}, got {gap}")
    if max_iterations < 1:
        raise ValueError(f"max_iterations must be at least 1, got {max_iterations}")
    inputs = len(matrix)
    law = np.full(inputs, 1 / inputs) if start is None else as_law(start, "start", 1)
    if len(law) != inputs or not law.all():
        raise ValueError(f"start must be a law of {inputs} entries without zeros")
    lower, upper, best = 0.0, math.log(min(matrix.shape)), law
    best_divergence = np.zeros(inputs)
    divergence, here = input_divergences(law, matrix), -math.inf
    stride = 1.0
    iterations = 1
    while True:
        mean = _log_mean(law, divergence)
        # Close to the end the mean rises by less than its rounding; then the step counts as no worse.
        if mean > here - ROUNDING or stride == 1:
            here, settled, settled_divergence = mean, law, divergence
            upper = min(upper, float(divergence.max()))
            if mean > lower:
                lower, best, best_divergence = mean, law, divergence
            stride = min(stride * 1.25, 1e6)
        else:  # too far: back, and on by the step that is known to help
            law, divergence, stride = settled, settled_divergence, 1.0
        if (upper - lower) / math.log(2) + 2 * _rounding(upper) <= gap or iterations >= max_iterations:
            break
        exponent = np.where(law > 0, stride * (divergence - divergence.max()), 0.0)
        law = law * np.exp(exponent)
        law = law / law.sum()
        divergence = input_divergences(law, matrix)
        iterations += 1
    # Outwards by what rounding may have done.
    lower, upper = lower / math.log(2) - _rounding(upper), upper / math.log(2) + _rounding(upper)
    most = math.log2(min(matrix.shape))
    # The law after the one that gave the bound: that reaches it (Arimoto, 1972, theorem 1).
    best = best * np.exp(best_divergence - best_divergence.max())
    best = best / best.sum()
    return CapacityBounds(max(lower, 0.0), min(upper, most), best, iterations)


def _rounding(upper: float) -> float:
    """What the rounding of float64 may change in a bound, in bits."""
    return 1e-15 * (1 + upper)


def _log_mean(law: Array, divergence: Array) -> float:
    """ln sum p(x) e^D(x), the lower bound of Blahut and Arimoto in nats."""
    highest = float(divergence[law > 0].max())
    return highest + math.log(float(law[law > 0] @ np.exp(divergence[law > 0] - highest)))
