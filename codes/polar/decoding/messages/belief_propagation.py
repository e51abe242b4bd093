"""Belief propagation on the factor graph of the polar transform.

E. Arikan, "A performance comparison of polar codes and Reed-Muller codes", 2008; min-sum: A. Pamuk, "An FPGA
implementation architecture for decoding of polar codes", 2011; with a scale and a stop: B. Yuan and K. K.
Parhi, "Early stopping criteria for energy-efficient low-latency belief-propagation polar code decoders",
2014.
"""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....binary.gf2 import Indices
from ....code import Code
from ....examples import Examples
from ....soft_decoder import Values
from ...polar import PolarCode
from ..parameters import BoxPlus
from .belief_propagation_kernels import propagate
from .message_kernels import CERTAIN
from .message_passing import Counts, MessagePassingDecoder


class PolarBPDecoder(MessagePassingDecoder):
    """Messages go from the channel to u, stage by stage, and back, until the decisions are a codeword.

    Parameters
    ----------
    code
        A polar code with kernels of size 2 and frozen bits of 0.
    iterations
        The most iterations, from 1 to 100,000; each goes to u and back.
    box_plus
        The LLR of a sum of two bits: ``exact``, 2 artanh(tanh(a / 2) tanh(b / 2)), or ``min-sum``, the least
        magnitude with the product of the signs, times ``scale``.
    scale
        For min-sum, in (0, 1].
    stop
        ``codeword``: a frame ends as soon as the decisions on x are the codeword of those on u, x = u G.
        ``none``: every frame takes all iterations.

    Notes
    -----
    What frozen bits tell by themselves is known at all stages from the beginning, before messages from u
    would tell.

    Information bits are decided by the signs of their LLRs, an LLR of 0 by a coin. A frame is ``ok`` where
    the signs of the coded bits' LLRs are the codeword of these bits, and none is 0. LLRs received are clipped
    to a magnitude of 16384. With min-sum, those of few magnitudes are put on a grid (``llr_grid.on_grid``).

    Raises
    ------
    ValueError
        If the code is no such code or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import PolarCode
    >>> decoder = PolarBPDecoder(PolarCode(information=[3, 5, 6, 7], n=8))
    >>> result = decoder.decode([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5])
    >>> result.bits, int(result.iterations)
    (array([1, 0, 0, 0], dtype=uint8), 1)
    """

    name = "polar-bp"
    examples: ClassVar[Examples] = (
        {},
        {"iterations": 8, "box_plus": "min-sum", "scale": 0.9375},
        {"iterations": 5, "stop": "none"},
    )

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 50,
        box_plus: BoxPlus = "exact",
        scale: float = 1,
        stop: Literal["codeword", "none"] = "codeword",
    ) -> None:
        super().__init__(code, iterations=iterations, box_plus=box_plus)
        if not 0 < scale <= 1:
            raise ValueError(f"scale must lie in (0, 1], got {scale}")
        if box_plus == "exact" and scale != 1:
            raise ValueError("scale belongs to min-sum: leave it out, or set box_plus: min-sum")
        if stop not in ("codeword", "none"):
            raise ValueError(f"stop must be codeword or none, got {stop!r}")
        self.scale, self.stop = float(scale), stop
        known = _known(self.code)
        self._nodes, self._start = _nodes(known), np.where(known, CERTAIN, np.float32(0)).ravel()

    def _pass_messages(
        self, llr: Values, prior: Values, frames: int, information: Values, coded: Values
    ) -> Counts:
        spent = np.zeros(frames, np.int32)
        propagate(
            llr,
            frames,
            prior,
            self.code.information,
            self._nodes,
            np.array(self.code.kernels, np.int64),
            self._start,
            self.iterations,
            True if self.box_plus == "exact" else None,
            np.float32(self.scale),
            self.stop == "codeword",
            information,
            coded,
            spent,
        )
        return spent


def _known(code: PolarCode) -> npt.NDArray[np.bool_]:
    """Where the frozen bits alone tell a bit, of each stage from u on: bool (stages, n)."""
    known = [code.frozen]
    for stage in range(len(code.kernels)):
        left, right = known[-1].reshape(-1, 2, 1 << stage).swapaxes(0, 1)
        known.append(np.stack([left & right, right], axis=1).ravel())
    return np.array(known)


def _nodes(known: npt.NDArray[np.bool_]) -> Indices:
    """The nodes that are not known, large ones first: stage, rows and first position of the left half."""
    found = []
    for stage in range(len(known) - 2, -1, -1):
        h = 1 << stage
        firsts = 2 * h * np.flatnonzero(~known[stage + 1].reshape(-1, 2 * h).all(axis=1))
        found.append(np.stack([np.full_like(firsts, stage), np.full_like(firsts, h), firsts], axis=1))
    return np.ascontiguousarray(np.concatenate(found), np.int64)
