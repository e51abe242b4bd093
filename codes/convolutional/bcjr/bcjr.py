"""A-posteriori decoding of convolutional codes.

L. R. Bahl, J. Cocke, F. Jelinek and J. Raviv, "Optimal decoding of linear codes for minimizing symbol error
rate", 1974; P. Robertson, E. Villebrun and P. Hoeher, "A comparison of optimal and sub-optimal MAP decoding
algorithms operating in the log domain", 1995, for log-MAP and max-log-MAP.
"""

from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP, MESSAGE_MAX
from ....vectors.groups import GroupInput, Reads, Words
from ....vectors.llr_grid import on_grid
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decision_kernels import decide_repetitions
from ...decoder import GroupResult
from ...examples import Examples
from ...soft_decoder import SoftDecoder, SoftResult, Values
from ...tie_breaking import BitStream, break_ties, frames_without
from ..convolutional import ConvolutionalCode
from ..encoding.circuit import Numbers
from ..trellis.lane_trellis import LaneTrellis, lane_trellis
from ..trellis.trellis_tables import rows_of_room, trellis_tables
from .bcjr_kernels import CIRCULAR, TRUNCATED, WRAPPED, ZERO, decode_trellis
from .lane_bcjr_kernels import decide_trellis

ALGORITHMS = ("log-map", "max-log")
PRECISIONS = ("float32", "int16", "int8")
TAIL_BITING = ("exact", "wrap-around")
#: Most memory elements, and most of them with which all states in which a circle can begin are tried.
MAX_MEMORY, MAX_MEMORY_EXACT = 10, 6
#: Most rounds around a circle.
MAX_ROUNDS = 100
#: Steps of fixed point to one unit of the LLR, unless one asks for others.
LLR_SCALES = {"int16": 64.0, "int8": 8.0}
#: An LLR of log-MAP that is closer to 0 is taken as 0: its sign is that of roundings.
ROUNDING = np.float32(2.0**-14)


