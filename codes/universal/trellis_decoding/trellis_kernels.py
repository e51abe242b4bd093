"""A-posteriori probabilities on the minimal trellis, for groups of 64 frames."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP, PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.operations.exponential_kernels import least_and_more
from ....vectors.vector_kernels import (
    keep_alive,
    load,
    minimum,
    pointer_to,
    population_count,
    rows_in,
    shifted,
    space,
    splat,
    store,
)

f32, u64 = np.float32, np.uint64
#: The cost of what is impossible.
IMPOSSIBLE = f32(1e30)


@inlined
def _either(a, b, exact):
    """The cost of either of two events: the least; where ``exact`` is not None, -ln(exp(-a) + exp(-b))."""
    if exact is None:
        return minimum(a, b)
    return least_and_more(a, b)


@callee
def _settle(costs, states):
    """Subtract the least cost of each lane from all, so that those that count are small."""
    for part in range(PARTS):
        least, state = load(costs, part), states
        while state > 0:
            least = minimum(least, load(costs, state * PARTS + part))
            state = (state - 1) & states
        state = states
        while state >= 0:
            store(costs, state * PARTS + part, load(costs, state * PARTS + part) - least)
            state = (state - 1) & states if state else -1


@callee
def _forward(costs, section, llr, row, exact):
    """Costs of the states after a section from those before it, in place."""
    active, begins, ends, outputs = section
    for part in range(PARTS):
        received = load(llr, row + part)
        if begins:
            state = active
            while state >= 0:
                store(costs, (state | begins) * PARTS + part, load(costs, state * PARTS + part))
                state = (state - 1) & active if state else -1
        states = active | begins
        state = states
        while state >= 0:
            if population_count(u64(state & outputs)) & 1:
                at = state * PARTS + part
                store(costs, at, load(costs, at) + received)
            state = (state - 1) & states if state else -1
        if ends:
            after = states & ~ends
            state = after
            while state >= 0:
                at = state * PARTS + part
                store(costs, at, _either(load(costs, at), load(costs, at + ends * PARTS), exact))
                state = (state - 1) & after if state else -1


@callee
def _backward(costs, section, llr, row, kept, posterior, exact):
    """Costs of the states before a section from those behind it, in place, and the bit's a-posteriori LLR.

    ``kept`` has the forward costs of the states before, from the largest number on; the LLR goes to ``row``
    of ``posterior``.
    """
    active, begins, ends, outputs = section
    behind = (active | begins) & ~ends
    for part in range(PARTS):
        received = load(llr, row + part)
        if ends:
            state = behind
            while state >= 0:
                store(costs, (state | ends) * PARTS + part, load(costs, state * PARTS + part))
                state = (state - 1) & behind if state else -1
        zero = one = splat(IMPOSSIBLE)
        state, at = active, part
        while state >= 0:
            before, low = load(kept, at), state * PARTS + part
            odd = population_count(u64(state & outputs)) & 1
            cost = load(costs, low)
            if odd:
                one, cost = _either(one, before + cost, exact), cost + received
            else:
                zero = _either(zero, before + cost, exact)
            if begins:
                other = load(costs, low + begins * PARTS)
                if odd:
                    zero = _either(zero, before + other, exact)
                else:
                    one, other = _either(one, before + other, exact), other + received
                cost = _either(cost, other, exact)
            store(costs, low, cost)
            at += PARTS
            state = (state - 1) & active if state else -1
        store(posterior, row + part, received + (one - zero))


@kernel
def decode_trellis(llr, sections, bits, states, exact, posterior):
    """A-posteriori LLRs, float32 (groups, positions, 64), of LLRs of the same shape.

    ``sections`` is int64 (positions, 4) as ``MinimalTrellis`` has them, with numbers of branches of so many
    ``bits`` and ``states`` in all sections together. Costs are minus the logarithms of probabilities, up to
    what all have in common. ``exact`` is None for the lesser of two costs in the place of what both cost.
    """
    groups, n, _ = llr.shape
    received, found = pointer_to(llr), pointer_to(posterior)
    memory, kept_memory = space(PARTS << bits), space(PARTS * states)
    costs, kept = rows_in(memory, received), rows_in(kept_memory, received)
    for group in range(groups):
        at = 0
        for part in range(PARTS):
            store(costs, part, splat(f32(0.0)))
        for j in range(n):
            active, begins, ends, outputs = sections[j]
            _settle(costs, active)
            state = active
            while state >= 0:
                for part in range(PARTS):
                    store(kept, at * PARTS + part, load(costs, state * PARTS + part))
                at += 1
                state = (state - 1) & active if state else -1
            section = (active, begins, ends, outputs)
            _forward(costs, section, received, (group * n + j) * PARTS, exact)
        for part in range(PARTS):
            store(costs, part, splat(f32(0.0)))
        for j in range(n - 1, -1, -1):
            active, begins, ends, outputs = sections[j]
            at -= 1 << population_count(u64(active))
            section = (active, begins, ends, outputs)
            own = shifted(kept, at * GROUP)
            _backward(costs, section, received, (group * n + j) * PARTS, own, found, exact)
            _settle(costs, active)
    keep_alive(memory)
    keep_alive(kept_memory)
