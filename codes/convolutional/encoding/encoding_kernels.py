"""Encoding by a linear sequential circuit: 64 frames a word."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, rows_in, shifted, space

u64 = np.uint64

#: Steps of a shift register that are taken together: what belongs to them stays in the nearest cache.
CHUNK = 512


@inlined
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
def run_register(words, fed, start, taps, state, first, out):
    """``run_circuit`` for a shift register, whose states are the newest bits, one after the other.

    ``words`` is uint64 (groups, steps, 1), ``state`` uint64 (groups, memory). The newest bit is the input
    plus those that ``fed`` says, delays from 1 to memory; output i is the sum of those that
    ``taps[start[i]]`` to ``taps[start[i + 1] - 1]`` say, delays from 0.
    """
    groups, steps, _ = words.shape
    memory, outputs, size = state.shape[1], out.shape[2], out.shape[1] * out.shape[2]
    given, states, sent = pointer_to(words), pointer_to(state), pointer_to(out)
    memory_of_bits, memory_of_total = space(1 + (memory + CHUNK) // 8), space(CHUNK // 8)
    bits, total = rows_in(memory_of_bits, given), rows_in(memory_of_total, given)
    for group in range(groups):
        for i in range(memory):
            bits[memory - 1 - i] = states[group * memory + i]
        for begin in range(0, steps, CHUNK):
            count = min(CHUNK, steps - begin)
            for t in range(count):
                bit = given[group * steps + begin + t]
                for j in range(fed.size):
                    bit ^= bits[memory + t - fed[j]]
                bits[memory + t] = bit
            for i in range(outputs):
                for t in range(count):
                    total[t] = u64(0)
                for j in range(start[i], start[i + 1]):
                    delayed = shifted(bits, memory - taps[j])
                    for t in range(count):
                        total[t] ^= delayed[t]
                to = shifted(sent, group * size + (first + begin) * outputs + i)
                for t in range(count):
                    to[t * outputs] = total[t]
            for i in range(memory):  # the last bits stand before the next ones
                bits[i] = bits[count + i]
        for i in range(memory):
            states[group * memory + i] = bits[memory - 1 - i]
    keep_alive(memory_of_bits)
    keep_alive(memory_of_total)
