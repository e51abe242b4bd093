"""EXIT curves against known thresholds and exact sums, trajectories against the curves and the kernels.

Seeds are fixed. Trajectories are compared with stated tolerances, far above their standard errors.
"""

import functools
import math
from typing import Any

import capgap.simulate
import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BEC, BSC, LLR_MAX, Channel, Stream, bpsk_capacity, bsc_capacity
from capgap.channels.numerics import normal_nodes
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    DematchingDecoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    UncodedCode,
    by_name,
    decoder_of,
)
from capgap.simulate.theory.exit.exit_chart import ExitChart
from capgap.simulate.theory.exit.exit_curves import MAX_DEVIATION, exit_curves, inverse_j_function, j_function
from capgap.simulate.theory.exit.exit_support import tanner_code
from capgap.simulate.theory.exit.exit_trajectory import _Flooding, _sum_product, exit_trajectory
from capgap.vectors.groups import GroupInput

from tests.lazy import Lazy
from tests.properties import given, st

#: All its columns have weight 3 and all its rows 6: curves depend on no more.
REGULAR = LDPCCode.regular(n=96, k=48, column_weight=3)
CODES: Lazy[LinearCode] = Lazy(
    {
        "regular": lambda: REGULAR,
        "longer": lambda: LDPCCode.regular(n=1008, k=504, column_weight=3, seed=1),
        "punctured": lambda: LinearRateMatchedCode(
            LDPCCode.regular(n=1008, k=504, column_weight=3, seed=1), puncture="0:100:5"
        ),
        "wifi": lambda: LDPCCode.from_standard("wifi", 648, "1/2"),
        "hamming": lambda: HammingCode(r=3),
        # Checks of degree 1 and 2, variables of degree 1 to 3, and an empty row.
        "odd": lambda: LinearCode(
            parity_check=[[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 0], [0, 0, 1, 1, 1]]
        ),
    }
)
CHANNELS: list[Channel] = [
    BEC(epsilon=0),
    BEC(epsilon=0.4),
    BEC(epsilon=1),
    AWGN(esno_db=-100),
    AWGN(esno_db=-2),
    AWGN(esno_db=100),
    BSC(f=0),
    BSC(f=1e-12),
    BSC(f=0.08),
    BSC(f=0.5),
]


class ForeignChannel(BEC):
    """A channel that may do anything."""


@pytest.fixture(scope="module")
def long_code() -> LDPCCode:
    """A (3,6) code of 10,000 bits."""
    return LDPCCode.regular(n=10000, k=5000, column_weight=3, seed=1)


def last_open(make: Any, low: float, high: float, steps: int = 14) -> float:
    """The value up to which the regular code's tunnel is open, between two values."""
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if exit_curves(REGULAR, make(middle), points=2).tunnel_open else (low, middle)
        )
    return (low + high) / 2


# Gaussian LLRs


def test_j_is_the_capacity_of_bpsk() -> None:
    deviations = np.append(np.linspace(0, 20, 157), [1e-6, 1e-3, math.inf])
    exact = [bpsk_capacity(s * s / 8) for s in deviations.tolist()]
    assert np.abs(j_function(deviations) - exact).max() < 1e-9
    assert j_function(2.5).shape == ()


def test_j_and_its_inverse() -> None:
    information = np.concatenate([np.linspace(0, 1, 501), [1e-9, 1e-5, 1 - 1e-5, 1 - 1e-9]])
    deviations = inverse_j_function(information)
    assert np.abs(j_function(deviations) - information).max() < 1e-15
    assert inverse_j_function(0) == 0
    assert inverse_j_function(1) == MAX_DEVIATION
    s = np.linspace(0.01, 10, 50)
    assert inverse_j_function(j_function(s)) == pytest.approx(s, rel=1e-5)


def test_j_refuses() -> None:
    with pytest.raises(ValueError, match="deviation must not be negative"):
        j_function([1.0, -0.1])
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="information must lie in"):
            inverse_j_function(wrong)


# Curves


def test_curves_of_the_erasure_channel() -> None:
    curves = exit_curves(REGULAR, BEC(epsilon=0.3), points=11)
    x = np.arange(11) / 10
    assert curves.apriori == pytest.approx(x)
    assert curves.variable == pytest.approx(1 - 0.3 * (1 - x) ** 2)
    assert curves.check == pytest.approx(x**5)


