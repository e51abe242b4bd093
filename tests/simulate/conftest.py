"""Small configurations that run in a moment."""

from typing import Any

import pytest


def small_config(**changes: Any) -> dict[str, Any]:
    """Three codes over AWGN, a few points each."""
    config: dict[str, Any] = {
        "name": "small",
        "seed": 5,
        "channel": {"type": "awgn", "ebno_db": [1, 4]},
        "curves": [
            {"label": "Uncoded", "code": {"type": "uncoded", "k": 20}},
            {"label": "Hamming", "code": {"type": "hamming", "r": 3}},
            {
                "label": "LDPC",
                "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3},
                "decoder": {"type": "bp", "algorithm": "min-sum", "schedule": "layered", "iterations": 10},
            },
        ],
        "stop": {"frame_errors": 40, "frames": 20_000},
    }
    return {**config, **changes}


@pytest.fixture
def config() -> dict[str, Any]:
    """A small configuration as data."""
    return small_config()
