"""Trellises of decoders that exchange what they find out by couples of bits (see ``couple_kernels``)."""

import numpy as np

from ...convolutional.encoding.circuit import Circuit, Numbers
from ...convolutional.trellis.lane_trellis import MAX_STATES
from ...convolutional.trellis.trellis_type_kernels import KernelTrellis
from ..turbo import TurboCode

#: What an error says one can do.
OTHERWISE = "exchange: bits decodes it, and worse"


def couple_trellises(code: TurboCode, *, exact: bool) -> tuple[KernelTrellis, KernelTrellis] | None:
    """The trellises of encoders that take couples; None if they take one bit a step.

    ``exact``: the cost of several ways is that of their sum, and not the least.

    Raises
    ------
    ValueError
        If the encoders take couples, but not both, or have more than 16 states; if they take more bits a
        step; or if the interleaver tears a couple apart.
    """
    inputs = [each.circuit.inputs for each in code.encoders]
    if inputs == [1, 1]:
        return None
    if inputs != [2, 2]:
        raise ValueError(
            f"exchange by symbols is for encoders that take two bits a step each, these take {inputs[0]} and "
            f"{inputs[1]}: {OTHERWISE}"
        )
    states = [1 << each.circuit.memory for each in code.encoders]
    if max(states) > MAX_STATES:
        raise ValueError(
            f"exchange by symbols is for encoders of up to {MAX_STATES} states, one has {max(states)}: "
            f"{OTHERWISE}"
        )
    first, second = (_trellis(each.circuit, exact) for each in code.encoders)
    _check_together(code.interleaver.reshape(-1, 2))
    return first, second


def _check_together(order: Numbers) -> None:
    """Raise ValueError with the first couple of the second encoder that is none of the first."""
    apart = np.flatnonzero(order[:, 0] ^ 1 != order[:, 1])
    if len(apart):
        step = int(apart[0])
        a, b = order[step].tolist()
        raise ValueError(
            f"exchange by symbols needs couples that stay together: couple {step} of the second encoder has "
            f"bits {a} and {b} of the first: {OTHERWISE}"
        )


def _trellis(circuit: Circuit, exact: bool) -> KernelTrellis:
    trellis = circuit.trellis
    branches = [
        (s, int(trellis.following[s, u]), u, int(trellis.labels[s, u]) >> trellis.inputs)
        for s in range(trellis.states)
        for u in range(1 << trellis.inputs)
    ]
    return KernelTrellis(trellis.states, trellis.outputs - trellis.inputs, branches, exact=exact)
