"""Bounds on the binary symmetric and erasure channels against enumeration and closed forms."""

import itertools
import math

import numpy as np
import pytest
from capgap.bounds import bound


@pytest.mark.parametrize("f", [0.05, 0.11, 0.3])
@pytest.mark.parametrize("n", [1, 5, 9])
@pytest.mark.parametrize("log2_m", [1.0, 2.5, 4.0])
def test_bsc_bounds_are_what_enumeration_gives(n: int, f: float, log2_m: float) -> None:
    """Over all 2^n received words, with nothing known of shells: the codeword sent is 0."""
    m = 2**log2_m
    weights = np.array([sum(word) for word in itertools.product((0, 1), repeat=n)])
    p = f**weights * (1 - f) ** (n - weights)
    q = 2.0**-n
    rcu = sum(p[i] * min(1, (m - 1) * q * np.count_nonzero(p >= p[i] * (1 - 1e-12))) for i in range(len(p)))
    dt = sum(each * min(1, (m - 1) / 2 * q / each) for each in p)
    # The best test of size 1/M: the likeliest words first, the last of them in part.
    order = np.sort(p)[::-1]
    whole = int(min(2**n / m, 2**n))
    caught = order[:whole].sum() + (2**n / m - whole) * (order[whole] if whole < 2**n else 0)
    for name, expected in (("rcu", rcu), ("dt", dt), ("converse", 1 - caught)):
        log = bound("bsc", name).log_error_probability(n, log2_m, f)
        assert math.exp(log) == pytest.approx(min(expected, 1.0), rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("epsilon", [0.1, 0.5])
@pytest.mark.parametrize("n", [1, 4, 7])
@pytest.mark.parametrize("log2_m", [1.0, 2.5, 4.0])
def test_bec_bounds_are_what_enumeration_gives(n: int, epsilon: float, log2_m: float) -> None:
    m = 2**log2_m
    sums = {"rcu": 0.0, "dt": 0.0, "converse": 0.0}
    for pattern in itertools.product((0, 1), repeat=n):
        erased = sum(pattern)
        p = epsilon**erased * (1 - epsilon) ** (n - erased)
        # A wrong codeword drawn at random agrees with what is left.
        agrees = float(
            np.mean(
                [
                    all(w == 0 or e for w, e in zip(word, pattern, strict=True))
                    for word in itertools.product((0, 1), repeat=n)
                ]
            )
        )
        sums["rcu"] += p * min(1.0, (m - 1) * agrees)
        sums["dt"] += p * min(1.0, (m - 1) / 2 * agrees)
        sums["converse"] += p * max(0.0, 1 - 1 / (agrees * m))
    for name, expected in sums.items():
        log = bound("bec", name).log_error_probability(n, log2_m, epsilon)
        assert math.exp(log) == pytest.approx(expected, rel=1e-9, abs=1e-12), name


def test_random_codes_do_as_well_as_the_union_bound_says() -> None:
    """The mean error of 4000 random codes of 8 words of length 7, decoded best, is below dt and rcu: exact errors."""
    generator = np.random.default_rng(5)
    n, m, f = 7, 8, 0.08
    words = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.uint8)
    errors = []
    for _ in range(400):
        code = words[generator.integers(2**n, size=m)]
        distance = (words[:, None, :] != code[None]).sum(2)
        likelihood = f**distance * (1 - f) ** (n - distance)
        errors.append(1 - likelihood.max(1).sum() / m)
    mean = float(np.mean(errors))
    for name in ("rcu", "dt", "gallager"):
        assert mean < bound("bsc", name).error_probability(n, 3 / 7, f), name
    assert min(errors) > bound("bsc", "converse").error_probability(n, 3 / 7, f)


@pytest.mark.parametrize(("n", "k"), [(7, 4), (15, 11), (23, 12)])
def test_perfect_codes_meet_the_converse(n: int, k: int) -> None:
    """Nothing is better than the Hamming and Golay codes, whose error probabilities are closed forms."""
    radius = 3 if n == 23 else 1
    f = 0.03
    error = sum(math.comb(n, t) * f**t * (1 - f) ** (n - t) for t in range(radius + 1, n + 1))
    assert bound("bsc", "converse").error_probability(n, k / n, f) == pytest.approx(error, rel=1e-10)


def test_lengths_for_ninety_per_cent_of_capacity() -> None:
    """Lengths for 90 % of capacity at an error of 1e-3 on the BEC(0.5)."""
    for name, length in (("rcu", 1021), ("gallager", 1380)):
        each = bound("bec", name)
        assert each.rate(length, 1e-3, 0.5) >= 0.45 > each.rate(length - 1, 1e-3, 0.5)


def test_normal_approximation_by_hand() -> None:
    """The BSC has half a log2 n more, the BEC has not."""
    q = 3.090232306167813  # Q^-1(1e-3)
    f, n = 0.11, 500
    capacity = 1 + f * math.log2(f) + (1 - f) * math.log2(1 - f)
    dispersion = f * (1 - f) * math.log2((1 - f) / f) ** 2
    expected = n * capacity - math.sqrt(n * dispersion) * q + math.log2(n) / 2
    assert bound("bsc", "normal-approximation").log2_size(n, 1e-3, f) == pytest.approx(expected, rel=1e-12)
    expected = n * 0.6 - math.sqrt(n * 0.4 * 0.6) * q
    assert bound("bec", "normal-approximation").log2_size(n, 1e-3, 0.4) == pytest.approx(expected, rel=1e-12)
