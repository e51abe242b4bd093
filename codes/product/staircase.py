"""Staircase codes.

B. P. Smith, A. Farhood, A. Hunt, F. R. Kschischang and J. Lodge, "Staircase codes: FEC for 100 Gb/s OTN",
2012.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ...vectors.groups import Words
from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..code import Code, check_array, check_length
from ..encoded import EncodedLinearCode
from ..examples import Examples
from ..linear import LinearCode
from .component import refusal_of_component
from .product import over_rows

#: Largest k with maximum likelihood decoding by default.
SMALL = 12


class StaircaseCode(EncodedLinearCode):
    """Square blocks, of which each two that follow each other are rows of words of a component code.

    With m half the length of the component, blocks are matrices of m by m bits. Every row of [B(i-1)^T, B(i)]
    is a word of the component. Block 0 is zero and not sent. Blocks 1 to ``blocks`` hold information in their
    first columns and parity in the others. The code is terminated by one more block, whose information bits
    are zero and not sent: only its parity is. So every bit but these is in two words.

    Parameters
    ----------
    component
        A linear code of even length that sends its information bits first, more of them than half of its
        bits.
    blocks
        Blocks with information bits, at least 1.

    Attributes
    ----------
    component, blocks
        As given.
    side
        m: n = blocks m^2 + m r and k = blocks m (m - r), with r the parity bits of the component.

    Raises
    ------
    ValueError
        If the component is not such a code, or blocks is below 1 or n would be above 10 million.

    Notes
    -----
    Blocks are sent one after the other, each row by row; of the last one each row has r bits.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> StaircaseCode(component=HammingCode(r=3, extended=True), blocks=2)
    Traceback (most recent call last):
    ...
    ValueError: component must have more information bits than half of its length, got HammingCode(n=8, k=4)
    >>> StaircaseCode(component=HammingCode(r=4, extended=True), blocks=2)
    StaircaseCode(HammingCode(n=16, k=11), blocks=2, n=168, k=48)
    """

    examples: ClassVar[Examples] = (
        {"component": {"type": "spc", "n": 4}, "blocks": 2},
        {"component": {"type": "hamming", "r": 4, "shorten": 1}, "blocks": 3},
    )

    def __init__(self, *, component: Code, blocks: int) -> None:
        if not isinstance(component, LinearCode):
            raise ValueError(f"component must be a linear code, got {component!r}")
        if component.n % 2:
            raise ValueError(f"component must have an even length, got {component!r}: extend or shorten it")
        if 2 * component.k <= component.n:
            raise ValueError(
                f"component must have more information bits than half of its length, got {component!r}"
            )
        first = np.arange(component.k)
        if not (component.systematic and np.array_equal(component.information_set, first)):
            raise ValueError(f"component must send its information bits first, which {component!r} does not")
        blocks = whole_number(blocks, "blocks")
        if blocks < 1:
            raise ValueError(f"blocks must be at least 1, got {blocks}")
        self.component, self.blocks, self.side = component, blocks, component.n // 2
        self._parity = component.n - component.k
        n = self.side * (blocks * self.side + self._parity)
        check_length(n, "blocks: n")
        super().__init__(n=n, k=blocks * self.side * (self.side - self._parity))
        self.default_decoder = (
            "ml" if self.k <= SMALL else "sliding-window" if refusal_of_component(component) is None else "bp"
        )

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        groups, m = len(words), self.side
        made = np.empty((groups, self.n), np.uint64)
        information = words.reshape(groups, self.blocks, m, m - self._parity)
        nothing = np.zeros((groups, m, m - self._parity), np.uint64)
        before = np.zeros((groups, m, m), np.uint64)
        for i in range(self.blocks + 1):
            new = information[:, i] if i < self.blocks else nothing
            message = np.concatenate([before.swapaxes(1, 2), new], axis=2)
            before = over_rows(self.component.encode_words, message)[:, :, m:]
            sent = before if i < self.blocks else before[:, :, m - self._parity :]
            size = m * sent.shape[2]
            made[:, i * m * m : i * m * m + size] = sent.reshape(groups, size)
        return made

    def split(self, words: Words) -> Words:
        """Blocks 0 to ``blocks`` + 1 of packed words: uint64 (blocks + 2, groups, m, m)."""
        groups, m = len(words), self.side
        made = np.zeros((self.blocks + 2, groups, m, m), np.uint64)
        for i, (start, stop) in enumerate(self._places(), 1):
            made[i, :, :, m - (stop - start) // m :] = words[:, start:stop].reshape(
                groups, m, (stop - start) // m
            )
        return made

    def joined(self, blocks: Words) -> Words:
        """Packed words, uint64 (groups, n), of their blocks: the inverse of ``split``."""
        groups, m = blocks.shape[1], self.side
        made = np.empty((groups, self.n), np.uint64)
        for i, (start, stop) in enumerate(self._places(), 1):
            made[:, start:stop] = blocks[i, :, :, m - (stop - start) // m :].reshape(groups, stop - start)
        return made

    def _places(self) -> Iterator[tuple[int, int]]:
        """The coded bits of each block that is sent: the first, and that after the last."""
        size = self.side * self.side
        for i in range(self.blocks):
            yield i * size, (i + 1) * size
        yield self.blocks * size, self.n

    def at(self, point: Any) -> Code:
        """The code of the component at an operating point."""
        component = self.component.at(point)
        if component is self.component:
            return self
        return type(self)(component=component, blocks=self.blocks)

    @property
    def systematic(self) -> bool:
        """It sends its information bits."""
        return True

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): the positions of the information bits."""
        rows = np.arange(self.blocks * self.side)[:, None] * self.side
        return np.ascontiguousarray((rows + np.arange(self.side - self._parity)).ravel())

    def info(self) -> Mapping[str, Any]:
        """The component, and the sides of blocks."""
        return {"component": repr(self.component), "side of a block": self.side}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.component!r}, blocks={self.blocks}, n={self.n}, k={self.k})"
