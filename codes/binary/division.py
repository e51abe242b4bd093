"""Remainders by a polynomial over GF(2), of 64 frames a word (Peterson and Brown, 1961)."""

import numpy as np
import numpy.typing as npt

from ...vectors.groups import Words
from .division_kernels import NIBBLE, remainders

#: Bits of a block for polynomials up to a degree, and of higher ones.
SMALL_BLOCK, LARGE_BLOCK, SMALL_DEGREE = 8, 16, 40


class FeedbackRegister:
    """A shift register with linear feedback that takes a block of bits in each step.

    Parameters
    ----------
    solve
        bool (block, block): whether bit i of a block feeds back what bit l < i of it does.
    taps
        bool (degree, block): whether cell j of the register, the highest coefficient first, receives what
        bit i of a block feeds back, once the register was moved on by the block.
    """

    def __init__(self, solve: npt.NDArray[np.bool_], taps: npt.NDArray[np.bool_]) -> None:
        self.degree = len(taps)
        self.solve, self.taps = _combinations(solve), _combinations(taps)

    @classmethod
    def of_polynomial(cls, polynomial: int) -> "FeedbackRegister":
        """That which divides by a polynomial over GF(2) of degree 1 or more, all terms written."""
        degree = polynomial.bit_length() - 1
        block = SMALL_BLOCK if degree <= SMALL_DEGREE else LARGE_BLOCK
        behind = np.zeros(degree + 2 * block, np.bool_)  # how far behind the leading one a term is
        behind[: degree + 1] = np.array(list(f"{polynomial:b}")) == "1"
        here, there = np.arange(block), np.arange(degree)
        distance = here[:, None] - here
        solve = (distance > 0) & behind[np.maximum(distance, 0)]
        return cls(solve, behind[there[:, None] + block - here])

    def remainders(self, words: Words, count: int, out: Words, first: int = 0) -> None:
        """Remainders of u(x) x^degree, with u(x) the first ``count`` columns of ``words``.

        These are uint64 (groups, ...), the first column the highest coefficient. The remainders go to
        ``out``, uint64 (groups, ...), from column ``first`` on. Both are C-contiguous; ``out`` may be
        ``words``.
        """
        words = np.ascontiguousarray(words)
        writable = words if words.flags.writeable else words.copy()
        remainders(writable, count, self.solve, self.taps, out, first)


def _combinations(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Which combinations of each 4 columns are chosen in a row: uint8 (rows, nibbles), 16 a nibble."""
    rows, columns = chosen.shape
    nibbles = -(-columns // NIBBLE)
    padded = np.pad(chosen, ((0, 0), (0, -columns % NIBBLE))).reshape(rows, nibbles, NIBBLE)
    numbers: npt.NDArray[np.integer] = padded @ (1 << np.arange(NIBBLE)) + 16 * np.arange(nibbles)
    return numbers.astype(np.uint8)
