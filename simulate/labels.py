"""Text that is shown: in legends, in tables, in the rows of results."""

import re
from collections.abc import Iterable

#: Longest text of a cell. csv.reader takes 131,072 characters, and legends and tables far fewer.
MOST_TEXT = 1000
#: A field of a label, which ``sweep`` replaces by a value.
FIELD = re.compile(r"\{(?:code|decoder|channel|modulation)\.[^{}]+\}")
#: Most values that the name of a family lists.
MOST_LISTED = 4


def check_text(text: str) -> None:
    """Raise ValueError, in words that follow the text's name, unless a cell may hold it.

    What names or describes something has to fit into one line, and to be read again.
    """
    if not text.isprintable():
        raise ValueError("must not contain line breaks or other control characters")
    if len(text) > MOST_TEXT:
        raise ValueError(f"must have at most {MOST_TEXT} characters, has {len(text)}")


def family_name(group: str, labels: Iterable[str]) -> str:
    """A family's name, with fields such as ``{code.n}`` in it filled with the values of its curves.

    ``labels`` are those of the curves, perhaps with an addition in brackets. A value that they do not
    tell is left out.
    """
    parts = FIELD.split(group)
    if len(parts) == 1:
        return group
    pattern = re.compile("(.+?)".join(map(re.escape, parts)) + r"(?: \(.*\))?")
    matches = [match.groups() for match in map(pattern.fullmatch, labels) if match is not None]
    filled = parts[0]
    for i, part in enumerate(parts[1:]):
        values = list(dict.fromkeys(match[i] for match in matches))
        listed = values if len(values) <= MOST_LISTED else [f"{values[0]} ... {values[-1]}"]
        filled += ", ".join(listed) + part
    return filled.strip() or group
