"""Generalised minimum distance decoding, frame by frame."""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from .scalar_kernels import correct, find_syndromes
from .soft_symbol_kernels import better, discrepancy, flip, least_reliable, likeliest, receive, room_for


@kernel
def decode_gmd(llr, words, frames, tables, positions, elements, patterns, distance, preferred, ok, trials):
    """Correct ``words``, uint64 (groups, n), the decisions on ``llr``, float32 (groups, n, 64), in place.

    The arguments up to ``preferred`` are those of ``SymbolTables``. Of each word of a frame the likeliest
    candidate is taken; where there is none, it is left as it is. ``ok``, bool (frames), receives whether all
    had one without an equal, and ``trials``, int32 (frames), how often errors and erasures were solved for.
    """
    depth, symbols, m = positions.shape
    received = room_for(symbols, m)
    syndromes = np.empty(tables.roots + tables.extended, np.int32)
    errors, best = np.empty(symbols, np.int32), np.empty(symbols, np.int32)
    erased = np.empty(symbols, np.bool_)
    order = np.empty(min(distance, symbols), np.int32)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        ok[frame], trials[frame] = True, 0
        for each in range(depth):
            receive(llr[group], words[group], lane, positions[each], elements, received)
            if find_syndromes(tables, received.symbols, syndromes):
                continue
            least_reliable(received.reliabilities, order)
            erased[:] = False
            least, alone, erasures = np.inf, True, 0
            while erasures < distance:
                trials[frame] += 1
                if correct(tables, received.symbols, syndromes, erased, errors):
                    total, count = discrepancy(received, errors, patterns)
                    least, alone = better(
                        received, errors, patterns, preferred[each], total, best, least, alone
                    )
                    if likeliest(received, errors, order, distance, total, count):
                        break
                # An odd number of erasures of an even distance leaves no room unused.
                more = 1 if erasures == 0 and distance % 2 == 0 else 2
                for i in range(erasures, min(erasures + more, distance - 1)):
                    erased[order[i]] = True
                erasures += more
            ok[frame] = ok[frame] and alone and least < np.inf
            if least < np.inf:
                flip(words[group], lane, positions[each], best, patterns)
