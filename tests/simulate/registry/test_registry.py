"""Names and plugins."""

from pathlib import Path
from typing import Any

import pytest
from capgap.channels import BEC, BSC, Parameter
from capgap.codes import Code, HammingCode, LDPCCode, LinearCode, MaximumLikelihoodDecoder, RepetitionCode
from capgap.codes.ldpc import DECODERS as LDPC_DECODERS
from capgap.simulate import InputError, load_config, load_plugin, run
from capgap.simulate.registry import registry

PLUGIN = '''
import numpy as np
from capgap.codes import Code, Decoder, DecodeResult
from capgap.simulate import register_code, register_decoder


@register_code("twice-test")
class TwiceCode(Code):
    """Each bit twice."""

    default_decoder = "first-test"

    def __init__(self, *, k: int = 3) -> None:
        super().__init__(n=2 * k, k=k)

    def encode(self, bits):
        return np.hstack([bits, bits])


@register_decoder("first-test")
class FirstDecoder(Decoder):
    """The first copy."""

    def decode(self, llr):
        bits = (llr[:, : self.code.k] < 0).astype(np.uint8)
        return DecodeResult(bits, np.ones(len(bits), bool), np.zeros(len(bits), np.int32))
'''


@pytest.mark.usefixtures("clean_registry")
def test_a_plugin_file_runs_like_the_rest(tmp_path: Path) -> None:
    """Plain NumPy classes that know nothing of lanes."""
    file = tmp_path / "mine.py"
    file.write_text(PLUGIN)
    config = {
        "name": "mine",
        "channel": {"type": "bsc", "f": [0.1, 0.01]},
        "curves": [{"label": "twice", "code": {"type": "twice-test", "k": 4}}],
        "stop": {"frame_errors": 50, "frames": 5000},
    }
    results = run(config, plugins=[str(file)], save=False)
    assert results.rows[0].code == "twice-test(k=4)"
    assert results.rows[0].fer == pytest.approx(1 - 0.9**4, rel=0.4)
    key = results.rows[0].key
    file.write_text(PLUGIN + "# edited\n")
    assert run(config, plugins=[str(file)], save=False).rows[0].key != key


@pytest.mark.usefixtures("clean_registry")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / 0", "mine.py:1: the plugin fails: ZeroDivisionError"),
        ("\n\ndef f(:", "mine.py:3: the plugin fails: SyntaxError"),
        ("import no_such_thing", "mine.py:1: the plugin fails: ModuleNotFoundError"),
        (PLUGIN.replace("twice-test", "hamming"), "belongs to a code of capgap's own"),
        (PLUGIN.replace("class TwiceCode(Code)", "class TwiceCode"), "must derive from capgap's Code"),
    ],
)
def test_failing_plugins_are_input_errors(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_plugin(str(file))
    assert words in str(caught.value)


def test_missing_plugins() -> None:
    with pytest.raises(InputError, match="there is no such plugin file"):
        load_plugin("no/such.py")
    with pytest.raises(InputError, match="no_such_module"):
        load_plugin("no_such_module")


CURVES: list[dict[str, Any]] = [
    {"code": {"type": "hamming", "r": 3}, "decoder": "ml"},
    {"code": {"type": "hamming", "r": 3}, "decoder": "syndrome"},
    {"code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}},
    {"code": {"type": "linear", "generator": ["10", "01"]}},
]


def keys() -> list[str]:
    config = load_config({"name": "a", "channel": {"type": "bsc", "f": 0.1}, "curves": CURVES})
    return [curve.link.at(0.1).key for curve in config.curves]


@pytest.mark.parametrize(
    ("owner", "changed"),
    [
        (MaximumLikelihoodDecoder, [0, 3]),
        (HammingCode, [0, 1]),
        (LDPCCode, [2]),
        (LinearCode, [0, 1, 2, 3]),
        (BEC, []),
        (BSC, [0, 1, 2, 3]),
    ],
)
def test_a_change_of_frames_starts_anew_what_it_concerns_alone(
    owner: Any, changed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys()
    versions = registry.frames_versions()
    monkeypatch.setattr(owner, "frames_version", owner.frames_version + 1)
    assert [i for i, (one, other) in enumerate(zip(before, keys(), strict=True)) if one != other] == changed
    assert registry.frames_versions() != versions


@pytest.mark.usefixtures("clean_registry")
def test_a_plugin_starts_anew_with_the_class_it_derives_from(monkeypatch: pytest.MonkeyPatch) -> None:
    @registry.register_code("mine")
    class Mine(HammingCode):
        pass

    before = registry.codes.get("mine").identity()
    assert before.startswith("mine/")
    monkeypatch.setattr(HammingCode, "frames_version", 2)
    assert registry.codes.get("mine").identity() == f"{before}/2"


@pytest.mark.usefixtures("clean_registry")
@pytest.mark.parametrize("wrong", [(), Parameter("g"), "f", [3], ("f", 3), ("a b",), (Parameter(""),)])
def test_channels_name_their_parameters(wrong: Any) -> None:
    class Bad(BSC):
        parameters = wrong

    with pytest.raises(InputError, match="a tuple of names or Parameter objects"):
        registry.register_channel("bad")(Bad)


@pytest.mark.usefixtures("clean_registry")
def test_known_parameters_keep_their_meaning() -> None:
    class Bad(BSC):
        parameters = (Parameter("f", unit="dB"),)

    with pytest.raises(InputError, match="describes the parameter 'f', which is known"):
        registry.register_channel("bad")(Bad)


def test_decoders_for_a_code() -> None:
    universal = ["syndrome", "ml", "trellis", "chase", "erasure-ml", "information-set", "osd"]
    universal += ["grand", "orbgrand", "orbgrand1", "sgrand"]
    binary = [name for name in LDPC_DECODERS if name != "nonbinary-bp"]
    assert registry.decoders_for(RepetitionCode(n=3)) == ["majority", *universal, *binary]
    assert registry.decoders_for(HammingCode(r=6)) == [*universal, *binary]


def test_entry_points_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package's entry point becomes a name like any other."""
    import importlib.metadata

    class Point:
        name = "theirs"

        def load(self) -> type[Code]:
            return HammingCode

    def entry_points(group: str) -> list[Point]:
        return [Point()] if group == "capgap.codes" else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    fresh: registry.Registry[Code] = registry.Registry("code", Code, {})
    assert fresh.names() == ["theirs"]
    assert list(fresh.get("theirs").parameters) == ["r", "extended", "shorten"]


def test_every_entry_is_described() -> None:
    for known in (registry.codes, registry.decoders, registry.channels, registry.modulations):
        for entry in known:
            assert entry.summary.endswith((".", "zero."))
