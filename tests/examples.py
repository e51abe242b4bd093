"""Codes with decoders out of the examples that classes bring: what comes new to the tables is in the tests that use them."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from capgap.codes import Decoder
from capgap.simulate.contract.under_test import examples_of, samples_taken, ways_to_build
from capgap.simulate.link.identity import describe
from capgap.simulate.registry import registry
from capgap.simulate.registry.registry import Entry

from tests.lazy import Lazy


def _examples() -> Iterator[tuple[str, Entry[Decoder], Mapping[str, Any]]]:
    for entry in registry.decoders:
        for example in examples_of(entry.make):
            yield describe({"type": entry.name, **example}), entry, example


def _link(entry: Entry[Decoder], example: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(example)
    code = given.pop("code", None) or _code_for(entry)
    return {"code": code, "decoder": {"type": entry.name, **given}}


@functools.cache
def _code_for(entry: Entry[Decoder]) -> dict[str, Any]:
    return samples_taken(entry)[0]


def example_links() -> dict[str, dict[str, Any]]:
    """For each example of each decoder, code and decoder as a configuration describes them."""
    return {name: _link(entry, example) for name, entry, example in _examples()}


def _decoder(entry: Entry[Decoder], example: Mapping[str, Any]) -> Decoder:
    ways = ways_to_build(entry, example if "code" in example else {"code": _code_for(entry), **example})
    (made,) = ways[0].subjects.values()
    decoder: Decoder = made.decoder
    return decoder


def first_decoders() -> Lazy[Decoder]:
    """A decoder of each name by its first example, made at first use."""
    first: dict[str, functools.partial[Decoder]] = {}
    for _, entry, example in _examples():
        first.setdefault(entry.name, functools.partial(_decoder, entry, example))
    return Lazy(first)
