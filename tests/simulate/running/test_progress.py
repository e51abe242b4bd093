"""What a run shows while it goes on."""

import io
import re
import sys
from typing import Any

import pytest
from capgap.simulate import run
from capgap.simulate.running import progress


class Terminal(io.StringIO):
    """Text that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def shown(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, out: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    run(config, save=False, quiet=False)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())


@pytest.mark.parametrize("out", [Terminal(), io.StringIO()], ids=["terminal", "file"])
def test_a_line_for_each_point(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, out: io.StringIO
) -> None:
    text = shown(config, monkeypatch, out)
    finished = [line for line in text.splitlines() if re.search(r"frame_errors\s*$|\bframes\s*$", line)]
    for label in ("Uncoded", "Hamming", "LDPC"):
        assert len([line for line in finished if line.startswith(label)]) == 2
    assert "FER" in text
    assert "Mb/s" in text


def test_the_terminal_says_when_it_compiles_and_how_far_it_is(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown(config, monkeypatch, Terminal())
    assert "0 of 6 points done; compiling" in text
    assert "6 of 6 points done" in text


def test_running_points_are_shown_now_and_then(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", 0.0)
    config["stop"] = {"frame_errors": 3000, "frames": 30_000}
    text = shown(config, monkeypatch, io.StringIO())
    assert re.search(r"LDPC .* \d+ s$", text, re.M)


def test_durations() -> None:
    assert [progress.duration(seconds) for seconds in (3, 90, 7200, 10**6)] == [
        "3 s",
        "2 min",
        "2.0 h",
        "12 days",
    ]
