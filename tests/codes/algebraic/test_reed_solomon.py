"""Reed-Solomon codes: words against other programs' and the definition, standards, refusals."""

import time
from typing import Any

import komm
import numpy as np
import pytest
import reedsolo
from capgap.codes import ReedSolomonCode
from capgap.codes.algebraic.symbols.reed_solomon_standards import NAMES, QR_BLOCKS, QR_CHECKS, standard_code
from capgap.codes.by_name import reed_solomon
from capgap.vectors.groups import packed, unpacked

from tests.codes.samples import assert_is_linear_code, random_bits
from tests.lazy import Lazy

# What the bits of a symbol, the highest power first, become in the dual basis: P. Karn, libfec, gen_ccsds_tal.c.
TAL = (0x8D, 0xEF, 0xEC, 0x86, 0xFA, 0x99, 0xAF, 0x7B)

CODES = Lazy(
    {
        "(7, 3)": lambda: ReedSolomonCode(n=7, k=3),
        "(5, 2), symbols of 4 bits": lambda: ReedSolomonCode(n=5, k=2, symbol_bits=4, first_root=0),
        "(15, 9), spacing 7": lambda: ReedSolomonCode(n=15, k=9, spacing=7, first_root=3, polynomial=0x19),
        "(63, 40)": lambda: ReedSolomonCode(n=63, k=40, first_root=60),
        "(255, 223), ccsds": lambda: reed_solomon(standard="ccsds", dual_basis=False),
        "(255, 239), ccsds": lambda: reed_solomon(standard="ccsds", k=239, dual_basis=False),
        "dvb": lambda: reed_solomon(standard="dvb"),
        "kr4": lambda: reed_solomon(standard="kr4"),
        "(100, 80), 12 bits": lambda: ReedSolomonCode(n=100, k=80, symbol_bits=12),
    }
)


def random_words(code: ReedSolomonCode, frames: int, seed: int = 1) -> Any:
    """Random words as bits, and the symbols of each, (frames, depth, symbols)."""
    word = code.encode(random_bits(frames, code.k, seed=seed))
    return word, code.symbols(word)


def oracle(code: ReedSolomonCode) -> reedsolo.RSCodec:
    field = code.field
    return reedsolo.RSCodec(
        code.root_count,
        nsize=field.order,
        fcr=code.first_root,
        prim=field.polynomial,
        generator=int(field.power(code.spacing)),
        c_exp=field.m,
    )


@CODES.each("code")
def test_words_are_those_of_reedsolo(code: ReedSolomonCode) -> None:
    for word in random_words(code, 4)[1][:, 0]:
        assert list(oracle(code).encode(word[: code.dimension].tolist())) == word.tolist()


def test_words_are_those_of_komm() -> None:
    """Which has the constant coefficients first, of words and of symbols."""
    code = ReedSolomonCode(n=31, k=21)
    bits = random_bits(5, code.k)
    found = np.asarray(komm.ReedSolomonCode(mu=5, delta=11).encode(bits[:, ::-1]))
    np.testing.assert_array_equal(found[:, ::-1], code.encode(bits))


@CODES.each("code")
def test_words_are_0_at_the_roots_and_of_the_least_weight(code: ReedSolomonCode) -> None:
    word, symbols = random_words(code, 3)
    for each in symbols[:, 0]:
        assert not code.field.evaluate(each[::-1], code.roots).any()
    np.testing.assert_array_equal(code.bits(symbols), word)
    np.testing.assert_array_equal(word[:, : code.k], code.information_bits(word))
    generator = np.zeros((1, 1, code.length), np.int32)
    generator[0, 0, code.dimension - 1 :] = code.generator_polynomial[::-1]
    assert np.count_nonzero(generator) <= code.symbol_distance
    np.testing.assert_array_equal(code.encode(code.bits(generator)[:, : code.k]), code.bits(generator))


