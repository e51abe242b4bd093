"""Hypothesis as the tests use it: the same cases each time, so that a failure means a defect, never a re-run."""

import hypothesis
from hypothesis import assume, given, settings
from hypothesis import strategies as st

__all__ = ["assume", "given", "settings", "st"]

hypothesis.settings.register_profile(
    "capgap", derandomize=True, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("capgap")
