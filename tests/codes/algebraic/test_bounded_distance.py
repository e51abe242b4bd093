"""Bounded-distance decoding against brute force, other programs, its law over BSC and BEC, published curves.

Seeds are fixed; statistical tests state their significance.
"""

import csv
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import komm
import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
from capgap.codes import BCHCode, BoundedDistanceDecoder, Code, DecodeResult
from capgap.codes.algebraic.decoding.one_by_one import Algorithm
from capgap.codes.algebraic.symbols.reed_solomon import ReedSolomonCode
from capgap.simulate import run

from tests.codes.samples import Bits, assert_same, random_bits, random_llrs, words_of
from tests.conftest import SIGNIFICANCE
from tests.lazy import but_slow

Q = scipy.stats.norm.sf
LLRs = npt.NDArray[np.float32]

#: Codes of few fields, each of which is compiled: of all kinds that are decoded in their own way.
BCH: dict[str, dict[str, Any]] = {
    "narrow sense": {"n": 15, "k": 7},
    "extended": {"n": 15, "k": 7, "extended": True},
    "shortened": {"n": 15, "k": 5, "shorten": 1},
    "extended, shortened": {"n": 15, "k": 5, "extended": True, "shorten": 2},
    "even distance": {"n": 15, "k": 6, "first_root": 0},
    "even distance, extended": {"n": 15, "k": 6, "first_root": 0, "extended": True},
    "other roots": {"n": 15, "k": 3, "first_root": 6},
    "fewer errors": {"n": 15, "k": 5, "t": 2},
    "not primitive": {"n": 21, "k": 12},
}
RS: dict[str, dict[str, Any]] = {
    "narrow sense": {"n": 7, "k": 3},
    "shortened": {"n": 5, "k": 2, "symbol_bits": 3},
    "first root 0": {"n": 7, "k": 2, "first_root": 0},
    "other roots": {"n": 6, "k": 3, "first_root": 4},
    "extended": {"n": 7, "k": 3, "extended": True},
    "one check": {"n": 5, "k": 4, "symbol_bits": 3},
}
#: Those that the default run tries: each of these fields is used by other tests too.
QUICK = {f"bch, {name}" for name in BCH if name != "not primitive"} | {"rs, narrow sense", "rs, extended"}
ALGORITHMS: tuple[Algorithm, ...] = ("berlekamp-massey", "euclid", "pgz")


def codes() -> dict[str, Callable[[], Code]]:
    made: dict[str, Callable[[], Code]] = {
        f"bch, {name}": partial(BCHCode, **each) for name, each in BCH.items()
    }
    return made | {f"rs, {name}": partial(ReedSolomonCode, **each) for name, each in RS.items()}


def distance_of(code: Any) -> int:
    if isinstance(code, ReedSolomonCode):
        return code.symbol_distance
    assert isinstance(code, BCHCode)
    return code.designed_distance + (code.extended and code.designed_distance % 2)


def symbols_of(bits: npt.NDArray[Any], code: Any) -> npt.NDArray[np.bool_]:
    """Whether anything is set in a symbol."""
    m = code.symbol_bits if isinstance(code, ReedSolomonCode) else 1
    found: npt.NDArray[np.bool_] = np.any(bits.reshape(*bits.shape[:-1], -1, m), axis=-1)
    return found


def by_brute_force(code: Any, llr: LLRs) -> tuple[npt.NDArray[np.bool_], Bits]:
    """Whether a codeword has 2 e + s < d, and the message of that one."""
    messages = words_of(code.k)
    words = code.encode(messages)
    ok, bits = np.zeros(len(llr), np.bool_), np.zeros((len(llr), code.k), np.uint8)
    for f, frame in enumerate(llr):
        erased = symbols_of(frame == 0, code)
        wrong = symbols_of(words ^ (frame < 0), code) & ~erased
        near = 2 * wrong.sum(axis=1) + erased.sum() < distance_of(code)
        assert near.sum() <= 1
        ok[f] = near.any()
        bits[f] = messages[near.argmax()]
    return ok, bits


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("name", but_slow(codes(), QUICK))
def test_decisions_are_those_of_brute_force(name: str, algorithm: Algorithm) -> None:
    code: Any = codes()[name]()
    if algorithm != "berlekamp-massey" and name == "rs, extended":
        with pytest.raises(ValueError, match="algorithm must be berlekamp-massey for extended codes"):
            BoundedDistanceDecoder(code, algorithm=algorithm)
        return
    rng = np.random.default_rng(3)
    sent = code.encode(random_bits(600, code.k, seed=2))
    rates = rng.choice([0.02, 0.1, 0.5], (600, 1)), rng.choice([0.0, 0.05, 0.2], (600, 1))
    llr = 1.0 - 2.0 * (sent ^ (rng.random(sent.shape) < rates[0]))
    llr = (llr * (rng.random(sent.shape) >= rates[1])).astype(np.float32)
    ok, bits = by_brute_force(code, llr)
    assert 0.3 < ok.mean() < 0.9
    found = BoundedDistanceDecoder(code, algorithm=algorithm).decode(llr)
    np.testing.assert_array_equal(found.ok, ok)
    np.testing.assert_array_equal(found.bits[ok], bits[ok])
    known = ~ok[:, None] & (llr[:, : code.k] != 0)
    np.testing.assert_array_equal(found.bits[known], (llr[:, : code.k] < 0)[known])


