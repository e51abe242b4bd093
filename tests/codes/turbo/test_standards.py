"""Turbo codes of standards: tables and permutations against other sources, words against slow encoders."""

import hashlib
from collections.abc import Iterable
from typing import Any, get_args

import numpy as np
import pytest
from capgap.codes import LinearRateMatchedCode, TurboCode, TurboDecoder
from capgap.codes.by_name import turbo
from capgap.codes.turbo import by_name, standards
from capgap.codes.turbo.interleavers import spread
from capgap.codes.turbo.standards import ccsds, dvb, lte, umts

from tests.codes.samples import assert_is_linear_code, random_bits
from tests.lazy import Lazy
from tests.references import turbo_encoders

# The start of the digests of other sources' numbers, as int32, one after the other:
# - lte: the table of srsRAN_4G (tc_interl_lte.c, cbsegm.c), rows K, f1, f2; those of AFF3CT are the same.
# - umts: the permutations that the program of CML (source/include/interleaver.h) makes, and the rules of IT++
#   (itpp/comm/turbo.cpp); CML's are the same for every K.
# - ccsds: the formula of AFF3CT (Interleaver_core_CCSDS.cpp).
# - dvb-rcs: bit permutations by the rules of CML (CreateDvbInterleaver.m), which has the standard's direction.
# - dvb-rcs2: the parameters themselves. They stand on one source, AFF3CT's development branch (its pull
#   request 176, from EN 301 545-2 V1.3.1); its master agrees where it has the size, but for 384 and 1332.
DIGESTS = {
    "lte": "b91e0281c9870f85",
    "umts": "ee6e144aadc15cca",
    "ccsds": "97983ddd17c9bc7c",
    "dvb-rcs": "93a90051b4a4d260",
    "dvb-rcs2": "59ba4a13ad9c1b51",
}
# Sizes at both ends of each range that the rules of UMTS name, with K = R C among them (320), and others.
UMTS = [159, 160, 200, 201, 320, 480, 481, 530, 531, 2280, 2281, 2480, 2481, 3160, 3161, 3210, 3211, 5114]
UMTS += range(40, 5115, 149)

# Circulation states: EN 301 790, 8.5.5, for each N modulo 7, and EN 301 545-2 for each N modulo 15, as AFF3CT
# (Encoder_RSC_DB.cpp) and, the first, SimCommSys (dvbcrsc.cpp) have them. The state that a frame from 0 ends in
# stands at its number, the first register the most significant bit.
CIRCULATION = {
    "dvb-rcs": ["06427135", "03745621", "05362714", "04156273", "02571346", "07613452"],
    "dvb-rcs2": [
        *("0e3d794af1c286b5", "0bd6a17c5e83f429", "08912ab34cd56ef7", "03478bcf12569ade", "0c59b7e26a3fd184"),
        *("04c89d5126eabf73", "06ac53f9bd17e842", "078f169e34bc25ad", "05ebd836af41729c", "0d7af285e3941c6b"),
        *("0264cea89bfd5731", "09b26fd4c57ea318", "0af5e41bd72839c6", "0f1e3c2d78694b5a"),
    ],
}

CODES = Lazy(
    {
        "lte": lambda: turbo(standard="lte", k=40),
        "lte, half its bits": lambda: turbo(standard="lte", k=40, n=66, rv=2),
        "lte, all and some again": lambda: turbo(standard="lte", k=40, n=200, rv=1),
        "umts": lambda: turbo(standard="umts", k=41),
        "dvb-rcs": lambda: turbo(standard="dvb-rcs", k=96, rate="4/5"),
        "dvb-rcs2": lambda: turbo(standard="dvb-rcs2", k=112, rate="2/5"),
    }
)


def digest(arrays: Iterable[Any]) -> str:
    total = hashlib.sha256()
    for each in arrays:
        total.update(np.ascontiguousarray(each, "<i4").tobytes())
    return total.hexdigest()[:16]


