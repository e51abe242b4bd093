"""Guessing decoders try patterns in their documented order: queries and words of a slow reference."""

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    GrandDecoder,
    HammingCode,
    LinearCode,
    MaximumLikelihoodDecoder,
    Orbgrand1Decoder,
    OrbgrandDecoder,
    RepetitionCode,
    SgrandDecoder,
    UncodedCode,
    by_name,
)
from capgap.codes.tie_breaking import fixed_tie_bits
from capgap.simulate import run

from tests.codes.samples import Array, random_llrs, send, words_of
from tests.codes.universal.samples import ML_CODES
from tests.references import guessing
from tests.references.guessing import Pattern

DECODERS: dict[str, type[Any]] = {
    "grand": GrandDecoder,
    "orbgrand": OrbgrandDecoder,
    "orbgrand1": Orbgrand1Decoder,
    "sgrand": SgrandDecoder,
}
#: Short enough for all patterns of each frame to be sorted.
SHORT = ["hamming", "extended hamming", "repetition 6", "spc", "zero columns", "dependent checks", "random"]


def hard_decisions(llr: Array) -> Array:
    return np.where(llr == 0, fixed_tie_bits(len(llr)), llr < 0).astype(np.uint8)


def patterns_of(name: str, llr: Array, c: int) -> Any:
    n = len(llr)
    orders = {
        "grand": guessing.by_flips,
        "orbgrand": guessing.by_logistic_weight(0),
        "orbgrand1": guessing.by_logistic_weight(c),
        "sgrand": guessing.by_reliability(llr),
    }
    return guessing.all_patterns(n, orders[name])


def check_against_reference(name: str, code: LinearCode, llr: Array, most: int, patterns: Any) -> None:
    result = DECODERS[name](code, queries=most).decode(llr)
    for i, frame in enumerate(llr):
        hard = hard_decisions(frame)
        positions = np.arange(code.n) if name == "grand" else guessing.ranks_of(frame)
        found = guessing.guess(code, hard, positions, patterns(frame), most)
        word, queries, ok = found
        assert (result.counters["queries"][i], result.ok[i]) == (queries, ok), (i, frame)
        if name != "sgrand" or ok is False:  # where patterns cost the same, another may come first
            np.testing.assert_array_equal(result.bits[i], code.information_bits(word))


def llrs(frames: int, n: int) -> Array:
    """Of all kinds: normal ones, whole numbers with ties, and some that are nearly all the same."""
    third = frames // 3
    some = random_llrs(frames, n, seed=n)
    some[third : 2 * third] = np.round(2 * some[third : 2 * third])
    some[2 * third :] = np.where(np.abs(some[2 * third :]) > 4, 1.5, 1) * np.where(
        some[2 * third :] < 0, -1, 1
    )
    return some


@pytest.mark.parametrize("name", ["grand", "orbgrand", "orbgrand1"])
@ML_CODES.each("code", SHORT)
def test_all_patterns_in_order(code: LinearCode, name: str) -> None:
    def patterns(frame: Array) -> Any:
        return patterns_of(name, frame, guessing.intercept(frame))

    some = llrs(24, code.n)
    if name == "grand":
        some = some[:8]  # the order is the same for all
    check_against_reference(name, code, some, 1 << code.n, patterns)
    check_against_reference(name, code, some, 7, patterns)


@ML_CODES.each("code", ["hamming", "extended hamming", "spc", "dependent checks"])
def test_sgrand_tries_patterns_by_their_likelihood(code: LinearCode) -> None:
    """On LLRs without ties, in which the order of patterns is strict."""
    some = np.random.default_rng(3).normal(0.3, 1, (20, code.n)).astype(np.float32)
    for most in (1 << code.n, 5):
        check_against_reference("sgrand", code, some, most, lambda frame: patterns_of("sgrand", frame, 0))


@pytest.mark.parametrize("name", ["orbgrand", "orbgrand1"])
def test_longer_words(name: str) -> None:
    """Several levels of many flips, and ranks beyond the first ones that are collected."""
    code = LinearCode(generator=np.random.default_rng(5).integers(0, 2, (31, 41)))
    some = np.concatenate([send(code, 3, 15)[1], 1000 * send(code, 5, 5)[1], 1e-6 * random_llrs(5, 41)])

    def patterns(frame: Array) -> Any:
        return guessing.level_by_level(code.n, guessing.intercept(frame) if name == "orbgrand1" else 0)

    check_against_reference(name, code, some.astype(np.float32), 1000, patterns)


def test_the_reference_level_by_level_is_that_of_all_patterns() -> None:
    for c in (0, 1, 4, 36):
        whole = list(guessing.all_patterns(8, guessing.by_logistic_weight(c)))
        levels = guessing.level_by_level(8, c)
        assert [next(levels) for _ in whole] == whole


