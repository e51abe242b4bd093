"""``capgap schema``: the JSON Schema of the configuration."""

import argparse
import json

from .shared import Commands


def add(commands: Commands) -> None:
    """Add ``capgap schema``, which has no options."""
    parser = commands.add_parser("schema", help="print the JSON Schema of the configuration, for editors")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    from ..configuration.schema import configuration_schema

    print(json.dumps(configuration_schema(), indent=2))
    return 0
