"""Objects by name that are made when they are first asked for: collecting tests makes none."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import pytest

T = TypeVar("T")


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

    def each(self, argument: str, names: Iterable[str] | None = None) -> pytest.MarkDecorator:
        """Run a test with each of them, or those named, as an argument: the fixture ``code``, ``decoder`` or ``link``."""
        chosen = list(self if names is None else names)
        values = [functools.partial(self.__getitem__, name) for name in chosen]
        return pytest.mark.parametrize(argument, values, ids=chosen, indirect=True)
