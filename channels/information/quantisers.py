"""Quantisers of what a channel with two inputs gives, that keep the most of the mutual information.

B. M. Kurkoski and H. Yagi, "Quantization of binary-input discrete memoryless channels", IEEE Transactions on
Information Theory 60(8), 2014.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...vectors.whole_numbers import whole_number
from .measures import Array, as_law, as_transition

#: The most outputs that are quantised, since time and memory grow with their square.
MOST_OUTPUTS = 2048


@dataclass(frozen=True)
class Quantiser:
    """A map from outputs to fewer ones.

    Attributes
    ----------
    levels
        The new output of each output, int64 (outputs): 0 for the largest P(output | 0) / P(output | 1), and
        on in the order of that ratio. An output that never occurs goes to one of them.
    transition
        P(new output | input), float64 (2, new outputs).
    information
        Mutual information of the input and the new output, bits.
    """

    levels: npt.NDArray[np.int64]
    transition: Array
    information: float


def optimal_quantiser(
    transition: npt.ArrayLike, levels: int, input_law: npt.ArrayLike = (0.5, 0.5)
) -> Quantiser:
    """The map to so many levels that keeps the most mutual information, by dynamic programming.

    Levels are intervals of the likelihood ratio in a best map (Kurkoski and Yagi, 2014, section III), so the
    best ends of the intervals are found one after the other. Time grows with the number of levels and with
    the square of that of outputs.

    Parameters
    ----------
    transition
        P(output | input), shape (2, outputs), of at most 2048 outputs; each row is a law.
    levels
        How many levels there may be, at least 1. With as many as there are outputs nothing is lost.
    input_law
        P(input), shape (2).

    Raises
    ------
    ValueError
        If ``transition`` or ``input_law`` is no law of its shape, or a number is outside its range.

    Examples
    --------
    >>> optimal_quantiser([[0.6, 0.3, 0.1, 0.0], [0.0, 0.1, 0.3, 0.6]], 2).levels.tolist()
    [0, 0, 1, 1]
    """
    matrix, law = as_transition(transition), as_law(input_law, "input_law", 1)
    levels = whole_number(levels, "levels")
    if len(matrix) != 2 or len(law) != 2:
        raise ValueError(f"transition and input_law must have 2 inputs, got {len(matrix)} and {len(law)}")
    outputs = matrix.shape[1]
    if outputs > MOST_OUTPUTS:
        raise ValueError(f"transition must have at most {MOST_OUTPUTS} outputs, got {outputs}")
    if levels < 1:
        raise ValueError(f"levels must be at least 1, got {levels}")
    total = matrix.sum(axis=0)
    order = np.argsort(-matrix[0] / np.where(total > 0, total, 1), kind="stable")
    joint = law[:, None] * matrix[:, order]
    ends = best_intervals(joint, law, min(levels, outputs))
    level = np.empty(outputs, np.int64)
    level[order] = np.repeat(np.arange(len(ends)), np.diff([0, *ends]))
    new = np.zeros((2, len(ends)))
    np.add.at(new.T, level, matrix.T)
    return Quantiser(level, new, float(partial_information(law[:, None] * new, law).sum()) / np.log(2))


def partial_information(joint: Array, law: Array) -> Array:
    """What outputs add to the mutual information, in nats: (...), of P(input, output), shape (2, ...).

    ``law`` is that of the input, (2). Sums of p(x, y) ln(p(x, y) / (p(x) p(y))), where 0 ln 0 = 0.
    """
    total = joint[0] + joint[1]
    told = np.zeros(total.shape)
    for chance, row in zip(law, joint, strict=True):
        there = row > 0
        share = np.where(there, row, 1.0) / np.where(there, total, 1.0)
        told += np.where(there, row * np.log(share / chance), 0.0)
    return told


def best_intervals(joint: Array, law: Array, levels: int) -> npt.NDArray[np.int64]:
    """Where the intervals of outputs end that keep the most: int64 (levels), rising, the last one all.

    ``joint`` is P(input, output) of outputs in the order of their likelihood ratios, shape (2, outputs); it
    may be a part of a law. ``law`` is that of the input, (2). There are at least as many outputs as levels.
    """
    outputs = joint.shape[1]
    sums = np.hstack([np.zeros((2, 1)), np.cumsum(joint, axis=1)])
    # kept[i, j]: what outputs i, ..., j - 1 keep as one level.
    between = np.maximum(sums[:, None, :] - sums[:, :, None], 0.0)
    kept = np.where(np.tri(outputs + 1, dtype=bool), -np.inf, partial_information(between, law))
    best, froms = kept[0], []
    for _ in range(1, levels):
        through = best[:, None] + kept
        chosen = through.argmax(axis=0)
        froms.append(chosen)
        best = through[chosen, np.arange(outputs + 1)]
    ends = [outputs]
    for chosen in reversed(froms):
        ends.append(int(chosen[ends[-1]]))
    return np.array(ends[::-1], np.int64)
