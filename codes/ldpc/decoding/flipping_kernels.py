"""Bit flipping by the number of violated checks, 64 frames a word.

Coins come from a generator for each frame, xorshift128 (G. Marsaglia, "Xorshift RNGs", 2003, section 4),
whose words of 32 bits are kept bit by bit: so one step makes 32 bits for all 64 frames with some 130
operations.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, shifted
from .counter_kernels import ALL, add, at_least, clear, digits_of, exactly
from .message_kernels import frames_in, graph_of, note_ended

u64 = np.uint64

#: Bits of a generator's state, and of one of its words.
STATE, WORD = 128, 32
#: Probabilities are multiples of 2^-COIN.
COIN = 16


@callee
def _step(state, oldest):
    """One step of the generators: their new word is number ``oldest`` of the four."""
    x, w = shifted(state, WORD * oldest), shifted(state, WORD * ((oldest + 3) % 4))
    for i in range(WORD - 1, 10, -1):
        x[i] ^= x[i - 11]
    for i in range(WORD - 8):
        x[i] ^= x[i + 8]
    for i in range(WORD):
        x[i] ^= w[i]
    for i in range(WORD - 19):
        x[i] ^= w[i + 19]


@callee
def _less(coins, limit):
    """The frames in which a number of COIN bits is below a limit."""
    if limit >> COIN:
        return ALL
    found = u64(0)
    for i in range(COIN):
        found = ~coins[i] | found if (limit >> i) & 1 else ~coins[i] & found
    return found


@callee
def violated(graph, current, parity):
    """Sums of the checks, and the frames in which one is not 0."""
    broken = u64(0)
    for check in range(graph.checks):
        total = u64(0)
        for edge in range(graph.start[check], graph.start[check + 1]):
            total ^= current[graph.variable[edge]]
        parity[check] = total
        broken |= total
    return broken


@callee
def _count(graph, parity, v, extra, digits, places):
    """Count the violated checks of a variable, and ``extra``."""
    clear(digits, places)
    add(digits, 0, places, extra)
    for at in range(graph.own[v], graph.own[v + 1]):
        add(digits, 0, places, parity[graph.check[at]])


@callee
def _flip_largest(graph, current, parity, active, digits, places, reached, most):
    """Flip the variables with the most violated checks of their frame."""
    for level in range(most + 2):
        reached[level] = u64(0)
    for v in range(graph.variables):
        _count(graph, parity, v, u64(0), digits, places)
        for level in range(1, graph.own[v + 1] - graph.own[v] + 1):
            reached[level] |= at_least(digits, places, level)
    for v in range(graph.variables):
        _count(graph, parity, v, u64(0), digits, places)
        flip = u64(0)
        for level in range(1, graph.own[v + 1] - graph.own[v] + 1):
            flip |= exactly(digits, places, level) & reached[level] & ~reached[level + 1]
        current[v] ^= flip & active


@callee
def _flip_by_chance(graph, current, received, parity, active, digits, places, chances, random, drawn):
    """Flip variables by the probabilities that belong to their counts. Returns how many coins were drawn.

    ``received`` is what counts as one more violated check where a variable differs from it; a null one does
    not count. ``chances`` has where the probabilities of each variable are, whether they take coins, the
    probabilities, and whether to count ``received``.
    """
    first_of, tosses, limits, remembers = chances
    for v in range(graph.variables):
        extra = current[v] ^ received[v] if remembers else u64(0)
        _count(graph, parity, v, extra, digits, places)
        coins = random
        if tosses[v]:
            if drawn % 2 == 0:
                _step(random, (drawn // 2) % 4)
            coins = shifted(random, WORD * ((drawn // 2) % 4) + COIN * (drawn % 2))
            drawn += 1
        flip = u64(0)
        for count in range(graph.own[v + 1] - graph.own[v] + 1 + remembers):
            limit = limits[first_of[v] + count]
            if limit:
                flip |= exactly(digits, places, count) & _less(coins, limit)
        current[v] ^= flip & active
    return drawn


@kernel
def flip_words(received, seeds, frames, tables, chances, largest, iterations, bits, ok, spent):
    """Decide on all variables by flipping those with many violated checks, all at once in each iteration.

    Parameters
    ----------
    received
        What was received, uint64 (groups, n).
    seeds
        Random bits, uint64 (groups, 128), or none where no coins are tossed.
    frames
        How many there are.
    tables
        The graph, see ``message_kernels.Graph``.
    chances
        int32 (n), where each variable's probabilities begin; uint8 (n), whether any is neither 0 nor 1;
        int32, the probabilities to flip with 0, 1, ... violated checks, times 2^16; whether a variable that
        differs from what was received counts as one more violated check.
    largest
        Flip instead the variables with the most violated checks of the frame.
    iterations
        The most.
    bits, ok, spent
        As for ``pass_messages``.
    """
    graph = graph_of(tables)
    most = 1
    for v in range(graph.variables):
        most = max(most, graph.own[v + 1] - graph.own[v])
    places = digits_of(most + 1)
    counter, sums, levels = (
        np.zeros(places, np.uint64),
        np.zeros(graph.checks, np.uint64),
        np.zeros(most + 2, np.uint64),
    )
    memory = np.zeros(STATE, np.uint64)
    digits, parity, reached, random = (
        pointer_to(counter),
        pointer_to(sums),
        pointer_to(levels),
        pointer_to(memory),
    )
    first_of, tosses, limits, remembers = chances
    rule = (pointer_to(first_of), pointer_to(tosses), pointer_to(limits), 1 if remembers else 0)
    for group in range(bits.shape[0]):
        current, y = pointer_to(bits[group]), pointer_to(received[group])
        for v in range(graph.variables):
            current[v] = y[v]
        for i in range(min(STATE, seeds.shape[1])):
            random[i] = seeds[group, i]
        every = frames_in(group, frames)
        active = every & violated(graph, current, parity)
        now, drawn = 0, 0
        while active and now < iterations:
            if largest:
                _flip_largest(graph, current, parity, active, digits, places, reached, most)
            else:
                drawn = _flip_by_chance(
                    graph, current, y, parity, active, digits, places, rule, random, drawn
                )
            now += 1
            going = active & violated(graph, current, parity)
            note_ended(spent, group, active & ~going, now)
            active = going
        note_ended(spent, group, active, now)
        ok[group] = every & ~active
    for array in (counter, sums, levels, memory):
        keep_alive(array)
