"""What ``capgap bench`` prints, and the results of earlier times that it compares with."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ..errors import InputError, printable
from ..text_files import read_text

if TYPE_CHECKING:
    from .measured import Benchmark, Measured

#: The stages that have a column, and how they are called there.
STAGES = {"source": "source", "encoder": "enc.", "channel": "chan.", "decoder": "dec.", "count": "count"}
#: Most bytes of a result.
MAX_BYTES = 10_000_000
#: How wide the names of links are.
WIDTH = 18


def heading(workers: int, seconds: float) -> Iterator[str]:
    """The lines above the links."""
    each = f"{workers} thread{'s' * (workers != 1)}, {seconds:g} s for each link"
    yield f"{each:<49}share of the time in %"
    stages = " ".join(STAGES.values())
    yield f"{'link':<{WIDTH}} {'Mb/s':>6} {'ns/bit':>6} {'iter.':>5} {'FER':>8}  {stages}"


def line(measured: "Measured") -> str:
    """The line of a link."""
    tally = measured.tally
    iterations = f"{measured.iterations:.2f}" if tally.iterations else "-"
    fer = f"{measured.fer:.2e}" if tally.frame_errors else "0"
    if measured.stages.keys() <= STAGES.keys():
        stages = " ".join(
            f"{100 * measured.stages.get(stage, 0.0):{len(shown)}.0f}" for stage, shown in STAGES.items()
        )
    else:
        stages = ", ".join(f"{stage} {100 * share:.0f}" for stage, share in measured.stages.items())
    numbers = f"{_short(measured.mbps):>6} {_short(measured.ns_per_coded_bit, 3):>6}"
    return f"{measured.name:<{WIDTH}} {numbers} {iterations:>5} {fer:>8}  {stages}"


def baseline_line(made: "Benchmark") -> str:
    """The line below the links."""
    return f"For comparison: NumPy makes a normal sample in {_short(made.numpy_normal_ns, 3)} ns here."


@dataclass(frozen=True)
class Earlier:
    """An earlier result.

    Attributes
    ----------
    file
        Where it was read from.
    workers, numpy_normal_ns
        Threads, and the time of NumPy's sample.
    mbps
        By the names of links.
    """

    file: Path
    workers: int
    numpy_normal_ns: float
    mbps: dict[str, float]


def read_result(file: Path) -> Earlier:
    """Read what ``--json`` wrote; raises InputError with the file's name if it is something else."""
    try:
        data = json.loads(read_text(file, MAX_BYTES))
    except FileNotFoundError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: no result of 'capgap bench': this is no JSON: {error}") from None
    try:
        links = _member(data, "links", list)
        mbps = [(_member(link, "name", str), _positive(link, "mbps")) for link in links]
        workers = _member(data, "workers", int)
        if workers < 1:
            raise ValueError(f"'workers' must be at least 1, found {workers}")
        normal = _positive(data, "numpy_normal_ns")
        names = [name for name, _ in mbps]
        if len(set(names)) < len(names):
            raise ValueError("a link stands in it twice")
    except ValueError as error:
        raise InputError(f"{file}: no result of 'capgap bench': {printable(str(error), 200)}") from None
    return Earlier(file, workers, normal, dict(mbps))


def comparison_lines(made: "Benchmark", before: Earlier) -> Iterator[str]:
    """How much faster links are than they were, also after division by the times of NumPy's samples."""
    yield ""
    there = f"{_short(before.numpy_normal_ns, 3)} ns"
    yield f"Compared with {printable(str(before.file))}, where NumPy's sample takes {there}:"
    here = {measured.name: measured.mbps for measured in made.links}
    both = [name for name in here if name in before.mbps]
    machines = made.numpy_normal_ns / before.numpy_normal_ns
    if both:
        yield f"{'link':<{WIDTH}} {'Mb/s there':>10} {'here':>8} {'ratio':>7} {'relative to NumPy':>18}"
    for name in both:
        ratio = here[name] / before.mbps[name]
        numbers = f"{_short(before.mbps[name]):>10} {_short(here[name]):>8}"
        yield f"{name:<{WIDTH}} {numbers} {_short(ratio, 3):>7} {_short(ratio * machines, 3):>18}"
    if not both:
        yield "no link is in both"
    for where, names in (
        ("here", [name for name in here if name not in before.mbps]),
        ("there", [name for name in before.mbps if name not in here]),
    ):
        if names:
            text = f"only {where}: {', '.join(printable(name, 40) for name in names)}"
            yield from wrap(text, 80, subsequent_indent="  ", break_on_hyphens=False)
    if before.workers != made.workers:
        yield f"threads: {before.workers} there, {made.workers} here"


def _short(value: float, digits: int = 4) -> str:
    """A number above 0 with so many digits, and no exponent where it can be helped."""
    if not 1e-3 <= value < 1e6:
        return f"{value:.{digits - 2}e}"
    return f"{value:.{max(digits - 1 - math.floor(math.log10(value)), 0)}f}"


def _member(data: Any, name: str, kind: type) -> Any:
    """What has a name in an object; raises ValueError if there is none, or it is of another kind."""
    if not isinstance(data, dict):
        raise ValueError(f"an object with '{name}' should stand where {json.dumps(data)[:40]} does")
    if name not in data:
        raise ValueError(f"'{name}' is missing")
    value = data[name]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        words = {list: "a list", str: "a text", int: "a whole number"}
        raise ValueError(f"'{name}' must be {words[kind]}, found {json.dumps(value)[:40]}")
    return value


def _positive(data: Any, name: str) -> float:
    """A positive number that has a name in an object."""
    value = _member(data, name, object)
    try:
        number = float(value) if isinstance(value, int | float) and value is not True else math.nan
    except OverflowError:
        number = math.inf
    if not 0 < number < math.inf:
        raise ValueError(f"'{name}' must be a positive number, found {json.dumps(value)[:40]}")
    return number
