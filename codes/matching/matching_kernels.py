"""From values of the bits that were sent to those of the mother code's bits, for groups of 64 frames.

Bit j of the mother code was sent as the bits ``sources[start[j]]`` to ``sources[start[j + 1] - 1]``: none
where it is punctured, or known to be 0 and left out; several where it is repeated.
"""

import numpy as np

from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    load,
    maximum,
    minimum,
    mixed_signs,
    pointer_to,
    saturating_add,
    splat,
    store,
)
from ..decision_kernels import add_votes, ballot, outcome

u64 = np.uint64


@kernel
def dematch_soft(llr, start, sources, known, low, high, certain, out):
    """``out``, (groups, bits of the mother code, 64): the sum of the LLRs received of each of its bits.

    ``llr`` is (groups, bits sent, 64), float32, int16 or int8, and so are ``out`` and the limits. Sums are
    made in the order of ``sources``, and after each addition brought within ``low`` and ``high``. A bit
    without sources has 0, or ``certain`` where ``known``, bool (bits of the mother code), says that it is 0.
    """
    groups, n, parts = llr.shape[0], llr.shape[1], llr.itemsize
    m = start.size - 1
    received, summed = pointer_to(llr), pointer_to(out)
    lowest, highest, zero = splat(low), splat(high), splat(certain)
    nothing = mixed_signs(zero, zero)
    for group in range(groups):
        for j in range(m):
            first, last = np.int64(start[j]), np.int64(start[j + 1])
            to = (group * m + j) * parts
            if first == last:
                value = zero if known[j] else nothing
                for part in range(parts):
                    store(summed, to + part, value)
                continue
            origin = (group * n + np.int64(sources[first])) * parts
            for part in range(parts):
                total = load(received, origin + part)
                for i in range(first + 1, last):
                    other = (group * n + np.int64(sources[i])) * parts
                    total = saturating_add(total, load(received, other + part))
                    total = maximum(minimum(total, highest), lowest)
                store(summed, to + part, total)


@kernel
def dematch_hard(hard, erased, start, sources, known, ones, undecided):
    """Majority votes on each bit of the mother code, packed; whether any is undecided.

    ``hard`` and ``erased`` are uint64 (groups, bits sent), the latter without a group where nothing is
    erased. ``ones`` and ``undecided``, uint64 (groups, bits of the mother code), receive the decisions, and
    where there is none: no bit was received, or as many for 1 as for 0. A bit that is ``known`` is 0.
    """
    groups, m = ones.shape
    most = 1
    for j in range(m):
        most = max(most, np.int64(start[j + 1]) - np.int64(start[j]))
    for_one, for_zero = ballot(most)
    found = u64(0)
    for group in range(groups):
        for j in range(m):
            first, last = np.int64(start[j]), np.int64(start[j + 1])
            if last == first:
                one, open_ = u64(0), u64(0) if known[j] else ~u64(0)
            elif last - first == 1:
                s = sources[first]
                one, open_ = hard[group, s], erased[group, s] if erased.shape[0] else u64(0)
            else:
                for_one[:] = u64(0)
                for_zero[:] = u64(0)
                for i in range(first, last):
                    s = sources[i]
                    yes = hard[group, s]
                    no = ~yes & ~erased[group, s] if erased.shape[0] else ~yes
                    add_votes(for_one, for_zero, yes, no)
                one, open_ = outcome(for_one, for_zero)
            ones[group, j], undecided[group, j] = one, open_
            found |= open_
    return found != 0
