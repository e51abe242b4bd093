"""Links with a modulation, from the configuration to figures."""

import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BPSK, QPSK, Channel, Stream
from capgap.channels.models.model import ChannelModel
from capgap.channels.models.observation import Observation
from capgap.channels.parameter import ESNO
from capgap.simulate import InputError, load_config, load_results, register_channel, register_modulation, run
from capgap.simulate.analysis.frame_replay import replay
from capgap.simulate.analysis.gap_summary import gaps_of
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.links_of_results import MissingPluginWarning, with_channel_models
from capgap.simulate.content.limit_curves import limit_lines, uncoded_rows
from capgap.simulate.contract.channel import check_channel as checks
from capgap.simulate.registry import registry
from capgap.simulate.reports.tables import gap_section, point_section
from rich.console import Console

LDPC: dict[str, Any] = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}
PAM: dict[str, Any] = {"type": "pam", "order": 4}


def config(**more: Any) -> dict[str, Any]:
    return {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [2.0, 5.0]},
        "curves": [
            {"label": "bpsk", "code": LDPC},
            {"label": "qpsk", "code": LDPC, "modulation": "qpsk"},
            {"label": "pam", "code": LDPC, "modulation": PAM},
        ],
        "stop": {"frame_errors": 20, "frames": 3000},
        **more,
    }


@pytest.mark.usefixtures("plain_figures")
def test_rows_tell_the_modulation_and_its_uses(tmp_path: Path) -> None:
    results = run(config(), out=tmp_path)
    again = load_results(tmp_path)
    assert again.rows == results.rows
    for row in again:
        uses, bits = {"bpsk": (None, 0.5), "qpsk": (48, 1.0), "pam": (48, 1.0)}[row.curve]
        assert (row.symbols, row.rate, row.bits_per_use) == (uses, 0.5, bits)
        assert row.ebno_db == row.value
        assert row.esno_db == pytest.approx(row.value + 10 * math.log10(bits))
    assert {row.modulation for row in again} == {"", "qpsk(demapper=exact)", "pam(order=4, demapper=exact)"}


@pytest.mark.usefixtures("plain_figures")
def test_results_without_a_modulation_have_the_columns_of_before(tmp_path: Path) -> None:
    run({**config(), "curves": config()["curves"][:1]}, out=tmp_path)
    assert "symbols" not in (tmp_path / "results.csv").read_text().splitlines()[0]


def test_what_fills_up_the_last_sample_is_counted() -> None:
    """15 coded bits are four samples of 16-QAM: 11 information bits over 4 uses, not over 15 / 4."""
    curve = {"code": {"type": "hamming", "r": 4}, "modulation": {"type": "qam", "order": 16}}
    link = load_config(config(curves=[curve])).curves[0].link
    assert (link.symbols, link.bits_per_use) == (4, 11 / 4)
    assert link.at(2.0).channel.esno_db == pytest.approx(2.0 + 10 * math.log10(11 / 4))
    assert link.limit("modulation") == pytest.approx(link.channel.limit(11 / 4, "modulation"))
    counted, sent = link.simulate(link.at(2.0), 0, 200), link.send(link.at(2.0), 0, 200)
    np.testing.assert_array_equal(np.flatnonzero(sent.bit_errors), counted.wrong)


def test_bpsk_is_the_same_as_none() -> None:
    named = load_config(config(modulation="bpsk")).curves[0].link
    assert named.at(2.0).key == load_config(config()).curves[0].link.at(2.0).key


def test_one_above_the_curves_is_for_all_without_their_own() -> None:
    found = [curve.link.modulation_text for curve in load_config(config(modulation=PAM)).curves]
    assert found == ["pam(order=4, demapper=exact)", "qpsk(demapper=exact)", "pam(order=4, demapper=exact)"]


def test_its_parameters_may_be_swept() -> None:
    curve = {
        "label": "{modulation.order}",
        "code": LDPC,
        "modulation": PAM,
        "sweep": {"modulation.order": [2, 8]},
    }
    orders = [each.link.modulation for each in load_config(config(curves=[curve])).curves]
    assert [each.bits_per_symbol for each in orders if each is not None] == [1, 3]


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, ["pam(order=4, demapper=exact)"]),
        ({"modulation": {"demapper": "max-log"}}, ["pam(order=4, demapper=max-log)"]),
        ({"modulation": "pam"}, ["pam(order=4, demapper=exact)"]),
        ({"modulation": "qpsk"}, ["qpsk(demapper=exact)"]),
        ({"sweep": {"modulation.order": [2, 4]}}, [f"pam(order={m}, demapper=exact)" for m in (2, 4)]),
        ({"sweep": {"modulation.type": ["bpsk", "pam"]}}, ["", "pam(order=4, demapper=exact)"]),
    ],
)
def test_a_curve_gives_only_what_differs_from_above(own: dict[str, Any], told: list[str]) -> None:
    made = load_config(config(modulation=PAM, curves=[{"code": LDPC, **own}])).curves
    assert [curve.link.modulation_text for curve in made] == told


