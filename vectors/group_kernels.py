"""Groups: 64 frames side by side, as all kernels work on them. Their size and layout are defined here.

Of values of any kind a group is an array (m, 64), and an array of groups has shape (groups, m, 64). Of bits
it is a word for each of the m positions, uint64 (groups, m): bit f of word [g, i] is bit i of frame 64 g + f.
Where the number of frames is no multiple of 64, what the last group has beyond them counts for nothing.
"""

import numpy as np

from .kernel_cache import kernel
from .operations.vector_type_kernels import BYTES, LANES_FLOAT32

#: Frames of a group: as many as a word has bits, and a vector bytes.
GROUP = BYTES
#: Vectors of 32-bit lanes that a group takes.
PARTS = GROUP // LANES_FLOAT32

f32 = np.float32


def groups_of(frames: int) -> int:
    """How many groups hold a number of frames."""
    return -(-frames // GROUP)


#: Largest magnitude of a float32 LLR in a group, and of a message from a check: keeps the sums finite
#: through any number of iterations, while float32 still resolves 0.01 beside the sum of ten of the largest.
MESSAGE_MAX = f32(16384.0)
#: The same in int8, whose lowest value, -128, is not used by LLRs and messages.
INT8_MAX = np.int8(127)


@kernel
def group_lanes(lanes, scale, limit, out):
    """``lanes``, float32 (m, frames), into groups; 0 where there is no frame.

    They are clipped to a magnitude of ``limit``; before that multiplied by ``scale``, and after it rounded,
    half to even, for groups of int8 or int16, or, where ``scale`` is None, kept for groups of float32.
    """
    m, frames = lanes.shape
    for group in range(out.shape[0]):
        first = group * GROUP
        width = min(GROUP, frames - first)
        for i in range(m):
            source, row = lanes[i, first : first + width], out[group, i]
            for lane in range(width):
                if scale is None:
                    row[lane] = min(max(source[lane], -limit), limit)
                else:
                    row[lane] = np.int32(np.rint(min(max(scale * source[lane], -limit), limit)))
            row[width:] = 0


@kernel
def ungroup(groups, out):
    """Groups of values of 64 frames back to lane-major, (m, frames) of the same type."""
    m, frames = out.shape
    for group in range(groups.shape[0]):
        first = group * GROUP
        width = min(GROUP, frames - first)
        for i in range(m):
            source, row = groups[group, i], out[i, first : first + width]
            for lane in range(width):  # assigning slices would take three times as long to compile
                row[lane] = source[lane]
