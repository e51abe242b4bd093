"""The EXIT charts of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...codes import BeliefPropagationDecoder, Decoder, decoder_of
from ..configuration.links_of_results import links_of
from ..errors import InputError
from ..link.link import Link
from ..results.rows import Results, Row

if TYPE_CHECKING:
    from ..theory.exit_chart import ExitChart
from ..theory.exit_support import REFUSAL, has_exit_chart, propagation, tanner_code

#: Messages of the trajectory to make about: enough for an error well below the line's width.
MESSAGES = 200_000
FEWEST_FRAMES, MOST_FRAMES = 8, 256
#: Iterations of the trajectory; it stops to move long before, or does not get through.
ITERATIONS = 50
#: Most frames that may fail where a curve with several points is shown.
MOST_FER = 0.1


@dataclass(frozen=True)
class CurveChart:
    """The chart of one curve at one value of its channel's parameter."""

    row: Row
    chart: "ExitChart"


def exit_charts(results: Results) -> list[CurveChart]:
    """Charts of the curves that can have one, each at the noisiest point with a FER of at most 0.1.

    At the quietest where there is none. Decoders that are layered, or in fixed point, are shown as the
    flooding decoder of the same messages, which alone goes in halves: it takes about twice the iterations on
    the same way. Raises InputError where no curve has a chart, or a configuration beside the results
    cannot be read.
    """
    from ..theory.exit_chart import ExitChart

    links = links_of(results, needed=True)
    found = []
    for label, rows in results.curves().items():
        link = links.get(label)
        if link is None or not has_exit_chart(link):
            continue
        row, decoder = _waterfall(rows), _flooding(link)
        edges = tanner_code(link.code)[0].tanner_graph.edges
        frames = min(max(MESSAGES // max(edges, 1), FEWEST_FRAMES), MOST_FRAMES)
        chart = ExitChart.of(decoder, link.at(row.value).channel, frames=frames, iterations=ITERATIONS)
        found.append(CurveChart(row, chart))
    if not found:
        raise InputError(REFUSAL)
    return found


def _waterfall(rows: Sequence[Row]) -> Row:
    """The noisiest point at which most frames are decoded, so that their mean course tells of each."""
    decoded = [row for row in rows if row.fer <= MOST_FER]
    return max(decoded, key=lambda row: row.fer) if decoded else min(rows, key=lambda row: row.ber)


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
