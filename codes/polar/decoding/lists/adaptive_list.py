"""Lists that grow only for frames whose check has failed.

B. Li, H. Shen and D. Tse, "An adaptive successive cancellation list decoder for polar codes with cyclic
redundancy check", 2012.
"""

from collections.abc import Sequence

import numpy as np

from .....vectors.group_kernels import GROUP
from .....vectors.groups import GroupInput, Words, all_erased, frame_flags, groups_of
from ....decoder import Check, Decoder, GroupResult
from ..gather_kernels import scatter_words
from ..gathering import gathered


def first_that_passes(decoders: Sequence[Decoder], check: Check, given: GroupInput) -> GroupResult:
    """What the first of some decoders of a code decides that passes the check; or else what the last does.

    Each is given the frames alone that have failed before, gathered in groups. A frame is ``ok`` if it passes
    and is not erased.
    """
    first, *others = decoders
    bits = first.decode_groups(given).bits
    open_: Words = ~check.accepts(bits) & _every(given.frames)
    #: The frames that the decoder before was given, and which of them have failed, a bit each.
    before, failed = given, open_
    for decoder in others:
        frames = np.flatnonzero(frame_flags(failed, before.frames))
        if len(frames) == 0:
            break
        before = GroupInput(len(frames), llr=gathered(before.soft(), frames))
        found = decoder.decode_groups(before).bits
        failed = ~check.accepts(found) & _every(before.frames)
        scatter_words(found, open_, bits)
        still_open = np.zeros((len(open_), 1), np.uint64)
        scatter_words(failed[:, None], open_, still_open)
        open_ = still_open[:, 0]
    return GroupResult(bits, frame_flags(~open_, given.frames) & ~all_erased(given))


def _every(frames: int) -> Words:
    """Which bits of groups are frames: uint64 (groups)."""
    every = np.full(groups_of(frames), ~np.uint64(0))
    if frames % GROUP:
        every[-1] >>= np.uint64(GROUP - frames % GROUP)
    return every
