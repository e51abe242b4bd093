"""Channels of symbols of m bits, for codes over GF(2^m): q-ary symmetric and q-ary erasure, with q = 2^m.

Bits i m, ..., i m + m - 1 of a frame are its symbol i, as those of Reed-Solomon codes are. C. Weidmann and G.
Lechner, "A fresh look at coding for q-ary symmetric channels", 2012; Cover and Thomas, "Elements of
Information Theory", 2nd ed., 2006, sections 7.1.5 and 7.2.
"""

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words, packed, unpacked
from ....vectors.whole_numbers import whole_number
from ...elementwise import as_number
from ...information.discrete_capacity import qary_erasure_capacity, qary_symmetric_capacity
from ...parameter import EPSILON, Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Bits, Channel, Examples, LLRs, llr_of_hard_values, of_hard_values
from ..discrete.bec import ERASED
from ..discrete.bsc import llr_magnitude

#: The most bits of a symbol: those of the largest field of Reed-Solomon codes.
MOST_BITS = 16
P_SYMBOL = Parameter(
    "p_symbol",
    "p",
    "$p$",
    "symbol error probability",
    range=(0.0, 1.0),
    better=-1,
    scale="log",
    definition="the probability that a symbol becomes another one",
)


class SymbolChannel(Channel):
    """What both share: all bits of a symbol are hit together, and others are not.

    Parameters
    ----------
    symbol_bits
        m, from 1 to 16. A last symbol with fewer bits is one of m bits, the others of which are not looked
        at.
    """

    memoryless: ClassVar[bool] = False

    def __init__(self, symbol_bits: int) -> None:
        symbol_bits = whole_number(symbol_bits, "symbol_bits")
        if not 1 <= symbol_bits <= MOST_BITS:
            raise ValueError(f"symbol_bits must lie in 1 to {MOST_BITS}, got {symbol_bits}")
        self._bits = symbol_bits

    @property
    def symbol_bits(self) -> int:
        """Bits of a symbol."""
        return self._bits

    @abstractmethod
    def _received(self, words: Words, stream: Stream) -> tuple[Words, Words | None]:
        """The bits that arrive, 0 where erased, and those that are erased; packed."""

    @property
    @abstractmethod
    def _size(self) -> float:
        """Of LLRs that are not 0."""

    def _hit(self, n: int, probability: float, stream: Stream) -> Words:
        """The bits of symbols that are hit, packed, uint64 (groups, n)."""
        symbols = stream.bernoulli_words(-(-n // self._bits), probability)
        return np.ascontiguousarray(np.repeat(symbols, self._bits, axis=1)[:, :n])

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word, bits of which are flipped or ``ERASED``: uint8, shape (frames, n)."""
        lanes = self.check_word(word, stream)
        arrived, erased = self._received(packed(lanes.T), stream)
        bits = unpacked(arrived, stream.frames)
        if erased is not None:
            bits = np.where(unpacked(erased, stream.frames), np.uint8(ERASED), bits)
        return one_or_all(word, bits)

    def llr(self, received: Any) -> LLRs:
        """LLRs of each bit by itself, float32; 0 for an erasure."""
        return llr_of_hard_values(received, (self._size, -self._size))

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with symbols that are hit."""
        self.check_words(words, stream)
        arrived, erased = self._received(words, stream)
        return of_hard_values(arrived, erased, stream.frames, reads, (self._size, -self._size))


class QarySymmetric(SymbolChannel):
    """q-ary symmetric channel: a symbol of m bits becomes another one with p_symbol, all as likely.

    Parameters
    ----------
    p_symbol
        Probability that a symbol becomes another one, from 0 to 1 - 2^-m, where nothing arrives. A single bit
        is then flipped with p_symbol 2^(m - 1) / (2^m - 1), which its LLR tells; that the bits of a symbol
        are hit together no LLR of bits can tell.
    symbol_bits
        m, from 1 to 16. A last symbol with fewer bits is one of m bits, the others of which are not looked
        at.

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> round(QarySymmetric(p_symbol=0.1, symbol_bits=8).capacity(), 4)
    0.8414
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (P_SYMBOL,)
    formula: ClassVar[str] = r"$C = 1 - (H(p) + p \log_2(2^m - 1)) / m$"
    examples: ClassVar[Examples] = (
        {"p_symbol": 0.2, "symbol_bits": 3},
        {"p_symbol": 0.75, "symbol_bits": 2},
    )

    def __init__(self, *, p_symbol: float, symbol_bits: int) -> None:
        super().__init__(symbol_bits)
        p_symbol, q = as_number(p_symbol, "p_symbol"), 1 << self.symbol_bits
        if not 0 <= p_symbol <= 1 - 1 / q:
            raise ValueError(
                f"p_symbol, the symbol error probability, must lie in [0, {1 - 1 / q:.6g}], which is "
                f"1 - 2^-symbol_bits, got {p_symbol:g}"
            )
        self._p = p_symbol
        #: Probability that a bit is flipped.
        self._flipped = min(p_symbol * (q / 2) / (q - 1), 0.5)

    @property
    def p_symbol(self) -> float:
        """Probability that a symbol becomes another one."""
        return self._p

    @property
    def _size(self) -> float:
        return llr_magnitude(self._flipped)

    def _received(self, words: Words, stream: Stream) -> tuple[Words, Words | None]:
        """First which symbols are hit, and then, by a uniform number each, what is added to them."""
        n, m = words.shape[1], self.symbol_bits
        hit = self._hit(n, self._p, stream)
        others = (1 << m) - 1
        added = 1 + np.floor(stream.uniform(-(-n // m)) * others).astype(np.uint32)
        bits = (added[:, :, None] >> np.arange(m - 1, -1, -1, dtype=np.uint32)) & np.uint32(1)
        pattern = packed(bits.reshape(stream.frames, -1)[:, :n].astype(np.uint8))
        arrived = words ^ (pattern & hit)
        if self._size > 0:
            return arrived, None
        erased = ~(arrived & np.uint64(0))  # nothing is known of any bit
        return arrived & ~erased, erased

    def capacity(self) -> float:
        """Bits a use, which is a bit of a symbol: (m - H(p) - p log2(2^m - 1)) / m."""
        return qary_symmetric_capacity(1 << self.symbol_bits, self._p) / self.symbol_bits

    def modulated_ber(self) -> float:
        """p_symbol 2^(m - 1) / (2^m - 1), since 2^(m - 1) of the 2^m - 1 patterns flip a bit."""
        return self._flipped

    def __repr__(self) -> str:
        return f"QarySymmetric(p_symbol={self._p!r}, symbol_bits={self.symbol_bits!r})"


class QaryErasure(SymbolChannel):
    """q-ary erasure channel: each symbol of m bits is lost with probability epsilon.

    Parameters
    ----------
    epsilon
        Probability that a symbol is lost, in [0, 1].
    symbol_bits
        m, from 1 to 16. A last symbol with fewer bits is one of m bits, the others of which are not looked
        at.

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> QaryErasure(epsilon=0.25, symbol_bits=8).capacity()
    0.75
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EPSILON,)
    formula: ClassVar[str] = r"$C = 1 - \varepsilon$"
    examples: ClassVar[Examples] = ({"epsilon": 0.2, "symbol_bits": 4},)

    def __init__(self, *, epsilon: float, symbol_bits: int) -> None:
        super().__init__(symbol_bits)
        epsilon = as_number(epsilon, "epsilon")
        if not 0 <= epsilon <= 1:
            raise ValueError(f"epsilon, the erasure probability, must lie in [0, 1], got {epsilon}")
        self._epsilon = epsilon

    @property
    def epsilon(self) -> float:
        """Probability that a symbol is lost."""
        return self._epsilon

    @property
    def _size(self) -> float:
        return LLR_MAX

    def _received(self, words: Words, stream: Stream) -> tuple[Words, Words | None]:
        erased = self._hit(words.shape[1], self._epsilon, stream)
        return words & ~erased, erased

    def capacity(self) -> float:
        """Bits a use, which is a bit of a symbol: 1 - epsilon."""
        return qary_erasure_capacity(1 << self.symbol_bits, self._epsilon) / self.symbol_bits

    def modulated_ber(self) -> float:
        """epsilon / 2: an erased bit is a fair coin."""
        return self._epsilon / 2

    def __repr__(self) -> str:
        return f"QaryErasure(epsilon={self._epsilon!r}, symbol_bits={self.symbol_bits!r})"
