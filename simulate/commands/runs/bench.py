"""``capgap bench``: how fast links run here."""

import argparse
import sys

from ..shared import Commands, whole


def add(commands: Commands) -> None:
    """Add ``capgap bench`` and its options."""
    parser = commands.add_parser("bench", help="how fast links run here, from end to end")
    parser.add_argument(
        "--link",
        action="append",
        dest="links",
        metavar="NAME",
        help="a link to measure (default: eight of them)",
    )
    parser.add_argument(
        "--family",
        action="append",
        default=[],
        dest="families",
        metavar="NAME",
        help="the links of a family of codes, such as ldpc",
    )
    parser.add_argument("--all", action="store_true", dest="everything", help="all links that there are")
    parser.add_argument(
        "--seconds", type=float, default=3.0, metavar="S", help="how long each is measured (default: 3)"
    )
    parser.add_argument("--workers", type=whole, default=1, metavar="N", help="threads (default: 1)")
    parser.add_argument("--json", metavar="FILE", help="write the result, also for a later --vs")
    parser.add_argument("--vs", metavar="RESULT", help="an earlier result to compare with")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure the links."""
    from ...bench.measure import benchmark
    from ...engine.malloc import settle_memory

    settle_memory()
    benchmark(
        options.links,
        families=options.families,
        everything=options.everything,
        seconds=options.seconds,
        workers=options.workers,
        json=options.json,
        vs=options.vs,
        show=lambda text: print(text, flush=True),
        tell=lambda text: print(f"capgap: {text}", file=sys.stderr, flush=True),
    )
    return 0
