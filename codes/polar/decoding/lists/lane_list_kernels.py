"""Successive cancellation lists in int8, the paths of 64 / L frames in the lanes of a vector.

I. Tal and A. Vardy, "List decoding of polar codes", 2015; metrics by A. Balatsoukas-Stimming, M. Bastani
Parizi and A. Burg, "LLR-based successive cancellation list decoding of polar codes", 2015: a path pays |LLR|
for each bit that is not as the LLR's sign says. Whole nodes: S. A. Hashemi, C. Condo and W. J. Gross, "Fast
and flexible successive-cancellation list decoders for polar codes", 2017.

Nothing is copied when paths fork. A node leaves one permutation of lanes: the right half's LLRs are made of
those that ``G`` moves by it, ``JOIN`` moves the left half's word, and two permutations become one on the way
up. Words are bytes that hold 8 rows of each lane.

In nodes of rate 1 and of a parity check all rows fork, in any order: exactly, since no later flip lowers a
metric. A row in which no flip costs less than what the last path is behind one's own needs no fork.
"""

import numpy as np

from .....vectors.compiling.callee_kernels import inlined
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    as_kind,
    bits_of,
    equal,
    interleave_high,
    interleave_low,
    keep_alive,
    lane_numbers,
    load,
    load_part,
    magnitude,
    maximum,
    minimum,
    negative,
    pack,
    pointer_to,
    rows_in,
    saturating_add,
    saturating_subtract,
    select,
    shifted,
    shuffled,
    space,
    splat,
    store,
    trailing_zeros,
    unpack_high,
    unpack_low,
    unsigned_below,
    unsigned_min,
    unsigned_saturating_add,
    unsigned_saturating_subtract,
)
from ..operation_kernels import COPY, F_RATE_0, G_ZERO, JOIN, PARITY, RATE_0, REPETITION, F, G
from .path_kernels import (
    best_paths,
    last_path,
    least_byte_of_paths,
    least_of_paths,
    load_frames,
    of_paths,
    sorted_paths,
    store_frames,
)

#: Most rows of a node with a parity check: a byte says which row is the least reliable.
MOST_PARITY = 256
#: A cost that no flip has: of none that may be made.
NEVER = 255

i8, u8, u16, u64 = np.int8, np.uint8, np.uint16, np.uint64


# Paths


@inlined
def _numbers(strides):
    """The number of each path within its frame, as two halves of keys."""
    lanes = lane_numbers() & i8((1 << len(strides)) - 1)
    return unpack_low(lanes), unpack_high(lanes)


@inlined
def _lanes_of(low, high, strides):
    """The lanes that the numbers in keys, below 2 L, mean; and which of them are flipped: int8, L or 0."""
    paths = 1 << len(strides)
    ends = u16(2 * paths - 1)
    numbers = pack(low & ends, high & ends)
    frame = lane_numbers() & i8(-paths)
    return (numbers & i8(paths - 1)) | frame, numbers & i8(paths)


@inlined
def _renumbered(low, high, strides):
    """The same metrics with the numbers of their places."""
    ends = u16(-(2 << len(strides)) & 0xFFFF)
    first, second = _numbers(strides)
    return (low & ends) | first, (high & ends) | second


@inlined
def _slack(low, high, strides):
    """What a flip has to cost less than to survive: the last metric of the frame less one's own; int8."""
    shift, most = u16(len(strides) + 1), splat(u16(NEVER))
    last_low, last_high = last_path(low, high, strides)
    return pack(minimum((last_low - low) >> shift, most), minimum((last_high - high) >> shift, most))


@inlined
def _flip_key(key, cost, number, strides):
    """The keys of flipped paths that cost so much more, uint16; the largest metric is the end."""
    shift, ends = u16(len(strides) + 1), u16(-(2 << len(strides)) & 0xFFFF)
    return (saturating_add(key & ends, cost << shift) & ends) | number | u16(1 << len(strides))


@inlined
def _forked(low, high, flip_low, flip_high, strides):
    """The best of all paths and their flips: keys, parents' lanes, which are flipped (int8, L or 0)."""
    low, high = best_paths(low, high, flip_low, flip_high, strides)
    parents, flipped = _lanes_of(low, high, strides)
    low, high = _renumbered(low, high, strides)
    return low, high, parents, flipped


@inlined
def _charged(low, high, pay_low, pay_high, strides):
    """Keys of paths that pay more, counted from the least of the frame; not in order."""
    shift, most = u16(len(strides) + 1), splat(u16((1 << 15 - len(strides)) - 1))
    low, high = saturating_add(low >> shift, pay_low), saturating_add(high >> shift, pay_high)
    least_low, least_high = least_of_paths(low, high, strides)
    first, second = _numbers(strides)
    low = (minimum(low - least_low, most) << shift) | first
    return low, (minimum(high - least_high, most) << shift) | second


