"""What is tested, built from its examples or from what a user gives."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic

from ...channels import Channel
from ...channels.models.model import takes_rate
from ...channels.modulation.modulation import Modulation
from ...codes import Code, Decoder, decoder_of
from ...codes.decoder import refusal_of
from ..configuration.messages import constructor_words, in_words
from ..errors import InputError, shown
from ..failures import FAILURES
from ..link.identity import describe
from ..registry import registry
from ..registry.registry import Entry, Registry, classes_made
from .channel import CHECKS as CHANNEL_CHECKS
from .channel import ChannelUnderTest
from .code import CHECKS as CODE_CHECKS
from .code import CodeUnderTest
from .decoder import CHECKS as DECODER_CHECKS
from .decoder import DecoderUnderTest
from .findings import NotReachedError, Problems
from .modulation import CHECKS as MODULATION_CHECKS
from .modulation import ModulationUnderTest
from .report import Report, examined, outcome

#: The checks of each kind, by their names.
CHECKS: dict[str, Mapping[str, Callable[[Any], Problems]]] = {
    "code": CODE_CHECKS,
    "decoder": DECODER_CHECKS,
    "channel": CHANNEL_CHECKS,
    "modulation": MODULATION_CHECKS,
}
#: The rate that a channel is told that asks for one.
RATE = 0.5


@dataclass(frozen=True, eq=False)
class UnderTest:
    """One way to build what is tested. It is built when the first check needs it, and then kept.

    Attributes
    ----------
    label
        How it is called, such as ``hamming(r=3)``.
    kind
        ``code``, ``decoder``, ``channel`` or ``modulation``.
    make
        Gives what is tested, by what messages begin with: a decoder may be tried on several codes.
    """

    label: str
    kind: str
    make: Callable[[], dict[str, Any]]

    @cached_property
    def subjects(self) -> dict[str, Any]:
        """What is tested; raises InputError if it cannot be built."""
        return self.make()

    def problems(self, name: str) -> Problems:
        """What one check says of all of them; raises NotReachedError where another one has to pass before."""
        told, applied, reached = [], False, True
        for prefix, subject in self.subjects.items():
            try:
                problems = outcome(name, CHECKS[self.kind][name], subject)
            except NotReachedError:
                reached = False
                continue
            applied = applied or problems is not None
            told += [f"{prefix}{text}" for text in problems or ()]
        if not told and not reached:
            raise NotReachedError
        return told if applied else None

    def examined(self) -> Report:
        """All checks; one has passed if it did wherever it applied."""
        reports = {prefix: examined(CHECKS[self.kind], subject) for prefix, subject in self.subjects.items()}
        failed = {name for report in reports.values() for name in report.failed}
        passed = {name for report in reports.values() for name in report.passed}
        return Report(
            [name for name in CHECKS[self.kind] if name in passed - failed],
            sorted(failed),
            [f"{prefix}{text}" for prefix, report in reports.items() for text in report.problems],
        )


def examples_of(make: Any) -> tuple[Mapping[str, Any], ...]:
    """The examples that a class, or a function that makes what is tested, states.

    Those of a base class hold only where its constructor does. Raises InputError if they are no dictionaries.
    """
    stating: Any = make
    if inspect.isclass(make):
        stating = next(each for each in make.__mro__ if {"examples", "__init__"} & vars(each).keys())
    examples = vars(stating).get("examples", ()) if hasattr(stating, "__dict__") else ()
    well = isinstance(examples, tuple | list) and all(isinstance(each, Mapping) for each in examples)
    if not well:
        name = getattr(make, "__name__", "what is tested")
        raise InputError(f"examples of {name} should be a tuple of dictionaries, is {shown(examples)}")
    return tuple(examples)


def sample_codes() -> list[dict[str, Any]]:
    """Codes on which a decoder is tried: the first example of each code of capgap's own."""
    return [
        {"type": entry.name, **examples_of(entry.make)[0]}
        for entry in registry.codes
        if entry.builtin and examples_of(entry.make)
    ]


def samples_taken(entry: Entry[Decoder]) -> list[dict[str, Any]]:
    """The sample codes that a decoder takes: first those whose default decoder it is.

    Raises InputError if there are none.
    """
    codes = [(sample, code_of(sample)) for sample in reversed(sample_codes())]
    taken = [(sample, code) for sample, code in codes if refusal_of(code, entry.make) is None]
    if not taken:
        raise InputError(
            f"{entry.name} takes none of the sample codes: "
            "give one, as in --with code.type=hamming --with code.r=3"
        )
    return [sample for sample, _ in sorted(taken, key=lambda each: each[1].default_decoder != entry.name)]


def ways_to_build(entry: Entry[Any], given: Mapping[str, Any] | None = None) -> list[UnderTest]:
    """What is tested of a class: with the parameters given, or else with each of its examples.

    A class without examples is built without parameters; a channel at 0.1 then. Where they name no code, a
    decoder's first example is tried on all sample codes that it takes, its others on one of them.
    """
    first, *others = [given] if given else examples_of(entry.make) or ({},)
    ways_of: Any = {"code": _code, "decoder": _decoder, "channel": _channel, "modulation": _modulation}
    build = ways_of[entry.kind]
    ways = [(first, partial(build, entry, dict(first)))]
    if entry.kind == "decoder":
        build = partial(_decoder, most=1)
    ways += [(way, partial(build, entry, dict(way))) for way in others]
    return [UnderTest(describe({"type": entry.name, **way}), entry.kind, make) for way, make in ways]


