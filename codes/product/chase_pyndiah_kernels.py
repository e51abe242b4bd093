"""Kernels of Chase and Pyndiah's decoder: frames in the lanes of vectors, words one after the other.

The matrices of 16 frames are decoded from the first half-iteration to the last before those of the next: what
was received and the extrinsic values take 128 bytes a coded bit then, and stay in the cache. No lane waits
for another, and none has arithmetic that involves another. See ``chase_pyndiah`` for the algorithm.
"""

from collections import namedtuple

import numpy as np

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.group_kernels import GROUP, PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    as_word,
    below,
    bits_of,
    equal,
    gathered,
    keep_alive,
    load,
    magnitude,
    maximum,
    minimum,
    mixed_signs,
    negative,
    pointer_to,
    rows_in,
    seen_as,
    select,
    shifted,
    space,
    splat,
    store,
    trailing_zeros,
    with_sign,
)

f32, i32, u32, u64 = np.float32, np.int32, np.uint32, np.uint64
#: Magnitudes count up to this one in means: bits that are certain are not to outweigh all others.
MOST = f32(64.0)

#: A component code: its length, pointers to int32 of its columns and of the table, that has so many positions
#: a syndrome; how many positions are tested; and which bits of a key hold a position.
Part = namedtuple("Part", ("n", "columns", "table", "most", "tested", "mask"))
#: What becomes of metrics: ``weakest`` is the number of test positions, the first ``e`` of which add up to
#: what beta is beside a given number; a, b, c and d are float32.
Rule = namedtuple("Rule", ("weakest", "a", "b", "c", "d", "e"))
#: Pointers to rows of 16 lanes. ``received`` and ``extrinsic`` are matrices. For one word: ``values``, with a
#: row of zeros and one of infinities behind them; ``keys``; ``rivals``, the metrics of competitors by
#: position, negative where the decision differs from the sign, infinite elsewhere and between two words. For
#: each test word ``syndromes``, ``bases`` (of what is flipped), ``metrics`` and ``errors``; for the weakest
#: positions ``weak``, ``flips`` (their columns) and ``costs``; ``chosen``, the errors of the decision;
#: ``lanes``, 0 to 15, and a spare row; one of ``spare``.
Room = namedtuple(
    "Room",
    (
        "received",
        "extrinsic",
        "values",
        "keys",
        "rivals",
        "syndromes",
        "bases",
        "metrics",
        "errors",
        "weak",
        "flips",
        "costs",
        "chosen",
        "lanes",
        "spare",
    ),
)


@inlined
def room_rows(rows, columns, longest, most, weakest):
    """Rows of memory of a room for matrices with so many rows and columns."""
    tests = 1 << weakest
    return 2 * rows * (columns + 1) + 3 * (longest + 2) + (3 + most) * tests + 3 * weakest + most + 3


@inlined
def room_in(memory, size, longest, most, weakest):
    """A room in memory, by pointers to it of float32, int32 and uint32."""
    floats, numbers, words = memory
    tests, long = (1 << weakest) * LANES_FLOAT32, (longest + 2) * LANES_FLOAT32
    values = 2 * size * LANES_FLOAT32
    keys, rivals = values + long, values + 2 * long
    syndromes = rivals + long
    bases, metrics, errors = syndromes + tests, syndromes + 2 * tests, syndromes + 3 * tests
    weak, few = errors + most * tests, weakest * LANES_FLOAT32
    chosen = weak + 3 * few
    last = chosen + most * LANES_FLOAT32
    return Room(
        floats,
        shifted(floats, size * LANES_FLOAT32),
        shifted(floats, values),
        shifted(words, keys),
        shifted(floats, rivals),
        shifted(numbers, syndromes),
        shifted(floats, bases),
        shifted(floats, metrics),
        shifted(numbers, errors),
        shifted(numbers, weak),
        shifted(numbers, weak + few),
        shifted(floats, weak + 2 * few),
        shifted(numbers, chosen),
        shifted(numbers, last),
        shifted(floats, last + 2 * LANES_FLOAT32),
    )


@inlined
def value_at(room, places):
    """The magnitudes of values: of the position that each lane says."""
    return magnitude(gathered(room.values, places * i32(LANES_FLOAT32) + load(room.lanes, 0)))


@inlined
def gather_word(room, part, first, step, factor):
    """Values and keys of a word, whose bits are ``step`` rows apart; the syndrome of their signs.

    A value of exactly 0 has the sign of what was received.
    """
    zero, syndrome = splat(f32(0.0)), splat(i32(0))
    for j in range(part.n):
        y = load(room.received, first + j * step)
        r = y + factor * load(room.extrinsic, first + j * step)
        r = select(equal(r, zero), with_sign(zero, y), r)
        store(room.values, j, r)
        bits = as_int(r)
        syndrome = syndrome ^ ((bits >> i32(31)) & part.columns[j])
        store(room.keys, j, as_word(((bits & i32(0x7FFFFFFF)) & i32(~part.mask)) | i32(j)))
    return syndrome


