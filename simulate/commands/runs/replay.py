"""``capgap replay``: frames of a point made again."""

import argparse
import json
import sys

from ..shared import Commands, add_plugin, print_table, whole


def add(commands: Commands) -> None:
    """Add ``capgap replay`` and its options."""
    parser = commands.add_parser("replay", help="frames of a point made again, and what became of them")
    parser.add_argument("results", metavar="RESULTS", help="a results folder")
    parser.add_argument("--curve", required=True, metavar="LABEL", help="the curve's label")
    parser.add_argument(
        "--at", required=True, type=float, metavar="VALUE", help="the channel parameter's value"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--frame", type=whole, metavar="N", help="this frame; the first is 0")
    which.add_argument("--failed", type=whole, metavar="K", help="the first K wrong frames (default: 1)")
    parser.add_argument("--save", metavar="FILE", help="write the frames as npz")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what became of the frames."""
    from ...analysis.frame_replay import replay

    found = replay(
        options.results,
        options.curve,
        options.at,
        frame=options.frame,
        failed=options.failed,
        save=options.save,
    )
    if options.json:
        print(json.dumps(found.as_dict()))
    else:
        encoding = (sys.stdout.encoding or "ascii").lower()
        print_table(found.report(unicode=encoding.startswith("utf")))
    return 0
