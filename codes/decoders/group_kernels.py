"""Groups of 64 frames side by side, shape (groups, m, 64), from and to lane-major arrays, (m, frames)."""

import numpy as np
from numba import njit

#: Frames of a group.
GROUP = 64

f32 = np.float32

#: Largest magnitude of a float32 LLR in a group, and of a message from a check: keeps the sums finite
#: through any number of iterations, while float32 still resolves 0.01 beside the sum of ten of the largest.
MESSAGE_MAX = f32(16384.0)
#: The same in int8, whose lowest value, -128, is not used by LLRs and messages.
INT8_MAX = np.int8(127)


@njit(nogil=True, error_model="numpy", cache=True)
def group_floats(lanes, limit, out):
    """``lanes``, float32 (m, frames), clipped to a magnitude, into groups; 0 where there is no frame."""
    m, frames = lanes.shape
    for group in range(out.shape[0]):
        first = group * GROUP
        width = min(GROUP, frames - first)
        for i in range(m):
            source, row = lanes[i, first : first + width], out[group, i]
            for lane in range(width):
                row[lane] = min(max(source[lane], -limit), limit)
            row[width:] = f32(0.0)


@njit(nogil=True, error_model="numpy", cache=True)
def group_bytes(lanes, scale, limit, out):
    """``scale lanes`` rounded, half to even, and saturated at ``limit``, into groups of int8."""
    m, frames = lanes.shape
    magic = f32(12582912.0)  # 1.5 2^23: adding it leaves the rounded integer in the low bits
    for group in range(out.shape[0]):
        first = group * GROUP
        width = min(GROUP, frames - first)
        for i in range(m):
            source, row = lanes[i, first : first + width], out[group, i]
            for lane in range(width):
                x = min(max(scale * source[lane], -limit), limit)
                row[lane] = np.int8((x + magic) - magic)
            row[width:] = np.int8(0)


@njit(nogil=True, error_model="numpy", cache=True)
def ungroup(groups, out):
    """Groups of uint8 back to lane-major, uint8 (m, frames)."""
    m, frames = out.shape
    for group in range(groups.shape[0]):
        first = group * GROUP
        last = min(first + GROUP, frames)
        for i in range(m):
            out[i, first:last] = groups[group, i, : last - first]
