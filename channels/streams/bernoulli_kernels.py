"""Kernels of Bernoulli draws: bits that are 1 with any probability, packed, one frame a lane.

Two ways to the same law. By digits, 32 positions of a frame at a time: a position's uniform number is
compared with the probability digit by digit, from the first on, until the two differ; a word holds one digit
of 32 positions. By counting, where ones are rare: how many there are, from the binomial distribution by
inversion, and then where, without bias (Lemire, "Fast random integer generation in an interval", ACM TOMACS
29(1), 2019). States and packed bits are as ``stream_kernels`` has them.
"""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import GROUP, PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.packed_kernels import POSITIONS, pack_positions
from ...vectors.vector_kernels import (
    ALL_FLOAT32,
    bits_of,
    equal,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    select,
    space,
    splat,
    store,
)
from .stream_kernels import load_states, next_word, store_states

#: Digits that every frame draws words for; for those after them only if one of its positions needs them.
DIGITS = 12
#: Positions that are counted together, at most.
CHUNK = 1024

u32, u64 = np.uint32, np.uint64


@inlined
def digit_width(count):
    """The bits of a word that a digit of ``count`` <= 32 positions takes: it has as many digits as fit."""
    return POSITIONS if count > 16 else 16 if count > 8 else 8


@inlined
def _compare(word, digits, width, ones, undecided):
    """Digits of the uniforms beside those of the threshold: which are below it now, and which still agree."""
    differs = word ^ digits
    less, agrees = differs & digits, differs ^ u32(0xFFFFFFFF)
    if width <= 8:  # a later digit counts where the earlier one agrees
        less, agrees = less | (agrees & (less >> u32(8))), agrees & (agrees >> u32(8))
    if width <= 16:
        less, agrees = less | (agrees & (less >> u32(16))), agrees & (agrees >> u32(16))
    return ones | (undecided & less), undecided & agrees


@kernel
def draw_by_digits(state, whole, last, out):
    """Ones where a uniform is below a threshold: ``out`` is uint64 (groups, m).

    ``whole`` are the words with the threshold's digits for 32 positions, uint32, ``last`` those for the
    positions that are left, of which a word has 1, 2 or 4 digits of ``digit_width`` bits, the first lowest.
    """
    groups, m = out.shape
    states, packed = pointer_to(state), pointer_to(out)
    memory, spares = space(PARTS), space(PARTS)
    drawn, spare, vectors = rows_in(memory, states), rows_in(spares, packed), groups * PARTS
    nothing = splat(u32(0))
    for group in range(groups):
        for first in range(0, m, POSITIONS):
            count = min(POSITIONS, m - first)
            width = digit_width(count)
            digits = whole if count == POSITIONS else last
            always = min(DIGITS * width // POSITIONS, digits.size)
            for part in range(PARTS):
                j = group * PARTS + part
                a, b, c, d = load_states(states, vectors, j)
                ones, undecided = nothing, splat(u32(u32(0xFFFFFFFF) >> u32(POSITIONS - count)))
                for i in range(always):
                    word, a, b, c, d = next_word(a, b, c, d)
                    ones, undecided = _compare(word, splat(digits[i]), width, ones, undecided)
                for i in range(always, digits.size):
                    keep = equal(undecided, nothing)
                    if bits_of(keep) == ALL_FLOAT32:
                        break
                    # What a frame draws must not depend on its neighbours: the others stay where they are.
                    word, e, f, g, h = next_word(a, b, c, d)
                    a, b, c, d = (
                        select(keep, a, e),
                        select(keep, b, f),
                        select(keep, c, g),
                        select(keep, d, h),
                    )
                    ones, undecided = _compare(word, splat(digits[i]), width, ones, undecided)
                store(drawn, part, ones)
                store_states(states, vectors, j, a, b, c, d)
            pack_positions(
                load(drawn, 0),
                load(drawn, 1),
                load(drawn, 2),
                load(drawn, 3),
                packed,
                group * m + first,
                count,
                spare,
            )
    keep_alive(memory)
    keep_alive(spares)


@inlined
def _next(a, b, c, d):
    """``next_word`` of one frame."""
    x = u32(a + d)
    word, t = u32(u32(x << u32(7)) | (x >> u32(25))) + a, u32(b << u32(9))
    c, d = c ^ a, d ^ b
    return u32(word), a ^ d, b ^ c, c ^ t, u32(u32(d << u32(11)) | (d >> u32(21)))


@kernel
def draw_by_counts(state, most, last, out):
    """Rare ones: ``out``, uint64 (groups, m), in chunks of ``CHUNK`` positions, and one of the rest.

    ``most[k]`` is 2^53 times the probability that a chunk has at most k ones, up to 2^53, uint64; ``last`` is
    the same for the rest. Takes two words for a count, and one for each position that is tried: where there
    is a one already, or a position would come more often than others, another is.
    """
    groups, m = out.shape
    for group in range(groups):
        row = out[group]
        for i in range(m):
            row[i] = u64(0)
        for lane in range(GROUP):
            frame, bit = group * GROUP + lane, u64(1) << u64(lane)
            a, b, c, d = state[0, frame], state[1, frame], state[2, frame], state[3, frame]
            for first in range(0, m, CHUNK):
                size = min(CHUNK, m - first)
                table = most if size == CHUNK else last
                high, a, b, c, d = _next(a, b, c, d)
                low, a, b, c, d = _next(a, b, c, d)
                drawn, left = (u64(high) << u64(21)) | u64(low >> u32(11)), 0
                while table[left] <= drawn:
                    left += 1
                biased = u64(u64(1 << 32) % u64(size))
                while left:
                    word, a, b, c, d = _next(a, b, c, d)
                    product = u64(word) * u64(size)
                    at = first + np.int64(product >> u64(32))
                    if (product & u64(0xFFFFFFFF)) >= biased and not row[at] & bit:
                        row[at] |= bit
                        left -= 1
            state[0, frame], state[1, frame], state[2, frame], state[3, frame] = a, b, c, d