def made(**parameters: Any) -> TurboCode:
    code = turbo(**parameters)
    assert isinstance(code, TurboCode)
    return code


@CODES.each("code")
def test_it_is_a_linear_code(code: TurboCode | LinearRateMatchedCode) -> None:
    assert_is_linear_code(code)


def test_tables_are_those_of_other_sources() -> None:
    assert digest([[(k, *row) for k, row in lte.table().items()]]) == DIGESTS["lte"]
    assert digest(umts.interleaver(k) for k in UMTS) == DIGESTS["umts"]
    assert digest(ccsds.interleaver(k) for k in ccsds.SIZES) == DIGESTS["ccsds"]
    couples = dvb.table("dvb-rcs.txt")
    assert digest(made(standard="dvb-rcs", k=2 * n).interleaver for n in couples) == DIGESTS["dvb-rcs"]
    rows = [(n, *row) for n, row in dvb.table("dvb-rcs2.txt").items()]
    assert digest([rows]) == DIGESTS["dvb-rcs2"]


def test_lte_has_188_sizes_each_of_which_is_spread() -> None:
    sizes = [*range(40, 512, 8), *range(512, 1024, 16), *range(1024, 2048, 32), *range(2048, 6145, 64)]
    assert list(lte.table()) == sizes
    for k, (f1, f2) in lte.table().items():
        order = made(standard="lte", k=k).interleaver
        i = np.arange(k)
        np.testing.assert_array_equal(order, (f1 * i + f2 * i * i) % k)
        assert spread(order) >= 4


def test_words_of_lte_have_the_streams_of_the_standard_in_turn() -> None:
    code, (f1, f2) = made(standard="lte", k=48), lte.table()[48]
    bits = random_bits(40, 48)
    for row, word in zip(bits, code.encode(bits), strict=True):
        assert word.reshape(-1, 3).T.tolist() == turbo_encoders.lte(row.tolist(), f1, f2)


def test_rate_matching_of_lte_takes_bits_of_the_plain_code() -> None:
    bits, whole = random_bits(30, 40), made(standard="lte", k=40)
    for n, rv in [(60, 0), (132, 3), (300, 1)]:
        code = turbo(standard="lte", k=40, n=n, rv=rv)
        assert isinstance(code, LinearRateMatchedCode)
        np.testing.assert_array_equal(code.encode(bits), whole.encode(bits)[:, code.sent])
        assert (code.n, code.k, code.default_decoder) == (n, 40, "turbo")
    assert (
        turbo(standard="lte", k=40, n=60).sent.tolist()
        == turbo(standard="lte", k=40, n=60, rv=0).sent.tolist()
    )


def test_words_of_umts_are_those_of_its_encoders() -> None:
    code, bits = made(standard="umts", k=530), random_bits(5, 530)
    for row, word in zip(bits, code.encode(bits), strict=True):
        first = turbo_encoders.recursive(row.tolist(), ["1101"], "1011", tail=True)
        behind = row[umts.interleaver(530)].tolist()
        second = turbo_encoders.recursive(behind, ["1101"], "1011", tail=True)
        expected = [bit for t in range(530) for bit in (*first[t], second[t][1])]
        expected += [bit for tail in (first, second) for step in tail[530:] for bit in step]
        assert word.tolist() == expected


@pytest.mark.parametrize(
    ("rate", "outputs"),
    [
        ("1/2", [["0a", "1a"], ["0a", "1b"]]),
        ("1/3", [["0a", "1a", "1b"]]),
        ("1/4", [["0a", "2a", "3a", "1b"]]),
        ("1/6", [["0a", "1a", "2a", "3a", "1b", "3b"]]),
    ],
)
def test_words_of_ccsds_have_the_outputs_of_the_standard(rate: Any, outputs: list[list[str]]) -> None:
    code, bits = made(standard="ccsds", k=1784, rate=rate), random_bits(2, 1784)
    assert code.n == 1788 * int(rate[-1])
    for row, word in zip(bits, code.encode(bits), strict=True):
        forward, order = ["11011", "10101", "11111"], ccsds.interleaver(1784)
        out = {
            "a": turbo_encoders.recursive(row.tolist(), forward, "10011", tail=True),
            "b": turbo_encoders.recursive(row[order].tolist(), forward, "10011", tail=True),
        }
        expected = [out[each[1]][t][int(each[0])] for t in range(1788) for each in outputs[t % len(outputs)]]
        assert word.tolist() == expected


