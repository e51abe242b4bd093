"""What figures and reports show, whatever draws it: styles, limits, references, ranges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..channels import bsc_capacity, converse_rate, from_db, least_ber, to_db
from ..channels.channel import Signal
from ..codes import LinearCode
from . import registry
from .errors import InputError
from .link import Link
from .results import Results, Row, load_results

if TYPE_CHECKING:
    from ..bounds import Bound
    from .comparison_sides import Side
    from .config_models import PlotOptions

#: Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), and markers too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8B4513")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LIMIT_NAMES = {
    "shannon": "Shannon limit of the rate",
    "bpsk": "BPSK limit of the rate",
    "rate-distortion": "least BER of the rate, $R (1 - H(p_b)) = C$",
    "converse": "converse at $n$ and $k$",
    "normal-approximation": "normal approximation at $n$ and $k$",
    "rcu": "random-coding union bound at $n$ and $k$",
    "union": "union bound of the code (ML)",
    "exact": "exact for code and decoder",
}
#: Limits at a block length, which ``bounds`` computes.
FINITE = ("converse", "normal-approximation", "rcu")
#: Limits of a code with its decoder.
OF_THE_CODE = ("union", "exact")
#: Channels of ``bounds`` for those that are simulated.
BOUNDED = {"bsc": "bsc", "bec": "bec", "awgn": "bpsk"}
TARGET = "target reached, with its 95 % interval"
UNCODED, NO_ERRORS = "uncoded, exact", "no errors seen: 95 % upper bound"
#: Frame errors from which on a point of a search is joined with its neighbours.
MANY = 50
#: The largest rate on an axis of rates.
MOST_RATE = 1.05
SIGNALS: dict[str, Any] = {"shannon": "gaussian", "bpsk": "bpsk"}

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """How a curve is drawn: its colour, its marker, and their number."""

    colour: str
    marker: str
    number: int


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

    A converse holds for codewords under a ``restriction``, such as equal energy, if there is one; ``failure``
    says why not all of a bound could be computed.
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


def qualified(name: str, restriction: str, *, failed: bool = False) -> str:
    """A limit's name with the codewords it is for, as in ``converse, equal energy``."""
    name = f"{name}, {restriction}" if restriction else name
    return f"{name}: failed" if failed else name


def load_all(paths: str | Path | Iterable[str | Path], use: str) -> list[Results]:
    """Results of one or more folders, their labels told apart, for a use such as ``draw``.

    Raises InputError if none are given, they cannot be read, or all of them hold no point.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    if not paths:
        raise InputError(f"there is nothing to {use}: no results were given")
    loaded = told_apart([load_results(path) for path in paths])
    if not any(results.rows for results in loaded):
        raise InputError(f"there is nothing to {use}: the results hold no point")
    return loaded


def told_apart(loaded: list[Results]) -> list[Results]:
    """The results, with what tells their folders apart added to labels that stand in several of them.

    Raises InputError where a folder is given twice.
    """
    added = _added(results.folder for results in loaded if results.folder is not None)
    labels = [label for results in loaded for label in results.curves()]

    def renamed(results: Results, item: Any) -> Any:
        if labels.count(item.curve) < 2 or results.folder is None:
            return item
        curve = item.curve + added[results.folder]
        alone = isinstance(item, Row) and item.group == item.curve  # it has no family but itself
        return replace(item, curve=curve, **({"group": curve} if alone else {}))

    return [
        replace(
            results,
            rows=tuple(renamed(results, row) for row in results),
            crossings=tuple(renamed(results, crossing) for crossing in results.crossings),
        )
        for results in loaded
    ]


def _added(folders: Iterable[Path]) -> dict[Path, str]:
    """What is added to the labels of each folder: the shortest end of its path that no other folder has."""
    added: dict[Path, list[str]] = {}
    places: set[Path] = set()
    for folder in folders:
        place = folder.resolve()
        if place in places:
            raise InputError(f"{folder}: these results are given twice")
        places.add(place)
        added[folder] = _additions(folder)
    return {
        folder: next(one for one in own if sum(one in others for others in added.values()) == 1)
        for folder, own in added.items()
    }


def _additions(folder: Path) -> list[str]:
    """What may have been added to the labels of a folder's curves: each end of its path, from the name on."""
    parts = folder.resolve().parts
    return [f" ({Path(*parts[i:]).as_posix()})" for i in range(len(parts) - 1, -1, -1)]


