"""Memory settings of the process belong to the command line and to whoever asks for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WATCHED = """
import ctypes, sys
calls = []
real = ctypes.CDLL

class Library:
    def mallopt(self, *arguments):
        calls.append(arguments)
        return 1

ctypes.CDLL = lambda name, *rest, **more: Library() if name is None else real(name, *rest, **more)
config = {"name": "a", "channel": {"type": "bsc", "f": 0.1}, "curves": [{"code": {"type": "uncoded", "k": 8}}]}
config["stop"] = {"frames": 64}
from capgap.simulate import benchmark, keep_freed_memory, run
run(config, save=False)
benchmark(["uncoded"], seconds=0.01, show=lambda text: None, tell=lambda text: None)
print(len(calls))
keep_freed_memory()
print(len(calls))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other C libraries are left as they are")
def test_a_host_program_keeps_its_own(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert ran.stdout.split() == ["0", "2"]


#: What a run with two workers takes at most, in MB of 2^20 bytes, figures included.
MOST = 350

#: Those that take much: many kernels to compile, bounds and figures.
WORST = ("convolutional-awgn", "turbo-lte")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others count resident memory otherwise")
@pytest.mark.parametrize("name", WORST)
@pytest.mark.cpu_seconds(120)  # everything is compiled anew
def test_a_run_takes_little_memory(name: str, tmp_path: Path, root: Path) -> None:
    """The peak of the process, from an empty cache of kernels and again from a full one."""
    changes = ["--set", "stop.frames=500", "--set", "stop.frame_errors=3"]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    for out in ("cold", "warm"):
        command = [sys.executable, "-m", "capgap.simulate", "run", str(root / "configs" / f"{name}.yaml")]
        where = ["--quiet", "--workers", "2", "--out", str(tmp_path / out)]
        process = subprocess.Popen([*command, *where, *changes], cwd=tmp_path, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        assert usage.ru_maxrss / 1024 < MOST, out
