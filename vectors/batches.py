"""What a batch of frames may be given as: NumPy arrays of any order and kind, lists, and one frame by itself.

A frame by itself, of shape (length,), is a batch of one, and what is made of it has one axis too.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def as_batch(values: Any, length: int | None, name: str) -> npt.NDArray[Any]:
    """``values`` as an array of shape (frames, length), of any type; any length where that is None.

    A view where it can be. Raises ValueError, naming it, for rows that differ in length or another shape.
    """
    shape = f"(frames, {'n' if length is None else length})"
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError(f"{name} must be a plain array, not a masked one; an erased bit has the LLR 0")
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must have shape {shape}: its rows differ in length") from None
    if array.ndim not in (1, 2) or (length is not None and array.shape[-1] != length):
        alone = "" if array.ndim == 2 else f", or ({'n' if length is None else length},) for one frame"
        raise ValueError(f"{name} must have shape {shape}{alone}, got {array.shape}")
    return array if array.ndim == 2 else array[None]


def as_bits(values: Any, length: int | None, name: str) -> npt.NDArray[np.uint8]:
    """``values`` as a batch of bits, uint8; a view of an array of uint8, whose values are not looked at.

    Raises ValueError as ``as_batch`` does, and for another type unless all are 0 or 1.
    """
    array = as_batch(values, length, name)
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    if array.dtype.kind not in "iuf" or not ((array == 0) | (array == 1)).all():
        raise ValueError(f"{name} must be 0 or 1")
    return array.astype(np.uint8)


def lanes_of(batch: npt.NDArray[Any], dtype: Any = None) -> npt.NDArray[Any]:
    """A batch lane-major, (length, frames), C-contiguous and writeable, for kernels; a view if it can be."""
    lanes = np.ascontiguousarray(batch.T, dtype)
    # Numba would compile its kernels again for arrays that cannot be written.
    return lanes if lanes.flags.writeable else lanes.copy()


def one_or_all(values: Any, made: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What was made of a batch, (frames, ...), or its only row where ``values`` was one frame by itself."""
    return made[0] if np.ndim(values) == 1 else made
