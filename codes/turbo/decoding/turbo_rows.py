"""Which rows of lanes a turbo decoder reads and writes: to interleave is to take them in another order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ...convolutional.encoding.circuit import Numbers, read_only_numbers
from ..turbo import TurboCode

#: Of one decoder: rows of its inputs among values, and among LLRs received, in the order of its steps; rows
#: of its outputs among LLRs received; which information bit each of its inputs is.
Indices = tuple[Numbers, Numbers, Numbers, Numbers]


@dataclass(frozen=True, eq=False)
class TurboRows:
    """The rows of a code.

    LLRs received are n rows. Behind them comes a row of zeros, for what is not sent, and then, where inputs
    are symbols, sums.

    Attributes
    ----------
    sources
        Rows of LLRs that values begin with.
    indices
        Of each decoder.
    sums
        int32 (sums, 2): pairs of rows, of zeros too, whose sums stand behind the row of zeros.
    padded
        Whether there is anything behind the LLRs.
    """

    sources: Numbers
    indices: tuple[Indices, Indices]
    sums: Numbers
    padded: bool

    def received(self, llr: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The LLRs of groups, (groups, n, 64), with what stands behind them."""
        if not self.padded:
            return llr
        n = llr.shape[1]
        made = np.zeros((len(llr), n + 1 + len(self.sums), GROUP), llr.dtype)
        made[:, :n] = llr
        made[:, n + 1 :] = made[:, self.sums[:, 0]] + made[:, self.sums[:, 1]]
        return made


def informative(code: TurboCode) -> Numbers:
    """For each information bit the row of its LLR; n where it is not sent."""
    first = code.encoders[0]
    at = code.positions[0][: first.steps, : first.circuit.inputs].ravel()
    return read_only_numbers(np.where(at < 0, code.n, at))


def rows_of_bits(code: TurboCode, *, tails: bool) -> TurboRows:
    """Rows where values are those of bits; with ``tails``, of inputs of the tails too, behind the others.

    With tails rows of outputs are those of parity bits, n where they are not sent; without, of all outputs,
    -1 where they are not sent and for information bits.
    """
    given, made, behind = informative(code), [], code.k
    sources = [given]
    orders = (np.arange(code.k, dtype=np.int32), code.interleaver)
    for encoder, positions, place in zip(code.encoders, code.positions, orders, strict=True):
        order, rows = place, positions.copy()
        if tails:
            rows = np.where(rows < 0, code.n, rows)
            sources.append(rows[encoder.steps :, 0])
            rows = rows[:, 1:]
            order = np.concatenate([order, np.arange(behind, behind + encoder.tail_steps)])
            behind += encoder.tail_steps
        else:
            rows[: encoder.steps, : encoder.circuit.inputs] = -1
        made.append(_read_only(order, given[place], rows, place))
    start = np.concatenate(sources)
    padded = bool((start == code.n).any()) or any((each[2] == code.n).any() for each in made)
    return TurboRows(read_only_numbers(start), (made[0], made[1]), np.empty((0, 2), np.int32), padded)


def rows_of_couples(code: TurboCode) -> TurboRows:
    """Rows where values are those of the couples 10, 01 and 11 beside 00: three a step.

    Behind those of the steps come three for each step of the tails, of the first encoder and of the second,
    and then zeros: for each state of the first encoder the metric forward and then backward that a circle
    keeps, and those of the second.
    """
    bits = [each.reshape(-1, 2) for each in (np.arange(code.k, dtype=np.int32), code.interleaver)]
    positions = [np.where(each < 0, code.n, each) for each in code.positions]
    steps = len(bits[0])
    given = np.vstack([informative(code).reshape(-1, 2), *(each[steps:, :2] for each in positions)])
    symbols = np.column_stack([given, code.n + 1 + np.arange(len(given))])
    behind, made = steps, []
    for encoder, rows, pairs in zip(code.encoders, positions, bits, strict=True):
        # Where an encoder takes the bits of a couple the other way around, 10 and 01 change places.
        turned = np.where(pairs[:, :1] & 1, [1, 0, 2], [0, 1, 2])
        tail = behind + np.arange(encoder.tail_steps)
        behind += encoder.tail_steps
        order = np.vstack([3 * (pairs[:, :1] >> 1) + turned, 3 * tail[:, None] + np.arange(3)])
        made.append(_read_only(order, symbols.ravel()[order], rows[:, 2:], pairs))
    metrics = np.full(2 * sum(1 << each.circuit.memory for each in code.encoders), code.n)
    sources = read_only_numbers(np.concatenate([symbols.ravel(), metrics]))
    return TurboRows(sources, (made[0], made[1]), read_only_numbers(given), True)


def _read_only(order: Any, source: Any, rows: Any, place: Any) -> Indices:
    first, second, third, fourth = (
        read_only_numbers(np.ravel(each)) for each in (order, source, rows, place)
    )
    return first, second, third, fourth
