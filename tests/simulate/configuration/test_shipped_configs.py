"""Every shipped configuration runs, and the committed results are its own."""

from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import Config, Results, load_config, load_results, run
from capgap.simulate.content.files import figure_files
from capgap.simulate.statistics.tally import Tally

from tests.lazy import but_slow

CONFIGS = Path(__file__).resolve().parents[3] / "configs"
NAMES = sorted(file.stem for file in CONFIGS.glob("*.yaml"))


def test_there_are_the_promised_ones() -> None:
    promised = {
        "quickstart",
        "awgn",
        "bsc",
        "bec",
        "repetition-hamming-bsc",
        "shannon-limits",
        "finite-length",
    }
    assert promised <= set(NAMES)


def files(config: Config, folder: Path, results: Results) -> list[Path]:
    """The figures of a configuration's results."""
    figures = figure_files(folder, config.name, results.rows, config.plot)
    return [file for _, _, made in figures for file in made]


#: Figures of the others take long, as they have EXIT charts and bounds at some hundred points: `.ci/run` asks for them.
QUICK = ("quickstart", "repetition-hamming-bsc")


@pytest.mark.parametrize("name", but_slow(NAMES, QUICK))
@pytest.mark.cpu_seconds(40)  # the figures of the whole configuration, bounds included
def test_it_runs_with_a_handful_of_frames(name: str, tmp_path: Path) -> None:
    file = CONFIGS / f"{name}.yaml"
    changes = ["stop.frames=70", "stop.frame_errors=5", "stop.without_errors=continue", "plot.formats=svg"]
    results = run(file, out=tmp_path, changes=changes)
    config = load_config(file, changes=changes)
    assert config.name == name
    sweeps = [curve for curve in config.curves if curve.target is None]
    searches = [curve for curve in config.curves if curve.target is not None]
    points = results.curves()
    assert sum(len(points[curve.link.label]) for curve in sweeps) == sum(
        len(curve.values) for curve in sweeps
    )
    assert all(points[curve.link.label] for curve in searches)
    for file in files(config, tmp_path, results):
        assert file.stat().st_size > 10_000


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_results_are_complete_and_of_this_configuration(name: str, root: Path) -> None:
    """Same points, same keys, all ended, or all found: a run on a clone would find nothing to do."""
    config = load_config(CONFIGS / f"{name}.yaml")
    folder = root / "results" / name
    results = load_results(folder)
    points = results.curves()
    assert list(points) == [curve.link.label for curve in config.curves]
    for curve in config.curves:
        keys = [row.key for row in points[curve.link.label]]
        if curve.target is None:
            assert keys == list(curve.keys)
            assert all(row.stop for row in points[curve.link.label])
        else:
            assert keys == [curve.link.at(row.value).key for row in points[curve.link.label]]
            assert curve.plan({row.key: row for row in points[curve.link.label]}).done
    assert [crossing.curve for crossing in results.crossings if crossing.value is not None] == [
        curve.link.label for curve in config.curves if curve.target is not None
    ]
    for file in (*files(config, folder, results), folder / "config.yaml", folder / "run.json"):
        assert file.exists()


@pytest.mark.parametrize("name", NAMES)
def test_committed_counts_come_out_again(name: str, root: Path) -> None:
    """The cheapest point of the committed results is simulated anew: the same counts to the last bit."""
    config = load_config(CONFIGS / f"{name}.yaml")
    rows = {row.key: row for row in load_results(root / "results" / name)}
    cheap = sorted(rows.values(), key=lambda row: row.frames * row.n * max(row.iterations / row.frames, 1))[
        :1
    ]
    for curve in config.curves:
        for row in cheap:
            if row.curve == curve.link.label:
                at: Any = curve.link.at(row.value)
                assert at.key == row.key
                assert Tally.of(curve.link.simulate(at, 0, row.frames)) == row.tally
