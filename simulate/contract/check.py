"""``capgap check``: the contract as tests on anybody's class that answer in words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
        A registered name. Where a code and a decoder have the same, those are tested that take the
        parameters; both without any.
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
    reports = reports_of(name, parameters)
    return [
        f"{title}: {text}" if len(reports) > 1 else text
        for title, report in reports.items()
        for text in report.problems
    ]


def reports_of(name: str, parameters: Sequence[str] | Mapping[str, Any] = ()) -> dict[str, Report]:
    """As ``check``, with the names of the checks that passed beside what is wrong: a report for each entry.

    They stand under the name, or, where several have it, under name and kind, as in ``turbo (decoder)``.
    """
    given = parameters_of(parameters)
    several = len(entries_of(name)) > 1
    return {
        f"{name} ({entry.kind})" if several else name: _report(entry, given)
        for entry in entries_of(name, given)
    }


def _report(entry: Entry[Any], given: Mapping[str, Any]) -> Report:
    ways = ways_to_build(entry, given)
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


def entries_of(name: str, given: Mapping[str, Any] = MappingProxyType({})) -> list[Entry[Any]]:
    """The entries of a name: of several kinds those that know most of the parameters.

    Raises InputError, with what there is, for an unknown name.
    """
    tables: tuple[Any, ...] = (
        registry.codes,
        registry.decoders,
        registry.channels,
        registry.modulations,
    )
    entries: list[Entry[Any]] = [known.get(name) for known in tables if name in known.names()]
    if entries:
        known_of = [_number_known(each, given) for each in entries]
        return [each for each, known in zip(entries, known_of, strict=True) if known == max(known_of)]
    names = list(dict.fromkeys(each for known in tables for each in known.names()))
    near = nearest(name, names) or " Your own is registered by a plug-in, --plugin FILE."
    raise InputError(f"nothing is registered as '{name}' in this version.{near} Known: {', '.join(names)}")


def _number_known(entry: Entry[Any], given: Mapping[str, Any]) -> int:
    """How many of these parameters it takes; a decoder's code is one."""
    own = {*entry.parameters, *entry.sweepable, *(["code"] if entry.kind == "decoder" else [])}
    return len(own & given.keys())
