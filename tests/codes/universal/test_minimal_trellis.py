"""Minimal trellises: their states by ranks, their words, and what is known of some codes."""

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode, HammingCode, LinearCode, RepetitionCode, SingleParityCheckCode
from capgap.codes.binary import gf2
from capgap.codes.universal.trellis_decoding.minimal_trellis import (
    MinimalTrellis,
    minimal_trellis,
    trellis_of_matrix,
)

from tests.codes.samples import words_of
from tests.codes.universal.samples import ML_CODES


def words_through(trellis: MinimalTrellis) -> list[tuple[int, ...]]:
    """The labels of all paths."""
    paths: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for active, begins, ends, outputs in trellis.tables.tolist():
        longer = []
        for state, word in paths:
            assert state & ~active == 0
            for branch in {state, state | begins}:
                bit = (branch & outputs).bit_count() & 1
                longer.append((branch & ~ends, (*word, bit)))
        paths = longer
    assert {state for state, _ in paths} == {0}
    return [word for _, word in paths]


@ML_CODES.each("code")
def test_paths_are_the_codewords_and_states_the_fewest(code: LinearCode) -> None:
    trellis = minimal_trellis(code)
    assert trellis is not None
    words = words_through(trellis)
    assert len(words) == 1 << code.k
    assert set(words) == set(map(tuple, code.encode(words_of(code.k)).tolist()))
    # Past and future subcodes are what a state need not know of (Kschischang and Sorokine, 1995).
    G = code.generator_matrix
    for j in range(1, code.n):
        known = gf2.rank(np.ascontiguousarray(G[:, :j])) + gf2.rank(np.ascontiguousarray(G[:, j:])) - code.k
        assert trellis.profile[j] == known
    sizes = 2.0 ** np.bitwise_count(trellis.active | trellis.begins)
    assert trellis.branches == sizes.sum()


@pytest.mark.parametrize(
    ("code", "bits"),
    [
        (SingleParityCheckCode(n=300), 1),
        (RepetitionCode(n=300), 1),
        (HammingCode(r=4), 4),
        (ConvolutionalCode(generators=[133, 171], k=100), 7),
    ],
)
def test_states_of_some_codes(code: LinearCode, bits: int) -> None:
    trellis = minimal_trellis(code)
    assert trellis is not None
    assert trellis.profile.max() == bits
    assert trellis.bits <= bits + 1


def test_codes_beyond_all_bounds_have_none() -> None:
    assert trellis_of_matrix(np.random.default_rng(1).integers(0, 2, (70, 140), np.uint8)) is None
    assert minimal_trellis(LinearCode(generator=np.eye(2100, dtype=np.uint8))) is None
