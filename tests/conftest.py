"""What the tests share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from capgap.entry import hidden

from tests.compile_once import compile_once
from tests.cpu_seconds import CpuSeconds

if problem := hidden():
    pytest.exit(problem, returncode=2)

# No window, in processes that tests start neither.
os.environ["MPLBACKEND"] = "agg"

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

#: Probability with which a correct program fails one statistical test, unless the test says otherwise.
SIGNIFICANCE = 1e-4


def pytest_configure(config: pytest.Config) -> None:
    """Measure what each test costs, and share what is compiled."""
    if hasattr(config, "workerinput"):
        compile_once()
    config.pluginmanager.register(CpuSeconds(), "processor time")


@pytest.fixture
def code(request: pytest.FixtureRequest) -> Any:
    """A code out of a table of ``lazy.Lazy``, made when the first test needs it."""
    return request.param()


@pytest.fixture
def decoder(request: pytest.FixtureRequest) -> Any:
    """A decoder out of such a table."""
    return request.param()


@pytest.fixture
def link(request: pytest.FixtureRequest) -> Any:
    """A code with its operating point out of such a table."""
    return request.param()


@pytest.fixture
def modulation(request: pytest.FixtureRequest) -> Any:
    """A modulation out of such a table."""
    return request.param()


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def on_a_plain_cpu() -> Callable[..., str]:
    """Runs a script with kernels compiled for no particular CPU, and gives what it prints.

    Without wide vectors and fused multiply-add, that is.
    """
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}

    def printed(script: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=os.environ | plain,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    return printed


@pytest.fixture
def shared() -> Path:
    """Reference curves and matrices that lie beside the checkout where the project is developed."""
    if not SHARED.is_dir():
        pytest.skip("the folder with reference curves and matrices is not beside the checkout")
    return SHARED
