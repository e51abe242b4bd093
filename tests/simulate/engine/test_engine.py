"""The engine: the same counts whatever the workers, the blocks and the interruptions."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError
from capgap.simulate.configuration.load import load_config
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.experiment import Experiment, ExperimentPoint
from capgap.simulate.engine.plans import Plan
from capgap.simulate.engine.point import Point
from capgap.simulate.engine.workers import Outcome, Threads
from capgap.simulate.link.link import Link, OperatingPoint
from capgap.simulate.results.rows import Row
from capgap.simulate.running.progress import time_left
from capgap.simulate.statistics.stop_rules import commit
from capgap.simulate.statistics.tally import Tally


def plans_of(config: dict[str, Any], known: Mapping[str, Row] | None = None) -> list[Plan]:
    return [curve.plan(known or {}) for curve in load_config(config).curves]


def points_of(plans: list[Plan]) -> list[Point]:
    return [point for plan in plans for point in plan.points]


def outcome(plans: list[Plan]) -> list[tuple[str, float, Tally, str]]:
    return [(point.experiment.label, point.value, point.tally, point.stop) for point in points_of(plans)]


def run_plans(plans: list[Plan], workers: int, on_commit: Any = lambda point: None) -> Engine:
    with Threads(workers) as threads:
        engine = Engine(plans, threads, on_commit)
        engine.run()
    return engine


def run_engine(config: dict[str, Any], workers: int) -> list[tuple[str, float, Tally, str]]:
    plans = plans_of(config)
    run_plans(plans, workers)
    return outcome(plans)


@pytest.mark.cpu_seconds(20)  # every decoder
def test_one_worker_counts_as_four(every_decoder: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decoder, and every channel; and with blocks and passes of other sizes."""
    expected = run_engine(every_decoder, 1)
    assert run_engine(every_decoder, 4) == expected
    monkeypatch.setattr(Threads, "block_seconds", 1e-4)
    monkeypatch.setattr(Link, "pass_frames", property(lambda self: 23))
    assert run_engine(every_decoder, 3) == expected


def test_counts_are_those_of_one_long_block(config: dict[str, Any]) -> None:
    """The engine against the plain definition: simulate many frames, cut at the first rule met."""
    plans = plans_of(config)
    run_plans(plans, 2)
    for point in points_of(plans):
        counts = point.experiment.simulate(point.at, 0, 20_000)
        assert (point.tally, point.stop) == commit(Tally(), counts, point.rules)


def test_any_frame_can_be_simulated_alone(config: dict[str, Any]) -> None:
    for curve in load_config(config).curves:
        link, at = curve.link, curve.link.at(curve.values[0])
        together = link.send(at, 100, 50)
        for i in (0, 7, 49):
            alone = link.send(at, 100 + i, 1)
            assert alone.bit_errors[0] == together.bit_errors[i]
            assert alone.result.ok[0] == together.result.ok[i]
            assert alone.result.iterations[0] == together.result.iterations[i]


