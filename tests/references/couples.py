"""Turbo decoding by couples of bits, half-iteration by half-iteration, in NumPy over frames."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Array = npt.NDArray[Any]
FAR = 1e9


def either(costs: Array, axis: int, exact: bool) -> Array:
    """The cost of any of several events: the least, or that of the sum of their probabilities."""
    found: Array = -logsumexp(-costs, axis=axis) if exact else costs.min(axis=axis)
    return found


def half_iteration(
    trellis: Any, inputs: Array, outputs: Array, start: Array, end: Array, exact: bool
) -> tuple[Array, Array, Array]:
    """The costs of inputs against input 0 without their own, and metrics at the end and at the beginning.

    ``inputs`` (steps, 4, frames) are the costs of inputs, ``outputs`` (steps, n0, frames) LLRs of output
    bits, ``start`` and ``end`` (states, frames) metrics before the first step and after the last one.
    """
    steps, bits = len(inputs), trellis.labels >> np.arange(trellis.outputs)[:, None, None] & 1
    parity = np.einsum("tjf,jsu->tsuf", outputs, bits)
    costs, alpha, beta = parity + inputs[:, None], [start], end
    for t in range(steps):
        ways = (alpha[-1][:, None] + costs[t]).reshape(-1, start.shape[-1])
        alpha.append(either(ways[trellis.entering], 1, exact))
    extrinsic = np.empty((steps, 4, start.shape[-1]))
    for t in range(steps - 1, -1, -1):
        after = beta[trellis.following]
        by_input = either(alpha[t][:, None] + parity[t] + after, 0, exact)
        extrinsic[t] = by_input - by_input[0]
        beta = either(after + costs[t], 1, exact)
    return extrinsic, alpha[-1] - alpha[-1][0], beta - beta[0]


def decode(code: Any, llr: Array, scales: Any, exact: bool) -> Array:
    """A-posteriori LLRs of the information bits after each half-iteration, (halves, k, frames).

    ``llr`` is (n, frames). A circle's metrics begin as they ended in the iteration before.
    """
    frames, steps = llr.shape[1], code.encoders[0].steps
    with_zero = np.vstack([llr, np.zeros((1, frames))])
    informative = with_zero[code.positions[0][:steps, :2]].reshape(code.k, frames)
    told, found, kept = np.zeros((steps, 4, frames)), [], {}
    for half, scale in enumerate(scales):
        encoder, positions = code.encoders[half % 2], code.positions[half % 2]
        order = (code.interleaver if half % 2 else np.arange(code.k)).reshape(-1, 2)
        states = encoder.circuit.trellis.states
        at_zero = np.where(np.arange(states) == 0, 0, FAR)[:, None].repeat(frames, axis=1)
        start, end = at_zero, at_zero if encoder.termination == "zero" else 0 * at_zero
        if encoder.termination == "tail-biting":
            start, end = kept.get(half % 2, (0 * at_zero, 0 * at_zero))
        outputs = with_zero[positions]
        systematic = outputs[:, :2].copy()
        systematic[:steps] = informative[order]
        outputs[:, :2] = 0
        a, b = systematic.swapaxes(0, 1)
        own = np.stack([0 * a, a, b, a + b], axis=1)
        # Of couple (A, B) input 1 is A: if the couple is turned, that is the other one's input 2.
        couple = order[:, 0] // 2
        turned = order[:, 0] % 2 == 1
        symbols = np.where(turned[:, None], [0, 2, 1, 3], [0, 1, 2, 3])
        own[:steps] += told[couple[:, None], symbols]
        extrinsic, *kept[half % 2] = half_iteration(encoder.circuit.trellis, own, outputs, start, end, exact)
        total = (extrinsic + own)[:steps]
        posterior = np.empty((code.k, frames))
        posterior[order[:, 0]] = either(total[:, [1, 3]], 1, exact) - either(total[:, [0, 2]], 1, exact)
        posterior[order[:, 1]] = either(total[:, [2, 3]], 1, exact) - either(total[:, [0, 1]], 1, exact)
        found.append(posterior)
        told = np.empty_like(told)
        told[couple[:, None], symbols] = np.float64(np.float32(scale)) * extrinsic[:steps]
    return np.array(found)
