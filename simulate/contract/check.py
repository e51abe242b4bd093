"""``capgap check``: the contract as tests on anybody's class that answer in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..configuration.key_values import parameters_of
from ..errors import InputError, nearest
from ..registry import registry
from ..registry.registry import Entry
from .report import Report
from .under_test import ways_to_build


def check(name: str, parameters: Sequence[str] | Mapping[str, Any] = ()) -> list[str]:
    """Test that a registered code, decoder, channel or modulation keeps the contract.

    Parameters
    ----------
    name
        A registered name.
    parameters
        Its parameters by name, or as texts ``key=value`` with values in YAML, such as ``r=3``; for a decoder
        ``code.type=hamming`` and ``code.r=3`` choose the code it is tried on. Without any, the examples of
        the class are tried.

    Returns
    -------
    list of str
        What is wrong, in words; empty if the contract is kept.

    Raises
    ------
    InputError
        If there is no such name or it cannot be built with these parameters.
    """
    return report_of(name, parameters).problems


def report_of(name: str, parameters: Sequence[str] | Mapping[str, Any] = ()) -> Report:
    """As ``check``, with the names of the checks that passed beside what is wrong."""
    ways = ways_to_build(registered(name), parameters_of(parameters))
    reports = [(way.label, way.examined()) for way in ways]
    failed = {each for _, report in reports for each in report.failed}
    passed = [each for _, report in reports for each in report.passed if each not in failed]
    return Report(
        list(dict.fromkeys(passed)),
        sorted(failed),
        [
            f"{label}: {text}" if len(ways) > 1 else text
            for label, report in reports
            for text in report.problems
        ],
    )


def registered(name: str) -> Entry[Any]:
    """The entry of a name, of whichever kind; raises InputError, with what there is, for an unknown one."""
    tables: tuple[Any, ...] = (
        registry.codes,
        registry.decoders,
        registry.channels,
        registry.modulations,
    )
    for known in tables:
        if name in known.names():
            entry: Entry[Any] = known.get(name)
            return entry
    names = [each for known in tables for each in known.names()]
    near = nearest(name, names) or " Your own is registered by a plug-in, --plugin FILE."
    raise InputError(f"nothing is registered as '{name}' in this version.{near} Known: {', '.join(names)}")
