"""Errors that are the input's fault, told in one clear message."""

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """Something given by the user cannot be used. The message says where, what, and what would be right.

    The command line prints it without a traceback and exits with status 2.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the known name closest to ``name``, or nothing if none is close."""
    by_lower = {str(option).lower(): str(option) for option in known}
    match = difflib.get_close_matches(str(name).lower(), list(by_lower), n=1, cutoff=0.5)
    return f" Did you mean '{by_lower[match[0]]}'?" if match else ""
