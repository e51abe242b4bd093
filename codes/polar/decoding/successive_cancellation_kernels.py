"""Successive cancellation by a list of operations, for 64 frames in vectors of int8 or of float32.

LLRs of a node of m rows are in rows m to 2 m - 1 of a buffer. Words are uint64, a bit for each lane. A node
of rate 1 is decided by the signs of its LLRs, which is the same as bit by bit unless one of them is 0.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP, PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    INLINED,
    below,
    bits_of,
    equal,
    keep_alive,
    load,
    magnitude,
    mask_of,
    maximum,
    minimum,
    negative,
    pointer_to,
    rows_in,
    saturating_add,
    saturating_subtract,
    select,
    shifted,
    space,
    splat,
    store,
    trailing_zeros,
    unsigned_min,
)
from .box_plus_kernels import box_plus
from .operation_kernels import (
    COPY,
    FIRST_OF_THREE,
    G_RATE_1,
    G_ZERO,
    G_ZERO_RATE_1,
    JOIN,
    JOIN_THREE,
    KEEP,
    PARITY,
    RATE_0,
    RATE_1,
    REPETITION,
    SECOND_OF_THREE,
    SUMS,
    F,
    G,
)

f32, i8, u64 = np.float32, np.int8, np.uint64

#: Largest magnitude of an LLR of float32: sums of 10^7 of them are finite.
MOST = f32(1e30)

#: Pointers to what all groups share: what ties are decided as, a word for each position; operations, four
#: numbers each, and how many there are; the code's length, its kernels, and how many they are; a vector's
#: lanes.
Program = namedtuple("Program", ("ties", "operations", "count", "n", "kernels", "levels", "lanes"))
#: Pointers for dynamic frozen bits: position i adds v at ``sources[first[i]]`` and on, before
#: ``sources[first[i + 1]]``; where it is frozen; v of the bits decided so far, 0 where frozen; and room for a
#: node's words.
Sums = namedtuple("Sums", ("first", "sources", "frozen", "v", "room"))
#: What is looked at and changed at single bits, by pointers: a row for the magnitude of each position's LLR,
#: and a word of the frames in which its decision is flipped.
Watched = namedtuple("Watched", ("sizes", "flips"))


# Decisions on LLRs of 0


@inlined
def decided(x, tie):
    """The bits of a vector of LLRs: 1 where negative, that of the word ``tie`` where 0."""
    zero = x - x
    return bits_of(below(x, zero)) | bits_of(equal(x, zero)) & tie


def no_zero(like):
    """What ``least_size`` begins with."""
    raise NotImplementedError("for kernels alone")


@overload(no_zero, jit_options=INLINED)
def _no_zero(like):
    if like.dtype == types.float32:
        return lambda like: splat(f32(1.0))
    return lambda like: splat(i8(-1))


def least_size(least, x):
    """In the end 0 in lanes where any LLR was 0, and only there."""
    raise NotImplementedError("for kernels alone")


@overload(least_size, jit_options=INLINED)
def _least_size(least, x):
    if x.dtype == types.float32:
        return lambda least, x: minimum(least, magnitude(x))
    return lambda least, x: unsigned_min(least, x)


@inlined
def zeros_in(least):
    """The lanes in which an LLR was 0: bits of a uint64."""
    return bits_of(equal(least, least - least))


# Parts of nodes


@inlined
def sum_of(a, b, word):
    """b + a, or b - a in the lanes where the word is set."""
    return select(mask_of(word, a), saturating_subtract(b, a), saturating_add(b, a))


@callee
def make_left(source, target, h, exact):
    """LLRs of the left half."""
    for i in range(h):
        store(target, i, box_plus(load(source, i), load(source, h + i), exact))


@callee
def make_right(source, target, h, word):
    """LLRs of the right half, by the word of the left half."""
    for i in range(h):
        store(target, i, sum_of(load(source, i), load(source, h + i), word[i]))


@callee
def add_halves(source, target, h):
    """The same where the left half's word is 0."""
    for i in range(h):
        store(target, i, saturating_add(load(source, h + i), load(source, i)))


