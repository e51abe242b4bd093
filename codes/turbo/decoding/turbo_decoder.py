"""Iterative decoding of turbo codes.

C. Berrou, A. Glavieux and P. Thitimajshima, "Near Shannon limit error-correcting coding and decoding: turbo
codes", 1993; J. Vogt and A. Finger, "Improving the max-log-MAP turbo decoder", 2000, for scaled extrinsic
LLRs; R. Y. Shao, S. Lin and M. P. C. Fossorier, "Two simple stopping criteria for turbo decoding", 1999, for
agreeing hard decisions.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import GroupInput, Reads, Words, frame_flags, groups_of
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
from .turbo_kernels import decode_by_tables, decode_in_registers, move_bits, move_frames
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
#: Information bits that a stop rule looks at together, at least: there are as many lanes for them.
TOGETHER = 1 << 20
#: Lanes take frames when one in so many is free.
FEWEST_FREE = 8

_Flags = npt.NDArray[np.bool_]
#: Decisions, ties, whether the stop rule was fulfilled, iterations.
_Outcome = tuple[Words, Words, _Flags, npt.NDArray[np.int32]]


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
            stopping = _Stopping(self, self._received(given), given.frames)
            bits, open_, ok, spent = stopping.run()
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

    def fulfilled(self, bits: Words, undecided: Words, before: Words | None, lanes: int) -> _Flags:
        """Whether the stop rule is fulfilled in each lane, by decisions and those before; one a lane."""
        untied = frames_without(undecided, lanes)
        if self._check is not None:
            accepted: _Flags = untied & frame_flags(self._check.accepts(bits), lanes)
            return accepted
        if before is None:
            return np.zeros(lanes, np.bool_)
        agreed: _Flags = untied & frames_without(bits ^ before, lanes)
        return agreed

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


@dataclass(eq=False)
class _Stopping:
    """Decodes frames until each one's stop rule is fulfilled; lanes that are free take the next frames."""

    decoder: TurboDecoder
    received: npt.NDArray[Any]
    frames: int

    def __post_init__(self) -> None:
        decoder, k = self.decoder, self.decoder.code.k
        groups = min(len(self.received), max(1, TOGETHER // (GROUP * k)))
        self.llr = np.zeros((groups, *self.received.shape[1:]), self.received.dtype)
        most = max(self.received.shape[1], decoder.rows.sources.size)
        self.all_rows = np.arange(most, dtype=np.int32)
        self.value = np.zeros((groups, decoder.rows.sources.size, GROUP), self.received.dtype)
        #: The frame of each lane, -1 if it is free, and the half-iterations it has had.
        self.frame = np.full(groups * GROUP, -1, np.int64)
        self.had = np.zeros(groups * GROUP, np.int64)
        self.next_frame = 0
        shape = (len(self.received), k)
        self.bits, self.undecided = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        self.ok, self.spent = np.zeros(self.frames, np.bool_), np.zeros(self.frames, np.int32)
        #: The same after each iteration, of frames that had not ended with it, if iterations are counted.
        self.after = np.zeros((decoder.counted_iterations, *shape), np.uint64)
        self.open_after = np.zeros_like(self.after)

    def run(self) -> _Outcome:
        """What comes out of all frames."""
        halves, half = 2 * self.decoder.iterations, 0
        before: Words | None = None
        while True:
            if half % 2 == 0:
                self._take_frames()
                if (self.frame < 0).all():
                    return self.bits, self.undecided, self.ok, self.spent
                before = self._compact(before)
            scales = self.decoder._scales[np.minimum(self.had, halves - 1)].reshape(1, -1, GROUP)
            shape = (1, len(self.llr), self.decoder.code.k)
            bits, open_ = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
            # Which decoder it is follows from the number; values have been begun.
            self.decoder.run(self.llr, self.value, 2 + half % 2, np.zeros(1, np.int32), scales, bits, open_)
            self.had[self.frame >= 0] += 1
            fulfilled = self.decoder.fulfilled(bits[0], open_[0], before, len(self.frame))
            # A frame that is new has no decisions of its own before the first ones.
            fulfilled &= (self.had > 1) | (self.decoder._check is not None)
            if half % 2 == 1 and len(self.after):
                self._keep(bits[0], open_[0])
            self._retire(bits[0], open_[0], fulfilled, halves)
            before, half = bits[0], half + 1

    def _take_frames(self) -> None:
        """Let free lanes take frames."""
        free = np.flatnonzero(self.frame < 0)
        if FEWEST_FREE * len(free) < len(self.frame):
            return
        count = min(len(free), self.frames - self.next_frame)
        lanes = free[:count]
        taken = np.arange(self.next_frame, self.next_frame + count)
        move_frames(self.received, self.llr, self.all_rows[: self.llr.shape[1]], taken, lanes)
        move_frames(self.llr, self.value, self.decoder.rows.sources, lanes, lanes)
        self.frame[lanes], self.had[lanes] = taken, 0
        self.next_frame += count

    def _compact(self, before: Words | None) -> Words | None:
        """When there are no more, put frames into as few groups as they need.

        Those in groups behind move into lanes that are free.
        """
        groups = groups_of(int(np.count_nonzero(self.frame >= 0)))
        kept = groups * GROUP
        if self.next_frame < self.frames or kept == len(self.frame):
            return before
        origins = kept + np.flatnonzero(self.frame[kept:] >= 0)
        targets = np.flatnonzero(self.frame[:kept] < 0)[: len(origins)]
        for each in (self.llr, self.value):
            move_frames(each, each, self.all_rows[: each.shape[1]], origins, targets)
        self.llr, self.value = self.llr[:groups], self.value[:groups]
        self.frame[targets], self.had[targets] = self.frame[origins], self.had[origins]
        self.frame, self.had = self.frame[:kept], self.had[:kept]
        if before is None:
            return None
        move_bits(before, before, origins, targets)
        return np.ascontiguousarray(before[:groups])

    def _keep(self, bits: Words, undecided: Words) -> None:
        """Keep the decisions after an iteration, which lanes are in different ones of."""
        busy = np.flatnonzero(self.frame >= 0)
        for iteration in np.unique(self.had[busy] // 2).tolist():
            lanes = busy[self.had[busy] // 2 == iteration]
            move_bits(bits, self.after[iteration - 1], lanes, self.frame[lanes])
            move_bits(undecided, self.open_after[iteration - 1], lanes, self.frame[lanes])

    def _retire(self, bits: Words, undecided: Words, fulfilled: npt.NDArray[np.bool_], halves: int) -> None:
        """Keep what came out of frames that are done, and free their lanes."""
        lanes = np.flatnonzero((self.frame >= 0) & (fulfilled | (self.had >= halves)))
        frames = self.frame[lanes]
        move_bits(bits, self.bits, lanes, frames)
        if undecided.any():
            move_bits(undecided, self.undecided, lanes, frames)
        self.ok[frames], self.spent[frames] = fulfilled[lanes], (self.had[lanes] + 1) // 2
        self.frame[lanes] = -1


def _factors(scales: npt.NDArray[np.float64], precision: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What ``scaled_by`` takes."""
    if precision == "float32":
        factors: npt.NDArray[Any] = np.ascontiguousarray(scales, np.float32)
        return factors, factors
    whole = np.ascontiguousarray(np.rint(scales * 2**14), np.int32)
    if precision == "int16":
        return whole, np.full_like(whole, 1 << 13)
    return whole.astype(np.int16), np.rint(2**15 / whole).astype(np.int16)
