"""The decoder and the commands of docs/performance.md work as printed."""

import shlex
from pathlib import Path

from tests.test_readme import BLOCK, execute


def test_the_decoder_of_ones_own(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "performance.md").read_text(encoding="utf-8")
    ran = 0
    for language, name, content in BLOCK.findall(text):
        if name:
            (tmp_path / name).write_text(content)
        elif language == "sh":
            for line in content.splitlines():
                execute(shlex.split(line), tmp_path)
                ran += 1
    assert ran == 2
    rows = (tmp_path / "results" / "wagner" / "results.csv").read_text().splitlines()
    assert len(rows) == 5
