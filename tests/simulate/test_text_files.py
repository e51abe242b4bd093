"""What is given as a file and is none, or has no end: told in a moment, wherever it is read."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, compare, load_config, load_results, run, text_files
from capgap.simulate.bench.lines import read_result
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.results.crossings import load_crossings
from capgap.simulate.running import runner
from capgap.simulate.running.shards import recorded_shard
from capgap.simulate.text_files import read_text

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files on this system")


def reference(file: Path) -> object:
    return compare(file, file, output=None)


def crossings(file: Path) -> object:
    (file.parent / "targets.csv").symlink_to(file)
    return load_crossings(file.parent)


READERS: list[Callable[[Path], object]] = [load_config, load_results, reference, crossings, read_result]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("what", ["zero", "pipe", "folder", "socket", "large"])
def test_what_is_no_file_of_text(
    reader: Callable[[Path], object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "PATIENCE", 0.1)
    file = tmp_path / "given"
    if what == "zero":
        file.symlink_to("/dev/zero")
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
        (file / "results.csv").mkdir()
    elif what == "socket":
        monkeypatch.chdir(tmp_path)  # the names of sockets are short
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("given")
    else:
        with file.open("wb") as sparse:
            sparse.truncate(10**12)
    words = {
        "zero": r"it has more than (5|10|100) MB, the most for such a file",
        "pipe": r"nobody has written to this pipe for 0\.1 seconds",
        "folder": r"Is a directory",
        "socket": r"No such device or address",
        "large": r"it has more than (5|10|100) MB, the most for such a file",
    }[what]
    with pytest.raises(InputError, match=f"cannot be read: {words}"):
        reader(file)


def test_pipes_are_read_as_files_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``<(...)`` of a shell makes them, however late and slowly they are written."""
    monkeypatch.setattr(text_files, "PATIENCE", 60.0)
    text = "ä\n" * 100_000  # more than a pipe holds
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    late = threading.Timer(0.2, lambda: pipe.write_text(text, encoding="utf-8"))
    late.start()
    assert read_text(pipe, 10**6) == text
    late.join()


def test_lines_end_as_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\r")
    assert read_text(file, 100) == "a\nb\n"
    assert read_text(file, 100, newline="") == "a\r\nb\r"
    with pytest.raises(InputError, match=r"it has more than 7e-06 MB"):
        read_text(file, 7)
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "none", 8)


def test_pipes_beside_results_are_not_waited_for(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config["curves"] = config["curves"][:1]
    config["stop"] = {"frames": 100}
    monkeypatch.setattr(runner._Run, "_draw", lambda *_: None)
    done = run(config, out=tmp_path)
    for name in ("config.yaml", "run.json"):
        (tmp_path / name).unlink()
        os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match=r"results cannot be written"):
        run(config, out=tmp_path)
    assert load_results(tmp_path).rows == done.rows


def test_a_record_that_cannot_be_read_names_no_shard(tmp_path: Path) -> None:
    for content in (b"\xff", b"[" * 100_000, b"[1]", b"1", b'{"shard": 1}', b""):
        (tmp_path / "run.json").write_bytes(content)
        assert recorded_shard(tmp_path) is None
    assert recorded_shard(tmp_path / "none") is None
    (tmp_path / "run.json").write_text('{"shard": "1/2"}')
    assert recorded_shard(tmp_path) == "1/2"


def test_a_configuration_from_a_pipe_runs(config: dict[str, Any], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(dump_yaml(config),))
    writer.start()
    assert load_config(pipe).name == config["name"]
    writer.join()
