"""Approximations of sum-product, self-corrected min-sum, damping, columns and few bits, beside a slow reference."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import HammingCode, LDPCCode

from tests.codes.ldpc.samples import ODD_CHECKS, bp, decode_variables, quasi_cyclic_code
from tests.codes.samples import assert_same, random_llrs, send
from tests.lazy import but_slow
from tests.references.belief_propagation import reference_bp, reference_variables

A_MIN_STAR = {"algorithm": "a-min*"}
LINEAR = {"algorithm": "a-min*", "correction": "linear"}
TWO_LEAST = {"algorithm": "lambda-min", "minima": 2}
FOUR_LEAST = {"algorithm": "lambda-min", "minima": 4}
CORRECTED = {"algorithm": "self-corrected", "scale": 0.9, "offset": 0.1}
DAMPED = {"algorithm": "min-sum", "damping": 0.25}
FLOODING, LAYERED = {"schedule": "flooding"}, {"schedule": "layered"}
COLUMNS = {"schedule": "layered-columns"}
FIVE_BITS = {"algorithm": "min-sum", "scale": 0.8, "precision": "int5", "llr_scale": 2}
BY_ITERATION = {"algorithm": "min-sum", "scale": [0.5, 0.7, 0.9], "offset": [0.3, 0]}
BY_ITERATION_INT8 = {**BY_ITERATION, "precision": "int8"}
BY_DEGREE = {"algorithm": "min-sum", "scale": {3: 1, 4: 0.9, 5: 0.8, 6: 0.7, 7: 0.75}, "offset": 0.25}
THREE_BITS = {"algorithm": "min-sum", "offset": 1, "precision": "int3", "llr_scale": 1}
APPROXIMATE: list[dict[str, Any]] = [
    {**rule, **schedule}
    for rule in (A_MIN_STAR, LINEAR, TWO_LEAST, FOUR_LEAST)
    for schedule in (FLOODING, LAYERED)
] + [COLUMNS]
EXACT: list[dict[str, Any]] = [
    {**rule, **schedule}
    for rule in (
        CORRECTED,
        {**CORRECTED, "precision": "int8"},
        DAMPED,
        FIVE_BITS,
        THREE_BITS,
        BY_ITERATION,
        BY_DEGREE,
    )
    for schedule in (FLOODING, LAYERED)
] + [{**rule, **COLUMNS} for rule in (DAMPED, FIVE_BITS, BY_ITERATION)]


@pytest.mark.parametrize(
    "options", but_slow(APPROXIMATE, ({**A_MIN_STAR, **LAYERED}, {**FOUR_LEAST, **FLOODING}))
)
@pytest.mark.parametrize("stronger", [1, 40])
def test_approximations(options: dict[str, Any], stronger: float) -> None:
    """Also of LLRs that are far from 0, where exponentials are relative to the least."""
    code = quasi_cyclic_code(24)
    llr = stronger * send(code, 2, 64)[1]
    result = bp(code, iterations=10, **options).decode(llr)
    expected = reference_bp(code, llr, iterations=10, **options)
    same = (result.bits == expected.bits).all(axis=1) & (result.ok == expected.ok)
    assert (same & (result.iterations == expected.iterations)).mean() >= 0.96
    assert expected.iterations.any()


@pytest.mark.parametrize(
    "options",
    but_slow(
        EXACT,
        (
            {**CORRECTED, "precision": "int8", **LAYERED},
            {**DAMPED, **FLOODING},
            {**FIVE_BITS, **COLUMNS},
            {**THREE_BITS, **LAYERED},
            {**BY_ITERATION_INT8, **LAYERED},
        ),
    ),
)
def test_what_comes_out_to_the_bit(options: dict[str, Any]) -> None:
    code = quasi_cyclic_code(24)
    llr = send(code, 1, 64)[1]
    result = bp(code, iterations=15, **options).decode(llr)
    assert_same(result, reference_bp(code, llr, iterations=15, dtype=np.float32, **options))
    assert result.iterations.any()


@pytest.mark.parametrize(
    "options", but_slow(APPROXIMATE, ({**A_MIN_STAR, **LAYERED}, {**FOUR_LEAST, **FLOODING}))
)
def test_checks_of_degree_zero_one_and_two(options: dict[str, Any]) -> None:
    code = LDPCCode(ODD_CHECKS)
    llr = random_llrs(500, 6, zeros=0.2)
    result = decode_variables(bp(code, iterations=5, **options), llr)
    expected = reference_variables(code, llr, iterations=5, **options)
    assert (result.bits == expected.bits).all(axis=1).mean() > 0.99


def test_lambda_min_of_all_inputs_is_sum_product() -> None:
    code = quasi_cyclic_code(24)
    llr = send(code, 1, 200)[1]
    result = bp(code, algorithm="lambda-min", minima=7).decode(llr)
    expected = bp(code).decode(llr)
    assert (result.bits == expected.bits).all(axis=1).mean() > 0.99


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minima": 3}, "minima belongs to lambda-min"),
        ({"algorithm": "lambda-min", "minima": 1}, "minima must be at least 2, got 1"),
        ({"correction": "linear"}, r"correction belongs to a-min\*"),
        ({"algorithm": "a-min*", "correction": "table"}, "correction must be exact or linear, got 'table'"),
        ({"algorithm": "a-min*", "scale": 0.8}, "scale belongs to min-sum"),
        ({"algorithm": "lambda-min", "precision": "int8"}, "precision int8 belongs to min-sum"),
        ({**A_MIN_STAR, **COLUMNS}, r"schedule layered-columns takes sum-product or min-sum, got a-min\*"),
        ({**THREE_BITS, "llr_scale": 4}, r"llr_scale must lie in \(0, 3\], got 4"),
        ({"precision": "int4"}, "precision int4 belongs to min-sum"),
        ({"algorithm": "min-sum", "scale": [0.8, 1.2]}, r"scale must lie in \(0, 1\], got 1.2"),
        ({"algorithm": "min-sum", "scale": []}, "scale must have 1 to 1000 numbers, got 0"),
        (
            {"algorithm": "min-sum", "scale": {3: 0.5}},
            "scale must have a number for each degree .*: 4; 4 is missing",
        ),
        (
            {"algorithm": "min-sum", "scale": [0.8], "offset": {4: 0}},
            "offset must be for iterations or for degrees",
        ),
        (
            {"algorithm": "self-corrected", "scale": [0.8]},
            "scale and offset of self-corrected must be one number",
        ),
        ({"scale": [0.8]}, "scale belongs to min-sum"),
        ({"damping": 1}, r"damping must lie in \[0, 1\), got 1"),
        ({"algorithm": "min-sum", "precision": "int8", "damping": 0.5}, "damping needs precision: float32"),
    ],
)
def test_rules_refuse(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bp(HammingCode(r=3), **options)
