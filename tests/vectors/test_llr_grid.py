"""Frames of few magnitudes on a grid: which they are, what becomes of them, and that decoders then are exact."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BSC, Stream
from capgap.codes import (
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    regular_matrix,
)
from capgap.vectors.groups import GroupInput
from capgap.vectors.llr_grid import on_grid

from tests.codes.ldpc.samples import bp
from tests.codes.samples import Array, LLRs, assert_same
from tests.lazy import Lazy
from tests.references.belief_propagation import reference_bp


def placed(llr: Array, **options: Any) -> Any:
    """Frames (frames, n) on their grids, in float64."""
    groups = np.ascontiguousarray(llr.T[None], np.float32)
    return on_grid(groups, **options)[0].T.astype(np.float64)


def multiples(unit: float, frames: int = 100, n: int = 60, seed: int = 1) -> tuple[Array, Array]:
    """Whole numbers from -9 to 9, and as many units, each rounded to float32."""
    whole = np.random.default_rng(seed).integers(-9, 10, (frames, n))
    return whole, (whole * unit).astype(np.float32)


@pytest.mark.parametrize("unit", [np.log(19), 1 / 3, 0.1, 1e-7, 111.1])
def test_multiples_of_a_unit_become_multiples_of_one_with_fewer_bits(unit: float) -> None:
    whole, llr = multiples(unit)
    found = placed(llr)
    units = found[whole != 0] / whole[whole != 0]
    assert len(np.unique(units)) == 1
    assert units[0] == pytest.approx(unit, rel=2**-9)
    assert (units[0] / 2.0 ** np.floor(np.log2(units[0])) * 2**8) % 1 == 0  # 9 bits
    assert not found[whole == 0].any()
    np.testing.assert_array_equal(placed(found), found)


def test_the_unit_may_be_a_fraction_of_the_least_magnitude() -> None:
    whole = np.random.default_rng(2).choice([-9, -6, 6, 9, 15, 0], (50, 40))
    found = placed((whole * 0.7).astype(np.float32))
    np.testing.assert_array_equal(found * 6, whole * found[whole == 6][0])


def test_one_magnitude_keeps_twelve_bits() -> None:
    llr = BSC(f=0.03).llr(Stream(1, 20).bernoulli(50, 0.03))
    np.testing.assert_array_equal(placed(llr), llr)  # nothing to add up wrongly in float64
    found = np.abs(placed(llr, alone=True))
    size = found[0, 0]
    assert (found == size).all()
    assert size == np.rint(np.log(0.97 / 0.03) * 2**10) / 2**10
    certain = np.full((3, 10), 1000, np.float32)
    np.testing.assert_array_equal(placed(certain, alone=True), certain)


@pytest.mark.parametrize(
    ("levels", "step"),
    [([3.1780538, 1.2039728], 2**-10), ([1000, 3.1780538], 2**-6), ([6.3, 1.9, 0.0123], 2**-14)],
)
def test_magnitudes_without_a_unit_are_put_on_one_power_of_two(levels: list[float], step: float) -> None:
    generator = np.random.default_rng(3)
    llr = generator.choice([*levels, 0, *np.negative(levels)], (70, 200)).astype(np.float32)
    np.testing.assert_array_equal(placed(llr), llr)
    found = placed(llr, any_level=True)
    np.testing.assert_array_equal(found, np.rint(llr.astype(float) / step) * step)
    np.testing.assert_array_equal(placed(found, any_level=True), found)


def test_who_is_not_concerned() -> None:
    """Continuous LLRs, too many magnitudes, too many for so short a frame, and too wide a range."""
    generator = np.random.default_rng(4)
    channel = AWGN(esno_db=0)
    for n in (1, 2, 3, 7, 100):
        llr = channel.llr(channel.transmit(np.zeros((1000, n), np.uint8), Stream(2, 1000)))
        groups = np.ascontiguousarray(llr.T[None])
        assert on_grid(groups, any_level=True, alone=True) is groups
    for levels in (np.exp(generator.random(33)), np.arange(1, 34) / 3, np.array([1000, 1e-4 / 3])):
        llr = np.resize(levels, (4, 200)).astype(np.float32)
        np.testing.assert_array_equal(placed(llr, any_level=True), llr)
    thirds = (np.arange(1, 33) / 3).astype(np.float32)
    np.testing.assert_array_equal(placed(thirds[None]), thirds[None])
    assert (placed(np.tile(thirds, 2)[None]) != np.tile(thirds, 2)).any()
    assert (placed(np.append(np.tile(thirds, 2), np.float32(0))[None]) != 0).sum() == 64


def test_a_frame_alone_decides() -> None:
    """Whatever else is in the batch, and however it is grouped."""
    llr = multiples(0.3, 150, 40)[1]
    llr[::3] = AWGN(esno_db=0).llr(np.asfortranarray(np.random.default_rng(5).normal(1, 1, (50, 40))))
    llr[1::7] *= np.random.default_rng(6).random((len(llr[1::7]), 1)).astype(np.float32)
    before = llr.copy()
    found = placed(llr, any_level=True)
    np.testing.assert_array_equal(llr, before)
    np.testing.assert_array_equal(found[::3], llr[::3])
    assert (found[1::3] != llr[1::3]).any(axis=1).all()
    for i in range(150):
        np.testing.assert_array_equal(placed(llr[i : i + 1], any_level=True), found[i : i + 1])
    groups = np.zeros((3, 40, 64), np.float32)
    groups.transpose(0, 2, 1).reshape(192, 40)[:150] = 0
    for i in range(150):
        groups[i // 64, :, i % 64] = llr[i]
    result = on_grid(groups, any_level=True)
    for i in range(150):
        np.testing.assert_array_equal(result[i // 64, :, i % 64], found[i])


def test_steps_of_fixed_point() -> None:
    whole, llr = multiples(0.6)
    np.testing.assert_array_equal(placed(llr, steps=4) * 4, 2 * whole)
    for unit in (0.1, 4.1):  # less than half a step; more than 127 of them
        llr = multiples(unit)[1]
        np.testing.assert_array_equal(placed(llr, steps=4), llr)


# Decoders


CODES: Lazy[LinearCode] = Lazy(
    {
        "regular": lambda: LDPCCode.regular(96, 48, 4, seed=2),
        "punctured": lambda: LinearRateMatchedCode(
            LDPCCode(regular_matrix(96, 48, 3)), puncture=range(0, 96, 16)
        ),
    }
)
each_schedule = pytest.mark.parametrize("schedule", ["flooding", "layered"])
each_code = CODES.each("code")


def votes(code: LinearCode, f: float, observations: int, frames: int) -> Array:
    """For each bit of a random codeword, how many more observations say 0 than 1."""
    stream = Stream(3, frames)
    word = code.encode(stream.bits(code.k))
    return np.asarray(sum(1 - 2 * BSC(f=f).transmit(word, stream).astype(int) for _ in range(observations)))


def whole_llrs(votes: Array) -> LLRs:
    """Votes as LLRs, which are whole numbers: for these float64 is exact."""
    return votes.astype(np.float32)


@each_code
@each_schedule
@pytest.mark.parametrize(("f", "observations"), [(0.03, 1), (0.05, 1), (0.15, 3), (0.2, 4)])
@pytest.mark.parametrize("scale", [1, 0.5])
def test_min_sum_is_exact_where_llrs_are_few(
    code: LinearCode, schedule: Any, f: float, observations: int, scale: float
) -> None:
    """In float32 as in whole numbers, frame by frame, and in int8 where nothing saturates."""
    count = votes(code, f, observations, 400)
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "iterations": 8, "scale": scale}
    exact = reference_bp(code, whole_llrs(count), **options)
    unit = np.log((1 - f) / f)
    llr = (count * unit).astype(np.float32)
    if observations == 1:
        np.testing.assert_array_equal(llr, np.where(count > 0, 1, -1) * np.float32(unit))
    decoder = bp(code, **options)
    assert_same(decoder.decode(llr), exact)
    assert 0 < exact.ok.mean() < 1
    assert_same(decoder.decode(llr * np.float32(0.37)), exact)
    if scale == 1:
        few: dict[str, Any] = {**options, "iterations": 4}
        fixed = bp(code, **few, precision="int8", llr_scale=0.9 / unit)
        assert_same(fixed.decode(llr), reference_bp(code, whole_llrs(count), **few))


@each_schedule
def test_min_sum_with_an_offset_is_exact_on_the_grid(schedule: Any) -> None:
    count = votes(CODES["regular"], 0.05, 1, 400)
    llr = (count * np.log(19)).astype(np.float32)
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "iterations": 8, "offset": 0.25}
    exact = reference_bp(CODES["regular"], placed(llr, alone=True), **options)
    assert_same(bp(CODES["regular"], **options).decode(llr), exact)


@each_code
@each_schedule
def test_min_sum_is_exact_on_the_grid_of_any_levels(code: LinearCode, schedule: Any) -> None:
    """A quantiser's LLRs, and beside them bits that are known."""
    count = votes(code, 0.2, 4, 400)
    levels = np.array([0, 0.8123, 2.4117], np.float32)
    llr = np.sign(count) * levels[np.abs(count) // 2]
    llr[:, ::10] = 1000 * np.sign(count[:, ::10])
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "iterations": 6}
    exact = reference_bp(code, placed(llr, any_level=True), **options)
    assert_same(bp(code, **options).decode(llr.astype(np.float32)), exact)


def test_sum_product_takes_llrs_as_they_are() -> None:
    llr = (votes(CODES["regular"], 0.05, 1, 200) * np.log(19)).astype(np.float32)
    decoder = bp(CODES["regular"], iterations=5)
    groups = GroupInput.of_lanes(np.ascontiguousarray(llr.T), decoder.reads).soft()
    np.testing.assert_array_equal(groups[0, :, :64], llr[:64].T)


@pytest.mark.parametrize("unit", [1 / 3, np.log(9)])
def test_ties_of_correlations_are_ties(unit: float) -> None:
    """Three observations of each bit, all three or two alike: 3 u and u, which float32 has to round."""
    whole = np.random.default_rng(7).choice([-3, -1, 1, 3], (3000, 8))
    llr = (whole * unit).astype(np.float32)
    for decoder in (
        MaximumLikelihoodDecoder(HammingCode(r=3, extended=True)),
        MajorityDecoder(RepetitionCode(n=8, k=2)),
    ):
        exact = decoder.decode(whole.astype(np.float32))
        assert_same(decoder.decode(llr), exact)
        assert 0.3 < exact.ok.mean() < 0.9