class BCJRDecoder(SoftDecoder):
    """Decides each bit by its a-posteriori probability, on the trellis of a convolutional code.

    Parameters
    ----------
    code
        A convolutional code of memory up to 10.
    algorithm
        ``log-map``: exact a-posteriori LLRs. ``max-log``: the most likely codeword with the bit 0 against the
        most likely one with the bit 1.
    precision
        Of LLRs and metrics. ``float32``; or, for max-log, fixed point: LLRs in ``int16`` or ``int8``, with
        ``llr_scale`` steps to one unit, and metrics that are wide enough for sums without rounding.
    llr_scale
        For fixed point: above 0, and at most 32767 or 127, the largest magnitudes. 64 unless given for int16,
        and 8 for int8.
    tail_biting
        How a frame that begins in the state in which it ends is decoded. ``exact``: by the sum over all
        states, for memory up to 6. ``wrap-around``: by rounds around the circle, from metrics that are all
        the same, forward and backward, until the metrics at its ends have settled.
    rounds
        Of ``wrap-around``, from 1 to 100 each way.

    Notes
    -----
    LLRs of float32 are clipped to a magnitude of 16384; a-posteriori ones, to one of 2^20. With ``max-log``,
    LLRs of few magnitudes, as on the binary symmetric channel, are put on a common grid
    (``llr_grid.on_grid``), so that ties are ties. With ``log-map`` a magnitude below 2^-14 counts as one. A
    tie is decided by a coin, and the frame is not ``ok``.

    Raises
    ------
    ValueError
        If the code is not convolutional, or has too much memory, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> decoder = BCJRDecoder(ConvolutionalCode(generators=[5, 7], k=2))
    >>> decoder.decode([-4.0, -4.0, 1.0, 4.0, -4.0, 4.0, -4.0, -4.0]).bits.tolist()
    [1, 1]
    """

    examples: ClassVar[Examples] = (
        {},
        {"algorithm": "max-log"},
        {"algorithm": "max-log", "precision": "int8"},
        {"algorithm": "max-log", "precision": "int16"},
        {
            "code": {
                "type": "convolutional",
                "generators": [5, 7],
                "k": 12,
                "termination": "tail-biting",
            },
            "tail_biting": "wrap-around",
        },
    )

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal["log-map", "max-log"] = "log-map",
        precision: Literal["float32", "int16", "int8"] = "float32",
        llr_scale: float | None = None,
        tail_biting: Literal["exact", "wrap-around"] = "exact",
        rounds: int | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, ConvolutionalCode)
        for name, value, allowed in (
            ("algorithm", algorithm, ALGORITHMS),
            ("precision", precision, PRECISIONS),
            ("tail_biting", tail_biting, TAIL_BITING),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
        if algorithm == "log-map" and precision != "float32":
            raise ValueError(f"precision {precision} belongs to max-log: set algorithm: max-log")
        circular = code.termination == "tail-biting"
        if tail_biting == "wrap-around" and not circular:
            raise ValueError("tail_biting belongs to codes with termination: tail-biting: leave it out")
        if rounds is not None and tail_biting != "wrap-around":
            raise ValueError("rounds belong to wrap-around: leave them out, or set tail_biting: wrap-around")
        if circular and tail_biting == "exact" and code.memory > MAX_MEMORY_EXACT:
            raise ValueError(
                f"tail_biting: exact sums over all states, for memory up to {MAX_MEMORY_EXACT}, and this "
                f"code has {code.memory}: set tail_biting: wrap-around"
            )
        rounds = 2 if rounds is None else whole_number(rounds, "rounds")
        if not 1 <= rounds <= MAX_ROUNDS:
            raise ValueError(f"rounds must lie in 1 to {MAX_ROUNDS}, got {rounds}")
        self.algorithm, self.precision = algorithm, precision
        self._reads = reads_of(precision, llr_scale)
        self._rounds = rounds if tail_biting == "wrap-around" else None
        self._convolutional = code
        self._ending = {"zero": ZERO, "truncated": TRUNCATED}.get(code.termination, CIRCULAR)
        if tail_biting == "wrap-around":
            self._ending = WRAPPED
        self._tables = trellis_tables(code.encoder.circuit.trellis)
        self._lanes = None
        if algorithm == "max-log" and not circular:
            self._lanes = lane_trellis(code.encoder.circuit, precision)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes convolutional codes of memory up to 10."""
        if not isinstance(code, ConvolutionalCode):
            return f"bcjr decodes convolutional codes, not {code!r}"
        if code.memory > MAX_MEMORY:
            return f"bcjr decodes codes of memory up to {MAX_MEMORY}, not {code!r} with {code.memory}"
        return None

    @property
    def reads(self) -> Reads:
        """LLRs: float32 up to a magnitude of 16384, or fixed point of ``llr_scale`` steps to one unit."""
        return self._reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.llr is not None
        shape = (len(given.llr), self.code.k)
        bits, undecided = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        if self._lanes is not None:
            self._decide(self._lanes, given, bits, undecided)
            found = undecided if undecided.any() else None
        else:
            posterior = self._posterior(given, None, coded=False).information
            found = undecided if decide_repetitions(posterior, bits, undecided) else None
        break_ties(bits, found, np.arange(self.code.k), given.frames, stream)
        return GroupResult(bits, frames_without(found, given.frames))

    def soft_groups(self, given: GroupInput, prior: Values | None = None) -> SoftResult:
        """A-posteriori LLRs of groups of 64 frames.

        In fixed point, priors are rounded to steps, and clipped as the LLRs are.
        """
        self.check_given(given)
        return self._posterior(given, prior, coded=True)

    def _decide(self, lanes: LaneTrellis, given: GroupInput, bits: Words, undecided: Words) -> None:
        """Decisions of max-log, with metrics in registers."""
        code, llr = self._convolutional, given.llr
        assert llr is not None
        if llr.dtype == np.float32:
            llr = on_grid(llr, any_level=True, alone=True)
        order, rows = self._rows
        if code.n in order or code.n in rows:  # a row of zeros behind the others, for what was not sent
            padded = np.zeros((len(llr), code.n + 1, GROUP), llr.dtype)
            padded[:, : code.n] = llr
            llr = padded
        decide_trellis(
            lanes.kernel,
            lanes.kernel.states,
            llr,
            order,
            rows,
            np.arange(code.k, dtype=np.int32),
            code.encoder.steps,
            True,
            code.termination == "zero",
            lanes.window(code.encoder.steps),
            0,
            lanes.block,
            lanes.far,
            bits,
            undecided,
        )

    @cached_property
    def _rows(self) -> tuple[Numbers, Numbers]:
        """Rows of LLRs of each step's input and parity bits; n where there is none."""
        assert self._lanes is not None
        code, parities = self._convolutional, self._lanes.kernel.parities
        encoder = code.encoder
        row_of = rows_of_outputs(code).reshape(encoder.all_steps, -1)
        row_of = np.where(row_of < 0, np.int32(code.n), row_of)
        order = row_of[:, 0] if self._lanes.systematic else np.full(encoder.all_steps, code.n, np.int32)
        return np.ascontiguousarray(order), np.ascontiguousarray(row_of[:, -parities:]).ravel()

    def _posterior(self, given: GroupInput, prior: Values | None, *, coded: bool) -> SoftResult:
        """A-posteriori LLRs, float32, of information bits, and of coded bits if they are wanted."""
        code, llr = self._convolutional, given.llr
        assert llr is not None
        groups, reads = len(llr), self._reads
        floating = reads.steps is None
        metric = np.dtype(np.float32 if floating else np.int32)
        if floating and self.algorithm == "max-log":
            llr = on_grid(llr, any_level=True, alone=True)
        known: npt.NDArray[Any] = np.empty((0, code.k, GROUP), metric)
        if prior is not None:
            known = np.clip(prior * np.float32(reads.steps or 1), -np.float32(reads.limit), reads.limit)
            known = np.ascontiguousarray(known if floating else np.rint(known), metric)
        encoder = code.encoder
        informed, steps = encoder.steps, encoder.all_steps
        certain = certain_inputs(code, 1e30 if floating else 2.0**24)
        information = np.empty((groups, code.k, GROUP), np.float32)
        of_code = np.empty((groups if coded else 0, code.n, GROUP), np.float32)
        decode_trellis(
            llr,
            known,
            self._tables,
            np.arange(code.k, dtype=np.int32),
            rows_of_outputs(code),
            steps,
            informed,
            self._ending,
            self._rounds,
            window_of(steps),
            rows_of_room(self._tables, steps, window_of(steps), circular=self._ending == CIRCULAR),
            np.array([1e30 if floating else 2**28, certain, 0], metric),
            np.float32(1 / (reads.steps or 1)),
            True if self.algorithm == "log-map" else None,
            information,
            of_code,
        )
        if self.algorithm == "log-map":
            information[np.abs(information) < ROUNDING] = 0
        return SoftResult(information, of_code)


def reads_of(precision: str, llr_scale: float | None) -> Reads:
    """What a decoder of a trellis reads in a precision.

    Raises ValueError, of ``llr_scale``, if it is out of range, or given without fixed point.
    """
    if precision == "float32":
        if llr_scale is not None:
            raise ValueError(
                "llr_scale belongs to fixed point: leave it out, or set precision: int8 or int16"
            )
        return Reads(limit=float(MESSAGE_MAX))
    steps = LLR_SCALES[precision] if llr_scale is None else llr_scale
    most = 127 if precision == "int8" else 32767
    if not 0 < steps <= most:
        raise ValueError(f"llr_scale must lie in (0, {most}], got {llr_scale}")
    fixed: Literal["int8", "int16"] = "int8" if precision == "int8" else "int16"
    return Reads("soft", fixed, float(steps))


def rows_of_outputs(code: ConvolutionalCode) -> Numbers:
    """Which coded bit each output is, step after step; -1 where it is not sent."""
    row_of = np.full(code.encoder.all_steps * code.encoder.circuit.outputs, -1, np.int32)
    row_of[code.sent] = np.arange(code.n)
    return row_of


def certain_inputs(code: ConvolutionalCode, certain: float) -> float:
    """What an input of 1 costs in the tail: without feedback it is 0, with it what leads to 0."""
    return 0.0 if code.feedback is not None else certain


def window_of(steps: int) -> int:
    """Steps of which metrics are kept together: about as many as there are windows, for the least memory."""
    return max(32, int(np.ceil(np.sqrt(steps))))
