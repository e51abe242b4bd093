"""Trellises as the tables that kernels take."""

import numpy as np

from ..encoding.circuit import Numbers, Trellis, read_only_numbers

#: Numbers and arrays, see ``bcjr_kernels.Tables``.
TrellisTables = tuple[tuple[int, int, int, int, int], tuple[Numbers, ...]]


def trellis_tables(trellis: Trellis) -> TrellisTables:
    """The tables of ``bcjr_kernels.Tables``.

    A label here is a number whose low bits are a branch's inputs, and the others its outputs. Labels are
    numbered in ascending order, with those of which others are made by one more bit: the highest.
    """
    k0, states, branches = trellis.inputs, trellis.states, 1 << trellis.inputs
    labels = trellis.labels.astype(np.int64) << k0 | np.arange(branches)
    found = {0}
    for label in set(labels.ravel().tolist()):
        while label not in found:
            found.add(label)
            label ^= 1 << (label.bit_length() - 1)
    digits = np.array(sorted(found))
    bits = [max(int(label).bit_length() - 1, 0) for label in digits]
    parents = np.searchsorted(
        digits, [int(label) & ~(1 << bit) for label, bit in zip(digits, bits, strict=True)]
    )
    number = np.searchsorted(digits, labels)
    entering = trellis.entering
    arrays = (
        entering // branches,
        number.ravel()[entering],
        trellis.following,
        number,
        parents,
        bits,
        digits,
    )
    counts = (states, branches, len(digits), k0, trellis.outputs)
    return counts, tuple(read_only_numbers(np.asarray(array)) for array in arrays)


def rows_of_room(tables: TrellisTables, steps: int, window: int, *, circular: bool = False) -> int:
    """Rows of memory for ``bcjr_kernels.Room``; ``circular``: with sums over circles."""
    states, _, labels, inputs, outputs = tables[0]
    windows = -(-steps // window)
    sums = 2 * steps * (inputs + outputs) if circular else 0
    return (windows + min(window, steps) + 3) * states + 2 * labels + 2 * steps + sums
