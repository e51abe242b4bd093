"""What figures and reports show, whatever draws it: styles, limits, references, ranges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..channels import binary_entropy, inverse_binary_entropy
from . import registry
from .errors import InputError
from .results import Results, Row

if TYPE_CHECKING:
    from .comparison_sides import Side
    from .config_models import PlotOptions

#: Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), and markers too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8B4513")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LIMIT_NAMES = {"shannon": "Shannon limit of the rate", "bpsk": "BPSK limit of the rate"}
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


def told_apart(loaded: list[Results]) -> list[Results]:
    """The results, with the run's name added to labels that stand in several of them."""
    labels = [label for results in loaded for label in results.curves()]

    def renamed(results: Results, item: Any) -> Any:
        if labels.count(item.curve) < 2 or results.folder is None:
            return item
        return replace(item, curve=f"{item.curve} ({results.folder.absolute().name})")

    return [
        replace(
            results,
            rows=tuple(renamed(results, row) for row in results),
            crossings=tuple(renamed(results, crossing) for crossing in results.crossings),
        )
        for results in loaded
    ]


def configured(folder: Path) -> "tuple[str, PlotOptions]":
    """Name and plot options of the configuration beside results, or what stands for them."""
    from .config_models import PlotOptions
    from .yaml_file import read_yaml

    try:
        data = read_yaml(folder / "config.yaml").data
        return str(data["name"]), PlotOptions.model_validate(data.get("plot", {}))
    except (InputError, KeyError, ValueError):
        return folder.absolute().name, PlotOptions()


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
            if kind == "bpsk" and row.parameter in ("f", "epsilon"):
                continue
            value = channel.limit(row.parameter, row.rate, SIGNALS[kind]) if channel else None
            if value is None:
                continue
            shown = f"{value:.2f} dB" if row.parameter.endswith("_db") else f"{value:.3g}"
            limit = LimitLine(kind, value, rate_text(row), shown, [])
            found.setdefault((kind, round(row.rate, 12)), limit).curves.append(label)
    return list(found.values())


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
    top = inverse_binary_entropy(max(1 - capacity / MOST_RATE, 0.0))
    ber = np.geomspace(lowest, max(top, lowest * 1.01), 400)
    return capacity, np.array([capacity / (1 - binary_entropy(float(p))) for p in ber]), ber