@pytest.mark.parametrize("first_root", [0, 1, 4])
def test_an_extended_code_has_the_largest_distance_there_is(first_root: int) -> None:
    code = ReedSolomonCode(n=7, k=3, first_root=first_root, extended=True)
    messages = np.arange(8**3)[:, None] >> np.arange(9) & 1
    symbols = code.symbols(code.encode(messages))[:, 0]
    weights = np.bincount(np.count_nonzero(symbols, axis=1), minlength=9)
    assert code.length == 8
    assert code.symbol_distance == 6
    # MDS weights (MacWilliams and Sloane, 1977, chapter 11, theorem 6), n = 8, k = 3, q = 8.
    assert weights.tolist() == [1, 0, 0, 0, 0, 0, 196, 112, 203]
    if first_root == 1:
        assert not np.bitwise_xor.reduce(symbols, axis=1).any()


def test_shortening_leaves_out_the_first_symbols() -> None:
    whole = ReedSolomonCode(n=31, k=21, extended=True, first_root=2)
    short = ReedSolomonCode(n=24, k=14, extended=True, first_root=2)
    bits = random_bits(5, short.k)
    known = np.zeros((5, 35), np.uint8)
    np.testing.assert_array_equal(whole.encode(np.hstack([known, bits]))[:, 35:], short.encode(bits))


@pytest.mark.parametrize("extended", [False, True])
def test_interleaved_words_are_words(extended: bool) -> None:
    single = ReedSolomonCode(n=12, k=9, symbol_bits=5, extended=extended)
    code = ReedSolomonCode(n=12, k=9, symbol_bits=5, extended=extended, depth=3)
    bits = random_bits(70, code.k)
    words = single.encode(np.ascontiguousarray(bits.reshape(70, 9, 3, 5)[:, :, 1]).reshape(70, 45))
    found = code.encode(bits)
    np.testing.assert_array_equal(found.reshape(70, single.length, 3, 5)[:, :, 1].reshape(70, -1), words)
    np.testing.assert_array_equal(code.symbols(found)[:, 1], single.symbols(words)[:, 0])
    np.testing.assert_array_equal(code.bits(code.symbols(found)), found)


def test_the_dual_basis_is_that_of_another_program() -> None:
    dual, plain = (reed_solomon(standard="ccsds", dual_basis=each) for each in (True, False))
    values = np.arange(256, dtype=np.int32)
    mapped = np.zeros(256, np.int64)
    for i, row in enumerate(TAL):
        mapped ^= (values >> (7 - i) & 1) * row
    places = 1 << np.arange(7, -1, -1)

    def coordinates(code: ReedSolomonCode) -> Any:
        padded = np.zeros((256, 1, 255), np.int32)
        padded[:, 0, 0] = values
        return code.bits(padded)[:, :8] @ places

    np.testing.assert_array_equal(coordinates(plain), values)
    np.testing.assert_array_equal(coordinates(dual), mapped)
    word = dual.encode(random_bits(3, dual.k))
    for each in np.argsort(mapped)[word.reshape(3, 255, 8) @ places]:
        assert list(oracle(plain).encode(each[:223].tolist())) == each.tolist()


def test_generators_of_standards() -> None:
    # Powers of alpha: libfec, ccsds_poly.c; coefficients: programs of 100GBASE-KP4, of DVB, of QR codes.
    field = reed_solomon(standard="ccsds").field
    half = [0, 249, 59, 66, 4, 43, 126, 251, 97, 30, 3, 213, 50, 66, 170, 5, 24]
    found = reed_solomon(standard="ccsds").generator_polynomial
    assert field.log[found].tolist() == half + half[-2::-1]
    known = {
        "kp4": "1 575 552 187 230 552 1 108 565 282 249 593 132 94 720 495 385 942 503 883 361 788 610 193 392 "
        "127 185 158 128 834 523",
        "dvb": "1 59 13 104 189 68 209 30 8 163 65 41 229 98 50 36 59",
    }
    for standard, text in known.items():
        code = standard_code(standard)
        assert code.generator_polynomial[::-1].tolist() == list(map(int, text.split()))
    first = reed_solomon(standard="qr-code", version=1, level="L")
    assert first.generator_polynomial[::-1].tolist() == [1, 127, 122, 154, 164, 11, 68, 117]


