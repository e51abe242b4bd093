"""Algebraic list decoding of Reed-Solomon codes, of hard decisions and of soft ones.

V. Guruswami and M. Sudan, "Improved decoding of Reed-Solomon and algebraic-geometry codes", 1999; R. Koetter
and A. Vardy, "Algebraic soft-decision decoding of Reed-Solomon codes", 2003.
"""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.groups import SOFT, GroupInput, all_erased
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....tie_breaking import BitStream, hard_words
from ...symbols.reed_solomon import ReedSolomonCode
from ..symbol_tables import SymbolTables
from .list_kernels import LAST, STEPS, decode_list

#: Longest word in symbols, before extension.
MAX_N = 63
#: Largest field, since each of its elements is tried as a root.
MAX_Q = 256
#: Most steps that interpolation for one word may take, which are some nanoseconds each.
MAX_STEPS = 1 << 28
#: Steps of the tables of logarithms to 1, coarse enough for these to be the same everywhere.
GRID = 1 << 20


class _ListDecoder(Decoder):
    """What the two decoders share: all but the multiplicities."""

    reads = SOFT
    _soft: ClassVar[bool]
    _name: ClassVar[str]

    def __init__(self, code: Code, *, multiplicity: int = 4) -> None:
        super().__init__(code)
        assert isinstance(code, ReedSolomonCode)
        self._code = code
        self.multiplicity = whole_number(multiplicity, "multiplicity")
        if self.multiplicity < 1:
            raise ValueError(f"multiplicity must be at least 1, got {multiplicity}")
        if _steps(code, self.multiplicity) > MAX_STEPS:
            most = next(m for m in range(self.multiplicity, 0, -1) if _steps(code, m) <= MAX_STEPS)
            raise ValueError(
                f"multiplicity must be at most {most} for {code.length} symbols, {code.dimension} of "
                f"information: {self.multiplicity} takes {_steps(code, self.multiplicity):.1e} steps a word"
            )
        self._tables = SymbolTables.of(code)
        self._evaluation = _evaluation(code)
        equations, weight = _equations(code, self.multiplicity), _weight(code)
        highest = _least_degree(equations, weight) // weight
        width = code.length * self.multiplicity + (weight + 1) * highest + 2
        self._shape = np.array([weight, highest + 1, width, code.dimension])
        self._logs = _logs(equations)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes Reed-Solomon codes of up to 63 symbols, over GF(256) at most."""
        if not isinstance(code, ReedSolomonCode):
            return f"{cls._name} decodes Reed-Solomon codes, not {code!r}: use ml or bp"
        if code.length - code.extended > MAX_N or code.field.order >= MAX_Q:
            return (
                f"{cls._name} interpolates a polynomial through all symbols of a word, which takes the "
                f"square of their number: up to n = {MAX_N} symbols of 8 bits, not {code.length} of "
                f"{code.symbol_bits}: use gmd or bounded-distance"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        words, _ = hard_words(given.soft(), given.frames, stream)
        ok, listed = np.empty(given.frames, np.bool_), np.empty(given.frames, np.int32)
        tables = self._tables
        decode_list(
            given.llr,
            words,
            given.frames,
            tables.numbers,
            tables.tables,
            self._evaluation,
            self._shape,
            self.multiplicity,
            self._soft,
            _equations(self._code, self.multiplicity),
            self._logs,
            ok,
            listed,
        )
        return GroupResult(
            self._code.information_words(words), ok & ~all_erased(given), counters={"listed": listed}
        )


class GuruswamiSudanDecoder(_ListDecoder):
    """All codewords within a radius beyond half the minimum distance, of which the likeliest is taken.

    A polynomial Q(x, y) that vanishes at the received symbols, as often as ``multiplicity`` says, has the
    factor y - f(x) for every codeword within ``radius`` symbol errors. With large multiplicities that is
    n - 1 - sqrt(n (k - 1)), rounded down. Symbols with a bit of LLR 0 are erasures, and no points. What
    bounded-distance decoding finds joins the list. The LLRs choose from the list. ``ok`` is False where it is
    empty, and the word then as the hard decisions have it, and where two are as likely. The counter
    ``listed`` adds up the lengths of lists.

    Parameters
    ----------
    code
        A Reed-Solomon code of up to 63 symbols over GF(256) at most.
    multiplicity
        From 1 on; cost grows with its fourth power.

    Raises
    ------
    ValueError
        If it is another code, or the multiplicity would take more than 2^28 steps a word.
    """

    counters = ("listed",)
    examples: ClassVar[Examples] = ({"multiplicity": 2},)
    _soft, _name = False, "guruswami-sudan"

    @property
    def radius(self) -> int:
        """Symbol errors up to which every codeword is in the list."""
        code = self._code
        degree = _least_degree(_equations(code, self.multiplicity), _weight(code))
        return max(code.length - degree // self.multiplicity - 1, 0)


class KoetterVardyDecoder(_ListDecoder):
    """Guruswami-Sudan decoding with multiplicities by the probabilities of symbols.

    Every value of every symbol can be a point: one at a time gets a multiplicity more, that whose probability
    is the largest beside it (Koetter and Vardy, 2003, algorithm A), until there are as many linear equations
    as the same multiplicity at all received symbols has. Else it is as ``GuruswamiSudanDecoder``.

    Parameters
    ----------
    code
        A Reed-Solomon code of up to 63 symbols over GF(256) at most.
    multiplicity
        From 1 on: the budget is n multiplicity (multiplicity + 1) / 2 equations.

    Raises
    ------
    ValueError
        If it is another code, or the multiplicity would take more than 2^28 steps a word.
    """

    counters = ("listed",)
    examples: ClassVar[Examples] = ({"multiplicity": 2},)
    _soft, _name = True, "koetter-vardy"


def _weight(code: ReedSolomonCode) -> int:
    """The weight of y: the degree of f, but at least 1, since the number of powers of y is limited by it."""
    return max(code.dimension - 1, 1)


def _equations(code: ReedSolomonCode, multiplicity: int) -> int:
    return code.length * multiplicity * (multiplicity + 1) // 2


def _least_degree(equations: int, weight: int) -> int:
    """The least weighted degree of which there are more monomials than equations."""
    degree = coefficients = 0
    while True:
        coefficients += degree // weight + 1
        if coefficients > equations:
            return degree
        degree += 1


def _steps(code: ReedSolomonCode, multiplicity: int) -> int:
    """Operations of interpolation, about: equations times coefficients of all polynomials of the basis."""
    equations, weight = _equations(code, multiplicity), _weight(code)
    return equations**2 * (_least_degree(equations, weight) // weight + 1)


def _logs(equations: int) -> npt.NDArray[np.float64]:
    """ln(1 + exp(-i / STEPS)) for i up to ``LAST``, then ln(1 + i) for all multiplicities there can be."""
    softplus = np.log1p(np.exp(-np.arange(LAST + 1) / STEPS))
    counts = np.arange(int(np.sqrt(2 * equations)) + 3)
    made: npt.NDArray[np.float64] = np.rint(np.append(softplus, np.log1p(counts)) * GRID) / GRID
    return made


def _evaluation(code: ReedSolomonCode) -> npt.NDArray[np.int32]:
    """Points and factors with which words are factors[j] f(points[j]), of polynomials f of degree below k.

    int32 (2, symbols).

    The words whose sums with w_j x_j^i, i below the number of checks, are 0 are those of the factors 1 / (w_j
    prod (x_j - x_l)) (MacWilliams and Sloane, 1977, section 12.1, theorem 1). An extension is at the point 0.
    """
    field, first = code.field, code.first_root - code.extended
    points = np.append(code.locators, [0] * code.extended).astype(np.int32)
    exponents = field.log[code.locators].astype(np.int64) * first
    weights = np.append(field.power(exponents), [1] * code.extended).astype(np.int32)
    for j, x in enumerate(points):
        for other in np.delete(points, j):
            weights[j] = field.multiply(int(weights[j]), int(x ^ other))
    return np.stack([points, field.divide(np.ones_like(weights), weights)]).astype(np.int32)
