"""Every operation on vectors beside NumPy's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.vectors import vector_kernels as v
from capgap.vectors.vector_kernels import keep_alive, load, pointer_to, rows_in, shifted, space, splat, store
from numba import njit

Array = npt.NDArray[Any]
f32, i8, i32, u32, u64 = np.float32, np.int8, np.int32, np.uint32, np.uint64
BYTES = np.arange(-128, 128).astype(i8)
#: All pairs of bytes, 64 at a time.
A8, B8 = (np.ascontiguousarray(x.ravel()) for x in np.meshgrid(BYTES, BYTES))
GENERATOR = np.random.default_rng(1)
SPECIAL = np.array([0, -0.0, 1, -1, 0.5, 1e-3, -1e-3, 1e30, -1e30, 16384, 2.5], f32)
A32, B32 = (
    np.concatenate([x.ravel().astype(f32), GENERATOR.normal(0, 9, 1600 - 121).astype(f32)])
    for x in np.meshgrid(SPECIAL, SPECIAL)
)
AI, BI = GENERATOR.integers(-(2**31), 2**31, (2, 1600)).astype(i32)
AU, BU = AI.view(u32), BI.view(u32)
A16, B16 = GENERATOR.integers(-(2**15), 2**15, (2, 1600)).astype(np.int16)


def on_vectors(operation: Any, a: Array, b: Array) -> Array:
    """``operation(x, y)`` of vectors, for arrays of whole vectors."""

    @njit(error_model="numpy")
    def apply(a, b, out):  # type: ignore[no-untyped-def]
        first, second, result = pointer_to(a), pointer_to(b), pointer_to(out)
        for row in range(a.nbytes // 64):
            store(result, row, operation(load(first, row), load(second, row)))

    out = np.empty_like(a)
    apply(a, b, out)
    return out


def wrapped(a: Array, b: Array, operation: Callable[[Any, Any], Any]) -> Array:
    """Integer arithmetic that wraps around."""
    wide = operation(a.astype(np.int64), b.astype(np.int64))
    return np.asarray(wide.astype(np.uint64).astype(f"u{a.itemsize}").view(a.dtype))


def clipped(wide: Array) -> Array:
    return np.clip(wide, -128, 127).astype(i8)


WIDE_A, WIDE_B = A8.astype(int), B8.astype(int)
MAGNITUDES = np.abs(WIDE_A), np.abs(WIDE_B)
M8 = tuple(x.astype(np.uint8).view(i8) for x in MAGNITUDES)
OPERATIONS: dict[str, tuple[Any, Array, Array, Array]] = {
    "+ float": (njit(lambda x, y: x + y), A32, B32, A32 + B32),
    "- float": (njit(lambda x, y: x - y), A32, B32, A32 - B32),
    "* float": (njit(lambda x, y: x * y), A32, np.clip(B32, -1, 1), A32 * np.clip(B32, -1, 1)),
    "/ float": (njit(lambda x, y: x / y), A32, B32 + (B32 == 0), A32 / (B32 + (B32 == 0))),
    "scalar": (
        njit(lambda x, y: f32(2.0) * x + f32(0.5)),
        np.clip(A32, -9, 9),
        B32,
        2 * np.clip(A32, -9, 9) + f32(0.5),
    ),
    "+ int": (njit(lambda x, y: x + y), AI, BI, wrapped(AI, BI, np.add)),
    "- int": (njit(lambda x, y: x - y), AI, BI, wrapped(AI, BI, np.subtract)),
    "* word": (njit(lambda x, y: x * y), AU, BU, AU * BU),
    "&": (njit(lambda x, y: x & y), AI, BI, AI & BI),
    "|": (njit(lambda x, y: x | y), AI, BI, AI | BI),
    "^": (njit(lambda x, y: x ^ y), AU, BU, AU ^ BU),
    "<<": (njit(lambda x, y: x << u32(7)), AU, BU, AU << u32(7)),
    ">> word": (njit(lambda x, y: x >> u32(7)), AU, BU, AU >> u32(7)),
    ">> int": (njit(lambda x, y: x >> i32(7)), AI, BI, AI >> 7),
    "high_product": (v.high_product, AU, BU, (AU.astype(u64) * BU.astype(u64) >> u64(32)).astype(u32)),
    "saturating_add": (v.saturating_add, A8, B8, clipped(WIDE_A + WIDE_B)),
    "saturating_subtract": (v.saturating_subtract, A8, B8, clipped(WIDE_A - WIDE_B)),
    "saturating_add int16": (
        v.saturating_add,
        A16,
        B16,
        np.clip(A16.astype(int) + B16, -(2**15), 2**15 - 1).astype(np.int16),
    ),
    "saturating_add float": (v.saturating_add, A32, B32, A32 + B32),
    "saturating_subtract float": (v.saturating_subtract, A32, B32, A32 - B32),
    "unsigned_min": (v.unsigned_min, *M8, np.minimum(*MAGNITUDES).astype(np.uint8).view(i8)),
    "unsigned_max": (v.unsigned_max, *M8, np.maximum(*MAGNITUDES).astype(np.uint8).view(i8)),
    "unsigned_min float": (v.unsigned_min, A32, B32, np.where(A32 < B32, A32, B32)),
    "unsigned_max float": (v.unsigned_max, A32, B32, np.where(A32 > B32, A32, B32)),
    "unsigned_saturating_subtract": (
        v.unsigned_saturating_subtract,
        *M8,
        np.maximum(MAGNITUDES[0] - MAGNITUDES[1], 0).astype(np.uint8).view(i8),
    ),
    "unsigned_saturating_subtract float": (
        v.unsigned_saturating_subtract,
        A32,
        B32,
        np.maximum(A32 - B32, 0),
    ),
    "minimum": (v.minimum, A8, B8, np.minimum(A8, B8)),
    "maximum": (v.maximum, A8, B8, np.maximum(A8, B8)),
    "minimum int16": (v.minimum, A16, B16, np.minimum(A16, B16)),
    "maximum int16": (v.maximum, A16, B16, np.maximum(A16, B16)),
    "minimum float": (v.minimum, A32, B32, np.where(A32 < B32, A32, B32)),
    "maximum float": (v.maximum, A32, B32, np.where(A32 > B32, A32, B32)),
    "mixed_signs": (v.mixed_signs, A8, B8, A8 ^ B8),
    "mixed_signs int16": (v.mixed_signs, A16, B16, A16 ^ B16),
    "mixed_signs float": (v.mixed_signs, A32, B32, (A32.view(i32) ^ B32.view(i32)).view(f32)),
    "common_bits": (v.common_bits, A8, B8, A8 & B8),
    "any_bits float": (v.any_bits, A32, B32, (A32.view(i32) | B32.view(i32)).view(f32)),
    "with_sign": (v.with_sign, A8, B8, np.where(B8 < 0, wrapped(A8 * i8(0), A8, np.subtract), A8)),
    "with_sign float": (v.with_sign, np.abs(A32), B32, np.copysign(A32, B32)),
    "magnitude": (njit(lambda x, y: v.magnitude(x)), A8, B8, M8[0]),
    "magnitude float": (njit(lambda x, y: v.magnitude(x)), A32, B32, np.abs(A32)),
    "square_root": (njit(lambda x, y: v.square_root(v.magnitude(x))), A32, B32, np.sqrt(np.abs(A32))),
    "select": (njit(lambda x, y: v.select(v.below(x, y), x, y)), A8, B8, np.minimum(A8, B8)),
    "equal": (njit(lambda x, y: v.select(v.equal(x, y), x, x - y)), AI, BI, np.where(AI == BI, AI, AI - BI)),
    "negative float": (
        njit(lambda x, y: v.select(v.negative(x), y, x)),
        A32,
        B32,
        np.where(np.signbit(A32), B32, A32),
    ),
    "as_float": (njit(lambda x, y: v.as_int(v.as_float(x))), AI, BI, AI),
    "as_word": (njit(lambda x, y: v.as_word(v.as_int(x))), AU, BU, AU),
    "to_float": (njit(lambda x, y: v.as_int(v.to_float(x))), AI, BI, AI.astype(f32).view(i32)),
    "to_int": (
        njit(lambda x, y: v.to_float(v.to_int(x))),
        np.clip(A32, -9, 9),
        B32,
        np.trunc(np.clip(A32, -9, 9)) + f32(0),
    ),
    "as_kind": (njit(lambda x, y: v.as_kind(x, v.as_int(y))), A32, B32, B32),
    "scaled float": (njit(lambda x, y: v.scaled(x, f32(0.75), 0)), A32, B32, A32 * f32(0.75)),
    "change": (
        njit(lambda x, y: v.change(x, y, v.saturating_add(y, x))),
        A8,
        B8,
        wrapped(clipped(WIDE_A + WIDE_B), B8, np.subtract),
    ),
    "change float": (njit(lambda x, y: v.change(x, y, v.saturating_add(y, x))), A32, B32, A32),
}


@pytest.mark.parametrize(("operation", "a", "b", "expected"), OPERATIONS.values(), ids=OPERATIONS.keys())
def test_operation(operation: Any, a: Array, b: Array, expected: Array) -> None:
    found = on_vectors(operation, a, b)
    np.testing.assert_array_equal(found, expected)
    if found.dtype == f32 and not operation.__name__.startswith("<lambda>"):
        np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


@pytest.mark.parametrize("factor", [0, 1, 64, 191, 192, 205, 255, 256])
@pytest.mark.parametrize("half", [127, 128])
def test_scaled_bytes(factor: int, half: int) -> None:
    sizes = np.arange(129).astype(np.uint8)
    padded = np.zeros(192, i8)
    padded[:129] = sizes.view(i8)

    @njit(error_model="numpy")
    def apply(a, out, factor, half):  # type: ignore[no-untyped-def]
        for row in range(3):
            store(pointer_to(out), row, v.scaled(load(pointer_to(a), row), factor, half))

    out = np.empty_like(padded)
    apply(padded, out, factor, half)
    np.testing.assert_array_equal(out[:129].view(np.uint8), (sizes.astype(int) * factor + half) >> 8)


def test_masks_and_bits() -> None:
    @njit(error_model="numpy")
    def through(a, b, like):  # type: ignore[no-untyped-def]
        x, y = load(pointer_to(a), 0), load(pointer_to(b), 0)
        bits = v.bits_of(v.below(x, y))
        wide = load(pointer_to(like), 0)
        return bits, v.bits_of(v.mask_of(u64(0x123456789ABCDEF0), x)), v.bits_of(v.mask_of(u64(0xBEEF), wide))

    a, b = GENERATOR.integers(-128, 128, (2, 64)).astype(i8)
    bits, eight, sixteen = through(a, b, np.zeros(16, f32))
    assert bits == sum(1 << i for i in range(64) if a[i] < b[i])
    assert eight == 0x123456789ABCDEF0
    assert sixteen == 0xBEEF


@pytest.mark.skipif(not v.MOVES_BYTES, reason="this CPU has no instruction for it")
def test_moved() -> None:
    a, lanes = GENERATOR.integers(-128, 128, 64).astype(i8), GENERATOR.integers(0, 64, 64).astype(i8)
    np.testing.assert_array_equal(on_vectors(v.moved, a, lanes), a[lanes])


def test_memory() -> None:
    """Rows fill cache lines, pointers move by elements, and bytes are the low ones of 16 integers."""

    @njit(error_model="numpy")
    def use(out, bytes_, start):  # type: ignore[no-untyped-def]
        memory = space(3)
        rows = rows_in(memory, pointer_to(out))
        for i in range(48):
            rows[i] = i32(i)
        vector = load(shifted(rows, start), 1)
        store(pointer_to(out), 0, vector)
        v.store_bytes(pointer_to(bytes_), 1, vector * i32(100))
        store(pointer_to(out), 1, splat(i32(7)))
        keep_alive(memory)

    out, bytes_ = np.empty(32, i32), np.zeros(48, i8)
    use(out, bytes_, 5)
    np.testing.assert_array_equal(out, [*range(21, 37), *[7] * 16])
    expected = (np.arange(21, 37) * 100).astype(np.uint8).view(i8)
    np.testing.assert_array_equal(bytes_, [*[0] * 16, *expected, *[0] * 16])
