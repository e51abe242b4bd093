"""Weights that a user supplies: bounds are made of them, and what can be no code's is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BSC
from capgap.codes import (
    BCHCode,
    GolayCode,
    HammingCode,
    LinearCode,
    by_name,
    information_weights,
    low_weights,
    weight_enumerator,
    with_weights,
)
from capgap.simulate import run
from capgap.simulate.analysis.code_facts import code_facts
from capgap.simulate.theory.code_rates.union_bounds import union_bound

GOLAY = {0: 1, 7: 253, 8: 506, 11: 1288, 12: 1288, 15: 506, 16: 253, 23: 1}
#: Of the extended (128, 64) BCH code, the lowest: Y. Desaki, T. Fujiwara and T. Kasami, 1997.
EXTENDED_BCH = {22: 243840, 24: 6855968, 26: 107988608}


def test_bounds_are_those_of_the_weights() -> None:
    code = GolayCode()
    plain = LinearCode(generator=code.generator_matrix)
    given = with_weights(plain, GOLAY)
    assert weight_enumerator(given).method == "supplied"
    assert weight_enumerator(given).counts.tolist() == code.known_weights()
    assert plain.supplied_weights is None
    for channel in (AWGN(esno_db=1.0), BSC(f=0.05)):
        expected, found = union_bound(code, channel), union_bound(given, channel)
        assert found.fer == expected.fer
        assert found.ber is not None  # by enumeration, since k is small
        assert float(found.ber) == pytest.approx(float(np.asarray(expected.ber)))


def test_weights_of_messages_are_taken_too() -> None:
    code = HammingCode(r=3)
    ones = dict(enumerate(information_weights(code).counts.tolist()))
    given = with_weights(code, {3: 7, 4: 7, 7: 1}, ones)
    assert information_weights(given).method == "supplied"
    assert information_weights(given).counts.tolist() == list(ones.values())


def test_the_lowest_weights_are_first_terms() -> None:
    code = BCHCode(n=127, k=64, extended=True)
    with pytest.raises(ValueError, match="weights of"):
        union_bound(code, AWGN(esno_db=1.0))
    given = with_weights(code, EXTENDED_BCH)
    bound = union_bound(given, AWGN(esno_db=1.0))
    assert bound.first_terms
    assert 0 < bound.fer < 1e-3
    assert bound.ber is not None
    assert 22 / 128 * bound.fer < bound.ber < 26 / 128 * bound.fer
    low = low_weights(given)
    assert low is not None
    assert low.weights == (22, 24, 26)
    assert code_facts(given)["minimum distance"] == 22
    # All positions of a cyclic code are alike: h k / n ones for each word. Of others nothing is known.
    low = low_weights(with_weights(BCHCode(n=127, k=64), {21: 41_910}))
    assert low is not None
    assert low.ones == (41_910 * 21 * 64 // 127,)
    assert (
        union_bound(with_weights(BCHCode(n=127, k=64, shorten=1), {21: 35_000}), AWGN(esno_db=1.0)).ber
        is None
    )


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "weights.txt"
    file.write_text("# weight, words\n" + "".join(f"{h} {count}\n" for h, count in GOLAY.items()))
    code = by_name.weighted(code=GolayCode(), weights=file)
    assert isinstance(code, GolayCode)
    assert weight_enumerator(code).method == "supplied"
    for text, message in (("7 253\n7 1\n", "2: weight 7 is named twice"), ("7\n", "1: a line must have two")):
        file.write_text(text)
        with pytest.raises(ValueError, match=message):
            by_name.weighted(code=GolayCode(), weights=file)


def test_a_configuration_takes_it() -> None:
    code = {"type": "weighted", "code": {"type": "golay"}, "weights": {str(h): n for h, n in GOLAY.items()}}
    curves = [{"label": "given", "code": code}, {"label": "plain", "code": {"type": "golay"}}]
    config = {"name": "a", "channel": {"type": "bsc", "f": 0.05}, "curves": curves, "stop": {"frames": 500}}
    given, plain = run(config, save=False)
    assert 0 < given.tally.frame_errors < 100
    assert (given.n, given.k, given.decoder) == (plain.n, plain.k, plain.decoder)


@pytest.mark.parametrize(
    ("weights", "ones", "message"),
    [
        ({0: 2}, None, "weights: there is one codeword of weight 0, not 2"),
        ({24: 1}, None, "weights must be for weights from 0 to n = 23, got 24"),
        ({7: -1}, None, "weights must be 0 or more, got -1 for weight 7"),
        ({7: 5000}, None, r"weights must have 2\^12 codewords at most, got 5001"),
        (
            {7: 254, 8: 505, **{h: GOLAY[h] for h in (11, 12, 15, 16, 23)}},
            None,
            "weights are those of no linear code",
        ),
        (GOLAY, {7: 4000}, "information_weights: 253 messages of 12 bits for words of weight 7"),
        (GOLAY, {7: 100}, r"information_weights must have the sum k 2\^\(k - 1\) = 24576"),
    ],
)
def test_what_is_no_code_is_refused(weights: Any, ones: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_weights(GolayCode(), weights, ones)


def test_long_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="weights can be supplied of codes with n up to 4096"):
        with_weights(HammingCode(r=13), {3: 1})
    with pytest.raises(ValueError, match="weights must be by weights, which are whole numbers, got 'x'"):
        by_name.weighted(code=GolayCode(), weights={"x": 1})


@pytest.mark.parametrize(
    ("code", "weights", "message"),
    [
        (lambda: BCHCode(n=63, k=45), {3: 7}, "has no word of weight 3, its distance is 7 at least"),
        (lambda: BCHCode(n=31, k=16), {7: 999}, "has 155 words of weight 7, not 999"),
        (lambda: HammingCode(r=3), {3: 6}, "has 7 words of weight 3, not 6"),
    ],
)
def test_weights_that_the_code_has_not(code: Any, weights: dict[int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_weights(code(), weights)
