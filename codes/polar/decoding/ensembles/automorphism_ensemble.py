"""Successive cancellation of permuted words, of which the likeliest result is taken.

M. Geiselhart, A. Elkelesh, M. Ebada, S. Cammerer and S. ten Brink, "Automorphism ensemble decoding of
Reed-Muller codes", 2021, and "On the automorphism group of polar codes", 2021.
"""

from typing import ClassVar

import numpy as np

from .....vectors.groups import GROUP, GroupInput, Reads, all_erased
from .....vectors.llr_grid import on_grid
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....tie_breaking import BitStream
from ....universal.choice_kernels import keep_likelier
from ...automorphisms import block_sizes, classes, drawn_permutations
from ...polar import PolarCode
from ...weights.minimum_weight import is_decreasing
from ..parameters import BoxPlus, Precision, not_polar
from ..successive_cancellation import SCDecoder

#: Largest ensemble.
MOST_MEMBERS = 1024


class AutomorphismDecoder(Decoder):
    """Decodes each frame several times, in other orders of its bits, and takes the likeliest codeword.

    The orders are automorphisms of the code: permutations under which its words stay its words. They are
    drawn at random among those that successive cancellation tells apart, each class once; the first is the
    order of the code itself.

    Parameters
    ----------
    code
        A polar code that is a decreasing monomial code, with enough automorphisms: Reed-Muller codes have
        most.
    ensemble
        How often each frame is decoded, 1 to 1024.
    box_plus, precision, llr_scale
        Of the decoder ``sc``.
    seed
        The permutations are drawn with it; from 0 on.

    Notes
    -----
    Which permutations there are is found from the information positions: linear maps of the positions' bits
    that exchange variables within blocks. Lower triangular maps, and an exchange of the first two variables,
    are automorphisms too, but successive cancellation decides the same with them.

    A frame is ``ok`` unless all of it is erased.

    Raises
    ------
    ValueError
        If the code is no such code, has fewer classes of automorphisms than ``ensemble``, or a parameter is
        outside its range.

    Examples
    --------
    >>> decoder = AutomorphismDecoder(PolarCode(information=[3, 5, 6, 7], n=8), ensemble=4)
    >>> decoder.decode([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = (
        {"code": {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller"}},
        {
            "code": {"type": "polar", "n": 16, "k": 5, "construction": "reed-muller", "systematic": True},
            "ensemble": 3,
            "precision": "int8",
        },
    )

    code: PolarCode

    def __init__(
        self,
        code: Code,
        *,
        ensemble: int = 8,
        box_plus: BoxPlus | None = None,
        precision: Precision = "float32",
        llr_scale: float | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, PolarCode)
        #: The parameters of these names.
        self.ensemble, self.seed = whole_number(ensemble, "ensemble"), whole_number(seed, "seed")
        if not 1 <= self.ensemble <= MOST_MEMBERS:
            raise ValueError(f"ensemble must lie in 1 to {MOST_MEMBERS}, got {ensemble}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {seed}")
        sizes = block_sizes(code.information, code.n)
        if self.ensemble > classes(sizes):
            raise ValueError(
                f"ensemble must be at most {classes(sizes)} for this code: sc tells no more of its "
                f"automorphisms apart, got {ensemble}"
            )
        self._successive = SCDecoder(code, box_plus=box_plus, precision=precision, llr_scale=llr_scale)
        self._permutations = drawn_permutations(sizes, self.ensemble, self.seed)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes decreasing monomial codes with automorphisms that are of use."""
        if not isinstance(code, PolarCode):
            return not_polar("automorphism", code)
        reason = None
        if not code.binary_kernels:
            reason = "it has kernels of size 3"
        elif code.pretransform is not None:
            reason = "its frozen bits are sums of earlier bits"
        elif not is_decreasing(code.information, code.n):
            reason = "it has an information position without all better ones, so it is not decreasing"
        elif classes(block_sizes(code.information, code.n)) == 1:
            reason = "sc decides the same with all of its affine automorphisms"
        if reason is None:
            return None
        given = f"automorphism finds no automorphisms of use for {code!r}: {reason}"
        return f"{given}. Use sc or scl, or a code with construction: reed-muller"

    @property
    def reads(self) -> Reads:
        """LLRs of the precision."""
        return self._successive.reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = given.soft()
        values = on_grid(llr.astype(np.float32, copy=False), any_level=True, alone=True)
        if llr.dtype == np.float32 and self._successive.box_plus == "min-sum":
            llr = values
        words = np.zeros(llr.shape[:2], np.uint64)
        costs = np.full((len(llr), GROUP), np.inf, np.float32)
        every, tied = np.full(len(llr), 2**64 - 1, np.uint64), np.zeros(len(llr), np.uint64)
        for permutation in self._permutations:
            found, permuted = np.empty_like(words), np.empty_like(llr)
            np.take(llr, permutation, axis=1, out=permuted)
            found[:, permutation] = self._successive.codewords(permuted)
            keep_likelier(values, found, every, costs, words, tied)
        return GroupResult(self.code.information_words(words), ~all_erased(given))
