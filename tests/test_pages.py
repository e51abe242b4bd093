"""The plug-ins and the commands of the pages in docs/ work as printed."""

import shlex
from pathlib import Path

import pytest

from tests.test_readme import BLOCK, execute


@pytest.mark.parametrize(
    ("page", "commands", "rows"), [("performance", 2, ("wagner", 5)), ("channels", 3, ("z-channel", 9))]
)
@pytest.mark.cpu_seconds(20)  # commands, each a process
def test_a_plugin_of_ones_own(
    root: Path, tmp_path: Path, page: str, commands: int, rows: tuple[str, int]
) -> None:
    text = (root / "docs" / f"{page}.md").read_text(encoding="utf-8")
    ran = 0
    for language, name, content in BLOCK.findall(text):
        if name:
            (tmp_path / name).write_text(content)
        elif language == "sh":
            for line in content.splitlines():
                execute(shlex.split(line), tmp_path)
                ran += 1
    assert ran == commands
    name, lines = rows
    assert len((tmp_path / "results" / name / "results.csv").read_text().splitlines()) == lines
