"""Erased bits that follow from one check each, 64 frames a word."""

import numpy as np

from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to
from .message_kernels import broken_checks, frames_in, graph_of, note_ended

u64 = np.uint64


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
        The graph, see ``message_kernels.Graph``.
    iterations
        The most.
    bits, ok, spent
        ``ok``, uint64 (groups), are the frames without an erased bit or a violated check in the end;
        ``spent``, int32 (frames), the iterations in which a bit followed, 0 before.
    """
    graph = graph_of(tables)
    unknown = np.empty(graph.variables, np.uint64)
    open_ = pointer_to(unknown)
    for group in range(bits.shape[0]):
        value, left = pointer_to(bits[group]), u64(0)
        for v in range(graph.variables):
            open_[v] = erased[group, v] if erased.shape[0] else u64(0)
            value[v] = received[group, v] & ~open_[v]
            left |= open_[v]
        every = frames_in(group, frames)
        active = every & left
        now = 0
        while active and now < iterations:
            found = u64(0)
            for check in range(graph.checks):
                first, last = graph.start[check], graph.start[check + 1]
                parity, one, several = u64(0), u64(0), u64(0)
                for edge in range(first, last):
                    v = graph.variable[edge]
                    parity ^= value[v]
                    several |= one & open_[v]
                    one |= open_[v]
                single = one & ~several
                if single:
                    found |= single
                    for edge in range(first, last):
                        v = graph.variable[edge]
                        here = single & open_[v]
                        value[v] |= parity & here
                        open_[v] &= ~here
            note_ended(spent, group, active & ~found, now)
            active &= found
            now += 1
        note_ended(spent, group, active, now)
        left = u64(0)
        for v in range(graph.variables):
            value[v] |= received[group, v] & open_[v]
            left |= open_[v]
        ok[group] = every & ~left & ~broken_checks(graph, value)
    keep_alive(unknown)
