"""The README's code, configurations and commands work as printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from capgap.simulate import load_results
from capgap.simulate.analysis.gaps import gap_entries

BLOCK = re.compile(r"^```(\w+)(?: title=(\S+))?\n(.*?)^```$", re.M | re.S)


def blocks(root: Path) -> list[tuple[str, str, str]]:
    """Language, file name if it has one, and text of each block, in order."""
    return BLOCK.findall((root / "README.md").read_text(encoding="utf-8"))


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A working folder with the shipped configurations and the README's files."""
    (tmp_path / "configs").symlink_to(root / "configs")
    for _, name, text in blocks(root):
        if name:
            (tmp_path / name).write_text(text)
    return tmp_path


def execute(command: list[str], folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow  # all commands of the page, each a process: `.ci/run` asks for it
@pytest.mark.cpu_seconds(150)
def test_everything_in_order(root: Path, folder: Path) -> None:
    """Commands and Python blocks, one after the other, as a reader would try them."""
    ran = 0
    asked_for: list[tuple[str, float]] = []
    printed: dict[str, str] = {}
    for language, name, text in blocks(root):
        if name:
            continue
        if language == "python":
            execute([sys.executable, "-c", text], folder)
            ran += 1
        elif language == "sh":
            for line in text.splitlines():
                # The two lines that set up end in what is tried here; .ci/run executes them whole.
                command = shlex.split(line.split("&&")[-1].strip().removeprefix(".venv/bin/"), comments=True)
                if command[0] == "pytest":
                    continue
                printed[command[1] + " " + command[-1]] = execute(command, folder)
                if command[1] in ("gaps", "plot") and "results/my-sweep" in command:
                    asked_for += [
                        (m, float(command[command.index(f"--{m}") + 1]))
                        for m in ("fer", "ber")
                        if f"--{m}" in command
                    ]
                ran += 1
    assert ran == 20
    # Every curve reaches the rates that the examples ask for.
    assert len(asked_for) == 2
    found = gap_entries(load_results(folder / "results" / "my-sweep"), asked_for)
    assert len(found) == 10
    assert not [each for each in found if each.value is None]
    (shown,) = (text for language, _, text in blocks(root) if language == "text")
    assert shown == printed["run my-target.yaml"]
    for expected in (
        "first-run/quickstart.png",
        "results/my-sweep/my-sweep.png",
        "my-sweep.pdf",
        "results/my-sweep/report.html",
        "results/my-code/results.csv",
        "results/my-target/targets.csv",
        "both-runs.png",
        "failed.npz",
        "speed.json",
    ):
        assert (folder / expected).stat().st_size > 500
    assert "converse" in (folder / "results/my-sweep/summary.csv").read_text()


def test_it_names_what_there_is(root: Path) -> None:
    """Every shipped configuration, code, decoder and channel; and every file it links to exists."""
    from capgap.simulate.registry import registry

    text = (root / "README.md").read_text(encoding="utf-8")
    for file in (root / "configs").glob("*.yaml"):
        assert f"`{file.name}`" in text
    for known in (registry.codes, registry.decoders, registry.channels, registry.modulations):
        for entry in known:
            if entry.builtin:
                named = f"`{entry.name}" in text
                assert named, f"the README is to name the {entry.kind} `{entry.name}`"
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (root / link).exists(), link


def test_ci_runs_the_readmes_two_commands(root: Path) -> None:
    """``.ci/run`` takes them from the README, in its order, so the two cannot part."""
    script = (root / ".ci" / "run").read_text()
    commands = [line for language, _, text in blocks(root) if language == "sh" for line in text.splitlines()]
    places = []
    for end in ("first-run", "pytest"):
        pattern = f"^python3 -m venv .*{end}$"
        (command,) = (line for line in commands if re.search(pattern, line))
        places.append((script.index(f"'{pattern}' README.md"), commands.index(command)))
    assert places == sorted(places)
    assert "pytest -m slow tests/test_readme.py" in script
