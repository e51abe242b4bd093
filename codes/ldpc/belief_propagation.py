"""Belief propagation on the Tanner graph of a linear code.

Sum-product after Gallager (1963, chapter 4) and Kschischang, Frey and Loeliger (2001, section III);
min-sum with scaling and offset after Chen, Dholakia, Eleftheriou, Fossorier and Hu (2005); the
layered schedule after Mansour and Shanbhag (2003).
"""

from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP, INT8_MAX, MESSAGE_MAX
from ...vectors.groups import GroupInput, Reads, Words, unpacked
from ...vectors.llr_grid import on_grid
from ...vectors.packed_kernels import pack_decisions
from ..code import Bits, Code
from ..decoder import Decoder, GroupResult, iterations_counted, iterations_within
from ..examples import Examples
from ..linear import LinearCode
from ..tie_breaking import BitStream, break_ties, decisions_after
from ..trace import Trace
from .propagation.columns import columns_of
from .propagation.factors import by_number, is_one
from .propagation.propagate_kernels import propagate
from .propagation.residual_kernels import ResidualRule, propagate_by_residuals
from .propagation.rules import BITS, COMPARING, LLR_SCALES, check_rule, for_one_call, largest, rule_of

#: The names of ``ALGORITHMS``.
Algorithm = Literal["sum-product", "min-sum", "self-corrected", "lambda-min", "a-min*"]
SCHEDULES = ("flooding", "layered", "layered-columns", "residual")
PRECISIONS = ("float32", *BITS)
#: Bytes of decisions after iterations that are kept together.
ROOM = 1 << 24