def test_mistakes_are_told_where_they_were_written(tmp_path: Path) -> None:
    text = """\
name: a
channel: {type: awgn, ebno_db: 1}
modulation: {type: pam, order: 3}
curves:
  - {code: {type: hamming, r: 3}, modulation: {demapper: max-log}}
  - {code: {type: hamming, r: 4}, modulation: {order: 4, demapper: max}}
"""
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(InputError) as raised:
        load_config(tmp_path / "a.yaml")
    first, second = str(raised.value).splitlines()
    assert "a.yaml:3: order must be a power of two" in first
    assert "a.yaml:6: demapper" in second


def test_automatic_labels_name_the_modulation() -> None:
    code = {"type": "hamming", "r": 3}
    curves: list[dict[str, Any]] = [
        {"code": code, "decoder": "ml"},
        {"code": code, "decoder": "ml", "modulation": PAM},
        {"code": code, "decoder": "ml", "modulation": "bpsk"},
        {"code": {"type": "hamming", "r": 4}},
        {"code": {"type": "hamming", "r": 5}, "modulation": PAM, "sweep": {"modulation.order": [2, 8]}},
    ]
    made = load_config(config(modulation="qpsk", curves=curves)).curves
    assert [curve.link.label for curve in made] == [
        "hamming(r=3), qpsk, ml",
        "hamming(r=3), pam(order=4), ml",
        "hamming(r=3), ml",
        "hamming(r=4), qpsk",
        "hamming(r=5), pam, order = 2",
        "hamming(r=5), pam, order = 8",
    ]


@pytest.mark.usefixtures("plain_figures")
def test_limits_and_gaps_are_those_of_what_is_sent(tmp_path: Path) -> None:
    run(config(), out=tmp_path)
    results = with_channel_models(load_results(tmp_path))
    drawn = limit_lines(results, ("shannon", "modulation", "bicm"))
    lines = {(line.kind, curve): line.value for line in drawn for curve in line.curves}
    # QPSK is BPSK on both axes: the same at each Eb/N0. At a bit a real sample 4-PAM loses a third of a dB.
    assert lines["modulation", "bpsk"] == lines["modulation", "qpsk"] == pytest.approx(0.187, abs=1e-3)
    assert [line.rate for line in drawn if "qpsk" in line.curves] == ["1/2, 1 (complex)"] * 2
    assert [line.rate for line in drawn if "pam" in line.curves] == ["1", "1", "1"]
    alone = limit_lines(replace(results, rows=tuple(results["qpsk"])), ["shannon"])
    assert [line.rate for line in alone] == ["1"]
    assert lines["shannon", "qpsk"] == pytest.approx(0.0, abs=1e-6)
    assert lines["shannon", "pam"] == pytest.approx(10 * math.log10(1.5), abs=1e-6)
    assert lines["shannon", "pam"] < lines["modulation", "pam"] < lines["bicm", "pam"] < 2.4
    assert ("bicm", "qpsk") not in lines
    gaps = {gap.curve: gap for gap in gaps_of(results, [("fer", 0.3)])}
    assert gaps["pam"].modulation_limit == pytest.approx(lines["modulation", "pam"])
    assert gaps["pam"].capacity_of == "modulation"
    assert (gaps["bpsk"].capacity_of, gaps["bpsk"].modulation_limit) == ("BPSK", None)
    assert [name for name, _ in uncoded_rows(results.rows)] == [
        "uncoded, exact: BPSK",
        "uncoded, exact: QPSK",
        "uncoded, exact: 4-PAM",
    ]