@callee
def join(word, h):
    """The word of a node from those of its halves; and that of the left half from that of the node."""
    for i in range(h):
        word[i] ^= word[h + i]


@callee
def make_part_of_three(source, target, h, word, operation, exact):
    """LLRs of a part of three, by the words of those before it."""
    for i in range(h):
        a, b, c = load(source, i), load(source, h + i), load(source, 2 * h + i)
        if operation == FIRST_OF_THREE:
            x = box_plus(box_plus(a, b, exact), c, exact)
        elif operation == SECOND_OF_THREE:
            x = sum_of(a, box_plus(b, c, exact), word[i])
        else:
            x = sum_of(c, sum_of(b, a - a, word[i]), word[i] ^ word[h + i])
        store(target, i, x)


@callee
def join_three(word, h, inverse):
    """The word of a node from those of its three parts, or these from it."""
    for i in range(h):
        a, b, c = word[i], word[h + i], word[2 * h + i]
        if inverse:
            word[i], word[h + i], word[2 * h + i] = a ^ b ^ c, b ^ c, a ^ c
        else:
            word[i], word[h + i], word[2 * h + i] = a ^ b, a ^ c, a ^ b ^ c


@callee
def transform_node(word, size, program, inverse):
    """The polar transform of a node, in place, or its inverse."""
    h, level = 1, program.levels
    while h < size:
        level -= 1
        parts = program.kernels[level]
        for first in range(0, size, parts * h):
            if parts == 2:
                join(shifted(word, first), h)
            else:
                join_three(shifted(word, first), h, inverse)
        h *= parts


# Whole nodes; ``tie`` has a word for each bit, what it is where its LLR is 0


@callee
def decide_bit_by_bit(buffer, size, word, tie, lanes, exact):
    """The word of a node of rate 1, by the recursion down to its bits."""
    for i in range(size):
        part = size
        if i:
            part = 1 << trailing_zeros(u64(i))
            source, target = shifted(buffer, 2 * part * lanes), shifted(buffer, part * lanes)
            make_right(source, target, part, shifted(word, i - part))
        while part > 1:
            part >>= 1
            make_left(shifted(buffer, 2 * part * lanes), shifted(buffer, part * lanes), part, exact)
        word[i] = decided(load(buffer, 1), tie[i])
        part = 1
        while part < size and not (i + 1) & (2 * part - 1):
            join(shifted(word, i + 1 - 2 * part), part)
            part *= 2


@callee
def decide_rate_1(source, buffer, size, word, tie, lanes, exact):
    """A node of rate 1: the signs of its LLRs, in ``source``."""
    least = no_zero(load(source, 0))
    for i in range(size):
        x = load(source, i)
        least = least_size(least, x)
        word[i] = bits_of(negative(x))
    if zeros_in(least):
        for i in range(size):
            store(buffer, size + i, load(source, i))
        decide_bit_by_bit(buffer, size, word, tie, lanes, exact)


@callee
def decide_watched(source, word, tie, first, watched):
    """A single bit at position ``first``, of which the magnitude is kept, and the decision flipped."""
    x = load(source, 0)
    store(watched.sizes, first, magnitude(x))
    word[0] = decided(x, tie[0]) ^ watched.flips[first]


@callee
def decide_right(source, buffer, h, word, tie, lanes, exact):
    """The word of a node whose right half is of rate 1, from that of its left half."""
    least = no_zero(load(source, 0))
    for i in range(h):
        left = word[i]
        x = sum_of(load(source, i), load(source, h + i), left)
        least = least_size(least, x)
        right = bits_of(negative(x))
        word[i], word[h + i] = left ^ right, right
    if zeros_in(least):
        join(word, h)
        make_right(source, shifted(buffer, h * lanes), h, word)
        decide_bit_by_bit(buffer, h, shifted(word, h), shifted(tie, h), lanes, exact)
        join(word, h)


@callee
def decide_doubled(source, buffer, h, word, tie, lanes, exact):
    """The same where the left half's word is 0: the right half's word twice."""
    least = no_zero(load(source, 0))
    for i in range(h):
        x = saturating_add(load(source, h + i), load(source, i))
        least = least_size(least, x)
        right = bits_of(negative(x))
        word[i], word[h + i] = right, right
    if zeros_in(least):
        add_halves(source, shifted(buffer, h * lanes), h)
        decide_bit_by_bit(buffer, h, shifted(word, h), shifted(tie, h), lanes, exact)
        for i in range(h):
            word[i] = word[h + i]


