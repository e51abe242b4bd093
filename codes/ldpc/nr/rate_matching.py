"""Which bits of a code block of 5G NR are sent, in which order: 3GPP TS 38.212, 5.4.2 and 5.5."""

import numpy as np

from ...binary.gf2 import Indices
from .base_graphs import INFORMATION, PUNCTURED, ROWS
from .segmentation import Segmentation

#: Redundancy versions.
VERSIONS = 4
#: In which order they are sent (TS 38.214, table 6.1.2.1-2).
ORDER = (0, 2, 3, 1)
#: Where in the circular buffer they begin, in columns of the base graph 1 and 2 (table 5.4.2.1-2).
STARTS = {1: (0, 17, 33, 56), 2: (0, 13, 25, 43)}


def buffer_size(cut: Segmentation) -> int:
    """N: bits of the circular buffer, filler bits among them."""
    return (INFORMATION[cut.base_graph] + ROWS[cut.base_graph] - PUNCTURED) * cut.lifting_size


def start(cut: Segmentation, rv: int, buffer: int) -> int:
    """k0: where in a buffer of Ncb bits redundancy version rv begins."""
    return STARTS[cut.base_graph][rv] * buffer // buffer_size(cut) * cut.lifting_size


def block_sizes(count: int, n: int, bits_per_symbol: int) -> list[int]:
    """E_r: how many of n bits each of so many code blocks has, whole symbols each; on one layer."""
    symbols, more = divmod(n // bits_per_symbol, count)
    return [(symbols + (block >= count - more)) * bits_per_symbol for block in range(count)]


def selected(cut: Segmentation, e: int, rv: int, buffer: int) -> Indices:
    """The columns of the parity-check matrix that are sent of a code block, E = e, in their order (5.4.2.1).

    They are read from a circular buffer of ``buffer`` bits behind the punctured ones, without filler bits,
    again and again if need be.
    """
    columns = PUNCTURED * cut.lifting_size + np.arange(buffer)
    turned = np.roll(columns, -start(cut, rv, buffer))
    return np.resize(turned[(turned < cut.length) | (turned >= cut.padded)], e)


def interleaved(bits: Indices, bits_per_symbol: int) -> Indices:
    """Bits as they are sent: the first ones come first in each symbol, where they are safest (5.4.2.2)."""
    return bits.reshape(bits_per_symbol, -1).T.ravel()
