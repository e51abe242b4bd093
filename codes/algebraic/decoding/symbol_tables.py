"""What decoders of one word at a time know of a code with roots."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...code import Code
from ...tie_breaking import fixed_tie_bits
from ..reed_solomon import ReedSolomonCode
from .scalar_kernels import NUMBERS


@dataclass(frozen=True, eq=False)
class SymbolTables:
    """A code of words of symbols with roots in a finite field, for kernels.

    Attributes
    ----------
    numbers
        int64: see ``scalar_kernels.NUMBERS``.
    tables
        int32, one behind the other: the field's exp (2 order) and log (order + 1); the logarithm of
        beta^(n - 1 - j) for each symbol j; the element that m bits stand for, read as a binary number in the
        order in which they are sent (2^m), and the inverse (2^m); the coded bit that is each bit of each
        symbol of each word (depth, symbols, m); and the bits of each symbol of each word that decide between
        codewords which are as likely, fixed ones that look fair (depth, symbols).
    """

    numbers: npt.NDArray[np.int64]
    tables: npt.NDArray[np.int32]

    @classmethod
    def of(cls, code: Code) -> "SymbolTables":
        """Those of a code that ``roots_refusal`` takes."""
        assert isinstance(code, ReedSolomonCode)
        field, m = code.field, code.symbol_bits
        places = 1 << np.arange(m - 1, -1, -1)
        bits = (np.arange(1 << m)[:, None] & places) > 0
        elements = np.bitwise_xor.reduce(bits * code.basis, axis=1)
        positions = np.arange(code.n).reshape(code.length, code.depth, m).transpose(1, 0, 2)
        numbers = {
            "order": field.order,
            "n": code.length - code.extended,
            "step": code.spacing,
            "first": code.first_root,
            "roots": code.root_count,
            "extended": code.extended,
            "binary": 0,
            "symbols": code.length,
            "depth": code.depth,
            "m": m,
            "distance": code.symbol_distance,
        }
        tables = (
            field.exp,
            field.log,
            field.log[code.locators],
            elements,
            np.argsort(elements),
            positions,
            fixed_tie_bits(code.n)[positions] @ places,
        )
        return cls(
            np.array([numbers[name] for name in NUMBERS], np.int64),
            np.concatenate([np.ravel(each) for each in tables]).astype(np.int32),
        )


def roots_refusal(code: Code, name: str) -> str | None:
    """Why a decoder of this name, which solves for errors by roots, does not take a code; None if it does."""
    if isinstance(code, ReedSolomonCode):
        return None
    return f"{name} decodes Reed-Solomon codes, not {code!r}: use ml or bp"
