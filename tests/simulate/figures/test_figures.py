"""Figures: what is drawn where. How they look was looked at; this holds what can be computed."""

import re
from pathlib import Path
from typing import Any

import pytest
from capgap.bounds import BOUNDS
from capgap.channels import AWGN, BEC, BSC, binary_entropy
from capgap.simulate import (
    InputError,
    Results,
    compare,
    exact_rates,
    load_config,
    load_results,
    plot,
    report,
    run,
    union_bound,
)
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content import files as figure_files
from capgap.simulate.content.styles import COLOURS, DARK_COLOURS
from capgap.simulate.figures import draw
from capgap.simulate.figures.kinds.error_rates import rate_figure, sweep_figure
from capgap.simulate.figures.kinds.planes import capacity_figure
from capgap.simulate.figures.sheet import along_each
from capgap.simulate.figures.style import PAPER
from capgap.simulate.running import runner
from matplotlib.figure import Figure
from scipy.special import ndtr

from tests.lazy import but_slow

pytestmark = pytest.mark.usefixtures("small_pictures")


def sweep_axes(results: Results, options: PlotOptions) -> Any:
    """The first panel of a sweep figure."""
    return sweep_figure(results, options).axes[0]


def texts(figure: Any) -> list[str]:
    """Everything written in the panels and the legend."""
    found = [text.get_text() for axes in figure.axes for text in axes.texts]
    return found + [text.get_text() for text in figure.legends[0].get_texts()]


def vertical_lines(axes: Any) -> list[float]:
    return [
        line.get_xdata()[0]
        for line in axes.lines
        if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]
    ]


def test_sweep_figure(config: dict[str, Any]) -> None:
    figure = sweep_figure(run(config, save=False), PlotOptions())
    assert len(figure.axes) == 2
    ber, fer = figure.axes
    assert [axes.get_ylabel() for axes in (ber, fer)] == ["bit error rate", "frame error rate"]
    assert "dB" in ber.get_xlabel()
    assert ber.get_yscale() == fer.get_yscale() == "log"
    words = texts(figure)
    for text in ("Uncoded", "Hamming", "LDPC", "uncoded, exact", "Shannon limit of the rate"):
        assert text in words
    assert "$R$ = 4/7: 0.24 dB" in words
    assert "$R$ = 1/2: 0.00 dB" in words
    # the Shannon limits of rates 1, 4/7 and 1/2
    assert sorted(vertical_lines(ber)) == pytest.approx([0, 0.2414, 1.7609], abs=1e-3)


def test_limits_have_their_curves_colours(config: dict[str, Any]) -> None:
    figure = sweep_figure(run(config, save=False), PlotOptions())
    axes: Any = figure.axes[0]
    colours = {container.get_label(): container[0].get_color() for container in axes.containers}
    lines = {
        round(line.get_xdata()[0], 2): line.get_color()
        for line in axes.lines
        if line.get_linestyle() == "--" and len(line.get_xdata()) == 2
    }
    assert lines[0.24] == colours["Hamming"]
    assert lines[1.76] == colours["Uncoded"]


def test_the_bpsk_limit(config: dict[str, Any]) -> None:
    figure = sweep_figure(run(config, save=False), PlotOptions(limits=["bpsk"]))
    assert "$R$ = 1/2: 0.19 dB" in texts(figure)
    figure = sweep_figure(run(config, save=False), PlotOptions(limits=[]))
    assert vertical_lines(figure.axes[0]) == []


@pytest.mark.parametrize(
    ("channel", "label", "limit"),
    [
        ({"type": "bsc", "f": [0.05, 0.1]}, "crossover probability $f$", "$R$ = 1/2: 0.11"),
        ({"type": "bec", "epsilon": [0.2, 0.3]}, r"erasure probability $\varepsilon$", "$R$ = 1/2: 0.5"),
        ({"type": "awgn", "esno_db": [0, 1]}, "$E_s/N_0$ (dB)", "$R$ = 1/2: -3.01 dB"),
    ],
)
def test_other_channels(config: dict[str, Any], channel: dict[str, Any], label: str, limit: str) -> None:
    results = run({**config, "channel": channel}, save=False)
    figure = sweep_figure(results, PlotOptions(y=["ber"]))
    assert figure.axes[0].get_xlabel() == label
    assert limit in texts(figure)