def test_punctured_variables_know_nothing_of_the_channel() -> None:
    """20 of 1008 variables, each with three edges."""
    start = exit_curves(CODES["punctured"], BEC(epsilon=0.3)).variable[0]
    assert start == pytest.approx(0.7 * 988 / 1008)
    esno_db = 1.0
    start = exit_curves(CODES["punctured"], AWGN(esno_db=esno_db)).variable[0]
    assert start == pytest.approx(bpsk_capacity(10 ** (esno_db / 10)) * 988 / 1008, abs=1e-8)


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@pytest.mark.parametrize("name", CODES)
def test_curves_stay_in_range_and_never_fall(name: str, channel: Channel) -> None:
    curves = exit_curves(CODES[name], channel, points=41)
    for curve in (curves.variable, curves.check):
        assert curve.shape == (41,)
        assert curve.min() >= 0
        assert curve.max() <= 1
        assert np.diff(curve).min() >= -1e-12
    assert curves.gap <= 1
    assert curves.tunnel_open == (curves.crossing == (1.0, 1.0))
    assert all(0 <= value <= 1 for value in curves.crossing)


@pytest.mark.parametrize(
    ("channel", "capacity"),
    [
        (BEC(epsilon=0.37), 0.63),
        (AWGN(esno_db=-2), AWGN(esno_db=-2).capacity("bpsk")),
        (AWGN(esno_db=3), AWGN(esno_db=3).capacity("bpsk")),
        (BSC(f=0.07), bsc_capacity(0.07)),
    ],
    ids=repr,
)
@CODES.each("code", ["regular", "wifi"])
def test_ends_of_the_curves(code: LinearCode, channel: Channel, capacity: float) -> None:
    curves = exit_curves(code, channel)
    assert curves.variable[[0, -1]] == pytest.approx([capacity, 1], abs=1e-8)
    assert curves.check[[0, -1]] == pytest.approx([0, 1], abs=1e-8)


def test_a_check_of_degree_one_tells_all() -> None:
    """5 of the odd code's 10 edges are at checks that hear of no other or one other bit."""
    assert exit_curves(CODES["odd"], AWGN(esno_db=0)).check[0] == pytest.approx(1 / 10)
    assert exit_curves(CODES["odd"], BEC(epsilon=0.5)).check[0] == pytest.approx(1 / 10)


@pytest.mark.parametrize("f", [0.01, 0.08, 0.3])
def test_variables_on_the_bsc_against_sampled_llrs(f: float) -> None:
    """The two LLRs of the channel and two Gaussian ones; within 5 standard errors."""
    rng = np.random.default_rng(5)
    curves = exit_curves(REGULAR, BSC(f=f), points=5)
    for apriori, found in zip(curves.apriori[1:4], curves.variable[1:4], strict=True):
        s = float(inverse_j_function(apriori))
        llr = rng.normal(s * s, s * math.sqrt(2), 200_000)
        llr += math.log((1 - f) / f) * np.where(rng.random(len(llr)) < f, -1, 1)
        told = 1 - np.logaddexp(0, -llr) / math.log(2)
        assert abs(told.mean() - found) < 5 * told.std() / math.sqrt(len(llr))


@pytest.mark.parametrize("degree", [3, 6, 20])
def test_the_approximate_curve_of_checks(degree: int) -> None:
    """Exact for consistent LLRs: with T = tanh(L / 2), I = sum over k of E[T^2k] / (2 k (2 k - 1) ln 2).

    A check multiplies the T of its inputs, and so their moments (Sharon, Ashikhmin and Litsyn, 2006).
    """
    code = LinearCode(parity_check=np.ones((1, degree), np.uint8))
    curves = exit_curves(code, AWGN(esno_db=0), points=21)
    for i in range(1, 20):
        s = float(inverse_j_function(curves.apriori[i]))
        z, weights = normal_nodes(s)
        square = np.tanh((s * s / 2 + s * z) / 2) ** 2
        power, exact = np.ones_like(square), 0.0
        for k in range(1, 501):
            power = power * square
            exact += float(weights @ power) ** (degree - 1) / (2 * k * (2 * k - 1) * math.log(2))
        # The remaining terms are not larger than the last moment over 4 k ln 2: below 2e-4 here.
        assert -0.001 < curves.check[i] - exact < 0.003


