"""Sequential decoding of polar and PAC codes: one path at a time, by a stack or by Fano's algorithm."""

import math
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GroupInput, Words, all_erased
from .....vectors.llr_grid import on_grid
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....tie_breaking import BitStream
from ...construction.gaussian_approximation import mean_llrs
from ...polar import PolarCode
from ..parameters import BoxPlus, check_box_plus
from ..preferred import preferred_word
from ..program import node_program
from .sequential_kernels import decode_fano, decode_stack

#: Most nodes that are visited in a frame, unless one asks for others; most entries of a stack.
VISITS, MAX_VISITS, MAX_SIZE = 100_000, 10**9, 1 << 16

#: Float64 of any shape.
Values = npt.NDArray[np.float64]


class SequentialDecoder(Decoder):
    """What both have in common: a code with kernels of size 2, LLRs and the counter ``visits`` of nodes."""

    counters = ("visits",)

    code: PolarCode

    def __init__(self, code: Code, box_plus: BoxPlus) -> None:
        super().__init__(code)
        assert isinstance(code, PolarCode)
        check_box_plus(box_plus)
        #: The parameter of this name.
        self.box_plus = box_plus
        word, _ = preferred_word(code)
        program = node_program(code)
        self._preferred: Words = np.uint64(0) - word.astype(np.uint64)
        self._tables = (word.view(np.bool_), code.frozen.copy(), program.sources, program.first_source)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes of kernels of size 2."""
        if not isinstance(code, PolarCode):
            return f"sequential decoding takes polar codes, not {code!r}: use {code.default_decoder}"
        return None if code.binary_kernels else "sequential decoding takes kernels of size 2: use scl"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = given.soft()
        if self.box_plus == "min-sum":
            llr = on_grid(llr, any_level=True, alone=True)
        words = np.zeros((len(llr), self.code.n), np.uint64)
        visits, ended = np.zeros(given.frames, np.int32), np.ones(given.frames, np.bool_)
        self._search(llr, given.frames, words, visits, ended, True if self.box_plus == "exact" else None)
        words ^= self._preferred
        bits = self.code.information_words(words)
        return GroupResult(bits, ended & ~all_erased(given), counters={"visits": visits})

    def _search(self, llr: Any, frames: int, words: Words, visits: Any, ended: Any, exact: Any) -> None:
        raise NotImplementedError


class StackDecoder(SequentialDecoder):
    """Extends the most likely of the paths on a stack, until the most likely one is complete.

    K. Niu and K. Chen, "Stack decoding of polar codes", 2012. As the metric of a path, minus the logarithm
    of its probability, never falls, the first complete path on top is the most likely of all: unless the
    stack or ``list`` left it out. At high SNR few paths are extended.

    Parameters
    ----------
    code
        A polar code with kernels of size 2; dynamic frozen bits are welcome.
    list
        How often a path is extended at each position, from 1 to 2^20: then paths that are no longer are
        dropped. 1 is successive cancellation.
    size
        Paths on the stack, from 2 to 65536. Where there are more, the least likely is dropped.
    box_plus
        ``exact`` or ``min-sum``.

    Notes
    -----
    The counter ``visits`` is how many paths were extended by a position. ``ok`` is whether not all of a frame
    was erased; ties are decided for a fixed codeword that looks random.

    Raises
    ------
    ValueError
        If the code is no such polar code, or a parameter is outside its range.

    Examples
    --------
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> StackDecoder(code).decode([-4.0, -4.0, 1.0, -4.0, 4.0, 4.0, 4.0, 4.0]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = (
        {},
        {
            "code": {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller", "convolution": 133},
            "list": 8,
            "size": 64,
            "box_plus": "min-sum",
        },
    )

    def __init__(self, code: Code, *, list: int = 32, size: int = 1024, box_plus: BoxPlus = "exact") -> None:
        super().__init__(code, box_plus)
        #: The parameters of these names.
        self.list, self.size = whole_number(list, "list"), whole_number(size, "size")
        if not 1 <= self.list <= 1 << 20:
            raise ValueError(f"list must lie in 1 to {1 << 20}, got {list}")
        if not 2 <= self.size <= MAX_SIZE:
            raise ValueError(f"size must lie in 2 to {MAX_SIZE}, got {size}")

    def _search(self, llr: Any, frames: int, words: Words, visits: Any, ended: Any, exact: Any) -> None:
        decode_stack(llr, frames, *self._tables, self.size, self.list, words, visits, exact)


class FanoDecoder(SequentialDecoder):
    """Follows one path as long as its metric stays above a threshold, goes back where it falls below.

    E. Arikan, "From sequential decoding to channel polarization and back again", 2019; M. Rowshan, A. Burg
    and E. Viterbo, "Polarization-adjusted convolutional (PAC) codes: sequential decoding vs list decoding",
    2021; R. M. Fano, "A heuristic discussion of probabilistic decoding", 1963.

    Parameters
    ----------
    code
        A polar code with kernels of size 2; dynamic frozen bits are welcome.
    delta
        The step of the threshold, in bits, above 0.
    design_ebno_db
        Of the AWGN channel for which the bias is made, Eb/N0 in dB with the code's own rate, from -20 to 40.
        If it is left out, the channel whose cutoff rate is the code's rate.
    visits
        The most nodes visited in a frame, from 1 to 10^9. The path is then completed by successive
        cancellation, and the frame is not ``ok``.
    box_plus
        ``exact`` or ``min-sum``.

    Notes
    -----
    At each position a path gains 1 - log2(1 + exp(-x)) bits, x being the LLR of the bit that it takes, less
    the bias: the cutoff rate of the bit channel, 1 - log2(1 + Z), by the Gaussian approximation (M. Moradi,
    "On sequential decoding metric function of polarization-adjusted convolutional codes", 2021). So right
    paths gain in the mean, and wrong ones lose. The counter ``visits`` is how many nodes were visited, each
    as often as that was.

    Raises
    ------
    ValueError
        If the code is no such polar code, or a parameter is outside its range.

    Examples
    --------
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> FanoDecoder(code).decode([-4.0, -4.0, 1.0, -4.0, 4.0, 4.0, 4.0, 4.0]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = (
        {},
        {
            "code": {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller", "convolution": 133},
            "delta": 1,
            "design_ebno_db": 2.35,
            "visits": 5000,
            "box_plus": "min-sum",
        },
    )

    def __init__(
        self,
        code: Code,
        *,
        delta: float = 2.0,
        design_ebno_db: float | None = None,
        visits: int = VISITS,
        box_plus: BoxPlus = "exact",
    ) -> None:
        super().__init__(code, box_plus)
        #: The parameters of these names.
        self.delta, self.visits, self.design_ebno_db = float(delta), whole_number(visits, "visits"), None
        if not 0 < self.delta <= 1e6:
            raise ValueError(f"delta must lie in (0, 1e6], got {delta}")
        if not 1 <= self.visits <= MAX_VISITS:
            raise ValueError(f"visits must lie in 1 to {MAX_VISITS}, got {visits}")
        if design_ebno_db is not None and not -20 <= design_ebno_db <= 40:
            raise ValueError(f"design_ebno_db must lie in -20 to 40, got {design_ebno_db:g}")
        if design_ebno_db is None:
            # 1 - log2(1 + exp(-Es/N0)) is the rate.
            esno = min(-math.log(max(2 ** (1 - code.rate) - 1, 1e-4)), 10.0)
        else:
            esno = code.rate * 10 ** (design_ebno_db / 10)
        self.bias = cutoff_rates(self.code, esno)

    def _search(self, llr: Any, frames: int, words: Words, visits: Any, ended: Any, exact: Any) -> None:
        decode_fano(
            llr, frames, *self._tables, self.bias, self.delta, self.visits, words, visits, ended, exact
        )


def cutoff_rates(code: PolarCode, esno: float) -> Values:
    """Cutoff rates of the bit channels over AWGN with BPSK, float64 (n), by the Gaussian approximation."""
    means = np.exp(mean_llrs(np.log(np.full(code.n, 4 * esno)), code.kernels))
    # Of a Gaussian LLR of mean m and variance 2 m the Bhattacharyya parameter is exp(-m / 4).
    rates: Values = 1 - np.log2(1 + np.exp(-means / 4))
    return rates
