"""Comparisons: the tests against brute force, their false alarms, what is matched, what is refused."""

import dataclasses
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError, Results, Row, compare, run
from capgap.simulate.analysis.comparison import (
    CONTRADICTS,
    DIFFERS,
    ONLY_A,
    ONLY_B,
    SAME,
    SAME_OF_ANOTHER_NUMBER,
    Comparison,
)
from capgap.simulate.analysis.comparison_sides import Side
from capgap.simulate.analysis.two_sample_tests import bit_errors_p, holm, proportions_p
from capgap.simulate.results.rows import format_results, make_row
from capgap.simulate.statistics.tally import Tally
from rich.console import Console

from tests.conftest import SIGNIFICANCE

pytestmark = pytest.mark.usefixtures("plain_figures", "few_points", "small_pictures")


def row(label: str, value: float, frames: int, errors: int, **changes: Any) -> Row:
    """A point over Eb/N0 whose wrong frames have two bit errors each."""
    identity: dict[str, Any] = {
        "curve": label, "group": label, "code": "c", "decoder": "d", "channel": "awgn", "n": 100, "k": 50,
        "rate": 0.5, "parameter": "ebno_db", "value": value, "ebno_db": value, "esno_db": value - 3.0103,
        "stop": "frames", "seconds": 1.0, "key": f"{label} {value} {frames} {errors}",
    }  # fmt: skip
    tally = changes.pop("tally", Tally(frames, errors, 2 * errors, 4 * errors, 0, frames))
    return make_row(tally, **{**identity, **changes})


def results(*rows: Row) -> Results:
    return Results(rows)


def reference(folder: Path, text: str, name: str = "published.csv") -> Path:
    (folder / name).write_text(text)
    return folder / name


def brute_force(errors_a: int, trials_a: int, errors_b: int, trials_b: int) -> float:
    total = errors_a + errors_b
    ways = [math.comb(trials_a, x) * math.comb(trials_b, total - x) for x in range(total + 1)]
    tails = sum(ways[: errors_a + 1]), sum(ways[errors_a:])
    return min(1.0, 2 * min(tails) / sum(ways))


# --- named counters and weights ---


def counted(label: str, frames: int, errors: int, **counters: int) -> Row:
    tally = Tally(frames, errors, 2 * errors, 4 * errors, 0, frames, tuple(sorted(counters.items())))
    return row(label, 1.0, frames, errors, key="one", tally=tally)


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        (counted("a", 500, 50, uses=900), SAME),
        (counted("a", 500, 50, uses=901), CONTRADICTS),
        (counted("a", 500, 50), SAME),  # what was not counted is unknown
        (counted("a", 600, 55, uses=1000), SAME_OF_ANOTHER_NUMBER),
        (counted("a", 600, 55, uses=899), CONTRADICTS),
    ],
)
def test_named_counters_are_compared_like_others(other: Row, outcome: str) -> None:
    compared = compare(results(counted("a", 500, 50, uses=900)), results(other))
    assert [point.outcome for point in compared.points] == [outcome]


def test_weights_are_not_compared_as_counts() -> None:
    weighted = counted("a", 500, 50, weight=1, weight_squared=1, weighted_bits=1, weighted_bits_squared=1)
    with pytest.raises(InputError, match="'a' has frames with weights, for which there is no test"):
        compare(results(weighted), results(counted("a", 500, 50)))


# --- the test of two proportions ---


def test_every_small_table_is_exact() -> None:
    for trials_a in (1, 2, 7, 12):
        for trials_b in (1, 5, 12):
            for errors_a in range(trials_a + 1):
                for errors_b in range(trials_b + 1):
                    table = errors_a, trials_a, errors_b, trials_b
                    assert proportions_p(*table) == pytest.approx(brute_force(*table), rel=1e-12)