def test_threshold_on_the_erasure_channel() -> None:
    """0.4294 for the (3,6) ensemble (Richardson and Urbanke, "Modern Coding Theory", 2008, chapter 3)."""
    threshold = last_open(lambda epsilon: BEC(epsilon=epsilon), 0.3, 0.6)
    # Where 1 - eps (1 - y^5)^2 touches y.
    y = np.linspace(0.5, 0.9, 100_001)
    assert threshold == pytest.approx(((1 - y) / (1 - y**5) ** 2).min(), abs=3e-5)
    assert threshold == pytest.approx(0.4294, abs=1e-4)


def test_threshold_on_awgn() -> None:
    """Density evolution's is sigma = 0.8809, 1.10 dB (Richardson, Shokrollahi and Urbanke, 2001)."""
    threshold = -last_open(lambda db: AWGN(ebno_db=-db, rate=0.5), -2, 0)
    assert threshold == pytest.approx(1.10, abs=0.03)


def test_threshold_on_the_bsc() -> None:
    """Density evolution's is 0.084 (Richardson and Urbanke, "The capacity of LDPC codes", 2001)."""
    assert last_open(lambda f: BSC(f=f), 0.05, 0.15, 8) == pytest.approx(0.084, abs=0.003)


def test_where_the_curves_cross() -> None:
    """Density evolution stops there."""
    epsilon = 0.45
    curves = exit_curves(REGULAR, BEC(epsilon=epsilon))
    erased = 1.0
    for _ in range(2000):
        erased = epsilon * (1 - (1 - erased) ** 5) ** 2
    assert curves.crossing == pytest.approx((1 - erased, (1 - erased) ** 5), abs=1e-9)
    assert curves.gap < 0
    assert not curves.tunnel_open


def test_a_single_column_of_weight_one_does_not_close_the_tunnel() -> None:
    assert exit_curves(LDPCCode.from_standard("dvb-s2", 64800, "1/2"), AWGN(ebno_db=1, rate=0.5)).tunnel_open


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_noise_lowers_the_variables_curve_and_the_gap(a: float, b: float) -> None:
    less, more = (exit_curves(REGULAR, BEC(epsilon=e), points=21) for e in sorted((a, b)))
    assert (less.variable >= more.variable).all()
    assert (less.check == more.check).all()
    assert less.gap >= more.gap


