"""Counting errors, one frame a lane."""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    keep_alive,
    mask_of,
    pointer_to,
    rows_in,
    select,
    shifted,
    space,
    splat,
    store,
)


@kernel
def count_differences(sent, decided, errors):
    """``errors``, int32 (64 groups): where two uint64 (groups, k) arrays of packed bits differ.

    All are C-contiguous.
    """
    groups, k = sent.shape
    memory = space(1)
    counted = rows_in(memory, pointer_to(memory))
    first, second, all_errors = pointer_to(sent), pointer_to(decided), pointer_to(errors)
    nothing, one = splat(np.int8(0)), splat(np.int8(1))
    for group in range(groups):
        total = shifted(all_errors, group * GROUP)
        for lane in range(GROUP):
            total[lane] = 0
        for begin in range(0, k, 255):  # as many as a byte counts
            partial = nothing
            for i in range(begin, min(begin + 255, k)):
                wrong = first[group * k + i] ^ second[group * k + i]
                partial = partial + select(mask_of(wrong, partial), one, nothing)
            store(counted, 0, partial)
            for lane in range(GROUP):
                total[lane] += np.int32(np.uint8(counted[lane]))
    keep_alive(memory)
