"""Tables of linear maps for kernels that work on one bit of 512 frames at a time."""

import numpy as np
import numpy.typing as npt

from ...fields.field_type_kernels import PLACES, REACH
from ...fields.galois_field import GaloisField

Taps = npt.NDArray[np.uint8]


def product_taps(field: GaloisField, factors: npt.NDArray[np.integer]) -> Taps:
    """Products with constants, as ``slice_kernels.scale`` takes them: uint8 (factors, m, pairs of bits)."""
    m = field.m
    images = field.multiply(np.asarray(factors)[:, None], field.power(np.arange(m)))  # of alpha^k
    images = np.pad(images, ((0, 0), (0, m % 2)))
    bits = images[:, None, :] >> np.arange(m)[:, None] & 1  # (factor, output, input)
    return np.ascontiguousarray(
        (bits[..., ::2] + 2 * bits[..., 1::2] + 4 * np.arange((m + 1) // 2)).astype(np.uint8)
    )


def map_taps(matrix: npt.NDArray[np.integer]) -> Taps:
    """A linear map, 0/1 (outputs, inputs), as ``map_cells`` takes it: uint8 (blocks, outputs, 4)."""
    outputs, inputs = matrix.shape
    nibbles = np.pad(matrix, ((0, 0), (0, -inputs % 16))).reshape(outputs, -1, 4, 4)
    numbers = nibbles @ (1 << np.arange(4)) + 16 * np.arange(4)
    return np.ascontiguousarray(numbers.swapaxes(0, 1).astype(np.uint8))


def search_taps(field: GaloisField, step: int, first: int, t: int) -> tuple[Taps, Taps]:
    """What takes the coefficients of locators to the middle of the first block of places, and to the next.

    The first place is beta^first, with beta = alpha^step, and each of the t + 1 coefficients has its own.
    """
    j = np.arange(t + 1)
    begin = product_taps(field, field.power(step * (first + REACH) * j))
    return begin, product_taps(field, field.power(step * PLACES * j))
