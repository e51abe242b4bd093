"""LLRs that are certain, or none at all."""

import numpy as np
import numpy.typing as npt

from .expected import WrongResultError
from .finite_kernels import all_finite
from .group_kernels import MESSAGE_MAX

LLRs = npt.NDArray[np.float32]


def certain_where_infinite(lanes: LLRs) -> LLRs:
    """LLRs, C-contiguous float32 (n, frames), with finite ones in the place of infinite ones.

    A magnitude that all the finite ones of the frame together do not reach, so that no sum turns its sign.
    Raises ValueError for NaN.
    """
    if all_finite(lanes):
        return lanes
    wrong = np.argwhere(np.isnan(lanes.T))
    if len(wrong):
        frame, position = wrong[0]
        raise WrongResultError(
            f"llr must not be NaN, as in frame {frame} at position {position}: erasures are 0"
        )
    infinite = np.isinf(lanes)
    reached = np.where(infinite, 0, abs(lanes)).sum(axis=0, dtype=np.float64)
    certain = np.clip(2 * reached, MESSAGE_MAX, np.finfo(np.float32).max).astype(np.float32)
    return np.where(infinite, np.copysign(certain, lanes), lanes)
