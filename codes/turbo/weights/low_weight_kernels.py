"""Input sequences of few ones whose paths through an encoder are light, and how light both encoders' are.

Places are information bits in the order in which an encoder takes them. A path's weight is made of runs
without input, of which the weight is a difference of weights to the end.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel

#: An encoder: information bits a step; whether frames are circles, and ``begins``, int32 (states), from which
#: state, where without one they end; ``following``, int32 (states, 2^k0); ``weights``, int32 (steps, states,
#: 2^k0), the ones sent of a branch; ``runs``, int32 (steps + 1, states), those from a step to the end without
#: input; ``after``, int32 (steps + 1, states), the state after so many steps without input; ``least``, int32
#: (ones + 1, steps + 1, states), the least weight from a step to the end, on a circle back to the zero state,
#: with so many ones; ``closing``, int32 (steps + 2, states), how many steps without input come, at least so
#: many, before a single one leads to the zero state; ``late``, places whose bit alone is light, ascending;
#: ``step_of``, int64 (k), the step of each place.
Side = namedtuple(
    "Side",
    (
        "inputs",
        "circular",
        "begins",
        "following",
        "weights",
        "runs",
        "after",
        "least",
        "closing",
        "late",
        "step_of",
    ),
)


@kernel
def least_weights(following, weights, least, rounds):
    """Fill ``least`` backwards from its last step, which is given; around a circle more than once."""
    steps, states, branches = weights.shape
    for again in range(rounds):
        if again:
            for ones in range(least.shape[0]):
                for state in range(states):
                    least[ones, steps, state] = min(least[ones, steps, state], least[ones, 0, state])
        for step in range(steps - 1, -1, -1):
            for ones in range(least.shape[0]):
                for state in range(states):
                    best = least[ones, step, state]
                    for value in range(branches):
                        spent = 0
                        for i in range(4):
                            spent += value >> i & 1
                        if spent <= ones:
                            rest = least[ones - spent, step + 1, following[state, value]]
                            best = min(best, weights[step, state, value] + rest)
                    least[ones, step, state] = best


@callee
def walk(side, places, state):
    """Weight and last state of a path from a state with ones at places, which ascend."""
    step, total, i = 0, 0, 0
    while i < places.size:
        at, value = side.step_of[places[i]], 0
        while i < places.size and side.step_of[places[i]] == at:
            value |= 1 << places[i] % side.inputs
            i += 1
        total += side.runs[step, state]
        state = side.after[at - step, state]
        total += side.weights[at, state, value] - side.runs[at, state]
        state = side.following[state, value]
        step = at + 1
    total += side.runs[step, state]
    return total, side.after[side.weights.shape[0] - step, state]


@callee
def weight_of(side, places):
    """The weight of a frame's path with ones at places; changes their order."""
    for i in range(1, places.size):
        j, place = i, places[i]
        while j > 0 and places[j - 1] > place:
            places[j] = places[j - 1]
            j -= 1
        places[j] = place
    total, last = walk(side, places, 0)
    if side.circular and last != 0:
        total, _ = walk(side, places, side.begins[last])
    return total


@callee
def run(side, state, step, to):
    """Weight and last state of a run without input from a step to another, around the circle if need be."""
    if to >= step:
        last = side.after[to - step, state]
        return side.runs[step, state] - side.runs[to, last], last
    total = side.runs[step, state]
    state = side.after[side.weights.shape[0] - step, state]
    last = side.after[to, state]
    return total + side.runs[0, state] - side.runs[to, last], last


@callee
def keep(hits, found, places, weight):
    """Write places and their weight, if there is room; how many are found then."""
    if found < hits.shape[0]:
        for i in range(places.size):
            hits[found, i] = places[i]
        hits[found, places.size] = weight
    return found + 1


@callee
def go_on(side, node, place, left, opens):
    """From the last one of an unfinished path to the step of the next one, at a place or behind it.

    ``node`` is weight, step, state and inputs of the last one's step. Returns the place of the next one, -1
    if there is none, and weight, step, state and inputs there. ``left`` is how many ones come, that one
    included. From the place ``opens`` on a path may be light that goes on to the end.
    """
    weight, at, state, given = node[0], node[1], node[2], node[3]
    k, steps = side.step_of.size, side.weights.shape[0]
    step = side.step_of[place - k if place >= k else place]
    if step == at:
        return place, weight, step, state, given
    weight += side.weights[at, state, given]
    state = side.following[state, given]
    if state == 0:  # the event is over: a last one may go on to the end
        i = np.searchsorted(side.late, place)
        if left > 1 or i == side.late.size:
            return -1, weight, step, state, 0
        place = side.late[i]
        return place, weight, side.step_of[place], state, 0
    at += 1
    if left == 1:  # none but the last one matters that ends the event
        gap = step - at if step >= at else step - at + steps
        more = side.closing[gap, state] - gap
        if more > 0:
            place = min(place - place % side.inputs + more * side.inputs, max(place, opens))
            if place >= (2 * k if side.circular else k):
                return -1, weight, step, state, 0
            step = side.step_of[place - k if place >= k else place]
    more, state = run(side, state, 0 if at == steps else at, step)
    return place, weight + more, step, state, 0


@callee
def bound_of(side, weight, step, state, given, bit, left):
    """The least weight of a path with ``left`` more ones, if the step's inputs are known; exact for 0."""
    if left > 0 and bit < side.inputs - 1:
        return weight
    rest = side.least[left, step + 1, side.following[state, given]]
    return weight + side.weights[step, state, given] + rest


