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
from .growth_kernels import Graph, Search, grow

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
    rows, columns = (np.zeros(0, np.int64),) * 2 if preset is None else preset
    blocks = np.full(len(owner), -1, np.int32) if block is None else np.asarray(block, np.int32)
    degrees = np.bincount(owner // z, minlength=variables // z).repeat(z)
    degrees += np.bincount(columns, minlength=variables)
    extrinsic = degrees - 2
    levels = LEVELS if z > 1 else variables
    chosen = np.empty(len(owner), np.int32)
    width, joined = 2 * (int(degrees.sum()) // checks) + 8, -1
    while joined < 0:  # until there is room for the variables of each check
        graph, search = _graph(degrees, checks, width, rows, columns), _search(variables, checks)
        # The generator must not start from 0; multiples of an odd number differ for different seeds.
        state = np.array([(seed + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1 or 1], np.uint64)
        joined = grow(graph, search, owner, blocks, z, extrinsic, ace, levels, TRIES, state, chosen)
        width *= 2
    if joined < len(owner):
        raise ValueError(f"variable {owner[joined]} has more edges than there are checks for them")
    shift = np.arange(z)
    variable, check = (side - side % z + (side % z + shift[:, None]) % z for side in (owner, chosen))
    rows, columns = np.concatenate([rows, check.ravel()]), np.concatenate([columns, variable.ravel()])
    return of_coordinates(rows, columns, shape, "the matrix")


def _graph(degrees: Any, checks: int, width: int, rows: Any, columns: Any) -> Graph:
    """Room for a graph, with edges that are there before."""
    graph = Graph(
        np.concatenate([[0], np.cumsum(degrees)[:-1]]),
        np.empty(int(degrees.sum()), np.int32),
        np.empty((checks, width), np.int32),
        np.zeros(len(degrees), np.int32),
        np.zeros(checks, np.int32),
    )
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        graph.checks_of[graph.start[column] + graph.variable_degree[column]] = row
        graph.variables_of[row, graph.check_degree[row]] = column
        graph.variable_degree[column] += 1
        graph.check_degree[row] += 1
    return graph


def _search(variables: int, checks: int) -> Search:
    """Room for searches, of which there was none."""
    return Search(
        depth=np.empty(checks, np.int32),
        ace=np.zeros(checks, np.int64),
        seen_check=np.zeros(checks, np.int32),
        seen_variable=np.zeros(variables, np.int32),
        ace_variable=np.zeros(variables, np.int64),
        level=np.zeros(variables, np.int32),
        now_variables=np.empty(variables, np.int32),
        now_checks=np.empty(checks, np.int32),
        tried=np.full(checks, -1, np.int32),
    )
