"""Permutations of positions under which a decreasing monomial code, such as a polar code, stays the same.

M. Geiselhart, A. Elkelesh, M. Ebada, S. Cammerer and S. ten Brink, "On the automorphism group of polar
codes", 2021; Y. Li, H. Zhang, R. Li, J. Wang, W. Tong, G. Yan and Z. Ma, "The complete affine automorphism
group of polar codes", 2021. Which of them successive cancellation tells apart: C. Pillet, V. Bioglio and I.
Land, "Classification of automorphisms for the decoding of polar codes", 2022; Z. Ye, Y. Li, H. Zhang, R. Li,
J. Wang, G. Yan and Z. Ma, "The complete SC-invariant affine automorphisms of polar codes", 2022.

Positions are vectors of their bits z_0, z_1, ..., and row i of the transform is the monomial of the variables
j for which bit j of i is 0. Affine maps with a lower triangular matrix are automorphisms of every such code;
more are where blocks of neighbouring variables can be exchanged for each other.
"""

import math
import random

import numpy as np
import numpy.typing as npt

from ..binary.gf2 import Indices

Matrix = npt.NDArray[np.uint8]


def block_sizes(information: Indices, n: int) -> tuple[int, ...]:
    """The blocks of variables that can be exchanged, of a decreasing monomial code: from variable 0 on.

    The code stays the same under all invertible matrices that are lower triangular but for blocks of these
    sizes on the diagonal.

    Examples
    --------
    >>> block_sizes(np.array([3, 5, 6, 7]), 8)  # a Reed-Muller code: all of them
    (3,)
    """
    chosen = np.zeros(n, np.bool_)
    chosen[information] = True
    sizes = [1]
    for j in range(n.bit_length() - 2):
        # Decreasing codes have the smaller variable in the place of a larger one, so ask for the opposite.
        smaller = information[(information >> j & 3) == 2]
        if chosen[smaller ^ 3 << j].all():
            sizes[-1] += 1
        else:
            sizes.append(1)
    return tuple(sizes)


def classes(sizes: tuple[int, ...]) -> int:
    """How many permutations there are that successive cancellation tells apart.

    The lower triangular ones it follows: on permuted LLRs it decides the permuted word. So it tells apart
    the classes of invertible matrices modulo these: for a block of size s the product of 2^i - 1, i <= s. It
    follows exchanges of the first two variables, too, by min-sum always and by the exact rule but for few
    frames; where these are in a block a class has three of those.

    Examples
    --------
    >>> classes((3, 4)), classes((2, 1, 1))
    (2205, 1)
    """
    found = math.prod((1 << i) - 1 for size in sizes for i in range(1, size + 1))
    return found if sizes[0] == 1 else found // 3


def drawn_permutations(sizes: tuple[int, ...], count: int, seed: int) -> list[Indices]:
    """Permutations of different classes, int64 (n) each, the identity first; drawn with ``seed``.

    There must be as many classes.
    """
    generator = random.Random(seed)
    m, exchanged = sum(sizes), sizes[0] > 1
    same = np.eye(m, dtype=np.uint8)
    found = {_leader(same, exchanged=exchanged).tobytes(): same}
    while len(found) < count:
        matrix = _block_diagonal(sizes, generator)
        found.setdefault(_leader(matrix, exchanged=exchanged).tobytes(), matrix)
    return [_permutation(matrix) for matrix in found.values()]


def drawn_affine_maps(sizes: tuple[int, ...], count: int, seed: int) -> Indices:
    """Different affine automorphisms, int64 (found, n), the identity first; drawn with ``seed``.

    Their matrices are lower triangular but for the blocks. There are ``count``, or all where these are fewer.
    """
    generator = random.Random(seed)
    m = sum(sizes)
    block = np.repeat(np.arange(len(sizes)), sizes)
    below = block[:, None] > block
    free = int(below.sum())
    total = math.prod((1 << size) - (1 << i) for size in sizes for i in range(size)) << free + m
    maps = {(np.eye(m, dtype=np.uint8).tobytes(), 0): None}
    while len(maps) < min(count, total):
        matrix = _block_diagonal(sizes, generator)
        matrix[below] = [generator.random() < 0.5 for _ in range(free)]
        maps[matrix.tobytes(), int(generator.random() * (1 << m))] = None
    found = np.empty((len(maps), 1 << m), np.int64)
    for row, (matrix_bytes, shift) in zip(found, maps, strict=True):
        row[:] = _permutation(np.frombuffer(matrix_bytes, np.uint8).reshape(m, m)) ^ shift
    return found


def _block_diagonal(sizes: tuple[int, ...], generator: random.Random) -> Matrix:
    """Random invertible matrices of some sizes along the diagonal of one."""
    m, first = sum(sizes), 0
    matrix = np.zeros((m, m), np.uint8)
    for size in sizes:
        matrix[first : first + size, first : first + size] = _invertible(size, generator)
        first += size
    return matrix


def _invertible(size: int, generator: random.Random) -> Matrix:
    """A random invertible matrix. ``random`` is what Python promises never to change."""
    while True:
        matrix = np.array([[generator.random() < 0.5 for _ in range(size)] for _ in range(size)], np.uint8)
        if _leader(matrix).any(axis=0).all():
            return matrix


def _leader(matrix: Matrix, *, exchanged: bool = False) -> Matrix:
    """The same matrix for all products with a lower triangular one on the right.

    Such a product adds columns to those before them. Where ``exchanged`` the first two are also added the
    other way, and change places. Columns are 0 if the matrix is not invertible.
    """
    reduced = matrix.copy()
    for j in range(reduced.shape[1] - 1, -1, -1):
        ones = np.flatnonzero(reduced[:, j])
        if len(ones):
            reduced[:, :j] ^= reduced[:, j : j + 1] & reduced[ones[0], :j]
    if exchanged:
        a, b = np.argmax(reduced[:, 0]), np.argmax(reduced[:, 1])  # the first ones
        reduced[:, 1] ^= reduced[:, 0] & reduced[a, 1]
        if a < b:
            reduced[:, [0, 1]] = reduced[:, [1, 0]]
    return reduced


def _permutation(matrix: Matrix) -> Indices:
    """Where each position goes: the matrix times its bits; int64 (n)."""
    m = len(matrix)
    images = (1 << np.arange(m)) @ matrix.astype(np.int64)
    found: Indices = np.zeros(1, np.int64)
    for image in images:
        found = np.concatenate([found, found ^ image])
    return found
