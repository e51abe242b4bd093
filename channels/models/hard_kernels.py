"""Hard decisions on BPSK over AWGN without LLRs: their signs, packed, from the same random numbers.

A pair of words makes two normals by Box and Muller's method, whose radius follows from the first word. A sign
can turn only where the radius reaches 1 / sigma. Where that is rare, only such pairs are made into normals:
they are collected from all lanes first, and made 16 at a time.
"""

import numpy as np

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.group_kernels import GROUP, PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    ALL_FLOAT32,
    COMPRESSES,
    LANES_FLOAT32,
    as_int,
    as_word,
    below,
    bits_of,
    equal,
    keep_alive,
    load,
    magnitude,
    mask_of,
    negative,
    pointer_to,
    population_count,
    rows_in,
    select,
    shifted,
    space,
    splat,
    store_compressed,
    unsigned_below,
)
from ..streams.stream_kernels import load_states, next_word, normal_pair, store_states

#: The least Es/N0, 1 / (2 sigma^2), at which pairs are chosen by their radius: below, too many are. Measured.
LEAST_ESNO = 1.0 if COMPRESSES else 2.0
#: Pairs that are collected before they are made into normals, and the room for them in vectors and in words:
#: a position may add a group, and a vector's end is written beyond.
QUEUE = 1024
ROWS = QUEUE // LANES_FLOAT32 + PARTS + 1
ROOM = ROWS * LANES_FLOAT32
#: Positions from that of the first pair in the queue on that a place may name.
FURTHEST = 1 << 16
#: The bit of a place that marks a pair of which only the first normal counts, and the others.
SINGLE, OTHERS = np.uint32(1 << 31), np.uint32((1 << 31) - 1)
#: The float32 1 as a word.
ONE = np.uint32(0x3F800000)

f32, u32, u64 = np.float32, np.uint32, np.uint64


@inlined
def _collect(a, b, c, d, place, reach, queue, count):
    """Draw a pair of words in each lane, and append to the queue those with a large radius."""
    u, a, b, c, d = next_word(a, b, c, d)
    v, a, b, c, d = next_word(a, b, c, d)
    chosen, end = unsigned_below(u, reach), shifted(queue, count)
    store_compressed(end, u, chosen)
    store_compressed(shifted(end, ROOM), v, chosen)
    store_compressed(shifted(end, 2 * ROOM), place, chosen)
    return a, b, c, d, count + population_count(bits_of(chosen))


@inlined
def _append(noise, place, bits, turned, found):
    """Append noise and its places, in lanes with a bit."""
    chosen = mask_of(bits, noise)
    store_compressed(shifted(turned, found), as_word(noise), chosen)
    store_compressed(shifted(turned, 2 * ROOM + found), place, chosen)
    return found + population_count(bits)


