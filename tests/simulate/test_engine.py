"""The engine: the same counts whatever the workers, the blocks and the interruptions."""

from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError
from capgap.simulate import engine as engine_module
from capgap.simulate.config import load_config
from capgap.simulate.config_models import StopRules
from capgap.simulate.engine import Engine, Point
from capgap.simulate.link import Link
from capgap.simulate.tally import Tally, commit


def points_of(config: dict[str, Any]) -> list[Point]:
    links = load_config(config).links
    return [Point(link, i) for link in links for i in range(len(link.channels))]


def outcome(points: list[Point]) -> list[tuple[str, float, Tally, str]]:
    return [(point.link.label, point.value, point.tally, point.stop) for point in points]


def run_engine(config: dict[str, Any], workers: int) -> list[tuple[str, float, Tally, str]]:
    points = points_of(config)
    Engine(points, load_config(config).stop, workers).run()
    return outcome(points)


DECODERS: list[dict[str, Any]] = [
    {"code": {"type": "uncoded", "k": 9}, "decoder": {"type": "hard"}},
    {"code": {"type": "repetition", "n": 6, "k": 2}, "decoder": {"type": "majority"}},
    {"code": {"type": "hamming", "r": 3, "extended": True}, "decoder": {"type": "syndrome"}},
    {"code": {"type": "hamming", "r": 3}, "decoder": {"type": "ml"}},
    *(
        {
            "code": {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3},
            "decoder": {"type": "bp", "algorithm": algorithm, "schedule": schedule, "iterations": 8},
        }
        for algorithm in ("sum-product", "min-sum")
        for schedule in ("flooding", "layered")
    ),
]


@pytest.mark.parametrize(
    "channel",
    [
        {"type": "awgn", "ebno_db": [2, 5]},
        {"type": "bsc", "f": [0.06, 0.02]},
        {"type": "bec", "epsilon": [0.3, 0.1]},
    ],
    ids=lambda channel: channel["type"],
)
def test_one_worker_counts_as_four(channel: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decoder, on every channel; and with blocks and passes of other sizes."""
    curves = [{"label": str(i), **link} for i, link in enumerate(DECODERS)]
    config = {
        "name": "a",
        "channel": channel,
        "curves": curves,
        "stop": {"frame_errors": 30, "bit_errors": 90, "relative_error": 0.3, "frames": 3000},
    }
    expected = run_engine(config, 1)
    assert run_engine(config, 4) == expected
    monkeypatch.setattr(engine_module, "BLOCK_SECONDS", 1e-4)
    monkeypatch.setattr(Link, "pass_frames", property(lambda self: 23))
    assert run_engine(config, 3) == expected


def test_counts_are_those_of_one_long_block(config: dict[str, Any]) -> None:
    """The engine against the plain definition: simulate many frames, cut at the first rule met."""
    points = points_of(config)
    stop = load_config(config).stop
    Engine(points, stop, 2).run()
    for point in points:
        counts = point.link.simulate(point.index, 0, 20_000)
        assert (point.tally, point.stop) == commit(Tally(), counts, stop)


def test_any_frame_can_be_simulated_alone(config: dict[str, Any]) -> None:
    for link in load_config(config).links:
        together = link.simulate(0, 100, 50)
        for i in (0, 7, 49):
            alone = link.simulate(0, 100 + i, 1)
            assert alone.bit_errors[0] == together.bit_errors[i]
            assert alone.undetected[0] == together.undetected[i]
            assert alone.iterations[0] == together.iterations[i]


def test_interrupted_and_resumed_is_uninterrupted(config: dict[str, Any]) -> None:
    """Ctrl-C after a few commits, again and again, then to the end."""
    expected = run_engine(config, 2)
    points = points_of(config)
    stop = load_config(config).stop
    for patience in (1, 2, 3, 5):
        commits = 0

        def interrupt(point: Point, patience: int = patience) -> None:
            nonlocal commits
            commits += 1
            if commits == patience:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Engine(points, stop, 2, interrupt).run()
        points = [
            Point(point.link, point.index, tally=point.tally, seconds=point.seconds, stop=point.stop)
            for point in points
        ]
    Engine(points, stop, 2).run()
    assert outcome(points) == expected


def test_raised_limits_continue(config: dict[str, Any]) -> None:
    points = points_of(config)
    Engine(points, StopRules(frame_errors=10, frames=20_000), 2).run()
    Engine(points, load_config(config).stop, 2).run()
    assert outcome(points) == run_engine(config, 2)


def test_time_limit_ends_a_point() -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0},
        "curves": [{"label": "a", "code": {"type": "spc", "n": 4}}],
        "stop": {"seconds": 0.3},
    }
    points = points_of(config)
    Engine(points, load_config(config).stop, 2).run()
    assert points[0].stop == "seconds"
    assert points[0].seconds >= 0.3
    assert points[0].tally.frames > 0
    assert points[0].tally.frame_errors == 0


def test_a_failing_decoder_is_not_hidden(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    points = points_of(config)
    real = Link.simulate

    def failing(self: Link, point: int, first: int, frames: int) -> Any:
        if self.label == "LDPC" and first > 0:
            raise RuntimeError("out of luck")
        return real(self, point, first, frames)

    monkeypatch.setattr(Link, "simulate", failing)
    with pytest.raises(
        InputError, match=r"test_engine.py:\d+: simulating 'LDPC' .* RuntimeError: out of luck"
    ):
        Engine(points, load_config(config).stop, 2).run()
    assert points[0].tally.frames > 0


def test_little_is_thrown_away() -> None:
    """Frames computed beyond a point's end stay few beside those counted."""
    config = {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [3, 4, 5]},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}}],
        "stop": {"frame_errors": 300, "frames": 10**6},
    }
    points = points_of(config)
    engine = Engine(points, load_config(config).stop, 2)
    engine.run()
    assert engine.discarded < 0.1 * sum(point.tally.frames for point in points)


def test_streams_of_points_differ(config: dict[str, Any]) -> None:
    """The same code at two values, and under another seed, meets other frames."""
    (one, *_), (other, *_) = load_config(config).links, load_config({**config, "seed": 6}).links
    a, b, c = one.simulate(0, 0, 500), one.simulate(1, 0, 500), other.simulate(0, 0, 500)
    assert not np.array_equal(a.bit_errors, b.bit_errors)
    assert not np.array_equal(a.bit_errors, c.bit_errors)
