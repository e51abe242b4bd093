"""The contract as single checks, for the tests of anybody's package."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

from .check import entries_of
from .findings import NotReachedError, Problems
from .under_test import CHECKS, UnderTest, entry_of, this, ways_to_build


@dataclass(frozen=True, eq=False)
class Check:
    """One check on one way to build what is tested: called, it raises AssertionError if that fails.

    Attributes
    ----------
    name
        What is tested, such as ``encode is linear``.
    under_test
        What it is tested of.
    """

    name: str
    under_test: UnderTest

    def problems(self) -> Problems:
        """What is wrong, in words; None where the check does not apply.

        Raises InputError if what is tested cannot be built.
        """
        return self.under_test.problems(self.name)

    def __call__(self) -> None:
        """Raise AssertionError, in words, if the check fails; one that does not apply passes.

        Raises unittest.SkipTest, which pytest knows, where it rests on another one that fails.
        """
        try:
            problems = self.problems()
        except NotReachedError:
            raise SkipTest("rests on a check that fails") from None
        if problems:
            raise AssertionError("\n".join(f"{self.under_test.label}: {text}" for text in problems))

    def __str__(self) -> str:
        return f"{self.under_test.label}, {self.name}"


def checks_of(tested: Any, *examples: Mapping[str, Any]) -> Iterator[Check]:
    """The checks of the contract, one after the other; nothing is built before one is called.

    Parameters
    ----------
    tested
        A class of codes, decoders or channels, a function that says that it returns one, the name that one is
        registered under, or two of different kinds are, or an object.
    examples
        Arguments of the constructor, for a decoder with ``code`` as a configuration describes it; by default
        the attribute ``examples`` of the class.

    Raises
    ------
    InputError
        If it is none of these.
    """
    whole = this(tested)
    if whole is not None:
        ways = [whole]
    else:
        ways = [
            way
            for each in examples or ({},)
            for entry in (entries_of(tested, each) if isinstance(tested, str) else [entry_of(tested)])
            for way in ways_to_build(entry, each)
        ]
    for way in ways:
        for name in CHECKS[way.kind]:
            yield Check(name, way)


def parametrize_with_checks(*tested: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator for pytest: the test runs once for each check, which is its argument ``check``.

    ``tested`` are what ``checks_of`` takes.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> @parametrize_with_checks(HammingCode)
    ... def test_keeps_the_contract(check):
    ...     check()
    """
    import pytest

    checks = [check for each in tested for check in checks_of(each)]
    return pytest.mark.parametrize("check", checks, ids=str)
