"""Kernels of the random streams: seeding, raw words, bits, uniforms and normals, one frame a lane.

Seeding is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC 2011, section 3); the words come from xoshiro128++ (Blackman and Vigna, "Scrambled
linear pseudorandom number generators", ACM TOMS 47(4), 2021); normals from Box and Muller (1958).

States are uint32 (4, 64 groups), C-contiguous: whole groups, of which lanes beyond the last frame count for
nothing. Samples are lane-major, shape ``(m, frames)`` and C-contiguous, or packed, uint64 ``(groups, m)``.
A lane reads and writes its own column only, so nothing depends on how frames are cut into calls. No fast-math
and no fused multiply-add: the samples are the same on every CPU.
"""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import GROUP, PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.packed_kernels import POSITIONS, pack_positions
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    equal,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    select,
    shifted,
    space,
    splat,
    square_root,
    store,
    to_float,
    unsigned_below,
    wide_product,
)

#: Frames that one tile of a kernel works on, whole groups, and words of each that are drawn before they are
#: turned into samples; even, since normals use pairs. What both make stays in the first-level cache.
TILE = 4 * GROUP
STEPS = 32
#: A tile's frames in vectors.
WIDTH = TILE // LANES_FLOAT32

f32, i32, u32, u64 = np.float32, np.int32, np.uint32, np.uint64


@inlined
def load_states(state, vectors, j):
    """The states of vector j of lanes, from a pointer to states of shape (4, 16 vectors)."""
    return (
        load(state, j),
        load(state, vectors + j),
        load(state, 2 * vectors + j),
        load(state, 3 * vectors + j),
    )


@inlined
def store_states(state, vectors, j, a, b, c, d):
    """Write the states of vector j of lanes."""
    store(state, j, a)
    store(state, vectors + j, b)
    store(state, 2 * vectors + j, c)
    store(state, 3 * vectors + j, d)


@kernel
def seed_states(key, first, state):
    """Fill ``state``, uint32 (4, 64 groups), with Philox4x32-10 of the key and each frame number.

    The counter is (frame low, frame high, key[2], key[3]); the Philox key is (key[0], key[1]).
    """
    vectors = state.shape[1] // LANES_FLOAT32
    states, word = pointer_to(state), pointer_to(key)
    memory = space(1)
    numbers = rows_in(memory, states)
    for lane in range(LANES_FLOAT32):
        numbers[lane] = lane
    lanes, nothing, one = load(numbers, 0), splat(u32(0)), splat(u32(1))
    m0, m1 = splat(u32(0xD2511F53)), splat(u32(0xCD9E8D57))
    for j in range(vectors):
        frame = u64(first) + u64(j * LANES_FLOAT32)
        c0 = splat(u32(frame)) + lanes
        c1 = splat(u32(frame >> u64(32))) + select(unsigned_below(c0, lanes), one, nothing)  # the carry
        c2, c3 = splat(word[2]), splat(word[3])
        k0, k1 = splat(word[0]), splat(word[1])
        for _ in range(10):
            high0, low0 = wide_product(c0, m0)
            high1, low1 = wide_product(c2, m1)
            c0, c1 = high1 ^ c1 ^ k0, low1
            c2, c3 = high0 ^ c3 ^ k1, low0
            k0, k1 = k0 + u32(0x9E3779B9), k1 + u32(0xBB67AE85)
        # xoshiro never leaves the all-zero state
        c0 = select(equal(c0 | c1 | c2 | c3, nothing), one, c0)
        store_states(states, vectors, j, c0, c1, c2, c3)
    keep_alive(memory)


@inlined
def next_word(a, b, c, d):
    """The next word of xoshiro128++ and the new state, from the state; vectors of uint32."""
    x = a + d
    word = ((x << u32(7)) | (x >> u32(25))) + a
    t = b << u32(9)
    c = c ^ a
    d = d ^ b
    return word, a ^ d, b ^ c, c ^ t, (d << u32(11)) | (d >> u32(21))


@inlined
def _draw(states, vectors, start, rows, words):
    """Advance the lanes of a tile, from ``start`` on, ``rows`` times; row r of ``words`` is output r."""
    first = start // LANES_FLOAT32
    for j in range(first, min(first + WIDTH, vectors)):
        a, b, c, d = load_states(states, vectors, j)
        for r in range(rows):
            word, a, b, c, d = next_word(a, b, c, d)
            store(words, r * WIDTH + j - first, word)
        store_states(states, vectors, j, a, b, c, d)