@pytest.mark.parametrize(
    "table",
    [
        (100, 100_000, 150, 100_000),
        (100, 100_000, 3, 900),
        (995, 1000, 3990, 4000),
        (500, 1000, 560, 1000),
        (0, 5000, 40, 5000),
        (30, 3000, 300, 3100),
    ],
)
def test_large_tables_are_exact(table: tuple[int, int, int, int]) -> None:
    expected = brute_force(*table)
    a, n, b, m = table
    for same in (table, (b, m, a, n), (n - a, n, m - b, m)):
        assert proportions_p(*same) == pytest.approx(expected, rel=1e-10)


def test_huge_counts() -> None:
    """No overflow, and the normal law that stands in meets the exact one where it takes over."""
    assert proportions_p(3, 2**62, 4, 2**62) == pytest.approx(1)
    assert proportions_p(2**62 - 3, 2**62, 2**62 - 40, 2**62) == pytest.approx(
        brute_force(3, 10**7, 40, 10**7), rel=1e-4
    )
    assert proportions_p(1, 1, 2**62, 2**63 - 1) == 1
    assert proportions_p(2**60, 2**62, 2**61, 2**62) == 0
    below, above = 3_150_000_000, 3_250_000_000  # a standard deviation of 19 800, and of 20 150
    for deviations in (0.0, 2.0, 5.0):
        p = []
        for trials in (below, above):
            shift = round(deviations * math.sqrt(trials / 8))
            p.append(proportions_p(trials // 2 + shift, trials, trials // 2 - shift, trials))
        assert p[0] == pytest.approx(p[1], rel=2e-3)


def outcomes(errors: int, frames: int, p: float) -> list[tuple[int, int, float]]:
    """(errors, frames, probability) where a point ends at so many errors or frames."""
    early = [
        (errors, n, math.comb(n - 1, errors - 1) * p**errors * (1 - p) ** (n - errors))
        for n in range(errors, frames + 1)
    ]
    return early + [(e, frames, math.comb(frames, e) * p**e * (1 - p) ** (frames - e)) for e in range(errors)]


@pytest.mark.parametrize(
    ("rule_a", "rule_b"),
    [((5, 120), (5, 120)), ((5, 120), (10**6, 40)), ((3, 100), (12, 60)), ((10**6, 40), (10**6, 40))],
    ids=["errors-errors", "errors-frames", "other-numbers", "frames-frames"],
)
def test_false_alarms_under_stop_rules(rule_a: tuple[int, int], rule_b: tuple[int, int]) -> None:
    """Computed, not simulated: over all outcomes of two equal links, at most the significance."""
    for p in (0.03, 0.1, 0.4, 0.9):
        first, second = (outcomes(min(errors, frames + 1), frames, p) for errors, frames in (rule_a, rule_b))
        alarms = dict.fromkeys((0.05, 0.01, 0.001), 0.0)
        for errors_a, frames_a, chance_a in first:
            for errors_b, frames_b, chance_b in second:
                if chance_a * chance_b > 1e-7:  # at most 10^4 outcomes are left out
                    found = proportions_p(errors_a, frames_a, errors_b, frames_b)
                    for level in alarms:
                        alarms[level] += chance_a * chance_b * (found <= level)
        for level, alarm in alarms.items():
            assert alarm <= level, (p, level, alarm)


def bursts(rng: np.random.Generator, wrong: int) -> Tally:
    """Counts of a point that ended at so many frame errors, with an FER of 5 % and bursts of mean 8."""
    frames = int(rng.negative_binomial(wrong, 0.05)) + wrong
    errors = np.minimum(rng.geometric(1 / 8, wrong), 100)
    return Tally(frames, wrong, int(errors.sum()), int((errors**2).sum()), 0, 0)


def side(tally: Tally, k: int | None = 100) -> Side:
    return Side(tally.frames, tally.frame_errors, 0, 0, 0, k, tally.bit_errors, tally.bit_errors_squared)


@pytest.mark.parametrize("wrong", [(5, 20), (30, 30), (30, 300), (100, 100)])
def test_false_alarms_of_bursts(wrong: tuple[int, int]) -> None:
    rng = np.random.default_rng(7)
    p = np.array([bit_errors_p(*(side(bursts(rng, number)) for number in wrong)) for _ in range(4000)], float)
    for level in (0.05, 0.01):
        allowed = 4000 * level + 3.7 * math.sqrt(4000 * level)  # a normal quantile of SIGNIFICANCE
        assert (p <= level).sum() <= allowed
    assert (p <= 0.2).mean() > 0.02  # nor is it blind


def test_bit_errors_without_bursts_are_trials() -> None:
    """With the variance of independent bits the design effect is 1."""
    squares = 100 * (25 + 5 * 0.95)  # of 100 frames with 100 bits each, wrong with probability 5 %
    same, other = Tally(100, 99, 470, int(squares)), Tally(100, 99, 530, int(squares))
    assert bit_errors_p(side(same), side(other)) == pytest.approx(brute_force(470, 10_000, 530, 10_000))
    assert bit_errors_p(side(same), side(other, k=99)) is None
    assert bit_errors_p(side(same, k=1), side(other, k=1)) is None
    assert bit_errors_p(side(same), dataclasses.replace(side(other), bit_errors_squared=None)) is None
    zero = Tally(10, 0, 0, 0)
    assert bit_errors_p(side(zero), side(zero)) == 1


def test_holm_by_hand() -> None:
    # sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1, and never falling
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.4, 0.9]) == pytest.approx([0.8, 0.9])
    assert holm([0.7, 0.6]) == [1, 1]
    assert holm([]) == []


