"""Kernels of the random streams: seeding, raw words, bits, uniforms and normals, one frame a lane.

Seeding is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC 2011, section 3); the words come from xoshiro128++ (Blackman and Vigna, "Scrambled
linear pseudorandom number generators", ACM TOMS 47(4), 2021); normals from Box and Muller (1958).

Every array is lane-major, shape ``(m, frames)`` and C-contiguous. A lane reads and writes its own
column only, so nothing depends on how frames are cut into calls. No fast-math and no fused
multiply-add: the samples are the same on every CPU.
"""

import numpy as np
from numba import njit

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    bits_of,
    equal,
    high_product,
    keep_alive,
    load,
    negative,
    pointer_to,
    rows_in,
    select,
    shifted,
    space,
    splat,
    square_root,
    store,
    to_float,
)

#: Frames that one tile of a kernel works on; what it needs stays in the first-level cache.
TILE = 256
#: The same in vectors.
TILE_VECTORS = TILE // LANES_FLOAT32
#: Rows of words that are drawn before they are turned into samples. Even: normals use pairs.
STEPS = 32
#: Vectors of a tile's states, of its words, and of a few samples.
TILE_ROWS = (4 + STEPS) * TILE_VECTORS
SPARE_ROWS = 2 + TILE_VECTORS

f32, i32, u32, u64 = np.float32, np.int32, np.uint32, np.uint64


@njit(nogil=True, error_model="numpy", forceinline=True)
def load_states(state, vectors, j):
    """The states of vector j of lanes, from a pointer to states of shape (4, 16 vectors)."""
    return (
        load(state, j),
        load(state, vectors + j),
        load(state, 2 * vectors + j),
        load(state, 3 * vectors + j),
    )


@njit(nogil=True, error_model="numpy", forceinline=True)
def store_states(state, vectors, j, a, b, c, d):
    """Write the states of vector j of lanes."""
    store(state, j, a)
    store(state, vectors + j, b)
    store(state, 2 * vectors + j, c)
    store(state, 3 * vectors + j, d)


@kernel
def seed_states(key, first, state):
    """Fill ``state``, uint32 (4, frames), with Philox4x32-10 of the key and each frame number.

    The counter is (frame low, frame high, key[2], key[3]); the Philox key is (key[0], key[1]).
    """
    frames = state.shape[1]
    memory, states = space(6), pointer_to(state)
    counter = rows_in(memory, states)
    words = shifted(counter, 2 * LANES_FLOAT32)
    m0, m1 = splat(u32(0xD2511F53)), splat(u32(0xCD9E8D57))
    for start in range(0, frames, LANES_FLOAT32):
        width = min(LANES_FLOAT32, frames - start)
        for lane in range(LANES_FLOAT32):
            frame = u64(first) + u64(start + lane)
            counter[lane], counter[LANES_FLOAT32 + lane] = u32(frame), u32(frame >> u64(32))
        c0, c1 = load(counter, 0), load(counter, 1)
        c2, c3 = splat(key[2]), splat(key[3])
        k0, k1 = splat(key[0]), splat(key[1])
        for _ in range(10):
            high0, low0 = high_product(m0, c0), m0 * c0
            high1, low1 = high_product(m1, c2), m1 * c2
            c0, c1 = high1 ^ c1 ^ k0, low1
            c2, c3 = high0 ^ c3 ^ k1, low0
            k0, k1 = k0 + u32(0x9E3779B9), k1 + u32(0xBB67AE85)
        nothing = splat(u32(0))  # xoshiro never leaves the all-zero state
        c0 = select(equal(c0 | c1 | c2 | c3, nothing), splat(u32(1)), c0)
        if width == LANES_FLOAT32:
            store(shifted(states, start), 0, c0)
            store(shifted(states, frames + start), 0, c1)
            store(shifted(states, 2 * frames + start), 0, c2)
            store(shifted(states, 3 * frames + start), 0, c3)
        else:
            store_states(words, 1, 0, c0, c1, c2, c3)
            for i in range(4):
                for lane in range(width):
                    state[i, start + lane] = words[i * LANES_FLOAT32 + lane]
    keep_alive(memory)


@njit(nogil=True, error_model="numpy", forceinline=True)
def next_word(a, b, c, d):
    """The next word of xoshiro128++ and the new state, from the state; vectors of uint32."""
    x = a + d
    word = ((x << u32(7)) | (x >> u32(25))) + a
    t = b << u32(9)
    c = c ^ a
    d = d ^ b
    return word, a ^ d, b ^ c, c ^ t, (d << u32(11)) | (d >> u32(21))


