"""Errors that are the input's fault, told in one clear message."""

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """Something given by the user cannot be used. The message says where, what, and what would be right.

    The command line prints it without a traceback and exits with status 2. What cannot be printed, such as
    control characters out of somebody's file, is escaped.
    """

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(printable(line, 5000) for line in message.split("\n")))


def printable(text: str, most: int = 1000) -> str:
    """A text in one line: what cannot be printed is escaped, line breaks too, and a long one cut."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


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
