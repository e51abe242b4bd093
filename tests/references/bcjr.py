"""A-posteriori LLRs by looking at all codewords; and BCJR in integers step by step, one frame at a time."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Array = npt.NDArray[Any]


def all_words(k: int) -> Array:
    """All words of k bits, uint8 (2^k, k)."""
    return (np.arange(1 << k)[:, None] >> np.arange(k) & 1).astype(np.uint8)


def by_all_codewords(code: Any, llr: Array, prior: Array, exact: bool) -> tuple[Array, Array]:
    """A-posteriori LLRs of information and coded bits, float64 (frames, k) and (frames, n).

    ``exact``: by the sum over codewords; else by the most likely of them. A bit that is never 1 has inf.
    """
    words = all_words(code.k)
    coded = code.encode(words)
    cost = llr.astype(float) @ coded.T + prior.astype(float) @ words.T

    def least(costs: Array) -> Array:
        if costs.shape[1] == 0:
            return np.full(len(costs), np.inf)
        found: Array = -logsumexp(-costs, axis=1) if exact else costs.min(axis=1)
        return found

    def posterior(bits: Array) -> Array:
        columns = [least(cost[:, bit == 1]) - least(cost[:, bit == 0]) for bit in bits.T]
        return np.stack(columns, axis=1)

    return posterior(words), posterior(coded)


#: The cost of what cannot be.
FAR = 10**9


def branch_costs(trellis: Any, inputs: Array, outputs: Array) -> Array:
    """The cost of each branch, (steps, states, 2^k0, frames), from LLRs (steps, k0 or n0, frames)."""
    u = np.arange(trellis.following.shape[1])[None, :] >> np.arange(trellis.inputs)[:, None] & 1
    c = trellis.labels >> np.arange(trellis.outputs)[:, None, None] & 1
    own: Array = np.einsum("tif,iu->tuf", inputs, u)[:, None]
    found: Array = own + np.einsum("tjf,jsu->tsuf", outputs, c)
    return found


def ahead(trellis: Any, costs: Array, state: Array) -> Array:
    """Least costs after a step, (states, frames), from those before it."""
    new = np.full_like(state, FAR)
    for s, u in np.ndindex(*trellis.following.shape):
        to = trellis.following[s, u]
        new[to] = np.minimum(new[to], state[s] + costs[s, u])
    return np.minimum(new, FAR)


def back(trellis: Any, costs: Array, state: Array) -> Array:
    """Least costs before a step from those after it."""
    ways = state[trellis.following] + costs
    found: Array = np.minimum(ways.min(axis=1), FAR)
    return found


def max_log(
    trellis: Any,
    inputs: Array,
    outputs: Array,
    ends: bool,
    window: int = 0,
    training: int = 0,
    informed: int = 0,
) -> Array:
    """LLRs of inputs with their own cost, (steps, frames), of a trellis with one input that begins at 0.

    With a window, metrics backward begin anew at its end: all the same so many steps of training after it,
    which end with the steps ``informed``.
    """
    steps, _, frames = inputs.shape
    costs = branch_costs(trellis, inputs, outputs)
    start = (
        np.where(np.arange(trellis.states) == 0, 0, FAR)[:, None].repeat(frames, axis=1).astype(inputs.dtype)
    )
    alpha = [start]
    for t in range(steps):
        alpha.append(ahead(trellis, costs[t], alpha[-1]))
    beta = [start if ends else 0 * start]
    for t in range(steps - 1, -1, -1):
        beta.append(back(trellis, costs[t], beta[-1]))
    beta.reverse()
    if window:
        for end in range(window, informed, window):
            if end + training < informed:
                state = 0 * start
                for t in range(end + training - 1, end - 1, -1):
                    state = back(trellis, costs[t], state)
                beta[end] = state
            for t in range(end - 1, end - window - 1, -1):
                if t > end - window:
                    beta[t] = back(trellis, costs[t], beta[t + 1])
    found = np.empty((steps, frames), inputs.dtype)
    for t in range(steps):
        ways = alpha[t][:, None] + costs[t] + beta[t + 1][trellis.following]
        found[t] = ways[:, 1].min(axis=0) - ways[:, 0].min(axis=0)
    return found
