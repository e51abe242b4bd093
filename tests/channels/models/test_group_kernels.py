"""Kernels of channels in groups of 64 frames: against the plain stages, and to the bit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, Stream
from capgap.channels.models import hard_kernels
from capgap.channels.models.channel_kernels import awgn_llr_groups, put_llr_groups
from capgap.channels.models.hard_kernels import awgn_hard_words, first_words_of_small_radii
from capgap.vectors.batches import lanes_of
from capgap.vectors.groups import GroupInput, Reads, unpacked

Array = npt.NDArray[Any]
f32, i8, u64 = np.float32, np.int8, np.uint64


def packed(flags: Array) -> Array:
    """Words (groups, n) of flags (groups, n, 64)."""
    return np.asarray((flags.astype(u64) << np.arange(64, dtype=u64)).sum(axis=2, dtype=u64))


def check_hard_words(frames: int, n: int, sigma: np.float32) -> Array:
    """The decisions of the LLRs, and the same states; returns what is erased."""
    soft, hard = Stream(1, frames), Stream(1, frames)
    words = soft.packed_bits(n)
    hard.packed_bits(n)
    llr = np.empty((*words.shape, 64), f32)
    scale = f32(2) / (sigma * sigma)
    awgn_llr_groups(soft.state, words, sigma, scale, f32(1000), None, llr)
    signs, erased = (np.full(words.shape, 3, u64) for _ in range(2))
    awgn_hard_words(hard.state, words, sigma, signs, erased)
    np.testing.assert_array_equal(signs, packed(llr < 0))
    np.testing.assert_array_equal(erased, packed(llr == 0))
    np.testing.assert_array_equal(hard.state, soft.state)
    return erased


#: Both ways at 0 dB, and the ends of what the channel takes.
ESNO_DB = (-100, -30, -3, -0.01, 0, 0.01, 1, 3, 4.55, 7, 10, 12, 14, 15, 20, 100)


@pytest.mark.parametrize("esno_db", ESNO_DB)
def test_hard_words_are_the_signs_of_the_llrs(esno_db: float) -> None:
    for frames, n in ((1, 1), (64, 7), (130, 256), (1000, 33), (0, 5), (70, 0)):
        check_hard_words(frames, n, f32(AWGN(esno_db=esno_db).sigma))


@pytest.mark.parametrize("n", [2 * hard_kernels.FURTHEST + 3])
def test_hard_words_of_long_words(n: int) -> None:
    """Farther than a place in the queue can tell."""
    check_hard_words(1, n, f32(0.3))


@pytest.mark.parametrize("size", [0.7, 1.9])
def test_hard_words_of_llrs_that_are_zero(size: float) -> None:
    """Sigma is made so that the noise of one sample is as large as the symbol, to the last bit."""
    frames, n = 400, 64
    stream = Stream(1, frames)
    stream.packed_bits(n)
    noise = stream.normal(n)
    erased = 0
    for frame, i in np.argwhere((np.abs(noise) > size) & (np.abs(noise) < size + 0.01))[:40]:
        sigma = f32(1) / np.abs(noise[frame, i])
        for near in (sigma, np.nextafter(sigma, f32(0)), np.nextafter(sigma, f32(9))):
            if near * np.abs(noise[frame, i]) == 1:
                erased += int(np.bitwise_count(check_hard_words(frames, n, f32(near))).sum())
                break
    assert erased >= 4


@pytest.mark.parametrize("esno_db", [0, 1, 3, 7, 10, 14, 14.5, 20])
def test_no_small_radius_turns_a_sign(esno_db: float) -> None:
    """The bound on the first word, at the words next to it, beside the radius in float64."""
    sigma = AWGN(esno_db=esno_db).sigma
    reach = max(int(first_words_of_small_radii(f32(sigma))), 1)
    assert sigma * np.sqrt(-2 * np.log(reach / 2**32)) < 1 - 5e-5
    if reach > 10**6:  # and it is no larger than it must be
        assert sigma * np.sqrt(-2 * np.log(reach / 2**32)) > 1 - 2e-4


@pytest.mark.parametrize("dtype", [f32, i8])
@pytest.mark.parametrize("n", [0, 1, 130])
def test_llr_groups_are_looked_up(dtype: Any, n: int) -> None:
    words = Stream(2, 64 * 3).packed_bits(n), Stream(3, 64 * 3).bernoulli_words(n, 0.3)
    hard, erased = ((each[..., None] >> np.arange(64, dtype=u64)) & u64(1) for each in words)
    zero, one, other = dtype(100.5), dtype(-99.5), dtype(7)
    out = np.empty((3, n, 64), dtype)
    put_llr_groups(*words, zero, one, other, out)
    np.testing.assert_array_equal(out, np.where(erased, other, np.where(hard, one, zero)))
    put_llr_groups(words[0], None, zero, one, other, out)
    np.testing.assert_array_equal(out, np.where(hard, one, zero))


@pytest.mark.slow  # compiles what others have compiled for this CPU
def test_group_kernels_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    script = (
        "from tests.channels.models import test_group_kernels as t\n"
        "assert t.hard_kernels.LEAST_ESNO == 2\n"
        "for esno_db in (-3, 2, 3.1, 5, 12): t.check_hard_words(130, 333, t.f32(t.AWGN(esno_db=esno_db).sigma))\n"
        "for dtype in (t.f32, t.i8): t.test_llr_groups_are_looked_up(dtype, 130)\n"
        "print('as expected')"
    )
    assert on_a_plain_cpu(script) == "as expected\n"


@pytest.mark.parametrize(("frames", "n"), [(1, 1), (64, 7), (130, 256)])
def test_int16_is_what_the_plain_stages_give(frames: int, n: int) -> None:
    """Group by group, and 0 where there is no frame."""
    channel, reads = AWGN(esno_db=1), Reads("soft", "int16", 64.0)
    plain, grouped = Stream(1, frames), Stream(1, frames)
    words = grouped.packed_bits(n)
    plain.packed_bits(n)
    llr = channel.llr(channel.transmit(unpacked(words, frames), plain))
    expected = GroupInput.of_lanes(lanes_of(llr), reads)
    found = channel.observe(words, grouped, reads)
    assert found.llr is not None
    assert found.llr.dtype == np.int16
    np.testing.assert_array_equal(found.llr, expected.llr)
    np.testing.assert_array_equal(grouped.state[:, :frames], plain.state[:, :frames])
