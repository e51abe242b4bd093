"""Automorphism ensemble decoding of cyclic, Reed-Muller and polar codes by any decoder."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    AutomorphismDecoder,
    BCHCode,
    BeliefPropagationDecoder,
    BoundedDistanceDecoder,
    CyclicCode,
    Decoder,
    DumerDecoder,
    ErasureDecoder,
    GolayCode,
    HammingCode,
    LinearCode,
    MaximumLikelihoodDecoder,
    OrderedStatisticsDecoder,
    PolarBPDecoder,
    PolarCode,
    QuadraticResidueCode,
    ReedMullerCode,
    SCDecoder,
    decoder_of,
)
from capgap.codes.by_name import crc, polar

from tests.codes.samples import NotLinear, assert_same, random_llrs, send

CODES: dict[str, Callable[[], LinearCode]] = {
    "cyclic": lambda: CyclicCode(n=15, generator=0x1D1),
    "cyclic, even length": lambda: CyclicCode(n=6, generator=0x5),
    "bch": lambda: BCHCode(n=63, k=45),
    "bch, no primitive one": lambda: BCHCode(n=21, t=2, first_root=0),
    "bch, extended": lambda: BCHCode(n=31, k=21, extended=True),
    "golay": GolayCode,
    "golay, extended": lambda: GolayCode(extended=True),
    "quadratic residue": lambda: QuadraticResidueCode(n=41),
    "quadratic residue, extended": lambda: QuadraticResidueCode(n=31, extended=True),
    "reed-muller": lambda: ReedMullerCode(r=2, m=5),
    "reed-muller, systematic": lambda: ReedMullerCode(r=1, m=4, systematic=True),
}


@pytest.mark.parametrize("name", CODES)
def test_permuted_codewords_are_codewords(name: str) -> None:
    code = CODES[name]()
    found = code.automorphisms(50, seed=2)
    assert found is not None
    np.testing.assert_array_equal(found[0], np.arange(code.n))
    assert len(np.unique(found, axis=0)) == len(found) == (6 if code.n == 6 else 50)
    words = code.encode(np.eye(code.k, dtype=np.uint8))
    for permutation in found:
        np.testing.assert_array_equal(np.sort(permutation), np.arange(code.n))
        assert not code.syndrome(words[:, permutation]).any()
    assert np.array_equal(found, np.array(code.automorphisms(50, seed=2)))
    assert not np.array_equal(found, np.array(code.automorphisms(50, seed=3)))


def test_groups_are_whole() -> None:
    """n log2(n + 1) maps of primitive codes; of quadratic residue codes n (n - 1) / 2."""
    for code, order in (
        (BCHCode(n=15, k=7), 60),
        (GolayCode(), 23 * 11),
        (QuadraticResidueCode(n=17), 17 * 8),
    ):
        found = code.automorphisms(10_000, seed=0)
        assert found is not None
        assert len(np.unique(found, axis=0)) == len(found) == order
        assert {each.tobytes() for each in found[:, found[1]]} == {each.tobytes() for each in found}


DECODERS: dict[str, Callable[[], Decoder]] = {
    "bp": lambda: BeliefPropagationDecoder(BCHCode(n=31, k=21), iterations=10),
    "bp, int8": lambda: BeliefPropagationDecoder(
        BCHCode(n=31, k=21, extended=True), algorithm="min-sum", precision="int8", iterations=5
    ),
    "osd": lambda: OrderedStatisticsDecoder(GolayCode(), order=1),
    "erasure-ml": lambda: ErasureDecoder(QuadraticResidueCode(n=17)),
    "bounded-distance": lambda: BoundedDistanceDecoder(BCHCode(n=15, k=7)),
    "dumer": lambda: DumerDecoder(ReedMullerCode(r=2, m=5), list=1),
    "sc": lambda: SCDecoder(ReedMullerCode(r=2, m=5)),
    "polar-bp": lambda: PolarBPDecoder(polar(n=32, k=16, construction="pw"), iterations=5),
}


@pytest.mark.parametrize("name", DECODERS)
def test_an_ensemble_of_one_is_its_decoder(name: str) -> None:
    inner = DECODERS[name]()
    llr = random_llrs(300, inner.code.n, zeros=0.2)
    found = AutomorphismDecoder(inner.code, ensemble=1, decoder=inner)
    assert_same(found.decode(llr, Stream(3, 300)), inner.decode(llr, Stream(3, 300)))


def plain(decoder: AutomorphismDecoder, llr: Any) -> tuple[Any, Any, Any]:
    """Information bits, ok and iterations: each frame's words one after the other, the likeliest first."""
    code, inner = decoder.code, decoder.decoder
    source: Any = inner if isinstance(inner, SCDecoder) else code
    permutations = source.automorphisms(decoder.ensemble, decoder.seed)
    frames, iterations = len(llr), np.zeros(len(llr), np.int32)
    best, ok, words = np.full(frames, np.inf), np.zeros(frames, bool), np.zeros((frames, code.n), np.uint8)
    for permutation in permutations:
        result = inner.decode(llr[:, permutation])
        iterations += result.iterations
        found = np.empty_like(words)
        found[:, permutation] = code.encode(result.bits)
        cost = (llr.astype(np.float64) * found).sum(axis=1)
        same = (found == words).all(axis=1)
        better = cost < best
        ok = np.where(better, result.ok, ok | same & result.ok)
        best, words = np.where(better, cost, best), np.where(better[:, None], found, words)
    return code.information_bits(words), ok, iterations


