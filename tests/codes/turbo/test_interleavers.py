"""Interleavers: each construction against its definition, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes.turbo.interleavers import (
    almost_regular,
    at_random,
    block,
    convolutional,
    interleaver_of,
    permutation,
    quadratic,
    s_random,
    spread,
)


def test_constructions() -> None:
    assert quadratic(40, f1=3, f2=10).tolist() == [(3 * i + 10 * i * i) % 40 for i in range(40)]
    assert block(12, rows=3).tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert block(10, rows=3).tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 3, 7]
    found = almost_regular(48, p=11, q=[0, 48, 0, 48], start=1)
    assert found.tolist() == [(11 * i + 1) % 48 for i in range(48)]
    shifted = almost_regular(16, p=5, q=[0, 4, 8, 4], start=3)
    assert shifted.tolist() == [(5 * i + [0, 4, 8, 4][i % 4] + 3) % 16 for i in range(16)]


def test_random_permutations_follow_from_their_seed() -> None:
    assert at_random(12, seed=1).tolist() == at_random(12, seed=1).tolist()
    assert at_random(12, seed=1).tolist() != at_random(12, seed=2).tolist()
    # They stay the same for ever: results name them by their seed.
    assert at_random(12, seed=1).tolist() == RANDOM_12
    assert s_random(12, s=2, seed=1).tolist() == S_RANDOM_12
    assert interleaver_of("random", 12).tolist() == at_random(12, seed=0).tolist()


RANDOM_12 = [8, 11, 4, 0, 5, 6, 10, 3, 2, 7, 9, 1]
S_RANDOM_12 = [4, 10, 1, 6, 9, 3, 0, 8, 5, 11, 2, 7]


@pytest.mark.parametrize(("k", "s"), [(16, 2), (40, 4), (256, 11), (1000, 22), (1000, 3)])
def test_s_random_permutations_keep_bits_apart(k: int, s: int) -> None:
    order = s_random(k, s=s, seed=7)
    assert sorted(order.tolist()) == list(range(k))
    for distance in range(1, s + 1):
        assert (np.abs(order[distance:] - order[:-distance]) > s).all()


def test_without_s_it_is_the_root_of_half_the_length_or_a_little_less() -> None:
    assert spread(s_random(1000)) >= 23
    assert sorted(s_random(3).tolist()) == [0, 1, 2]
    assert s_random(1).tolist() == [0]


def test_spread_is_the_least_sum_of_both_distances() -> None:
    for order in (at_random(60, seed=3), quadratic(40, f1=3, f2=10), block(35, rows=5), at_random(1)):
        k = len(order)
        pairs = [(i, j) for i in range(k) for j in range(i)]
        expected = min((i - j + abs(int(order[i]) - int(order[j])) for i, j in pairs), default=2 * k)
        assert spread(order) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([0, 2, 1, 2, 3], "no permutation: index 3 has 2, as index 1 has"),
        ([0, 5, 1, 2, 3], "no permutation: index 1 has 5, and bits go from 0 to 4"),
        ([0, -1, 1, 2, 3], "no permutation: index 1 has -1"),
        ([0, 1, 2], "interleaver must have 5 numbers, one for each bit, got 3"),
        ([0.5, 1, 2, 3, 4], "interleaver must be a list of whole numbers"),
        (
            "helical",
            "interleaver: type must be random, s-random, qpp, arp, block, convolutional, got 'helical'",
        ),
        ({"type": "qpp", "f1": 3}, "interleaver: qpp takes f1, f2; missing: f2"),
        ({"type": "qpp", "f1": 3, "f2": 10, "f3": 1}, "interleaver: qpp takes f1, f2; unknown: f3"),
        ({"type": "qpp", "f1": 2, "f2": 1}, "interleaver is no permutation: index 2 has 3, as index 1 has"),
        ({"type": "s-random", "s": 5}, "interleaver: s must lie in 1 to 4, got 5"),
        ({"type": "s-random", "s": 4}, "interleaver: s: no permutation of 5 bits was found for 4"),
        (
            {"type": "convolutional", "branches": 3, "delay": 1},
            "interleaver: branches must divide the 5 bits, such as 5",
        ),
        ({"type": "block", "rows": 0}, "interleaver: rows must lie in 1 to 5"),
        ({"type": "arp", "p": 1, "q": "0"}, "interleaver: q must be a list of whole numbers"),
        ({"type": "random", "seed": "x"}, "interleaver: seed must be a whole number"),
    ],
)
def test_what_is_no_interleaver_is_refused_in_words(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        interleaver_of(value, 5)


def test_short_cycles_are_refused_with_the_first_index_where_a_spread_is_asked_for() -> None:
    order = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert interleaver_of(order, 12, 4).tolist() == order
    with pytest.raises(
        ValueError, match="short cycle: index 0 has 0 and index 3 has 1, a spread of 4 where 5"
    ):
        interleaver_of(order, 12, 5)
    near = [0, 7, 2, 9, 4, 5, 11, 1, 8, 3, 10, 6]
    with pytest.raises(
        ValueError, match="index 4 has 4 and index 5 has 5, a spread of 2 where 3 is asked for"
    ):
        interleaver_of(near, 12, 3)


@pytest.mark.parametrize("least", [1, 0, -3])
def test_a_spread_that_every_interleaver_has_is_no_demand(least: int) -> None:
    assert len(interleaver_of("random", 12, 2)) == 12
    with pytest.raises(
        ValueError, match=f"spread must be at least 2, which every interleaver has, got {least}"
    ):
        interleaver_of("random", 12, least)


def test_what_interleaves_nothing_is_refused() -> None:
    for order in (np.arange(20), np.arange(20)[::-1]):
        with pytest.raises(ValueError, match="leaves all bits, from index 0 on, beside their neighbours"):
            interleaver_of(order.tolist(), 20)
    with pytest.raises(ValueError, match="leaves all bits"):
        interleaver_of({"type": "block", "rows": 1}, 20)


def test_files_hold_numbers(tmp_path: Path) -> None:
    file = tmp_path / "order.txt"
    file.write_text("# from 0\n2 0\n1\n")
    assert interleaver_of(file, 3).tolist() == [2, 0, 1]
    file.write_text("2 0\nx\n")
    with pytest.raises(ValueError, match=r"order.txt:2: expected an integer, found 'x'"):
        interleaver_of(file, 3)


def test_a_permutation_cannot_be_written() -> None:
    found = permutation([1, 0], 2)
    assert found.dtype == np.int32
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 0


def test_a_convolutional_interleaver_delays_its_lines() -> None:
    """A bit that enters at i in line i % 3 leaves (i % 3) 2 turns of 3 later, round the frame."""
    order = convolutional(30, branches=3, delay=2)
    for i in range(30):
        left = (i + 3 * 2 * (i % 3)) % 30
        assert order[left] == i
