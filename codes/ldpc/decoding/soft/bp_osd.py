"""Ordered statistics decoding of what belief propagation leaves.

M. P. C. Fossorier, "Iterative reliability-based decoding of low-density parity check codes", 2001; with means
of the values over iterations, M. Jiang, C. Zhao, E. Xu and L. Zhang, "Reliability-based iterative decoding of
LDPC codes using likelihood accumulation", 2007.
"""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GroupInput, Words, frame_flags, grouped
from ....code import Code
from ....examples import Examples
from ....universal.information_sets.ordered_statistics import OrderedStatisticsDecoder
from .after_bp import AfterBeliefPropagation, Groups, Likeliest, all_of, lanes_of


class BPOSDDecoder(AfterBeliefPropagation):
    """Belief propagation, and ordered statistics decoding where it does not end at a codeword.

    The most reliable basis is found three times: by the LLRs received, by the values after the last
    iteration, and by their mean over all iterations. The likeliest of the three codewords is decided for.
    The values are those of scaled min-sum, in as many iterations.

    Parameters
    ----------
    code
        A linear code, with a generator matrix of up to 2^22 entries.
    order
        How many bits of the basis may be wrong, from 0 to k, such that there are at most 2^27 candidates.
    algorithm, schedule, scale, iterations
        Of belief propagation, as ``bp`` has them; the scale belongs to min-sum.

    Notes
    -----
    The counter ``again`` is 1 for frames that belief propagation left, ``candidates`` is how many codewords
    were made for them. Such a frame is ``ok`` unless another candidate is as likely. An erased bit of a basis
    is decided by a fixed coin of its position.

    Raises
    ------
    ValueError
        If the code is not linear or is too large, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import LDPCCode
    >>> decoder = BPOSDDecoder(LDPCCode.regular(24, 12, 3), order=1)
    >>> bool(decoder.decode([-0.5] * 3 + [1.0] * 21).ok)
    True
    """

    name = "bp-osd"
    counters = ("again", "candidates")
    examples: ClassVar[Examples] = ({"order": 1, "iterations": 10},)

    def __init__(
        self,
        code: Code,
        *,
        order: int = 1,
        algorithm: Literal["sum-product", "min-sum"] = "sum-product",
        schedule: Literal["flooding", "layered"] = "flooding",
        scale: float = 1,
        iterations: int = 50,
    ) -> None:
        super().__init__(code, algorithm=algorithm, schedule=schedule, scale=scale, iterations=iterations)
        self._second = OrderedStatisticsDecoder(code, order=order)
        #: The parameter of this name.
        self.order = self._second.order

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with a generator matrix of up to 2^22 entries."""
        reason = super().refusal(code) or OrderedStatisticsDecoder.refusal(code)
        return reason if reason is None else reason.replace("osd ", "bp-osd ", 1).replace("bp-bp-", "bp-")

    def _again(
        self, llr: Groups, frames: int
    ) -> tuple[Words, npt.NDArray[np.bool_], dict[str, npt.NDArray[np.int32]]]:
        soft = self._soft.run(lanes_of(llr, frames), self.iterations)
        best, candidates = Likeliest(llr), np.zeros(frames, np.int32)
        tied = np.zeros(frames, np.bool_)
        for values in (llr, grouped(soft.last), grouped(soft.mean)):
            result = self._second.decode_groups(GroupInput(frames, llr=values))
            best.add(self._linear.encode_words(result.bits), all_of(frames))
            candidates += result.counters["candidates"]
            if values is llr:
                tied = ~result.ok
        ok = ~tied & ~frame_flags(best.tied, frames)
        return best.words, ok, {"candidates": candidates}