@pytest.mark.parametrize("name", ["bp", "dumer", "sc", "polar-bp"])
def test_decides_as_the_plain_ensemble(name: str) -> None:
    inner = DECODERS[name]()
    decoder = AutomorphismDecoder(inner.code, ensemble=5, decoder=inner, seed=4)
    _, llr = send(inner.code, 2, 300)
    bits, ok, iterations = plain(decoder, llr)
    result = decoder.decode(llr)
    np.testing.assert_array_equal(result.bits, bits)
    np.testing.assert_array_equal(result.ok, ok)
    np.testing.assert_array_equal(result.iterations, iterations)
    assert name in ("dumer", "sc") or 0 < ok.sum() < 300


def test_more_orders_find_no_word_that_is_less_likely() -> None:
    code = BCHCode(n=31, k=21)
    inner = BeliefPropagationDecoder(code, iterations=10)
    _, llr = send(code, 2, 400)
    before = np.full(400, np.inf)
    for size in (1, 2, 3, 8, 20):
        found = AutomorphismDecoder(code, ensemble=size, decoder=inner).decode(llr).bits
        cost = (llr.astype(np.float64) * code.encode(found)).sum(axis=1)
        assert (cost <= before + 1e-4).all()
        before = cost


def test_belief_propagation_on_bch_codes_gains() -> None:
    """Of the frames that one order or the other decodes wrong alone, the ensemble has far fewer.

    Were both as good, a share as low as a third in over 100 frames would have a probability below 1e-3.
    """
    code = BCHCode(n=63, k=45)
    bits, llr = send(code, 4, 1000)
    inner = BeliefPropagationDecoder(code, iterations=20)
    alone, many = (
        (AutomorphismDecoder(code, ensemble=size, decoder=inner).decode(llr).bits != bits).any(axis=1)
        for size in (1, 8)
    )
    assert (alone & ~many).sum() + (many & ~alone).sum() > 100
    assert (many & ~alone).sum() < (alone & ~many).sum() / 20
    assert many.sum() < alone.sum() / 3


def test_a_large_ensemble_decides_as_maximum_likelihood() -> None:
    code = GolayCode(extended=True)
    _, llr = send(code, 3, 2000)
    likeliest = MaximumLikelihoodDecoder(code).decode(llr).bits
    inner = BeliefPropagationDecoder(code, iterations=20)
    found = AutomorphismDecoder(code, ensemble=128, decoder=inner).decode(llr).bits
    assert (inner.decode(llr).bits != likeliest).any(axis=1).mean() > 0.1
    assert (found != likeliest).any(axis=1).mean() < 0.001


