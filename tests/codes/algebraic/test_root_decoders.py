"""Errors and erasures, generalised minimum distance and list decoding, against other programs and all codewords."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import reedsolo
from capgap.channels import BEC, Stream
from capgap.codes import (
    BCHCode,
    GMDDecoder,
    GuruswamiSudanDecoder,
    HammingCode,
    KoetterVardyDecoder,
    MaximumLikelihoodDecoder,
    ReedSolomonCode,
    decoder_of,
)
from capgap.codes.algebraic.decoding.scalar_kernels import correct_words
from capgap.codes.algebraic.decoding.symbol_tables import SymbolTables
from capgap.codes.by_name import reed_solomon

from tests.codes.samples import random_bits, send
from tests.lazy import Lazy

Array = npt.NDArray[Any]

SMALL = Lazy(
    {
        "(7, 3)": lambda: ReedSolomonCode(n=7, k=3),
        "(6, 2)": lambda: ReedSolomonCode(n=6, k=2, first_root=5, spacing=3),
        "(7, 4)": lambda: ReedSolomonCode(n=7, k=4, first_root=0, polynomial=0xD),
        "(8, 3) extended": lambda: ReedSolomonCode(n=7, k=3, extended=True),
        "(6, 3) extended, shortened": lambda: ReedSolomonCode(n=5, k=3, first_root=3, extended=True),
    }
)
LARGE = Lazy(
    {
        "(15, 9)": lambda: ReedSolomonCode(n=15, k=9),
        "(40, 22)": lambda: ReedSolomonCode(n=40, k=22, first_root=60, spacing=5),
        "ccsds": lambda: reed_solomon(standard="ccsds", k=239),
        "kr4": lambda: reed_solomon(standard="kr4"),
    }
)


def symbols_of(code: ReedSolomonCode | BCHCode, bits: Array) -> Array:
    """The symbols of words of one word each, (words, symbols)."""
    return bits if isinstance(code, BCHCode) else code.symbols(bits)[:, 0]


def coded_words(code: ReedSolomonCode | BCHCode) -> Array:
    """All codewords, in the order of their messages as numbers, (2^k, n)."""
    messages = (np.arange(1 << code.k)[:, None] >> np.arange(code.k - 1, -1, -1) & 1).astype(np.uint8)
    return code.encode(messages)


def all_words(code: ReedSolomonCode | BCHCode) -> Array:
    """The symbols of all of them, (2^k, symbols)."""
    return symbols_of(code, coded_words(code))


def corrected(code: ReedSolomonCode, words: Array, erased: Array) -> tuple[Array, Array]:
    """What errors and erasures of words, (words, symbols), are corrected to, and where that could be done."""
    tables, ok = SymbolTables.of(code), np.empty(len(words), np.bool_)
    found = np.array(words, np.int32, order="C")
    correct_words(found, np.array(erased, np.bool_, order="C"), tables.numbers, tables.tables, ok)
    return found, ok


def spoiled(
    code: ReedSolomonCode, words: Array, errors: Array, erasures: Array, seed: int
) -> tuple[Array, Array]:
    """Words with so many wrong symbols and so many erased ones, which have any value; and which are erased."""
    generator = np.random.default_rng(seed)
    words, erased = words.copy(), np.zeros(words.shape, np.bool_)
    for i in range(len(words)):
        at = generator.permutation(words.shape[1])[: errors[i] + erasures[i]]
        words[i, at] ^= generator.integers(1, code.field.order + 1, len(at)).astype(np.int32)
        erased[i, at[errors[i] :]] = True
    return words, erased


@SMALL.each("code")
def test_errors_and_erasures_against_all_codewords(code: ReedSolomonCode) -> None:
    """Of random words that within 2 e + s < d, if there is one: no other codeword is."""
    generator = np.random.default_rng(3)
    words = generator.integers(0, 8, (400, code.length))
    erased = generator.random(words.shape) < generator.choice([0, 0.2, 0.5], (400, 1))
    everything = all_words(code)
    differ = (words[:, None] != everything) & ~erased[:, None]
    near = 2 * differ.sum(axis=2) + erased.sum(axis=1)[:, None] < code.symbol_distance
    found, ok = corrected(code, words, erased)
    np.testing.assert_array_equal(ok, near.any(axis=1))
    np.testing.assert_array_equal(found[ok], everything[near.argmax(axis=1)[ok]])
    np.testing.assert_array_equal(found[~ok], words[~ok])
    assert 50 < ok.sum() < 350


@LARGE.each("code")
def test_errors_and_erasures_against_reedsolo(code: ReedSolomonCode) -> None:
    generator = np.random.default_rng(5)
    frames = 200 if code.length < 100 else 40 if code.length < 300 else 10
    sent = code.symbols(code.encode(random_bits(frames, code.k)))[:, 0]
    erasures = generator.integers(0, code.root_count + 1, frames)
    errors = (code.root_count - erasures) // 2 + generator.choice([-1, 0, 0, 2], frames)
    errors = np.clip(errors, 0, code.length - erasures)
    words, erased = spoiled(code, sent, errors, erasures, seed=7)
    found, ok = corrected(code, words, erased)
    within = 2 * errors + erasures <= code.root_count
    assert ok[within].all()
    np.testing.assert_array_equal(found[within], sent[within])
    assert (~within).any()
    oracle = reedsolo.RSCodec(
        code.root_count,
        nsize=code.field.order,
        fcr=code.first_root,
        prim=code.field.polynomial,
        generator=int(code.field.power(code.spacing)),
        c_exp=code.field.m,
    )
    for i in range(frames):
        try:
            other = list(oracle.decode(words[i].tolist(), erase_pos=np.flatnonzero(erased[i]).tolist())[1])
        except reedsolo.ReedSolomonError:
            assert not ok[i]
        else:
            # It may go beyond half the distance where more is erased than in the end was wrong.
            assert not ok[i] or other == found[i].tolist()


def discrepancies(code: ReedSolomonCode | BCHCode, llr: Array) -> Array:
    """By how much each codeword, (2^k), is less likely than the hard decisions of each frame."""
    magnitudes = np.abs(llr.astype(np.float64))
    found: Array = (magnitudes[:, None] * (coded_words(code) != (llr < 0)[:, None])).sum(axis=2)
    return found


@SMALL.each("code", quick=["(7, 3)", "(8, 3) extended"])
def test_gmd_takes_the_likeliest_of_what_erasing_finds(code: ReedSolomonCode) -> None:
    check_gmd(code, code.symbol_distance)


@pytest.mark.parametrize(
    ("code", "distance"),
    [
        (BCHCode(n=15, k=7), 5),
        (BCHCode(n=15, k=5, extended=True), 8),
        (BCHCode(n=15, k=11, extended=True, shorten=3), 4),
        (BCHCode(n=15, k=10, first_root=0), 4),
        pytest.param(BCHCode(n=21, k=6, first_root=4, shorten=1), 4, marks=pytest.mark.slow),  # another field
        pytest.param(BCHCode(n=21, k=5, first_root=0), 8, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_gmd_of_bch_codes(code: BCHCode, distance: int) -> None:
    check_gmd(code, distance)


def check_gmd(code: ReedSolomonCode | BCHCode, d: int) -> None:
    _, llr = send(code, 1.0, 150, seed=2)
    received = symbols_of(code, (llr < 0).astype(np.uint8))
    reliability = np.abs(llr).reshape(*received.shape, -1).min(axis=2)
    order = np.argsort(reliability, axis=1, kind="stable")
    everything, costs = all_words(code), discrepancies(code, llr)
    candidates = np.zeros(costs.shape, np.bool_)
    for erasures in [0, *range(1 if d % 2 == 0 else 2, d, 2)]:
        erased = np.argsort(order, axis=1) < erasures
        differ = (received[:, None] != everything) & ~erased[:, None]
        candidates |= 2 * differ.sum(axis=2) + erasures < d
    expected = np.where(candidates, costs, np.inf).argmin(axis=1)
    known = candidates.any(axis=1)
    result = GMDDecoder(code).decode(llr)
    np.testing.assert_array_equal(result.ok, known)
    found = result.bits @ (1 << np.arange(code.k - 1, -1, -1))
    np.testing.assert_array_equal(found[known], expected[known])
    np.testing.assert_array_equal(result.bits[~known], llr[~known, : code.k] < 0)
    assert 0 < known.mean() <= 1


@pytest.mark.parametrize(
    "code",
    [
        ReedSolomonCode(n=15, k=7, depth=2),
        pytest.param(ReedSolomonCode(n=20, k=11, extended=True), marks=pytest.mark.slow),
        ReedSolomonCode(n=40, k=30, symbol_bits=8, polynomial=0x187, dual_basis=True),
    ],
    ids=repr,
)
def test_gmd_corrects_as_many_erased_symbols_as_there_are_checks(code: ReedSolomonCode) -> None:
    bits = random_bits(100, code.k)
    llr = 1 - 2 * code.encode(bits).astype(np.float32)
    erased = np.random.default_rng(1).permuted(
        np.tile(np.arange(code.length) < code.symbol_distance - 1, (100, code.depth, 1)), axis=2
    )
    each = llr.reshape(100, code.length, code.depth, code.symbol_bits)
    each[erased.transpose(0, 2, 1)] = 0
    result = GMDDecoder(code).decode(each.reshape(100, code.n))
    assert result.ok.all()
    np.testing.assert_array_equal(result.bits, bits)


def test_gmd_on_the_erasure_channel_fails_only_beyond() -> None:
    code = ReedSolomonCode(n=15, k=9)
    stream = Stream(4, 300)
    channel = BEC(epsilon=0.1)
    bits = stream.bits(code.k)
    llr = channel.llr(channel.transmit(code.encode(bits), stream))
    erased = (llr.reshape(300, 15, 4) == 0).any(axis=2).sum(axis=1)
    result = GMDDecoder(code).decode(llr, stream)
    right = (result.bits == bits).all(axis=1)
    assert right[erased <= 6].all()
    assert 0 < (erased > 6).sum() < 300


@pytest.mark.parametrize(
    ("code", "multiplicity", "radius"),
    [
        (ReedSolomonCode(n=7, k=2), 4, 4),
        (ReedSolomonCode(n=15, k=3, first_root=2), 4, 9),
        (ReedSolomonCode(n=15, k=5, extended=True), 4, 7),
        pytest.param(ReedSolomonCode(n=31, k=9), 3, 14, marks=pytest.mark.slow),
        pytest.param(ReedSolomonCode(n=12, k=4, symbol_bits=6, spacing=5), 2, 5, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_guruswami_sudan_corrects_up_to_its_radius(
    code: ReedSolomonCode, multiplicity: int, radius: int
) -> None:
    """Or finds a codeword that is nearer, in bits."""
    decoder = GuruswamiSudanDecoder(code, multiplicity=multiplicity)
    assert decoder.radius == radius >= code.t
    bits = random_bits(40, code.k)
    sent = code.encode(bits)
    for errors in (code.t, radius):
        symbols = spoiled(
            code, code.symbols(sent)[:, 0], np.full(40, errors), np.zeros(40, int), seed=errors
        )[0]
        received = code.bits(symbols[:, None])
        result = decoder.decode(1 - 2 * received.astype(np.float32))
        found = code.encode(result.bits)
        wrong, own = (found != received).sum(axis=1), (sent != received).sum(axis=1)
        assert ((wrong < own) | (result.bits == bits).all(axis=1) | ~result.ok & (wrong == own)).all()
        assert (result.bits == bits).all(axis=1).mean() > 0.2


def test_the_radius_grows_to_that_of_guruswami_and_sudan() -> None:
    code = ReedSolomonCode(n=31, k=7)
    limit = 31 - 1 - int(np.sqrt(31 * 6))
    radii = [GuruswamiSudanDecoder(code, multiplicity=m).radius for m in (1, 2, 4, 8)]
    assert radii == sorted(radii)
    assert code.t < radii[-1] <= limit
    assert radii[-1] >= limit - 1


@SMALL.each("code", ["(7, 3)", "(6, 2)", "(8, 3) extended"])
def test_every_word_within_the_radius_is_in_the_list(code: ReedSolomonCode) -> None:
    decoder = GuruswamiSudanDecoder(code, multiplicity=3)
    _, llr = send(code, -2.0, 100, seed=3)
    received = code.symbols((llr < 0).astype(np.uint8))[:, 0]
    within = (received[:, None] != all_words(code)).sum(axis=2) <= decoder.radius
    costs = discrepancies(code, llr)
    result = decoder.decode(llr)
    found = result.bits @ (1 << np.arange(code.k - 1, -1, -1))
    own = costs[np.arange(100), found]
    least = np.where(within, costs, np.inf).min(axis=1)
    assert (own[result.ok] <= least[result.ok]).all()
    assert result.ok[within.any(axis=1)].all()
    listed = result.counters["listed"]
    assert (listed[listed > 0] >= within.sum(axis=1)[listed > 0]).all()


@SMALL.each("code")
def test_koetter_vardy_never_beats_maximum_likelihood(code: ReedSolomonCode) -> None:
    bits, llr = send(code, 2.0, 300, seed=4)
    costs = discrepancies(code, llr)
    wrong = {}
    for name, decoder in {
        "gmd": GMDDecoder(code),
        "guruswami-sudan": GuruswamiSudanDecoder(code),
        "koetter-vardy": KoetterVardyDecoder(code),
        "ml": MaximumLikelihoodDecoder(code),
    }.items():
        result = decoder.decode(llr)
        found = costs[np.arange(300), result.bits @ (1 << np.arange(code.k - 1, -1, -1))]
        assert (found[result.ok] >= costs.min(axis=1)[result.ok]).all()
        wrong[name] = (result.bits != bits).any(axis=1).sum()
    assert wrong["ml"] <= wrong["koetter-vardy"] <= wrong["gmd"] + 3


def test_soft_decoders_beat_hard_decisions_over_the_same_noise() -> None:
    """Over 600 frames; of frames that one decoder alone has right, fewer than 1 in 10 are hard decoding's."""
    code = ReedSolomonCode(n=15, k=7)
    bits, llr = send(code, 3.5, 600, seed=6)
    words = code.symbols((llr < 0).astype(np.uint8))[:, 0]
    found, _ = corrected(code, words, np.zeros(words.shape))
    hard = (code.bits(found[:, None])[:, : code.k] != bits).any(axis=1)
    errors = {"hard": hard.sum()}
    for name, decoder in (
        ("gmd", GMDDecoder(code)),
        ("guruswami-sudan", GuruswamiSudanDecoder(code, multiplicity=2)),
        ("koetter-vardy", KoetterVardyDecoder(code, multiplicity=3)),
    ):
        soft = (decoder.decode(llr).bits != bits).any(axis=1)
        errors[name] = soft.sum()
        assert 10 * (soft & ~hard).sum() < (hard & ~soft).sum()
    assert errors["koetter-vardy"] < errors["gmd"] < errors["hard"]
    assert errors["guruswami-sudan"] < errors["hard"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GMDDecoder(HammingCode(r=3)), "gmd decodes Reed-Solomon"),
        (lambda: GuruswamiSudanDecoder(HammingCode(r=3)), "guruswami-sudan decodes Reed-Solomon codes"),
        (lambda: KoetterVardyDecoder(ReedSolomonCode(n=64, k=50)), "koetter-vardy .* up to n = 63 symbols"),
        (
            lambda: GuruswamiSudanDecoder(ReedSolomonCode(n=7, k=3), multiplicity=0),
            "multiplicity must be at least",
        ),
        (
            lambda: KoetterVardyDecoder(ReedSolomonCode(n=63, k=31), multiplicity=20),
            r"multiplicity must be at most 10 for 63 symbols, 31 of information: 20 takes 5.3e\+09 steps",
        ),
    ],
)
def test_refusals(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_the_longest_words_for_lists() -> None:
    code = ReedSolomonCode(n=63, k=47, extended=True)
    bits, llr = send(code, 6.5, 40, seed=8)
    for decoder in (GuruswamiSudanDecoder(code, multiplicity=2), KoetterVardyDecoder(code, multiplicity=2)):
        assert (decoder.decode(llr).bits == bits).all(axis=1).mean() > 0.9


PLAIN = """
from tests.codes.algebraic.test_root_decoders import digest
print(digest())
"""


def digest() -> str:
    """Of decisions of all three decoders, where they err."""
    found = hashlib.sha256()
    for code in (ReedSolomonCode(n=15, k=7), ReedSolomonCode(n=7, k=3, extended=True, depth=2)):
        _, llr = send(code, 2.5, 100)
        for decoder in (GMDDecoder, GuruswamiSudanDecoder, KoetterVardyDecoder):
            result = decoder_of(code, decoder).decode(llr)
            found.update(result.bits.tobytes() + result.ok.tobytes())
    return found.hexdigest()


@pytest.mark.slow
def test_decisions_do_not_depend_on_the_processor(on_a_plain_cpu: Callable[..., str]) -> None:
    assert on_a_plain_cpu(PLAIN).strip() == digest()


@pytest.mark.slow
def test_words_and_corrections_are_those_of_galois() -> None:
    """Failures, too, of words with more errors than can be corrected."""
    galois = pytest.importorskip("galois")
    code = ReedSolomonCode(n=31, k=19, first_root=3, polynomial=0x25)
    field = galois.GF(2**5, irreducible_poly=0x25, primitive_element=2)
    other = galois.ReedSolomon(31, 19, field=field, alpha=2, c=3)
    sent = code.symbols(code.encode(random_bits(1000, code.k)))[:, 0]
    np.testing.assert_array_equal(np.asarray(other.encode(field(sent[:, :19]))), sent)
    errors = np.random.default_rng(1).integers(0, 10, 1000)
    words, erased = spoiled(code, sent, errors, np.zeros(1000, int), seed=2)
    found, ok = corrected(code, words, erased)
    decoded, count = other.decode(field(words), output="codeword", errors=True)
    np.testing.assert_array_equal(ok, np.asarray(count) >= 0)
    np.testing.assert_array_equal(found[ok], np.asarray(decoded)[ok])
    assert ok[errors <= 6].all()
    assert not ok.all()