def entry_of(make: Any) -> Entry[Any]:
    """The entry that a class, or a function that says what it returns, would have if it were registered."""
    made = classes_made(make)
    kinds = (("code", Code), ("decoder", Decoder), ("channel", Channel), ("modulation", Modulation))
    for kind, base in kinds:
        if all(inspect.isclass(each) and issubclass(each, base) for each in made):
            return Entry(kind, make.__name__, make, False)
    raise InputError(
        "the contract is tested of codes, decoders, channels and modulations: of their classes, of functions "
        f"that say that they return one, or of objects; not of {shown(make)}"
    )


def this(made: Any) -> UnderTest | None:
    """What is tested of an object; None if it is none of what has a contract."""
    if isinstance(made, Code):
        return UnderTest(repr(made), "code", lambda: {"": CodeUnderTest(made)})
    if isinstance(made, Decoder):
        return UnderTest(repr(made), "decoder", lambda: {"": DecoderUnderTest(made, made.code)})
    if isinstance(made, Channel):
        return UnderTest(repr(made), "channel", lambda: {"": ChannelUnderTest(made)})
    if isinstance(made, Modulation):
        return UnderTest(repr(made), "modulation", lambda: {"": ModulationUnderTest(made)})
    return None


def _code(entry: Entry[Code], given: dict[str, Any]) -> dict[str, Any]:
    return {"": CodeUnderTest(_build(entry, given))}


def _decoder(entry: Entry[Decoder], given: dict[str, Any], most: int | None = None) -> dict[str, Any]:
    """On its own code, or on so many of the sample codes that it takes."""
    own = {name: value for name, value in given.items() if name != "code"}
    if given.get("code") is not None:
        codes = [code_of(given["code"])]
        if refusal := refusal_of(codes[0], entry.make):
            raise InputError(refusal)
    else:
        codes = [code_of(sample) for sample in samples_taken(entry)[:most]]
    return {f"on {code!r}: ": DecoderUnderTest(_build(entry, own, code=code), code) for code in codes}


def _channel(entry: Entry[Channel], given: dict[str, Any]) -> dict[str, Any]:
    chosen = [name for name in entry.sweepable if name in given]
    if len(chosen) > 1 and not entry.together:
        raise InputError(f"{entry.name} takes one of {' or '.join(entry.sweepable)}")
    own = {key: value for key, value in given.items() if key not in chosen}
    # A tenth lies within the range of every probability and every ratio in decibels.
    supplied = {name: given.get(name, 0.1) for name in entry.together or chosen or entry.sweepable[:1]}
    parameter, *beside = supplied
    rate = {"rate": RATE} if takes_rate(entry.make) else {}
    channel = _build(entry, own, supplied={**supplied, **rate})
    fixed = {**_values(entry, own), **{name: supplied[name] for name in beside}}
    model = entry.channel_model(parameter, fixed, RATE)
    return {"": ChannelUnderTest(channel, model, supplied[parameter])}


def _modulation(entry: Entry[Modulation], given: dict[str, Any]) -> dict[str, Any]:
    return {"": ModulationUnderTest(_build(entry, given))}


def code_of(data: Mapping[str, Any] | str) -> Code:
    """A code as a configuration describes it; raises InputError if it cannot be built."""
    made: Code = _described(registry.codes, data)
    return made


def _described(known: Registry[Any], data: Mapping[str, Any] | str, code: Code | None = None) -> Any:
    given = {"type": data} if isinstance(data, str) else dict(data)
    return _build(known.get(str(given.pop("type", ""))), given, code=code)


def _values(entry: Entry[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the constructor, as a configuration with these parameters gives them."""
    model = entry.model.model_validate(given, context={"folder": Path()})
    return {name: getattr(model, name) for name in entry.parameters}


def _build(
    entry: Entry[Any],
    given: Mapping[str, Any],
    *,
    code: Code | None = None,
    supplied: Mapping[str, Any] = MappingProxyType({}),
) -> Any:
    """A class's object, of a decoder on ``code``; codes and decoders among its parameters are built first."""
    try:
        values = _values(entry, given)
        for name, part in registry.parts_of(entry, code).items():
            if values[name] is not None:
                values[name] = _described(registry.BY_KIND[entry.nested[name][0]], values[name], part)
        if code is not None:
            return decoder_of(code, entry.make, **values)
        return entry.make(**supplied, **values)
    except InputError:
        raise
    except FAILURES as error:
        if isinstance(error, pydantic.ValidationError):
            detail = error.errors()[0]
            problem = in_words(detail, tuple(detail["loc"][:1]), entry.model, entry.definitions)
        else:
            problem = constructor_words(error)
        needed = ", ".join(entry.parameters) or "none"
        raise InputError(
            f"{entry.name} cannot be built: {problem}. Parameters are given as --with KEY=VALUE: {needed}"
        ) from None
