"""Codes lifted from protographs: small graphs whose edges become circulants.

J. Thorpe, 2003, "Low-density parity-check (LDPC) codes constructed from protographs"; AR4JA and its
relatives, D. Divsalar, S. Dolinar, C. Jones and K. Andrews, 2009, "Capacity-approaching protograph codes";
accumulate-repeat-accumulate codes, A. Abbasfar, D. Divsalar and K. Yao, 2007; spatially coupled ones,
S. Kudekar, T. Richardson and R. Urbanke, 2011, "Threshold saturation via spatial coupling".
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number
from ...binary.gf2 import MAX_ONES
from ...binary.tanner_graph import TannerGraph
from ..analysis.cycles import short_cycles
from .checked import MOST_N, checked_range, checked_seed
from .growth import grown
from .made import Made

Base = npt.NDArray[np.int64]
#: Largest girth that can be asked for, and the most seeds with which it is tried.
MOST_GIRTH, SEEDS = 12, 20
#: Largest lifting size that is searched, and the largest that is given.
MOST_SEARCHED, MOST_Z = 1000, 100_000
#: The protograph of rate 1/2, the second column not sent, and the columns that make the rate higher, two a
#: step, which come first.
AR4JA = ([[1, 2, 0, 0, 0], [0, 3, 1, 1, 1], [0, 1, 2, 2, 1]], [[0, 0], [3, 1], [1, 3]])
#: Of accumulate-repeat-accumulate codes, by how often bits are repeated.
ARA = {
    3: ([[1, 2, 0, 0, 0], [0, 1, 2, 1, 1], [0, 2, 1, 1, 1]], [[0, 0], [2, 1], [1, 2]]),
    4: ([[1, 2, 0, 0, 0], [0, 3, 1, 1, 1], [0, 1, 3, 1, 1]], [[0, 0], [3, 1], [1, 3]]),
}
#: Most entries of the base matrix of a chain.
MOST_BASE = 4_000_000
#: Steps that each rate takes.
RATES = {"1/2": 0, "2/3": 1, "3/4": 2, "4/5": 3}


def protograph(
    *,
    base: list[list[int]],
    lifting_size: int | None = None,
    girth: int | None = None,
    seed: int = 0,
) -> Made:
    """A quasi-cyclic code: entry e of the base matrix becomes the sum of e circulants.

    Shifts are chosen one by one, the shortest cycle as long as it can be. With ``girth`` several choices are
    tried until that is reached; without ``lifting_size`` the least is looked for.
    """
    return _lifted(checked_base(base, "base"), lifting_size, girth, seed)


def ar4ja(
    *,
    rate: str | None = None,
    k: int | None = None,
    lifting_size: int | None = None,
    girth: int | None = None,
    seed: int = 0,
) -> Made:
    """Accumulate, repeat by 4, jagged accumulate: rates 1/2, 2/3, 3/4 and 4/5, k = 2, 4, 6 or 8 circulants.

    The protograph of CCSDS's codes, with circulants of its own.
    """
    return _extended(*AR4JA, rate, k, lifting_size, girth, seed)


def ara(
    *,
    repeat: int = 3,
    rate: str | None = None,
    k: int | None = None,
    lifting_size: int | None = None,
    girth: int | None = None,
    seed: int = 0,
) -> Made:
    """Accumulate, repeat by 3 or 4, accumulate: rates 1/2, 2/3, 3/4 and 4/5."""
    if repeat not in ARA:
        raise ValueError(f"repeat must be 3 or 4, got {repeat!r}")
    return _extended(*ARA[repeat], rate, k, lifting_size, girth, seed)


def coupled(
    *,
    components: list[list[list[int]]] | None = None,
    base: list[list[int]] | None = None,
    memory: int | None = None,
    length: int,
    lifting_size: int,
    termination: Literal["terminated", "tail-biting"] = "terminated",
    girth: int | None = None,
    seed: int = 0,
) -> Made:
    """A spatially coupled code: ``length`` protographs in a chain, each joined to the ``memory`` that follow.

    ``components`` are base matrices, the part of the edges that stays, that goes to the next, and so on; or
    the edges of ``base`` are spread over memory + 1 of them as equally as possible. A terminated chain has
    checks at its end for the edges that leave it; a tail-biting one is closed to a ring.
    """
    if (components is None) == (base is None):
        raise ValueError("give one of components, the parts of the base matrix, and base with memory")
    if base is not None:
        if memory is None:
            raise ValueError("memory is missing: over how many following positions base is spread")
        parts = spread(checked_base(base, "base"), checked_range(memory, "memory", 1, 100))
    else:
        if memory is not None:
            raise ValueError("memory says nothing beside components, which are memory + 1")
        assert components is not None
        parts = [checked_base(part, "components", empty=True) for part in components]
        if len(parts) < 2 or len({part.shape for part in parts}) > 1:
            raise ValueError("components must be two or more matrices of the same rows and columns")
    length = checked_range(length, "length", 2, MOST_N)
    if termination not in ("terminated", "tail-biting"):
        raise ValueError(f"termination must be terminated or tail-biting, got {termination!r}")
    if termination == "tail-biting" and length < len(parts):
        raise ValueError(
            f"length must be at least {len(parts)}, more than the memory, for a ring, got {length}"
        )
    chain = _chain(parts, length, ring=termination == "tail-biting")
    made = _lifted(chain, lifting_size, girth, seed)
    facts = {"positions": length, "memory": len(parts) - 1, "termination": termination}
    return Made(made.matrix, made.lifting_size, facts=facts)


def spread(base: Base, memory: int) -> list[Base]:
    """Base matrices whose sum is ``base``: edges go round over them, block by block."""
    parts = [np.zeros_like(base) for _ in range(memory + 1)]
    for row in range(len(base)):
        at = 0
        for column in range(base.shape[1]):
            for _ in range(int(base[row, column])):
                parts[at % len(parts)][row, column] += 1
                at += 1
    return parts


def _chain(parts: Sequence[Base], length: int, ring: bool) -> Base:
    """The base matrix of the chain: component i of a position is i positions below it."""
    rows, columns = parts[0].shape
    positions = length if ring else length + len(parts) - 1
    if positions * rows * length * columns > MOST_BASE:
        raise ValueError(f"length must be smaller: the chain's base matrix would be too large, got {length}")
    chain = np.zeros((positions * rows, length * columns), np.int64)
    for at in range(length):
        for i, part in enumerate(parts):
            row = (at + i) % positions * rows
            chain[row : row + rows, at * columns : (at + 1) * columns] += part
    return chain


def checked_base(base: Any, name: str, *, empty: bool = False) -> Base:
    """A base matrix: whole numbers from 0, no row or column of zeros unless it may be ``empty``."""
    if (
        not isinstance(base, Sequence)
        or not base
        or not all(isinstance(row, Sequence) and row for row in base)
    ):
        raise ValueError(f"{name} must be rows of whole numbers, such as [[1, 2], [2, 1]]")
    if len({len(row) for row in base}) > 1:
        raise ValueError(f"{name} must have rows of equal length")
    matrix = np.array([[whole_number(entry, name) for entry in row] for row in base], np.int64)
    if matrix.min() < 0:
        raise ValueError(f"{name} must not have negative entries, got {matrix.min()}")
    if not empty and not (matrix.any(axis=0).all() and matrix.any(axis=1).all()):
        raise ValueError(f"{name} must have no row and no column of zeros alone")
    return matrix


def _extended(
    core: list[list[int]],
    step: list[list[int]],
    rate: str | None,
    k: int | None,
    lifting_size: int | None,
    girth: int | None,
    seed: int,
) -> Made:
    """A protograph of a rate, its second column of the core not sent."""
    rate = "1/2" if rate is None else rate
    if rate not in RATES:
        raise ValueError(f"rate must be {', '.join(RATES)}, got {rate!r}")
    steps = RATES[rate]
    if k is not None:
        if lifting_size is not None:
            raise ValueError("k says nothing beside lifting_size: leave one out")
        blocks = 2 * steps + 2
        k = checked_range(k, "k", 1, MOST_N)
        if k % blocks:
            nearest = max(1, round(k / blocks)) * blocks
            raise ValueError(f"k must be a multiple of {blocks} at rate {rate}, got {k}: {nearest} would do")
        lifting_size = k // blocks
    base = np.hstack([*([np.array(step)] * steps), np.array(core)])
    made = _lifted(base, lifting_size, girth, seed)
    assert made.lifting_size is not None
    first = (2 * steps + 1) * made.lifting_size
    return Made(made.matrix, made.lifting_size, tuple(range(first, first + made.lifting_size)))


def _lifted(base: Base, lifting_size: int | None, girth: int | None, seed: int) -> Made:
    """The code of circulants; raises ValueError if the girth is not reached."""
    seed, most = checked_seed(seed), int(base.max())
    if girth is not None and girth not in range(4, MOST_GIRTH + 1, 2):
        raise ValueError(f"girth must be even and lie in 4 to {MOST_GIRTH}, got {girth}")
    if girth is not None and girth > 6 and most > 2:
        raise ValueError(f"girth is at most 6 where three circulants are in one block, got {girth}")
    if lifting_size is None:
        if girth is None:
            raise ValueError("lifting_size is missing: give it, or girth, and the least is searched")
        for z in range(most, MOST_SEARCHED + 1):
            found = _lift(base, z, seed)
            if _girth(found) >= girth:
                return found
        raise ValueError(f"girth {girth} was not reached with lifting sizes up to {MOST_SEARCHED}")
    z = checked_range(lifting_size, "lifting_size", 1, MOST_Z)
    if z < most:
        raise ValueError(
            f"lifting_size must be at least {most}, the largest entry of the base matrix, got {z}"
        )
    if base.shape[1] * z > MOST_N or int(base.sum()) * z > MAX_ONES:
        raise ValueError(f"lifting_size must be smaller: the code may have up to {MOST_N} variables")
    reached = 0.0
    for attempt in range(1 if girth is None else SEEDS):
        found = _lift(base, z, seed + attempt)
        if girth is None:
            return found
        reached = max(reached, _girth(found))
        if reached >= girth:
            return found
    raise ValueError(
        f"girth {girth} was not reached with lifting_size {z} and {SEEDS} seeds, only {reached:g}: take a "
        "larger lifting_size, or leave it out and it is searched"
    )


def _lift(base: Base, z: int, seed: int) -> Made:
    """Edges become circulants one by one, those of variables of low degree first."""
    columns = np.argsort(base.sum(axis=0), kind="stable")
    rows, places = [], []
    for column in columns:
        row = np.repeat(np.arange(len(base)), base[:, column])
        rows.append(row)
        places.append(np.full(len(row), column * z))
    shape = (base.shape[0] * z, base.shape[1] * z)
    matrix = grown(
        np.concatenate(places),
        shape,
        block=np.concatenate(rows),
        lifting_size=z,
        ace=True,
        seed=seed,
    )
    return Made(matrix, z)


def _girth(made: Made) -> float:
    """Of a quasi-cyclic code, up to the largest that can be asked for."""
    graph = TannerGraph.from_matrix(made.matrix)
    found = short_cycles(graph, made.lifting_size, longest=MOST_GIRTH - 2, most_steps=float("inf"))
    return max(found.counts) + 2 if found.girth is None else found.girth