def test_ties_of_a_frame_do_not_depend_on_its_neighbours() -> None:
    """Coins are drawn for all frames at once: which order they are needed in differs from frame to frame."""
    code = BCHCode(n=15, k=7)
    inner = BeliefPropagationDecoder(code, algorithm="min-sum", iterations=2)
    decoder = AutomorphismDecoder(code, ensemble=6, decoder=inner)
    llr = np.random.default_rng(4).choice([-1.0, 0, 1, 2], (130, code.n))
    together = decoder.decode(llr, Stream(8, 130)).bits
    alone = [decoder.decode(llr[i : i + 1], Stream(8, 1, first=i)).bits for i in range(130)]
    np.testing.assert_array_equal(together, np.vstack(alone))


def test_counters_are_of_all_orders() -> None:
    code = GolayCode()
    _, llr = send(code, 2, 100)
    inner = OrderedStatisticsDecoder(code, order=1, stop="none")
    decoder = AutomorphismDecoder(code, ensemble=3, decoder=inner)
    assert decoder.counters == ("candidates",)
    candidates = decoder.decode(llr).counters["candidates"]
    np.testing.assert_array_equal(candidates, 3 * inner.decode(llr).counters["candidates"])


def test_a_check_around() -> None:
    code = crc(code=BCHCode(n=31, k=21), polynomial=3, bits=5)
    decoder = decoder_of(code, AutomorphismDecoder, ensemble=4)
    bits = np.random.default_rng(2).integers(0, 2, (70, code.k), np.uint8)
    np.testing.assert_array_equal(decoder.decode(4.0 - 8.0 * code.encode(bits)).bits, bits)


def test_codes_and_parameters_that_are_refused() -> None:
    code, other = BCHCode(n=15, k=7), BCHCode(n=15, k=7)
    with pytest.raises(ValueError, match="automorphism decodes linear codes, not NotLinear"):
        AutomorphismDecoder(NotLinear(n=3, k=1))
    for given in (HammingCode(r=3), BCHCode(n=31, k=16, shorten=4)):
        with pytest.raises(ValueError, match="automorphism knows no automorphisms of"):
            AutomorphismDecoder(given)
    with pytest.raises(ValueError, match=r"automorphism takes codes up to n = 2\^20"):
        AutomorphismDecoder(CyclicCode(n=(1 << 20) + 1, generator=3))
    for parameters, message in (
        ({"ensemble": 61}, "ensemble must be at most 60 for this code: .* known; got 61"),
        ({"ensemble": 1025}, "ensemble must lie in 1 to 1024 for n = 15, got 1025"),
        ({"seed": -1}, "seed must not be negative"),
        ({"decoder": BeliefPropagationDecoder(other)}, "decoder must be a decoder of BCHCode"),
        ({"decoder": BeliefPropagationDecoder(code, count="iterations")}, "decoder must leave out count"),
        ({"precision": "int8"}, "precision belongs to sc, of polar codes: name it in decoder"),
        ({"decoder": BeliefPropagationDecoder(code), "box_plus": "exact"}, "box_plus belongs to sc"),
    ):
        with pytest.raises(ValueError, match=message):
            AutomorphismDecoder(code, **parameters)
    wide = PolarCode(n=1 << 16, information=range(1 << 15, 1 << 16))
    with pytest.raises(ValueError, match="ensemble must lie in 1 to 128 for n = 65536, got 129"):
        AutomorphismDecoder(wide, ensemble=129)


def fingerprint() -> str:
    """Decisions as text: for other CPUs."""
    found = []
    for name in ("bp", "bp, int8", "dumer"):
        inner = DECODERS[name]()
        result = AutomorphismDecoder(inner.code, ensemble=4, decoder=inner).decode(
            send(inner.code, 2, 300)[1]
        )
        found.append(np.packbits(np.hstack([result.bits, result.ok[:, None]])).tobytes().hex())
    return " ".join(found)


@pytest.mark.slow  # compiles all kernels anew
def test_a_plain_cpu_decides_the_same(on_a_plain_cpu: Callable[..., str]) -> None:
    script = "from tests.codes.universal.test_automorphism_ensemble import fingerprint; print(fingerprint())"
    assert on_a_plain_cpu(script).strip() == fingerprint()
