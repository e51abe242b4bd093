"""Codes and decoders as parameters of codes and decoders."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from capgap.codes import Code, Decoder, DecodeResult, LinearCode, SyndromeDecoder
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.configuration.schema import configuration_schema
from capgap.simulate.contract.check import check
from capgap.simulate.registry import registry

CRC = {"type": "crc", "polynomial": 3, "bits": 3, "code": {"type": "hamming", "r": 3}}


@pytest.fixture
def plugins() -> Iterator[None]:
    """Decoders with decoders, and a code that asks for a linear one; their names are forgotten again."""

    @registry.register_decoder("either")
    class Either(Decoder):
        """The first decoder's result where it is right, else the second one's."""

        def __init__(self, code: Code, *, first: Decoder, second: Decoder | None = None) -> None:
            super().__init__(code)
            self.first, self.second = first, second

        def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
            return self.first.decode(llr)

    @registry.register_decoder("of-the-mother")
    class OfTheMother(Decoder):
        """A universal decoder that has one for the inner code."""

        universal = True

        def __init__(self, code: Code, *, inner: Decoder) -> None:
            super().__init__(code)
            self.inner = inner

        @classmethod
        def parts(cls, code: Code) -> Mapping[str, Code]:
            return {"inner": code.inner}  # type: ignore[attr-defined]

        def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
            found = self.inner.decode(llr)
            return DecodeResult(found.bits[:, : self.code.k], found.ok, found.iterations)

    @registry.register_code("linear-only")
    class LinearOnly(LinearCode):
        """A linear code's dual, if it has one."""

        def __init__(self, *, code: LinearCode | None = None, name: str = "x") -> None:
            super().__init__(generator=np.eye(3) if code is None else code.parity_check_matrix)
            self.default_decoder = "ml"

    @registry.register_code("not-linear")
    class NotLinear(Code):
        """Bits as they are."""

        def __init__(self, *, k: int = 3) -> None:
            super().__init__(n=k, k=k)
            self.default_decoder = "ml"

        def encode(self, bits: Any) -> Any:
            return np.array(bits)

    yield
    for table, name in (
        (registry.decoders, "either"),
        (registry.decoders, "of-the-mother"),
        (registry.codes, "linear-only"),
        (registry.codes, "not-linear"),
    ):
        del table._entries[name]


def configuration(code: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "nested",
        "channel": {"type": "bsc", "f": 0.02},
        "curves": [{"code": code, **more}],
        "stop": {"frames": 100},
    }


def link(code: Any, **more: Any) -> Any:
    return load_config(configuration(code, **more)).curves[0].link


def test_texts_keys_and_defaults() -> None:
    made = link(CRC)
    assert made.code_text == "crc(polynomial=3, bits=3, code=hamming(r=3, extended=false, shorten=0))"
    assert made.label == "crc(polynomial=3, bits=3, code=hamming(r=3))"
    assert made.decoder_text == "syndrome"
    written_out = {**CRC, "code": {"type": "hamming", "r": 3, "extended": False, "shorten": 0}}
    assert made.at(0.02).key == link(written_out).at(0.02).key
    for other in ({"type": "hamming", "r": 4}, {"type": "spc", "n": 8}):
        assert made.at(0.02).key != link({**CRC, "code": other}).at(0.02).key
    inner = made.identity["code"][1]["code"]
    assert inner == ["hamming/1", {"r": 3, "extended": False, "shorten": 0}]


def test_a_name_alone_describes_a_code_without_parameters(plugins: None) -> None:
    short, long = (
        {"type": "rate-matched", "code": code, "repeat": [0]}
        for code in ("not-linear", {"type": "not-linear"})
    )
    assert link(short).at(0.02).key == link(long).at(0.02).key
    assert link("linear-only").code_text == "linear-only(name=x)"


def test_files_are_found_and_their_content_identifies(tmp_path: Path) -> None:
    (tmp_path / "h.txt").write_text("1110100\n1101010\n1011001\n")
    (tmp_path / "c.yaml").write_text(
        yaml.safe_dump(configuration({**CRC, "code": {"type": "linear", "parity_check": "h.txt"}}))
    )
    first = load_config(tmp_path / "c.yaml").curves[0]
    assert first.link.code_text == "crc(polynomial=3, bits=3, code=linear(parity_check=h.txt))"
    (tmp_path / "h.txt").write_text("1110100\n1101010\n0111001\n")
    assert load_config(tmp_path / "c.yaml").curves[0].keys != first.keys


def test_results_can_be_run_again(tmp_path: Path) -> None:
    (tmp_path / "h.txt").write_text("1110100\n1101010\n1011001\n")
    code = {
        **CRC,
        "code": {
            "type": "rate-matched",
            "code": {"type": "linear", "parity_check": "h.txt"},
            "puncture": [6],
        },
    }
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(configuration(code)))
    results = run(tmp_path / "c.yaml", out=tmp_path / "out")
    (row,) = results.rows
    again = load_config(tmp_path / "out" / "config.yaml")
    assert again.curves[0].keys == (row.key,)
    (read,) = load_results(tmp_path / "out").rows
    assert (read.code, read.undetected_errors) == (row.code, row.undetected_errors)


@pytest.mark.parametrize("inner", ["hamming", {"type": "hamming"}])
def test_sweeps_reach_inside(inner: Any) -> None:
    sweep = {"code.code.r": [3, 4], "code.bits": [2, 3]}
    config = load_config(
        configuration({**CRC, "code": inner}, label="r = {code.code.r}, {code.bits}", sweep=sweep)
    )
    assert [curve.link.code.k for curve in config.curves] == [2, 1, 9, 8]