# --- whole comparisons ---


def random_results(rng: np.random.Generator, factor: float = 1.0) -> Results:
    """Five points with the counts of a stop at 60 frame errors or 20 000 frames."""
    rows = []
    for value, fer in enumerate((0.7, 0.1, 0.02, 5e-3, 2e-3)):
        frames = int(rng.negative_binomial(60, fer * factor)) + 60
        errors = 60
        if frames > 20_000:
            frames, errors = 20_000, int(rng.binomial(20_000, fer * factor))
        counts = rng.geometric(0.3, errors).clip(max=50)
        tally = Tally(frames, errors, int(counts.sum()), int((counts**2).sum()), 0, 0)
        rows.append(row("a", value, frames, errors, tally=tally, key=str(rng.random())))
    return results(*rows)


def test_equal_links_rarely_differ() -> None:
    """False alarms of the whole verdict, ten tests each, stay at the significance."""
    rng, pairs, level = np.random.default_rng(3), 400, 0.05
    found = sum(
        compare(random_results(rng), random_results(rng), significance=level).differ for _ in range(pairs)
    )
    assert found <= pairs * level + 3.7 * math.sqrt(pairs * level)  # 3.7: SIGNIFICANCE


def test_different_links_are_found() -> None:
    rng = np.random.default_rng(4)
    found = compare(random_results(rng), random_results(rng, 1 / 3))
    assert found.differ
    worse = [point for point in found.points if point.differs]
    assert len(worse) >= 4
    assert {point.better for point in worse} == {"B"}
    assert all(point.fer_ratio is not None and point.fer_ratio > 1.3 for point in worse)
    assert not compare(random_results(rng), random_results(rng, 0.5), significance=1e-200).differ


def test_a_difference_in_the_bits_alone() -> None:
    heavy = Tally(1000, 100, 2000, 41_000, 0, 0)
    found = compare(
        results(row("a", 1, 1000, 100)), results(row("a", 1, 1000, 100, tally=heavy, key="other"))
    ).points[0]
    assert (found.outcome, found.better, found.fer_p) == (DIFFERS, "A", 1)
    assert found.ber_p is not None
    assert found.ber_p < 1e-9


def test_no_errors_on_one_side() -> None:
    found = compare(results(row("a", 1, 10_000, 90)), results(row("a", 1, 10_000, 0)))
    assert (found.points[0].outcome, found.points[0].better, found.points[0].fer_ratio) == (
        DIFFERS,
        "B",
        None,
    )
    json.dumps(found.as_dict(), allow_nan=False)


