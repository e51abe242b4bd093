"""How much the bit channels carry after each kernel: polarisation.

E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
binary-input memoryless channels", 2009, section I.B; for other channels than the BEC by the merging of
I. Tal and A. Vardy, "How to construct polar codes", 2013.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...bit_channels import BitChannels
from .bhattacharyya import bhattacharyya
from .design import Target, log_bhattacharyya, merged_channel
from .tal_vardy import MU, capacities

#: Most positions whose channels are merged, which takes about a second for 1000.
MOST_MERGED = 1 << 14


def bit_channels(kernels: Sequence[int], channel: Any) -> BitChannels:
    """Capacities of the bit channels over the BEC, exactly; over BSC and AWGN with BPSK, lower bounds.

    Raises ValueError, in words that follow the name of the code, for other channels, and where merging takes
    long or knows no such kernels.
    """
    target = Target.of_channel(channel, "tells bit channels where it")
    if target.epsilon is not None:
        z = log_bhattacharyya(target)[:, None]
        counts = range(len(kernels) + 1)
        return BitChannels("exact", lambda: tuple(np.exp(bhattacharyya(z, kernels[:i])[1]) for i in counts))
    if set(kernels) - {2}:
        raise ValueError("has kernels of size 3, whose bit channels are known over bec alone")
    if 1 << len(kernels) > MOST_MERGED:
        raise ValueError(f"has more than {MOST_MERGED} bits: merging the channels of all takes too long")
    return BitChannels(
        f"lower bounds by merging to {MU} symbols",
        lambda: capacities(merged_channel(target, MU), len(kernels), MU),
    )
