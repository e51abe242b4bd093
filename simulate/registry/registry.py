"""From the names in a configuration to classes: an explicit table, and the ways to add to it.

More names come from installed packages, through the entry-point groups ``capgap.codes``,
``capgap.decoders``, ``capgap.channels`` and ``capgap.modulations``, and from files or modules named on the
command line. A configuration alone can never make code run.
"""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import inspect
import math
import re
import types
import typing
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Generic, TypeVar

import numpy as np
import pydantic

from ...channels import (
    AWGN,
    BEC,
    BSC,
    BSEC,
    BinaryAsymmetric,
    BurstErasures,
    Channel,
    DiscreteMemoryless,
    GilbertElliott,
    Impulsive,
    Laplace,
    Nakagami,
    PoissonOOK,
    PoissonPPM,
    QaryErasure,
    QarySymmetric,
    QuantisedBPSK,
    Rayleigh,
    Rician,
    ZChannel,
)
from ...channels.models.model import ChannelModel
from ...channels.modulation.constellation.signals import SignalSet
from ...channels.modulation.modulation import Modulation
from ...channels.modulation.named import MODULATIONS as MODULATION_TYPES
from ...channels.parameter import STANDARD, Parameter, parameter_named, parameters_of, remember
from ...codes import FAMILIES, Code, Decoder
from ...codes.code import MAX_N
from ...codes.decoder import code_decoded, refusal_of
from ...codes.parameters.octal import OCTAL, octal_digits
from ..errors import InputError, nearest, shown
from ..failures import FAILURES, told, user_modules
from ..fields import AnyWhole

T = TypeVar("T")
#: Kinds of what a parameter may be, and the classes that say so.
NESTED: dict[str, type[Any]] = {"code": Code, "decoder": Decoder}
#: Names of modulations, which one may take for channels.
MODULATIONS = r"[bq]psk|(\d+-?)?(psk|qam|apsk|pam|ask)(-?\d+)?|ook"

#: Where it says how to write one's own.
PAGES = {"channel": "docs/channels.md", "modulation": "docs/modulation.md"}


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One registered name: what makes the object, and the parameters a configuration may give.

    Attributes
    ----------
    kind
        ``code``, ``decoder``, ``channel`` or ``modulation``.
    name
        The ``type`` of a configuration.
    make
        The class, or a function that returns an instance.
    builtin
        Whether it comes with capgap.
    """

    kind: str
    name: str
    make: Callable[..., T]
    builtin: bool

    @property
    def summary(self) -> str:
        """The first sentence of its documentation."""
        text = inspect.getdoc(self.make) or ""
        return text.split("\n\n")[0].replace("\n", " ")

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Parameters a configuration gives, by name: not the code, the rate, or what others set."""
        supplied = {
            "code": {"self"},
            "decoder": {"self", "code"},
            "channel": {"self", "rate", "dimensions", *self.sweepable},
            "modulation": {"self"},
        }
        signature = inspect.signature(self.make)
        return {
            name: parameter
            for name, parameter in signature.parameters.items()
            if name not in supplied[self.kind]
            and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        }

    @cached_property
    def nested(self) -> dict[str, tuple[str, type[Any]]]:
        """Parameters that are codes or decoders themselves, by name: their kind, and the class asked for."""
        hints = typing.get_type_hints(_signed(self.make), include_extras=True)
        found = {name: _nested_kind(hints.get(name)) for name in self.parameters}
        return {name: each for name, each in found.items() if each is not None}

    @property
    def takes_samples(self) -> bool:
        """Whether a channel takes samples; of a function, whether what it says that it returns does."""
        return any(getattr(made, "takes_samples", False) for made in (self.make, *classes_made(self.make)))

    @property
    def swept(self) -> tuple[Parameter, ...]:
        """A channel's parameters that can be swept; empty for codes and decoders."""
        return parameters_of(self.make) if self.kind == "channel" else ()

    @property
    def sweepable(self) -> tuple[str, ...]:
        """The names of the parameters that can be swept."""
        return tuple(each.name for each in self.swept)

    @cached_property
    def together(self) -> tuple[str, ...]:
        """The sweepable parameters that a channel needs all of, to sweep one; empty where one is enough."""
        signature = inspect.signature(self.make).parameters
        needed = tuple(
            name
            for name in self.sweepable
            if name in signature and signature[name].default is inspect.Parameter.empty
        )
        return needed if len(needed) > 1 else ()

    @property
    def definitions(self) -> dict[str, str]:
        """What each sweepable parameter is, in a few words; "" where the channel does not say it."""
        return {each.name: each.definition for each in self.swept}

    def channel_model(
        self,
        parameter: str,
        fixed: Mapping[str, Any] = MappingProxyType({}),
        rate: float | None = None,
        modulation: Modulation | None = None,
    ) -> ChannelModel:
        """A channel's model over one of its parameters, with the others fixed."""
        chosen = next(each for each in self.swept if each.name == parameter)
        chosen = chosen.of(1 if modulation is None else modulation.dimensions)
        return ChannelModel(self.make, chosen, dict(fixed), rate, modulation)  # type: ignore[arg-type]

    @cached_property
    def model(self) -> type[pydantic.BaseModel]:
        """A model that validates the parameters, made from the signature's types and defaults.

        Raises InputError if there is none for them, such as for a type that is defined nowhere.
        """
        try:
            return self._make_model()
        except FAILURES as error:
            raise InputError(
                f"the {self.kind} '{self.name}' cannot be used: its constructor has a parameter of a name, "
                f"type or default that no configuration can give: {told(error)}"
            ) from error

    def _make_model(self) -> type[pydantic.BaseModel]:
        hints = typing.get_type_hints(_signed(self.make), include_extras=True)
        kinds = {kind for kind, _ in self.nested.values()}
        if (self.kind == "channel" and kinds) or (self.kind == "code" and "decoder" in kinds):
            raise TypeError(f"a {self.kind} takes no {' and no '.join(sorted(kinds - {self.kind}))}")
        fields: dict[str, Any] = {"type": (typing.Literal[self.name], self.name)}
        for name, parameter in self.parameters.items():
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[name] = (_as_written(hints.get(name, Any)), default)
        config = pydantic.ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)
        return pydantic.create_model(f"{self.name} parameters", __config__=config, **fields)

    def identity(self) -> str:
        """What defines this entry's behaviour, for the key of a point.

        For what comes with capgap, the class's ``frames_version``. For what does not, the content of the
        file it is defined in, not of what that imports; and the version of a class of ours it derives from,
        once that is not the first.
        """
        if self.builtin:
            return f"{self.name}/{self.frames_version}"
        try:
            source = Path(inspect.getsourcefile(self.make) or "").read_bytes()
        except (OSError, TypeError):
            source = _compiled(self.make)  # typed in at a prompt
        digest = f"{self.name}/{hashlib.sha256(source).hexdigest()}"
        return digest if self.frames_version == 1 else f"{digest}/{self.frames_version}"

    @property
    def frames_version(self) -> int:
        """The ``frames_version`` of the class; of a function, the latest of those it says that it returns."""
        return max((int(getattr(made, "frames_version", 1)) for made in classes_made(self.make)), default=1)


