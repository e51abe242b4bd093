"""What anybody's classes raise, told in one line that says where.

Codes, decoders and channels are Python of somebody's: they may raise anything, exit, or have errors that
cannot be shown.
"""

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import InputError, printable

#: What is caught where code of somebody's runs: an exit in it must not end a run as if it were done.
FAILURES = (Exception, SystemExit)
#: Most characters of an error's text that are shown.
MOST_TEXT = 1000

#: Names of the modules that registered something, or were loaded as plugins.
user_modules: set[str] = set()

#: Files that a worker of a cluster made of plugins, and the users' files that they are copies of.
copies: dict[str, str] = {}


def told(error: BaseException) -> str:
    """The kind of an error and its text in one line, such as ``ValueError: no``; a long one is cut."""
    try:
        text = str(error)
    except FAILURES:
        text = "its text cannot be shown"
    name = type(error).__name__
    return printable(f"{name}: {text}" if text else name, MOST_TEXT)


def user_frame(error: BaseException) -> str:
    """``file:line`` of the innermost frame of somebody's code that an error came through; "" if of none."""
    place, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") in user_modules:
            file = trace.tb_frame.f_code.co_filename
            place = f"{copies.get(file, file)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


@contextmanager
def blamed(what: str) -> Iterator[None]:
    """Turn what is raised within into an InputError: ``file:line: what fails: ValueError: no``.

    Ctrl-C reaches the main thread alone: an interrupt that is raised in another one is no user's.
    """
    try:
        yield
    except InputError:
        raise
    except BaseException as error:
        main = threading.current_thread() is threading.main_thread()
        if isinstance(error, KeyboardInterrupt) and main:
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = user_frame(error) or f"{last.filename}:{last.lineno}"
        raise InputError(f"{place}: {what} fails: {told(error)}") from error
