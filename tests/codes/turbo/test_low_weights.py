"""The lightest codewords of turbo codes: against all inputs of few ones, and of a code whose words are known."""

import csv
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN
from capgap.codes import TurboCode
from capgap.codes.by_name import turbo
from capgap.codes.turbo.weights import low_weights
from capgap.codes.turbo.weights.low_weights import MORE, MOST_ONES, Search
from capgap.simulate.theory.code_rates.union_bounds import union_bound

from tests.lazy import but_slow

CODES: dict[str, dict[str, Any]] = {
    "lte": {"standard": "lte", "k": 40},
    "punctured": {"forward": [15], "feedback": 13, "k": 36, "puncture": ["11", "10", "01"]},
    "irregular": {"forward": [35], "feedback": 23, "k": 30, "puncture": ["101", "110", "001"]},
    "truncated": {"forward": [15], "feedback": 13, "k": 33, "termination": "truncated"},
    "tail-biting": {"forward": [15, 17], "feedback": 13, "k": 37, "termination": "tail-biting"},
    "block": {"forward": [7], "feedback": 5, "k": 33, "interleaver": {"type": "block", "rows": 5}},
    "without memory at the end": {"forward": [11], "feedback": 14, "k": 25, "termination": "truncated"},
    "duo-binary": {"standard": "dvb-rcs", "k": 96},
}


def made(name: str) -> TurboCode:
    code = turbo(**CODES[name])
    assert isinstance(code, TurboCode)
    return code


def all_of(code: TurboCode, ones: int, most: int) -> list[list[int]]:
    """The ones of all messages with so many, and the weights of their codewords, up to one."""
    places = np.array(list(combinations(range(code.k), ones)))
    bits = np.zeros((len(places), code.k), np.uint8)
    bits[np.arange(len(places))[:, None], places] = 1
    weights = code.encode(bits).sum(axis=1, dtype=np.int64)
    light = weights <= most
    found: list[list[int]] = np.hstack([places, weights[:, None]])[light].tolist()
    return found


def those_of(found: np.ndarray, ones: int) -> list[list[int]]:
    """What a search has found with so many ones."""
    found = np.unique(found[(found[:, :-1] >= 0).sum(axis=1) == ones], axis=0)
    rows: list[list[int]] = found[:, MOST_ONES - ones :].tolist()
    return rows


@pytest.mark.parametrize("name", but_slow(CODES, ("punctured", "truncated", "tail-biting", "duo-binary")))
def test_all_codewords_of_up_to_three_ones_are_found(name: str) -> None:
    code = made(name)
    inputs = code.light_inputs
    assert inputs is not None
    assert inputs.ones == 3
    most = inputs.low.weights[0] + MORE[0]
    search = Search(code.encoders, [each >= 0 for each in code.positions], code.interleaver)
    found = 0
    for ones in (1, 2, 3):
        expected = all_of(code, ones, most)
        assert those_of(search.events(ones, most), ones) == expected
        found += sum(weight == inputs.low.weights[0] for *_, weight in expected)
    assert 0 < found <= inputs.low.codewords[0]
    assert inputs.low.weights[-1] <= most


@pytest.mark.parametrize("name", but_slow(["lte", "irregular", "tail-biting", "block"], ["tail-biting"]))
def test_codewords_of_four_ones_are_found_but_for_sums_of_lighter_ones(name: str) -> None:
    """In each encoder two pairs, of which one may go on to the end, are two of two ones together."""
    code = made(name)
    search = Search(code.encoders, [each >= 0 for each in code.positions], code.interleaver)
    most = min(weight for *_, weight in all_of(code, 4, code.n)) + MORE[0]
    expected = {tuple(each) for each in all_of(code, 4, most)}
    circles = {tuple(each) for each in those_of(search.circles(most), 4)}
    found = circles | {tuple(each) for each in those_of(search.events(4, most), 4)}
    assert found <= expected
    twos = {tuple(places) for *places, _ in all_of(code, 2, most)}
    for *places, _ in expected - found:
        assert any({pair, tuple(sorted({*places} - {*pair}))} <= twos for pair in combinations(places, 2)), (
            places
        )
    assert name != "block" or len(circles) > 100


def test_a_turbo_code_has_the_first_terms_of_a_union_bound() -> None:
    code = turbo(standard="lte", k=40)
    assert isinstance(code, TurboCode)
    low = code.low_weights()
    assert low is not None
    assert (low.weights[:4], low.codewords[:4], low.ones[:4]) == (
        (11, 12, 13, 14),
        (1, 1, 2, 1),
        (3, 2, 4, 2),
    )
    found = union_bound(code, [AWGN(ebno_db=x, rate=code.rate) for x in (4, 5)])
    assert found.first_terms
    assert found.ber is not None
    one = union_bound(code, AWGN(ebno_db=5, rate=code.rate), terms=1)
    assert one.fer < found.fer[1] < 3 * one.fer
    info = code.info()
    assert info["codewords found and their ones by weight"][11] == [1, 3]
    assert (
        info["inputs searched"]
        == "up to 3 ones; 4 that are one error event in an encoder or two pairs in both"
    )


def test_of_a_random_code_without_more_ones_that_are_lighter_the_distance_is_found() -> None:
    code = turbo(forward=[7], feedback=5, k=14, interleaver={"type": "random", "seed": 2})
    assert isinstance(code, TurboCode)
    low = code.low_weights()
    assert low is not None
    assert low.weights[0] == code.minimum_distance()


@pytest.mark.slow
def test_a_published_floor_lies_little_above_the_first_terms(shared: Path) -> None:
    """LTE's encoders and interleaver of 2048 bits, punctured to 1/2, 24 of them a CRC's, which counts in the energy."""
    interleaver, rows = {"type": "qpp", "f1": 31, "f2": 64}, ["11", "10", "01"]
    code = turbo(forward=[15], feedback=13, k=2048, interleaver=interleaver, puncture=rows)
    with (shared / "references" / "turbo_2048_i8_ref_lte.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    last = points[-1]
    bound = union_bound(code, AWGN(ebno_db=float(last["ebno_db"]), rate=int(last["k"]) / code.n))
    # A hundred errors deviate by a tenth. Messages of more ones come on top, and eight iterations are not ML.
    assert 1 < int(last["frame_errors"]) / int(last["frames"]) / bound.fer < 3


def test_a_search_that_takes_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(low_weights, "BUDGETS", low_weights.BUDGETS | {3: 100})
    inputs = made("lte").light_inputs
    assert inputs is not None
    assert (inputs.ones, inputs.events) == (2, False)
    assert inputs.searched == "up to 2 ones; 4 that are two pairs in both"
    monkeypatch.setattr(low_weights, "BUDGETS", dict.fromkeys(low_weights.BUDGETS, 10))
    assert made("lte").light_inputs is None
    monkeypatch.setattr(low_weights, "MOST_WORK", 100)
    assert made("lte").low_weights() is None
