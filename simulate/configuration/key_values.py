"""Parameters as they are given on the command line: KEY=VALUE, the value in YAML."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import InputError, shown
from .yaml_file import document_of, parse_value


def parameters_of(given: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as data: those with dots, such as code.r, within those that are codes or decoders.

    ``given`` is texts such as ``r=3``, or a mapping by such keys. Raises InputError for what is neither.
    """
    if isinstance(given, Mapping):
        values: dict[str, Any] = document_of(given).data
    else:
        values = {}
        for text in given:
            key, equals, value = text.partition("=")
            if not equals:
                raise InputError(f"{text}: write a parameter as KEY=VALUE")
            values[key] = parse_value(value, text)
    found: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = key.split(".")
        inner = found
        for part in path:
            below = inner.setdefault(part, {})
            if isinstance(below, str):  # a code by its name alone
                below = inner[part] = {"type": below}
            if not isinstance(below, dict):
                raise InputError(f"{key}: {part} is {shown(below)}, which has no parameters")
            inner = below
        inner[last] = value
    return found
