"""Belief propagation for codes over GF(2^m).

M. C. Davey and D. J. C. MacKay, "Low-density parity check codes over GF(q)", 1998; checks by Fourier
transforms and extended min-sum after D. Declercq and M. Fossorier, "Decoding algorithms for nonbinary LDPC
codes over GF(q)", 2007; sums of two lists at a time after A. Voicila, D. Declercq, F. Verdier, M. Fossorier
and P. Urard, "Low-complexity decoding for non-binary LDPC codes in high order fields", 2010.
"""

from typing import Any, ClassVar, Literal

import numpy as np

from ....vectors.group_kernels import MESSAGE_MAX
from ....vectors.groups import GroupInput, Reads
from ....vectors.packed_kernels import pack_decisions
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decoder import Decoder, GroupResult, iterations_within
from ...examples import Examples
from ...tie_breaking import BitStream, break_ties
from .fourier_kernels import propagate_symbols
from .nonbinary import NonBinaryLDPCCode
from .truncated_kernels import propagate_lists

#: Most entries of a column: the product of so many messages of mean 1 stays below 2^127.
MAX_WEIGHT = 15
#: Values that a message of extended min-sum holds unless one asks for others.
KEPT = 16


class NonBinaryBPDecoder(Decoder):
    """Iterative decoding with a distribution over all values of a symbol in each message.

    Parameters
    ----------
    code
        A code over GF(2^m).
    algorithm
        ``fft-spa``: sum-product, with checks by the Walsh-Hadamard transform. ``extended-min-sum``: sums of
        logarithms, and in messages no more than ``kept`` values of a symbol, see the notes.
    schedule
        ``flooding``: all checks from the same values. ``layered``: check by check in the order of the
        rows, each from the newest values, which takes a third fewer iterations.
    iterations
        The most iterations, from 1 to 100,000.
    stop
        ``syndrome``: a frame ends as soon as the most likely values of its symbols are a codeword, before the
        first iteration too. ``none``: every frame takes all iterations.
    kept
        For extended min-sum: the values of a symbol that a message holds (n_m in the literature), from 1 to
        2^m; by default 16, or all if these are fewer.
    scale, offset
        For extended min-sum: what messages of checks are multiplied by, in (0, 1], and what values that they
        do not hold cost beyond the last that they hold, from 0 to 1000 in units of the LLR, by default 1.

    Notes
    -----
    The probabilities of a symbol received are the products of those of its bits, as over every channel whose
    LLRs of bits are independent: binary ones, and BPSK and QPSK. With other modulations the bits of a label
    depend on each other, and what is decoded is the code with bit-interleaved coded modulation.

    Decisions are made symbol by symbol, for the value that is most likely. Where another is as likely, to
    1 in 10,000, the bits in which they differ are undecided, and the frame is not ``ok``.

    Probabilities are float32: a value counts as at least exp(-50) times as likely as the most likely one by
    what was received, and as 2^-26 of all together by the message of a check.

    In extended min-sum a message is the costs of values, the logarithms of their probabilities with the sign
    changed, above the least one. The inputs of a check are cut to the ``kept`` values of least cost, and so
    are the sums of inputs that it makes one after the other, from the first on and from the last on: a sum
    costs as much as the best pair of values. Frames are decoded one by one, which takes far longer than
    ``fft-spa`` here: it tells what hardware would lose. Over GF(64) with four columns a row, 16 values and an
    offset of 1 made one and a half times as many frame errors as ``fft-spa``, and an offset of 0 three times.

    Raises
    ------
    ValueError
        If the code is another, has more than 15 entries in a column, or a parameter is outside its range.
    """

    examples: ClassVar[Examples] = (
        {},
        {"schedule": "layered", "iterations": 8},
        {"algorithm": "extended-min-sum", "kept": 3, "iterations": 8},
    )

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal["fft-spa", "extended-min-sum"] = "fft-spa",
        schedule: Literal["flooding", "layered"] = "flooding",
        iterations: int = 50,
        stop: Literal["syndrome", "none"] = "syndrome",
        kept: int | None = None,
        scale: float = 1,
        offset: float | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, NonBinaryLDPCCode)
        for name, value, allowed in (
            ("algorithm", algorithm, ("fft-spa", "extended-min-sum")),
            ("schedule", schedule, ("flooding", "layered")),
            ("stop", stop, ("syndrome", "none")),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
        iterations = iterations_within(iterations)
        #: Values of a symbol in a message, and what checks do to their messages, for extended min-sum.
        self.kept, self.scale, self.offset = self._truncation(algorithm, kept, scale, offset, code)
        #: The parameters of these names.
        self.algorithm, self.schedule, self.iterations, self.stop = algorithm, schedule, iterations, stop
        self._code, matrix = code, code.matrix
        self._tables = (
            matrix.column_start,
            matrix.row_start,
            matrix.by_row,
            matrix.columns.astype(np.int32),
            matrix.coefficients,
        )
        elements = np.arange(matrix.field.order + 1, dtype=np.int32)
        self._product = np.asarray(matrix.field.multiply(elements[:, None], elements), np.int32)

    @staticmethod
    def _truncation(
        algorithm: str, kept: int | None, scale: float, offset: float | None, code: NonBinaryLDPCCode
    ) -> tuple[int, float, float]:
        """Kept values, scale and offset; raises ValueError."""
        q = 1 << code.symbol_bits
        if algorithm != "extended-min-sum":
            for name, given in (
                ("kept", kept is not None),
                ("scale", scale != 1),
                ("offset", offset is not None),
            ):
                if given:
                    raise ValueError(
                        f"{name} belongs to extended-min-sum: leave it out, or set it as the algorithm"
                    )
        kept = min(KEPT, q) if kept is None else whole_number(kept, "kept")
        if not 1 <= kept <= q:
            raise ValueError(f"kept must lie in 1 to {q}, the values of a symbol, got {kept}")
        if not 0 < scale <= 1:
            raise ValueError(f"scale must lie in (0, 1], got {scale}")
        offset = 1.0 if offset is None else offset
        if not 0 <= offset <= 1000:
            raise ValueError(f"offset must lie in 0 to 1000, got {offset}")
        return kept, float(scale), float(offset)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes codes over GF(2^m) with at most 15 entries in a column."""
        if not isinstance(code, NonBinaryLDPCCode):
            return f"nonbinary-bp decodes LDPC codes over GF(2^m), of type nonbinary-ldpc, not {code!r}"
        largest = int(np.diff(code.matrix.column_start).max())
        if largest > MAX_WEIGHT:
            return f"nonbinary-bp takes up to {MAX_WEIGHT} entries in a column, {code!r} has {largest}"
        return None

    @property
    def reads(self) -> Reads:
        """LLRs, float32 up to a magnitude of 16384."""
        return Reads(limit=float(MESSAGE_MAX))

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr: Any = given.llr
        code, frames = self._code, given.frames
        decisions = np.zeros(llr.shape, np.int8)
        ok, spent = np.empty(frames, np.bool_), np.empty(frames, np.int32)
        graph = llr, frames, self._tables, self._product, code.symbol_bits, self.schedule == "flooding"
        rest = self.iterations, self.stop == "syndrome", decisions, ok, spent
        if self.algorithm == "fft-spa":
            propagate_symbols(*graph, *rest)
        else:
            propagate_lists(*graph, self.kept, np.float32(self.scale), np.float32(self.offset), *rest)
        bits, undecided = np.empty((len(llr), code.n), np.uint64), np.empty((len(llr), code.n), np.uint64)
        tied = undecided if pack_decisions(decisions, bits, undecided) else None
        break_ties(bits, tied, np.arange(code.n), frames, stream)
        return GroupResult(code.information_words(bits), ok, spent)
