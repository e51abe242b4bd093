"""Every decoder beside a slow reference, and what all of them owe: independent frames, honest flags, refusals."""

import functools
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BSC, Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    Decoder,
    DecodeResult,
    HammingCode,
    HardDecoder,
    LDPCCode,
    LinearCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SingleParityCheckCode,
    SyndromeDecoder,
    UncodedCode,
    regular_matrix,
)
from capgap.codes.binary import gf2
from capgap.codes.ldpc.belief_propagation_kernels import update_sum_product
from capgap.codes.matrix_files.quasi_cyclic import expand
from capgap.codes.tie_breaking import fixed_coins
from capgap.vectors.group_kernels import MESSAGE_MAX
from capgap.vectors.vector_kernels import keep_alive, pointer_to, rows_in, shifted, space, splat
from numba import njit
from scipy import stats

from tests.conftest import SIGNIFICANCE

Array = npt.NDArray[Any]
Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]

#: From komm, see vectors/make_vectors.py.
VECTORS = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text())


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


# What an LLR of 0 is decided as


@pytest.mark.parametrize("name", ["hard", "majority", "syndrome", "bp"])
def test_coins_come_from_the_frames_streams(name: str) -> None:
    """Fair for each frame, the same with other neighbours, and others in the next frame."""
    decoder = ERASURE_DECODERS[name](64)
    llr = np.zeros((200, decoder.code.n), np.float32)
    together = decoder.decode(llr, Stream(8, 200)).bits
    alone = [decoder.decode(llr[:1], Stream(8, 1, first=i)).bits for i in range(200)]
    np.testing.assert_array_equal(together, np.vstack(alone))
    assert len({row.tobytes() for row in together}) == 200
    assert stats.binomtest(int(together.sum()), together.size).pvalue > SIGNIFICANCE


def test_coins_are_the_finalizer_of_splitmix64() -> None:
    mask = 2**64 - 1

    def coin(i: int) -> int:
        x = (i + 1) * 0x9E3779B97F4A7C15 & mask
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & mask
        x = (x ^ x >> 27) * 0x94D049BB133111EB & mask
        return (x ^ x >> 31) >> 63

    np.testing.assert_array_equal(fixed_coins(5000), [coin(i) for i in range(5000)])


def test_coins_look_fair() -> None:
    coins = fixed_coins(1 << 20)
    agreements = [int(coins.sum())]
    agreements += [int((coins[lag:] == coins[:-lag]).sum()) for lag in (1, 2, 3, 8, 64)]
    for count in agreements:
        assert stats.binomtest(count, 1 << 20).pvalue > SIGNIFICANCE / len(agreements)


ERASURE_DECODERS: dict[str, Callable[[int], Decoder]] = {
    "hard": lambda k: HardDecoder(UncodedCode(k=k)),
    "majority": lambda k: MajorityDecoder(RepetitionCode(n=2 * k, k=k)),
    "majority, hard": lambda k: MajorityDecoder(RepetitionCode(n=2 * k, k=k), input="hard"),
    "syndrome": lambda k: SyndromeDecoder(SingleParityCheckCode(n=k + 1)),
    "bp": lambda k: BeliefPropagationDecoder(SingleParityCheckCode(n=k + 1)),
    "ml": lambda k: MaximumLikelihoodDecoder(LinearCode(generator=np.eye(k, k + 1, dtype=np.uint8))),
}


@pytest.mark.parametrize("name", ERASURE_DECODERS)
def test_erased_bits_are_decided_fairly(name: str) -> None:
    k = 12 if name == "ml" else 64
    decoder = ERASURE_DECODERS[name](k)
    frames = 4096
    decided = decoder.decode(np.zeros((frames, decoder.code.n), np.float32)).bits
    # Against random data every position is wrong half of the time.
    wrong = decided != Stream(5, frames).bits(k)
    p_values = [stats.binomtest(int(count), frames).pvalue for count in wrong.sum(axis=0)]
    assert min(p_values) > SIGNIFICANCE / k
    # The all-zero word is not helped: about half of its bits are wrong, too.
    assert stats.binomtest(int(decided[0].sum()), k).pvalue > SIGNIFICANCE


# The syndrome decoder goes on from the coins to the nearest codeword, which may be zero.
@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("name", [name for name in ERASURE_DECODERS if name != "syndrome"])
def test_a_short_erased_frame_is_not_decided_as_zero(name: str, k: int) -> None:
    decoder = ERASURE_DECODERS[name](k)
    for zero in (0.0, -0.0):
        assert decoder.decode(np.full((1, decoder.code.n), zero, np.float32)).bits.any()


# Hard decision


@pytest.mark.parametrize(("frames", "k"), [(1, 1), (300, 5), (7, 1000)])
def test_hard(frames: int, k: int) -> None:
    llr = random_llrs(frames, k)
    result = HardDecoder(UncodedCode(k=k)).decode(llr)
    coins = fixed_coins(k)
    expected = [[1 if x < 0 else 0 if x > 0 else coins[i] for i, x in enumerate(row)] for row in llr]
    settled = (llr != 0).all(axis=1)
    assert_same(result, DecodeResult.without_iterations(np.array(expected, np.uint8), settled))


# Majority


@pytest.mark.parametrize("input", ["soft", "hard"])
@pytest.mark.parametrize(("n", "k"), [(1, 1), (3, 1), (4, 1), (12, 3), (20, 10)])
def test_majority(n: int, k: int, input: Any) -> None:
    llr = np.round(random_llrs(2000, n) * 4) / np.float32(4)  # sums are exact, and ties come up
    coins = fixed_coins(k)
    expected, settled = np.empty((2000, k), np.uint8), np.ones(2000, np.bool_)
    for frame, i in itertools.product(range(2000), range(k)):
        copies = [float(x) for x in llr[frame, i::k]]
        total = sum(copies) if input == "soft" else sum(x > 0 for x in copies) - sum(x < 0 for x in copies)
        expected[frame, i] = coins[i] if total == 0 else total < 0
        settled[frame] &= total != 0
    result = MajorityDecoder(RepetitionCode(n=n, k=k), input=input).decode(llr)
    assert_same(result, DecodeResult.without_iterations(expected, settled))


def test_soft_majority_is_the_vote_on_the_binary_symmetric_channel() -> None:
    code, signs = RepetitionCode(n=10), 1 - 2 * words_of(10).astype(np.float32)
    vote = MajorityDecoder(code, input="hard").decode(signs)
    for f in (0.01, 0.1, 0.25):
        llr = BSC(f=f).llr(words_of(10))
        assert_same(MajorityDecoder(code).decode(llr), vote)


# Syndrome

SYNDROME_CODES: dict[str, LinearCode] = {
    "hamming": HammingCode(r=3),
    "extended hamming": HammingCode(r=3, extended=True),
    "shortened hamming": HammingCode(r=4, shorten=5),
    "repetition 5": RepetitionCode(n=5),
    "repetition 6": RepetitionCode(n=6),
    "spc": SingleParityCheckCode(n=5),
    "random": LinearCode(generator=np.random.default_rng(1).integers(0, 2, (4, 10))),
    "low rate": LinearCode(generator=np.random.default_rng(2).integers(0, 2, (2, 10))),
    "zero columns": LinearCode(parity_check=[[0, 1, 1, 0, 1, 0], [0, 0, 1, 1, 1, 0]]),
    "dependent checks": LinearCode(parity_check=[[1, 1, 0, 1, 1], [0, 1, 1, 0, 1], [1, 0, 1, 1, 0]]),
    "punctured ldpc": LDPCCode(regular_matrix(12, 6, 2), puncture=[0, 5]),
}


