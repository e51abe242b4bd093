"""Linear sequential circuits: what encodes convolutional codes, with registers and exclusive ors.

J. L. Massey and M. K. Sain, "Inverses of linear sequential circuits", 1968, for the circuit as four matrices;
S. Lin and D. J. Costello, "Error Control Coding", 2nd edition, 2004, sections 11.1 and 12.1, for trellises.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...binary import gf2
from ...code import Bits
from ...linear import read_only

#: Most memory elements: 2^14 states.
MAX_MEMORY = 14

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Trellis:
    """The states of a circuit and the branches between them.

    A state is a number whose bit i is memory element i, an input a number whose bit i is input bit i, a label
    one whose bit i is output bit i.

    Attributes
    ----------
    inputs, outputs
        Bits a step: k0 and n0.
    following
        int32 (states, 2^k0): the state after a branch.
    labels
        int32 (states, 2^k0): what a branch puts out.
    """

    inputs: int
    outputs: int
    following: Numbers
    labels: Numbers

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.following)

    @cached_property
    def entering(self) -> Numbers:
        """int32 (states, branches): the branches into each state, as from * 2^k0 + input, ascending.

        Raises ValueError if not as many branches enter each state.
        """
        order = np.argsort(self.following.ravel(), kind="stable")
        if (np.bincount(self.following.ravel(), minlength=self.states) != 1 << self.inputs).any():
            raise ValueError("as many branches should enter each state as leave it")
        return read_only_numbers(order.reshape(self.states, -1))


@dataclass(frozen=True, eq=False)
class Circuit:
    """s' = A s + B u, c = C s + D u over GF(2): state s, input u, output c, a step each.

    Attributes
    ----------
    A, B, C, D
        uint8 of shapes (memory, memory), (memory, k0), (n0, memory) and (n0, k0).
    register
        Label polynomials, where the circuit is a shift register into which the newest bit comes at element 0,
        as it is for rate 1/n: for each output the taps on newest bit and memory as a number, whose bit j is
        that on the bit j steps ago. With feedback the newest bit is input plus ``feedback``. None for other
        circuits.
    feedback
        Taps of the feedback in the same way, of which bit 0 is set; 1 where there is none.
    """

    A: Bits
    B: Bits
    C: Bits
    D: Bits
    register: tuple[int, ...] | None = None
    feedback: int = 1

    @property
    def memory(self) -> int:
        """Memory elements."""
        return len(self.A)

    @property
    def inputs(self) -> int:
        """Input bits a step, k0."""
        return int(self.B.shape[1])

    @property
    def outputs(self) -> int:
        """Output bits a step, n0."""
        return len(self.C)

    @cached_property
    def trellis(self) -> Trellis:
        """The states and branches."""
        states, inputs = 1 << self.memory, 1 << self.inputs
        s, u = _digits(states, self.memory), _digits(inputs, self.inputs)
        after = _numbers(s @ self.A.T)[:, None] ^ _numbers(u @ self.B.T)
        labels = _numbers(s @ self.C.T)[:, None] ^ _numbers(u @ self.D.T)
        return Trellis(self.inputs, self.outputs, read_only_numbers(after), read_only_numbers(labels))

    @cached_property
    def steps_to_zero(self) -> int | None:
        """Steps in which inputs can bring any state to zero; None if there are states from which none do."""
        if self.register is not None:
            return self.memory
        reached, power = self.B.copy(), self.A.copy()
        for steps in range(1, self.memory + 1):
            # Any A^steps s must lie in the span of B, A B, ..., A^(steps - 1) B.
            if gf2.rank(np.hstack([reached, power])) == gf2.rank(reached):
                return steps
            reached = np.hstack([self.A @ reached % 2, self.B])
            power = self.A @ power % 2
        return None if self.memory else 0

    def after(self, steps: int) -> Bits:
        """A^steps, uint8 (memory, memory): what becomes of a state without input."""
        result, power = np.eye(self.memory, dtype=np.uint8), self.A
        while steps:
            if steps & 1:
                result = power @ result % 2
            power = power @ power % 2
            steps >>= 1
        return result

    def circulation(self, steps: int) -> Bits | None:
        """The matrix that gives the state at which a frame begins and ends, of the one at which it would end
        from 0.

        uint8 (memory, memory): the inverse of I + A^steps (C. Weiss, C. Bettstetter, S. Riedel, "Code
        construction and decoding of parallel concatenated tail-biting codes", 2001, section II). None if
        there is none, as with feedback where the period of A divides ``steps``.
        """
        after = self.after(steps)
        if not after.any():  # what the frame begins with is forgotten, as it is without feedback
            return np.eye(self.memory, dtype=np.uint8)
        turned = after ^ np.eye(self.memory, dtype=np.uint8)
        if gf2.rank(turned) < self.memory:
            return None
        return gf2.inverse(turned) if self.memory else turned


def shift_registers(
    generators: Sequence[Sequence[int]], memories: Sequence[int], feedback: int = 1
) -> Circuit:
    """The circuit of k0 shift registers side by side.

    Parameters
    ----------
    generators
        For each input and output the taps, as a number whose bit j is that on the bit j steps ago.
    memories
        The length of each input's register.
    feedback
        Taps of the feedback in the same way, for a single input.
    """
    k0, n0, memory = len(generators), len(generators[0]), sum(memories)
    A, B = np.zeros((memory, memory), np.uint8), np.zeros((memory, k0), np.uint8)
    C, D = np.zeros((n0, memory), np.uint8), np.zeros((n0, k0), np.uint8)
    first = 0
    for i, (row, length) in enumerate(zip(generators, memories, strict=True)):
        if length:
            B[first, i] = 1
            A[range(first + 1, first + length), range(first, first + length - 1)] = 1
        for j, taps in enumerate(row):
            D[j, i] = taps & 1
            C[j, first : first + length] = [taps >> delay & 1 for delay in range(1, length + 1)]
        first += length
    if feedback != 1:
        fed = np.array([feedback >> delay & 1 for delay in range(1, memory + 1)], np.uint8)
        C ^= np.outer(D[:, 0], fed)
        A[0] ^= fed
    for matrix in (A, B, C, D):
        read_only(matrix)
    return Circuit(
        A,
        B,
        C,
        D,
        register=tuple(generators[0]) if k0 == 1 else None,
        feedback=feedback,
    )


def _digits(count: int, bits: int) -> Bits:
    """Numbers below ``count`` as their bits, uint8 (count, bits)."""
    return (np.arange(count)[:, None] >> np.arange(bits) & 1).astype(np.uint8)


def _numbers(bits: npt.NDArray[np.uint8]) -> Numbers:
    """The numbers of rows of bits, which are taken modulo 2."""
    return ((bits & 1) @ (1 << np.arange(bits.shape[1]))).astype(np.int32)


def read_only_numbers(numbers: npt.NDArray[np.signedinteger]) -> Numbers:
    """int32, C-contiguous, that cannot be written from now on."""
    made = np.ascontiguousarray(numbers, np.int32)
    made.flags.writeable = False
    return made
