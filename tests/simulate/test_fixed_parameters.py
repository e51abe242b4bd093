"""Channels with fixed parameters: their limits, gaps and figures know of these, also when read from files."""

from pathlib import Path
from typing import Any

import pytest
from capgap.channels import AWGN
from capgap.simulate import load_plugin, load_results, plot, run
from capgap.simulate.analysis.gap_summary import summarise
from capgap.simulate.configuration.links_of_results import MissingPluginWarning, with_channel_models
from capgap.simulate.content.limit_curves import limit_lines
from capgap.simulate.registry import plugins, registry
from capgap.simulate.reports.html_report import report

PLUGIN = '''
import numpy as np
from capgap.channels import AWGN, Channel
from capgap.simulate import register_channel

@register_channel("half")
class Half(Channel):
    """AWGN whose amplitude is scaled by a fixed gain."""
    parameters = ("esno_db",)
    def __init__(self, *, gain: float, esno_db: float) -> None:
        self._inner, self._esno_db = AWGN(esno_db=esno_db + 20 * np.log10(gain)), esno_db
    def transmit(self, word, stream): return self._inner.transmit(word, stream)
    def llr(self, received): return self._inner.llr(received)
    def capacity(self): return self._inner.capacity()
    @property
    def esno_db(self): return self._esno_db
    @classmethod
    def limit(cls, parameter, rate, signal="gaussian"): return AWGN.limit(parameter, rate, signal)
'''


@pytest.fixture
def half(tmp_path: Path, clean_registry: None) -> dict[str, Any]:
    """A configuration over it."""
    (tmp_path / "fixed.py").write_text(PLUGIN)
    load_plugin(str(tmp_path / "fixed.py"))
    return {
        "name": "half",
        "channel": {"type": "half", "gain": 0.5, "esno_db": [4, 6, 8, 10]},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}}],
        "stop": {"frame_errors": 50, "frames": 5000},
    }


def test_gaps_and_limits_know_the_gain(half: dict[str, Any], tmp_path: Path) -> None:
    run(half, out=tmp_path / "r")
    ((_, (gap,)),) = summarise([tmp_path / "r"], [("fer", 0.1)])
    limit = AWGN.limit("esno_db", 4 / 7)
    assert limit is not None
    assert gap.shannon_limit == pytest.approx(limit + 6.0206, abs=1e-4)
    assert gap.value is not None
    assert gap.shannon_limit is not None
    assert gap.shannon_gap == pytest.approx(gap.value - gap.shannon_limit, abs=1e-3)
    assert gap.converse is None  # no bound is known of what is not AWGN itself
    target = run(
        {**half, "channel": {"type": "half", "gain": 0.5}, "target": {"fer": 0.1, "within": 0.5}}, save=False
    )
    (crossing,) = target.crossings
    assert crossing.limit == pytest.approx(limit + 6.0206, abs=1e-4)


def test_figures_know_the_gain(half: dict[str, Any], tmp_path: Path) -> None:
    half["plot"] = {"kinds": ["error-rates", "capacity-plane"], "at": {"fer": 0.1}, "formats": ["svg"]}
    run(half, out=tmp_path / "r")
    drawn = (tmp_path / "r" / "half.svg").read_text()
    again = [file.read_text() for file in plot(tmp_path / "r")]
    assert drawn in again
    limit = AWGN.limit("esno_db", 4 / 7)
    assert limit is not None
    assert f"{limit + 6.0206:.2f} dB" in drawn
    assert f"{limit + 6.0206:.2f} dB" in report(tmp_path / "r").read_text()
    assert load_results(tmp_path / "r").rows[0].channel_model is None


def test_error_rates_over_the_rate(half: dict[str, Any], tmp_path: Path) -> None:
    """The results could not be drawn, after all frames had been simulated."""
    half["channel"]["esno_db"] = 2
    half["curves"].append({"label": "b", "code": {"type": "repetition", "n": 3}})
    half["plot"] = {"x": "rate", "y": ["ber"], "formats": ["svg"]}
    run(half, out=tmp_path / "r")
    capacity = AWGN(esno_db=2 - 6.0206).capacity()
    assert f"{capacity:.3f}" in (tmp_path / "r" / "half.svg").read_text()


def test_each_channel_has_its_own_limit_line(half: dict[str, Any], tmp_path: Path) -> None:
    half["curves"].append({"label": "b", "code": {"type": "hamming", "r": 3}, "channel": {"gain": 1.0}})
    half["curves"].append(
        {"label": "c", "code": {"type": "hamming", "r": 3}, "channel": {"gain": 1.0}, "decoder": "ml"}
    )
    results = run({**half, "stop": {"frames": 50}}, out=tmp_path / "r")
    known = AWGN.limit("esno_db", 4 / 7)
    assert known is not None
    first, second = limit_lines(results, ["shannon", "bpsk"])
    assert (first.curves, second.curves) == (["a"], ["b", "c"])
    assert first.value == pytest.approx(known + 6.0206, abs=1e-4)
    assert second.value == pytest.approx(known, abs=1e-9)


def test_what_a_missing_plugin_leaves_out_is_told(half: dict[str, Any], tmp_path: Path) -> None:
    run(half, out=tmp_path / "r")
    del registry.channels._entries["half"]
    plugins.loaded_plugins.clear()
    with pytest.warns(
        MissingPluginWarning, match="the channel of 'a' is not known here.*add --plugin .*fixed.py"
    ):
        plot(tmp_path / "r", tmp_path / "a.svg")


def test_a_row_that_says_something_else_than_its_configuration(half: dict[str, Any], tmp_path: Path) -> None:
    run(half, out=tmp_path / "r")
    file = tmp_path / "r" / "config.yaml"
    for old, new in (("gain: 0.5", "gain: 1.0"), ("type: half", "type: null"), ("type: null", "type: 5")):
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        (row, *_) = with_channel_models(load_results(tmp_path / "r"))
        assert row.channel_model is None
