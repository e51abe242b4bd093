"""``capgap plot``: draw results."""

import argparse

from ..shared import Commands, add_plugin


def add(commands: Commands) -> None:
    """Add ``capgap plot`` and its options."""
    parser = commands.add_parser("plot", help="draw results, of several runs in one figure if you like")
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    parser.add_argument("-o", "--output", metavar="FILE", help="the figure; its ending chooses the format")
    parser.add_argument(
        "--limits", metavar="NAMES", help="limits to draw, such as shannon,rate-distortion; or none"
    )
    parser.add_argument("--theme", choices=("light", "dark"), help="by default as configured")
    parser.add_argument("--y", metavar="NAMES", help="panels, such as ber,fer,iterations,throughput")
    parser.add_argument(
        "--kinds",
        metavar="NAMES",
        help="figures: error-rates,capacity-plane,spectral-efficiency,exit,polarization,constellation",
    )
    at = parser.add_mutually_exclusive_group()
    for measure in ("fer", "ber"):
        at.add_argument(
            f"--{measure}",
            type=float,
            metavar="RATE",
            help="the error rate at which capacity-plane and spectral-efficiency show codes",
        )
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw the figures, and print where they are."""
    from ...figures import plot

    names = ("limits", "y", "kinds")
    shown = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    chosen = {name: [] if text == "none" else text.split(",") for name, text in shown.items()}
    rates = ((measure, getattr(options, measure)) for measure in ("fer", "ber"))
    at = next(((measure, rate) for measure, rate in rates if rate is not None), None)
    for file in plot(options.results, options.output, theme=options.theme, at=at, **chosen):
        print(file)
    return 0
