"""Graphs that are grown edge by edge, each to the check that is farthest from its variable.

X.-Y. Hu, E. Eleftheriou and D. M. Arnold, 2005, "Regular and irregular progressive edge-growth Tanner
graphs", section III; with quasi-cyclic copies of each edge, Z. Li and B. V. K. V. Kumar, 2004, "A class of
good quasi-cyclic low-density parity check codes based on progressive edge growth graph"; the approximate
cycle extrinsic degree (ACE), T. Tian, C. Jones, J. Villasenor and R. Wesel, 2004, as H. Xiao and A.
Banihashemi, 2004, "Improved progressive-edge-growth (PEG) construction of irregular LDPC codes", use it.
"""

from typing import Any

import numpy as np
import scipy.sparse

from ...binary.gf2 import of_coordinates
from .growth_kernels import grow

#: Candidates whose cycles over their own copies are looked at.
TRIES = 8
#: Checks on the way to the farthest that are told apart, where edges come with copies: girths up to 18.
LEVELS = 8


def grown(
    owner: Any,
    shape: tuple[int, int],
    *,
    block: Any = None,
    lifting_size: int = 1,
    preset: tuple[Any, Any] | None = None,
    ace: bool = False,
    seed: int = 0,
) -> scipy.sparse.csr_array:
    """A parity-check matrix, uint8 sparse of a shape (checks, variables).

    Parameters
    ----------
    owner
        The variable of each edge, in the order in which they are joined; of a quasi-cyclic graph one variable
        of a block for all copies of the edge.
    shape
        Checks and variables.
    block
        The block of checks in which each edge ends; any check unless given.
    lifting_size
        Variables, and checks, of a block.
    preset
        Rows and columns of edges that are there before.
    ace
        Of checks equally far, prefer those whose cycles have the most edges to the rest of the graph.
    seed
        Of choices between equals.

    Raises
    ------
    ValueError
        If an edge finds no check that its variable does not have.
    """
    checks, variables = shape
    z = lifting_size
    owner = np.asarray(owner, np.int32)
    rows, columns = (np.zeros(0, np.int32),) * 2 if preset is None else preset
    variable, check = np.empty((2, len(rows) + z * len(owner)), np.int32)
    check[: len(rows)], variable[: len(rows)] = rows, columns
    blocks = np.full(len(owner), -1, np.int32) if block is None else np.asarray(block, np.int32)
    degrees = np.bincount(owner // z, minlength=variables // z).repeat(z)
    degrees += np.bincount(columns, minlength=variables)
    # The generator must not start from 0; multiples of an odd number differ for different seeds.
    start = np.uint64((seed + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1 or 1)
    levels = LEVELS if z > 1 else variables
    joined = grow(owner, blocks, z, checks, degrees, ace, levels, TRIES, start, len(rows), variable, check)
    if joined < len(owner):
        raise ValueError(f"variable {owner[joined]} has more edges than there are checks for them")
    return of_coordinates(check, variable, shape, "the matrix")
