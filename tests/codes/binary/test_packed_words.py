"""64 frames a word: packing, and products with a matrix as programs of XORs."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
from capgap.codes import (
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    RepetitionCode,
    UncodedCode,
    regular_matrix,
)
from capgap.codes.binary.xor_program import XorProgram
from capgap.vectors.packed_kernels import pack_lanes, unpack_lanes

from tests.codes.samples import random_bits
from tests.lazy import Lazy

Bits = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
FRAMES = [1, 2, 63, 64, 65, 128, 192, 300, 511, 512, 513, 700, 1024]


def reference_words(bits: Bits) -> Words:
    """From (m, frames): bit by bit."""
    m, frames = bits.shape
    words = np.zeros((-(-frames // 64), m), np.uint64)
    for frame in range(frames):
        words[frame // 64] |= bits[:, frame].astype(np.uint64) << np.uint64(frame % 64)
    return words


@pytest.mark.parametrize("frames", FRAMES)
@pytest.mark.parametrize("m", [1, 7, 8, 21])
def test_packing(m: int, frames: int) -> None:
    bits = random_bits(m, frames)
    words = np.full((-(-frames // 64), m), 2**64 - 1, np.uint64)
    assert pack_lanes(bits, words)
    np.testing.assert_array_equal(words, reference_words(bits))
    back = np.full((m, frames), 9, np.uint8)
    unpack_lanes(words, back)
    np.testing.assert_array_equal(back, bits)


@pytest.mark.parametrize("value", [2, 3, 128, 255])
@pytest.mark.parametrize("place", [(0, 0), (4, 63), (2, 64), (4, 99)])
def test_packing_notices_what_is_no_bit(place: tuple[int, int], value: int) -> None:
    bits = random_bits(5, 100)
    ones = bits.copy()
    bits[place], ones[place] = value, 1
    words = np.empty((2, 5), np.uint64)
    assert not pack_lanes(bits, words)
    np.testing.assert_array_equal(words, reference_words(ones))


def test_packing_no_frames() -> None:
    assert pack_lanes(np.empty((3, 0), np.uint8), np.empty((0, 3), np.uint64))
    unpack_lanes(np.empty((0, 3), np.uint64), np.empty((3, 0), np.uint8))


def test_packing_refuses_arrays_it_cannot_walk_through() -> None:
    bits, words = np.zeros((6, 130), np.uint8), np.zeros((3, 6), np.uint64)
    for b, w in ((np.asfortranarray(bits), words), (bits, np.asfortranarray(words))):
        with pytest.raises(ValueError, match="C-contiguous"):
            pack_lanes(b, w)
        with pytest.raises(ValueError, match="C-contiguous"):
            unpack_lanes(w, b)
    for b, w in ((bits, words[:2]), (bits[:5], words), (bits, np.zeros((4, 6), np.uint64))):
        with pytest.raises(ValueError, match="shapes"):
            pack_lanes(b, w)
        with pytest.raises(ValueError, match="shapes"):
            unpack_lanes(w, b)


@pytest.mark.parametrize("frames", FRAMES)
def test_programs_multiply(frames: int) -> None:
    for seed, (inputs, outputs) in enumerate([(1, 1), (1, 9), (6, 1), (13, 30), (70, 40)]):
        matrix = random_bits(inputs, outputs, seed=seed, density=[0.1, 0.5][seed % 2])
        x = random_bits(frames, inputs, seed=seed + 100)
        expected = x.astype(int) @ matrix % 2
        for program in (XorProgram.of_matrix(matrix), XorProgram.of_matrix(scipy.sparse.csr_array(matrix))):
            for ordered in (x, np.asfortranarray(x)):
                np.testing.assert_array_equal(program.apply(ordered), expected)
            np.testing.assert_array_equal(program.matrix(), matrix)
            words = program.apply_words(reference_words(x.T))
            np.testing.assert_array_equal(words, reference_words(expected.T.astype(np.uint8)))
            assert program.length == sum(weight for weight in matrix.sum(axis=0, dtype=int) if weight != 1)


def test_programs_know_what_they_copy() -> None:
    matrix = np.hstack([np.eye(600, dtype=np.uint8)[:, ::-1], np.eye(600, dtype=np.uint8)])
    program = XorProgram.of_matrix(matrix)
    assert program.length == 0
    assert program.copies(np.arange(600, 1200))
    assert program.copies(np.arange(600)[::-1])
    assert not program.copies(np.arange(600))
    # Copies that are sums: of the last input and a bit that is always 0.
    program = XorProgram(
        603,
        np.arange(600, dtype=np.int32),
        np.arange(600, dtype=np.int32),
        np.array([600, 601, 599], np.int32),
        np.array([0, 2, 2, 4], np.int32),
        np.array([0, 0, 599, 601], np.int32),
    )
    assert program.copies(np.arange(600))
    moved = XorProgram(
        602,
        program.inputs,
        np.append(np.arange(599), 601).astype(np.int32),
        np.array([600, 601], np.int32),
        np.array([0, 0, 2], np.int32),
        np.array([599, 600], np.int32),
    )
    assert moved.copies(np.arange(600))
    wrong = XorProgram(602, program.inputs, moved.outputs, moved.targets, moved.start, moved.sources * 0)
    assert not wrong.copies(np.arange(600))


CODES: Lazy[LinearCode] = Lazy(
    {
        "uncoded": lambda: UncodedCode(k=5),
        "repetition": lambda: RepetitionCode(n=6, k=2),
        "hamming": lambda: HammingCode(r=4, extended=True),
        "not systematic": lambda: LinearCode(generator=random_bits(12, 30)),
        "ldpc": lambda: LDPCCode.regular(96, 48, 3),
        "dependent checks": lambda: LDPCCode.regular(96, 48, 4),
        "punctured ldpc": lambda: LinearRateMatchedCode(
            LDPCCode(regular_matrix(60, 30, 3)), puncture=[0, 7, 59]
        ),
    }
)


@pytest.mark.parametrize("frames", [64, 128, 320, 576, 1024])
@CODES.each("code")
def test_encoding_words(code: LinearCode, frames: int) -> None:
    u = random_bits(frames, code.k)
    words = reference_words(u.T)
    before = words.copy()
    expected = reference_words(code.encode(u).T)
    np.testing.assert_array_equal(code.encode_words(words), expected)
    np.testing.assert_array_equal(code.encode_words(np.asfortranarray(words)), expected)
    words.flags.writeable = False
    np.testing.assert_array_equal(code.encode_words(words), expected)
    np.testing.assert_array_equal(words, before)
    assert code.encode_words(words[:0]).shape == (0, code.n)


@CODES.each("code")
def test_encoding_words_refuses(code: LinearCode) -> None:
    good = np.zeros((2, code.k), np.uint64)
    wrong: list[Any] = [good.astype(np.int64), good[0], good.tolist(), good[None]]
    for bad in wrong:
        with pytest.raises(ValueError, match=r"words must be a uint64 array of shape \(groups, "):
            code.encode_words(bad)
    with pytest.raises(ValueError, match=rf"words must have shape \(groups, {code.k}\), got "):
        code.encode_words(np.zeros((2, code.k + 1), np.uint64))


def test_encoding_takes_arrays_that_cannot_be_written() -> None:
    code = CODES["ldpc"]
    u = random_bits(100, code.k)
    expected = code.encode(u)
    for ordered in (u, np.asfortranarray(u)):
        ordered.flags.writeable = False
        np.testing.assert_array_equal(code.encode(ordered), expected)
