"""Named checks, one after the other, and what came of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..failures import FAILURES, told
from .findings import NotReachedError, Problems


@dataclass(frozen=True)
class Report:
    """What came of checks.

    Attributes
    ----------
    passed, failed
        Names of the checks that applied: those that found nothing wrong, and those that did.
    problems
        What is wrong, in words.
    """

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def examined(checks: Mapping[str, Callable[[Any], Problems]], subject: Any) -> Report:
    """Every check of a table on what is tested."""
    report = Report()
    for name in checks:
        try:
            problems = outcome(name, checks[name], subject)
        except NotReachedError:  # what it rests on has been told
            continue
        if problems:
            report.failed.append(name)
            report.problems.extend(text for text in problems if text not in report.problems)
        elif problems is not None:
            report.passed.append(name)
    return report


def outcome(name: str, check: Callable[[Any], Problems], subject: Any) -> Problems:
    """What a check says; what it did not expect to be raised is a problem too.

    Raises NotReachedError where it rests on what is wrong already.
    """
    try:
        return check(subject)
    except NotReachedError:
        raise
    except FAILURES as error:
        return [f"the check '{name}' fails: {told(error)}"]
