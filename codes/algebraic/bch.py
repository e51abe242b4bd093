"""Binary BCH codes (Hocquenghem, 1959; Bose and Ray-Chaudhuri, 1960; MacWilliams and Sloane, 1977, ch. 9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from ...vectors.whole_numbers import whole_number
from ..elementary.hamming import HammingCode
from ..examples import Examples
from ..fields import polynomials
from ..fields.galois_field import PRIMITIVE, GaloisField
from .cyclotomy import order_of_two
from .polynomial_code import PolynomialCode

#: Of primitive codes in the narrow sense, by the errors that they correct: D. C. Gorenstein, W. W. Peterson
#: and N. Zierler, "Two-error correcting Bose-Chaudhuri codes are quasi-perfect", 1960; T. Helleseth, "All
#: binary 3-error-correcting BCH codes of length 2^m - 1 have covering radius 5", 1978.
COVERING_RADII = {1: 1, 2: 3, 3: 5}
#: The largest m of GF(2^m), whose elements are the roots.
MAX_M = max(PRIMITIVE)


@dataclass(frozen=True)
class _Run:
    """Consecutive exponents whose powers of beta are roots, as many as belong to one dimension.

    ``most`` is the largest designed distance that gives this k, ``leaders`` an exponent of each cyclotomic
    coset of roots.
    """

    k: int
    most: int
    leaders: tuple[int, ...]


class BCHCode(PolynomialCode):
    """The binary cyclic code whose generator polynomial has consecutive powers of beta as roots.

    beta has order n and lies in GF(2^m), with the least m for which n divides 2^m - 1. With the roots
    beta^first_root to beta^(first_root + d - 2) the minimum distance is at least the designed distance d, and
    t = (d - 1) / 2 errors, rounded down, can be corrected. The information bits come first and are the
    highest coefficients.

    Parameters
    ----------
    n
        Length before extension and shortening: odd, such as 2^m - 1, with m up to 16.
    k
        Information bits before shortening. The designed distance is the largest that leaves so many.
    t
        Errors to correct, in place of k or beside it: the designed distance is 2 t + 1. The code may have a
        larger one.
    first_root
        Exponent of the first root: 1 of codes in the narrow sense.
    extended
        Append an overall parity bit. If d is odd, it is then larger by one.
    shorten
        Information bits to leave out, from 0 to k - 1.
    polynomial
        The primitive polynomial of the field, all terms written. beta is alpha^((2^m - 1) / n), with alpha
        its root.

    Raises
    ------
    ValueError
        If a parameter is outside its range, or there is no such code: the message names the nearest that
        exist.

    Examples
    --------
    >>> BCHCode(n=15, k=7), BCHCode(n=15, t=2).designed_distance
    (BCHCode(n=15, k=7), 5)
    """

    examples: ClassVar[Examples] = (
        {"n": 15, "k": 7},
        {"n": 15, "t": 2, "extended": True},
        {"n": 31, "k": 16, "shorten": 4},
        {"n": 21, "t": 2, "first_root": 0},
        {"n": 17, "k": 8, "first_root": 15, "shorten": 2},
        {"n": 15, "t": 1, "first_root": 2, "polynomial": 0x19},
    )

    def __init__(
        self,
        *,
        n: int,
        k: int | None = None,
        t: int | None = None,
        first_root: int = 1,
        extended: bool = False,
        shorten: int = 0,
        polynomial: int | None = None,
    ) -> None:
        n, first_root = whole_number(n, "n"), whole_number(first_root, "first_root")
        shorten = whole_number(shorten, "shorten")
        m = _check_length(n)
        self.field = GaloisField(m, polynomial)
        self.first_root = first_root % n
        run, distance = self._chosen(n, k, t)
        #: The designed distance, without the overall parity.
        self.designed_distance = distance
        #: The largest designed distance that gives this code, without the overall parity.
        self.bose_distance = run.most
        step = self.field.order // n
        #: Exponents of alpha, one for each irreducible factor of the generator polynomial.
        self.leaders = tuple(leader * step for leader in run.leaders)
        generator = 1
        for factor in self.field.minimal_polynomials(self.leaders):
            generator = polynomials.product(generator, factor)
        super().__init__(length=n, generator=generator, extended=bool(extended), shorten=shorten)
        self.default_decoder = "bounded-distance"

    @property
    def t(self) -> int:
        """Errors that bounded-distance decoding corrects."""
        return (self.designed_distance - 1) // 2

    @property
    def root_step(self) -> int:
        """The exponent of alpha that is beta."""
        return self.field.order // self.length

    @property
    def designed_roots(self) -> int:
        """How many consecutive roots the designed distance has, one less than that."""
        return self.designed_distance - 1

    @cached_property
    def complete(self) -> bool:
        """Whether the designed roots have no other common binary polynomials than codewords."""
        first = self.first_root
        roots = {
            i for j in range(self.designed_roots) for i in self.field.coset(self.root_step * (first + j))
        }
        return len(roots) == self.degree

    @property
    def _primitive(self) -> bool:
        """Whether it is a primitive code in the narrow sense."""
        return self.length == self.field.order and self.first_root == 1

    @property
    def transitive(self) -> bool:
        """Whether shifts take any position to any other, or, extended, affine maps of the field.

        T. Kasami, S. Lin and W. W. Peterson, "Some results on cyclic codes which are invariant under the
        affine group and their applications", 1967.
        """
        return self.cyclic or (self.extended and not self.shorten and self._primitive)

    def _chosen(self, n: int, k: int | None, t: int | None) -> tuple[_Run, int]:
        """The roots, and the designed distance."""
        if k is None and t is None:
            raise ValueError("k is missing: a BCH code takes n and one of k and t")
        if k is None:
            t = whole_number(t, "t")
            most = 0
            for run in self._runs(n):
                if t >= 1 and 2 * t + 1 <= run.most:
                    return run, 2 * t + 1
                most = (run.most - 1) // 2
            raise ValueError(f"t must lie in 1 to {most} for BCH codes of length {n}, got {t}")
        k = whole_number(k, "k")
        below = above = None
        for run in self._runs(n):
            if run.k == k:
                return run, run.most if t is None else _check_t(t, run)
            if run.k > k:
                above = run.k
            elif below is None:
                below = run.k
        nearest = " and ".join(str(each) for each in (below, above) if each is not None)
        raise ValueError(f"k must be that of a BCH code of length {n}, got {k}: near it there is {nearest}")

    def _runs(self, n: int) -> Iterator[_Run]:
        """The BCH codes of this length and first root, by falling dimension."""
        roots, k = bytearray(n), n
        leaders: list[int] = []
        distance = 1  # one more than the roots in a row so far
        while True:
            exponent = (self.first_root + distance - 1) % n
            if roots[exponent]:
                distance += 1
                continue
            if leaders and distance >= 3:
                yield _Run(k, distance, tuple(leaders))
            leaders.append(exponent)
            while not roots[exponent]:
                roots[exponent], k = 1, k - 1
                exponent = 2 * exponent % n
            if not k:
                return

    def known_weights(self) -> list[int] | None:
        """Those of the Hamming code, where this is one; None elsewhere."""
        if self.length != self.field.order or self.degree != self.field.m:
            return None
        if not polynomials.is_primitive(self.generator):
            return None
        return HammingCode(r=self.degree, extended=self.extended, shorten=self.shorten).known_weights()

    def info(self) -> Mapping[str, Any]:
        """The generator polynomial, its field and roots, the designed distance and t."""
        last = (self.first_root + self.designed_distance - 2) % self.length
        known = {
            **super().info(),
            "field": f"GF(2^{self.field.m}), {polynomials.text(self.field.polynomial)}",
            "consecutive roots": f"beta^{self.first_root} to beta^{last}, beta of order {self.length}",
            "designed distance": self.designed_distance + (self.extended and self.designed_distance % 2),
            "errors corrected": self.t,
        }
        if self.bose_distance > self.designed_distance:
            known["largest designed distance of this code"] = self.bose_distance
        radius = COVERING_RADII.get((self.bose_distance - 1) // 2)
        if radius is not None and self._primitive and self.length >= 15 and not self.shorten:
            known["covering radius"] = radius + self.extended
        return known


def _check_length(n: int) -> int:
    """The least m for which n divides 2^m - 1; raises ValueError if there is none up to 16."""
    if n % 2 and 3 <= n < 2**MAX_M and order_of_two(n) <= MAX_M:
        return order_of_two(n)
    if n > 3 and n & (n - 1) == 0 and n <= 2**MAX_M:
        raise ValueError(
            f"n must be odd, got {n}: it is the length before extension, {n - 1} with extended: true"
        )
    near = sorted(
        (other for other in range(3, 2**MAX_M, 2) if _divides_an_order(other)),
        key=lambda other: abs(other - n),
    )[:2]
    named = " and ".join(map(str, sorted(near)))
    raise ValueError(f"n must be odd and divide 2^m - 1 for an m up to {MAX_M}, as {named} do, got {n}")


def _divides_an_order(n: int) -> bool:
    """Whether an odd n divides 2^m - 1 for an m up to 16."""
    return any(((1 << m) - 1) % n == 0 for m in range(1, MAX_M + 1))


def _check_t(t: int, run: _Run) -> int:
    """The designed distance for t errors, which the code of these roots corrects; else a ValueError."""
    t = whole_number(t, "t")
    most = (run.most - 1) // 2
    if not 1 <= t <= most:
        raise ValueError(f"t must lie in 1 to {most} for k = {run.k}, got {t}")
    return 2 * t + 1
