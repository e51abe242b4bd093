"""Arrays that somebody's class returned, looked at before kernels use them."""

from typing import Any

import numpy as np


class WrongResultError(ValueError):
    """What a stage of somebody's returned is not what it should be; the message says what it should be."""


def expect(what: str, array: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    """Raise WrongResultError, naming ``what``, unless ``array`` is an array of this type and shape."""
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.shape != shape:
        found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise WrongResultError(f"{what} should be {np.dtype(dtype)} {shape}, got {found}")


def expect_contiguous(what: str, array: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    """``expect``, and that the array is C-contiguous, as kernels need it."""
    expect(what, array, dtype, shape)
    if not array.flags.c_contiguous:
        raise WrongResultError(f"{what} should be C-contiguous: return np.ascontiguousarray(...) of it")


def expect_bits(what: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise WrongResultError, naming ``what``, unless ``array`` is uint8 0/1 of this shape."""
    expect(what, array, np.uint8, shape)
    if array.max(initial=0) > 1:
        raise WrongResultError(f"{what} should be 0 or 1, got {array.max()}")
