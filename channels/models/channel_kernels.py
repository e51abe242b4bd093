"""Kernels of the channel models. Arrays are lane-major, shape (n, frames), C-contiguous."""

import numpy as np
from numba import types
from numba.extending import overload

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import GROUP, PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    as_int,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    select,
    splat,
    store,
    store_bytes,
)
from ..streams.stream_kernels import load_states, next_word, normal_pair, store_states

f32, u64 = np.float32, np.uint64
#: 1.5 2^23: adding it to a float32 rounds it, half to even, and leaves the integer in the low bits.
ROUND = f32(12582912.0)


@kernel
def add_bpsk(word, sigma, noise):
    """Turn standard normal ``noise``, float32, into (1 - 2 word) + sigma noise, in place."""
    for i in range(word.shape[0]):
        bits, row = word[i], noise[i]
        for lane in range(row.size):
            row[lane] = (f32(1.0) - f32(2.0) * f32(bits[lane])) + sigma * row[lane]


@kernel
def scale_and_clip(received, scale, limit, llr):
    """``llr`` = scale received, with magnitudes of at most ``limit``; all float32."""
    for i in range(received.shape[0]):
        source, row = received[i], llr[i]
        for lane in range(row.size):
            row[lane] = min(max(scale * source[lane], -limit), limit)


@kernel
def erase(word, erased, symbol):
    """Replace ``erased``, 1 where a bit is lost, by what is received: the bit, or ``symbol``."""
    for i in range(word.shape[0]):
        bits, row = word[i], erased[i]
        for lane in range(row.size):
            row[lane] = symbol if row[lane] else bits[lane]


@kernel
def look_up(received, table, llr):
    """``llr`` = table[received], for a received alphabet of 0, 1 and anything above (table[2])."""
    zero, one, other = table[0], table[1], table[2]
    for i in range(received.shape[0]):
        source, row = received[i], llr[i]
        for lane in range(row.size):
            symbol = source[lane]
            row[lane] = zero if symbol == 0 else (one if symbol == 1 else other)


@kernel
def put_llr_groups(hard, erased, zero, one, other, out):
    """LLRs of what was received over a channel of bits: ``look_up`` in groups.

    ``hard`` and ``erased`` are uint64 (groups, n), a bit for each of 64 frames; ``erased`` may be None.
    ``out``, float32 or int8 (groups, n, 64), receives ``zero`` or ``one`` by the bit, or ``other`` where it
    is erased; the three are of the type of ``out``.
    """
    received, llrs = pointer_to(hard), pointer_to(out)
    lost = received if erased is None else pointer_to(erased)
    zeros, ones, others = splat(zero), splat(one), splat(other)
    parts = out.itemsize  # 64 lanes of a byte are one vector
    for at in range(hard.size):
        for part in range(parts):
            shift = u64(part * (GROUP // parts))
            llr = select(mask_of(received[at] >> shift, zeros), ones, zeros)
            if erased is not None:
                llr = select(mask_of(lost[at] >> shift, zeros), others, llr)
            store(llrs, at * parts + part, llr)


def put_llr(out, row, llr, steps):
    """Write 16 LLRs to ``row`` of float32; or, times ``steps`` and rounded, of int8."""
    raise NotImplementedError("for kernels alone")


@overload(put_llr, jit_options=INLINED)
def _put_llr(out, row, llr, steps):
    if isinstance(steps, types.NoneType):
        return lambda out, row, llr, steps: store(out, row, llr)
    return lambda out, row, llr, steps: store_bytes(out, row, as_int(steps * llr + ROUND))


@inlined
def bound(limit, steps):
    """The largest magnitude that ``put_llr`` takes: ``limit``, or what becomes 127."""
    return limit if steps is None else min(limit, f32(127.0) / steps)


@kernel
def awgn_llr_groups(state, words, sigma, scale, limit, steps, out):
    """BPSK, noise and LLRs in one pass: the values of ``add_bpsk`` and ``scale_and_clip``.

    ``words`` is uint64 (groups, n), a bit for each of 64 frames; ``state`` the streams of as many frames;
    ``out`` is float32 (groups, n, 64), or int8, which receives ``steps`` times the LLR, rounded half to even
    and clipped to +-127.
    """
    groups, n = words.shape
    vectors = groups * PARTS
    states, sent, llrs = pointer_to(state), pointer_to(words), pointer_to(out)
    plus_one, minus_one = splat(f32(1.0)), splat(f32(-1.0))
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            shift = u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, vectors, j)
            for i in range(0, n, 2):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, y = normal_pair(as_int(u), as_int(v))
                at = group * n + i
                symbol = select(mask_of(sent[at] >> shift, x), minus_one, plus_one)
                llr = minimum(maximum(scale * (symbol + sigma * x), low), high)
                put_llr(llrs, at * PARTS + part, llr, steps)
                if i + 1 < n:
                    symbol = select(mask_of(sent[at + 1] >> shift, y), minus_one, plus_one)
                    llr = minimum(maximum(scale * (symbol + sigma * y), low), high)
                    put_llr(llrs, (at + 1) * PARTS + part, llr, steps)
            store_states(states, vectors, j, a, b, c, d)
