"""A sweep cut into jobs that know nothing of each other, and put together again."""

import json
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_config, load_results, merge, run
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.results.rows import FILE, Results
from capgap.simulate.running.shards import Shard

from tests.lazy import but_slow

pytestmark = pytest.mark.usefixtures("plain_figures")


def counts(results: Results) -> list[Any]:
    return [(row.curve, row.value, row.tally, row.stop, row.key) for row in results]


@pytest.fixture
def sweep(config: dict[str, Any]) -> dict[str, Any]:
    """Points that come out without errors at the end, one curve with a floor, and one with a target."""
    config["channel"]["ebno_db"] = [1, 3, 5, 7, 9, 11]
    config["curves"][1]["stop"] = {"floor": 0.05}
    config["curves"].append({"label": "Target", "code": {"type": "spc", "n": 4}, "target": {"fer": 0.05}})
    config["stop"] = {"frame_errors": 10, "frames": 3000}
    return config


@pytest.mark.parametrize(
    "count",
    but_slow([1, 2, 3, 7, 40], [3]),
)
def test_merged_shards_are_the_whole(sweep: dict[str, Any], tmp_path: Path, count: int) -> None:
    whole = run(sweep, out=tmp_path / "whole")
    folders = [tmp_path / "parts" / str(i) for i in range(1, count + 1)]
    for i, folder in enumerate(folders, 1):
        run(sweep, out=folder, shard=f"{i}/{count}")
        assert json.loads((folder / "run.json").read_text())["shard"] == f"{i}/{count}"
    merged = merge(folders[::-1], tmp_path / "merged")
    assert counts(merged) == counts(whole)
    assert merged.crossings == whole.crossings
    assert merged.notes == whole.notes
    assert counts(load_results(tmp_path / "merged")) == counts(whole)
    files = {file.name for file in (tmp_path / "whole").iterdir()}
    assert {file.name for file in (tmp_path / "merged").iterdir()} == files
    # What was merged is a results folder as any other.
    assert counts(run(sweep, out=tmp_path / "merged")) == counts(whole)


def test_every_point_is_dealt_once(sweep: dict[str, Any]) -> None:
    curves = load_config(sweep).curves
    points = [(c.link.label, value) for c in curves for value in c.values or (None,)]
    for count in (1, 2, 3, 5, 30):
        parts = [Shard(i, count).part_of(curves) for i in range(1, count + 1)]
        dealt = [(c.link.label, value) for part in parts for c in part for value in c.values or (None,)]
        assert sorted(dealt, key=str) == sorted(points, key=str)
        sizes = [sum(len(c.values or (None,)) for c in part) for part in parts]
        assert max(sizes) - min(sizes) <= 1