@pytest.mark.parametrize("code", SYNDROME_CODES.values(), ids=SYNDROME_CODES.keys())
def test_syndrome_finds_the_nearest_codeword(code: LinearCode) -> None:
    words, codewords = words_of(code.n), code.encode(words_of(code.k))
    distance = (words[:, None, :] != codewords).sum(axis=2)
    llr = 1 - 2 * words.astype(np.float32)
    result = SyndromeDecoder(code).decode(llr)
    least = distance.min(axis=1)
    np.testing.assert_array_equal((words != code.encode(result.bits)).sum(axis=1), least)
    np.testing.assert_array_equal(result.ok, (distance == least[:, None]).sum(axis=1) == 1)
    assert not result.iterations.any()
    # Magnitudes do not count, and zeros are decided first.
    sizes = np.random.default_rng(3).uniform(0.1, 9, llr.shape).astype(np.float32)
    assert_same(SyndromeDecoder(code).decode(llr * sizes), result)
    some = random_llrs(500, code.n)
    decided = np.where(some == 0, 1 - 2 * fixed_coins(code.n).astype(np.float32), some)
    assert_same(SyndromeDecoder(code).decode(some), SyndromeDecoder(code).decode(decided))


@pytest.mark.parametrize("name", [name for name, v in VECTORS["codes"].items() if len(v["check"]) <= 16])
def test_coset_leaders_are_as_heavy_as_those_of_komm(name: str) -> None:
    vector = VECTORS["codes"][name]
    code = LinearCode(generator=[list(map(int, row)) for row in vector["generator"]])
    # A word of each coset: any syndrome, put at the pivots of the reduced parity-check matrix.
    pivots = gf2.row_reduce(code.parity_check_matrix)[1]
    words = np.zeros((1 << len(pivots), code.n), np.uint8)
    words[:, pivots] = words_of(len(pivots))
    result = SyndromeDecoder(code).decode(1 - 2 * words.astype(np.float32))
    weights = (words ^ code.encode(result.bits)).sum(axis=1)
    assert (
        np.bincount(weights.astype(np.int64), minlength=code.n + 1).tolist() == vector["coset_leader_weights"]
    )
    # Up to half the minimum distance leaders are unique; there are as many as words of that weight.
    assert result.ok[2 * weights < vector["minimum_distance"]].all()
    if "golay" in name:
        np.testing.assert_array_equal(result.ok, weights <= 3)


@pytest.mark.parametrize("r", [3, 4, 5, 6])
def test_extended_hamming_corrects_one_error_and_detects_two(r: int) -> None:
    code = HammingCode(r=r, extended=True)
    decoder = SyndromeDecoder(code)
    patterns = np.array(list(itertools.combinations(range(code.n), 2)))
    bits = np.random.default_rng(r).integers(0, 2, (len(patterns) + code.n, code.k), dtype=np.uint8)
    word = code.encode(bits)
    single, double = word[: code.n].copy(), word[code.n :].copy()
    single[np.arange(code.n), np.arange(code.n)] ^= 1
    np.put_along_axis(double, patterns, np.take_along_axis(double, patterns, 1) ^ 1, 1)
    result = decoder.decode(1 - 2 * single.astype(np.float32))
    assert result.ok.all()
    np.testing.assert_array_equal(result.bits, bits[: code.n])
    assert not decoder.decode(1 - 2 * double.astype(np.float32)).ok.any()


def test_syndrome_at_its_largest_table() -> None:
    code = LinearCode(generator=np.random.default_rng(4).integers(0, 2, (4, 24)))
    decoder = SyndromeDecoder(code)
    bits = np.random.default_rng(5).integers(0, 2, (500, 4), dtype=np.uint8)
    word = code.encode(bits)
    errors = (code.minimum_distance() - 1) // 2
    assert errors >= 2
    for row in word:
        row[np.random.default_rng(6).choice(24, errors, replace=False)] ^= 1
    result = decoder.decode(1 - 2 * word.astype(np.float32))
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()


# Maximum likelihood

ML_CODES: dict[str, LinearCode] = {
    **SYNDROME_CODES,
    "uncoded": UncodedCode(k=4),
    "hamming 4": HammingCode(r=4),
    "k = 9, non-systematic": LinearCode(generator=np.random.default_rng(7).integers(0, 2, (9, 15))),
}


@pytest.mark.parametrize("code", ML_CODES.values(), ids=ML_CODES.keys())
def test_maximum_likelihood(code: LinearCode) -> None:
    codewords = code.encode(words_of(code.k))
    signs = 1 - 2 * codewords.astype(np.float64)
    llr = random_llrs(700, code.n)
    decoder = MaximumLikelihoodDecoder(code)
    result = decoder.decode(llr)
    correlation = llr.astype(np.float64) @ signs.T
    chosen = np.einsum("fn,fn->f", llr, 1 - 2 * code.encode(result.bits).astype(np.float64))
    np.testing.assert_allclose(chosen, correlation.max(axis=1), atol=1e-4)
    second, best = np.sort(correlation, axis=1)[:, -2:].T
    clear = best - second > 1e-3
    assert clear.mean() > 0.5
    np.testing.assert_array_equal(result.bits[clear], words_of(code.k)[correlation.argmax(axis=1)][clear])
    assert result.ok[clear].all()
    assert not result.ok[second == best].any()
    assert not result.iterations.any()


@pytest.mark.parametrize("code", ML_CODES.values(), ids=ML_CODES.keys())
def test_maximum_likelihood_from_hard_decisions(code: LinearCode) -> None:
    codewords = code.encode(words_of(code.k))
    llr = random_llrs(700, code.n)
    decoder = MaximumLikelihoodDecoder(code, input="hard")
    result = decoder.decode(llr)
    received, erased = llr[:, None, :] < 0, llr[:, None, :] == 0
    distance = ((received != codewords) & ~erased).sum(axis=2)
    mine = ((received[:, 0] != code.encode(result.bits)) & ~erased[:, 0]).sum(axis=1)
    np.testing.assert_array_equal(mine, distance.min(axis=1))
    np.testing.assert_array_equal(result.ok, (distance == distance.min(axis=1)[:, None]).sum(axis=1) == 1)
    # Equal distances are told apart in the same way at any magnitude.
    sizes = np.random.default_rng(8).uniform(0.1, 9, llr.shape).astype(np.float32)
    assert_same(decoder.decode(llr * sizes), result)


def test_maximum_likelihood_and_syndrome_are_equally_near() -> None:
    code = HammingCode(r=4, shorten=2)
    llr = 1 - 2 * np.random.default_rng(9).integers(0, 2, (5000, code.n)).astype(np.float32)
    words = llr < 0
    distances = [
        (code.encode(decoder.decode(llr).bits) != words).sum(axis=1)
        for decoder in (SyndromeDecoder(code), MaximumLikelihoodDecoder(code, input="hard"))
    ]
    np.testing.assert_array_equal(*distances)


def test_maximum_likelihood_at_its_largest_dimension() -> None:
    code = LinearCode(generator=np.random.default_rng(10).integers(0, 2, (16, 24)))
    bits, llr = send(code, 30, 70)
    np.testing.assert_array_equal(MaximumLikelihoodDecoder(code).decode(llr).bits, bits)


# The check-node operation


