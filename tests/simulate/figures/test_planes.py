"""Figures of where codes lie: the capacity plane, spectral efficiency, EXIT charts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.bounds import bound
from capgap.channels import (
    AWGN,
    bicm_capacity,
    bsc_capacity,
    coded_modulation_capacity,
    from_db,
    qam,
    spectral_efficiency_limit_ebno_db,
    to_db,
)
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import ESNO
from capgap.simulate import InputError, Results, exit_curves, load_config, load_results, plot, run
from capgap.simulate.analysis.gap_summary import summarise
from capgap.simulate.analysis.gaps import interpolated
from capgap.simulate.analysis.operating_points import (
    capacity_curve,
    capacity_planes,
    efficiency_plane,
    finite_rates,
    modulated_efficiencies,
)
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.links_of_results import links_of
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.exit_charts import CONSTITUENTS, exit_charts
from capgap.simulate.figures.drawing import LeftOutWarning
from capgap.simulate.figures.kinds.exit_charts import exit_figure
from capgap.simulate.figures.kinds.planes import capacity_figure, efficiency_figure
from capgap.simulate.link.link import Link
from capgap.simulate.registry.plugins import load_plugin
from capgap.simulate.results.rows import make_row
from capgap.simulate.results.told_apart import told_apart
from capgap.simulate.statistics.tally import Tally
from capgap.simulate.theory.exit.exit_chart import ExitChart
from capgap.simulate.theory.exit.exit_support import has_exit_chart
from matplotlib.text import Annotation

from tests.references.turbo_pair import PairCode, PairDecoder

pytestmark = pytest.mark.usefixtures("few_points", "small_pictures")

LDPC = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three channels; sweeps and a search; one curve that never gets there."""
    hamming = {"type": "hamming", "r": 3}
    config: dict[str, Any] = {
        "name": "three",
        "curves": [
            {"label": "a", "group": "Hamming", "code": hamming, "channel": {"type": "bsc", "f": [0.05, 0.02, 0.01]}},
            {"label": "b", "group": "Hamming", "code": hamming, "decoder": {"type": "ml"}, "channel": {"type": "bec"}, "target": {"fer": 0.01, "within": 0.2}},
            {"label": "c", "group": "LDPC", "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}, "channel": {"type": "awgn", "ebno_db": [2, 3, 4]}},
            {"label": "d", "group": "LDPC", "code": {"type": "ldpc", "n": 96, "k": 72, "column_weight": 3}, "channel": {"type": "awgn", "snr_db": [-8, -7]}},
        ],
        "stop": {"frames": 4000, "frame_errors": 200},
        "plot": {"kinds": ["capacity-plane", "spectral-efficiency", "exit"], "at": {"fer": 0.01}, "formats": ["svg"], "limits": ["shannon", "bpsk", "converse"]},
    }  # fmt: skip
    return run(config, out=tmp_path_factory.mktemp("runs") / "three", quiet=True)


@pytest.mark.cpu_seconds(20)  # runs and draws what the other tests of this file look at
def test_a_run_draws_each_kind(results: Results) -> None:
    assert results.folder is not None
    for kind in ("capacity-plane", "spectral-efficiency", "exit"):
        assert (results.folder / f"three-{kind}.svg").stat().st_size > 10_000
    assert not (results.folder / "three.svg").exists()
    # Each as its name says: `plot` draws one of them anew, and no other file.
    before = (results.folder / "three-exit.svg").read_bytes()
    with pytest.warns(LeftOutWarning, match="exit has no chart of a, b: its decoder is neither bp"):
        assert plot(results.folder, kinds=["exit"]) == [results.folder / "three-exit.svg"]
    assert (results.folder / "three-exit.svg").read_bytes() == before


def test_codes_lie_where_they_reach_the_error_rate(results: Results) -> None:
    bsc, bec, awgn = capacity_planes(results, load_config(results.folder / "config.yaml").plot.at)  # type: ignore[operator]
    assert [plane.parameter for plane in (bsc, bec, awgn)] == ["f", "epsilon", "esno_db"]
    assert bsc.points[0].x == interpolated(results["a"], "fer", 0.01).value
    assert bec.points[0].crossing == results.crossings[0]
    # Es/N0 = R Eb/N0, from whatever the curve was swept over.
    ebno = interpolated(results["c"], "fer", 0.01).value
    assert ebno is not None
    assert awgn.points[0].x == pytest.approx(ebno + to_db(0.5))
    assert awgn.points[0].limit == pytest.approx(to_db(0.5))
    assert awgn.points[1].x is None
    assert awgn.points[1].limit == pytest.approx(AWGN.limit("esno_db", 0.75))
    plane = efficiency_plane(results, load_config(results.folder / "config.yaml").plot.at)  # type: ignore[operator]
    assert [point.row.curve for point in plane.points] == ["c", "d"]
    assert plane.points[0].x == pytest.approx(ebno)
    assert plane.points[1].limit == pytest.approx(AWGN.limit("ebno_db", 0.75))


def test_codes_are_shown_at_their_targets_unless_a_rate_is_asked_for(results: Results) -> None:
    planes = capacity_planes(results, None)
    asked = {
        point.row.curve: (point.crossing.measure, point.crossing.target)
        for plane in planes
        for point in plane.points
    }
    assert asked == {"a": ("ber", 1e-5), "b": ("fer", 0.01), "c": ("ber", 1e-5), "d": ("ber", 1e-5)}


def test_the_capacity_above_them(results: Results) -> None:
    options = load_config(results.folder / "config.yaml").plot  # type: ignore[operator]
    figure = capacity_figure(results, options)
    assert [axes.get_title() for axes in figure.axes] == [
        "$C = 1 - H(f)$",
        r"$C = 1 - \varepsilon$",
        r"$C = \frac{1}{2} \log_2(1 + 2 E_s/N_0)$",
    ]
    planes = capacity_planes(results, options.at)
    for axes, plane in zip(figure.axes, planes, strict=True):
        low, high = axes.get_xlim()
        assert all(low < point.x < high for point in plane.points if point.x is not None)
        assert axes.get_ylabel().startswith("rate")
        (curve,) = [line for line in axes.lines if line.get_label() == "Shannon capacity"]
        x, y = np.array(curve.get_data())
        assert y == pytest.approx(capacity_curve(plane, x, "gaussian"), rel=1e-12)
    x, y = np.array(figure.axes[0].lines[0].get_data())
    assert y == pytest.approx([bsc_capacity(f) for f in x])
    # At the code's own channel, the rate that its length allows: above the code, below the capacity.
    (place, rate, limit, row), *_ = finite_rates(planes[2], "converse")
    assert limit == bound("bpsk", "converse")
    assert rate == limit.rate(96, 0.01, from_db(place))
    assert row.rate < rate < float(AWGN(esno_db=place).capacity())
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert set(words) == {
        "Hamming", "LDPC (1 of 2 reached)", "Shannon capacity", "BPSK capacity", "gap to the Shannon limit",
        "converse at $n$", "converse at $n$, equal energy",
    }  # fmt: skip
    assert figure.legends[0].get_title().get_text() == "codes at a FER of 0.01"


def test_what_is_not_reached_is_said(results: Results) -> None:
    figure = capacity_figure(Results(tuple(results["d"])), PlotOptions())
    assert "LDPC: not reached over awgn" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_spectral_efficiency(results: Results) -> None:
    options = load_config(results.folder / "config.yaml").plot  # type: ignore[operator]
    (axes,) = efficiency_figure(results, options).axes
    lines = {line.get_label(): np.array(line.get_data()) for line in axes.lines}
    ebno_db, efficiency = lines["Shannon capacity"]
    assert 10 ** (ebno_db / 10) == pytest.approx((2**efficiency - 1) / efficiency)
    # Two real uses a second and hertz: BPSK has two bits at most, and is nowhere better.
    bpsk, same = lines["BPSK capacity"]
    assert np.nanmax(same[~np.isnan(bpsk)]) < 2
    assert (bpsk[same < 2] > ebno_db[efficiency < 2] - 1e-9).all()
    with pytest.raises(InputError, match="Eb/N0"):
        efficiency_figure(Results(tuple(results["a"])), options)


def test_exit_charts_of_the_curves_that_have_one(results: Results) -> None:
    charts = exit_charts(results)
    assert [made.row.curve for made in charts] == ["c", "d"]
    # The noisiest point with a FER of at most 0.1, or else the quietest.
    assert charts[0].row.fer == max(row.fer for row in results["c"] if row.fer <= 0.1)
    assert charts[1].row.value == -7
    link = load_config(results.folder / "config.yaml").curves[2].link  # type: ignore[operator]
    expected = exit_curves(link.code, link.at(charts[0].row.value).channel)
    assert isinstance(charts[0].chart, ExitChart)
    assert np.array_equal(charts[0].chart.variable, expected.variable)
    figure = exit_figure(results, PlotOptions())
    assert len(figure.axes) == 2
    lines = {line.get_label(): np.array(line.get_data()) for line in figure.axes[0].lines}
    assert np.array_equal(lines["check nodes, mirrored"], [expected.check, expected.apriori])
    x, y = lines["decoder, simulated"]
    # A staircase from the channel's information up; each step moves one of the two.
    assert x[0] == 0
    assert y[0] == pytest.approx(expected.variable[0], abs=0.02)
    assert ((np.diff(x) == 0) | (np.diff(y) == 0)).all()


def test_exit_charts_of_two_constituents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside those of belief propagation, with names of their own."""
    code = PairCode([5, 7], 7, 64)
    link = Link("a", "a", code, "c", PairDecoder(code), "d", "awgn", ChannelModel(AWGN, ESNO), {"seed": 1})
    assert has_exit_chart(link)
    rows = []
    for value in (-4.0, 0.0):
        point = link.at(value)
        tally = Tally.of(link.simulate(point, 0, 200))
        rows.append(make_row(tally, stop="frames", seconds=1.0, **link.describe(point)))
    monkeypatch.setattr("capgap.simulate.content.exit_charts.links_of", lambda *_, **__: {"a": link})
    (made,) = exit_charts(Results(tuple(rows)))
    assert (made.row.value, made.names) == (0.0, CONSTITUENTS)
    assert made.chart.tunnel_open
    (panel,) = exit_figure(Results(tuple(rows)), PlotOptions()).axes
    assert panel.get_xlabel() == "information from second to first"
    lines = {line.get_label(): np.array(line.get_data()) for line in panel.lines}
    first, second = made.curves
    np.testing.assert_array_equal(lines["first constituent"], [made.chart.apriori, first])
    np.testing.assert_array_equal(lines["second constituent, mirrored"], [second, made.chart.apriori])
    x, y = lines["decoder, simulated"]
    assert (x[0], y[0]) == (0, first[0])
    assert ((np.diff(x) == 0) | (np.diff(y) == 0)).all()


def test_layered_and_fixed_point_decoders_have_charts_too(tmp_path: Path) -> None:
    decoder = {
        "type": "bp",
        "algorithm": "min-sum",
        "schedule": "layered",
        "scale": 0.75,
        "precision": "int8",
    }
    config: dict[str, Any] = {
        "name": "layers",
        "channel": {"type": "awgn", "ebno_db": 3},
        "curves": [{"label": "a", "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}, "decoder": decoder}],
        "stop": {"frames": 500},
        "plot": {"kinds": ["exit"], "formats": ["svg"]},
    }  # fmt: skip
    folder = run(config, out=tmp_path / "layers", quiet=True).folder
    assert folder is not None
    (made,) = exit_charts(load_results(folder))
    assert made.chart.trajectory[-1, 0] > made.chart.trajectory[0, 0]
    (folder / "config.yaml").unlink()
    with pytest.raises(InputError, match=r"config\.yaml"):
        exit_charts(load_results(folder))


@pytest.mark.parametrize(
    ("kinds", "channel", "code", "word"),
    [
        (["spectral-efficiency"], {"type": "bsc", "f": 0.1}, {"type": "hamming", "r": 3}, "awgn"),
        (["exit"], {"type": "awgn", "ebno_db": 1}, {"type": "hamming", "r": 3}, "bp"),
        (["capacity"], {"type": "awgn", "ebno_db": 1}, {"type": "hamming", "r": 3}, "capacity-plane"),
        ([], {"type": "awgn", "ebno_db": 1}, {"type": "hamming", "r": 3}, "kinds"),
    ],
)
def test_kinds_that_cannot_be_drawn_are_refused_at_once(
    kinds: Any, channel: Any, code: Any, word: str
) -> None:
    config = {
        "name": "x",
        "channel": channel,
        "curves": [{"label": "a", "code": code}],
        "plot": {"kinds": kinds},
    }
    with pytest.raises(InputError, match=word):
        load_config(config)


def test_from_the_command_line(results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = str(results.folder), str(tmp_path / "plane.png")
    assert main(["plot", folder, "--kinds", "capacity-plane", "--ber", "1e-2", "-o", file]) == 0
    assert Path(file).stat().st_size > 10_000
    for words, message in (
        (["--kinds", "planes"], "capacity-plane"),
        (["-o", file], "choose one kind of capacity-plane, spectral-efficiency, exit"),
        (["--kinds", "capacity-plane", "--fer", "2"], "fer must lie in"),
    ):
        capsys.readouterr()
        assert main(["plot", folder, *words]) == 2
        assert message in capsys.readouterr().err


def test_codes_of_two_runs_that_share_a_label_are_told_apart(results: Results, tmp_path: Path) -> None:
    assert results.folder is not None
    other = tmp_path / "other"
    other.mkdir()
    (other / "results.csv").write_bytes((results.folder / "results.csv").read_bytes().replace(b"LDPC", b"c"))
    first, second = told_apart([results, load_results(other)])
    assert {row.group for row in first} == {"Hamming", "LDPC"}
    assert {row.group for row in second if row.curve == "c (other)"} == {"c (other)"}


@pytest.mark.slow
def test_exit_charts_of_several_runs(results: Results, tmp_path: Path) -> None:
    config: dict[str, Any] = {
        "name": "other",
        "channel": {"type": "bec", "epsilon": 0.3},
        "curves": [{"label": "d", "code": {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3}}],
        "stop": {"frames": 200},
        "plot": {"formats": ["svg"]},
    }
    run(config, out=tmp_path / "other", quiet=True)
    (drawn,) = plot([str(results.folder), tmp_path / "other"], tmp_path / "both.svg", kinds=["exit"])
    text = drawn.read_text()
    assert all(f">{label}<" in text for label in ("c", "d (three)", "d (other)"))


def uncoded(folder: Path, **changes: Any) -> Results:
    config: dict[str, Any] = {
        "name": "same",
        "channel": {"type": "awgn", "ebno_db": [4, 6]},
        "curves": [{"label": "same", "code": {"type": "uncoded", "k": 5}}],
        "stop": {"frames": 500},
        "plot": {"formats": ["svg"]},
    }
    return run({**config, **changes}, out=folder, quiet=True)


@pytest.mark.usefixtures("plain_figures")
def test_folders_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    folders = [tmp_path / "a" / "same", tmp_path / "b" / "same", tmp_path / "c"]
    loaded = [uncoded(folder, seed=seed) for seed, folder in enumerate(folders)]
    told = told_apart(loaded)
    labels = ["same (a/same)", "same (b/same)", "same (c)"]
    assert [list(results.curves()) for results in told] == [[label] for label in labels]
    rows = tuple(row for results in told for row in results)
    assert list(links_of(Results(rows, folders[0], others=tuple(folders[1:])))) == labels
    found = [gap for _, gaps in summarise(folders, [("fer", 0.04)]) for gap in gaps]
    assert [gap.curve for gap in found] == labels


@pytest.mark.usefixtures("plain_figures")
@pytest.mark.parametrize("command", ["plot", "report", "gaps"])
def test_a_folder_given_twice_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uncoded(tmp_path / "a")
    capsys.readouterr()
    assert main([command, str(tmp_path / "a"), str(tmp_path / "a" / ".." / "a")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("these results are given twice")


def test_no_results_given() -> None:
    with pytest.raises(InputError, match="no results were given"):
        plot([])


def test_a_kind_asked_for_twice_is_drawn_once(tmp_path: Path) -> None:
    uncoded(tmp_path)
    assert plot(tmp_path, kinds=["error-rates", "error-rates"]) == [tmp_path / "same.svg"]


MY_BSC = """
from capgap.channels import BSC
from capgap.simulate import register_channel

@register_channel("{name}")
class MyBSC(BSC):
    pass
"""


@pytest.mark.usefixtures("clean_registry")
def test_exit_needs_checks_and_a_channel_of_ours(tmp_path: Path) -> None:
    plugin = tmp_path / "my_bsc.py"
    plugin.write_text(MY_BSC.format(name="exitbsc"))
    curves: list[Any] = [
        {"label": "a", "code": {"type": "uncoded", "k": 5}, "decoder": {"type": "bp"}, "channel": {"type": "awgn", "ebno_db": 3}},
        {"label": "b", "code": LDPC, "channel": {"type": "exitbsc", "f": 0.02}},
    ]  # fmt: skip
    config: dict[str, Any] = {"name": "x", "curves": curves, "plot": {"kinds": ["exit", "error-rates"]}}
    load_plugin(str(plugin))
    with pytest.raises(InputError, match="exit needs a curve"):
        load_config(config)
    curves.append({"label": "c", "code": LDPC, "channel": {"type": "bec"}, "target": {"fer": 0.1}})
    assert [has_exit_chart(curve.link) for curve in load_config(config).curves] == [False, False, True]


def test_what_is_wrong_with_the_configuration_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uncoded(tmp_path)
    file = tmp_path / "config.yaml"
    file.write_text(file.read_text().replace("awgn", "mybsc"))
    capsys.readouterr()
    assert main(["plot", str(tmp_path), "--kinds", "exit"]) == 2
    assert "there is no channel 'mybsc'" in capsys.readouterr().err
    # Limits of a code need it too, but error rates are drawn without.
    assert main(["plot", str(tmp_path), "--limits", "union,exact"]) == 0


def test_what_can_be_drawn_is_drawn_before_an_error_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError("no chart")

    monkeypatch.setattr("capgap.simulate.figures.drawing.exit_figure", fails)
    curves = [{"label": "a", "code": LDPC}]
    plot_options = {"kinds": ["exit", "error-rates"], "formats": ["svg"]}
    with pytest.raises(InputError, match="no chart"):
        uncoded(tmp_path, curves=curves, plot=plot_options)
    assert (tmp_path / "same.svg").exists()
    assert not (tmp_path / "same-exit.svg").exists()


def test_intervals_are_within_the_axis_and_each_limit_has_its_marker(results: Results) -> None:
    options = PlotOptions.model_validate({"at": {"fer": 0.01}, "limits": ["converse", "rcu"]})
    rows, point = tuple(results["c"]), capacity_planes(Results(tuple(results["c"])), options.at)[0].points[0]
    assert point.x is not None
    wide = replace(point.crossing, low=point.crossing.value - 9, high=point.crossing.value + 2)  # type: ignore[operator]
    (axes,) = (figure := capacity_figure(Results(rows, crossings=(wide,)), options)).axes
    low, high = axes.get_xlim()
    assert low < point.x - 9 < point.x + 2 < high
    (gap,) = (text for text in axes.texts if text.get_text().endswith(" dB"))
    assert isinstance(gap, Annotation)
    assert gap.xy[0] == pytest.approx(point.x + 2)
    assert gap.xy[1] == 0.5
    markers = {line.get_label(): line.get_marker() for line in axes.lines}
    assert markers["converse at $n$, equal energy"] != markers["rcu at $n$"]
    assert {"converse at $n$, equal energy", "rcu at $n$"} < {
        text.get_text() for text in figure.legends[0].get_texts()
    }


def test_codes_of_a_group_that_are_not_reached_are_counted(results: Results) -> None:
    rows = (*results["c"], *(replace(row, curve="e") for row in results["c"][:1]))
    figure = capacity_figure(Results(rows), PlotOptions.model_validate({"at": {"fer": 0.01}}))
    assert "LDPC (1 of 2 reached)" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_long_labels_take_room_from_no_panel(results: Results) -> None:
    heights = []
    for label in ("{}", "a label that goes on and on, as long as labels of codes and decoders are, {}"):
        rows = tuple(
            replace(row, group=label.format(i), curve=label.format(i))
            for i in range(8)
            for row in results["c"]
        )
        figure = capacity_figure(Results(rows), PlotOptions())
        figure.draw_without_rendering()
        heights.append(figure.axes[0].get_position().height * figure.get_figheight())
    assert heights[1] == pytest.approx(heights[0], rel=0.1)


def test_titles_of_exit_charts_are_wrapped(tmp_path: Path) -> None:
    label = "a long label of a curve, with $x_1$ and $5, that would run over its neighbour"
    curves = [{"label": label, "code": LDPC}]
    results = uncoded(tmp_path, curves=curves)
    (axes,) = exit_figure(results, PlotOptions()).axes
    *lines, place = axes.get_title().split("\n")
    assert len(lines) == 2
    assert max(map(len, lines)) <= 42
    assert place.startswith("$E_b/N_0$ = ")


def test_the_plane_shows_what_modulations_carry() -> None:
    """By their points and by their bits: bits a second and hertz over Eb/N0, under Shannon's limit."""
    qam16: dict[str, Any] = {"type": "qam", "order": 16}
    config = {
        "name": "plane",
        "channel": {"type": "awgn", "ebno_db": [6, 9]},
        "curves": [
            {"label": "a", "code": {"type": "hamming", "r": 3}, "modulation": "qpsk"},
            {"label": "b", "code": {"type": "hamming", "r": 3}, "modulation": qam16},
            {"label": "c", "code": {"type": "hamming", "r": 3}},
        ],
        "stop": {"frames": 300},
    }
    results = run(config, save=False, quiet=True)
    plane = efficiency_plane(results, None)
    points = {
        name: (ebno_db, carried) for name, ebno_db, carried in modulated_efficiencies(plane, "modulation")
    }
    bits = {name: (ebno_db, carried) for name, ebno_db, carried in modulated_efficiencies(plane, "bicm")}
    assert list(points) == list(bits) == ["QPSK", "16-QAM"]
    for name, constellation in (("QPSK", qam(4)), ("16-QAM", qam(16))):
        ebno_db, carried = points[name]
        esno = 10 ** (ebno_db / 10) * carried
        assert carried == pytest.approx(coded_modulation_capacity(constellation, esno), rel=1e-9)
        assert (ebno_db > spectral_efficiency_limit_ebno_db(carried)).all()
        assert 0.998 * constellation.bits < carried[-1] < constellation.bits
        ebno_db, carried = bits[name]
        assert carried == pytest.approx(
            bicm_capacity(constellation, 10 ** (ebno_db / 10) * carried), rel=1e-9
        )
    figure = efficiency_figure(results, PlotOptions(limits=["shannon", "modulation", "bicm"]))
    written = [text.get_text() for text in figure.axes[0].texts]
    assert {"QPSK", "16-QAM"} <= set(written)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert {"capacity of the points", "capacity of their bits (BICM)"} <= set(labels)