@pytest.mark.parametrize("name", ["awgn", "bec", "bsc", "quickstart", "repetition-hamming-bsc"])
def test_shipped_results_do_not_differ_from_themselves(name: str, root: Path) -> None:
    found = compare(root / "results" / name, root / "results" / name / "results.csv")
    assert not found.differ
    assert {point.outcome for point in found.points} == {SAME}
    assert found.tests == 0
    assert "nothing was tested" in found.summary()


@pytest.mark.parametrize(
    ("tally", "outcome"),
    [
        (Tally(1000, 10, 20, 40, 0, 1000), SAME),
        (Tally(1000, 11, 22, 44, 0, 1000), CONTRADICTS),
        (Tally(1000, 10, 20, 40, 0, 1001), CONTRADICTS),
        (Tally(2000, 15, 30, 60, 0, 2000), SAME_OF_ANOTHER_NUMBER),
        (Tally(500, 10, 20, 40, 0, 500), SAME_OF_ANOTHER_NUMBER),
        (Tally(2000, 9, 18, 36, 0, 2000), CONTRADICTS),  # errors that went away
        (Tally(1002, 13, 26, 52, 0, 1002), CONTRADICTS),  # three more in two frames
    ],
)
def test_the_same_frames(tally: Tally, outcome: str) -> None:
    a = results(row("a", 1, 1000, 10, key="k"), row("a", 2, 1000, 10))
    b = results(row("a", 1, 0, 0, key="k", tally=tally), row("a", 2, 999, 10))
    for found in (compare(a, b), compare(b, a)):
        assert found.points[0].outcome == outcome
        assert found.differ == (outcome == CONTRADICTS)
        assert found.points[0].fer_p == (0 if outcome == CONTRADICTS else None)
        assert found.tests == 2  # of the other point


def test_curves_are_matched_by_label() -> None:
    a = results(row("x", 1, 100, 10), row("only here", 1, 100, 10), row("n = 3", 1, 100, 10))
    b = results(row("n = 3", 1, 100, 11), row("x", 1, 100, 11), row("there", 1, 100, 11))
    found = compare(a, b)
    assert [point.curve_a for point in found.points] == ["x", "n = 3"]
    assert (found.only_a, found.only_b) == (("only here",), ("there",))
    assert "curves only in A: 'only here'" in found.summary()


def test_curves_can_be_named() -> None:
    a = results(row("x", 1, 100, 10), row("n = 3", 1, 100, 10))
    b = results(row("y", 1, 100, 11), row("n = 3", 1, 100, 11))
    for named, expected in {
        ("x=y",): [("x", "y")],
        ("n = 3=y", "x=n = 3", "n = 3"): [("n = 3", "y"), ("x", "n = 3"), ("n = 3", "n = 3")],
    }.items():
        found = compare(a, b, curves=named)
        assert [(point.curve_a, point.curve_b) for point in found.points] == expected
    with pytest.raises(
        InputError, match=r"'x' does not name a curve of each side.*\nA has: x, n = 3\nB has: y"
    ):
        compare(a, b, curves=["x"])
    with pytest.raises(InputError, match="'z=y' does not name"):
        compare(a, b, curves=["z=y"])


def test_single_curves_are_matched_whatever_their_labels() -> None:
    a, b = results(row("x", 1, 100, 10)), results(row("y", 1, 100, 10))
    assert [point.curve_b for point in compare(a, b).points] == ["y"]
    several = results(row("p", 1, 100, 10), row("q", 1, 100, 10))
    with pytest.raises(InputError, match="--curve LABEL: no label is on both sides\nA has: x\nB has: p, q"):
        compare(a, several)
    assert compare(a, several, curves=["q"]).points[0].curve_b == "q"
    with pytest.raises(InputError, match="--curve LABEL=LABEL_IN_B"):
        compare(results(row("r", 1, 100, 10), row("s", 1, 100, 10)), several)


