"""Ordered statistics decoding: beside a plain search, maximum likelihood, and itself without the bound."""

import itertools
import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import LDPCCode, LinearCode, MaximumLikelihoodDecoder, OrderedStatisticsDecoder
from capgap.codes.tie_breaking import fixed_tie_bits
from capgap.codes.universal.information_sets.known_distance import known_distance
from capgap.simulate import run

from tests.codes.polar.samples import unmatched
from tests.codes.samples import Bits, LLRs, NotLinear, assert_same, random_llrs, send
from tests.codes.universal.samples import ML_CODES
from tests.lazy import Lazy

Array = npt.NDArray[Any]
STOPS: tuple[Literal["bound"], Literal["none"]] = ("bound", "none")


def drawn(k: int, n: int, seed: int = 1) -> LinearCode:
    return LinearCode(generator=np.random.default_rng(seed).integers(0, 2, (k, n)))


def basis_of(code: LinearCode, order: Array) -> tuple[list[int], Array]:
    """The first independent positions in an order, and the generator matrix that is the identity there."""
    basis: list[int] = []
    matrix = code.generator_matrix.copy()
    for position in order:
        row = len(basis)
        below = np.flatnonzero(matrix[row:, position])
        if len(below) == 0:
            continue
        matrix[[row, row + below[0]]] = matrix[[row + below[0], row]]
        others = np.flatnonzero(matrix[:, position])
        matrix[others[others != row]] ^= matrix[row]
        basis.append(int(position))
        if len(basis) == code.k:
            break
    return basis, matrix


def plain(code: LinearCode, llr: Array, order: int) -> tuple[Bits, bool]:
    """The best word that differs from the decisions in up to so many bits of the basis; whether it is alone."""
    hard = np.where(llr == 0, fixed_tie_bits(code.n), llr < 0).astype(np.uint8)
    basis, matrix = basis_of(code, np.argsort(-np.abs(llr), kind="stable"))
    changes = [each for weight in range(order + 1) for each in itertools.combinations(range(code.k), weight)]
    messages = np.tile(hard[basis], (len(changes), 1))
    for message, change in zip(messages, changes, strict=True):
        message[list(change)] ^= 1
    words = (messages @ matrix & 1).astype(np.uint8)
    costs = np.where(words != hard, np.abs(llr.astype(np.float64)), 0).sum(axis=1)
    best = np.isclose(costs, costs.min(), rtol=1e-12, atol=0)
    return words[costs.argmin()], bool(best.sum() == 1)


PLAIN: Lazy[LinearCode] = Lazy(
    {
        "(24,12)": lambda: drawn(12, 24),
        "(90,70), words of two": lambda: drawn(70, 90),
        "(100,8), tails of two": lambda: drawn(8, 100),
        "(10,10)": lambda: drawn(10, 10),
        "(32,16)": lambda: unmatched(n=32, k=16, construction="reed-muller"),
    }
)


@PLAIN.each("code")
@pytest.mark.parametrize("order", [0, 1, 2])
def test_candidates_are_those_of_a_plain_search(code: LinearCode, order: int) -> None:
    llr = np.concatenate([send(code, 1, 66)[1], random_llrs(4, code.n)])
    result = OrderedStatisticsDecoder(code, order=order, stop="none").decode(llr)
    tried = sum(math.comb(code.k, weight) for weight in range(order + 1))
    assert (result.counters["candidates"] == tried).all()
    for row, bits in zip(llr[: 70 if code.k < 70 else 8], result.bits, strict=False):
        word, alone = plain(code, row, order)
        if alone:
            np.testing.assert_array_equal(code.encode(bits), word)


@ML_CODES.each("code")
def test_order_k_is_maximum_likelihood(code: LinearCode) -> None:
    llr = random_llrs(500, code.n)
    expected = MaximumLikelihoodDecoder(code).decode(llr)
    for stop in STOPS:
        result = OrderedStatisticsDecoder(code, order=code.k, stop=stop).decode(llr)
        np.testing.assert_allclose(cost(code, llr, result.bits), cost(code, llr, expected.bits), atol=1e-4)
        np.testing.assert_array_equal(result.ok, expected.ok)
        np.testing.assert_array_equal(result.bits[expected.ok], expected.bits[expected.ok])


def cost(code: LinearCode, llr: LLRs, bits: Bits) -> Array:
    """The sums of the LLRs at the ones of codewords."""
    sums: Array = (llr.astype(np.float64) * code.encode(bits)).sum(axis=1)
    return sums


