"""Rate matching of LTE: 3GPP TS 36.212, 5.1.4, for codes with three streams of coded bits.

Bits of a stream are written row by row into a matrix of 32 columns, behind dummy bits that fill it; the
columns are permuted and read one after the other. Three such blocks are a circular buffer, from which the
bits to send are taken without the dummy bits, again and again if there are to be more than it holds.

Coded bits are numbered step by step: bit i of stream s is number 3 i + s.
"""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]

#: Columns of a sub-block's matrix.
COLUMNS = 32
#: The column that comes at each place, of a turbo code (table 5.1.4-1): numbers with their bits reversed.
TURBO_COLUMNS = np.array([int(f"{i:05b}"[::-1], 2) for i in range(COLUMNS)])
#: The same of a convolutional code (table 5.1.4-2).
CONVOLUTIONAL_COLUMNS = np.roll(TURBO_COLUMNS, COLUMNS // 2)
#: Redundancy versions.
VERSIONS = 4
#: In which order they are sent (TS 36.321, 5.4.2.2).
ORDER = (0, 2, 3, 1)


def turbo_bits(length: int, n: int, version: int = 0, buffer: int | None = None) -> Places:
    """Which coded bits of a turbo code are sent (5.1.4.1), int64 (n), in their order.

    Parameters
    ----------
    length
        Bits of each stream, K + 4.
    n
        Bits to send.
    version
        Redundancy version, 0 to 3: where in the buffer it begins.
    buffer
        Soft buffer size N_cb in bits with dummy bits; by default the whole, three sub-blocks.

    Raises
    ------
    ValueError
        If version or buffer is outside its range.
    """
    if not 0 <= version < VERSIONS:
        raise ValueError(f"rv must be 0 to {VERSIONS - 1}, got {version}")
    first, second, rows = (*_blocks(length, TURBO_COLUMNS, 0)[:1], *_blocks(length, TURBO_COLUMNS, 1))
    parity = np.empty(2 * len(first), np.int64)
    parity[0::2] = np.where(first < 0, -1, 3 * first + 1)
    parity[1::2] = np.where(second < 0, -1, 3 * second + 2)
    whole = np.concatenate([np.where(first < 0, -1, 3 * first), parity])
    size = len(whole) if buffer is None else buffer
    if not 2 * rows < size <= len(whole):
        raise ValueError(f"buffer must lie in {2 * rows + 1} to {len(whole)}, got {size}")
    start = rows * (2 * -(-size // (8 * rows)) * version + 2)
    return _taken(np.roll(whole[:size], -(start % size)), n)


def convolutional_bits(length: int, n: int) -> Places:
    """Which coded bits of a convolutional code are sent (5.1.4.2), int64 (n), in their order.

    ``length`` is the number of bits of each stream, ``n`` that of bits to send.
    """
    block, _ = _blocks(length, CONVOLUTIONAL_COLUMNS, 0)
    return _taken(np.concatenate([np.where(block < 0, -1, 3 * block + s) for s in range(3)]), n)


def _blocks(length: int, columns: Places, shift: int) -> tuple[Places, int]:
    """A sub-block as it is read: the bit of the stream at each place, below 0 for dummy bits; and its rows.

    ``shift`` is 1 for the third stream of a turbo code, whose places are one further on, the last one the
    first.
    """
    rows = -(-length // COLUMNS)
    size = rows * COLUMNS
    order = (np.arange(size).reshape(rows, COLUMNS)[:, columns].T.ravel() + shift) % size
    return order - (size - length), rows


def _taken(buffer: Places, n: int) -> Places:
    """n bits from the beginning of a circular buffer on, dummy bits left out."""
    return np.resize(buffer[buffer >= 0], n)
