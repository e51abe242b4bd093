"""Tables of linear maps for kernels that work on one bit of 512 frames at a time."""

import numpy as np
import numpy.typing as npt

from ...fields.galois_field import GaloisField

Taps = npt.NDArray[np.uint8]


def product_taps(field: GaloisField, factors: npt.NDArray[np.integer]) -> Taps:
    """Products with constants, as ``slice_kernels.scale`` takes them: uint8 (factors, m, pairs of bits)."""
    places = np.arange(field.m)
    images = field.multiply(np.asarray(factors)[:, None], field.power(places))  # of alpha^k
    return pair_taps(images[:, None, :] >> places[:, None] & 1)


def pair_taps(matrices: npt.NDArray[np.integer]) -> Taps:
    """Linear maps of elements, 0/1 (maps, m outputs, m inputs), as ``slice_kernels.scale`` takes them."""
    m = matrices.shape[-1]
    bits = np.pad(matrices, ((0, 0), (0, 0), (0, m % 2)))
    numbers = bits[..., ::2] + 2 * bits[..., 1::2] + 4 * np.arange((m + 1) // 2)
    return np.ascontiguousarray(numbers.astype(np.uint8))


def map_taps(matrix: npt.NDArray[np.integer]) -> Taps:
    """A linear map, 0/1 (outputs, inputs), as ``map_cells`` takes it: uint8 (blocks, outputs, 4)."""
    outputs, inputs = matrix.shape
    nibbles = np.pad(matrix, ((0, 0), (0, -inputs % 16))).reshape(outputs, -1, 4, 4)
    numbers = nibbles @ (1 << np.arange(4)) + 16 * np.arange(4)
    return np.ascontiguousarray(numbers.swapaxes(0, 1).astype(np.uint8))


def search_taps(
    field: GaloisField, step: int, first: int, reach: int, exponents: npt.NDArray[np.integer]
) -> tuple[Taps, Taps]:
    """What takes the coefficients of polynomials to the middle of the first block of places, and to the next.

    The first place is beta^first, with beta = alpha^step, and a block ``reach`` places on either side of its
    middle. ``exponents`` are those of the polynomial's terms.
    """
    begin = product_taps(field, field.power(step * (first + reach) * exponents))
    return begin, product_taps(field, field.power(step * (2 * reach + 1) * exponents))
