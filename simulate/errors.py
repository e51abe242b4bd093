"""Errors that are the input's fault, told in one clear message."""

import difflib
from collections.abc import Iterable
from typing import Any

#: Most lines of a message: a file may have thousands of mistakes.
MOST_LINES = 100
#: The end of a message about somebody's class.
CHECK = "'capgap check' tells more"


class InputError(Exception):
    """Something given by the user cannot be used. The message says where, what, and what would be right.

    The command line prints it without a traceback and exits with status 2. What cannot be printed, such as
    control characters out of somebody's file, is escaped.
    """

    def __init__(self, message: str) -> None:
        lines = message.split("\n")
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 1 :] = [f"... and {len(lines) - MOST_LINES + 1} more"]
        super().__init__("\n".join(printable(line, 5000) for line in lines))


def printable(text: str, most: int = 1000) -> str:
    """A text in one line: what cannot be printed is escaped, line breaks too, and a long one cut."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def shown(value: Any, most: int = 60) -> str:
    """``repr`` of a value, cut to so many characters; the type where there is none, as of a huge number."""
    try:
        text = repr(value)
    except Exception:
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 3]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the known name closest to ``name``, or nothing if none is close.

    Close is what a slip of the hand or memory makes of a name: a few letters of many wrong, letters in
    another order, or the beginning alone.
    """
    asked = str(name).lower()
    by_lower = {str(option).lower(): str(option) for option in known}
    close = difflib.get_close_matches(asked, list(by_lower), n=1, cutoff=0.7)
    close += [option for option in by_lower if sorted(option) == sorted(asked)]
    close += [option for option in by_lower if len(asked) >= 3 and option.startswith(asked)]
    return f" Did you mean '{by_lower[close[0]]}'?" if close else ""
