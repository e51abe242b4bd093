"""The alternating direction method of multipliers, beside the linear programme that it approaches."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.codes import ADMMDecoder, HammingCode, LDPCCode, LinearProgrammingDecoder
from capgap.codes.ldpc.decoding.soft.admm import project

from tests.codes.samples import Array, send, words_of


def violation(point: Array) -> float:
    """How far a point is beyond the worst of the inequalities of the polytope, all odd sets tried."""
    sets = words_of(len(point))
    sets = sets[sets.sum(axis=1) % 2 == 1]
    return float((1 - (np.where(sets, 1 - point, point)).sum(axis=1)).max())


@pytest.mark.parametrize("degree", [1, 2, 3, 6])
def test_projections_are_the_nearest_points(degree: int) -> None:
    """Nearest: the way to it makes no acute angle with the way to any vertex of the polytope."""
    values = np.random.default_rng(degree).normal(0.5, 0.8, (300, degree))
    points = project(values)
    vertices = words_of(degree)
    vertices = vertices[vertices.sum(axis=1) % 2 == 0]
    for value, point in zip(values, points, strict=True):
        assert ((point >= 0) & (point <= 1)).all()
        assert violation(point) < 1e-9
        assert ((vertices - point) @ (value - point) < 1e-9).all()


def test_it_ends_where_the_linear_programme_ends() -> None:
    code = LDPCCode.regular(96, 48, 3)
    llr = send(code, 2, 25)[1]
    exact, near = LinearProgrammingDecoder(code).decode(llr), ADMMDecoder(code, iterations=2000).decode(llr)
    np.testing.assert_array_equal(near.ok, exact.ok)
    np.testing.assert_array_equal(near.bits[exact.ok], exact.bits[exact.ok])
    assert 0 < exact.ok.sum() < 25


def test_a_penalty_finds_more_codewords() -> None:
    code = LDPCCode.regular(96, 48, 3)
    sent, llr = send(code, 2, 100)
    plain, better = (ADMMDecoder(code, iterations=200, penalty=penalty).decode(llr) for penalty in (0, 1))
    assert plain.ok.sum() < better.ok.sum()
    errors = [(each.bits != sent).any(axis=1).sum() for each in (better, plain)]
    assert errors[0] < errors[1]
    assert better.iterations.mean() < plain.iterations.mean()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"penalty": 2},
            "penalty must lie in 0 to 100, below step times the least degree, 1, over 2, which is 1.5",
        ),
        ({"step": 0}, "step must lie in (0, 100], got 0"),
        ({"relaxation": 2}, "relaxation must lie in 1 to 1.9, got 2"),
        ({"iterations": 0}, "iterations must be at least 1, got 0"),
    ],
)
def test_wrong_parameters(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ADMMDecoder(HammingCode(r=3), **options)