class BeliefPropagationDecoder(Decoder):
    """Iterative decoding, each frame until its syndrome is zero.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    algorithm
        ``sum-product``: the exact check-node operation, each message to an absolute error of 4e-6 plus
        2e-7 of its size, for inputs of any magnitude. ``min-sum``: the least magnitude, times ``scale``,
        less ``offset``, at least 0. ``self-corrected``: min-sum, in which a variable's message to a check
        counts as 0 where its sign is not that of the last one to that check, unless the last one was 0
        (Savin, 2008). ``lambda-min``: sum-product of the least inputs of a check (Guilloud, Boutillon
        and Danger, 2003). ``a-min*``: the variable with the least input gets the message of sum-product, all
        others the combination of all inputs, their own included (Jones, Valles, Smith and Villasenor, 2003).
    schedule
        ``flooding``: all checks from the same values. ``layered``: check by check in the order of
        the rows, each from the newest values. ``layered-columns``: variable by variable, each with new
        messages from all its checks (Zhang and Fossorier, 2005); for sum-product and min-sum, and slower,
        since a check is computed anew for each of its edges. ``residual``: the check whose messages would
        change most sends first (Vila Casado, Griot and Wesel, 2007), in each iteration as many as there are
        checks; for the same algorithms, in float64 and one frame after the other: some hundred to a thousand
        times slower. Inputs of checks count as at most 300 there.
    iterations
        The most iterations, from 1 to 100,000.
    scale, offset
        For min-sum and self-corrected, with scale in (0, 1] and offset from 0 to 16384 in units of the LLR.
        In a configuration ``scale: optimal`` of min-sum is the number with the best threshold over the
        channel. For min-sum also a list with a number for each iteration, of which the last one stays, or a
        number for each degree of a check: ``{6: 0.75, 7: 0.7}``.
    minima
        For lambda-min: how many of the inputs are taken, at least 2; 3 unless given.
    correction
        For a-min*: ``exact``, or ``linear``: ln(1 + exp(-x)) is taken for 0.6825 - 0.375 x below 1, for
        0.5 - 0.1875 x up to 2.625, and for 0 beyond. ``exact`` unless given.
    damping
        From 0 to below 1, in float32: the weight that a check's last message keeps in the new one, which
        counts 1 less that; before the first iteration messages are 0.
    stop
        ``syndrome``: a frame ends as soon as its hard decisions are a codeword, before the first
        iteration too. ``none``: every frame takes all iterations.
    precision
        Of LLRs, messages and sums. ``float32``, or, for min-sum and self-corrected, ``int8``: fixed point
        with ``llr_scale`` steps to one unit of the LLR, see the notes. ``int6``, ``int5``, ``int4`` and
        ``int3``: the same with LLRs and messages of so many bits, as in hardware, and sums of 8 bits.
    llr_scale
        For fixed point: above 0 and at most the largest magnitude, 127 in int8, 31, 15, 7 and 3 in
        narrower ones; with s steps that is 127 / s. Unless given, 4 in int8, 3 in int6, 1.5 in int5, 1 in
        int4, 0.5 in int3.
    count
        ``iterations``: the result has the decisions after each iteration, of at most 100, and errors are
        counted after each. None: it has the last ones.

    Notes
    -----
    A frame is ``ok`` when its hard decisions satisfy every check and no variable has an LLR of
    exactly 0, as erased bits have until they are resolved. In float32, LLRs received and messages from
    checks are clipped to a magnitude of 16384. ``iterations`` of the result is 0 for a frame that
    was a codeword when received.

    Frames whose LLRs have few magnitudes, as on the binary symmetric channel, have exact ties in min-sum: in
    float32 their LLRs are put on a common grid first, and in int8 they become multiples of a whole number
    of steps where they are multiples of a common unit (``llr_grid.on_grid`` has the rule). Sums are then
    exact until they exceed some thousand times the largest LLR, or a product or an offset has to be rounded.
    Sum-product takes LLRs as they are: its messages are no sums of LLRs, and a rounding changes them by a
    rounding.

    In int8, other LLRs received become llr_scale times the LLR, rounded half to even and clipped to
    +-127; sums and differences saturate at -128 and 127, in the order of the checks; a check's magnitude m
    becomes m round(256 scale) / 256, less round(offset llr_scale), within 0 and 127. The quotient is
    rounded, halves up in the checks 0, 2, 4, ... and down in the others: always up would be a larger scale
    than float32 has. In the layered schedule, what is kept of a message is as much as the sum took up
    before it saturated. With fewer bits 127 becomes 31, 15, 7 or 3 for LLRs and messages, and inputs of
    checks count as at most that.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    examples: ClassVar[Examples] = (
        {},
        {"schedule": "layered", "iterations": 8},
        {"algorithm": "min-sum", "scale": 0.75, "iterations": 8},
        {"algorithm": "min-sum", "schedule": "layered", "offset": 0.5, "iterations": 8, "stop": "none"},
        {"algorithm": "min-sum", "schedule": "layered", "precision": "int8", "iterations": 8},
        {"algorithm": "min-sum", "iterations": 4, "count": "iterations"},
        {"algorithm": "a-min*", "schedule": "layered", "iterations": 8},
    )

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal[
            "sum-product", "min-sum", "self-corrected", "lambda-min", "a-min*"
        ] = "sum-product",
        schedule: Literal["flooding", "layered", "layered-columns", "residual"] = "flooding",
        iterations: int = 50,
        scale: float | list[float] | dict[int | str, float] | Literal["optimal"] = 1,
        offset: float | list[float] | dict[int | str, float] = 0,
        minima: int | None = None,
        correction: Literal["exact", "linear"] | None = None,
        damping: float | None = None,
        stop: Literal["syndrome", "none"] = "syndrome",
        precision: Literal["float32", "int8", "int6", "int5", "int4", "int3"] = "float32",
        llr_scale: float | None = None,
        count: Literal["iterations"] | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        for name, value, allowed in (
            ("schedule", schedule, SCHEDULES),
            ("stop", stop, ("syndrome", "none")),
            ("precision", precision, PRECISIONS),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
        iterations = iterations_within(iterations)
        self.counted_iterations = iterations_counted(count, iterations)
        if schedule in ("layered-columns", "residual") and algorithm not in ("sum-product", "min-sum"):
            raise ValueError(f"schedule {schedule} takes sum-product or min-sum, got {algorithm}")
        if isinstance(scale, str):
            raise ValueError(
                "scale: optimal is for configurations, which know the channel; in Python see "
                "capgap.bounds.ensembles.thresholds.best_scale"
            )
        #: The parameters of these names; of degrees, by numbers.
        self.scale, self.offset = by_number("scale", scale), by_number("offset", offset)
        check_rule(algorithm, self.scale, self.offset, minima, correction, precision)
        self.damping = 0.0 if damping is None else float(damping)
        if not 0 <= self.damping < 1:
            raise ValueError(f"damping must lie in [0, 1), got {damping}")
        if self.damping and precision != "float32":
            raise ValueError(f"damping needs precision: float32, got {precision}")
        one = is_one(self.scale) and is_one(self.offset)
        if schedule == "residual" and not (one and precision == "float32" and not damping and count is None):
            raise ValueError(
                "schedule residual takes one scale and offset, precision: float32, no damping and no count"
            )
        if llr_scale is not None and precision == "float32":
            raise ValueError("llr_scale belongs to int8: leave it out, or set precision: int8")
        most = None if precision == "float32" else largest(precision)
        steps = LLR_SCALES.get(precision, 1.0) if llr_scale is None else llr_scale
        if not 0 < steps <= (most or INT8_MAX):
            raise ValueError(f"llr_scale must lie in (0, {most or INT8_MAX}], got {llr_scale}")
        self._linear = code
        #: The parameters of these names.
        self.algorithm, self.schedule, self.precision = algorithm, schedule, precision
        self._iterations, self._stop = iterations, stop == "syndrome"
        #: Steps to one unit of the LLR in the groups that ``decode_groups`` takes, None for float32.
        self.llr_scale = None if most is None else np.float32(steps)
        self._most = most
        self._rule = rule_of(
            algorithm,
            self.scale,
            self.offset,
            minima,
            correction,
            precision,
            steps,
            code.tanner_graph.check_degrees,
        )

    @cached_property
    def _schedule(self) -> Any:
        """What kernels take for the schedule."""
        if self.schedule in ("layered-columns", "residual"):
            return columns_of(self._linear.tanner_graph)
        return True if self.schedule == "flooding" else None

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        return None if isinstance(code, LinearCode) else f"bp decodes linear codes, not {code!r}"

    @property
    def reads(self) -> Reads:
        """LLRs: float32 up to a magnitude of 16384, or int8 of ``llr_scale`` steps to one unit."""
        if self.llr_scale is None:
            return Reads(limit=float(MESSAGE_MAX))
        return Reads("soft", "int8", float(self.llr_scale))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        # Of a systematic code the information bits are looked at alone; else all, which decide them together.
        code = self._linear
        wanted = np.arange(code.n, dtype=np.int32)
        if code.systematic:
            wanted = code.information_set.astype(np.int32)
        if self.counted_iterations:
            return self._count_iterations(given, wanted, stream)
        bits, undecided, ok, iterations = self._run(given, self._iterations, wanted)
        break_ties(bits, undecided, wanted, given.frames, stream)
        return GroupResult(bits if code.systematic else code.information_words(bits), ok, iterations)

    def _count_iterations(
        self, given: GroupInput, wanted: npt.NDArray[np.int32], stream: BitStream | None
    ) -> GroupResult:
        """``decode_groups`` with decisions after each iteration, as many groups at a time as have room."""
        llr, code, earlier = given.soft(), self._linear, self.counted_iterations - 1
        together = max(1, ROOM // (max(earlier, 1) * len(wanted) * GROUP))
        parts = []
        for first in range(0, max(len(llr), 1), together):
            own = llr[first : first + together]
            part = GroupInput(min(given.frames - first * GROUP, len(own) * GROUP), llr=own)
            after = np.zeros((earlier, len(own), len(wanted), GROUP), np.int8)
            bits, undecided, ok, spent = self._run(part, self._iterations, wanted, after)
            open_ = np.zeros_like(bits) if undecided is None else undecided
            decided, open_after = np.empty(after.shape[:3], np.uint64), np.empty(after.shape[:3], np.uint64)
            for each in zip(after, decided, open_after, strict=True):
                pack_decisions(*each)
            parts.append((bits, open_, ok, spent, decided.swapaxes(0, 1), open_after.swapaxes(0, 1)))
        bits, undecided, ok, spent, *before = map(np.concatenate, zip(*parts, strict=True))
        decided, open_after = (np.ascontiguousarray(each.swapaxes(0, 1)) for each in before)
        found = decisions_after(decided, open_after, bits, undecided, spent, wanted, stream)
        if not code.systematic:
            found = tuple(code.information_words(each) for each in found)
        return GroupResult(found[-1], ok, spent, after_iterations=found)

    def trace_groups(self, given: GroupInput) -> Trace:
        """How the checks fare: rows for 0, 1, ... iterations, up to the most that a frame takes.

        It decodes anew for each row, and so takes as many times longer than ``decode_groups``.
        """
        rows = int(self._variables(given, self._iterations)[1].max(initial=0)) + 1
        return Trace.of(self._linear.tanner_graph, (self._variables(given, i)[0] for i in range(rows)))

    def _variables(self, given: GroupInput, iterations: int) -> tuple[Bits, npt.NDArray[np.int32]]:
        """Decisions on all variables, uint8 (variables, frames), 2 where undecided, and iterations spent."""
        wanted = np.arange(self._linear.n, dtype=np.int32)
        bits, undecided, _, spent = self._run(given, iterations, wanted)
        decisions = unpacked(bits, given.frames)
        if undecided is not None:
            decisions = decisions + 2 * unpacked(undecided, given.frames)
        return decisions.T, spent

    def _run(
        self,
        given: GroupInput,
        iterations: int,
        wanted: npt.NDArray[np.int32],
        after: npt.NDArray[np.int8] | None = None,
    ) -> tuple[Words, Words | None, npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
        """Decisions on variables ``wanted``, packed, undecided ones if there are any, ``ok``, iterations."""
        graph, groups = self._linear.tanner_graph, given.llr
        assert groups is not None
        if graph.variables != groups.shape[1]:  # somebody's class may define it, and the kernel trusts it
            wanted_variables = f"must have {groups.shape[1]} variables, has {graph.variables}"
            raise ValueError(f"tanner_graph of {self._linear!r} {wanted_variables}")
        if self.algorithm in COMPARING and groups.dtype == np.float32:
            groups = on_grid(groups, any_level=True, alone=True)
        elif self._most is not None and self._most < INT8_MAX:
            groups = groups.clip(np.int8(-self._most), np.int8(self._most)).astype(np.int8)
        decisions = np.empty((len(groups), len(wanted), GROUP), np.int8)
        ok, spent = np.empty(given.frames, np.bool_), np.empty(given.frames, np.int32)
        if self.schedule == "residual":
            self._run_by_residuals(groups, given.frames, wanted, decisions, ok, spent)
            return *self._packed(decisions), ok, spent
        propagate(
            groups,
            given.frames,
            graph.check_start,
            graph.edge_variable,
            self._schedule,
            iterations,
            for_one_call(self._rule),
            np.float32(self.damping) if self.damping else None,
            self._stop,
            wanted,
            decisions,
            ok,
            spent,
            after,
        )
        return *self._packed(decisions), ok, spent

    def _run_by_residuals(
        self,
        groups: npt.NDArray[Any],
        frames: int,
        wanted: npt.NDArray[np.int32],
        decisions: npt.NDArray[np.int8],
        ok: npt.NDArray[np.bool_],
        spent: npt.NDArray[np.int32],
    ) -> None:
        graph, exact = self._linear.tanner_graph, self.algorithm == "sum-product"
        assert is_one(self.scale)
        assert is_one(self.offset)
        propagate_by_residuals(
            groups,
            frames,
            graph.check_start,
            graph.edge_variable,
            self._schedule,
            self._iterations,
            ResidualRule(exact, float(self.scale), float(self.offset)),
            self._stop,
            wanted,
            decisions,
            ok,
            spent,
        )

    @staticmethod
    def _packed(decisions: npt.NDArray[np.int8]) -> tuple[Words, Words | None]:
        """Packed decisions, and which of them are none, if any is."""
        bits, undecided = np.empty(decisions.shape[:2], np.uint64), np.empty(decisions.shape[:2], np.uint64)
        return bits, undecided if pack_decisions(decisions, bits, undecided) else None