@inlined
def _ordered(low, high, strides):
    """Keys in order, and the lanes where the paths were."""
    low, high = sorted_paths(low, high, strides)
    parents, _ = _lanes_of(low, high, strides)
    low, high = _renumbered(low, high, strides)
    return low, high, parents


@inlined
def _paid(x, even, odd):
    """What lanes of x pay for being 0, added to sums of even and of odd lanes."""
    cost = as_kind(even, select(negative(x), magnitude(x), splat(i8(0))))
    return saturating_add(even, cost & u16(255)), saturating_add(odd, cost >> u16(8))


@inlined
def _put(beta, block, rows, at, bits):
    """Write bits of 8 rows, or of fewer from bit ``at`` on."""
    if rows < 8:
        mask = splat(i8(((1 << rows) - 1) << at))
        bits = ((bits << splat(i8(at))) & mask) | (load(beta, block) & (mask ^ i8(-1)))
    store(beta, block, bits)


# Operations


@inlined
def _box_plus(a, b):
    """Sign times least magnitude."""
    return maximum(minimum(a, b), saturating_subtract(splat(i8(0)), maximum(a, b)))


@inlined
def _left(source, target, h):
    """LLRs of the left half, h rows."""
    for i in range(h):
        store(target, i, _box_plus(load(source, i), load(source, h + i)))


@inlined
def _right_of_zero(source, target, h):
    """LLRs of the right half where the left half's word is 0."""
    for i in range(h):
        store(target, i, saturating_add(load(source, i), load(source, h + i)))


@inlined
def _right_of_all(shared, lane, target, beta, h, at, strides):
    """LLRs of the right half of a node whose LLRs, ``shared`` from a lane on, all paths have in common."""
    rows = min(h, 8)
    for block in range(max(h >> 3, 1)):
        known, bit = load(beta, block), splat(i8(1 << at))
        for i in range(8 * block, 8 * block + rows):
            a = load_frames(shared, i * 64 + lane, strides)
            b = load_frames(shared, (h + i) * 64 + lane, strides)
            as_it_is = equal(known & bit, splat(i8(0)))
            store(target, i, select(as_it_is, saturating_add(b, a), saturating_subtract(b, a)))
            bit = bit + bit


@inlined
def _right(source, target, beta, h, at, q, strides):
    """LLRs of the right half, where paths have moved by q since the node's were made."""
    rows = min(h, 8)
    for block in range(max(h >> 3, 1)):
        known, bit = load(beta, block), splat(i8(1 << at))
        for i in range(8 * block, 8 * block + rows):
            a, b = of_paths(load(source, i), q, strides), of_paths(load(source, h + i), q, strides)
            as_it_is = equal(known & bit, splat(i8(0)))
            store(target, i, select(as_it_is, saturating_add(b, a), saturating_subtract(b, a)))
            bit = bit + bit


@inlined
def _join(beta, h, at, q, strides):
    """The word of a node of 2 h rows from those of its halves, the left one's lanes moved."""
    if h >= 8:
        blocks = h >> 3
        for block in range(blocks):
            store(beta, block, of_paths(load(beta, block), q, strides) ^ load(beta, blocks + block))
    else:
        x = as_kind(splat(u8(0)), load(beta, 0))
        right = as_kind(splat(i8(0)), x >> u8(h + at))
        left = as_kind(splat(i8(0)), as_kind(x, of_paths(load(beta, 0), q, strides)) >> u8(at))
        _put(beta, 0, h, at, left ^ right)


@inlined
def _copy(beta, h, at):
    """The same where the left half's word is 0."""
    if h >= 8:
        for block in range(h >> 3):
            store(beta, block, load(beta, (h >> 3) + block))
    else:
        x = as_kind(splat(u8(0)), load(beta, 0)) >> u8(h + at)
        _put(beta, 0, h, at, as_kind(splat(i8(0)), x))


@inlined
def _pay_zero(x, h, left_only, low, high, strides):
    """Charge for h bits that are 0, of the LLRs x; or, ``left_only``, of the left half of x, 2 h LLRs."""
    even, odd = splat(u16(0)), splat(u16(0))
    for i in range(h):
        value = load(x, i)
        if left_only:
            value = _box_plus(value, load(x, h + i))
        even, odd = _paid(value, even, odd)
    return _charged(low, high, interleave_low(even, odd), interleave_high(even, odd), strides)


