"""Whatever ends a run: what was done is kept whole, and running again goes on to the same counts."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_results, run
from capgap.simulate.results.folder_lock import LOCK
from capgap.simulate.results.rows import FILE, Results

#: Runs a configuration in child processes that are killed at random moments, and looks at what they leave.
KILLER = """
import json, os, random, signal, sys, time
from pathlib import Path
from capgap.simulate import load_results
from capgap.simulate.running import runner
from capgap.simulate.results.rows import FILE

config, folder, kills, seed = json.loads(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
runner.SAVE_INTERVAL = 0.0  # every commit is saved, so that kills hit writes
moments = random.Random(seed)
frames, growths, unfinished = 0, 0, 0

def saved():
    # load_results raises unless the file is whole, also while a run is writing it
    return sum(row.frames for row in load_results(folder)) if (folder / FILE).exists() else 0

for kill in range(kills):
    child = os.fork()
    if child == 0:
        try:
            runner.run(config, out=folder, workers=2)
        finally:
            os._exit(0)
    if kill % 2:  # while it saves: how long it takes to get there depends on the machine and on what else runs
        latest = time.monotonic() + 20
        while saved() == frames and time.monotonic() < latest:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.2))
    else:  # perhaps while it loads
        time.sleep(moments.uniform(0.05, 0.8))
    os.kill(child, signal.SIGKILL)
    unfinished += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    if (folder / FILE).exists():
        found = saved()
        assert found >= frames, (found, frames)
        growths += found > frames
        frames = found
        assert (folder / "config.yaml").exists()
print(json.dumps([growths, unfinished]))
"""


def counts(results: Results) -> list[Any]:
    return [(row.curve, row.value, row.tally, row.stop, row.key) for row in results]


def kill_at_random_moments(config: dict[str, Any], folder: Path, kills: int) -> tuple[int, int]:
    arguments = [json.dumps(config), str(folder), str(kills), "1"]
    done = subprocess.run(
        [sys.executable, "-c", KILLER, *arguments], check=True, capture_output=True, text=True
    )
    growths, unfinished = json.loads(done.stdout)
    return growths, unfinished


def heavy(config: dict[str, Any], frames: int) -> dict[str, Any]:
    return {**config, "stop": {"frames": frames}}


@pytest.mark.cpu_seconds(30)  # processes, each of which starts anew
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need fork")
def test_killed_runs_go_on(config: dict[str, Any], tmp_path: Path) -> None:
    config = heavy(config, 60_000)
    growths, unfinished = kill_at_random_moments(config, tmp_path / "killed", 8)
    assert growths >= 1  # some lived long enough to save
    assert unfinished >= 4  # and were killed before the end
    assert counts(run(config, out=tmp_path / "killed")) == counts(run(config, save=False))
    left = {file.name for file in (tmp_path / "killed").iterdir()}
    assert left == {FILE, "config.yaml", "run.json", "small.png", "small.svg"}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need fork")
def test_fifty_killed_runs_go_on(config: dict[str, Any], tmp_path: Path) -> None:
    config = heavy(config, 10_000_000)
    growths, unfinished = kill_at_random_moments(config, tmp_path / "killed", 50)
    assert growths >= 20
    assert unfinished == 50
    assert counts(run(config, out=tmp_path / "killed")) == counts(run(config, save=False))


HOLDER = """
import sys, time
from pathlib import Path
from capgap.simulate.results.folder_lock import folder_lock
with folder_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_runs_do_not_share_a_folder(config: dict[str, Any], tmp_path: Path) -> None:
    """The second is refused while the first goes on, and let in when that was killed."""
    first = run({**config, "stop": {"frame_errors": 5}}, out=tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match="another run is writing to this folder"):
            run(config, out=tmp_path)
        after = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.name != LOCK}
        assert after == before
        assert counts(load_results(tmp_path)) == counts(first)
    finally:
        holder.kill()
        holder.wait()
        assert holder.stdout is not None
        holder.stdout.close()
    assert counts(run(config, out=tmp_path)) == counts(run(config, save=False))
    assert not (tmp_path / LOCK).exists()


FULL = """
import json, resource, sys
from capgap.simulate import InputError, run
resource.setrlimit(resource.RLIMIT_FSIZE, (700, resource.RLIM_INFINITY))  # no file may grow beyond it
try:
    run(json.loads(sys.argv[1]), out=sys.argv[2])
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are those of Unix")
def test_a_full_disk(config: dict[str, Any], tmp_path: Path) -> None:
    """A write that fails in the middle: told, and the files are those of before."""
    run({**config, "stop": {"frame_errors": 5}}, out=tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", FULL, json.dumps(config), str(tmp_path)], capture_output=True, text=True
    )
    assert "results cannot be written: File too large" in done.stdout
    assert done.stderr == ""
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
