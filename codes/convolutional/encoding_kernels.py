"""Encoding by a linear sequential circuit, or by a shift register: 64 frames a word."""

import numpy as np
from numba import njit

from ...vectors.kernel_cache import kernel

u64 = np.uint64


@njit(nogil=True, error_model="numpy", inline="always")
def _sum_of(terms, first, last, values):
    """Exclusive or of the values that ``terms`` names from ``first`` to ``last`` - 1."""
    total = u64(0)
    for at in range(first, last):
        total ^= values[terms[at]]
    return total


@kernel
def run_circuit(words, start, terms, memory, state, first, out):
    """Put ``words`` through a circuit, and leave its state behind.

    ``words`` is uint64 (groups, steps, k0), ``state`` uint64 (groups, memory), which is changed. ``out``,
    uint64 (groups, ..., n0), receives the outputs from step ``first`` on; without room for any, n0 = 0, none
    are made. Row i of the circuit, first the memory elements and then the outputs, is the sum of the terms
    ``start[i]`` to ``start[i + 1]`` - 1: memory elements from 0 on, then the inputs.
    """
    groups, steps, inputs = words.shape
    outputs = out.shape[2]
    values, after = np.empty(memory + inputs, np.uint64), np.empty(memory, np.uint64)
    for group in range(groups):
        for i in range(memory):
            values[i] = state[group, i]
        for step in range(steps):
            for i in range(inputs):
                values[memory + i] = words[group, step, i]
            for i in range(outputs):
                out[group, first + step, i] = _sum_of(terms, start[memory + i], start[memory + i + 1], values)
            for i in range(memory):
                after[i] = _sum_of(terms, start[i], start[i + 1], values)
            for i in range(memory):
                values[i] = after[i]
        for i in range(memory):
            state[group, i] = values[i]


@kernel
def fill_register(words, memory, feedback, bits):
    """The newest bits of a register with feedback.

    ``bits``, uint64 (groups, memory + steps or more), receives them from ``memory`` on.

    Those before are given, the oldest first. Each is the input, of ``words``, uint64 (groups, steps), and the
    earlier bits that the taps of ``feedback`` name: bit j the one j steps ago.
    """
    groups, steps = words.shape
    for group in range(groups):
        row = bits[group]
        for step in range(steps):
            total = words[group, step]
            for delay in range(1, memory + 1):
                if feedback >> delay & 1:
                    total ^= row[memory + step - delay]
            row[memory + step] = total


@kernel
def add_taps(bits, memory, taps, out):
    """``out``, uint64 (groups, steps, n0), from the bits of a register, uint64 (groups, memory + steps).

    Output i is the sum of the bits that ``taps[i]`` names: bit j the one j steps ago. ``taps`` is int64 (n0).
    """
    groups, steps, outputs = out.shape
    total = np.empty(steps, np.uint64)
    for group in range(groups):
        for i in range(outputs):
            total[:] = u64(0)
            for delay in range(memory + 1):
                if taps[i] >> delay & 1:
                    row = bits[group, memory - delay : memory - delay + steps]
                    for step in range(steps):
                        total[step] ^= row[step]
            for step in range(steps):
                out[group, step, i] = total[step]
