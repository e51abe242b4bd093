"""Adaptation: what schemes deliver, their envelope and thresholds, and configurations with ``adaptive``."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import from_db
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.analysis.adaptation import adaptation_table, adaptations, save_table
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.links_of_results import with_channel_models
from scipy import special

#: Codes whose error rate is known: repetition codes with BPSK and QPSK.
CONFIG: dict[str, Any] = {
    "name": "adapt",
    "channel": {"type": "awgn", "esno_db": {"start": -8, "stop": 8, "step": 2}},
    "curves": [
        {"label": "1/4", "code": {"type": "repetition", "n": 16, "k": 4}},
        {"label": "1", "code": {"type": "uncoded", "k": 4}},
        {"label": "2", "code": {"type": "uncoded", "k": 4}, "modulation": "qpsk"},
    ],
    "stop": {"frames": 20000},
    "plot": {"kinds": ["adaptation"], "formats": ["svg"], "at": {"fer": 0.1}},
}


def load(folder: Path, text: str) -> Any:
    file = folder / "c.yaml"
    file.write_text(text)
    return load_config(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("adapt")
    run(CONFIG, out=out)
    return out


def frame_error_rate(esno_db: Any, bits: int, repeated: int = 1) -> Any:
    """Of four bits, each in so many real samples: 1 - (1 - Q)^4."""
    wrong = special.erfc(np.sqrt(repeated * from_db(np.asarray(esno_db)) / bits)) / 2
    return 1 - (1 - wrong) ** 4


def test_what_arrives_is_known_for_codes_whose_errors_are(folder: Path) -> None:
    (adaptation,) = adaptations(with_channel_models(load_results(folder)))
    assert [scheme.row.curve for scheme in adaptation.schemes] == ["1/4", "1", "2"]
    at = np.arange(-8.0, 9.0, 2.0)
    exact = [
        0.25 * (1 - frame_error_rate(at, 1, 4)),
        1 - frame_error_rate(at, 1),
        2 * (1 - frame_error_rate(at, 2)),
    ]
    for scheme, expected in zip(adaptation.schemes, exact, strict=True):
        # Five standard errors of 20,000 frames.
        assert scheme.delivered(at) == pytest.approx(expected, abs=5 * scheme.bits * 0.5 / np.sqrt(20000))
    grid = [int(np.argmin(abs(adaptation.esno_db - value))) for value in at]
    assert all((np.diff(delivered) >= 0).all() for delivered in adaptation.delivered)
    assert adaptation.envelope[grid] == pytest.approx(np.max(exact, axis=0), abs=0.04)
    shannon = adaptation.capacity("gaussian")
    assert shannon is not None
    assert shannon[grid] == pytest.approx(np.log2(1 + from_db(at)), abs=1e-3)
    points = adaptation.capacity("modulation")
    assert points is not None
    assert (points <= shannon + 1e-9).all()


def test_thresholds_are_where_the_closed_form_has_them(folder: Path) -> None:
    rows = {row["scheme"]: row for row in adaptation_table(folder)}
    for label, bits, repeated in (("1/4", 1, 4), ("1", 1, 1), ("2", 2, 1)):
        found = rows[label]["esno_db"]
        assert isinstance(found, float)
        assert float(frame_error_rate(found, bits, repeated)) == pytest.approx(0.1, rel=0.12)
    # Two bits on both axes are what one is on each, 3 dB further up.
    assert rows["2"]["limit"] == pytest.approx(10 * np.log10(3), abs=1e-5)
    assert rows["1/4"]["used_to"] is None  # one bit in one sample delivers more everywhere
    assert rows["2"]["used_to"] is not None


def test_the_table_in_all_forms(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    assert main(["adaptation", str(folder), "-o", str(file)]) == 0
    told = capsys.readouterr().out
    assert "the best from ... to" in told
    with file.open(newline="") as opened:
        written = list(csv.DictReader(opened))
    assert main(["adaptation", str(folder), "--json", "--fer", "0.1"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["scheme"] for row in written] == [row["scheme"] for row in data] == ["1/4", "1", "2"]
    assert float(written[1]["esno_db"]) == data[1]["esno_db"]
    assert main(["adaptation", str(folder), "-o", "t.txt"]) == 2
    assert "ends in .csv" in capsys.readouterr().err
    with pytest.raises(InputError, match="cannot be written"):
        save_table(data, tmp_path / "none" / "t.csv")


ADAPTIVE = """name: a
channel: {type: awgn, esno_db: {start: -5, stop: 20}}
adaptive:
  schemes:
    - {standard: wifi, n: 648, only: [1, 3]}
    - {label: own, code: hamming, modulation: qpsk}
  decoder: {type: bp, iterations: 5}
"""


def test_a_table_of_schemes_becomes_curves(tmp_path: Path) -> None:
    text = ADAPTIVE.replace("code: hamming", "code: {type: hamming, r: 3}")
    config = load(tmp_path, text)
    assert [curve.link.label for curve in config.curves] == ["MCS 1: QPSK 1/2", "MCS 3: 16-QAM 1/2", "own"]
    assert {curve.target.fer for curve in config.curves if curve.target} == {0.1}
    assert config.plot.kinds == ["adaptation", "spectral-efficiency"]
    assert config.plot.limits == ["shannon", "modulation", "bicm"]
    assert config.plot.at is not None
    assert config.plot.at.fer == 0.1
    # What is kept beside results has the curves, and gives the same points.
    again = load_config(config.resolved)
    assert [curve.link.identity for curve in again.curves] == [curve.link.identity for curve in config.curves]
    lower = load(tmp_path, text + "  target: {fer: 0.01}\nplot: {kinds: [error-rates]}\n")
    assert {curve.target.fer for curve in lower.curves if curve.target} == {0.01}
    assert lower.plot.kinds == ["error-rates"]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("only: [1, 3]", "only: [1, 13]", 5, "only must hold numbers of schemes"),
        ("standard: wifi", "standard: wify", 5, "standard must be nr, dvb-s2, wifi or lte"),
        ("{standard: wifi, n: 648, only: [1, 3]}", "{n: 648}", 5, "a scheme needs a code, or a standard"),
        ("r: 3", "r: 1", 6, "r must lie in 2 to 16"),
        ("schemes:", "scheme:", 4, "unknown key 'scheme'. Did you mean 'schemes'?"),
        ("iterations: 5", "iteration: 5", 7, "unknown key 'iteration'. Did you mean 'iterations'?"),
        (
            "type: awgn, esno_db: {start: -5, stop: 20}",
            "type: bsc, f: [0.1]",
            5,
            "takes bits, not the samples",
        ),
        (
            "adaptive:",
            "curves: [{code: {type: uncoded, k: 4}}]\nadaptive:",
            4,
            "adaptive and curves are one or",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    text = ADAPTIVE.replace("code: hamming", "code: {type: hamming, r: 3}")
    assert old in text
    with pytest.raises(InputError) as caught:
        load(tmp_path, text.replace(old, new))
    first = str(caught.value).splitlines()[0]
    assert told in first
    assert f":{line}: " in first


def test_where_there_is_no_es_over_n0(tmp_path: Path) -> None:
    bits = {**CONFIG, "channel": {"type": "bsc", "f": [0.1]}, "curves": CONFIG["curves"][:1]}
    with pytest.raises(InputError, match="kinds: adaptation needs a curve over a channel with an Eb/N0"):
        load_config(bits)
    run({**bits, "plot": {"formats": ["svg"]}}, out=tmp_path / "bits")
    with pytest.raises(InputError, match="adaptation needs curves that have an Es/N0"):
        adaptation_table(tmp_path / "bits")
