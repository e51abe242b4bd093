"""Generalised minimum distance decoding, frame by frame."""

import numpy as np

from .....vectors.group_kernels import GROUP
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import keep_alive, pointer_to, shifted
from ..scalar_kernels import code_in, correct, find_syndromes, solver_in, solver_memory
from .soft_symbol_kernels import consider, flip_best, rank, receive, received_in, received_memory


@kernel
def decode_gmd(llr, words, frames, numbers, tables, ok, trials):
    """Correct ``words``, uint64 (groups, n), the decisions on ``llr``, float32 (groups, n, 64), in place.

    ``numbers`` and ``tables`` are those of ``SymbolTables``. Of each word of a frame the likeliest candidate
    is taken; where there is none, it is left as it is. ``ok``, bool (frames), receives whether all had one
    without an equal, and ``trials``, int32 (frames), how often errors and erasures were solved for.
    """
    code, bits = code_in(numbers, tables), words.shape[1]
    own, (integers, sizes) = solver_memory(code), received_memory(code)
    solver, received = solver_in(own, code), received_in(integers, sizes, code)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        soft = shifted(pointer_to(llr), group * bits * GROUP)
        hard = shifted(pointer_to(words), group * bits)
        ok[frame], trials[frame] = True, 0
        for word in range(code.depth):
            receive(code, received, soft, hard, lane, word)
            if find_syndromes(code, received.symbols, solver.syndromes):
                continue
            rank(code, received)
            for j in range(code.symbols):
                solver.erased[j] = 0
            least, alone, erasures, done = np.inf, True, 0, False
            while erasures < code.distance and not done:
                trials[frame] += 1
                if correct(code, solver, received.symbols, received.errors):
                    least, alone, done = consider(code, received, word, least, alone)
                # An odd number of erasures of an even distance leaves no room unused.
                more = 1 if erasures == 0 and code.distance % 2 == 0 else 2
                for i in range(erasures, min(erasures + more, code.distance - 1)):
                    solver.erased[received.places[i]] = 1
                erasures += more
            ok[frame] = ok[frame] and alone and least < np.inf
            if least < np.inf:
                flip_best(code, received, hard, lane, word)
    keep_alive(own)
    keep_alive(integers)
    keep_alive(sizes)
    keep_alive(numbers)
    keep_alive(tables)
    keep_alive(llr)
    keep_alive(words)
