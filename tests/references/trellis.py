"""Decoding on trellises state by state, in NumPy over frames: as textbooks say it, and slow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import ConvolutionalCode
from capgap.codes.tie_breaking import fixed_tie_bits

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Sections:
    """What a code's trellis has received.

    Attributes
    ----------
    costs
        float64 (steps, labels, frames): what of the LLRs each label disagrees with.
    starts
        The states in which frames may begin: 0, or, of tail-biting codes, all.
    """

    costs: Array
    starts: range


def sections(code: ConvolutionalCode, llr: Array) -> Sections:
    """Costs of all labels, from LLRs (frames, n); outputs that are not sent cost nothing."""
    circuit, steps = code.encoder.circuit, code.encoder.all_steps
    outputs = circuit.outputs
    rows = np.zeros((steps * outputs, len(llr)))
    rows[code.sent] = llr.T
    given = rows.reshape(steps, outputs, -1)
    labels = np.arange(1 << outputs)[:, None] >> np.arange(outputs) & 1
    signs = np.where(labels, 1.0, -1.0)
    costs = np.maximum(signs[None, :, :, None] * given[:, None], 0).sum(axis=2)
    return Sections(costs, range(1 << circuit.memory) if code.termination == "tail-biting" else range(1))


def best_words(code: ConvolutionalCode, llr: Array) -> tuple[Array, Array]:
    """Information bits of the most likely words, uint8 (frames, k), and their costs, float64 (frames).

    Of paths that are as good the first wins, in the order of the branches into a state, after the codeword of
    fixed bits is added to all.
    """
    preferred = fixed_tie_bits(code.k)
    found = sections(code, llr * (1 - 2.0 * code.encode(preferred[None])))
    bits = np.zeros((len(llr), code.k), np.uint8)
    least = np.full(len(llr), np.inf)
    for start in found.starts:
        path, cost = best_path(code, found.costs, start)
        better = cost < least
        bits[better], least[better] = path[better], cost[better]
    return bits ^ preferred, least


def best_path(code: ConvolutionalCode, costs: Array, start: int) -> tuple[Array, Array]:
    """Inputs of the best paths from a state, to it, or of truncated codes to any, uint8 (frames, k); their costs."""
    trellis, steps, frames = code.encoder.circuit.trellis, code.encoder.all_steps, costs.shape[2]
    branches = 1 << trellis.inputs
    source, label = trellis.entering // branches, trellis.labels.ravel()[trellis.entering]
    metric = np.full((trellis.states, frames), np.inf)
    metric[start] = 0
    taken = np.empty((steps, trellis.states, frames), np.int64)
    for step in range(steps):
        candidates = metric[source] + costs[step][label]
        taken[step], metric = candidates.argmin(axis=1), candidates.min(axis=1)
    state = np.full(frames, start)
    if code.termination == "truncated":
        order = sorted(range(trellis.states), key=lambda s: f"{s:0{code.memory}b}"[::-1])
        state = np.array(order)[metric[order].argmin(axis=0)]
    cost, frame = metric[state, np.arange(frames)], np.arange(frames)
    bits = np.empty((frames, steps, trellis.inputs), np.uint8)
    for step in range(steps - 1, -1, -1):
        branch = trellis.entering[state, taken[step, state, frame]]
        bits[:, step] = branch[:, None] >> np.arange(trellis.inputs) & 1
        state = branch // branches
    return bits.reshape(frames, -1)[:, : code.k], cost