def test_the_command_line(
    sweep: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(dump_yaml(sweep))
    for i in (1, 2):
        assert main(["run", "a.yaml", "--shard", f"{i}/2", "--quiet"]) == 0
    folders = [f"results/small/shard-{i}-of-2" for i in (1, 2)]
    assert main(["merge", *folders]) == 0
    assert counts(load_results("results/small")) == counts(run(sweep, save=False))
    assert Path("results/small/small.png").exists()
    assert not Path(folders[0], "small.png").exists()
    assert "Target: FER 0.05 at ebno_db = " in capsys.readouterr().out


def test_what_is_missing_is_told_and_can_be_run(sweep: dict[str, Any], tmp_path: Path) -> None:
    for i in (1, 2):
        run(sweep, out=tmp_path / str(i), shard=f"{i}/3")
    merged = merge([tmp_path / "1", tmp_path / "2"], tmp_path / "merged")
    assert any("is in no shard yet" in note for note in merged.notes)
    assert counts(run(sweep, out=tmp_path / "merged")) == counts(run(sweep, save=False))


def test_unfinished_shards_go_on_after_merging(sweep: dict[str, Any], tmp_path: Path) -> None:
    for i in (1, 2):
        run({**sweep, "stop": {"frame_errors": 3, "frames": 200}}, out=tmp_path / str(i), shard=f"{i}/2")
        (tmp_path / str(i) / "config.yaml").unlink()
        run(sweep, out=tmp_path / str(i), shard=f"{i}/2")
    assert counts(merge([tmp_path / "1", tmp_path / "2"], tmp_path / "m")) == counts(run(sweep, save=False))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 6}, "its seed is 6, not 5"),
        ({"name": "other"}, "its name is 'other', not 'small'"),
        ({"channel": {"type": "awgn", "ebno_db": [1, 3]}}, "'Uncoded' has other values of ebno_db"),
        ({"stop": {"frame_errors": 11, "frames": 3000}}, "'Uncoded' has other stop rules"),
        ({"target": {"fer": 0.1}, "channel": {"type": "awgn"}}, "'Uncoded' has other values"),
    ],
)
def test_shards_of_another_sweep_are_refused(
    sweep: dict[str, Any], tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    run(sweep, out=tmp_path / "1", shard="1/2")
    run({**sweep, **change}, out=tmp_path / "2", shard="2/2")
    with pytest.raises(InputError, match=f"a shard of another sweep than .*: {words}"):
        merge([tmp_path / "1", tmp_path / "2"], tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_other_codes_and_curves_are_refused(sweep: dict[str, Any], tmp_path: Path) -> None:
    run(sweep, out=tmp_path / "1", shard="1/2")
    other = json.loads(json.dumps(sweep))
    other["curves"][0]["code"]["k"] = 21
    run(other, out=tmp_path / "2", shard="2/2")
    with pytest.raises(InputError, match="'Uncoded' is another code, decoder or channel there"):
        merge([tmp_path / "1", tmp_path / "2"])
    run({**sweep, "curves": sweep["curves"][:2]}, out=tmp_path / "3", shard="2/2")
    with pytest.raises(InputError, match="it has other curves"):
        merge([tmp_path / "1", tmp_path / "3"])


def test_overlapping_shards_are_refused(sweep: dict[str, Any], tmp_path: Path) -> None:
    run(sweep, out=tmp_path / "half", shard="1/2")
    run(sweep, out=tmp_path / "third", shard="1/3")
    with pytest.raises(InputError, match=r"the shards overlap: 'Uncoded' at ebno_db = .* is in .*half too"):
        merge([tmp_path / "half", tmp_path / "third"])
    with pytest.raises(InputError, match="half: this folder is given twice"):
        merge([tmp_path / "half", tmp_path / "third" / ".." / "half"])


def test_points_that_are_not_of_the_configuration_are_refused(sweep: dict[str, Any], tmp_path: Path) -> None:
    run(sweep, out=tmp_path / "1", shard="1/2")
    file = tmp_path / "1" / FILE
    text = file.read_text()
    key = load_results(file).rows[0].key
    file.write_text(text.replace(key, "0" * 32))
    with pytest.raises(InputError, match=r"'Uncoded' at .* is not part of the configuration beside it"):
        merge([tmp_path / "1"], tmp_path / "m")


def test_folders_that_are_no_shards(sweep: dict[str, Any], tmp_path: Path) -> None:
    for folders, words in [
        ([], "no folders"),
        ([tmp_path], "has no config.yaml"),
        ([tmp_path / "x"], "no shard"),
    ]:
        with pytest.raises(InputError, match=words):
            merge(folders)
    (tmp_path / "a").mkdir()
    run(sweep, out=tmp_path / "a" / "1", shard="1/2")
    run(sweep, out=tmp_path / "2", shard="2/2")
    run(sweep, out=tmp_path / "plain")
    with pytest.raises(InputError, match="was not run with --shard: say with --out"):
        merge([tmp_path / "plain"])
    with pytest.raises(InputError, match="different folders: say with --out"):
        merge([tmp_path / "a" / "1", tmp_path / "2"])


def test_what_is_there_already_is_not_lost(sweep: dict[str, Any], tmp_path: Path) -> None:
    """Shards are merged into a folder that knows more: of other points, and further on."""
    whole = run(sweep, out=tmp_path / "whole")
    run({**sweep, "stop": {"frame_errors": 3, "frames": 3000}}, out=tmp_path / "1", shard="1/9")
    (tmp_path / "1" / "config.yaml").write_bytes((tmp_path / "whole" / "config.yaml").read_bytes())
    assert counts(merge([tmp_path / "1"], tmp_path / "whole")) == counts(whole)
    assert counts(load_results(tmp_path / "whole")) == counts(whole)


def test_another_sweep_in_the_way_is_kept_and_told(sweep: dict[str, Any], tmp_path: Path) -> None:
    run({**sweep, "seed": 77}, out=tmp_path / "m")
    run(sweep, out=tmp_path / "1", shard="1/1")
    merged = merge([tmp_path / "1"], tmp_path / "m")
    assert any("results.old-1.csv" in note for note in merged.notes)
    assert counts(merged) == counts(run(sweep, save=False))


def test_two_curves_of_the_same_frames(tmp_path: Path) -> None:
    """They differ in their stop rules alone: each keeps its own counts, merged and run again."""
    code = {"type": "hamming", "r": 3}
    config = {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [1, 2]},
        "curves": [
            {"label": "few", "code": code, "stop": {"frame_errors": 20}},
            {"label": "many", "code": code, "stop": {"frame_errors": 300}},
        ],
    }
    whole = run(config, out=tmp_path / "whole")
    assert [row.frame_errors for row in whole] == [20, 20, 300, 300]
    assert counts(run(config, out=tmp_path / "whole")) == counts(whole)
    for i in (1, 2):
        run(config, out=tmp_path / str(i), shard=f"{i}/2")
    assert counts(merge([tmp_path / "1", tmp_path / "2"], tmp_path / "m")) == counts(whole)


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1.5/2", "1/9999999"])
def test_shards_that_cannot_be(config: dict[str, Any], text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="write it as I/N"):
        run(config, shard=text, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_shard_takes_nothing_away_from_a_folder(sweep: dict[str, Any], tmp_path: Path) -> None:
    """Points of the whole sweep, or of another shard, would be left out of its results."""
    run(sweep, out=tmp_path / "1", shard="1/2")
    run(sweep, out=tmp_path / "whole")
    for folder in ("1", "whole"):
        files = {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()}
        for shard in ("2/2", "2/3"):
            with pytest.raises(
                InputError, match=rf"shard {shard} would drop points .* give each shard a folder"
            ):
                run(sweep, out=tmp_path / folder, shard=shard)
        assert {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()} == files


def test_a_shard_goes_on_where_it_holds_all_there_is(sweep: dict[str, Any], tmp_path: Path) -> None:
    """In its own folder, also when its sweep has changed; and in one whose points it all has."""
    run(sweep, out=tmp_path / "1", shard="1/2")
    fewer = {**sweep, "channel": {"type": "awgn", "ebno_db": [3, 5, 7]}}
    run(fewer, out=tmp_path / "1", shard="1/2")
    (tmp_path / "1" / "run.json").unlink()
    expected = run(fewer, shard="1/2", save=False)
    assert counts(run(fewer, out=tmp_path / "1", shard="1/2")) == counts(expected)
    assert counts(run(fewer, out=tmp_path / "1", shard="1/1")) == counts(run(fewer, save=False))
