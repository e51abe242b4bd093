"""LLRs of few magnitudes on a common grid, so that sums which should cancel do.

The binary symmetric channel, a quantiser, or observations that repeat give LLRs of which sums are often 0:
two votes against two. Decoders that only add, subtract and compare then have ties, which say that nothing is
known. In floating point the order of the additions would decide instead, by what rounding leaves of such a
sum: the result would hang on the last bits of the LLR.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from .llr_grid_kernels import TILE, any_few, put_on_grid


def on_grid(
    llr: npt.NDArray[Any],
    *,
    steps: float | np.float32 | None = None,
    any_level: bool = False,
    alone: bool = False,
) -> npt.NDArray[np.float32]:
    """LLRs, float32 (groups, n, frames), with frames of few magnitudes on a grid; ``llr`` itself if none is.

    The rule looks at one frame alone. It concerns frames whose LLRs have, beside 0, at most 32 magnitudes,
    and at most n / 2; those of a continuous channel never do. If all magnitudes are whole multiples of a
    common unit, to the rounding of float32, they become the same multiples of that unit rounded such that
    the largest has about 12 significant bits, and the unit at least 8. The unit is the least magnitude over
    a whole number up to 16, and the largest magnitude at most 1024 units.

    Parameters
    ----------
    llr
        Finite. It is not changed.
    steps
        For fixed point with so many steps to one: the unit becomes a whole number of steps, if that is
        not 0 and the largest LLR not beyond 127 steps.
    any_level
        Magnitudes without a common unit become multiples of a power of two, such that the largest has 12
        significant bits and the least has 8, unless the largest would have more than 20. Otherwise they
        stay as they are.
    alone
        Also where there is one magnitude only.
    """
    if llr.shape[1] < (2 if alone else 4):  # there cannot be few, and two, magnitudes
        return llr
    bits = np.ascontiguousarray(llr).view(np.uint32)
    if not any_few(bits, np.empty(TILE, np.uint64)):
        return llr
    changed, placed = put_on_grid(llr, bits, 0.0 if steps is None else float(steps), any_level, alone)
    return placed if changed else llr
