"""What decoders need to exchange what they find out by couples of bits (see ``couple_kernels``)."""

from dataclasses import dataclass

import numpy as np

from ..convolutional.circuit import Circuit, Numbers, read_only_numbers
from ..convolutional.lane_trellis import MAX_STATES
from ..convolutional.trellis_type_kernels import KernelTrellis
from .turbo import TurboCode

#: What an error says one can do.
OTHERWISE = "exchange: bits decodes it, and worse"


@dataclass(frozen=True, eq=False)
class Couples:
    """A turbo code whose encoders take couples, for kernels.

    Attributes
    ----------
    trellises
        Of both encoders.
    indices
        Of both: ``order``, ``given``, ``rows`` and ``place`` of ``couple_kernels.Couples``. Bits that are not
        sent have row n.
    value_rows
        Rows of lanes that stay with a frame.
    """

    trellises: tuple[KernelTrellis, KernelTrellis]
    indices: tuple[tuple[Numbers, ...], tuple[Numbers, ...]]
    value_rows: int


def couples_of(code: TurboCode, *, exact: bool) -> Couples | None:
    """The couples of a code; None if its encoders take one bit a step. ``exact``: costs are those of sums.

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
    orders = (np.arange(code.k).reshape(-1, 2), code.interleaver.reshape(-1, 2))
    _check_together(orders[1])
    one, two = (_indices(code, which, order) for which, order in enumerate(orders))
    return Couples((first, second), (one, two), 3 * (code.k // 2) + 2 * sum(states))


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


def _indices(code: TurboCode, which: int, bits: Numbers) -> tuple[Numbers, ...]:
    """``bits`` has the information bits of each couple, in the order of the first encoder."""
    couple, turned = bits[:, 0] // 2, bits[:, 0] % 2
    order = 3 * couple[:, None] + np.stack([turned, 1 - turned, np.full(len(bits), 2)], axis=1)
    positions = [np.where(each < 0, code.n, each) for each in code.positions]
    informative = positions[0][: len(bits), :2].ravel()
    given = positions[which][:, :2].copy()
    given[: len(bits)] = informative[bits]
    rows = positions[which][:, 2:]
    order, given, rows, place = (read_only_numbers(np.ravel(each)) for each in (order, given, rows, bits))
    return order, given, rows, place
