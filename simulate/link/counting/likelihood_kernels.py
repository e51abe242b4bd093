"""Likelihoods of codewords, 64 frames side by side."""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel

u64 = np.uint64


@kernel
def more_likely(llr, sent, other, groups, wrong, flags):
    """Set bits of ``flags``, uint64 (all groups), where another word is more likely than the one sent.

    ``llr`` is (all groups, n, 64); ``sent`` has words of all groups, uint64 (all groups, n), and ``other`` of
    the ``groups`` alone; bits of ``wrong``, uint64 (all groups), say which frames are looked at. The
    difference of the logarithms is the sum of the LLRs where the words differ, those where a 1 was sent
    reversed; in float64.
    """
    for at in range(groups.size):
        group = groups[at]
        for lane in range(GROUP):
            bit = u64(lane)
            if wrong[group] >> bit & u64(1) == u64(0):
                continue
            difference = 0.0
            for i in range(llr.shape[1]):
                ones = sent[group, i]
                if (ones ^ other[at, i]) >> bit & u64(1):
                    x = np.float64(llr[group, i, lane])
                    difference += -x if ones >> bit & u64(1) else x
            if difference < 0.0:
                flags[group] |= u64(1) << bit
