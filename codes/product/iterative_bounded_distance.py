"""Iterative hard decoding of product codes.

N. Abramson, "Cascade decoding of cyclic product codes", 1968; C. Häger and H. D. Pfister, "Approaching
miscorrection-free performance of product codes with anchor decoding", 2018.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ...vectors.groups import HARD, GroupInput, Words, frame_flags
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..examples import Examples
from ..tie_breaking import BitStream, break_ties
from ..turbo.decoding.iterations import number_of_iterations
from ..universal.trials.hard_words import not_codewords
from .bounded import BoundedDistance
from .product import ProductCode, over_columns, over_rows


class IterativeBoundedDistanceDecoder(Decoder):
    """Corrects the columns of a product code, then its rows, and again, by hard decisions.

    What a component's decoder does not declare right stays as it is.

    Parameters
    ----------
    code
        A product code.
    iterations
        The most iterations, from 1 to 1000; each is the columns, then the rows. A frame ends with the one
        after which it is a word of the code, or that changes nothing.
    rows, columns
        Decoders of the two codes. By default up to floor((d - 1) / 2) errors are corrected, by a table of
        syndromes, which takes n - k up to 16.

    Notes
    -----
    A frame is ``ok`` if it ends as a word of the code. Of erasures it knows nothing: they are
    decided by coins.

    Raises
    ------
    ValueError
        If the code is no product, a decoder is one of another code or has to be named, or iterations is
        outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> code = ProductCode(rows=HammingCode(r=3), columns=HammingCode(r=3))
    >>> decoder = IterativeBoundedDistanceDecoder(code)
    >>> decoder.decode([-1.0] * 3 + [1.0] * 46).bits.any()
    np.False_
    """

    reads = HARD
    counts_failures = True
    examples: ClassVar[Examples] = (
        {
            "code": {
                "type": "product",
                "rows": {"type": "hamming", "r": 3, "extended": True},
                "columns": {"type": "hamming", "r": 3},
            },
            "iterations": 3,
            "rows": {"type": "syndrome"},
        },
    )

    code: ProductCode

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 10,
        rows: Decoder | None = None,
        columns: Decoder | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, ProductCode)
        #: The parameter of this name.
        self.iterations = number_of_iterations(iterations)
        self._rows = BoundedDistance("rows", code.rows, rows)
        self._columns = BoundedDistance("columns", code.columns, columns)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes product codes."""
        if isinstance(code, ProductCode):
            return None
        return f"iterative-bounded-distance decodes product codes, not {code!r}"

    @classmethod
    def parts(cls, code: Code) -> Mapping[str, Code]:
        """The two codes."""
        return {"rows": code.rows, "columns": code.columns} if isinstance(code, ProductCode) else {}

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        words, spent = given.hard.copy(), np.zeros(given.frames, np.int32)
        break_ties(words, given.erased, np.arange(self.code.n), given.frames, stream)
        live = np.full(len(words), 2**64 - 1, np.uint64)
        wrong = live.copy()
        for _ in range(self.iterations):
            going = np.flatnonzero(live)
            if not len(going):
                break
            spent += frame_flags(live, given.frames)
            found = self._iteration(words[going])
            changed = np.bitwise_or.reduce(found ^ words[going], axis=1)
            words[going] = found
            wrong[going] = not_codewords(self.code, self.code.information_words(found), found)
            live[going] &= changed & wrong[going]
        return GroupResult(self.code.information_words(words), frame_flags(~wrong, given.frames), spent)

    def _iteration(self, words: Words) -> Words:
        found = over_columns(self._columns.correct, self.code.matrices(words))
        return over_rows(self._rows.correct, found).reshape(len(words), self.code.n)
