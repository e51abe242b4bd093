"""Examples of what makes a code or a decoder: parameters with which its contract is tested."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

#: Arguments of a constructor, by name, each time.
Examples: TypeAlias = tuple[Mapping[str, Any], ...]
Make = TypeVar("Make", bound=Callable[..., Any])


def with_examples(*examples: Mapping[str, Any]) -> Callable[[Make], Make]:
    """A decorator that gives a function the attribute ``examples``, which a class writes in its body.

    Each is the arguments of one call, by their names.
    """

    def add(make: Make) -> Make:
        vars(make)["examples"] = examples
        return make

    return add