@pytest.mark.parametrize(
    ("code", "channel", "points", "match"),
    [
        (UncodedCode(k=4), BEC(epsilon=0.1), 11, "code must have parity checks"),
        (REGULAR, ForeignChannel(epsilon=0.1), 11, "channel must be a BEC, AWGN or BSC"),
        (REGULAR, BEC(epsilon=0.1), 1, "points must be at least 2"),
        (REGULAR, BEC(epsilon=0.1), 10.0, "points must be a whole number"),
    ],
)
def test_curves_refuse(code: Code, channel: Channel, points: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        exit_curves(code, channel, points=points)


# Trajectories


def between(chart: ExitChart) -> npt.NDArray[np.float64]:
    """What the curves make of the trajectory's own values, less what the decoder made: (iterations, 2)."""
    to_checks, to_variables = chart.trajectory[::2, 0], chart.trajectory[1::2, 1]
    before = chart.trajectory[::2, 1]
    return np.stack(
        [
            np.interp(before, chart.apriori, chart.variable) - to_checks,
            np.interp(to_checks, chart.apriori, chart.check) - to_variables,
        ],
        axis=1,
    )


@pytest.mark.parametrize(
    ("channel", "tolerance"),
    [(AWGN(ebno_db=1.6, rate=0.5), 0.006), (BEC(epsilon=0.4), 0.008), (BSC(f=0.07), 0.05)],
    ids=repr,
)
def test_a_long_code_follows_the_curves(long_code: LDPCCode, channel: Channel, tolerance: float) -> None:
    """Six iterations within 0.008, and over the BSC within 0.05: two-valued messages tell checks more."""
    chart = ExitChart.of(BeliefPropagationDecoder(long_code), channel, points=1001, frames=10, iterations=6)
    assert chart.tunnel_open
    assert chart.trajectory.shape == chart.trajectory_error.shape == (12, 2)
    assert np.abs(between(chart)).max() < tolerance
    assert chart.trajectory_error[1::2].min() > 0
    assert chart.trajectory_error.max() < 0.03


def test_trajectory_on_the_erasure_channel_counts_erasures() -> None:
    """A message is an erasure or known; 60,000 of them are not quite as often 0 as 1, which takes up to 1e-3."""
    channel, frames = BEC(epsilon=0.42), 20
    found = exit_trajectory(
        BeliefPropagationDecoder(CODES["longer"]), channel, frames=frames, iterations=8, seed=3
    )
    stream = Stream(3, frames, point="exit trajectory")
    word = CODES["longer"].encode(stream.bits(CODES["longer"].k))
    graph = CODES["longer"].tanner_graph
    variable, check = graph.edge_variable, np.repeat(np.arange(graph.checks), graph.check_degrees)
    erased = (channel.llr(channel.transmit(word, stream)) == 0).T[variable]

    def others(flags: npt.NDArray[np.bool_], node: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Whether any other edge of the node has its flag."""
        count = np.zeros((node.max() + 1, frames), np.int64)
        np.add.at(count, node, flags)
        return np.asarray(count[node] - flags > 0)

    to_checks = erased
    for i in range(8):
        to_variables = others(to_checks, check)
        assert found.trajectory[2 * i, 0] == pytest.approx(1 - to_checks.mean(), abs=1e-3)
        assert found.trajectory[2 * i + 1, 1] == pytest.approx(1 - to_variables.mean(), abs=1e-3)
        to_checks = erased & ~others(~to_variables, variable)


@pytest.mark.parametrize(
    ("name", "code_name", "channel", "options"),
    [
        ("sum-product", "longer", AWGN(ebno_db=1.5, rate=0.5), {}),
        ("sum-product, bsc", "longer", BSC(f=0.07), {}),
        ("sum-product, bec", "longer", BEC(epsilon=0.4), {}),
        ("punctured", "punctured", AWGN(ebno_db=1.8, rate=0.5), {}),
        ("irregular", "wifi", AWGN(ebno_db=1.5, rate=0.5), {}),
        ("scale", "longer", AWGN(ebno_db=1.5, rate=0.5), {"algorithm": "min-sum", "scale": 0.75}),
        ("offset", "wifi", AWGN(ebno_db=1.5, rate=0.5), {"algorithm": "min-sum", "offset": 0.5}),
        ("degree 1", "odd", AWGN(esno_db=1), {}),
        ("degree 1, min-sum", "odd", AWGN(esno_db=1), {"algorithm": "min-sum", "scale": 0.75}),
    ],
)
@pytest.mark.parametrize("iterations", [1, 3, 15])
def test_hard_decisions_are_those_of_the_decoder(
    name: str, code_name: str, channel: Channel, options: dict[str, Any], iterations: int
) -> None:
    """In float64 and float32: a frame that wanders about after many iterations may end elsewhere."""
    code, frames = CODES[code_name], 64
    stream = Stream(8, frames)
    llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
    decoder = decoder_of(code, BeliefPropagationDecoder, iterations=iterations, stop="none", **options)
    *_, (to_checks, to_variables, total) = _Flooding(decoder).run(llr, iterations)
    assert all(np.isfinite(each).all() for each in (to_checks, to_variables, total))
    # Undecided variables are fixed coins for the decoder.
    decided = (total != 0).all(axis=0)
    bits = tanner_code(code)[0].information_bits((total < 0).T.astype(np.uint8))
    same = (bits == decoder.decode(llr).bits).all(axis=1)
    assert np.count_nonzero(~same & decided) <= (0 if iterations <= 3 else 2)
    given = GroupInput.of_lanes(decoder.check_llr(llr), decoder.reads)
    if isinstance(decoder, DematchingDecoder):
        given, decoder = decoder.dematched(given), decoder.inner
    assert isinstance(decoder, BeliefPropagationDecoder)
    undecided = decoder._variables(given, iterations)[0] == 2
    assert (undecided == (total == 0)).all()


@pytest.mark.parametrize("largest", [1.0, 30.0, 1000.0, 16384.0])
def test_sum_product_of_every_magnitude(largest: float) -> None:
    """Also to an edge that is far weaker than all others: the combination of these, one after the other."""
    generator = np.random.default_rng(6)
    messages = generator.choice([-1, 1], (5, 4000)) * largest * 10.0 ** generator.uniform(-4, 0, (5, 4000))
    messages[0, ::3] = 0

    def combined(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> Any:
        return np.logaddexp(0, a + b) - np.logaddexp(a, b)

    right = [functools.reduce(combined, np.delete(messages, i, axis=0)) for i in range(5)]
    np.testing.assert_allclose(_sum_product(messages), right, rtol=1e-12, atol=1e-11)


def test_codes_that_are_matched_otherwise_have_no_curves() -> None:
    for matching in ({"shorten": [0]}, {"repeat": [0]}):
        with pytest.raises(ValueError, match="punctured for an EXIT chart, but not shortened or repeated"):
            exit_curves(by_name.rate_matched(code=REGULAR, **matching), BEC(epsilon=0.4))


def test_trajectories_are_corners_of_a_staircase() -> None:
    found = exit_trajectory(
        BeliefPropagationDecoder(CODES["longer"]), AWGN(ebno_db=2.5, rate=0.5), frames=20, iterations=20
    )
    x = found.trajectory
    assert x.shape == (40, 2)
    assert x.min() >= 0
    assert x.max() <= 1
    assert x[0, 1] == 0
    assert (x[1::2, 0] == x[::2, 0]).all()
    assert (x[2::2, 1] == x[1:-1:2, 1]).all()
    assert np.diff(x[:20], axis=0).min() >= 0
    assert x[-1] == pytest.approx([1, 1], abs=1e-3)


def test_min_sum_tells_less() -> None:
    channel = AWGN(ebno_db=1.5, rate=0.5)
    exact = exit_trajectory(BeliefPropagationDecoder(CODES["longer"]), channel, iterations=3)
    least = exit_trajectory(
        BeliefPropagationDecoder(CODES["longer"], algorithm="min-sum"), channel, iterations=3
    )
    assert least.trajectory[0] == pytest.approx(exact.trajectory[0], abs=1e-12)
    assert (least.trajectory[1:, 1] < exact.trajectory[1:, 1]).all()


def test_the_seed_decides() -> None:
    decoder, channel = BeliefPropagationDecoder(REGULAR), BSC(f=0.05)

    def course(seed: int) -> npt.NDArray[np.float64]:
        return exit_trajectory(decoder, channel, frames=10, iterations=4, seed=seed).trajectory

    assert (course(1) == course(1)).all()
    assert (course(1) != course(2))[0, 0]


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
def test_nothing_but_numbers_on_extreme_channels(algorithm: Any, channel: Channel) -> None:
    for code in (CODES["wifi"], CODES["odd"], CODES["hamming"]):
        decoder = BeliefPropagationDecoder(code, algorithm=algorithm)
        found = exit_trajectory(decoder, channel, frames=4, iterations=30)
        assert np.isfinite(found.trajectory).all()
        assert np.isfinite(found.trajectory_error).all()
        assert found.trajectory.min() >= 0
        assert found.trajectory.max() <= 1


@given(
    st.lists(
        st.sampled_from([0.0, 1e-30, -1e-3, 1.0, -20.0, LLR_MAX, -LLR_MAX, 3e38]), min_size=7, max_size=7
    )
)
def test_messages_are_finite_for_any_llr(llr: list[float]) -> None:
    lanes = np.array([llr], np.float32)
    for algorithm in ("sum-product", "min-sum"):
        decoder = BeliefPropagationDecoder(HammingCode(r=3), algorithm=algorithm)
        for messages in _Flooding(decoder).run(lanes, 8):
            assert all(np.isfinite(each).all() for each in messages)


@pytest.mark.parametrize(
    ("decoder", "options", "match"),
    [
        (MajorityDecoder(RepetitionCode(n=3)), {}, "decoder must be bp"),
        (MaximumLikelihoodDecoder(HammingCode(r=3)), {}, "decoder must be bp"),
        (BeliefPropagationDecoder(REGULAR, schedule="layered"), {}, "schedule must be flooding"),
        (
            BeliefPropagationDecoder(REGULAR, algorithm="min-sum", precision="int8"),
            {},
            "precision must be float32",
        ),
        (BeliefPropagationDecoder(UncodedCode(k=4)), {}, "code must have parity checks"),
        (BeliefPropagationDecoder(REGULAR), {"frames": 1}, "frames must be at least 2"),
        (BeliefPropagationDecoder(REGULAR), {"iterations": 0}, "iterations must be at least 1"),
        (BeliefPropagationDecoder(REGULAR), {"iterations": 10**6}, "iterations must be at most 100000"),
        (BeliefPropagationDecoder(REGULAR), {"seed": -1}, "seed must be at least 0"),
        (BeliefPropagationDecoder(REGULAR), {"frames": True}, "frames must be a whole number"),
    ],
)
def test_trajectories_refuse(decoder: Any, options: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        exit_trajectory(decoder, BSC(f=0.1), **options)


def test_the_package_has_the_names() -> None:
    for name in ("ExitChart", "ExitCurves", "ExitTrajectory", "exit_curves", "exit_trajectory"):
        assert getattr(capgap.simulate, name).__module__.startswith("capgap.simulate.theory.")
