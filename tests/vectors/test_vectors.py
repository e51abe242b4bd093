"""Every operation on vectors beside NumPy's."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.vectors import vector_kernels as v
from capgap.vectors.vector_kernels import keep_alive, load, pointer_to, rows_in, shifted, space, splat, store
from numba import njit

Array = npt.NDArray[Any]
f32, i8, u8, i16, u16 = np.float32, np.int8, np.uint8, np.int16, np.uint16
i32, u32, u64 = np.int32, np.uint32, np.uint64
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
#: Pairs of int16: the ends of their range with all others of a few, and any.
ENDS = np.array([-32768, -32767, -129, -128, -1, 0, 1, 127, 128, 32766, 32767], i16)
A16, B16 = (
    np.concatenate([x.ravel(), GENERATOR.integers(-32768, 32768, 3200 - 121).astype(i16)])
    for x in np.meshgrid(ENDS, ENDS)
)


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


def clipped(wide: Array, dtype: Any = i8) -> Array:
    return np.clip(wide, np.iinfo(dtype).min, np.iinfo(dtype).max).astype(dtype)


WIDE_A, WIDE_B = A8.astype(int), B8.astype(int)
MAGNITUDES = np.abs(WIDE_A), np.abs(WIDE_B)
M8 = tuple(x.astype(np.uint8).view(i8) for x in MAGNITUDES)
U8, V8 = A8.view(u8), B8.view(u8)
WIDE_U, WIDE_V = U8.astype(int), V8.astype(int)
WIDE_16 = A16.astype(int), B16.astype(int)


def half(values: Array, number: int) -> Array:
    """The lower or upper half of each vector of bytes, as int16 in the bytes that two vectors take."""
    return np.ascontiguousarray(values.reshape(-1, 2, 32)[:, number].astype(i16)).ravel()


def interleaved(half: int) -> Array:
    """Of each 16 bytes of A16 and B16 the lower or upper half, in turn."""
    parts = [x.view(u16).reshape(-1, 2, 4)[:, half] for x in (A16, B16)]
    return np.stack(parts, axis=2).ravel()


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
    "- word": (njit(lambda x, y: x - y), AU, BU, AU - BU),
    "+ bytes": (njit(lambda x, y: x + y), U8, V8, U8 + V8),
    ">> bytes": (njit(lambda x, y: x >> u8(3)), U8, V8, U8 >> 3),
    "+ int16": (njit(lambda x, y: x + y), A16, B16, A16 + B16),
    "wide_product": (
        njit(lambda x, y: v.wide_product(x, y)[0]),
        AU,
        BU,
        (AU.astype(u64) * BU.astype(u64) >> u64(32)).astype(u32),
    ),
    "wide_product lower": (njit(lambda x, y: v.wide_product(x, y)[1]), AU, BU, AU * BU),
    "saturating_add": (v.saturating_add, A8, B8, clipped(WIDE_A + WIDE_B)),
    "saturating_subtract": (v.saturating_subtract, A8, B8, clipped(WIDE_A - WIDE_B)),
    "saturating_add unsigned": (v.saturating_add, U8, V8, clipped(WIDE_U + WIDE_V, u8)),
    "saturating_subtract unsigned": (v.saturating_subtract, U8, V8, clipped(WIDE_U - WIDE_V, u8)),
    "saturating_add int16": (v.saturating_add, A16, B16, clipped(np.add(*WIDE_16), i16)),
    "saturating_subtract int16": (v.saturating_subtract, A16, B16, clipped(np.subtract(*WIDE_16), i16)),
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
    "unsigned_saturating_add": (
        v.unsigned_saturating_add,
        *M8,
        np.minimum(MAGNITUDES[0] + MAGNITUDES[1], 255).astype(u8).view(i8),
    ),
    "unsigned_saturating_add float": (v.unsigned_saturating_add, A32, B32, A32 + B32),
    "minimum unsigned": (v.minimum, U8, V8, np.minimum(U8, V8)),
    "maximum unsigned": (v.maximum, U8, V8, np.maximum(U8, V8)),
    "minimum int16": (v.minimum, A16, B16, np.minimum(A16, B16)),
    "maximum int16": (v.maximum, A16, B16, np.maximum(A16, B16)),
    "minimum": (v.minimum, A8, B8, np.minimum(A8, B8)),
    "maximum": (v.maximum, A8, B8, np.maximum(A8, B8)),
    "minimum float": (v.minimum, A32, B32, np.where(A32 < B32, A32, B32)),
    "maximum float": (v.maximum, A32, B32, np.where(A32 > B32, A32, B32)),
    "mixed_signs": (v.mixed_signs, A8, B8, A8 ^ B8),
    "mixed_signs float": (v.mixed_signs, A32, B32, (A32.view(i32) ^ B32.view(i32)).view(f32)),
    "common_bits": (v.common_bits, A8, B8, A8 & B8),
    "any_bits float": (v.any_bits, A32, B32, (A32.view(i32) | B32.view(i32)).view(f32)),
    "with_sign": (v.with_sign, A8, B8, np.where(B8 < 0, wrapped(A8 * i8(0), A8, np.subtract), A8)),
    "with_sign float": (v.with_sign, np.abs(A32), B32, np.copysign(A32, B32)),
    "magnitude": (njit(lambda x, y: v.magnitude(x)), A8, B8, M8[0]),
    "magnitude float": (njit(lambda x, y: v.magnitude(x)), A32, B32, np.abs(A32)),
    "square_root": (njit(lambda x, y: v.square_root(v.magnitude(x))), A32, B32, np.sqrt(np.abs(A32))),
    "select": (njit(lambda x, y: v.select(v.below(x, y), x, y)), A8, B8, np.minimum(A8, B8)),
    "select int16": (njit(lambda x, y: v.select(v.below(x, y), x, y)), A16, B16, np.minimum(A16, B16)),
    "below": (njit(lambda x, y: v.select(v.below(x, y), x, y)), U8, V8, np.minimum(U8, V8)),
    "below int16": (njit(lambda x, y: v.select(v.below(x, y), y, x)), A16, B16, np.maximum(A16, B16)),
    "below float": (
        njit(lambda x, y: v.select(v.below(x, y), x, y)),
        A32,
        B32,
        np.where(A32 < B32, A32, B32),
    ),
    "unsigned_below": (njit(lambda x, y: v.select(v.unsigned_below(x, y), x, y)), AU, BU, np.minimum(AU, BU)),
    "unsigned_below int": (
        njit(lambda x, y: v.select(v.unsigned_below(x, y), x, y)),
        AI,
        BI,
        np.minimum(AU, BU).view(i32),
    ),
    "equal int16": (
        njit(lambda x, y: v.select(v.equal(x, y), x, x - y)),
        A16,
        B16,
        np.where(A16 == B16, A16, A16 - B16),
    ),
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
    "as_int": (njit(lambda x, y: v.as_float(v.as_int(x))), A32, B32, A32),
    "widen_low": (
        njit(lambda x, y: v.saturating_narrow(v.widen_low(x), v.widen_low(y))),
        A8,
        B8,
        np.hstack([half(x, 0).reshape(-1, 32) for x in (A8, B8)]).astype(i8).ravel(),
    ),
    "widen_high": (
        njit(lambda x, y: v.saturating_narrow(v.widen_high(x), v.widen_high(y))),
        A8,
        B8,
        np.hstack([half(x, 1).reshape(-1, 32) for x in (A8, B8)]).astype(i8).ravel(),
    ),
    "saturating_narrow": (
        njit(lambda x, y: v.widen_high(v.saturating_narrow(y, x))),
        A16,
        B16,
        clipped(A16).astype(i16),
    ),
    "unpack_low": (
        njit(lambda x, y: v.pack(v.unpack_low(x), v.unpack_low(y))),
        A8,
        B8,
        np.hstack([x.reshape(-1, 2, 8)[:, 0] for x in (A8, B8)]).ravel(),
    ),
    "unpack_high": (
        njit(lambda x, y: v.as_kind(x, v.pack(v.unpack_high(x), v.unpack_high(y)))),
        U8,
        V8,
        np.hstack([x.reshape(-1, 2, 8)[:, 1] for x in (A8, B8)]).ravel().view(u8),
    ),
    "pack": (
        njit(lambda x, y: v.unpack_low(v.pack(x, y))),
        A16.view(u16),
        B16.view(u16),
        np.clip(A16, 0, 255).view(u16),
    ),
    "interleave_low": (v.interleave_low, A16.view(u16), B16.view(u16), interleaved(0)),
    "interleave_high": (v.interleave_high, A16.view(u16), B16.view(u16), interleaved(1)),
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


def test_scaled_each() -> None:
    """Bytes with a factor for each, kept less 1, and floats."""

    @njit(error_model="numpy")
    def apply(a, factors, out):  # type: ignore[no-untyped-def]
        store(pointer_to(out), 0, v.scaled_each(load(pointer_to(a), 0), load(pointer_to(factors), 0), 127))

    sizes, factors = GENERATOR.integers(0, 129, 64), GENERATOR.integers(1, 257, 64)
    out = np.empty(64, i8)
    apply(sizes.astype(np.uint8).view(i8), (factors - 1).astype(np.uint8).view(i8), out)
    np.testing.assert_array_equal(out.view(np.uint8), (sizes * factors + 127) >> 8)
    a, b = GENERATOR.normal(size=(2, 16)).astype(f32)
    out = np.empty(16, f32)
    apply(a, b, out)
    np.testing.assert_array_equal(out, a * b)


def test_masks_and_bits() -> None:
    """Of vectors of 64, 32 and 16 lanes: bits of comparisons, and masks from the lowest bits of a word."""

    @njit(error_model="numpy")
    def through(a, b):  # type: ignore[no-untyped-def]
        x, y = load(pointer_to(a), 0), load(pointer_to(b), 0)
        return v.bits_of(v.below(x, y)), v.bits_of(v.mask_of(u64(0x123456789ABCDEF0), x))

    for dtype, lanes in ((i8, 64), (u8, 64), (i16, 32), (f32, 16), (u32, 16)):
        a, b = GENERATOR.integers(-128, 128, (2, lanes)).astype(dtype)
        bits, again = through(a, b)
        assert bits == sum(1 << i for i in range(lanes) if a[i] < b[i])
        assert again == 0x123456789ABCDEF0 % 2**lanes


def test_add_where() -> None:
    """A number is added in the lanes of a mask, and wraps around; from nothing in as many lanes as it has."""

    @njit(error_model="numpy")
    def added(a, b, out):  # type: ignore[no-untyped-def]
        smaller = v.below(load(pointer_to(a), 0), load(pointer_to(b), 0))
        row = v.add_where(smaller, v.nothing_in(smaller), 1)
        store(pointer_to(out), 0, v.add_where(smaller, v.add_where(smaller, row, 100), 50))

    for dtype, lanes in ((i8, 64), (i16, 32)):
        a, b = GENERATOR.integers(-128, 128, (2, lanes)).astype(dtype)
        out = np.full(lanes, 99, dtype)
        added(a, b, out)
        np.testing.assert_array_equal(out, np.where(a < b, 151, 0).astype(dtype))


def test_counting_bits() -> None:
    @njit(error_model="numpy")
    def counted(word):  # type: ignore[no-untyped-def]
        return v.population_count(word), v.trailing_zeros(word)

    words = [0, 1, 2**63, 2**64 - 1, 0b1011000, *(int(x) for x in GENERATOR.integers(0, 2**64, 50, u64))]
    for word in words:
        assert counted(u64(word)) == (word.bit_count(), (word & -word).bit_length() - 1 if word else 64)


@pytest.mark.parametrize("dtype", [u32, i32, f32])
def test_store_compressed(dtype: Any) -> None:
    """What is chosen stands in front; nothing is written beyond a vector."""

    @njit(error_model="numpy")
    def compress(values, bits, out):  # type: ignore[no-untyped-def]
        vector = load(pointer_to(values), 0)
        v.store_compressed(pointer_to(out), vector, v.mask_of(bits, vector))

    values = GENERATOR.integers(0, 1 << 20, 16).astype(dtype)
    for bits in [0, 1, 1 << 15, 0xFFFF, 0xAAAA, *GENERATOR.integers(0, 1 << 16, 50)]:
        out, chosen = np.full(20, 7, dtype), [values[i] for i in range(16) if int(bits) >> i & 1]
        compress(values, u64(bits), out)
        np.testing.assert_array_equal(out[: len(chosen)], chosen)
        np.testing.assert_array_equal(out[16:], 7)


def test_bytes_of() -> None:
    @njit(error_model="numpy")
    def split(words, out):  # type: ignore[no-untyped-def]
        p, to = pointer_to(words), pointer_to(out)
        a, b, c, d = load(p, 0), load(p, 1), load(p, 2), load(p, 3)
        store(to, 0, v.bytes_of(a, b, c, d, 0))
        store(to, 1, v.bytes_of(a, b, c, d, 1))
        store(to, 2, v.bytes_of(a, b, c, d, 2))
        store(to, 3, v.bytes_of(a, b, c, d, 3))

    words, out = GENERATOR.integers(0, 2**32, 64, u32), np.empty((4, 64), i8)
    split(words, out)
    np.testing.assert_array_equal(out.view(u8), [words >> u32(8 * number) & u32(255) for number in range(4)])


def test_moved() -> None:
    a, lanes = GENERATOR.integers(-128, 128, 64).astype(i8), GENERATOR.integers(0, 64, 64).astype(i8)
    np.testing.assert_array_equal(on_vectors(v.moved, a, lanes), a[lanes])


def test_bytes_in_front() -> None:
    @njit(error_model="numpy")
    def bring(words, out):  # type: ignore[no-untyped-def]
        store(pointer_to(out), 0, v.bytes_in_front(load(pointer_to(words), 0)))

    words, out = GENERATOR.integers(-(2**31), 2**31, 16).astype(i32), np.ones(64, i8)
    bring(words, out)
    np.testing.assert_array_equal(out, [*words.astype(i8), *[0] * 48])


@pytest.mark.parametrize("width", [0, 16, 32, 64])
def test_shuffled(width: int) -> None:
    """With each of the instructions for it that this CPU has, and with none; only 4 bits of a lane count."""
    if width > v.SHUFFLED_BYTES:
        pytest.skip("this CPU has no instruction for it")
    a, lanes = GENERATOR.integers(-128, 128, (2, 640)).astype(i8)
    first = np.arange(640) & ~15
    found = on_vectors(v.shuffle_by(width), a, lanes)
    np.testing.assert_array_equal(found, a[first + (lanes & 15)])


def test_lane_numbers_and_parts() -> None:
    @njit(error_model="numpy")
    def made(table, out):  # type: ignore[no-untyped-def]
        store(pointer_to(out), 0, v.lane_numbers())
        store(pointer_to(out), 1, v.load_part(pointer_to(table), 2))

    table, out = GENERATOR.integers(-128, 128, 48).astype(i8), np.empty((2, 64), i8)
    made(table, out)
    np.testing.assert_array_equal(out, [np.arange(64), np.tile(table[32:], 4)])


def test_deposited() -> None:
    @njit(error_model="numpy")
    def deposited(bits, mask):  # type: ignore[no-untyped-def]
        return v.deposited(bits, mask)

    masks = [0, 1, 1 << 63, 2**64 - 1, 0xF0F0, *(int(x) for x in GENERATOR.integers(0, 2**64, 20, u64))]
    for mask in masks:
        bits = int(GENERATOR.integers(0, 2**64, dtype=u64))
        places = [i for i in range(64) if mask >> i & 1]
        expected = sum((bits >> number & 1) << i for number, i in enumerate(places))
        assert deposited(u64(bits), u64(mask)) == expected


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
        # The same memory as words.
        v.seen_as(pointer_to(bytes_), pointer_to(out))[0] = i32(0x04030201)
        keep_alive(memory)

    out, bytes_ = np.empty(32, i32), np.zeros(48, i8)
    use(out, bytes_, 5)
    np.testing.assert_array_equal(out, [*range(21, 37), *[7] * 16])
    expected = (np.arange(21, 37) * 100).astype(np.uint8).view(i8)
    np.testing.assert_array_equal(bytes_, [1, 2, 3, 4, *[0] * 12, *expected, *[0] * 16])


@pytest.mark.parametrize("kind", ["float32", "int32"])
def test_gathered(kind: str) -> None:
    """Elements at any lanes, near ones of one vector."""

    @njit
    def move(values: Any, lanes: Any, near: Any, out: Any) -> None:
        rows, source = pointer_to(out), pointer_to(values)
        store(rows, 0, v.gathered(source, load(pointer_to(lanes), 0)))
        store(rows, 1, v.gathered_near(source, load(pointer_to(near), 0)))

    generator = np.random.default_rng(3)
    values = generator.integers(-1000, 1000, 200).astype(kind)
    lanes, near = (generator.integers(0, most, 16).astype(np.int32) for most in (200, 16))
    out = np.empty((2, 16), kind)
    move(values, lanes, near, out)
    assert (out == [values[lanes], values[near]]).all()


#: Operations that do not take two vectors to one, by the tests that have them.
ELSEWHERE: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("bits_of", "mask_of"), test_masks_and_bits),
    **dict.fromkeys(("add_where", "nothing_in"), test_add_where),
    **dict.fromkeys(("population_count", "trailing_zeros"), test_counting_bits),
    **dict.fromkeys(("rows_in", "shifted", "space", "splat", "store_bytes", "seen_as"), test_memory),
    **dict.fromkeys(("pointer_to", "load", "store", "keep_alive"), test_memory),
    "store_compressed": test_store_compressed,
    **dict.fromkeys(("gathered", "gathered_near"), test_gathered),
    "bytes_in_front": test_bytes_in_front,
    "bytes_of": test_bytes_of,
    "moved": test_moved,
    **dict.fromkeys(("shuffled", "shuffle_by"), test_shuffled),
    **dict.fromkeys(("lane_numbers", "load_part"), test_lane_numbers_and_parts),
    "deposited": test_deposited,
    "scaled": test_scaled_bytes,
    "scaled_each": test_scaled_each,
}
#: What is no operation.
NAMES = {
    "ALL_FLOAT32",
    "BYTES",
    "COMPRESSES",
    "DEPOSITS_BITS",
    "INLINED",
    "LANES_FLOAT32",
    "LANES_INT16",
    "MOVES_BYTES",
    "PART",
    "SHUFFLED_BYTES",
    "Vector",
}


def test_every_operation_is_tested() -> None:
    assert {name.split()[0] for name in OPERATIONS if name[0].isalpha()} - {"scalar"} | ELSEWHERE.keys() == {
        *v.__all__
    } - NAMES


def test_all_operations_are_had_from_one_module() -> None:
    """What a module of a subject defines without an underscore is had from ``vector_kernels``."""
    for subject in ("arithmetic", "mask", "shuffle", "memory"):
        module = sys.modules[f"capgap.vectors.operations.{subject}_kernels"]
        imported = ("ir", "types", "cgutils", "intrinsic", "overload", "operator", "np", "inlined", "u64")
        shared = {*vars(sys.modules["capgap.vectors.operations.vector_type_kernels"]), *imported}
        own = {name for name in vars(module) if not name.startswith("_")} - shared
        assert own - {"lower_builtin", "type_callable"} <= {*v.__all__}


@pytest.mark.slow  # compiles each operation anew
def test_operations_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    """All of the above, with no instruction that only some CPUs have."""
    script = (
        "from tests.vectors import test_vectors as t; from numpy import float32, int32, uint32\n"
        "assert not (t.v.COMPRESSES or t.v.MOVES_BYTES or t.v.SHUFFLED_BYTES or t.v.DEPOSITS_BITS)\n"
        "for case in t.OPERATIONS.values(): t.test_operation(*case)\n"
        "for case in (uint32, int32, float32): t.test_store_compressed(case)\n"
        "t.test_masks_and_bits(); t.test_add_where(); t.test_counting_bits(); t.test_bytes_of(); t.test_memory(); t.test_bytes_in_front(); t.test_scaled_each()\n"
        "t.test_moved(); t.test_shuffled(0); t.test_lane_numbers_and_parts(); t.test_deposited()\n"
        "t.test_scaled_bytes(192, 128); print('as expected')"
    )
    assert on_a_plain_cpu(script) == "as expected\n"
