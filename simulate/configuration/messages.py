"""What is wrong with a configuration, in the words of this program rather than of its libraries."""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pydantic

from ..errors import nearest, shown
from ..failures import told


def within(data: Any, location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The part of pydantic's location that leads through the data, less the names of union members."""
    path: list[str | int] = []
    for part in location:
        inside = isinstance(data, dict) and part in data
        if isinstance(data, list) and isinstance(part, int):
            inside = part < len(data)
        if not inside:
            break
        path.append(part)
        data = data[part]
    return tuple(path)


_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "sequence_type": "a list",
    "sequence_str": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "too_short": "a list with at least one entry",
    "string_too_short": "text that is not empty",
    "none_required": "left out",
    "is_instance_of": "a list",
    "string_unicode": "text in Unicode",
    "invalid_key": "a mapping with text as its keys",
}


#: Mappings as they might be.
_EXAMPLES = {
    "at": "{fer: 1e-3}",
    "channel": "{type: awgn, ebno_db: [1, 2]}",
    "code": "{type: hamming, r: 3}",
    "decoder": "{type: bp}",
    "plot": "{y: [ber, fer]}",
    "stop": "{frame_errors: 100}",
    "sweep": "{code.r: [3, 4]}",
    "target": "{fer: 1e-3}",
}


def defined(definitions: Mapping[str, str]) -> str:
    """Names, each with its definition where it has one."""
    return ", ".join(f"{name} ({text})" if text else name for name, text in definitions.items())


def in_words(
    detail: Any, path: tuple[str | int, ...], model: Any, extra: Mapping[str, str] = MappingProxyType({})
) -> str:
    """One mistake found by pydantic, in the words of this program.

    ``extra`` are keys that are known there beside those of the model, with what they are, or "".
    """
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    name = str(detail["loc"][-1]) if detail["loc"] else "config"
    if kind == "extra_forbidden":
        known = [*_known_keys(model, detail["loc"][:-1]), *extra]
        known = [key for key in known if key != "type"] or known
        near = nearest(name, known)
        listed = defined({key: extra.get(key, "") for key in known}) or "none"
        return f"unknown key '{name}'.{near} Known here: {listed}"
    if kind == "missing":
        made = model.__name__.removesuffix(" parameters")
        return f"'{name}' is missing" + (f", which {made} needs" if made != model.__name__ else "")
    # What is wrong with a default stands nowhere in the data.
    name = _name(path) if path else str(detail["loc"][0] if detail["loc"] else "config")
    got = shown(given)
    if kind == "literal_error":
        options = str(context["expected"])
        near = nearest(given if isinstance(given, str) else got, _choices(options))
        return f"{name} must be {options}, got {got}.{near}"
    if kind == "string_pattern_mismatch":
        return f"{name} must be a plain folder name of letters, digits, - _ and ., got {got}"
    for relation, words in (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below")):
        if relation in context:
            return f"{name} must be {words} {context[relation]}, got {got}"
    if kind in _KINDS:
        example = f" such as {_EXAMPLES[name]}" if name in _EXAMPLES and _KINDS[kind] == "a mapping" else ""
        if kind == "string_type" and isinstance(given, float):  # a rate
            example = f" such as {Fraction(given).limit_denominator(100)}"
        return f"{name} must be {_KINDS[kind]}{example}, got {got}"
    if kind == "value_error":
        return _sentence(name, detail) or f"{name} {context['error']}, got {got}"
    return f"{name}: {detail['msg']}, got {got}"


def _name(path: tuple[str | int, ...]) -> str:
    """What to call the value at a path: its key, or its place in the list of that key."""
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "config")
    return f"{key}, entry {path[-1] + 1}," if path and isinstance(path[-1], int) else key


def _sentence(name: str, detail: Any) -> str:
    """What a check of this program says that tells all, of "it"; "" if it is none."""
    text = str(detail.get("ctx", {}).get("error", ""))
    return f"{name} {text.removeprefix('it ')}" if text.startswith("it ") else ""


#: Forms of a matrix and of octal digits, by parts of the names that pydantic gives to their types.
_FORMS = {
    "list[function-before[_octal_digits": "a list of octal digits such as [133, 171]",
    "list[list[": "rows such as [[1, 0], [0, 1]]",
    "list[str]": 'rows such as ["10", "01"]',
}


def in_no_form(details: list[Any], path: tuple[str | int, ...]) -> str:
    """A value that is of none of the forms it may have, in words.

    Where entries of a list are wrong, a list it was to be.
    """
    name = _name(path)
    depths = [sum(isinstance(part, int) for part in detail["loc"]) for detail in details]
    details = [detail for detail, depth in zip(details, depths, strict=True) if depth == max(depths)]
    for detail in details:
        if sentence := _sentence(name, detail):
            return sentence
    if len(details) == 1 and isinstance(details[0]["loc"][-1], int) and not isinstance(path[-1], int):
        name = _name((*path, details[0]["loc"][-1]))
    forms, given, words = [], details[0]["input"], ""
    for detail in details:
        kind = detail["type"]
        form = next((_FORMS[s] for part in detail["loc"] for s in _FORMS if s in str(part)), "")
        if form:
            forms.append(form)
        elif kind == "value_error":
            forms.append(str(detail["ctx"]["error"]).removeprefix("it ").removeprefix("must be "))
        elif kind == "literal_error":
            forms.append(str(detail["ctx"]["expected"]))
            words = words or (nearest(given, _choices(forms[-1])) if isinstance(given, str) else "")
        else:
            forms.append(_KINDS.get(kind, kind))
    end = f".{words}" if words else ""
    return f"{name} must be {' or '.join(dict.fromkeys(forms))}, got {shown(given)}{end}"


def _choices(options: str) -> list[str]:
    """The names among the options as pydantic tells them."""
    return re.findall(r"'([^']*)'", options)


def _known_keys(model: Any, location: tuple[str | int, ...]) -> list[str]:
    """The keys a model knows at a location inside it."""
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        inner = [annotation, *getattr(annotation, "__args__", ())]
        found = [t for t in inner if isinstance(t, type) and issubclass(t, pydantic.BaseModel)]
        if not found:
            return []
        model = found[0]
    return list(model.model_fields)


def constructor_words(error: BaseException) -> str:
    """What a constructor refused, in words."""
    if isinstance(error, MemoryError | OverflowError):
        return "this is too large for the memory of this machine"
    words = told(error)
    if isinstance(error, ValueError):
        return words.removeprefix(f"{type(error).__name__}: ")
    return f"it cannot be built: {words}"
