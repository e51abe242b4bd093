"""``capgap gaps``: how far curves are from the limits."""

import argparse

from ..shared import Commands, add_plugin, print_table


def add(commands: Commands) -> None:
    """Add ``capgap gaps`` and its options."""
    parser = commands.add_parser(
        "gaps", help="how far curves are from the Shannon limit, BPSK's and their length's"
    )
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    for measure, usual in (("fer", "1e-3"), ("ber", "1e-5")):
        parser.add_argument(
            f"--{measure}",
            type=float,
            action="append",
            default=[],
            metavar="RATE",
            help=f"an error rate to compare at (if none is given: {usual}, where the configuration's figures "
            f"show the {measure.upper()})",
        )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="draw the gap to the BPSK limit, where there is one, else to Shannon's, over the block length",
    )
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the gaps, and draw them if a figure is asked for."""
    from ...analysis.gap_summary import gap_table, summarise
    from ...statistics.stop_rules import error_rate

    given = [("fer", rate) for rate in options.fer] + [("ber", rate) for rate in options.ber]
    for measure, rate in given:
        error_rate(measure, rate)
    made = summarise(options.results, given or None)
    figure = None
    if options.output is not None:
        from ...figures import draw_gaps

        figure = draw_gaps([gap for _, gaps in made for gap in gaps], options.output)
    for file, gaps in made:
        print_table(gap_table(gaps), width=150)
        print(file)
    if figure is not None:
        print(figure)
    return 0
