"""The figure of constellations."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.simulate import InputError, Results, load_config, load_results, run
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.constellations import SAMPLES, constellations_of
from capgap.simulate.figures.kinds.constellations import constellation_figure

CODE = {"type": "hamming", "r": 3}
CURVES: list[dict[str, Any]] = [
    {"label": "qam", "code": CODE, "decoder": "ml", "modulation": {"type": "qam", "order": 16}},
    {"label": "again", "code": CODE, "decoder": "syndrome", "modulation": {"type": "qam", "order": 16}},
    {"label": "pam", "code": CODE, "decoder": "ml", "modulation": {"type": "pam", "order": 4}},
    {"label": "bpsk", "code": CODE, "decoder": "ml"},
]


def configured(*labels: str) -> dict[str, Any]:
    return {
        "name": "c",
        "channel": {"type": "awgn", "esno_db": 15},
        "curves": [curve for curve in CURVES if curve["label"] in labels],
        "stop": {"frames": 64},
        "plot": {"kinds": ["constellation"], "formats": ["png"]},
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("constellations")
    run(configured("qam", "again", "pam", "bpsk"), out=folder)
    assert list(folder.glob("*constellation*.png"))
    return load_results(folder)


def test_samples_lie_around_their_points(results: Results) -> None:
    """Each modulation once; noise of half of N0 in each dimension."""
    qam, pam = constellations_of(results)
    assert (qam.title, pam.title, qam.place) == ("16-QAM", "4-PAM", "AWGN, Es/N0 = 15 dB")
    for each, dimensions in ((qam, 2), (pam, 1)):
        assert each.samples.shape == (SAMPLES,)
        noise = abs(each.samples[:, None] - each.constellation.points).min(axis=1) ** 2
        assert np.mean(noise) == pytest.approx(dimensions / 2 * 10**-1.5, rel=0.1)


def test_each_modulation_has_a_panel(results: Results) -> None:
    panels = constellation_figure(results, PlotOptions()).axes
    assert len(panels) == 2
    assert sorted(text.get_text() for text in panels[0].texts) == [f"{i:04b}" for i in range(16)]
    assert len(panels[1].texts) == 4


def test_without_a_modulation_it_is_refused() -> None:
    with pytest.raises(
        InputError,
        match="constellation needs a curve with a modulation that sends points; bpsk: it has no modulation",
    ):
        load_config(configured("bpsk"))


def test_it_is_drawn_with_a_run(tmp_path: Path) -> None:
    """What lacks a constellation is told."""
    notes = run(configured("qam", "bpsk"), out=tmp_path).notes
    assert any("bpsk" in note and "constellation" in note for note in notes)