def test_points_are_matched_by_value(tmp_path: Path) -> None:
    a = results(*(row("x", value, 100, 10) for value in (3.0, 1e-17, 0.1 + 0.2, 0.31)))
    found = compare(a, reference(tmp_path, "ebno_db,frames,frame_errors\n0.00,50,5\n0.30,50,5\n7,50,5\n"))
    assert [(round(point.value, 3), point.outcome) for point in found.points] == [
        (0, "agrees"), (0.3, "agrees"), (0.31, ONLY_A), (3, ONLY_A), (7, ONLY_B)
    ]  # fmt: skip
    assert found.tests == 2


def test_points_are_matched_over_the_other_signal_to_noise_ratio(tmp_path: Path) -> None:
    b = reference(tmp_path, "esno_db,frames,frame_errors\n-3.0103,50,5\n")
    found = compare(results(row("x", 0, 100, 10), row("x", 1, 100, 9)), b)
    assert [(point.parameter, point.value) for point in found.points if point.a and point.b] == [
        ("esno_db", -3.0103)
    ]


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    a = results(row("x", 1, 100, 10))
    bsc = reference(tmp_path, "f,frames,frame_errors\n1,50,5\n")
    with pytest.raises(InputError, match=r"'x' in A is over ebno_db, 'published' in .* over f"):
        compare(a, bsc)
    other = reference(tmp_path, "ebno_db,frames,frame_errors\n2,50,5\n")
    with pytest.raises(InputError, match=r"nothing to compare, no value is on both sides:\nA: 1\n.*csv: 2"):
        compare(a, other)
    with pytest.raises(InputError, match="nothing to compare: the results hold no point"):
        compare(a, results())
    for significance in (0, 1, -1, math.nan):
        with pytest.raises(InputError, match="significance"):
            compare(a, a, significance=significance)


# --- files ---


def test_a_reference_curve_is_read(tmp_path: Path) -> None:
    text = (
        "\ufeff# Who, when\r\n#\r\n# decoder\r\n f , frames,other,frame_errors,bit_errors,bit_errors_squared,k\r\n"
        "# in between\r\n\r\n0.1,2.66e+08,x,600,1200,3000,10\r\n0.2,100,x,0,0,0,10"
    )
    found = compare(reference(tmp_path, text), tmp_path / "published.csv")
    assert found.description_a == "Who, when\ndecoder\nin between"
    assert "B: " in found.heading()
    first, second = (point.a for point in found.points)
    assert first is not None
    assert (first.frames, first.frame_errors, first.bit_errors, first.k) == (266_000_000, 600, 1200, 10)
    assert first.ber == 1200 / 2.66e9
    assert first.ber_low is not None
    assert first.ber_high is not None
    assert first.ber_low < first.ber < first.ber_high
    assert second is not None
    assert second.ber_high == second.fer_high
    assert found.tests == 4


