"""The same configuration in fewer words, or in values of NumPy: the same points under the same keys."""

import enum
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema
import numpy as np
import pytest
from capgap.codes import LDPCCode, write_alist
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.configuration.schema import configuration_schema
from capgap.simulate.configuration.yaml_file import dump_yaml

BSC = {"type": "bsc", "f": [0.05, 0.1]}
LDPC = {"type": "ldpc", "n": 1000, "k": 500, "column_weight": 3}


class Word(enum.StrEnum):
    ML = "ml"


def resolved(code: Any, decoder: Any = None, channel: Any = BSC, **others: Any) -> tuple[Any, ...]:
    """What a configuration of one curve comes to: keys, and the resolved data but for the label."""
    config = {"name": "a", "channel": channel, "curves": [{"code": code, "decoder": decoder}], **others}
    made = load_config(config)
    data = made.relative_to(Path())
    for name in ("label", "group"):
        del data["curves"][0][name]
    return made.curves[0].keys, data


FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "NumPy integers": (
        {"code": {"type": "hamming", "r": 3, "extended": True}, "seed": 7, "stop": {"frames": 100}},
        {
            "code": {"type": np.str_("hamming"), "r": np.int8(3), "extended": np.bool_(True)},
            "seed": np.uint64(7),
            "stop": {"frames": np.int64(100)},
        },
    ),
    "NumPy floats": (
        {"code": LDPC, "channel": {"type": "awgn", "ebno_db": [1.5]}, "stop": {"relative_error": 0.1}},
        {
            "code": LDPC,
            "channel": {"type": "awgn", "ebno_db": np.float64(1.5)},
            "stop": {"relative_error": np.float64(0.1)},
        },
    ),
    "an array": (
        {"code": "ml", "channel": {"type": "awgn", "ebno_db": [0, 0.5, 1]}},
        {"code": "ml", "channel": {"type": "awgn", "ebno_db": np.arange(0, 1.5, 0.5)}},
    ),
    "an array of integers": (
        {"code": "ml", "channel": {"type": "awgn", "ebno_db": {"start": 0, "stop": 3, "step": 1}}},
        {"code": "ml", "channel": {"type": "awgn", "ebno_db": np.arange(4)}},
    ),
    "a tuple, and a range": (
        {"code": {**LDPC, "puncture": [0, 1]}, "channel": {"type": "awgn", "ebno_db": [0, 1]}},
        {"code": {**LDPC, "puncture": range(2)}, "channel": {"type": "awgn", "ebno_db": (0, np.float32(1))}},
    ),
    "an array of shape ()": (
        {"code": "ml", "channel": {"type": "bsc", "f": 0.25}},
        {"code": "ml", "channel": {"type": "bsc", "f": np.array(0.25)}},
    ),
    "whole floats": (
        {"code": LDPC, "seed": 3, "stop": {"frames": 1_000_000, "bit_errors": 10}},
        {
            "code": {"type": "ldpc", "n": 1e3, "k": 5e2, "column_weight": 3.0},
            "seed": 3.0,
            "stop": {"frames": 1e6, "bit_errors": np.float32(10)},
        },
    ),
    "rows of an array": (
        {"code": {"type": "linear", "generator": [[1, 0, 1], [0, 1, 1]]}},
        {"code": {"type": "linear", "generator": np.array([[1, 0, 1], [0, 1, 1]], np.uint8)}},
    ),
    "rows of floats and truths": (
        {"code": {"type": "linear", "generator": [[1, 0], [0, 1]]}},
        {"code": {"type": "linear", "generator": np.eye(2)}},
    ),
    "other mappings, words and numbers": (
        {"code": {"type": "hamming", "r": 3}, "decoder": {"type": "ml"}, "channel": {"type": "bsc", "f": 0.25}},
        {
            "code": MappingProxyType({"type": "hamming", "r": 3}),
            "decoder": OrderedDict(type=Word.ML),
            "channel": {"type": "bsc", "f": Fraction(1, 4)},
        },
    ),
    "names alone": (
        {
            "code": {"type": "hamming", "r": 3},
            "decoder": {"type": "bp"},
            "plot": {"limits": ["shannon"], "y": ["fer"], "kinds": ["capacity-plane"], "formats": ["svg"]},
        },
        {
            "code": {"type": "hamming", "r": 3},
            "decoder": "bp",
            "plot": {"limits": "shannon", "y": "fer", "kinds": "capacity-plane", "formats": "svg"},
        },
    ),
    "a channel's name alone": (
        {"code": {"type": "hamming", "r": 3}, "channel": {"type": "bsc"}, "target": {"fer": 0.1}},
        {"code": {"type": "hamming", "r": 3}, "channel": "bsc", "target": {"fer": np.float64(0.1)}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_other_forms_mean_the_same(name: str) -> None:
    plain, other = (dict(form) for form in FORMS[name])
    for form in (plain, other):
        if form["code"] == "ml":
            form["code"] = {"type": "spc", "n": 4}
    assert resolved(**other) == resolved(**plain)
    dump_yaml(load_config({"name": "a", "channel": BSC, "curves": [{"code": other.pop("code")}]}).resolved)


def test_sweeps_of_arrays() -> None:
    made = []
    for n, ranged in ((np.array([3, 5]), np.float64(1)), ([3, 5], 1), ([3.0, 5e0], 1.0)):
        curve = {"code": "repetition", "sweep": {"code.n": n, "decoder.type": ("ml",), "code.k": [ranged]}}
        config = load_config({"name": "a", "channel": BSC, "curves": [curve]})
        made.append([curve.keys for curve in config.curves])
        assert [curve.link.label for curve in config.curves] == [
            f"repetition, n = {k}, type = ml, k = 1" for k in (3, 5)
        ]
    assert made[0] == made[1] == made[2]


def test_what_was_given_stays_as_it_is() -> None:
    values = np.arange(2.0)
    config = {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": values},
        "curves": [{"code": {"type": "spc", "n": 3}, "decoder": "ml"}],
    }
    load_config(config)
    assert config["channel"]["ebno_db"] is values  # type: ignore[index]
    assert config["curves"][0]["decoder"] == "ml"  # type: ignore[index]


def test_a_path_names_a_file(tmp_path: Path) -> None:
    write_alist(tmp_path / "a.alist", LDPCCode.regular(24, 12, 3).parity_check_matrix)
    forms = [{"type": "ldpc", "alist": given} for given in (tmp_path / "a.alist", str(tmp_path / "a.alist"))]
    assert resolved(forms[0]) == resolved(forms[1])


def test_what_contains_itself_is_refused() -> None:
    config: dict[str, Any] = {"name": "a"}
    config["channel"] = config
    with pytest.raises(InputError, match="nested too deeply, or a value that holds itself"):
        load_config(config)


def test_what_is_no_data_is_refused_in_bounded_time() -> None:
    """Lists in lists that name each other, ranges without end, and what is no value at all."""
    wide: list[Any] = [1]
    for _ in range(30):
        wide = [wide] * 3
    bad: list[tuple[Any, str]] = [
        (wide, "more than 200000 values"),
        (range(10**11), "more than 200000 values"),
        ((x for x in [0.1]), "a generator is no value for this"),
        (np.ma.array([0.1, 0.2], mask=[False, True]), "some of its entries are masked"),
        ({(1, 2): 3}, "f "),
    ]
    for value, words in bad:
        config = {
            "name": "a",
            "channel": {"type": "bsc", "f": value},
            "curves": [{"code": {"type": "uncoded", "k": 4}}],
        }
        with pytest.raises(InputError, match=words):
            load_config(config)


TEXT = """\
name: short
channel: {type: bsc, f: 0.1}
curves:
  - code: {type: hamming, r: 3}
  - {code: {type: hamming, r: 3.0}, decoder: ml}
  - code: {type: hamming, r: 3}
  - {label: "spc(n=4)", code: {type: spc, n: 5}}
  - code: {type: spc, n: 4}
  - {code: repetition, sweep: {code.n: [3, 5]}}
  - code: {type: uncoded, k: 1e6}
stop: {frames: 1e3}
plot: {limits: shannon, y: fer}
"""
LABELS = [
    "hamming(r=3)",
    "hamming(r=3), ml(input=hard)",
    "hamming(r=3) (2)",
    "spc(n=4)",
    "spc(n=4) (2)",
    "repetition, n = 3",
    "repetition, n = 5",
    "uncoded(k=1000000)",
]


def test_a_file_in_few_words(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(TEXT)
    config = load_config(tmp_path / "c.yaml", changes=("stop.frames=2e3", "curves.1.decoder.input=hard"))
    assert [curve.link.label for curve in config.curves] == LABELS
    assert (config.stop.frames, config.plot.limits, config.plot.y) == (2000, ["shannon"], ["fer"])
    assert config.curves[1].link.decoder_text == "ml(input=hard)"
    none = load_config(tmp_path / "c.yaml", changes=("plot.limits=none",))
    assert none.plot.limits == []
    (tmp_path / "again.yaml").write_text(dump_yaml(config.relative_to(tmp_path)))
    again = load_config(tmp_path / "again.yaml")
    assert [curve.keys for curve in again.curves] == [curve.keys for curve in config.curves]
    assert [curve.link.label for curve in again.curves] == LABELS


@pytest.mark.parametrize(
    "change", ["stop.frames=1.5", "curves.0.code.r=2.5", "seed=1e-1", "stop.frames=.5e1"]
)
def test_fractions_are_no_whole_numbers(tmp_path: Path, change: str) -> None:
    (tmp_path / "c.yaml").write_text(TEXT)
    if change == "stop.frames=.5e1":
        assert load_config(tmp_path / "c.yaml", changes=change).stop.frames == 5
        return
    with pytest.raises(InputError, match=f"--set {change}: .* must be a whole number"):
        load_config(tmp_path / "c.yaml", changes=change)


def test_the_schema_takes_what_is_taken() -> None:
    import yaml

    validator = jsonschema.Draft202012Validator(configuration_schema())
    # PyYAML's own rules take 1e6 for text.
    data = yaml.safe_load(TEXT.replace("1e6", "1.0e+6").replace("1e3", "1.0e+3"))
    assert data["stop"]["frames"] == 1e3
    validator.validate(data)
    assert not validator.is_valid({**data, "stop": {"frames": 1.5}})
    assert not validator.is_valid({**data, "plot": {"y": "fers"}})
    assert not validator.is_valid({**data, "channel": "polar"})


def test_results_of_short_forms_are_read_again(tmp_path: Path) -> None:
    config = {
        "name": "short",
        "channel": {"type": "bsc", "f": np.array([0.2])},
        "curves": [{"code": {"type": "spc", "n": np.int64(4)}, "decoder": "ml"}],
        "stop": {"frames": 1e2},
        "plot": {"formats": "svg", "y": "fer"},
    }
    results = run(config, out=tmp_path / "out", seed=np.int64(3), workers=np.int64(1))  # type: ignore[arg-type]
    assert load_results(tmp_path / "out").rows == results.rows
    assert results["spc(n=4)"][0].frames == 100
    assert load_config(tmp_path / "out" / "config.yaml").seed == 3
