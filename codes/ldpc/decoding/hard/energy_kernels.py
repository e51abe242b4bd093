"""Bit flipping by an energy that knows how reliable bits are: one frame a lane.

The energy of a bit v is the sum, over its checks c, of w_c if c is violated and - w_c if not, less what the
bit itself stands for; the larger it is, the more likely is the bit wrong.
"""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee
from .....vectors.group_kernels import GROUP, PARTS
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    keep_alive,
    load,
    magnitude,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    select,
    shifted,
    splat,
    store,
)
from .tile_kernels import graph_of

f32, i32, u32, u64 = np.float32, np.int32, np.uint32, np.uint64

#: Where the index of a noise value begins in a random word of 32 bits: there are 2^12 of them.
NOISE_SHIFT = 20

#: The bits of all lanes of a vector.
EVERY = u64((1 << LANES_FLOAT32) - 1)

#: Pointers to rows of a group: what each check weighs, what was received, energies, and thresholds; random
#: states, uint32 (4, 64), the noise of a bit, its 2^12 values, how large it is in each frame.
Rows = namedtuple("Rows", "weight own energy limit random noise values size")
#: What a bit stands for is ``factor`` times its value with the sign of its decision if ``signed``, and else
#: without one. ``decay`` of thresholds where a bit is not flipped; ``noisy``: whether there is noise.
Rule = namedtuple("Rule", "signed factor decay noisy")


@callee
def _violated(graph, current, parity):
    """Sums of the checks, a word each, and the frames in which one is not 0."""
    broken = u64(0)
    for check in range(graph.checks):
        total = u64(0)
        for edge in range(graph.start[check], graph.start[check + 1]):
            total ^= current[graph.variable[edge]]
        parity[check] = total
        broken |= total
    return broken


@callee
def _note_ended(spent, group, ended, now):
    """Put iterations so far into the entries of the frames that ended."""
    for f in range(GROUP):
        if (ended >> u64(f)) & u64(1):
            spent[GROUP * group + f] = now


@callee
def _make_noise(rows, step):
    """Noise for one bit of each frame: xorshift128 of each, of which the state is a ring."""
    oldest, newest = GROUP * (step % 4), GROUP * ((step + 3) % 4)
    for f in range(GROUP):
        t, w = u32(rows.random[oldest + f]), u32(rows.random[newest + f])
        t = u32(t ^ u32(t << u32(11)))
        w = u32(u32(w ^ u32(w >> u32(19))) ^ u32(t ^ u32(t >> u32(8))))
        rows.random[oldest + f] = w
        rows.noise[f] = rows.values[w >> u32(NOISE_SHIFT)] * rows.size[f]


@callee
def _find_energies(graph, rows, rule, current, parity, best, place, objective, step):
    """Energies of all bits, and of each frame the largest, the bit that has it, and the objective.

    The objective is half of all energies of checks, and of bits, with opposite signs: it grows as frames
    come nearer to a codeword that fits. Returns how many rows of noise were made.
    """
    zero, low, factor = splat(f32(0.0)), splat(f32(-np.inf)), splat(rule.factor)
    for part in range(PARTS):
        store(best, part, low)
        store(place, part, splat(i32(0)))
        store(objective, part, zero)
    for check in range(graph.checks):
        for part in range(PARTS):
            w = load(rows.weight, PARTS * check + part)
            wrong = mask_of(parity[check] >> u64(part * LANES_FLOAT32), w)
            store(objective, part, load(objective, part) + select(wrong, zero - w, w))
    for v in range(graph.variables):
        if rule.noisy:
            _make_noise(rows, step)
            step += 1
        for part in range(PARTS):
            lane, total = u64(part * LANES_FLOAT32), zero
            for at in range(graph.own[v], graph.own[v + 1]):
                check = graph.check[at]
                w = load(rows.weight, PARTS * check + part)
                wrong = mask_of(parity[check] >> lane, w)
                total = total + select(wrong, w, zero - w)
            own = load(rows.own, PARTS * v + part)
            if rule.signed:
                own = select(mask_of(current[v] >> lane, own), zero - own, own)
            else:
                own = magnitude(own)
            own = own * factor
            store(objective, part, load(objective, part) + own)
            total = total - own
            if rule.noisy:
                total = total + load(rows.noise, part)
            store(rows.energy, PARTS * v + part, total)
            most = load(best, part)
            better = below(most, total)
            store(best, part, maximum(most, total))
            store(place, part, select(better, splat(i32(v)), load(place, part)))
    return step


