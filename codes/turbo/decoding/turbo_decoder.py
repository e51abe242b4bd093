"""Iterative decoding of turbo codes.

C. Berrou, A. Glavieux and P. Thitimajshima, "Near Shannon limit error-correcting coding and decoding: turbo
codes", 1993; J. Vogt and A. Finger, "Improving the max-log-MAP turbo decoder", 2000, for scaled extrinsic
LLRs; R. Y. Shao, S. Lin and M. P. C. Fossorier, "Two simple stopping criteria for turbo decoding", 1999, for
agreeing hard decisions.
"""

from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import GroupInput, Reads, Words
from ....vectors.llr_grid import on_grid
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...convolutional.bcjr.bcjr import ROUNDING, BCJRDecoder, reads_of, window_of
from ...convolutional.bcjr.bcjr_kernels import TRUNCATED, WRAPPED, ZERO
from ...convolutional.encoder_code import EncoderCode
from ...convolutional.encoding.circuit import Numbers
from ...convolutional.trellis.lane_trellis import LaneTrellis, lane_trellis
from ...convolutional.trellis.trellis_tables import rows_of_room, trellis_tables
from ...convolutional.trellis.trellis_type_kernels import KernelTrellis
from ...decoder import GroupResult
from ...examples import Examples
from ...soft_decoder import Constituent
from ...tie_breaking import BitStream, break_ties, decisions_after, frames_without
from ..turbo import TurboCode
from .couple_kernels import decode_by_couples
from .couples import couple_trellises
from .iterations import IterativeDecoder
from .stopping import Stopping
from .turbo_kernels import decode_by_tables, decode_in_registers
from .turbo_rows import TurboRows, rows_of_bits, rows_of_couples

ALGORITHMS = ("log-map", "max-log")
PRECISIONS = ("float32", "int16", "int8")
EXCHANGES = ("symbols", "bits")
#: Steps of training of a window.
TRAINING = 32
#: Where couples are exchanged: steps between reductions of metrics, and of training around a circle.
BLOCK, AROUND = 16, 64
#: An LLR of max-log below this is 0.
NO_ROUNDING = np.float32(1e-30)
#: How kernels name the ends of frames; a circle is decoded by rounds.
ENDINGS = {"zero": ZERO, "truncated": TRUNCATED, "tail-biting": WRAPPED}


