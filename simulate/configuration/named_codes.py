"""Codes and modulations as they are named on the command line, and all codes of a configuration."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...channels.modulation.modulation import Modulation
from ...codes import Code
from ..errors import InputError, printable
from ..link.identity import describe
from ..registry import registry
from ..registry.registry import Registry
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


@dataclass(frozen=True, eq=False)
class NamedModulation:
    """A modulation, and its text in results, such as ``qam(order=16, demapper=exact)``."""

    text: str
    modulation: Modulation


def named_codes(words: Sequence[str]) -> list[NamedCode | NamedModulation]:
    """The codes, and modulations, that words name, each once.

    Parameters
    ----------
    words
        A name with its parameters, in one word or several: ``hamming r=3``, ``qam order=16``, the values in
        YAML; a code or a modulation as a configuration gives it: ``{type: hamming, r: 3}``; or the name of a
        configuration's file, for all of its codes.

    Raises
    ------
    InputError
        In words, what is wrong.
    """
    found: list[NamedCode | NamedModulation] = []
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
    if word.startswith("{") or word in (*registry.codes.names(), *registry.modulations.names()):
        return False
    return word.endswith((".yaml", ".yml")) or "/" in word or Path(word).is_file()


def _named(word: str, parameters: Sequence[str]) -> NamedCode | NamedModulation:
    """The code or the modulation of a name or a mapping, and of the parameters behind it."""
    data: Any = parse_value(word, word) if word.startswith("{") else {"type": word}
    if not isinstance(data, dict):
        raise InputError(f"{printable(word, 100)}: a code is a mapping such as {{type: hamming, r: 3}}")
    given = {**data, **parameters_of(parameters)}
    name = given.get("type")
    if name in registry.modulations.names() and name not in registry.codes.names():
        return named_modulation(given)
    made, text = _made(registry.codes, "code", given)
    return NamedCode(text, made)


def named_modulation(data: Mapping[str, Any]) -> NamedModulation:
    """The modulation that a configuration would describe so; raises InputError, with what is wrong."""
    made, text = _made(registry.modulations, "modulation", data)
    return NamedModulation(text, made)


def _made(known: Registry[Any], key: str, data: Mapping[str, Any]) -> tuple[Any, str]:
    document = document_of({key: dict(data)})
    resolver = Resolver(document)
    made = resolver.make(known, document.data[key], key, lambda *path: path)
    if made is None:
        raise resolver.error()
    return made[0], describe(made[1])
