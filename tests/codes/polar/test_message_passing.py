"""Soft cancellation and belief propagation, against plain references and sums over all codewords."""

import csv
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    HammingCode,
    MaximumLikelihoodDecoder,
    PolarBPDecoder,
    PolarCode,
    ScanDecoder,
    SCDecoder,
)
from capgap.codes.by_name import polar
from capgap.codes.polar.decoding.messages.message_passing import MessagePassingDecoder
from capgap.simulate import run
from capgap.vectors.groups import grouped, ungrouped
from capgap.vectors.llr_grid import on_grid
from scipy import stats

from tests.codes.polar.samples import unmatched
from tests.references import polar_messages as reference
from tests.references.bcjr import by_all_codewords
from tests.references.successive_cancellation import BoxPlus, exact, min_sum

Values = npt.NDArray[np.float64]


def odd_code(n: int, k: int) -> PolarCode:
    return PolarCode(n=n, information=np.random.default_rng(n).permutation(n)[:k])


CODES = {
    "pw": lambda: unmatched(n=32, k=16),
    "systematic": lambda: unmatched(n=32, k=20, systematic=True),
    "random": lambda: odd_code(16, 9),
    "random systematic": lambda: PolarCode(n=8, information=[1, 4, 6], systematic=True),
    "one bit": lambda: PolarCode(n=8, information=[0]),
    "rate 1": lambda: PolarCode(n=4, information=[2, 0, 3, 1]),
    "two": lambda: PolarCode(n=2, information=[1]),
}


#: Bits that are known have LLRs beyond it, which depend on the order of what tells them.
FAR = 1e6


def received(code: PolarCode, frames: int, sigma: float, steps: float = 0) -> Values:
    """LLRs of random words, in float32; multiples of 1 / ``steps`` unless it is 0."""
    generator = np.random.default_rng(code.n + code.k)
    words = code.encode(generator.integers(0, 2, (frames, code.k), np.uint8))
    llr = 2 / sigma**2 * (1 - 2.0 * words + sigma * generator.standard_normal(words.shape))
    return (np.round(steps * llr) / steps if steps else llr).astype(np.float32).astype(np.float64)


def information(code: PolarCode, of_u: Values, of_x: Values) -> Values:
    return (of_x if code.systematic else of_u)[:, code.information]


def plainly(
    decoder: MessagePassingDecoder, llr: Values, prior: Values | None, box_plus: BoxPlus
) -> tuple[Values, Values, npt.NDArray[Any]]:
    """LLRs of information bits and coded bits, and iterations."""
    code = decoder.code
    if prior is not None and code.systematic:
        llr = llr.copy()
        llr[:, code.information] += prior
        prior = None
    known = reference.inputs(code, prior)
    if isinstance(decoder, PolarBPDecoder):
        of_u, of_x, spent = reference.belief_propagation(
            llr, known, box_plus, decoder.iterations, stop=decoder.stop == "codeword"
        )
    else:
        of_u, of_x = reference.scan(llr, known, box_plus, decoder.iterations)
        spent = np.full(len(llr), decoder.iterations)
    return information(code, of_u, of_x), of_x, spent


