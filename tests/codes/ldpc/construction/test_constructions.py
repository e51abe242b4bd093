"""Constructions: the codes that are published, degrees, girth, seeds, and what is told of wrong parameters."""

import inspect
from typing import Any

import numpy as np
import pytest
from capgap.codes import LDPCCode, LinearCode, LinearRateMatchedCode
from capgap.codes.ldpc.analysis.cycles import short_cycles
from capgap.codes.ldpc.by_name import ldpc
from capgap.codes.ldpc.construction.table import CONSTRUCTIONS
from capgap.codes.universal.information_sets.low_weight_words import low_weight_words

from tests.lazy import but_slow


def sent(name: Any, **given: Any) -> LinearCode:
    """The code as configurations name it."""
    code = ldpc(construction=name, **given)
    assert isinstance(code, LinearCode)
    return code


def made(name: str, **given: Any) -> LDPCCode:
    """The code with all columns."""
    code = sent(name, **given)
    whole = code.inner if isinstance(code, LinearRateMatchedCode) else code
    assert isinstance(whole, LDPCCode)
    return whole


def degrees(code: LDPCCode) -> tuple[dict[int, int], dict[int, int]]:
    facts = code.info()
    return facts["variables by degree"], facts["checks by degree"]


#: n, k, girth, ones a column, as published: Kou, Lin and Fossorier (2001), tables I and II; Fan (2000); Tanner (2001);
#: MacKay and Postol (2003).
PUBLISHED: list[tuple[str, dict[str, int], tuple[int, int, int, int]]] = [
    ("euclidean-geometry", {"s": 2}, (15, 7, 6, 4)),
    ("euclidean-geometry", {"s": 3}, (63, 37, 6, 8)),
    ("euclidean-geometry", {"s": 4}, (255, 175, 6, 16)),
    ("euclidean-geometry", {"s": 5}, (1023, 781, 6, 32)),
    ("projective-geometry", {"s": 2}, (21, 11, 6, 5)),
    ("projective-geometry", {"s": 3}, (73, 45, 6, 9)),
    ("projective-geometry", {"s": 4}, (273, 191, 6, 17)),
    ("array", {"lifting_size": 7, "column_weight": 3, "row_weight": 7}, (49, 30, 6, 3)),
    ("array", {"lifting_size": 53, "column_weight": 3, "row_weight": 20}, (1060, 903, 6, 3)),
    ("tanner", {}, (155, 64, 8, 3)),
    ("margulis", {}, (2640, 1320, 8, 3)),
]


@pytest.mark.parametrize(
    ("name", "given", "known"), but_slow(PUBLISHED, [PUBLISHED[i] for i in (2, 5, 7, 9, 10)])
)
def test_published_codes(name: str, given: dict[str, int], known: tuple[int, int, int, int]) -> None:
    code = made(name, **given)
    facts = code.info()
    girth = short_cycles(code.tanner_graph, code.lifting_size, most_steps=1e10, longest=8).girth
    assert (code.n, code.k, girth, *facts["variables by degree"]) == known
    assert len(facts["checks by degree"]) == 1


def test_distances_as_published() -> None:
    """2^s + 1 and 2^s + 2 of planes, 20 of Tanner's code; and cyclic codes have shifts of words as words."""
    for name, given, distance in (
        ("euclidean-geometry", {"s": 3}, 9),
        ("projective-geometry", {"s": 2}, 6),
        ("projective-geometry", {"s": 3}, 10),
    ):
        code = made(name, **given)
        assert code.info()["minimum distance"] == distance
        words = low_weight_words(code, seconds=60, sets=40).lightest
        assert (words.sum(axis=1) == distance).all()
        assert not code.syndrome(np.roll(words, 1, axis=1)).any()
    assert made("euclidean-geometry", s=3).lifting_size == 63


def test_margulis_has_no_six_cycles_and_1320_of_length_8() -> None:
    facts = made("margulis").info()
    assert facts["cycles by length"] == {4: 0, 6: 0, 8: 1320, 10: 11088}
    assert made("margulis", prime=7).n == 2 * 7 * 48