@pytest.mark.usefixtures("plain_figures")
def test_a_search_tells_the_limit_of_the_modulation(tmp_path: Path) -> None:
    target = {"fer": 0.1, "within": 0.5}
    searched = config(target=target, channel={"type": "awgn", "snr_db": [0, 12]})
    results = run(searched, out=tmp_path)
    found = {crossing.curve: crossing for crossing in load_results(tmp_path).crossings}
    assert found == {crossing.curve: crossing for crossing in results.crossings}
    assert found["bpsk"].modulation_limit is None
    # Real samples have an SNR of 2 Es/N0, complex ones of Es/N0: 4-PAM carries a bit at 4.77 dB at best.
    assert found["pam"].limit == pytest.approx(10 * math.log10(3), abs=1e-6)
    assert found["qpsk"].limit == pytest.approx(0, abs=1e-6)
    assert found["qpsk"].modulation_limit == pytest.approx(0.187, abs=1e-3)
    assert "from that of the modulation" in str(found["pam"])


@pytest.mark.cpu_seconds(20)  # figures with limits of modulations
def test_figures_and_replays(tmp_path: Path) -> None:
    kinds = ["error-rates", "capacity-plane", "spectral-efficiency"]
    plot = {
        "kinds": kinds,
        "limits": ["shannon", "modulation", "bicm"],
        "formats": ["svg"],
        "at": {"fer": 0.3},
    }
    run(config(plot=plot), out=tmp_path)
    for name, text in (
        ("a", "BICM limit"),
        ("a-capacity-plane", "4-PAM"),
        ("a-spectral-efficiency", "bits/s/Hz"),
    ):
        assert text in (tmp_path / f"{name}.svg").read_text()
    replayed = replay(tmp_path, "pam", 2.0, save=tmp_path / "failed")
    out = io.StringIO()
    Console(width=200, file=out).print(replayed.report())
    assert ", pam(order=4, demapper=exact), bp" in out.getvalue()
    with np.load(tmp_path / "failed.npz") as saved:
        assert saved["modulation"] == replayed.modulation


