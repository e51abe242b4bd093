"""The command line: ``capgap run`` and the commands around it.

Each command is a file with two functions: ``add(commands)`` adds its parser, and ``run(options)`` runs it
and returns the exit status. All of them are imported at each start, so whatever is slow to import
(NumPy, Numba, rich, and nearly all of capgap) is imported inside functions, and only once a command needs it.

Exit status: 0 done, 1 a check that failed or results that differ, 2 bad input or output that cannot be
written, 130 after Ctrl-C with the work so far saved,
141 if whoever reads the output leaves, as with ``| head -1``.
"""

import _thread
import argparse
import atexit
import contextlib
import gc
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .knowledge import check, design, export, info, limits, vocabulary
from .results import adaptation, compare, gaps, plot, report
from .runs import bench, merge, replay, run
from .shared import complain

if TYPE_CHECKING:
    from types import FrameType

#: A file for each command, in the order of the help.
COMMANDS = (
    run,
    merge,
    gaps,
    adaptation,
    plot,
    report,
    compare,
    replay,
    limits,
    design,
    info,
    export,
    vocabulary,
    check,
    bench,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if arguments is None:
        _own_process()
    status = _status(arguments)
    if arguments is None and any(thread.name.startswith("capgap-") for thread in threading.enumerate()):
        # A block was given up that may run for ever, in compiled code that must not be unloaded under it.
        os._exit(status)
    return status


def _status(arguments: Sequence[str] | None) -> int:
    try:
        try:
            status = _dispatch(_parser().parse_args(arguments))
        except SystemExit:  # of --help and the like, which print too
            sys.stdout.flush()
            raise
        sys.stdout.flush()
        return status
    except InputError as error:
        complain(error, str(error))
        return 2
    except KeyboardInterrupt as error:
        complain(error, "interrupted")
        return 130
    except BrokenPipeError:  # whoever read our output has left
        return 141
    except BaseException as error:
        from ..failures import told, user_frame

        if place := user_frame(error):
            complain(error, f"{place}: the plugin fails: {told(error)}")
            return 2
        if isinstance(error, OSError):
            complain(error, f"{error.filename or 'the output cannot be written'}: {error.strerror or error}")
            return 2
        if isinstance(error, Exception) and _interrupted:
            # Some modules, when interrupted while they are imported, say that they cannot be.
            complain(error, "interrupted")
            return 130
        raise  # a defect of ours, or argparse that has said what is wrong
    finally:
        _give_up_output()
        if arguments is None and signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing left to save


#: Whether Ctrl-C was pressed.
_interrupted = False


def _own_process() -> None:
    """Set up what belongs to a process of our own, and not to a program that calls ``main``."""
    # What is imported stays, and looking for garbage in it takes long.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
    warnings.formatwarning = _warning
    # Streams that are closed are as /dev/null, and no file of ours gets their numbers.
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # labels may have any letters
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_DFL):  # not ignored
        signal.signal(signal.SIGINT, _interrupt)
        sys.unraisablehook = _unraisable


def _interrupt(number: int, frame: "FrameType | None") -> None:
    """Ctrl-C, which is remembered: see ``main``."""
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt


def _unraisable(problem: "sys.UnraisableHookArgs") -> None:
    """A Ctrl-C that came where Python drops exceptions, as in a weak reference's callback, comes again."""
    if problem.exc_type is KeyboardInterrupt:
        again = threading.Timer(0.01, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(problem)


def _give_up_output() -> None:
    """Keep Python from complaining at its exit about output that cannot be written, which was told."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """A warning of capgap's own in one line, without the place in the code; others as Python tells them."""
    if category.__module__.startswith("capgap."):
        return f"capgap: {message}\n"
    return _AS_PYTHON_DOES(message, category, filename, lineno, line)


_AS_PYTHON_DOES = warnings.formatwarning


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="capgap",
        description="Simulate error-correcting codes over noisy channels, against the limits of Shannon.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Tells where its help cannot be written, which argparse passes over."""

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="", file=sys.stdout if file is None else file)


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"capgap {version('capgap')}")
        parser.exit()


def _dispatch(options: argparse.Namespace) -> int:
    for plugin in getattr(options, "plugins", []):
        from ..registry.plugins import load_plugin

        load_plugin(plugin)
    status: int = options.run(options)
    return status
