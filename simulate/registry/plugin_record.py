"""Which plugins a run was made with: kept in run.json, and named where somebody lacks them."""

import json
import os
import shlex
from pathlib import Path

from . import plugins

FILE = "run.json"


def plugins_for_record(folder: Path) -> list[str]:
    """The plugins of this process as a record in ``folder`` names them: files relative to it, and modules."""
    return [
        os.path.relpath(Path(source).absolute(), folder.absolute()) if source.endswith(".py") else source
        for source in plugins.loaded_plugins
    ]


def recorded_plugins(folder: Path) -> list[str]:
    """The plugins that results in a folder were made with, as ``--plugin`` takes them; none if not known."""
    try:
        named = json.loads((folder / FILE).read_text(encoding="utf-8"))["plugins"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    if not isinstance(named, list):
        return []
    return [
        os.path.relpath(folder / name) if name.endswith(".py") else name
        for name in named
        if isinstance(name, str)
    ]


def missing_plugins(folder: Path) -> str:
    """A sentence that says which plugins of the results in a folder are to be given; "" if none is."""
    loaded = {os.path.realpath(source) for source in plugins.loaded_plugins}
    missing = [name for name in recorded_plugins(folder) if os.path.realpath(name) not in loaded]
    if not missing:
        return ""
    options = " ".join(f"--plugin {shlex.quote(name)}" for name in missing)
    return f". The run was made with plugins: add {options}"
