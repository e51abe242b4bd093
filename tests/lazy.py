"""Objects by name that are made when they are first asked for: collecting tests makes none."""

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def slow_if(slow: bool) -> list[pytest.MarkDecorator]:
    """The marks of a parameter that may belong to the slow tests."""
    return [pytest.mark.slow] if slow else []


def but_slow(values: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """Parameters of a test of which all but those that are ``quick`` belong to the slow tests; a tuple is several.

    What is compiled or drawn for each takes longer than the test may: the default run has one of each kind.
    """
    rows = [(value if isinstance(value, tuple) else (value,), value not in quick) for value in values]
    return [pytest.param(*row, marks=slow_if(slow)) for row, slow in rows]


class Lazy(Mapping[str, T]):
    """A table whose values are made at first use, and kept."""

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self.makers = dict(makers)
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self.makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)

    def each(
        self, argument: str, names: Iterable[str] | None = None, quick: Iterable[str] | None = None
    ) -> pytest.MarkDecorator:
        """Run a test with each of them, or those named, as an argument: the fixture ``code``, ``decoder`` or ``link``.

        Where some are ``quick``, the others belong to the slow tests.
        """
        chosen = list(self if names is None else names)
        values = {name: functools.partial(self.__getitem__, name) for name in chosen}
        rest = set() if quick is None else set(chosen) - set(quick)
        params = [pytest.param(value, marks=slow_if(name in rest)) for name, value in values.items()]
        return pytest.mark.parametrize(argument, params, ids=chosen, indirect=True)
