"""Whole chains in one kernel: a few frames at a time, so that what they need stays in the first caches.

Each gives the counts of the same stages run one after the other, to the bit.
"""

import numpy as np
from numba import njit

from ..channels.channel_kernels import add_bpsk, scale_and_clip
from ..channels.stream_kernels import draw_bits, draw_normal, seed_states
from ..codes.decoders.decision_kernels import decide, settle
from .link_kernels import count_errors

#: Frames side by side, and rows of noise at a time: an even number, since normals come in pairs.
LANES, ROWS = 64, 64


@njit(nogil=True, error_model="numpy", cache=True)
def uncoded_awgn(key, first, k, sigma, scale, limit, errors, settled):
    """Uncoded BPSK over AWGN, decided by the signs.

    ``key`` is uint32 (4); ``errors``, int32 (frames), receives the wrong bits of the frames from number
    ``first``, and ``settled``, bool (frames), whether no LLR was 0.
    """
    frames = errors.size
    state = np.empty((4, LANES), np.uint32)
    bits, decided = np.empty((k, LANES), np.uint8), np.empty((k, LANES), np.uint8)
    noise, llr = np.empty((ROWS, LANES), np.float32), np.empty((ROWS, LANES), np.float32)
    wrong = np.empty(LANES, np.int32)
    for start in range(0, frames, LANES):
        # The last group draws frames beyond the last one too, which are not counted.
        seed_states(key, first + np.uint64(start), state)
        draw_bits(state, bits)
        undecided = False
        for row in range(0, k, ROWS):
            rows = min(ROWS, k - row)
            draw_normal(state, noise[:rows])
            add_bpsk(bits[row : row + rows], sigma, noise[:rows])
            scale_and_clip(noise[:rows], scale, limit, llr[:rows])
            undecided |= decide(llr[:rows], decided[row : row + rows])
        width = min(LANES, frames - start)
        settled[start : start + width] = True
        if undecided:
            coins = np.empty((k, LANES), np.uint8)
            draw_bits(state, coins)
            for lane in range(width):
                for i in range(k):
                    if decided[i, lane] == 2:
                        settled[start + lane] = False
            settle(decided, coins)
        count_errors(bits, decided, wrong)
        errors[start : start + width] = wrong[:width]