@kernel
def draw_words(state, out):
    """Raw words: ``out`` is uint32 (m, frames)."""
    memory, states, vectors = space(STEPS * WIDTH), pointer_to(state), state.shape[1] // LANES_FLOAT32
    words = rows_in(memory, states)
    m, frames = out.shape
    for start in range(0, frames, TILE):
        width = min(TILE, frames - start)
        for done in range(0, m, STEPS):
            rows = min(STEPS, m - done)
            _draw(states, vectors, start, rows, words)
            for r in range(rows):
                row = out[done + r, start : start + width]
                for lane in range(width):
                    row[lane] = words[r * TILE + lane]
    keep_alive(memory)


@kernel
def draw_packed_bits(state, out):
    """Fair bits: ``out`` is uint64 (groups, m), bit f that of frame f of 64.

    Each word gives a frame 32 bits, lowest first.
    """
    groups, m = out.shape
    states, packed = pointer_to(state), pointer_to(out)
    memory = space(PARTS)
    last = rows_in(memory, packed)
    for group in range(groups):
        j = group * PARTS
        a0, b0, c0, d0 = load_states(states, groups * PARTS, j)
        a1, b1, c1, d1 = load_states(states, groups * PARTS, j + 1)
        a2, b2, c2, d2 = load_states(states, groups * PARTS, j + 2)
        a3, b3, c3, d3 = load_states(states, groups * PARTS, j + 3)
        for first in range(0, m, POSITIONS):
            w0, a0, b0, c0, d0 = next_word(a0, b0, c0, d0)
            w1, a1, b1, c1, d1 = next_word(a1, b1, c1, d1)
            w2, a2, b2, c2, d2 = next_word(a2, b2, c2, d2)
            w3, a3, b3, c3, d3 = next_word(a3, b3, c3, d3)
            pack_positions(w0, w1, w2, w3, packed, group * m + first, min(POSITIONS, m - first), last)
        store_states(states, groups * PARTS, j, a0, b0, c0, d0)
        store_states(states, groups * PARTS, j + 1, a1, b1, c1, d1)
        store_states(states, groups * PARTS, j + 2, a2, b2, c2, d2)
        store_states(states, groups * PARTS, j + 3, a3, b3, c3, d3)
    keep_alive(memory)


@inlined
def _53_bits(high, low):
    """The integer of 53 bits whose top 32 are ``high`` and whose others are the top of ``low``."""
    return (u64(high) << u64(21)) | u64(low >> u32(11))


