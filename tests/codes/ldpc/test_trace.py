"""How the checks fare while a decoder iterates."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    Decoder,
    HammingCode,
    HardDecoder,
    LinearCode,
    MaximumLikelihoodDecoder,
    SyndromeDecoder,
    UncodedCode,
)
from capgap.codes.trace import Trace

from tests.codes.ldpc.samples import TRACED, Link, bp, each_schedule
from tests.codes.samples import LLRs, NoDecoder, NotLinear, send
from tests.references.belief_propagation import mother_of, reference_values


def trace_of(decoder: Decoder, llr: LLRs) -> Trace:
    trace = decoder.trace(llr)
    assert trace is not None
    return trace


@each_schedule
@pytest.mark.parametrize("stop", ["syndrome", "none"])
@pytest.mark.parametrize("zeros", [0, 0.2])
@pytest.mark.parametrize(
    "frames", [30, pytest.param(100, marks=pytest.mark.slow)]
)  # a wrong count differs in every other
@TRACED.each("link")
def test_a_trace_counts_what_a_slow_reference_counts(
    link: Link, zeros: float, frames: int, stop: Any, schedule: Any
) -> None:
    code, ebno_db = link
    llr = send(code, ebno_db, frames)[1]
    llr[np.random.default_rng(17).random(llr.shape) < zeros] = 0
    options: dict[str, Any] = {"algorithm": "min-sum", "schedule": schedule, "stop": stop}
    decoder = bp(code, iterations=8, **options)
    trace, result = trace_of(decoder, llr), decoder.decode(llr)
    H = mother_of(code).tanner_graph.matrix()
    assert trace.checks == len(H)
    assert trace.unsatisfied.dtype == trace.undecided.dtype == np.int32
    assert trace.unsatisfied.shape == trace.undecided.shape == (result.iterations.max() + 1, frames)
    assert len(trace.unsatisfied) >= 3
    for i in range(len(trace.unsatisfied)):
        value, spent = reference_values(code, llr, iterations=i, dtype=np.float32, **options)
        np.testing.assert_array_equal(spent, np.minimum(result.iterations, i))
        for frame in range(frames):
            open_ = value[:, frame] == 0
            broken = [(value[row > 0, frame] < 0).sum() % 2 == 1 or open_[row > 0].any() for row in H]
            assert trace.unsatisfied[i, frame] == sum(broken)
            assert trace.undecided[i, frame] == open_.sum()


@each_schedule
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("stop", ["syndrome", "none"])
def test_a_trace_agrees_with_the_decoder(stop: Any, algorithm: Any, schedule: Any) -> None:
    code, ebno_db = TRACED["punctured"]
    llr = send(code, ebno_db, 150)[1]
    iterations: Any = np.int64(12)
    decoder = bp(code, algorithm=algorithm, schedule=schedule, stop=stop, iterations=iterations)
    trace, result = trace_of(decoder, llr), decoder.decode(llr)
    done = (trace.unsatisfied == 0) & (trace.undecided == 0)
    np.testing.assert_array_equal(done[-1], result.ok)
    assert 0 < result.ok.sum() < 150
    if stop == "syndrome":
        first = np.where(done.any(axis=0), done.argmax(axis=0), 12)
        np.testing.assert_array_equal(first, result.iterations)
        for frame, spent in enumerate(result.iterations):  # what has ended stays
            assert len(set(trace.unsatisfied[spent:, frame])) == 1
    for i in (0, 70, 149):
        alone = trace_of(decoder, llr[i : i + 1])
        np.testing.assert_array_equal(alone.unsatisfied[:, 0], trace.unsatisfied[: len(alone.unsatisfied), i])


def test_decoders_that_do_not_iterate_trace_the_word_received(monkeypatch: pytest.MonkeyPatch) -> None:
    code = HammingCode(r=3)
    llr = send(code, 2, 200)[1]
    weights = code.syndrome((llr < 0).astype(np.uint8)).sum(axis=1)
    for decoder in (SyndromeDecoder(code), MaximumLikelihoodDecoder(code)):
        trace = decoder.trace(llr)
        assert trace is not None
        np.testing.assert_array_equal(trace.unsatisfied, [weights])
        assert not trace.undecided.any()
    trace = SyndromeDecoder(code).trace(np.zeros((2, 7), np.float32))
    assert trace is not None
    np.testing.assert_array_equal(trace.unsatisfied, [[3, 3]])
    np.testing.assert_array_equal(trace.undecided, [[7, 7]])
    assert HardDecoder(UncodedCode(k=3)).trace(np.ones((2, 3), np.float32)) is None
    assert NoDecoder(NotLinear(n=3, k=1)).trace(np.ones((2, 3), np.float32)) is None
    with pytest.raises(ValueError, match="llr must have shape"):
        SyndromeDecoder(code).trace(llr[:, 1:])
    # Checks that are known are looked at however many there are; others would have to be worked out.
    monkeypatch.setattr("capgap.codes.decoder.MAX_TRACED", 20)
    assert SyndromeDecoder(code).trace(llr) is not None
    assert SyndromeDecoder(LinearCode(generator=code.generator_matrix)).trace(llr) is None


def test_a_trace_of_no_frames() -> None:
    trace = trace_of(bp(HammingCode(r=3)), np.empty((0, 7), np.float32))
    assert trace.unsatisfied.shape == trace.undecided.shape == (1, 0)