@pytest.mark.parametrize("name", CODES)
def test_exact_messages_are_those_of_double_precision(name: str) -> None:
    code = CODES[name]()
    llr = received(code, 70, 0.9)
    prior = np.random.default_rng(3).normal(0, 2, (70, code.k)).astype(np.float32).astype(np.float64)
    for decoder in (ScanDecoder(code, iterations=3), PolarBPDecoder(code, iterations=5, stop="none")):
        for known in (None, prior):
            of_bits, of_x, _ = plainly(decoder, llr, known, exact)
            found = decoder.soft(llr, known)
            for ours, theirs in ((found.information, of_bits), (found.coded, of_x)):
                np.testing.assert_allclose(ours.clip(-FAR, FAR), theirs.clip(-FAR, FAR), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("scale", [1, 0.5])
@pytest.mark.parametrize("name", CODES)
def test_min_sum_is_as_in_double_precision(name: str, scale: float) -> None:
    code = CODES[name]()
    llr = received(code, 100, 0.8, steps=8)
    groups = on_grid(grouped(np.ascontiguousarray(llr.T, np.float32)), any_level=True, alone=True)
    placed = ungrouped(groups, len(llr)).T.astype(np.float64)
    decoders: list[MessagePassingDecoder] = [
        PolarBPDecoder(code, iterations=6, box_plus="min-sum", scale=scale)
    ]
    if scale == 1:
        decoders.append(ScanDecoder(code, iterations=4, box_plus="min-sum"))
    for decoder in decoders:
        of_bits, of_x, spent = plainly(decoder, placed, None, lambda a, b: scale * min_sum(a, b))
        found, result = decoder.soft(llr), decoder.decode(llr)
        for ours, theirs in ((found.coded, of_x), (found.information, of_bits)):
            # A product with 1/2 takes another bit each time, and float32 has 24.
            most = 0 if scale == 1 else 1e-4
            np.testing.assert_allclose(ours.clip(-FAR, FAR), theirs.clip(-FAR, FAR), rtol=0, atol=most)
        np.testing.assert_array_equal(result.iterations, spent)
        decided = of_bits != 0
        np.testing.assert_array_equal(result.bits[decided], (of_bits < 0)[decided])
        word = code.encode(result.bits) == (of_x < 0)
        np.testing.assert_array_equal(
            result.ok, word.all(axis=1) & decided.all(axis=1) & (of_x != 0).all(axis=1)
        )


def repeated(n: int, k: int) -> PolarCode:
    """An uncoded word of k bits, again and again."""
    return PolarCode(n=n, information=range(n - k, n))


@pytest.mark.parametrize(("n", "k"), [(2, 1), (4, 4), (8, 1), (8, 4), (16, 2)])
def test_repeated_words_are_decoded_as_by_sc_and_by_maximum_likelihood(n: int, k: int) -> None:
    """Of all codes of n <= 8 these are the ones that scan, with one iteration, always decides as sc does."""
    code = repeated(n, k)
    llr = received(code, 500, 1.2)
    expected = MaximumLikelihoodDecoder(code).decode(llr).bits
    for decoder in (SCDecoder(code), ScanDecoder(code, iterations=1), PolarBPDecoder(code)):
        np.testing.assert_array_equal(decoder.decode(llr).bits, expected)


def tree_codes() -> list[PolarCode]:
    """Codes whose LLRs are exact: of n = 4 all that there are."""
    sets = [
        (3,),
        (0, 3),
        (2, 3),
        (0, 2, 3),
        (0, 1, 2, 3),
        (6, 7),
        (4, 5, 6, 7),
        (1, 4, 6, 7),
        (0, 2, 4, 5, 6, 7),
    ]
    return [PolarCode(n=4 if max(each) < 4 else 8, information=each) for each in sets]


def test_llrs_are_the_a_posteriori_ones_where_there_are_no_cycles() -> None:
    for code in tree_codes():
        llr = received(code, 100, 1.0)
        of_bits, of_x = by_all_codewords(code, llr, np.zeros((100, code.k)), exact=True)
        for decoder in (ScanDecoder(code), PolarBPDecoder(code, stop="none", iterations=6)):
            found = decoder.soft(llr)
            np.testing.assert_allclose(found.information, of_bits, atol=1e-4)
            np.testing.assert_allclose(found.coded, of_x, atol=1e-4)


@pytest.mark.parametrize("n", [4, 8])
def test_llrs_of_a_single_parity_checks_coded_bits_are_a_posteriori_ones(n: int) -> None:
    code = PolarCode(n=n, information=range(1, n), systematic=True)
    llr = received(code, 100, 1.0)
    prior = np.random.default_rng(5).normal(0, 2, (100, code.k))
    of_bits, of_x = by_all_codewords(code, llr, prior, exact=True)
    found = ScanDecoder(code, iterations=1).soft(llr, prior)
    np.testing.assert_allclose(found.information, of_bits, atol=1e-4)
    np.testing.assert_allclose(found.coded, of_x, atol=1e-4)


def test_frames_that_end_leave_their_lanes_to_others() -> None:
    """What a frame decodes to, and when, does not depend on which frames it is decoded with."""
    code = unmatched(n=64, k=32)
    llr = received(code, 150, 0.8)
    decoder = PolarBPDecoder(code, iterations=30)
    together = decoder.decode(llr)
    assert len(set(together.iterations.tolist())) > 5
    for frame in (0, 17, 149):
        alone = decoder.decode(llr[frame])
        np.testing.assert_array_equal(alone.bits, together.bits[frame])
        assert alone.iterations == together.iterations[frame]
        assert alone.ok == together.ok[frame]


def test_an_llr_of_0_is_decided_by_a_coin_and_not_ok() -> None:
    code = unmatched(n=32, k=16)
    for decoder in (ScanDecoder(code), PolarBPDecoder(code, iterations=3)):
        result = decoder.decode(np.zeros((5, 32)))
        assert not result.ok.any()
        assert 0 < result.bits.mean() < 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"iterations": 0}, "iterations must be at least 1, got 0"),
        ({"iterations": 100_001}, "iterations must be at most 100000"),
        ({"box_plus": "max"}, "box_plus must be exact or min-sum"),
        ({"scale": 0.0, "box_plus": "min-sum"}, "scale must lie in"),
        ({"scale": 0.5}, "scale belongs to min-sum"),
        ({"stop": "crc"}, "stop must be codeword or none"),
    ],
)
def test_bad_parameters_are_refused(parameters: dict[str, Any], message: str) -> None:
    code = unmatched(n=8, k=4)
    with pytest.raises(ValueError, match=message):
        PolarBPDecoder(code, **parameters)
    if not {"scale", "stop"} & set(parameters):
        with pytest.raises(ValueError, match=message):
            ScanDecoder(code, **parameters)


