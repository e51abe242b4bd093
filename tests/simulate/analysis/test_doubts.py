"""What a run warns of, because it cannot be right."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import load_config, load_plugin, run
from capgap.simulate.analysis.doubts import doubts
from capgap.simulate.commands.command_line import main
from capgap.simulate.engine.point import Point
from capgap.simulate.link.link import OperatingPoint
from capgap.simulate.statistics.tally import Tally

from tests.lazy import but_slow

CHANNELS: list[dict[str, Any]] = [
    {"type": "awgn", "ebno_db": 3},
    {"type": "bsc", "f": 0.1},
    {"type": "bec", "epsilon": 0.2},
]


def point_of(channel: dict[str, Any], **code: Any) -> Point:
    curve = {"label": "a", "code": code}
    (made,) = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves
    return made.plan({}).points[0]


def with_ber(point: Point, ber: float, frames: int = 100_000) -> Point:
    """The point with counts as if independent bits had this error rate."""
    k = point.k
    errors = round(ber * frames * k)
    spread = round(errors * (1 + (k - 1) * ber))
    wrong = round(frames * (1 - (1 - ber) ** k))
    wrong = max(min(wrong, errors), -(-errors // k))
    return replace(point, tally=Tally(frames, wrong, errors, spread, 0, 0))


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel["type"])
def test_uncoded_on_its_closed_form_is_believed_and_off_it_is_not(channel: dict[str, Any]) -> None:
    point = point_of(channel, type="uncoded", k=20)
    assert isinstance(point.at, OperatingPoint)
    exact = point.at.channel.uncoded_ber(point.experiment.parameter, point.value)
    assert exact is not None
    assert list(doubts([with_ber(point, exact)])) == []
    for factor in (1.1, 0.9):
        (doubt,) = doubts([with_ber(point, exact * factor)])
        assert "off the closed form of uncoded transmission" in doubt


def test_more_than_half_of_the_bits_wrong() -> None:
    point = point_of({"type": "bsc", "f": 0.5}, type="spc", n=5)
    assert list(doubts([with_ber(point, 0.5)])) == []
    (doubt,) = doubts([with_ber(point, 0.51)])
    assert "is above one half" in doubt


@pytest.mark.parametrize("channel", [{"type": "bsc", "f": 0.3}, {"type": "awgn", "ebno_db": -3}])
def test_a_curve_beyond_the_shannon_limit(channel: dict[str, Any]) -> None:
    point = point_of(channel, type="hamming", r=3)
    (doubt,) = doubts([with_ber(point, 1e-4)])
    assert "a: the BER of 0.0001 at " in doubt
    assert "lies beyond the Shannon limit: at this capacity, no code of rate 0.571 has less than" in doubt
    assert list(doubts([with_ber(point, 0.4)])) == []
    assert list(doubts([with_ber(point, 0.0, frames=3)])) == []  # three frames say nothing
    assert list(doubts([replace(point, tally=Tally())])) == []


CHEAT = '''
import numpy as np
from capgap.channels import BSC
from capgap.simulate import register_channel


@register_channel("kind")
class Kind(BSC):
    """Flips half as many bits as it says."""

    def transmit(self, word, stream):
        flips = super().transmit(np.zeros_like(word, order="F"), stream)
        return word ^ (flips & stream.bits(word.shape[1]))


@register_channel("inverted")
class Inverted(BSC):
    """Has the signs of its LLRs the wrong way round."""

    def llr(self, received):
        return -super().llr(received)
'''


@pytest.fixture
def cheats(tmp_path: Path, clean_registry: None) -> Path:
    (tmp_path / "cheat.py").write_text(CHEAT)
    return tmp_path / "cheat.py"


def test_a_run_warns(cheats: Path) -> None:
    load_plugin(str(cheats))
    config: dict[str, Any] = {
        "name": "a",
        "channel": {"type": "kind", "f": [0.2, 0.02]},
        "curves": [
            {"label": "uncoded", "code": {"type": "uncoded", "k": 50}},
            {"label": "inverted", "code": {"type": "spc", "n": 9}, "channel": {"type": "inverted", "f": 0.1}},
            {"label": "honest", "code": {"type": "uncoded", "k": 50}, "channel": {"type": "bsc", "f": 0.1}},
        ],
        "stop": {"frames": 5000},
    }
    off, off_too, inverted = run(config, save=False).warnings
    assert re.search(r"uncoded: the BER of 0.1\d* at f = 0.2 is off the closed form", off)
    assert "f = 0.02 is off" in off_too
    assert re.search(r"inverted: the BER of 0.8\d* at f = 0.1 is above one half", inverted)


def test_the_command_line_shows_it_even_if_quiet(
    cheats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "name: a\nchannel: {type: kind, f: 0.2}\n"
        "curves: [{label: a, code: {type: uncoded, k: 50}}]\nstop: {frames: 5000}\n"
    )
    arguments = ["run", str(file), "--plugin", str(cheats), "--quiet", "--out", str(tmp_path / "r")]
    assert main(arguments) == 0
    assert "capgap: warning: a: the BER of 0.1" in capsys.readouterr().err


CONFIGS = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))


@pytest.mark.parametrize("config", but_slow(CONFIGS, CONFIGS[::3]), ids=lambda config: config.stem)
def test_shipped_results_are_believed(root: Path, config: Path) -> None:
    from capgap.simulate import load_results

    known = {row.key: row for row in load_results(root / "results" / config.stem)}
    for curve in load_config(config).curves:
        assert list(doubts(curve.plan(known).points)) == []