class Interrupt:
    """Ctrl-C after some commits."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def __call__(self, point: Point) -> None:
        self.patience -= 1
        if not self.patience:
            raise KeyboardInterrupt


def rows_of(plans: list[Plan]) -> dict[str, Row]:
    return {point.key: point.row() for point in points_of(plans) if point.tally.frames}


def test_interrupted_and_resumed_is_uninterrupted(every_decoder: dict[str, Any]) -> None:
    """Ctrl-C after a few commits, again and again, then to the end; every decoder, and every channel."""
    expected = run_engine(every_decoder, 2)
    known: dict[str, Row] = {}
    for patience in (1, 2, 3, 5, 8, 13):
        plans = plans_of(every_decoder, known)
        with pytest.raises(KeyboardInterrupt):
            run_plans(plans, 2, Interrupt(patience))
        known = rows_of(plans)
    plans = plans_of(every_decoder, known)
    run_plans(plans, 2)
    assert outcome(plans) == expected


def test_raised_limits_continue(config: dict[str, Any]) -> None:
    plans = plans_of({**config, "stop": {"frame_errors": 10, "frames": 20_000}})
    run_plans(plans, 2)
    plans = plans_of(config, rows_of(plans))
    run_plans(plans, 2)
    assert outcome(plans) == run_engine(config, 2)


def test_time_limit_ends_a_point() -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0},
        "curves": [{"label": "a", "code": {"type": "spc", "n": 4}}],
        "stop": {"seconds": 0.3},
    }
    plans = plans_of(config)
    run_plans(plans, 2)
    (point,) = points_of(plans)
    assert point.stop == "seconds"
    assert point.seconds >= 0.3
    assert point.tally.frames > 0
    assert point.tally.frame_errors == 0


def test_an_interrupted_point_ends_at_lowered_limits(config: dict[str, Any]) -> None:
    """It has more errors and more frames than are asked for now: the frames end it."""
    plans = plans_of({**config, "stop": {"frames": 20_000}})
    with pytest.raises(KeyboardInterrupt):
        run_plans(plans, 2, Interrupt(3))
    lowered = {**config, "stop": {"frame_errors": 2, "frames": 5}}
    plans = plans_of(lowered, rows_of(plans))
    run_plans(plans, 2)
    assert all(point.stop for point in points_of(plans))
    assert all(plan.done for plan in plans)


def test_looking_at_plans_changes_nothing(config: dict[str, Any]) -> None:
    """The display looks at them from a thread of its own, at any moment."""
    config["curves"][1] |= {"target": {"fer": 0.05, "within": 0.1}, "channel": {"ebno_db": [0, 9]}}
    plans, looked = plans_of(config), plans_of(config)

    def look(point: Point) -> None:
        for _ in range(3):
            assert isinstance(time_left(looked), tuple)
            assert isinstance([plan.done for plan in looked], list)

    run_plans(plans, 2)
    run_plans(looked, 2, look)
    assert outcome(looked) == outcome(plans)


class Mortal(Threads):
    """Workers of which some are lost, with their blocks, or forget them."""

    def __init__(self, count: int, losses: int) -> None:
        super().__init__(count)
        self.losses, self.submitted = losses, 0

    def submit(
        self, experiment: Experiment[Any], point: ExperimentPoint, first: int, frames: int
    ) -> "Future[Outcome]":
        self.submitted += 1
        future: Future[Outcome] = Future()
        if self.submitted % 3 or self.losses == 0:
            return super().submit(experiment, point, first, frames)
        self.losses -= 1
        if self.losses % 2:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(ConnectionResetError("gone"))
        return future

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, ConnectionResetError)


def test_blocks_of_lost_workers_are_computed_again(config: dict[str, Any]) -> None:
    plans = plans_of(config)
    with Mortal(2, losses=50) as workers:
        Engine(plans, workers).run()
    assert workers.losses < 50
    assert outcome(plans) == run_engine(config, 2)


def test_a_block_that_loses_every_worker_is_given_up(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for want of memory: it does not go round for ever."""
    monkeypatch.setattr(Mortal, "submit", lambda self, *block: Lost())
    words = r"'Uncoded' .* workers were lost 11 times on the same frames"
    with Mortal(1, losses=0) as workers, pytest.raises(InputError, match=words):
        Engine(plans_of(config), workers).run()


class Lost(Future[Outcome]):
    """A block whose worker was lost."""

    def __init__(self) -> None:
        super().__init__()
        self.set_exception(ConnectionResetError("gone"))


def test_a_failing_decoder_is_not_hidden(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    plans = plans_of(config)
    real = Link.simulate

    def failing(self: Link, point: OperatingPoint, first: int, frames: int) -> Any:
        if self.label == "LDPC" and first > 0:
            raise RuntimeError("out of luck")
        return real(self, point, first, frames)

    monkeypatch.setattr(Link, "simulate", failing)
    with pytest.raises(
        InputError, match=r"test_engine.py:\d+: simulating 'LDPC' .* RuntimeError: out of luck"
    ):
        run_plans(plans, 2)
    assert points_of(plans)[0].tally.frames > 0


def test_little_is_thrown_away() -> None:
    """Frames computed beyond a point's end stay few beside those counted."""
    config = {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [3, 4, 5]},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}}],
        "stop": {"frame_errors": 300, "frames": 10**6},
    }
    plans = plans_of(config)
    engine = run_plans(plans, 2)
    assert engine.discarded < 0.1 * sum(point.tally.frames for point in points_of(plans))


def test_streams_of_points_differ(config: dict[str, Any]) -> None:
    """The same code at two values, and under another seed, meets other frames."""
    (one, *_), (other, *_) = load_config(config).curves, load_config({**config, "seed": 6}).curves
    points = [(one.link, one.link.at(1)), (one.link, one.link.at(4)), (other.link, other.link.at(1))]
    a, b, c = (link.send(at, 0, 500).bits for link, at in points)
    assert not np.array_equal(a, b)
    assert not np.array_equal(a, c)