def test_progressive_edge_growth() -> None:
    """Girth 8 at n = 1008, as Hu and others have it; nearly equal rows, the same for the same seed."""
    code = made("peg", n=1008, k=504, column_weight=3)
    assert code.info()["girth"] == 8
    assert code.info()["cycles by length"][8] < 200
    variables, checks = degrees(code)
    assert variables == {3: 1008}
    assert set(checks) <= {5, 6, 7}
    small = [
        made("peg", n=384, k=192, variables={2: 0.3, 3: 0.4, 8: 0.3}, seed=seed, **more)
        for seed, more in ((0, {}), (0, {}), (1, {}), (0, {"ace": True}))
    ]
    matrices = [each.parity_check_matrix for each in small]
    assert np.array_equal(matrices[0], matrices[1])
    assert not np.array_equal(matrices[0], matrices[2])
    assert not np.array_equal(matrices[0], matrices[3])
    assert all(degrees(each)[0] == {2: 179, 3: 160, 8: 45} for each in small)
    assert small[0].tanner_graph.girth() >= 6
    shared = matrices[0].T.astype(int) @ matrices[0]
    assert shared[~np.eye(384, dtype=bool)].max() <= 1


def test_irregular_degrees_are_rounded_to_the_nearest() -> None:
    shares = {2: 0.3, 3: 0.4, 8: 0.3}
    code = made("irregular", n=1000, variables=shares, checks={6: 0.5, 7: 0.5})
    variables, checks = degrees(code)
    ideal = {d: share / d for d, share in shares.items()}
    assert all(abs(variables[d] - 1000 * ideal[d] / sum(ideal.values())) < 2 for d in shares)
    assert set(checks) == {6, 7}
    assert sum(d * count for d, count in variables.items()) == sum(d * count for d, count in checks.items())
    assert (
        code.info()["variables, as rounded"] == "2.83 of 1000 nodes away from the distribution, mean 3.11688"
    )
    assert code.info()["girth"] == 6
    by_nodes = made("irregular", n=100, k=50, variables={2: 0.5, 4: 0.5}, perspective="node")
    assert degrees(by_nodes) == ({2: 50, 4: 50}, {6: 50})
    # 303 edges on 51 or 50 checks of degree 6: one check has another degree.
    assert sum(degrees(made("irregular", n=101, variables={3: 1}, checks={6: 1}))[1].values()) == 51


def test_random_codes_have_their_degrees() -> None:
    gallager = made("gallager", n=1008, k=504, column_weight=3)
    assert (degrees(gallager), gallager.k) == (({3: 1008}, {6: 504}), 506)
    band = gallager.parity_check_matrix[:168]
    assert (band.sum(axis=0) == 1).all()
    mackay = made("mackay-neal", n=1008, k=504, column_weight=3)
    assert degrees(mackay) == ({3: 1008}, {6: 504})
    assert mackay.info()["girth"] == 6
    assert degrees(made("ldgm", n=100, k=50, column_weight=4)) == ({1: 50, 4: 50}, {5: 50})
    assert degrees(made("regular", n=48, k=24, column_weight=3)) == ({3: 48}, {6: 24})
    with_repeats = LDPCCode.regular(48, 24, 3).parity_check_matrix
    assert np.array_equal(made("regular", n=48, k=24, column_weight=3).parity_check_matrix, with_repeats)