@callee
def _flip(graph, rows, rule, current, several, active, place):
    """Flip bits whose energy exceeds their threshold, in frames of ``several``, in others the largest one."""
    if several:
        decay = splat(rule.decay)
        for v in range(graph.variables):
            flip = u64(0)
            for part in range(PARTS):
                limit = load(rows.limit, PARTS * v + part)
                above = below(limit, load(rows.energy, PARTS * v + part))
                flip |= bits_of(above) << u64(part * LANES_FLOAT32)
                store(rows.limit, PARTS * v + part, select(above, limit, limit * decay))
            current[v] ^= flip & several & active
    single = active & ~several
    for f in range(GROUP):
        current[place[f]] ^= single & (u64(1) << u64(f))


@callee
def _weigh(graph, given, check_weight, weight):
    """What each check weighs: the same, or, if that is 0, the least magnitude of what was received of it."""
    for check in range(graph.checks):
        for part in range(PARTS):
            w = splat(check_weight)
            if check_weight == f32(0.0):
                w = splat(f32(np.inf))
                for edge in range(graph.start[check], graph.start[check + 1]):
                    w = minimum(w, magnitude(load(given, PARTS * graph.variable[edge] + part)))
            store(weight, PARTS * check + part, w)


@kernel
def flip_by_energy(
    words,
    own,
    seeds,
    size,
    values,
    frames,
    tables,
    signed,
    factor,
    check_weight,
    threshold,
    decay,
    switching,
    iterations,
    bits,
    ok,
    spent,
):
    """Decide on all variables by flipping those of large energy.

    Parameters
    ----------
    words
        Decisions on what was received, uint64 (groups, n).
    own
        What was received, float32 (groups, n, 64).
    seeds, size, values
        Random states, uint32 (groups, 4, 64), the standard deviation of the noise in each frame, float32
        (groups, 1, 64), and float32 (2^12), its equally likely values of mean 0 and variance 1. No groups and
        no values where there is no noise.
    frames, tables
        How many frames there are; the graph, see ``tile_kernels.Graph``.
    signed, factor
        See ``Rule``.
    check_weight
        What each check weighs; 0 for the least magnitude of ``own`` among its bits.
    threshold, decay
        Bits whose energy exceeds the threshold are flipped, all of them; infinite: the one of largest energy.
        The threshold of a bit that is not flipped is multiplied by ``decay``.
    switching
        Whether a frame goes over to the one of largest energy once its objective does not grow.
    iterations, bits, ok, spent
        As for ``pass_messages``.
    """
    graph = graph_of(tables)
    noisy = values.size > 0
    memory = np.empty((graph.checks + 2 * graph.variables + 5, GROUP), np.float32)
    sums, places = np.zeros(graph.checks, np.uint64), np.zeros(GROUP, np.int32)
    weight = pointer_to(memory)
    energy = shifted(weight, GROUP * graph.checks)
    limit = shifted(energy, GROUP * graph.variables)
    noise = shifted(limit, GROUP * graph.variables)
    best, objective, before, sizes = (
        shifted(noise, GROUP),
        shifted(noise, 2 * GROUP),
        shifted(noise, 3 * GROUP),
        shifted(noise, 4 * GROUP),
    )
    state = np.zeros((4, GROUP), np.uint32)
    parity, place, least = pointer_to(sums), pointer_to(places), splat(f32(-np.inf))
    rule = Rule(signed, factor, decay, noisy)
    for group in range(bits.shape[0]):
        current, given = pointer_to(bits[group]), pointer_to(own[group])
        for v in range(graph.variables):
            current[v] = words[group, v]
            for part in range(PARTS):
                store(limit, PARTS * v + part, splat(threshold))
        _weigh(graph, given, check_weight, weight)
        for part in range(PARTS):
            store(before, part, least)
        for f in range(GROUP):
            if noisy:
                sizes[f] = size[group, 0, f]
                for i in range(4):
                    state[i, f] = seeds[group, i, f]
        rows = Rows(weight, given, energy, limit, pointer_to(state), noise, pointer_to(values), sizes)
        every = ~u64(0) >> u64(GROUP - min(GROUP, frames - GROUP * group))
        active = every & _violated(graph, current, parity)
        several = u64(0) if np.isinf(threshold) else every
        now, step = 0, 0
        while active and now < iterations:
            step = _find_energies(graph, rows, rule, current, parity, best, place, objective, step)
            if switching and several:
                for part in range(PARTS):
                    now_it_is, lane = load(objective, part), u64(part * LANES_FLOAT32)
                    grown = bits_of(below(load(before, part), now_it_is)) << lane
                    several &= grown | ~(EVERY << lane)
                    store(before, part, now_it_is)
            _flip(graph, rows, rule, current, several, active, place)
            now += 1
            going = active & _violated(graph, current, parity)
            _note_ended(spent, group, active & ~going, now)
            active = going
        _note_ended(spent, group, active, now)
        ok[group] = every & ~active
    keep_alive(memory)
    keep_alive(sums)
    keep_alive(places)
    keep_alive(state)
