"""``capgap design``: degrees of LDPC codes for a channel and a rate."""

import argparse
import json

from ...errors import InputError
from ..shared import Commands, whole

#: Thresholds of designs are told to so much, in dB or 10 log10 of epsilon.
TOLERANCE = 2e-3


def add(commands: Commands) -> None:
    """Add ``capgap design`` and its options."""
    parser = commands.add_parser(
        "design", help="degrees of LDPC codes for a channel and a rate, by linear programming"
    )
    parser.add_argument("channel", metavar="CHANNEL", help="bec or awgn")
    parser.add_argument("--rate", required=True, metavar="R", help="the design rate, such as 1/2")
    parser.add_argument(
        "--most-degree",
        type=whole,
        default=10,
        metavar="D",
        help="the greatest degree of a variable (default: 10)",
    )
    parser.add_argument(
        "--check-degree",
        type=float,
        metavar="D",
        help="the mean degree of checks, over edges, such as 6 or 7.5 (default: the best one)",
    )
    parser.add_argument(
        "--method",
        choices=("exit", "gaussian-approximation"),
        help="what the program takes for messages over awgn (default: exit)",
    )
    parser.add_argument("--esno", action="store_true", help="Es/N0 in place of Eb/N0")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print an ensemble with its threshold, as a configuration has it or as JSON."""
    from dataclasses import replace

    from ....bounds.ensembles.design import design
    from ....bounds.ensembles.thresholds import threshold
    from ...theory.channel_limits import named_channel
    from ...theory.limits import parse_rate

    rate = parse_rate(options.rate)
    name = "awgn" if options.channel == "bpsk" else options.channel
    if name not in ("bec", "awgn"):
        raise InputError(f"degrees are designed for bec and awgn, not for {options.channel}")
    channel = named_channel(name, {}, esno=options.esno)
    try:
        found = design(
            channel.model,
            rate,
            options.most_degree,
            check_degree=options.check_degree,
            method=options.method,
        )
        reached = threshold(found.ensemble, channel.model, tolerance=TOLERANCE)
    except ValueError as error:
        raise InputError(str(error)) from None
    model = replace(channel.model, rate=found.ensemble.rate)
    limit = model.limit(signal="gaussian" if name == "bec" else "bpsk")
    ensemble, parameter = found.ensemble, model.parameter
    if options.json:
        data = {
            "channel": name,
            "parameter": parameter.name,
            "rate": ensemble.rate,
            "ensemble": ensemble.text,
            "lambda": dict(ensemble.variables),
            "rho": dict(ensemble.checks),
            "bounds": [
                {"name": "threshold", "kind": "threshold", "value": reached.value, "method": reached.method},
                {"name": "design", "kind": "threshold", "value": found.value, "method": found.method},
                {"name": "capacity", "kind": "capacity", "value": limit},
            ],
        }
        print(json.dumps(data))
        return 0
    digits = ".3f" if parameter.decibels else ".5f"
    print(ensemble.text)
    print(f"design rate {ensemble.rate:.6g}")
    print(f"threshold {parameter.symbol} = {parameter.shown(reached.value, digits)}, by {reached.method}")
    print(f"the program's threshold is {parameter.shown(found.value, digits)}, by {found.method}")
    if limit is not None:
        print(f"any code{' with BPSK' if name == 'awgn' else ''}: {parameter.shown(limit, digits)}")
    return 0
