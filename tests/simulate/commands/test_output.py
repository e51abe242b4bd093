"""The command line as a process: output that cannot be written, other encodings, Ctrl-C, Matplotlib's settings."""

import errno
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import plot, run
from capgap.simulate.commands import command_line
from capgap.simulate.commands.command_line import main
from capgap.simulate.running.progress import _PlainProgress

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells and signals are those of POSIX")
CAPGAP = f"{sys.executable} -m capgap.simulate"


def shell(command: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=300, **options)


@pytest.mark.parametrize("arguments", ["--version", "run --help", "list channels"])
def test_output_that_cannot_be_written(arguments: str) -> None:
    full = shell(f"{CAPGAP} {arguments} > /dev/full")
    assert full.returncode == 2
    assert full.stderr == "capgap: the output cannot be written: No space left on device\n"
    closed = shell(f"{CAPGAP} {arguments} >&-")
    assert (closed.returncode, closed.stderr) == (0, "")


def test_a_reader_who_leaves() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*CAPGAP.split(), "--help"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_errors_that_cannot_be_told() -> None:
    for closed in ("2>&-", "2> /dev/full", ">&- 2>&- <&-"):
        assert shell(f"{CAPGAP} limits 1/x {closed}").returncode == 2


def test_progress_that_cannot_be_shown_stops_no_run() -> None:
    class Failing(io.StringIO):
        def __init__(self, error: OSError) -> None:
            super().__init__()
            self.error = error

        def write(self, text: str) -> int:
            raise self.error

    _PlainProgress([], None, Failing(OSError(errno.ENOSPC, "No space left on device"))).say("x")
    with pytest.raises(BrokenPipeError):
        _PlainProgress([], None, Failing(BrokenPipeError())).say("x")


def test_nothing_is_lost_with_the_output(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"] = config["curves"][:1]
    results = run(config, out=tmp_path / "r")
    assert results.rows
    done = shell(f"{CAPGAP} gaps r --fer 0.5 -o gaps.png > /dev/full", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "gaps.png").stat().st_size > 1000
    assert (tmp_path / "r" / "summary.csv").exists()


def test_labels_that_the_output_cannot_show(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"] = [{**config["curves"][0], "label": "Ä ∂"}]
    run(config, out=tmp_path / "r")
    done = shell(
        f"{CAPGAP} replay r --curve 'Ä ∂' --at 1",
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\xc4 \u2202" in done.stdout


@pytest.mark.slow
def test_settings_of_matplotlib_make_no_difference(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"] = config["curves"][:1]
    run(config, out=tmp_path / "r")
    plot(tmp_path / "r", tmp_path / "expected.png")
    (tmp_path / "matplotlibrc").write_text(
        "text.usetex: True\nsavefig.format: pdf\nfont.size: 30\nlines.linewidth: thick\nbackend: none\n"
    )
    done = shell(f"{CAPGAP} plot r -o drawn.png", cwd=tmp_path, env={**os.environ, "MPLBACKEND": "bogus"})
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (tmp_path / "drawn.png").read_bytes() == (tmp_path / "expected.png").read_bytes()


#: ``capgap``, which tells when Python itself is up: before, Ctrl-C is not ours to deal with.
TOLD = """
import signal, sys
from capgap.entry import main
signal.signal(signal.SIGINT, signal.SIG_DFL)  # as main begins
print("up", flush=True)
sys.exit(main())
"""


def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    """Wherever it comes, from the first import on: the pipe, in the end, is waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for delay in (0.0, 0.3, 1.5):
        process = subprocess.Popen(
            [sys.executable, "-c", TOLD, "run", str(pipe), "--out", str(tmp_path / "r")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
        # Before the command line is there, the signal ends the process, and nothing tells of it.
        assert (process.returncode, told) in [(130, "capgap: interrupted\n"), (-signal.SIGINT, "")]
    assert not (tmp_path / "r").exists()


def test_imports_that_turn_ctrl_c_into_something_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: Any) -> int:
        raise ImportError("initialization failed")

    monkeypatch.setattr(command_line, "_dispatch", fail)
    with pytest.raises(ImportError):
        main(["list"])
    monkeypatch.setattr(command_line, "_interrupted", True)
    assert main(["list"]) == 130
    assert capsys.readouterr().err == "capgap: interrupted\n"
