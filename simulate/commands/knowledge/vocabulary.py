"""``capgap list`` and ``capgap schema``: what a configuration can say, for people and for editors."""

import argparse
import json
from typing import Any

from ...errors import printable
from ..shared import Commands, add_plugin, print_table


def add(commands: Commands) -> None:
    """Add both commands, and the options of the first."""
    parser = commands.add_parser("list", help="what a configuration can name, with its parameters")
    parser.add_argument("kind", nargs="?", choices=("codes", "decoders", "channels", "modulations"))
    add_plugin(parser)
    parser.set_defaults(run=list_names)
    parser = commands.add_parser("schema", help="print the JSON Schema of the configuration, for editors")
    parser.set_defaults(run=print_schema)


def print_schema(options: argparse.Namespace) -> int:
    """Print the schema."""
    from ...configuration.schema import configuration_schema

    print(json.dumps(configuration_schema(), indent=2))
    return 0


def list_names(options: argparse.Namespace) -> int:
    """Print a table for each kind."""
    from inspect import Parameter

    from rich.table import Table

    from ...registry import registry

    kinds: dict[str, registry.Registry[Any]] = {
        "codes": registry.codes,
        "decoders": registry.decoders,
        "channels": registry.channels,
        "modulations": registry.modulations,
    }
    for kind, known in kinds.items():
        if options.kind not in (None, kind):
            continue
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (kind, "parameters", "what it is"):
            table.add_column(heading, overflow="fold")
        for entry in known:
            texts = [
                name if parameter.default is Parameter.empty else f"{name}: {_plain(parameter.default)}"
                for name, parameter in entry.parameters.items()
            ]
            table.add_row(entry.name, ", ".join([*entry.sweepable, *texts]), entry.summary)
        print_table(table, width=120)
        if options.kind is None and kind != "modulations":
            print()
    return 0


def _plain(default: Any) -> str:
    shown = {"None": "-", "True": "true", "False": "false", "()": "[]"}
    text = printable(str(default), 60)
    return shown.get(text, text)
