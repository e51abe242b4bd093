"""Random streams: bit for bit against a slow reference written from the papers, and statistically.

Every statistical test has its seed fixed beforehand and fails a correct program with probability SIGNIFICANCE
(1e-4) at most; a test of several comparisons shares it among them (Bonferroni). p-values are two-sided:
numbers that are too even fail as well.
"""

import functools
import hashlib
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import Stream
from capgap.channels.streams import bernoulli_tables, stream_kernels
from scipy import stats

from tests.conftest import SIGNIFICANCE

Array = npt.NDArray[Any]

WORD = 2**32
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85


# --- The reference ---------------------------------------------------------------------------------------


def round_keys(key: Sequence[int]) -> list[tuple[int, int]]:
    """The keys of the ten rounds of Philox4x32-10."""
    return [((key[0] + i * WEYL[0]) % WORD, (key[1] + i * WEYL[1]) % WORD) for i in range(10)]


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """Philox4x32-10: Salmon, Moraes, Dror and Shaw (2011), section 3.3."""
    a, b, c, d = counter
    for k0, k1 in round_keys(key):
        (high0, low0), (high1, low1) = divmod(a * MULTIPLIERS[0], WORD), divmod(c * MULTIPLIERS[1], WORD)
        a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
    return a, b, c, d