def test_a_moderate_order_reaches_maximum_likelihood_and_none_beats_it() -> None:
    code = drawn(12, 36)
    bits, llr = send(code, 1.5, 3000)
    best = MaximumLikelihoodDecoder(code).decode(llr)
    missed = []
    for order in range(4):
        result = OrderedStatisticsDecoder(code, order=order).decode(llr)
        more = cost(code, llr, result.bits) - cost(code, llr, best.bits)
        assert more.min() > -1e-4
        # Where it is wrong, and what was sent is likelier, maximum likelihood may be right; never the reverse.
        missed.append(int((more > 1e-4).sum()))
    errors = (best.bits != bits).any(axis=1).sum()
    assert missed[0] > 500 > missed[1] > missed[2] > missed[3]
    assert missed[3] <= errors / 20


@pytest.mark.parametrize("levels", [None, 2])
@pytest.mark.parametrize("name", ["reed-muller", "random", "two parts"])
def test_the_bound_changes_no_decision(name: str, levels: int | None) -> None:
    """Nor whether another is as likely: with LLRs of two magnitudes there are many ties."""
    code: LinearCode = {
        "reed-muller": lambda: unmatched(n=64, k=42, construction="reed-muller"),
        "random": lambda: drawn(20, 60),
        "two parts": lambda: drawn(66, 90),
    }[name]()
    for ebno_db in (0.0, 4.0):
        _, llr = send(code, ebno_db, 200)
        if levels is not None:
            llr = (np.sign(llr) * np.clip(np.round(np.abs(llr)), 1, levels)).astype(np.float32)
        bounded, free = (OrderedStatisticsDecoder(code, order=2, stop=stop).decode(llr) for stop in STOPS)
        assert_same(bounded, free)
        fewer = bounded.counters["candidates"]
        assert (fewer <= free.counters["candidates"]).all()
        assert levels is not None or fewer.mean() < 0.97 * free.counters["candidates"].mean()
        assert levels is None or ebno_db > 0 or not free.ok.all()


def test_erased_bits_of_the_basis_are_found_or_tossed() -> None:
    """Over erasures alone the word is found where what was received determines it, and elsewhere fits."""
    code = drawn(12, 24)
    bits = np.random.default_rng(2).integers(0, 2, (400, 12), np.uint8)
    word = code.encode(bits)
    erased = np.random.default_rng(3).random(word.shape) < 0.45
    llr = np.where(erased, 0, 1 - 2.0 * word).astype(np.float32)
    result = OrderedStatisticsDecoder(code, order=1).decode(llr)
    assert ((code.encode(result.bits) == word) | erased).all()
    np.testing.assert_array_equal(result.ok, MaximumLikelihoodDecoder(code).decode(llr).ok)
    np.testing.assert_array_equal(result.bits[result.ok], bits[result.ok])
    assert 0.1 < result.ok.mean() < 0.9


def test_distances_that_are_known() -> None:
    assert known_distance(unmatched(n=128, k=64, construction="reed-muller")) == 16
    assert known_distance(ML_CODES["hamming 4"]) == 3
    assert known_distance(drawn(30, 60)) == 1
    code = drawn(5, 20)
    assert known_distance(code) == code.minimum_distance()


def test_errors_of_maximum_likelihood_are_counted() -> None:
    link = {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller"}
    (row,) = run(
        {
            "name": "osd",
            "seed": 1,
            "channel": {"type": "awgn", "ebno_db": 1.5},
            "curves": [{"label": "osd", "code": link, "decoder": {"type": "osd", "order": 3}}],
            "stop": {"frames": 2000},
        },
        save=False,
    )
    assert 0.9 * row.frame_errors < row.counters["ml_errors"] <= row.frame_errors
    assert row.counters["candidates"] < 2000 * 697


def test_parameters_and_codes_are_refused_in_words() -> None:
    code = drawn(40, 60)
    for order in (-1, 41):
        with pytest.raises(ValueError, match=f"^order must lie in 0 to k = 40, got {order}"):
            OrderedStatisticsDecoder(code, order=order)
    with pytest.raises(ValueError, match=r"^order must be at most 8 for k = 40: order 9 has .* candidates"):
        OrderedStatisticsDecoder(code, order=9)
    wrong: Any = "early"
    with pytest.raises(ValueError, match=r"^stop must be bound or none, got 'early'"):
        OrderedStatisticsDecoder(code, stop=wrong)
    assert "osd decodes linear codes" in str(OrderedStatisticsDecoder.refusal(NotLinear(n=3, k=2)))
    assert "steps a frame" in str(OrderedStatisticsDecoder.refusal(LDPCCode.regular(8000, 4000, 3)))
