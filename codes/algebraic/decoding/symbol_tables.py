"""What decoders of one word at a time know of a code with roots."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...code import Code
from ...fields.galois_field import Elements
from ...tie_breaking import fixed_tie_bits
from ..reed_solomon import ReedSolomonCode
from .scalar_kernels import WordTables


@dataclass(frozen=True, eq=False)
class SymbolTables:
    """A code of words of symbols with roots in a finite field.

    Attributes
    ----------
    words
        The roots, see ``WordTables``.
    positions
        The coded bit that is each bit of each symbol of each word: int32 (depth, symbols, m).
    elements
        The element that bits stand for, read as a binary number in the order in which they are sent, int32
        (2^m).
    patterns
        The inverse.
    distance
        The minimum distance in symbols that the roots give.
    preferred
        Bits of each symbol of each word that decide between codewords which are as likely, int32 (depth,
        symbols): fixed ones that look fair.
    """

    words: WordTables
    positions: npt.NDArray[np.int32]
    elements: Elements
    patterns: Elements
    distance: int
    preferred: npt.NDArray[np.int32]

    @classmethod
    def of(cls, code: Code) -> "SymbolTables":
        """Those of a code that ``roots_refusal`` takes."""
        assert isinstance(code, ReedSolomonCode)
        field, m = code.field, code.symbol_bits
        words = WordTables(
            field.exp,
            field.log,
            field.order,
            field.log[code.locators],
            code.spacing,
            code.first_root,
            code.root_count,
            int(code.extended),
            0,
        )
        bits = np.arange(1 << m)[:, None] >> np.arange(m - 1, -1, -1) & 1
        elements = np.bitwise_xor.reduce(bits * code.basis, axis=1).astype(np.int32)
        positions = np.arange(code.n, dtype=np.int32).reshape(code.length, code.depth, m)
        positions = np.ascontiguousarray(positions.transpose(1, 0, 2))
        places = 1 << np.arange(m - 1, -1, -1)
        return cls(
            words,
            positions,
            elements,
            np.argsort(elements).astype(np.int32),
            code.symbol_distance,
            (fixed_tie_bits(code.n)[positions].astype(np.int32) @ places).astype(np.int32),
        )

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What kernels take of it."""
        return (self.words, self.positions, self.elements, self.patterns, self.distance)


def roots_refusal(code: Code, name: str) -> str | None:
    """Why a decoder of this name, which solves for errors by roots, does not take a code; None if it does."""
    if isinstance(code, ReedSolomonCode):
        return None
    return f"{name} decodes Reed-Solomon codes, not {code!r}: use ml or bp"