def with_errors(code: Code, weights: npt.NDArray[np.int64], seed: int) -> tuple[Bits, LLRs]:
    rng = np.random.default_rng(seed)
    bits = random_bits(len(weights), code.k, seed=seed)
    order = rng.permuted(np.tile(np.arange(code.n), (len(weights), 1)), axis=1)
    word = code.encode(bits) ^ (order < weights[:, None])
    return bits, (1.0 - 2.0 * word).astype(np.float32)


@pytest.mark.parametrize(("m", "distance"), [(4, 5), pytest.param(10, 21, marks=pytest.mark.slow)])
def test_words_are_corrected_as_another_program_does(m: int, distance: int) -> None:
    other = komm.BCHCode(m, distance)
    code = BCHCode(n=2**m - 1, k=other.dimension)
    weights = np.random.default_rng(m).integers(0, code.t + 1, 1000)
    bits, llr = with_errors(code, weights, m)
    found = BoundedDistanceDecoder(code).decode(llr)
    np.testing.assert_array_equal(found.bits, bits)
    assert found.ok.all()
    few = slice(0, 30)  # it takes milliseconds a word
    decoded = komm.BerlekampDecoder(other).decode((llr[few, ::-1] < 0).astype(int))
    np.testing.assert_array_equal(np.asarray(decoded)[:, ::-1], found.bits[few])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "k", "frames"), [(15, 7, 3000), (127, 64, 1000), (255, 179, 1000), (1023, 923, 200)]
)
def test_failures_and_miscorrections_are_those_of_galois(n: int, k: int, frames: int) -> None:
    galois = pytest.importorskip("galois")
    code = BCHCode(n=n, k=k)
    field = galois.GF(n + 1, irreducible_poly=galois.Poly.Int(code.field.polynomial))
    other = galois.BCH(n, k, extension_field=field)
    _, llr = with_errors(code, np.random.default_rng(n).integers(0, code.t + 4, frames), n)
    bits, errors = other.decode(galois.GF2((llr < 0).astype(np.uint8)), errors=True)
    found = BoundedDistanceDecoder(code).decode(llr)
    np.testing.assert_array_equal(found.ok, errors >= 0)
    np.testing.assert_array_equal(found.bits, np.asarray(bits))


def test_an_overall_parity_detects_an_error_more() -> None:
    code = BCHCode(n=15, k=7, extended=True)
    _, llr = with_errors(code, np.full(2000, code.t + 1), 5)
    assert not BoundedDistanceDecoder(code).decode(llr).ok.any()


@pytest.mark.parametrize(
    "name", ["bch, narrow sense", "bch, extended, shortened", "bch, even distance", "bch, other roots"]
)
def test_failures_and_miscorrections_are_what_lies_beyond_t_errors(name: str) -> None:
    """Exactly P(more than t of n errors), at significance 1e-4 a code."""
    code: Any = codes()[name]()
    f, frames = 0.08, 200_000
    wrong = _not_decoded(code, {"type": "bsc", "f": f}, frames)
    tail = scipy.stats.binom.sf(code.t, code.n, f)
    assert scipy.stats.binomtest(wrong, frames, tail).pvalue > SIGNIFICANCE


