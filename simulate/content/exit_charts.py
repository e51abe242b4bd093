"""The EXIT charts of results."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...codes import BeliefPropagationDecoder, Decoder, decoder_of
from ..configuration.links_of_results import links_of
from ..errors import InputError
from ..link.iterative_receiver import IterativeReceiver, iterates
from ..link.link import Link
from ..results.rows import Results, Row
from ..theory.exit.exit_support import constituents_of, has_exit_chart, propagation, tanner_code
from ..theory.figure_support import FIGURE_SUPPORT
from .waterfall import waterfall

if TYPE_CHECKING:
    from ..theory.exit.exit_chart import ExitChart
    from ..theory.exit.exit_constituents import ConstituentChart

#: Messages of the trajectory to make about: enough for an error well below the line's width.
MESSAGES = 200_000
FEWEST_FRAMES, MOST_FRAMES = 8, 256
#: Bits that constituents are given about, for each point of a curve.
BITS = 65_536
#: Iterations of the trajectory; it stops to move long before, or does not get through.
ITERATIONS = 50


@dataclass(frozen=True)
class Names:
    """What the curves and the axes of a chart are called: the first curve, the second one, and x and y."""

    first: str
    second: str
    x: str
    y: str


NODES = Names(
    "variable nodes, with the channel",
    "check nodes, mirrored",
    "information from checks to variables",
    "information from variables to checks",
)
CONSTITUENTS = Names(
    "first constituent",
    "second constituent, mirrored",
    "information from second to first",
    "information from first to second",
)
TURNS = Names(
    "demapper",
    "decoder, mirrored",
    "information from decoder to demapper",
    "information from demapper to decoder",
)


@dataclass(frozen=True)
class CurveChart:
    """The chart of one curve at one value of its channel's parameter."""

    row: Row
    chart: "ExitChart | ConstituentChart"
    names: Names

    @property
    def curves(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Extrinsic information of the first curve and of the second, at the chart's a-priori ones."""
        chart: Any = self.chart
        return (chart.variable, chart.check) if self.names is NODES else (chart.first, chart.second)


def exit_charts(results: Results) -> list[CurveChart]:
    """Charts of the curves that can have one, each at the noisiest point with a FER of at most 0.1.

    At the quietest where there is none. Decoders that are layered, or in fixed point, are shown as the
    flooding decoder of the same messages, which alone goes in halves: it takes about twice the iterations on
    the same way. Raises InputError where no curve has a chart, or a configuration beside the results
    cannot be read.
    """
    from ..theory.exit.exit_chart import ExitChart

    links = links_of(results, needed=True)
    found = []
    for label, rows in results.curves().items():
        link = links.get(label)
        if link is None or not has_exit_chart(link):
            continue
        row = waterfall(rows)
        if iterates(link.receiver):
            found.append(CurveChart(row, _turns(link, row), TURNS))
            continue
        if constituents_of(link.decoder):
            found.append(CurveChart(row, _constituents(link, row), CONSTITUENTS))
            continue
        decoder = _flooding(link)
        edges = tanner_code(link.code)[0].tanner_graph.edges
        frames = min(max(MESSAGES // max(edges, 1), FEWEST_FRAMES), MOST_FRAMES)
        chart = ExitChart.of(decoder, link.at(row.value).channel, frames=frames, iterations=ITERATIONS)
        found.append(CurveChart(row, chart, NODES))
    if not found:
        raise InputError(FIGURE_SUPPORT["exit"].refusal(links) or "the results hold no such curve")
    return found


def _constituents(link: Link, row: Row) -> "ConstituentChart":
    from ..theory.exit.exit_constituents import constituent_chart

    point = link.at(row.value)
    frames = min(max(BITS // link.code.k, FEWEST_FRAMES), MOST_FRAMES)
    return constituent_chart(point.decoder, point.channel, frames=frames, iterations=ITERATIONS)


def _turns(link: Link, row: Row) -> "ConstituentChart":
    from ..theory.exit.exit_constituents import receiver_chart

    point = link.at(row.value)
    receiver = link.receiver(point.decoder)
    assert isinstance(receiver, IterativeReceiver)
    frames = min(max(BITS // link.code.n, FEWEST_FRAMES), MOST_FRAMES)
    return receiver_chart(receiver, point.channel, frames=frames, iterations=ITERATIONS)


def _flooding(link: Link) -> Decoder:
    bp = propagation(link.decoder)
    assert bp is not None
    return decoder_of(
        link.code,
        BeliefPropagationDecoder,
        algorithm=bp.algorithm,
        schedule="flooding",
        scale=bp.scale,
        offset=bp.offset,
    )
