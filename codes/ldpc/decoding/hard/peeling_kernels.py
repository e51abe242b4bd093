"""Erased bits that follow from one check each, of 512 frames at once."""

from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import keep_alive, load, pointer_to, store
from .tile_kernels import (
    anything,
    broken_checks,
    every_frame,
    frames_in,
    graph_of,
    hand_out,
    note_row,
    rows_at,
    rows_of,
    take_in,
    tiles_of,
)


@kernel
def peel_words(received, erased, frames, tables, iterations, bits, ok, spent):
    """Put into ``bits``, uint64 (groups, n), what follows of the erased bits; others are as received.

    An iteration looks at each check once, in the order of the rows, with all that is known by then.

    Parameters
    ----------
    received, erased
        Bits, of which those that are erased, uint64 (groups, n), are what they become if they do not follow.
    frames
        How many there are.
    tables
        The graph, see ``tile_kernels.Graph``.
    iterations
        The most.
    bits, ok, spent
        ``ok``, uint64 (groups), are the frames without an erased bit or a violated check in the end;
        ``spent``, int32 (64 groups), the iterations in which a bit followed, 0 before.
    """
    graph = graph_of(tables)
    groups, n = bits.shape
    values, given, gone, spare = rows_of(n), rows_of(n), rows_of(n), rows_of(1)
    value, y, open_, every = rows_at(values), rows_at(given), rows_at(gone), every_frame()
    room, spent_ = (rows_at(spare), pointer_to(spare)), pointer_to(spent)
    for tile in range(tiles_of(groups)):
        take_in(pointer_to(received), n, groups, tile, pointer_to(given))
        if erased.shape[0]:
            take_in(pointer_to(erased), n, groups, tile, pointer_to(gone))
        left = every ^ every
        for v in range(n):
            store(value, v, load(y, v) & (load(open_, v) ^ every))
            left = left | load(open_, v)
        frames_in(tile, frames, room[1])
        there = load(room[0], 0)
        active = there & left
        now = 0
        while now < iterations and anything(active):
            found = every ^ every
            for check in range(graph.checks):
                first, last = graph.start[check], graph.start[check + 1]
                parity, one, several = every ^ every, every ^ every, every ^ every
                for edge in range(first, last):
                    v = graph.variable[edge]
                    parity = parity ^ load(value, v)
                    several = several | (one & load(open_, v))
                    one = one | load(open_, v)
                single = one & (several ^ every)
                if anything(single):
                    found = found | single
                    for edge in range(first, last):
                        v = graph.variable[edge]
                        here = single & load(open_, v)
                        store(value, v, load(value, v) | (parity & here))
                        store(open_, v, load(open_, v) ^ here)
            note_row(spent_, tile, active & (found ^ every), now, room)
            active = active & found
            now += 1
        note_row(spent_, tile, active, now, room)
        left = every ^ every
        for v in range(n):
            store(value, v, load(value, v) | (load(y, v) & load(open_, v)))
            left = left | load(open_, v)
        broken = broken_checks(graph, value, there)
        store(room[0], 0, there & ((left | broken) ^ every))
        hand_out(room[1], 1, groups, tile, pointer_to(ok))
        hand_out(pointer_to(values), n, groups, tile, pointer_to(bits))
    for array in (values, given, gone, spare):
        keep_alive(array)
