"""Successive cancellation: bit by bit, each by those before it.

E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
binary-input memoryless channels", 2009; in logarithms C. Leroux, I. Tal, A. Vardy and W. J. Gross, "Hardware
architectures for successive cancellation decoding of polar codes", 2011.
"""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GroupInput, Reads, Soft, Words, all_erased
from ....vectors.llr_grid import on_grid
from ...binary.gf2 import Indices
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...tie_breaking import BitStream
from ..automorphisms import classes, drawn_permutations
from ..polar import PolarCode
from .parameters import BoxPlus, Precision, checked_precision, not_polar
from .preferred import preferred_bits
from .program import node_program
from .successive_cancellation_kernels import decode


class SCDecoder(Decoder):
    """Decides the bits of u one after the other, each by its likelihood given those before it.

    Parameters
    ----------
    code
        A polar code.
    box_plus
        The LLR of a sum of two bits: ``exact``, 2 artanh(tanh(a / 2) tanh(b / 2)), or ``min-sum``, the least
        magnitude with the product of the signs. Left out it is exact in float32 and min-sum in int8.
    precision
        Of LLRs: ``float32``, or ``int8``, fixed point with ``llr_scale`` steps to one unit of the LLR, whose
        sums saturate at -128 and 127.
    llr_scale
        For int8, above 0; 4 if left out.

    Notes
    -----
    Nodes of the code in which nothing, everything or one bit is free are decided as a whole. That changes no
    decision.

    An LLR of exactly 0 is a tie. Ties are decided for a fixed codeword that looks random, so that the
    all-zero word is not favoured. Among LLRs of few magnitudes, as over the binary symmetric channel, min-sum
    has many of them; see ``llr_grid.on_grid``.

    A frame is ``ok`` unless all of it is erased.

    Raises
    ------
    ValueError
        If the code is no polar code or a parameter is outside its range.

    Examples
    --------
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> SCDecoder(code).decode([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    examples: ClassVar[Examples] = ({}, {"box_plus": "min-sum"}, {"precision": "int8"})

    code: PolarCode

    def __init__(
        self,
        code: Code,
        *,
        box_plus: BoxPlus | None = None,
        precision: Precision = "float32",
        llr_scale: float | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, PolarCode)
        #: The parameters of these names; ``llr_scale`` is None for float32.
        self.box_plus, self.llr_scale = checked_precision(box_plus, precision, llr_scale)
        self.precision = precision
        # Ties in nodes with kernels of size 3 have no recursion to go back to.
        self._program = node_program(code) if code.binary_kernels else node_program(code, leaves=())
        #: uint64 (n): all bits set where a tie makes u 1.
        self.ties: npt.NDArray[np.uint64] = np.uint64(0) - preferred_bits(code).astype(np.uint64)
        self._kernels = np.array(code.kernels, np.int64)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes."""
        return not_polar("sc", code)

    @property
    def reads(self) -> Reads:
        """LLRs of the precision."""
        return Reads() if self.llr_scale is None else Reads("soft", "int8", self.llr_scale)

    def automorphisms(self, count: int, seed: int) -> Indices:
        """As ``LinearCode.automorphisms``, one of each class that it decides differently with."""
        sizes = self.code.exchangeable
        assert sizes is not None
        return np.array(drawn_permutations(sizes, min(count, classes(sizes)), seed))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        found = self.decode_codewords(given)
        return replace(found, bits=self.code.information_words(found.bits))

    def decode_codewords(self, given: GroupInput) -> GroupResult:
        """The same with coded bits in the place of information bits."""
        llr = given.soft().astype(self.precision, copy=False)
        if self.box_plus == "min-sum" and self.llr_scale is None:
            llr = on_grid(llr, any_level=True, alone=True)
        return GroupResult(self.codewords(llr), ~all_erased(given))

    def codewords(self, llr: Soft) -> Words:
        """The codewords that are decided: uint64 (groups, n) from LLRs (groups, n, 64) of the precision."""
        program, code = self._program, self.code
        words = np.empty(llr.shape[:2], np.uint64)
        decode(
            llr,
            self.ties,
            program.operations,
            self._kernels,
            program.first_source,
            program.sources,
            code.frozen.view(np.uint8),
            None if code.binary_kernels and len(program.sources) == 0 else True,
            64 if self.llr_scale is not None else 16,
            True if self.box_plus == "exact" else None,
            words,
        )
        return words
