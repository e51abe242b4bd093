"""Every shipped configuration runs, and the committed results are its own."""

from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import load_config, load_results, run
from capgap.simulate.tally import Tally

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
NAMES = sorted(file.stem for file in CONFIGS.glob("*.yaml"))


def test_there_are_the_promised_ones() -> None:
    assert {"quickstart", "awgn", "bsc", "bec", "repetition-hamming-bsc"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_with_a_handful_of_frames(name: str, tmp_path: Path) -> None:
    file = CONFIGS / f"{name}.yaml"
    results = run(
        file, out=tmp_path, changes=["stop.frames=70", "stop.frame_errors=5", "stop.without_errors=continue"]
    )
    config = load_config(file)
    assert config.name == name
    assert len(results) == sum(len(curve.values) for curve in config.curves)
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_results_are_complete_and_of_this_configuration(name: str, root: Path) -> None:
    """Same points, same keys, all ended: a run on a clone would find nothing to do."""
    config = load_config(CONFIGS / f"{name}.yaml")
    rows = load_results(root / "results" / name).rows
    assert [row.key for row in rows] == [key for curve in config.curves for key in curve.keys]
    assert all(row.stop for row in rows)
    for file in (f"{name}.png", f"{name}.svg", "config.yaml", "run.json"):
        assert (root / "results" / name / file).exists()


@pytest.mark.parametrize("name", NAMES)
def test_committed_counts_come_out_again(name: str, root: Path) -> None:
    """The cheapest points of the committed results are simulated anew: the same counts to the last bit."""
    config = load_config(CONFIGS / f"{name}.yaml")
    rows = {row.key: row for row in load_results(root / "results" / name)}
    cheap = sorted(rows.values(), key=lambda row: row.frames * row.n * max(row.iterations / row.frames, 1))[
        :4
    ]
    for curve in config.curves:
        for value, key in zip(curve.values, curve.keys, strict=True):
            if rows[key] in cheap:
                row: Any = rows[key]
                counted = Tally.of(curve.link.simulate(curve.link.at(value), 0, row.frames))
                assert counted == row.tally
