"""Whole links in one kernel: 16 frames at a time, with all that a sample passes through in registers.

Each gives the counts of the same stages run one after the other, to the bit.
"""

import numpy as np
from numba import njit

from ...channels.streams.stream_kernels import load_states, next_word, normal_pair, seed_states
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    as_word,
    keep_alive,
    load,
    magnitude,
    maximum,
    minimum,
    pointer_to,
    rows_in,
    shifted,
    space,
    splat,
    store,
    with_sign,
)

#: Frames whose generators are seeded at a time.
SEEDED = 1024

f32, u32, u64 = np.float32, np.uint32, np.uint64


@njit(nogil=True, error_model="numpy", forceinline=True)
def _receive(sent, i, sigma, noise, scale, low, high):
    """Row i of 16 words of bits as BPSK with noise: its LLRs, and the bits as signs."""
    bit = load(sent, i >> 5) << u32(31 - (i & 31))
    symbol = with_sign(splat(f32(1.0)), as_float(bit))
    return minimum(maximum(scale * (symbol + sigma * noise), low), high), bit


@njit(nogil=True, error_model="numpy")
def _uncoded_frames(states, j, k, sigma, scale, limit, sent, llrs, stride, tie_bits, wrong, lowest):
    """Send 16 frames, vector j of ``states``.

    ``sent`` receives the words of bits, ``llrs`` row i of the LLRs in row i ``stride``, and ``tie_bits`` the
    words that come after the noise. ``wrong`` receives the wrong signs in each frame, ``lowest`` the least
    magnitude of an LLR.
    """
    a, b, c, d = load_states(states, SEEDED // LANES_FLOAT32, j)
    for row in range((k + 31) // 32):
        word, a, b, c, d = next_word(a, b, c, d)
        store(sent, row, word)
    low, high = splat(-limit), splat(limit)
    errors, least = splat(u32(0)), high
    for i in range(0, k, 2):
        u, a, b, c, d = next_word(a, b, c, d)
        v, a, b, c, d = next_word(a, b, c, d)
        x, y = normal_pair(as_int(u), as_int(v))
        llr, bit = _receive(sent, i, sigma, x, scale, low, high)
        errors = errors + ((as_word(llr) ^ bit) >> u32(31))
        least = minimum(least, magnitude(llr))
        store(llrs, i * stride, llr)
        if i + 1 < k:
            llr, bit = _receive(sent, i + 1, sigma, y, scale, low, high)
            errors = errors + ((as_word(llr) ^ bit) >> u32(31))
            least = minimum(least, magnitude(llr))
            store(llrs, (i + 1) * stride, llr)
    for row in range(((k + 31) // 32) * stride):
        word, a, b, c, d = next_word(a, b, c, d)
        store(tie_bits, row, word)
    store(wrong, 0, errors)
    store(lowest, 0, least)


@kernel
def uncoded_awgn(key, first, k, sigma, scale, limit, errors, without_ties):
    """Uncoded BPSK over AWGN, decided by the signs.

    ``key`` is uint32 (4); ``errors``, int32 (frames), receives the wrong bits of the frames from number
    ``first``, and ``without_ties``, bool (frames), whether no LLR was 0.
    """
    frames, rows = errors.size, (k + 31) // 32
    state = np.empty((4, SEEDED), np.uint32)
    memory, floats = space(2 * rows + 1), space(k + 1)
    states = pointer_to(state)
    sent = rows_in(memory, states)
    tie_bits = shifted(sent, rows * LANES_FLOAT32)
    wrong = shifted(tie_bits, rows * LANES_FLOAT32)
    lowest = rows_in(floats, pointer_to(floats.view(np.float32)))
    llrs = shifted(lowest, LANES_FLOAT32)
    for start in range(0, frames, LANES_FLOAT32):
        j = start % SEEDED // LANES_FLOAT32
        if j == 0:  # beyond the last frame too, which is not counted
            seed_states(key, first + u64(start), state)
        _uncoded_frames(states, j, k, sigma, scale, limit, sent, llrs, 0, tie_bits, wrong, lowest)
        width = min(LANES_FLOAT32, frames - start)
        undecided = False
        for lane in range(width):
            errors[start + lane] = wrong[lane]
            without_ties[start + lane] = lowest[lane] != f32(0.0)
            undecided |= lowest[lane] == f32(0.0)
        if undecided:  # once more, to see which, and to break these ties
            _uncoded_frames(states, j, k, sigma, scale, limit, sent, llrs, 1, tie_bits, wrong, lowest)
            for lane in range(width):
                for i in range(k):
                    at = i * LANES_FLOAT32 + lane
                    if llrs[at] == f32(0.0):
                        word = (i >> 5) * LANES_FLOAT32 + lane
                        bit = (sent[word] >> u32(i & 31)) & u32(1)
                        tossed = (tie_bits[word] >> u32(i & 31)) & u32(1)
                        errors[start + lane] += np.int32(bit != tossed) - np.int32(
                            bit != np.signbit(llrs[at])
                        )
    keep_alive(state)
    keep_alive(memory)
    keep_alive(floats)