@njit(nogil=True, error_model="numpy", forceinline=True)
def _draw(tile, words, rows, width):
    """Advance each lane of a tile ``rows`` times; row r of ``words`` is the r-th output."""
    for j in range((width + LANES_FLOAT32 - 1) // LANES_FLOAT32):
        a, b, c, d = load_states(tile, TILE_VECTORS, j)
        for r in range(rows):
            word, a, b, c, d = next_word(a, b, c, d)
            store(words, r * TILE_VECTORS + j, word)
        store_states(tile, TILE_VECTORS, j, a, b, c, d)


@njit(nogil=True, error_model="numpy", forceinline=True)
def _take_states(state, frames, start, width, tile):
    """The states of frames from ``start`` on, out of (4, frames), into a tile: (4, TILE)."""
    for i in range(4):
        for lane in range(width):
            tile[i * TILE + lane] = state[i * frames + start + lane]


@njit(nogil=True, error_model="numpy", forceinline=True)
def _return_states(tile, state, frames, start, width):
    """Back from a tile."""
    for i in range(4):
        for lane in range(width):
            state[i * frames + start + lane] = tile[i * TILE + lane]


@kernel
def draw_words(state, out):
    """Raw words: ``out`` is uint32 (m, frames)."""
    memory, states = space(TILE_ROWS), pointer_to(state)
    tile = rows_in(memory, states)
    words = shifted(tile, 4 * TILE)
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _take_states(states, state.shape[1], start, width, tile)
        for done in range(0, out.shape[0], STEPS):
            rows = min(STEPS, out.shape[0] - done)
            _draw(tile, words, rows, width)
            for r in range(rows):
                row = out[done + r, start : start + width]
                for lane in range(width):
                    row[lane] = words[r * TILE + lane]
        _return_states(tile, states, state.shape[1], start, width)
    keep_alive(memory)


@kernel
def draw_bits(state, out):
    """Fair bits: ``out`` is uint8 (m, frames). Each word gives 32 bits, lowest first."""
    memory, states = space(TILE_ROWS), pointer_to(state)
    tile = rows_in(memory, states)
    words = shifted(tile, 4 * TILE)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _take_states(states, state.shape[1], start, width, tile)
        for done in range(0, m, 32 * STEPS):
            rows = min(STEPS, (m - done + 31) // 32)
            _draw(tile, words, rows, width)
            for j in range(min(32 * rows, m - done)):
                row, shift = out[done + j, start : start + width], u32(j & 31)
                word = shifted(words, (j >> 5) * TILE)
                for lane in range(width):
                    row[lane] = np.uint8((word[lane] >> shift) & u32(1))
        _return_states(tile, states, state.shape[1], start, width)
    keep_alive(memory)


@kernel
def draw_packed_bits(state, out):
    """The bits of ``draw_bits`` packed: ``out`` is uint64 (groups, m), bit f that of frame f of 64.

    ``state`` is for as many frames, 64 a group.
    """
    groups, m = out.shape
    parts = GROUP // LANES_FLOAT32
    vectors = groups * parts
    states, packed = pointer_to(state), pointer_to(out)
    for group in range(groups):
        for part in range(parts):
            j = group * parts + part
            a, b, c, d = load_states(states, vectors, j)
            for start in range(0, m, 32):
                word, a, b, c, d = next_word(a, b, c, d)
                for i in range(start, min(start + 32, m)):
                    bits = bits_of(negative(word << u32(31 - (i - start)))) << u64(part * LANES_FLOAT32)
                    at = group * m + i
                    packed[at] = bits if part == 0 else packed[at] | bits
            store_states(states, vectors, j, a, b, c, d)


@njit(nogil=True, error_model="numpy", inline="always")
def _53_bits(high, low):
    """The integer of 53 bits whose top 32 are ``high`` and whose others are the top of ``low``."""
    return (u64(high) << u64(21)) | u64(low >> u32(11))


@kernel
def draw_uniform(state, threshold, out):
    """Uniforms in [0, 1) with 53 bits, in float64 (m, frames): two words each, high first.

    Or, unless ``threshold`` is None, ones where they are below threshold / 2^53, in uint8.
    """
    memory, states = space(TILE_ROWS), pointer_to(state)
    tile = rows_in(memory, states)
    words = shifted(tile, 4 * TILE)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _take_states(states, state.shape[1], start, width, tile)
        for done in range(0, m, STEPS // 2):
            count = min(STEPS // 2, m - done)
            _draw(tile, words, 2 * count, width)
            for j in range(count):
                high, low = shifted(words, 2 * j * TILE), shifted(words, (2 * j + 1) * TILE)
                row = out[done + j, start : start + width]
                for lane in range(width):
                    drawn = _53_bits(high[lane], low[lane])
                    if threshold is None:
                        row[lane] = np.float64(drawn) * 1.1102230246251565e-16
                    else:
                        row[lane] = np.uint8(drawn < threshold)
        _return_states(tile, states, state.shape[1], start, width)
    keep_alive(memory)


@njit(nogil=True, error_model="numpy", forceinline=True)
def normal_pair(u, v):
    """Two standard normals, vectors of float32, from two of words, int32.

    The radius uses 40 bits, all of u and the low 8 of v, so that it reaches 7.5 standard deviations;
    the angle uses the other 24. (Rounding to float32 leaves 24 significant bits of the 40; the small
    uniforms, which make the tails, keep theirs.) The logarithm, sine and cosine are near-minimax
    polynomials, interpolated at Chebyshev nodes; with float32 coefficients their errors stay below
    2e-8, 5e-8 and 2e-7.
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
    r = square_root(f32(-2.0) * ln)
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


@njit(nogil=True, error_model="numpy", forceinline=True)
def _normal_rows(words, j, x, y, width, spare):
    """Rows j, j + 1 of a tile's words to ``width`` samples from x on and as many from y on.

    ``spare`` is room for two vectors.
    """
    whole = width // LANES_FLOAT32
    for i in range(whole):
        u, v = load(words, j * TILE_VECTORS + i), load(words, (j + 1) * TILE_VECTORS + i)
        a, b = normal_pair(as_int(u), as_int(v))
        store(x, i, a)
        store(y, i, b)
    rest = width - whole * LANES_FLOAT32
    if rest:
        u, v = load(words, j * TILE_VECTORS + whole), load(words, (j + 1) * TILE_VECTORS + whole)
        a, b = normal_pair(as_int(u), as_int(v))
        store(spare, 0, a)
        store(spare, 1, b)
        for i in range(rest):
            x[whole * LANES_FLOAT32 + i] = spare[i]
            y[whole * LANES_FLOAT32 + i] = spare[LANES_FLOAT32 + i]


@kernel
def normals_from_words(words, out):
    """Rows 2j, 2j+1 of ``words``, uint32 (2 pairs, frames), to rows 2j, 2j+1 of ``out``, float32."""
    memory, spares, samples = space(TILE_ROWS), space(SPARE_ROWS), pointer_to(out)
    tile, spare = rows_in(memory, pointer_to(words)), rows_in(spares, samples)
    frames = words.shape[1]
    for start in range(0, frames, TILE):
        width = min(TILE, frames - start)
        for j in range(0, words.shape[0], 2):
            for lane in range(width):
                tile[lane], tile[TILE + lane] = words[j, start + lane], words[j + 1, start + lane]
            x = shifted(samples, j * frames + start)
            y = shifted(samples, (j + 1) * frames + start)
            _normal_rows(tile, 0, x, y, width, spare)
    keep_alive(memory)
    keep_alive(spares)


@kernel
def draw_normal(state, out):
    """Standard normals: ``out`` is float32 (m, frames). Two words for two samples; m odd drops one."""
    memory, states = space(TILE_ROWS), pointer_to(state)
    tile = rows_in(memory, states)
    words = shifted(tile, 4 * TILE)
    m, frames = out.shape
    spares, samples = space(SPARE_ROWS), pointer_to(out)
    spare = rows_in(spares, samples)
    dropped = shifted(spare, 2 * LANES_FLOAT32)
    for start in range(0, frames, TILE):
        width = min(TILE, frames - start)
        _take_states(states, state.shape[1], start, width, tile)
        for done in range(0, m, STEPS):
            count = min(STEPS, m - done)
            _draw(tile, words, count + (count & 1), width)
            for j in range(0, count, 2):
                x = shifted(samples, (done + j) * frames + start)
                y = shifted(samples, (done + j + 1) * frames + start) if j + 1 < count else dropped
                _normal_rows(words, j, x, y, width, spare)
        _return_states(tile, states, state.shape[1], start, width)
    keep_alive(memory)
    keep_alive(spares)