def test_points_and_intervals_are_those_of_the_results(config: dict[str, Any]) -> None:
    results = run(config, save=False)
    axes = sweep_axes(results, PlotOptions(y=["fer"]))
    drawn = {container.get_label(): container for container in axes.containers}
    for label, rows in results.curves().items():
        line, _, (bars,) = drawn[label]
        assert list(line.get_xdata()) == [row.value for row in rows]
        assert list(line.get_ydata()) == [row.fer for row in rows]
        for segment, row in zip(bars.get_segments(), rows, strict=True):
            assert [segment[0][1], segment[1][1]] == pytest.approx([row.fer_low, row.fer_high])


def test_no_errors_are_drawn_as_an_upper_bound() -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": [0, 0.1]},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}}],
        "stop": {"frames": 500},
    }
    results = run(config, save=False)
    figure = sweep_figure(results, PlotOptions(y=["fer"]))
    assert "no errors seen: 95 % upper bound" in texts(figure)
    axes: Any = figure.axes[0]
    marks = [line for line in axes.lines if line.get_marker() == 11 and len(line.get_xdata())]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == [(0, results.rows[0].fer_high)]


def test_rate_figure() -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0.1},
        "curves": [
            {"label": "Repetition", "code": {"type": "repetition"}, "sweep": {"code.n": [3, 5, 7]}},
            {"label": "Hamming", "code": {"type": "hamming", "r": 3}},
        ],
        "stop": {"frame_errors": 20},
    }
    results = run(config, save=False)
    figure = rate_figure(results, PlotOptions(x="rate", y=["ber"]))
    assert {"Repetition", "Hamming", "$R = C / (1 - H(p_b))$", "$C$ = 0.531"} <= set(texts(figure))
    axes: Any = figure.axes[0]
    curve = next(line for line in axes.lines if line.get_label() == "$R = C / (1 - H(p_b))$")
    # uncoded transmission reaches R = 1 at p_b = f
    nearest = min(zip(curve.get_xdata(), curve.get_ydata(), strict=True), key=lambda point: abs(point[0] - 1))
    assert nearest[1] == pytest.approx(0.1, rel=0.05)
    drawn = {container.get_label(): container[0] for container in axes.containers}
    assert sorted(drawn["Repetition"].get_xdata()) == pytest.approx([1 / 7, 1 / 5, 1 / 3])


def test_what_cannot_share_a_figure(config: dict[str, Any]) -> None:
    awgn = run(config, save=False)
    bsc = run({**config, "channel": {"type": "bsc", "f": 0.1}}, save=False)
    with pytest.raises(InputError, match="ebno_db and f cannot share one figure"):
        sweep_figure(Results((*awgn.rows, *bsc.rows)), PlotOptions())
    with pytest.raises(InputError, match="one and the same value"):
        rate_figure(
            run({**config, "channel": {"type": "bsc", "f": [0.1, 0.2]}}, save=False), PlotOptions(x="rate")
        )
    with pytest.raises(InputError, match="esno_db"):
        rate_figure(awgn, PlotOptions(x="rate"))
    with pytest.raises(InputError, match="nothing to draw"):
        draw(Results(()), PlotOptions(), [])