def philox_counter(output: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """The counter that Philox4x32-10 turns into ``output``: its rounds undone, last one first."""
    a, b, c, d = output
    for k0, k1 in reversed(round_keys(key)):
        before_a, before_c = (
            d * pow(MULTIPLIERS[0], -1, WORD) % WORD,
            b * pow(MULTIPLIERS[1], -1, WORD) % WORD,
        )
        b, d = a ^ k0 ^ (before_c * MULTIPLIERS[1] // WORD), c ^ k1 ^ (before_a * MULTIPLIERS[0] // WORD)
        a, c = before_a, before_c
    return a, b, c, d


def rotate_left(x: int, count: int) -> int:
    return (x << count | x >> 32 - count) % WORD


def xoshiro(state: Sequence[int]) -> Iterator[int]:
    """The words of xoshiro128++: Blackman and Vigna (2021), figure of the 128-bit generator."""
    s = list(state)
    while True:
        yield (rotate_left((s[0] + s[3]) % WORD, 7) + s[0]) % WORD
        shifted = s[1] << 9 & 0xFFFFFFFF
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = rotate_left(s[3], 11)


def box_muller(u: Array, v: Array) -> tuple[Array, Array, Array]:
    """Radius, x and y in float64 of pairs of words: 40 bits to the radius, 24 signed ones to the angle."""
    u, v = u.astype(np.int64), v.astype(np.int64)
    radius = np.sqrt(-2 * np.log(((u << 8 | v & 255) + 0.5) / 2**40))
    turns = v >> 8
    angle = 2 * np.pi * (np.where(turns < 2**23, turns, turns - 2**24) + 0.5) / 2**24
    return radius, radius * np.cos(angle), radius * np.sin(angle)


@functools.cache
def exact_cumulative(size: int, probability: float) -> list[int]:
    """2^53 P(at most k ones of ``size``), rounded, up to the first that is 2^53."""
    p, whole = probability.as_integer_ratio()
    total, out, scale = 0, [], whole**size
    for k in range(size + 1):
        total += math.comb(size, k) * p**k * (whole - p) ** (size - k)
        out.append((2**54 * total + scale) // (2 * scale))
        if out[-1] == 2**53:
            break
    return out


class Reference:
    """One frame's stream, in Python integers; draws as ``Stream`` has them, each a list."""

    def __init__(self, seed: int, frame: int, point: str) -> None:
        key = struct.unpack("<4I", hashlib.blake2b(f"{seed}/{point}".encode(), digest_size=16).digest())
        self._words = xoshiro(philox((frame % WORD, frame // WORD, key[2], key[3]), key[:2]))

    def words(self, m: int) -> list[int]:
        return [next(self._words) for _ in range(m)]

    def bits(self, m: int) -> list[int]:
        words = self.words(-(-m // 32))
        return [words[i // 32] >> i % 32 & 1 for i in range(m)]

    def uniform(self, m: int) -> list[float]:
        words = self.words(2 * m)
        return [
            (high * 2**21 + low // 2**11) / 2**53 for high, low in zip(words[::2], words[1::2], strict=True)
        ]

    def bernoulli(self, m: int, probability: float) -> list[int]:
        if probability in (0, 1):
            return [int(probability)] * m
        if m * (0.025 - probability) >= 4:
            sizes = [1024] * (m // 1024) + [m % 1024] * (m % 1024 > 0)
            return [bit for size in sizes for bit in self._counted(size, probability)]
        sizes = [32] * (m // 32) + [m % 32] * (m % 32 > 0)
        return [bit for size in sizes for bit in self._by_digits(size, probability)]

    def _by_digits(self, size: int, probability: float) -> list[int]:
        """Digit by digit, as many in a word as fit, until all positions differ from the probability."""
        digits = f"{round(probability * 2**53):053b}".rstrip("0")
        in_word = 1 if size > 16 else 2 if size > 8 else 4
        ones, undecided = [0] * size, set(range(size))
        for first in range(0, len(digits), in_word):
            if first >= 12 and not undecided:
                break
            (word,) = self.words(1)
            for number, digit in enumerate(digits[first : first + in_word]):
                for i in sorted(undecided):
                    drawn = word >> (32 // in_word * number + i) & 1
                    if drawn != int(digit):
                        ones[i] = int(drawn < int(digit))
                        undecided.remove(i)
        return ones

    def _counted(self, size: int, probability: float) -> list[int]:
        """How many by inversion of the binomial distribution, in whole numbers, then where."""
        high, low = self.words(2)
        drawn, table = high * 2**21 + low // 2**11, exact_cumulative(size, probability)
        left, ones = next(k for k, most in enumerate(table) if drawn < most), [0] * size
        while left:
            at, rest = divmod(self.words(1)[0] * size, WORD)
            if rest >= WORD % size and not ones[at]:
                ones[at] = 1
                left -= 1
        return ones

    def normal(self, m: int) -> list[float]:
        words = np.array(self.words(2 * (-(-m // 2))))
        x, y = box_muller(words[::2], words[1::2])[1:]
        return [float(sample) for pair in zip(x, y, strict=True) for sample in pair][:m]


# --- Helpers ---------------------------------------------------------------------------------------------


def draw(stream: Stream | Reference, draws: Sequence[tuple[Any, ...]]) -> list[Array]:
    return [np.asarray(getattr(stream, kind)(*arguments)) for kind, *arguments in draws]


def chi_square_p(statistic: float, degrees: int) -> float:
    """Two-sided p-value of a chi-square statistic."""
    return float(2 * min(stats.chi2.cdf(statistic, degrees), stats.chi2.sf(statistic, degrees)))


def pearson_p(counts: Array, probabilities: Array | float) -> float:
    """Two-sided p-value of Pearson's test that ``counts`` follow ``probabilities``."""
    expected = counts.sum() * np.broadcast_to(probabilities, counts.shape)
    return chi_square_p(float(((counts - expected) ** 2 / expected).sum()), counts.size - 1)


def normal_p(z: float) -> float:
    """Two-sided p-value of a standard normal statistic."""
    return float(2 * stats.norm.sf(abs(z)))


def mean_p(samples: Array, variance: float) -> float:
    """p-value of the mean of many samples with expectation 0 and a known variance."""
    return normal_p(samples.mean(dtype=np.float64) / math.sqrt(variance / samples.size))


def assert_plausible(p_values: Sequence[float]) -> None:
    assert min(p_values) > SIGNIFICANCE / len(p_values), p_values


def kernel_normals(u: Array, v: Array) -> tuple[Array, Array]:
    """The x and y that the kernel makes of pairs of words."""
    tile = stream_kernels.TILE
    padded = np.pad(np.array([u, v], np.uint32), ((0, 0), (0, -u.size % tile)))
    words = np.ascontiguousarray(padded.reshape(2, -1, tile).swapaxes(0, 1))
    out = np.empty(words.shape, np.float32)
    stream_kernels.normals_from_words(words, out)
    return out[:, 0].ravel()[: u.size], out[:, 1].ravel()[: u.size]


def normal_error_bound(radius: Array) -> Array:
    """What a float32 kernel may be off: rounding of the arithmetic, and that of the radius' uniform p.

    p is rounded to float32, by 2^-25 where it is near 1; there the radius sqrt(-2 ln p) is small and moves by
    2^-25 / radius. Twice that is allowed.
    """
    return 1e-6 * radius + 2.0**-24 / radius


# --- Against the reference and the literature -------------------------------------------------------------

PHILOX_VECTORS = [  # of Random123 1.14, kat_vectors
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((WORD - 1,) * 4, (WORD - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def seeded_state(counter: Sequence[int], key: Sequence[int], frames: int = 1) -> Array:
    """The kernel's states of frames from the one whose Philox counter and key are given."""
    state = np.empty((4, -(-frames // 64) * 64), np.uint32)
    first = np.uint64(counter[0] + counter[1] * WORD)
    stream_kernels.seed_states(np.array([*key, *counter[2:]], np.uint32), first, state)
    return state[:, :frames]


@pytest.mark.parametrize(("counter", "key", "output"), PHILOX_VECTORS)
def test_philox_gives_the_published_vectors(
    counter: Sequence[int], key: Sequence[int], output: Sequence[int]
) -> None:
    assert philox(counter, key) == tuple(output)
    assert philox_counter(output, key) == tuple(counter)
    assert seeded_state(counter, key)[:, 0].tolist() == list(output)


def test_xoshiro_gives_the_published_words() -> None:
    """From the state 1, 2, 3, 4 as the authors' C code does (test vector of the crate rand_xoshiro)."""
    expected = [641, 1573767, 3222811527, 3517856514, 836907274]
    expected += [4247214768, 3867114732, 1355841295, 495546011, 621204420]
    words, out = xoshiro([1, 2, 3, 4]), np.empty((10, 1), np.uint32)
    stream_kernels.draw_words(np.repeat(np.array([[1], [2], [3], [4]], np.uint32), 64, axis=1), out)
    assert [next(words) for _ in range(10)] == expected
    assert out[:, 0].tolist() == expected


def test_no_frame_has_the_zero_state() -> None:
    """Philox gives 0 at one counter of every key; xoshiro would stay there forever."""
    key = (123, 456)
    counter = philox_counter((0, 0, 0, 0), key)
    assert philox(counter, key) == (0, 0, 0, 0)
    assert seeded_state(counter, key)[:, 0].tolist() == [1, 0, 0, 0]


MIXED_DRAWS: list[tuple[Any, ...]] = [
    ("bits", 45),
    ("normal", 7),
    ("uniform", 17),
    ("bernoulli", 9, 0.3),
    ("bernoulli", 200, 0.004),
    ("words", 33),
    ("bernoulli", 71, 1 / 3),
    ("normal", 64),
    ("uniform", 1),
    ("bits", 1),
    ("bits", 1057),
    ("bernoulli", 40, 0.999),
    ("bernoulli", 1030, 0.02),
    ("bernoulli", 13, 0.5),
    ("bernoulli", 0, 0.3),
    ("normal", 0),
    ("normal", 1),
]


@pytest.mark.parametrize(
    ("seed", "frames", "first", "point"),
    [
        (0, 1, 0, ""),
        (1, 300, 0, ""),
        (2**70, 5, 2**32 - 2, "awgn, 3 dB"),
        (10**9, 2, 2**40, "σ"),
        (7, 3, 2**64 - 3, "p"),
    ],
)
def test_every_draw_agrees_with_the_reference(seed: int, frames: int, first: int, point: str) -> None:
    drawn = draw(Stream(seed, frames, first=first, point=point), MIXED_DRAWS)
    slow = [draw(Reference(seed, first + i, point), MIXED_DRAWS) for i in range(frames)]
    for i, (kind, m, *_) in enumerate(MIXED_DRAWS):
        expected = np.stack([frame[i] for frame in slow])
        assert drawn[i].shape == (frames, m)
        if kind == "normal":
            np.testing.assert_allclose(drawn[i], expected, rtol=0, atol=1e-4)  # the next tests are sharper
        else:
            np.testing.assert_array_equal(drawn[i], expected)


def test_draws_have_their_types_and_lie_frame_by_frame() -> None:
    stream = Stream(1, 6)
    for kind, dtype in [("words", np.uint32), ("bits", np.uint8), ("uniform", float), ("normal", np.float32)]:
        sample = getattr(stream, kind)(4)
        assert sample.dtype == dtype
        assert sample.T.flags.c_contiguous
    assert stream.bernoulli(4, 0.5).dtype == np.uint8
    for packed in (stream.packed_bits(4), stream.bernoulli_words(4, 0.1), stream.bernoulli_words(4, 1)):
        assert packed.dtype == np.uint64
        assert packed.shape == (1, 4)


def unpacked(words: Array, frames: int) -> Array:
    """Bits (frames, m) from words (groups, m), bit f of word [g, i] that of frame 64 g + f."""
    lanes = np.arange(64, dtype=np.uint64)[:, None]
    groups, m = words.shape
    return (words[:, None] >> lanes & np.uint64(1)).reshape(64 * groups, m)[:frames].astype(np.uint8)


@pytest.mark.parametrize("frames", [0, 1, 64, 150])
def test_packed_draws_are_the_others_packed(frames: int) -> None:
    packed, plain = Stream(3, frames), Stream(3, frames)
    for m in (0, 1, 7, 12, 32, 70, 2000):
        np.testing.assert_array_equal(unpacked(packed.packed_bits(m), frames), plain.bits(m))
        for p in (0, 0.003, 0.3, 1):
            drawn = packed.bernoulli_words(m, p)
            np.testing.assert_array_equal(unpacked(drawn, frames), plain.bernoulli(m, p))
    np.testing.assert_array_equal(packed.words(2), plain.words(2))


def test_the_state_is_that_of_whole_groups() -> None:
    """Kernels advance it in place; what is beyond the last frame counts for nothing."""
    stream, other = Stream(4, 70), Stream(4, 70)
    assert stream.state.dtype == np.uint32
    assert stream.state.shape == (4, 128)
    assert stream.state.flags.c_contiguous
    out = np.empty((2, 40), np.uint64)
    stream_kernels.draw_packed_bits(stream.state, out)
    np.testing.assert_array_equal(unpacked(out, 70), other.bits(40))
    stream.state[:, 70:] = 0
    np.testing.assert_array_equal(stream.normal(5), other.normal(5))


def test_normals_are_accurate_for_random_words() -> None:
    u, v = Stream(21, 1 << 19).words(2).T
    radius, x, y = box_muller(u, v)
    fast_x, fast_y = kernel_normals(u, v)
    assert (np.abs(fast_x - x) <= normal_error_bound(radius)).all()
    assert (np.abs(fast_y - y) <= normal_error_bound(radius)).all()
    usual = radius > 0.5  # 88 % of the samples
    assert (np.abs(fast_x - x)[usual] <= 2e-6 * radius[usual]).all()
    assert (np.abs(fast_y - y)[usual] <= 2e-6 * radius[usual]).all()


@pytest.mark.parametrize("shift", [0xFFFF0000, 0])
def test_normals_are_accurate_for_extreme_words(shift: int) -> None:
    """Radii near 0 and far out, and angles at the ends and middles of the quadrants."""
    edges = np.array([0, 1, 2**22, 2**23 - 1, 2**23, 2**23 + 1, 3 * 2**22, 2**24 - 1])
    u, v = np.meshgrid(np.arange(2**14) | shift, (edges[:, None] * 256 + [0, 1, 127, 255]).ravel())
    u, v = u.ravel(), v.ravel()
    radius, x, y = box_muller(u, v)
    fast_x, fast_y = kernel_normals(u, v)
    assert (np.abs(fast_x - x) <= normal_error_bound(radius)).all()
    assert (np.abs(fast_y - y) <= normal_error_bound(radius)).all()
    assert max(np.abs(fast_x - x).max(), np.abs(fast_y - y).max()) < 2.5e-4


def test_opposite_angles_give_opposite_samples() -> None:
    """Angles are the middles of their steps: none lies on an axis, and the signs are symmetric exactly."""
    u, v = Stream(22, 1 << 16).words(2).T
    v[:1000] &= np.uint32(0xFF)  # the angle next to 0
    x, y = kernel_normals(u, v)
    mirrored_x, mirrored_y = kernel_normals(u, v ^ np.uint32(0xFFFFFF00))
    np.testing.assert_array_equal(mirrored_x, x)
    np.testing.assert_array_equal(mirrored_y, -y)
    assert (y[:1000] > 0).all()


@pytest.mark.slow  # of what it compiles anew, the golden counts on a plain CPU have the greater part
def test_samples_are_the_same_on_a_plain_cpu(
    on_a_plain_cpu: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import hashlib; from capgap.channels import Stream; s = Stream(3, 300); draws = (s.words(70),"
        "s.bits(70), s.uniform(70), s.bernoulli(70, 0.3), s.bernoulli(1100, 0.01), s.normal(701));"
        "print(hashlib.sha256(b''.join(d.tobytes() for d in draws)).hexdigest())"
    )
    exec(script, {})
    assert capsys.readouterr().out == on_a_plain_cpu(script)


# --- Frames can be cut anywhere ---------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 7, 64, 257])
@pytest.mark.parametrize("backwards", [False, True])
def test_blocks_of_frames_do_not_matter(block: int, backwards: bool) -> None:
    frames, first = 600, 2**32 - 300
    together = draw(Stream(5, frames, first=first, point="p"), MIXED_DRAWS)
    starts = range(0, frames, block)
    for start in reversed(starts) if backwards else starts:
        stop = min(start + block, frames)
        apart = draw(Stream(5, stop - start, first=first + start, point="p"), MIXED_DRAWS)
        for whole, part in zip(together, apart, strict=True):
            np.testing.assert_array_equal(whole[start:stop], part)


@pytest.mark.parametrize(
    ("kind", "more", "cuts"),
    [
        ("words", (), (1, 31, 33, 70)),
        ("bits", (), (32, 64, 1024, 70)),
        ("uniform", (), (1, 15, 17, 40)),
        ("bernoulli", (0.4,), (32, 64, 320, 17)),
        ("bernoulli", (0.02,), (1024, 3072, 2048, 1000)),
        ("normal", (), (2, 30, 34, 71)),
    ],
)
def test_one_draw_equals_several(kind: str, more: tuple[float, ...], cuts: tuple[int, ...]) -> None:
    """Where no word is left half used: bits in multiples of 32, normals in pairs."""
    whole = getattr(Stream(6, 300), kind)(sum(cuts), *more)
    stream = Stream(6, 300)
    np.testing.assert_array_equal(whole, np.hstack([getattr(stream, kind)(m, *more) for m in cuts]))


@pytest.mark.parametrize(
    ("kind", "m", "words"),
    [("bits", 32, 1), ("bits", 33, 2), ("uniform", 5, 10), ("normal", 5, 6), ("bits", 0, 0)],
)
def test_draws_take_the_stated_number_of_words(kind: str, m: int, words: int) -> None:
    one, other = Stream(8, 3), Stream(8, 3)
    getattr(one, kind)(m)
    other.words(words)
    np.testing.assert_array_equal(one.words(4), other.words(4))


def test_seed_point_and_frame_make_the_stream() -> None:
    """Distinct ones give distinct streams, also where the texts of seed and point run into each other."""
    names = [
        (1, "", 0),
        (1, "", 1),
        (1, "", 2**32),
        (2, "", 0),
        (1, "1", 0),
        (11, "", 0),
        (1, "/1", 0),
        (1, "a", 0),
    ]
    drawn = {Stream(seed, 1, first=first, point=point).words(4).tobytes() for seed, point, first in names}
    assert len(drawn) == len(names)
    np.testing.assert_array_equal(Stream(1, 2, point="a").words(4), Stream(1, 2, point="a").words(4))


@pytest.mark.parametrize(
    ("m", "probability", "words"),
    [
        *((m, p, 0) for m in (1, 40, 3000) for p in (0.0, 1.0)),
        *((32, 0.5, 1), (33, 0.5, 2), (8, 0.25, 1), (8, 2.0**-5, 2), (16, 0.25, 1), (17, 0.25, 2)),
        *((32, 2.0**-12, 12), (64, 1 - 2.0**-12, 24), (20, 1e-300, 0), (2048, 1e-300, 4)),
    ],
)
def test_bernoulli_takes_the_stated_number_of_words(m: int, probability: float, words: int) -> None:
    """Where that is certain: few digits, or no ones."""
    one, other = Stream(8, 100), Stream(8, 100)
    one.bernoulli(m, probability)
    other.words(words)
    np.testing.assert_array_equal(one.words(4), other.words(4))


@pytest.mark.parametrize("m", [5, 16, 31, 2100])
@pytest.mark.parametrize(
    "probability", [0, 1, 0.5, 1 / 3, 2.0**-53, 1e-300, 5e-324, 1 - 2.0**-53, 0.02, 0.0249]
)
def test_bernoulli_agrees_with_the_reference(m: int, probability: float) -> None:
    """At the ends of the range, and wherever a word has another number of digits; to the state afterwards."""
    stream, references = Stream(9, 3), [Reference(9, frame, "") for frame in range(3)]
    drawn = stream.bernoulli(m, probability), stream.words(1)
    for frame, reference in enumerate(references):
        np.testing.assert_array_equal(drawn[0][frame], reference.bernoulli(m, probability))
        assert drawn[1][frame].tolist() == reference.words(1)


@pytest.mark.parametrize(
    ("size", "probability"),
    [(1, 0.01), (160, 0.001), (1000, 0.0249), (1024, 0.02), (1024, 2.0**-53), (1024, 1e-300), (777, 1 / 64)],
)
def test_cumulative_probabilities_are_exact(size: int, probability: float) -> None:
    assert bernoulli_tables.cumulative(size, probability).tolist() == exact_cumulative(size, probability)


@pytest.mark.parametrize("count", [1, 8, 9, 16, 17, 32])
def test_digit_words_are_the_probability(count: int) -> None:
    width = 8 if count <= 8 else 16 if count <= 16 else 32
    for probability in (0.3, 1 / 3, 0.5, 1 - 2.0**-53, 2.0**-53, 0.0):
        words = bernoulli_tables.digit_words(probability, count).tolist()
        digits = [word >> width * i & (2**width - 1) for word in words for i in range(32 // width)]
        assert {*digits} <= {0, 2**width - 1}
        value = sum(1 << 53 - place for place, digit in enumerate(digits, 1) if digit)
        assert value == round(probability * 2**53)


def test_tables_are_kept_and_not_without_end() -> None:
    for table in (bernoulli_tables.cumulative, bernoulli_tables.digit_words):
        assert table.cache_info().maxsize == 256
    assert bernoulli_tables.cumulative(7, 0.01) is bernoulli_tables.cumulative(7, 0.01)


def test_empty_draws() -> None:
    assert [d.shape for d in draw(Stream(1, 0), [("bits", 3), ("uniform", 3), ("normal", 3)])] == [(0, 3)] * 3
    assert [d.shape for d in draw(Stream(1, 3), [("bits", 0), ("uniform", 0), ("normal", 0)])] == [(3, 0)] * 3


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"frames": -1}, "frames"),
        ({"first": -1}, "first"),
        ({"first": 2**64}, "first"),
        ({"first": 2**64 - 1, "frames": 2}, "first"),
    ],
)
def test_bad_arguments_are_refused(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Stream(**({"seed": 1, "frames": 1} | arguments))


@pytest.mark.parametrize("probability", [-1e-9, 1 + 1e-9, math.nan, math.inf])
def test_bernoulli_refuses_what_is_no_probability(probability: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        Stream(1, 1).bernoulli(3, probability)


@pytest.mark.parametrize("kind", ["words", "bits", "uniform", "normal"])
def test_negative_lengths_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        getattr(Stream(1, 1), kind)(-1)


@pytest.mark.parametrize("arguments", [{"seed": 1.5}, {"seed": math.nan}, {"seed": True}, {"first": 1.5}])
def test_seed_and_first_must_be_integers(arguments: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Stream(**({"seed": 1, "frames": 1} | arguments))


# --- Statistics ------------------------------------------------------------------------------------------


def test_bits_are_fair() -> None:
    """At each position, in each frame, and in groups of eight."""
    frames, m = 1 << 14, 1024
    bits = Stream(31, frames).bits(m)
    by_position = ((bits.sum(axis=0, dtype=np.int64) - frames / 2) ** 2 / (frames / 4)).sum()
    by_frame = ((bits.sum(axis=1, dtype=np.int64) - m / 2) ** 2 / (m / 4)).sum()
    groups = np.bincount(np.packbits(bits, axis=1).ravel(), minlength=256)
    assert_plausible(
        [chi_square_p(by_position, m), chi_square_p(by_frame, frames), pearson_p(groups, 1 / 256)]
    )


def test_first_words_of_the_frames_are_uniform() -> None:
    """Each byte of the first three words over 2^20 frames: nothing of the seeding shows."""
    words = Stream(32, 1 << 20).words(3)
    parts = [words[:, i] >> 8 * byte & 255 for i in range(3) for byte in range(4)]
    assert_plausible([pearson_p(np.bincount(part, minlength=256), 1 / 256) for part in parts])


def test_uniforms_are_uniform() -> None:
    """In 1000 bins, in pairs, in their last eight bits, and by Kolmogorov and Smirnov."""
    u = Stream(33, 1 << 13).uniform(512)
    pairs = (u[:, ::2] * 32).astype(int) * 32 + (u[:, 1::2] * 32).astype(int)
    low = (u * 2**53).astype(np.int64) & 255
    assert u.min() >= 0
    assert u.max() < 1
    assert_plausible(
        [
            pearson_p(np.bincount((u * 1000).astype(int).ravel(), minlength=1000), 1 / 1000),
            pearson_p(np.bincount(pairs.ravel(), minlength=1024), 1 / 1024),
            pearson_p(np.bincount(low.ravel(), minlength=256), 1 / 256),
            stats.kstest(u[:, :128].ravel(), "uniform").pvalue,
        ]
    )


@pytest.mark.parametrize("m", [7, 13, 120, 512])
@pytest.mark.parametrize("probability", [1e-4, 0.01, 0.3, 0.5, 0.9])
def test_bernoulli_has_its_probability(probability: float, m: int) -> None:
    """Exact binomial tests of 2^20 positions and more, whichever way they are drawn."""
    drawn = Stream(34, (1 << 20) // m).bernoulli_words(m, probability)
    whole = drawn[: (1 << 20) // m // 64]
    ones = int(np.bitwise_count(whole).sum(dtype=np.int64))
    assert_plausible([stats.binomtest(ones, 64 * whole.size, probability).pvalue])


@pytest.mark.parametrize(("m", "probability"), [(7, 0.3), (40, 0.1), (96, 0.45), (300, 0.01), (1200, 0.008)])
def test_bernoulli_ones_are_independent(m: int, probability: float) -> None:
    """The ones of a frame are binomial and anywhere; positions and frames beside each other have no part in it.

    Positions at lags of 1 and 2, of a whole number of digits in a word (8 and 16), and of a word (32); of
    frames the next one and one of the next group.
    """
    frames = 1 << 13
    drawn = Stream(38, frames).bernoulli(m, probability)
    ones, (low, high) = drawn.sum(axis=1, dtype=np.int64), stats.binom.interval(0.99, m, probability)
    bins = np.clip(ones, low - 1, high + 1).astype(int) - int(low - 1)
    inside = stats.binom.pmf(np.arange(low, high + 1), m, probability)
    shares = [stats.binom.cdf(low - 1, m, probability), *inside, stats.binom.sf(high, m, probability)]
    counts = np.bincount(bins, minlength=len(shares))
    present = np.array(shares) > 0
    variance = probability * (1 - probability)
    by_position = ((drawn.sum(axis=0, dtype=np.int64) - frames * probability) ** 2).sum() / (
        frames * variance
    )
    x = (drawn - probability) / math.sqrt(variance)
    p_values = [pearson_p(counts[present], np.array(shares)[present]), chi_square_p(float(by_position), m)]
    p_values += [mean_p(x[:, lag:] * x[:, :-lag], 1) for lag in (1, 2, 8, 16, 32) if lag < m]
    p_values += [mean_p(x[lag:] * x[:-lag], 1) for lag in (1, 64)]
    assert counts[~present].sum() == 0
    assert_plausible(p_values)


def test_normal_moments() -> None:
    """Mean, variance, skewness, kurtosis as Hermite polynomials: expectation 0, variance k!, for x and y."""
    p_values = []
    for part in np.split(Stream(35, 1 << 14).normal(1024).astype(np.float64), 2, axis=0):
        for x in (part[:, ::2], part[:, 1::2]):
            square = x * x
            hermite = [x, square - 1, x * (square - 3), square * (square - 6) + 3]
            p_values += [mean_p(values, math.factorial(k)) for k, values in enumerate(hermite, 1)]
    assert_plausible(p_values)


def test_normals_fill_their_bins() -> None:
    """Both x and y in 92 bins, and the pair in 32 rings times 32 sectors of equal probability."""
    sample = Stream(36, 1 << 13).normal(1024).astype(np.float64)
    x, y = sample[:, ::2].ravel(), sample[:, 1::2].ravel()
    probabilities = np.diff(stats.norm.cdf([-np.inf, *np.linspace(-4.5, 4.5, 91), np.inf]))
    bins = [np.clip(np.floor(s * 10).astype(int) + 46, 0, 91) for s in (x, y)]
    ring = np.minimum(np.exp(-(x * x + y * y) / 2) * 32, 31).astype(int)
    sector = np.floor(np.arctan2(y, x) / (2 * np.pi) * 32).astype(int) % 32
    assert_plausible(
        [pearson_p(np.bincount(b, minlength=92), probabilities) for b in bins]
        + [pearson_p(np.bincount(ring * 32 + sector, minlength=1024), 1 / 1024)]
    )


def test_normal_tails_by_sampling() -> None:
    """Beyond 5.5, 6, 6.5 and 7 sigma, x and y, both signs, by exact binomial tests of 2^24 pairs.

    The leading 20 bits of the radius' uniform are 0 here, which is so with probability 2^-20 and holds for
    every sample beyond sqrt(40 ln 2) = 5.27 sigma: the tail is 2^20 times as likely as in the open.
    """
    thresholds, pairs, counts = (5.5, 6.0, 6.5, 7.0), 0, np.zeros((4, 4), int)
    stream = Stream(37, 1 << 19)
    for _ in range(32):
        u, v = stream.words(2).T
        x, y = kernel_normals(u >> np.uint32(20), v)
        pairs += u.size
        counts += [[np.count_nonzero(s > t) for s in (x, -x, y, -y)] for t in thresholds]
    assert_plausible(
        [
            stats.binomtest(int(count), pairs, 2**20 * stats.norm.sf(t)).pvalue
            for t, row in zip(thresholds, counts, strict=True)
            for count in row
        ]
    )


@pytest.mark.parametrize(
    ("threshold", "bound"), [(5.5, 1e-4), (6, 1e-4), (6.5, 1e-3), (7, 0.01), (7.25, 0.05)]
)
def test_normal_tails_exactly(threshold: float, bound: float) -> None:
    """No sampling: each of the 2^20 outermost radii of the kernel, times its share of angles."""
    p = np.arange(2**20)
    angle = np.zeros_like(p)  # half of 2^-24 turns, so that x is the radius to the last bit
    radius = kernel_normals(p >> 8, angle | p & 255)[0].astype(np.float64)
    share = (
        np.arccos(np.minimum(threshold / radius, 1)) / np.pi
    )  # of the angles with radius cos(angle) > threshold
    assert share.sum() / 2**40 == pytest.approx(stats.norm.sf(threshold), rel=bound, abs=0)
    assert 7.53 < radius.max() < 7.54


PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "neighbouring frames": ({}, {"first": 1}),
    "frames 256 apart": ({}, {"first": 256}),
    "frames 2^32 apart": ({}, {"first": 2**32}),
    "neighbouring seeds": ({}, {"seed": 42}),
    "neighbouring points": ({"point": "f=0.1"}, {"point": "f=0.2"}),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_streams_are_independent(pair: str) -> None:
    """Bytes of the exclusive or of the words; correlation of the normals and of their squares."""
    common = {"seed": 41, "frames": 1 << 12}
    words = [Stream(**(common | own)).words(256) for own in PAIRS[pair]]
    x, y = (Stream(**(common | own)).normal(256).astype(np.float64) for own in PAIRS[pair])
    difference = np.ascontiguousarray(words[0] ^ words[1]).view(np.uint8).reshape(-1, 4)
    assert_plausible(
        [pearson_p(np.bincount(difference[:, i], minlength=256), 1 / 256) for i in range(4)]
        + [mean_p(x * y, 1), mean_p((x * x - 1) * (y * y - 1), 4)]
    )


def test_samples_of_one_frame_are_uncorrelated() -> None:
    """Normals and their squares at lags 1 to 32, bytes of the words' differences at lags 1 to 8."""
    x = np.ascontiguousarray(Stream(43, 1 << 11).normal(512), np.float64)
    squares = x * x - 1
    p_values = [mean_p(x[:, lag:] * x[:, :-lag], 1) for lag in range(1, 33)]
    p_values += [mean_p(squares[:, lag:] * squares[:, :-lag], 4) for lag in range(1, 33)]
    words = np.ascontiguousarray(Stream(43, 1 << 11).words(512))
    for lag in range(1, 9):
        difference = (words[:, lag:] ^ words[:, :-lag]).view(np.uint8).reshape(-1, 4)
        p_values += [pearson_p(np.bincount(difference[:, i], minlength=256), 1 / 256) for i in range(4)]
    assert_plausible(p_values)


@pytest.mark.slow
def test_normal_tails_of_two_thousand_million_samples() -> None:
    """Beyond 5 and 5.5 sigma without conditioning, by exact binomial tests."""
    stream, rounds, frames, m = Stream(51, 1 << 14), 128, 1 << 14, 1 << 10
    thresholds = (5.0, 5.5)
    counts = np.zeros((2, 4), int)
    for _ in range(rounds):
        sample = stream.normal(m).T
        for x, column in ((sample[::2], 0), (sample[1::2], 2)):
            far = x[np.abs(x) > thresholds[0]]
            counts[:, column] += [np.count_nonzero(far > t) for t in thresholds]
            counts[:, column + 1] += [np.count_nonzero(far < -t) for t in thresholds]
    assert_plausible(
        [
            stats.binomtest(int(count), rounds * frames * m // 2, stats.norm.sf(t)).pvalue
            for t, row in zip(thresholds, counts, strict=True)
            for count in row
        ]
    )


def test_some_frames_go_on_as_they_would_together() -> None:
    """Whatever was drawn before, and for how many groups; drawing for some does not advance the others."""
    whole, again = Stream(3, 150, first=7), Stream(3, 150, first=7)
    whole.normal(4), again.normal(4)
    chosen = np.array([1, 64, 65, 149])
    some = whole.of(chosen)
    assert np.array_equal(some.normal(5), again.normal(5)[chosen])
    assert np.array_equal(some.bernoulli(40, 0.3), again.bernoulli(40, 0.3)[chosen])
    assert np.array_equal(whole.bits(40), Stream(3, 150, first=7).bits(128 + 40)[:, 128:])
