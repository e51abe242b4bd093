"""What a point is called, and the key that identifies its frames."""

import hashlib
import json
import math
import numbers
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...channels.parameter import ENERGIES
from ..errors import printable, shown
from ..labels import check_text

#: Most characters of a parameter in the description, and of the whole.
MOST_VALUE, MOST_TEXT = 100, 500


def describe(data: dict[str, Any]) -> str:
    """``hamming(r=3)`` for {type: hamming, r: 3}: how results.csv names codes, decoders and channels.

    One line: what cannot be printed, such as a line break in a file's name, is escaped, and long text cut.
    """

    def show(value: Any) -> str:
        if isinstance(value, Path):
            return printable(value.name, MOST_VALUE)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, dict) and isinstance(value.get("type"), str):  # a code of which this one is made
            return describe(value)
        if isinstance(value, list | tuple | dict):
            inner = json.dumps(value, default=lambda v: v.name if isinstance(v, Path) else str(v))
            inner = re.sub(r'"(\d+)"', r"\1", inner)  # octal digits are text
            return inner if len(inner) <= 40 else f"{inner[:37]}..."
        return f"{value:g}" if isinstance(value, float) else printable(str(value), MOST_VALUE)

    inside = ", ".join(f"{name}={show(value)}" for name, value in data.items() if name != "type")
    return printable(f"{data['type']}({inside})" if inside else str(data["type"]), MOST_TEXT)


def content(value: Any) -> Any:
    """Plain data that stands for parameters; a file stands for its content."""
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    if isinstance(value, dict):
        return {key: content(inner) for key, inner in value.items()}
    return [content(inner) for inner in value] if isinstance(value, list | tuple) else value


def point_key(identity: dict[str, Any], value: float) -> str:
    """The hash of everything that defines a point's frames: 32 hexadecimal digits."""
    text = json.dumps({**identity, "value": value}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


#: Columns that name or describe, and those that only describe.
DESCRIPTIONS = ("code", "decoder", "channel")
TEXTS = ("curve", "group", *DESCRIPTIONS, "parameter", "key")


def check_identity(values: Mapping[str, Any]) -> None:
    """Raise ValueError, in words, unless a row may hold what does not follow from a point's counters.

    Asked of every point before its first frame, and of every row that is read: what was written can be read.

    Parameters
    ----------
    values
        By column: the texts, ``n``, ``k``, ``rate``, ``value``, ``ebno_db`` and ``esno_db``; and
        ``modulation``, ``symbols``, ``interleaver``, ``receiver`` and ``harq``, where there are any.
    """
    symbols = values.get("symbols")
    further = [name for name in ("interleaver", "receiver", "harq") if values.get(name)]
    for name in (*TEXTS, *(("modulation",) if symbols is not None else ()), *further):
        try:
            check_text(values[name])
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
    n, k, rate = (values[name] for name in ("n", "k", "rate"))
    for name in ("n", "k"):
        if not 1 <= values[name] < 2**63:
            raise ValueError(f"{name} must be a whole number from 1 to 2^63 - 1, is {shown(values[name])}")
    if symbols is not None and not 1 <= symbols <= n + 1:  # one of reference may be among them
        raise ValueError(f"symbols must be a whole number from 1 to n + 1 = {n + 1}, is {shown(symbols)}")
    if not math.isclose(rate, k / n, rel_tol=1e-9):
        raise ValueError(f"rate must be k / n = {k / n:.12g}, is {rate:.12g}")
    for name in ("value", *ENERGIES):
        number = values[name]
        if number is None and name != "value":
            continue
        if not isinstance(number, numbers.Real) or not math.isfinite(number):
            raise ValueError(f"{name} must be a finite number, is {shown(number)}")