@pytest.mark.usefixtures("plain_figures")
def test_tables_of_the_report_name_modulation_and_limit(tmp_path: Path) -> None:
    results = with_channel_models(run(config(), out=tmp_path))
    points = point_section([results]).table
    assert points.headings[:2] == ["curve", "modulation"]
    assert {line[1].text for line in points.lines} == {row.modulation for row in results}
    assert [points.headings[i] for i in points.numbers][:2] == ["Eb/N0", "Es/N0"]
    gaps = gap_section([results])
    assert gaps is not None
    assert "gap to modulation limit" in gaps.table.headings
    plain = [row for row in results if not row.modulation]
    assert "modulation" not in point_section([replace(results, rows=tuple(plain))]).table.headings


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"modulation": "scma"}, "there is no modulation 'scma' .* see docs/modulation.md"),
        ({"modulation": "hamming"}, "'hamming' is a code, not a modulation"),
        ({"modulation": {"type": "pam"}}, "'order' is missing, which pam needs"),
        ({"modulation": {"type": "pam", "order": 6}}, "order must be a power of two"),
        ({"modulation": {"type": "qpsk", "demaper": "exact"}}, "Did you mean 'demapper'"),
        (
            {"channel": {"type": "bsc", "f": [0.1]}},
            "the channel 'bsc' takes bits, not the samples of a modulation: leave out",
        ),
        ({"channel": {"type": "qpsk", "ebno_db": [1]}}, "'qpsk' is a modulation, not a channel"),
    ],
)
def test_mistakes(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_config(config(**changed))


@pytest.mark.usefixtures("clean_registry", "plain_figures")
def test_plugins(tmp_path: Path) -> None:
    """A modulation and a channel of samples of somebody's, both in their plain form."""

    @register_modulation("turned")
    class Turned(QPSK):
        """QPSK with its axes exchanged."""

        def map(self, word: Any) -> Any:
            return super().map(word)

        def llr(self, observation: Observation, prior: Any = None) -> Any:
            return super().llr(observation, prior)

    @register_channel("still")
    class Still(Channel):
        """No noise at all."""

        parameters = ("esno_db",)

        def __init__(self, *, esno_db: float, dimensions: int = 1) -> None:
            self.value = esno_db

        def receive(self, samples: Any, stream: Stream) -> Observation:
            return Observation(samples, 0.5)

        def transmit(self, word: Any, stream: Stream) -> Any:
            return word

        def llr(self, received: Any) -> Any:
            return (1 - 2.0 * received).astype("f4")

        def capacity(self) -> float:
            return 2.0

    curve = {"label": "a", "code": {"type": "uncoded", "k": 9}, "modulation": "turned"}
    channel = {"type": "still", "esno_db": [1]}
    results = run(
        {"name": "a", "channel": channel, "curves": [curve], "stop": {"frames": 100}},
        out=tmp_path,
    )
    assert (results.rows[0].frame_errors, results.rows[0].symbols) == (0, 5)


class Faded(Channel):
    """Half the amplitude, and Gaussian noise: Es/N0 is that of what is sent."""

    parameters = ("esno_db",)

    def __init__(self, *, esno_db: float) -> None:
        self.inner = AWGN(esno_db=esno_db)

    @property
    def esno_db(self) -> float:
        return self.inner.esno_db

    def receive(self, samples: Any, stream: Stream) -> Observation:
        gains = np.full(samples.shape, 0.5, np.float32)
        seen = self.inner.receive(gains * samples, stream)
        return Observation(seen.samples, seen.noise_variance, gains=gains)

    def capacity(self) -> float:
        return AWGN(esno_db=self.inner.esno_db - 20 * math.log10(2)).capacity()


@pytest.mark.usefixtures("clean_registry", "plain_figures")
def test_a_channel_that_only_receives_sends_bpsk_by_itself(tmp_path: Path) -> None:
    """With receive alone: the counts are those of AWGN with a quarter of the energy, up to rounding."""
    register_channel("faded")(Faded)
    assert Faded.takes_samples
    curve = {"label": "a", "code": {"type": "uncoded", "k": 100}}
    common = {"name": "a", "curves": [curve], "stop": {"frames": 500}}
    faded = {**common, "channel": {"type": "faded", "esno_db": [6.0]}}
    found = [
        run(each, out=tmp_path / str(i)) for i, each in enumerate((faded, {**faded, "modulation": "bpsk"}))
    ]
    (row,), (named,) = (each.rows for each in found)
    assert (row.key, row.bit_errors, row.symbols) == (named.key, named.bit_errors, None)
    exact = math.erfc(10 ** (0.3) / 2) / 2  # Q(sqrt(2 g^2 Es/N0))
    assert abs(row.bit_errors - 50000 * exact) < 5 * math.sqrt(50000 * exact)
    word = Stream(1, 70).bits(9)
    llr = Faded(esno_db=6.0).transmit(word, Stream(2, 70))
    by_name = BPSK().over(Faded(esno_db=6.0))
    expected = by_name.llr(by_name.transmit(word, Stream(2, 70)))
    np.testing.assert_allclose(llr, expected, rtol=1e-5, atol=1e-4)
    assert not checks(Faded(esno_db=6.0))


@pytest.mark.usefixtures("clean_registry")
def test_a_channel_that_is_not_told_the_dimensions_refuses_complex_samples() -> None:
    """At a given Es/N0 its capacity would be that of real samples; without a ratio of energies all is well."""

    def faded(*, esno_db: float) -> Faded:
        return Faded(esno_db=esno_db)

    faded.parameters = ("esno_db",)  # type: ignore[attr-defined]

    @register_channel("noisy")
    class Noisy(Faded):
        parameters = ("variance",)

        def __init__(self, *, variance: float) -> None:
            super().__init__(esno_db=-10 * math.log10(2 * variance))

    register_channel("faded")(Faded)
    register_channel("made")(faded)
    for name in ("faded", "made"):
        channel = {"type": name, "esno_db": [1.0]}
        with pytest.raises(
            InputError,
            match=r"modulation: the channel (F|f)aded is .* let its constructor take .* dimensions",
        ):
            load_config(config(channel=channel, curves=config()["curves"][1:2]))
        assert load_config(config(channel=channel, curves=config()["curves"][::2]))
    pam = {"curves": config()["curves"][2:], "plot": {"limits": ["shannon", "bicm"]}}
    with pytest.raises(InputError, match="limits: bicm is not known over any"):
        load_config(config(channel=channel, **pam))
    assert load_config(config(**pam))
    with pytest.raises(ValueError, match="2 real dimensions"):
        ChannelModel(Faded, ESNO, modulation=QPSK()).at(1.0)
    noisy = {"type": "noisy", "variance": [0.5]}
    assert load_config(config(channel=noisy, curves=config()["curves"][1:2]))


@pytest.mark.usefixtures("clean_registry", "plain_figures")
def test_a_modulation_whose_plugin_is_missing(tmp_path: Path) -> None:
    register_modulation("turned")(QPSK)
    run(config(curves=[{"label": "a", "code": LDPC, "modulation": "turned"}]), out=tmp_path)
    del registry.modulations._entries["turned"]
    record = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**record, "plugins": ["turned.py"]}))
    with pytest.warns(MissingPluginWarning, match="the modulation of 'a' is not known here.*add --plugin"):
        with_channel_models(load_results(tmp_path))


def test_it_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "modulations"]) == 0
    assert "pam" in capsys.readouterr().out
