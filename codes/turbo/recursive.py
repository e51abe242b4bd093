"""Recursive systematic encoders by their polynomials."""

from collections.abc import Sequence
from typing import Any

from ..convolutional.encoding.circuit import Circuit, shift_registers
from ..convolutional.encoding.polynomials import taps_of


def recursive_circuit(forward: Sequence[Any], feedback: Any) -> Circuit:
    """The systematic encoder of rate 1 / (1 + outputs): its input, then ``forward`` over ``feedback``.

    Octal digits, as convolutional codes have them. Raises ValueError for what is no such polynomial.
    """
    if len(forward) == 0:
        raise ValueError("forward must have at least one polynomial")
    (taps,), memories = taps_of([[feedback, *forward]], "forward")
    fed, *others = taps
    if not fed & 1:
        raise ValueError(f"feedback: {feedback} has no tap on the current input, its first bit")
    if fed in others:
        raise ValueError("forward has the feedback polynomial, which is the information bit again")
    if 0 in others:
        raise ValueError("forward has 0, whose output is always 0: leave it out")
    if fed == 1:
        raise ValueError(f"feedback: {feedback} feeds nothing back: a turbo code's encoders are recursive")
    return shift_registers([taps], memories, fed)