class TurboDecoder(IterativeDecoder):
    """Decodes a turbo code by turns: each constituent's decoder tells the other what it found out.

    Parameters
    ----------
    code
        A turbo code.
    iterations
        The most iterations, from 1 to 1000; each is two half-iterations, of the first encoder's decoder and
        of the second's.
    algorithm
        Of the constituents' decoders, as for ``bcjr``.
    scale
        What extrinsic LLRs are multiplied by, from 1/64 to 1.5: a number, or a list with one for each
        half-iteration. Max-log, whose extrinsic LLRs are too large, loses several tenths of a dB with 1, the
        default, and next to nothing with 0.75.
    precision, llr_scale
        As for ``bcjr``; fixed point for max-log, and constituents with one input and up to 16 states. Values
        are clipped to the largest magnitudes, and scaled extrinsic LLRs rounded, halves up, with the scale in
        steps of 2^-14.
    stop
        ``none``: every frame takes all iterations. ``crc``: a frame ends with the half-iteration after which
        its decisions pass the check around it. ``hard-agreement``: with the one that decides as the one
        before it.
    exchange
        What decoders tell each other of constituents with two inputs. ``symbols``, unless given: an LLR for
        each of the three couples of bits that are not 00. ``bits``: two LLRs, as if the bits of a couple were
        independent, an approximation that loses some tenths of a dB. With one input there is no difference.
    window
        An approximation of max-log that saves a fourth of the time: metrics backward begin anew in windows of
        so many steps, from 64 to 4096, after a training of 32 steps. None for exact metrics.
    count
        ``iterations``: the result has the decisions after each iteration, of at most 100, and errors are
        counted after each. None: it has the last ones.

    Notes
    -----
    Tail-biting constituents are decoded by one round around the circle each way before every half-iteration.
    Where couples are exchanged, it is a training of 64 steps at most, which begins with the metrics that
    stood there in the iteration before, in the first one with equal ones.

    In float32, LLRs and values are clipped to a magnitude of 16384. A frame is ``ok`` if no bit was tied, and
    with a stop rule, if that was fulfilled. ``iterations`` of the result counts those that were begun. Frames
    that stop give their lanes to others between iterations.

    Raises
    ------
    ValueError
        If the code is no turbo code or a parameter is outside its range; or if couples cannot be exchanged:
        the interleaver tears one apart, or an encoder takes more bits or has more than 16 states.
    """

    examples: ClassVar[Examples] = (
        {"iterations": 4},
        {
            "iterations": 4,
            "algorithm": "max-log",
            "scale": 0.75,
            "stop": "hard-agreement",
            "count": "iterations",
        },
        {"iterations": 3, "algorithm": "max-log", "scale": 0.75, "precision": "int8"},
        {"iterations": 2, "algorithm": "max-log", "scale": [0.5, 0.75, 1, 1], "precision": "int16"},
        {
            "code": {"type": "turbo", "standard": "lte", "k": 128},
            "iterations": 2,
            "algorithm": "max-log",
            "precision": "int8",
            "window": 64,
        },
        {
            "code": {"type": "turbo", "standard": "dvb-rcs", "k": 96},
            "iterations": 2,
            "algorithm": "max-log",
            "scale": 0.75,
        },
        {"code": {"type": "turbo", "standard": "dvb-rcs", "k": 96}, "iterations": 2, "exchange": "bits"},
    )

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 8,
        algorithm: Literal["log-map", "max-log"] = "log-map",
        scale: float | list[float] = 1,
        precision: Literal["float32", "int16", "int8"] = "float32",
        llr_scale: float | None = None,
        stop: Literal["none", "crc", "hard-agreement"] = "none",
        exchange: Literal["symbols", "bits"] | None = None,
        window: int | None = None,
        count: Literal["iterations"] | None = None,
    ) -> None:
        super().__init__(code, "turbo", iterations=iterations, scale=scale, stop=stop, count=count)
        for name, value, allowed in (
            ("algorithm", algorithm, ALGORITHMS),
            ("precision", precision, PRECISIONS),
            ("exchange", "symbols" if exchange is None else exchange, EXCHANGES),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {', '.join(allowed)}, got {value!r}")
        if algorithm == "log-map" and precision != "float32":
            raise ValueError(f"precision {precision} belongs to max-log: set algorithm: max-log")
        self.algorithm, self.precision = algorithm, precision
        self._reads = reads_of(precision, llr_scale)
        self._lanes: list[LaneTrellis] | None = None
        self._couples: tuple[KernelTrellis, KernelTrellis] | None = None
        assert isinstance(code, TurboCode)
        self._turbo = code
        if exchange != "bits":
            self._couples = couple_trellises(code, exact=algorithm == "log-map")
        lanes = [lane_trellis(each.circuit, precision) for each in code.encoders]
        straight = all(each.termination != "tail-biting" for each in code.encoders)
        if algorithm == "max-log" and straight and all(lanes):
            self._lanes = [each for each in lanes if each is not None]
        if precision != "float32" and self._lanes is None:
            raise ValueError(
                f"precision {precision} is for constituents with one input, at most 16 states and no "
                "tail-biting: leave it out"
            )
        if window is not None:
            window = whole_number(window, "window")
            if algorithm == "log-map":
                raise ValueError("window belongs to max-log: leave it out, or set algorithm: max-log")
            if self._lanes is None:
                raise ValueError(
                    "window is for constituents with one input, at most 16 states and no tail-biting: leave "
                    "it out"
                )
            if not 64 <= window <= 4096 or window & (window - 1):
                raise ValueError(f"window must be a power of two from 64 to 4096, got {window}")
        self._window = window

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes turbo codes."""
        return None if isinstance(code, TurboCode) else f"turbo decodes turbo codes, not {code!r}"

    @property
    def reads(self) -> Reads:
        """LLRs: float32 up to a magnitude of 16384, or fixed point of ``llr_scale`` steps to one unit."""
        return self._reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        if self.lacks is not None:
            raise ValueError(self.lacks)
        self.check_given(given)
        if self._stop == "none":
            slots = np.full(2 * self.iterations, -1, np.int32)
            slots[1::2] = np.arange(self.iterations) if self.counted_iterations else -1
            slots[-1] = max(self.counted_iterations - 1, 0)
            after, open_after = self._all_iterations(given, slots)
            bits, open_ = after[-1], open_after[-1]
            ok, spent = np.ones(given.frames, np.bool_), np.full(given.frames, self.iterations, np.int32)
        else:
            stopping = Stopping(
                self.run,
                self.rows,
                self._scales,
                self._check,
                self.code.k,
                self.counted_iterations,
                self._received(given),
                given.frames,
            )
            bits, open_, ok, spent = stopping.decode()
            after, open_after = stopping.after, stopping.open_after
        ok &= frames_without(open_ if open_.any() else None, given.frames)
        positions = np.arange(self.code.k)
        if not self.counted_iterations:
            break_ties(bits, open_, positions, given.frames, stream)
            return GroupResult(bits, ok, spent)
        before = after[:-1], open_after[:-1]
        stages = decisions_after(*before, bits, open_, spent, positions, stream)
        return GroupResult(stages[-1], ok, spent, after_iterations=stages)

    def constituents(self) -> tuple[Constituent, ...]:
        """``bcjr`` of the two encoders, with their part of the scales.

        None where what they tell each other is not of bits, but of symbols.
        """
        if self._couples is not None:
            return ()
        code, made = self._turbo, []
        first = code.encoders[0]
        known = code.positions[0][: first.steps, : first.circuit.inputs].ravel()
        orders = np.arange(code.k), code.interleaver
        for which, (encoder, positions) in enumerate(zip(code.encoders, code.positions, strict=True)):
            received = known[orders[which]]
            own = positions.copy()
            own[: encoder.steps, : encoder.circuit.inputs] = received.reshape(encoder.steps, -1)
            decoder = BCJRDecoder(EncoderCode(encoder), algorithm=self.algorithm)
            scales = tuple(self._scales[which::2].tolist())
            made.append(Constituent(decoder, own.ravel(), orders[which], received, scales=scales))
        return tuple(made)

    def _received(self, given: GroupInput) -> npt.NDArray[Any]:
        """The LLRs, with what stands behind them, see ``TurboRows``."""
        llr = given.llr
        assert llr is not None
        if llr.dtype == np.float32 and self.algorithm == "max-log":
            llr = on_grid(llr, any_level=True, alone=True)
        return self.rows.received(llr)

    def _all_iterations(self, given: GroupInput, slots: Numbers) -> tuple[Words, Words]:
        llr = self._received(given)
        shape = (int(slots.max()) + 1, len(llr), self.code.k)
        bits, undecided = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        value = np.empty((1, self.rows.sources.size, GROUP), llr.dtype)
        factors = np.broadcast_to(self._scales[:, None, None], (len(slots), 1, GROUP))
        self.run(llr, value, 0, slots, factors, bits, undecided)
        return bits, undecided

    def run(
        self,
        llr: npt.NDArray[Any],
        value: npt.NDArray[Any],
        first: int,
        slots: Numbers,
        scales: npt.NDArray[np.float64],
        bits: Words,
        undecided: Words,
    ) -> None:
        """Half-iterations from number ``first`` on, see ``turbo_kernels.decode_in_registers``."""
        factors, roundings = _factors(scales, self.precision)
        last = 2 * self.iterations - 1 if self._stop == "none" else -1
        received = llr, value, self.rows.sources, self.rows.indices
        halves = first, slots, factors, roundings
        results = last, bits, undecided
        if self._lanes is not None:
            self._in_registers(self._lanes, received, halves, results)
        elif self._couples is not None:
            self._by_couples(self._couples, received, halves, results)
        else:
            self._by_tables(received, halves, results)

    def _in_registers(self, lanes: list[LaneTrellis], received: Any, halves: Any, results: Any) -> None:
        steps = self._turbo.encoders[0].steps
        far = max((each.far for each in lanes), key=lambda each: float(each[0]))
        decode_in_registers(
            tuple(each.kernel for each in lanes),
            max(each.kernel.states for each in lanes),
            *received,
            tuple(each.termination == "zero" for each in self._turbo.encoders),
            steps,
            min(each.window(steps) for each in lanes)
            if self._window is None
            else min(self._window, 1 << max(steps - 1, 1).bit_length()),
            0 if self._window is None else TRAINING,
            min(each.block for each in lanes),
            far,
            *halves,
            far.dtype.type(self._reads.limit),
            *results,
        )

    def _by_couples(
        self, trellises: tuple[KernelTrellis, KernelTrellis], received: Any, halves: Any, results: Any
    ) -> None:
        encoders, exact = self._turbo.encoders, self.algorithm == "log-map"
        decode_by_couples(
            trellises,
            (trellises[0].states, trellises[1].states),
            True if exact else None,
            tuple(each.termination == "zero" for each in encoders),
            tuple(each.termination == "tail-biting" for each in encoders),
            encoders[0].steps,
            *received,
            AROUND,
            0 if exact else BLOCK - 1,
            ROUNDING if exact else NO_ROUNDING,
            np.array([1e30, 0], np.float32),
            *halves,
            np.float32(self._reads.limit),
            *results,
        )

    def _by_tables(self, received: Any, halves: Any, results: Any) -> None:
        encoders, exact = self._turbo.encoders, self.algorithm == "log-map"
        window = window_of(max(each.all_steps for each in encoders))
        rooms = zip(self._tables, encoders, strict=True)
        circular = any(each.termination == "tail-biting" for each in encoders)
        decode_by_tables(
            self._tables,
            True if exact else None,
            tuple(ENDINGS[each.termination] for each in encoders),
            1 if circular else None,
            encoders[0].steps,
            *received,
            window,
            max(rows_of_room(each, encoder.all_steps, window) for each, encoder in rooms),
            ROUNDING if exact else NO_ROUNDING,
            np.array([1e30, 0, 0], np.float32),
            *halves,
            np.float32(self._reads.limit),
            *results,
        )

    @cached_property
    def _tables(self) -> tuple[Any, Any]:
        first, second = (trellis_tables(each.circuit.trellis) for each in self._turbo.encoders)
        return first, second

    @cached_property
    def rows(self) -> TurboRows:
        """The rows that kernels work on."""
        if self._couples is not None:
            return rows_of_couples(self._turbo)
        return rows_of_bits(self._turbo, tails=self._lanes is not None)


def _factors(scales: npt.NDArray[np.float64], precision: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What ``scaled_by`` takes."""
    if precision == "float32":
        factors: npt.NDArray[Any] = np.ascontiguousarray(scales, np.float32)
        return factors, factors
    whole = np.ascontiguousarray(np.rint(scales * 2**14), np.int32)
    if precision == "int16":
        return whole, np.full_like(whole, 1 << 13)
    return whole.astype(np.int16), np.rint(2**15 / whole).astype(np.int16)
