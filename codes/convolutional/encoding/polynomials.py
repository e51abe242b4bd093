"""Generator polynomials of convolutional codes: how they are written, and which encoders are catastrophic.

Octal digits, the most significant bit for the current input: S. Lin and D. J. Costello, "Error Control
Coding", 2nd edition, 2004, section 11.1, and J. G. Proakis and M. Salehi, "Digital Communications", 5th
edition, 2008, section 8.1. Here a polynomial is a number whose bit j is the tap on the input j steps ago.
"""

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

from ...fields.polynomials import greatest_common_divisor, product
from ...parameters.octal import octal_digits
from .circuit import MAX_MEMORY

#: Generators as they are given: a list, or a list for each of k0 inputs.
Generators = Sequence[Any]


def taps_of(rows: Sequence[Sequence[Any]], name: str) -> tuple[list[list[int]], list[int]]:
    """Taps of each input's polynomials, and each input's memory.

    Raises ValueError for what is no octal polynomial, and where the convention could be another one: a
    polynomial of fewer digits than its neighbours, or one with zeros behind.
    """
    taps, memories = [], []
    for row in rows:
        digits = [octal_digits(each, name) for each in row]
        lengths = [int(each, 8).bit_length() for each in digits]
        longest = max(lengths)
        if longest == 0:
            raise ValueError(f"{name}: all polynomials of an input are 0")
        for text, length in zip(digits, lengths, strict=True):
            if length and len(text) < -(-longest // 3):
                other = digits[lengths.index(longest)]
                shifted = f"{int(text, 8) << longest - length:o}"
                padded = text.zfill(-(-longest // 3))
                raise ValueError(
                    f"{name}: {text} has fewer digits than {other}, which can mean two things: write "
                    f"'{padded}', whose tap on the current input is 0, or {shifted}, whose tap on the oldest "
                    "is 0"
                )
        numbers = [int(text, 8) for text in digits]
        if not any(number & 1 for number in numbers):
            shift = min((number & -number).bit_length() - 1 for number in numbers if number)
            right = ", ".join(f"{number >> shift:o}" for number in numbers)
            raise ValueError(
                f"{name}: none of {', '.join(digits)} has a tap on the oldest input, with which octal digits "
                f"end here: this is {right}"
            )
        memories.append(longest - 1)
        taps.append([_reversed(number, longest) for number in numbers])
    if sum(memories) > MAX_MEMORY:
        raise ValueError(f"{name}: memory must be at most {MAX_MEMORY}, got {sum(memories)}")
    if sum(memories) == 0:
        raise ValueError(f"{name}: the encoder has no memory: a repetition code is 'repetition'")
    return taps, memories


def octal_of(taps: int, memory: int) -> str:
    """The octal digits of taps, the most significant bit for the current input."""
    return f"{_reversed(taps, memory + 1):o}"


def _reversed(number: int, length: int) -> int:
    return int(f"{number:0{length}b}"[::-1], 2)


def polynomial_text(taps: int) -> str:
    """A polynomial in D, as 1 + D^2."""
    names = ["1", "D", *(f"D^{j}" for j in range(2, taps.bit_length()))]
    return " + ".join(name for j, name in enumerate(names) if taps >> j & 1) or "0"


def common_factor(generators: Sequence[Sequence[int]]) -> int:
    """What makes an encoder without feedback catastrophic, if it is not 1: with its powers of D taken out.

    The greatest common divisor of the generators, or, with k0 inputs, of the determinants of k0 outputs each
    (J. L. Massey and M. K. Sain, "Inverses of linear sequential circuits", 1968, theorem 3). 0 if all are 0.
    """
    k0, found = len(generators), 0
    for outputs in combinations(range(len(generators[0])), k0):
        determinant = 0
        for order in permutations(outputs):  # signs do not matter over GF(2)
            term = 1
            for i, j in enumerate(order):
                term = product(term, generators[i][j])
            determinant ^= term
        found = greatest_common_divisor(found, determinant)
    while found and not found & 1:
        found >>= 1
    return found
