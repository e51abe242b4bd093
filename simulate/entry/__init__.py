"""Where the command ``capgap`` begins: only Python's own is imported before it is known that capgap is whole.

It installs as ``capgap.entry``, a name that no earlier version has left anything under.
"""

import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("bounds", "channels", "codes", "simulate", "vectors")


def main() -> int:
    """Run the command line; returns its exit status, or 2 if an earlier version's leftovers hide capgap."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl-C ends the process at once until the command line is there to tell of it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    problem = hidden()
    if problem is not None:
        print(f"capgap: {problem}", file=sys.stderr)
        return 2
    status: int = import_module("capgap.simulate.commands.command_line").main()
    return status


def hidden() -> str | None:
    """What hides capgap's packages and what to do about it, None if nothing does.

    Earlier versions kept compiled kernels beside their sources. Uninstalling cannot remove these, and a
    folder that holds nothing else comes before an editable installation.
    """
    folders: dict[Path, None] = {}
    for package in PACKAGES:
        found = find_spec(f"capgap.{package}")
        if found is not None and found.origin is None:  # a folder without an __init__.py
            for place in found.submodule_search_locations or ():
                folder = Path(place)
                alone = not any(folder.parent.rglob("*.py"))
                folders[folder.parent if alone else folder] = None
    if not folders:
        return None
    was, hides, it = ("was", "hides", "it") if len(folders) == 1 else ("were", "hide", "them")
    named = " and ".join(map(str, folders))
    return f"{named} {was} left behind by an earlier version and {hides} the one installed: delete {it}"