def classes_made(make: Callable[..., Any]) -> tuple[Any, ...]:
    """The class itself, or the classes that a function says that it returns one of."""
    if not inspect.isfunction(make):
        return (make,)
    hint = getattr(make, "__annotations__", {}).get("return")
    hint = typing.get_type_hints(make).get("return") if isinstance(hint, str) else hint
    return typing.get_args(hint) or (hint,)


def _signed(make: Callable[..., Any]) -> Any:
    """What has the types of the parameters: of a class its constructor."""
    return make.__init__ if inspect.isclass(make) else make


def _nested_kind(hint: Any) -> tuple[str, type[Any]] | None:
    """The kind and class of a parameter that is a code or a decoder, or perhaps None; None of any other."""
    union = typing.get_origin(hint) in (types.UnionType, typing.Union)
    members = [member for member in (typing.get_args(hint) if union else (hint,)) if member is not type(None)]
    if len(members) != 1 or not inspect.isclass(members[0]):
        return None
    return next(((kind, members[0]) for kind, base in NESTED.items() if issubclass(members[0], base)), None)


def _names_parameters(channel: Any) -> bool:
    """Whether a channel names what can be swept, as it should."""
    named = getattr(channel, "parameters", ())
    if not isinstance(named, tuple | list) or not named:
        return False
    names = (each.name if isinstance(each, Parameter) else each for each in named)
    return all(isinstance(name, str) and name.isidentifier() for name in names)


def _compiled(make: Any) -> bytes:
    """The compiled code of a function, or of a class's methods."""
    functions = (
        [make] if inspect.isfunction(make) else [f for f in vars(make).values() if inspect.isfunction(f)]
    )
    return repr([(f.__name__, f.__code__.co_code, f.__code__.co_consts) for f in functions]).encode()


