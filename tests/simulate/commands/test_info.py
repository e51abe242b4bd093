"""``capgap info``: what is known of codes."""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes import ConvolutionalCode, LDPCCode, LinearCode
from capgap.simulate.analysis.code_facts import code_facts
from capgap.simulate.analysis.modulation_facts import picture
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.named_codes import NamedCode, NamedModulation, named_codes
from capgap.simulate.contract.under_test import examples_of
from capgap.simulate.registry import registry

CONFIG = """
name: a
channel: {type: bsc, f: 0.01}
curves:
  - {code: {type: hamming}, sweep: {code.r: [3, 4]}}
  - {code: {type: repetition, n: 3, k: 1}, decoder: ml}
  - {code: {type: repetition, n: 3, k: 1}, label: again}
"""


def facts(*words: str) -> list[dict[str, Any]]:
    return [code_facts(each.code) for each in named_codes(words) if isinstance(each, NamedCode)]


@pytest.mark.parametrize(
    "words", [["hamming r=3"], ["hamming", "r=3"], ["{type: hamming, r: 3}"], ["{type: hamming}", "r=3"]]
)
def test_a_code_in_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", *words]) == 0
    lines = [line.strip().split(None, 1) for line in capsys.readouterr().out.splitlines()]
    assert lines[0][0] == "hamming(r=3,"
    told = dict(line for line in lines[1:] if line[0] in ("n", "k", "rate", "systematic"))
    assert told == {"n": "7", "k": "4", "rate": "0.571429", "systematic": "yes"}
    assert main(["info", "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["k"], found["minimum distance"], found["systematic"]) == (7, 4, 3, True)
    assert found["codewords by weight"] == {"3": 7, "4": 7, "7": 1}
    assert found["default decoder"] in found["decoders"]
    assert {"syndrome", "ml", "trellis", "chase", "osd", "grand", "bp"} <= set(found["decoders"])
    assert "viterbi" not in found["decoders"]


def test_several_codes_each_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(CONFIG)
    words = ["spc", "n=5", str(file), "crc polynomial=6-nr code.type=hamming code.r=4", "spc n=5"]
    texts = [each.text for each in named_codes(words)]
    hamming = [f"hamming(r={r}, extended=false, shorten=0)" for r in (3, 4)]
    crc = "crc(polynomial=6-nr, code=hamming(r=4, extended=false, shorten=0))"
    assert sorted(texts) == sorted(["spc(n=5)", *hamming, "repetition(n=3, k=1)", crc])
    assert main(["info", "--json", *words]) == 0
    assert [each["code"] for each in json.loads(capsys.readouterr().out)] == texts


def test_convolutional_codes_tell_their_spectrum() -> None:
    (found,) = facts("convolutional standard=wifi rate=3/4 k=600")
    assert (found["n"], found["k"], found["systematic"]) == (808, 600, False)
    assert found["generators (octal)"] == ["133", "171"]
    assert (found["memory"], found["states"], found["termination"]) == (6, 64, "zero")
    assert found["tail"] == "6 steps, 8 coded bits"
    assert found["puncturing"] == ["110", "101"]
    assert found["free distance"] == 5
    assert found["paths and their ones by weight, in 3 steps"][5] == [8, 42]
    semi = ["generators=[13, 15]", "feedback=13", "k=70", 'puncture=["1111111", "1000000"]']
    (found,) = facts("convolutional", *semi)
    assert "circles of weight 0" in found["spectrum"]
    (found,) = facts("convolutional generators=[13, 15] feedback=13 k=9")
    assert (found["systematic"], found["feedback (octal)"]) == (True, "13")
    (found,) = facts("crc polynomial=8-lte code.type=convolutional code.standard=lte code.k=40")
    assert (found["k"], found["inner code: free distance"]) == (32, 15)
    assert str(found["inner code"]).startswith("ConvolutionalCode(")


def test_codes_in_series_tell_both() -> None:
    inner = "{type: convolutional, generators: [2], feedback: 3, k: 84, puncture: ['0', '1']}"
    outer = "{type: convolutional, generators: [5, 7], k: 40}"
    (found,) = facts(
        f"{{type: concatenated, outer: {outer}, inner: {inner}, interleaver: {{type: s-random, s: 5}}}}"
    )
    assert (found["n"], found["k"], found["default decoder"]) == (85, 40, "serial")
    assert "serial" in found["decoders"]
    assert found["outer code"] == "ConvolutionalCode([5, 7], n=84, k=40)"
    assert found["inner code"] == "ConvolutionalCode([3, 2], n=85, k=84)"
    words = str(found["interleaver"]).split(", spread ")
    assert words[0] == "84 bits"
    assert int(words[1]) > 5
    assert (found["outer free distance"], found["inner memory"]) == (5, 1)
    (found,) = facts(
        "{type: concatenated, outer: {type: spc, n: 4}, inner: {type: hamming, r: 3}, interleaver: none}"
    )
    assert found["interleaver"] == "none"


def test_what_takes_long_is_not_known() -> None:
    found = code_facts(ConvolutionalCode(generators=[133, 171], k=100))
    assert found["minimum distance"] is found["codewords by weight"] is None

    class Own(LinearCode):
        def info(self) -> dict[str, Any]:
            return {"colour": "green"}

    own = code_facts(Own(generator=[[1, 0, 1], [0, 1, 1]]))
    assert (own["minimum distance"], own["colour"]) == (2, "green")
    sparse = code_facts(LDPCCode.regular(96, 48, 3))
    assert sparse["variables by degree"] == {3: 96}
    assert sparse["edges"] == 288
    assert {"chase", "bp"} <= set(sparse["decoders"])
    assert "ml" not in sparse["decoders"]


def test_every_familys_examples_take_no_time() -> None:
    for entry in registry.codes:
        if not entry.builtin:
            continue
        for example in examples_of(entry.make):
            named_codes([json.dumps({"type": entry.name, **example})])  # compiles what it needs
            begun = time.process_time()
            (named,) = named_codes([json.dumps({"type": entry.name, **example})])
            assert isinstance(named, NamedCode)
            json.dumps(code_facts(named.code))
            assert time.process_time() - begun < 2, named.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["hammin"], "code.type: there is no code 'hammin'. Did you mean 'hamming'?"),
        (["hamming"], "code: 'r' is missing, which hamming needs"),
        (["hamming r=1"], "code.r: r must lie in 2 to 16, got 1"),
        (["r=3"], "r=3: a parameter follows the name of a code, as in 'hamming r=3'"),
        (["{type: hamming"], "{type: hamming: the value is not valid YAML"),
        (["{r: 3}"], "code: code needs a type"),
        (["nothing.yaml"], "nothing.yaml: there is no such file"),
        (["nothing.yaml", "r=3"], "r=3: a parameter follows the name of a code, not a file"),
        (["bp"], "code.type: 'bp' is a decoder, not a code"),
        (["convolutional generators=[5, 5] k=8"], "code.generators: generators make a catastrophic encoder"),
    ],
)
def test_what_names_no_code_is_told(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"capgap: {told}")