HEADER = "# c\nebno_db,frames,frame_errors,bit_errors,bit_errors_squared,k\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: the file is empty.*such as 'ebno_db,frames,frame_errors'"),
        ("# nothing\n\n", ":1: the file is empty"),
        ("\n\nebno_db,frames,frame_errors\n", ":3: the reference curve has no points"),
        ("frames,frame_errors\n1,1\n", ":1: .* one channel parameter, ebno_db or .*, found none"),
        ("ebno_db,esno_db,frames,frame_errors\n", ":1: .* found ebno_db and esno_db"),
        ("f,frames,frame_error\n1,1,1\n", ":1: .*'frame_errors' is missing. Did you mean 'frame_error'?"),
        ("f,frames,bit_errors\n1,1,1\n", ":1: .*'frame_errors' is missing.*bursts"),
        ("f,frame_errors\n1,1\n", ":1: the column 'frames' is missing"),
        ("f,frames,frames,frame_errors\n1,1,1,1\n", ":1: the column 'frames' stands in the header twice"),
        (HEADER + "1,10,1,1\n", ":3: the row has 4 cells, the header 6"),
        (HEADER + "1,10,1,1,1,5\n1.0,10,1,1,1,5\n", ":4: the value ebno_db = 1 stands in the file twice"),
        (HEADER + "one,10,1,1,1,5\n", ":3: ebno_db must be a number, found 'one'"),
        (HEADER + "nan,10,1,1,1,5\n", ":3: ebno_db must be finite, found 'nan'"),
        (HEADER + "1,,1,1,1,5\n", ":3: frames must be a number, found ''"),
        (HEADER + "1,inf,1,1,1,5\n", ":3: frames must be finite"),
        (HEADER + "1,10.5,1,1,1,5\n", ":3: frames must be a whole number from 0 to 2.63 - 1, found '10.5'"),
        (HEADER + "1,10,-1,1,1,5\n", ":3: frame_errors must be a whole number"),
        (HEADER + f"1,{10**30},1,1,1,5\n", ":3: frames must be a whole number"),
        (HEADER + f"1,{'9' * 5000},1,1,1,5\n", ":3: frames must be finite, found '9{40}'$"),
        (HEADER + "1,0,0,0,0,5\n", ":3: frames must be at least 1, found 0"),
        (HEADER + "1,10,11,11,11,5\n", ":3: frame_errors, 11, must be at most frames, 10"),
        (HEADER + "1,10,1,1,1,0\n", ":3: k, .* must be at least 1"),
        (HEADER + "1,10,2,11,61,5\n", ":3: bit_errors must be from 1 to k in each of the 2 wrong frames, found 11"),
        (HEADER + "1,10,0,1,1,5\n", ":3: bit_errors must be from 1 to k"),
        (HEADER + "1,10,2,4,7,5\n", ":3: bit_errors_squared, 7, contradicts 4 bit errors in 2 frames"),
        (HEADER + "1,10,2,4,21,5\n", ":3: bit_errors_squared, 21, contradicts"),
        ("f,frames,frame_errors,bit_errors_squared\n1,10,1,1\n", ":2: .* needs the column bit_errors"),
        (HEADER + "1," + "1" * 200_000 + ",1,1,1,5\n", ":3: cannot be read as CSV: field larger"),
        ("\0\0\n", ":1: .* one channel parameter"),
        ("curve,parameter\n", ":1: not a results file"),
    ],
)  # fmt: skip
def test_bad_reference_files(text: str, message: str, tmp_path: Path) -> None:
    file = reference(tmp_path, text)
    with pytest.raises(InputError, match=r"published\.csv" + message) as raised:
        compare(results(row("a", 1, 100, 10)), file)
    assert len(str(raised.value)) < 400


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    a = results(row("a", 1, 100, 10))
    (tmp_path / "latin.csv").write_bytes(b"# M\xfcller\nf,frames,frame_errors\n")
    with pytest.raises(InputError, match=r"latin\.csv: cannot be read: .*utf-8"):
        compare(a, tmp_path / "latin.csv")
    with pytest.raises(InputError, match=r"none\.csv: there is no such file or folder"):
        compare(tmp_path / "none.csv", a)
    with pytest.raises(InputError, match=r"results\.csv is missing"):
        compare(tmp_path, a)


def test_results_files_of_any_name_are_results(tmp_path: Path) -> None:
    rows = (row("x", 1, 100, 10), row("y", 1, 100, 12))
    (tmp_path / "old.csv").write_text(format_results(rows))
    assert len(compare(tmp_path / "old.csv", results(*rows)).points) == 2


# --- what is shown ---


def shown(comparison: Comparison) -> str:
    out = io.StringIO()
    Console(file=out, width=100).print(comparison.table())
    return out.getvalue()


def test_table_and_summary() -> None:
    a = results(row("[bold]x", 1, 1000, 100), row("[bold]x", 2, 1000, 5), row("y", 1, 100, 0))
    b = results(row("[bold]x", 1, 1000, 200), row("[bold]x", 3, 1000, 5), row("y", 1, 99, 1))
    found = compare(a, b)
    lines = [line.split() for line in shown(found).splitlines()]
    assert lines[0][:5] == ["curve", "ebno_db", "FER", "of", "A"]
    assert lines[1][:7] == ["[bold]x", "1", "1.000e-01", "(100)", "2.000e-01", "(200)", "0.5"]
    assert lines[1][-2:] == ["A", "better"]
    assert (lines[2][-3:], lines[3][-3:]) == (["only", "in", "A"], ["only", "in", "B"])
    assert lines[4][:5] == ["y", "1", "0.000e+00", "(0)", "1.010e-02"]
    assert found.summary() == (
        "1 of the 2 points in both differs; A is worse at 0 points, better at 1 point (significance 0.01, 4 tests)"
    )
    data = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert data["differ"] is True
    assert data["points"][0]["a"]["frame_errors"] == 100
    assert data["points"][1]["b"] is None