@njit(error_model="numpy")
def check_messages(inputs, outputs, degree):  # type: ignore[no-untyped-def]
    """The kernel on one check: rows of 16 lanes, the inputs of vector j in rows j degree and on."""
    memory = space(5 * degree)
    messages = rows_in(memory, pointer_to(inputs))
    room = shifted(messages, degree * 16)
    variables = np.arange(degree).astype(np.int32)
    keep, cap = splat(np.float32(0.0)), np.float32(MESSAGE_MAX)
    for j in range(inputs.size // 16 // degree):
        for i in range(degree * 16):
            messages[i] = 0
        update_sum_product(
            shifted(pointer_to(inputs), j * degree * 16),
            messages,
            messages,
            room,
            keep,
            False,
            pointer_to(variables),
            0,
            degree,
            None,
            0,
            None,
            cap,
        )
        for i in range(degree * 16):
            outputs[j * degree * 16 + i] = messages[i]
    keep_alive(memory)
    keep_alive(variables)


def sum_product(inputs: Array) -> npt.NDArray[np.float32]:
    """A check's messages, float32 (degree, frames), by the kernel."""
    degree, frames = inputs.shape
    vectors = -(-frames // 16)
    padded = np.zeros((degree, vectors * 16), np.float32)
    padded[:, :frames] = inputs
    rows = np.ascontiguousarray(padded.reshape(degree, vectors, 16).transpose(1, 0, 2)).ravel()
    out = np.empty(rows.shape, np.float32)
    check_messages(rows, out, degree)
    lanes: npt.NDArray[np.float32] = out.reshape(vectors, degree, 16).transpose(1, 0, 2).reshape(degree, -1)
    return lanes[:, :frames]


def boxplus(a: Array, b: Array) -> npt.NDArray[np.float32]:
    """The message of a check of three to one of them, whose own input is large."""
    return np.asarray(sum_product(np.array([a, b, np.full_like(a, MESSAGE_MAX)], np.float32))[2])


def tanh_rule(a: Array, b: Array) -> npt.NDArray[np.float64]:
    """2 artanh(tanh(a / 2) tanh(b / 2)) in float64, for magnitudes up to about 30."""
    return np.asarray(2 * np.arctanh(np.tanh(a.astype(float) / 2) * np.tanh(b.astype(float) / 2)))


def log_rule(a: Array, b: Array) -> npt.NDArray[np.float64]:
    """The same as ln((1 + exp(a + b)) / (exp(a) + exp(b))), for any magnitude."""
    a, b = a.astype(float), b.astype(float)
    return np.asarray(np.logaddexp(0, a + b) - np.logaddexp(a, b))


@pytest.mark.parametrize("limit", [1e-6, 1e-3, 0.1, 1, 3, 8])
def test_boxplus_is_right_to_a_few_millionths(limit: float) -> None:
    generator = np.random.default_rng(11)
    a = generator.uniform(-limit, limit, 1 << 18).astype(np.float32)
    for b in (generator.uniform(-limit, limit, 1 << 18), a + generator.normal(0, 1, 1 << 18), a, -a):
        b = np.asarray(b, np.float32)
        error = np.abs(boxplus(a, b) - tanh_rule(a, b))
        assert error.max() <= 2e-6


@pytest.mark.parametrize("limit", [20, 100, 1000, 16384])
def test_boxplus_of_large_values_is_right_to_their_rounding(limit: float) -> None:
    generator = np.random.default_rng(12)
    a = generator.uniform(-limit, limit, 1 << 18).astype(np.float32)
    for b in (generator.uniform(-limit, limit, 1 << 18), a + generator.normal(0, 1, 1 << 18), a, -a):
        b = np.asarray(b, np.float32)
        found = boxplus(a, b)
        assert (np.abs(found - log_rule(a, b)) <= 2e-6 + 2e-7 * np.abs(found)).all()


@pytest.mark.parametrize("degree", [2, 3, 6, 7, 8, 20, 31, 32, 33, 64, 65, 100, 300])
@pytest.mark.parametrize("spread", [0.5, 3, 30, 300, 3000])
def test_sum_product_messages_are_right_to_a_few_millionths(degree: int, spread: float) -> None:
    """The error that the decoder's documentation states, at every degree and magnitude."""
    generator = np.random.default_rng(16)
    inputs = generator.normal(0, spread, (degree, 2000 if degree < 50 else 200)).astype(np.float32)
    inputs[0, ::5] = 0
    inputs[-1, ::7] *= 100
    inputs[:, 1::9] *= (10 ** generator.uniform(-6, 1, inputs[:, 1::9].shape)).astype(np.float32)
    inputs[1:, 2::11] = np.copysign(spread, inputs[1:, 2::11])  # one weak input, and all others alike
    inputs[generator.random(inputs.shape) < 0.5 / degree] = 0
    exact = np.clip(sum_product_rule(list(inputs)), -MESSAGE_MAX, MESSAGE_MAX)
    found = sum_product(inputs)
    assert (np.abs(np.abs(found) - np.abs(exact)) <= 4e-6 + 2e-7 * np.abs(exact)).all()
    visible = np.abs(exact) > 1e-5
    np.testing.assert_array_equal(np.sign(found[visible]), np.sign(exact[visible]))
    # The others' least magnitude is a bound, and 0 if it is 0.
    size = np.sort(np.abs(inputs), axis=0)
    others = np.where(np.abs(inputs) == size[0], size[1], size[0])
    assert not found[others == 0].any()
    # A lane comes out the same whatever the others hold.
    alone = np.zeros_like(inputs)
    alone[:, ::16] = inputs[:, ::16]
    np.testing.assert_array_equal(sum_product(alone)[:, ::16], found[:, ::16])


def test_boxplus_with_zero_is_exactly_zero() -> None:
    size = np.array([0, 1e-30, 1e-6, 0.3, 1, 17, 24, 1000, MESSAGE_MAX], np.float32)
    a = np.concatenate([size, -size])
    for zero in (np.zeros_like(a), -np.zeros_like(a)):
        assert not boxplus(a, zero).any()
        assert not boxplus(zero, a).any()


def test_boxplus_is_symmetric() -> None:
    a, b = random_llrs(1, 1 << 16, seed=13)[0] * 4, random_llrs(1, 1 << 16, seed=14)[0] * 4
    np.testing.assert_array_equal(boxplus(a, b), boxplus(b, a))
    np.testing.assert_array_equal(boxplus(-a, b), -boxplus(a, b))


# Belief propagation


class AllVariables(LDPCCode):
    """Takes the decoder's decision on every variable of the graph as the information bits."""

    def information_bits_of_variables(self, values: Bits) -> Bits:
        return values


def min_sum_rule(inputs: list[Array], scale: Any, offset: Any) -> list[Array]:
    outputs = []
    for i, own in enumerate(inputs):
        others = [*inputs[:i], *inputs[i + 1 :], np.full_like(own, MESSAGE_MAX)]
        least = np.min(np.abs(others), axis=0) * scale - offset
        sign = np.prod(np.where(np.less(others, 0), -1, 1), axis=0)
        outputs.append((np.maximum(least, 0) * sign).astype(own.dtype))
    return outputs


def sum_product_rule(inputs: list[Array]) -> list[Array]:
    """tanh(output / 2) is the product of tanh(input / 2) over the others."""
    if len(inputs) == 1:
        return [np.full_like(inputs[0], MESSAGE_MAX)]
    return [functools.reduce(log_rule, inputs[:i] + inputs[i + 1 :]) for i in range(len(inputs))]


def settled(H: Array, value: Array) -> Array:
    """Whether frames are at a codeword, with every variable decided."""
    return np.asarray(~(H.astype(int) @ (value < 0) % 2).any(axis=0) & (value != 0).all(axis=0))


def reference_values(
    code: LinearCode,
    llr: LLRs,
    *,
    algorithm: str = "sum-product",
    schedule: str = "flooding",
    iterations: int = 50,
    scale: float = 1,
    offset: float = 0,
    stop: str = "syndrome",
    dtype: type = np.float64,
) -> tuple[Array, npt.NDArray[np.int32]]:
    """Belief propagation, check by check. Frames run on to the end; each is recorded when it is done.

    Values of the variables (variables, frames), and the iterations they took.
    """
    H, frames = code.tanner_graph.matrix(), len(llr)
    neighbours = [np.flatnonzero(row).tolist() for row in H]

    def clip(x: Array) -> Array:
        return np.clip(x, -MESSAGE_MAX, MESSAGE_MAX).astype(dtype)

    def rule(inputs: list[Array]) -> list[Array]:
        if algorithm == "min-sum":
            return min_sum_rule(inputs, dtype(scale), dtype(offset))
        return sum_product_rule(inputs)

    channel: Array = np.zeros((H.shape[1], frames), dtype)
    channel[code.transmitted] = clip(llr.T)
    message: dict[tuple[int, int], Array] = {
        (c, v): np.zeros(frames, dtype) for c, row in enumerate(neighbours) for v in row
    }
    value, final, spent = channel.copy(), channel.copy(), np.zeros(frames, np.int32)
    running = np.ones(frames, bool) if stop == "none" else ~settled(H, value)
    for iteration in range(1, iterations + 1):
        if not running.any():
            break
        before, total = value.copy(), channel.copy()
        for c, row in enumerate(neighbours):
            source = before if schedule == "flooding" else value
            inputs = [source[v] - message[c, v] for v in row]
            for v, x, output in zip(row, inputs, rule(inputs), strict=True):
                message[c, v] = y = clip(output)
                if schedule == "flooding":
                    total[v] += y
                else:
                    value[v] = x + y
        if schedule == "flooding":
            value = total
        final[:, running], spent[running] = value[:, running], iteration
        if stop == "syndrome":
            running &= ~settled(H, value)
    return final, spent


def reference_int8(
    code: LinearCode,
    llr: LLRs,
    *,
    schedule: str = "flooding",
    iterations: int = 50,
    scale: float = 1,
    offset: float = 0,
    stop: str = "syndrome",
    llr_scale: float = 4,
) -> tuple[Array, npt.NDArray[np.int32]]:
    """Min-sum in the fixed-point arithmetic of the decoder's documentation, in whole numbers."""
    H, frames = code.tanner_graph.matrix(), len(llr)
    neighbours = [np.flatnonzero(row).tolist() for row in H]
    factor, shift = round(256 * scale), round(offset * llr_scale)

    def saturated(x: Array) -> Array:
        return np.clip(x, -128, 127)

    channel = np.zeros((H.shape[1], frames), int)
    channel[code.transmitted] = np.clip(np.rint(np.float32(llr_scale) * llr.T), -127, 127)
    message = {(c, v): np.zeros(frames, int) for c, row in enumerate(neighbours) for v in row}
    value, final, spent = channel.copy(), channel.copy(), np.zeros(frames, np.int32)
    running = np.ones(frames, bool) if stop == "none" else ~settled(H, value)
    for iteration in range(1, iterations + 1):
        if not running.any():
            break
        before, total = value.copy(), channel.copy()
        for c, row in enumerate(neighbours):
            source = before if schedule == "flooding" else value
            inputs = [saturated(source[v] - message[c, v]) for v in row]
            for i, (v, x) in enumerate(zip(row, inputs, strict=True)):
                others = [*inputs[:i], *inputs[i + 1 :], np.full(frames, 127)]
                least = (np.min(np.abs(others), axis=0) * factor + 128 - c % 2) >> 8
                size = np.clip(least - shift, 0, 127)
                y = np.where(np.sum(np.less(others, 0), axis=0) % 2, -size, size)
                if schedule == "flooding":
                    message[c, v], total[v] = y, saturated(total[v] + y)
                else:
                    value[v] = saturated(x + y)
                    message[c, v] = value[v] - x
        if schedule == "flooding":
            value = total
        final[:, running], spent[running] = value[:, running], iteration
        if stop == "syndrome":
            running &= ~settled(H, value)
    return final, spent


def reference_bp(code: LinearCode, llr: LLRs, **options: Any) -> DecodeResult:
    """The result of belief propagation, check by check."""
    if options.pop("precision", None) == "int8":
        options.pop("algorithm")
        final, spent = reference_int8(code, llr, **options)
    else:
        final, spent = reference_values(code, llr, **options)
    decided = np.where(final == 0, fixed_coins(len(final))[:, None], final < 0).astype(np.uint8)
    ok = settled(code.tanner_graph.matrix(), final)
    return DecodeResult(code.information_bits_of_variables(decided.T), ok, spent)


def quasi_cyclic_code(z: int) -> LDPCCode:
    """Of rate 1/2, with the double diagonal of the WiMAX codes and arbitrary shifts."""
    generator = np.random.default_rng(15)
    base: list[list[list[int]]] = [[[] for _ in range(12)] for _ in range(6)]
    for j in range(6):
        for i in generator.choice(6, 3, replace=False):
            base[i][j] = [int(generator.integers(z))]
    for i, shift in ((0, 1), (3, 0), (5, 1)):
        base[i][6] = [shift]
    for j in range(7, 12):
        base[j - 7][j] = base[j - 6][j] = [0]
    return LDPCCode(expand(base, z))


BP_CODES: dict[str, tuple[LinearCode, float, int]] = {  # with Eb/N0 in dB and the number of frames
    "hamming 3": (HammingCode(r=3), 4.0, 4000),
    "extended hamming 4": (HammingCode(r=4, extended=True), 4.0, 4000),
    "spc 6": (SingleParityCheckCode(n=6), 3.0, 4000),
    "regular 96": (LDPCCode.regular(96, 48, 3), 3.0, 2000),
    "punctured": (LDPCCode(regular_matrix(96, 48, 3), puncture=range(0, 96, 16)), 3.5, 2000),
    "like WiMAX": (quasi_cyclic_code(24), 2.5, 1000),
}
each_bp_code = pytest.mark.parametrize(("code", "ebno_db", "frames"), BP_CODES.values(), ids=BP_CODES.keys())
each_schedule = pytest.mark.parametrize("schedule", ["flooding", "layered"])


def agreement(result: DecodeResult, expected: DecodeResult) -> float:
    same = (result.bits == expected.bits).all(axis=1)
    return float((same & (result.ok == expected.ok) & (result.iterations == expected.iterations)).mean())


@each_bp_code
@each_schedule
def test_sum_product(code: LinearCode, ebno_db: float, frames: int, schedule: Any) -> None:
    llr = send(code, ebno_db, frames)[1]
    options: dict[str, Any] = {"schedule": schedule, "iterations": 20}
    result = BeliefPropagationDecoder(code, **options).decode(llr)
    expected = reference_bp(code, llr, **options)
    assert agreement(result, expected) >= 0.999


@each_bp_code
@each_schedule
def test_sum_product_decodes_what_float64_decodes(
    code: LinearCode, ebno_db: float, frames: int, schedule: Any
) -> None:
    """LLRs of every magnitude up to 1000, the largest that channels give, mixed, or alike with a few wrong.

    The weakest bit of a check may be far weaker than the others. (Float32 has sums of thousands to 1e-4
    only: frames that fail wander elsewhere, and of those that do not, some take an iteration more or less.)
    """
    llr = send(code, ebno_db + 2, frames // 10)[1]
    generator = np.random.default_rng(22)
    sizes = 10 ** generator.uniform(-2, 3, llr.shape)
    flipped = generator.permuted(np.tile(np.arange(code.n) < code.n // 32, (len(llr), 1)), axis=1)
    some = np.arange(code.n) % (code.n // 4 + 1) > 0
    alike = np.where(flipped, -some.astype(float), some)
    options: dict[str, Any] = {"schedule": schedule, "iterations": 20}
    decoder, decoded = BeliefPropagationDecoder(code, **options), 0
    for given in (sizes * llr, 100 * llr, np.where(sizes > 300, 1000 * llr, llr), 100 * alike, 1000 * alike):
        given = np.clip(given, -1000, 1000).astype(np.float32)
        result, expected = decoder.decode(given), reference_bp(code, given, **options)
        assert result.ok[expected.ok].all()
        np.testing.assert_array_equal(result.bits[expected.ok], expected.bits[expected.ok])
        decoded += int(np.count_nonzero(expected.ok & (expected.iterations > 0)))
    assert decoded > len(llr) // 10


@each_bp_code
@each_schedule
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.8, 0), (1, 0.3), (0.9, 0.1)])
def test_min_sum(
    code: LinearCode, ebno_db: float, frames: int, schedule: Any, scale: float, offset: float
) -> None:
    llr = send(code, ebno_db - 1, frames // 10)[1]
    options: dict[str, Any] = {
        "algorithm": "min-sum",
        "schedule": schedule,
        "scale": scale,
        "offset": offset,
        "iterations": 15,
    }
    result = BeliefPropagationDecoder(code, **options).decode(llr)
    assert_same(result, reference_bp(code, llr, dtype=np.float32, **options))
    assert result.iterations.any()


@each_bp_code
@each_schedule
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.8, 0.3)])
@pytest.mark.parametrize(("llr_scale", "stronger"), [(4, 1), (1, 1), (16, 3)])  # the last one saturates
def test_fixed_point_min_sum(
    code: LinearCode,
    ebno_db: float,
    frames: int,
    schedule: Any,
    scale: float,
    offset: float,
    llr_scale: float,
    stronger: float,
) -> None:
    llr = stronger * send(code, ebno_db - 1, frames // 10)[1]
    options: dict[str, Any] = {
        "algorithm": "min-sum",
        "schedule": schedule,
        "scale": scale,
        "offset": offset,
        "iterations": 15,
        "precision": "int8",
        "llr_scale": llr_scale,
    }
    result = BeliefPropagationDecoder(code, **options).decode(llr)
    assert_same(result, reference_bp(code, llr, **options))
    assert result.iterations.any()


@each_schedule
def test_min_sum_with_many_ties(schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    stream = Stream(2, 500)
    channel = BSC(f=0.05)
    llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
    llr[:, ::7] = 0
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "iterations": 10}
    result = BeliefPropagationDecoder(code, **options).decode(llr)
    assert_same(result, reference_bp(code, np.sign(llr), **options))  # in whole numbers, which are exact


#: Checks on no variable, on one, on two; a variable with no check, and one whose bit is 0 for sure.
ODD_CHECKS = np.array(
    [[0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 1, 1, 0, 1, 0], [0] * 6]
)


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_checks_of_degree_zero_one_and_two(algorithm: Any, schedule: Any) -> None:
    code = AllVariables(ODD_CHECKS)
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "iterations": 5}
    decoder = BeliefPropagationDecoder(code, **options)
    llr = random_llrs(2000, 6, zeros=0.2)
    result = decoder.decode(llr)
    assert_same(result, reference_bp(code, llr, dtype=np.float32, **options))
    assert not result.bits[result.ok, 1].any()
    erased = decoder.decode(np.zeros((1, 6), np.float32))
    assert not erased.ok[0]
    np.testing.assert_array_equal(erased.bits[0], np.where(np.arange(6) == 1, 0, fixed_coins(6)))


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("iterations", [4, 40])  # after 40, all messages are at the largest magnitude
def test_without_stopping(iterations: int, algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    llr = send(code, 3, 200)[1]
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "stop": "none"}
    result = BeliefPropagationDecoder(code, iterations=iterations, **options).decode(llr)
    assert (result.iterations == iterations).all()
    if algorithm == "min-sum":
        assert_same(result, reference_bp(code, llr, iterations=iterations, dtype=np.float32, **options))
    else:
        assert agreement(result, reference_bp(code, llr, iterations=iterations, **options)) >= 0.99


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_a_codeword_once_found_is_kept(algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    bits, llr = send(code, 4, 500)
    for iterations in (20, 50, 400):
        decoder = BeliefPropagationDecoder(
            code, algorithm=algorithm, schedule=schedule, iterations=iterations, stop="none"
        )
        result = decoder.decode(llr)
        assert result.ok.mean() > 0.99
        np.testing.assert_array_equal(result.bits[result.ok], bits[result.ok])


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_iterations_are_counted_from_the_word_received(algorithm: Any, schedule: Any) -> None:
    code = LDPCCode.regular(96, 48, 3)
    decoder = BeliefPropagationDecoder(code, algorithm=algorithm, schedule=schedule, iterations=30)
    llr = send(code, 3, 500)[1]
    result = decoder.decode(llr)
    received = ~code.syndrome((llr < 0).astype(np.uint8)).any(axis=1)
    np.testing.assert_array_equal(result.iterations == 0, received)
    np.testing.assert_array_equal(result.iterations < 30, result.ok & (result.iterations < 30))
    # A frame that takes i iterations is done with a limit of i, and not with one less.
    for limit in (1, 2, 3, 5):
        less = BeliefPropagationDecoder(code, algorithm=algorithm, schedule=schedule, iterations=limit)
        limited = less.decode(llr)
        within = result.iterations <= limit
        np.testing.assert_array_equal(limited.iterations, np.minimum(result.iterations, limit))
        np.testing.assert_array_equal(limited.bits[within], result.bits[within])
        np.testing.assert_array_equal(limited.ok, result.ok & within)


# How the checks fare


TRACED: dict[str, tuple[LinearCode, float]] = {  # with Eb/N0 in dB
    "hamming 3": (HammingCode(r=3), 0.0),
    "regular 96": (LDPCCode.regular(96, 48, 3), 2.0),
    "punctured": (LDPCCode(regular_matrix(96, 48, 3), puncture=range(0, 96, 16)), 2.5),
    "odd checks": (AllVariables(ODD_CHECKS), 0.0),
}


@each_schedule
@pytest.mark.parametrize("stop", ["syndrome", "none"])
@pytest.mark.parametrize("zeros", [0, 0.2])
@pytest.mark.parametrize(("code", "ebno_db"), TRACED.values(), ids=TRACED.keys())
def test_a_trace_counts_what_a_slow_reference_counts(
    code: LinearCode, ebno_db: float, zeros: float, stop: Any, schedule: Any
) -> None:
    llr = send(code, ebno_db, 100)[1]
    llr[np.random.default_rng(17).random(llr.shape) < zeros] = 0
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "stop": stop}
    decoder = BeliefPropagationDecoder(code, iterations=8, **options)
    trace, result = decoder.trace(llr), decoder.decode(llr)
    H = code.tanner_graph.matrix()
    assert trace.checks == len(H)
    assert trace.unsatisfied.dtype == trace.undecided.dtype == np.int32
    assert trace.unsatisfied.shape == trace.undecided.shape == (result.iterations.max() + 1, 100)
    assert len(trace.unsatisfied) >= 3
    for i in range(len(trace.unsatisfied)):
        value, spent = reference_values(code, llr, iterations=i, dtype=np.float32, **options)
        np.testing.assert_array_equal(spent, np.minimum(result.iterations, i))
        for frame in range(100):
            open_ = value[:, frame] == 0
            broken = [(value[row > 0, frame] < 0).sum() % 2 == 1 or open_[row > 0].any() for row in H]
            assert trace.unsatisfied[i, frame] == sum(broken)
            assert trace.undecided[i, frame] == open_.sum()


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("stop", ["syndrome", "none"])
def test_a_trace_agrees_with_the_decoder(stop: Any, algorithm: Any, schedule: Any) -> None:
    code, ebno_db = TRACED["punctured"]
    llr = send(code, ebno_db, 150)[1]
    iterations: Any = np.int64(12)
    decoder = BeliefPropagationDecoder(
        code, algorithm=algorithm, schedule=schedule, stop=stop, iterations=iterations
    )
    trace, result = decoder.trace(llr), decoder.decode(llr)
    done = (trace.unsatisfied == 0) & (trace.undecided == 0)
    np.testing.assert_array_equal(done[-1], result.ok)
    assert 0 < result.ok.sum() < 150
    if stop == "syndrome":
        first = np.where(done.any(axis=0), done.argmax(axis=0), 12)
        np.testing.assert_array_equal(first, result.iterations)
        for frame, spent in enumerate(result.iterations):  # what has ended stays
            assert len(set(trace.unsatisfied[spent:, frame])) == 1
    for i in (0, 70, 149):
        alone = decoder.trace(llr[i : i + 1])
        np.testing.assert_array_equal(alone.unsatisfied[:, 0], trace.unsatisfied[: len(alone.unsatisfied), i])


def test_decoders_that_do_not_iterate_trace_the_word_received(monkeypatch: pytest.MonkeyPatch) -> None:
    code = HammingCode(r=3)
    llr = send(code, 2, 200)[1]
    weights = code.syndrome((llr < 0).astype(np.uint8)).sum(axis=1)
    for decoder in (SyndromeDecoder(code), MaximumLikelihoodDecoder(code)):
        trace = decoder.trace(llr)
        assert trace is not None
        np.testing.assert_array_equal(trace.unsatisfied, [weights])
        assert not trace.undecided.any()
    trace = SyndromeDecoder(code).trace(np.zeros((2, 7), np.float32))
    assert trace is not None
    np.testing.assert_array_equal(trace.unsatisfied, [[3, 3]])
    np.testing.assert_array_equal(trace.undecided, [[7, 7]])
    assert HardDecoder(UncodedCode(k=3)).trace(np.ones((2, 3), np.float32)) is None
    assert NoDecoder(NotLinear(n=3, k=1)).trace(np.ones((2, 3), np.float32)) is None
    with pytest.raises(ValueError, match="llr must have shape"):
        SyndromeDecoder(code).trace(llr[:, 1:])
    # Checks that are known are looked at however many there are; others would have to be worked out.
    monkeypatch.setattr("capgap.codes.decoder.MAX_TRACED", 20)
    assert SyndromeDecoder(code).trace(llr) is not None
    assert SyndromeDecoder(LinearCode(generator=code.generator_matrix)).trace(llr) is None


def test_a_trace_of_no_frames() -> None:
    trace = BeliefPropagationDecoder(HammingCode(r=3)).trace(np.empty((0, 7), np.float32))
    assert trace.unsatisfied.shape == trace.undecided.shape == (1, 0)


@each_schedule
@pytest.mark.parametrize("stop", ["syndrome", "none"])
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("puncture", [[], [0, 30, 50]])
def test_ok_is_true_for_codewords_alone(
    puncture: list[int], algorithm: Any, stop: Any, schedule: Any
) -> None:
    matrix = regular_matrix(60, 30, 3)
    code = AllVariables(matrix, puncture=puncture)
    decoder = BeliefPropagationDecoder(code, algorithm=algorithm, schedule=schedule, stop=stop, iterations=6)
    generator = np.random.default_rng(16)
    llr = np.concatenate([send(code, db, 200)[1] for db in (-3, 0, 2, 5)])
    certain = np.where(generator.random(llr.shape) < 0.5, 1000, -1000).astype(np.float32)
    contradictory = np.where(generator.random(llr.shape) < 0.1, -certain[:1], certain[:1])
    for batch in (llr, certain, contradictory, llr * np.float32(1e36), np.zeros_like(llr)):
        result = decoder.decode(batch)
        broken = (result.bits.astype(int) @ matrix.toarray().T % 2).any(axis=1)
        assert not broken[result.ok].any()
        if batch is llr:  # without zeros it is the other way round, too
            np.testing.assert_array_equal(result.ok, ~broken)
            assert 0.05 < result.ok.mean() < 0.95
    assert not result.ok.any()


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_contradictory_certainties(algorithm: Any, schedule: Any) -> None:
    # Every pattern of signs at full certainty: what stands against one vote of three falls.
    code = HammingCode(r=3)
    llr = (1 - 2 * words_of(7).astype(np.float32)) * 1000
    options: dict[str, Any] = {"algorithm": algorithm, "schedule": schedule, "iterations": 40}
    result = BeliefPropagationDecoder(code, **options).decode(llr)
    codeword = ~code.syndrome(words_of(7)).any(axis=1)
    np.testing.assert_array_equal(result.iterations == 0, codeword)
    assert result.ok[codeword].all()
    if algorithm == "min-sum":
        assert_same(result, reference_bp(code, llr, dtype=np.float32, **options))
    # Beyond the largest message the magnitude makes no difference.
    most = BeliefPropagationDecoder(code, **options).decode(llr * np.float32(16.384))
    assert_same(BeliefPropagationDecoder(code, **options).decode(llr * np.float32(1e35)), most)


# Codes that are not linear


class TableCode(Code):
    """Codewords by their numbers, of which there are 2^k: in the test no linear code."""

    def __init__(self, words: Any, n: int = 9) -> None:
        super().__init__(n=n, k=int(np.log2(len(words))))
        self.words = (np.asarray(words)[:, None] >> np.arange(n) & 1).astype(np.uint8)

    def encode(self, bits: Bits) -> Bits:
        return self.words[bits @ (1 << np.arange(self.k))]


@pytest.mark.parametrize("input", ["soft", "hard"])
def test_ml_finds_the_likeliest_of_any_codewords(input: Any) -> None:
    """By the sums over all codewords, which are exact: LLRs are multiples of 1/8."""
    llr = np.round(8 * random_llrs(300, TABLE.n, zeros=0.1)) / 8
    looked_at = np.sign(llr) if input == "hard" else llr
    sums = looked_at.astype(np.float64) @ TABLE.words.T
    result = MaximumLikelihoodDecoder(TABLE, input=input).decode(llr)
    chosen = result.bits @ (1 << np.arange(TABLE.k))
    np.testing.assert_array_equal(sums[np.arange(300), chosen], sums.min(axis=1))
    np.testing.assert_array_equal(result.ok, (sums == sums.min(axis=1, keepdims=True)).sum(axis=1) == 1)
    assert np.count_nonzero(~result.ok) > 20 or input == "soft"


def test_ml_breaks_ties_of_any_codewords_by_fair_coins() -> None:
    """Each of two tied codewords is chosen as often, whichever it is, by coins of the frame's own stream."""
    decoder = MaximumLikelihoodDecoder(TableCode([0b000, 0b011, 0b101, 0b111], n=3))
    frames = 4000
    for llr in ([1, -1, 1], [0, -1, 1], [-1, 1, 1], [-1, 2, -1], [-1, -2, -1]):
        sums = decoder._words.astype(int) @ np.array(llr)
        best = np.flatnonzero(sums == sums.min())
        stream = Stream(5, frames, point="ties")
        result = decoder.decode(np.tile(np.array(llr, np.float32), (frames, 1)), stream)
        chosen = result.bits @ np.array([1, 2])
        assert set(chosen) == set(best.tolist())
        assert result.ok.all() == (len(best) == 1)
        if len(best) == 2:
            assert stats.binomtest(int((chosen == best[0]).sum()), frames).pvalue > SIGNIFICANCE
        alone = decoder.decode(np.array([llr], np.float32), Stream(5, 1, first=7, point="ties"))
        assert_same(alone, pick(result, [7]))


def test_ml_refuses_codes_that_encode_to_anything() -> None:
    class Wrong(TableCode):
        def encode(self, bits: Bits) -> Bits:
            return super().encode(bits) * np.uint8(7)

    with pytest.raises(ValueError, match="a codeword of 0 and 1 for each message"):
        MaximumLikelihoodDecoder(Wrong([1, 2], n=3))
    with pytest.raises(ValueError, match="what encode returns must have shape"):
        MaximumLikelihoodDecoder(NotLinear(n=3, k=2))


# What every decoder owes

SMALL_CODE = LinearCode(generator=np.random.default_rng(17).integers(0, 2, (5, 11)))
TABLE = TableCode(np.random.default_rng(23).permutation(1 << 9)[:32])
LDPC = LDPCCode.regular(96, 48, 3)
PUNCTURED = LDPCCode(regular_matrix(40, 20, 3), puncture=[1, 20])
DECODERS: dict[str, Decoder] = {
    "hard": HardDecoder(UncodedCode(k=9)),
    "majority, soft": MajorityDecoder(RepetitionCode(n=12, k=3)),
    "majority, hard": MajorityDecoder(RepetitionCode(n=12, k=3), input="hard"),
    "syndrome": SyndromeDecoder(SMALL_CODE),
    "syndrome, hamming": SyndromeDecoder(HammingCode(r=4, extended=True)),
    "ml, soft": MaximumLikelihoodDecoder(SMALL_CODE),
    "ml, hard": MaximumLikelihoodDecoder(SMALL_CODE, input="hard"),
    "ml, not linear": MaximumLikelihoodDecoder(TABLE),
    "ml, not linear, hard": MaximumLikelihoodDecoder(TABLE, input="hard"),
    "bp, hamming": BeliefPropagationDecoder(HammingCode(r=3)),
    "bp, sum-product": BeliefPropagationDecoder(LDPC, iterations=10),
    "bp, sum-product, layered": BeliefPropagationDecoder(LDPC, iterations=10, schedule="layered"),
    "bp, sum-product, none": BeliefPropagationDecoder(LDPC, iterations=5, stop="none"),
    "bp, min-sum": BeliefPropagationDecoder(LDPC, iterations=10, algorithm="min-sum", scale=0.8),
    "bp, min-sum, layered": BeliefPropagationDecoder(
        LDPC, iterations=10, algorithm="min-sum", schedule="layered", offset=0.3
    ),
    "bp, min-sum, layered, none": BeliefPropagationDecoder(
        LDPC, iterations=5, algorithm="min-sum", schedule="layered", stop="none"
    ),
    "bp, int8": BeliefPropagationDecoder(
        LDPC, iterations=10, algorithm="min-sum", scale=0.8, precision="int8"
    ),
    "bp, int8, layered": BeliefPropagationDecoder(
        LDPC, iterations=10, algorithm="min-sum", schedule="layered", scale=0.8, precision="int8"
    ),
    "bp, int8, punctured": BeliefPropagationDecoder(
        PUNCTURED, iterations=10, algorithm="min-sum", schedule="layered", precision="int8", stop="none"
    ),
    "bp, punctured": BeliefPropagationDecoder(PUNCTURED, iterations=10),
    "bp, punctured, layered": BeliefPropagationDecoder(PUNCTURED, iterations=10, schedule="layered"),
}
each_decoder = pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS.keys())


