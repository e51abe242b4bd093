"""The command begins where no earlier version's leftovers can hide it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
import importlib.util
spec = importlib.util.spec_from_file_location("capgap.entry", sys.argv[1])
entry = importlib.util.module_from_spec(spec)
spec.loader.exec_module(entry)
sys.path.insert(0, sys.argv[2])
sys.exit(entry.main())
"""


def begun(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """The command, where ``capgap`` is what lies in ``site``."""
    entry = root / "simulate" / "entry" / "__init__.py"
    return subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT, str(entry), str(site)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("others", [False, True])
def test_leftovers_are_named(root: Path, tmp_path: Path, others: bool) -> None:
    """Folders that hold compiled kernels and no sources: what to delete, in one line."""
    for package in ("channels", "simulate"):
        (tmp_path / "capgap" / package / "__pycache__").mkdir(parents=True)
        (tmp_path / "capgap" / package / "__pycache__" / "kernel.py311.nbi").write_bytes(b"")
    if others:
        (tmp_path / "capgap" / "codes").mkdir()
        (tmp_path / "capgap" / "codes" / "__init__.py").write_text("")
    done = begun(root, tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    named = ("capgap/channels", "capgap/simulate") if others else ("capgap",)
    assert line.startswith(f"capgap: {' and '.join(str(tmp_path / name) for name in named)} ")
    assert "left behind by an earlier version" in line


def test_nothing_is_in_the_way(root: Path, tmp_path: Path) -> None:
    commands = tmp_path / "capgap" / "simulate" / "commands"
    commands.mkdir(parents=True)
    for folder in (commands.parent, commands):
        (folder / "__init__.py").write_text("")
    (commands / "command_line.py").write_text("main = lambda: 5")
    assert begun(root, tmp_path).returncode == 5


def test_a_start_leaves_out_what_takes_long_to_import() -> None:
    """Optimisers and statistics are for those who ask for them: they took 0.5 s and 40 MB of each run."""
    script = (
        "import sys; from capgap.simulate import load_config\n"
        "load_config({'name': 'a', 'channel': {'type': 'awgn', 'ebno_db': [1]},"
        " 'curves': [{'code': {'type': 'hamming', 'r': 3}}]})\n"
        "print(*[name for name in ('scipy.optimize', 'scipy.stats', 'scipy.fft') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
