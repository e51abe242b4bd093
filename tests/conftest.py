"""What the tests share."""

from pathlib import Path

import hypothesis
import matplotlib
import pytest

# The same cases each time: a failure means a defect, never a re-run.
hypothesis.settings.register_profile(
    "capgap", derandomize=True, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("capgap")
matplotlib.use("agg")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

#: Probability with which a correct program fails one statistical test, unless the test says otherwise.
SIGNIFICANCE = 1e-4


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """Reference curves and matrices that lie beside the checkout where the project is developed."""
    if not SHARED.is_dir():
        pytest.skip("the folder with reference curves and matrices is not beside the checkout")
    return SHARED