@kernel
def draw_uniform(state, out):
    """Uniforms in [0, 1) with 53 bits, in float64 (m, frames): two words each, high first."""
    memory, states, vectors = space(STEPS * WIDTH), pointer_to(state), state.shape[1] // LANES_FLOAT32
    words = rows_in(memory, states)
    m, frames = out.shape
    for start in range(0, frames, TILE):
        width = min(TILE, frames - start)
        for done in range(0, m, STEPS // 2):
            count = min(STEPS // 2, m - done)
            _draw(states, vectors, start, 2 * count, words)
            for i in range(count):
                high, low = shifted(words, 2 * i * TILE), shifted(words, (2 * i + 1) * TILE)
                row = out[done + i, start : start + width]
                for lane in range(width):
                    row[lane] = np.float64(_53_bits(high[lane], low[lane])) * 1.1102230246251565e-16
    keep_alive(memory)


@inlined
def squared_radius(u, v):
    """The sum of the squares of ``normal_pair``, -2 ln p, which is exponential with mean 2.

    It uses 40 bits, all of u and the low 8 of v, so that its root reaches 7.5. (Rounding to float32 leaves 24
    significant bits of the 40; the small uniforms, which make the tails, keep theirs.) The logarithm is a
    near-minimax polynomial, interpolated at Chebyshev nodes; with float32 coefficients its error stays below
    2e-8.
    """
    high = to_float((u >> i32(8)) & i32(0xFFFFFF))
    low = to_float(((u & i32(0xFF)) << i32(8)) | (v & i32(0xFF)))
    p = high * f32(5.9604644775390625e-08) + (low + f32(0.5)) * f32(9.094947017729282e-13)
    # p = 2^e (1 + z) with 1 + z in [sqrt(1/2), sqrt(2))
    bits = as_int(p)
    e = (bits - i32(0x3F3504F3)) >> i32(23)
    z = as_float(bits - (e << i32(23))) - f32(1.0)
    q = z * z
    s = f32(0.126223192) + z * f32(-0.0790274367)
    s = f32(-0.129981831) + z * s
    s = f32(0.142144963) + z * s
    s = f32(-0.166412815) + z * s
    s = f32(0.200010449) + z * s
    s = f32(-0.25000307) + z * s
    s = f32(0.333333313) + z * s
    ln = (z - f32(0.5) * q + z * q * s) + to_float(e) * f32(0.6931471805599453)
    return f32(-2.0) * ln


@inlined
def normal_pair(u, v):
    """Two standard normals, vectors of float32, from two of words, int32.

    The angle uses the 24 bits that are not used for the radius. Sine and cosine are polynomials like the
    logarithm; their errors stay below 5e-8 and 2e-7.
    """
    r = square_root(squared_radius(u, v))
    # the angle in turns, at the middles of 2^24 steps of [-1/2, 1/2)
    t = (to_float(v >> i32(8)) + f32(0.5)) * f32(5.9604644775390625e-08)
    w = t * t
    sine = f32(-14.8995781) + w * f32(3.23778009)
    sine = f32(42.0258522) + w * sine
    sine = f32(-76.7030029) + w * sine
    sine = f32(81.6051331) + w * sine
    sine = f32(-41.3417015) + w * sine
    sine = f32(6.28318548) + w * sine
    cosine = f32(-25.9668846) + w * f32(6.52770615)
    cosine = f32(60.1674309) + w * cosine
    cosine = f32(-85.4501114) + w * cosine
    cosine = f32(64.9391174) + w * cosine
    cosine = f32(-19.7392044) + w * cosine
    cosine = f32(1.0) + w * cosine
    return r * cosine, r * (t * sine)


@inlined
def _put_normals(words, count, samples, frames, at, width, spare):
    """``count`` rows of normals from a tile of words: ``width`` samples each, from number ``at`` on.

    ``spare`` has room for STEPS + 1 rows of a tile.
    """
    vectors = (width + LANES_FLOAT32 - 1) // LANES_FLOAT32
    whole = width == vectors * LANES_FLOAT32
    out, stride = (shifted(samples, at), frames) if whole else (spare, TILE)
    for i in range(0, count, 2):
        first = shifted(out, i * stride)
        second = shifted(first, stride) if i + 1 < count else shifted(spare, STEPS * TILE)
        for j in range(vectors):
            u, v = load(words, i * WIDTH + j), load(words, (i + 1) * WIDTH + j)
            x, y = normal_pair(as_int(u), as_int(v))
            store(first, j, x)
            store(second, j, y)
    if not whole:
        for i in range(count):
            row, to = shifted(spare, i * TILE), shifted(samples, at + i * frames)
            for lane in range(width):
                to[lane] = row[lane]


@kernel
def normals_from_words(words, out):
    """Normals, float32 (tiles, 2, 256), from pairs of words, uint32 of the same shape: how they are made."""
    memory, given, samples = space((STEPS + 1) * WIDTH), pointer_to(words), pointer_to(out)
    spare = rows_in(memory, samples)
    for tile in range(words.shape[0]):
        at = 2 * tile * TILE
        _put_normals(shifted(given, at), 2, samples, TILE, at, TILE, spare)
    keep_alive(memory)


@kernel
def draw_normal(state, out):
    """Standard normals: ``out`` is float32 (m, frames). Two words for two samples; m odd drops one."""
    memory, spares = space(STEPS * WIDTH), space((STEPS + 1) * WIDTH)
    states, samples, vectors = pointer_to(state), pointer_to(out), state.shape[1] // LANES_FLOAT32
    words, spare = rows_in(memory, states), rows_in(spares, samples)
    m, frames = out.shape
    for start in range(0, frames, TILE):
        width = min(TILE, frames - start)
        for done in range(0, m, STEPS):
            count = min(STEPS, m - done)
            _draw(states, vectors, start, count + (count & 1), words)
            _put_normals(words, count, samples, frames, done * frames + start, width, spare)
    keep_alive(memory)
    keep_alive(spares)
