"""LDPC codes of CCSDS and WiGig: every matrix against what is known of it, and against other copies.

The numbers of the tables were found equal to those of two programs. The matrix of AR4JA with k = 1024 and rate 4/5
equals one in a file of another project, the generator of C2 begins with the standard's own hexadecimal digits.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    LinearCode,
    LinearRateMatchedCode,
    by_name,
    decoder_of,
    read_alist,
)
from capgap.codes.binary import gf2
from capgap.codes.ldpc.ccsds_c2 import ShortenedC2Code, c2_code, c2_parities
from capgap.codes.ldpc.standards import ccsds, parity_check, wigig

# n; block size; how many block columns have a degree, and block rows; cycles of length 4, by block size.
AR4JA = {
    (1024, "1/2"): (2048, 512, "1x1 2x1 3x2 6x1", "3x1 6x2", 0),
    (1024, "2/3"): (1536, 256, "1x1 2x1 3x2 4x2 6x1", "3x1 10x2", 128),
    (1024, "4/5"): (1280, 128, "1x1 2x1 3x2 4x6 6x1", "3x1 18x2", 320),
    (4096, "1/2"): (8192, 2048, "1x1 2x1 3x2 6x1", "3x1 6x2", 0),
    (4096, "2/3"): (6144, 1024, "1x1 2x1 3x2 4x2 6x1", "3x1 10x2", 0),
    (4096, "4/5"): (5120, 512, "1x1 2x1 3x2 4x6 6x1", "3x1 18x2", 128),
    (16384, "1/2"): (32768, 8192, "1x1 2x1 3x2 6x1", "3x1 6x2", 0),
    (16384, "2/3"): (24576, 4096, "1x1 2x1 3x2 4x2 6x1", "3x1 10x2", 0),
    (16384, "4/5"): (20480, 2048, "1x1 2x1 3x2 4x6 6x1", "3x1 18x2", 512),
}
WIGIG = {
    "1/2": ("1x1 2x3 3x3 4x9", "5x1 6x3 7x3 8x1"),
    "5/8": ("1x1 2x3 3x5 4x7", "7x2 8x2 10x2"),
    "3/4": ("1x1 2x1 3x3 4x11", "13x1 14x2 15x1"),
    "13/16": ("1x1 2x1 3x14", "14x1 15x1 16x1"),
}
#: The start of the digest of all of their matrices.
DIGESTS = {
    "ar4ja": "7a43417c6997432a",
    "wigig": "29abf09b5490e5fb",
    "tc": "5d9305c35412dcbd",
    "c2": "619bf5ea511096fa",
}
#: 131.0-B-5, table 7-2 (annex C of earlier issues): the first rows of the circulants B_1,1 and B_1,2, with a 0 before.
GENERATOR = (
    "55BF56CC55283DFEEFEA8C8CFF04E1EBD9067710988E25048D67525426939E20"
    "68D2DC6FCD2F822BEB6BD96C8A76F4932AAE9BC53AD20A2A9C86BB461E43759C",
    "6855AE08698A50AA3051768793DC238544AF3FE987391021AAF6383A6503409C"
    "3CE971A80B3ECE12363EE809A01D91204F1811123EAB867D3E40E8C652585D28",
)


def profile(degrees: npt.NDArray[Any], block: int) -> str:
    values, times = np.unique(degrees, return_counts=True)
    assert (times % block == 0).all()
    return " ".join(f"{value}x{count // block}" for value, count in zip(values, times, strict=True))


def profiles(matrix: Any, block: int) -> tuple[str, str]:
    """Of the columns, and of the rows."""
    columns = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return profile(columns, block), profile(np.diff(matrix.indptr), block)


def cycles_of_length_4(matrix: Any) -> int:
    shared = (matrix.astype(np.int32) @ matrix.T.astype(np.int32)).tocoo()
    count = shared.data[shared.row < shared.col]
    return int((count * (count - 1) // 2).sum())


def digest(matrices: list[Any]) -> str:
    total = hashlib.sha256()
    for matrix in matrices:
        matrix.sort_indices()
        total.update(np.asarray(matrix.indices, "<i4").tobytes())
    return total.hexdigest()[:16]


def test_ar4ja() -> None:
    for (k, rate), (n, block, columns, rows, cycles) in AR4JA.items():
        matrix, m = ccsds.ar4ja_parity_check(k, rate)
        assert (m, matrix.shape) == (block, (3 * m, n + m))
        assert (matrix.data == 1).all()
        assert profiles(matrix, m) == (columns, rows)
        assert cycles_of_length_4(matrix) == cycles
    assert digest([ccsds.ar4ja_parity_check(k, rate)[0] for k, rate in AR4JA]) == DIGESTS["ar4ja"]


@pytest.mark.parametrize(("k", "rate"), [(1024, "1/2"), (1024, "4/5"), (4096, "2/3")])
def test_ar4ja_codes(k: int, rate: Any) -> None:
    """The information bits are sent first, the last block column is not sent."""
    code = by_name.ldpc(standard="ccsds", k=k, rate=rate)
    n, block, *_ = AR4JA[k, rate]
    assert isinstance(code, LinearRateMatchedCode)
    assert (code.n, code.k, code.default_decoder) == (n, k, "bp")
    assert code.punctured.tolist() == list(range(n, n + block))
    bits = np.random.default_rng(1).integers(0, 2, (64, k), np.uint8)
    words = code.encode(bits)
    assert (words[:, :k] == bits).all()
    noisy = 4 * (1 - 2.0 * words) + np.random.default_rng(2).normal(0, 2, words.shape)
    assert (decoder_of(code, BeliefPropagationDecoder).decode(noisy).bits == bits).all()


def test_telecommand_and_wigig(shared: Path) -> None:
    for n in ccsds.TC_LENGTHS:
        matrix = parity_check("ccsds-tc", n)
        assert (matrix.shape, gf2.rank(matrix.toarray())) == ((n // 2, n), n // 2)
        assert profiles(matrix, n // 8) == ("3x4 5x4", "8x4")
        assert cycles_of_length_4(matrix) == 0
    assert digest([parity_check("ccsds-tc", n) for n in ccsds.TC_LENGTHS]) == DIGESTS["tc"]
    for rate, expected in WIGIG.items():
        matrix = parity_check("wigig", 672, rate)
        assert gf2.rank(matrix.toarray()) == len(matrix.indptr) - 1
        assert profiles(matrix, 42) == expected
        assert cycles_of_length_4(matrix) == 0
        top, bottom = map(int, rate.split("/"))
        code = by_name.ldpc(standard="wigig", rate=rate)
        assert (code.n, code.k) == (672, 672 * top // bottom)
        assert isinstance(code, LinearCode)
        assert (code.information_set == np.arange(code.k)).all()
    assert digest([parity_check("wigig", 672, rate) for rate in wigig.RATES]) == DIGESTS["wigig"]
    copy = read_alist(shared / "alist" / "CCSDS_64_128.alist")
    assert (parity_check("ccsds-tc", 128) != copy).nnz == 0


def test_c2() -> None:
    code = by_name.ldpc(standard="ccsds-c2", n=8176)
    matrix = ccsds.c2_parity_check()
    assert (code.n, code.k, matrix.shape) == (8176, 7156, (1022, 8176))
    assert profiles(matrix, 511) == ("4x16", "32x2")
    assert cycles_of_length_4(matrix) == 0
    assert digest([matrix]) == DIGESTS["c2"]
    parities = c2_parities()
    for digits, row in zip(GENERATOR, parities[0].reshape(2, 511), strict=True):
        assert f"{int(digits, 16):0512b}" == "0" + "".join(map(str, row))


def test_shortened_c2() -> None:
    """Words are sums of shifts of the standard's generator, without 18 bits, and with two zeros behind."""
    code = by_name.ldpc(standard="ccsds-c2", n=8160)
    assert isinstance(code, ShortenedC2Code)
    assert (code.n, code.k, code.default_decoder) == (8160, 7136, "bp")
    parities = c2_parities().reshape(14, 2, 511)
    random = np.random.default_rng(1)
    bits = random.integers(0, 2, (5, code.k), np.uint8)
    words = code.encode(bits)
    assert (words[:, :7136] == bits).all()
    assert not words[:, 8158:].any()
    whole = np.hstack([np.zeros((5, 18), np.uint8), bits]).reshape(5, 14, 511)
    expected = np.zeros((5, 2, 511), np.uint8)
    for frame, block, i in np.argwhere(whole):
        expected[frame] ^= np.roll(parities[block], i, axis=1)
    assert (words[:, 7136:8158] == expected.reshape(5, 1022)).all()
    assert (code.information_bits(words) == bits).all()
    assert not (words @ code.parity_check_matrix.T.astype(np.int64) % 2).any()
    decoder = decoder_of(code, BeliefPropagationDecoder, iterations=20)
    result = decoder.decode(4 * (1 - 2.0 * words) + random.normal(0, 1.5, words.shape))
    assert (result.bits == bits).all()
    assert result.ok.all()
    # A word of the (8176,7156) code that is none of this one is not declared right.
    other = np.zeros((1, c2_code().n), np.uint8)
    other[0, 7154 : 7154 + 511] = 1
    assert not c2_code().syndrome(other).any()
    sent = np.hstack([other[:, 18:], np.zeros((1, 2), np.uint8)])
    assert not decoder.decode(1 - 2.0 * sent).ok.any()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"standard": "ccsds"}, "k must be 1024, 4096 or 16384 for ccsds, but is missing"),
        (
            {"standard": "ccsds", "k": 2048, "rate": "1/2"},
            "k must be 1024, 4096 or 16384 for ccsds, got 2048",
        ),
        (
            {"standard": "ccsds", "k": 1024, "rate": "3/4"},
            "rate must be 1/2, 2/3 or 4/5 for ccsds, got '3/4'",
        ),
        ({"standard": "ccsds", "n": 2048, "rate": "1/2"}, "n is no parameter of ccsds, which has k and rate"),
        ({"standard": "ccsds-tc", "n": 64}, "n must be 128, 256 or 512 for ccsds-tc, got 64"),
        ({"standard": "ccsds-c2"}, "n must be 8176 or 8160 for ccsds-c2, but is missing"),
        ({"standard": "wigig", "rate": "7/8"}, "rate must be 1/2, 5/8, 3/4 or 13/16 for wigig, got '7/8'"),
    ],
)
def test_refuses_what_there_is_not(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        by_name.ldpc(**given)
