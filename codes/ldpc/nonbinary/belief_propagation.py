"""Belief propagation for codes over GF(2^m).

M. C. Davey and D. J. C. MacKay, "Low-density parity check codes over GF(q)", 1998; checks by Fourier
transforms after D. Declercq and M. Fossorier, "Decoding algorithms for nonbinary LDPC codes over GF(q)",
2007, section III.
"""

from typing import Any, ClassVar, Literal

import numpy as np

from ....vectors.group_kernels import MESSAGE_MAX
from ....vectors.groups import GroupInput, Reads
from ....vectors.packed_kernels import pack_decisions
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...tie_breaking import BitStream, break_ties
from .fourier_kernels import propagate_symbols
from .nonbinary import NonBinaryLDPCCode

#: Largest number of iterations, so that every frame ends.
MAX_ITERATIONS = 100_000
#: Most entries of a column: the product of so many messages of mean 1 stays below 2^127.
MAX_WEIGHT = 15


class NonBinaryBPDecoder(Decoder):
    """Iterative decoding with a distribution over all values of a symbol in each message.

    Parameters
    ----------
    code
        A code over GF(2^m).
    algorithm
        ``fft-spa``: sum-product, with checks by the Walsh-Hadamard transform.
    schedule
        ``flooding``: all checks from the same values. ``layered``: check by check in the order of the
        rows, each from the newest values, which takes about half as many iterations.
    iterations
        The most iterations, from 1 to 100,000.
    stop
        ``syndrome``: a frame ends as soon as the most likely values of its symbols are a codeword, before the
        first iteration too. ``none``: every frame takes all iterations.

    Notes
    -----
    The probabilities of a symbol received are the products of those of its bits, as over every channel whose
    LLRs of bits are independent: binary ones, and BPSK and QPSK. With other modulations the bits of a label
    depend on each other, and what is decoded is the code with bit-interleaved coded modulation.

    Decisions are made symbol by symbol, for the value that is most likely. Where another is as likely, to
    1 in 10,000, the bits in which they differ are undecided, and the frame is not ``ok``.

    Probabilities are float32: a value counts as at least exp(-50) times as likely as the most likely one by
    what was received, and as 2^-26 of all together by the message of a check.

    Raises
    ------
    ValueError
        If the code is another, has more than 15 entries in a column, or a parameter is outside its range.
    """

    examples: ClassVar[Examples] = ({}, {"schedule": "layered", "iterations": 8})

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal["fft-spa"] = "fft-spa",
        schedule: Literal["flooding", "layered"] = "flooding",
        iterations: int = 50,
        stop: Literal["syndrome", "none"] = "syndrome",
    ) -> None:
        super().__init__(code)
        assert isinstance(code, NonBinaryLDPCCode)
        for name, value, allowed in (
            ("algorithm", algorithm, ("fft-spa",)),
            ("schedule", schedule, ("flooding", "layered")),
            ("stop", stop, ("syndrome", "none")),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
        iterations = whole_number(iterations, "iterations")
        if not 1 <= iterations <= MAX_ITERATIONS:
            problem = "at least 1" if iterations < 1 else f"at most {MAX_ITERATIONS}"
            raise ValueError(f"iterations must be {problem}, got {iterations}")
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
        propagate_symbols(
            llr,
            frames,
            self._tables,
            self._product,
            code.symbol_bits,
            self.schedule == "flooding",
            self.iterations,
            self.stop == "syndrome",
            decisions,
            ok,
            spent,
        )
        bits, undecided = np.empty((len(llr), code.n), np.uint64), np.empty((len(llr), code.n), np.uint64)
        tied = undecided if pack_decisions(decisions, bits, undecided) else None
        break_ties(bits, tied, np.arange(code.n), frames, stream)
        return GroupResult(code.information_words(bits), ok, spent)