@pytest.mark.parametrize(("standard", "k"), [("dvb-rcs", 96), ("dvb-rcs", 424), ("dvb-rcs2", 112)])
def test_words_of_dvb_are_those_of_circular_encoders(standard: Any, k: int) -> None:
    code, bits = made(standard=standard, k=k), random_bits(10, k)
    for row, word in zip(bits, code.encode(bits), strict=True):
        couples = row.reshape(-1, 2)
        first = np.array(turbo_encoders.circular(couples.tolist(), standard))
        second = np.array(turbo_encoders.circular(row[code.interleaver].reshape(-1, 2).tolist(), standard))
        redundancy = [np.stack([first[:, j], second[:, j]], axis=1).ravel() for j in range(2)]
        np.testing.assert_array_equal(word, np.concatenate([row, *redundancy]))


@pytest.mark.parametrize("standard", CIRCULATION)
def test_circulation_states_are_those_of_the_standards(standard: str) -> None:
    k = {"dvb-rcs": 96, "dvb-rcs2": 112}[standard]
    circuit = made(standard=standard, k=k).encoders[0].circuit
    m = circuit.memory
    for remainder, states in enumerate(CIRCULATION[standard], 1):
        matrix = circuit.circulation(remainder)
        assert matrix is not None
        ends = (np.arange(1 << m)[:, None] >> np.arange(m)[::-1] & 1).astype(int)
        begins = ends @ matrix.T % 2 @ (1 << np.arange(m)[::-1])
        assert begins.tolist() == [int(digit, 16) for digit in states]
        other = circuit.circulation(remainder + len(CIRCULATION[standard]) + 1)
        np.testing.assert_array_equal(matrix, other)


@pytest.mark.parametrize("standard", ["dvb-rcs", "dvb-rcs2"])
def test_couples_change_places_by_the_odd_even_rule(standard: Any) -> None:
    """Those with even numbers also change their bits, and come to odd places."""
    for couples in dvb.table(f"{standard}.txt"):
        order = made(standard=standard, k=2 * couples).interleaver.reshape(-1, 2)
        place = order // 2
        assert sorted(place[:, 0].tolist()) == list(range(couples))
        np.testing.assert_array_equal(place[:, 0], place[:, 1])
        np.testing.assert_array_equal(place[:, 0] % 2, 1 - np.arange(couples) % 2)
        np.testing.assert_array_equal(order[:, 0] % 2, (place[:, 0] + 1) % 2)