def test_intercepts() -> None:
    """Reliabilities on a line have its intercept, at any scale."""
    for c in (0, 1, 3, 8):
        line = (np.arange(1, 17) + c).astype(np.float32)
        for scale in (1.0, 2.0**-9, 2.0**9):
            assert guessing.intercept(line * np.float32(scale)) == c
    assert guessing.intercept(np.ones(16, np.float32)) == 16 * 17 // 2


@ML_CODES.each("code")
def test_sgrand_is_maximum_likelihood(code: LinearCode) -> None:
    """As likely a word as trying all codewords finds, and the same where there is only one."""
    llr = np.concatenate([random_llrs(300, code.n), send(code, 2, 300)[1]])
    ml, guessed = MaximumLikelihoodDecoder(code).decode(llr), SgrandDecoder(code).decode(llr)
    assert guessed.ok.all()
    np.testing.assert_array_equal(guessed.bits[ml.ok], ml.bits[ml.ok])
    found, best = (
        (llr.astype(np.float64) * (1.0 - 2.0 * code.encode(result.bits))).sum(axis=1)
        for result in (guessed, ml)
    )
    np.testing.assert_allclose(found, best, atol=1e-4)


@ML_CODES.each("code")
def test_grand_finds_a_nearest_codeword(code: LinearCode) -> None:
    words = words_of(code.n)[:: max(1, (1 << code.n) // 2000)]
    result = GrandDecoder(code).decode(1 - 2 * words.astype(np.float32))
    distance = (words[:, None, :] != code.encode(words_of(code.k))).sum(axis=2).min(axis=1)
    np.testing.assert_array_equal((words != code.encode(result.bits)).sum(axis=1), distance)
    assert result.ok.all()


@pytest.mark.parametrize("name", DECODERS)
def test_a_frame_is_given_up(name: str) -> None:
    """Where the budget ends nothing is decoded, and a larger one changes nothing else."""
    code = LinearCode(generator=np.random.default_rng(6).integers(0, 2, (20, 32)))
    llr = send(code, 3, 400)[1]
    whole = DECODERS[name](code).decode(llr)
    spent = whole.counters["queries"]
    for most in (1, 2, 10, 100):
        result = DECODERS[name](code, queries=most).decode(llr)
        kept = spent <= most
        assert 0 < kept.sum() < len(kept)
        np.testing.assert_array_equal(result.ok, kept)
        np.testing.assert_array_equal(result.counters["queries"], np.minimum(spent, most))
        np.testing.assert_array_equal(result.bits[kept], whole.bits[kept])
        np.testing.assert_array_equal(result.bits[~kept], code.information_bits(llr < 0)[~kept])


@pytest.mark.parametrize("name", DECODERS)
def test_what_is_not_coded_needs_no_guess(name: str) -> None:
    llr = random_llrs(100, 9, zeros=0)
    result = DECODERS[name](UncodedCode(k=9)).decode(llr)
    np.testing.assert_array_equal(result.bits, llr < 0)
    assert (result.counters["queries"] == 1).all()


@pytest.mark.parametrize("name", DECODERS)
def test_a_code_with_a_crc_is_decoded_as_a_whole(name: str) -> None:
    """Each frame ends in a codeword of the code with its check, which the inner code alone has not."""
    inner = LinearCode(generator=np.random.default_rng(8).integers(0, 2, (20, 28)))
    code = by_name.crc(polynomial=0x5B, bits=7, code=inner)
    result = DECODERS[name](code).decode(send(code, 3, 300)[1])
    assert result.ok.all()
    assert result.bits.shape == (300, 13)
    assert result.counters["queries"].max() > 1 << 8  # 2^15 syndromes, of which 2^8 are the inner code's


@pytest.mark.parametrize("name", DECODERS)
def test_the_most_checks_there_may_be(name: str) -> None:
    code = LinearCode(
        generator=np.hstack([np.eye(8, dtype=int), np.random.default_rng(9).integers(0, 2, (8, 64))])
    )
    bits, llr = send(code, 15, 200)
    result = DECODERS[name](code, queries=5000).decode(llr)
    assert result.counters["queries"].max() > 1
    np.testing.assert_array_equal(result.bits[result.ok], bits[result.ok])
    assert result.ok.mean() > 0.5


def test_refusals() -> None:
    long, checked = UncodedCode(k=5000), RepetitionCode(n=66)
    for decoder in DECODERS.values():
        for code in (long, checked):
            with pytest.raises(ValueError, match=r"takes n - k up to 64 and n up to 4096, not .*: bp takes"):
                decoder(code)
        for wrong in (0, -1, 10**10):
            with pytest.raises(ValueError, match="queries must lie in 1 to "):
                decoder(HammingCode(r=3), queries=wrong)
        with pytest.raises(ValueError, match="queries must be a whole number"):
            decoder(HammingCode(r=3), queries=1.5)
    with pytest.raises(ValueError, match="queries must lie in 1 to 4000000, got 5000000: patterns to come"):
        SgrandDecoder(HammingCode(r=3), queries=5_000_000)


@pytest.mark.parametrize("name", ["orbgrand", "sgrand"])
def test_erased_bits_are_the_least_reliable(name: str) -> None:
    """One erasure beside bits received right: its two values are the first two queries."""
    code = HammingCode(r=4)
    bits = np.random.default_rng(4).integers(0, 2, (code.n * 8, code.k), dtype=np.uint8)
    llr = 5 - 10 * code.encode(bits).astype(np.float32)
    llr[np.arange(len(llr)), np.arange(len(llr)) % code.n] = 0
    result = DECODERS[name](code).decode(llr, Stream(3, len(llr)))
    np.testing.assert_array_equal(result.bits, bits)
    assert set(result.counters["queries"]) == {1, 2}


@pytest.mark.parametrize("name", DECODERS)
def test_nothing_received_is_any_word_by_fair_coins(name: str) -> None:
    code, frames = LinearCode(generator=[[1, 1, 1, 0], [0, 1, 1, 1]]), 4000
    result = DECODERS[name](code).decode(np.zeros((frames, 4), np.float32), Stream(11, frames))
    counts = np.bincount(result.bits @ [1, 2], minlength=4)
    assert (np.abs(counts - frames / 4) < 4 * np.sqrt(frames * 3 / 16)).all()


def test_erasures_are_filled_as_maximum_likelihood_does() -> None:
    """Over the BEC sgrand is ambiguous where ml is, and else right where it is."""
    code = HammingCode(r=4)
    bits, _ = send(code, 0, 500)
    erased = np.random.default_rng(13).random((500, code.n)) < 0.3
    llr = np.where(erased, 0, 1000 - 2000.0 * code.encode(bits)).astype(np.float32)
    ml = MaximumLikelihoodDecoder(code).decode(llr)
    assert 0.2 < ml.ok.mean() < 0.9
    result = SgrandDecoder(code).decode(llr, Stream(3, 500))
    np.testing.assert_array_equal(result.bits[ml.ok], bits[ml.ok])
    assert not ((code.encode(result.bits) != code.encode(bits)) & ~erased).any()


def expected_queries(code: LinearCode, f: float) -> tuple[float, float]:
    """Mean and variance of GRAND's queries over the BSC, summed over all errors."""
    weights, order = 1 << np.arange(code.n - code.k), [(), *guessing.all_patterns(code.n, guessing.by_flips)]
    errors: list[Pattern] = order
    first: dict[int, int] = {}
    word = np.zeros((len(order), code.n), np.uint8)
    for row, pattern in zip(word, errors, strict=True):
        row[[rank - 1 for rank in pattern]] = 1
    syndromes = code.syndrome(word) @ weights
    for number, syndrome in enumerate(syndromes.tolist(), start=1):
        first.setdefault(syndrome, number)
    queries = np.array([first[syndrome] for syndrome in syndromes.tolist()])
    flips = word.sum(axis=1)
    probability = f**flips * (1 - f) ** (code.n - flips)
    mean = float(probability @ queries)
    return mean, float(probability @ (queries - mean) ** 2)


def test_mean_queries_over_the_bsc() -> None:
    """In the columns of a run: the exact expectation, within four standard deviations."""
    frames, f = 20_000, 0.06
    results = run(
        {
            "name": "queries",
            "seed": 5,
            "channel": {"type": "bsc", "f": f},
            "curves": [
                {"label": "h", "code": {"type": "hamming", "r": 3, "extended": True}, "decoder": {"type": "grand"}},
            ],
            "stop": {"frames": frames},
        },
        save=False,
    )  # fmt: skip
    (row,) = results.rows
    mean, variance = expected_queries(HammingCode(r=3, extended=True), f)
    assert abs(row.counters["queries"] / frames - mean) < 4 * np.sqrt(variance / frames)


@pytest.mark.slow
def test_queries_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Any) -> None:
    script = """
import numpy as np
from capgap.channels import AWGN, Stream
from capgap.codes import UncodedCode, by_name, decoder_of
from capgap.codes.universal import DECODERS
code = by_name.crc(polynomial=0x1E7, bits=12, code=UncodedCode(k=128))
stream = Stream(1, 1000)
channel = AWGN(ebno_db=5, rate=code.rate)
llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
for name in ("grand", "orbgrand", "orbgrand1", "sgrand"):
    result = DECODERS[name](code, queries=20000).decode(llr)
    print(result.counters["queries"].tolist(), result.bits.tobytes().hex())
"""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(script, {})
    assert on_a_plain_cpu(script) == printed.getvalue()
