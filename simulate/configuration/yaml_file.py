"""YAML in and out: the only module that knows YAML.

Files are read as YAML 1.2 core data (so that 1e-3 is a number and "no" is text) with the line of
every value, without constructing anything but mappings, lists, text, numbers, true, false and null.
"""

import copy
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import InputError, printable
from ..failures import told
from ..text_files import read_text
from .short_forms import plain

Location = tuple[str | int, ...]
#: Most values a file may hold, aliases expanded: a few lines of nested aliases can stand for billions.
MAX_VALUES = 200_000
#: Deepest nesting of values, merges counted.
MAX_DEPTH = 50
#: Most bytes of a file, which takes a minute to read.
MAX_BYTES = 5_000_000
#: Whole numbers lie below 2 to this power: messages show them, and Python writes out 4300 digits at most.
MAX_BITS = 14_000


class _Loader(yaml.SafeLoader):
    """SafeLoader with the scalar rules of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


#: What a scalar must look like to be of a kind: one that is tagged need not.
_FORMS: dict[str, list[re.Pattern[str]]] = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))
    _FORMS.setdefault(_tag, []).append(re.compile(_pattern))
_NAMES = {"bool": "true or false", "int": "a whole number", "float": "a number", "null": "null"}


@dataclass
class Document:
    """A file's data, and the line of each value.

    Attributes
    ----------
    path
        The file, or None for data that came from Python.
    data
        The top-level mapping.
    lines
        From the path of a value, such as ("curves", 0, "code"), to its line, from 1. A mapping's
        entry has the line of its key.
    changed
        From the path of a value that was replaced to what replaced it, such as ``--seed 3``.
    """

    path: Path | None
    data: dict[str, Any]
    lines: dict[Location, int] = field(default_factory=dict)
    changed: dict[Location, str] = field(default_factory=dict)

    def where(self, location: Location) -> str:
        """``file:line`` of the nearest enclosing value that has a line, or the path in words."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.changed:
                return self.changed[location[:end]]
        if self.path is None:
            return ".".join(printable(str(part)) for part in location) or "config"
        for end in range(len(location), -1, -1):
            if location[:end] in self.lines:
                return f"{self.path}:{self.lines[location[:end]]}"
        return f"{self.path}"


def read_yaml(path: str | Path) -> Document:
    """Read a mapping; raises InputError, with file and line, for anything else."""
    path = Path(path)
    try:
        text = read_text(path, MAX_BYTES)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    try:
        node = _compose(text)
    except _NotYamlError as error:
        raise InputError(f"{path}:{error.line}: not valid YAML: {error}") from None
    document = Document(path, {})
    if node is None:
        raise InputError(
            f"{path}: the file is empty; a configuration is a mapping with name, channel and curves"
        )
    if not isinstance(node, yaml.MappingNode):
        raise InputError(
            f"{path}:{node.start_mark.line + 1}: a configuration is a mapping with name, channel and curves"
        )
    document.data = _Builder(document).build(node, ())
    return document


def document_of(data: Mapping[str, Any]) -> Document:
    """A copy of data that came from Python, made plain, within the limits for files.

    Raises InputError for other data.
    """
    values = 0

    def copy_of(value: Any, location: Location) -> Any:
        nonlocal values
        values += len(value) if isinstance(value, range) else 1
        if values > MAX_VALUES:
            raise InputError(f"{document.where(location[:2])}: more than {MAX_VALUES} values")
        if len(location) > MAX_DEPTH:
            raise InputError(
                f"{document.where(location[:2])}: nested too deeply, or a value that holds itself"
            )
        try:
            if not isinstance(value, OctalNumber):
                value = plain(value)
            if isinstance(value, dict):
                value = {key if isinstance(key, tuple) else plain(key): value[key] for key in value}
            elif not isinstance(value, list):
                value = copy.deepcopy(value)
        except Exception as error:  # what somebody's class does, or what cannot be copied, as a generator
            raise InputError(
                f"{document.where(location)}: a {type(value).__name__} is no value for this: {told(error)}"
            ) from None
        if isinstance(value, dict):
            return {key: copy_of(inner, (*location, str(key))) for key, inner in value.items()}
        if isinstance(value, list):
            return [copy_of(inner, (*location, i)) for i, inner in enumerate(value)]
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise InputError(f"{document.where(location)}: this cannot be read as a number: it is too long")
        return value

    document = Document(None, {})
    document.data = copy_of(data, ())
    return document


def parse_value(text: str, source: str) -> Any:
    """A YAML value given in one piece of text; raises InputError that names its ``source``."""
    try:
        node = _compose(text)
    except _NotYamlError as error:
        raise InputError(f"{source}: the value is not valid YAML: {error}") from None
    return None if node is None else _Builder(Document(Path(source), {})).build(node, ())