@inlined
def find_weakest(room, part, rule):
    """The weakest positions: by magnitude, and where these are alike the first."""
    after = splat(u32(0))
    for q in range(rule.weakest):
        # Keys up to the last one found wrap around, and are beyond all others.
        least = splat(u32(0xFFFFFFFF))
        for j in range(part.tested):
            least = minimum(least, load(room.keys, j) - after)
        least = least + after
        after = least + u32(1)
        place = as_int(least) & i32(part.mask)
        store(room.weak, q, place)
        store(room.flips, q, gathered(part.columns, place))
        store(room.costs, q, value_at(room, place))


@inlined
def try_words(room, part, rule, syndrome):
    """Decode all test words; the least metric, and which word has it. Its errors are left in ``chosen``."""
    store(room.syndromes, 0, syndrome)
    store(room.bases, 0, splat(f32(0.0)))
    best, which = splat(f32(np.inf)), splat(i32(0))
    nowhere = splat(i32(part.n))
    for i in range(part.most):
        store(room.chosen, i, nowhere)
    for test in range(1 << rule.weakest):
        if test:
            before, q = test & (test - 1), trailing_zeros(u64(test))
            store(room.syndromes, test, load(room.syndromes, before) ^ load(room.flips, q))
            store(room.bases, test, load(room.bases, before) + load(room.costs, q))
        entry = load(room.syndromes, test) * i32(part.most)
        metric = load(room.bases, test)
        for i in range(part.most):
            error = gathered(part.table, entry + i32(i))
            store(room.errors, test * part.most + i, error)
            cost = value_at(room, error)
            flipped = test
            while flipped:
                q = trailing_zeros(u64(flipped))
                flipped &= flipped - 1
                cost = select(equal(error, load(room.weak, q)), splat(f32(0.0)) - cost, cost)
            metric = metric + cost
        store(room.metrics, test, metric)
        better = below(metric, best)
        best = minimum(metric, best)
        which = select(better, splat(i32(test)), which)
        for i in range(part.most):
            error = load(room.errors, test * part.most + i)
            store(room.chosen, i, select(better, error, load(room.chosen, i)))
    return best, which


@inlined
def hits(errors, first, most, place):
    """The lanes in which one of the errors, so many rows from ``first`` on, is at a place."""
    found = equal(load(errors, first), place)
    for i in range(1, most):
        found = found | equal(load(errors, first + i), place)
    return found


@inlined
def put_lanes(room, place, value):
    """Write rivals, to the row that each lane says."""
    store(room.lanes, 1, place)
    store(room.spare, 0, value)
    for lane in range(LANES_FLOAT32):
        room.rivals[room.lanes[LANES_FLOAT32 + lane] * LANES_FLOAT32 + lane] = room.spare[lane]


@inlined
def find_rivals(room, part, rule, which):
    """For each position the least metric of a word that differs there from the decision, see ``Room``."""
    tests, most = 1 << rule.weakest, part.most
    infinite, zero = splat(f32(np.inf)), splat(f32(0.0))
    for test in range(tests):
        for i in range(test * most, (test + 1) * most):
            for lane in range(LANES_FLOAT32):
                at = room.errors[i * LANES_FLOAT32 + lane] * LANES_FLOAT32 + lane
                metric = room.metrics[test * LANES_FLOAT32 + lane]
                room.rivals[at] = min(room.rivals[at], metric)
    for i in range(most):
        place, other = load(room.chosen, i), infinite
        for test in range(tests):
            metric = load(room.metrics, test)
            other = minimum(other, select(hits(room.errors, test * most, most, place), infinite, metric))
        put_lanes(room, place, zero - other)
    for q in range(rule.weakest):
        place = load(room.weak, q)
        stays, differs = infinite, infinite
        for test in range(tests):
            metric = load(room.metrics, test)
            hit = hits(room.errors, test * most, most, place)
            flipped, kept = select(hit, metric, infinite), select(hit, infinite, metric)
            if (test >> q) & 1:
                flipped, kept = kept, flipped
            differs, stays = minimum(differs, flipped), minimum(stays, kept)
        tested = ((which >> i32(q)) & i32(1)) ^ select(
            hits(room.chosen, 0, most, place), splat(i32(1)), splat(i32(0))
        )
        put_lanes(room, place, select(equal(tested, splat(i32(0))), differs, zero - stays))


@inlined
def put_extrinsic(room, part, rule, first, step, best, beta):
    """Extrinsic values of a word, 0 where no test word was decoded; the sum of their magnitudes."""
    infinite, zero, sign = splat(f32(np.inf)), splat(f32(0.0)), splat(i32(-(2**31)))
    decoded, total = below(best, infinite), zero
    base, known, alone = beta - best * rule.c, splat(rule.a), splat(rule.a if rule.e else f32(0.0))
    for j in range(part.n):
        rival, r = load(room.rivals, j), load(room.values, j)
        store(room.rivals, j, infinite)
        metric = magnitude(rival)
        differs = below(metric, infinite)
        size = maximum(select(differs, (metric - best) * rule.b, base + magnitude(r) * rule.d), zero)
        decision = as_float(as_int(mixed_signs(rival, r)) & sign)
        own = r * select(differs, known, alone)
        w = select(decoded, mixed_signs(size, decision) - own, zero)
        store(room.extrinsic, first + j * step, w)
        total = total + minimum(magnitude(w), splat(MOST))
    return total