@callee
def decide_parity_of_4(source, word, tie, known, exact):
    """A node of four bits, of which the first is frozen: as by the recursion, in registers.

    Where ``known`` the first word is what the frozen bit makes.
    """
    a, b, c, d = load(source, 0), load(source, 1), load(source, 2), load(source, 3)
    e, f = box_plus(a, c, exact), box_plus(b, d, exact)
    first = word[0] if known else u64(0)
    left = decided(sum_of(e, f, first), tie[1])
    g, h = sum_of(a, c, left ^ first), sum_of(b, d, left)
    right = decided(box_plus(g, h, exact), tie[2])
    last = decided(sum_of(g, h, right), tie[3])
    word[0], word[1], word[2], word[3] = left ^ first ^ right ^ last, left ^ last, right ^ last, last


@callee
def decide_repetition(source, buffer, size, word, tie, lanes):
    """A node whose last bit alone is free, the others being 0."""
    h = size >> 1
    while h > 2:
        target = shifted(buffer, h * lanes)
        add_halves(source, target, h)
        source = target
        h >>= 1
    if h == 2:
        a = saturating_add(load(source, 2), load(source, 0))
        x = saturating_add(saturating_add(load(source, 3), load(source, 1)), a)
    else:
        x = saturating_add(load(source, 1), load(source, 0))
    bit = decided(x, tie[size - 1])
    for i in range(size):
        word[i] = bit


@callee
def decide_known_repetition(source, buffer, size, word, tie, lanes):
    """The same where the word has what the frozen bits make."""
    h, rest = size >> 1, word
    while h:
        target = shifted(buffer, h * lanes)
        for i in range(h):
            left = rest[i] ^ rest[h + i]
            store(target, i, sum_of(load(source, i), load(source, h + i), left))
        source, rest = target, shifted(rest, h)
        h >>= 1
    bit = decided(load(buffer, 1), tie[size - 1])
    for i in range(size):
        word[i] ^= bit


# Dynamic frozen bits


@callee
def sum_at(position, sums):
    """The sum of earlier bits v that a position adds."""
    total = u64(0)
    for t in range(sums.first[position], sums.first[position + 1]):
        total ^= sums.v[sums.sources[t]]
    return total


@callee
def put_sums(first, size, word, sums, program):
    """The word that the frozen bits of a node make, its other bits being 0."""
    for i in range(size):
        word[i] = sum_at(first + i, sums) if sums.frozen[first + i] == 1 else u64(0)
    transform_node(word, size, program, False)


@callee
def keep_bits(first, size, word, sums, program):
    """Keep v of a node that is decided."""
    for i in range(size):
        sums.room[i] = word[i]
    transform_node(sums.room, size, program, True)
    for i in range(size):
        if sums.frozen[first + i] == 0:
            sums.v[first + i] = sums.room[i] ^ sum_at(first + i, sums)


# The whole


@callee
def run_other(program, operation, h, first, received, buffer, word, sums, exact):
    """An operation of dynamic frozen bits or kernels of size 3."""
    if operation == SUMS:
        put_sums(first, h, word, sums, program)
    elif operation == KEEP:
        keep_bits(first, h, word, sums, program)
    elif operation == JOIN_THREE:
        join_three(word, h, False)
    else:
        thirds = shifted(buffer, 3 * h * program.lanes) if 3 * h < program.n else received
        make_part_of_three(thirds, shifted(buffer, h * program.lanes), h, word, operation, exact)


