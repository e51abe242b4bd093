"""Messages over the factor graph of the polar transform, plainly, in float64 over frames.

Both give a-posteriori LLRs of u and of x, (frames, n), from LLRs (frames, n) and what is known of u.
"""

import numpy as np
from capgap.codes import PolarCode

from .successive_cancellation import BoxPlus, Values

#: The LLR of a frozen bit.
KNOWN = 1e30


def inputs(code: PolarCode, prior: Values | None = None) -> Values:
    """LLRs of u before anything is received, (frames, n) or (1, n)."""
    known = np.zeros((1 if prior is None else len(prior), code.n))
    if prior is not None:
        known[:, code.information] = prior
    known[:, code.frozen] = KNOWN
    return known


def scan(llr: Values, known: Values, box_plus: BoxPlus, iterations: int) -> tuple[Values, Values]:
    """Soft cancellation (Fayyaz and Barry, 2014)."""
    kept: dict[tuple[int, int], Values] = {}
    of_u = np.zeros_like(llr)

    def visit(given: Values, first: int) -> Values:
        size = given.shape[1]
        if size == 1:
            own = np.broadcast_to(known[:, first : first + 1], given.shape)
            of_u[:, first : first + 1] = given + own
            return own
        h = size // 2
        a, b = given[:, :h], given[:, h:]
        y = kept.get((first + h, h), np.zeros_like(b))
        x = visit(box_plus(a, b + y), first)
        y = kept[first + h, h] = visit(b + box_plus(a, x), first + h)
        return np.hstack([box_plus(x, b + y), y + box_plus(x, a)])

    for _ in range(iterations):
        of_x = llr + visit(llr, 0)
    return of_u, of_x


def belief_propagation(
    llr: Values, known: Values, box_plus: BoxPlus, iterations: int, *, stop: bool
) -> tuple[Values, Values, Values]:
    """Flooding from stage to stage (Arikan, 2008), and back; what frozen bits tell is told everywhere first.

    Also returns the iterations that each frame took.
    """
    frames, n = llr.shape
    stages = n.bit_length() - 1
    left = np.zeros((stages + 1, frames, n))
    right = np.zeros((stages + 1, frames, n))
    spent = np.zeros(frames, int)
    found = np.zeros((2, frames, n))

    def halves(values: Values, h: int) -> tuple[Values, Values]:
        pairs = values.reshape(frames, -1, 2, h)
        return pairs[:, :, 0], pairs[:, :, 1]

    def together(a: Values, b: Values) -> Values:
        return np.stack([a, b], axis=2).reshape(frames, n)

    def to_the_right() -> None:
        for stage in range(stages):
            (a, b), (x, y) = halves(left[stage + 1], 1 << stage), halves(right[stage], 1 << stage)
            right[stage + 1] = together(box_plus(x, b + y), y + box_plus(x, a))

    right[0] = np.where(known == KNOWN, KNOWN, 0)
    to_the_right()
    right[0], left[stages] = known, llr
    for iteration in range(1, iterations + 1):
        for stage in range(stages - 1, -1, -1):
            (a, b), (x, y) = halves(left[stage + 1], 1 << stage), halves(right[stage], 1 << stage)
            left[stage] = together(box_plus(a, b + y), b + box_plus(a, x))
        to_the_right()
        going = spent == 0
        found[:, going] = (left[0] + right[0])[going], (left[stages] + right[stages])[going]
        ends = going & (stop & is_codeword(*found) | (iteration == iterations))
        spent[ends] = iteration
    return found[0], found[1], spent


def is_codeword(of_u: Values, of_x: Values) -> Values:
    """Whether decisions on x are the transform of those on u, and none is open: bool (frames)."""
    n = of_u.shape[1]
    word = PolarCode(n=n, information=range(n)).encode((of_u < 0).astype(np.uint8))
    open_ = (of_u == 0).any(axis=1) | (of_x == 0).any(axis=1)
    found: Values = (word == (of_x < 0)).all(axis=1) & ~open_
    return found
