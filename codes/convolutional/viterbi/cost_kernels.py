"""Costs of labels: what of the LLRs received disagrees with them. For groups of 64 frames."""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.vector_kernels import INLINED, load, maximum, minimum, shifted, splat, store

i64 = np.int64

#: What adds up costs: pointers to the position of each output of a frame and to whether it is flipped, both
#: step after step, and to the rows that each sum is of; how many sums and outputs there are; the largest
#: |LLR|, None for float32; the base of metrics. See ``viterbi_tables``.
Adder = namedtuple("Adder", ("position", "flips", "sums", "count", "outputs", "limit", "base"))


@inlined
def rows_of_costs(adder):
    """How many rows the costs of a step take."""
    return 2 * adder.outputs + adder.count


def clipped(x, limit):
    """LLRs clipped to a magnitude, or, where that is None, as they are."""
    raise NotImplementedError("for kernels alone")


@overload(clipped, jit_options=INLINED)
def _clipped(x, limit):
    if isinstance(limit, types.NoneType):
        return lambda x, limit: x
    return lambda x, limit: minimum(maximum(x, (x - x) - splat(limit)), splat(limit))


@inlined
def received_at(llr, adder, at, zero):
    """The LLRs of output ``at`` of all steps, 0 where it is not sent."""
    position = i64(adder.position[at])
    x = zero
    if position >= 0:
        x = load(shifted(llr, position * GROUP), 0)
    return clipped(x, adder.limit)


@inlined
def add_costs(llr, adder, step, less, costs):
    """Make the cost rows of a step, see ``CostRows``, with ``less`` subtracted from each label's cost.

    ``llr`` and ``costs`` are pointers to values, of which a vector at a time is taken.
    """
    zero = less - less
    outputs = adder.outputs
    first = step * outputs
    x = received_at(llr, adder, first, zero)
    one = maximum(x, zero)
    zero_cost, one_cost = one - x - less, one - less
    flip = i64(adder.flips[first])
    if outputs == 2:
        y = received_at(llr, adder, first + 1, zero)
        one = maximum(y, zero)
        other = one - y
        flip += 2 * i64(adder.flips[first + 1])
        store(costs, 4 + flip, zero_cost + other)
        store(costs, 4 + (1 ^ flip), one_cost + other)
        store(costs, 4 + (2 ^ flip), zero_cost + one)
        store(costs, 4 + (3 ^ flip), one_cost + one)
        return
    store(costs, flip, zero_cost)
    store(costs, 1 ^ flip, one_cost)
    for i in range(1, outputs):
        y = received_at(llr, adder, first + i, zero)
        one = maximum(y, zero)
        flip = i64(adder.flips[first + i])
        store(costs, 2 * i + flip, one - y)
        store(costs, 2 * i + (1 ^ flip), one)
    for i in range(adder.count):
        a, b = i64(adder.sums[2 * i]), i64(adder.sums[2 * i + 1])
        store(costs, 2 * outputs + i, load(costs, a) + load(costs, b))
