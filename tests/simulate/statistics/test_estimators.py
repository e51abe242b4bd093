"""Rates of frames with weights: exact sums, intervals, what sums can be."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from capgap.simulate.link.counting.frame_counts import WEIGHTS, FrameCounts
from capgap.simulate.results.rows import Row, make_row
from capgap.simulate.statistics.estimators import ESTIMATORS, Binomial, Weighted, estimator_of
from capgap.simulate.statistics.exact_weights import weight_sums, whole_weights
from capgap.simulate.statistics.intervals import binomial_interval, relative_half_width
from capgap.simulate.statistics.stop_rules import StopRules, commit, ended_by
from capgap.simulate.statistics.tally import Tally

#: Of all kinds: 0, subnormal, the least, ordinary and the largest.
ODD = [0.0, -0.0, 1e-45, 1.1754942e-38, 1.1754944e-38, 3e-20, 0.1, 1.0, 7.25, 3.4028235e38]


def slow_sums(weights: Sequence[np.float32], bits: Sequence[int]) -> dict[str, int]:
    """With fractions, one frame after the other."""
    exact = [Fraction(float(weight)) for weight in weights]
    pairs = list(zip(exact, bits, strict=True))
    sums = (
        sum(exact) * 2**149,
        sum(w * w for w in exact) * 2**298,
        sum(w * b for w, b in pairs) * 2**149,
        sum((w * b) ** 2 for w, b in pairs) * 2**298,
    )
    assert all(Fraction(each).denominator == 1 for each in sums)
    return {name: int(each) for name, each in zip(WEIGHTS, sums, strict=True)}


def some_weights(size: int, seed: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    rng = np.random.default_rng(seed)
    weights = np.exp(rng.normal(-20, 15, size)).astype(np.float32)
    return weights, rng.integers(1, 2**31, size).astype(np.int32)


def test_sums_of_weights_are_exact() -> None:
    weights, bits = some_weights(300, 1)
    weights = np.concatenate([weights, np.array(ODD, np.float32)])
    bits = np.concatenate([bits, np.full(len(ODD), 2**31 - 1, np.int32)])
    expected = slow_sums(list(weights), bits.tolist())
    assert weight_sums(weights, bits) == expected
    assert sum(whole_weights(weights)) == expected["weight"]
    assert weight_sums(weights[:0], bits[:0]) == dict.fromkeys(WEIGHTS, 0)


def test_many_equal_weights_leave_no_range() -> None:
    """More than int64 has room for, of the largest digits there are."""
    size = 1 << 17
    weights = np.full(size, np.nextafter(np.float32(2), np.float32(0)))
    bits = np.full(size, 2**31 - 1, np.int32)
    one = slow_sums(list(weights[:1]), [2**31 - 1])
    assert weight_sums(weights, bits) == {name: size * each for name, each in one.items()}


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_what_is_no_weight_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite and 0 or more"):
        weight_sums(np.array([1, wrong], np.float32), np.ones(2, np.int32))
    with pytest.raises(ValueError, match="must be float32, got float64"):
        weight_sums(np.ones(2), np.ones(2, np.int32))  # type: ignore[arg-type]


class Course:
    """Frames with weights, and how they are cut into blocks."""

    def __init__(self, frames: int, rate: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.bits = np.where(rng.random(frames) < rate, rng.integers(1, 9, frames), 0).astype(np.int32)
        self.weights = np.exp(rng.normal(-3, 1, frames)).astype(np.float32)

    def part(self, start: int, stop: int) -> FrameCounts:
        part = slice(start, stop)
        bits = self.bits[part]
        nothing = np.zeros(len(bits), np.int32)
        counted = {"ones": np.arange(start, stop, dtype=np.int32)}
        return FrameCounts.of(bits, nothing > 0, nothing, counted, self.weights[part])


@pytest.mark.parametrize("stop", [StopRules(), StopRules(frame_errors=30), StopRules(relative_error=0.5)])
def test_sums_do_not_depend_on_how_blocks_are_cut(stop: StopRules) -> None:
    course = Course(900, 0.1, 4)
    expected, rule = commit(Tally(), course.part(0, 900), stop)
    end = expected.frames
    wrong = course.bits[:end] > 0
    exact = slow_sums(list(course.weights[:end][wrong]), course.bits[:end][wrong].tolist())
    assert dict(expected.counters) == {**exact, "ones": end * (end - 1) // 2}
    if stop.relative_error is not None:
        assert rule == "relative_error"
        assert ended_by(expected, 0.0, stop) == rule
        assert not ended_by(commit(Tally(), course.part(0, end - 1), StopRules())[0], 0.0, stop)
    for cut in (1, 7, 64, 899):
        tally, met = Tally(), ""
        for start in range(0, 900, cut):
            tally, met = commit(tally, course.part(start, min(start + cut, 900)), stop)
            if met:
                break
        assert (tally, met) == (expected, rule)


def weighted_tally(frames: int, weights: Sequence[float], bits: Sequence[int]) -> Tally:
    counts = np.zeros(frames, np.int32)
    counts[: len(bits)] = bits
    weight = np.ones(frames, np.float32)
    weight[: len(bits)] = weights
    nothing = np.zeros(frames, np.int32)
    return Tally.of(FrameCounts.of(counts, nothing > 0, nothing, weights=weight))


def test_weights_of_one_are_plain_counting() -> None:
    """The same estimate, and the interval of the wrong frames alone."""
    tally = weighted_tally(500, [1.0] * 20, [2] * 20)
    plain, weighted = Binomial(), estimator_of(tally.names)
    assert isinstance(weighted, Weighted)
    assert weighted.fer(tally) == plain.fer(tally)
    assert weighted.ber(tally, 8) == plain.ber(tally, 8)
    for inverse in (False, True):
        expected = [float(each) for each in binomial_interval(20, 500, inverse=inverse)]
        assert weighted.fer_interval(tally, inverse=inverse) == pytest.approx(expected)
    assert weighted.relative_width(tally) == pytest.approx(float(relative_half_width(20, 500)))


def test_where_nothing_was_seen_the_interval_is_everything() -> None:
    """Right frames under another law say nothing of the rate, as weights have no bound."""
    for tally in (weighted_tally(500, [], []), weighted_tally(500, [0.0], [1])):
        estimator = estimator_of(tally.names)
        assert estimator.fer_interval(tally, inverse=False) == (0.0, 1.0)
        assert estimator.relative_width(tally) == math.inf


def test_an_estimate_above_one_has_an_interval_that_holds_it() -> None:
    tally = weighted_tally(10, [5.0] * 8, [1] * 8)
    estimator = estimator_of(tally.names)
    assert estimator.fer(tally) == 4.0
    low, high = estimator.fer_interval(tally, inverse=False)
    assert low < 4.0 <= high


def test_the_interval_covers() -> None:
    """A tail of a normal, sampled with a larger mean: P(X > 4) from 400 frames a run, with weights.

    Of 2000 runs the share that covers lies within 5 standard deviations of 0.95, and estimates average to the
    probability within 5 of theirs; both with a fixed seed. Wrong frames have 1 to 7 wrong bits of 8.
    """
    rng, runs, frames, shift = np.random.default_rng(1), 2000, 400, 4.0
    exact = 0.5 * math.erfc(4 / math.sqrt(2))
    covered = covered_bits = 0
    estimates = np.empty(runs)
    for i in range(runs):
        x = rng.normal(shift, 1, frames)
        weights = np.exp(shift * shift / 2 - shift * x).astype(np.float32)
        wrong = np.where(x > 4, rng.integers(1, 8, frames), 0).astype(np.int32)
        counts = FrameCounts.of(wrong, wrong < 0, wrong, weights=weights)
        tally = Tally.of(counts)
        low, high = Weighted().fer_interval(tally, inverse=False)
        covered += low <= exact <= high
        low, high = Weighted().ber_interval(tally, 8, inverse=False)
        covered_bits += low <= exact / 2 <= high
        estimates[i] = Weighted().fer(tally)
    for seen in (covered, covered_bits):
        assert seen / runs == pytest.approx(0.95, abs=5 * math.sqrt(0.95 * 0.05 / runs))
    assert estimates.mean() == pytest.approx(exact, abs=5 * estimates.std() / math.sqrt(runs))


def row_of(tally: Tally) -> Row:
    numbers = {"n": 8, "k": 8, "rate": 1.0, "value": 0.1, "ebno_db": None, "esno_db": None, "seconds": 0.0}
    names = dict.fromkeys(("curve", "group", "code", "decoder", "channel", "parameter", "key"), "a")
    return make_row(tally, stop="frame_errors", **names, **numbers)


def test_a_row_has_the_estimator_of_its_counters() -> None:
    tally = weighted_tally(500, [0.25] * 20, [2] * 20)
    row = row_of(tally)
    assert row.estimator.name == "weighted"
    assert row.fer == 0.25 * 20 / 500
    assert row.ber == 0.25 * 40 / (500 * 8)
    assert row.fer_low < row.fer < row.fer_high
    assert row.tally == tally
    assert row.fer_unbiased is None
    assert row_of(replace(tally, counters=())).estimator.name == "binomial"


def test_sums_that_contradict_each_other_are_told() -> None:
    tally = weighted_tally(500, [0.25, 0.5, 0.125], [2, 1, 8])
    estimator, named = estimator_of(tally.names), dict(tally.counters)
    assert estimator.consistent(tally, 8)
    for name in WEIGHTS:
        for factor in (0, 1000):
            wrong = replace(tally, counters=tuple(sorted({**named, name: factor * named[name]}.items())))
            assert not estimator.consistent(wrong, 8), (name, factor)
    for each in ESTIMATORS:
        assert not each.consistent(replace(tally, frames=2), 8)
        assert not each.consistent(replace(tally, bit_errors_squared=1), 8)


def test_counters_of_other_names_are_not_added() -> None:
    one = Tally(frames=1, counters=(("a", 1),))
    assert one + one == Tally(frames=2, counters=(("a", 2),))
    assert Tally() + one == one + Tally() == one
    with pytest.raises(ValueError, match="the counters a cannot be added to no further counters"):
        _ = one + Tally(frames=1)
