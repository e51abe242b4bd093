"""The polar transform of packed words, and of precoders: 64 frames a word."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import Vector, keep_alive, load, pointer_to, seen_as, shifted, store

#: Words of a vector.
WORDS = 8

u64 = np.uint64


@inlined
def _two(row, first, h):
    """x = (u0 + u1, u1) of two parts of h words each; its own inverse."""
    for i in range(u64(first), u64(first + h)):  # without a sign, so that no index can count from the end
        row[i] ^= row[i + u64(h)]


@inlined
def _three(row, first, h, inverse):
    """x = (u0 + u1, u0 + u2, u0 + u1 + u2) of three parts, or the inverse of it."""
    for i in range(u64(first), u64(first + h)):
        a, b, c = row[i], row[i + u64(h)], row[i + u64(2 * h)]
        if inverse:
            row[i], row[i + u64(h)], row[i + u64(2 * h)] = a ^ b ^ c, b ^ c, a ^ c
        else:
            row[i], row[i + u64(h)], row[i + u64(2 * h)] = a ^ b, a ^ c, a ^ b ^ c


@intrinsic
def folded(typingctx, vector):
    """The binary transform of the 8 words of a vector, which is one of 16 uint32."""

    def codegen(context, builder, signature, arguments):
        x = builder.bitcast(arguments[0], ir.VectorType(ir.IntType(64), WORDS))
        nothing = ir.Constant(x.type, None)
        for h in (1, 2, 4):
            lanes = [WORDS if i & h else i + h for i in range(WORDS)]
            right = ir.Constant(ir.VectorType(ir.IntType(32), WORDS), lanes)
            x = builder.xor(x, builder.shuffle_vector(x, nothing, right))
        return builder.bitcast(x, arguments[0].type)

    return (vector(vector), codegen) if vector == Vector(types.uint32, 2 * WORDS) else None


@callee
def _transform_vectors(row, count):
    """The binary transform of a row of ``count`` vectors, a power of two; two levels at a time."""
    for i in range(count):
        store(row, i, folded(load(row, i)))
    h = 1
    if not count & 0x5555555555555555:  # no power of four
        for i in range(0, count, 2):
            store(row, i, load(row, i) ^ load(row, i + 1))
        h = 2
    while h < count:
        for first in range(0, count, 4 * h):
            for i in range(first, first + h):
                b, c, d = load(row, i + h), load(row, i + 2 * h), load(row, i + 3 * h)
                both = c ^ d
                store(row, i, load(row, i) ^ b ^ both)
                store(row, i + h, b ^ d)
                store(row, i + 2 * h, both)
        h *= 4


@callee
def _transform_row(row, n, kernels, inverse):
    """The transform of a row of n words, in place; rows are pointers."""
    binary = n >= WORDS
    for size in kernels:
        binary &= size == 2
    if binary:
        halves = np.empty(0, np.uint32)  # a word is two of these
        _transform_vectors(seen_as(row, pointer_to(halves)), n // WORDS)
        return
    h = n
    for size in kernels:
        h //= size
        for first in range(0, n, size * h):
            if size == 2:
                _two(row, first, h)
            else:
                _three(row, first, h, inverse)


@callee
def _add_terms(row, sources, targets):
    for t in range(sources.size):
        row[targets[t]] ^= row[sources[t]]


@kernel
def transform(words, kernels, inverse):
    """Multiply rows of ``words``, uint64 (groups, n), by the Kronecker product of the kernels, in place.

    ``kernels`` is int64, 2 or 3 each, the first nearest to the channel.
    """
    groups, n = words.shape
    rows = pointer_to(words)
    for group in range(groups):
        _transform_row(shifted(rows, group * n), n, kernels, inverse)


@kernel
def encode(words, positions, sources, targets, kernels, kept, out):
    """Codewords, uint64 (groups, n), of information bits, uint64 (groups, k), at ``positions`` of v.

    Before the transform word ``targets[t]`` adds word ``sources[t]``, one term after the other. Where
    ``kept``, uint64 (n) with all bits set at positions, is not empty, the codeword has the bits at these:
    they are transformed, what is not kept is made 0, and the rest is transformed again.
    """
    groups, n = out.shape
    for group in range(groups):
        row = shifted(pointer_to(out), group * n)
        for i in range(n):
            row[i] = u64(0)
        for i in range(positions.size):
            row[positions[i]] = words[group, i]
        _add_terms(row, sources, targets)
        _transform_row(row, n, kernels, False)
        if kept.size:
            for i in range(n):
                row[i] &= kept[i]
            _transform_row(row, n, kernels, False)


@kernel
def information(words, positions, sources, targets, kernels, out):
    """Information bits, uint64 (groups, k), of codewords, uint64 (groups, n): what ``encode`` was given."""
    groups, n = words.shape
    memory = np.empty(n, np.uint64)
    row = pointer_to(memory)
    for group in range(groups):
        for i in range(n):
            row[i] = words[group, i]
        _transform_row(row, n, kernels, True)
        _add_terms(row, sources, targets)
        for i in range(positions.size):
            out[group, i] = row[positions[i]]
    keep_alive(memory)


@kernel
def solve(words, known):
    """The codewords x = u F^(m) with x as given at ``known`` positions and u = 0 at the others; in place.

    ``words`` is uint64 (groups, n) with the given bits at ``known``, bool (n); n is a power of two. A right
    half is a codeword by itself, and the left half one plus it: so each position is settled from those after
    it (E. Arikan, "Systematic polar coding", 2011).
    """
    groups, n = words.shape
    for group in range(groups):
        row = words[group]
        # From the last position to the first. When position i is reached, ``row[i]`` holds x given there
        # plus what the later parts of u contribute; a finished right half is added to its left half.
        for i in range(n - 1, -1, -1):
            if not known[i]:
                row[i] = u64(0)
            h = 1
            at = i
            # Blocks that begin at ``at`` are finished: put the one of 2 h together, while it is a left half.
            while h < n and (at & h) == 0:
                for j in range(u64(at), u64(at + h)):
                    row[j] ^= row[j + u64(h)]
                h *= 2
            if h < n:
                # ``at`` begins a right half of h: take it from what is given of the left one.
                for j in range(at - h, at):
                    if known[j]:
                        row[j] ^= row[j + h]
