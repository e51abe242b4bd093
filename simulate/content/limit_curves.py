"""The limits that figures and reports show, as lines and curves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...channels import converse_rate, least_ber
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...codes import LinearCode
from ..analysis.operating_points import dimensions_of
from ..analysis.row_limits import (
    FINITE,
    OVER_FADING,
    SIGNALS,
    bound_of,
    bounded_value,
    channel_of,
    limit_at_ber,
    limit_of,
    parameter_of,
    qualified,
    uses_of,
)
from ..configuration.links_of_results import links_of
from ..failures import FAILURES
from ..link.counting.likelihood import ML_ERRORS
from ..link.link import Link
from ..results.rows import Results, Row
from .axes import MOST_RATE, rate_text

if TYPE_CHECKING:
    from ..theory.code_rates.rates import Rates

LIMIT_NAMES = {
    "shannon": "Shannon limit of the rate",
    "modulation": "modulation limit of the rate",
    "bicm": "BICM limit of the rate",
    "bpsk": "BPSK limit of the rate",
    "outage": "outage probability of the rate",
    "rate-distortion": "least BER of the rate, $R (1 - H(p_b)) = C$",
    "converse": "converse at $n$ and $k$",
    "normal-approximation": "normal approximation at $n$ and $k$",
    "rcu": "random-coding union bound at $n$ and $k$",
    "union": "union bound of the code (ML)",
    "exact": "exact for code and decoder",
    "ml-lower-bound": "lower bound on ML, counted",
    "threshold": "threshold of code and decoder",
    "scaling": "finite-length scaling of the ensemble",
    "accumulated": "ideal codes, by accumulated information",
    "stop-feedback": "some code with stop feedback, at $n$ and $k$",
}
#: Limits of a code with its decoder.
OF_THE_CODE = ("union", "exact", "scaling")
#: A limit that was counted in the run, of the curve alone.
COUNTED = "ml-lower-bound"
#: A line that belongs to a code's ensemble and its decoder.
THRESHOLD = "threshold"
#: Limits of frames that are sent again, in the figure of throughput alone: ideal codes, and some code.
IDEAL, FEEDBACK = "accumulated", "stop-feedback"
#: What is said of a union bound of which only the lowest weights are known.
FIRST_TERMS = "first terms"
TARGET = "target reached, with its 95 % interval"
UNCODED, NO_ERRORS = "uncoded, exact", "no errors seen: 95 % upper bound"

#: Points at which a bound is computed over the width of a figure; between them it is interpolated.
POINTS = 80

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LimitLine:
    """The capacity limit of a rate: its kind, where it is, both in words, and the curves of that rate."""

    kind: str
    value: float
    rate: str
    shown: str
    curves: list[str]


@dataclass(frozen=True)
class LimitCurve:
    """A limit on an error rate over the channel's parameter: its kind, and the curves it is for.

    A converse holds for codewords under a ``restriction``, such as equal energy, if there is one; a union
    bound may be of the ``first terms`` alone. ``failure`` says why not all of a bound could be computed.
    """

    kind: str
    measure: str
    x: Values
    y: Values
    curves: list[str]
    restriction: str = ""
    failure: str = ""

    @property
    def name(self) -> str:
        """What it is, for a legend."""
        return qualified(LIMIT_NAMES[self.kind], self.restriction, failed=bool(self.failure))


def limit_lines(
    results: Results, kinds: Iterable[str], links: Mapping[str, Link] | None = None
) -> list[LimitLine]:
    """One limit for each kind, rate and channel, with its curves; ``links`` as for `limit_curves`.

    Where some samples are real and others complex, the rates of the latter say so: a bit a sample is not the
    same for both.
    """
    found: dict[tuple[str, str], LimitLine] = {}
    kinds = list(kinds)
    if links is None:
        links = links_of(results) if THRESHOLD in kinds else {}
    curves = results.curves()
    mixed = len({dimensions_of(rows[0]) for rows in curves.values()}) > 1
    for label, rows in curves.items():
        row = rows[0]
        of_complex = _of_dimensions(dimensions_of(row)) if mixed else ""
        parameter = parameter_of(row)
        values: list[float] = []
        thresholds = [kind for kind in kinds if kind == THRESHOLD and label in links]
        for kind in (*told_apart(kinds, row), *thresholds):
            if kind == "bpsk" and parameter.esno_shift is None:
                continue
            if kind == THRESHOLD:
                value = threshold_of(links[label])
            else:
                value = limit_of(row, SIGNALS[kind])
            if value is None or (kind == "bicm" and any(abs(value - x) < 1e-6 for x in values)):
                continue
            values.append(value)
            shown = parameter.shown(value, ".2f" if parameter.decibels else ".3g")
            place, rate = (kind, f"{value:.9g}"), rate_text(row) + of_complex
            limit = found.setdefault(place, LimitLine(kind, value, rate, shown, []))
            if rate not in limit.rate.split(", "):  # another modulation's, at the same place
                found[place] = replace(limit, rate=f"{limit.rate}, {rate}")
            limit.curves.append(label)
    return list(found.values())


def threshold_of(link: Link) -> float | None:
    """Where on a link's parameter its threshold is; None where none is known, see ``left_out``."""
    from ..theory.thresholds import link_threshold

    try:
        return link_threshold(link)
    except ValueError:
        return None


