"""Peeling: erased bits follow from checks with no other erased bit.

M. Luby, M. Mitzenmacher, M. A. Shokrollahi and D. Spielman, "Efficient erasure correcting codes", 2001,
section II; T. Richardson and R. Urbanke, "Modern Coding Theory", 2008, section 3.19.
"""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.groups import Words
from ....code import Code
from ....decoder import MAX_ITERATIONS
from ....examples import Examples
from .hard_iterative import HardIterativeDecoder
from .peeling_kernels import peel_words


class PeelingDecoder(HardIterativeDecoder):
    """Fills in erased bits, each from a check of which it is the only one: belief propagation on the BEC.

    It stops where every check that is left has two erased bits or more: at a stopping set. ``erasure-ml``
    goes on from there, and resolves whatever this one does.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    iterations
        The most iterations, each of which looks at all checks in the order of the rows; from 1 to 100,000. If
        left out, it goes on as long as any bit follows.

    Notes
    -----
    Bits that were received count as certain: nothing is corrected. On channels that also err, such as the
    BSC with erasures, a frame that violates a check in the end is not ``ok``. Bits that do not follow are
    coins, so that half of them are wrong, and the frame is not ``ok``.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> decoder = PeelingDecoder(HammingCode(r=3))
    >>> decoder.decode([0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).ok
    np.True_
    """

    name = "peeling"
    takes_erasures = True
    counts_failures = True
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code, *, iterations: int | None = None) -> None:
        super().__init__(code, MAX_ITERATIONS if iterations is None else iterations)

    def _run(
        self,
        words: Words,
        erased: Words,
        seeds: Words,
        frames: int,
        iterations: int,
        bits: Words,
        ok: Words,
        spent: npt.NDArray[np.int32],
    ) -> None:
        peel_words(words, erased, frames, self._tables, iterations, bits, ok, spent)
