"""List decoding of polar codes in int8, with paths in the lanes of vectors: for lists up to 64.

I. Tal and A. Vardy, "List decoding of polar codes", 2015; K. Niu and K. Chen, "CRC-aided decoding of polar
codes", 2012.
"""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .....vectors.group_kernels import GROUP
from .....vectors.groups import GroupInput, Reads, Words, all_erased, frame_flags, groups_of, packed, unpacked
from ....binary.gf2 import Indices
from ....code import Code
from ....decoder import Check, Decoder, GroupResult, LinearCheck
from ....tie_breaking import BitStream
from ...polar import PolarCode
from ...transform_kernels import transform
from .. import operation_kernels as op
from ..parameters import checked_scale, not_polar
from ..preferred import preferred_word
from ..program import node_program
from .lane_list_kernels import (
    MOST_PARITY,
    decode_lists,
    words_of_bytes,
)

#: Lists: up to as many paths as a vector has lanes.
SIZES = (2, 4, 8, 16, 32, 64)
#: Bits of a byte, and of a group of four of them, by which tables of checks are looked up.
_BYTE, _HALF = 8, 4
#: Messages of one bit whose checks are asked for at once, in groups of 64.
_MESSAGES = 64

Lanes = npt.NDArray[np.int8]
Bytes = npt.NDArray[np.uint8]


class LaneLists:
    """The list decoder of a code: from LLRs to information bits. Immutable.

    Parameters
    ----------
    code
        A polar code that ``LaneListDecoder`` takes.
    size
        Paths, a power of two from 2 to 64.
    check
        A linear check on the information bits; of the paths that pass the best is chosen. None for none.
    """

    def __init__(self, code: PolarCode, size: int, check: LinearCheck | None = None) -> None:
        self.code, self.size = code, size
        self._strides = tuple(1 << i for i in range(size.bit_length() - 1))
        program = node_program(code, leaves=("rate-1", "repetition", "parity"), lists=True)
        self._operations, self._beginning = prepared(program.operations, code.n)
        word = preferred_word(code)[0]
        self._signs = -word.astype(np.int8)
        self._flips: Words = np.uint64(0) - word.astype(np.uint64)
        columns = np.zeros((code.n, 0), np.uint8) if check is None else check_columns(code, check)
        self._tables = check_tables(columns, word)

    def find(self, llr: Lanes, frames: int) -> tuple[Words, Words]:
        """Information bits, packed, and a bit for each frame: whether they may be trusted.

        With a check that is whether a path has passed it, else whether no other path is as good.

        Parameters
        ----------
        llr
            int8 (groups, n, 64).
        frames
            How many count.
        """
        groups = groups_of(frames)
        decided = np.empty((groups, len(self._tables), GROUP), np.int8)
        sure = np.zeros((groups, GROUP), np.int8)
        decode_lists(
            llr,
            frames,
            self._signs,
            self._operations,
            self._beginning,
            self._tables,
            self._strides,
            decided,
            sure,
        )
        words = np.empty((groups, self.code.n), np.uint64)
        words_of_bytes(decided, self._flips, words)
        flags = packed(sure.view(np.uint8).reshape(-1, 1))[:, 0]
        return self.code.information_words(words), flags


class LaneListDecoder(Decoder):
    """Keeps the best paths of successive cancellation by min-sum in int8; see ``SCLDecoder``.

    Parameters
    ----------
    code
        A polar code of kernels of size 2 without dynamic frozen bits.
    list
        Paths, a power of two from 2 to 64.
    llr_scale
        Steps of int8 to one unit of the LLR, above 0; 4 if left out.

    Raises
    ------
    ValueError
        If the code is not such a one, or a parameter is outside its range.

    Examples
    --------
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> LaneListDecoder(code, list=4).decode([-4.0, -4.0, 1.0, -4.0, 4.0, 4.0, 4.0, 4.0]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    code: PolarCode

    def __init__(self, code: Code, *, list: int = 8, llr_scale: float | None = None) -> None:
        super().__init__(code)
        if list not in SIZES:
            raise ValueError(f"list must be a power of two from 2 to {SIZES[-1]} in int8, got {list}")
        #: The parameters of these names.
        self.list, self.llr_scale = list, checked_scale(llr_scale)
        self._check: LinearCheck | None = None

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes of kernels of size 2 without dynamic frozen bits."""
        if not isinstance(code, PolarCode):
            return not_polar("scl", code)
        if code.pretransform is not None:
            return "precision: int8 lists take no dynamic frozen bits (PAC codes, parity checks): use float32"
        if not code.binary_kernels:
            return "precision: int8 lists take kernels of size 2 alone: use float32"
        return None

    def with_check(self, check: Check) -> "LaneListDecoder":
        """The same decoder that decides for the best path that passes the check, which has to be linear."""
        if not isinstance(check, LinearCheck):
            return self
        made = LaneListDecoder(self.code, list=self.list, llr_scale=self.llr_scale)
        made._check = check
        return made

    @property
    def reads(self) -> Reads:
        """LLRs in int8."""
        return Reads("soft", "int8", self.llr_scale)

    @cached_property
    def _lists(self) -> LaneLists:
        assert isinstance(self.code, PolarCode)
        return LaneLists(self.code, self.list, self._check)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr: Any = given.llr
        bits, sure = self._lists.find(llr, given.frames)
        return GroupResult(bits, frame_flags(sure, given.frames) & ~all_erased(given))


