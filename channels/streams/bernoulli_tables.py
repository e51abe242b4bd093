"""What the Bernoulli draws are compared with: digits of a probability, and binomial distributions."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ...vectors.packed_kernels import POSITIONS
from .bernoulli_kernels import CHUNK, digit_width

#: Bits after the point of a probability, of those that draws use.
DIGITS = 53
#: The same of those that are computed with on the way, so that no error of theirs shows.
_GUARDED = 320


def counted(m: int, probability: float) -> bool:
    """Whether m positions are drawn by counting ones: where that is faster, which is measured.

    It is a part of the order of the stream, and the same on every CPU.
    """
    return m * (0.025 - probability) >= 4


@lru_cache(maxsize=256)
def digit_words(probability: float, count: int) -> npt.NDArray[np.uint32]:
    """The words that those of a frame are compared with, at ``count`` <= 32 positions.

    Each has as many binary digits of ``probability``, rounded to 53, as fit, and each digit in all bits of
    its positions, the first lowest. There is no word after the last 1.
    """
    threshold, width = round(probability * 2**DIGITS), digit_width.py_func(count)
    digits = [threshold >> place & 1 for place in reversed(range(DIGITS))]
    in_word = POSITIONS // width
    words = [
        sum(digit * (2**width - 1) << width * i for i, digit in enumerate(digits[first : first + in_word]))
        for first in range(0, DIGITS, in_word)
    ]
    while words and words[-1] == 0:
        words.pop()
    return np.array(words, np.uint32)


@lru_cache(maxsize=256)
def cumulative(size: int, probability: float) -> npt.NDArray[np.uint64]:
    """2^53 times the probability that ``size`` positions have at most k ones, for k = 0, 1, ..., to 2^53.

    Rounded to the nearest whole number, from integers of 320 bits. For probabilities below 1/2.
    """
    numerator, denominator = probability.as_integer_ratio()
    other, one = denominator - numerator, 1 << _GUARDED
    term, factor, power = one, (other << _GUARDED) // denominator, size
    while power:  # (1 - p)^size by squares
        if power & 1:
            term = term * factor >> _GUARDED
        factor, power = factor * factor >> _GUARDED, power >> 1
    total, entries, unit = 0, [], _GUARDED - DIGITS
    for k in range(size + 1):
        total += term
        entries.append((total + (1 << unit - 1)) >> unit)
        if entries[-1] >= 1 << DIGITS:
            break
        term = term * (size - k) * numerator // ((k + 1) * other)
    entries[-1] = 1 << DIGITS
    return np.array(entries, np.uint64)


def chunk_tables(m: int, probability: float) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The distributions of the ones in a chunk, and in the positions left after whole chunks."""
    return cumulative(min(CHUNK, m), probability), cumulative(m % CHUNK or CHUNK, probability)
