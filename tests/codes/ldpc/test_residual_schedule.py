"""Informed dynamic scheduling beside a slow reference, which looks at all checks before each step."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import BeliefPropagationDecoder, LDPCCode, LinearCode

from tests.codes.ldpc.samples import ODD_CHECKS, decode_variables, quasi_cyclic_code
from tests.codes.samples import Array, random_llrs, send
from tests.references.belief_propagation import min_sum_rule, settled, sum_product_rule


def reference(
    code: LinearCode, llr: Array, iterations: int, algorithm: str, scale: float
) -> tuple[Array, int]:
    """Values of the variables of one frame, and the iterations that they took."""
    H = code.tanner_graph.matrix()
    rows = [np.flatnonzero(row) for row in H]
    value, messages = llr.astype(float), [np.zeros(len(row)) for row in rows]
    for iteration in range(iterations + 1):
        if settled(H, value[:, None])[0]:
            return value, iteration
        for _ in rows if iteration < iterations else ():
            best, most = None, 0.0
            for check, row in enumerate(rows):
                inputs = (value[row] - messages[check])[:, None]
                exact = algorithm == "sum-product"
                new = sum_product_rule(inputs) if exact else min_sum_rule(inputs, scale, 0.0)
                new = np.clip(new[:, 0], -300, 300)
                change = np.abs(new - messages[check]).max(initial=0)
                if change > most:
                    best, most = (check, row, new), change
            if best is not None:
                check, row, new = best
                value[row] += new - messages[check]
                messages[check] = new
    return value, iterations


@pytest.mark.parametrize(("algorithm", "scale", "agree"), [("sum-product", 1.0, 0.9), ("min-sum", 0.75, 1.0)])
def test_residual_schedule(algorithm: Any, scale: float, agree: float) -> None:
    code = quasi_cyclic_code(4)
    llr = send(code, 1, 12)[1]
    options: dict[str, Any] = {"algorithm": algorithm, "scale": scale, "iterations": 3}
    decoder = BeliefPropagationDecoder(code, schedule="residual", **options)
    found = decode_variables(decoder, llr)
    expected = [reference(code, one, 3, algorithm, scale) for one in llr]
    bits = np.array([value < 0 for value, _ in expected])
    spent = np.array([count for _, count in expected])
    assert ((found.bits == bits).all(axis=1) & (found.iterations == spent)).mean() >= agree
    assert 0 < found.ok.mean() < 1


def test_it_needs_fewer_iterations() -> None:
    code = quasi_cyclic_code(24)
    llr = send(code, 2.5, 60)[1]
    means = [
        BeliefPropagationDecoder(code, algorithm="min-sum", scale=0.8, schedule=schedule)
        .decode(llr)
        .iterations.mean()
        for schedule in ("layered", "residual")
    ]
    assert means[1] < 0.85 * means[0]


def test_odd_checks_and_erasures() -> None:
    decoder = BeliefPropagationDecoder(LDPCCode(ODD_CHECKS), schedule="residual", iterations=4)
    result = decode_variables(decoder, random_llrs(300, 6, zeros=0.2))
    assert not result.bits[result.ok, 1].any()
    assert not decode_variables(decoder, np.zeros((1, 6), np.float32)).ok[0]


@pytest.mark.parametrize(
    "options",
    [
        {"damping": 0.5},
        {"algorithm": "min-sum", "precision": "int8"},
        {"algorithm": "min-sum", "scale": [0.8, 0.9]},
        {"count": "iterations"},
    ],
)
def test_what_it_refuses(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="schedule residual takes one scale and offset"):
        BeliefPropagationDecoder(quasi_cyclic_code(4), schedule="residual", **options)
