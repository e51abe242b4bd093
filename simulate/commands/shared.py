"""What several commands share: arguments, and what they print."""

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ..results.rows import Results

#: What the commands' parsers are added to.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_plugin(parser: argparse.ArgumentParser) -> None:
    """Add ``--plugin``, whose files are loaded before the command runs."""
    parser.add_argument(
        "--plugin",
        action="append",
        default=[],
        dest="plugins",
        metavar="FILE",
        help="a Python file or module that registers codes, decoders or channels",
    )


def whole(text: str) -> int:
    """A whole number, such as 1000 or 1e3."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = 0.5
    if not number.is_integer():
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text[:40]!r}")
    return int(number)


def print_table(table: Any, width: int = 100) -> None:
    """Print something of rich's: as wide as the terminal, or, where there is none, as asked for."""
    from rich.console import Console

    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else width).print(table)


def tell_results(name: str, results: "Results") -> None:
    """What came out of a run."""
    print(f"{name}: {len(results)} point{'s' * (len(results) != 1)} in {results.folder}")
    for crossing in results.crossings:
        print(f"  {crossing}")
    for note in results.notes:
        print(f"  {note}")
    for warning in results.warnings:
        print(f"capgap: warning: {warning}", file=sys.stderr)


def complain(error: BaseException, message: str) -> None:
    """A message, and what notes of the exception add, on standard error if that can still be written."""
    lines = [*message.splitlines(), *getattr(error, "__notes__", ())]
    with contextlib.suppress(OSError):
        print("\n".join(f"capgap: {line}" for line in lines), file=sys.stderr, flush=True)
