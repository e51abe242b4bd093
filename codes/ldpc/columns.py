"""Columns of a matrix named by numbers and ranges: which bits are punctured."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...vectors.whole_numbers import whole_number

#: Numbers from 0; ranges, as text or as a mapping; block columns; or a list of these.
Columns = Sequence[Any] | Mapping[str, Any] | str

FORMS = (
    'puncture takes columns from 0, such as [0, 5]; a range, "88:96" (88 to 95, as in Python) or '
    "{start: 88, stop: 95} (stop included, as in a channel's range); {block_columns: ...} of a quasi-cyclic "
    "code; or a list of these"
)


def column_numbers(columns: Columns, n: int, lifting_size: int | None = None) -> list[int]:
    """The columns that are named, ascending, each once.

    Parameters
    ----------
    columns
        A list of numbers from 0 and of ranges, or one range: text ``"start:stop"`` or
        ``"start:stop:step"``, where stop is left out as in Python, the ends may be missing, and numbers
        below 0 count from the end; or a mapping {start, stop, step}, where stop is included as
        in a channel's range, and step is 1 unless given. A mapping {block_columns: ...} names block
        columns in the same ways.
    n
        Number of columns.
    lifting_size
        Columns of a block; None if there are no blocks.

    Raises
    ------
    ValueError
        If a column does not exist, a range holds none, or ``columns`` is of another form.
    """
    return sorted(set(_numbers(columns, n, "column", lifting_size)))


def _numbers(value: Any, size: int, what: str, lifting_size: int | None) -> list[int]:
    if isinstance(value, str):
        return _of_text(value, size, what)
    if isinstance(value, Mapping):
        if set(value) == {"block_columns"} and what == "column":
            if lifting_size is None:
                raise ValueError(
                    "puncture: block_columns belong to a quasi-cyclic code: one from a base-matrix file, "
                    "wimax or wifi"
                )
            blocks = _numbers(value["block_columns"], size // lifting_size, "block column", None)
            return [block * lifting_size + i for block in blocks for i in range(lifting_size)]
        if not {"start", "stop"} <= set(value) <= {"start", "stop", "step"}:
            raise ValueError(f"{FORMS}; got {dict(value)!r:.60}")
        step = value.get("step", 1)
        start, stop, step = (_whole(number) for number in (value["start"], value["stop"], step))
        return _of_range(start, stop + 1, step, size, what, dict(value))
    if isinstance(value, Sequence) or hasattr(value, "tolist"):
        entries = value.tolist() if hasattr(value, "tolist") else value
        numbers = []
        for entry in entries if isinstance(entries, Sequence) else [entries]:
            if isinstance(entry, str | Mapping):
                numbers += _numbers(entry, size, what, lifting_size)
            else:
                numbers.append(_existing(_whole(entry), size, what))
        return numbers
    return [_existing(_whole(value), size, what)]


def _of_text(text: str, size: int, what: str) -> list[int]:
    found = re.fullmatch(
        r"\s*(-?[0-9]{1,9})?\s*:\s*(-?[0-9]{1,9})?\s*(?::\s*([0-9]{1,9})\s*)?", text, re.ASCII
    )
    if not found:
        raise ValueError(f"{FORMS}; got {text!r:.60}")
    start, stop, step = (None if part is None else int(part) for part in found.groups())
    start = 0 if start is None else start
    stop = size if stop is None else stop
    step = 1 if step is None else step
    ends = [end + size if end < 0 else end for end in (start, stop)]
    return _of_range(ends[0], ends[1], step, size, what, text)


def _of_range(start: int, stop: int, step: int, size: int, what: str, given: object) -> list[int]:
    if step < 1:
        raise ValueError(f"puncture: the step of {given!r:.60} must be at least 1")
    numbers = range(start, stop, step)
    if not numbers:
        raise ValueError(f"puncture: {given!r:.60} names no {what}")
    for end in (numbers[0], numbers[-1]):
        _existing(end, size, what)
    return list(numbers)


def _whole(value: Any) -> int:
    try:
        return whole_number(value, "puncture")
    except ValueError:
        raise ValueError(f"{FORMS}; got {value!r:.60}") from None


def _existing(number: int, size: int, what: str) -> int:
    if not 0 <= number < size:
        raise ValueError(f"puncture names {what} {number}, {what}s go from 0 to {size - 1}")
    return number
