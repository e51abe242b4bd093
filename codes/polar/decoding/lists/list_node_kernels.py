"""What list decoding does at the nodes of a polar code's tree, for all paths at once.

A node has rows of LLRs, one for each of its positions, and leaves rows of bits, its codeword. Nothing is
copied when paths fork: a leaf leaves in ``turn`` from which lanes its paths come, whoever reads what was
made before reads it from there, and two such permutations make one on the way up. Bits are masks of int32,
all ones for a 1. ``exact`` is None for min-sum.

Metrics are those of A. Balatsoukas-Stimming, M. Bastani Parizi and A. Burg, "LLR-based successive
cancellation list decoding of polar codes", 2015: ln(1 + exp(-x)) for a 0 of LLR x, or by min-sum -x if that
is positive.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.operations.exponential_kernels import least_and_more
from .....vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    as_float,
    as_int,
    below,
    equal,
    load,
    magnitude,
    mask_of,
    maximum,
    minimum,
    negative,
    select,
    shifted,
    splat,
    store,
)
from ..box_plus_kernels import box_plus
from .list_fork_kernels import ABSENT, copy_row, fork, fork_at, turn_row, turned_vector

f32, i32, i64 = np.float32, np.int32, np.int64

#: Pending sums: ``words``, rows of their ``state``, the tables of ``PendingSums``, and the code's kernels.
Sums = namedtuple("Sums", ("words", "state", "slot", "added", "information", "kernels"))
#: What a leaf of many forks needs: rows of int32 for the ``turns`` after each of its rows, and whether there
#: is one, ``turned``, int64; ``so_far``, a row of all its turns until now; ``more``, five rows. Forks are in
#: the rows that each path trusts least, ``most_free`` and ``most_even`` of them: 0 for all rows.
Forks = namedtuple("Forks", ("turns", "turned", "so_far", "more", "most_free", "most_even"))


@inlined
def _flipped_where(x, bit):
    """x, with the other sign where a bit is 1."""
    return as_float(as_int(x) ^ (bit & splat(i32(-(2**31)))))


def more_doubt(total, x, exact):
    """A cost, and what a decision by the sign of x costs beside: ln(1 + exp(-|x|)), or nothing by min-sum."""
    raise NotImplementedError("for kernels alone")


@overload(more_doubt, jit_options=INLINED)
def _doubt_added(total, x, exact):
    if isinstance(exact, types.NoneType):
        return lambda total, x, exact: total
    return lambda total, x, exact: total - least_and_more(splat(f32(0.0)), magnitude(x))


# Parts of nodes


@callee
def sums_of_rows(a, b, target, rows, exact):
    """LLRs of the sums of the bits of two parts."""
    for i in range(rows):
        store(target, i, box_plus(load(a, i), load(b, i), exact))


@callee
def right_of_two(lists, a, b, bits, target, h, turned):
    """LLRs of the right part: those of both halves, where the left part is known."""
    count, width = lists.count, LANES_FLOAT32 * lists.count
    if not turned:
        for i in range(h * count):
            store(target, i, load(b, i) + _flipped_where(load(a, i), load(bits, i)))
        return
    for i in range(h):
        for v in range(count):
            lanes = load(lists.turn, v)
            x = turned_vector(shifted(a, i * width), lanes, count)
            y = turned_vector(shifted(b, i * width), lanes, count)
            at = i * count + v
            store(target, at, y + _flipped_where(x, load(bits, at)))


@callee
def turn_rows(lists, rows, h):
    """Take rows of int32 from the lanes ``turn``."""
    for i in range(h):
        turn_row(shifted(rows, i * LANES_FLOAT32 * lists.count), lists.turn, lists.spare, lists.count)


@callee
def join_two(lists, bits, h, turned):
    """Codewords of a node of those of its halves."""
    if turned:
        turn_rows(lists, bits, h)
    for i in range(h * lists.count):
        store(bits, i, load(bits, i) ^ load(bits, h * lists.count + i))


@callee
def second_of_three(lists, llr, bits, target, h, turned, exact):
    """LLRs of u1 of (u0 + u1, u0 + u2, u0 + u1 + u2): of x0 where u0 is known, and of x1 + x2."""
    count, width = lists.count, LANES_FLOAT32 * lists.count
    part = h * width
    for i in range(h):
        row = shifted(llr, i * width)
        for v in range(count):
            at = i * count + v
            a, b, c = load(llr, at), load(llr, h * count + at), load(llr, 2 * h * count + at)
            if turned:
                lanes = load(lists.turn, v)
                a = turned_vector(row, lanes, count)
                b = turned_vector(shifted(row, part), lanes, count)
                c = turned_vector(shifted(row, 2 * part), lanes, count)
            store(target, at, box_plus(b, c, exact) + _flipped_where(a, load(bits, at)))


@callee
def third_of_three(lists, llr, bits, target, h, turned):
    """LLRs of u2: of x1 where u0 is known, and of x2 where u0 + u1 is."""
    count, width = lists.count, LANES_FLOAT32 * lists.count
    part = h * width
    for i in range(h):
        row = shifted(llr, i * width)
        for v in range(count):
            at = i * count + v
            b, c = load(llr, h * count + at), load(llr, 2 * h * count + at)
            if turned:
                lanes = load(lists.turn, v)
                b = turned_vector(shifted(row, part), lanes, count)
                c = turned_vector(shifted(row, 2 * part), lanes, count)
            u0, u1 = load(bits, at), load(bits, h * count + at)
            store(target, at, _flipped_where(b, u0) + _flipped_where(c, u0 ^ u1))


@callee
def join_three(lists, bits, h, turned):
    """Codewords of a node of those of its three parts."""
    if turned:
        turn_rows(lists, bits, 2 * h)
    for i in range(h * lists.count):
        j = h * lists.count
        u0, u1, u2 = load(bits, i), load(bits, j + i), load(bits, 2 * j + i)
        store(bits, i, u0 ^ u1)
        store(bits, j + i, u0 ^ u2)
        store(bits, 2 * j + i, u0 ^ u1 ^ u2)


# Pending sums


@inlined
def _use_sum(sums, position, v, count):
    """The sum that is added to a position, as a vector of bits; its slot is 0 afterwards."""
    slot = sums.slot[position]
    if slot < 0:
        return splat(i32(0))
    at, bit = (slot >> 5) * count + v, splat(i32(i64(1) << (slot & 31)))
    word = load(sums.state, at)
    store(sums.state, at, word & (bit ^ splat(i32(-1))))
    return splat(i32(0)) - ((word >> splat(i32(slot & 31))) & splat(i32(1)))


@inlined
def _add_to_sums(sums, position, v, count, bit):
    """Add a bit of v to the sums that it is in."""
    for word in range(sums.words):
        added = sums.added[position * sums.words + word]
        if added != 0:
            at = word * count + v
            store(sums.state, at, load(sums.state, at) ^ (bit & splat(i32(added))))


@callee
def _transform_rows(rows, h, count, kernels, inverse):
    """Polar codewords of h rows of bits, and back; ``kernels`` are those of the code."""
    size, depth = 1, len(kernels)
    while size < h:
        depth -= 1
        part = size * count
        for first in range(0, h * count, kernels[depth] * part):
            for i in range(first, first + part):
                a, b = load(rows, i), load(rows, i + part)
                if kernels[depth] == 2:
                    store(rows, i, a ^ b)
                    continue
                c = load(rows, i + 2 * part)
                store(rows, i, a ^ b ^ c if inverse else a ^ b)
                store(rows, i + part, b ^ c if inverse else a ^ c)
                store(rows, i + 2 * part, a ^ c if inverse else a ^ b ^ c)
        size *= kernels[depth]


@callee
def put_sums(lists, sums, bits, first, h):
    """Rows of the codeword that the sums of the frozen positions of a node make, with 0 at the others."""
    for i in range(h):
        for v in range(lists.count):
            free = sums.information[first + i] != 0
            known = splat(i32(0)) if free else _use_sum(sums, first + i, v, lists.count)
            store(bits, i * lists.count + v, known)
    if h > 1:
        _transform_rows(bits, h, lists.count, sums.kernels, False)


@callee
def keep_node(lists, sums, bits, scratch, first, h):
    """Add the information bits of a codeword to the sums that follow."""
    for i in range(h * lists.count):
        store(scratch, i, load(bits, i))
    if h > 1:
        _transform_rows(scratch, h, lists.count, sums.kernels, True)
    for i in range(h):
        for v in range(lists.count):
            if sums.information[first + i] != 0:
                u = load(scratch, i * lists.count + v)
                _add_to_sums(sums, first + i, v, lists.count, u ^ _use_sum(sums, first + i, v, lists.count))


# Leaves


@inlined
def flip_born(lists, row):
    """Flip bits of a row in the lanes that have taken flips."""
    for v in range(lists.count):
        x = load(row, v)
        store(row, v, select(mask_of(lists.die[v], x), x ^ splat(i32(-1)), x))


@inlined
def _known_at(bits, at, known):
    """A vector of the bits that are known, which are 0 unless ``known``."""
    return load(bits, at) if known else splat(i32(0))


@callee
def frozen_half(lists, a, b, h, exact):
    """Pay for the left half of a node being 0."""
    count, nothing = lists.count, splat(f32(0.0))
    for v in range(count):
        total = load(lists.metric, v)
        for i in range(v, h * count, count):
            x = box_plus(load(a, i), load(b, i), exact)
            total = more_doubt(total + maximum(nothing - x, nothing), x, exact)
        store(lists.metric, v, total)


@callee
def frozen_node(lists, llr, bits, h, known, exact):
    """Pay for a codeword that is known: ``bits``, or 0."""
    count, nothing = lists.count, splat(f32(0.0))
    for v in range(count):
        total = load(lists.metric, v)
        for i in range(v, h * count, count):
            x = _flipped_where(load(llr, i), _known_at(bits, i, known))
            total = more_doubt(total + maximum(nothing - x, nothing), x, exact)
        store(lists.metric, v, total)
    if not known:
        for i in range(h * count):
            store(bits, i, splat(i32(0)))


@callee
def repeated_node(lists, llr, bits, h, known, exact, decided, position):
    """Fork for the last bit of a node: its codeword is that bit everywhere, plus what is ``known``.

    Returns whether paths were turned. ``decided`` is a spare row, ``position`` that of the bit.
    """
    count, nothing = lists.count, splat(f32(0.0))
    for v in range(count):
        zero, one = load(lists.metric, v), load(lists.metric, v)
        for i in range(v, h * count, count):
            x = _flipped_where(load(llr, i), _known_at(bits, i, known))
            zero = more_doubt(zero + maximum(nothing - x, nothing), x, exact)
            one = more_doubt(one + maximum(x, nothing), x, exact)
        less = below(one, zero)
        store(decided, v, select(less, splat(i32(-1)), splat(i32(0))))
        store(lists.kept, v, minimum(zero, one))
        store(lists.flipped, v, maximum(zero, one))
    turned = fork_at(lists, lists.shifts, position)
    if turned:
        turn_row(decided, lists.turn, lists.spare, count)
        flip_born(lists, decided)
        if known:
            turn_rows(lists, bits, h)
    for i in range(h):
        for v in range(count):
            at = i * count + v
            store(bits, at, load(decided, v) ^ _known_at(bits, at, known))
    return turned


@inlined
def _row_turned(forks, llr, v, count, turned):
    """A vector of a row of LLRs, from the lanes that paths had at the beginning of a leaf."""
    return turned_vector(llr, load(forks.so_far, v), count) if turned else load(llr, v)


@inlined
def _turn_leaf(lists, forks, i, turned):
    """Note the turn of a fork for row i of a leaf."""
    copy_row(lists.turn, shifted(forks.turns, i * LANES_FLOAT32 * lists.count), lists.count)
    if turned:
        turn_row(forks.so_far, lists.turn, lists.spare, lists.count)
    else:
        copy_row(lists.turn, forks.so_far, lists.count)


@callee
def _bring_together(lists, forks, bits, h):
    """Take the rows of a leaf, each in the lanes after its own fork, to those after the last one.

    ``turn`` becomes all turns of the leaf.
    """
    count, turned = lists.count, False
    for i in range(h - 1, -1, -1):
        row = i * LANES_FLOAT32 * count
        if turned:
            turn_row(shifted(bits, row), lists.turn, lists.spare, count)
        if forks.turned[i]:
            turn = shifted(forks.turns, row)
            if turned:
                turn_row(turn, lists.turn, lists.spare, count)
            copy_row(turn, lists.turn, count)
            turned = True


@callee
def _limit_forks(lists, llr, h, most, limit):
    """The size of the LLR that comes ``most``-th from the least in each lane, of those that differ.

    ``limit`` is a row; infinite where all rows may fork, ``most`` 0 or no less than rows.
    """
    for v in range(lists.count):
        size = splat(f32(np.inf) if most == 0 else f32(-1.0))
        for _ in range(most):
            following = splat(f32(np.inf))
            for i in range(h):
                x = magnitude(load(llr, i * lists.count + v))
                following = select(below(size, x), minimum(following, x), following)
            size = following
        store(limit, v, as_int(size))


@callee
def free_node(lists, forks, llr, bits, h):
    """Fork for each row of a node whose bits are all free, by min-sum. Returns whether paths were turned.

    A flip never lowers a metric, so the best paths of the node are found in whatever order rows are taken.
    """
    count, turned, limit = lists.count, False, forks.more
    _limit_forks(lists, llr, h, forks.most_free, limit)
    for i in range(h):
        row = shifted(bits, i * LANES_FLOAT32 * count)
        for v in range(count):
            x = _row_turned(forks, shifted(llr, i * LANES_FLOAT32 * count), v, count, turned)
            store(row, v, select(below(x, splat(f32(0.0))), splat(i32(-1)), splat(i32(0))))
            store(lists.kept, v, load(lists.metric, v))
            left_out = below(as_float(load(limit, v)), magnitude(x))
            flipped = select(left_out, splat(ABSENT + ABSENT), load(lists.metric, v) + magnitude(x))
            store(lists.flipped, v, flipped)
        forks.turned[i] = i64(fork(lists))
        if forks.turned[i]:
            turn_row(row, lists.turn, lists.spare, count)
            turn_row(limit, lists.turn, lists.spare, count)
            flip_born(lists, row)
            _turn_leaf(lists, forks, i, turned)
            turned = True
    _bring_together(lists, forks, bits, h)
    return turned


@callee
def _begin_even_node(lists, llr, bits, h, known, least, where, odd, first):
    """Pay for the least reliable row where the sum of all decisions is 1."""
    count = lists.count
    for v in range(count):
        size, place, parity = splat(ABSENT), splat(i32(0)), _known_at(bits, v, known)
        store(first, v, parity)
        for i in range(h):
            x = load(llr, i * count + v)
            parity = parity ^ select(below(x, splat(f32(0.0))), splat(i32(-1)), splat(i32(0)))
            place = select(below(magnitude(x), size), splat(i32(i)), place)
            size = minimum(size, magnitude(x))
        store(least, v, as_int(size))
        store(where, v, place)
        store(odd, v, parity)
        paid = as_float(as_int(size) & parity)
        store(lists.metric, v, load(lists.metric, v) + paid)


@callee
def even_node(lists, forks, llr, bits, h, known):
    """Fork for each row of a node whose bits but the first are free, by min-sum.

    The sum of its codeword is the first bit: where that is ``known``, ``bits`` has it in the first row; else
    it is 0. With every flip the least reliable row is flipped, too. Returns whether paths were turned.
    """
    count, turned = lists.count, False
    width = LANES_FLOAT32 * count
    least, where, odd = forks.more, shifted(forks.more, width), shifted(forks.more, 2 * width)
    first, limit = shifted(forks.more, 3 * width), shifted(forks.more, 4 * width)
    _begin_even_node(lists, llr, bits, h, known, least, where, odd, first)
    # One more, since the least reliable row is flipped with the others.
    _limit_forks(lists, llr, h, forks.most_even + 1 if forks.most_even else 0, limit)
    for i in range(h):
        row = shifted(bits, i * width)
        for v in range(count):
            x = _row_turned(forks, shifted(llr, i * width), v, count, turned)
            store(row, v, select(below(x, splat(f32(0.0))), splat(i32(-1)), splat(i32(0))))
            size = as_float(load(least, v))
            flipped = magnitude(x) + select(negative(load(odd, v)), splat(f32(0.0)) - size, size)
            flipped = select(equal(load(where, v), splat(i32(i))), splat(ABSENT + ABSENT), flipped)
            flipped = select(below(as_float(load(limit, v)), magnitude(x)), splat(ABSENT + ABSENT), flipped)
            store(lists.kept, v, load(lists.metric, v))
            store(lists.flipped, v, load(lists.metric, v) + flipped)
        forks.turned[i] = i64(fork(lists))
        if forks.turned[i]:
            turn_row(row, lists.turn, lists.spare, count)
            flip_born(lists, row)
            turn_rows(lists, forks.more, 5)
            flip_born(lists, odd)
            _turn_leaf(lists, forks, i, turned)
            turned = True
    _bring_together(lists, forks, bits, h)
    for i in range(h):
        for v in range(count):
            at = i * count + v
            there = select(equal(load(where, v), splat(i32(i))), load(odd, v), splat(i32(0)))
            store(bits, at, load(bits, at) ^ there)
    return turned
