"""Figures that not every link has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..link.link import Link
from .accumulated import NEEDED as NEEDED_FOR_THROUGHPUT
from .accumulated import no_throughput
from .constellation_support import NEEDED as NEEDED_FOR_CONSTELLATION
from .constellation_support import no_constellation
from .exit.exit_support import NEEDED as NEEDED_FOR_EXIT
from .exit.exit_support import no_exit_chart
from .polarization import NEEDED as NEEDED_FOR_POLARIZATION
from .polarization import no_polarization


@dataclass(frozen=True)
class FigureSupport:
    """What a kind of figure needs.

    Attributes
    ----------
    why_not
        Why a link is not in the figure, in words; None if it is.
    needed
        That a curve which is in it is needed, in words.
    lacking
        What comes between the kind and the curves that are not in it.
    costly
        Whether it takes long to draw and hardly changes, so that it waits for the end of a run.
    """

    why_not: Callable[[Link], str | None]
    needed: str
    lacking: str
    costly: bool = True

    def refusal(self, links: Mapping[str, Link]) -> str | None:
        """That no curve is in the figure, and why the first one is not; None if one is.

        ``links`` by the labels of their curves.
        """
        reasons = {label: self.why_not(link) for label, link in links.items()}
        if None in reasons.values():
            return None
        return "; ".join([self.needed, *[f"{label}: {why}" for label, why in reasons.items()][:1]])


#: By the kind of the figure.
FIGURE_SUPPORT = {
    "exit": FigureSupport(no_exit_chart, NEEDED_FOR_EXIT, "has no chart of"),
    "polarization": FigureSupport(no_polarization, NEEDED_FOR_POLARIZATION, "does not show"),
    "constellation": FigureSupport(no_constellation, NEEDED_FOR_CONSTELLATION, "does not show"),
    "throughput": FigureSupport(no_throughput, NEEDED_FOR_THROUGHPUT, "does not show", costly=False),
}