@inlined
def _repetition(x, h, low, high, strides):
    """A node whose bits are all alike: keys, parents' lanes, the bits of 8 rows."""
    none = splat(u16(0))
    even, odd, even_1, odd_1 = none, none, none, none
    for i in range(h):
        value = load(x, i)
        even, odd = _paid(value, even, odd)
        even_1, odd_1 = _paid(saturating_subtract(splat(i8(0)), value), even_1, odd_1)
    zero_low, zero_high = interleave_low(even, odd), interleave_high(even, odd)
    one_low, one_high = interleave_low(even_1, odd_1), interleave_high(even_1, odd_1)
    pay_low, pay_high = minimum(zero_low, one_low), minimum(zero_high, one_high)
    # 1 where that is cheaper; what the dearer one costs more, up to the largest metric.
    nothing, most = splat(i8(0)), splat(u16((1 << 15 - len(strides)) - 1))
    more_low = minimum(maximum(zero_low, one_low) - pay_low, most)
    more_high = minimum(maximum(zero_high, one_high) - pay_high, most)
    byte = splat(u16(1))
    ones = pack(minimum(zero_low - pay_low, byte), minimum(zero_high - pay_high, byte))
    bits = select(equal(ones, nothing), nothing, splat(i8(-1)))
    low, high = _charged(low, high, pay_low, pay_high, strides)
    low, high, parents = _ordered(low, high, strides)
    bits = of_paths(bits, parents, strides)
    low_bytes = of_paths(pack(more_low & u16(255), more_high & u16(255)), parents, strides)
    high_bytes = of_paths(pack(more_low >> u16(8), more_high >> u16(8)), parents, strides)
    more_low = unpack_low(low_bytes) | (unpack_low(high_bytes) << u16(8))
    more_high = unpack_high(low_bytes) | (unpack_high(high_bytes) << u16(8))
    first, second = _numbers(strides)
    flip_low = _flip_key(low, more_low, first, strides)
    flip_high = _flip_key(high, more_high, second, strides)
    last_low, last_high = last_path(low, high, strides)
    if bits_of(unsigned_below(flip_low, last_low)) | bits_of(unsigned_below(flip_high, last_high)):
        low, high, born, flipped = _forked(low, high, flip_low, flip_high, strides)
        parents, bits = of_paths(parents, born, strides), of_paths(bits, born, strides)
        bits = bits ^ select(equal(flipped, nothing), nothing, splat(i8(-1)))
    return low, high, parents, bits


@inlined
def _free(x, h, at, parity, beta, turns, low, high, strides):
    """A node of rate 1, or with a parity check: a fork for each row in which a flip may survive.

    Returns keys and parents' lanes. Each block of 8 rows is written in the lanes of its own end, and
    ``turns`` holds what has moved since its beginning: afterwards all are brought to the lanes of the end.
    """
    nothing, ones, one = splat(i8(0)), splat(i8(-1)), splat(i8(1))
    blocks, rows = max(h >> 3, 1), min(h, 8)
    least, where, odd = ones, nothing, nothing
    if parity:
        row = nothing
        for i in range(h):
            value = load(x, i)
            size = magnitude(value)
            where = select(unsigned_below(size, least), row, where)
            least, odd, row = unsigned_min(size, least), odd ^ value, row + one
        odd = select(negative(odd), ones, nothing)
        pay = least & odd
        low, high = _charged(low, high, unpack_low(pay), unpack_high(pay), strides)
    low, high, q = _ordered(low, high, strides)
    if parity:
        least, where = of_paths(least, q, strides), of_paths(where, q, strides)
        odd = of_paths(odd, q, strides)
    slack = _slack(low, high, strides)
    first, second = _numbers(strides)
    for block in range(blocks):
        turn, bits, bit, row = lane_numbers(), nothing, one, splat(i8(8 * block))
        for i in range(8 * block, 8 * block + rows):
            value = of_paths(load(x, i), q, strides)
            bits, cost = select(negative(value), bits | bit, bits), magnitude(value)
            if parity:  # the least reliable row is flipped with every other one
                cost = unsigned_saturating_subtract(cost, least & odd)
                cost = unsigned_saturating_add(cost, least & (odd ^ ones))
                cost = select(equal(where, row), ones, cost)
            if bits_of(unsigned_below(cost, slack)):
                cost_low, cost_high = unpack_low(cost), unpack_high(cost)
                flip_low = _flip_key(low, cost_low, first, strides)
                flip_high = _flip_key(high, cost_high, second, strides)
                if parity:
                    never, last = splat(u16(NEVER)), splat(u16(0xFFFF))
                    flip_low = select(equal(cost_low, never), last, flip_low)
                    flip_high = select(equal(cost_high, never), last, flip_high)
                low, high, parents, flipped = _forked(low, high, flip_low, flip_high, strides)
                bits, q = of_paths(bits, parents, strides), of_paths(q, parents, strides)
                turn = of_paths(turn, parents, strides)
                kept = equal(flipped, nothing)
                bits, slack = select(kept, bits, bits ^ bit), _slack(low, high, strides)
                if parity:
                    where, least = of_paths(where, parents, strides), of_paths(least, parents, strides)
                    odd = of_paths(odd, parents, strides)
                    odd = select(kept, odd, odd ^ ones)
            bit, row = bit + bit, row + one
        _put(beta, block, rows, at, bits)
        store(turns, block, turn)
    _settle(h, at, parity, beta, turns, where, odd, strides)
    return low, high, q


