"""Files that are replaced: links stay links, permissions stay, and what is no file is written to."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_results, run
from capgap.simulate.results.atomic_files import remove_leftovers, write_atomically
from capgap.simulate.results.rows import FILE
from capgap.simulate.running import runner

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="permissions and links are those of POSIX"),
    pytest.mark.usefixtures("plain_figures"),
]


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    file, link = tmp_path / "far" / "data", tmp_path / "near" / "link"
    link.symlink_to(Path("..") / "far" / "data")
    for text in ("made through the link", "replaced"):
        write_atomically(link, text)
        assert link.is_symlink()
        assert not file.is_symlink()
        assert file.read_text() == text
    (tmp_path / "far" / ".data.12345678").touch()
    remove_leftovers(tmp_path / "near", ["link", "none"])
    assert [each.name for each in sorted(tmp_path.glob("*/*"))] == ["data", "link"]


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    loop, lost = tmp_path / "loop", tmp_path / "lost"
    loop.symlink_to(loop)
    lost.symlink_to(tmp_path / "none" / "data")
    for link in (loop, lost):
        with pytest.raises(OSError):
            write_atomically(link, "x")
        assert link.is_symlink()
    remove_leftovers(tmp_path, ["loop", "lost"])
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_refuses_links_that_lead_nowhere(config: dict[str, Any], tmp_path: Path) -> None:
    folder, lost = tmp_path / "r", tmp_path / "lost"
    folder.mkdir()
    lost.symlink_to(tmp_path / "none")
    (folder / FILE).symlink_to(tmp_path / "none" / "mine.csv")
    for out, link in ((folder, folder / FILE), (lost, lost)):
        with pytest.raises(InputError) as caught:
            run(config, out=out)
        assert str(caught.value).startswith(f"{link}: results cannot be written here: this is a link to ")
        assert str(caught.value).endswith(f"the folder {tmp_path / 'none'} does not exist")
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "data"
    before = os.umask(0o027)
    try:
        write_atomically(file, "x")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        file.chmod(0o604)
        write_atomically(file, "y")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o604
    assert file.read_text() == "y"


def test_what_is_no_file_stays(tmp_path: Path) -> None:
    write_atomically(Path("/dev/null"), "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116
    with pytest.raises(OSError, match="No space left"):
        write_atomically(Path("/dev/full"), "x")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="No such device or address"):  # nobody reads from it
        write_atomically(pipe, "x")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, "through the pipe")
    assert os.read(reader, 100) == b"through the pipe"
    os.close(reader)
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, "x")


def test_a_run_goes_on_through_a_link(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config["curves"] = config["curves"][:1]
    monkeypatch.setattr(runner._Run, "_draw", lambda *_: None)
    (tmp_path / "kept").mkdir()
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / FILE).symlink_to(tmp_path / "kept" / "mine.csv")
    run({**config, "stop": {"frames": 100}}, out=tmp_path / "r")
    run({**config, "stop": {"frames": 200}}, out=tmp_path / "r")
    assert (tmp_path / "r" / FILE).is_symlink()
    assert [row.frames for row in load_results(tmp_path / "kept" / "mine.csv")] == [200, 200]
    assert [file.name for file in (tmp_path / "kept").iterdir()] == ["mine.csv"]
