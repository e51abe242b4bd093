"""Results: one row a point, read from and written to ``results.csv``, which is also the checkpoint."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from ...channels.models.model import ChannelModel
from ..errors import InputError, printable
from ..harq.outcomes import Outcomes
from ..link.counting.frame_counts import WEIGHTS
from ..link.identity import DESCRIPTIONS, check_identity
from ..statistics.estimators import Binomial, Estimator, estimator_of
from ..statistics.intervals import unbiased_rate
from ..statistics.stop_rules import COUNTING_RULES, INVERSE_RULES, STOP_RULES
from ..statistics.tally import COUNTERS, Tally
from ..text_files import read_text
from .after_iterations import AfterIteration, tallies_after
from .crossings import Crossing, load_crossings
from .csv_tables import format_table, parse_cell
from .harq_rates import HarqRates

FILE = "results.csv"
#: Most bytes of it, some 200,000 points.
MAX_BYTES = 100_000_000


@dataclass(frozen=True)
class Row:
    """One point: a curve at one value of its channel parameter.

    Attributes
    ----------
    curve, group
        Label of the curve, and of the family it belongs to.
    code, decoder, channel
        What was simulated, as in ``hamming(r=3)``.
    n, k, rate
        Of the code.
    parameter, value
        The channel parameter and its value.
    ebno_db, esno_db
        Eb/N0 and Es/N0 in dB; None where the channel has none.
    frames, frame_errors, bit_errors, bit_errors_squared, undetected_errors, iterations
        The counts; the last is the sum over frames.
    fer, fer_low, fer_high, ber, ber_low, ber_high
        Rates, and the bounds of their 95 % intervals. ``fer`` is frame_errors / frames: where the k-th error
        ended the point, it and ``ber`` are too high, on average by up to 1 / (k - 1) of the rate. See
        ``fer_unbiased``.
    stop
        The rule that ended the point; empty while it runs.
    seconds
        Computing time, added up over the workers.
    key
        Hash of everything that defines the point's frames.
    channel_model
        The channel with its fixed parameters; None where it is not known, as in a file without its
        configuration. In no column of the file.
    counters
        What else was counted, by name: columns after the others. A name that is missing was not counted.
    modulation, symbols, interleaver, receiver, harq
        What made samples of the coded bits, as in ``pam(order=4)``, and the samples of a frame; empty and
        None where each coded bit is a channel use; and in which order they were sent, as in ``random``, empty
        for that of the code; and how it was received, as in ``iterative(rounds=5)``, empty for a demapper and
        decoder that are asked once; and how frames were sent again, as in ``chase(transmissions=4)``. Columns
        where a row has them.
    """

    curve: str
    code: str
    decoder: str
    channel: str
    n: int
    k: int
    rate: float
    parameter: str
    value: float
    ebno_db: float | None
    esno_db: float | None
    frames: int
    frame_errors: int
    bit_errors: int
    bit_errors_squared: int
    undetected_errors: int
    iterations: int
    fer: float
    fer_low: float
    fer_high: float
    ber: float
    ber_low: float
    ber_high: float
    stop: str
    seconds: float
    key: str
    group: str
    channel_model: ChannelModel | None = field(default=None, compare=False, repr=False)
    counters: Mapping[str, int] = field(default_factory=dict, hash=False)
    modulation: str = ""
    symbols: int | None = None
    interleaver: str = ""
    receiver: str = ""
    harq: str = ""

    @property
    def bits_per_use(self) -> float:
        """Information bits a channel use: the code's rate where each coded bit is one."""
        return self.rate if self.symbols is None else self.k / self.symbols

    @property
    def tally(self) -> Tally:
        """The counters."""
        counted = {name: getattr(self, name) for name in COUNTERS}
        return Tally(**counted, counters=tuple(sorted(self.counters.items())))

    @property
    def estimator(self) -> Estimator:
        """What its rates and intervals are made with, which its counters tell."""
        return estimator_of(self.counters)

    @property
    def fer_unbiased(self) -> float | None:
        """The FER without the bias that stopping at the k-th error has, (k - 1) / (frames - 1).

        None where no count of errors ended the point, for k = 1, and for frames with weights; see
        ``statistics.unbiased_rate``.
        """
        counted = self.stop in COUNTING_RULES and isinstance(self.estimator, Binomial)
        return unbiased_rate(self.frame_errors, self.frames) if counted else None

    @cached_property
    def after_iterations(self) -> tuple[AfterIteration, ...]:
        """Error rates after iteration 1, 2, ... where the decoder counted them; empty where it did not.

        The last ones are those of the row. Not for frames with weights.
        """
        if not isinstance(self.estimator, Binomial):
            return ()
        tallies = tallies_after(self.frames, self.counters)
        # Sampling ended at an error after the last iteration, and at none of those before it.
        inverse = self.stop in INVERSE_RULES
        return tuple(
            AfterIteration.of(i, tally, self.k, inverse=inverse and i == len(tallies))
            for i, tally in enumerate(tallies, 1)
        )

    @cached_property
    def harq_rates(self) -> HarqRates | None:
        """Throughput, delay and losses where frames are sent again; None where they are not."""
        return HarqRates.of(self.frames, self.k, self.counters)


