"""``capgap merge``: put the shards of a sweep together."""

import argparse

from ..shared import Commands, add_plugin, tell_results


def add(commands: Commands) -> None:
    """Add ``capgap merge`` and its options."""
    parser = commands.add_parser("merge", help="put the shards of a sweep together")
    parser.add_argument("folders", nargs="+", metavar="DIR", help="results of runs with --shard")
    parser.add_argument(
        "--out", metavar="DIR", help="the results folder to make (default: the one that holds the shards)"
    )
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Merge the shards."""
    from ...running.runner import merge

    tell_results("merged", merge(options.folders, options.out))
    return 0
