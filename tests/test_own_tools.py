"""The tools of the tests themselves: processor time of tests, tests that a change touches, tables made late."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lazy import Lazy
from tests.touched import chosen

CONFTEST = """
from tests.cpu_seconds import CpuSeconds

def pytest_configure(config):
    config.addinivalue_line("markers", "slow: may take long")
    config.pluginmanager.register(CpuSeconds(), "processor time")
"""
TESTS = """
import subprocess, sys, time
import pytest

LOOP = "import time\\nwhile time.process_time() < 0.6: pass"

def test_works():
    end = time.process_time() + 0.6
    while time.process_time() < end: pass

def test_starts_a_process():
    subprocess.run([sys.executable, "-c", LOOP], check=True)

def test_sleeps():
    time.sleep(0.7)

@pytest.mark.slow
def test_may_take_long():
    test_works()
"""


@pytest.mark.parametrize(("most", "status"), [("0.4", 1), pytest.param("600", 0, marks=pytest.mark.slow)])
def test_costly_tests_are_named_and_fail_the_run(root: Path, tmp_path: Path, most: str, status: int) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_costs.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root), "CAPGAP_MOST_SECONDS": most},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    named = [line for line in done.stdout.splitlines() if "test_costs.py::" in line]
    assert len(named) == (2 if status else 0)
    assert all("more than 0.4 s" in line for line in named)
    assert sum("s in processes)" in line for line in named) == len(named) / 2


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], ["tests/test_layout.py"]),
        (["README.md"], ["tests/test_layout.py", "tests/test_readme.py"]),
        (["tests/codes/test_codes.py"], ["tests/codes/test_codes.py", "tests/test_layout.py"]),
        (["tests/conftest.py", "codes/code.py"], ["tests"]),
        (
            ["codes/ldpc/standards/wifi.py", "codes/ldpc/not_there_any_more.py"],
            [
                "tests/codes/ldpc",
                "tests/codes/test_every_decoder.py",
                "tests/simulate/contract",
                "tests/test_golden.py",
                "tests/test_layout.py",
            ],
        ),
    ],
)
def test_a_change_touches_the_tests_of_its_folder(paths: list[str], expected: list[str]) -> None:
    assert chosen(paths) == expected


def test_tables_make_what_is_asked_for() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    table = Lazy({name: functools.partial(make, name) for name in ("a", "b")})
    assert (list(table), len(table), made) == (["a", "b"], 2, [])
    assert (table["b"], table["b"], made) == ("b", "b", ["b"])