@inlined
def _settle(h, at, parity, beta, turns, where, odd, strides):
    """Bring the blocks of a node to the lanes of its end; flip the least reliable rows by their parity."""
    turn, one, nothing = lane_numbers(), splat(i8(1)), splat(i8(0))
    rows = min(h, 8)
    for block in range(max(h >> 3, 1) - 1, -1, -1):
        bits = load(beta, block)
        if h > 8:
            bits = of_paths(bits, turn, strides)
            turn = of_paths(load(turns, block), turn, strides)
        if parity:
            bit, row = splat(i8(1 << at)), splat(i8(8 * block))
            for _ in range(rows):
                bits = bits ^ (select(equal(where, row), bit, nothing) & odd)
                bit, row = bit + bit, row + one
        store(beta, block, bits)


# The list


@inlined
def _failing(betas, tables, blocks, checks):
    """The lanes whose words do not pass the check: int8, not 0."""
    failed, half = splat(i8(0)), splat(i8(15))
    for check in range(checks):
        total = splat(i8(0))
        for block in range(blocks):
            x, entry = load(betas, block), 2 * (block * checks + check)
            upper = as_kind(x, as_kind(splat(u8(0)), x) >> u8(4))
            total = total ^ shuffled(load_part(tables, entry), x & half)
            total = total ^ shuffled(load_part(tables, entry + 1), upper & half)
        failed = failed | total
    return failed


@inlined
def _first_passing(failed, strides):
    """The number of each frame's first path that passes, for all its paths; L more where none does."""
    paths = 1 << len(strides)
    number = lane_numbers() & i8(paths - 1)
    passed = equal(failed, splat(i8(0)))
    return least_byte_of_paths(select(passed, number, number | i8(paths)), strides)


@inlined
def _leads(low, high, strides):
    """1 where the metric of the second path of a frame is above that of the first, else 0: int8."""
    shift, one = u16(len(strides) + 1), splat(u16(1))
    first_low, first_high = least_of_paths(low, high, strides)
    more_low = minimum((low >> shift) - (first_low >> shift), one)
    more_high = minimum((high >> shift) - (first_high >> shift), one)
    number = lane_numbers() & i8((1 << len(strides)) - 1)
    second = equal(number, splat(i8(1)))
    return least_byte_of_paths(select(second, pack(more_low, more_high), splat(i8(1))), strides)


@inlined
def _start(strides):
    """Keys of a path of metric 0 and others that are none."""
    ends = splat(u16(-(2 << len(strides)) & 0xFFFF))
    first, second = _numbers(strides)
    none = splat(u16(0))
    return select(equal(first, none), none, first | ends), select(equal(second, none), none, second | ends)


@inlined
def _begin(received, n, signs, operations, count, shared):
    """The first operations, for 64 frames: rows of LLRs, as in a path's buffer; returns the first of them."""
    for i in range(n):
        flip = splat(signs[i])
        store(shared, n + i, (load(received, i) ^ flip) - flip)
    top = n
    for o in range(count):
        top = operations[o, 1]
        source, target = shifted(shared, 2 * top * 64), shifted(shared, top * 64)
        if operations[o, 0] == F:
            _left(source, target, top)
        else:
            _right_of_zero(source, target, top)
    return top