def configured(folder: Path) -> "tuple[str, PlotOptions]":
    """Name and plot options of the configuration beside results, or what stands for them."""
    from .config_models import PlotOptions
    from .yaml_file import read_yaml

    try:
        data = read_yaml(folder / "config.yaml").data
        return str(data["name"]), PlotOptions.model_validate(data.get("plot", {}))
    except (InputError, KeyError, ValueError):
        return folder.absolute().name, PlotOptions()


def figure_files(
    folder: Path, name: str, rows: Sequence[Row], options: "PlotOptions"
) -> list[tuple[str, tuple[Row, ...], list[Path]]]:
    """The kinds of a run's figures, what each shows, and its files.

    Error rates get a figure for each swept parameter, another x axis each.
    """
    parameters = list(dict.fromkeys(row.parameter for row in rows))
    figures: list[tuple[str, tuple[Row, ...], str]] = []
    for kind in options.kinds:
        if kind != "error-rates":
            figures.append((kind, tuple(rows), f"{name}-{kind}"))
            continue
        for parameter in parameters:
            shown = tuple(row for row in rows if row.parameter == parameter)
            figures.append((kind, shown, name if len(parameters) == 1 else f"{name}-{parameter}"))
    return [
        (kind, shown, [folder / f"{stem}.{ending}" for ending in options.formats])
        for kind, shown, stem in figures
    ]


