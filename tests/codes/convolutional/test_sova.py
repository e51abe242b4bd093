"""Soft-output Viterbi: against the algorithm frame by frame, and beside max-log."""

import numpy as np
import pytest
from capgap.codes import BCJRDecoder, ConvolutionalCode, SovaDecoder

from tests.codes.convolutional.test_bcjr import received
from tests.lazy import Lazy
from tests.references.bcjr import branch_costs
from tests.references.sova import sova

CODES: Lazy[ConvolutionalCode] = Lazy(
    {
        "zero": lambda: ConvolutionalCode(generators=[5, 7], k=40),
        "recursive": lambda: ConvolutionalCode(generators=[15], feedback=13, k=40, puncture=["11", "10"]),
        "truncated": lambda: ConvolutionalCode(generators=[133, 171], k=30, termination="truncated"),
        "two inputs": lambda: ConvolutionalCode(generators=[["7", "1", "0"], ["0", "3", "2"]], k=30),
    }
)


@CODES.each("code")
def test_soft_output_is_that_of_the_reference(code: ConvolutionalCode) -> None:
    """With LLRs that are whole numbers of 1 / 64, so that nothing is rounded."""
    frames, encoder = 20, code.encoder
    llr = np.rint(64 * received(code, "awgn", frames, 41)) / 64
    prior = np.rint(64 * np.random.default_rng(42).normal(0, 1, (frames, code.k))) / 64
    outputs = np.zeros((encoder.all_steps * encoder.circuit.outputs, frames))
    outputs[code.sent] = llr.T
    k0 = encoder.circuit.inputs
    inputs = np.zeros((encoder.all_steps, k0, frames))
    inputs[: encoder.steps] = prior.T.reshape(encoder.steps, k0, frames)
    if code.feedback is None:
        inputs[encoder.steps :] = 1e9
    costs = branch_costs(encoder.circuit.trellis, inputs, outputs.reshape(encoder.all_steps, -1, frames))
    found = SovaDecoder(code).soft(llr.astype(np.float32), prior)
    for frame in range(frames):
        path, sizes = sova(encoder.circuit.trellis, costs[..., frame], code.termination == "zero")
        bits = path[: encoder.steps, 1][:, None] >> np.arange(k0) & 1
        expected = np.where(bits == 1, -1.0, 1.0) * sizes[: encoder.steps, :k0]
        np.testing.assert_array_equal(found.information[frame], expected.ravel())
        labels = encoder.circuit.trellis.labels[path[:, 0], path[:, 1]]
        coded = labels[:, None] >> np.arange(encoder.circuit.outputs) & 1
        llrs = (np.where(coded == 1, -1.0, 1.0) * np.minimum(sizes[:, k0:], 2.0**20)).ravel()[code.sent]
        near = np.abs(llrs) < 1e6
        np.testing.assert_array_equal(found.coded[frame][near], llrs[near])


@CODES.each("code")
def test_decisions_are_those_of_max_log_and_magnitudes_no_smaller(code: ConvolutionalCode) -> None:
    llr = np.rint(64 * received(code, "awgn", 130, 43)) / 64
    ours = SovaDecoder(code).soft(llr).information
    best = BCJRDecoder(code, algorithm="max-log").soft(llr).information
    np.testing.assert_array_equal(np.sign(ours)[best != 0], np.sign(best)[best != 0])
    assert (np.abs(ours) >= np.abs(best)).all()
    assert np.mean(np.abs(ours) == np.abs(best)) > 0.5


def test_refusals() -> None:
    circular = ConvolutionalCode(generators=[5, 7], k=12, termination="tail-biting")
    with pytest.raises(ValueError, match="bcjr decodes tail-biting ones"):
        SovaDecoder(circular)
    with pytest.raises(ValueError, match="sova keeps metrics of at most"):
        SovaDecoder(ConvolutionalCode(generators=[40001, 77777], k=200))
