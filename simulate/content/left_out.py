"""What figures are asked to show and cannot show of some curves, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..analysis.row_limits import (
    FINITE,
    OVER_FADING,
    SIGNALS,
    channel_of,
    limit_of,
    parameter_of,
    why_no_bound,
)
from ..configuration.links_of_results import links_of
from ..link.counting.likelihood import ML_ERRORS
from ..link.link import Link
from ..results.outcomes import counts_failures
from ..results.rows import Results, Row
from ..theory.figure_support import FIGURE_SUPPORT
from ..theory.limits import known_capacities
from .axes import rate_text
from .limit_curves import COUNTED, FEEDBACK, IDEAL, OF_THE_CODE, THRESHOLD, rates_of_code, told_apart
from .throughput import why_not_ideal

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions

#: Most curves that a sentence names.
MOST_NAMED = 4


def left_out(results: Results, options: "PlotOptions", links: Mapping[str, Link] | None = None) -> list[str]:
    """A sentence for each thing that a run's figures lack, which names the curves and the reason.

    ``links`` are those of the curves by their labels, by default ``links_of(results)``; of a curve without
    one nothing is said that depends on its code.
    """
    found = []
    if links is None:
        needed = set(FIGURE_SUPPORT) & set(options.kinds) or {*OF_THE_CODE, THRESHOLD} & set(options.limits)
        links = links_of(results) if needed else {}
    if "error-rates" in options.kinds and options.x == "parameter":
        # The capacity plane shows limits of the FER, whatever the panels are.
        panels = [*options.y, *["fer"] * ("capacity-plane" in options.kinds)]
        elsewhere = {IDEAL, FEEDBACK} if "throughput" in options.kinds else set()
        limits = [limit for limit in options.limits if limit not in elsewhere]
        found += limits_left_out(results, limits, panels, links)
    for kind in (IDEAL, FEEDBACK) if "throughput" in options.kinds else ():
        if kind in options.limits:
            rows = {label: rows[0] for label, rows in results.curves().items() if label in links}
            reasons = {label: why_not_ideal(kind, links[label], row.value) for label, row in rows.items()}
            found += _sentences(f"limits: {kind} is not drawn for", reasons)
    drawn = set(options.y if "error-rates" in options.kinds else ())
    if "iterations" in drawn and not any(row.iterations for row in results):
        found.append("y: iterations has no curve: none of the decoders iterates")
    if "outcomes" in drawn:
        lacking = {
            label: None if counts_failures(rows) else "its decoder counts no failures apart"
            for label, rows in results.curves().items()
        }
        found += _sentences("y: outcomes is not drawn for", lacking)
    for kind, support in FIGURE_SUPPORT.items():
        if kind in options.kinds:
            reasons = {label: support.why_not(links[label]) for label in results.curves() if label in links}
            found += _sentences(f"kinds: {kind} {support.lacking}", reasons)
    return found


def limits_left_out(
    results: Results, kinds: Sequence[str], panels: Iterable[str], links: Mapping[str, Link]
) -> list[str]:
    """The sentences for limits; those that are curves are shown on the panels ``ber`` and ``fer`` alone."""
    measures = [panel for panel in panels if panel in ("ber", "fer")]
    curves = results.curves()
    found = []
    for kind in kinds:
        reasons = {
            label: _why_not(kind, kinds, rows, measures, links.get(label)) for label, rows in curves.items()
        }
        found += _sentences(f"limits: {kind} is not drawn for", reasons)
    return found


def _sentences(beginning: str, reasons: Mapping[str, str | None]) -> list[str]:
    """One for each reason, with the curves that have it."""
    by_reason: dict[str, list[str]] = {}
    for label, reason in reasons.items():
        if reason is not None:
            by_reason.setdefault(reason, []).append(label)
    found = []
    for reason, labels in by_reason.items():
        named = ", ".join(labels[:MOST_NAMED])
        more = len(labels) - MOST_NAMED
        found.append(f"{beginning} {named}{f' and {more} more' if more > 0 else ''}: {reason}")
    return found


def _why_not(
    kind: str, kinds: Sequence[str], rows: Sequence[Row], measures: Sequence[str], link: Link | None
) -> str | None:
    """Why a curve has not a limit; None if it has, or if that is not known."""
    row = rows[0]
    if channel_of(row) is None:
        return None  # a warning of the plug-in that was not loaded tells it
    if row.harq and kind not in (IDEAL, FEEDBACK):
        return "its frames are sent again, and take more uses than the limit is for"
    if kind in SIGNALS:
        return _no_capacity_limit(kind, kinds, row)
    if kind == THRESHOLD:
        return None if link is None else _no_threshold(link)
    if kind in OF_THE_CODE:
        return None if link is None or not measures else _nothing_known(kind, rows, measures, link)
    if kind in (IDEAL, FEEDBACK):
        return "it belongs to the figure of throughput, and kinds has none"
    wanted = "fer" if kind in (*FINITE, COUNTED, "outage") else "ber"
    if wanted not in measures:
        return f"it limits the {wanted.upper()}, and y has no {wanted}"
    if kind == COUNTED and not any(ML_ERRORS in row.counters for row in rows):
        return "its decoder's errors are not compared with those of ML, as those of list decoders are"
    if kind == COUNTED and not any(row.counters[ML_ERRORS] for row in rows if ML_ERRORS in row.counters):
        return "ML would have erred in no frame that was counted"
    if kind in OVER_FADING and OVER_FADING[kind](row, row.value) is not None:
        return None
    if kind == "outage":
        return "it is for fading with at most 256 gains a frame, known, that last for several samples each"
    return why_no_bound(row, kind) if kind in FINITE else None


def _no_threshold(link: Link) -> str | None:
    from ..theory.thresholds import link_threshold

    try:
        link_threshold(link)
    except ValueError as error:
        return str(error)
    return None


def _no_capacity_limit(kind: str, kinds: Sequence[str], row: Row) -> str | None:
    if kind == "bpsk" and (row.symbols is not None or parameter_of(row).esno_shift is None):
        return "it is for BPSK over channels with an Es/N0"
    if kind not in told_apart(kinds, row) or limit_of(row, SIGNALS[kind]) is not None:
        return None  # one of the same kind or place is drawn
    model = channel_of(row)
    if model is None or known_capacities(model, [row.value], SIGNALS[kind]) is None:
        return "this capacity is not known over this channel"
    return f"the capacity is {rate_text(row)} at no value of {parameter_of(row).symbol}"


def _nothing_known(kind: str, rows: Sequence[Row], measures: Sequence[str], link: Link) -> str | None:
    parameter = link.channel.parameter
    values = [row.value for row in rows]
    if not parameter.decibels:
        values = [value for value in values if parameter.range[0] < value < parameter.range[1]]
    try:
        rates = rates_of_code(link, kind, values[:1]) if values else None
    except ValueError as error:
        return str(error)
    if rates is not None and rates.ber is None and "ber" in measures:
        return "only its FER is known" if "fer" in measures else "only its FER is known, and y has no fer"
    return None
