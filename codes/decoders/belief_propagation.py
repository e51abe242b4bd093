"""Belief propagation on the Tanner graph of a linear code.

Sum-product after Gallager (1963, chapter 4) and Kschischang, Frey and Loeliger (2001, section III);
min-sum with scaling and offset after Chen, Dholakia, Eleftheriou, Fossorier and Hu (2005); the
layered schedule after Mansour and Shanbhag (2003).
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from ..code import Bits, Code
from ..linear import LinearCode
from .belief_propagation_kernels import FLOODING, LAYERED, MESSAGE_MAX, MIN_SUM, SUM_PRODUCT, propagate
from .decoder import BitStream, Decoder, DecodeResult, LLRs, Trace, toss_coins

ALGORITHMS = {"sum-product": SUM_PRODUCT, "min-sum": MIN_SUM}
SCHEDULES = {"flooding": FLOODING, "layered": LAYERED}
#: Largest number of iterations, so that every frame ends, and largest offset, which no message exceeds.
MAX_ITERATIONS, MAX_OFFSET = 100_000, float(MESSAGE_MAX)


class BeliefPropagationDecoder(Decoder):
    """Iterative decoding in float32, each frame until its syndrome is zero.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    algorithm
        ``sum-product``: the exact check-node operation, to an absolute error of 1e-6 plus rounding
        in each boxplus. ``min-sum``: the least magnitude, times ``scale``, less ``offset``, at least 0.
    schedule
        ``flooding``: all checks from the same values. ``layered``: check by check in the order of
        the rows, each from the newest values.
    iterations
        The most iterations, from 1 to 100,000.
    scale, offset
        For min-sum, with scale in (0, 1] and offset from 0 to 16384 in units of the LLR.
    stop
        ``syndrome``: a frame ends as soon as its hard decisions are a codeword, before the first
        iteration too. ``none``: every frame takes all iterations.

    Notes
    -----
    A frame is ``ok`` when its hard decisions satisfy every check and no variable has an LLR of
    exactly 0, as erased bits have until they are resolved. LLRs received and messages from
    checks are clipped to a magnitude of 16384. ``iterations`` of the result is 0 for a frame that
    was a codeword when received.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal["sum-product", "min-sum"] = "sum-product",
        schedule: Literal["flooding", "layered"] = "flooding",
        iterations: int = 50,
        scale: float = 1,
        offset: float = 0,
        stop: Literal["syndrome", "none"] = "syndrome",
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        for name, value, allowed in (
            ("algorithm", algorithm, tuple(ALGORITHMS)),
            ("schedule", schedule, tuple(SCHEDULES)),
            ("stop", stop, ("syndrome", "none")),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
        if isinstance(iterations, bool) or not isinstance(iterations, int | np.integer):
            raise ValueError(f"iterations must be a whole number, got {iterations!r}")
        if not 1 <= iterations <= MAX_ITERATIONS:
            problem = "at least 1" if iterations < 1 else f"at most {MAX_ITERATIONS}"
            raise ValueError(f"iterations must be {problem}, got {iterations}")
        if not 0 < scale <= 1:
            raise ValueError(f"scale must lie in (0, 1], got {scale}")
        if not 0 <= offset <= MAX_OFFSET:
            problem = (
                "finite and not negative" if not 0 <= offset < float("inf") else f"at most {MAX_OFFSET:g}"
            )
            raise ValueError(f"offset must be {problem}, got {offset}")
        if algorithm != "min-sum" and (scale != 1 or offset != 0):
            name = "scale" if scale != 1 else "offset"
            raise ValueError(f"{name} belongs to min-sum: leave it out, or set algorithm: min-sum")
        self._linear = code
        self._algorithm, self._schedule = ALGORITHMS[algorithm], SCHEDULES[schedule]
        self._iterations, self._scale, self._offset = iterations, np.float32(scale), np.float32(offset)
        self._stop = stop == "syndrome"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        return None if isinstance(code, LinearCode) else f"bp decodes linear codes, not {code!r}"

    def decode(self, llr: LLRs, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs of shape (frames, n)."""
        values, ok, iterations, undecided = self._propagate(self.check_llr(llr), self._iterations)
        if undecided:
            toss_coins(values, stream)
        return DecodeResult(self._linear.information_bits_of_variables(values.T), ok, iterations)

    def trace(self, llr: LLRs) -> Trace:
        """How the checks fare: rows for 0, 1, ... iterations, up to the most that a frame takes.

        All variables are looked at, punctured ones too. It decodes anew for each row, and so takes as
        many times longer than ``decode``.
        """
        lanes = self.check_llr(llr)
        rows = int(self._propagate(lanes, self._iterations)[2].max(initial=0)) + 1
        return Trace.of(self._linear.tanner_graph, (self._propagate(lanes, i)[0] for i in range(rows)))

    def _propagate(
        self, lanes: LLRs, iterations: int
    ) -> tuple[Bits, npt.NDArray[np.bool_], npt.NDArray[np.int32], bool]:
        """Decisions on all variables, 2 where undecided; ``ok``; iterations spent; whether any is 2."""
        graph, frames = self._linear.tanner_graph, lanes.shape[1]
        values = np.empty((graph.variables, frames), np.uint8)
        ok, spent = np.empty(frames, np.bool_), np.empty(frames, np.int32)
        undecided = propagate(
            lanes,
            self._linear.transmitted,
            graph.check_start,
            graph.edge_variable,
            self._algorithm,
            self._schedule,
            iterations,
            self._scale,
            self._offset,
            self._stop,
            values,
            ok,
            spent,
        )
        return values, ok, spent, undecided
