"""Turbo decoding by couples of bits, half-iteration by half-iteration, in NumPy over frames."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Array = npt.NDArray[Any]
#: The cost of what cannot be; steps of training around a circle.
FAR, TRAINING = 1e9, 64


def either(costs: Array, axis: int, exact: bool) -> Array:
    """The cost of any of several events: the least, or that of the sum of their probabilities."""
    found: Array = -logsumexp(-costs, axis=axis) if exact else costs.min(axis=axis)
    return found


def half_iteration(
    trellis: Any, inputs: Array, outputs: Array, start: Array, end: Array, training: int, exact: bool
) -> tuple[Array, Array, Array]:
    """The costs of inputs against input 0 without their own, and metrics with which training begins next.

    ``inputs`` (steps, 4, frames) are the costs of inputs, ``outputs`` (steps, n0, frames) LLRs of output
    bits, ``start`` and ``end`` (states, frames) metrics before the first step and after the last one; with
    ``training``, so many steps before and after.
    """
    steps, bits = len(inputs), trellis.labels >> np.arange(trellis.outputs)[:, None, None] & 1
    parity = np.einsum("tjf,jsu->tsuf", outputs, bits)
    costs = parity + inputs[:, None]

    def after(t: int, state: Array) -> Array:
        ways = (state[:, None] + costs[t]).reshape(-1, state.shape[-1])
        return either(ways[trellis.entering], 1, exact)

    def before(t: int, state: Array) -> Array:
        return either(state[trellis.following] + costs[t], 1, exact)

    for t in range(steps - training, steps):
        start = after(t, start)
    for t in range(training - 1, -1, -1):
        end = before(t, end)
    alpha, beta = [start], [end]
    for t in range(steps):
        alpha.append(after(t, alpha[-1]))
        beta.insert(0, before(steps - 1 - t, beta[0]))
    ways = [alpha[t][:, None] + parity[t] + beta[t + 1][trellis.following] for t in range(steps)]
    by_input = either(np.array(ways), 1, exact)
    new = alpha[steps - training], beta[training]
    return by_input - by_input[:, :1], *(each - each[0] for each in new)


def decode(code: Any, llr: Array, scales: Any, exact: bool) -> Array:
    """A-posteriori LLRs of the information bits after each half-iteration, (halves, k, frames).

    ``llr`` is (n, frames). Around a circle training begins as the metrics were there in the iteration before.
    """
    frames, steps = llr.shape[1], code.encoders[0].steps
    with_zero = np.vstack([llr, np.zeros((1, frames))])
    informative = with_zero[code.positions[0][:steps, :2]].reshape(code.k, frames)
    told, found = np.zeros((steps, 4, frames)), []
    kept: dict[int, Any] = {}
    for half, scale in enumerate(scales):
        encoder, positions = code.encoders[half % 2], code.positions[half % 2]
        order = (code.interleaver if half % 2 else np.arange(code.k)).reshape(-1, 2)
        states = encoder.circuit.trellis.states
        at_zero = np.where(np.arange(states) == 0, 0, FAR)[:, None].repeat(frames, axis=1)
        training, start, end = 0, at_zero, at_zero if encoder.termination == "zero" else 0 * at_zero
        if encoder.termination == "tail-biting":
            start, end = kept.get(half % 2, (0 * at_zero, 0 * at_zero))
            training = min(TRAINING, steps)
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
        extrinsic, *kept[half % 2] = half_iteration(
            encoder.circuit.trellis, own, outputs, start, end, training, exact
        )
        total = (extrinsic + own)[:steps]
        posterior = np.empty((code.k, frames))
        posterior[order[:, 0]] = either(total[:, [1, 3]], 1, exact) - either(total[:, [0, 2]], 1, exact)
        posterior[order[:, 1]] = either(total[:, [2, 3]], 1, exact) - either(total[:, [0, 1]], 1, exact)
        found.append(posterior)
        told = np.empty_like(told)
        told[couple[:, None], symbols] = np.float64(np.float32(scale)) * extrinsic[:steps]
    return np.array(found)