def test_protographs_are_lifted_with_their_entries() -> None:
    base = np.array([[1, 2, 0, 0, 0], [0, 3, 1, 1, 1], [0, 1, 2, 2, 1]])
    whole = made("protograph", base=base.tolist(), lifting_size=16)
    blocks = whole.parity_check_matrix.reshape(3, 16, 5, 16)
    assert (blocks.sum(axis=1) == base[:, :, None]).all()
    assert (blocks.sum(axis=3) == base[:, None]).all()
    turned = np.roll(np.roll(blocks, 1, axis=1), 1, axis=3)
    assert np.array_equal(blocks, turned)
    code = sent("ar4ja", lifting_size=16)
    assert isinstance(code, LinearRateMatchedCode)
    assert np.array_equal(code.punctured, 16 + np.arange(16))
    assert (code.n, code.k) == (64, 32)
    for rate, n in (("2/3", 96), ("3/4", 128), ("4/5", 160)):
        assert sent("ar4ja", rate=rate, k=n * int(rate[0]) // int(rate[2])).n == n
    assert sent("ara", k=64).n == 128


def test_girth_is_reached_or_told() -> None:
    searched = made("protograph", base=[[1] * 6] * 3, girth=8)
    assert (searched.info()["girth"], searched.lifting_size) == (8, 23)
    assert made("protograph", base=[[1] * 4] * 3, girth=10, lifting_size=61).info()["girth"] >= 10
    with pytest.raises(
        ValueError, match=r"girth 10 was not reached with lifting_size 20 and 20 seeds, only 8"
    ):
        made("protograph", base=[[1] * 6] * 3, lifting_size=20, girth=10)


def test_chains() -> None:
    """Kudekar, Richardson and Urbanke's (3, 6) chain: rate 1/2 less 1 / length, checks of degree 2 and 4 at the ends."""
    chain = made("coupled", base=[[3, 3]], memory=2, length=10, lifting_size=20)
    assert degrees(chain) == ({3: 400}, {2: 40, 4: 40, 6: 160})
    assert (chain.n, chain.tanner_graph.checks) == (400, 240)
    positions = np.repeat(np.arange(12), 20)[np.repeat(np.arange(240), chain.tanner_graph.check_degrees)]
    ahead = positions - chain.tanner_graph.edge_variable // 40
    assert set(ahead.tolist()) == {0, 1, 2}
    parts = made("coupled", components=[[[1, 1]]] * 3, length=10, lifting_size=20)
    assert np.array_equal(parts.parity_check_matrix, chain.parity_check_matrix)
    ring = made("coupled", base=[[3, 3]], memory=2, length=10, lifting_size=20, termination="tail-biting")
    assert degrees(ring) == ({3: 400}, {6: 200})


def test_accumulators_encode() -> None:
    """The sums are those that the definition says, and the bits themselves are not sent."""
    code = sent("ra", k=20, repeat=3)
    assert isinstance(code, LinearCode)
    assert (code.n, code.k) == (60, 20)
    whole = made("ra", k=20, repeat=3)
    order = whole.parity_check_matrix[:, :20].argmax(axis=1)
    bits = np.random.default_rng(1).integers(2, size=(9, 20))
    assert not whole.syndrome(np.hstack([bits, np.cumsum(bits[:, order], axis=1) % 2])).any()
    assert not code.syndrome(np.cumsum(bits[:, order], axis=1) % 2).any()
    systematic = made("ra", k=20, repeat=4, combine=2, systematic=True)
    assert (systematic.n, systematic.k, degrees(systematic)[1]) == (60, 20, {3: 1, 4: 39})
    ira = made("ira", n=200, k=100, variables={3: 0.5, 8: 0.5})
    assert (ira.systematic, ira.k) == (True, 100)
    assert np.array_equal(ira.information_set, np.arange(100))
    assert ira.tanner_graph.girth() >= 6


def test_quantum_codes_commute() -> None:
    rows = ["1101000", "0110100", "0011010"]
    x, z = (made("hypergraph-product", first=rows, second=["110", "011"], part=part) for part in ("x", "z"))
    assert not (x.parity_check_matrix.astype(int) @ z.parity_check_matrix.T % 2).any()
    assert x.parity_check_matrix.shape == (9, 27)
    assert z.parity_check_matrix.shape == (14, 27)
    bicycle = made("bicycle", n=120, k=80, row_weight=8).parity_check_matrix.astype(int)
    assert not (bicycle @ bicycle.T % 2).any()
    assert (bicycle.shape, set(bicycle.sum(axis=1))) == ((40, 120), {8})


def test_parameters_of_all_constructions_are_those_of_ldpc() -> None:
    signature = inspect.signature(ldpc).parameters
    for name, make in CONSTRUCTIONS.items():
        for parameter in inspect.signature(make).parameters.values():
            assert parameter.name in signature, (name, parameter.name)
            assert parameter.kind is parameter.KEYWORD_ONLY


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("peg", {"n": 100}, "construction: peg has n, k, column_weight, .*; missing: k"),
        ("peg", {"n": 100, "k": 50}, "give one of column_weight, of all columns, and variables"),
        ("peg", {"n": 100, "k": 50, "variables": {2: 0.5, 3: 0.4}}, "variables must add up to 1, .* {2: 0.555556, 3"),
        ("peg", {"n": 100, "k": 50, "variables": {2: 0.5, 60: 0.5}}, "degree 60 is more than there are checks, 50"),
        ("peg", {"n": 100, "k": 50, "prime": 7}, "prime is no parameter of peg, .* one of margulis"),
        ("peg", {"n": 100, "k": 100, "column_weight": 3}, "k must lie in 1 to n - 1 = 99, got 100"),
        ("peg", {"n": 4, "k": 2, "column_weight": 3}, "column_weight must lie in 1 to 2, got 3"),
        ("irregular", {"n": 100, "variables": {3: 1}}, "checks is missing"),
        ("irregular", {"n": 100, "variables": {3: 1}, "checks": {3: 1}}, "the mean degree of checks, 3, must exceed"),
        ("irregular", {"n": 99, "k": 50, "variables": {3: 1}, "checks": {20: 1}}, "variables and checks do not fit"),
        ("irregular", {"n": 99, "k": 50, "variables": {3: 1, "x": 1}}, "a degree must be a whole number, got 'x'"),
        ("irregular", {"n": 99, "k": 50, "variables": {3: 1}, "perspective": "both"}, "perspective must be edge or"),
        ("gallager", {"n": 100, "k": 47, "column_weight": 3}, "k: n - k = 53 rows must be 3 .* k = 40 would do"),
        ("array", {"lifting_size": 50, "column_weight": 3, "row_weight": 5}, "must be a prime, got 50: 47 is the near"),
        ("tanner", {"row_weight": 7}, "row_weight must divide 31 - 1, got 7; 6 would do"),
        ("margulis", {"prime": 2}, "prime must be odd"),
        ("euclidean-geometry", {"s": 8}, "m s must be at most 12"),
        ("projective-geometry", {"s": 9}, "s must lie in 1 to 8, got 9"),
        ("protograph", {"base": [[3, 3]], "lifting_size": 2}, "lifting_size must be at least 3, the largest entry"),
        ("protograph", {"base": [[3, 3]], "girth": 8}, "girth is at most 6 where three circulants are in one block"),
        ("protograph", {"base": [[3, 3]]}, "lifting_size is missing: give it, or girth"),
        ("protograph", {"base": [[3, 0]], "lifting_size": 9}, "base must have no row and no column of zeros"),
        ("protograph", {"base": [[3], [1, 2]], "lifting_size": 9}, "base must have rows of equal length"),
        ("coupled", {"base": [[3, 3]], "length": 3, "lifting_size": 9}, "memory is missing"),
        ("coupled", {"length": 3, "lifting_size": 9}, "give one of components"),
        ("ar4ja", {"k": 1023}, "k must be a multiple of 2 at rate 1/2, got 1023: 1024 would do"),
        ("ar4ja", {"k": 1024, "rate": "3/5"}, "rate must be 1/2, 2/3, 3/4, 4/5, got '3/5'"),
        ("ara", {"k": 64, "repeat": 5}, "repeat must be 3 or 4, got 5"),
        ("ra", {"k": 10, "repeat": 3, "combine": 4}, "combine must divide the 30 repeated bits, got 4; 3 would do"),
        ("ra", {"k": 10, "repeat": 3, "combine": 3}, "repeat must exceed combine unless the bits are sent"),
        ("bicycle", {"n": 20, "k": 12, "row_weight": 5}, "row_weight must be even, half in each circulant, got 5: 6"),
        ("hypergraph-product", {"first": ["2"]}, "first must hold only 0 and 1"),
        ("peg", {"n": 200_000, "k": 100_000, "column_weight": 3}, "construction: peg may have up to 250000 ones, and would"),
        ("coupled", {"base": [[3, 3]], "memory": 1, "length": 2000, "lifting_size": 9}, "length must be smaller"),
        ("spiral", {}, "construction must be regular, gallager"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(name: str, given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        sent(name, **given)


def test_constructions_are_beside_other_sources() -> None:
    with pytest.raises(ValueError, match="ldpc takes one of parity_check"):
        ldpc(construction="tanner", standard="wifi")
    with pytest.raises(ValueError, match="base belongs to a construction, which is not named"):
        ldpc(n=24, k=12, column_weight=3, base=[[1]])
    assert ldpc(construction="tanner", puncture={"block_columns": [0]}).n == 124
