"""Staircase codes: what their words are, and decoding in a window against a slow reference."""

import itertools
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    HammingCode,
    LinearCode,
    RepetitionCode,
    SingleParityCheckCode,
    SlidingWindowDecoder,
    StaircaseCode,
    SyndromeDecoder,
)

from tests.codes.product.samples import words_of
from tests.codes.samples import NotLinear


def code_of(blocks: int = 4) -> StaircaseCode:
    """Extended Hamming (12, 7): blocks of 6 by 6, of which the first column is information."""
    return StaircaseCode(component=HammingCode(r=4, extended=True, shorten=4), blocks=blocks)


def blocks_of(code: StaircaseCode, word: Any) -> list[Any]:
    """Blocks 0 to the last, with what is not sent as zeros."""
    m, r = code.side, code.component.n - code.component.k
    sent = [word[i * m * m : (i + 1) * m * m].reshape(m, m) for i in range(code.blocks)]
    last = np.hstack([np.zeros((m, m - r), np.uint8), word[code.blocks * m * m :].reshape(m, r)])
    return [np.zeros((m, m), np.uint8), *sent, last]


def test_rows_across_two_blocks_are_words_of_the_component() -> None:
    code = code_of()
    assert (code.n, code.k) == (4 * 36 + 6 * 5, 4 * 6)
    bits = np.random.default_rng(91).integers(0, 2, (20, code.k), dtype=np.uint8)
    for word, sent in zip(code.encode(bits), bits, strict=True):
        blocks = blocks_of(code, word)
        for before, after in itertools.pairwise(blocks):
            assert not code.component.syndrome(np.hstack([before.T, after])).any()
        np.testing.assert_array_equal(np.ravel([block[:, :1] for block in blocks[1:-1]]), sent)
    np.testing.assert_array_equal(code.information_bits(code.encode(bits)), bits)


def test_encoding_is_the_generator_matrix() -> None:
    code = code_of(2)
    assert np.array_equal(LinearCode(generator=code.generator_matrix).information_set, code.information_set)
    assert not (code.generator_matrix @ code.parity_check_matrix.T % 2).any()


def corrected(words: Any, t: int, received: Any, known: slice) -> Any:
    distance = (words != received).sum(axis=1)
    best = int(distance.argmin())
    return words[best] if distance[best] <= t and not words[best][known].any() else received


def decode(code: StaircaseCode, word: Any, window: int, iterations: int) -> tuple[Any, int]:
    """The decided word and iterations spent, of a component that corrects one error."""
    words, m, blocks, spent = words_of(code.component), code.side, blocks_of(code, word), 0
    last = code.blocks + 1
    for first in range(1, max(1, last + 1 - window) + 1):
        for _ in range(iterations):
            before = [block.copy() for block in blocks]
            spent += 1
            for i in range(first, min(first + window, last + 1)):
                known = slice(0, m) if i == 1 else slice(m, code.component.k) if i == last else slice(0)
                pair = np.hstack([blocks[i - 1].T, blocks[i]])
                pair = np.array([corrected(words, 1, row, known) for row in pair])
                blocks[i - 1], blocks[i] = pair[:, :m].T, pair[:, m:]
            if all(np.array_equal(one, other) for one, other in zip(before, blocks, strict=True)):
                break
    r = code.component.n - code.component.k
    return np.concatenate([*(block.ravel() for block in blocks[1:-1]), blocks[-1][:, m - r :].ravel()]), spent


@pytest.mark.parametrize(("window", "iterations"), [(2, 2), (3, 4), (9, 5)])
def test_words_are_those_of_the_reference(window: int, iterations: int) -> None:
    code = code_of()
    rng = np.random.default_rng(92)
    sent = code.encode(rng.integers(0, 2, (70, code.k)))
    received = sent ^ (rng.random(sent.shape) < 0.05)
    decoder = SlidingWindowDecoder(code, window=window, iterations=iterations)
    result = decoder.decode(1 - 2.0 * received)
    expected = [decode(code, each, window, iterations) for each in received]
    words = np.array([word for word, _ in expected])
    np.testing.assert_array_equal(result.bits, code.information_bits(words))
    np.testing.assert_array_equal(result.iterations, [spent for _, spent in expected])
    np.testing.assert_array_equal(result.ok, (code.encode(result.bits) == words).all(axis=1))
    assert 10 < result.ok.sum() < 70


def test_a_decoder_of_the_component() -> None:
    code = StaircaseCode(component=HammingCode(r=4, shorten=1), blocks=3)
    llr = 1 - 2.0 * (np.random.default_rng(93).random((100, code.n)) < 0.03)
    expected = SlidingWindowDecoder(code).decode(llr)
    assert expected.ok.mean() > 0.5
    # A coset leader of the shortened code may have two errors, with others as light: it is not corrected.
    result = SlidingWindowDecoder(code, component=SyndromeDecoder(code.component)).decode(llr)
    np.testing.assert_array_equal(result.bits, expected.bits)


@pytest.mark.parametrize(
    ("component", "blocks", "message"),
    [
        (NotLinear(n=4, k=3), 2, "component must be a linear code, got NotLinear"),
        (HammingCode(r=3), 2, r"component must have an even length, got HammingCode\(n=7, k=4\): extend"),
        (RepetitionCode(n=4), 2, "component must have more information bits than half of its length"),
        (LinearCode(generator=np.eye(4)[:3, ::-1]), 2, "component must send its information bits first"),
        (SingleParityCheckCode(n=4), 0, "blocks must be at least 1, got 0"),
        (SingleParityCheckCode(n=4), 3_000_000, "blocks: n must be at most 10000000, got 12000002"),
    ],
)
def test_what_is_refused(component: Any, blocks: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StaircaseCode(component=component, blocks=blocks)


def test_decoder_refusals() -> None:
    code = code_of(1)
    with pytest.raises(ValueError, match="window must be at least 1, got 0"):
        SlidingWindowDecoder(code, window=0)
    with pytest.raises(ValueError, match="iterations must lie in 1 to 1000, got 0"):
        SlidingWindowDecoder(code, iterations=0)
    with pytest.raises(ValueError, match="sliding-window decodes staircase codes, not HammingCode"):
        SlidingWindowDecoder(HammingCode(r=3))
