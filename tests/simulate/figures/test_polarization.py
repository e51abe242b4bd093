"""The figure of polarisation."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError, Results, load_config, load_results, run
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.left_out import left_out
from capgap.simulate.content.polarization import polarizations
from capgap.simulate.figures.kinds.polarization import polarization_figure

BEC = {"type": "bec", "epsilon": 0.4}
POLAR = {"type": "polar", "n": 64, "k": 4}
HAMMING = {"label": "hamming", "code": {"type": "hamming", "r": 3}}
CURVES: list[dict[str, Any]] = [
    {"label": "short", "code": {"type": "polar", "n": 16, "k": 4}, "decoder": "ml", "channel": BEC},
    {"label": "long", "code": POLAR, "decoder": "ml", "channel": BEC},
    {"label": "awgn", "code": POLAR, "decoder": "ml"},
    HAMMING,
]


def configured(*labels: str) -> dict[str, Any]:
    chosen = [curve for curve in CURVES if curve["label"] in labels]
    return {
        "name": "p",
        "channel": {"type": "awgn", "esno_db": -1.54},
        "curves": chosen,
        "stop": {"frames": 64},
        "plot": {"kinds": ["polarization"], "formats": ["png"]},
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("polarization")
    run(configured("short", "long", "awgn", "hamming"), out=folder)
    return load_results(folder)


def test_the_longest_code_over_each_channel_is_shown(results: Results) -> None:
    bec, awgn = polarizations(results)
    assert (bec.place, awgn.place) == ("BEC, ε = 0.4", "AWGN, Es/N0 = -1.54 dB")
    assert [len(step) for step in bec.shown] == [4, 16, 64]
    assert (bec.known, bec.capacity) == ("exact", 0.6)
    assert awgn.known.startswith("lower bounds by merging to 64 symbols, 0.0007 below")
    lengths, perfect, useless = bec.fractions
    assert lengths.tolist() == list(range(7))
    assert perfect[-1] == np.mean(bec.channels.steps[-1] > 0.99)
    assert (perfect + useless <= 1).all()


def test_each_channel_has_a_row_of_panels(results: Results) -> None:
    panels = polarization_figure(results, PlotOptions()).axes
    assert len(panels) == 8
    assert [panel.get_title().split("\n")[-1] for panel in panels[:3]] == ["$N$ = 4", "$N$ = 16", "$N$ = 64"]
    assert panels[3].get_title() == "capacities: exact"


def test_codes_of_few_steps_have_fewer_panels(tmp_path: Path) -> None:
    config = configured("short")
    config["curves"] = [{**config["curves"][0], "code": {"type": "polar", "n": 4, "k": 2}}]
    run(config, out=tmp_path)
    assert (tmp_path / "p-polarization.png").exists()
    titles = [panel.get_title() for panel in polarization_figure(load_results(tmp_path), PlotOptions()).axes]
    assert [title.split("\n")[-1] for title in titles] == ["$N$ = 2", "$N$ = 4", "capacities: exact"]


def test_curves_that_are_not_in_it_are_named(results: Results) -> None:
    assert left_out(results, PlotOptions(kinds=["polarization"])) == [
        "kinds: polarization does not show hamming: its code does not know the channels of its bits, as polar "
        "codes do"
    ]
    with pytest.raises(
        InputError, match=r"kinds: polarization needs a curve .*; hamming: its code does not know"
    ):
        load_config(configured("hamming"))
    modulated = {**configured("awgn"), "modulation": "qpsk"}
    with pytest.raises(
        InputError, match="awgn: bit channels are known over bsc, bec and awgn, without a modul"
    ):
        load_config(modulated)
