"""Tiles of 512 frames, eight groups, and checks on their bits: what decoders of hard decisions share.

A row has the bits of all frames of a tile at a position: eight words, or a vector of uint32.
"""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.group_kernels import GROUP
from .....vectors.vector_kernels import (
    bits_of,
    equal,
    load,
    pointer_to,
    shifted,
    splat,
    store,
    trailing_zeros,
)

u32, u64 = np.uint32, np.uint64

#: Groups of a tile, and checks between two looks at whether all frames are known to break one.
WIDTH, LOOK = 8, 32
#: What ``bits_of`` makes of a mask of all lanes of a row.
LANES = u64((1 << 16) - 1)

#: Pointers: edges of check c are ``start[c]`` to ``start[c + 1] - 1``, at ``variable[edge]``; of variable v
#: they are ``edge[at]``, at ``check[at]``, from ``own[v]`` to ``own[v + 1] - 1``.
Graph = namedtuple("Graph", "variables checks start variable own edge check")


@inlined
def graph_of(tables):
    """The graph of its five arrays: ``Graph`` without the two numbers."""
    start, variable, own, edge, check = tables
    return Graph(
        own.size - 1,
        start.size - 1,
        pointer_to(start),
        pointer_to(variable),
        pointer_to(own),
        pointer_to(edge),
        pointer_to(check),
    )


@inlined
def every_frame():
    """All frames of a tile."""
    return splat(u32(0xFFFFFFFF))


@inlined
def rows_of(count):
    """Memory of rows, 0: uint64 (count, 8)."""
    return np.zeros((max(count, 1), WIDTH), np.uint64)


@inlined
def rows_at(memory):
    """A pointer to rows as vectors."""
    return pointer_to(memory.view(np.uint32))


@inlined
def tiles_of(groups):
    """How many tiles hold a number of groups."""
    return (groups + WIDTH - 1) // WIDTH


@inlined
def anything(row):
    """Whether a row has a frame."""
    return bits_of(equal(row, row ^ row)) != LANES


@callee
def take_in(words, n, groups, tile, rows):
    """Rows, a pointer to words, of words by group, (groups, n); 0 where there is no group."""
    for word in range(WIDTH):
        group = tile * WIDTH + word
        if group < groups:
            own = shifted(words, group * n)
            for v in range(n):
                rows[WIDTH * v + word] = own[v]
        else:
            for v in range(n):
                rows[WIDTH * v + word] = u64(0)


@callee
def hand_out(rows, n, groups, tile, words):
    """The inverse: words by group of rows."""
    for word in range(min(WIDTH, groups - tile * WIDTH)):
        own = shifted(words, (tile * WIDTH + word) * n)
        for v in range(n):
            own[v] = rows[WIDTH * v + word]


@callee
def frames_in(tile, frames, row):
    """Put the frames of a tile that there are into a row, by a pointer to words."""
    for word in range(WIDTH):
        count = min(max(frames - GROUP * (tile * WIDTH + word), 0), GROUP)
        row[word] = (~u64(0) >> u64(GROUP - count)) if count else u64(0)


@callee
def broken_checks(graph, decided, active):
    """The frames in which decisions, rows of variables, break a check; of those that are not active, any."""
    every = every_frame()
    broken = active ^ active
    for check in range(graph.checks):
        parity = every ^ every
        for edge in range(graph.start[check], graph.start[check + 1]):
            parity = parity ^ load(decided, graph.variable[edge])
        broken = broken | parity
        if check % LOOK == LOOK - 1 and not anything(active & (broken ^ every)):
            return broken
    return broken


@callee
def note_ended(spent, tile, row, now):
    """Put iterations so far into the entries, of a pointer, of the frames of a row, a pointer to words."""
    for word in range(WIDTH):
        left = row[word]
        while left:
            lane = trailing_zeros(left)
            left &= left - u64(1)
            spent[GROUP * (tile * WIDTH + word) + lane] = now


@inlined
def note_row(spent, tile, frames, now, room):
    """``note_ended`` of a vector, by way of ``room``, a row as vector and as words."""
    store(room[0], 0, frames)
    note_ended(spent, tile, room[1], now)
