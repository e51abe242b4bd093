"""Kernels of the random streams: seeding, raw words, bits, uniforms and normals, one frame a lane.

Seeding is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC 2011, section 3); the words come from xoshiro128++ (Blackman and Vigna, "Scrambled
linear pseudorandom number generators", ACM TOMS 47(4), 2021); normals from Box and Muller (1958).

Every array is lane-major, shape ``(m, frames)`` and C-contiguous. A lane reads and writes its own
column only, so nothing depends on how frames are cut into calls. No fast-math and no fused
multiply-add: the samples are the same on every CPU.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

#: Frames that one tile of a kernel works on; their generator states stay in the first-level cache.
TILE = 256
#: Rows of words that are drawn before they are turned into samples. Even: normals use pairs.
STEPS = 32

f32, i32, u32, u64 = np.float32, np.int32, np.uint32, np.uint64


@intrinsic
def as_float(typingctx, word):
    """The float32 with the bits of an int32."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), codegen


@intrinsic
def as_int(typingctx, value):
    """The int32 with the bits of a float32."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), codegen


@njit(nogil=True, error_model="numpy", cache=True)
def seed_states(key, first, state):
    """Fill ``state``, uint32 (4, frames), with Philox4x32-10 of the key and each frame number.

    The counter is (frame low, frame high, key[2], key[3]); the Philox key is (key[0], key[1]).
    """
    low = u64(0xFFFFFFFF)
    for lane in range(state.shape[1]):
        frame = u64(first) + u64(lane)
        c0, c1 = frame & low, frame >> u64(32)
        c2, c3 = u64(key[2]), u64(key[3])
        k0, k1 = u64(key[0]), u64(key[1])
        for _ in range(10):
            p0, p1 = u64(0xD2511F53) * c0, u64(0xCD9E8D57) * c2
            c0, c1 = (p1 >> u64(32)) ^ c1 ^ k0, p1 & low
            c2, c3 = (p0 >> u64(32)) ^ c3 ^ k1, p0 & low
            k0, k1 = (k0 + u64(0x9E3779B9)) & low, (k1 + u64(0xBB67AE85)) & low
        if c0 | c1 | c2 | c3 == u64(0):
            c0 = u64(1)  # xoshiro never leaves the all-zero state
        state[0, lane], state[1, lane] = u32(c0), u32(c1)
        state[2, lane], state[3, lane] = u32(c2), u32(c3)


@njit(nogil=True, error_model="numpy", inline="always")
def _draw(tile, words, rows, width):
    """Advance each lane's xoshiro128++ ``rows`` times; row r of ``words`` is the r-th output.

    ``tile`` is a tuple of four separate arrays: with rows of one array the vectoriser would have to
    prove that they do not overlap, and gives up.
    """
    s0, s1, s2, s3 = tile
    for r in range(rows):
        row = words[r]
        for lane in range(width):
            a, b, c, d = s0[lane], s1[lane], s2[lane], s3[lane]
            x = u32(a + d)
            row[lane] = u32(u32(u32(x << u32(7)) | (x >> u32(25))) + a)
            t = u32(b << u32(9))
            c = c ^ a
            d = d ^ b
            s1[lane] = b ^ c
            s0[lane] = a ^ d
            s2[lane] = c ^ t
            s3[lane] = u32(d << u32(11)) | (d >> u32(21))


@njit(nogil=True, error_model="numpy", inline="always")
def _new_tile():
    """Four separate rows for the states of one tile."""
    return np.empty(TILE, u32), np.empty(TILE, u32), np.empty(TILE, u32), np.empty(TILE, u32)


@njit(nogil=True, error_model="numpy", inline="always")
def _load(state, start, width, tile):
    s0, s1, s2, s3 = tile
    for lane in range(width):
        s0[lane], s1[lane] = state[0, start + lane], state[1, start + lane]
        s2[lane], s3[lane] = state[2, start + lane], state[3, start + lane]


@njit(nogil=True, error_model="numpy", inline="always")
def _store(state, start, width, tile):
    s0, s1, s2, s3 = tile
    for lane in range(width):
        state[0, start + lane], state[1, start + lane] = s0[lane], s1[lane]
        state[2, start + lane], state[3, start + lane] = s2[lane], s3[lane]


@njit(nogil=True, error_model="numpy", cache=True)
def draw_words(state, out):
    """Raw words: ``out`` is uint32 (m, frames)."""
    tile, words = _new_tile(), np.empty((STEPS, TILE), np.uint32)
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _load(state, start, width, tile)
        for done in range(0, out.shape[0], STEPS):
            rows = min(STEPS, out.shape[0] - done)
            _draw(tile, words, rows, width)
            for r in range(rows):
                out[done + r, start : start + width] = words[r, :width]
        _store(state, start, width, tile)


@njit(nogil=True, error_model="numpy", cache=True)
def draw_bits(state, out):
    """Fair bits: ``out`` is uint8 (m, frames). Each word gives 32 bits, lowest first."""
    tile, words = _new_tile(), np.empty((STEPS, TILE), np.uint32)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _load(state, start, width, tile)
        for done in range(0, m, 32 * STEPS):
            rows = min(STEPS, (m - done + 31) // 32)
            _draw(tile, words, rows, width)
            for j in range(min(32 * rows, m - done)):
                word, row, shift = words[j >> 5], out[done + j, start : start + width], u32(j & 31)
                for lane in range(width):
                    row[lane] = np.uint8((word[lane] >> shift) & u32(1))
        _store(state, start, width, tile)


@njit(nogil=True, error_model="numpy", inline="always")
def _53_bits(high, low):
    """The integer of 53 bits whose top 32 are ``high`` and whose others are the top of ``low``."""
    return (u64(high) << u64(21)) | u64(low >> u32(11))


@njit(nogil=True, error_model="numpy", cache=True)
def draw_uniform(state, out):
    """Uniforms in [0, 1) with 53 bits: ``out`` is float64 (m, frames). Two words each, high first."""
    tile, words = _new_tile(), np.empty((STEPS, TILE), np.uint32)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _load(state, start, width, tile)
        for done in range(0, m, STEPS // 2):
            count = min(STEPS // 2, m - done)
            _draw(tile, words, 2 * count, width)
            for j in range(count):
                high, low = words[2 * j], words[2 * j + 1]
                row = out[done + j, start : start + width]
                for lane in range(width):
                    row[lane] = np.float64(_53_bits(high[lane], low[lane])) * 1.1102230246251565e-16
        _store(state, start, width, tile)


@njit(nogil=True, error_model="numpy", cache=True)
def draw_bernoulli(state, threshold, out):
    """Ones where the uniform of the same two words is below threshold / 2^53: uint8 (m, frames)."""
    tile, words = _new_tile(), np.empty((STEPS, TILE), np.uint32)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _load(state, start, width, tile)
        for done in range(0, m, STEPS // 2):
            count = min(STEPS // 2, m - done)
            _draw(tile, words, 2 * count, width)
            for j in range(count):
                high, low = words[2 * j], words[2 * j + 1]
                row = out[done + j, start : start + width]
                for lane in range(width):
                    row[lane] = np.uint8(_53_bits(high[lane], low[lane]) < threshold)
        _store(state, start, width, tile)


@njit(nogil=True, error_model="numpy", inline="always")
def _box_muller(u, v, x, y, width):
    """Turn rows of words u, v (int32) into rows of standard normals x, y (float32).

    The radius uses 40 bits, all of u and the low 8 of v, so that it reaches 7.5 standard deviations;
    the angle uses the other 24. (Rounding to float32 leaves 24 significant bits of the 40; the small
    uniforms, which make the tails, keep theirs.) The logarithm, sine and cosine are near-minimax
    polynomials, interpolated at Chebyshev nodes; with float32 coefficients their errors stay below
    2e-8, 5e-8 and 2e-7.
    """
    for lane in range(width):
        uw, vw = u[lane], v[lane]
        high = f32((uw >> 8) & i32(0xFFFFFF))
        low = f32(((uw & i32(0xFF)) << 8) | (vw & i32(0xFF)))
        p = high * f32(5.9604644775390625e-08) + (low + f32(0.5)) * f32(9.094947017729282e-13)
        # p = 2^e (1 + z) with 1 + z in [sqrt(1/2), sqrt(2))
        bits = as_int(p)
        e = i32(bits - i32(0x3F3504F3)) >> 23
        z = as_float(i32(bits - i32(e << 23))) - f32(1.0)
        q = z * z
        s = f32(0.126223192) + z * f32(-0.0790274367)
        s = f32(-0.129981831) + z * s
        s = f32(0.142144963) + z * s
        s = f32(-0.166412815) + z * s
        s = f32(0.200010449) + z * s
        s = f32(-0.25000307) + z * s
        s = f32(0.333333313) + z * s
        ln = (z - f32(0.5) * q + z * q * s) + f32(e) * f32(0.6931471805599453)
        r = np.sqrt(f32(-2.0) * ln)
        # the angle in turns, at the middles of 2^24 steps of [-1/2, 1/2)
        t = (f32(vw >> 8) + f32(0.5)) * f32(5.9604644775390625e-08)
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
        x[lane] = r * cosine
        y[lane] = r * (t * sine)


@njit(nogil=True, error_model="numpy", cache=True)
def normals_from_words(words, out):
    """Rows 2j, 2j+1 of ``words``, int32 (2 pairs, frames), to rows 2j, 2j+1 of ``out``, float32."""
    for j in range(words.shape[0] // 2):
        _box_muller(words[2 * j], words[2 * j + 1], out[2 * j], out[2 * j + 1], words.shape[1])


@njit(nogil=True, error_model="numpy", cache=True)
def draw_normal(state, out):
    """Standard normals: ``out`` is float32 (m, frames). Two words for two samples; m odd drops one."""
    tile, words = _new_tile(), np.empty((STEPS, TILE), np.uint32)
    signed, spare = words.view(np.int32), np.empty(TILE, np.float32)
    m = out.shape[0]
    for start in range(0, out.shape[1], TILE):
        width = min(TILE, out.shape[1] - start)
        _load(state, start, width, tile)
        for done in range(0, m, STEPS):
            count = min(STEPS, m - done)
            _draw(tile, words, count + (count & 1), width)
            for j in range(0, count, 2):
                x = out[done + j, start : start + width]
                y = out[done + j + 1, start : start + width] if j + 1 < count else spare
                _box_muller(signed[j], signed[j + 1], x, y, width)
        _store(state, start, width, tile)
