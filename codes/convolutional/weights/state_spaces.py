"""Spaces of a circuit's states over GF(2): bases of numbers whose bits are the memory elements."""

from ..encoding.circuit import Circuit

Basis = list[int]


def columns(circuit: Circuit) -> list[int]:
    """What each memory element, then each input, adds to the state that follows and, above it, to outputs."""
    elements = zip(
        [*circuit.A.T.tolist(), *circuit.B.T.tolist()],
        [*circuit.C.T.tolist(), *circuit.D.T.tolist()],
        strict=True,
    )
    return [sum(bit << i for i, bit in enumerate([*state, *outputs])) for state, outputs in elements]


def combined(effects: list[int], elements: int) -> int:
    """The effects of the elements that a number has, together."""
    total = 0
    while elements:
        lowest = elements & -elements
        total ^= effects[lowest.bit_length() - 1]
        elements ^= lowest
    return total


def reduced(number: int, basis: Basis) -> int:
    """A number modulo the span of an echelon basis."""
    for each in basis:
        number = min(number, number ^ each)
    return number


def echelon(numbers: list[int]) -> Basis:
    """A basis of their span, leading bits falling."""
    basis: Basis = []
    for number in numbers:
        left = reduced(number, basis)
        if left:
            basis.append(left)
            basis.sort(reverse=True)
    return basis