def test_codes_that_are_not_taken() -> None:
    for make, name in ((ScanDecoder, "scan"), (PolarBPDecoder, "polar-bp")):
        with pytest.raises(ValueError, match=f"{name} decodes polar codes, not"):
            make(HammingCode(r=3))
        with pytest.raises(ValueError, match="kernels of size 2, not"):
            make(PolarCode(kernels=[3, 2], information=[4, 5]))
        with pytest.raises(ValueError, match=r"frozen bits are 0, not sums of earlier bits .* use scl"):
            make(polar(n=32, k=16, construction="rm-polar", convolution=133))


#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("iterations", "ebno_db", "frames"),
    [*itertools.product([1, 3, 4], [3.0, 3.5], [4000]), *itertools.product([1, 3, 4], [3.75, 4.0], [20_000])],
)
def test_published_point_of_scan(iterations: int, ebno_db: float, frames: int, shared: Path) -> None:
    """AFF3CT's curves: by min-sum, systematic, a code made by ga at each point."""
    name = f"polar_2048_1723_scan_ga_naive_i{iterations}_p32.csv"
    with (shared / "references" / name).open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    (point,) = (each for each in points if float(each["ebno_db"]) == ebno_db)
    code = {"type": "polar", "n": 2048, "k": 1723, "construction": "ga", "design": "each", "systematic": True}
    decoder = {"type": "scan", "iterations": iterations, "box_plus": "min-sum"}
    (row,) = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": [ebno_db]},
            "curves": [{"label": "scan", "code": code, "decoder": decoder}],
            "stop": {"frames": frames},
        },
        save=False,
    )
    errors, there = int(point["frame_errors"]), int(point["frames"])
    table = [[row.frame_errors, row.frames - row.frame_errors], [errors, there - errors]]
    p = stats.fisher_exact(table).pvalue
    assert p > SIGNIFICANCE, f"{ebno_db} dB: {row.fer:.3e} here, {errors / there:.3e} there, p = {p:.1e}"
