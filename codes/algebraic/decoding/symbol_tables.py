"""What decoders of one word at a time know of a code with roots."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...code import Code
from ...fields.galois_field import Elements, GaloisField
from ...tie_breaking import fixed_tie_bits
from ..bch import BCHCode
from ..symbols.reed_solomon import ReedSolomonCode
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
        if isinstance(code, BCHCode):
            return cls.of_bits(code, extended=code.extended)
        assert isinstance(code, ReedSolomonCode)
        return cls._made(
            code.field,
            code.locators,
            code.basis,
            np.arange(code.n).reshape(code.length, code.depth, code.symbol_bits).transpose(1, 0, 2),
            {
                "step": code.spacing,
                "first": code.first_root,
                "roots": code.root_count,
                "extended": code.extended,
                "binary": 0,
                "distance": code.symbol_distance,
            },
        )

    @classmethod
    def of_bits(cls, code: BCHCode, *, extended: bool = False) -> "SymbolTables":
        """Those of a BCH code, whose symbols are bits: without its overall parity, unless ``extended``.

        The parity is the value at beta^0, and counts as one if the first root is beta.
        """
        n = code.n - code.extended
        return cls._made(
            code.field,
            code.field.power(code.root_step * np.arange(n)[::-1]),
            np.ones(1, np.int32),
            np.arange(n + extended).reshape(1, n + extended, 1),
            {
                "step": code.root_step,
                "first": code.first_root,
                "roots": code.designed_roots,
                "extended": int(extended),
                "binary": 1,
                "distance": code.designed_distance + extended,
            },
        )

    @classmethod
    def _made(
        cls,
        field: GaloisField,
        locators: Elements,
        basis: Elements,
        positions: npt.NDArray[np.integer],
        known: Mapping[str, int],
    ) -> "SymbolTables":
        """Those of words whose symbols have ``locators``, and bits in a basis; see ``NUMBERS``."""
        depth, symbols, m = positions.shape
        places = 1 << np.arange(m - 1, -1, -1)
        elements = np.bitwise_xor.reduce(((np.arange(1 << m)[:, None] & places) > 0) * basis, axis=1)
        numbers = {
            **known,
            "order": field.order,
            "n": len(locators),
            "symbols": symbols,
            "depth": depth,
            "m": m,
        }
        tables = (
            field.exp,
            field.log,
            field.log[locators],
            elements,
            np.argsort(elements),
            positions,
            fixed_tie_bits(positions.size)[positions] @ places,
        )
        return cls(
            np.array([numbers[name] for name in NUMBERS], np.int64),
            np.concatenate([np.ravel(each) for each in tables]).astype(np.int32),
        )


def roots_refusal(code: Code, name: str) -> str | None:
    """Why a decoder of this name, which solves for errors by roots, does not take a code; None if it does."""
    if isinstance(code, BCHCode) and code.extended and code.first_root != 1:
        return f"{name} takes the overall parity of BCH codes of first root 1, not of {code!r}"
    if isinstance(code, BCHCode) and not code.complete:
        return f"{name} takes BCH codes without roots beside the designed ones, not {code!r} for t = {code.t}"
    if isinstance(code, ReedSolomonCode | BCHCode):
        return None
    return f"{name} decodes Reed-Solomon and BCH codes, not {code!r}: use ml or bp"
