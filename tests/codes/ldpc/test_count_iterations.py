"""Belief propagation's decisions after each iteration."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, Channel, Stream
from capgap.codes import BeliefPropagationDecoder, LDPCCode, LinearCode
from capgap.codes.ldpc import belief_propagation

from tests.lazy import Lazy

ITERATIONS, FRAMES = 6, 300
CODES: Lazy[LinearCode] = Lazy(
    {
        "regular": lambda: LDPCCode.regular(n=96, k=48, column_weight=3),
        "not systematic": lambda: LinearCode(
            generator=[[1, 1, 0, 1, 1, 0], [0, 1, 1, 0, 1, 1], [1, 1, 1, 1, 0, 0]]
        ),
    }
)


def received(code: LinearCode, channel: Channel) -> Any:
    stream = Stream(1, FRAMES, point="iterations")
    return channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))


@pytest.mark.parametrize("name", list(CODES))
@pytest.mark.parametrize(
    "parameters",
    [
        {"schedule": "layered"},
        {"algorithm": "min-sum", "precision": "int8"},
        {"algorithm": "min-sum", "precision": "int8", "stop": "none", "schedule": "layered"},
    ],
)
def test_decisions_after_each_iteration(
    name: str, parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are those of a decoder with as many, and the result is that of one that does not count."""
    code = CODES[name]
    llr = received(code, AWGN(esno_db=-1.0))
    counting = BeliefPropagationDecoder(code, iterations=ITERATIONS, count="iterations", **parameters)
    result = counting.decode(llr)
    for i, bits in enumerate(result.after_iterations, 1):
        expected = BeliefPropagationDecoder(code, iterations=i, **parameters).decode(llr)
        np.testing.assert_array_equal(bits, expected.bits)
    for field in ("bits", "ok", "iterations"):
        np.testing.assert_array_equal(getattr(result, field), getattr(expected, field))
    if name == "regular":
        assert (result.after_iterations[0] != result.bits).any(axis=1).sum() > 20
    # Groups that are decoded together are as many as there is room for.
    monkeypatch.setattr(belief_propagation, "ROOM", 1)
    again = counting.decode(llr)
    for one, other in zip(again.after_iterations, result.after_iterations, strict=True):
        np.testing.assert_array_equal(one, other)


def test_undecided_bits_are_fair_and_the_last_ones_those_without_counting() -> None:
    code = CODES["regular"]
    llr = received(code, BEC(epsilon=0.6))
    plain, counting = (
        BeliefPropagationDecoder(code, iterations=3, count=count) for count in (None, "iterations")
    )
    one, other = (each.decode(llr, Stream(2, FRAMES, point="ties")) for each in (plain, counting))
    np.testing.assert_array_equal(one.bits, other.bits)
    # Frames whose LLRs did not change have the coins of their own iteration: the mean stays fair.
    assert 0.45 < other.after_iterations[0].mean() < 0.55


def test_what_cannot_be_counted_is_refused() -> None:
    code = CODES["regular"]
    with pytest.raises(ValueError, match=r"^count must be iterations, or left out, got 'all'"):
        BeliefPropagationDecoder(code, count="all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^count iterations takes at most 100, and there are 101"):
        BeliefPropagationDecoder(code, iterations=101, count="iterations")
