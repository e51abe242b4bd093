"""Iterative soft decoding of product codes by Chase's algorithm.

R. M. Pyndiah, "Near-optimum decoding of product codes: block turbo codes", 1998; D. Chase, "A class of
algorithms for decoding block codes with channel measurement information", 1972.
"""

from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import MESSAGE_MAX
from ...vectors.groups import GroupInput, Reads, frame_flags
from ...vectors.llr_grid import on_grid
from ...vectors.packed_kernels import unpack_signs
from ...vectors.whole_numbers import whole_number
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..examples import Examples
from ..linear import LinearCode
from ..tie_breaking import BitStream, hard_words
from ..turbo.decoding.iterations import number_of_iterations
from ..universal.trials.hard_words import not_codewords
from .chase_pyndiah_kernels import decode_products
from .component import Component, Numbers, refusal_of_component
from .product import ProductCode

#: Most test positions: 2^p words are decoded for each word received.
MOST_WEAKEST = 8
#: How many there are by default.
USUAL = 4
#: Weights of what the others found in the next half-iteration, and reliabilities of Pyndiah.
ALPHA = (0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
BETA = (0.2, 0.4, 0.6, 0.8, 1.0)
#: Largest weight, reliability and coefficient.
MOST_WEIGHT = 100
#: a, b, c, d and e where there is no beta.
COEFFICIENTS = (1.0, 1.0, 1.0, 1.0, 0)


class ChasePyndiahDecoder(Decoder):
    """Decodes the columns of a product code, then its rows, and again, each with what the others found.

    Of a word the signs are taken at first, and all 2^p words that differ from them in some of the p weakest
    positions are decoded by bounded distance. The decision D is the candidate of the least metric M, the sum
    of the magnitudes where it differs from the signs. Of a bit at which another candidate C differs from D
    the extrinsic value is b (M_C - M_D) with the sign of D, for the least M_C, less a R, with R what was
    known of the bit. Elsewhere it is beta with the sign of D. Next time, in the other direction, R is what
    was received plus alpha times the extrinsic value.

    Parameters
    ----------
    code
        A product code.
    iterations
        From 1 to 1000; each is the columns, then the rows.
    weakest
        The number p of test positions of a word, 1 to 8, and at most as many as it has.
        By default 4, or as many as there are.
    alpha
        The weight of the extrinsic values: a number, or a list with one for each half-iteration that makes
        them, of which the last is that of all that follow. By default Pyndiah's.
    beta
        The reliability where no candidate differs, as ``alpha`` a number or a list; Pyndiah's by default.
        ``weakest``: the sum of the magnitudes of the e weakest positions, less c M_D, plus d times that of R,
        but at least 0; with the sign of D and less a R (A. Cassagne and others, "AFF3CT", 2019).
    coefficients
        a, b, c, d, e. By default 1, 1, 1, 1, 0, where an e of 0 stands for p. c, d and e are of no account
        with numbers for ``beta``.
    normalize
        Whether the mean magnitude of a frame's extrinsic values is made that of what was received, before it
        is weighted, and ``beta`` is in units of that. By default it is with numbers for ``beta``.
        In means magnitudes count up to 64.

    Notes
    -----
    Components are decoded by a table of syndromes, up to floor((d - 1) / 2) errors. Where d is even the word
    without its last bit is; that follows, and is no test position. Words that are not decoded leave their
    extrinsic values 0. The weakest positions are told by float32 magnitudes without as many of their last
    bits as number a position; of equal ones the first are taken.

    A frame is ``ok`` if the decisions are a word of the code. They are those of the last rows.

    Raises
    ------
    ValueError
        If the code is no product, a component has n - k above 16, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> code = HammingCode(r=3, extended=True)
    >>> decoder = ChasePyndiahDecoder(ProductCode(rows=code, columns=code), iterations=2, weakest=2)
    >>> decoder.decode([1.0] * 60 + [-0.5] * 4).bits.any()
    np.False_
    """

    counts_failures = True
    examples: ClassVar[Examples] = (
        {
            "code": {
                "type": "product",
                "rows": {"type": "hamming", "r": 3, "extended": True},
                "columns": {"type": "hamming", "r": 3},
            },
            "iterations": 2,
            "weakest": 3,
        },
        {
            "code": {
                "type": "product",
                "rows": {"type": "hamming", "r": 3, "extended": True},
                "columns": {"type": "spc", "n": 4},
            },
            "weakest": 2,
            "alpha": 0.5,
            "beta": "weakest",
        },
    )

    reads = Reads(limit=float(MESSAGE_MAX))
    code: ProductCode

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 4,
        weakest: int | None = None,
        alpha: float | list[float] | None = None,
        beta: Literal["weakest"] | float | list[float] | None = None,
        coefficients: list[float] | None = None,
        normalize: bool | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, ProductCode)
        #: The parameters of these names.
        self.iterations = number_of_iterations(iterations)
        self._parts = [
            _component(name, part) for name, part in (("rows", code.rows), ("columns", code.columns))
        ]
        most = min(MOST_WEAKEST, *(tested for _, _, tested, _ in self._parts))
        self.weakest = min(USUAL, most) if weakest is None else whole_number(weakest, "weakest")
        if not 1 <= self.weakest <= most:
            raise ValueError(f"weakest must lie in 1 to {most}, got {weakest}")
        halves = 2 * self.iterations
        self._alphas = _by_half("alpha", ALPHA if alpha is None else alpha, halves)
        a, b, c, d, e = _coefficients(COEFFICIENTS if coefficients is None else coefficients, self.weakest)
        if beta == "weakest":
            self._betas = np.zeros(halves, np.float32)
        else:
            self._betas = _by_half("beta", BETA if beta is None else beta, halves)
            c, d, e = 0.0, 0.0, 0
        self._rule = (self.weakest, np.float32(a), np.float32(b), np.float32(c), np.float32(d), e)
        self._normalize = beta != "weakest" if normalize is None else bool(normalize)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes products of codes that have a table of syndromes."""
        if not isinstance(code, ProductCode):
            return f"chase-pyndiah decodes product codes, not {code!r}"
        for name, part in (("rows", code.rows), ("columns", code.columns)):
            reason = refusal_of_component(part)
            if reason is not None:
                return (
                    f"chase-pyndiah does not take the {name}: {reason}. Use iterative-bounded-distance or bp"
                )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = with_ties_broken(given, stream)
        words = np.zeros(llr.shape[:2], np.uint64)
        decode_products(llr, words, *self._parts, self._rule, self._alphas, self._betas, self._normalize)
        bits = self.code.information_words(words)
        wrong = not_codewords(self.code, bits, words)
        spent = np.full(given.frames, self.iterations, np.int32)
        return GroupResult(bits, frame_flags(~wrong, given.frames), spent)


def with_ties_broken(given: GroupInput, stream: BitStream | None) -> npt.NDArray[np.float32]:
    """LLRs in groups; those that are 0 have the signs of fair coins, and few levels are on a grid."""
    llr = on_grid(given.soft().astype(np.float32, copy=False), any_level=True, alone=True)
    signs, ties = hard_words(llr, given.frames, stream)
    if ties is None:
        return llr
    made = np.empty_like(llr)
    unpack_signs(signs, signs[:0], made)
    return np.where(llr == 0, np.copysign(np.float32(0), made), llr)


def _component(name: str, code: LinearCode) -> tuple[Numbers, Numbers, int, int]:
    """Columns, table, positions that are tested and the bits of one, as the kernel takes them."""
    try:
        made = Component.of(code, extended=True)
    except ValueError as error:
        raise ValueError(f"chase-pyndiah does not take the {name}: {error}") from None
    return made.columns, made.table, code.n - made.follows, (1 << (code.n - 1).bit_length()) - 1


def _by_half(name: str, given: Any, halves: int) -> npt.NDArray[np.float32]:
    """A number for each half-iteration; the last one that is given for all that follow."""
    numbers = list(given) if isinstance(given, list | tuple) else [given]
    for each in numbers:
        if isinstance(each, bool) or not isinstance(each, int | float) or not 0 <= each <= MOST_WEIGHT:
            raise ValueError(f"{name} must lie in 0 to {MOST_WEIGHT}, got {each!r}")
    if not 1 <= len(numbers) <= halves and given not in (ALPHA, BETA):
        raise ValueError(
            f"{name} must be 1 to {halves} numbers, one for a half-iteration, got {len(numbers)}"
        )
    last = max(0, halves - len(numbers))
    return np.array([*numbers, *numbers[-1:] * last][:halves], np.float32)


def _coefficients(given: Any, weakest: int) -> tuple[float, float, float, float, int]:
    """a to e, of which e is a number of positions."""
    if not isinstance(given, list | tuple) or len(given) != len(COEFFICIENTS):
        raise ValueError(f"coefficients must be five numbers, a, b, c, d and e, got {given!r}")
    for each in given:
        if isinstance(each, bool) or not isinstance(each, int | float) or not 0 <= each <= MOST_WEIGHT:
            raise ValueError(f"coefficients must lie in 0 to {MOST_WEIGHT}, got {each!r}")
    a, b, c, d, e = given
    if e != int(e) or e > weakest:
        raise ValueError(f"coefficients must have an e from 0 to weakest, {weakest}, got {e!r}")
    return a, b, c, d, int(e) or weakest