def pick(result: DecodeResult, frames: Any) -> DecodeResult:
    return DecodeResult(result.bits[frames], result.ok[frames], result.iterations[frames])


@each_decoder
def test_a_frame_depends_on_itself_alone(decoder: Decoder) -> None:
    n, frames = decoder.code.n, 300  # beyond the lanes of every kernel, and no multiple of them
    llr = np.concatenate([send(decoder.code, 3, 200)[1], random_llrs(50, n), random_llrs(50, n, zeros=0.5)])
    whole = decoder.decode(llr)
    assert whole.bits.shape == (frames, decoder.code.k)
    assert whole.ok.shape == whole.iterations.shape == (frames,)
    assert whole.bits.dtype == np.uint8
    assert whole.ok.dtype == np.bool_
    assert whole.iterations.dtype == np.int32
    assert_same(decoder.decode(llr), whole)
    layouts: list[Any] = [np.ascontiguousarray(llr), np.asfortranarray(llr), llr.astype(np.float64)]
    for layout in layouts:
        assert_same(decoder.decode(layout), whole)
    for i in range(frames):
        assert_same(decoder.decode(llr[i : i + 1]), pick(whole, [i]))
    order = np.random.default_rng(18).permutation(frames)
    assert_same(decoder.decode(llr[order]), pick(whole, order))
    assert_same(decoder.decode(llr[::-1]), pick(whole, slice(None, None, -1)))
    for part in (slice(1, None), slice(63, 66), slice(0, 64), slice(7, 263), slice(None, None, 3)):
        assert_same(decoder.decode(llr[part]), pick(whole, part))
    others = llr.copy()
    others[::2] = random_llrs(150, n, seed=19) * 100
    assert_same(pick(decoder.decode(others), slice(1, None, 2)), pick(whole, slice(1, None, 2)))
    assert decoder.decode(llr[:0]).bits.shape == (0, decoder.code.k)