@inlined
def put_decisions(room, part, out, lane):
    """Set the bits of a word that were decided as 1: bits from ``lane`` on, by a pointer to its words."""
    for j in range(part.n):
        rival, r = load(room.rivals, j), load(room.values, j)
        store(room.rivals, j, splat(f32(np.inf)))
        out[j] |= bits_of(negative(mixed_signs(rival, r))) << lane


@callee
def decode_half(room, part, rule, words, across, step, factor, beta, last, out, lane):
    """Decode all words of one direction; the sum of the magnitudes of extrinsic values.

    Words begin ``across`` rows apart, and their bits are ``step`` rows apart. In the ``last`` half-iteration,
    of rows, decisions are put in the place of extrinsic values.
    """
    total = splat(f32(0.0))
    store(room.values, part.n, total)
    store(room.values, part.n + 1, splat(f32(np.inf)))
    for j in range(part.n + 2):
        store(room.rivals, j, splat(f32(np.inf)))
    for word in range(words):
        first = word * across
        syndrome = gather_word(room, part, first, step, factor)
        find_weakest(room, part, rule)
        best, which = try_words(room, part, rule, syndrome)
        find_rivals(room, part, rule, which)
        if last:
            put_decisions(room, part, shifted(out, word * part.n), lane)
        else:
            reliability = beta
            for q in range(rule.e):
                reliability = reliability + load(room.costs, q)
            total = total + put_extrinsic(room, part, rule, first, step, best, reliability)
    return total


@inlined
def take_received(room, llr, rows, columns):
    """Copy what 16 lanes received, and clear the extrinsic values; the sum of magnitudes."""
    total, zero = splat(f32(0.0)), splat(f32(0.0))
    for i in range(rows * columns):
        x, to = load(llr, i * PARTS), i // columns * (columns + 1) + i % columns
        store(room.received, to, x)
        store(room.extrinsic, to, zero)
        total = total + minimum(magnitude(x), splat(MOST))
    return total


@kernel
def decode_products(llr, words, of_rows, of_columns, rule, alphas, betas, normalize):
    """Decode matrices, ``llr`` float32 (groups, n, 64), into ``words``, uint64 (groups, n) of zeros.

    ``of_rows`` and ``of_columns`` have columns, table, tested and mask of the components, ``rule`` what
    ``Rule`` has. ``alphas`` and ``betas`` are float32, for each half-iteration; see ``chase_pyndiah`` for
    ``normalize``.
    """
    rows_columns, rows_table, rows_tested, rows_mask = of_rows
    columns_columns, columns_table, columns_tested, columns_mask = of_columns
    rows, columns = columns_columns.size, rows_columns.size
    most = max(rows_table.shape[1], columns_table.shape[1])
    row = Part(
        columns,
        pointer_to(rows_columns),
        pointer_to(rows_table),
        rows_table.shape[1],
        rows_tested,
        rows_mask,
    )
    column = Part(
        rows,
        pointer_to(columns_columns),
        pointer_to(columns_table),
        columns_table.shape[1],
        columns_tested,
        columns_mask,
    )
    weakest, a, b, c, d, e = rule
    rule_ = Rule(weakest, a, b, c, d, e)
    longest, stride = max(rows, columns), columns + 1
    memory = space(room_rows(rows, columns, longest, most, weakest))
    floats = rows_in(memory, pointer_to(alphas))
    pointers = floats, seen_as(floats, row.columns), seen_as(floats, pointer_to(np.empty(0, np.uint32)))
    room = room_in(pointers, rows * stride, longest, most, weakest)
    for lane in range(LANES_FLOAT32):
        room.lanes[lane] = lane
    received, zero = pointer_to(llr), splat(f32(0.0))
    n = f32(rows * columns)
    for at in range(llr.shape[0] * PARTS):
        group, first = at // PARTS, at % PARTS * LANES_FLOAT32
        unit = take_received(room, shifted(received, group * rows * columns * GROUP + first), rows, columns)
        unit, factor = unit / n, zero
        for half in range(alphas.size):
            by_rows, last = half % 2 == 1, half == alphas.size - 1
            beta = splat(betas[half])
            total = decode_half(
                room,
                row if by_rows else column,
                rule_,
                rows if by_rows else columns,
                stride if by_rows else 1,
                1 if by_rows else stride,
                factor,
                beta * unit if normalize else beta,
                last,
                shifted(pointer_to(words), group * rows * columns),
                u64(first),
            )
            factor = splat(alphas[half])
            if normalize:
                factor = select(below(zero, total), factor * unit / (total / n), zero)
    keep_alive(memory)
