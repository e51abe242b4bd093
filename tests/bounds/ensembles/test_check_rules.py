"""Checks on the grid of LLRs, against sums over all pairs; sums of variables, against convolutions."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from capgap.bounds.ensembles.densities.check_rules import CheckRule, MinSum, SumProduct
from capgap.bounds.ensembles.densities.llr_grid import Grid, channel_density, grid_for
from capgap.bounds.ensembles.densities.sums import DirectSums, TransformedSums
from capgap.channels import AWGN, BSC

GRID = Grid(0.25, 40)


def some_density(seed: int) -> npt.NDArray[np.float64]:
    """A density with a mass at every point of the grid."""
    density = np.random.default_rng(seed).random(2 * GRID.points + 1)
    return np.asarray(density / density.sum())


def over_all_pairs(
    rule: Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    first: npt.NDArray[np.float64],
    second: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The density of a rule's messages, rounded to the grid."""
    values = np.asarray(GRID.step * np.arange(-GRID.points, GRID.points + 1), np.float64)
    sent = rule(values[:, None], values[None, :]) / GRID.step
    # half a step is rounded to even magnitudes, as by the rule
    place = (np.sign(sent) * np.rint(abs(sent))).astype(int) + GRID.points
    return np.asarray(np.bincount(place.ravel(), np.outer(first, second).ravel(), len(values)), np.float64)


def exact_check(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(2 * np.arctanh(np.tanh(a / 2) * np.tanh(b / 2)))


def least(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.sign(a) * np.sign(b) * np.minimum(abs(a), abs(b)))


@pytest.mark.parametrize(("rule", "formula"), [(SumProduct, exact_check), (MinSum, least)])
def test_a_check_of_two_messages_is_exact_on_the_grid(
    rule: Callable[[Grid], CheckRule],
    formula: Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], npt.NDArray[np.float64]],
) -> None:
    first, second = some_density(1), some_density(2)
    found = GRID.whole(rule(GRID).pair(GRID.halves(first), GRID.halves(second)))
    np.testing.assert_allclose(found, over_all_pairs(formula, first, second), atol=1e-12)


@pytest.mark.parametrize("rule", [SumProduct, MinSum])
def test_powers_are_pairs_of_pairs(rule: Callable[[Grid], CheckRule]) -> None:
    check = rule(GRID)
    message = GRID.halves(some_density(3))
    mixed = check.powers(message, {1: 0.25, 2: 0.25, 4: 0.5})
    two = check.pair(message, message)
    expected = 0.25 * message + 0.25 * two + 0.5 * check.pair(two, two)
    np.testing.assert_allclose(mixed, expected, atol=1e-12)


def test_factor_and_offset_move_magnitudes() -> None:
    message = GRID.halves(np.eye(81)[40 + 20])  # an LLR of 5
    moved = GRID.whole(MinSum(GRID, 0.5, 0.25).powers(message, {1: 1.0}))
    assert moved @ (GRID.step * np.arange(-40, 41)) == pytest.approx(2.25)
    nothing = GRID.whole(MinSum(GRID, 1.0, 6.0).powers(message, {1: 1.0}))
    assert nothing[40] == 1.0


@pytest.mark.parametrize("sums", [DirectSums, TransformedSums])
def test_variables_add_what_they_are_told(sums: type[DirectSums] | type[TransformedSums]) -> None:
    channel, told = some_density(4), some_density(5)
    found = sums(GRID, {2: 0.75}, {1: 0.25}).of(channel, told)
    whole = np.convolve(channel, np.convolve(told, told))
    expected = 0.75 * whole[80:161]
    expected[0] += 0.75 * whole[:80].sum()
    expected[-1] += 0.75 * whole[161:].sum()
    expected += 0.25 * told
    off = abs(found - expected)
    off[[0, 1, -2, -1]] = 0  # direct sums keep even and odd multiples apart at the ends
    assert off.max() < 1e-12
    assert found.sum() == pytest.approx(1)


def test_many_messages_are_added_by_halves() -> None:
    grid = Grid(0.25, 400)
    channel = channel_density(AWGN(esno_db=0), grid)
    told = grid.gaussian(0.4, 0.9)
    found = TransformedSums(grid, {20: 1.0}, {}).of(channel, told)
    many = channel
    for _ in range(20):
        many = grid.clipped(np.convolve(many, told), 800)
    np.testing.assert_allclose(found, many, atol=1e-11)


def test_a_grid_for_a_bsc_has_its_llr_as_a_multiple() -> None:
    channel = BSC(f=0.07)
    size = float(np.log(0.93 / 0.07))
    grid = grid_for(channel, 0.05, 30.0)
    assert size / grid.step == pytest.approx(round(size / grid.step))
    density = channel_density(channel, grid)
    assert np.count_nonzero(density) == 2
    assert grid.error(density) == pytest.approx(0.07)
    assert grid_for(channel, 0.05, 30.0, 63).step == pytest.approx(size)
