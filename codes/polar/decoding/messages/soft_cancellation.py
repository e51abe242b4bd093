"""Soft cancellation: successive cancellation with soft decisions, over and over.

U. U. Fayyaz and J. R. Barry, "Low-complexity soft-output decoding of polar codes", 2014.
"""

from typing import ClassVar

import numpy as np

from ....code import Code
from ....examples import Examples
from ....soft_decoder import Values
from ..parameters import BoxPlus
from ..program import node_program
from .message_passing import Counts, MessagePassingDecoder
from .soft_cancellation_kernels import cancel


class ScanDecoder(MessagePassingDecoder):
    """Goes through the bits as successive cancellation does, with an LLR in the place of each decision.

    What is found of right halves is kept for the next iteration, where it helps left halves.

    Parameters
    ----------
    code
        A polar code with kernels of size 2 and frozen bits of 0.
    iterations
        Iterations, from 1 to 100,000. All are taken.
    box_plus
        The LLR of a sum of two bits: ``exact``, 2 artanh(tanh(a / 2) tanh(b / 2)), or ``min-sum``, the least
        magnitude with the product of the signs.

    Notes
    -----
    Information bits are decided by the signs of their LLRs, an LLR of 0 by a coin. A frame is ``ok`` where
    the signs of the coded bits' LLRs are the codeword of these bits, and none is 0.

    LLRs are exactly a-posteriori ones where the last 2^j positions of u are free: uncoded words, repeated. So
    are those of coded bits of single parity checks. Of other codes they are approximations. LLRs received are
    clipped to a magnitude of 16384.
    With ``min-sum`` those of few magnitudes are put on a grid (``llr_grid.on_grid``).

    Raises
    ------
    ValueError
        If the code is no such code or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import PolarCode
    >>> decoder = ScanDecoder(PolarCode(information=[3, 5, 6, 7], n=8))
    >>> decoder.decode([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5]).bits
    array([1, 0, 0, 0], dtype=uint8)
    >>> decoder.soft([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5]).coded.shape
    (8,)
    """

    name = "scan"
    examples: ClassVar[Examples] = ({}, {"iterations": 1, "box_plus": "min-sum"})

    def __init__(self, code: Code, *, iterations: int = 4, box_plus: BoxPlus = "exact") -> None:
        super().__init__(code, iterations=iterations, box_plus=box_plus)
        self._operations = node_program(self.code, leaves=()).operations

    def _pass_messages(
        self, llr: Values, prior: Values, frames: int, information: Values, coded: Values
    ) -> Counts:
        positions = self.code.information
        exact = True if self.box_plus == "exact" else None
        cancel(llr, prior, positions, self._operations, self.iterations, exact, information, coded)
        return np.full(frames, self.iterations, np.int32)
