"""Ensembles of codes with given degrees: how often variables and checks of each degree occur.

Luby, Mitzenmacher, Shokrollahi and Spielman, "Efficient erasure correcting codes", 2001; Richardson and
Urbanke, "Modern Coding Theory", 2008, section 3.3.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from .text import check_degrees, shares_from_text, split_sections

#: Shares may add up to 1 to within so much, as tables are rounded.
ROUNDING = 1e-3
MOST_DEGREE = 10_000
SECTIONS = ("lambda", "rho", "L", "R", "punctured")


@dataclass(frozen=True)
class Ensemble:
    """The codes whose edges meet variables and checks of given degrees, connected at random.

    Attributes
    ----------
    variables
        lambda: the share of the edges at transmitted variables of each degree.
    checks
        rho: the share of the edges at checks of each degree.
    punctured
        The share of the edges at variables of each degree that are not transmitted; with ``variables`` they
        add up to 1.

    Raises
    ------
    ValueError
        If there are no shares, they are negative, they do not add up to 1 within 0.001, or a degree is
        no whole number from 1 to 10,000.

    Examples
    --------
    >>> Ensemble.regular(3, 6).rate
    0.5
    >>> round(Ensemble.of_nodes({2: 0.5, 3: 0.5}, {5: 1}).variables[2], 3)
    0.4
    """

    variables: Mapping[int, float]
    checks: Mapping[int, float]
    punctured: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        everything = sum(self.variables.values()) + sum(self.punctured.values())
        check_degrees(self.variables, "variables", MOST_DEGREE)
        check_degrees(self.checks, "checks", MOST_DEGREE)
        check_degrees(self.punctured, "punctured variables", MOST_DEGREE, empty=True)
        whole = (("variables", everything), ("checks", sum(self.checks.values())))
        for name, total in whole:
            if not abs(total - 1) <= ROUNDING:
                raise ValueError(f"the shares of the edges at {name} must add up to 1, and make {total:.6g}")
        for name, total in (("variables", everything), ("punctured", everything), ("checks", whole[1][1])):
            given = getattr(self, name)
            scaled = {int(degree): share / total for degree, share in sorted(given.items()) if share > 0}
            object.__setattr__(self, name, MappingProxyType(scaled))

    @classmethod
    def regular(cls, variable_degree: int, check_degree: int) -> "Ensemble":
        """All variables of one degree, all checks of another."""
        return cls({variable_degree: 1.0}, {check_degree: 1.0})

    @classmethod
    def of_nodes(
        cls,
        variables: Mapping[int, float],
        checks: Mapping[int, float],
        punctured: Mapping[int, float] | None = None,
    ) -> "Ensemble":
        """By the shares, or numbers, of the variables and of the checks that have each degree.

        ``punctured`` counts beside ``variables``, in the same unit.
        """
        hidden = dict(punctured or {})
        check_degrees(variables, "variables", MOST_DEGREE)
        check_degrees(checks, "checks", MOST_DEGREE)
        check_degrees(hidden, "punctured variables", MOST_DEGREE, empty=True)
        edges = sum(d * n for d, n in [*variables.items(), *hidden.items()])
        of_checks = sum(d * n for d, n in checks.items())
        return cls(
            {d: d * n / edges for d, n in variables.items()},
            {d: d * n / of_checks for d, n in checks.items()},
            {d: d * n / edges for d, n in hidden.items()},
        )

    @classmethod
    def from_text(cls, text: str) -> "Ensemble":
        """What ``3,6`` or ``lambda: 2=0.5 3=0.5; rho: 6=1`` says.

        Sections are ``lambda`` and ``rho``, by edges, or ``L`` and ``R``, by nodes; with ``L`` perhaps
        ``punctured``. Each has ``degree=share``, separated by spaces or commas, or a polynomial such as
        0.4x + 0.6x^2, whose exponents are the degrees less 1 in ``lambda`` and ``rho``, and the degrees in
        the others. Raises ValueError, saying what is expected, for anything else.
        """
        pair = [word.strip() for word in text.split(",")]
        if len(pair) == 2 and all(word.isdigit() for word in pair):
            return cls.regular(int(pair[0]), int(pair[1]))
        sections = split_sections(text, SECTIONS)
        for first, second, make in (("lambda", "rho", cls), ("L", "R", cls.of_nodes)):
            if first in sections and second in sections:
                less = 1 if first == "lambda" else 0
                left = [name for name in sections if name not in (first, second, "punctured")]
                if left:
                    raise ValueError(f"{left[0]} does not go with {first} and {second}")
                punctured = shares_from_text(sections.get("punctured", ""), less)
                return make(
                    shares_from_text(sections[first], less),
                    shares_from_text(sections[second], less),
                    punctured,
                )
        raise ValueError(
            f"an ensemble has lambda and rho, by edges, or L and R, by nodes; got {', '.join(sections)}"
        )

    @property
    def rate(self) -> float:
        """The design rate: 1 less the checks for each variable, over the share of variables that are sent."""
        sent = sum(share / d for d, share in self.variables.items())
        hidden = sum(share / d for d, share in self.punctured.items())
        checks = sum(share / d for d, share in self.checks.items())
        return (sent + hidden - checks) / sent if sent > 0 else 0.0

    @property
    def degree_two(self) -> tuple[float, float]:
        """lambda'(0), of transmitted and of punctured variables."""
        return self.variables.get(2, 0.0), self.punctured.get(2, 0.0)

    @property
    def check_slope(self) -> float:
        """rho'(1)."""
        return sum(share * (d - 1) for d, share in self.checks.items())

    @property
    def stable_bhattacharyya(self) -> float:
        """The Bhattacharyya parameter above which few errors grow: B lambda'(0) rho'(1) = 1; 1 if none.

        Richardson, Shokrollahi and Urbanke, "Design of capacity-approaching irregular low-density
        parity-check codes", 2001, theorem 5.
        """
        sent, hidden = self.degree_two
        if any(1 in degrees for degrees in (self.variables, self.punctured)):
            return 1.0  # errors at variables of degree 1 stay, and are no question of stability
        room = 1 - hidden * self.check_slope
        if sent == 0:
            return 1.0 if room > 0 else 0.0
        return min(max(room / (sent * self.check_slope), 0.0), 1.0)

    def without_degree_one(self) -> "Ensemble":
        """Itself without variables of degree 1, if these have at most 0.1 % of the edges.

        The last column of some codes' matrices has a single one, which matters less the longer they are.
        Raises ValueError if there are more: their errors stay, and the degrees alone have no threshold.
        """
        lone = self.variables.get(1, 0.0) + self.punctured.get(1, 0.0)
        if lone == 0:
            return self
        if lone > ROUNDING:
            raise ValueError(
                f"{lone:.3g} of the edges are at variables of degree 1, whose errors stay: such codes have "
                "thresholds as protographs"
            )
        rest = 1 - lone
        sent, hidden = (
            {d: share / rest for d, share in each.items() if d > 1}
            for each in (self.variables, self.punctured)
        )
        return Ensemble(sent, self.checks, hidden)

    @property
    def text(self) -> str:
        """In words, such as ``(3,6)``, or its degrees."""
        if not self.punctured and len(self.variables) == len(self.checks) == 1:
            return f"({next(iter(self.variables))},{next(iter(self.checks))})"
        parts = {"lambda": self.variables, "punctured": self.punctured, "rho": self.checks}
        return "; ".join(
            f"{name}: " + " ".join(f"{d}={share:.5g}" for d, share in shares.items())
            for name, shares in parts.items()
            if shares
        )

    @property
    def key(self) -> Hashable:
        """Equal for ensembles of the same degrees."""
        return tuple(tuple(each.items()) for each in (self.variables, self.checks, self.punctured))

    def sent_and_hidden(self) -> list[tuple[int, float, bool]]:
        """(degree, share of the edges, whether transmitted) of all variables."""
        return [
            *((d, share, True) for d, share in self.variables.items()),
            *((d, share, False) for d, share in self.punctured.items()),
        ]


def polynomial(shares: Mapping[int, float], x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sum of share x^(degree - 1): lambda(x) or rho(x)."""
    return np.asarray(sum((share * x ** (d - 1) for d, share in shares.items()), np.zeros_like(x)))
