"""Frames that are decoded anew, brought together."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import groups_of
from .gather_kernels import gather_frames


def gathered(llr: npt.NDArray[Any], frames: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """The LLRs of frames, ascending, of (groups, n, 64), side by side in groups; 0 beyond them."""
    n, groups = llr.shape[1], groups_of(len(frames))
    if llr.dtype == np.int8:
        collected = np.zeros((groups, n, GROUP), np.int8)
        gather_frames(llr, frames, collected)
        return collected
    rows = np.zeros((groups * GROUP, n), llr.dtype)
    rows[: len(frames)] = llr[frames // GROUP, :, frames % GROUP]
    return np.ascontiguousarray(rows.reshape(groups, GROUP, n).transpose(0, 2, 1))