class _NotYamlError(Exception):
    """Text that is no YAML: what is wrong with it, and in which line."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def _compose(text: str) -> yaml.Node | None:
    """The one document in a text; None if it is empty. Raises _NotYamlError."""
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_node()
    except yaml.reader.ReaderError as error:
        problem = f"the character U+{ord(text[error.position]):04X} is not allowed in it"
        raise _NotYamlError(problem, text.count("\n", 0, error.position) + 1) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or ""
        raise _NotYamlError(problem, mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise _NotYamlError("it is nested too deeply", 1) from None
    except (ValueError, OverflowError):
        # PyYAML turns digits into numbers and characters without a look at how many they are.
        problem = (
            "an escape stands for no Unicode character, whose last is \\U0010FFFF, or a number is too long"
        )
        raise _NotYamlError(problem, 1 if loader is None else loader.line + 1) from None
    finally:
        if loader is not None:
            loader.dispose()


class _Builder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.values = 0
        self.within: list[yaml.Node] = []  # what is being built, the outermost first

    def fail(self, node: yaml.Node, problem: str) -> InputError:
        return InputError(f"{self.document.path}:{node.start_mark.line + 1}: {printable(problem)}")

    def build(self, node: yaml.Node, location: Location) -> Any:
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.fail(node, f"the file holds too much: over {MAX_VALUES} values, its aliases expanded")
        if any(outer is node for outer in self.within):
            raise self.fail(node, "the value holds itself, by an alias")
        if len(self.within) >= MAX_DEPTH:
            raise self.fail(node, f"it is nested too deeply: over {MAX_DEPTH} values in each other")
        self.document.lines.setdefault(location, node.start_mark.line + 1)
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if isinstance(node, yaml.ScalarNode) and kind in ("str", *_NAMES):
            return self.scalar(node, kind)
        self.within.append(node)
        try:
            if isinstance(node, yaml.MappingNode) and kind == "map":
                return self.mapping(node, location)
            if isinstance(node, yaml.SequenceNode) and kind == "seq":
                return [self.build(child, (*location, i)) for i, child in enumerate(node.value)]
        finally:
            self.within.pop()
        if kind == "merge":
            raise self.fail(node, "<< stands for a key here: write '<<' in quotes if text is meant")
        raise self.fail(node, f"the tag {node.tag} is not allowed: a configuration holds plain data only")

    def mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                for source in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                    if not isinstance(source, yaml.MappingNode):
                        raise self.fail(key_node, "<< takes a mapping, or a list of mappings")
                    for key, value in self.build(source, location).items():
                        merged.setdefault(key, value)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.fail(key_node, "a key must be plain text")
            key = self.text(key_node)
            if key in result:
                raise self.fail(key_node, f"the key '{key}' is given twice")
            self.document.lines[*location, key] = key_node.start_mark.line + 1
            result[key] = self.build(value_node, (*location, key))
        return {**merged, **result}

    def scalar(self, node: yaml.ScalarNode, kind: str) -> Any:
        text = self.text(node)
        if kind == "str":
            return text
        if not any(form.fullmatch(text) for form in _FORMS[kind]):
            raise self.fail(node, f"'{text[:40]}' cannot be read as {_NAMES[kind]}")
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                whole = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
                if text.startswith("0o") and whole.bit_length() <= MAX_BITS:
                    return OctalNumber(text)
                if whole.bit_length() > MAX_BITS:
                    raise ValueError
                return whole
            number = float(text) if text[-1] not in "fFnN" else math.inf
        except ValueError:  # Python reads no decimal number of some thousand digits
            raise self.fail(node, f"'{text[:40]}...' cannot be read as a number: it is too long") from None
        if not math.isfinite(number):
            raise self.fail(node, f"{text} is not allowed: numbers must be finite")
        return number

    def text(self, node: yaml.ScalarNode) -> str:
        """What is written; an escaped pair of surrogates, as in JSON, is the character it stands for."""
        text = str(node.value).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        # Those from U+DC80 to U+DCFF are how Python writes the bytes of a file's name that are no UTF-8.
        if re.search("[\ud800-\udc7f\udd00-\udfff]", text):
            raise self.fail(node, "half of a surrogate pair is escaped here, which is no character")
        return text


class OctalNumber(int):
    """A whole number that is written in octal: what takes octal digits asks for those."""

    def __new__(cls, written: str) -> "OctalNumber":
        """The number that is written, as 0o133."""
        number = super().__new__(cls, written, 0)
        number.written = written
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        return (self.written,)

    written: str


class _Dumper(yaml.SafeDumper):
    # What the loader would take for a number must be quoted.
    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(OctalNumber, lambda dumper, number: dumper.represent_int(int(number)))


def dump_yaml(data: dict[str, Any]) -> str:
    """A mapping as YAML text, keys in the order given."""
    options: dict[str, Any] = {"Dumper": _Dumper, "sort_keys": False, "width": 100}
    text = str(yaml.dump(data, allow_unicode=True, default_flow_style=None, **options))
    if any(character in text for character in "\x85\u2028\u2029"):
        # These break lines when read, and are not escaped beside other letters.
        text = str(yaml.dump(data, allow_unicode=False, default_flow_style=None, **options))
    return text
