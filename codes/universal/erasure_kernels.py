"""Solving the parity checks for erased bits, one frame after the other."""

from collections import namedtuple

import numpy as np

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import keep_alive, pointer_to, shifted, trailing_zeros
from ..binary.peeling_kernels import peel

u64, ONE, WORD = np.uint64, np.uint64(1), 64

#: Pointers to the checks, int64: where each begins among the bits that checks have, and these; their number.
Checks = namedtuple("Checks", "start columns count")
#: Pointers to what is known of a frame: the unknowns in the order in which they follow, int64 (count), the
#: check that each follows from, or -1, where each bit is in that order, or -1, int64 (n), bits, uint8 (n);
#: how many unknowns there are, and how many that follow from none, the guesses.
Frame = namedtuple("Frame", "order by slot value count guesses")
#: Pointers to sums of guesses, uint64 of so many words, whose bit number ``guesses`` is a constant: of each
#: unknown, of a basis of equations, whose row p, if it is used, begins with bit p, and of an equation; and
#: whether rows of the basis are used, and checks, uint8.
Sums = namedtuple("Sums", "unknown basis row used checked words")


@inlined
def _add_bit(frame, sums, row, bit):
    """Add the sum that a bit is to a row."""
    at = frame.slot[bit]
    if at < 0:
        row[frame.guesses // WORD] ^= u64(frame.value[bit]) << u64(frame.guesses % WORD)
    else:
        for word in range(sums.words):
            row[word] ^= sums.unknown[at * sums.words + word]


@callee
def _follow(checks, frame, sums):
    """Make a sum of guesses of each unknown, and mark the checks that are used up by it.

    Guesses are numbered from the last to the first, so that it is the first that equations leave free.
    """
    guess = frame.guesses
    for i in range(frame.count):
        own, check = shifted(sums.unknown, i * sums.words), frame.by[i]
        if check < 0:
            guess -= 1
            own[guess // WORD] = ONE << u64(guess % WORD)
            continue
        sums.checked[check] = 1
        for at in range(checks.start[check], checks.start[check + 1]):
            if checks.columns[at] != frame.order[i]:
                _add_bit(frame, sums, own, checks.columns[at])


@callee
def _eliminate(checks, frame, sums):
    """A basis of the equations that the other checks are: how many rows it has, -1 if some contradict."""
    rank, words, guesses, row = 0, sums.words, frame.guesses, sums.row
    for check in range(checks.count):
        if sums.checked[check]:
            continue
        if rank == guesses:
            break
        for word in range(words):
            row[word] = u64(0)
        for at in range(checks.start[check], checks.start[check + 1]):
            _add_bit(frame, sums, row, checks.columns[at])
        word = 0
        while word < words:
            if not row[word]:
                word += 1
                continue
            first = WORD * word + trailing_zeros(row[word])
            if first == guesses:
                return -1
            own = shifted(sums.basis, first * words)
            if not sums.used[first]:
                for other in range(word, words):
                    own[other] = row[other]
                sums.used[first] = 1
                rank += 1
                break
            for other in range(word, words):
                row[other] ^= own[other]
    return rank


@callee
def _substitute(frame, sums, place):
    """Put the guesses that follow into the bits. ``place``, int64 (guesses), is room."""
    guesses = guess = frame.guesses
    for i in range(frame.count):
        if frame.by[i] < 0:
            guess -= 1
            place[guess] = frame.order[i]
    for guess in range(guesses - 1, -1, -1):
        if not sums.used[guess]:
            continue
        own = shifted(sums.basis, guess * sums.words)
        bit = (own[guesses // WORD] >> u64(guesses % WORD)) & ONE
        for other in range(guess + 1, guesses):
            bit ^= (own[other // WORD] >> u64(other % WORD)) & u64(frame.value[place[other]])
        frame.value[place[guess]] = bit


@callee
def _finish(checks, frame):
    """Put the bits that follow from one check each into their places: whether all checks are fulfilled."""
    for i in range(frame.count):
        bit, check = np.uint8(0), frame.by[i]
        if check >= 0:
            frame.value[frame.order[i]] = np.uint8(0)
            for at in range(checks.start[check], checks.start[check + 1]):
                bit ^= frame.value[checks.columns[at]]
            frame.value[frame.order[i]] = bit
    for check in range(checks.count):
        bit = np.uint8(0)
        for at in range(checks.start[check], checks.start[check + 1]):
            bit ^= frame.value[checks.columns[at]]
        if bit:
            return False
    return True


@kernel
def solve_erasures(lists, words, erased, frames, sparse, most, solved, guessed):
    """Solve the checks for the erased bits of ``words``, uint64 (groups, n), in place.

    Parameters
    ----------
    lists
        The checks, four arrays of int64, as ``peel`` takes them.
    words, erased
        Bits, of which those that are erased, uint64 (groups, n), are coins.
    frames
        How many there are.
    sparse
        Whether unknowns are looked for that follow from others, before guesses are solved for.
    most
        Frames with more erased bits are left as they are.
    solved
        bool (frames): whether all bits follow, and no check is violated. Where some do not follow, the bits
        are those of a codeword that fits, by coins; where checks are violated, they are what they were.
    guessed
        int32 (frames): how many unknowns were solved for.
    """
    start, columns, column_start, rows = lists
    m, n = start.size - 1, words.shape[1]
    bits, unknown, slots = np.empty(n, np.uint8), np.zeros(n, np.uint8), np.empty(n, np.int64)
    value, slot = pointer_to(bits), pointer_to(slots)
    checks = Checks(pointer_to(start), pointer_to(columns), m)
    for frame in range(frames):
        group, lane = frame // WORD, u64(frame % WORD)
        to, open_ = shifted(pointer_to(words), group * n), shifted(pointer_to(erased), group * n)
        count = 0
        for j in range(n):
            value[j] = (to[j] >> lane) & ONE
            slot[j] = -1
            count += (open_[j] >> lane) & ONE
        solved[frame], guessed[frame] = False, 0
        if count > most:
            continue
        order, by = np.empty(count, np.int64), np.empty(count, np.int64)
        at = 0
        for j in range(n):
            if (open_[j] >> lane) & ONE:
                unknown[j], order[at], by[at] = sparse, j, -1
                at += 1
        if sparse and count:
            of_rows, of_columns = np.zeros((4, m), np.int64), np.zeros((5, n), np.int64)
            peel(start, columns, column_start, rows, unknown, order, by, of_rows, of_columns)
        guesses = 0
        for i in range(count):
            slot[order[i]] = i
            guesses += by[i] < 0
        guessed[frame] = guesses
        found = Frame(pointer_to(order), pointer_to(by), slot, value, count, guesses)
        rank = 0
        if guesses:
            width = guesses // WORD + 1
            memory = np.zeros((count + guesses + 1) * width, np.uint64)
            marks, places = np.zeros(guesses + m, np.uint8), np.empty(guesses, np.int64)
            basis = shifted(pointer_to(memory), count * width)
            used = pointer_to(marks)
            row = shifted(basis, guesses * width)
            sums = Sums(pointer_to(memory), basis, row, used, shifted(used, guesses), width)
            _follow(checks, found, sums)
            rank = _eliminate(checks, found, sums)
            if rank >= 0:
                _substitute(found, sums, pointer_to(places))
            keep_alive(memory)
            keep_alive(marks)
            keep_alive(places)
        if rank >= 0 and _finish(checks, found):
            solved[frame] = rank == guesses
            for i in range(count):
                to[order[i]] &= ~(ONE << lane)
                to[order[i]] |= u64(value[order[i]]) << lane
        keep_alive(order)
        keep_alive(by)
    keep_alive(bits)
    keep_alive(slots)
