"""Stop rules, frame by frame, against a slow reference that adds one frame at a time."""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from capgap.simulate.link.counting.frame_counts import FrameCounts
from capgap.simulate.results.rows import Row, make_row
from capgap.simulate.statistics.intervals import relative_half_width
from capgap.simulate.statistics.stop_rules import StopRules, commit, ended_by
from capgap.simulate.statistics.tally import Tally


@dataclass(frozen=True, eq=False)
class Dense:
    """What every frame counts, one entry each."""

    bit_errors: npt.NDArray[np.int32]
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]

    def part(self, start: int, stop: int | None = None) -> FrameCounts:
        part = slice(start, stop)
        return FrameCounts.of(self.bit_errors[part], self.ok[part], self.iterations[part])


def make_counts(frames: int, rate: float, seed: int) -> Dense:
    rng = np.random.default_rng(seed)
    errors = np.where(rng.random(frames) < rate, rng.integers(1, 20, frames), 0).astype(np.int32)
    return Dense(errors, rng.random(frames) < 0.3, rng.integers(0, 50, frames).astype(np.int32))


def slow_commit(counts: Dense, stop: StopRules) -> tuple[Tally, str]:
    """One frame at a time, all rules after each."""
    tally = Tally()
    for i in range(len(counts.bit_errors)):
        e = int(counts.bit_errors[i])
        undetected = int(e > 0 and counts.ok[i])
        tally += Tally(1, int(e > 0), e, e * e, undetected, int(counts.iterations[i]))
        if stop.frame_errors is not None and tally.frame_errors >= stop.frame_errors:
            return tally, "frame_errors"
        if stop.bit_errors is not None and tally.bit_errors >= stop.bit_errors:
            return tally, "bit_errors"
        width = relative_half_width(tally.frame_errors, tally.frames)
        enough = tally.frame_errors >= 10
        if stop.relative_error is not None and enough and width <= stop.relative_error:
            return tally, "relative_error"
        if stop.frames is not None and tally.frames >= stop.frames:
            return tally, "frames"
    return tally, ""


def row_of(tally: Tally, stop: str) -> Row:
    numbers = {"n": 2, "k": 2, "rate": 1.0, "value": 0.1, "ebno_db": None, "esno_db": None, "seconds": 0.0}
    names = dict.fromkeys(("curve", "group", "code", "decoder", "channel", "parameter", "key"), "a")
    return make_row(tally, stop=stop, **names, **numbers)


@pytest.mark.parametrize("rules", [StopRules(frame_errors=2, frames=7), StopRules(bit_errors=3, frames=7)])
def test_the_unbiased_rate_is_unbiased(rules: StopRules) -> None:
    """All courses that a point can take, each with its probability: 0, 1 or 2 wrong bits in a frame."""
    law = (0.7, 0.2, 0.1)
    unbiased = plain = 0.0
    for course in itertools.product(range(3), repeat=7):
        errors = np.array(course, np.int32)
        counts = FrameCounts.of(errors, np.zeros(7, np.bool_), np.zeros(7, np.int32))
        row = row_of(*commit(Tally(), counts, rules))
        probability = float(np.prod([law[wrong] for wrong in course]))
        # Where the frames ended the point, its FER itself belongs to it.
        unbiased += probability * (row.fer if row.fer_unbiased is None else row.fer_unbiased)
        plain += probability * row.fer
    assert unbiased == pytest.approx(0.3, rel=1e-12)
    assert plain > 0.31


def test_there_is_an_unbiased_rate_where_a_count_of_errors_ended_the_point() -> None:
    tally = Tally(frames=101, frame_errors=11, bit_errors=15, bit_errors_squared=30)
    found = {
        stop: row_of(tally, stop).fer_unbiased
        for stop in ("frame_errors", "bit_errors", "frames", "relative_error", "seconds", "")
    }
    assert found.pop("frame_errors") == found.pop("bit_errors") == 0.1
    assert set(found.values()) == {None}
    assert row_of(Tally(9, 1, 1, 1), "frame_errors").fer_unbiased is None


RULES = [
    StopRules(frame_errors=7),
    StopRules(bit_errors=100),
    StopRules(frames=333),
    StopRules(relative_error=0.4),
    StopRules(frame_errors=20, bit_errors=200, frames=400),
    StopRules(frame_errors=1000),
    StopRules(frame_errors=1, frames=1),
]


@pytest.mark.parametrize("stop", RULES)
@pytest.mark.parametrize("rate", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_any_cut_into_blocks_stops_at_the_same_frame(stop: StopRules, rate: float, seed: int) -> None:
    counts = make_counts(600, rate, seed)
    expected = slow_commit(counts, stop)
    for cut in (1, 7, 64, 600):
        tally, rule = Tally(), ""
        most = 600 if stop.frames is None else stop.frames  # blocks do not go beyond it
        for start in range(0, most, cut):
            tally, rule = commit(tally, counts.part(start, min(start + cut, most)), stop)
            if rule:
                break
        assert (tally, rule) == expected


def test_a_tally_beyond_a_rule_ends_at_its_next_error() -> None:
    tally = Tally(frames=50, frame_errors=10, bit_errors=10, bit_errors_squared=10)
    counts = make_counts(100, 0.1, 1)
    following = int(np.flatnonzero(counts.bit_errors)[0]) + 1
    for stop, rule in [(StopRules(frame_errors=5), "frame_errors"), (StopRules(bit_errors=5), "bit_errors")]:
        assert ended_by(tally, 0, stop) == rule
        added, met = commit(tally, counts.part(0), stop)
        assert (added.frames, met) == (50 + following, rule)


def test_frames_beyond_the_limit_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond the limit of 20"):
        commit(Tally(), make_counts(30, 0.1, 1).part(0), StopRules(frames=20))


def test_ended_by_time() -> None:
    assert ended_by(Tally(), 3.0, StopRules(seconds=2)) == "seconds"
    assert ended_by(Tally(), 1.0, StopRules(seconds=2)) == ""


def test_relative_error_asks_for_ten_errors() -> None:
    """One error in one frame: the half-width is below half of the estimate, and tells nothing."""
    counts = make_counts(30, 1.0, 1)
    assert commit(Tally(), counts.part(0), StopRules(relative_error=0.6))[0].frame_errors == 10