@kernel
def decode_lists(llr, frames, signs, operations, beginning, tables, strides, decided, sure):
    """Decode frames in groups of 64.

    Parameters
    ----------
    llr
        int8 (groups, n, 64).
    frames
        How many are decoded.
    signs
        int8 (n): -1 where the signs of LLRs are flipped before decoding, 0 elsewhere.
    operations
        int64 (operations, 4), see ``program.node_program`` with ``lists`` and all leaves. The last number of
        ``G`` is 1 where all paths have the node's LLRs in common.
    beginning
        How many operations, each ``F`` or ``G_ZERO``, come before the first that differs between paths.
    tables
        int8 (max(n / 8, 1), checks, 2, 16): bytes of a check by the lower and the upper 4 of 8 bits of words.
    strides
        1, 2, 4, ... up to half of the list.
    decided
        int8 (groups, max(n / 8, 1), 64), receives the words of the best path that passes the check, or of the
        best; 8 positions in a byte, the first in bit 0.
    sure
        int8 (groups, 64), receives 1 where a path has passed the check or, if there is none, the best is the
        only one of its metric; else 0.
    """
    n, checks, paths = llr.shape[1], tables.shape[1], 1 << len(strides)
    batch, n_blocks = 64 // paths, max(n >> 3, 1)
    memory = space(4 * n + 2 * n_blocks + 16)
    received, sign, table = pointer_to(llr), pointer_to(signs), pointer_to(tables)
    buffer = rows_in(memory, received)
    shared, betas = shifted(buffer, 2 * n * 64), shifted(buffer, 4 * n * 64)
    turns, stack = shifted(betas, n_blocks * 64), shifted(betas, 2 * n_blocks * 64)
    words, trusted = pointer_to(decided), pointer_to(sure)
    for start in range(0, frames, batch):
        group, lane = start >> 6, start & 63
        if lane == 0:
            top = _begin(shifted(received, group * n * 64), n, sign, operations, beginning, shared)
        for i in range(top, 2 * top):  # of the first node that is decided
            store(buffer, i, load_frames(shared, i * 64 + lane, strides))
        low, high = _start(strides)
        q = lane_numbers()
        for o in range(beginning, operations.shape[0]):
            code, h, first = operations[o, 0], operations[o, 1], operations[o, 2]
            at = first & 7
            beta = shifted(betas, (first >> 3) * 64)
            source, target = shifted(buffer, 2 * h * 64), shifted(buffer, h * 64)
            if code == F:
                _left(source, target, h)
            elif code == G_ZERO:
                _right_of_zero(source, target, h)
            elif code == G:
                store(stack, trailing_zeros(u64(h)), q)
                if operations[o, 3]:
                    _right_of_all(shifted(shared, 2 * h * 64), lane, target, beta, h, at, strides)
                else:
                    _right(source, target, beta, h, at, q, strides)
            elif code == JOIN:
                _join(beta, h, at, q, strides)
                q = of_paths(load(stack, trailing_zeros(u64(h))), q, strides)
            elif code == COPY:
                _copy(beta, h, at)
            elif code in (RATE_0, F_RATE_0):
                left_only = code == F_RATE_0
                low, high = _pay_zero(source if left_only else target, h, left_only, low, high, strides)
                q = lane_numbers()
                if not left_only:
                    for block in range(max(h >> 3, 1)):
                        _put(beta, block, min(h, 8), at, splat(i8(0)))
            elif code == REPETITION:
                low, high, q, bits = _repetition(target, h, low, high, strides)
                for block in range(max(h >> 3, 1)):
                    _put(beta, block, min(h, 8), at, bits)
            else:
                low, high, q = _free(target, h, at, code == PARITY, beta, turns, low, high, strides)
        low, high, q = _ordered(low, high, strides)
        failed = of_paths(_failing(betas, table, n_blocks, checks), q, strides)
        chosen = _first_passing(failed, strides)
        passes = select(equal(chosen & i8(paths), splat(i8(0))), splat(i8(1)), splat(i8(0)))
        store_frames(trusted, start, passes if checks else _leads(low, high, strides), strides)
        chosen = of_paths(q, (chosen & i8(paths - 1)) | (lane_numbers() & i8(-paths)), strides)
        to = shifted(words, group * n_blocks * 64)
        for block in range(n_blocks):
            store_frames(to, block * 64 + lane, of_paths(load(betas, block), chosen, strides), strides)
    keep_alive(memory)


@kernel
def words_of_bytes(decided, flips, out):
    """Packed codewords, uint64 (groups, n) in ``out``, of what ``decode_lists`` writes; ``flips`` are added.

    ``flips`` is uint64 (n).
    """
    groups, n = out.shape
    given, blocks = pointer_to(decided), decided.shape[1]
    for group in range(groups):
        for block in range(blocks):
            x = load(given, group * blocks + block)
            last = min(8 * block + 8, n) - 1
            x = x << splat(i8(8 * block + 7 - last))
            for i in range(last, 8 * block - 1, -1):
                out[group, i] = bits_of(negative(x)) ^ flips[i]
                x = x + x
