"""What the tests of codes and decoders share."""

from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.channels import AWGN, Stream
from capgap.codes import (
    Code,
    Decoder,
    DecodeResult,
    LinearCode,
)
from capgap.codes.binary import gf2

Array = npt.NDArray[Any]

Bits = npt.NDArray[np.uint8]

LLRs = npt.NDArray[np.float32]


def random_llrs(frames: int, n: int, seed: int = 1, zeros: float = 0.1) -> LLRs:
    """Normal, some of them 0 of either sign."""
    generator = np.random.default_rng(seed)
    llr = generator.normal(0.5, 2, (frames, n)).astype(np.float32)
    llr[generator.random(llr.shape) < zeros] = 0.0
    llr[generator.random(llr.shape) < zeros / 4] = -0.0
    return llr


def send(code: Code, ebno_db: float, frames: int, seed: int = 1) -> tuple[Bits, LLRs]:
    """Random information bits, and LLRs of what the AWGN channel makes of them."""
    stream = Stream(seed, frames)
    channel = AWGN(ebno_db=ebno_db, rate=code.rate)
    bits = stream.bits(code.k)
    return bits, channel.llr(channel.transmit(code.encode(bits), stream))


def words_of(m: int) -> Bits:
    """All 2^m words."""
    return ((np.arange(1 << m)[:, None] >> np.arange(m)) & 1).astype(np.uint8)


def assert_same(result: DecodeResult, expected: DecodeResult) -> None:
    np.testing.assert_array_equal(result.bits, expected.bits)
    np.testing.assert_array_equal(result.ok, expected.ok)
    np.testing.assert_array_equal(result.iterations, expected.iterations)


def pick(result: DecodeResult, frames: Any) -> DecodeResult:
    return DecodeResult(result.bits[frames], result.ok[frames], result.iterations[frames])


class TableCode(Code):
    """Codewords by their numbers, of which there are 2^k: in the test no linear code."""

    def __init__(self, words: Any, n: int = 9) -> None:
        super().__init__(n=n, k=int(np.log2(len(words))))
        self.words = (np.asarray(words)[:, None] >> np.arange(n) & 1).astype(np.uint8)

    def encode(self, bits: Bits) -> Bits:
        return self.words[bits @ (1 << np.arange(self.k))]


class NotLinear(Code):
    def encode(self, bits: Bits) -> Bits:
        return bits


class NoDecoder(Decoder):
    def decode(self, llr: LLRs, stream: Any = None) -> DecodeResult:
        raise NotImplementedError


def random_bits(*shape: int, seed: int = 1, density: float = 0.5) -> Bits:
    return (np.random.default_rng(seed).random(shape) < density).astype(np.uint8)


def product(a: Any, b: Any) -> npt.NDArray[np.int64]:
    return np.asarray(a, np.int64) @ np.asarray(b, np.int64) % 2


def assert_is_linear_code(code: LinearCode) -> None:
    G, H = code.generator_matrix, code.parity_check_matrix
    n, k = code.n, code.k
    assert code.rate == k / n
    assert G.shape == (k, n)
    assert H.shape[1] == n
    assert G.dtype == H.dtype == np.uint8
    assert gf2.rank(G) == k
    assert n - (gf2.rank(H) if len(H) else 0) == k
    assert not product(G, H.T).any()

    u, v = random_bits(300, k, seed=2), random_bits(300, k, seed=3)
    word = code.encode(u)
    assert word.dtype == np.uint8
    np.testing.assert_array_equal(word, product(u, G))
    np.testing.assert_array_equal(word ^ code.encode(v), code.encode(u ^ v))
    np.testing.assert_array_equal(code.encode(np.asfortranarray(u)), word)
    np.testing.assert_array_equal(code.encode(np.eye(k, dtype=np.uint8)), G)
    assert code.encode(u[:0]).shape == (0, n)

    for ordered in (np.ascontiguousarray(word), np.asfortranarray(word)):
        back = code.information_bits(ordered)
        assert back.dtype == np.uint8
        np.testing.assert_array_equal(back, u)
    assert not code.syndrome(word).any()
    noisy = random_bits(300, n, seed=4)
    np.testing.assert_array_equal(code.syndrome(noisy), product(noisy, H.T))

    chosen = code.information_set
    assert chosen.shape == (k,)
    assert len(np.unique(chosen)) == k
    assert gf2.rank(np.ascontiguousarray(G[:, chosen])) == k
    assert code.systematic == np.array_equal(G[:, chosen], np.eye(k))

    np.testing.assert_array_equal(code.tanner_graph.matrix(), H)
