"""Frames in which two messages have the same codeword are refused, and no others."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode
from capgap.codes.binary import gf2
from capgap.codes.convolutional.encoding.encoder import Encoder
from capgap.codes.convolutional.encoding.puncturing import repeated
from capgap.codes.convolutional.weights.one_to_one import is_one_to_one

CIRCUITS: dict[str, dict[str, Any]] = {
    "rate 1/2": {"generators": [5, 7]},
    "recursive": {"generators": [15], "feedback": 13},
    "rate 1/3": {"generators": [13, 15, 17]},
    "rate 2/3": {"generators": [["3", "1", "0"], ["0", "3", "2"]]},
}


def rank(encoder: Encoder, sent: np.ndarray) -> int:
    """Of the matrix that gives what is sent of a message."""
    k = encoder.steps * encoder.circuit.inputs
    messages = np.eye(k, dtype=np.uint64)
    words = encoder.encode(messages)[:, sent].astype(np.uint8)
    return gf2.rank(words)


@pytest.mark.parametrize("termination", ["zero", "truncated", "tail-biting"])
@pytest.mark.parametrize("name", CIRCUITS)
def test_by_the_rank_of_the_generator_matrix(name: str, termination: Any) -> None:
    parameters = CIRCUITS[name]
    inputs = 2 if name == "rate 2/3" else 1
    circuit = ConvolutionalCode(k=inputs * 20, **parameters).encoder.circuit
    random = np.random.default_rng(1)
    found = []
    for trial in range(150):
        try:
            encoder = Encoder(circuit, int(random.integers(1, 24)), termination)
        except ValueError:  # no tail-biting of this length
            continue
        period = int(random.integers(1, 8))
        density = (0.9, 1.1, 1.5)[trial % 3] * inputs / circuit.outputs
        pattern = (random.random((circuit.outputs, period)) < density).astype(np.uint8)
        sent = repeated(pattern, encoder.all_steps)
        sent[encoder.steps :] &= random.random(sent[encoder.steps :].shape) < 0.8
        whole = rank(encoder, sent) == encoder.steps * inputs
        assert is_one_to_one(encoder, sent, period) == whole
        found.append(whole)
    assert 10 <= sum(found) <= len(found) - 10


def test_the_rounds_of_long_frames_are_left_out() -> None:
    steps = 10_000_000 - 2
    encoder = Encoder(ConvolutionalCode(generators=[5, 7], k=4).encoder.circuit, steps, "truncated")
    sent = np.ones((1, 2), bool)
    assert is_one_to_one(encoder, np.broadcast_to(sent, (steps, 2)), 1)


LAST_STEP = "termination: two messages have the same codeword, as what is sent of a truncated frame does not"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"generators": [5, 7], "k": 4, "termination": "truncated", "puncture": ["1110", "1110"]}, LAST_STEP),
        # The last of these steps sends nothing, the one before one bit.
        ({"generators": [133, 171], "k": 30, "termination": "truncated", "puncture": ["111", "100"]}, None),
        ({"generators": [133, 171], "k": 30, "termination": "truncated", "puncture": ["110", "110"]}, LAST_STEP),
        ({"generators": [133, 171], "k": 30, "puncture": ["110", "110"]}, None),
        ({"generators": [5, 7], "k": 4, "puncture": ["000111", "000111"]}, "puncture: two messages have the same"),
    ],
)  # fmt: skip
def test_what_is_refused(parameters: dict[str, Any], message: str | None) -> None:
    if message is None:
        code = ConvolutionalCode(**parameters)
        assert gf2.rank(code.generator_matrix) == code.k
        return
    with pytest.raises(ValueError, match=message):
        ConvolutionalCode(**parameters)