#: Columns that are there where a row has something in them.
SOMETIMES = ("modulation", "symbols", "interleaver", "receiver", "harq")
#: The other columns of the file: all but the model; those of named counters come last.
COLUMNS = [each.name for each in fields(Row) if each.name not in ("channel_model", "counters", *SOMETIMES)]
#: The name of a counter, and a cell in its column: as many digits as Python reads.
_NAME = "[A-Za-z_][A-Za-z0-9_]{0,99}"
_WHOLE = re.compile(r"[0-9]{1,4000}")
_TYPES = {each.name: each.type for each in fields(Row) if each.name in (*COLUMNS, *SOMETIMES)}


def check_counters(names: Sequence[str]) -> None:
    """Raise ValueError, in words, unless counters may have these names, which become columns of the file."""
    for name in names:
        if not re.fullmatch(_NAME, name):
            raise ValueError(f"a counter's name has letters, digits and underscores, not {name[:40]!r}")
        if name in _TYPES or name in WEIGHTS:
            raise ValueError(f"results have a column {name}: a counter needs another name")
        if names.count(name) > 1:
            raise ValueError(f"two counters have the name {name}")


def make_row(tally: Tally, **identity: Any) -> Row:
    """A row from counters and everything that does not follow from them; needs at least one frame."""
    inverse = identity["stop"] in INVERSE_RULES
    estimator, k = estimator_of(tally.names), identity["k"]
    fer_low, fer_high = estimator.fer_interval(tally, inverse=inverse)
    ber_low, ber_high = estimator.ber_interval(tally, k, inverse=inverse)
    return Row(
        **{name: getattr(tally, name) for name in COUNTERS},
        fer=estimator.fer(tally),
        fer_low=fer_low,
        fer_high=fer_high,
        ber=estimator.ber(tally, k),
        ber_low=ber_low,
        ber_high=ber_high,
        counters=dict(tally.counters),
        **identity,
    )


