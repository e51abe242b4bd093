"""Generalised minimum distance decoding (G. D. Forney, "Generalized minimum distance decoding", 1966)."""

from typing import ClassVar

import numpy as np

from .....vectors.groups import SOFT, GroupInput, all_erased
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....linear import LinearCode
from ....tie_breaking import BitStream, hard_words
from ..symbol_tables import SymbolTables, roots_refusal
from .gmd_kernels import decode_gmd


class GMDDecoder(Decoder):
    """Corrects errors and erasures several times, each time with more of the least reliable symbols erased.

    A symbol is as reliable as its least reliable bit. With d the minimum distance, none is erased, then 1, 3,
    ... or 2, 4, ... up to d - 1 of them. Of the codewords found the likeliest is taken; trials end where none
    can be likelier. A word for which none is found is left as the hard decisions have it, and ``ok`` is then
    False, as where two are as likely. Erased bits, of LLR 0, are in the least reliable symbols: up to d - 1
    erased symbols of a word are corrected, if nothing is wrong beside. ``iterations`` counts trials.

    Parameters
    ----------
    code
        A Reed-Solomon or BCH code; an extended BCH code of first root 1. The symbols of BCH codes are bits.

    Raises
    ------
    ValueError
        If it is another code.
    """

    reads = SOFT
    counts_failures = True
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        self._tables = SymbolTables.of(code)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes codes with roots in a finite field."""
        return roots_refusal(code, "gmd")

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        words, _ = hard_words(given.soft(), given.frames, stream)
        ok, trials = np.empty(given.frames, np.bool_), np.empty(given.frames, np.int32)
        tables = self._tables
        decode_gmd(given.llr, words, given.frames, tables.numbers, tables.tables, ok, trials)
        return GroupResult(self._linear.information_words(words), ok & ~all_erased(given), trials)