@each_decoder
def test_input_is_not_changed(decoder: Decoder) -> None:
    given = random_llrs(100, decoder.code.n)
    for llr in (np.ascontiguousarray(given), np.asfortranarray(given)):
        decoder.decode(llr)
        np.testing.assert_array_equal(llr, given)


@each_decoder
def test_decodes_what_was_sent_without_noise(decoder: Decoder) -> None:
    bits = np.random.default_rng(20).integers(0, 2, (200, decoder.code.k), dtype=np.uint8)
    llr = 7 - 14 * decoder.code.encode(bits).astype(np.float32)
    result = decoder.decode(llr)
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()


@each_decoder
def test_nan_is_refused(decoder: Decoder) -> None:
    n = decoder.code.n
    for frame, position in ((0, 0), (99, n - 1), (64, n // 2)):
        llr = random_llrs(100, n)
        llr[frame, position] = np.nan
        with pytest.raises(
            ValueError, match=f"llr must not be NaN, as in frame {frame} at position {position}"
        ):
            decoder.decode(llr)


@each_decoder
def test_infinite_values_are_certain(decoder: Decoder) -> None:
    """Beside them the others matter where they are of use, and one frame's are not another's."""
    bits = np.random.default_rng(21).integers(0, 2, (200, decoder.code.k), dtype=np.uint8)
    signs = 1 - 2 * decoder.code.encode(bits).astype(np.float32)
    result = decoder.decode(signs * np.float32(np.inf))
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()
    np.testing.assert_array_equal(decoder.decode(signs * np.float64(1e300)).bits, bits)
    some = random_llrs(200, decoder.code.n)
    certain = np.random.default_rng(22).random(some.shape) < 0.1
    some[certain] = np.inf
    large = np.where(certain, np.float32(1e6), some)
    for name in ("bits", "ok", "iterations"):
        found = getattr(decoder.decode(some), name)
        np.testing.assert_array_equal(found, getattr(decoder.decode(large), name))
        np.testing.assert_array_equal(found[7:9], getattr(decoder.decode(some[7:9]), name))


def test_what_is_certain_outweighs_all_the_rest() -> None:
    decoder = MaximumLikelihoodDecoder(RepetitionCode(n=5))
    llr = np.array([[np.inf, -9e3, -9e3, -9e3, 1.0], [3e38, -3e38, -3e38, 0, np.inf]])
    np.testing.assert_array_equal(decoder.decode(llr).bits, [[0], [0]])
    spc = MaximumLikelihoodDecoder(SingleParityCheckCode(n=4))
    np.testing.assert_array_equal(spc.decode([np.inf, -np.inf, 0.25, -0.5]).bits, [0, 1, 0])


@each_decoder
def test_llrs_of_any_kind_are_taken(decoder: Decoder) -> None:
    llr = np.round(4 * random_llrs(70, decoder.code.n))  # whole numbers, some of them 0
    expected = decoder.decode(llr)
    read_only = llr.copy()
    read_only.flags.writeable = False
    apart = np.zeros((140, 3 * decoder.code.n), np.float32)[::2, 1::3]
    apart[:] = llr
    same: list[Any] = [np.asfortranarray(llr), read_only, apart, llr.tolist()]
    same += [llr.astype(kind) for kind in (np.float64, np.float16, ">f4", np.int64, np.int16, np.longdouble)]
    for given in same:
        found = decoder.decode(given)
        for name in ("bits", "ok", "iterations"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for alone in (llr[5], llr[5].tolist(), llr[5].astype(int), apart[5]):
        found = decoder.decode(alone)
        for name, shape in (("bits", (decoder.code.k,)), ("ok", ()), ("iterations", ())):
            assert getattr(found, name).shape == shape
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name)[5])
    assert decoder.trace(llr[5]) is None or decoder.trace(llr[5].tolist()) is not None


def test_a_stream_for_other_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="llr has 5 frames, and the stream is for 3"):
        HardDecoder(UncodedCode(k=3)).decode(np.zeros((5, 3)), Stream(1, 3))