@callee
def _turn(queue, count, sigma, turned, sent, hard, erased, base):
    """Make the pairs of a queue into noise, and turn the decisions on which it is large enough.

    ``queue`` has first words, second words and places, 64 position + lane from position ``base`` on, each in
    ROOM words; ``turned`` has room for twice as much noise and its places.
    """
    one, found = splat(f32(1.0)), 0
    for row in range((count + LANES_FLOAT32 - 1) // LANES_FLOAT32):
        x, y = normal_pair(as_int(load(queue, row)), as_int(load(shifted(queue, ROOM), row)))
        x, y, place = sigma * x, sigma * y, load(shifted(queue, 2 * ROOM), row)
        valid = ALL_FLOAT32 >> u64(max(0, LANES_FLOAT32 * (row + 1) - count))
        large = ~bits_of(below(magnitude(x), one)) & valid
        found = _append(x, place & OTHERS, large, turned, found)
        large = ~bits_of(below(magnitude(y), one)) & valid & ~bits_of(negative(place))
        found = _append(y, place + u32(GROUP), large, turned, found)
    for i in range(found):
        noise, place = turned[i], u64(turned[2 * ROOM + i])
        at, lane = base + np.int64(place // u64(GROUP)), place % u64(GROUP)
        minus = (sent[at] >> lane) & u64(1)
        turns = (minus ^ u64(noise >> u32(31))) << lane  # no branch: half of them do
        hard[at] ^= turns
        if noise & OTHERS == ONE:
            hard[at] &= ~turns
            erased[at] |= turns


@kernel
def decide_by_radius(state, words, sigma, reach, hard, erased):
    """``awgn_hard_words`` where noise that turns a sign is rare: where a first word is below ``reach``."""
    groups, n = words.shape
    states, sent, signs, zeros = pointer_to(state), pointer_to(words), pointer_to(hard), pointer_to(erased)
    memory, more = space(3 * ROWS), space(4 * ROWS)
    queue, turned = rows_in(memory, states), rows_in(more, states)
    for lane in range(LANES_FLOAT32):
        queue[lane] = u32(lane)
    lanes, reach, vectors = load(queue, 0), splat(reach), groups * PARTS
    count, base = 0, 0
    for group in range(groups):
        j = group * PARTS
        a0, b0, c0, d0 = load_states(states, vectors, j)
        a1, b1, c1, d1 = load_states(states, vectors, j + 1)
        a2, b2, c2, d2 = load_states(states, vectors, j + 2)
        a3, b3, c3, d3 = load_states(states, vectors, j + 3)
        for at in range(group * n, (group + 1) * n):
            signs[at], zeros[at] = sent[at], u64(0)
        for i in range(0, n, 2):
            at = group * n + i
            if count >= QUEUE or at - base >= FURTHEST:
                _turn(queue, count, sigma, turned, sent, signs, zeros, base)
                count, base = 0, at
            place = lanes + u32(u32((at - base) * GROUP) | (u32(0) if i + 1 < n else SINGLE))
            a0, b0, c0, d0, count = _collect(a0, b0, c0, d0, place, reach, queue, count)
            place = place + u32(LANES_FLOAT32)
            a1, b1, c1, d1, count = _collect(a1, b1, c1, d1, place, reach, queue, count)
            place = place + u32(LANES_FLOAT32)
            a2, b2, c2, d2, count = _collect(a2, b2, c2, d2, place, reach, queue, count)
            place = place + u32(LANES_FLOAT32)
            a3, b3, c3, d3, count = _collect(a3, b3, c3, d3, place, reach, queue, count)
        store_states(states, vectors, j, a0, b0, c0, d0)
        store_states(states, vectors, j + 1, a1, b1, c1, d1)
        store_states(states, vectors, j + 2, a2, b2, c2, d2)
        store_states(states, vectors, j + 3, a3, b3, c3, d3)
    _turn(queue, count, sigma, turned, sent, signs, zeros, base)
    keep_alive(memory)
    keep_alive(more)


@inlined
def _put_signs(noise, sent, at, shift, sigma, hard, erased):
    """The decisions on 16 frames at a position."""
    symbol = select(mask_of(sent[at] >> shift, noise), splat(f32(-1.0)), splat(f32(1.0)))
    received = symbol + sigma * noise
    hard[at] |= bits_of(negative(received)) << shift
    erased[at] |= bits_of(equal(received, splat(f32(0.0)))) << shift


@kernel
def decide_by_signs(state, words, sigma, hard, erased):
    """``awgn_hard_words`` from all normals."""
    groups, n = words.shape
    states, sent, signs, zeros = pointer_to(state), pointer_to(words), pointer_to(hard), pointer_to(erased)
    for at in range(groups * n):
        signs[at], zeros[at] = u64(0), u64(0)
    for j in range(groups * PARTS):
        shift = u64(j % PARTS * LANES_FLOAT32)
        a, b, c, d = load_states(states, groups * PARTS, j)
        for i in range(0, n, 2):
            u, a, b, c, d = next_word(a, b, c, d)
            v, a, b, c, d = next_word(a, b, c, d)
            x, y = normal_pair(as_int(u), as_int(v))
            at = j // PARTS * n + i
            _put_signs(x, sent, at, shift, sigma, signs, zeros)
            if i + 1 < n:
                _put_signs(y, sent, at + 1, shift, sigma, signs, zeros)
        store_states(states, groups * PARTS, j, a, b, c, d)


def first_words_of_small_radii(sigma):
    """The least first word of a pair, uint32, from which on sigma times the radius is below 1.

    The radius is sqrt(-2 ln p), and p at least the word times 2^-32. What float32 makes of it is right
    to 1e-5.
    """
    radius = 0.9999 / float(sigma)
    return u32(min(np.ceil(2.0**32 * np.exp(-radius * radius / 2)), 2.0**32 - 1))


def awgn_hard_words(state, words, sigma, hard, erased):
    """Signs and zeros of the LLRs of ``awgn_llr_groups``, which leaves the streams in the same states.

    ``words`` is uint64 (groups, n), a bit for each of 64 frames, ``state`` the streams of as many frames,
    ``sigma`` float32. ``hard``, uint64 (groups, n), receives 1 where an LLR is negative, ``erased`` where it
    is 0.
    """
    if 1 / (2 * float(sigma) ** 2) >= LEAST_ESNO:
        decide_by_radius(state, words, sigma, first_words_of_small_radii(sigma), hard, erased)
    else:
        decide_by_signs(state, words, sigma, hard, erased)
