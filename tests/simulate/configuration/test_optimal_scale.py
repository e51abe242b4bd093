"""``scale: optimal``: what density evolution finds, in the configuration beside results as a number."""

from typing import Any

import pytest
from capgap.codes import BeliefPropagationDecoder, HammingCode
from capgap.simulate import InputError, load_config

CODE: dict[str, Any] = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}
MIN_SUM: dict[str, Any] = {"type": "bp", "algorithm": "min-sum", "scale": "optimal", "iterations": 5}


def loaded(decoder: dict[str, Any], channel: dict[str, Any] | None = None, code: Any = CODE) -> Any:
    channel = channel or {"type": "awgn", "ebno_db": [2]}
    return load_config({"name": "a", "channel": channel, "curves": [{"code": code, "decoder": decoder}]})


def test_the_best_factor_of_a_regular_ensemble() -> None:
    """Chen et al., 2005, have 0.8 for (3,6): thresholds near it are all but the same."""
    config = loaded(MIN_SUM)
    scale = config.curves[0].link.decoder.scale
    assert scale == pytest.approx(0.8, abs=0.02)
    assert config.resolved["curves"][0]["decoder"]["scale"] == scale
    again = load_config(config.resolved)
    assert again.curves[0].link.at(2).key == config.curves[0].link.at(2).key


@pytest.mark.parametrize(
    ("decoder", "channel", "code", "told"),
    [
        ({**MIN_SUM, "algorithm": "sum-product"}, None, CODE, "it belongs to bp with algorithm: min-sum"),
        ({**MIN_SUM, "offset": [0.1, 0.2]}, None, CODE, "it needs one offset for all messages"),
        (MIN_SUM, None, {"type": "polar", "n": 8, "k": 4}, "scale: optimal is not known"),
    ],
)
def test_where_it_is_not_known(decoder: Any, channel: Any, code: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        loaded(decoder, channel, code)


def test_in_python_it_is_a_number() -> None:
    with pytest.raises(ValueError, match="scale: optimal is for configurations"):
        BeliefPropagationDecoder(HammingCode(r=3), algorithm="min-sum", scale="optimal")


def test_numbers_by_degrees_of_checks_are_read_from_files() -> None:
    """Keys of a file are text; the regular code has checks of degree 6."""
    by_degree = loaded({**MIN_SUM, "scale": {"6": 0.7}}).curves[0].link.decoder
    assert by_degree.scale == {6: 0.7}
    with pytest.raises(InputError, match="scale must have degrees of checks for keys, such as 6, got 'six'"):
        loaded({**MIN_SUM, "scale": {"six": 0.7}})
