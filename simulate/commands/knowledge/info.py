"""``capgap info``: what is known of codes without simulating them."""

import argparse
import json
from typing import Any

from ...errors import printable
from ..shared import Commands, add_plugin


def add(commands: Commands) -> None:
    """Add ``capgap info`` and its options."""
    parser = commands.add_parser("info", help="what is known of codes: rate, distance, weights, decoders")
    parser.add_argument(
        "codes",
        nargs="+",
        metavar="CODE",
        help="a name with its parameters, such as hamming r=3; a mapping such as '{type: hamming, r: 3}'; or "
        "the file of a configuration, for all of its codes",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what is known of each code, in lines or as JSON."""
    from ...analysis.code_facts import code_facts
    from ...configuration.named_codes import named_codes

    codes = named_codes(options.codes)
    if options.json:
        data = [{"code": each.text, **code_facts(each.code)} for each in codes]
        print(json.dumps(data[0] if len(data) == 1 else data))
        return 0
    for i, each in enumerate(codes):
        if i:
            print()
        print(each.text)
        facts = {name: _in_words(value) for name, value in code_facts(each.code).items() if value is not None}
        width = max(map(len, facts))
        for name, text in facts.items():
            print(f"  {name:{width}}  {text}")
    return 0


def _in_words(value: Any) -> str:
    """A fact in one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_in_words(inner).replace(', ', ' / ')}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(inner) for inner in value)
    return printable(str(value), 500)
