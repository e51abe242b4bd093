"""Weight enumerating functions of frames, against the weights of all codewords."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode, input_output_enumerator

CODES: dict[str, dict[str, Any]] = {
    "zero": {"generators": [5, 7], "k": 8},
    "zero, punctured": {"generators": [133, 171], "k": 10, "puncture": ["110", "101"]},
    "zero, its tail punctured": {"generators": [23, 33], "k": 9, "puncture_tail": ["1", "0"]},
    "truncated": {"generators": [5, 7, 7], "k": 8, "termination": "truncated"},
    "recursive": {"generators": [13, 15], "feedback": 13, "k": 9},
    "recursive, truncated": {
        "generators": [13, 15], "feedback": 13, "k": 9, "termination": "truncated", "puncture": ["11", "10"],
    },
    "recursive, tail-biting": {"generators": [13, 15], "feedback": 13, "k": 10, "termination": "tail-biting"},
    "tail-biting, punctured": {
        "generators": [133, 171], "k": 11, "termination": "tail-biting", "puncture": ["110", "101"],
    },
    "shorter than its memory": {"generators": [133, 171], "k": 3, "termination": "tail-biting"},
    "rate 2/3": {"generators": [["3", "1", "0"], ["0", "3", "2"]], "k": 10},
    "rate 2/3, tail-biting": {
        "generators": [["3", "1", "0"], ["0", "3", "2"]], "k": 10, "termination": "tail-biting",
        "puncture": ["11", "10", "11"],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_sums_are_those_over_all_codewords(name: str) -> None:
    code = ConvolutionalCode(**CODES[name])
    joint = input_output_enumerator(code).counts.astype(float)
    function = code.weight_enumerating_function()
    assert function is not None
    z = np.array([-0.9, -0.3, 0.0, 1e-9, 0.05, 0.4, 1.0])
    powers = z[:, None] ** np.arange(1, code.n + 1)
    paths, ones = function(z)
    np.testing.assert_allclose(paths, powers @ joint[:, 1:].sum(axis=0), rtol=1e-10)
    np.testing.assert_allclose(ones, powers @ (np.arange(code.k + 1) @ joint)[1:], rtol=1e-10)


def test_sums_beyond_the_range_of_floats_are_cut_off() -> None:
    """There are 2^1500 codewords, and fewer of weight 10."""
    for code in (
        ConvolutionalCode(generators=[133, 171], k=1500),
        ConvolutionalCode(generators=[133, 171], k=1500, termination="tail-biting"),
    ):
        function = code.weight_enumerating_function()
        assert function is not None
        paths, ones = function(np.array([1.0, 1e-4]))
        assert paths[0] >= 1e150
        assert ones[0] >= 1e150
        assert paths[1] == pytest.approx(11e-40 * 1500, rel=1e-2)
        assert ones[1] == pytest.approx(36e-40 * 1500, rel=1e-2)


def test_many_states_have_no_function_but_low_weights() -> None:
    code = ConvolutionalCode(generators=[1167, 1545], k=600)
    assert code.weight_enumerating_function() is None
    low = code.low_weights()
    assert low is not None
    spectrum = code.distance_spectrum(12)
    assert low.weights == tuple(range(12, 24)) == tuple(spectrum.weights)
    assert low.codewords == tuple(600 * each for each in spectrum.paths)
    assert low.ones == tuple(600 * each for each in spectrum.information)
    assert code.free_distance == 12
    tail_biting = ConvolutionalCode(generators=[247, 371], k=600, termination="tail-biting")
    assert tail_biting.weight_enumerating_function() is None
    assert tail_biting.low_weights() is not None
    assert ConvolutionalCode(generators=[1167, 1545], k=600, termination="truncated").low_weights() is None
    punctured = ConvolutionalCode(generators=[133, 171], k=60, puncture=["110", "101"]).low_weights()
    assert punctured is not None
    assert punctured.codewords[:2] == (20 * 8, 20 * 31)
