"""Repeat-accumulate codes: parity bits are a running sum, so that the checks encode by themselves.

D. Divsalar, H. Jin and R. J. McEliece, 1998, "Coding theorems for turbo-like codes"; irregular ones, H. Jin,
A. Khandekar and R. McEliece, 2000, "Irregular repeat-accumulate codes".
"""

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ...binary.gf2 import of_coordinates
from .checked import (
    MOST_GROWN,
    MOST_N,
    checked_edges,
    checked_length,
    checked_range,
    checked_seed,
    told_degrees,
    variable_counts,
)
from .degrees import Degrees, Perspective, listed, node_shares
from .growth import grown
from .made import Made


def ra(*, k: int, repeat: int, combine: int = 1, systematic: bool = False, seed: int = 0) -> Made:
    """Each of k bits is repeated, the copies are interleaved at random, and sums of ``combine`` accumulated.

    The sums are sent, k ``repeat`` / ``combine`` of them, and the k bits only with ``systematic``.
    """
    k = checked_range(k, "k", 1, MOST_N)
    repeat = checked_range(repeat, "repeat", 2, 1000)
    combine = checked_range(combine, "combine", 1, k)
    checks, rest = divmod(k * repeat, combine)
    if rest:
        fits = [a for a in range(1, k + 1) if k * repeat % a == 0]
        raise ValueError(
            f"combine must divide the {k * repeat} repeated bits, got {combine}; "
            f"{min(fits, key=lambda a: abs(a - combine))} would do"
        )
    if checks + k > MOST_N:
        raise ValueError(f"k must be smaller: the code may have up to {MOST_N} variables")
    if not systematic and checks <= k:
        raise ValueError(
            f"repeat must exceed combine unless the bits are sent: {checks} sums are sent of {k} bits"
        )
    order = _interleaver(k, repeat, combine, checked_seed(seed))
    part = of_coordinates(np.arange(k * repeat) // combine, order, (checks, k), "the matrix")
    return Made(_beside(part, accumulator(checks)), punctured=() if systematic else tuple(range(k)))


def _interleaver(k: int, repeat: int, combine: int, seed: int) -> npt.NDArray[np.int64]:
    """The bit at each place of the interleaved copies, no bit twice in a sum."""
    random = np.random.default_rng(seed)
    order = random.permutation(np.repeat(np.arange(k), repeat))
    for _ in range(1000):
        sums = np.sort(order.reshape(-1, combine), axis=1)
        twice = np.flatnonzero((sums[:, 1:] == sums[:, :-1]).any(axis=1))
        if len(twice) == 0:
            return order
        for i in twice * combine + random.integers(combine, size=len(twice)):
            j = random.integers(len(order))
            order[i], order[j] = order[j], order[i]
    raise ValueError("combine: no interleaver without double edges was found: take a larger k")


def ira(
    *,
    n: int,
    k: int,
    column_weight: int | None = None,
    variables: Degrees | None = None,
    perspective: Perspective = "edge",
    seed: int = 0,
) -> Made:
    """Irregular repeat-accumulate, systematic: n - k running sums over k bits of given degrees.

    ``column_weight`` or ``variables`` are those of the k information bits alone; which sums they enter is
    chosen by progressive edge growth.
    """
    n, k = checked_length(n, k)
    checks = n - k
    counts = variable_counts(k, checks, column_weight, variables, perspective)
    columns = listed(counts, descending=True)
    checked_edges(int(columns.sum()), MOST_GROWN, "construction: ira, but for the sums,")
    sums = accumulator(checks).tocoo()
    order = np.arange(k)[::-1]
    matrix = grown(
        np.repeat(order, columns[order]),
        (checks, n),
        preset=(sums.coords[0], sums.coords[1] + k),
        seed=checked_seed(seed),
    )
    facts = {}
    if variables is not None:
        facts["information bits, as rounded"] = told_degrees(
            node_shares(variables, "variables", perspective), counts, k
        )
    return Made(matrix, facts=facts)


def accumulator(size: int) -> scipy.sparse.csr_array:
    """Sum i is that of check i and sum i - 1."""
    at = np.arange(size)
    rows, columns = np.concatenate([at, at[1:]]), np.concatenate([at, at[:-1]])
    return of_coordinates(rows, columns, (size, size), "the matrix")


def _beside(left: scipy.sparse.csr_array, right: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    return scipy.sparse.csr_array(scipy.sparse.hstack([left, right]), dtype=np.uint8)
