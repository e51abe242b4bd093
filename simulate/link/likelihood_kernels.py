"""Likelihoods of codewords, 64 frames side by side."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel

u64 = np.uint64


@kernel
def more_likely(llr, sent, other, groups, flags):
    """Set bits of ``flags``, uint64 (all groups), where another word is more likely than the one sent.

    ``llr`` is (all groups, n, 64); ``sent`` has words of all groups, uint64 (all groups, n), and ``other`` of
    the ``groups`` alone. The difference of the logarithms is the sum of the LLRs where the words differ,
    those where a 1 was sent reversed; in float64.
    """
    difference = np.empty(GROUP, np.float64)
    for at in range(groups.size):
        group = groups[at]
        difference[:] = 0.0
        for i in range(llr.shape[1]):
            differ = sent[group, i] ^ other[at, i]
            if differ:
                ones, row = sent[group, i], llr[group, i]
                for lane in range(GROUP):
                    if differ >> u64(lane) & u64(1):
                        x = np.float64(row[lane])
                        difference[lane] += -x if ones >> u64(lane) & u64(1) else x
        found = u64(0)
        for lane in range(GROUP):
            if difference[lane] < 0.0:
                found |= u64(1) << u64(lane)
        flags[group] = found