def test_erasures_and_errors_fail_where_they_reach_the_distance() -> None:
    """P(2 e + s > d - 1) of erasures with errors: here e comes from a threshold on the LLR over AWGN."""
    code = BCHCode(n=15, k=7)
    frames, threshold, sigma = 100_000, 1.0, 0.8
    rng = np.random.default_rng(8)
    bits = random_bits(frames, code.k, seed=9)
    y = 1.0 - 2.0 * code.encode(bits) + sigma * rng.standard_normal((frames, code.n))
    found = BoundedDistanceDecoder(code, erase_below=threshold).decode((2 * y / sigma**2).astype(np.float32))
    wrong = np.count_nonzero(~found.ok | (found.bits != bits).any(axis=1))
    edge = threshold * sigma**2 / 2
    error, erasure = Q((1 + edge) / sigma), Q((1 - edge) / sigma) - Q((1 + edge) / sigma)
    tail = sum(
        scipy.stats.multinomial.pmf([e, s, code.n - e - s], code.n, [error, erasure, 1 - error - erasure])
        for e in range(code.n + 1)
        for s in range(code.n + 1 - e)
        if 2 * e + s >= code.designed_distance
    )
    assert scipy.stats.binomtest(int(wrong), frames, tail).pvalue > SIGNIFICANCE


def test_reed_solomon_codes_correct_their_redundancy_of_erasures_and_never_more() -> None:
    code = ReedSolomonCode(n=7, k=3)
    rng = np.random.default_rng(4)
    for erasures in range(8):
        bits = random_bits(200, code.k, seed=erasures)
        llr = 1.0 - 2.0 * code.encode(bits).reshape(200, 7, 3)
        order = rng.permuted(np.tile(np.arange(7), (200, 1)), axis=1)
        found = BoundedDistanceDecoder(code).decode((llr * (order >= erasures)[..., None]).reshape(200, -1))
        assert found.ok.all() if erasures <= 4 else not found.ok.any()
        assert erasures > 4 or (found.bits == bits).all()


def test_a_threshold_erases_what_is_below() -> None:
    code = BCHCode(n=15, k=7, extended=True)
    llr = random_llrs(700, code.n)
    found = BoundedDistanceDecoder(code, erase_below=0.7).decode(llr)
    llr[np.abs(llr) < 0.7] = 0
    erased = BoundedDistanceDecoder(code).decode(llr)
    assert np.array_equal(found.ok, erased.ok)
    # A failure hands out the signs, which bits that are erased at all do not have.
    assert np.array_equal(found.bits[found.ok], erased.bits[found.ok])


def test_without_erasures_coins_decide() -> None:
    code = BCHCode(n=15, k=7)
    llr = random_llrs(700, code.n)
    with_coins = BoundedDistanceDecoder(code, erasures=False).decode(llr)
    euclid = BoundedDistanceDecoder(code, erasures=False, algorithm="euclid").decode(llr)
    assert_same(with_coins, euclid)
    assert (with_coins.ok != BoundedDistanceDecoder(code).decode(llr).ok).any()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"algorithm": "chien"}, "algorithm must be berlekamp-massey or euclid or pgz, got 'chien'"),
        ({"erase_below": 0.0}, "erase_below must be a magnitude above 0, got 0.0"),
        ({"erase_below": 1.0, "erasures": False}, "erase_below must be .* says nothing without erasures"),
    ],
)
def test_bad_parameters_are_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BoundedDistanceDecoder(BCHCode(n=15, k=7), **parameters)


@pytest.mark.slow  # compiles two fields more
def test_the_longest_codes_are_decoded() -> None:
    code = BCHCode(n=65535, t=3)
    bits, llr = with_errors(code, np.array([0, 1, 2, 3, 3, 4]), 1)
    found = BoundedDistanceDecoder(code).decode(llr)
    assert found.ok[:5].all()
    assert (found.bits[:5] == bits[:5]).all()


def _not_decoded(code: Code, channel: dict[str, Any], frames: int) -> int:
    rng = np.random.default_rng(6)
    bits = random_bits(frames, code.k, seed=7)
    flips = rng.random((frames, code.n)) < channel["f"]
    found = BoundedDistanceDecoder(code).decode((1.0 - 2.0 * (code.encode(bits) ^ flips)).astype(np.float32))
    return int(np.count_nonzero(~found.ok | (found.bits != bits).any(axis=1)))


# Published curves, of another program


