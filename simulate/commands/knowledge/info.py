"""``capgap info``: what is known of codes and modulations without simulating them."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from ...errors import printable
from ..shared import Commands, add_plugin

if TYPE_CHECKING:
    from ...configuration.named_codes import NamedCode, NamedModulation

#: Longest search.
MOST_SECONDS = 86_400


def add(commands: Commands) -> None:
    """Add ``capgap info`` and its options."""
    parser = commands.add_parser(
        "info", help="what is known of codes and modulations: rate, weights, decoders; points, limits"
    )
    parser.add_argument(
        "codes",
        nargs="+",
        metavar="CODE",
        help="a name with its parameters, such as hamming r=3 or qam order=16; a mapping such as "
        "'{type: hamming, r: 3}'; or the file of a configuration, for all of its codes",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--search",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="search codes for words of low weight so long, and LDPC codes for trapping sets",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="draw parity-check matrices and Tanner graphs; the ending chooses the format",
    )
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what is known of each code or modulation, in lines or as JSON."""
    from ...analysis.modulation_facts import picture
    from ...configuration.named_codes import NamedModulation, named_codes

    codes = named_codes(options.codes)
    if options.output is not None:
        _draw(codes, options.output)
    if options.json:
        data = [_as_dict(each, options.search) for each in codes]
        print(json.dumps(data[0] if len(data) == 1 else data))
        return 0
    for i, each in enumerate(codes):
        if i:
            print()
        print(each.text)
        facts = {
            name: _in_words(value)
            for name, value in _facts(each, options.search).items()
            if value is not None
        }
        width = max(map(len, facts))
        for name, text in facts.items():
            print(f"  {name:{width}}  {text}")
        for line in (picture(each.modulation) or ()) if isinstance(each, NamedModulation) else ():
            print(f"    {line}".rstrip())
    return 0


def _seconds(text: str) -> float:
    """A time, above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"must be seconds, up to {MOST_SECONDS}, got {text[:40]!r}")
    return value


def _draw(codes: "list[NamedCode | NamedModulation]", output: str) -> None:
    from ...configuration.named_codes import NamedCode
    from ...figures.parity_checks import draw_parity_checks

    draw_parity_checks([(each.text, each.code) for each in codes if isinstance(each, NamedCode)], output)


def _facts(named: "NamedCode | NamedModulation", search: float) -> dict[str, Any]:
    from ...analysis.code_facts import code_facts
    from ...analysis.modulation_facts import modulation_facts
    from ...configuration.named_codes import NamedCode

    if isinstance(named, NamedCode):
        return code_facts(named.code, search)
    return modulation_facts(named.modulation)


def _as_dict(named: "NamedCode | NamedModulation", search: float) -> dict[str, Any]:
    """Of a modulation with its points: real and imaginary part by label."""
    from ...configuration.named_codes import NamedCode

    if isinstance(named, NamedCode):
        return {"code": named.text, **_facts(named, search)}
    facts = {"modulation": named.text, **_facts(named, search)}
    if named.modulation.slots > 1:
        return facts
    made = named.modulation.constellation
    at = made.points[made.labels.argsort()]
    return {**facts, "points by label": [[float(point.real), float(point.imag)] for point in at]}


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
