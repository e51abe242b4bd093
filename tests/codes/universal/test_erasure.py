"""Maximum likelihood over erasures, beside ranks."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import Stream
from capgap.codes import (
    ErasureDecoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearCRCCode,
    LinearRateMatchedCode,
    UncodedCode,
    regular_matrix,
)
from capgap.codes.binary import gf2

from tests.codes.polar.samples import unmatched
from tests.codes.samples import Bits, NotLinear, words_of
from tests.lazy import Lazy

Array = npt.NDArray[Any]

CODES: Lazy[LinearCode] = Lazy(
    {
        "hamming 7, 4": lambda: HammingCode(r=3),
        "random 12, 6": lambda: LinearCode(generator=np.random.default_rng(1).integers(0, 2, (6, 12))),
        "polar 8, 4": lambda: unmatched(n=8, k=4),
        "uncoded 4": lambda: UncodedCode(k=4),
        "dependent checks": lambda: LinearCode(
            parity_check=[[1, 1, 0, 1, 1, 0], [0, 1, 1, 0, 1, 0], [1, 0, 1, 1, 0, 0]]
        ),
        "sparse checks": lambda: LDPCCode(regular_matrix(12, 6, 2)),
        "crc": lambda: LinearCRCCode(HammingCode(r=3), polynomial=3, bits=2),
        "punctured, shortened, repeated": lambda: LinearRateMatchedCode(
            LDPCCode(regular_matrix(12, 6, 2)), puncture=[1, 6], shorten=[0], repeat=[3]
        ),
        "punctured crc": lambda: LinearRateMatchedCode(
            LinearCRCCode(HammingCode(r=3), polynomial=3, bits=2), puncture=[6]
        ),
    }
)


def received(word: Bits, erased: Bits) -> Array:
    return np.where(erased, 0, 1 - 2.0 * word).astype(np.float32)


def deficits(code: LinearCode, erased: Bits) -> npt.NDArray[np.int64]:
    """The dimension of the codewords that lie within each pattern."""
    G = code.generator_matrix
    return np.array(
        [
            code.k - (gf2.rank(np.ascontiguousarray(G[:, each == 0])) if (each == 0).any() else 0)
            for each in erased
        ]
    )


@CODES.each("code")
def test_each_codeword_that_fits_is_found_once(code: LinearCode) -> None:
    """All patterns of erasures, or random ones, with all codewords: as many are right as maximum likelihood's."""
    erased = words_of(code.n)
    if len(erased) > 600:
        erased = erased[np.random.default_rng(1).choice(len(erased), 600, replace=False)]
    messages = words_of(code.k)
    every = np.tile(messages, (len(erased), 1))
    pattern = np.repeat(erased, len(messages), axis=0)
    result = ErasureDecoder(code).decode(received(code.encode(every), pattern))
    right = (result.bits == every).all(axis=1).reshape(len(erased), -1).sum(axis=1)
    lost = deficits(code, erased)
    np.testing.assert_array_equal(right, 2 ** (code.k - lost))
    np.testing.assert_array_equal(
        result.ok.reshape(len(erased), -1), np.tile(lost[:, None] == 0, len(messages))
    )
    # What it decides always fits.
    word = code.encode(result.bits)
    assert ((word == code.encode(every)) | (pattern == 1)).all()


@pytest.mark.parametrize("share", [0.4, 0.46])
def test_sparse_checks_are_solved_beyond_belief_propagation(share: float) -> None:
    code = LDPCCode(regular_matrix(400, 200, 3))
    bits = np.random.default_rng(1).integers(0, 2, (100, code.k), np.uint8)
    word = code.encode(bits)
    erased = (np.random.default_rng(2).random(word.shape) < share).astype(np.uint8)
    result = ErasureDecoder(code).decode(received(word, erased))
    H = code.parity_check_matrix
    follows = np.array([gf2.rank(np.ascontiguousarray(H[:, each == 1])) == each.sum() for each in erased])
    np.testing.assert_array_equal(result.ok, follows)
    np.testing.assert_array_equal((result.bits == bits).all(axis=1)[follows], True)
    assert follows.mean() > 0.3
    assert (result.counters["inactivated"][follows] > 0).mean() > 0.2


def test_dense_checks_of_many_words() -> None:
    """More than 64 unknowns at once, of checks that are half ones."""
    code = LinearCode(generator=np.random.default_rng(4).integers(0, 2, (100, 250)))
    bits = np.random.default_rng(1).integers(0, 2, (100, 100), np.uint8)
    word = code.encode(bits)
    erased = (np.random.default_rng(2).random(word.shape) < 0.6).astype(np.uint8)
    result = ErasureDecoder(code).decode(received(word, erased))
    np.testing.assert_array_equal(result.ok, deficits(code, erased) == 0)
    assert (result.bits == bits)[result.ok].all()
    assert 0.2 < result.ok.mean() < 0.8
    np.testing.assert_array_equal(result.counters["inactivated"], erased.sum(axis=1))


def test_what_violates_checks_is_left_and_no_error_is_corrected() -> None:
    code = HammingCode(r=3)
    word = np.zeros((7, 7), np.uint8) ^ np.eye(7, dtype=np.uint8)
    result = ErasureDecoder(code).decode(received(word, np.zeros_like(word)))
    assert not result.ok.any()
    np.testing.assert_array_equal(result.bits, word[:, code.information_set])
    repeated = LinearRateMatchedCode(code, repeat=[0])
    assert ErasureDecoder(repeated).decode([1.0] * 7 + [0.0]).ok
    assert not ErasureDecoder(repeated).decode([1.0] * 7 + [-1.0]).ok
    shortened = LinearRateMatchedCode(code, shorten=[0])
    assert ErasureDecoder(shortened).decode([1.0] * 6).ok


def test_coins_of_the_frame_choose_among_what_fits() -> None:
    decoder = ErasureDecoder(LDPCCode(regular_matrix(24, 12, 2)))
    llr = np.zeros((64, 24), np.float32)
    together = decoder.decode(llr, Stream(8, 64)).bits
    alone = [decoder.decode(llr[:1], Stream(8, 1, first=i)).bits for i in range(64)]
    np.testing.assert_array_equal(together, np.vstack(alone))
    assert len({row.tobytes() for row in together}) == 64


def test_a_long_code_where_all_but_few_bits_are_lost() -> None:
    """No elimination is begun that cannot succeed."""
    code = LDPCCode.regular(20000, 10000, 3)
    result = ErasureDecoder(code).decode(np.zeros((2, 20000), np.float32))
    assert not result.ok.any()
    assert not result.counters["inactivated"].any()
    assert 4500 < result.bits[0].sum() < 5500


def test_codes_are_refused_in_words() -> None:
    assert "erasure-ml decodes linear codes" in str(ErasureDecoder.refusal(NotLinear(n=3, k=2)))
    large = unmatched(n=8192, k=4096)
    assert "more than 2^24 entries, and a frame take up to 2e+09 steps" in str(ErasureDecoder.refusal(large))
    assert ErasureDecoder.refusal(LDPCCode.regular(20000, 10000, 3)) is None