class Registry(Generic[T]):
    """Names of one kind of thing. ``kind`` is ``code``, ``decoder``, ``channel`` or ``modulation``."""

    def __init__(self, kind: str, base: Any, builtin: dict[str, Callable[..., T]]) -> None:
        self.kind = kind
        self.base = base
        self._entries = {name: Entry(kind, name, make, True) for name, make in builtin.items()}
        self._entry_points_read = False

    def __iter__(self) -> typing.Iterator[Entry[T]]:
        self._read_entry_points()
        return iter(self._entries.values())

    def names(self) -> list[str]:
        """All registered names, in the order of registration."""
        return [entry.name for entry in self]

    def get(self, name: str) -> Entry[T]:
        """The entry of a name; raises InputError, which says what there is, if there is none."""
        self._read_entry_points()
        if name not in self._entries:
            raise InputError(self._unknown(name))
        return self._entries[name]

    def _unknown(self, name: str) -> str:
        known = f"Known: {', '.join(self._entries)}"
        near = nearest(name, self._entries)
        if near:
            return f"there is no {self.kind} '{name}'.{near} {known}"
        others = (each for each in (codes, decoders, channels, modulations) if each is not self)
        kind = next((each.kind for each in others if name in each.names()), None)
        advice = (
            ": give it as 'modulation', over a channel of samples such as awgn"
            if kind == "modulation"
            else ""
        )
        if kind is not None:
            return f"'{name}' is a {kind}, not a {self.kind}{advice}. {known}"
        if self.kind == "channel" and re.fullmatch(MODULATIONS, name.lower()):
            names = ", ".join(modulations.names())
            return f"'{name}' is a modulation, not a channel, and this version has {names}. {known}"
        page = PAGES.get(self.kind, "'A code of your own' in the README")
        return (
            f"there is no {self.kind} '{name}' in this version. {known}. Your own can be added by a plug-in, "
            f"--plugin FILE: see {page}"
        )

    def register(self, name: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
        """A decorator that registers a class, or a function that returns an instance, under a name.

        Another registration of the same name replaces the one before. Raises InputError if the name
        is one of capgap's own or the class is of the wrong kind.
        """

        def add(make: Callable[..., T]) -> Callable[..., T]:
            self._add(name, make)
            return make

        return add

    def _add(self, name: str, make: Callable[..., T]) -> None:
        if not isinstance(name, str) or not name or not name.isprintable():
            raise InputError(f"a {self.kind} is registered under a name, as text, not {shown(name)}")
        if inspect.isclass(make) and not issubclass(make, self.base):
            raise InputError(f"the {self.kind} '{name}' must derive from capgap's {self.base.__name__}")
        if self.kind == "channel" and not _names_parameters(make):
            raise InputError(
                f"the channel '{name}' must name what can be swept in its attribute 'parameters': a tuple of "
                "names or Parameter objects"
            )
        if self.kind == "channel":
            self._add_parameters(name, make)
        present = self._entries.get(name)
        if present is not None and present.builtin:
            raise InputError(f"the name '{name}' belongs to a {self.kind} of capgap's own: choose another")
        self._entries[name] = Entry(self.kind, name, make, False)
        user_modules.add(str(getattr(make, "__module__", "")))

    @staticmethod
    def _add_parameters(name: str, make: Any) -> None:
        """Remember what a channel says of its parameters; InputError where that is known otherwise."""
        for each in parameters_of(make):
            known = parameter_named(each.name)
            if each.name in STANDARD and replace(each, definition="") != replace(known, definition=""):
                raise InputError(
                    f"the channel '{name}' describes the parameter '{each.name}', which is known: give its "
                    "name as text, or choose another"
                )
        remember(make.parameters)

    def _read_entry_points(self) -> None:
        if self._entry_points_read:
            return
        self._entry_points_read = True
        for point in importlib.metadata.entry_points(group=f"capgap.{self.kind}s"):
            try:
                self._add(point.name, point.load())
            except FAILURES as error:  # one broken package must not stop everything else
                problem = f"the {self.kind} '{point.name}' of an installed package fails: {told(error)}"
                warnings.warn(problem, stacklevel=2)


codes: Registry[Code] = Registry(
    "code", Code, {name: make for family in FAMILIES for name, make in family.CODES.items()}
)
decoders: Registry[Decoder] = Registry(
    "decoder", Decoder, {name: make for family in FAMILIES for name, make in family.DECODERS.items()}
)
channels: Registry[Channel] = Registry(
    "channel",
    Channel,
    {
        "bsc": BSC,
        "bec": BEC,
        "awgn": AWGN,
        "bsec": BSEC,
        "z": ZChannel,
        "asymmetric": BinaryAsymmetric,
        "dmc": DiscreteMemoryless,
        "quantised": QuantisedBPSK,
        "poisson": PoissonOOK,
        "poisson-ppm": PoissonPPM,
        "rayleigh": Rayleigh,
        "rician": Rician,
        "nakagami": Nakagami,
        "gilbert-elliott": GilbertElliott,
        "burst-erasures": BurstErasures,
        "qary-symmetric": QarySymmetric,
        "qary-erasure": QaryErasure,
        "laplace": Laplace,
        "impulsive": Impulsive,
    },
)
modulations: Registry[Modulation] = Registry("modulation", Modulation, dict(MODULATION_TYPES))


#: Of what a parameter may be.
BY_KIND: dict[str, Registry[Any]] = {"code": codes, "decoder": decoders}


def parts_of(entry: Entry[Any], code: Code | None) -> dict[str, Code | None]:
    """What parameters that are decoders decode, as ``parts`` says; None for those that are codes.

    ``code`` is what the decoder itself is for.
    """
    decoded = None if code is None else code_decoded(code, entry.make)
    said: Any = getattr(entry.make, "parts", None)
    parts: Mapping[str, Code] = {} if decoded is None or said is None else said(decoded)
    return {
        name: parts.get(name, decoded) if kind == "decoder" else None
        for name, (kind, _) in entry.nested.items()
    }


def frames_versions() -> str:
    """What decides of frames in this version of capgap, as text: with the same text, counts are equal."""
    known = (codes, decoders, channels, modulations)
    return ", ".join(entry.identity() for each in known for entry in each if entry.builtin)


register_code = codes.register
register_decoder = decoders.register
register_channel = channels.register
register_modulation = modulations.register


def decoders_for(code: Code) -> list[str]:
    """Names of the decoders that take a code."""
    taking = []
    for entry in decoders:
        try:
            if refusal_of(code, entry.make) is None:
                taking.append(entry.name)
        except FAILURES:  # one of somebody's that cannot say whether it does
            continue
    return taking


def unusable(kind: str, made: Any) -> str:
    """Why an object cannot be used as one of its kind, in words that follow its name; or "".

    A class of somebody's may forget ``super().__init__``, or have properties that fail.
    """
    base: type[Any] = {"code": Code, "decoder": Decoder, "channel": Channel, "modulation": Modulation}[kind]
    if not isinstance(made, base):
        return f"is not a {base.__name__}"
    if kind == "decoder" and not isinstance(getattr(made, "code", None), Code):
        return "has no code: its __init__ does not call super().__init__(code)"
    if kind == "modulation" and not isinstance(getattr(made, "_signals", None), SignalSet):
        return "has no constellation: its __init__ does not call super().__init__(constellation)"
    if kind != "code":
        return ""
    try:
        n, k, rate = made.n, made.k, made.rate
        again = made.n, made.k, made.rate
    except AttributeError:
        return "has no n, k or rate: its __init__ does not call super().__init__(n=..., k=...)"
    except FAILURES as error:
        return f"has an n, k or rate that fails: {told(error)}"
    if (n, k, rate) != again:
        return "has an n, k or rate that changes each time it is asked for"
    for name, value in (("n", n), ("k", k)):
        if not isinstance(value, int | np.integer) or not 1 <= value <= MAX_N:
            return f"must have as {name} a whole number from 1 to {MAX_N}, has {shown(value)}"
    if not isinstance(rate, float) or not math.isclose(rate, k / n, rel_tol=1e-9):
        return f"must have the rate k / n = {k / n:g}, has {shown(rate)}"
    return ""


def _input_file(value: Any, info: pydantic.ValidationInfo) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("must be the name of a file")
    folder = (info.context or {}).get("folder", Path())
    return Path(folder) / value


#: A file named in a configuration: text, taken relative to the configuration's folder.
InputFile = Annotated[
    Path, pydantic.BeforeValidator(_input_file), pydantic.WithJsonSchema({"type": "string", "minLength": 1})
]


def _octal_digits(value: Any) -> str:
    return octal_digits(getattr(value, "written", value), "it")


#: Octal digits, however they are written.
OctalDigits = Annotated[
    str,
    pydantic.BeforeValidator(_octal_digits),
    pydantic.WithJsonSchema({"type": ["integer", "string"], "pattern": "^(0o)?[0-7]{1,20}$"}),
]


def _with_type(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


def _described(kind: str) -> Any:
    """What describes a code or a decoder as a parameter: a mapping with a type, or a type alone."""
    marked = pydantic.WithJsonSchema({"$comment": kind})  # ``configuration.schema`` puts the definition there
    return Annotated[dict[str, Any], pydantic.BeforeValidator(_with_type), marked]


def _as_written(hint: Any) -> Any:
    """A type as a configuration has it: with every Path in it replaced by InputFile, any whole number taken
    for an int, and codes and decoders described.
    """
    nested = _nested_kind(hint) if inspect.isclass(hint) else None
    if nested is not None:
        return _described(nested[0])
    if hint in (Path, int):
        return InputFile if hint is Path else Annotated[int, AnyWhole]
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        # Matrix rows are lists, file names are text, so the first member that fits is the right one.
        return typing.Union[tuple(_as_written(member) for member in members)]
    if origin in (list, tuple, Sequence):
        return origin[tuple(_as_written(member) for member in members)]
    if origin is Annotated and OCTAL in members:
        return OctalDigits
    if origin is Annotated:  # bounds before, or they would not be known to the schema
        return Annotated[(int, *members[1:], AnyWhole)] if members[0] is int else hint
    return hint
