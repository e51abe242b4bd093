"""Convolutional codes: their encoder, how polynomials are read, puncturing."""

from typing import Any

import komm
import numpy as np
import pytest
from capgap.codes import ConvolutionalCode
from capgap.simulate import run

from tests.codes.samples import assert_is_linear_code, random_bits
from tests.lazy import Lazy

CODES = Lazy(
    {
        "rate 1/2": lambda: ConvolutionalCode(generators=[133, 171], k=20),
        "rate 1/3, truncated": lambda: ConvolutionalCode(generators=[5, 7, 7], k=9, termination="truncated"),
        "recursive": lambda: ConvolutionalCode(generators=[15], feedback=13, k=16),
        "recursive, tail-biting": lambda: ConvolutionalCode(
            generators=[13, 15, 17], feedback=13, k=16, termination="tail-biting"
        ),
        "punctured": lambda: ConvolutionalCode(
            generators=[133, 171], k=30, termination="tail-biting", puncture=["110", "101"]
        ),
        "rate 2/3": lambda: ConvolutionalCode(generators=[["3", "1", "0"], ["0", "3", "2"]], k=10),
        "shorter than its memory": lambda: ConvolutionalCode(
            generators=[133, 171], k=3, termination="tail-biting"
        ),
    }
)


@CODES.each("code")
def test_it_is_a_linear_code(code: ConvolutionalCode) -> None:
    assert_is_linear_code(code)


@pytest.mark.parametrize(
    ("termination", "mode"),
    [("zero", "zero-termination"), ("tail-biting", "tail-biting"), ("truncated", "direct-truncation")],
)
@pytest.mark.parametrize(
    ("generators", "feedback", "theirs", "their_feedback"),
    [
        ([133, 171], None, [[0b1101101, 0b1001111]], None),
        ([5, 7, 7], None, [[0b101, 0b111, 0b111]], None),
        ([13, 15], 13, [[0b1101, 0b1011]], [0b1101]),
    ],
)
def test_words_are_those_of_komm(
    termination: Any, mode: str, generators: Any, feedback: Any, theirs: Any, their_feedback: Any
) -> None:
    """komm writes polynomials with the current input in the lowest bit."""
    code = ConvolutionalCode(generators=generators, feedback=feedback, k=11, termination=termination)
    inner = komm.ConvolutionalCode(theirs, their_feedback)
    bits = random_bits(30, 11)
    expected = komm.TerminatedConvolutionalCode(inner, 11, mode).encode(bits)
    np.testing.assert_array_equal(code.encode(bits), expected)


def test_the_most_significant_bit_is_the_current_input() -> None:
    code = ConvolutionalCode(generators=[6, 7], k=1)  # 1 + D and 1 + D + D^2
    assert code.encode([1]).tolist() == [1, 1, 1, 1, 0, 1]


def test_a_frame_ends_where_it_began() -> None:
    """The circuit of a tail-biting recursive code, run by its definition from the state that it begins in."""
    code = ConvolutionalCode(generators=[13, 15], feedback=13, k=10, termination="tail-biting")
    trellis, bits = code.encoder.circuit.trellis, random_bits(20, 10, seed=4)
    for row, word in zip(bits, code.encode(bits), strict=True):
        ends = []
        for first in range(trellis.states):
            state, labels = first, []
            for bit in row:
                labels.append(trellis.labels[state, bit])
                state = trellis.following[state, bit]
            if state == first:
                ends.append([label >> i & 1 for label in labels for i in range(2)])
        assert ends == [word.tolist()]


def test_puncturing_leaves_out_what_its_rows_say() -> None:
    whole = ConvolutionalCode(generators=[133, 171], k=12)
    code = ConvolutionalCode(generators=[133, 171], k=12, puncture=["1111010", "1000101"])
    rows = np.array([[1, 1, 1, 1, 0, 1, 0], [1, 0, 0, 0, 1, 0, 1]], bool)
    sent = np.tile(rows.T, (3, 1))[:18].ravel()
    bits = random_bits(50, 12)
    np.testing.assert_array_equal(code.encode(bits), whole.encode(bits)[:, sent])
    assert code.n == sent.sum()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"generators": [138, 171]}, "generators must be octal digits as in textbooks"),
        ({"generators": [133, 75]}, "75 has fewer digits than 133, which can mean two things: write '075'"),
        ({"generators": [634, 564]}, "none of 634, 564 has a tap on the oldest input.*this is 147, 135"),
        ({"generators": [3, 5]}, "catastrophic encoder: they have the common factor 1 \\+ D, octal 3"),
        ({"generators": [5, 5]}, "catastrophic encoder: they have the common factor 1 \\+ D\\^2, octal 5"),
        ({"generators": [[3, 1, 2], [3, 1, 2]], "k": 4}, "two inputs have the same outputs"),
        (
            {"generators": [133, 171], "puncture": ["11"]},
            "puncture must have a row for each of the 2 outputs",
        ),
        ({"generators": [133, 171], "puncture": [101, 11]}, "puncture: rows must be equally long"),
        ({"generators": [133, 171], "puncture": ["12", "10"]}, "puncture: rows hold 0 and 1"),
        ({"generators": [133, 171], "puncture": ["00", "00"]}, "puncture sends nothing"),
        ({"generators": [13], "feedback": "05"}, "feedback: 05 has no tap on the current input"),
        ({"generators": [13], "feedback": 13}, "one that is not the feedback"),
        (
            {"generators": [17], "feedback": 13, "k": 7, "termination": "tail-biting"},
            "no tail-biting in 7 steps",
        ),
        ({"generators": [133, 171], "k": 0}, "k must be at least 1"),
        ({"generators": [[3, 1], [1, 3]], "k": 5}, "k must be a multiple of the 2 inputs"),
        ({"generators": [100001, 100003]}, "memory must be at most 14"),
        ({"generators": [1, 1]}, "no memory"),
        (
            {"generators": [133, 171], "termination": "tail"},
            "termination must be zero, tail-biting, truncated",
        ),
    ],
)
def test_what_is_no_code_is_refused_in_words(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ConvolutionalCode(**{"k": 8, **parameters})


@pytest.mark.parametrize("written", ["[133, 171]", '["133", "171"]', "[0o133, 0o171]"])
def test_a_configuration_may_write_octal_digits_in_three_ways(written: str, tmp_path: Any) -> None:
    text = f"""
name: octal
channel: {{type: bsc, f: 0.01}}
curves:
  - {{code: {{type: convolutional, generators: {written}, k: 8}}, label: a}}
stop: {{frames: 64}}
"""
    file = tmp_path / "octal.yaml"
    file.write_text(text)
    (row,) = run(file, save=False)
    assert row.code == "convolutional(generators=[133, 171], k=8)"