def _of_dimensions(dimensions: int) -> str:
    """What is said of a rate in bits a channel use of so many real dimensions, where not all have as many."""
    return {1: "", 2: " (complex)"}.get(dimensions, f" ({dimensions} dimensions)")


def told_apart(kinds: Iterable[str], row: Row) -> list[str]:
    """The kinds of capacity limits that a row has, each once: without a modulation BPSK is sent."""
    named = [kind for kind in kinds if kind in SIGNALS]
    if row.symbols is not None:
        return [kind for kind in named if kind != "bpsk"]
    sent = [kind for kind in named if kind != "shannon"]
    return [kind for kind in named if kind == "shannon" or kind == ("bpsk" if "bpsk" in sent else sent[0])]


def limit_curves(
    results: Results,
    kinds: Sequence[str],
    measure: str,
    span: tuple[float, float],
    lowest: float,
    *,
    log: bool,
    links: Mapping[str, Link] | None = None,
) -> list[LimitCurve]:
    """Limits that are curves over the parameter, one for each kind and code size; down to ``lowest``.

    ``measure`` is ``ber`` or ``fer``; ``span`` is the range of the parameter that is shown; ``links`` are
    those of the curves by their labels, by default ``links_of(results)``.
    """
    inputs = [kind for kind in kinds if kind in SIGNALS]
    signal: Signal = "gaussian" if "shannon" in inputs or not inputs else SIGNALS[inputs[0]]
    found: dict[tuple[Any, ...], LimitCurve] = {}
    if links is None:
        links = links_of(results) if set(OF_THE_CODE) & set(kinds) else {}
    for label, rows in results.curves().items():
        row = rows[0]
        if channel_of(row) is None or row.harq:
            continue
        for kind in kinds:
            curve = None
            size = (kind, *limited_by(kind, row))
            if size in found:
                found[size].curves.append(label)
            elif kind == "rate-distortion" and measure == "ber":
                curve = _least_ber(row, signal, span, lowest, log=log)
            elif kind in OVER_FADING and measure == "fer" and OVER_FADING[kind](row, row.value) is not None:
                curve = _over_fading(row, kind, span, lowest, log=log)
            elif kind in FINITE and measure == "fer":
                curve = _finite_length(row, kind, span, lowest, log=log)
            elif kind == COUNTED and measure == "fer":
                curve = _counted(rows)
            elif kind in OF_THE_CODE and label in links:
                curve = _of_the_code(links[label], kind, measure, span, lowest, log=log)
            if curve is not None and (len(curve.x) or curve.failure):
                curve.curves.append(label)
                found[size] = curve
    return list(found.values())


def limited_by(kind: str, row: Row) -> tuple[Any, ...]:
    """What a limit that is a curve depends on: curves that agree in it share the limit."""
    if kind in (*OF_THE_CODE, COUNTED):
        return (row.curve,)
    sent = (row.channel, row.modulation)
    return (*sent, row.bits_per_use) if kind == "rate-distortion" else (*sent, row.n, row.k)


