"""Rate matching of LTE against its rules, bit by bit, and against another program's tables."""

import hashlib
import math
from typing import Any

import numpy as np
import pytest
from capgap.codes.matching.lte import CONVOLUTIONAL_COLUMNS, TURBO_COLUMNS, convolutional_bits, turbo_bits

# 3GPP TS 36.212, tables 5.1.4-1 and 5.1.4-2.
TURBO = [0, 16, 8, 24, 4, 20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30]
TURBO += [1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31]
CONVOLUTIONAL = [1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31]
CONVOLUTIONAL += [0, 16, 8, 24, 4, 20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30]


def selected(w: list[int | None], start: int, n: int) -> list[int]:
    """5.1.4.1.2: bits of the circular buffer from ``start`` on, without the dummy ones."""
    out: list[int] = []
    j = 0
    while len(out) < n:
        bit = w[(start + j) % len(w)]
        if bit is not None:
            out.append(bit)
        j += 1
    return out


def reference_turbo(length: int, n: int, version: int, buffer: int | None) -> list[int]:
    rows = math.ceil(length / 32)
    size = 32 * rows
    y = [[None] * (size - length) + [3 * i + s for i in range(length)] for s in range(3)]
    first = [y[0][TURBO[k // rows] + 32 * (k % rows)] for k in range(size)]
    second = [y[1][TURBO[k // rows] + 32 * (k % rows)] for k in range(size)]
    third = [y[2][(TURBO[k // rows] + 32 * (k % rows) + 1) % size] for k in range(size)]
    w = first + [bit for pair in zip(second, third, strict=True) for bit in pair]
    w = w[:buffer]
    return selected(w, rows * (2 * math.ceil(len(w) / (8 * rows)) * version + 2), n)


def reference_convolutional(length: int, n: int) -> list[int]:
    rows = math.ceil(length / 32)
    size = 32 * rows
    y = [[None] * (size - length) + [3 * i + s for i in range(length)] for s in range(3)]
    w = [y[s][CONVOLUTIONAL[k // rows] + 32 * (k % rows)] for s in range(3) for k in range(size)]
    return selected(w, 0, n)


@pytest.mark.parametrize("length", [44, 52, 64, 1028])
@pytest.mark.parametrize("version", range(4))
def test_turbo_bits(length: int, version: int) -> None:
    half = 48 * math.ceil(length / 32)
    for n, buffer in [(length, None), (3 * length + 5, None), (7 * length, half), (50, half + 1)]:
        found = turbo_bits(length, n, version, buffer)
        assert found.tolist() == reference_turbo(length, n, version, buffer)


@pytest.mark.parametrize("length", [1, 40, 64, 100])
def test_convolutional_bits(length: int) -> None:
    for n in (length, 3 * length, 500):
        assert convolutional_bits(length, n).tolist() == reference_convolutional(length, n)


def test_columns_are_those_of_the_tables() -> None:
    assert TURBO_COLUMNS.tolist() == TURBO
    assert CONVOLUTIONAL_COLUMNS.tolist() == CONVOLUTIONAL


def test_another_program_takes_the_same_bits() -> None:
    """The start of digests of what srsRAN_4G does, as int32: the tables of rm_turbo.c by which it receives,
    and the order in which rm_conv.c sends.
    """

    def digest(arrays: Any) -> str:
        total = hashlib.sha256()
        for each in arrays:
            total.update(each.astype("<i4").tobytes())
        return total.hexdigest()[:16]

    sizes = [(k, version) for k in (40, 64, 1024, 6144) for version in range(4)]
    assert digest(turbo_bits(k + 4, 3 * k + 12, version) for k, version in sizes) == "414c22137c8a10d3"
    lengths = [(40, 72), (40, 240), (64, 500), (100, 288)]
    assert digest(convolutional_bits(d, n) for d, n in lengths) == "0f9e952c1ff1323a"


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="rv must be 0 to 3, got -1"):
        turbo_bits(44, 100, -1)
    for buffer in (4, 193):
        with pytest.raises(ValueError, match=f"buffer must lie in 5 to 192, got {buffer}"):
            turbo_bits(44, 100, 0, buffer)


def test_a_whole_buffer_holds_each_bit_once() -> None:
    for version in range(4):
        assert np.array_equal(np.sort(turbo_bits(6148, 18444, version)), np.arange(18444))
