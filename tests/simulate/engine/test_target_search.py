"""Looking for the channel parameter at which a curve reaches an error rate."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.plans import Plan
from capgap.simulate.engine.point import Point
from capgap.simulate.engine.workers import Threads
from capgap.simulate.results.crossings import FILE, format_crossings, load_crossings
from capgap.simulate.results.rows import Results, Row
from capgap.simulate.statistics.local_fit import local_fit
from scipy.optimize import brentq
from scipy.special import erfcinv

pytestmark = pytest.mark.usefixtures("plain_figures")


def searched(code: dict[str, Any], target: dict[str, Any], **more: Any) -> dict[str, Any]:
    curve = {"label": "a", "code": code, "target": target}
    return {"name": "a", "seed": 3, "channel": {"type": "awgn"}, "curves": [curve], **more}


def ebno_db(ber: float) -> float:
    """Where uncoded BPSK has a bit-error rate: Q(sqrt(2 Eb/N0))."""
    return 10 * math.log10(erfcinv(2 * ber) ** 2)


def counts(results: Results) -> list[Any]:
    return [(row.curve, row.value, row.tally, row.stop, row.key) for row in results]


HAMMING: dict[str, Any] = {"type": "hamming", "r": 3}
UNCODED: dict[str, Any] = {"type": "uncoded", "k": 100}
CASES = [
    ("awgn", UNCODED, {"fer": 1e-2}, ebno_db(-math.expm1(math.log1p(-1e-2) / 100))),
    ("awgn", UNCODED, {"ber": 1e-3}, ebno_db(1e-3)),
    ("awgn", {"type": "repetition", "n": 3}, {"fer": 0.05, "within": 0.01}, ebno_db(0.05)),
    (
        "bsc",
        HAMMING,
        {"fer": 1e-2},
        brentq(lambda f: 1 - (1 - f) ** 7 - 7 * f * (1 - f) ** 6 - 1e-2, 1e-6, 0.4),
    ),
    ("bsc", UNCODED, {"ber": 0.01}, 0.01),
    ("bec", {"type": "repetition", "n": 5}, {"fer": 0.01}, 0.02**0.2),
]


@pytest.mark.parametrize(("channel", "code", "target", "exact"), CASES)
def test_it_lands_on_the_closed_form(
    channel: str, code: dict[str, Any], target: dict[str, Any], exact: float
) -> None:
    """Within 0.03 dB; the interval, three times as wide as it is, would miss it once in 10^8 cases."""
    results = run(searched(code, target, channel={"type": channel}), save=False)
    (found,) = results.crossings
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.note == ""
    ratio = channel != "awgn"
    distance, low, high = (
        10 * math.log10(each / exact) if ratio else each - exact
        for each in (found.value, found.low, found.high)
    )
    assert abs(distance) < 0.03
    assert low <= distance <= high
    assert (high - low) / 2 <= target.get("within", 0.02)
    assert distance - 3 * (distance - low) < 0 < distance + 3 * (high - distance)
    assert found.frames == sum(row.frames for row in results)
    assert found.points == len(results)


def test_the_gap_is_that_to_capacity() -> None:
    (awgn,) = run(searched(HAMMING, {"fer": 0.05, "within": 0.1}), save=False).crossings
    assert awgn.value is not None
    assert awgn.limit == pytest.approx(0.2414, abs=1e-4)
    assert awgn.gap == pytest.approx(awgn.value - 0.2414, abs=1e-4)
    assert awgn.bpsk_limit == pytest.approx(0.5298, abs=1e-4)
    assert awgn.bpsk_gap == pytest.approx(awgn.value - 0.5298, abs=1e-4)
    for channel, limit in (("bsc", 0.0876), ("bec", 3 / 7)):
        config = searched(HAMMING, {"fer": 0.05, "within": 0.1}, channel={"type": channel})
        (found,) = run(config, save=False).crossings
        assert found.value is not None
        assert found.limit == pytest.approx(limit, abs=1e-4)
        assert found.gap == pytest.approx(limit - found.value, abs=1e-4)
        assert found.bpsk_gap is None
        capacity = load_config(config).curves[0].link.at(found.value).channel.capacity()
        assert found.rate_gap == pytest.approx(capacity - 4 / 7)
        assert "in rate" in str(found)


LDPC: dict[str, Any] = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}


def both_kinds() -> dict[str, Any]:
    config = searched(LDPC, {"ber": 0.01, "within": 0.05})
    config["curves"].append({"label": "b", "code": HAMMING, "target": {"fer": 0.02, "within": 0.05}})
    return config


def test_workers_and_blocks_do_not_change_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    one = run(both_kinds(), save=False, workers=1)
    monkeypatch.setattr(Threads, "block_seconds", 1e-3)
    three = run(both_kinds(), save=False, workers=3)
    assert counts(three) == counts(one)
    assert three.crossings == one.crossings


def test_an_interrupted_search_goes_on_to_the_same_points(tmp_path: Path) -> None:
    expected = run(both_kinds(), save=False)
    known: dict[str, Row] = {}

    def saved(plans: list[Plan]) -> None:
        """What is known at any moment can be saved, and read again."""
        found = tuple(plan.crossing for plan in plans if plan.crossing)
        assert len(found) == len(plans)
        (tmp_path / FILE).write_text(format_crossings(found))
        assert load_crossings(tmp_path) == found

    for patience in (1, 3, 5, 8, 13):
        plans = [curve.plan(known) for curve in load_config(both_kinds()).curves]
        saved(plans)
        left = patience

        def interrupt(point: Point, plans: list[Plan] = plans) -> None:
            nonlocal left
            saved(plans)
            left -= 1
            if not left:
                raise KeyboardInterrupt

        with Threads(2) as workers, pytest.raises(KeyboardInterrupt):
            Engine(plans, workers, interrupt).run()
        rows = [point.row() for plan in plans for point in plan.points if point.tally.frames]
        known = {row.key: row for row in rows}
    plans = [curve.plan(known) for curve in load_config(both_kinds()).curves]
    with Threads(2) as workers:
        Engine(plans, workers).run()
    again = Results(tuple(point.row() for plan in plans for point in plan.points))
    assert counts(again) == counts(expected)
    assert tuple(plan.crossing for plan in plans) == expected.crossings


def test_a_finished_search_is_kept_and_not_repeated(tmp_path: Path) -> None:
    first = run(both_kinds(), out=tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert run(both_kinds(), out=tmp_path).rows == first.rows
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert load_results(tmp_path).crossings == first.crossings


def test_another_target_keeps_the_old_file(tmp_path: Path) -> None:
    run(searched(HAMMING, {"fer": 0.05, "within": 0.1}), out=tmp_path)
    other = searched(HAMMING, {"fer": 0.1, "within": 0.1})
    second = run(other, out=tmp_path)
    (found,), (fresh,) = second.crossings, run(other, save=False).crossings
    assert found.value is not None
    assert found.value == pytest.approx(fresh.value, abs=0.3)
    assert (tmp_path / "results.old-1.csv").exists()
    plain = run(
        {**other, "curves": [{"label": "a", "code": HAMMING}], "channel": {"type": "awgn", "ebno_db": 1}},
        out=tmp_path,
    )
    assert not plain.crossings
    assert not (tmp_path / FILE).exists()


def test_the_resolved_configuration_searches_again(tmp_path: Path) -> None:
    config = both_kinds()
    config["curves"][1]["channel"] = {"esno_db": {"start": -1, "stop": 9}}
    first = run(config, out=tmp_path / "a")
    again = run(tmp_path / "a" / "config.yaml", out=tmp_path / "b")
    assert counts(again) == counts(first)


@pytest.mark.parametrize("place", ["beside", "in stop", "curve", "in curve's stop"])
def test_where_a_target_may_stand(place: str) -> None:
    curve: dict[str, Any] = {"label": "a", "code": HAMMING}
    config: dict[str, Any] = {"name": "a", "channel": {"type": "awgn"}, "curves": [curve]}
    target = {"fer": 0.05}
    owner = curve if "curve" in place else config
    owner |= {"stop": {"frames": 1000, "target": target}} if "stop" in place else {"target": target}
    (made,) = load_config(config).curves
    assert made.target is not None
    assert (made.target.measure, made.target.rate, made.target.within) == ("fer", 0.05, 0.02)
    assert made.stop.target is None


def test_a_curve_may_do_without_the_target() -> None:
    config = {**searched(HAMMING, {"fer": 0.05}), "target": {"fer": 0.1}}
    config["curves"].append({"label": "b", "code": HAMMING, "target": None, "channel": {"ebno_db": [1, 2]}})
    a, b = load_config(config).curves
    assert a.target is not None
    assert a.target.rate == 0.05
    assert (b.target, b.values) == (None, (1, 2))


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ({"ebno_db": {"start": 0, "stop": 2}}, "not reached: the FER at ebno_db = 2 is 0.1"),
        ({"ebno_db": {"start": 8, "stop": 12}}, "not reached: the FER at ebno_db = 8"),
    ],
)
def test_a_range_without_the_crossing(channel: dict[str, Any], words: str) -> None:
    results = run(searched(HAMMING, {"fer": 0.01}, channel={"type": "awgn", **channel}), save=False)
    (found,) = results.crossings
    assert found.value is None
    assert words in str(found)
    (low, high) = next(iter(channel.values())).values()
    assert all(low <= row.value <= high for row in results)


def test_a_range_that_ends_right_behind_the_crossing_is_not_crept_along() -> None:
    """Few frames at its end may be wrong more often than the target has it: then it is told after some more."""
    at = ebno_db(-math.expm1(math.log1p(-0.1) / 100))
    told = set()
    for seed in range(1, 7):
        channel = {"type": "awgn", "ebno_db": {"start": at + 0.1, "stop": at + 6}}
        given = searched(UNCODED, {"fer": 0.1, "within": 0.05}, channel=channel)
        results = run({**given, "seed": seed, "stop": {"frames": 20_000}}, save=False)
        assert len(results.rows) < 20
        (found,) = results.crossings
        told.add(found.note.partition(":")[0])
    assert told <= {"not reached", f"it is reached about where the range ends, {at + 0.1:g}, or beyond", ""}
    assert "" not in told


def test_a_range_is_kept_to() -> None:
    config = searched(HAMMING, {"fer": 0.05, "within": 0.05}, channel={"type": "awgn", "ebno_db": [3, 4]})
    results = run(config, save=False)
    assert all(3 <= row.value <= 4 for row in results)
    assert results.crossings[0].value == pytest.approx(3.53, abs=0.1)


def test_too_few_frames_are_told() -> None:
    (found,) = run(searched(HAMMING, {"fer": 1e-2}, stop={"frames": 300}), save=False).crossings
    assert "allow more frames" in found.note or "not reached" in found.note


def test_a_channel_without_limit_needs_a_range(monkeypatch: pytest.MonkeyPatch) -> None:
    from capgap.channels import AWGN

    monkeypatch.setattr(AWGN, "limit", classmethod(lambda cls, *_: None))
    config = searched(HAMMING, {"fer": 0.05, "within": 0.1})
    with pytest.raises(InputError, match=r"a: to look for a target .*, give ebno_db a range"):
        run(config, save=False)
    config["channel"] = {"type": "awgn", "ebno_db": {"start": 0, "stop": 9}}
    (found,) = run(config, save=False).crossings
    assert found.value == pytest.approx(3.53, abs=0.2)
    assert (found.gap, found.bpsk_gap) == (None, None)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({}, "target must give one of fer and ber"),
        ({"fer": 0.1, "ber": 0.1}, "target must give one of fer and ber"),
        ({"fer": 0}, "fer must be at least 1e-15"),
        ({"ber": 0.5}, "ber must be below 0.5"),
        ({"fer": 0.1, "within": 0}, "within must be at least 1e-06"),
        ({"fre": 0.1}, "unknown key 'fre'. Did you mean 'fer'?"),
    ],
)
def test_targets_that_cannot_be(target: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_config(searched(HAMMING, target))
    assert words in str(caught.value)


def test_ranges_that_cannot_be() -> None:
    for sweep, words in [
        (3, "is one value"),
        ({"start": 1}, "lacks 'stop'"),
        ({"start": 1, "stop": 1}, "one value"),
    ]:
        with pytest.raises(InputError, match=words):
            load_config(searched(HAMMING, {"fer": 0.1}, channel={"type": "awgn", "ebno_db": sweep}))
    with pytest.raises(InputError, match="values of f above 0"):
        run(
            searched(HAMMING, {"fer": 0.1}, channel={"type": "bsc", "f": {"start": 0, "stop": 0.2}}),
            save=False,
        )


@pytest.mark.parametrize("damage", ["curve,measure\n", "x", ",,,\n,\n"])
def test_damaged_targets_are_told(tmp_path: Path, damage: str) -> None:
    run(searched(HAMMING, {"fer": 0.05, "within": 0.1}), out=tmp_path)
    text = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(text.replace("fer,", damage, 1) if damage == "x" else text + damage)
    with pytest.raises(InputError, match=r"targets.csv:\d+: the file is damaged"):
        load_results(tmp_path)


def test_the_local_fit_covers() -> None:
    """Rates whose logit is a parabola: the interval holds the crossing in 95 % of 2000 sets of counts.

    The standard error of the coverage is 0.5 %, the window three and a half of them on either side.
    """
    rng = np.random.default_rng(1)
    x = np.array([-1.0, -0.5, -0.4, -0.2, 0.2, 0.4, 0.5, 1.0])
    goal, crossing = math.log(1e-2), 0.07
    logit = goal - 2.0 * (x - crossing) - 0.5 * (x - crossing) ** 2
    trials = np.full(len(x), 2e4)
    covered = 0
    for _ in range(2000):
        errors = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-logit))).astype(float)
        fit = local_fit(x, errors, trials, 1.0, goal)
        assert fit is not None
        covered += fit.low <= crossing <= fit.high
    assert 0.933 < covered / 2000 < 0.967


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["fer", "ber"])
def test_it_lands_where_a_dense_sweep_does(measure: str) -> None:
    """An LDPC code: eleven points of 1500 frame errors each around 1e-3, joined by a parabola."""
    code = {"type": "ldpc", "n": 504, "k": 252, "column_weight": 3}
    decoder = {"type": "bp", "algorithm": "min-sum", "schedule": "layered", "scale": 0.8, "iterations": 20}
    rate = {"fer": 1e-3, "ber": 1e-4}[measure]
    config = searched(code, {measure: rate})
    config["curves"][0]["decoder"] = decoder
    (found,) = run(config, save=False).crossings
    assert found.value is not None
    del config["curves"][0]["target"]
    start = round(found.value - 0.25, 2)
    config["channel"]["ebno_db"] = {"start": start, "stop": start + 0.5, "step": 0.05}
    config["stop"] = {"frame_errors": 1500, "frames": 10**8}
    config["seed"] = 4
    rows = run(config, save=False)["a"]
    x = np.array([row.value for row in rows])
    y = np.log([getattr(row, measure) for row in rows])
    parabola = np.polynomial.Polynomial.fit(x, y, 2)
    dense = brentq(lambda value: parabola(value) - math.log(rate), x[0], x[-1])
    assert abs(found.value - dense) < 0.03