def test_the_same_results_give_the_same_bytes(config: dict[str, Any], tmp_path: Path) -> None:
    results = run(config, save=False)
    for kind in ("svg", "pdf", "png"):
        draw(results, PlotOptions(y=["fer"]), [tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"])
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_plot_follows_the_configuration_beside_the_results(config: dict[str, Any], tmp_path: Path) -> None:
    run({**config, "plot": {"y": ["fer"], "formats": ["svg"], "title": "A title"}}, out=tmp_path)
    (tmp_path / "small.svg").unlink()
    assert plot([tmp_path]) == [tmp_path / "small.svg"]
    text = (tmp_path / "small.svg").read_text()
    assert "A title" in text
    assert not re.search("bit error rate", text)


def test_text_of_labels_is_text_not_mathematics(config: dict[str, Any], tmp_path: Path) -> None:
    """A stray dollar or brace in a label neither fails nor vanishes."""
    config["curves"][0]["label"] = "costs 5$ {really} _x_"
    run({**config, "plot": {"formats": ["svg"]}}, out=tmp_path)
    assert "costs 5$ {really} _x_" in (tmp_path / "small.svg").read_text()
    config["curves"][0]["label"] = "$unknown\\command$"
    run({**config, "plot": {"formats": ["svg"]}}, out=tmp_path)


@pytest.mark.parametrize(
    ("channel", "capacity"),
    [
        ({"type": "awgn", "ebno_db": [1, 2]}, lambda x, rate: AWGN(ebno_db=x, rate=rate).capacity()),
        ({"type": "awgn", "esno_db": [1, 2]}, lambda x, rate: AWGN(esno_db=x).capacity()),
        ({"type": "bsc", "f": [0.02, 0.2]}, lambda x, rate: BSC(f=x).capacity()),
        ({"type": "bec", "epsilon": [0.2, 0.6]}, lambda x, rate: BEC(epsilon=x).capacity()),
    ],
)
def test_the_least_bit_error_rate_is_a_curve(channel: dict[str, Any], capacity: Any) -> None:
    code = {"type": "hamming", "r": 3}
    config = {
        "name": "a",
        "channel": channel,
        "curves": [{"label": "A", "code": code}, {"label": "B", "code": code}],
    }
    results = run({**config, "stop": {"frames": 500}}, save=False)
    options = PlotOptions(y=["ber", "fer"], limits=["rate-distortion"])
    figure = sweep_figure(results, options)
    panels: Any = figure.axes
    ber, fer = ([line for line in axes.lines if len(line.get_xdata()) > 100] for axes in panels)
    curves: Any = [line for line in ber if line.get_color() == "#444444"]
    assert len(curves) == 1  # of both, whose rate it is
    x, y = curves[0].get_data()
    for value, p in zip(x[::10], y[::10], strict=True):
        assert (4 / 7) * (1 - binary_entropy(p)) == pytest.approx(capacity(value, 4 / 7), rel=1e-6)
    assert y.min() <= figure.axes[0].get_ylim()[0]
    assert not fer
    assert any("least BER" in text for text in texts(figure))


def test_iterations_and_throughput(config: dict[str, Any]) -> None:
    results = run(config, save=False)
    figure = sweep_figure(results, PlotOptions(y=["iterations", "throughput"]))
    iterations, throughput = figure.axes
    assert iterations.get_yscale() == throughput.get_yscale() == "linear"
    shown: Any = {
        line.get_label(): line for line in iterations.lines if line.get_marker() not in ("", "None", None)
    }
    assert list(shown) == ["LDPC"]  # the others do not iterate
    expected = [row.iterations / row.frames for row in results["LDPC"]]
    assert list(shown["LDPC"].get_ydata()) == expected
    drawn: Any = {line.get_label(): line for line in throughput.lines}
    for label, rows in results.curves().items():
        mbps = [row.frames * row.k / row.seconds / 1e6 for row in rows]
        assert list(drawn[label].get_ydata()) == mbps
    with pytest.raises(InputError, match="with x: rate, y is ber or fer"):
        rate_figure(results, PlotOptions(x="rate", y=["iterations"]))


def test_limits_and_panels_of_the_command_line(config: dict[str, Any], tmp_path: Path) -> None:
    run(config, out=tmp_path)
    file = tmp_path / "other.png"
    assert plot(tmp_path, file, limits=["shannon", "rate-distortion"], y=["ber"]) == [file]
    assert plot(tmp_path, file, limits="shannon", y="ber", kinds="error-rates") == [file]
    assert plot(tmp_path, file, limits=[]) == [file]
    for given, message in (
        ({"limits": ["shanon"]}, "limits: there is no 'shanon'. Did you mean 'shannon'?"),
        ({"y": ["per"]}, "y: there is no 'per'."),
        ({"y": []}, "at least one panel"),
    ):
        wrong: Any = given
        with pytest.raises(InputError, match=re.escape(message)):
            plot(tmp_path, file, **wrong)


def test_the_dark_theme_has_nothing_black_or_white(config: dict[str, Any], tmp_path: Path) -> None:
    config["plot"] = {"formats": ["svg"], "limits": ["shannon", "rate-distortion"]}
    run(config, out=tmp_path)
    files = [tmp_path / "light.svg", tmp_path / "dark.svg"]
    for file in files:
        plot(tmp_path, file, theme=file.stem)
    light, dark = (set(re.findall(r"#[0-9a-f]{6}", file.read_text())) for file in files)
    assert {"#000000", "#ffffff"} <= light | {"#000000"}
    assert not {"#000000", "#ffffff", "#444444"} & dark
    assert "#14171c" in dark


@pytest.mark.parametrize(
    ("channel", "name", "ratio"),
    [
        ({"type": "awgn", "ebno_db": [0, 6]}, "bpsk", lambda x: 10 ** (x / 10) * 24 / 48),
        ({"type": "bsc", "f": [0.02, 0.2]}, "bsc", lambda x: x),
        pytest.param({"type": "bec", "epsilon": [0.2, 0.6]}, "bec", lambda x: x, marks=pytest.mark.slow),
        pytest.param(
            {"type": "awgn", "snr_db": [0, 6]}, "bpsk", lambda x: 10 ** (x / 10) / 2, marks=pytest.mark.slow
        ),
    ],
)
def test_limits_at_a_block_length_are_curves(channel: dict[str, Any], name: str, ratio: Any) -> None:
    code = {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3}
    config = {"name": "a", "channel": channel, "curves": [{"label": "A", "code": code}]}
    results = run({**config, "stop": {"frames": 500}}, save=False)
    kinds: list[Any] = ["converse", "normal-approximation", "rcu"]
    figure = sweep_figure(results, PlotOptions(y=["ber", "fer"], limits=kinds))
    panels: Any = figure.axes
    ber, fer = ([line for line in axes.lines if len(line.get_xdata()) > 12] for axes in panels)
    assert len(fer) == 3
    row = results.rows[0]
    for kind, line in zip(kinds, fer, strict=True):
        x, y = line.get_data()
        # Every fourth point is computed, those in between are interpolated.
        for i in range(0, len(x), 6):
            exact = BOUNDS[name][kind].error_probability(48, row.k / 48, ratio(x[i]))
            assert y[i] == pytest.approx(exact, rel=1e-2 if i % 4 else 1e-9)
    assert all(line.get_label().startswith(("uncoded", "_")) for line in ber)  # they are of frames
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    words = ", equal energy" if name == "bpsk" else ""
    assert f"converse at $n$ and $k${words}" in labels
    assert sum("energy" in label for label in labels) == (name == "bpsk")


def test_what_is_known_of_a_code_is_drawn(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"] = [{"label": "H", "code": {"type": "hamming", "r": 3}, "decoder": {"type": "syndrome"}}]
    config["plot"] = {"limits": ["exact", "union"], "y": ["ber", "fer"]}
    results = run(config, out=tmp_path)
    figure = sweep_figure(results, PlotOptions(limits=["exact", "union"]))
    link: Any = load_config(config).curves[0].link
    for axes, y in zip(figure.axes, ("ber", "fer"), strict=True):
        lines: Any = [line for line in axes.lines if line.get_color() != "#666666"]
        exact, union = (line for line in lines if len(line.get_xdata()) > 50)
        for line in (exact, union):
            channels = [link.at(float(x)).channel for x in line.get_xdata()]
            read = [BSC(f=float(ndtr(-((2 * 10 ** (each.esno_db / 10)) ** 0.5)))) for each in channels]
            rates = exact_rates(link.decoder, channels) if line is exact else union_bound(link.code, read)
            assert list(line.get_ydata()) == pytest.approx(list(getattr(rates, y)), rel=1e-12)


def test_labels_of_limits_keep_off_the_curves() -> None:
    figure = Figure()
    panel = figure.add_subplot()
    panel.plot([4.9, 4.8, 4.7], [0.0, 0.5, 1.0])  # left of the line at 5, from bottom to top
    panel.set(xlim=(0, 10), ylim=(0, 1))
    along_each(panel, [(5.0, "$R$ = 1/2: 0.00 dB", "k"), (8.0, "$R$ = 1/3: 0.00 dB", "k")])
    assert [text.get_horizontalalignment() for text in panel.texts] == ["left", "right"]


def test_lines_that_are_one_to_the_digits_shown_have_one_label() -> None:
    code = {"type": "spc"}
    curves = [{"label": f"{n}", "code": {**code, "n": n}, "decoder": {"type": "bp"}} for n in (2001, 2002)]
    config = {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [5]},
        "curves": curves,
        "stop": {"frames": 1},
    }
    figure = sweep_figure(run(config, save=False), PlotOptions(y=["fer"]))
    (panel,) = figure.axes
    assert [text.get_text() for text in panel.texts] == ["$R$ = 1.000: 1.76 dB"]
    assert len(vertical_lines(panel)) == 2


@pytest.mark.parametrize(
    ("name", "limits", "close"),
    [("quickstart", ["shannon"], 0), ("awgn", ["shannon"], 0), ("bsc", ["shannon"], 0), ("awgn", ["shannon", "bpsk"], 3)],
)  # fmt: skip
def test_labels_of_limits_stand_at_their_own_lines(
    root: Path, name: str, limits: list[Any], close: int
) -> None:
    """Beside or on it, and over no other line; except lines that lie closer than a label is thick."""
    results = load_results(root / "results" / name)
    figure = sweep_figure(results, PlotOptions(limits=limits))
    figure.draw_without_rendering()
    for panel in figure.axes:
        labels: Any = [text for text in panel.texts if "$R$ = " in text.get_text()]
        assert len(labels) == len(vertical_lines(panel)) > 3 - (name == "bsc")
        boxes = [label.get_window_extent() for label in labels]
        places = [panel.transData.transform((label.xy[0], 0.1))[0] for label in labels]
        point = figure.dpi / 72
        covered = sum(
            box.x0 + 1.5 * point < place < box.x1 - 1.5 * point
            for i, box in enumerate(boxes)
            for j, place in enumerate(places)
            if i != j
        )
        assert covered <= close
        for box, place, label in zip(boxes, places, labels, strict=True):
            assert box.x0 - 3 * point < place < box.x1 + 3 * point
            assert panel.bbox.x0 - point < box.x0 < box.x1 < panel.bbox.x1 + point
            assert panel.bbox.y1 > box.y1
            if len(limits) > 1:
                assert label.get_text().startswith(("Shannon, ", "BPSK, "))
        for i, one in enumerate(boxes):
            assert not any(one.padded(-1.5 * point).overlaps(other) for other in boxes[:i])


def overlapping_ticks(figure: Any) -> list[tuple[str, str]]:
    """Labels of ticks within the axes that lie on each other."""
    figure.draw_without_rendering()
    found = []
    for panel in figure.axes:
        for axis in (panel.xaxis, panel.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            shown = [
                tick.label1 for tick in ticks if low <= tick.get_loc() <= high and tick.label1.get_text()
            ]
            assert len(shown) > 1
            boxes = [(label.get_text(), label.get_window_extent()) for label in shown]
            found += [(a, b) for i, (a, one) in enumerate(boxes) for b, two in boxes[:i] if one.overlaps(two)]
    return found


@pytest.mark.parametrize(
    "values",
    but_slow(
        [[0.002, 0.03], [0.0001, 0.0009], [0.0002, 0.0017], [0.004, 0.0203], [0.0001, 0.11]],
        [[0.0001, 0.0009], [0.0001, 0.11]],
    ),
)
def test_ticks_do_not_overlap(values: list[float]) -> None:
    """A probability has long numbers, on a linear axis and on a logarithmic one of one or two decades."""
    config = {
        "name": "a",
        "curves": [
            {"label": kind, "code": {"type": "uncoded", "k": 50}, "channel": {"type": kind, name: values}}
            for kind, name in (("bsc", "f"), ("bec", "epsilon"))
        ],
        "stop": {"frames": 2000},
    }
    results = run(config, save=False)
    assert not overlapping_ticks(
        capacity_figure(results, PlotOptions.model_validate({"at": {"ber": 0.5 * sum(values)}}))
    )
    assert not overlapping_ticks(sweep_figure(Results(tuple(results.rows[:2])), PlotOptions()))


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances as WCAG 2.1 defines it, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    low, high = sorted((luminance(one), luminance(other)))
    return high / low


def test_the_dark_theme_has_colours_of_its_own(config: dict[str, Any], tmp_path: Path) -> None:
    assert len(set(DARK_COLOURS)) == len(COLOURS)
    assert all(contrast(colour, PAPER) > 6 for colour in DARK_COLOURS)
    config["plot"] = {"formats": ["svg"]}
    run(config, out=tmp_path)
    file = tmp_path / "dark.svg"
    plot(tmp_path, file, theme="dark")
    found = set(re.findall(r"#[0-9a-f]{6}", file.read_text()))
    assert set(DARK_COLOURS[:3]) <= found
    assert not found & {colour.lower() for colour in COLOURS}


def test_more_curves_than_anybody_can_tell_apart(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner._Run, "_draw", lambda *_: None)
    config["stop"] = {"frames": 50}
    run(config, out=tmp_path / "r")
    monkeypatch.setattr(figure_files, "MOST_CURVES", 2)
    words = "the results cannot be drawn: these are 3 curves, and 2 is the most"
    with pytest.raises(InputError, match=words):
        plot(tmp_path / "r", tmp_path / "a.png")
    with pytest.raises(InputError, match=words):
        compare(tmp_path / "r", tmp_path / "r", output=tmp_path / "a.png")
    with pytest.raises(InputError, match=words):
        report(tmp_path / "r", tmp_path / "a.html")
    assert not list(tmp_path.glob("a.*"))


def test_names_of_codes_stand_beside_their_points() -> None:
    config = {
        "name": "names",
        "channel": {"type": "bsc", "f": 0.1},
        "curves": [
            {"label": "Hamming", "code": {"type": "hamming"}, "sweep": {"code.r": [3, 4]}},
            {"label": "again", "code": {"type": "hamming", "r": 3}},
        ],
        "stop": {"frames": 2000},
    }
    results = run(config, save=False)
    named = rate_figure(results, PlotOptions(x="rate", y=["ber"], names=True)).axes[0]
    shown = [text.get_text() for text in named.texts if text.get_text().startswith("(")]
    assert shown == ["(7, 4)", "(15, 11)"]  # one of two at the same place
    plain = rate_figure(results, PlotOptions(x="rate", y=["ber"])).axes[0]
    assert not [text for text in plain.texts if text.get_text().startswith("(")]
