"""Union bounds of codes that say their weights as a function, or the lowest ones alone."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC
from capgap.codes import ConvolutionalCode, LDPCCode, LinearCode
from capgap.codes.linear import LowWeights
from capgap.simulate import load_config
from capgap.simulate.content.limit_curves import _of_the_code
from capgap.simulate.registry import registry
from capgap.simulate.theory.code_rates.union_bounds import union_bound
from scipy.special import ndtr

CODES: tuple[dict[str, Any], ...] = (
    {"generators": [133, 171], "k": 10, "puncture": ["110", "101"]},
    {"generators": [13, 15], "feedback": 13, "k": 10, "termination": "tail-biting"},
    {"generators": [5, 7, 7], "k": 8, "termination": "truncated"},
)
CHANNELS: dict[str, list[Any]] = {
    "one awgn": [AWGN(esno_db=6)],
    "awgn": [AWGN(esno_db=x) for x in (-12, -3, 1, 4, 8, 13)],
    "bsc": [BSC(f=x) for x in (0, 1e-7, 0.001, 0.04, 0.2, 0.47, 0.5)],
    "bec": [BEC(epsilon=x) for x in (0, 1e-5, 0.04, 0.3, 1)],
}


@pytest.mark.parametrize("kind", CHANNELS)
@pytest.mark.parametrize("parameters", CODES)
def test_the_function_gives_what_a_list_of_weights_does(parameters: dict[str, Any], kind: str) -> None:
    code = ConvolutionalCode(**parameters)
    matrix = code.generator_matrix
    if not code.systematic:  # a matrix with dependent rows first would lose some, and the order of messages
        assert np.linalg.matrix_rank(matrix.astype(float)) == code.k
    listed = union_bound(LinearCode(generator=matrix), CHANNELS[kind])
    found = union_bound(code, CHANNELS[kind])
    assert listed.ber is not None
    assert found.ber is not None
    np.testing.assert_allclose(found.fer, listed.fer, rtol=1e-6, atol=1e-200)
    np.testing.assert_allclose(found.ber, listed.ber, rtol=1e-6, atol=1e-200)
    alone = union_bound(code, CHANNELS[kind][-1])
    assert alone.fer.shape == ()
    assert float(alone.fer) == pytest.approx(found.fer[-1], rel=1e-6, abs=1e-200)
    assert not found.first_terms


def test_the_bound_is_met_where_errors_are_rare(shared: Path) -> None:
    """FERs of another program's Viterbi decoder: below the bound within their own deviation, and near it from 4 dB on."""
    code = ConvolutionalCode(generators=[133, 171], k=64)
    with (shared / "references" / "conv_171_133_64_viterbi.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    for point in points:
        bound = union_bound(code, AWGN(ebno_db=float(point["ebno_db"]), rate=code.rate))
        assert bound.ber is not None
        errors, frames = int(float(point["frame_errors"])), int(float(point["frames"]))
        ber = int(float(point["bit_errors"])) / frames / code.k
        # Four deviations of a number of errors; bits come 4 or 5 at a time.
        assert errors / frames <= float(bound.fer) * (1 + 4 / errors**0.5)
        assert ber <= float(bound.ber) * (1 + 8 / errors**0.5)
        if float(point["ebno_db"]) >= 4:
            assert float(bound.fer) <= errors / frames * (1.3 + 4 / errors**0.5)
            assert float(bound.ber) <= ber * (1.4 + 8 / errors**0.5)


def test_long_frames_take_as_many_events_as_there_are_starts() -> None:
    """From the spectrum alone, near the whole sum where errors are rare: 64 states and 2000 steps have both."""
    code = ConvolutionalCode(generators=[133, 171], k=2000)
    low = code.low_weights()
    assert low is not None

    class LowAlone(ConvolutionalCode):
        def weight_enumerating_function(self) -> None:
            return None

    channels = [AWGN(esno_db=x) for x in (2, 4)]
    whole = union_bound(code, channels)
    first = union_bound(LowAlone(generators=[133, 171], k=2000), channels)
    assert whole.ber is not None
    assert first.ber is not None
    assert (first.first_terms, whole.first_terms) == (True, False)
    np.testing.assert_allclose(first.fer, whole.fer, rtol=0.02)
    np.testing.assert_allclose(first.ber, whole.ber, rtol=0.02)
    one = union_bound(LowAlone(generators=[133, 171], k=2000), channels, terms=1)
    assert one.fer[0] < first.fer[0]


def test_a_figure_says_that_first_terms_are_no_bound(clean_registry: None) -> None:
    class Few(LDPCCode):
        def __init__(self) -> None:
            super().__init__(LDPCCode.regular(96, 48, 3).parity_check_matrix)

        def low_weights(self) -> LowWeights:
            return LowWeights((6, 8), (2.0, 10.0), (6.0, 40.0))

    registry.codes.register("few")(Few)
    config = load_config(
        {"name": "a", "channel": {"type": "bsc", "f": [0.01, 0.02]}, "curves": [{"code": "few"}]}
    )
    curve = _of_the_code(config.curves[0].link, "union", "fer", (0.01, 0.02), 1e-9, log=True)
    assert curve is not None
    assert curve.name == "union bound of the code (ML), first terms"
    expected = union_bound(Few(), [BSC(f=float(f)) for f in curve.x])
    np.testing.assert_array_equal(curve.y, expected.fer)


@pytest.mark.parametrize("decoder", ["viterbi", "ml"])
def test_a_figure_has_the_bound_of_what_the_decoder_reads(decoder: str) -> None:
    """ML decoding of hard decisions on AWGN is that on a BSC, and worse."""
    code = {"type": "convolutional", "generators": [5, 7], "k": 10}
    curves = [{"code": code, "decoder": {"type": decoder, "input": each}} for each in ("soft", "hard")]
    config = load_config({"name": "a", "channel": {"type": "awgn", "esno_db": [2, 6]}, "curves": curves})
    soft, hard = (_of_the_code(each.link, "union", "fer", (2, 6), 1e-9, log=False) for each in config.curves)
    assert soft is not None
    assert hard is not None
    made = ConvolutionalCode(generators=[5, 7], k=10)
    crossover = ndtr(-np.sqrt(2 * 10 ** (hard.x / 10)))
    np.testing.assert_allclose(hard.y, union_bound(made, [BSC(f=float(f)) for f in crossover]).fer, rtol=1e-9)
    np.testing.assert_allclose(soft.y, union_bound(made, [AWGN(esno_db=float(x)) for x in soft.x]).fer)
    assert np.all(hard.y[hard.y < 1] > 10 * soft.y[: len(hard.y)][hard.y < 1])