@dataclass(frozen=True)
class Results:
    """The points of a run, in the order of the configuration.

    Attributes
    ----------
    rows
        One a point; a point never simulated has none.
    folder
        Where they were read from or written to; None if nowhere.
    crossings
        Where curves with a target reach it.
    notes
        What a run has to say: which points were left out, and what its figures cannot show, and why.
    warnings
        What is hard to believe in the rates of a run, such as a curve beyond the Shannon limit.
    others
        Folders of further runs, where rows of several are put together.
    """

    rows: tuple[Row, ...]
    folder: Path | None = None
    crossings: tuple[Crossing, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def curves(self) -> dict[str, list[Row]]:
        """The rows of each curve, by label."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.curve, []).append(row)
        return found

    def __getitem__(self, label: str) -> list[Row]:
        """The rows of one curve; raises KeyError, naming the curves there are."""
        curves = self.curves()
        if label not in curves:
            raise KeyError(f"there is no curve {label!r}; there are {list(curves)}")
        return curves[label]


def format_results(rows: tuple[Row, ...]) -> str:
    """Rows as the text of ``results.csv``."""
    further = sorted({name for row in rows for name in row.counters}, key=_in_order)
    used = [column for column in SOMETIMES if any(getattr(row, column) for row in rows)]
    return format_table([*COLUMNS, *used, *further], rows, _cell)


def _in_order(name: str) -> str:
    """What puts names in order, numbers in them by their size."""
    return re.sub("[0-9]+", lambda number: number[0].zfill(100), name)


def _cell(row: Row, column: str) -> Any:
    """What a row has in a column; None in that of a counter which it lacks."""
    return getattr(row, column) if column in _TYPES else row.counters.get(column)


def load_results(path: str | Path) -> Results:
    """Read results from a folder or its ``results.csv``.

    Raises InputError, with file and line, if there are none or the file is damaged.
    """
    path = Path(path)
    file = path / FILE if path.is_dir() else path
    try:
        text = read_text(file, MAX_BYTES, newline="")
    except FileNotFoundError:
        raise InputError(f"{path}: there are no results here ({FILE} is missing)") from None
    if text and not text.endswith("\n"):
        raise InputError(f"{file}:{text.count(chr(10)) + 1}: the file is damaged: it ends within a row")
    reader = csv.reader(io.StringIO(text))
    try:
        header = next(reader, [])
        missing = [column for column in COLUMNS if column not in header and column != "group"]
        if missing:
            raise InputError(f"{file}:1: not a results file: the column '{missing[0]}' is missing")
        lines: list[tuple[dict[str, str], str]] = []
        for cells in reader:
            if len(cells) != len(header):
                raise InputError(
                    f"{file}:{reader.line_num}: the row has {len(cells)} cells, the header {len(header)}: "
                    "the file is damaged"
                )
            lines.append((dict(zip(header, cells, strict=True)), f"{file}:{reader.line_num}"))
    except csv.Error as error:
        raise InputError(f"{file}:{reader.line_num}: the file is damaged: {error}") from None
    further = _counters([column for column in header if column not in _TYPES], lines)
    rows = [_parse_row(cells, further, where) for cells, where in lines]
    keys = [row.key for row in rows]
    if len(set(keys)) < len(keys) and len({(row.curve, row.key) for row in rows}) < len(keys):
        raise InputError(f"{file}: the file is damaged: a point stands in it twice")
    return Results(tuple(rows), file.parent, load_crossings(file.parent))


def _counters(columns: Sequence[str], lines: Sequence[tuple[dict[str, str], str]]) -> list[str]:
    """The named counters among further columns: those with whole numbers in them.

    A column without any, which somebody has added perhaps, is none. Raises InputError for a column that has
    something else beside whole numbers, and for two of one name.
    """
    found = []
    for column in columns:
        cells = [(cells[column], where) for cells, where in lines]
        filled = [(text, where) for text, where in cells if text]
        if not (re.fullmatch(_NAME, column) and any(_WHOLE.fullmatch(text) for text, _ in filled)):
            continue
        for text, where in filled:
            if not _WHOLE.fullmatch(text):
                raise InputError(f"{where}: {column} must be a whole number, found {text[:40]!r}")
        found.append(column)
    twice = next((column for column in found if columns.count(column) > 1), None)
    if twice is not None:
        where = lines[0][1].rpartition(":")[0]
        raise InputError(f"{where}:1: the file is damaged: the column '{twice}' stands in it twice")
    return found


def _parse_row(cells: dict[str, str], further: Sequence[str], where: str) -> Row:
    cells.setdefault("group", cells["curve"])
    # Versions before wrote them as they were.
    cells |= {name: printable(cells[name]) for name in DESCRIPTIONS}
    values: dict[str, Any] = {}
    for name, kind in _TYPES.items():
        text = cells.get(name, "") if name in SOMETIMES else cells[name]
        try:
            values[name] = parse_cell(text, kind)
        except ValueError:
            raise InputError(f"{where}: {name} must be a number, found {text[:40]!r}") from None
        if isinstance(values[name], float) and not math.isfinite(values[name]):
            raise InputError(f"{where}: {name} must be finite, found {text!r}")
    try:
        check_identity(values)
    except ValueError as error:
        raise InputError(f"{where}: {error}: the file is damaged") from None
    row = Row(**values, counters={name: int(cells[name]) for name in further if cells[name]})
    tally, estimator = row.tally, row.estimator
    consistent = (
        estimator.consistent(tally, row.k)
        and row.seconds >= 0
        and row.stop in ("", *STOP_RULES)
        and math.isclose(row.fer, estimator.fer(tally), rel_tol=1e-9)
        and math.isclose(row.ber, estimator.ber(tally, row.k), rel_tol=1e-9)
        and _ordered(row.fer_low, row.fer, row.fer_high)
        and _ordered(row.ber_low, row.ber, row.ber_high)
        and all(estimator.consistent(each, row.k) for each in tallies_after(row.frames, row.counters))
        and _all_ended(row)
    )
    if not consistent:
        raise InputError(f"{where}: the counts contradict each other: the file is damaged")
    return row


def _all_ended(row: Row) -> bool:
    """Whether frames that are sent again have all ended somehow; others have."""
    outcomes = Outcomes.of(row.frames, row.counters)
    return outcomes is None or outcomes.consistent(row.frames)


def _ordered(low: float, rate: float, high: float) -> bool:
    """Whether a rate lies in its interval, and that in 0...1, up to rounding; an estimate may lie above 1."""
    return 0 <= low <= rate * (1 + 1e-9) <= high * (1 + 2e-9) <= max(1.0, rate) * (1 + 3e-9)
