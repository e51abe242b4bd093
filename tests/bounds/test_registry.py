"""What all bounds have in common: order, monotonicity, inverses, range, and messages."""

import math

import pytest
from capgap.bounds import BOUNDS, Bound, BoundError, bound, bounds

from tests.lazy import but_slow

ALL = [each for channel in BOUNDS for each in bounds(channel)]
FINITE = [each for each in ALL if each.kind != "capacity"]
VALUES = {"bsc": (0.02, 0.11, 0.3), "bec": (0.1, 0.5, 0.8), "awgn": (0.1, 0.5, 50.0), "bpsk": (0.1, 0.6, 3.0)}


def name(each: Bound) -> str:
    return f"{each.channel}-{each.name}"


@pytest.mark.parametrize("channel", list(BOUNDS))
@pytest.mark.parametrize(
    ("n", "error"),
    [
        pytest.param(n, error, marks=[] if (n, error) in ((20, 1e-3), (2000, 1e-9)) else pytest.mark.slow)
        for n in (20, 128, 2000)
        for error in (0.3, 1e-3, 1e-9)
    ],
)
def test_the_converse_is_never_below_achievability(channel: str, n: int, error: float) -> None:
    for value in VALUES[channel]:
        limit = bound(channel, "converse").log2_size(n, error, value)
        for each in bounds(channel):
            if each.kind == "achievability":
                assert each.log2_size(n, error, value) <= limit + 1e-6, (each.name, value)
                for log2_m in (n / 2,) if channel == "bpsk" else (1, n / 4, n / 2, 0.9 * n):
                    reached = each.log_error_probability(n, log2_m, value)
                    least = bound(channel, "converse").log_error_probability(n, log2_m, value)
                    assert reached >= least - 1e-3, (each.name, value, log2_m)


@pytest.mark.parametrize("each", but_slow(FINITE, FINITE[::3]), ids=name)
def test_inverses(each: Bound) -> None:
    for n, error in ((64, 1e-2), (1000, 1e-6)):
        for value in VALUES[each.channel][:2]:
            log2_m = each.log2_size(n, error, value)
            if log2_m == 0:
                continue
            assert each.log_error_probability(n, log2_m, value) == pytest.approx(math.log(error), rel=1e-6)
            found = each.value(n, log2_m / n, error)
            assert found is not None
            assert found == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("each", but_slow(FINITE, FINITE[1::3]), ids=name)
def test_more_rate_noise_or_reliability_costs(each: Bound) -> None:
    n, value = 200, VALUES[each.channel][1]
    logs = [each.log_error_probability(n, n * r, value) for r in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8)]
    assert logs == sorted(logs)
    assert all(log <= 0 for log in logs)
    sizes = [each.log2_size(n, error, value) for error in (1e-12, 1e-6, 1e-3, 0.1, 0.5)]
    assert sizes == sorted(sizes)
    # The channel's value grows with the noise on the discrete channels and falls with it on the Gaussian ones.
    sign = 1 if each.channel in ("bsc", "bec") else -1
    found = [each.value(n, 0.3, error) for error in (1e-6, 1e-3, 0.1)]
    present = [sign * x for x in found if x is not None]
    assert present == sorted(present)


@pytest.mark.parametrize("each", FINITE, ids=name)
def test_long_blocks_and_rare_errors(each: Bound) -> None:
    """At n = 100,000 and an error of 1e-15 all bounds are finite and within reach of the capacity."""
    n, error, value = 100_000, 1e-15, VALUES[each.channel][1]
    capacity = bound(each.channel, "capacity").rate(n, error, value)
    rate = each.rate(n, error, value)
    assert 0.3 * capacity < rate < capacity
    assert each.log_error_probability(n, n * rate, value) == pytest.approx(math.log(error), rel=1e-6)
    if each.name not in ("expurgated",):
        assert rate > 0.92 * capacity


@pytest.mark.parametrize("channel", list(BOUNDS))
def test_bounds_close_in_on_the_normal_approximation(channel: str) -> None:
    value = VALUES[channel][1]
    best = "dt" if channel == "bec" else "rcu"
    for n, gap in ((500, 12), (5000, 12)):
        middle = bound(channel, "normal-approximation").log2_size(n, 1e-3, value)
        assert abs(bound(channel, "converse").log2_size(n, 1e-3, value) - middle) < gap
        assert abs(bound(channel, best).log2_size(n, 1e-3, value) - middle) < gap


def test_bpsk_codes_keep_the_converse_for_any_input() -> None:
    """BPSK has equal energies, so that Shannon's cones hold for its codes as well."""
    for n in (20, 100, 1000):
        for rate in (0.1, 0.5):
            any_input = bound("awgn", "converse").value(n, rate, 1e-4)
            for name in ("rcu", "dt", "gallager", "expurgated"):
                binary = bound("bpsk", name).value(n, rate, 1e-4)
                assert any_input is not None
                assert binary is None or binary > any_input


