"""Codes as they are named on the command line, and all codes of a configuration."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...codes import Code
from ..errors import InputError, printable
from ..link.identity import describe
from ..registry import registry
from .key_values import parameters_of
from .load import load_config
from .resolver import Resolver
from .yaml_file import document_of, parse_value

#: Where one parameter ends, and the next one begins.
_BETWEEN = re.compile(r"\s+(?=[A-Za-z_][\w.]*=)")
_PARAMETER = re.compile(r"[A-Za-z_][\w.]*=", re.ASCII)


@dataclass(frozen=True, eq=False)
class NamedCode:
    """A code, and its text in results, such as ``hamming(r=3)``."""

    text: str
    code: Code


def named_codes(words: Sequence[str]) -> list[NamedCode]:
    """The codes that words name, each once.

    Parameters
    ----------
    words
        A code's name with its parameters, in one word or several: ``hamming r=3``, the values in YAML; a code
        as a configuration gives it: ``{type: hamming, r: 3}``; or the name of a configuration's file, for all
        of its codes.

    Raises
    ------
    InputError
        In words, what is wrong.
    """
    found: list[NamedCode] = []
    for word, parameters in _together(words):
        if _is_file(word):
            if parameters:
                raise InputError(f"{parameters[0]}: a parameter follows the name of a code, not a file")
            found += [
                NamedCode(curve.link.code_text, curve.link.code)
                for curve in load_config(word).curves
                if curve.link is not None
            ]
        else:
            found.append(_named(word, parameters))
    return list({each.text: each for each in reversed(found)}.values())[::-1]


def _together(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Names and mappings with the parameters that follow them."""
    found: list[tuple[str, list[str]]] = []
    for word in words:
        text = word.strip()
        parts = [text] if text.startswith("{") else _BETWEEN.split(text)
        for part in parts:
            if not _PARAMETER.match(part) or text.startswith("{"):
                found.append((part, []))
            elif found:
                found[-1][1].append(part)
            else:
                raise InputError(
                    f"{printable(part, 100)}: a parameter follows the name of a code, as in 'hamming r=3'"
                )
    return found


def _is_file(word: str) -> bool:
    if word.startswith("{") or word in registry.codes.names():
        return False
    return word.endswith((".yaml", ".yml")) or "/" in word or Path(word).is_file()


def _named(word: str, parameters: Sequence[str]) -> NamedCode:
    """The code of a name or a mapping, and of the parameters behind it."""
    data: Any = parse_value(word, word) if word.startswith("{") else {"type": word}
    if not isinstance(data, dict):
        raise InputError(f"{printable(word, 100)}: a code is a mapping such as {{type: hamming, r: 3}}")
    document = document_of({"code": {**data, **parameters_of(parameters)}})
    resolver = Resolver(document)
    made = resolver.make(registry.codes, document.data["code"], "code", lambda *path: path)
    if made is None:
        raise resolver.error()
    return NamedCode(describe(made[1]), made[0])
