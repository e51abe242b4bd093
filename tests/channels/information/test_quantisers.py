"""Optimal quantisers, against all maps that there are."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from capgap.channels import channel_information, mutual_information, optimal_quantiser


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_no_map_keeps_more(seed: int, levels: int) -> None:
    """Of all maps of six outputs, for another input law each time."""
    rng = np.random.default_rng(seed)
    law, first = rng.dirichlet(np.full(6, 0.5), 2), rng.uniform(0.1, 0.9)
    law[:, 2] = law[:, 4] = 0.0 if seed == 0 else law[:, 2]  # never, or a ratio twice
    law /= law.sum(axis=1, keepdims=True)
    found = optimal_quantiser(law, levels, [first, 1 - first])
    best = 0.0
    for labels in product(range(levels), repeat=6):
        grouped = law @ np.eye(levels)[list(labels)]
        best = max(best, mutual_information(np.array([[first], [1 - first]]) * grouped))
    assert found.information == pytest.approx(best, abs=1e-12)
    assert found.transition == pytest.approx(law @ np.eye(levels)[found.levels])
    assert channel_information([first, 1 - first], found.transition) == pytest.approx(best, abs=1e-12)


def test_levels_are_in_the_order_of_likelihood_ratios() -> None:
    law = [[0.1, 0.5, 0.1, 0.3], [0.4, 0.1, 0.5, 0.0]]
    assert optimal_quantiser(law, 4).levels.tolist() == [2, 1, 3, 0]
    assert optimal_quantiser(law, 9).information == pytest.approx(channel_information([0.5, 0.5], law))


@pytest.mark.parametrize(
    ("transition", "levels", "law", "problem"),
    [
        (np.eye(3), 2, (0.5, 0.5), "transition and input_law must have 2 inputs, got 3 and 2"),
        (np.eye(2), 0, (0.5, 0.5), "levels must be at least 1"),
        (np.eye(2), 2, (0.5, 0.6), "input_law must sum to 1"),
        ([[0.5, 0.4], [1, 0]], 2, (0.5, 0.5), "transition must have rows that sum to 1"),
        (np.full((2, 2049), 1 / 2049), 2, (0.5, 0.5), "transition must have at most 2048 outputs"),
    ],
)
def test_what_is_no_channel(transition: Any, levels: int, law: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        optimal_quantiser(transition, levels, law)