def test_where_no_channel_is_good_enough() -> None:
    assert bound("bsc", "rcu").value(20, 1.0, 1e-3) is None
    assert bound("bpsk", "rcu").value(20, 1.0, 1e-3) is None
    assert bound("bsc", "converse").value(20, 1.0, 1e-3) == pytest.approx(1 - 0.999 ** (1 / 20), rel=1e-6)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: bounds("bsk"), "bsc, bec, awgn, bpsk"),
        (lambda: bound("bec", "kappa-beta"), "converse"),
        (lambda: bound("awgn", "kappa-beta").rate(2, 1e-3, 1.0), "3"),
        (lambda: bound("bpsk", "rcu").value(7, 0.1, 1e-3), "one information bit"),
        (lambda: bound("bsc", "rcu").rate(100, 0.0, 0.1), "error"),
        (lambda: bound("bsc", "rcu").rate(100, 0.1, 0.6), "f must"),
        (lambda: bound("bsc", "rcu").value(100, 1.1, 0.1), "rate"),
        (lambda: bound("bsc", "rcu").log_error_probability(100, -1, 0.1), "log2_m"),
    ],
)
def test_messages(call, word: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=word):
        call()


@pytest.mark.parametrize("each", ALL, ids=name)
def test_each_names_its_source(each: Bound) -> None:
    assert any(year in each.source for year in ("1948", "1959", "1968", "2010", "2011", "2021"))
    assert "\n" not in each.source


@pytest.mark.parametrize("each", ALL, ids=name)
def test_a_converse_on_a_gaussian_channel_says_for_which_words_it_holds(each: Bound) -> None:
    if each.kind == "converse" and each.channel in ("awgn", "bpsk"):
        assert each.restriction
        assert f"words of {each.restriction}" in each.source
    else:
        assert each.constraint is None
        assert each.restriction == ""
    assert bound("awgn", "converse").restriction == bound("bpsk", "converse").restriction == "equal energy"


@pytest.mark.parametrize("each", FINITE, ids=name)
def test_there_is_no_code_of_less_than_one_bit(each: Bound) -> None:
    n, value = 8, VALUES[each.channel][1]
    for error in (1e-9, 0.05, 0.6):
        size = each.log2_size(n, error, value)
        assert size == 0 or size >= 1 - 1e-6
    assert each.error_probability(n, 0.5 / n, value) == each.error_probability(n, 1 / n, value)
    with pytest.raises(ValueError, match=r"at least 1/n = 0\.125, one information bit"):
        each.value(n, 0.99 / n, 1e-3)


@pytest.mark.parametrize("each", FINITE, ids=name)
def test_short_codes_have_bounds(each: Bound) -> None:
    """(7,4) and (8,4), of BPSK too; what some code reaches is not beyond what any can."""
    if each.channel == "awgn" and each.name == "gallager":
        return  # it promises nothing for so few coordinates
    for n in (7, 8):
        error = each.error_probability(n, 4 / n, VALUES[each.channel][1])
        assert 0 < error <= 1
        if each.kind == "achievability":
            least = bound(each.channel, "converse").error_probability(n, 4 / n, VALUES[each.channel][1])
            assert error >= least


@pytest.mark.parametrize("each", [b for b in FINITE if b.channel == "awgn"], ids=name)
@pytest.mark.parametrize(("n", "rate", "error"), [(1_000_000, 20, 1e-15), (10_000, 15, 1e-3)])
def test_there_is_a_number_at_the_ends_of_the_range(each: Bound, n: int, rate: float, error: float) -> None:
    value = each.value(n, rate, error)
    assert value is not None
    limit = bound("awgn", "capacity").value(n, rate, error)
    assert limit is not None
    assert limit < value < 1.1 * limit
    assert each.rate(n, error, value) == pytest.approx(rate, rel=1e-9 if each.name != "gallager" else 1e-6)


def test_a_bound_that_fails_is_named() -> None:
    def fails(n: int, log2_m: float, value: float) -> float:
        raise ZeroDivisionError("1 / 0")

    for function, reason in ((fails, "1 / 0"), (lambda *_: math.nan, "no number came out")):
        each = Bound("bsc", "rcu", "achievability", "", 1, function, function)
        for call in (
            lambda each=each: each.error_probability(100, 0.5, 0.1),
            lambda each=each: each.rate(100, 1e-3, 0.1),
            lambda each=each: each.value(100, 0.5, 1e-3),
        ):
            with pytest.raises(
                BoundError, match=f"rcu on bsc cannot be computed at n = 100 and f = .*{reason}"
            ):
                call()