@callee
def opening(side, limit):
    """The first place from whose step on a path may go on to the end with a weight up to ``limit``."""
    step = side.weights.shape[0]
    while step > 0 and side.runs[step - 1, 1:].min() <= limit:
        step -= 1
    return step * side.inputs - side.inputs


@kernel
def light_events(side, other, moved, ones, most, budget, hits):
    """Light codewords of which the ones are a single error event of an encoder.

    That is one path that leaves the zero state and comes back, or goes on to the end of a frame that is no
    circle; or one that comes back before the last one, which goes on to the end. Place i of the encoder is
    place ``moved[i]`` of the other one. ``most`` is the largest weight of both paths together. ``hits``,
    int64 (hits, ones + 1), receives places of the encoder and weights. Returns how many there are, which may
    be more than ``hits`` has room for; -1 if that takes more than ``budget`` steps.
    """
    k, limit = moved.size, most - other.least[ones, 0, 0]
    places, others = np.empty(ones, np.int64), np.empty(ones, np.int64)
    # Of each one but the last: weight before its step, the step, the state there, the step's inputs so far.
    nodes, cursor = np.zeros((ones, 4), np.int64), np.empty(ones, np.int64)
    opens, found = 2 * k if side.circular else opening(side, limit), 0
    for start in range(k):
        depth, place, end = -1, start, start - start % side.inputs + k if side.circular else k
        weight, step, state, given = 0, side.step_of[start], 0, 0
        while True:
            left = ones - depth - 2
            if 0 <= place < end and weight <= limit:
                bit = place % side.inputs
                given |= 1 << bit
                bound = bound_of(side, weight, step, state, given, bit, left)
                if depth >= 0:
                    cursor[depth] = place + 1
                if bound <= limit:
                    places[depth + 1] = place - k if place >= k else place
                    if left > 0:
                        depth += 1
                        nodes[depth, 0], nodes[depth, 1], nodes[depth, 2] = weight, step, state
                        nodes[depth, 3], cursor[depth] = given, place + 1
                    else:
                        for i in range(ones):
                            others[i] = moved[places[i]]
                        total = bound + weight_of(other, others)
                        if total <= most:
                            found = keep(hits, found, places, total)
            else:  # what comes later weighs no less
                depth -= 1
            while depth >= 0 and cursor[depth] >= end:
                depth -= 1
            if depth < 0:
                break
            budget -= 1
            if budget < 0:
                return -1
            place, weight, step, state, given = go_on(
                side, nodes[depth], cursor[depth], ones - depth - 1, opens
            )
    return found


@kernel
def closed_pairs(side, most, budget, first, partners, weights):
    """Pairs of places whose path comes back to the zero state, of weight at most ``most``; each both ways.

    ``first``, int64 (k + 1), receives where those of each place begin in ``partners`` and ``weights``, which
    are filled if they have room. Returns how many there are; -1 if that takes more than ``budget`` steps.
    """
    k = first.size - 1
    steps = side.weights.shape[0]
    count = np.zeros(k + 1, np.int64)
    total = 0
    for fill in range(2):
        left_over = budget
        for place in range(k):
            step, bit = place // side.inputs, place % side.inputs
            left = side.weights[step, 0, 1 << bit]
            state = side.following[0, 1 << bit]
            last = place + k if side.circular else k
            for other in range((step + 1) * side.inputs, last):
                left_over -= 1
                if left_over < 0:
                    return -1
                at = side.step_of[other - k if other >= k else other]
                more, then = run(side, state, (step + 1) % steps, at)
                if left + more > most:
                    break
                given = 1 << other % side.inputs
                whole = left + more + side.weights[at, then, given]
                if side.following[then, given] != 0 or whole > most:
                    continue
                for a, b in ((place, other % k), (other % k, place)):
                    if fill:
                        partners[count[a]], weights[count[a]] = b, whole
                    count[a] += 1
                total += 2
        if fill:
            break
        first[0] = 0
        for place in range(k):
            first[place + 1] = first[place] + count[place]
        count[:k] = first[:k]
        if total > partners.size:
            return total
        total = 0
    return total


@kernel
def light_circles(sides, pairs, moved, back, most, budget, hits):
    """Light codewords of four ones that are two pairs in each encoder: a and b, c and d in the first one, a
    and c, b and d in the second.

    ``pairs`` are for each encoder what ``closed_pairs`` makes; place i of the first is place ``moved[i]`` of
    the second, which is place ``back[i]`` of the first. Otherwise as ``light_events``; some are found twice.
    """
    one, two = sides
    (first, partners, weights), (second, others, more) = pairs
    ends, places, copy = np.empty(2, np.int64), np.empty(4, np.int64), np.empty(4, np.int64)
    found = 0
    for a in range(moved.size):
        for i in range(first[a], first[a + 1]):
            b = partners[i]
            if b < a:
                continue
            for j in range(second[moved[a]], second[moved[a] + 1]):
                c = back[others[j]]
                so_far = weights[i] + more[j]
                if c < a or c == b or so_far > most:
                    continue
                budget -= first[c + 1] - first[c]
                if budget < 0:
                    return -1
                for m in range(first[c], first[c + 1]):
                    d = partners[m]
                    if d < a or d in (b, c) or so_far + weights[m] > most:
                        continue
                    ends[0], ends[1] = moved[b], moved[d]
                    if so_far + weights[m] + weight_of(two, ends) > most:
                        continue
                    places[:] = a, b, c, d
                    for q in range(4):
                        copy[q] = moved[places[q]]
                    total = weight_of(two, copy)
                    total += weight_of(one, places)
                    if total <= most:
                        found = keep(hits, found, places, total)
    return found
