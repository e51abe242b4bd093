"""Whether floats are finite."""

import numpy as np

from .kernel_cache import kernel


@kernel
def all_finite(values):
    """Whether no element, float32 in rows, is NaN or infinite."""
    bits = values.view(np.int32)
    greatest = np.int32(0)
    for i in range(bits.shape[0]):
        row = bits[i]
        for lane in range(row.size):  # without the sign, the order of floats is that of their bits
            greatest = max(greatest, row[lane] & np.int32(0x7FFFFFFF))
    return greatest < np.int32(0x7F800000)
