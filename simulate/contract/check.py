"""``capgap check``: the contract as tests on anybody's class that answer in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pydantic

from ...channels import Channel
from ...channels.models.model import takes_rate
from ...codes import Code, Decoder
from ..configuration.messages import constructor_words, in_words
from ..configuration.yaml_file import document_of, parse_value
from ..errors import InputError, nearest
from ..failures import FAILURES, told
from ..registry import registry
from ..registry.registry import Entry
from .channel import check_channel
from .code import check_code
from .decoder import check_decoder

#: Codes on which a decoder is tried when none is given.
SAMPLES: tuple[dict[str, Any], ...] = (
    {"type": "uncoded", "k": 5},
    {"type": "repetition", "n": 6, "k": 2},
    {"type": "spc", "n": 5},
    {"type": "hamming", "r": 3},
    {"type": "hamming", "r": 4, "extended": True, "shorten": 2},
    {"type": "ldpc", "n": 24, "k": 12, "column_weight": 3},
)


def check(name: str, parameters: Sequence[str] | Mapping[str, Any] = ()) -> list[str]:
    """Test that a registered code, decoder or channel keeps the contract.

    Parameters
    ----------
    name
        A registered name.
    parameters
        Its parameters by name, or as texts ``key=value`` with values in YAML, such as ``r=3``; for a decoder
        ``code.type=hamming`` and ``code.r=3`` choose the code it is tried on.

    Returns
    -------
    list of str
        What is wrong, in words; empty if the contract is kept.

    Raises
    ------
    InputError
        If there is no such name or it cannot be built with these parameters.
    """
    given: dict[str, Any] = document_of(parameters).data if isinstance(parameters, Mapping) else {}
    for text in () if isinstance(parameters, Mapping) else parameters:
        key, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"{text}: write a parameter as KEY=VALUE")
        given[key] = parse_value(value, text)
    for known, test in (
        (registry.codes, _check_code),
        (registry.decoders, _check_decoder),
        (registry.channels, _check_channel),
    ):
        if name in known.names():
            entry: Any = known.get(name)
            try:
                return test(entry, given)
            except InputError:
                raise
            except FAILURES as error:  # what the single tests did not expect to fail
                return [f"a test fails: {told(error)}"]
    names = [*registry.codes.names(), *registry.decoders.names(), *registry.channels.names()]
    near = nearest(name, names) or " Your own is registered by a plug-in, --plugin FILE."
    raise InputError(f"nothing is registered as '{name}' in this version.{near} Known: {', '.join(names)}")


def _build(entry: Entry[Any], given: dict[str, Any], **supplied: Any) -> Any:
    try:
        model = entry.model.model_validate(given, context={"folder": Path()})
        parameters = {name: getattr(model, name) for name in entry.parameters}
        return entry.make(**supplied, **parameters)
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


def _check_code(entry: Entry[Code], given: dict[str, Any]) -> list[str]:
    return check_code(_build(entry, given))


def _check_decoder(entry: Entry[Decoder], given: dict[str, Any]) -> list[str]:
    prefix = "code."
    code_given = {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}
    own = {key: value for key, value in given.items() if not key.startswith("code.")}
    samples = [code_given] if code_given else list(SAMPLES)
    problems: list[str] = []
    tried = 0
    for sample in samples:
        data = dict(sample)
        code = _build(registry.codes.get(str(data.pop("type", ""))), data)
        refusal = getattr(entry.make, "refusal", lambda code: None)(code)
        if refusal is not None:
            if code_given:
                raise InputError(refusal)
            continue
        tried += 1
        problems += [f"on {code!r}: {text}" for text in check_decoder(_build(entry, own, code=code), code)]
    if not tried:
        raise InputError(
            f"{entry.name} takes none of the sample codes: "
            "give one, as in --with code.type=hamming --with code.r=3"
        )
    return problems


def _check_channel(entry: Entry[Channel], given: dict[str, Any]) -> list[str]:
    chosen = [name for name in entry.sweepable if name in given]
    if len(chosen) > 1:
        raise InputError(f"{entry.name} takes one of {' or '.join(entry.sweepable)}")
    own = {key: value for key, value in given.items() if key not in chosen}
    # A tenth lies within the range of every probability and every ratio in decibels.
    parameter, value = (chosen[0], given[chosen[0]]) if chosen else (entry.sweepable[0], 0.1)
    rate = {"rate": 0.5} if takes_rate(entry.make) else {}
    return check_channel(_build(entry, own, **{parameter: value}, **rate))
