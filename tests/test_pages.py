"""The plug-ins and the commands of the pages in docs/ work as printed."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from capgap.codes import HammingCode, HardDecoder, UncodedCode
from capgap.simulate.contract import checks_of

from tests.lazy import but_slow
from tests.test_readme import BLOCK, execute


@pytest.mark.parametrize(
    ("page", "commands", "rows"),
    [
        ("performance", 3, ("wagner", 5)),
        ("channels", 3, ("z-channel", 9)),
        *but_slow(
            [
                ("belief-propagation", 2, ("rules", 5)),
                ("composite", 3, ("composite", 9)),
                ("modulation", 4, ("fading", 7)),
                ("trellis-decoding", 2, ("trellises", 13)),
                ("turbo", 2, ("turbo-codes", 13)),
                ("polar", 2, ("polar-codes", 15)),
                ("ldpc-nr", 2, ("nr-codes", 9)),
                ("guessing", 2, ("guessing", 13)),
                ("ldpc-decoders", 1, ("ldpc-decoding", 11)),
                ("product", 2, ("product-codes", 11)),
                ("ldpc-standards", 1, ("standards", 7)),
                ("algebraic", 2, ("algebraic-codes", 15)),
                ("ldpc-thresholds", 7, ("ldpc-thresholds", 9)),
                ("ldpc-constructions", 3, ("ldpc-constructions", 25)),
                ("harq", 1, ("again", 10)),
                ("ldpc-nonbinary", 2, ("nonbinary", 9)),
            ],
            [],
        ),
    ],
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
        elif language == "python":
            execute([sys.executable, "-c", content], tmp_path)
        elif language == "sh":
            for line in content.splitlines():
                execute(shlex.split(line), tmp_path)
                ran += 1
    assert ran == commands
    name, lines = rows
    assert len((tmp_path / "results" / name / "results.csv").read_text().splitlines()) == lines


@pytest.mark.cpu_seconds(20)  # commands, each a process
def test_the_contract_in_tests_of_ones_own(root: Path, tmp_path: Path) -> None:
    """The page's tests pass, and each check is one of them; a code that is spoiled fails where it should."""
    text = (root / "docs" / "contract.md").read_text(encoding="utf-8")
    commands: list[str] = []
    for language, name, content in BLOCK.findall(text):
        if name:
            (tmp_path / name).write_text(content)
        elif language == "sh":
            commands += content.splitlines()
    tested, checked = (execute(shlex.split(line), tmp_path) for line in commands)
    code, decoder = (len(list(checks_of(each))) for each in (HammingCode(r=3), HardDecoder(UncodedCode(k=1))))
    assert f"{2 * code + decoder + 1} passed" in tested
    assert "square-parity: keeps the contract\npassed: is a code; " in checked
    spoiled = (tmp_path / "my_code.py").read_text()
    spoiled += "\n    def encode(self, bits):\n        return super().encode(bits) ^ np.uint8(1)\n"
    (tmp_path / "my_code.py").write_text(spoiled)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_my_code.py", "-k", "SquareParityCode"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert (
        "SquareParityCode(m=2): encode should be linear: frame 0, bits 0, 1, 2 and 5 more differ"
        in done.stdout
    )
