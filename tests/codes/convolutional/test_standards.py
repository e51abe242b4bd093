"""Convolutional codes that are named by a standard."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode, LinearRateMatchedCode, ViterbiDecoder, decoder_of
from capgap.codes.by_name import convolutional
from capgap.codes.convolutional.by_name import Standard, of_standard
from capgap.codes.convolutional.standards import STANDARDS
from capgap.codes.convolutional.weights.distance import free_distance
from capgap.codes.matching.lte import convolutional_bits

from tests.codes.samples import random_bits


@pytest.mark.parametrize(
    ("standard", "rate", "n", "distance"),
    [
        # 60 bits and 6 of the tail; 802.11's examples of 5/6 send 6 bits of 10.
        ("wifi", "1/2", 132, 10),
        ("wifi", "2/3", 99, 6),
        ("wifi", "3/4", 88, 5),
        ("wifi", "5/6", 80, 4),
        ("lte", None, 180, 15),
        ("gsm", None, 128, 7),
        ("dab", "8/9", 68 + 12, 3),
        ("dab", "8/32", 240 + 12, 19),
        ("dvb", "7/8", 76, 3),
        ("voyager", None, 132, 10),
        ("cassini", None, 444, 56),
    ],
)
def test_lengths_and_free_distances(standard: Standard, rate: Any, n: int, distance: int) -> None:
    code = convolutional(standard=standard, rate=rate, k=60)
    assert isinstance(code, ConvolutionalCode)
    assert (code.n, code.k) == (n, 60)
    assert free_distance(code.encoder.circuit, code.pattern) == distance


def test_wifi_punctures_its_tail_with_the_rest() -> None:
    bits = random_bits(20, 30)
    code = convolutional(standard="wifi", rate="3/4", k=30)
    same = ConvolutionalCode(generators=[133, 171], k=30, puncture=["110", "101"])
    np.testing.assert_array_equal(code.encode(bits), same.encode(bits))


def test_dab_punctures_its_tail_by_a_vector_of_its_own() -> None:
    bits = random_bits(20, 32)
    mother = ConvolutionalCode(generators=[133, 171, 145, 133], k=32).encode(bits)
    vector = "11101110111011001110110011101100"  # PI 13 of EN 300 401, table 13
    tail = "110011001100110011001100"
    sent = np.array([digit == "1" for digit in vector * 4 + tail])
    code = convolutional(standard="dab", rate="8/21", k=32)
    np.testing.assert_array_equal(code.encode(bits), mother[:, sent])
    assert code.n == 4 * 21 + 12


def test_dab_adds_one_output_after_the_other() -> None:
    for more, (rate, pattern) in enumerate(STANDARDS["dab"].patterns.items(), start=1):
        assert pattern is not None
        assert rate == f"8/{8 + more}"
        assert sum(row.count("1") for row in pattern) == 8 + more


def test_lte_is_tail_biting_and_dvb_begins_with_171() -> None:
    assert of_standard("lte", 40).termination == "tail-biting"
    assert of_standard("dvb", 4, "2/3").generators == (("171", "133"),)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "convolutional takes one of generators and standard"),
        ({"standard": "lte", "generators": [5, 7]}, "convolutional takes one of generators and standard"),
        ({"standard": "wifi"}, "rate must be 1/2, 2/3, 3/4 or 5/6 for wifi, but is missing"),
        ({"standard": "wifi", "rate": "7/8"}, "rate must be 1/2, 2/3, 3/4 or 5/6 for wifi, got '7/8'"),
        ({"standard": "lte", "puncture": ["1"]}, "puncture belongs to generators: the standard lte has its"),
        ({"standard": "lte", "termination": "zero"}, "termination belongs to generators: the standard lte"),
        ({"generators": [5, 7], "rate": "1/2"}, "rate belongs to a standard, which is not named"),
        ({"standard": "umts"}, "standard must be wifi, lte, gsm, dab, dvb, voyager, cassini, got 'umts'"),
    ],
)
def test_what_is_no_standard_is_refused_in_words(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        convolutional(**{"k": 8, **parameters})


@pytest.mark.parametrize("n", [30, 41, 90, 91, 250])
def test_lte_selects_bits_of_a_circular_buffer(n: int) -> None:
    """Punctured, as it is, and repeated: sums of the LLRs of each bit go to the decoder of the mother code."""
    code = convolutional(standard="lte", k=30, n=n)
    assert isinstance(code, LinearRateMatchedCode)
    assert (code.n, code.k, code.default_decoder) == (n, 30, "viterbi")
    mother, sent = convolutional(standard="lte", k=30), convolutional_bits(30, n)
    bits = random_bits(100, 30)
    words = code.encode(bits)
    np.testing.assert_array_equal(words, mother.encode(bits)[:, sent])
    llr = np.random.default_rng(31).normal(2 - 4.0 * words, 2).round(2).astype(np.float32)
    together = np.zeros((100, mother.n), np.float32)
    for place, bit in enumerate(sent):
        together[:, bit] += llr[:, place]
    found, expected = decoder_of(code, ViterbiDecoder).decode(llr), ViterbiDecoder(mother).decode(together)
    np.testing.assert_array_equal(found.bits, expected.bits)
    clear = decoder_of(code, ViterbiDecoder, precision="int8").decode(7 - 14.0 * words)
    np.testing.assert_array_equal(clear.bits, bits)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"standard": "lte", "rv": 0}, "rv belongs to turbo codes: rate matching of convolutional ones"),
        (
            {"standard": "wifi", "rate": "1/2", "n": 90},
            "n belongs to the rate matching of lte, and not to wifi",
        ),
        ({"standard": "lte", "n": 62}, "n must be at least k = 63, got 62"),
        ({"standard": "lte", "n": 64}, "n must be larger: two codewords begin with the same 64 bits"),
        ({"generators": [5, 7], "n": 90}, "n belongs to a standard, which is not named"),
    ],
)
def test_rate_matching_that_there_is_not_is_refused(parameters: dict[str, Any], words: str) -> None:
    """133, the stream that is sent first, has a factor in common with D^63 - 1."""
    with pytest.raises(ValueError, match=words):
        convolutional(k=63, **parameters)
