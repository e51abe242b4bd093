"""Results: one row a point, read from and written to ``results.csv``, which is also the checkpoint."""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ...channels.models.model import ChannelModel
from ..errors import InputError, printable
from ..link.identity import DESCRIPTIONS, check_identity
from ..statistics.intervals import (
    COUNTING_RULES,
    INVERSE_RULES,
    binomial_interval,
    bit_error_interval,
    unbiased_rate,
)
from ..statistics.tally import Tally
from ..text_files import read_text
from .crossings import Crossing, load_crossings
from .csv_tables import format_table, parse_cell

FILE = "results.csv"
#: Most bytes of it, some 200,000 points.
MAX_BYTES = 100_000_000
STOPS = ("frame_errors", "bit_errors", "frames", "relative_error", "seconds")


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

    @property
    def tally(self) -> Tally:
        """The counters."""
        return Tally(*(getattr(self, each.name) for each in fields(Tally)))

    @property
    def fer_unbiased(self) -> float | None:
        """The FER without the bias that stopping at the k-th error has, (k - 1) / (frames - 1).

        None where no count of errors ended the point, and for k = 1; see ``statistics.unbiased_rate``.
        """
        return unbiased_rate(self.frame_errors, self.frames) if self.stop in COUNTING_RULES else None


#: The columns of the file: all but the model.
COLUMNS = [each.name for each in fields(Row) if each.name != "channel_model"]
_TYPES = {each.name: each.type for each in fields(Row) if each.name in COLUMNS}


def make_row(tally: Tally, **identity: Any) -> Row:
    """A row from counters and everything that does not follow from them; needs at least one frame."""
    inverse = identity["stop"] in INVERSE_RULES
    frames, k = tally.frames, identity["k"]
    fer_low, fer_high = binomial_interval(tally.frame_errors, frames, inverse=inverse)
    ber_low, ber_high = bit_error_interval(
        tally.bit_errors, tally.bit_errors_squared, tally.frame_errors, frames, k, inverse=inverse
    )
    return Row(
        **{each.name: getattr(tally, each.name) for each in fields(Tally)},
        fer=tally.frame_errors / frames,
        fer_low=float(fer_low),
        fer_high=float(fer_high),
        ber=tally.bit_errors / (frames * k),
        ber_low=ber_low,
        ber_high=ber_high,
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
        What a run has to say of its points: which were left out, and why.
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
    return format_table(COLUMNS, rows)


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
        rows = []
        for cells in reader:
            if len(cells) != len(header):
                raise InputError(
                    f"{file}:{reader.line_num}: the row has {len(cells)} cells, the header {len(header)}: "
                    "the file is damaged"
                )
            rows.append(_parse_row(dict(zip(header, cells, strict=True)), f"{file}:{reader.line_num}"))
    except csv.Error as error:
        raise InputError(f"{file}:{reader.line_num}: the file is damaged: {error}") from None
    keys = [row.key for row in rows]
    if len(set(keys)) < len(keys) and len({(row.curve, row.key) for row in rows}) < len(keys):
        raise InputError(f"{file}: the file is damaged: a point stands in it twice")
    return Results(tuple(rows), file.parent, load_crossings(file.parent))


def _parse_row(cells: dict[str, str], where: str) -> Row:
    cells.setdefault("group", cells["curve"])
    # Versions before wrote them as they were.
    cells |= {name: printable(cells[name]) for name in DESCRIPTIONS}
    values: dict[str, Any] = {}
    for name, kind in _TYPES.items():
        text = cells[name]
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
    row = Row(**values)
    consistent = (
        1 <= row.frames < 2**63
        and 0 <= row.undetected_errors <= row.frame_errors <= row.frames
        and row.frame_errors <= row.bit_errors <= row.frame_errors * row.k
        and row.bit_errors <= row.bit_errors_squared <= row.bit_errors * row.k
        and 0 <= row.iterations < 2**63
        and row.seconds >= 0
        and row.stop in ("", *STOPS)
        and math.isclose(row.fer, row.frame_errors / row.frames, rel_tol=1e-9)
        and math.isclose(row.ber, row.bit_errors / (row.frames * row.k), rel_tol=1e-9)
        and 0 <= row.fer_low <= row.fer * (1 + 1e-9) <= row.fer_high * (1 + 2e-9) <= 1 + 3e-9
        and 0 <= row.ber_low <= row.ber * (1 + 1e-9) <= row.ber_high * (1 + 2e-9) <= 1 + 3e-9
    )
    if not consistent:
        raise InputError(f"{where}: the counts contradict each other: the file is damaged")
    return row