def test_qr_codes() -> None:
    assert all(len(table[level].split()) == 40 for table in (QR_CHECKS, QR_BLOCKS) for level in "LMQH")
    # thonky.com: version, level, data symbols of the first blocks.
    known = "1L19 1H9 5Q15 7H13 9M36 10Q19 11M50 14L115 21M42 27L122 32Q24 40L118 40M47 40Q24 40H15"
    for text in known.split():
        level = next(each for each in "LMQH" if each in text)
        version, data = map(int, text.split(level))
        assert standard_code("qr-code", version=version, level=level).dimension == data


def test_codes_of_standards() -> None:
    sizes = {"ccsds": (255, 223), "dvb": (204, 188), "kp4": (544, 514), "kr4": (528, 514)}
    for standard, size in sizes.items():
        code = standard_code(standard)
        assert (code.length, code.dimension) == size
    assert reed_solomon(standard="ccsds", k=239, depth=5).info()["words interleaved"] == 5
    assert reed_solomon(standard="ccsds", n=100, k=84).info()["shortened by symbols"] == 155
    assert reed_solomon(standard="dvb").info()["roots"] == "alpha^j, j = 0 to 15"


@pytest.mark.cpu_seconds(6)  # linearity of four codes, with all that a linear code has
def test_contract_of_linear_codes() -> None:
    for arguments in ReedSolomonCode.examples:
        assert_is_linear_code(ReedSolomonCode(**arguments))


def test_long_codes_are_made_and_encode_at_once() -> None:
    start = time.process_time()
    for n, k in ((544, 514), (1023, 923), (4095, 3800), (65535, 65503)):
        code = ReedSolomonCode(n=n, k=k)
        word = code.encode_words(packed(random_bits(1, code.k)))
        symbols = code.symbols(unpacked(word, 1))[0, 0]
        assert not code.field.evaluate(symbols[::-1], code.roots[:2]).any()
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n": 8, "k": 8}, "k must lie in 1 to 7"),
        ({"n": 1, "k": 1}, "n must lie in 2 to 65535"),
        (
            {"n": 20, "k": 10, "symbol_bits": 4},
            "n must lie in 2 to 15 symbols of 4 bits, got 20: 5 bits would do",
        ),
        ({"n": 20, "k": 10, "symbol_bits": 17}, "symbol_bits must lie in 2 to 16"),
        (
            {"n": 15, "k": 10, "spacing": 3},
            "spacing must have no common divisor .* nearest that has none is 2",
        ),
        (
            {"n": 15, "k": 10, "polynomial": 0x11D},
            "polynomial must have degree 4 for n = 15 unless symbol_bits",
        ),
        ({"n": 15, "k": 10, "polynomial": 0x1F}, "polynomial 0x1f, .*not primitive: the nearest"),
        ({"n": 15, "k": 10, "depth": 0}, "depth must be at least 1"),
        ({"n": 255, "k": 10, "dual_basis": True}, "dual_basis belongs to the field of CCSDS"),
        ({"n": 15}, "reed-solomon takes n and k, or a standard; missing: k"),
        ({"standard": "ccsds", "k": 200}, "k must be n - 32 or n - 16"),
        ({"standard": "ccsds", "depth": 6}, "depth must be 1, 2, 3, 4, 5, 8"),
        ({"standard": "ccsds", "first_root": 1}, "first_root says nothing beside standard"),
        ({"standard": "kp4", "k": 500}, "k must be that of"),
        ({"standard": "qr-code", "level": "L"}, "version must lie in 1 to 40 for qr-code, but is missing"),
        ({"standard": "qr-code", "version": 2, "level": "X"}, "level must be L, M, Q or H"),
        ({"standard": "dvb", "version": 2}, "version belongs to qr-code"),
        ({"standard": "atsc"}, f"standard must be {', '.join(NAMES[:-1])} or qr-code, got 'atsc'"),
        ({"n": 7, "k": 3, "level": "L"}, "level belongs to the standard qr-code"),
    ],
)
def test_refusals(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reed_solomon(**parameters)
