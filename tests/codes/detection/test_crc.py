"""Cyclic redundancy checks against other libraries, long division and the weights of the code.

Seeds are fixed; statistical tests state their significance.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import BSC, Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    CheckedDecoder,
    Code,
    CRCCode,
    Decoder,
    GroupResult,
    HammingCode,
    HardDecoder,
    LDPCCode,
    LinearCode,
    LinearCRCCode,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
    by_name,
    decoder_of,
)
from capgap.codes.decoder import Check
from capgap.codes.detection.polynomials import POLYNOMIALS, polynomial_of
from capgap.simulate.contract.code import check_code
from capgap.vectors.groups import GroupInput, packed, unpacked
from scipy.stats import binomtest

from tests.codes.samples import Bits, TableCode, assert_is_linear_code, random_bits, send
from tests.conftest import SIGNIFICANCE

VECTORS = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text())
#: As standards write those that the libraries have under no name.
TERMS = {"32-ccsds": [32, 23, 21, 11, 2, 0], "16-ccsds": [16, 12, 5, 0], "16-dab": [16, 12, 5, 0]}
SAME = {"16-ccsds": "16-ccitt", "16-dab": "16-ccitt"}


def remainder(bits: list[int], degree: int, polynomial: int) -> list[int]:
    """Of u(x) x^degree, by long division."""
    register = 0
    for bit in [*bits, *[0] * degree]:
        register = register << 1 | bit
        if register >> degree:
            register ^= 1 << degree | polynomial
    return [register >> i & 1 for i in range(degree - 1, -1, -1)]


def product_of(*polynomials: int) -> int:
    """Over GF(2); bit i is the coefficient of x^i."""
    product = 1
    for each in polynomials:
        product = int(
            np.bitwise_xor.reduce([each << i for i in range(product.bit_length()) if product >> i & 1])
        )
    return product


@pytest.mark.parametrize("each", VECTORS["checks"], ids=lambda each: f"{each['name']}, {each['library']}")
def test_check_bits_are_those_of_other_libraries(each: dict[str, Any]) -> None:
    degree, polynomial = polynomial_of(each["name"])
    assert degree == each["bits"]
    for message, expected in zip(VECTORS["messages"], each["checks"], strict=True):
        u = np.unpackbits(np.frombuffer(bytes.fromhex(message), np.uint8))
        code = CRCCode(UncodedCode(k=len(u) + degree), bits=degree, polynomial=polynomial)
        word = code.encode(u)
        np.testing.assert_array_equal(word[: len(u)], u)
        assert int("".join(map(str, word[len(u) :])), 2) == expected


def test_every_polynomial_has_a_second_source() -> None:
    assert {each["name"] for each in VECTORS["checks"]} | set(TERMS) == set(POLYNOMIALS)
    for name, terms in TERMS.items():
        assert (1 << POLYNOMIALS[name][0] | POLYNOMIALS[name][1]) == sum(1 << term for term in terms)
    # ETSI EN 302 307-1 gives the factors.
    assert product_of(0b111101, 0b111, 0b11) == 1 << 8 | POLYNOMIALS["8-dvb-s2"][1]


#: What fastcrc has, and whether the least significant bit of a byte is its first; however the register begins.
FASTCRC = {
    "8-lte": ("crc8", "lte", False),
    "8-dvb-s2": ("crc8", "dvb_s2", False),
    "8-atm": ("crc8", "i_432_1", False),
    "16-nr": ("crc16", "xmodem", False),
    "16-ccitt": ("crc16", "genibus", False),
    "16-ccsds": ("crc16", "ibm_3740", False),
    "16-dab": ("crc16", "kermit", True),
    "16-usb": ("crc16", "usb", True),
    "32-ieee": ("crc32", "iso_hdlc", True),
    "32-dvb": ("crc32", "mpeg_2", False),
    "32c": ("crc32", "iscsi", True),
    "64-ecma": ("crc64", "ecma_182", False),
}


@pytest.mark.parametrize("name", FASTCRC)
def test_check_bits_of_long_messages_are_those_of_fastcrc(name: str) -> None:
    """Differences of two messages: how the register begins, and what is added at the end, cancels."""
    fastcrc = pytest.importorskip("fastcrc")
    width, algorithm, turned = FASTCRC[name]
    check = getattr(getattr(fastcrc, width), algorithm)
    order: Any = "little" if turned else "big"
    bits, polynomial = POLYNOMIALS[name]
    rng = np.random.default_rng(bits)
    code = CRCCode(UncodedCode(k=8 * 301 + bits), bits=bits, polynomial=polynomial)
    for _ in range(20):
        a, b = (rng.integers(0, 256, 301, np.uint8) for _ in range(2))
        sent: Bits = a ^ b
        found = code.encode(np.unpackbits(sent, bitorder=order))[8 * 301 :]
        difference = f"{check(a.tobytes()) ^ check(b.tobytes()):0{bits}b}"
        expected = [int(bit) for bit in difference]
        assert found.tolist() == (expected[::-1] if turned else expected)


@pytest.mark.parametrize(
    ("polynomial", "bits", "expected"),
    [
        (0x1021, None, (16, 0x1021)),
        ("0x1021", None, (16, 0x1021)),
        (0x04C11DB7, None, (32, 0x04C11DB7)),
        (0x621, 11, (11, 0x621)),
        (0x3, 3, (3, 3)),
        (1, 1, (1, 1)),
        ("24A", None, (24, 0x864CFB)),
        ("24a", 24, (24, 0x864CFB)),
    ],
)
def test_polynomials(polynomial: int | str, bits: int | None, expected: tuple[int, int]) -> None:
    assert polynomial_of(polynomial, bits) == expected


@pytest.mark.parametrize(
    ("polynomial", "bits", "message"),
    [
        # CRC-16-CCITT and CRC-8 (0x97: x^8 + x^5 + x^3 + x^2 + x + 1 is Koopman's 0x97) in Koopman's notation.
        (0x8810, None, "has no constant term.*Koopman's notation.*it is 0x1021 with bits: 16"),
        (0x8810, 16, "it is 0x1021 with bits: 16"),
        (0x86, None, "it is 0x0D with bits: 8"),
        (0x11021, 16, "has 17 bits, not 16: write it without the leading term, 0x1021"),
        (0x10007, 8, "has 17 bits, not 8"),
        (0, None, "must be above 0"),
        (
            "16-citt",
            None,
            "polynomial must be a number, such as 0x1021, or one of 24a, .*; got '16-citt'. Did you mean '16-ccitt'",
        ),
        ("24a", 16, "bits: 24a has 24 bits, not 16"),
        (7, 0, "bits, the degree of the polynomial, must lie in 1"),
        (7, 3.5, "bits must be a whole number"),
    ],
)
def test_polynomials_that_are_refused(polynomial: int | str, bits: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        polynomial_of(polynomial, bits)


def codes() -> dict[str, CRCCode]:
    return {
        "uncoded": by_name.crc(polynomial=0x5, bits=5, code=UncodedCode(k=12)),
        "hamming": by_name.crc(polynomial=0x3, bits=3, code=HammingCode(r=4)),
        "not systematic": by_name.crc(
            polynomial=0x3, bits=2, code=LinearCode(generator=random_bits(9, 20, seed=3))
        ),
        "ldpc": by_name.crc(polynomial="16-ccitt", code=LDPCCode.regular(96, 48, 3)),
        "twice": by_name.crc(
            polynomial=0x3, bits=3, code=by_name.crc(polynomial=0x3, bits=4, code=RepetitionCode(n=24, k=12))
        ),
    }


@pytest.mark.parametrize("name", codes())
def test_is_a_linear_code(name: str) -> None:
    code = codes()[name]
    assert isinstance(code, LinearCRCCode)
    assert (code.n, code.k) == (code.inner.n, code.inner.k - code.check_count)
    assert_is_linear_code(code)


@pytest.mark.parametrize("frames", [1, 64, 200])
def test_encoding_is_long_division(frames: int) -> None:
    code = codes()["ldpc"]
    u = random_bits(frames, code.k)
    checks = np.array([remainder(row.tolist(), 16, 0x1021) for row in u], np.uint8)
    expected = code.inner.encode(np.hstack([u, checks]))
    np.testing.assert_array_equal(code.encode(u), expected)
    np.testing.assert_array_equal(code.encode_words(packed(u)), packed(expected))
    np.testing.assert_array_equal(unpacked(code.checks_of(packed(u)), frames), checks)


def test_accepts_tells_of_each_frame_whether_the_check_is_fulfilled() -> None:
    code = codes()["hamming"]
    words = random_bits(200, code.inner.k)
    expected = [remainder(row[: code.k].tolist(), 3, 0x3) == row[code.k :].tolist() for row in words]
    np.testing.assert_array_equal(unpacked(code.accepts(packed(words))[:, None], 200)[:, 0], expected)
    assert 0 < sum(expected) < 200
    with pytest.raises(ValueError, match="words must have shape"):
        code.accepts(packed(words[:, 1:]))


def test_a_code_that_is_not_linear() -> None:
    code = by_name.crc(polynomial=1, bits=1, code=TableCode(np.random.default_rng(2).permutation(512)[:32]))
    assert type(code) is CRCCode
    code.default_decoder = "ml"
    assert check_code(code) == []


def test_a_long_code_needs_no_matrix() -> None:
    code = by_name.crc(polynomial="32-ieee", code=UncodedCode(k=64800))
    assert isinstance(code, LinearCRCCode)
    u = random_bits(70, code.k)
    word = code.encode(u)
    np.testing.assert_array_equal(code.information_bits(word), u)
    bits = u[69].tolist()
    np.testing.assert_array_equal(word[69, code.k :], remainder(bits, 32, 0x04C11DB7))
    word[:, 100] ^= 1
    assert not unpacked(code.accepts(packed(word))[:, None], 70).any()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"polynomial": 0x1021, "code": UncodedCode(k=16)},
            "code must have more information bits than the 16",
        ),
        ({"polynomial": 0x8810, "code": UncodedCode(k=40)}, "Koopman"),
    ],
)
def test_what_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        by_name.crc(**given)


# Decoding


def test_the_check_sets_ok_whatever_the_inner_decoder_says() -> None:
    code = codes()["ldpc"]
    llr = send(code, 1.5, 600)[1]
    decoder = decoder_of(code, BeliefPropagationDecoder, iterations=8)
    assert isinstance(decoder, CheckedDecoder)
    result, inner = decoder.decode(llr), BeliefPropagationDecoder(code.inner, iterations=8).decode(llr)
    np.testing.assert_array_equal(result.bits, inner.bits[:, : code.k])
    np.testing.assert_array_equal(result.iterations, inner.iterations)
    fulfilled = [
        remainder(row[: code.k].tolist(), 16, 0x1021) == row[code.k :].tolist() for row in inner.bits
    ]
    np.testing.assert_array_equal(result.ok, fulfilled)
    assert (result.ok != inner.ok).any()
    assert 0 < result.ok.mean() < 1
    trace = decoder.trace(llr)
    assert trace is not None
    assert trace.checks == 48


@pytest.mark.parametrize(("polynomial", "bits"), [(0x3, 4), (0x1, 1)])
@pytest.mark.parametrize("f", [0.05, 0.3])
def test_undetected_errors_on_the_bsc_follow_from_the_weights(polynomial: int, bits: int, f: float) -> None:
    """P = sum of A_w f^w (1 - f)^(n - w) over w > 0 (MacWilliams and Sloane, section 1.5): exact binomial tests."""
    code = by_name.crc(polynomial=polynomial, bits=bits, code=UncodedCode(k=12))
    assert isinstance(code, LinearCRCCode)
    weights, h = code.weight_distribution(), np.arange(13)
    exact = float((weights * f**h * (1 - f) ** (12 - h))[1:].sum())
    frames = 200_000
    stream, channel = Stream(5, frames), BSC(f=f)
    u = stream.bits(code.k)
    llr = channel.llr(channel.transmit(code.encode(u), stream))
    result = decoder_of(code, HardDecoder).decode(llr)
    undetected = int(((result.bits != u).any(axis=1) & result.ok).sum())
    assert binomtest(undetected, frames, exact).pvalue > SIGNIFICANCE / 4


def test_ml_decodes_the_whole() -> None:
    code = codes()["hamming"]
    assert isinstance(code, LinearCRCCode)
    _, llr = send(code, 1, 500)
    decoder = decoder_of(code, MaximumLikelihoodDecoder)
    assert type(decoder) is MaximumLikelihoodDecoder
    whole = MaximumLikelihoodDecoder(LinearCode(generator=code.generator_matrix)).decode(llr)
    np.testing.assert_array_equal(decoder.decode(llr).bits, whole.bits)


def test_other_decoders_are_made_by_decoder_of_alone() -> None:
    code = codes()["hamming"]
    with pytest.raises(
        ValueError, match=r"decodes the inner code of LinearCRC.*: use decoder_of\(code, Belief"
    ):
        BeliefPropagationDecoder(code)
    decoder = decoder_of(code, SyndromeDecoder)
    assert repr(decoder) == "CheckedDecoder(SyndromeDecoder(HammingCode(n=15, k=11)))"
    with pytest.raises(ValueError, match=r"hard decides uncoded bits, not HammingCode\(n=15, k=11\)"):
        decoder_of(code, HardDecoder)
    bits: Bits = random_bits(10, code.k)
    np.testing.assert_array_equal(decoder.decode(1 - 2.0 * code.encode(bits)).bits, bits)


# Decoders that use the check


class Choosing(Decoder):
    """Decides hard, and turns over the first bit of the frames that do not pass the check."""

    def __init__(self, code: Code, check: Check | None = None) -> None:
        super().__init__(code)
        self.check = check
        self.lacks = None if check else "choosing needs a code with a check"

    def with_check(self, check: Check) -> "Choosing":
        return Choosing(self.code, check)

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        self.check_given(given)
        assert self.check is not None
        words = packed(np.ascontiguousarray(given.lanes().T < 0).astype(np.uint8))
        words[:, 0] ^= ~self.check.accepts(words)
        return GroupResult(words, np.ones(given.frames, np.bool_))


def test_a_decoder_learns_of_the_check_around_it() -> None:
    code = by_name.crc(polynomial=0x3, bits=4, code=UncodedCode(k=12))
    decoder = decoder_of(code, Choosing)
    bits = random_bits(100, code.k)
    word = code.encode(bits)
    word[::2, 0] ^= 1
    result = decoder.decode(1 - 2.0 * word)
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()
    with pytest.raises(ValueError, match="choosing needs a code with a check"):
        decoder_of(UncodedCode(k=12), Choosing)


def test_the_check_is_on_the_bits_that_are_not_shortened() -> None:
    inner = by_name.rate_matched(code=UncodedCode(k=16), shorten=[2, 5, 6, 11])
    code = by_name.crc(polynomial=0x3, bits=4, code=inner)
    bits = random_bits(100, code.k)
    word = code.encode(bits)
    word[::3, 0] ^= 1
    np.testing.assert_array_equal(decoder_of(code, Choosing).decode(1 - 2.0 * word).bits, bits)
