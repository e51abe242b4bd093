"""Sweeps and the curves they make."""

from typing import Any

import pytest
from capgap.simulate.configuration.sweeps import expand_curve, sweep_values


@pytest.mark.parametrize(
    ("sweep", "values"),
    [
        (3, [3.0]),
        ([1, 2.5], [1.0, 2.5]),
        ({"start": 0, "stop": 1, "step": 0.1}, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        ({"start": 0, "stop": 0.95, "step": 0.5}, [0, 0.5]),
        ({"start": 2, "stop": 0, "step": -1}, [2, 1, 0]),
        ({"start": -1, "stop": 1, "step": 1}, [-1, 0, 1]),
        ({"start": 1e-6, "stop": 3e-6, "step": 1e-6}, [1e-6, 2e-6, 3e-6]),
        ({"start": 5, "stop": 5, "step": 1}, [5]),
    ],
)
def test_values(sweep: Any, values: list[float]) -> None:
    assert sweep_values(sweep) == values


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        ([], "empty list"),
        ("1", "must be a number"),
        ([1, "2"], "every value must be a number"),
        ([True], "must be a number"),
        (None, "must be a number"),
        ([1, 1], "twice"),
        ({"start": 1, "stop": 0, "step": 1}, "no values"),
        ({"start": 0, "stop": 1, "step": 0}, "step 0"),
        ({"start": 0, "stop": 1}, "lacks 'step'"),
        ({"start": 0, "stop": 1, "step": 1, "steps": 3}, "unknown key 'steps'"),
        ({"start": 0, "stop": 1, "step": 1e-9}, "more than"),
        (list(range(10_001)), "more than"),
    ],
)
def test_refused_values(sweep: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sweep_values(sweep)


def test_no_sweep_is_one_curve() -> None:
    assert expand_curve({"label": "a", "code": {"type": "spc"}}) == [
        ({"label": "a", "code": {"type": "spc"}}, {})
    ]


def test_sweep_makes_a_curve_for_each_combination() -> None:
    curve = {
        "label": "Hamming",
        "code": {"type": "hamming"},
        "sweep": {"code.r": [3, 4], "code.extended": [False, True]},
    }
    made = [each for each, _ in expand_curve(curve)]
    assert [each["code"] for each in made] == [
        {"type": "hamming", "r": r, "extended": e} for r in (3, 4) for e in (False, True)
    ]
    assert made[1]["label"] == "Hamming, r = 3, extended = True"
    assert {each["group"] for each in made} == {"Hamming"}
    assert curve["code"] == {"type": "hamming"}


def test_label_fields_are_filled_in() -> None:
    curve = {
        "label": "n={code.n}",
        "code": {"type": "spc"},
        "sweep": {"code.n": {"start": 3, "stop": 5, "step": 1}},
    }
    assert [each["label"] for each, _ in expand_curve(curve)] == ["n=3", "n=4", "n=5"]


@pytest.mark.parametrize("sweep", [{}, [1], {"n": [1]}, {"code.n": []}, {"code.n": 3}, {"code.type.x": [1]}])
def test_refused_sweeps(sweep: Any) -> None:
    with pytest.raises(ValueError):
        expand_curve({"label": "a", "code": {"type": "spc"}, "sweep": sweep})
