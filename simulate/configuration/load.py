"""From a YAML file or a dict to a configuration."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, printable
from .config import Config
from .resolver import Resolver
from .short_forms import plain, spell_out_types
from .yaml_file import Document, document_of, parse_value, read_yaml


def load_config(
    source: str | Path | Mapping[str, Any], *, seed: int | None = None, changes: str | Sequence[str] = ()
) -> Config:
    """Read and check a configuration.

    Parameters
    ----------
    source
        A YAML file, or the same structure as a dict, in which arrays, tuples and NumPy's scalars stand for
        lists and numbers, and a ``Path`` for the name of a file.
    seed
        Replaces the configuration's seed.
    changes
        Replacements such as ``stop.frame_errors=50`` or ``curves.0.code.r=4``; the value is YAML.

    Raises
    ------
    InputError
        With file and line, what is wrong and what would be right; a line for each mistake.
    """
    if isinstance(source, Mapping):
        document = document_of(source)
    else:
        document = read_yaml(source)
    spell_out_types(document.data)
    for change in [changes] if isinstance(changes, str) else changes:
        _apply_change(document, change)
        spell_out_types(document.data)
    if seed is not None:
        document.data["seed"] = plain(seed)
        document.changed["seed",] = f"--seed {seed}"
    return Resolver(document).resolve()


def _apply_change(document: Document, change: str) -> None:
    path, equals, text = change.partition("=")
    option = f"--set {printable(change, 200)}"
    parts: list[str | int] = [
        int(part) if re.fullmatch("[0-9]{1,9}", part) else part for part in path.strip().split(".")
    ]
    if not equals or not path.strip():
        raise InputError(f"{option}: write it as KEY=VALUE, such as stop.frame_errors=50")
    target: Any = document.data
    for i, part in enumerate(parts):
        known = range(len(target)) if isinstance(target, list) else target
        final = i == len(parts) - 1
        if isinstance(target, dict) and not final and part not in target:
            target[part] = {}
        fits = (
            isinstance(target, dict) if isinstance(part, str) else isinstance(target, list) and part in known
        )
        if not fits:
            raise InputError(f"{option}: there is no '{printable(str(part))}' to set there")
        if final:
            target[part] = parse_value(text, option)
            document.changed[tuple(parts)] = option
        else:
            target = target[part]