@each_decoder
def test_wrong_shapes_are_refused(decoder: Decoder) -> None:
    n = decoder.code.n
    good = np.ones((4, n), np.float32)
    wrong: dict[str, list[Any]] = {
        rf"llr must have shape \(frames, {n}\), or \({n},\) for one frame, got ": [
            good[None],
            1.0,
            np.ones(n + 1),
        ],
        r"llr must hold LLRs, positive for 0, not bits: bits become LLRs by 1.0 - 2 \* bits": [
            good.astype(np.uint8),
            good.astype(bool),
        ],
        "llr must hold real numbers, got ": [good * 1j, good.astype(str), good.astype(object)],
    }
    for words, bad_ones in wrong.items():
        for bad in bad_ones:
            with pytest.raises(ValueError, match=words):
                decoder.decode(bad)
    for other in (n - 1, n + 1, 0):
        with pytest.raises(ValueError, match=rf"llr must have shape \(frames, {n}\), got \(4, {other}\)"):
            decoder.decode(np.ones((4, other), np.float32))


class NotLinear(Code):
    def encode(self, bits: Bits) -> Bits:
        return bits


class NoDecoder(Decoder):
    def decode(self, llr: LLRs, stream: Any = None) -> DecodeResult:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("decoder", "code", "message"),
    [
        (HardDecoder, HammingCode(r=3), r"hard decides uncoded bits, not HammingCode\(n=7, k=4\)"),
        (HardDecoder, LinearCode(generator=[[1]]), "hard decides uncoded bits"),
        (MajorityDecoder, HammingCode(r=2), "majority combines the copies of a repetition code, not of Ham"),
        (SyndromeDecoder, NotLinear(n=3, k=1), r"syndrome decodes linear codes, not NotLinear\(n=3, k=1\)"),
        (SyndromeDecoder, UncodedCode(k=3), r"n - k from 1 to 20 .* not UncodedCode\(n=3, k=3\)"),
        (SyndromeDecoder, RepetitionCode(n=22), r"n - k from 1 to 20 .* not RepetitionCode\(n=22, k=1\)"),
        (MaximumLikelihoodDecoder, NotLinear(n=30, k=17), r"up to k = 16, not NotLinear\(n=30, k=17\)$"),
        (MaximumLikelihoodDecoder, NotLinear(n=10_000, k=16), r"not linear, up to 2\^k n = 2\^28, not NotL"),
        (MaximumLikelihoodDecoder, UncodedCode(k=17), "up to k = 16, not"),
        (BeliefPropagationDecoder, NotLinear(n=3, k=1), "bp decodes linear codes"),
    ],
)
def test_codes_are_refused_in_words(decoder: type[Decoder], code: Code, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decoder(code)
    assert re.search(message, str(decoder.refusal(code)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"algorithm": "max-product"}, "algorithm must be sum-product or min-sum, got 'max-product'"),
        ({"schedule": "random"}, "schedule must be flooding or layered, got 'random'"),
        ({"stop": "never"}, "stop must be syndrome or none, got 'never'"),
        ({"iterations": 0}, "iterations must be at least 1, got 0"),
        ({"algorithm": "min-sum", "scale": 0}, r"scale must lie in \(0, 1\], got 0"),
        ({"algorithm": "min-sum", "scale": 1.1}, r"scale must lie in \(0, 1\], got 1.1"),
        ({"algorithm": "min-sum", "scale": np.nan}, r"scale must lie in \(0, 1\], got nan"),
        ({"algorithm": "min-sum", "offset": -0.1}, "offset must be finite and not negative, got -0.1"),
        ({"algorithm": "min-sum", "offset": np.inf}, "offset must be finite"),
        ({"scale": 0.8}, "scale belongs to min-sum"),
        ({"offset": 0.1}, "offset belongs to min-sum"),
    ],
)
def test_bp_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BeliefPropagationDecoder(HammingCode(r=3), **options)


def test_input_is_soft_or_hard() -> None:
    makers: list[Any] = [MajorityDecoder, MaximumLikelihoodDecoder]
    for make in makers:
        with pytest.raises(ValueError, match="input must be soft or hard, got 'firm'"):
            make(RepetitionCode(n=3), input="firm")


def test_default_decoders_take_their_codes() -> None:
    named: dict[str, type[Decoder]] = {
        "hard": HardDecoder,
        "majority": MajorityDecoder,
        "syndrome": SyndromeDecoder,
        "ml": MaximumLikelihoodDecoder,
        "bp": BeliefPropagationDecoder,
    }
    codes = [*ML_CODES.values(), LDPC, PUNCTURED, HammingCode(r=6), LinearCode(generator=np.eye(13, 20))]
    for code in codes:
        assert named[code.default_decoder].refusal(code) is None