def test_the_overlay_is_written(tmp_path: Path) -> None:
    a = results(
        row("x", 1, 1000, 100),
        row("x", 2, 1000, 5),
        row("$y", 0.1, 100, 0, parameter="f", ebno_db=None, esno_db=None),
    )
    b = results(
        row("x", 1, 1000, 200),
        row("x", 3, 1000, 0),
        row("$y", 0.1, 99, 1, parameter="f", ebno_db=None, esno_db=None),
    )
    compare(a, b, output=tmp_path / "both.svg")
    text = (tmp_path / "both.svg").read_text()
    for words in (
        "differs beyond chance",
        "A: A",
        "B: B",
        "frame error rate",
        "bit error rate",
        "no errors seen",
    ):
        assert words in text
    compare(a, a, output=tmp_path / "same.svg")
    assert "differs beyond chance" not in (tmp_path / "same.svg").read_text()
    # a reference without BER leaves the FER alone; one without squares has a BER without intervals
    plain = reference(tmp_path, "ebno_db,frames,frame_errors\n1,50,5\n2,50,0\n")
    compare(a, plain, curves=["x"], output=tmp_path / "plain.svg")
    assert "bit error rate" not in (tmp_path / "plain.svg").read_text()
    bits = reference(tmp_path, "ebno_db,frames,frame_errors,bit_errors,k\n1,50,5,9,50\n2,50,0,0,50\n")
    found = compare(a, bits, curves=["x"], output=tmp_path / "bits.png")
    assert (tmp_path / "bits.png").stat().st_size > 10_000
    assert "BER is not tested" in found.summary()
    with pytest.raises(InputError, match="the ending must be one of"):
        compare(a, b, output=tmp_path / "figure.doc")
    with pytest.raises(InputError, match="cannot be written"):
        compare(a, b, output=tmp_path / "nowhere" / "figure.png")


def test_results_against_a_published_curve(shared: Path) -> None:
    """The family-wise significance is that of any statistical test here."""
    published = shared / "references" / "ldpc_ccsds_128_64_layered_spa50.csv"
    decoder = {"type": "bp", "algorithm": "sum-product", "schedule": "layered", "iterations": 50}
    curve = {"label": "LDPC", "code": {"type": "ldpc", "alist": str(shared / "alist" / "CCSDS_64_128.alist")}}
    config: dict[str, Any] = {
        "name": "published",
        "channel": {"type": "awgn", "ebno_db": [1, 2, 3]},
        "curves": [{**curve, "decoder": decoder}],
        "stop": {"frame_errors": 200},
    }
    found = compare(run(config, save=False), published, significance=SIGNIFICANCE)
    assert not found.differ, shown(found)
    assert found.tests == 3
    assert sum(point.outcome == ONLY_B for point in found.points) == 9
    config["curves"][0]["decoder"] = {**decoder, "iterations": 2}
    worse = compare(run(config, save=False), published, significance=SIGNIFICANCE)
    assert [point.better for point in worse.points if point.differs] == ["B"] * 3


def test_every_reference_can_be_read(shared: Path) -> None:
    files = sorted((shared / "references").glob("*.csv"))
    assert len(files) >= 10
    for file in files:
        header = next(line for line in file.read_text().splitlines() if not line.startswith("#"))
        if {"ebno_db", "esno_db", "f", "epsilon"} & set(header.split(",")):
            assert not compare(file, file).differ
        else:  # of a channel that there is not
            with pytest.raises(InputError, match="must name one channel parameter"):
                compare(file, file)