def styles_of(names: Iterable[str]) -> dict[str, Style]:
    """A style for each name."""
    distinct = list(dict.fromkeys(names))
    return {
        name: Style(COLOURS[i % len(COLOURS)], MARKERS[(i + i // len(COLOURS)) % len(MARKERS)], i)
        for i, name in enumerate(distinct)
    }


def parted(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows with many errors and rows with few; all count as many if there is no other."""
    many = [row for row in rows if row.frame_errors >= MANY]
    return (many, [row for row in rows if row.frame_errors < MANY]) if many else (rows, [])


def log_x(parameter: str, values: Sequence[float]) -> bool:
    """Whether the channel's parameter is drawn on a logarithmic axis."""
    return parameter in ("f", "epsilon") and min(values) > 0 and max(values) / min(values) > 15


def x_range(
    values: Sequence[float], limits: Sequence[float], log: bool, parameter: str
) -> tuple[float, float]:
    """A range that holds the points and the limits, with a margin."""
    inside = [*values, *(limit for limit in limits if limit > 0 or parameter not in ("f", "epsilon"))]
    low, high = min(inside), max(inside)
    if log:
        margin = (high / low) ** 0.04
        return low / margin, high * margin
    margin = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
    return low - margin, high + margin


def least_rate(rows: "Sequence[Row | Side]", y: str) -> float:
    """The power of ten that an axis of error rates begins with."""
    shown = [getattr(row, y) if row.frame_errors else getattr(row, f"{y}_high") for row in rows]
    positive = [value for value in shown if value > 0]
    lowest = 10.0 ** np.floor(np.log10(min(positive, default=1e-3) * 0.9))
    return float(min(lowest, 0.1))


def channel_of(row: Row) -> Any:
    """The class of a row's channel, or None if it is not registered in this process."""
    name = row.channel.split("(")[0]
    return registry.channels.get(name).make if name in registry.channels.names() else None


def rate_text(row: Row) -> str:
    """The code's rate, as a fraction if that is short."""
    fraction = Fraction(row.k, row.n)
    return str(fraction) if fraction.denominator < 1000 else f"{row.rate:.3f}"


def limit_lines(results: Results, kinds: Iterable[str]) -> list[LimitLine]:
    """One limit for each kind and rate, with its curves."""
    found: dict[tuple[str, float], LimitLine] = {}
    for label, rows in results.curves().items():
        row = rows[0]
        channel = channel_of(row)
        for kind in kinds:
            if kind not in SIGNALS:
                continue
            if kind == "bpsk" and row.parameter in ("f", "epsilon"):
                continue
            value = channel.limit(row.parameter, row.rate, SIGNALS[kind]) if channel else None
            if value is None:
                continue
            shown = f"{value:.2f} dB" if row.parameter.endswith("_db") else f"{value:.3g}"
            limit = LimitLine(kind, value, rate_text(row), shown, [])
            found.setdefault((kind, round(row.rate, 12)), limit).curves.append(label)
    return list(found.values())


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
    signal: Signal = "bpsk" if "bpsk" in kinds and "shannon" not in kinds else "gaussian"
    found: dict[tuple[Any, ...], LimitCurve] = {}
    if links is None:
        links = links_of(results) if set(OF_THE_CODE) & set(kinds) else {}
    for label, rows in results.curves().items():
        row = rows[0]
        if channel_of(row) is None:
            continue
        for kind in kinds:
            curve = None
            size = (kind, *limited_by(kind, row))
            if size in found:
                found[size].curves.append(label)
            elif kind == "rate-distortion" and measure == "ber":
                curve = _least_ber(row, signal, lowest)
            elif kind in FINITE and measure == "fer":
                curve = _finite_length(row, kind, span, lowest, log=log)
            elif kind in OF_THE_CODE and label in links:
                curve = _of_the_code(links[label], kind, measure, span, lowest, log=log)
            if curve is not None and (len(curve.x) or curve.failure):
                curve.curves.append(label)
                found[size] = curve
    return list(found.values())


def limited_by(kind: str, row: Row) -> tuple[Any, ...]:
    """What a limit that is a curve depends on: curves that agree in it share the limit."""
    if kind in OF_THE_CODE:
        return (row.curve,)
    return (row.channel, row.rate) if kind == "rate-distortion" else (row.channel, row.n, row.k)


def bound_of(row: Row, kind: str) -> "Bound | None":
    """The bound at a block length of a name for a row's channel and n; None where there is none."""
    from ..bounds import BOUNDS
    from ..bounds.registry import GREATEST_N

    bound = BOUNDS.get(BOUNDED.get(row.channel.split("(")[0], ""), {}).get(kind)
    return bound if bound is not None and bound.least_n <= row.n <= GREATEST_N else None


def _finite_length(
    row: Row, kind: str, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve | None:
    """A limit on the frame error rate of codes with a row's n and k; None where there is none."""
    bound = bound_of(row, kind)
    if bound is None:
        return None
    from ..bounds import BoundError

    grid = np.geomspace(*span, 80) if log else np.linspace(*span, 80)
    points, failure = [], ""
    # From the noisy side on, until nothing more of it is seen: below, a bound takes longest.
    for value in grid if row.parameter.endswith("_db") else grid[::-1]:
        try:
            rate = bound.error_probability(row.n, row.rate, bounded_value(row, float(value)))
        except ValueError:  # beyond the range of the channel's parameter
            continue
        except BoundError as error:
            failure = str(error)
            break
        points.append((value, rate))
        if rate < lowest / 10:
            break
    x, y = _smooth(np.array(points, np.float64).reshape(-1, 2), log=log)
    return LimitCurve(kind, "fer", x, y, [], bound.restriction, failure)


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


def links_of(results: Results, *, needed: bool = False) -> dict[str, Link]:
    """The links of the configurations beside results, by their labels.

    Where one cannot be read, for want of a plugin perhaps, its curves have none; if they are needed, that
    raises InputError.
    """
    from .config import load_config

    found: dict[str, Link] = {}
    for folder in () if results.folder is None else (results.folder, *results.others):
        try:
            curves = load_config(folder / "config.yaml").curves
        except InputError:
            if needed:
                raise
            continue
        links = {curve.link.label + added: curve.link for curve in curves for added in _additions(folder)}
        links |= {curve.link.label: curve.link for curve in curves}
        for label in results.curves():
            if label in links:
                found.setdefault(label, links[label])
    return found


def _of_the_code(
    link: Link, kind: str, measure: str, span: tuple[float, float], lowest: float, *, log: bool
) -> LimitCurve | None:
    """What is known of a code: its exact error rate, or the union bound; None where nothing is."""
    from .code_bounds import exact_rates, union_bound

    x = np.geomspace(*span, 200) if log else np.linspace(*span, 200)
    if not link.parameter.endswith("_db"):
        x = x[(x > 0) & (x < (0.5 if link.parameter == "f" else 1))]
    try:
        channels = [link.at(float(value)).channel for value in x]
        if kind == "exact":
            rates = exact_rates(link.decoder, channels)
        else:
            rates = union_bound(link.code, channels) if isinstance(link.code, LinearCode) else None
    except ValueError:  # weights that cannot be had, or a channel that is not ours
        return None
    y = getattr(rates, measure, None)
    if y is None:
        return None
    shown = np.asarray(y) >= lowest / 10
    return LimitCurve(kind, measure, x[shown], np.asarray(y)[shown], [])


def decibels_to_esno(row: Row) -> float | None:
    """Es/N0 in dB less a row's parameter in dB; None for parameters that are not in dB."""
    return {"ebno_db": to_db(row.rate), "esno_db": 0.0, "snr_db": -to_db(2)}.get(row.parameter)


def bounded_value(row: Row, x: float) -> float:
    """What ``bounds`` takes for a value of a row's parameter: f, epsilon, or the ratio Es/N0."""
    shift = decibels_to_esno(row)
    return x if shift is None else from_db(x + shift)


def value_of_bound(row: Row, kind: str, fer: float) -> float | None:
    """Where on a row's parameter a bound at its n and k has a frame error rate; None if that is unknown.

    Raises BoundError if it cannot be computed.
    """
    bound = bound_of(row, kind)
    if bound is None:
        return None
    value, shift = bound.value(row.n, row.rate, fer), decibels_to_esno(row)
    return value if value is None or shift is None else to_db(value) - shift


def _least_ber(row: Row, signal: Signal, lowest: float) -> LimitCurve:
    """The least bit-error rate that a row's code rate permits, over the parameter: R (1 - H(p_b)) = C.

    Shannon (1959), "Coding theorems for a discrete source with a fidelity criterion".
    """
    rates = [*np.geomspace(lowest / 10, 0.4, 200).tolist(), *np.linspace(0.402, 0.499, 50).tolist()]
    found = [(limit_at_ber(row, ber, signal), ber) for ber in rates]
    points = [(value, ber) for value, ber in found if value is not None]
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return LimitCurve("rate-distortion", "ber", x, y, [])


def limit_at_ber(row: Row, ber: float, signal: Signal) -> float | None:
    """The value of a row's parameter at which R (1 - H(p_b)) meets the capacity; None if unknown."""
    channel, ebno = channel_of(row), row.parameter == "ebno_db"
    if channel is None:
        return None
    # Eb counts the bits sent, right or wrong, and so does not change with the rate that is left of them.
    value = channel.limit("esno_db" if ebno else row.parameter, row.rate * bsc_capacity(ber), signal)
    return None if value is None else float(value) - to_db(row.rate) if ebno else float(value)


def mean_iterations(row: Row) -> float:
    """The decoder's iterations a frame."""
    return row.iterations / row.frames


def throughput(row: Row) -> float:
    """Information bits a second of one worker's computing time, in Mb/s; NaN if the time is not known."""
    return row.frames * row.k / row.seconds / 1e6 if row.seconds > 0 else float("nan")


def uncoded_curve(
    row: Row, span: tuple[float, float], lowest: float, *, log: bool
) -> tuple[Values, Values] | None:
    """Values of a row's parameter and the exact bit-error rate without coding there; None if unknown.

    NaN where the rate is far below ``lowest``.
    """
    channel = channel_of(row)
    if channel is None:
        return None
    x = np.geomspace(*span, 200) if log else np.linspace(*span, 400)
    values = [channel.uncoded_ber(row.parameter, float(xi)) if _possible(row, xi) else None for xi in x]
    if all(value is None for value in values):
        return None
    return x, np.array([np.nan if value is None or value < lowest / 10 else value for value in values], float)


def _possible(row: Row, value: float) -> bool:
    """Whether the axis, with its margins, is still within the parameter's range."""
    return row.parameter not in ("f", "epsilon") or 0 <= value <= (0.5 if row.parameter == "f" else 1)


def converse_curve(row: Row, lowest: float) -> tuple[float, Values, Values] | None:
    """A row's capacity, and the curve R = C / (1 - H(p_b)): rates and bit-error rates from ``lowest`` on."""
    channel = channel_of(row)
    if channel is None:
        return None
    capacity = float(channel(**{row.parameter: row.value}).capacity())
    if not capacity > 0:
        return None
    # from the BER at which the largest rate is possible down to the bottom of the figure
    ber = np.geomspace(lowest, max(least_ber(capacity, MOST_RATE), lowest * 1.01), 400)
    return capacity, np.array([converse_rate(capacity, float(p)) for p in ber]), ber
