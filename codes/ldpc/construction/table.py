"""The constructions by their names, and their parameters.

A construction is a function; what a configuration may give it are the function's parameters, with their types
and defaults. ``with_constructions`` gives them all to the function that configurations call.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from .accumulate import ira, ra
from .algebraic import array, margulis, tanner
from .ensembles import gallager, irregular, ldgm, mackay_neal, peg, regular
from .geometries import euclidean_geometry, projective_geometry
from .made import Made
from .protographs import ar4ja, ara, coupled, protograph
from .quantum import bicycle, hypergraph_product

Construction = Literal[
    "regular",
    "gallager",
    "mackay-neal",
    "irregular",
    "peg",
    "protograph",
    "coupled",
    "array",
    "tanner",
    "margulis",
    "euclidean-geometry",
    "projective-geometry",
    "ra",
    "ira",
    "ara",
    "ar4ja",
    "ldgm",
    "hypergraph-product",
    "bicycle",
]
CONSTRUCTIONS: dict[str, Callable[..., Made]] = {
    "regular": regular,
    "gallager": gallager,
    "mackay-neal": mackay_neal,
    "irregular": irregular,
    "peg": peg,
    "protograph": protograph,
    "coupled": coupled,
    "array": array,
    "tanner": tanner,
    "margulis": margulis,
    "euclidean-geometry": euclidean_geometry,
    "projective-geometry": projective_geometry,
    "ra": ra,
    "ira": ira,
    "ara": ara,
    "ar4ja": ar4ja,
    "ldgm": ldgm,
    "hypergraph-product": hypergraph_product,
    "bicycle": bicycle,
}
Make = TypeVar("Make", bound=Callable[..., Any])


def construct(name: str, given: Mapping[str, Any]) -> Made:
    """What a construction makes of parameters; those that are None count as not given.

    Raises ValueError if there is no such construction, it does not have a parameter or needs another, or
    refuses what it is given.
    """
    if name not in CONSTRUCTIONS:
        raise ValueError(f"construction must be one of {', '.join(CONSTRUCTIONS)}, got {name!r}")
    own = inspect.signature(CONSTRUCTIONS[name]).parameters
    arguments = {key: value for key, value in given.items() if value is not None}
    for key in arguments:
        if key not in own:
            others = [
                each for each in CONSTRUCTIONS if key in inspect.signature(CONSTRUCTIONS[each]).parameters
            ]
            belongs = f"; {key} is one of {', '.join(others)}" if others else ""
            raise ValueError(
                f"{key} says nothing to construction: {name}, which takes {', '.join(own)}{belongs}"
            )
    missing = [key for key, each in own.items() if each.default is each.empty and key not in arguments]
    if missing:
        raise ValueError(f"construction: {name} takes {', '.join(own)}; missing: {', '.join(missing)}")
    return CONSTRUCTIONS[name](**arguments)


def parameters() -> dict[str, Any]:
    """All parameters of constructions, and their types; a name has the types of all that have it."""
    types: dict[str, list[Any]] = {}
    for make in CONSTRUCTIONS.values():
        hints = typing.get_type_hints(make, include_extras=True)
        for name in inspect.signature(make).parameters:
            types.setdefault(name, []).append(hints[name])
    # A union of several types, each once, or of none.
    return {name: typing.Union[(*several, None)] for name, several in types.items()}


def with_constructions(make: Make) -> Make:
    """A decorator that gives a function with ``**parameters`` those of the constructions by their names.

    They are left out, None, unless given. Those that it has itself stay as they are.
    """
    signature = inspect.signature(make)
    own = {
        name: each
        for name, each in signature.parameters.items()
        if each.kind is not inspect.Parameter.VAR_KEYWORD
    }
    keyword = inspect.Parameter.KEYWORD_ONLY
    more = {name: hint for name, hint in parameters().items() if name not in own}
    added = [inspect.Parameter(name, keyword, default=None, annotation=hint) for name, hint in more.items()]
    vars(make)["__signature__"] = signature.replace(parameters=[*own.values(), *added])
    make.__annotations__.update(more)
    return make