@callee
def run(program, received, buffer, words, sums, more, exact, watched):
    """All operations, from the received LLRs to the codewords.

    ``more`` is None where there are neither dynamic frozen bits nor kernels of size 3: less is compiled then.
    ``watched``, if not None, is what is done at single bits.
    """
    lanes, n = program.lanes, program.n
    for number in range(program.count):
        at = shifted(program.operations, 4 * number)
        operation, h, first = at[0], at[1], at[2]
        word, tie, target = shifted(words, first), shifted(program.ties, first), shifted(buffer, h * lanes)
        whole = target if h < n else received
        halves = shifted(buffer, 2 * h * lanes) if 2 * h < n else received
        if operation == F:
            make_left(halves, target, h, exact)
        elif operation == G:
            make_right(halves, target, h, word)
        elif operation == G_ZERO:
            add_halves(halves, target, h)
        elif operation == G_RATE_1:
            decide_right(halves, buffer, h, word, tie, lanes, exact)
        elif operation == G_ZERO_RATE_1:
            decide_doubled(halves, buffer, h, word, tie, lanes, exact)
        elif operation == JOIN:
            join(word, h)
        elif operation == COPY:
            for i in range(h):
                word[i] = word[h + i]
        elif operation == RATE_1:
            if watched is not None:
                decide_watched(whole, word, tie, first, watched)
                continue
            decide_rate_1(whole, buffer, h, word, tie, lanes, exact)
        elif operation == REPETITION:
            if at[3] == 0:
                decide_repetition(whole, buffer, h, word, tie, lanes)
            else:
                decide_known_repetition(whole, buffer, h, word, tie, lanes)
        elif operation == PARITY:
            decide_parity_of_4(whole, word, tie, at[3], exact)
        elif operation == RATE_0:
            for i in range(h):
                word[i] = u64(0)
        elif more is not None:
            run_other(program, operation, h, first, received, buffer, word, sums, exact)


@callee
def clip(rows, part, parts, n, root):
    """One part of a group's LLRs of float32, next to each other and at most ``MOST``."""
    for i in range(n):
        x = load(rows, parts * i + part)
        store(root, i, maximum(minimum(x, splat(MOST)), splat(-MOST)))


def part_of(rows, part, n, root):
    """Where the LLRs of one part of a group are: of int8 where they were, of float32 copied to ``root``."""
    raise NotImplementedError("for kernels alone")


@overload(part_of, jit_options=INLINED)
def _part_of(rows, part, n, root):
    if rows.dtype == types.int8:
        return lambda rows, part, n, root: rows

    def copied(rows, part, n, root):
        clip(rows, part, PARTS, n, root)
        return root

    return copied


@kernel
def decode(llr, ties, operations, kernels, first_source, sources, frozen, more, lanes, exact, out):
    """Codewords, uint64 (groups, n) in ``out``, by successive cancellation of LLRs (groups, n, 64).

    LLRs are int8 or finite float32, ``lanes`` of them in a vector. ``ties``, uint64 (n), has all bits set
    where a tie makes u 1. ``operations``, ``first_source`` and ``sources`` are a ``NodeProgram``;
    ``kernels``, int64, and ``frozen``, uint8 (n), those of the code. ``more`` is None where there are neither
    dynamic frozen bits nor kernels of size 3, ``exact`` True for the exact box-plus of float32, and None for
    min-sum.
    """
    groups, n, _ = llr.shape
    memory = space(2 * n)
    given = pointer_to(llr)
    buffer = rows_in(memory, given)
    scratch, v, room = np.empty(n, np.uint64), np.zeros(n, np.uint64), np.empty(n, np.uint64)
    program = Program(
        pointer_to(ties), pointer_to(operations), len(operations), n, pointer_to(kernels), len(kernels), lanes
    )
    sums = Sums(
        pointer_to(first_source), pointer_to(sources), pointer_to(frozen), pointer_to(v), pointer_to(room)
    )
    parts, root = GROUP // lanes, shifted(buffer, n * lanes)
    for group in range(groups):
        words = shifted(pointer_to(out), group * n)
        for part in range(parts):
            received = part_of(shifted(given, group * n * GROUP), part, n, root)
            if parts == 1:
                run(program, received, buffer, words, sums, more, exact, None)
                continue
            run(program, received, buffer, pointer_to(scratch), sums, more, exact, None)
            for i in range(n):
                word = (scratch[i] & u64((1 << lanes) - 1)) << u64(part * lanes)
                words[i] = word if part == 0 else words[i] | word
    keep_alive(memory)
    keep_alive(scratch)
    keep_alive(v)
    keep_alive(room)
