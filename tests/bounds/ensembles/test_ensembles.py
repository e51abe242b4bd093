"""Ensembles by degrees and by protographs: as they are written, and what they refuse."""

import numpy as np
import pytest
from capgap.bounds.ensembles.degrees import Ensemble
from capgap.bounds.ensembles.protograph import Protograph


@pytest.mark.parametrize(
    "text",
    [
        "lambda: 2=0.4 3=0.6; rho: 5=1",
        "lambda: 0.4x + 0.6x^2; rho: x^4",
        "lambda: .4 x + .6 x^{2}\nrho: 5=1",
        "L: 2=0.5, 3=0.5; R: 5=1",
        "L: 0.5x^2 + 0.5x^3; R: x^5",
        "L: 2=7 3=7; R: 5=3",
    ],
)
def test_degrees_by_edges_and_by_nodes_are_one_ensemble(text: str) -> None:
    found = Ensemble.from_text(text)
    assert dict(found.variables) == pytest.approx({2: 0.4, 3: 0.6})
    assert dict(found.checks) == {5: 1.0}
    assert found.rate == pytest.approx(1 - (1 / 5) / (0.4 / 2 + 0.6 / 3))


def test_regular_ensembles_have_the_shortest_name() -> None:
    found = Ensemble.from_text("3, 6")
    assert (found.text, found.rate, found.key) == ("(3,6)", 0.5, Ensemble.regular(3, 6).key)


def test_bits_that_are_not_sent_raise_the_rate() -> None:
    found = Ensemble.from_text("L: 3=4; R: 6=2.5; punctured: 3=1")
    assert found.rate == pytest.approx((5 - 2.5) / 4)
    assert found.punctured[3] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3;6", "an ensemble is written 3,6"),
        ("lambda: 2=1", "lambda and rho"),
        ("lambda: 2=0.5; rho: 6=1", "must add up to 1, and make 0.5"),
        ("lambda: 2=0.5 2=0.5; rho: 6=1", "given twice"),
        ("lambda: 2=-1 3=2; rho: 6=1", "must not be negative"),
        ("lambda: 0=1; rho: 6=1", "whole numbers from 1"),
        ("lambda: 2:1; rho: 6=1", "2=0.4 3=0.6"),
        ("lambda: 2=1; L: 3=1; rho: 6=1", "L does not go with"),
        ("lambda: 2=1; lambda: 3=1; rho: 6=1", "given twice"),
        ("gamma: 2=1; rho: 6=1", "an ensemble is written"),
    ],
)
def test_text_that_is_no_ensemble_is_told_what_is(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Ensemble.from_text(text)


def test_stability_of_an_ensemble_with_and_without_degree_two() -> None:
    found = Ensemble({2: 0.5, 3: 0.5}, {6: 1.0})
    assert found.stable_bhattacharyya == pytest.approx(1 / (0.5 * 5))
    assert Ensemble.regular(3, 6).stable_bhattacharyya == 1.0
    assert Ensemble({3: 0.5}, {6: 1.0}, {2: 0.5}).stable_bhattacharyya == 0.0


def test_protographs_are_written_as_rows() -> None:
    found = Protograph.from_text("protograph: 0 0 1 0 2, 1 1 0 1 3, 1 2 0 2 1; punctured: 4")
    assert (found.rate, found.punctured, found.base.sum()) == (0.5, (4,), 15)
    degrees = found.degrees()
    assert dict(degrees.punctured) == pytest.approx({6: 6 / 15})
    assert degrees.rate == pytest.approx(0.5)


def test_a_coupled_chain_has_the_checks_of_its_end_too() -> None:
    found = Protograph.from_text("coupled: 3,6; length: 4")
    assert found.base.shape == (6, 8)
    assert (found.base.sum(axis=0) == 3).all()
    assert found.base.sum(axis=1).tolist() == [2, 4, 6, 6, 4, 2]
    assert found.rate == 0.25


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Protograph([[1, 1], [0, 0]]), "row 1 of the base matrix has no edges"),
        (lambda: Protograph([[1, 0]]), "column 1"),
        (lambda: Protograph([[1, 1]], [2]), "punctured columns must lie in 0 to 1"),
        (lambda: Protograph(np.eye(2, dtype=int)), "design rate"),
        (lambda: Protograph([[1, -1]]), "entries from 0"),
        (lambda: Protograph([[0.5, 1]]), "whole numbers"),
        (lambda: Protograph.coupled(3, 7, 5), "multiple"),
        (lambda: Protograph.coupled(3, 6, 0), "length must lie in"),
        (lambda: Protograph.from_text("protograph: 1 1, 1 x"), "rows of whole numbers"),
        (lambda: Protograph.from_text("coupled: 3; length: 5"), "coupled: 3,6; length: 50"),
    ],
)
def test_what_is_no_protograph_is_refused(make: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()  # type: ignore[operator]