def check_columns(code: PolarCode, check: LinearCheck) -> Bytes:
    """The sums of a check that a bit of the codeword changes: uint8 (n, bytes), eight sums a byte."""
    parts = [_sums_of_one(code.k, first, check) for first in range(0, code.k, GROUP * _MESSAGES)]
    of_message = np.concatenate(parts)
    width = of_message.shape[1]
    columns = np.zeros((-(-width // _BYTE), code.n), np.uint64)
    padded = np.zeros((code.k, _BYTE * len(columns)), np.uint8)
    padded[:, :width] = of_message
    columns[:, code.information] = padded.view(np.uint64).T
    if not code.systematic:
        # u is the transform of x, so that x_j changes all u_i of row j: the transposed transform, which is
        # the transform from the other end.
        turned = np.ascontiguousarray(columns[:, ::-1])
        transform(turned, np.array(code.kernels, np.int64), True)
        columns = np.ascontiguousarray(turned[:, ::-1])
    by_position: Bytes = np.ascontiguousarray(columns.T).view(np.uint8)[:, :width]
    return by_position


def _sums_of_one(k: int, first: int, check: LinearCheck) -> Bytes:
    """The sums for messages with a single 1, at up to 4096 positions from one on: uint8 (messages, bytes)."""
    count = min(k - first, GROUP * _MESSAGES)
    messages = np.zeros((groups_of(count), k), np.uint64)
    at = np.arange(count)
    messages[at // GROUP, first + at] = np.uint64(1) << (at % GROUP).astype(np.uint64)
    return np.packbits(unpacked(check.syndromes(messages), count), axis=1)


def check_tables(columns: Bytes, word: Bytes) -> Lanes:
    """What ``decode_lists`` looks sums up in, int8 (n / 8, bytes, 2, 16), from uint8 (n, bytes).

    Those that are 0 are the words whose sum with ``word``, uint8 (n), passes.
    """
    n, width = columns.shape
    blocks = -(-n // _BYTE)
    padded = np.zeros((blocks * _BYTE, width), np.uint8)
    padded[:n] = columns
    bits = padded.reshape(blocks, 2, _HALF, width)
    tables = np.zeros((blocks, width, 2, 1 << _HALF), np.uint8)
    for value in range(1 << _HALF):
        chosen = [i for i in range(_HALF) if value >> i & 1]
        tables[..., value] = np.bitwise_xor.reduce(bits[:, :, chosen], axis=2).transpose(0, 2, 1)
    # One table is looked at once a word, whatever that is.
    tables[0, :, 0] ^= np.bitwise_xor.reduce(columns[word == 1], axis=0)[:, None]
    return tables.view(np.int8)


def prepared(operations: Indices, n: int) -> tuple[Indices, int]:
    """The operations of a code as ``decode_lists`` takes them, and how many it does for all paths at once."""
    table = _with_small_parity(operations)
    makes = np.isin(table[:, 0], (op.F, op.G_ZERO))
    beginning = len(table) if makes.all() else int(makes.argmin())
    #: By the rows of a node, whether its LLRs were made before paths began to differ.
    common = {n: True}
    for number, (operation, h, _, _) in enumerate(table.tolist()):
        if operation == op.G:
            table[number, 3] = common[2 * h]
        if operation in (op.F, op.G_ZERO, op.G):
            common[h] = number < beginning
    return table, beginning


def _with_small_parity(operations: Indices) -> Indices:
    """The same operations with parity nodes of more than ``MOST_PARITY`` rows divided into halves."""
    rows: list[list[int]] = []

    def put(row: list[int]) -> None:
        operation, size, first, flag = row
        if operation != op.PARITY or size <= MOST_PARITY:
            rows.append(row)
            return
        h = size // 2
        rows.append([op.F, h, first, 0])
        put([op.PARITY, h, first, flag])
        rows.extend([[op.G, h, first, 0], [op.RATE_1, h, first + h, 0], [op.JOIN, h, first, 0]])

    for row in operations.tolist():
        put(row)
    return np.array(rows, np.int64)