def _reference(shared: Path, name: str) -> dict[float, tuple[int, int]]:
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {
        float(each["ebno_db"]): (int(float(each["frame_errors"])), int(float(each["frames"])))
        for each in points
    }


CURVES = [
    "bch_127_64_t10",
    "bch_127_99_t4",
    "bch_255_179_t10",
    "bch_255_247_t1",
    "bch_511_340_t20",
    "bch_511_412_t11",
    "bch_511_493_t2",
    "bch_63_45_t3",
    "bch_1023_818_t21",
    "bch_1023_903_t12",
    "bch_1023_993_t3",
    "bch_1023_1003_t2",
    "rs_127_101_t13",
    "rs_127_121_t3",
    "rs_255_155_t50",
    "rs_255_209_t23",
    "rs_255_233_t11",
    "rs_255_239_t8",
    "rs_31_19_t6",
    "rs_511_431_t40",
    "rs_511_473_t19",
    "rs_511_497_t7",
    "rs_63_45_t9",
]


def _curve_code(name: str) -> tuple[str, dict[str, Any], int]:
    kind, n, k, t = name.split("_")
    code = {"type": kind, "n": int(n), "k": int(k)}
    return kind, code | ({"t": int(t[1:])} if kind == "bch" else {}), int(t[1:])


@pytest.mark.parametrize("name", CURVES)
def test_published_curves_are_the_tails_of_binomial_distributions(name: str, shared: Path) -> None:
    """Of the errors beyond t; at significance 1e-6 a point, as counts of many frames are rounded there."""
    kind, code, t = _curve_code(name)
    m = code["n"].bit_length() if kind == "rs" else 1
    for ebno_db, (errors, frames) in _reference(shared, name).items():
        flip = Q(np.sqrt(2 * code["k"] / code["n"] * 10 ** (ebno_db / 10)))
        tail = scipy.stats.binom.sf(t, code["n"], 1 - (1 - flip) ** m)
        if 1e-8 < errors / frames < 0.9:
            assert scipy.stats.binomtest(errors, frames, tail).pvalue > 1e-6, ebno_db


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
def test_published_curves_are_simulated(name: str, shared: Path) -> None:
    _, code, _ = _curve_code(name)
    reference = {x: y for x, y in _reference(shared, name).items() if 0.01 < y[0] / y[1] < 0.7}
    chosen = sorted(reference)[len(reference) // 2]
    (row,) = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": [chosen]},
            "curves": [{"label": name, "code": code, "decoder": {"type": "bounded-distance"}}],
            "stop": {"frame_errors": 1000, "frames": 200_000},
        },
        save=False,
    )
    errors, frames = reference[chosen]
    table = [[row.frame_errors, row.frames - row.frame_errors], [errors, frames - errors]]
    assert scipy.stats.fisher_exact(table).pvalue > SIGNIFICANCE


_PLAIN = """
import json, sys
import numpy as np
from capgap.codes import BCHCode, BoundedDistanceDecoder
from capgap.codes.algebraic.symbols.reed_solomon import ReedSolomonCode
found = []
for code in (BCHCode(n=15, k=7, extended=True), ReedSolomonCode(n=7, k=3)):
    llr = np.random.default_rng(1).normal(0.7, 1, (700, code.n)).astype(np.float32)
    result = BoundedDistanceDecoder(code).decode(llr)
    found.append([result.ok.tolist(), result.bits.tolist()])
print(json.dumps(found))
"""


@pytest.mark.slow
def test_decisions_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    plain = json.loads(on_a_plain_cpu(_PLAIN))
    for code, (ok, bits) in zip(
        (BCHCode(n=15, k=7, extended=True), ReedSolomonCode(n=7, k=3)), plain, strict=True
    ):
        llr = np.random.default_rng(1).normal(0.7, 1, (700, code.n)).astype(np.float32)
        expected: DecodeResult = BoundedDistanceDecoder(code).decode(llr)
        assert expected.ok.tolist() == ok
        assert expected.bits.tolist() == bits


def test_a_failure_hands_out_signs_below_the_threshold_too() -> None:
    rng = np.random.default_rng(5)
    llr = (rng.choice([-1, 1], size=(300, 31)) * 0.9).astype(np.float32)
    found = BoundedDistanceDecoder(BCHCode(n=31, k=16), erase_below=1.0).decode(llr)
    assert not found.ok.any()
    assert np.array_equal(found.bits, llr[:, :16] < 0)