def _finite_length(
    row: Row, kind: str, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve | None:
    """A limit on the frame error rate of codes with a row's n and k; None where there is none."""
    bound = bound_of(row, kind)
    if bound is None:
        return None

    def rate(value: float) -> float:
        return bound.error_probability(uses_of(row), row.bits_per_use, bounded_value(row, value))

    x, y, failure = _computed(row, rate, span, lowest, log=log)
    return LimitCurve(kind, "fer", x, y, [], bound.restriction, failure)


def _over_fading(row: Row, kind: str, span: tuple[float, float], lowest: float, *, log: bool) -> LimitCurve:
    """The outage probability of what a row sends, or the normal approximation at its n and k."""
    limit = OVER_FADING[kind]
    x, y, _ = _computed(row, lambda value: limit(row, value) or 0.0, span, lowest, log=log)
    return LimitCurve(kind, "fer", x, y, [])


def _computed(
    row: Row, rate: Callable[[float], float], span: tuple[float, float], lowest: float, *, log: bool
) -> tuple[Values, Values, str]:
    """An error rate over the parameter down to ``lowest``, and why not all of it could be computed."""
    from ...bounds import BoundError

    grid = np.geomspace(*span, POINTS) if log else np.linspace(*span, POINTS)
    points, failure = [], ""
    # From the noisy side on, until nothing more of it is seen: below, a bound takes longest.
    for value in grid if parameter_of(row).noise_falls else grid[::-1]:
        try:
            found = rate(float(value))
        except ValueError:  # beyond the range of the channel's parameter
            continue
        except BoundError as error:
            failure = str(error)
            break
        points.append((value, found))
        if found < lowest / 10:
            break
    x, y = _smooth(np.array(points, np.float64).reshape(-1, 2), log=log)
    return x, y, failure


def _smooth(points: Values, *, log: bool) -> tuple[Values, Values]:
    """Points, shape (points, 2), with three more between each two: corners show where a curve is steep."""
    points = points[points[:, 1] > 0]
    if len(points) < 3:
        return points[:, 0], points[:, 1]
    from scipy.interpolate import PchipInterpolator

    order = np.argsort(points[:, 0])
    place = np.log(points[order, 0]) if log else points[order, 0]
    between = np.interp(np.arange(4 * len(place) - 3) / 4, np.arange(len(place)), place)
    rates = np.exp(PchipInterpolator(place, np.log(points[order, 1]))(between))
    return np.exp(between) if log else between, rates


def _of_the_code(
    link: Link, kind: str, measure: str, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve | None:
    """What is known of a code: its exact error rate, or the union bound; None where nothing is."""
    x = np.geomspace(*span, 200) if log else np.linspace(*span, 200)
    parameter = link.channel.parameter
    if not parameter.decibels:
        x = x[(x > parameter.range[0]) & (x < parameter.range[1])]
    try:
        rates = rates_of_code(link, kind, x.tolist())
    except ValueError:  # see ``left_out``, which tells it
        return None
    y = getattr(rates, measure, None)
    if y is None:
        return None
    shown = np.asarray(y) >= lowest / 10
    restriction = FIRST_TERMS if rates.first_terms else ""
    return LimitCurve(kind, measure, x[shown], np.asarray(y)[shown], [], restriction)


def _counted(rows: Sequence[Row]) -> LimitCurve | None:
    """The frames in which maximum likelihood would have erred too, as far as any were counted."""
    found = [(row.value, row.counters[ML_ERRORS] / row.frames) for row in rows if row.counters.get(ML_ERRORS)]
    x, y = np.array(sorted(found), np.float64).reshape(-1, 2).T
    return LimitCurve(COUNTED, "fer", x, y, []) if found else None


def rates_of_code(link: Link, kind: str, values: Sequence[float]) -> "Rates":
    """A code's exact error rates, the union bound on them, or what scaling says, at values of the parameter.

    The union bound is that of ML decoding of what the decoder reads, hard decisions or LLRs. Raises
    ValueError, saying why, where nothing is known.
    """
    from ..theory.code_rates.exact_rates import exact_rates
    from ..theory.code_rates.rates import Rates, of_hard_decisions
    from ..theory.code_rates.union_bounds import union_bound
    from ..theory.exit.exit_support import tanner_code
    from ..theory.thresholds import link_scaling

    channels = [link.at(value).channel for value in values]
    if kind == "scaling":
        law, n = link_scaling(link), tanner_code(link.code)[0].n
        return Rates(law.frame_error_rate(n, values), law.bit_error_rate(n, values))
    if kind == "exact":
        found = exact_rates(link.decoder, channels)
        if found is None:
            raise ValueError("no exact rate is known of this code and decoder over this channel")
        return found
    if not isinstance(link.code, LinearCode):
        raise ValueError("the union bound is known of linear codes alone")
    if link.modulation is not None:
        raise ValueError("the union bound is known over bsc, bec and awgn without a modulation")
    read = of_hard_decisions(channels) if link.decoder.reads.kind == "hard" else channels
    return union_bound(link.code, read)


def _least_ber(
    row: Row, signal: Signal, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve:
    """The least bit-error rate that a row's code rate permits, over the parameter: R (1 - H(p_b)) = C.

    Shannon (1959), "Coding theorems for a discrete source with a fidelity criterion".
    """
    model = channel_of(row)
    if model is not None and not model.answers("limit"):
        return _least_ber_over(model, row, signal, span, lowest, log=log)
    rates = [*np.geomspace(lowest / 10, 0.4, 200).tolist(), *np.linspace(0.402, 0.499, 50).tolist()]
    found = [(limit_at_ber(row, ber, signal), ber) for ber in rates]
    points = [(value, ber) for value, ber in found if value is not None]
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return LimitCurve("rate-distortion", "ber", x, y, [])


def _least_ber_over(
    model: ChannelModel, row: Row, signal: Signal, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve:
    """The same from capacities over the parameter, where no formula gives the value of a capacity."""
    found = []
    for value in np.geomspace(*span, 200) if log else np.linspace(*span, 200):
        try:
            capacity = model.capacity(float(value), signal)
        except FAILURES:  # beyond what the channel takes
            continue
        ber = least_ber(capacity, row.bits_per_use) if capacity > 0 else 0.5
        if lowest / 10 <= ber < 0.5:
            found.append((value, ber))
    x, y = np.array(found, np.float64).reshape(-1, 2).T
    return LimitCurve("rate-distortion", "ber", x, y, [])


def uncoded_rows(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """A row for each modulation and channel among rows, with the name of the curve without coding.

    Channels are told apart by their rates without coding, which is all that is drawn of them.
    """
    found: dict[tuple[str, float | None], Row] = {}
    for row in rows:
        model = channel_of(row)
        signals = getattr(getattr(model, "modulation", None), "signals", None)
        ber = None if model is None else model.uncoded_ber(rows[0].value)
        found.setdefault(("" if signals is None else signals.name, ber), row)
    sent = [name for name, _ in found]
    names = []
    for name, row in zip(sent, found.values(), strict=True):
        words = [name or "BPSK"] if len(set(sent)) > 1 else []
        words += [f"over {row.channel.partition('(')[0]}"] if sent.count(name) > 1 else []
        names.append(f"{UNCODED}: {' '.join(words)}" if words else UNCODED)
    return list(zip(names, found.values(), strict=True))


def uncoded_curve(
    row: Row, span: tuple[float, float], lowest: float, *, log: bool
) -> tuple[Values, Values] | None:
    """Values of a row's parameter and the exact bit-error rate without coding there; None if unknown.

    NaN where the rate is far below ``lowest``.
    """
    model = channel_of(row)
    if model is None:
        return None
    x = np.geomspace(*span, 200) if log else np.linspace(*span, 400)
    # The axis, with its margins, may go beyond the parameter's range.
    values = [model.uncoded_ber(float(xi)) if model.parameter.allows(xi) else None for xi in x]
    if all(value is None for value in values):
        return None
    return x, np.array([np.nan if value is None or value < lowest / 10 else value for value in values], float)


def converse_curve(row: Row, lowest: float) -> tuple[float, Values, Values] | None:
    """A row's capacity, and the curve R = C / (1 - H(p_b)): rates and bit-error rates from ``lowest`` on."""
    model = channel_of(row)
    if model is None:
        return None
    capacity = model.capacity(row.value)
    if not capacity > 0:
        return None
    # from the BER at which the largest rate is possible down to the bottom of the figure
    ber = np.geomspace(lowest, max(least_ber(capacity, MOST_RATE), lowest * 1.01), 400)
    return capacity, np.array([converse_rate(capacity, float(p)) for p in ber]), ber