@pytest.mark.parametrize(
    ("standard", "k", "rate", "n"),
    [
        ("dvb-rcs", 424, "1/3", 1272),
        ("dvb-rcs", 424, "2/5", 1060),
        ("dvb-rcs", 424, "1/2", 848),
        ("dvb-rcs", 424, "2/3", 636),
        ("dvb-rcs", 424, "3/4", 2 * (212 + 71)),
        ("dvb-rcs", 424, "4/5", 530),
        ("dvb-rcs", 424, "6/7", 2 * (212 + 36)),
        ("dvb-rcs2", 1504, "4/5", 1880),
        ("dvb-rcs2", 1504, "3/4", 2 * (752 + 251)),
        ("dvb-rcs2", 800, "5/6", 960),
        ("dvb-rcs2", 3504, "6/7", 4088),
        ("dvb-rcs2", 1360, "7/8", 2 * (680 + 98)),
    ],
)
def test_puncturing_of_dvb(standard: Any, k: int, rate: Any, n: int) -> None:
    """Rates are exact where the number of couples is a multiple of the pattern."""
    code, whole = made(standard=standard, k=k, rate=rate), made(standard=standard, k=k)
    assert code.n == n
    y, w = (dvb.RCS_RATES if standard == "dvb-rcs" else dvb.RCS2_RATES)[rate]
    bits = random_bits(3, k)
    word = whole.encode(bits)
    parts = [word[:, :k]]
    for part, row in zip((word[:, k : 2 * k], word[:, 2 * k :]), (y, w), strict=True):
        kept = [t for t in range(k // 2) if row[t % len(row)] == "1"]
        parts.append(part.reshape(3, -1, 2)[:, kept].reshape(3, -1))
    np.testing.assert_array_equal(code.encode(bits), np.hstack(parts))


@pytest.mark.parametrize("algorithm", ["max-log", pytest.param("log-map", marks=pytest.mark.slow)])
def test_codes_of_all_standards_and_rates_are_decoded(algorithm: Any) -> None:
    """At 9 dB all of 64 frames are right."""
    kinds: list[tuple[Any, int, Iterable[Any]]] = [
        ("lte", 40, [None]),
        ("umts", 40, [None]),
        ("ccsds", 1784, ccsds.RATES),
    ]
    kinds += [("dvb-rcs", 96, dvb.RCS_RATES), ("dvb-rcs2", 112, dvb.RCS2_RATES)]
    for standard, k, rates in kinds:
        for rate in rates:
            code = made(standard=standard, k=k, rate=rate)
            bits, rng = random_bits(64, k), np.random.default_rng(65)
            variance = code.n / (2 * k * 10**0.9)
            noise = np.sqrt(variance) * rng.standard_normal((64, code.n))
            llr = np.float32(2 / variance * (1 - 2.0 * code.encode(bits) + noise))
            found = TurboDecoder(code, iterations=3, algorithm=algorithm).decode(llr)
            assert np.array_equal(found.bits, bits), (standard, rate)


def test_configurations_know_all_standards() -> None:
    assert get_args(by_name.Standard) == standards.NAMES


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"standard": "lte", "k": 41},
            "k must be one of the 188 sizes of LTE, 40 to 6144, got 41; the nearest is 40",
        ),
        (
            {"standard": "ccsds", "k": 1784, "rate": "1/5"},
            "rate must be 1/2, 1/3, 1/4 or 1/6 for ccsds, got '1/5'",
        ),
        (
            {"standard": "lte", "k": 40, "rate": "1/2"},
            "rate of lte is 1/3, got '1/2': name n, the number of bits that",
        ),
        ({"standard": "lte", "k": 40, "rv": 1}, "rv needs n"),
        ({"standard": "lte", "k": 40, "n": 60, "rv": 4}, "rv must be 0 to 3, got 4"),
        ({"standard": "lte", "k": 40, "n": 39}, "n must be at least k = 40, got 39"),
        ({"standard": "umts", "k": 39}, "k must lie in 40 to 5114 for umts, got 39"),
        ({"standard": "umts", "k": 40, "n": 60}, "n belongs to the rate matching of lte, and not to umts"),
        ({"standard": "ccsds", "k": 40}, "k must be 1784, 3568, 7136 or 8920 for ccsds, got 40"),
        (
            {"standard": "ccsds", "k": 1784, "rate": "2/3"},
            "rate must be 1/2, 1/3, 1/4 or 1/6 for ccsds, got '2/3'",
        ),
        ({"standard": "dvb-rcs", "k": 48}, "k must be 96, 128, 424, 440, .* or 1728 for dvb-rcs, got 48"),
        (
            {"standard": "dvb-rcs2", "k": 1504, "rate": "1/6"},
            "rate must be 1/3, .* or 7/8 for dvb-rcs2, got '1/6'",
        ),
        ({"standard": "gsm", "k": 48}, "standard must be lte, umts, ccsds, dvb-rcs or dvb-rcs2, got 'gsm'"),
    ],
)
def test_refuses_what_no_standard_has(parameters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        turbo(**parameters)
