"""Enumeration of codewords, and the shortest path through a trellis, for groups of 64 frames."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    bits_of,
    equal,
    keep_alive,
    load,
    pointer_to,
    population_count,
    shifted,
    splat,
)

i8, u64 = np.int8, np.uint64


@kernel
def best_message(llr, generator, first, bits, unique):
    """``bits``, uint64 (groups, k): the message whose codeword has the least sum of LLRs at its ones.

    ``llr`` is float32 (groups, n, 64). Messages are tried in the order of the Gray code from ``first``, so
    that each differs from the one before in one bit; the first of equals wins, and ``unique``, uint64
    (groups), tells if it had none. Sums are in float64, where equal LLRs add up without rounding and ties are
    ties.
    """
    k, n = generator.shape
    word = np.empty(n, np.uint8)
    best, message = np.empty(GROUP, np.float64), np.empty(GROUP, np.int64)
    metric, tied = np.empty(GROUP, np.float64), np.empty(GROUP, np.bool_)
    for group in range(llr.shape[0]):
        word[:] = 0
        for i in range(k):
            if first >> i & 1:
                word ^= generator[i]
        gray = first
        best[:] = np.inf
        tied[:] = False
        for step in range(1 << k):
            if step:
                change = 0
                while not step >> change & 1:
                    change += 1
                word ^= generator[change]
                gray ^= 1 << change
            metric[:] = 0
            for j in range(n):
                if word[j]:
                    row = llr[group, j]
                    for lane in range(GROUP):
                        metric[lane] += row[lane]
            for lane in range(GROUP):
                better = metric[lane] < best[lane]
                tied[lane] = (tied[lane] or metric[lane] == best[lane]) and not better
                best[lane] = metric[lane] if better else best[lane]
                message[lane] = gray if better else message[lane]
        alone = u64(0)
        for lane in range(GROUP):
            alone |= u64(not tied[lane]) << u64(lane)
        unique[group] = alone
        for i in range(k):
            ones = u64(0)
            for lane in range(GROUP):
                ones |= u64(message[lane] >> i & 1) << u64(lane)
            bits[group, i] = ones


@inlined
def _join(first, second, row, to, other, same, same_other, both):
    """The lesser metrics of two states, the second with a row of LLRs, and, if ``both``, the first with it.

    ``same`` tells by 1 where the one with the row is less, by 2 where both are equal. ``to`` and ``other``
    are none of the states, since the loop would take lane by lane then. ``both`` is True or None.
    """
    for lane in range(GROUP):
        x, y, added = first[lane], second[lane], np.float64(row[lane])
        with_one = y + added
        to[lane] = min(x, with_one)
        same[lane] = np.int8(with_one < x) | (np.int8(with_one == x) << np.int8(1))
        if both is not None:
            with_one = x + added
            other[lane] = min(y, with_one)
            same_other[lane] = np.int8(with_one < y) | (np.int8(with_one == y) << np.int8(1))


@inlined
def _taken(same, preferred):
    """Frames in which a branch with the bit 1 is taken, and those in which another one is as good."""
    found = load(same, 0)
    better, alike = bits_of(equal(found, splat(i8(1)))), bits_of(equal(found, splat(i8(2))))
    return better | alike if preferred else better, alike


@inlined
def _trace_back(sections, ones, at, lanes, word_of):
    """The words of a group's best paths from the ``at`` decisions of ``ones``, last first.

    ``lanes`` has room for the frames in each state.
    """
    lanes[0] = ~u64(0)
    for j in range(word_of.size - 1, -1, -1):
        active, begins, ends, outputs = sections[j]
        # States in the reverse order.
        stay = active & ~ends
        word, state = u64(0), 0
        while state >= 0:
            odd = population_count(u64(state & outputs)) & 1
            here, other = lanes[state], lanes[state | begins] if begins else u64(0)
            if ends and begins == ends:
                at -= 1
                word |= here & ones[at]
            elif ends:
                at -= 1
                one = here & ones[at]
                zero, word = here ^ one, word | one
                other_one = other_zero = u64(0)
                if begins:
                    at -= 1
                    other_one = other & ones[at]
                    other_zero, word = other ^ other_one, word | other_one
                lanes[state] = (one if odd else zero) | (other_zero if odd else other_one)
                lanes[state | ends] = (zero if odd else one) | (other_one if odd else other_zero)
            else:
                word |= here if odd else other
                lanes[state] = here | other
            state = (state - stay) & stay if state != stay else -1
        word_of[j] = word


@kernel
def best_path(llr, sections, bits, joined, preferred, words, unique):
    """``words``, uint64 (groups, n): the codewords with the least sums of LLRs at their ones, by a trellis.

    ``llr`` is float32 (groups, n, 64), ``sections`` int64 (n, 4) as ``MinimalTrellis`` has them, with states
    of up to so many ``bits`` and ``joined`` states in which branches meet. Of equal paths into a state the
    one whose last bit is that of ``preferred``, uint8 (n), is kept, and so among equal codewords the one that
    has it in the last position in which they differ. ``unique``, uint64 (groups), tells if there is no other.
    Sums are in float64, as above, and in the order of positions.
    """
    groups, n, _ = llr.shape
    memory, room = np.empty(GROUP << bits, np.float64), np.empty(GROUP, np.float64)
    ones = np.empty(joined, np.uint64)
    same, same_other = np.empty(GROUP, np.int8), np.empty(GROUP, np.int8)
    tied, lanes = np.empty(1 << bits, np.uint64), np.empty(1 << bits, np.uint64)
    metric, spare, received = pointer_to(memory), pointer_to(room), pointer_to(llr)
    for group in range(groups):
        for lane in range(GROUP):
            metric[lane] = 0.0
        tied[0], at = u64(0), 0
        for j in range(n):
            active, begins, ends, outputs = sections[j]
            alone = begins == ends  # a row of this position alone
            row = shifted(received, (group * n + j) * GROUP)
            state = active & ~ends
            while state >= 0:
                odd = population_count(u64(state & outputs)) & 1
                if not ends:
                    to = shifted(metric, state * GROUP)
                    if begins:
                        began = shifted(metric, (state | begins) * GROUP)
                        for lane in range(GROUP):
                            began[lane] = to[lane] + (0.0 if odd else np.float64(row[lane]))
                        tied[state | begins] = tied[state]
                    if odd:
                        for lane in range(GROUP):
                            to[lane] += np.float64(row[lane])
                else:
                    # Of two branches that meet one has the bit 1; which one, is the other way round in the
                    # state that begins.
                    zero, one = state, state if alone else state | ends
                    first, second = shifted(metric, zero * GROUP), shifted(metric, one * GROUP)
                    if begins and not alone:
                        began = shifted(metric, (state | begins) * GROUP)
                        to, other = (began, spare) if odd else (spare, began)
                        _join(first, second, row, to, other, pointer_to(same), pointer_to(same_other), True)
                        began_same = pointer_to(same) if odd else pointer_to(same_other)
                        taken, alike = _taken(began_same, preferred[j])
                        ones[at] = taken
                        at += 1
                        from_one, from_zero = (tied[one], tied[zero]) if odd else (tied[zero], tied[one])
                        tied_began = (from_one & taken) | (from_zero & ~taken) | alike
                        taken, alike = _taken(
                            pointer_to(same_other) if odd else pointer_to(same), preferred[j]
                        )
                        ones[at] = taken
                        at += 1
                        from_one, from_zero = (tied[zero], tied[one]) if odd else (tied[one], tied[zero])
                        tied[state | begins] = tied_began
                    else:
                        if odd:
                            first, second, zero, one = second, first, one, zero
                        _join(first, second, row, spare, spare, pointer_to(same), pointer_to(same), None)
                        taken, alike = _taken(pointer_to(same), preferred[j])
                        ones[at] = taken
                        at += 1
                        from_one, from_zero = tied[one], tied[zero]
                    tied[state] = (from_one & taken) | (from_zero & ~taken) | alike
                    to = shifted(metric, state * GROUP)
                    for lane in range(GROUP):
                        to[lane] = spare[lane]
                state = (state - 1) & (active & ~ends) if state else -1
        unique[group] = ~tied[0]
        _trace_back(sections, ones, at, lanes, words[group])
    keep_alive(memory)
    keep_alive(room)


@kernel
def best_word(llr, words, tie_bits, message, unique):
    """``message``, int64 (groups, 64): the row of ``words``, uint8 (2^k, n), with the least sum of LLRs.

    The sum is that of the LLRs at the row's ones, float64 as above. Among equals it is the row whose
    exclusive or with the frame's ``tie_bits``, int64 (groups, 64), is the least; ``unique``, bool (groups,
    64), tells if there is no other.
    """
    count, n = words.shape
    best, metric = np.empty(GROUP, np.float64), np.empty(GROUP, np.float64)
    for group in range(llr.shape[0]):
        toss, chosen, alone = tie_bits[group], message[group], unique[group]
        best[:] = np.inf
        for i in range(count):
            metric[:] = 0
            for j in range(n):
                if words[i, j]:
                    row = llr[group, j]
                    for lane in range(GROUP):
                        metric[lane] += row[lane]
            for lane in range(GROUP):
                better, tied = metric[lane] < best[lane], metric[lane] == best[lane]
                alone[lane] = better or (alone[lane] and not tied)
                if better or (tied and i ^ toss[lane] < chosen[lane] ^ toss[lane]):
                    chosen[lane] = i
                best[lane] = metric[lane] if better else best[lane]
