"""Encoding of frames by a linear sequential circuit: how it begins, and how it ends."""

from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ...binary import gf2
from ...code import Bits
from .circuit import Circuit, Numbers, read_only_numbers
from .encoding_kernels import run_circuit, run_register

Termination = Literal["zero", "tail-biting", "truncated"]
TERMINATIONS = get_args(Termination)


class Encoder:
    """Encodes frames of a fixed number of steps.

    Parameters
    ----------
    circuit
        The circuit.
    steps
        Steps with information bits.
    termination
        ``zero``: inputs that bring the state back to 0 follow, the tail. ``tail-biting``: it begins in the
        state in which it ends. ``truncated``: it begins at 0 and ends anywhere.

    Raises
    ------
    ValueError
        If no inputs bring it to 0, or there is no state, or not one only, in which it begins and ends.
    """

    def __init__(self, circuit: Circuit, steps: int, termination: Termination) -> None:
        if termination not in TERMINATIONS:
            raise ValueError(f"termination must be {', '.join(TERMINATIONS)}, got {termination!r}")
        self.circuit, self.steps, self.termination = circuit, steps, termination
        self.tail_steps = 0
        if termination == "zero":
            if circuit.steps_to_zero is None:
                raise ValueError("termination: no tail brings this encoder back to the zero state")
            self.tail_steps = circuit.steps_to_zero
        if termination == "tail-biting" and self._circulation is None:
            raise ValueError(
                f"termination: with feedback, no tail-biting in {steps} steps, a multiple of a period of the "
                "feedback: another k, or another termination"
            )

    @property
    def all_steps(self) -> int:
        """Steps of a frame, those of the tail included."""
        return self.steps + self.tail_steps

    @cached_property
    def _circulation(self) -> Bits | None:
        return self.circuit.circulation(self.steps)

    @cached_property
    def _program(self) -> tuple[Numbers, Numbers]:
        """The circuit as ``run_circuit`` takes it."""
        circuit = self.circuit
        rows = np.vstack([np.hstack([circuit.A, circuit.B]), np.hstack([circuit.C, circuit.D])])
        start = np.concatenate([[0], np.cumsum(rows.sum(axis=1, dtype=np.int64))])
        return read_only_numbers(start), read_only_numbers(np.nonzero(rows)[1])

    @cached_property
    def _register(self) -> tuple[Numbers, Numbers, Numbers]:
        """The shift register as ``run_register`` takes it."""
        delays = [_delays(label) for label in self.circuit.register or ()]
        start = np.cumsum([0, *map(len, delays)])
        taps = np.concatenate(delays) if delays else start[:0]
        fed = _delays(self.circuit.feedback)[1:]
        return read_only_numbers(fed), read_only_numbers(start), read_only_numbers(taps)

    def _run(self, words: Words, state: Words, first: int, out: Words) -> None:
        """Put words through the circuit, which change the state, and their outputs at step ``first`` on."""
        if self.circuit.register is not None:
            run_register(words, *self._register, state, first, out)
        else:
            run_circuit(words, *self._program, self.circuit.memory, state, first, out)

    @cached_property
    def tail_inputs(self) -> Bits:
        """uint8 (tail_steps k0, memory): the tail's inputs from the state that they bring to 0."""
        circuit, tail = self.circuit, self.tail_steps
        m, k0 = circuit.memory, circuit.inputs
        if circuit.register is not None:
            # Each input is what is fed back then, of bits that zeros have moved on, so that a zero comes in.
            fed = [circuit.feedback >> delay & 1 for delay in range(1, m + 1)]
            return np.array([[*fed[t:], *[0] * t] for t in range(tail)], np.uint8).reshape(tail, m)
        # A^tail s + sum over t of A^(tail - 1 - t) B u_t = 0, solved for the inputs u.
        reach = [circuit.after(tail - 1 - t) @ circuit.B % 2 for t in range(tail)]
        matrix = np.hstack([*reach, circuit.after(tail)])
        reduced, pivots = gf2.row_reduce(np.ascontiguousarray(matrix))
        solution = np.zeros((tail * k0, m), np.uint8)
        for row, pivot in enumerate(pivots):
            solution[pivot] = reduced[row, tail * k0 :]
        return solution

    def encode(self, words: Words) -> Words:
        """Outputs, uint64 (groups, all_steps, n0), from information bits, uint64 (groups, steps k0)."""
        circuit = self.circuit
        given = np.ascontiguousarray(words).reshape(len(words), self.steps, circuit.inputs)
        state = np.zeros((len(words), circuit.memory), np.uint64)
        if self.termination == "tail-biting":
            self._run(given, state, 0, np.empty((0, 0, 0), np.uint64))
            assert self._circulation is not None
            state = _product(self._circulation, state)
        out = np.empty((len(words), self.all_steps, circuit.outputs), np.uint64)
        self._run(given, state, 0, out)
        if self.tail_steps:
            tail = _product(self.tail_inputs, state).reshape(len(words), self.tail_steps, circuit.inputs)
            self._run(tail, state, self.steps, out)
        return out


def _delays(taps: int) -> npt.NDArray[np.int64]:
    """The delays that taps have, ascending."""
    return np.array([j for j in range(taps.bit_length()) if taps >> j & 1], np.int64)


def _product(matrix: Bits, words: Words) -> Words:
    """Matrix times vectors over GF(2), 64 a word: uint64 (groups, rows) from uint64 (groups, columns)."""
    result = np.zeros((len(words), len(matrix)), np.uint64)
    for i, j in zip(*np.nonzero(matrix), strict=True):
        result[:, i] ^= words[:, j]
    return result
