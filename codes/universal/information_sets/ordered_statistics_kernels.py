"""Ordered statistics decoding, one frame after the other, on words of 64 bits."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, population_count, shifted, trailing_zeros

u64 = np.uint64
#: Bits of a word, bytes of a word, and what a byte can be.
WORD, BYTES, VALUES = 64, 8, 256
#: A bound counts as above a sum only by more than rounding could make of it.
ROUNDING = 1.0 + 2.0**-40
ONE, PLACE = u64(1), u64(2**32 - 1)

#: Numbers of rows and checks, and of the words that they take.
Sizes = namedtuple("Sizes", "n rows checks parts tail")
#: Pointers to what is known of a frame. ``columns``, uint64 (parts, n), by falling reliability; ``pivot_at``
#: and ``pivot_row``, of the basis, ``other_at``, int64; ``tails``, what each row of the basis, from the least
#: reliable on, has at the other positions, uint64 (rows, tail); ``decided``, the message, uint64 (parts).
#: Reliabilities, float64: ``size`` of all, ``basis``, from the least on, with the ``sums`` of its first, and
#: ``others``, with ``table``, the sums for each byte of a tail. ``room``: uint64 (parts + n + 64).
Frame = namedtuple(
    "Frame", "columns room tails decided pivot_at pivot_row other_at size basis sums others table"
)
#: Pointers to the state of a search. On each level, of one more row that is taken: ``prefix``, the sum of
#: tails, uint64 (levels, tail), ``chosen`` and ``following`` rows, int64, and what they cost, ``spent``,
#: float64; ``best_tail`` and ``best_chosen`` of the best candidate.
Search = namedtuple("Search", "prefix best_tail chosen following best_chosen spent")


@callee
def _eliminate(columns, n, rows, words, pivot_at, pivot_row, other_at, room):
    """Gaussian elimination of ``columns``, a pointer to uint64 (words, n), from the first column on.

    Of the pivots, place and row are left in ``pivot_at`` and ``pivot_row``, int64 (rows); the places of the
    other columns, which have been reduced, in ``other_at``, int64 (n - rows). ``room``: uint64 (words + n).
    A column without a pivot has no bit in the rows that are left, so that no later pivot changes it.
    """
    free, mask = room, shifted(room, words)
    for word in range(words):
        left = min(WORD, rows - WORD * word)
        free[word] = ~u64(0) >> u64(WORD - left)
    found, others = 0, 0
    for t in range(n):
        row = -1
        if found < rows:
            for word in range(words):
                bits = columns[word * n + t] & free[word]
                if bits:
                    row = WORD * word + trailing_zeros(bits)
                    break
        if row < 0:
            other_at[others] = t
            others += 1
            continue
        pivot_at[found], pivot_row[found] = t, row
        found += 1
        own, shift = shifted(columns, row // WORD * n), u64(row % WORD)
        free[row // WORD] &= ~(u64(1) << shift)
        own[t] &= ~(u64(1) << shift)
        for j in range(t + 1, n):
            mask[j] = u64(0) - ((own[j] >> shift) & u64(1))
        for word in range(words):
            to, pivot = shifted(columns, word * n), columns[word * n + t]
            if pivot:
                for j in range(t + 1, n):
                    to[j] ^= mask[j] & pivot
    return found


@callee
def _transpose(block):
    """Transpose 64 words of 64 bits in place: bit j of word i and bit i of word j change places."""
    half, mask = 32, ~u64(0) >> u64(32)
    while half:
        for i in range(0, WORD, 2 * half):
            for j in range(i, i + half):
                swapped = ((block[j] >> u64(half)) ^ block[j + half]) & mask
                block[j + half] ^= swapped
                block[j] ^= swapped << u64(half)
        half >>= 1
        mask ^= mask << u64(half)


@inlined
def _sum_of(bits, table):
    """The sum of the weights at the bits of a word, by the tables of its 8 bytes."""
    low = (table[bits & u64(255)] + table[u64(256) + ((bits >> u64(8)) & u64(255))]) + (
        table[u64(512) + ((bits >> u64(16)) & u64(255))] + table[u64(768) + ((bits >> u64(24)) & u64(255))]
    )
    high = (
        table[u64(1024) + ((bits >> u64(32)) & u64(255))] + table[u64(1280) + ((bits >> u64(40)) & u64(255))]
    ) + (table[u64(1536) + ((bits >> u64(48)) & u64(255))] + table[u64(1792) + (bits >> u64(56))])
    return low + high


@callee
def _fill_tables(weights, count, table):
    """Sums of weights, float64, at the bits of each byte: ``table`` has 256 for each 8 of them."""
    for byte in range((count + WORD - 1) // WORD * BYTES):
        own = shifted(table, byte * VALUES)
        own[0] = 0.0
        for bit in range(8):
            at = BYTES * byte + bit
            weight = weights[at] if at < count else 0.0
            for value in range(1 << bit):
                own[(1 << bit) + value] = own[value] + weight


@callee
def _least_rest(changes, differing, weights, count):
    """What so many more changes cost at least: the least weights where ``differing`` has no bit.

    ``weights`` descend.
    """
    total = 0.0
    for at in range(count - 1, -1, -1):
        if changes <= 0:
            break
        if not (differing[at // WORD] >> u64(at % WORD)) & u64(1):
            total += weights[at]
            changes -= 1
    return total


@callee
def _reduce(frame, sizes, order, received, lane):
    """Find the basis, and the message of its decisions.

    ``order`` has positions, a pointer to uint64, and ``received`` decisions of 64 frames, uint64 (n).
    """
    n, rows = sizes.n, sizes.rows
    _eliminate(
        frame.columns, n, rows, sizes.parts, frame.pivot_at, frame.pivot_row, frame.other_at, frame.room
    )
    for part in range(sizes.parts):
        frame.decided[part] = u64(0)
    for i in range(rows):
        t, row = frame.pivot_at[i], frame.pivot_row[i]
        bit = (received[np.int64(order[t] & PLACE)] >> lane) & ONE
        frame.decided[row // WORD] |= bit << u64(row % WORD)
        frame.basis[rows - 1 - i] = frame.size[t]
    frame.sums[0] = 0.0
    for i in range(rows):
        frame.sums[i + 1] = frame.sums[i] + frame.basis[i]


@callee
def _other_positions(frame, sizes, order, received, lane, prefix):
    """Tails of the rows, tables of what they cost, and where the message's codeword differs: ``prefix``."""
    checks, parts, tail, columns = sizes.checks, sizes.parts, sizes.tail, frame.columns
    for word in range(tail):
        prefix[word] = u64(0)
    for p in range(checks):
        t = frame.other_at[p]
        frame.others[p] = frame.size[t]
        differs = received[np.int64(order[t] & PLACE)] >> lane
        for part in range(parts):
            differs ^= u64(population_count(columns[part * sizes.n + t] & frame.decided[part]))
        prefix[p // WORD] |= (differs & ONE) << u64(p % WORD)
    block = shifted(frame.room, parts + sizes.n)
    for at in range(tail * parts):
        word, part = at // parts, at % parts
        for bit in range(WORD):
            p = WORD * word + bit
            block[bit] = columns[part * sizes.n + frame.other_at[p]] if p < checks else u64(0)
        _transpose(block)
        for i in range(sizes.rows):
            row = frame.pivot_row[i]
            if row // WORD == part:
                frame.tails[(sizes.rows - 1 - i) * tail + word] = block[row % WORD]
    _fill_tables(frame.others, checks, frame.table)


@callee
def _cost(bits, tail, table):
    """What the differences in a tail cost, and how many there are."""
    total, ones = 0.0, 0
    for word in range(tail):
        total += _sum_of(bits[word], shifted(table, word * BYTES * VALUES))
        ones += population_count(bits[word])
    return total, ones


@callee
def _search(frame, sizes, search, order, distance, bounded):
    """Try candidates: the rows that the best one takes, how many there were, whether another is as good."""
    rows, tail, tails, basis = sizes.rows, sizes.tail, frame.tails, frame.basis
    following, spent = search.following, search.spent
    for word in range(tail):
        search.best_tail[word] = search.prefix[word]
    best, ones = _cost(search.prefix, tail, frame.table)
    weight, count, equal = 0, 1, False
    limit = best * ROUNDING if bounded else np.inf
    spent[0] = 0.0
    for flips in range(1, order + 1):
        fewest = distance - flips
        rest = _least_rest(fewest - weight - ones, search.best_tail, frame.others, sizes.checks)
        level = 0
        following[0] = 0
        while level >= 0:
            first, more = following[level], flips - 1 - level
            own = shifted(search.prefix, level * tail)
            if more > 0:
                # The least that it costs to go on from here.
                if first + more >= rows or (
                    spent[level] + (frame.sums[first + more + 1] - frame.sums[first]) + rest > limit
                ):
                    level -= 1
                    continue
                search.chosen[level] = first
                for word in range(tail):
                    own[tail + word] = own[word] ^ tails[first * tail + word]
                spent[level + 1] = spent[level] + basis[first]
                following[level] = following[level + 1] = first + 1
                level += 1
                continue
            for i in range(first, rows):
                total = spent[level] + basis[i]
                if total + rest > limit:
                    break
                for word in range(tail):
                    differing = own[word] ^ tails[i * tail + word]
                    total += _sum_of(differing, shifted(frame.table, word * BYTES * VALUES))
                count += 1
                if total < best:
                    best, weight, equal = total, flips, False
                    for word in range(tail):
                        search.best_tail[word] = own[word] ^ tails[i * tail + word]
                    search.chosen[level] = i
                    for j in range(flips):
                        search.best_chosen[j] = search.chosen[j]
                    if bounded:
                        ones = _cost(search.best_tail, tail, frame.table)[1]
                        limit = best * ROUNDING
                        rest = _least_rest(
                            fewest - weight - ones, search.best_tail, frame.others, sizes.checks
                        )
                elif total == best:
                    equal = True
            level -= 1
    # Where the last bit of the basis is erased, all that are less reliable are: another word is as good.
    return weight, count, equal or basis[0] == 0.0


@callee
def _write(frame, sizes, order, received, lane, best_tail, to):
    """The best codeword into ``to``, uint64 (n)."""
    for i in range(sizes.rows):
        row = frame.pivot_row[i]
        bit = (frame.decided[row // WORD] >> u64(row % WORD)) & ONE
        to[np.int64(order[frame.pivot_at[i]] & PLACE)] |= bit << lane
    for p in range(sizes.checks):
        at = np.int64(order[frame.other_at[p]] & PLACE)
        bit = ((received[at] >> lane) ^ (best_tail[p // WORD] >> u64(p % WORD))) & ONE
        to[at] |= bit << lane


@kernel
def decode_ordered(
    llr, hard, keys, frames, generator, rows, order, distance, bounded, words, tied, candidates
):
    """The best of the codewords that differ from the decisions in few of the most reliable basis.

    Parameters
    ----------
    llr, hard
        LLRs, float32 (groups, n, 64), and decisions, uint64 (groups, n).
    keys, frames
        uint64 (frames, n): positions in the order of falling reliability, in the lower 32 bits.
    generator, rows
        Columns of the generator matrix, uint64 (n, words of its rows), and how many rows it has.
    order
        In how many bits of the basis a candidate differs at most.
    distance
        A lower bound on the minimum distance.
    bounded
        Whether candidates that cannot be as good as the best one are left out.
    words
        The codewords, uint64 (groups, n), 0 before.
    tied
        Set, bool (frames), where another candidate is as good.
    candidates
        Codewords that were made of each frame, int32 (frames).

    A candidate's sum, of the reliabilities where it differs from the decisions, is in float64: what it is in
    the basis, and by tables what it is at the other positions, whose bits are packed.
    """
    n, parts = llr.shape[1], generator.shape[1]
    checks = n - rows
    tail = (checks + WORD - 1) // WORD
    sizes = Sizes(n, rows, checks, parts, tail)
    levels = order + 1
    memory = np.empty(parts * (n + 2) + n + WORD + (rows + levels + 1) * tail, np.uint64)
    places = np.empty(2 * rows + checks + 3 * levels, np.int64)
    numbers = np.empty(n + 2 * rows + 1 + checks + levels + tail * BYTES * VALUES, np.float64)
    words_, places_, numbers_ = pointer_to(memory), pointer_to(places), pointer_to(numbers)
    room = shifted(words_, parts * n)
    tails = shifted(room, parts + n + WORD)
    prefix = shifted(tails, rows * tail)
    decided = shifted(prefix, (levels + 1) * tail)
    chosen = shifted(places_, 2 * rows + checks)
    basis = shifted(numbers_, n)
    others = shifted(basis, 2 * rows + 1)
    frame_ = Frame(
        words_,
        room,
        tails,
        decided,
        places_,
        shifted(places_, rows),
        shifted(places_, 2 * rows),
        numbers_,
        basis,
        shifted(basis, rows),
        others,
        shifted(others, checks + levels),
    )
    search = Search(
        prefix,
        shifted(prefix, levels * tail),
        chosen,
        shifted(chosen, levels),
        shifted(chosen, 2 * levels),
        shifted(others, checks),
    )
    given, columns = pointer_to(llr), pointer_to(generator)
    for frame in range(frames):
        group, lane = frame // WORD, frame % WORD
        row = shifted(pointer_to(keys), frame * n)
        received, to = shifted(pointer_to(hard), group * n), shifted(pointer_to(words), group * n)
        for t in range(n):
            at = np.int64(row[t] & PLACE)
            frame_.size[t] = abs(np.float64(given[(group * n + at) * WORD + lane]))
            for part in range(parts):
                frame_.columns[part * n + t] = columns[at * parts + part]
        _reduce(frame_, sizes, row, received, u64(lane))
        _other_positions(frame_, sizes, row, received, u64(lane), prefix)
        weight, candidates[frame], tied[frame] = _search(frame_, sizes, search, order, distance, bounded)
        for j in range(weight):
            place = frame_.pivot_row[rows - 1 - search.best_chosen[j]]
            decided[place // WORD] ^= ONE << u64(place % WORD)
        _write(frame_, sizes, row, received, u64(lane), search.best_tail, to)
    keep_alive(memory)
    keep_alive(places)
    keep_alive(numbers)
