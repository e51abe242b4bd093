"""Positions named by numbers and ranges: columns of a matrix, bits of a word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...vectors.whole_numbers import whole_number

#: Numbers from 0; ranges, as text or as a mapping; block columns; or a list of these.
Columns = Sequence[Any] | Mapping[str, Any] | str


def column_numbers(
    columns: Columns, n: int, lifting_size: int | None = None, *, name: str = "puncture", what: str = "column"
) -> list[int]:
    """The columns that are named, in the order in which they are named, as often as they are.

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
    name, what
        The parameter, and what it names one of, for messages.

    Raises
    ------
    ValueError
        If a column does not exist, a range holds none, or ``columns`` is of another form.
    """
    return _Numbers(name, what, n, lifting_size).of(columns)


@dataclass(frozen=True)
class _Numbers:
    """How numbers below ``size`` are read, of columns in blocks of ``lifting_size`` perhaps."""

    name: str
    what: str
    size: int
    lifting_size: int | None

    def of(self, value: Any) -> list[int]:
        if isinstance(value, str):
            return self._of_text(value)
        if isinstance(value, Mapping):
            return self._of_mapping(value)
        if isinstance(value, Sequence) or hasattr(value, "tolist"):
            entries = value.tolist() if hasattr(value, "tolist") else value
            numbers = []
            for entry in entries if isinstance(entries, Sequence) else [entries]:
                if isinstance(entry, str | Mapping):
                    numbers += self.of(entry)
                else:
                    numbers.append(self._existing(self._whole(entry)))
            return numbers
        return [self._existing(self._whole(value))]

    def _of_mapping(self, value: Mapping[str, Any]) -> list[int]:
        if set(value) == {"block_columns"} and not self.what.startswith("block"):
            if self.lifting_size is None:
                raise ValueError(
                    f"{self.name}: block_columns belong to a quasi-cyclic code: one from a base-matrix file, "
                    "wimax or wifi"
                )
            z = self.lifting_size
            blocks = replace(self, what="block column", size=self.size // z, lifting_size=None)
            return [block * z + i for block in blocks.of(value["block_columns"]) for i in range(z)]
        if not {"start", "stop"} <= set(value) <= {"start", "stop", "step"}:
            raise ValueError(f"{self._forms}; got {dict(value)!r:.60}")
        numbers = (self._whole(number) for number in (value["start"], value["stop"], value.get("step", 1)))
        start, stop, step = numbers
        return self._of_range(start, stop + 1, step, dict(value))

    def _of_text(self, text: str) -> list[int]:
        found = re.fullmatch(
            r"\s*(-?[0-9]{1,9})?\s*:\s*(-?[0-9]{1,9})?\s*(?::\s*([0-9]{1,9})\s*)?", text, re.ASCII
        )
        if not found:
            raise ValueError(f"{self._forms}; got {text!r:.60}")
        start, stop, step = (None if part is None else int(part) for part in found.groups())
        ends = (0 if start is None else start, self.size if stop is None else stop)
        first, last = (end + self.size if end < 0 else end for end in ends)
        return self._of_range(first, last, 1 if step is None else step, text)

    def _of_range(self, start: int, stop: int, step: int, given: object) -> list[int]:
        if step < 1:
            raise ValueError(f"{self.name}: the step of {given!r:.60} must be at least 1")
        numbers = range(start, stop, step)
        if not numbers:
            raise ValueError(f"{self.name}: {given!r:.60} names no {self.what}")
        for end in (numbers[0], numbers[-1]):
            self._existing(end)
        return list(numbers)

    @property
    def _forms(self) -> str:
        return (
            f'{self.name} takes {self.what.removeprefix("block ")}s from 0, such as [0, 5]; a range, "88:96" '
            "(88 to 95, as in Python) or {start: 88, stop: 95} (stop included, as in a channel's range); "
            "{block_columns: ...} of a quasi-cyclic code; or a list of these"
        )

    def _whole(self, value: Any) -> int:
        try:
            return whole_number(value, self.name)
        except ValueError:
            raise ValueError(f"{self._forms}; got {value!r:.60}") from None

    def _existing(self, number: int) -> int:
        if not 0 <= number < self.size:
            raise ValueError(
                f"{self.name} names {self.what} {number}, {self.what}s go from 0 to {self.size - 1}"
            )
        return number
