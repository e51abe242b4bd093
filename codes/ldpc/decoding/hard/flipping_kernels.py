"""Bit flipping by the number of violated checks, of 512 frames at once.

Coins come from a generator for each frame, xorshift128 (G. Marsaglia, "Xorshift RNGs", 2003, section 4),
whose words of 32 bits are kept bit by bit: so one step makes 32 bits for all frames with some 130 operations.
"""

from .....vectors.compiling.callee_kernels import callee
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import keep_alive, load, pointer_to, store
from .counter_kernels import add, at_least, clear, digits_of, exactly
from .tile_kernels import (
    anything,
    every_frame,
    frames_in,
    graph_of,
    hand_out,
    note_row,
    rows_at,
    rows_of,
    take_in,
    tiles_of,
)

#: Bits of a generator's state, and of one of its words.
STATE, WORD = 128, 32
#: Probabilities are multiples of 2^-COIN.
COIN = 16


@callee
def _step(state, oldest):
    """One step of the generators: their new word is number ``oldest`` of the four."""
    x, w = WORD * oldest, WORD * ((oldest + 3) % 4)
    for i in range(WORD - 1, 10, -1):
        store(state, x + i, load(state, x + i) ^ load(state, x + i - 11))
    for i in range(WORD - 8):
        store(state, x + i, load(state, x + i) ^ load(state, x + i + 8))
    for i in range(WORD):
        store(state, x + i, load(state, x + i) ^ load(state, w + i))
    for i in range(WORD - 19):
        store(state, x + i, load(state, x + i) ^ load(state, w + i + 19))


@callee
def _less(coins, first, limit):
    """The frames in which a number of COIN bits, rows from the first one on, is below a limit."""
    every = every_frame()
    if limit >> COIN:
        return every
    found = every ^ every
    for i in range(COIN):
        above = load(coins, first + i) ^ every
        found = above | found if (limit >> i) & 1 else above & found
    return found


@callee
def _violated(graph, current, parity):
    """Sums of the checks, and the frames in which one is not 0."""
    broken = every_frame() ^ every_frame()
    for check in range(graph.checks):
        total = every_frame() ^ every_frame()
        for edge in range(graph.start[check], graph.start[check + 1]):
            total = total ^ load(current, graph.variable[edge])
        store(parity, check, total)
        broken = broken | total
    return broken


@callee
def _count(graph, parity, v, extra, digits, places):
    """Count the violated checks of a variable, and ``extra``."""
    clear(digits, places, extra ^ extra)
    add(digits, 0, places, extra)
    for at in range(graph.own[v], graph.own[v + 1]):
        add(digits, 0, places, load(parity, graph.check[at]))


@callee
def _flip_largest(graph, current, parity, active, digits, places, reached, most):
    """Flip the variables with the most violated checks of their frame."""
    every = every_frame()
    nothing = every ^ every
    clear(reached, most + 2, nothing)
    for v in range(graph.variables):
        _count(graph, parity, v, nothing, digits, places)
        for level in range(1, graph.own[v + 1] - graph.own[v] + 1):
            store(reached, level, load(reached, level) | at_least(digits, places, level, every))
    for v in range(graph.variables):
        _count(graph, parity, v, nothing, digits, places)
        flip = nothing
        for level in range(1, graph.own[v + 1] - graph.own[v] + 1):
            top = load(reached, level) & (load(reached, level + 1) ^ every)
            flip = flip | (exactly(digits, places, level, every) & top)
        store(current, v, load(current, v) ^ (flip & active))


@callee
def _flip_by_chance(graph, current, received, parity, active, digits, places, chances, random, drawn):
    """Flip variables by the probabilities that belong to their counts. Returns how many coins were drawn.

    ``chances`` has where the probabilities of each variable are, whether they take coins, the probabilities,
    and whether a variable that differs from what was received counts as one more violated check.
    """
    first_of, tosses, limits, remembers = chances
    every = every_frame()
    for v in range(graph.variables):
        extra = load(current, v) ^ load(received, v) if remembers else every ^ every
        _count(graph, parity, v, extra, digits, places)
        coin = 0
        if tosses[v]:
            if drawn % 2 == 0:
                _step(random, (drawn // 2) % 4)
            coin = WORD * ((drawn // 2) % 4) + COIN * (drawn % 2)
            drawn += 1
        flip = every ^ every
        for count in range(graph.own[v + 1] - graph.own[v] + 1 + remembers):
            limit = limits[first_of[v] + count]
            if limit:
                flip = flip | (exactly(digits, places, count, every) & _less(random, coin, limit))
        store(current, v, load(current, v) ^ (flip & active))
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
        The graph, see ``tile_kernels.Graph``.
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
    groups, n = bits.shape
    most = 1
    for v in range(n):
        most = max(most, graph.own[v + 1] - graph.own[v])
    places = digits_of(most + 1)
    given, final, sums = rows_of(n), rows_of(n), rows_of(graph.checks)
    counter, levels, memory, spare = rows_of(places), rows_of(most + 2), rows_of(STATE), rows_of(1)
    y, current, parity, random = rows_at(given), rows_at(final), rows_at(sums), rows_at(memory)
    digits, reached, room = rows_at(counter), rows_at(levels), (rows_at(spare), pointer_to(spare))
    first_of, tosses, limits, remembers = chances
    rule = (pointer_to(first_of), pointer_to(tosses), pointer_to(limits), 1 if remembers else 0)
    every, spent_ = every_frame(), pointer_to(spent)
    for tile in range(tiles_of(groups)):
        take_in(pointer_to(received), n, groups, tile, pointer_to(given))
        take_in(pointer_to(received), n, groups, tile, pointer_to(final))
        if seeds.shape[1]:
            take_in(pointer_to(seeds), STATE, groups, tile, pointer_to(memory))
        frames_in(tile, frames, room[1])
        there = load(room[0], 0)
        active = there & _violated(graph, current, parity)
        now, drawn = 0, 0
        while now < iterations and anything(active):
            if largest:
                _flip_largest(graph, current, parity, active, digits, places, reached, most)
            else:
                drawn = _flip_by_chance(
                    graph, current, y, parity, active, digits, places, rule, random, drawn
                )
            now += 1
            going = active & _violated(graph, current, parity)
            note_row(spent_, tile, active & (going ^ every), now, room)
            active = going
        note_row(spent_, tile, active, now, room)
        store(room[0], 0, there & (active ^ every))
        hand_out(room[1], 1, groups, tile, pointer_to(ok))
        hand_out(pointer_to(final), n, groups, tile, pointer_to(bits))
    for array in (given, final, sums, counter, levels, memory, spare):
        keep_alive(array)
