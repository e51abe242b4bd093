"""Soft cancellation by the operations of successive cancellation, in vectors of float32."""

from collections import namedtuple

import numpy as np
from numba import njit

from .....vectors.group_kernels import GROUP, PARTS
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    shifted,
    space,
    splat,
    store,
    trailing_zeros,
)
from ..operation_kernels import COPY, G_ZERO, JOIN, RATE_0, F, G
from .message_kernels import CERTAIN, from_copy, from_sum

f32, u64 = np.float32, np.uint64

#: Pointers to rows. LLRs from the channel's side of a node of m rows are in rows m to 2 m - 1 of ``down``, of
#: the whole code in ``root``. Those from the side of u are, of right halves, kept in ``rights`` from one
#: iteration to the next, and, of left halves and the whole, in rows m to 2 m - 1 of ``lefts``. ``inputs``
#: has those of u, and ``found`` receives the sums of both, of information positions. n is the length.
Messages = namedtuple("Messages", ("down", "root", "lefts", "rights", "inputs", "found", "n"))


@njit(nogil=True, error_model="numpy", forceinline=True)
def from_inputs(messages, first, h):
    """Where the LLRs are that a node of h rows has from the side of u."""
    if first & h:
        level = np.int64(trailing_zeros(u64(h)))
        return shifted(messages.rights, (level * (messages.n >> 1) + ((first - h) >> 1)) * LANES_FLOAT32)
    return shifted(messages.lefts, h * LANES_FLOAT32)


@njit(nogil=True, error_model="numpy")
def make_left(source, target, right, h, exact, one):
    """LLRs of the left half from the channel's side."""
    for i in range(h):
        store(target, i, from_sum(load(source, i), load(source, h + i), load(right, i), exact, one))


@njit(nogil=True, error_model="numpy")
def make_right(source, target, left, h, exact, one):
    """Those of the right half; ``left`` is None where the left half is frozen."""
    for i in range(h):
        a, b = load(source, i), load(source, h + i)
        store(target, i, a + b if left is None else from_copy(a, load(left, i), b, exact, one))


@njit(nogil=True, error_model="numpy")
def join(source, left, right, target, h, exact, one):
    """LLRs of a node from the side of u, from those of its halves; ``left`` as for ``make_right``."""
    for i in range(h):
        a, b, y = load(source, i), load(source, h + i), load(right, i)
        if left is None:
            store(target, i, b + y)
            store(target, h + i, a + y)
        else:
            x = load(left, i)
            store(target, i, from_sum(x, b, y, exact, one))
            store(target, h + i, from_copy(a, x, y, exact, one))


@njit(nogil=True, error_model="numpy")
def iterate(operations, count, messages, exact):
    """All operations of an iteration."""
    one = splat(f32(1.0))
    for number in range(count):
        at = shifted(operations, 4 * number)
        operation, h, first = at[0], at[1], at[2]
        if operation == RATE_0:
            own = from_inputs(messages, first, h)
            for i in range(h):
                store(own, i, splat(CERTAIN))
            continue
        target = shifted(messages.down, h * LANES_FLOAT32)
        source = shifted(messages.down, 2 * h * LANES_FLOAT32) if 2 * h < messages.n else messages.root
        if operation == F:
            make_left(source, target, from_inputs(messages, first + h, h), h, exact, one)
        elif operation == G:
            make_right(source, target, from_inputs(messages, first, h), h, exact, one)
        elif operation == G_ZERO:
            make_right(source, target, None, h, exact, one)
        elif operation == JOIN:
            left, right = from_inputs(messages, first, h), from_inputs(messages, first + h, h)
            join(source, left, right, from_inputs(messages, first, 2 * h), h, exact, one)
        elif operation == COPY:
            right = from_inputs(messages, first + h, h)
            join(source, None, right, from_inputs(messages, first, 2 * h), h, exact, one)
        else:  # a single information bit
            known = load(messages.inputs, first)
            store(from_inputs(messages, first, 1), 0, known)
            store(messages.found, first, load(target, 0) + known)


@kernel
def cancel(llr, prior, positions, operations, iterations, exact, information, coded):
    """A-posteriori LLRs of information bits, (groups, k, 64), and of coded bits, (groups, n, 64).

    From LLRs, float32 (groups, n, 64), at most 2^20 in magnitude. ``prior`` has LLRs of the information bits,
    (groups, k, 64), or no group. ``positions``, int64 (k), are theirs in u. ``operations``, int64, are those
    of a ``NodeProgram`` without leaves. ``exact`` is True for the exact box-plus, None for min-sum.
    """
    groups, n, _ = llr.shape
    levels = np.int64(trailing_zeros(u64(n)))
    kept = levels * (n >> 1)
    memory, given, priors = space(7 * n + kept), pointer_to(llr), pointer_to(prior)
    down = rows_in(memory, given)
    lanes = LANES_FLOAT32
    root, lefts = shifted(down, n * lanes), shifted(down, 2 * n * lanes)
    inputs, found = shifted(down, 4 * n * lanes), shifted(down, 5 * n * lanes)
    rights = shifted(down, 6 * n * lanes)
    messages = Messages(down, root, lefts, rights, inputs, found, n)
    own, of_bits, of_code = pointer_to(operations), pointer_to(information), pointer_to(coded)
    for i in range(n):
        store(inputs, i, splat(f32(0.0)))
    for group in range(groups):
        for part in range(PARTS):
            received = shifted(given, group * n * GROUP)
            for i in range(n):
                store(root, i, load(received, PARTS * i + part))
            for i in range(kept):
                store(rights, i, splat(f32(0.0)))
            if prior.shape[0]:
                known = shifted(priors, group * positions.size * GROUP)
                for j in range(positions.size):
                    store(inputs, positions[j], load(known, PARTS * j + part))
            for _ in range(iterations):
                iterate(own, len(operations), messages, exact)
            whole, out = shifted(lefts, n * lanes), shifted(of_code, group * n * GROUP)
            for i in range(n):
                store(out, PARTS * i + part, load(root, i) + load(whole, i))
            bits = shifted(of_bits, group * positions.size * GROUP)
            for j in range(positions.size):
                store(bits, PARTS * j + part, load(found, positions[j]))
    keep_alive(memory)
