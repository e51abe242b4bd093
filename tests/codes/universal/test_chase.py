"""Chase's three algorithms: maximum likelihood where all words are tried, and what each finds."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    ChaseDecoder,
    HammingCode,
    LinearCode,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SingleParityCheckCode,
    SyndromeDecoder,
    UncodedCode,
)

from tests.codes.samples import NotLinear, random_llrs


def chase(code: LinearCode, llr: Any, sets: list[tuple[int, ...]]) -> tuple[Any, Any]:
    """Codewords and whether there is one, frame after frame; ``sets`` are positions by rank of weakness."""
    decoder, found, ok = SyndromeDecoder(code), [], []
    for frame in llr:
        rank, signs = np.argsort(np.abs(frame), kind="stable"), (frame < 0).astype(np.uint8)
        best, word = np.inf, signs
        for places in sets:
            test = signs.copy()
            test[rank[list(places)]] ^= 1
            result = decoder.decode(1 - 2.0 * test)
            candidate = code.encode(result.bits)
            if result.ok and frame @ candidate < best:
                best, word = float(frame @ candidate), candidate
        found.append(word)
        ok.append(best < np.inf)
    return np.array(found), np.array(ok)


def sets_of(n: int, sizes: Any) -> list[tuple[int, ...]]:
    return [places for size in sizes for places in itertools.combinations(range(n), size)]


CODES = {"hamming": {"r": 3}, "extended": {"r": 3, "extended": True}, "shortened": {"r": 4, "shorten": 5}}


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize(
    ("algorithm", "sets"),
    [
        (1, lambda n, d: sets_of(n, range(d // 2 + 1))),
        (2, lambda n, d: sets_of(d // 2, range(d // 2 + 1))),
        (3, lambda n, d: [tuple(range(i)) for i in ([0, 1, 3] if d == 4 else [0, 2])]),
    ],
)
def test_words_are_those_of_the_reference(name: str, algorithm: Any, sets: Any) -> None:
    code = HammingCode(**CODES[name])  # type: ignore[arg-type]
    llr = random_llrs(70, code.n, zeros=0)
    words, ok = chase(code, llr, sets(code.n, code.minimum_distance()))
    result = ChaseDecoder(code, algorithm=algorithm).decode(llr)
    np.testing.assert_array_equal(result.ok, ok)
    np.testing.assert_array_equal(result.bits, code.information_bits(words))


def test_all_words_are_maximum_likelihood() -> None:
    for code in (HammingCode(r=3), HammingCode(r=3, extended=True), SingleParityCheckCode(n=5)):
        llr = random_llrs(200, code.n, zeros=0)
        expected = MaximumLikelihoodDecoder(code).decode(llr)
        for decoder in (None, MaximumLikelihoodDecoder(code, input="hard"), BeliefPropagationDecoder(code)):
            result = ChaseDecoder(code, weakest=code.n, decoder=decoder).decode(llr)
            np.testing.assert_array_equal(result.bits, expected.bits)
            assert result.ok.all()


def test_words_that_are_as_likely() -> None:
    """A bit of which nothing was received is decided by a coin where nothing else tells, and the frame is not sure."""
    code = SingleParityCheckCode(n=4)
    llr = np.array([[0.0, 2, 0, 2], [0, 2, 3, 2]])
    result = ChaseDecoder(code, weakest=2).decode(np.repeat(llr, 500, axis=0), Stream(7, 1000))
    assert result.ok.tolist() == [False] * 500 + [True] * 500
    assert 150 < result.bits[:500, 0].sum() < 350
    assert not result.bits[500:].any()


def test_no_word_decoded() -> None:
    """The extended Hamming code finds two errors and does not correct them."""
    code = HammingCode(r=3, extended=True)
    decoder = ChaseDecoder(code, algorithm=3, distance=1)
    llr = np.ones(8)
    llr[[2, 5]] = -1
    result = decoder.decode(llr)
    assert not result.ok
    assert result.bits.tolist() == [0, 0, 1, 0]


def fingerprint() -> str:
    """Decisions as text: for other CPUs."""
    code = HammingCode(r=5, extended=True)
    result = ChaseDecoder(code, weakest=4).decode(random_llrs(300, code.n))
    return str(np.packbits(np.hstack([result.bits, result.ok[:, None]])).tobytes().hex())


@pytest.mark.slow  # compiles all kernels anew
def test_a_plain_cpu_decides_the_same(on_a_plain_cpu: Callable[..., str]) -> None:
    script = "from tests.codes.universal.test_chase import fingerprint; print(fingerprint())"
    assert on_a_plain_cpu(script).strip() == fingerprint()


@pytest.mark.parametrize(
    ("code", "given", "message"),
    [
        (NotLinear(n=3, k=1), {}, "chase decodes linear codes, not NotLinear"),
        (HammingCode(r=3), {"algorithm": 4}, "algorithm must be 1, 2 or 3, got 4"),
        (HammingCode(r=3), {"weakest": 8}, "weakest must lie in 1 to 7, got 8"),
        (HammingCode(r=3), {"weakest": 0}, "weakest must lie in 1 to 7, got 0"),
        (HammingCode(r=3), {"weakest": 2, "algorithm": 3}, "weakest is a parameter of algorithm 2 alone"),
        (HammingCode(r=3), {"distance": 8}, "distance must lie in 1 to 7, got 8"),
        (HammingCode(r=6), {"algorithm": 1, "distance": 9}, "algorithm 1 would decode 637393 words a frame"),
        (RepetitionCode(n=30), {}, "decoder must be named: syndrome needs n - k from 1 to 20"),
        (
            HammingCode(r=3),
            {"decoder": SyndromeDecoder(HammingCode(r=2))},
            r"decoder must be a decoder of HammingCode\(n=7, k=4\), got Syndrome",
        ),
        (UncodedCode(k=3), {"weakest": 2}, "decoder must be named"),
    ],
)
def test_what_is_refused(code: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ChaseDecoder(code, **given)
