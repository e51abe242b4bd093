"""Functions by name, each with keyword parameters of its own, that one function of configurations calls.

What a configuration may give is in the functions' signatures, with its types and defaults.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Make = TypeVar("Make", bound=Callable[..., Any])
Result = TypeVar("Result")
#: Most names that a message says have a parameter.
MOST_TOLD = 5


def made_by_name(
    kind: str, table: Mapping[str, Callable[..., Result]], name: str, given: Mapping[str, Any]
) -> Result:
    """What a table's function of a name returns for parameters; those that are None count as not given.

    ``kind`` is what names in the table are of, such as ``standard``.

    Raises
    ------
    ValueError
        If there is no such name, its function has not a parameter or needs another, or refuses them.

    Examples
    --------
    >>> made_by_name("power", {"square": lambda x: x * x}, "square", {"x": 3, "y": None})
    9
    """
    if name not in table:
        raise ValueError(f"{kind} must be {_listed(list(table), 'or')}, got {name!r}")
    own = inspect.signature(table[name]).parameters
    arguments = {key: value for key, value in given.items() if value is not None}
    for key in arguments:
        if key not in own:
            others = [each for each in table if key in inspect.signature(table[each]).parameters]
            few = 0 < len(others) <= MOST_TOLD
            belongs = f"; {key} is one of {', '.join(others)}" if few else ""
            has = _listed(list(own), "and") or "none"
            raise ValueError(f"{key} is no parameter of {name}, which has {has}{belongs}")
    missing = [key for key, each in own.items() if each.default is each.empty and key not in arguments]
    if missing:
        raise ValueError(f"{kind}: {name} has {_listed(list(own), 'and')}; missing: {', '.join(missing)}")
    return table[name](**arguments)


def with_parameters_of(*tables: Mapping[str, Callable[..., Any]]) -> Callable[[Make], Make]:
    """A decorator that gives a function with ``**parameters`` those of tables' functions, by their names.

    They are None unless given; a name has the types of all that have it. Parameters that the function has
    itself stay as they are.
    """

    def decorated(make: Make) -> Make:
        signature = inspect.signature(make)
        keyword = inspect.Parameter.VAR_KEYWORD
        own = {name: each for name, each in signature.parameters.items() if each.kind is not keyword}
        types: dict[str, list[Any]] = {}
        for function in (each for table in tables for each in table.values()):
            hints = typing.get_type_hints(getattr(function, "func", function), include_extras=True)
            for name in inspect.signature(function).parameters:
                types.setdefault(name, []).append(hints[name])
        more = {name: typing.Union[(*found, None)] for name, found in types.items() if name not in own}
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
            for name, hint in more.items()
        ]
        vars(make)["__signature__"] = signature.replace(parameters=[*own.values(), *added])
        make.__annotations__.update(more)
        return make

    return decorated


def not_named(given: Mapping[str, Any], kinds: Mapping[str, Mapping[str, Callable[..., Any]]]) -> None:
    """Raise ValueError for a parameter that is given, and belongs to tables of which no name is.

    ``kinds`` has the tables by what their names are of.
    """
    for key, value in given.items():
        owners = [
            f"a {kind}"
            for kind, table in kinds.items()
            if any(key in inspect.signature(each).parameters for each in table.values())
        ]
        if value is not None:
            raise ValueError(f"{key} belongs to {_listed(owners, 'or')}, which is not named")


def _listed(names: list[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