FILE = """\
name: nested
channel: {type: bsc, f: 0.02}
curves:
  - label: "x"
    code:
      type: crc
      polynomial: 3
      bits: 3
      code:
        type: rate-matched
        code:
          type: hamming
          r: 3
        puncture: [6]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("r: 3", "r: 99", 13, "r must lie in 2 to 16, got 99"),
        ("r: 3", "r: 3\n          s: 3", 14, "unknown key 's'. Known here: r, extended, shorten"),
        ("          r: 3\n", "", 11, "'r' is missing, which hamming needs"),
        ("type: hamming", "type: haming", 12, "there is no code 'haming'. Did you mean 'hamming'?"),
        ("type: hamming", "type: bp", 12, "'bp' is a decoder, not a code"),
        ("puncture: [6]", "puncture: [7]", 14, "puncture names coded bit 7, coded bits go from 0 to 6"),
        ("puncture: [6]", "puncture: {block_columns: [0]}", 14, "belong to a quasi-cyclic code"),
        ("bits: 3", "bits: 4", 9, "code must have more information bits than the 4 of the check"),
        ("polynomial: 3", "polynomial: 0x8810", 7, "Koopman's notation"),
        ("type: rate-matched", "type: [1]", 9, "code's type must be text"),
    ],
)
def test_errors_name_the_line_of_the_inner_value(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    file = tmp_path / "c.yaml"
    assert old in FILE
    file.write_text(FILE.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_config(file)
    assert re.search(rf"c\.yaml:{line}: .*{re.escape(message)}", str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            {**CRC, "code": 3},
            "curves.0.code.code: code must be a mapping such as {type: hamming, r: 3}, got 3",
        ),
        ({**CRC, "code": None}, "code must be a mapping"),
        ({**CRC, "code": {}}, r"code needs a type, as in \{type: uncoded"),
        ({"type": "crc", "polynomial": 3}, "'code' is missing, which crc needs"),
    ],
)
def test_what_is_no_code(code: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        link(code)


def test_the_depth_is_bounded() -> None:
    code: dict[str, Any] = {"type": "repetition", "n": 24, "k": 12}
    for _ in range(7):
        code = {"type": "rate-matched", "code": code}
    assert link(code).code.k == 12
    with pytest.raises(
        InputError, match=r"code is nested too deeply: at most 8 codes, or decoders, within each other"
    ):
        link({"type": "rate-matched", "code": code})


def test_classes_are_held_to_what_they_ask_for(plugins: None) -> None:
    assert link({"type": "linear-only", "code": {"type": "hamming", "r": 3}}).code.k == 3
    with pytest.raises(InputError, match="code must be a LinearCode, which 'not-linear' is not"):
        link({"type": "linear-only", "code": {"type": "not-linear"}})


def test_decoders_of_decoders(plugins: None) -> None:
    made = link(
        {"type": "hamming", "r": 3},
        decoder={"type": "either", "first": "syndrome", "second": {"type": "bp", "iterations": 3}},
    )
    assert made.decoder_text.startswith("either(first=syndrome, second=bp(algorithm=sum-product")
    assert isinstance(made.decoder.first, SyndromeDecoder)
    assert made.decoder.second.code is made.code
    with pytest.raises(InputError, match="hard decides uncoded bits"):
        link({"type": "hamming", "r": 3}, decoder={"type": "either", "first": "hard"})
    with pytest.raises(
        InputError, match=r"curves\.0\.decoder\.second\.iterations: iterations must be at least 1"
    ):
        link(
            {"type": "hamming", "r": 3},
            decoder={"type": "either", "first": "ml", "second": {"type": "bp", "iterations": 0}},
        )
    # On a code made of another one they decode what their decoder does.
    made = link(CRC, decoder={"type": "either", "first": "syndrome"})
    assert made.decoder.inner.first.code is made.code.inner


def test_a_decoder_says_what_its_decoders_decode(plugins: None) -> None:
    made = link(CRC, decoder={"type": "of-the-mother", "inner": "syndrome"})
    assert made.decoder.inner.code is made.code.inner
    with pytest.raises(InputError, match="has no attribute 'inner'"):
        link({"type": "hamming", "r": 3}, decoder={"type": "of-the-mother", "inner": "syndrome"})


def test_the_contract_is_tested_of_nested_ones(plugins: None) -> None:
    assert check("crc", ["polynomial=3", "bits=3", "code.type=hamming", "code.r=4"]) == []
    assert check("rate-matched", ["code=not-linear", "code.k=4", "repeat=[0]"]) == []
    matched = ["code.type=rate-matched", "code.code.type=hamming", "code.code.r=3", "code.puncture=[6]"]
    assert check("ml", matched) == []
    assert check("either", ["first.type=bp", "code.type=hamming", "code.r=3"]) == []
    with pytest.raises(InputError, match="r must lie in 2 to 16"):
        check("crc", ["polynomial=3", "code.type=hamming", "code.r=40"])


def test_the_schema_is_recursive() -> None:
    schema = configuration_schema()
    assert "$comment" not in json.dumps(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(
        configuration({**CRC, "code": {"type": "rate-matched", "code": CRC, "puncture": "0:1"}})
    )
    validator.validate(configuration({**CRC, "code": "uncoded"}))
    for wrong in (
        {"type": "hamming", "s": 3},
        {"type": "nothing"},
        3,
        {"type": "rate-matched", "code": {"type": "x"}},
    ):
        assert list(validator.iter_errors(configuration({**CRC, "code": wrong}))), wrong
