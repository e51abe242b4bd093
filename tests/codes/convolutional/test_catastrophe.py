"""Catastrophic puncturing: circles of weight 0 against those of the whole state diagram."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode
from capgap.codes.convolutional.encoding.circuit import Circuit
from capgap.codes.convolutional.encoding.puncturing import pattern_of
from capgap.codes.convolutional.weights.catastrophe import is_catastrophic
from capgap.codes.convolutional.weights.distance import branch_weights
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

ENCODERS: tuple[dict[str, Any], ...] = (
    {"generators": [5, 7]},
    {"generators": [13, 15], "feedback": 13},
    {"generators": [["3", "1", "0"], ["0", "3", "2"]]},
)


def circuit_of(parameters: dict[str, Any]) -> Circuit:
    return ConvolutionalCode(k=24, **parameters).encoder.circuit


def goes_round(circuit: Circuit, pattern: Any) -> bool:
    """Whether a branch of weight 0 that has an input lies on a circle of such branches."""
    weights, trellis = branch_weights(circuit.trellis, pattern), circuit.trellis
    phase, state, given = np.indices(weights.shape).reshape(3, -1)
    start = phase * trellis.states + state
    end = (phase + 1) % len(weights) * trellis.states + trellis.following[state, given]
    light = weights.ravel() == 0
    size = len(weights) * trellis.states
    graph = csr_array((np.ones(light.sum()), (start[light], end[light])), shape=(size, size))
    _, part = connected_components(graph, directed=True, connection="strong")
    return bool((light & (part[start] == part[end]) & (given > 0)).any())


@pytest.mark.parametrize("parameters", ENCODERS)
def test_circles_are_those_of_the_state_diagram(parameters: dict[str, Any]) -> None:
    circuit, random = circuit_of(parameters), np.random.default_rng(7)
    found = []
    for _ in range(60):
        pattern = (random.random((circuit.outputs, random.integers(1, 7))) < 0.6).astype(np.uint8)
        found.append(is_catastrophic(circuit, pattern))
        assert found[-1] == goes_round(circuit, pattern), pattern
    assert 10 < sum(found) < 50


@pytest.mark.parametrize(
    ("parameters", "rows", "words"),
    [
        ({"generators": [133, 171]}, ["1000101", "1111010"], "steps of 7 and send no 1; exchange its rows"),
        ({"generators": [171, 133]}, ["1111010", "1000101"], "steps of 7 and send no 1; exchange its rows"),
        ({"generators": [13, 15], "feedback": 13}, ["0111111", "1000000"], "steps of 7 and send no 1"),
        ({"generators": [46321, 51271]}, ["1000101", "1111010"], "steps of 7 and send no 1"),
    ],
)
def test_catastrophic_puncturing_is_refused(parameters: dict[str, Any], rows: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=f"puncture makes a catastrophic encoder: .*{re.escape(words)}"):
        ConvolutionalCode(k=56, puncture=rows, **parameters)


def test_what_is_no_catastrophe_stays() -> None:
    # A pattern of the whole frame is not repeated.
    whole = ConvolutionalCode(generators=[133, 171], k=1, puncture=["1000101", "1111010"])
    assert whole.n == 7 + 1
    # Semi-catastrophic: paths of weight 0 go round without inputs, and all information bits are sent.
    rows = ["1111111", "1000000"]
    semi = ConvolutionalCode(generators=[13, 15], feedback=13, k=70, puncture=rows)
    assert not is_catastrophic(semi.encoder.circuit, pattern_of(rows, 2))
    assert semi.low_weights() is None
    assert "there is no end to them" in semi.info()["spectrum"]
