"""Memory settings of the process belong to the command line and to whoever asks for them."""

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
