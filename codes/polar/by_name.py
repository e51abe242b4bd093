"""Polar codes by their construction or from standards, as configurations name them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..binary.gf2 import Indices
from ..detection.crc import LinearCRCCode
from ..examples import with_examples
from ..matching.rate_matched import LinearRateMatchedCode
from ..matching.segmented import SegmentedCode
from ..matrix_files.text import MatrixFileError, read_integers, read_lines
from ..parameters.octal import Octal, octal_digits
from .construction.design import CONSTRUCTIONS, DESIGNED, Construction, Target, designed
from .construction.orders import MOST_5G, Values, best
from .construction.tal_vardy import MU
from .nr.nr import Link, nr_code
from .polar import PolarCode, kernels_of
from .pretransform import Pretransform
from .shortening import LeftOut, left_out

#: What makes a code at a point.
Design = Callable[[Any], PolarCode]
#: The parameters that say for which channel.
TARGETS = ("design_ebno_db", "design_esno_db", "design_epsilon", "design")
#: Symbols of tal-vardy, and the most positions that it takes.
LEAST_MU, MOST_MU, MOST_MERGED = 4, 512, 1 << 17


@with_examples(
    {"n": 8, "k": 4},
    {"n": 16, "k": 11, "construction": "reed-muller", "systematic": True},
    {"n": 32, "k": 16, "construction": "rm-polar", "convolution": 133},
    {"n": 16, "frozen": [0, 1, 2, 4]},
    {"n": 64, "k": 32, "construction": "ga", "design_ebno_db": 2.0},
    {"n": 16, "k": 8, "construction": "bhattacharyya", "design_epsilon": 0.3},
    {"n": 16, "k": 8, "construction": "tal-vardy", "design_esno_db": 0.0},
    {"kernels": [2, 3], "k": 3, "construction": "ga", "design_esno_db": 1.0},
    {"n": 11, "k": 5, "matching": {"puncture": "quasi-uniform"}},
    {"n": 11, "k": 5, "matching": {"shorten": "bit-reversed"}},
    {"standard": "nr", "k": 12, "n": 40, "link": "uplink"},
    {"standard": "nr", "k": 12, "n": 54, "link": "downlink"},
    {"standard": "nr", "k": 1013, "n": 2048, "link": "uplink"},
)
def polar(
    *,
    n: int | None = None,
    k: int | None = None,
    construction: Construction | None = None,
    design_ebno_db: float | None = None,
    design_esno_db: float | None = None,
    design_epsilon: float | None = None,
    design: Literal["each"] | None = None,
    mu: int | None = None,
    frozen: Path | list[int] | None = None,
    kernels: list[int] | None = None,
    matching: dict[str, Any] | None = None,
    convolution: Octal | None = None,
    systematic: bool = False,
    standard: Literal["nr"] | None = None,
    link: Link | None = None,
) -> PolarCode | LinearRateMatchedCode | LinearCRCCode | SegmentedCode:
    """A polar code of length n with k information bits, whose positions a construction chooses, or ``frozen``
    names.

    ``ga``, ``bhattacharyya`` and ``tal-vardy`` (of ``mu`` symbols) are made for a channel:
    ``design_esno_db``, ``design_ebno_db`` counted with k/n, or ``design_epsilon``; ``design: each`` makes the
    code anew for each point. ``convolution``, octal, makes a PAC code of it. Of lengths that are no power of
    two, ``matching`` is ``{puncture: quasi-uniform}``, ``{shorten: last}`` or ``{shorten: bit-reversed}``.
    ``standard: nr`` is that of 5G's control channels, ``uplink`` or ``downlink`` as ``link`` says: k is the
    payload, without the CRC, and n the bits that are sent.
    """
    target = {
        "design_ebno_db": design_ebno_db,
        "design_esno_db": design_esno_db,
        "design_epsilon": design_epsilon,
        "design": design,
    }
    if standard is not None:
        own: dict[str, Any] = {"construction": construction, **target, "mu": mu, "frozen": frozen}
        own |= {"kernels": kernels, "matching": matching, "convolution": convolution}
        own |= {"systematic": systematic or None}
        return _of_standard(standard, k, n, link, own)
    if link is not None:
        raise ValueError("link belongs to standard: nr, which is not named")
    frame = _Frame.of(n, kernels, matching, convolution, systematic)
    given = {name: value for name, value in target.items() if value is not None}
    if frozen is not None:
        for name, value in {"construction": construction, "mu": mu, **given}.items():
            if value is not None:
                raise ValueError(f"{name} chooses positions, and frozen names them: leave one out")
        return frame.code(frame.unfrozen(frozen, k), {"frozen set": "as given"})
    wanted = _Wanted.checked(construction, frame, k, mu, given)
    if design is None:
        return frame.code(*wanted.positions(_target(given, wanted.k / frame.sent)))
    # Until a point is known, something of the same n and k.
    return frame.code(
        wanted.any_positions(),
        {"frozen set": f"{wanted.construction}, for each point"},
        lambda point: frame.mother(*wanted.positions(Target.of_channel(point.channel))),
    )


@dataclass(frozen=True)
class _Frame:
    """What a code has whichever positions hold information.

    Attributes
    ----------
    kernels
        Those of the mother code.
    left_out
        Which bits of that are not sent; None if all are.
    pretransform, convolution
        Dynamic frozen bits, and the octal digits of the convolution that makes them; None and "" for none.
    systematic
        Whether the message stands in the codeword.
    """

    kernels: tuple[int, ...]
    left_out: LeftOut | None
    pretransform: Pretransform | None
    convolution: str
    systematic: bool

    @classmethod
    def of(cls, n: Any, kernels: Any, matching: Any, convolution: Any, systematic: bool) -> "_Frame":
        """Raises ValueError for what does not go together."""
        if matching is not None and kernels is not None:
            raise ValueError("matching belongs to kernels of size 2: leave out kernels")
        if matching is not None and n is None:
            raise ValueError("n is missing")
        unsent = None if matching is None else left_out(whole_number(n, "n"), matching)
        sizes = kernels_of(n if unsent is None else unsent.n, kernels)
        if convolution is None:
            return cls(sizes, unsent, None, "", systematic)
        digits = octal_digits(convolution, "convolution")
        if int(digits, 8) < 1:
            raise ValueError("convolution must have a tap, got 0")
        if systematic:
            raise ValueError("systematic belongs to codes without convolution: leave one out")
        pretransform = Pretransform.of_convolution(math.prod(sizes), int(digits, 8))
        return cls(sizes, unsent, pretransform, digits, systematic)

    @property
    def length(self) -> int:
        """Of the mother code."""
        return math.prod(self.kernels)

    @property
    def sent(self) -> int:
        """How many bits are sent."""
        return self.length if self.left_out is None else len(self.left_out.sent)

    def mother(self, information: Any, origin: Mapping[str, Any], design: Design | None = None) -> PolarCode:
        """The code before any bit is left out."""
        convolved = {"convolution": self.convolution} if self.convolution else {}
        return PolarCode(
            information=information,
            kernels=self.kernels,
            systematic=self.systematic,
            pretransform=self.pretransform,
            origin={**origin, **convolved},
            design=design,
        )

    def code(
        self, information: Any, origin: Mapping[str, Any], design: Design | None = None
    ) -> PolarCode | LinearRateMatchedCode:
        """The code of the bits that are sent."""
        mother = self.mother(information, origin, design)
        if self.left_out is None:
            return mother
        return LinearRateMatchedCode(mother, sent=self.left_out.sent, known=self.left_out.known)

    def unfrozen(self, frozen: Path | list[int], k: Any) -> list[int]:
        """The positions that are not named as frozen; raises ValueError for those that cannot be used."""
        positions = _unfrozen(frozen, self.length, k)
        lost = [] if self.left_out is None else sorted(set(positions) & set(self.left_out.frozen().tolist()))
        if lost:
            raise ValueError(f"frozen must name {lost[0]} too: matching leaves it nothing")
        return positions


def _of_standard(
    standard: str, k: Any, n: Any, link: Any, own: Mapping[str, Any]
) -> LinearCRCCode | SegmentedCode:
    """The code of a standard; raises ValueError for what the standard says itself, and what is missing."""
    if standard != "nr":
        raise ValueError(f"standard must be nr, got {standard!r}")
    for name, value in own.items():
        if value is not None:
            raise ValueError(f"{name} is none of the standard nr's parameters, which are k, n and link")
    for name, value in {"k": k, "n": n, "link": link}.items():
        if value is None:
            raise ValueError(f"{name} is missing" + (", uplink or downlink" if name == "link" else ""))
    return nr_code(whole_number(k, "k"), whole_number(n, "n"), link)


@dataclass(frozen=True)
class _Wanted:
    """k positions that a construction chooses; tal-vardy with ``mu`` symbols."""

    construction: Construction
    frame: _Frame
    k: int
    mu: int

    @classmethod
    def checked(cls, name: Any, frame: _Frame, k: Any, mu: Any, given: Mapping[str, Any]) -> "_Wanted":
        """Raises ValueError for what does not go together; ``given`` is what was said of the channel."""
        if k is None:
            raise ValueError("k is missing")
        count = whole_number(k, "k")
        if not 1 <= count <= frame.sent:
            raise ValueError(f"k must lie in 1 to n = {frame.sent}, got {k}")
        named = "" if name else " (which is taken where construction is left out)"
        name = name or _default(frame.kernels)
        if name not in CONSTRUCTIONS:
            raise ValueError(f"construction must be {', '.join(CONSTRUCTIONS)}, got {name!r}")
        if given.get("design", "each") != "each":
            raise ValueError(f"design must be each, or left out, got {given['design']!r}")
        if len(given) > 1:
            first, second = list(given)[:2]
            raise ValueError(f"{second} cannot be beside {first}: give one of {', '.join(TARGETS)}")
        if given and name not in (*DESIGNED, "rm-polar"):
            raise ValueError(
                f"{next(iter(given))} belongs to {', '.join(DESIGNED)} and rm-polar: {name}{named} takes no "
                "channel"
            )
        if not given and name in DESIGNED:
            others = "design_ebno_db, " + ("" if name == "ga" else "design_epsilon, ") + "design: each"
            raise ValueError(f"design_esno_db is missing (or {others}): {name} is made for a channel")
        if mu is not None and name != "tal-vardy":
            raise ValueError("mu belongs to tal-vardy: leave it out")
        symbols = whole_number(MU if mu is None else mu, "mu")
        if not LEAST_MU <= symbols <= MOST_MU or symbols % 2:
            raise ValueError(f"mu must be even and lie in {LEAST_MU} to {MOST_MU}, got {mu}")
        if name == "tal-vardy" and frame.length > MOST_MERGED:
            raise ValueError(
                f"construction: tal-vardy takes up to {MOST_MERGED} positions, got {frame.length}: use ga"
            )
        return cls(name, frame, count, symbols)

    def any_positions(self) -> Indices:
        """Positions that can hold information, whatever the channel."""
        return self._best(np.arange(self.frame.length, dtype=np.float64))

    def _best(self, reliability: Values) -> Indices:
        """The most reliable positions, of those that can hold information."""
        if self.frame.left_out is not None:
            reliability = reliability.copy()
            reliability[self.frame.left_out.frozen()] = -np.inf
        return best(reliability, self.k)

    def positions(self, target: Target | None) -> tuple[Indices, dict[str, Any]]:
        """The positions for a channel, and what is known of them in words."""
        out = LeftOut(0) if self.frame.left_out is None else self.frame.left_out
        kernels = self.frame.kernels
        found = designed(
            self.construction, kernels, self.k, target, mu=self.mu, unsent=out.unsent, known=out.known
        )
        information = self._best(found.reliability)
        text: dict[str, Any] = {"frozen set": self.construction}
        if self.construction == "tal-vardy":
            text["mu"] = self.mu
        if target is not None:
            text["designed for"] = target.text
        if found.errors is not None:
            bound = min(1.0, float(found.errors[information].sum()))
            text["frame error rate of sc there, union bound"] = bound
        return information, text


def _target(given: Mapping[str, Any], rate: float) -> Target | None:
    """The channel that is named for the design of a code of a rate."""
    if not given:
        return None
    esno_db = given.get("design_esno_db")
    if "design_ebno_db" in given:
        esno_db = given["design_ebno_db"] + 10 * math.log10(rate)
        if not -100 <= esno_db <= 100:
            raise ValueError(
                f"design_ebno_db must give an Es/N0 in [-100, 100] dB, got {given['design_ebno_db']:g}, "
                f"which gives {esno_db:.2f} dB"
            )
    return Target(esno_db=esno_db, epsilon=given.get("design_epsilon"))


def _default(kernels: tuple[int, ...]) -> Construction:
    if set(kernels) - {2}:
        raise ValueError("construction is missing: ga or bhattacharyya, for kernels of size 3")
    return "5g" if 2 ** len(kernels) <= MOST_5G else "pw"


def _unfrozen(frozen: Path | list[int], n: int, k: Any) -> list[int]:
    """All positions but those that a file or a list names; raises ValueError if they are not k."""
    found: list[int] = []
    if isinstance(frozen, Path):
        for number, words in read_lines(frozen):
            for position in read_integers(frozen, number, words):
                if not 0 <= position < n:
                    raise MatrixFileError(frozen, number, f"frozen must lie in 0 to {n - 1}, got {position}")
                found.append(position)
    else:
        found = [whole_number(position, "frozen") for position in frozen]
        for position in found:
            if not 0 <= position < n:
                raise ValueError(f"frozen must lie in 0 to {n - 1}, got {position}")
    names, counts = np.unique(np.array(found, np.int64), return_counts=True)
    if (counts > 1).any():
        raise ValueError(f"frozen must name each position once, and names {names[counts > 1][0]} twice")
    left = sorted(set(range(n)) - set(found))
    if not left:
        raise ValueError(f"frozen must leave a position for information, and names all {n}")
    if k is not None and whole_number(k, "k") != len(left):
        raise ValueError(
            f"frozen must name {n - k} of the code's {n} positions, all but k = {k}, and names {len(found)}"
        )
    return left