def test_a_modulation(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts, and a picture with each label where its point lies."""
    assert main(["info", "qam", "order=16"]) == 0
    out = capsys.readouterr().out
    assert "qam(order=16, demapper=exact)" in out
    assert "each axis by itself" in out
    assert "5.118 dB Es/N0, bit by bit 5.280 dB" in out
    rows = [line.split() for line in out.splitlines() if line.strip() and set(line) <= set(" 01")]
    assert rows[0] == ["1000", "1100", "0100", "0000"]
    assert [row[-1] for row in rows] == ["0000", "0001", "0011", "0010"]
    assert main(["info", "{type: qam, order: 1024}"]) == 0
    assert "1024" in capsys.readouterr().out


def test_a_modulations_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "psk order=4", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert np.round(data["points by label"], 6).tolist() == [[1, 0], [0, 1], [0, -1], [-1, 0]]
    assert (data["points"], data["bits between neighbours"]) == (4, 1.0)


@pytest.mark.parametrize(
    "name", ["psk order=32", "pam order=16", "apsk standard=dvb-s2 order=32 rate=3/4", "ook"]
)
def test_pictures_have_each_label_once(name: str) -> None:
    (named,) = named_codes([name])
    assert isinstance(named, NamedModulation)
    lines = picture(named.modulation)
    assert lines is not None
    found = sorted(int(word, 2) for line in lines for word in line.split())
    assert found == list(range(named.modulation.constellation.order))
