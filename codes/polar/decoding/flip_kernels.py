"""Successive cancellation bit by bit, with decisions that are flipped, in float32."""

import numpy as np

from ....vectors.group_kernels import GROUP, PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    shifted,
    space,
    store,
)
from .successive_cancellation_kernels import Program, Sums, Watched, clip, run

u64 = np.uint64


@kernel
def decode_flipped(llr, flips, ties, operations, kernels, first_source, sources, frozen, exact, sizes, out):
    """As ``decode`` of float32, by a program without nodes, with decisions flipped.

    ``flips``, uint64 (groups, n), has the frames in which u is the opposite of what was decided. ``sizes``,
    float32 (groups, n, 64), receives the magnitudes of the LLRs at information positions.
    """
    groups, n, _ = llr.shape
    memory, lanes = space(3 * n), LANES_FLOAT32
    given = pointer_to(llr)
    buffer = rows_in(memory, given)
    root, found = shifted(buffer, n * lanes), shifted(buffer, 2 * n * lanes)
    words, part_flips = np.empty(n, np.uint64), np.empty(n, np.uint64)
    v, room = np.zeros(n, np.uint64), np.empty(n, np.uint64)
    program = Program(
        pointer_to(ties), pointer_to(operations), len(operations), n, pointer_to(kernels), len(kernels), lanes
    )
    sums = Sums(
        pointer_to(first_source), pointer_to(sources), pointer_to(frozen), pointer_to(v), pointer_to(room)
    )
    watched = Watched(found, pointer_to(part_flips))
    for group in range(groups):
        for part in range(PARTS):
            clip(shifted(given, group * n * GROUP), part, PARTS, n, root)
            for i in range(n):
                part_flips[i] = flips[group, i] >> u64(part * lanes)
            run(program, root, buffer, pointer_to(words), sums, True, exact, watched)
            kept = shifted(pointer_to(sizes), group * n * GROUP)
            for i in range(n):
                store(kept, PARTS * i + part, load(found, i))
                word = (words[i] & u64((1 << lanes) - 1)) << u64(part * lanes)
                out[group, i] = word if part == 0 else out[group, i] | word
    keep_alive(memory)
    keep_alive(words)
    keep_alive(part_flips)
    keep_alive(v)
    keep_alive(room)
