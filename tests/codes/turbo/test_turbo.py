"""Turbo codes: their encoder against one that goes bit by bit, puncturing, what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes import TurboCode
from capgap.codes.binary import gf2
from capgap.codes.by_name import turbo
from capgap.codes.convolutional.encoding.encoder import Encoder
from capgap.codes.turbo.recursive import recursive_circuit
from capgap.codes.turbo.standards.dvb import duo_binary_circuit
from capgap.codes.turbo.turbo import in_steps
from capgap.simulate import run
from capgap.simulate.errors import InputError
from capgap.vectors.groups import packed

from tests.codes.samples import assert_is_linear_code, random_bits
from tests.lazy import Lazy
from tests.references.turbo_encoders import recursive

CODES = Lazy(
    {
        "rate 1/3": lambda: turbo(forward=[15], feedback=13, k=16),
        "rate 1/5": lambda: turbo(forward=[15, 17], feedback=13, k=9),
        "punctured": lambda: turbo(forward=[15], feedback=13, k=15, puncture=["11", "10", "01"]),
        "tail-biting": lambda: turbo(forward=[15], feedback=13, k=13, termination="tail-biting"),
        "truncated": lambda: turbo(forward=[35], feedback=23, k=12, termination="truncated"),
        "two encoders": lambda: turbo(forward=[["15", "17"], ["33"]], feedback=[13, 23], k=9),
        "without its information bits": lambda: turbo(
            forward=[15], feedback=13, k=12, puncture=["0", "1", "1"]
        ),
    }
)


@CODES.each("code")
def test_it_is_a_linear_code(code: TurboCode) -> None:
    assert_is_linear_code(code)


def test_words_are_those_of_two_recursive_encoders() -> None:
    code = turbo(forward=[15, 17], feedback=13, k=20)
    assert isinstance(code, TurboCode)
    bits = random_bits(40, 20)
    for row, word in zip(bits, code.encode(bits), strict=True):
        first = recursive(row.tolist(), ["1101", "1111"], "1011", tail=True)
        second = recursive(row[code.interleaver].tolist(), ["1101", "1111"], "1011", tail=True)
        expected = [bit for t in range(20) for bit in (*first[t], *second[t][1:])]
        expected += [bit for tail in (first, second) for step in tail[20:] for bit in step]
        assert word.tolist() == expected
    assert (code.n, code.rate) == (20 * 5 + 2 * 9, 20 / 118)


def test_encoders_may_differ() -> None:
    code = turbo(forward=[["15"], ["33", "37"]], feedback=[13, 23], k=20, puncture=["1", "1", "1", "0"])
    assert isinstance(code, TurboCode)
    bits = random_bits(10, 20)
    for row, word in zip(bits, code.encode(bits), strict=True):
        first = recursive(row.tolist(), ["1101"], "1011", tail=True)
        second = recursive(row[code.interleaver].tolist(), ["11011", "11111"], "10011", tail=True)
        expected = [bit for t in range(20) for bit in (*first[t], second[t][1])]
        expected += [bit for tail in (first, second) for step in tail[20:] for bit in step]
        assert word.tolist() == expected


def test_puncturing_leaves_out_what_its_rows_say_and_no_tails() -> None:
    rows = ["110", "101", "011"]
    whole = turbo(forward=[15], feedback=13, k=20)
    code = turbo(forward=[15], feedback=13, k=20, puncture=rows)
    sent = np.ones(whole.n, bool)
    sent[:60] = np.tile(np.array([list(row) for row in rows]).T == "1", (7, 1))[:20].ravel()
    bits = random_bits(30, 20)
    np.testing.assert_array_equal(code.encode(bits), whole.encode(bits)[:, sent])


@CODES.each("code")
def test_positions_say_which_output_of_an_encoder_each_coded_bit_is(code: TurboCode) -> None:
    words = packed(random_bits(64, code.k))
    found = code.encode_words(words)
    seen = []
    inputs = words, np.take(words, code.interleaver, axis=1)
    for encoder, given, positions in zip(code.encoders, inputs, code.positions, strict=True):
        out = encoder.encode(given)[0]
        assert positions.shape == out.shape
        np.testing.assert_array_equal(found[0, positions[positions >= 0]], out[positions >= 0])
        seen += positions[positions >= 0].tolist()
    assert sorted(seen) == list(range(code.n))


def test_what_is_known_of_a_code() -> None:
    code = turbo(standard="lte", k=40)
    assert isinstance(code, TurboCode)
    known = {"states": [8, 8], "termination": ["zero", "zero"], "spread of the interleaver": 4}
    assert known.items() <= code.info().items()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"k": 0}, "k must be at least 1"),
        ({"forward": None}, "missing: forward"),
        ({"feedback": None}, "missing: feedback"),
        ({"feedback": "05"}, "feedback: 05 has no tap on the current input"),
        ({"feedback": 10, "forward": [13]}, "feedback: 10 feeds nothing back"),
        ({"forward": [13]}, "forward has the feedback polynomial"),
        ({"forward": [19]}, "forward must be octal digits"),
        ({"forward": []}, "forward must have at least one polynomial"),
        ({"forward": [["15"], "17"]}, "forward must be a list of polynomials, or two of them"),
        ({"forward": [["15"], ["17"], ["15"]]}, "forward must be a list of polynomials, or two of them"),
        ({"feedback": [13, 13, 13]}, "feedback must be a polynomial, or two, one an encoder, got 3"),
        ({"rate": "1/2"}, "rate belongs to a standard"),
        ({"n": 20}, "n belongs to a standard"),
        ({"standard": "lte", "k": 40}, "forward says nothing beside standard"),
        ({"puncture": ["1", "1"]}, "puncture must have a row for each of the 3 outputs"),
        ({"k": 7, "termination": "tail-biting"}, "no tail-biting in 7 steps"),
        ({"interleaver": [0, 1]}, "interleaver must have 8 numbers"),
    ],
)
def test_what_is_no_code_is_refused_in_words(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        turbo(**{"forward": [15], "feedback": 13, "k": 8, **parameters})


def test_encoders_and_what_is_sent_must_fit() -> None:
    encoder = Encoder(recursive_circuit(["15"], "13"), 8, "zero")
    order, pair = np.roll(np.arange(8), 3), (encoder, encoder)
    with pytest.raises(ValueError, match="encoders: they take 8 and 9 information bits"):
        TurboCode((encoder, Encoder(encoder.circuit, 9, "zero")), order)
    duo = Encoder(duo_binary_circuit([1, 0, 1], [1, 1, 1], [1, 0, 1, 1], [1, 0, 0, 1]), 4, "zero")
    with pytest.raises(ValueError, match="encoders take different numbers of bits a step"):
        TurboCode((encoder, duo), order)
    sent = in_steps(pair)
    for wrong, words in [
        ([*sent, 44], "sent names bit 44, the mother code's go from 0 to 43"),
        ([*sent, sent[3]], f"sent names bit {sent[3]} twice"),
        ([*sent, 24], "sent names bit 24, an information bit of the second encoder"),
    ]:
        with pytest.raises(ValueError, match=words):
            TurboCode(pair, order, sent=wrong)


@pytest.mark.parametrize("termination", ["zero", "truncated"])
def test_two_messages_with_one_codeword_are_refused(termination: Any) -> None:
    encoder = Encoder(recursive_circuit(["15"], "13"), 8, termination)
    pair, order = (encoder, encoder), np.array([3, 6, 1, 4, 7, 2, 0, 5])
    everything = in_steps(pair)
    whole = TurboCode(pair, order).generator_matrix
    random, refused = np.random.default_rng(1), 0
    for _ in range(60):
        kept = np.sort(random.permutation(len(everything))[: random.integers(8, 12)])
        if gf2.rank(np.ascontiguousarray(whole[:, kept])) == 8:
            assert TurboCode(pair, order, sent=everything[kept]).k == 8
            continue
        refused += 1
        with pytest.raises(ValueError, match="sent: two messages have the same codeword"):
            TurboCode(pair, order, sent=everything[kept])
    assert 10 <= refused <= 50
    # The parity bits of one encoder alone are enough; of bits that both encoders take last nothing is known here.
    assert turbo(forward=[15], feedback=13, k=8, puncture=["0", "1", "0"]).k == 8
    last: dict[str, Any] = {"interleaver": [3, 6, 1, 4, 2, 0, 5, 7], "termination": "truncated"}
    with pytest.raises(ValueError, match="puncture: two messages have the same codeword"):
        turbo(forward=[15], feedback=13, k=8, puncture=["11111110", "11111110", "10101010"], **last)


@pytest.mark.parametrize(
    "interleaver", ["random", "[3, 6, 1, 4, 7, 2, 0, 5]", "order.txt", "{type: qpp, f1: 3, f2: 4}"]
)
def test_configurations_name_interleavers(interleaver: str, tmp_path: Path) -> None:
    (tmp_path / "order.txt").write_text("# a permutation\n3 6 1 4\n7 2 0 5\n")
    file = configuration(tmp_path, f"forward: [15], feedback: 13, k: 8, interleaver: {interleaver}")
    (row,) = run(file, save=False)
    assert (row.n, row.k) == (36, 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("forward: 15, feedback: 13, k: 8", "forward must be a list"),
        ("forward: [19], feedback: 13, k: 8", "forward must be octal digits as in textbooks"),
        (
            "forward: [15], feedback: 13, k: 8, interleaver: [0, 1.5]",
            "interleaver, entry 2, must be a whole number, got 1.5",
        ),
        (
            "forward: [15], feedback: 13, k: 4, interleaver: [0, 2, 1, 1]",
            "interleaver is no permutation: index 3 has 1, as index 2 has",
        ),
        ("standard: lte, k: 40, rate: 1/5", "rate of lte is 1/3, got '1/5'"),
    ],
)
def test_configurations_are_refused_in_words(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"turbo.yaml:4: {words}"):
        run(configuration(tmp_path, text), save=False)


def configuration(folder: Path, code: str) -> Path:
    """A file with a turbo code."""
    file = folder / "turbo.yaml"
    file.write_text(
        f"name: t\nchannel: {{type: bsc, f: 0.01}}\nstop: {{frames: 64}}\n"
        f"curves: [{{code: {{type: turbo, {code}}}, decoder: {{type: ml}}}}]\n"
    )
    return file
