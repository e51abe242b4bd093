"""``capgap limits``: what capacity and block length allow, for a rate or at a value."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..shared import Commands, print_table, whole

if TYPE_CHECKING:
    from rich.table import Table

    from ....bounds import Bound
    from ...theory.channel_limits import NamedChannel
    from ...theory.limits import Limit


def add(commands: Commands) -> None:
    """Add ``capgap limits`` and its options."""
    parser = commands.add_parser(
        "limits", help="what capacity and block length allow, for a rate or at a value"
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="CHANNEL|RATE",
        help="bsc, bec, awgn or bpsk (default: all of these), qpsk, pam4 to pam64; any channel with its "
        "parameters, such as bsec epsilon=0.1 or rician k_factor_db=6; rates such as 1/2; with "
        "--modulation its parameters too",
    )
    parser.add_argument("--modulation", metavar="NAME", help="a modulation over awgn or fading, such as qam")
    parser.add_argument("--order", type=whole, metavar="M", help="with --modulation, its number of points")
    parser.add_argument("--labels", metavar="LABELS", help="with --modulation, such as gray or natural")
    parser.add_argument("--rate", action="append", default=[], metavar="R", help="a rate, such as 0.5 or 4/7")
    parser.add_argument(
        "--at",
        type=_values,
        action="extend",
        metavar="VALUES",
        help="the channel's value, or several with commas: gives the rate instead",
    )
    parser.add_argument("--esno", action="store_true", help="Es/N0 in place of Eb/N0")
    parser.add_argument(
        "-n",
        type=whole,
        metavar="N",
        help="a block length in channel uses: bounds on codes of that length, with --fer",
    )
    parser.add_argument("--fer", type=float, metavar="E", help="the frame error rate, with -n")
    parser.add_argument(
        "--bound",
        action="append",
        default=[],
        dest="bounds",
        metavar="NAME",
        help="only this bound, such as converse, rcu or normal-approximation (default: all there are)",
    )
    parser.add_argument(
        "--ensemble",
        metavar="ENSEMBLE",
        help="thresholds of LDPC codes: degrees such as 3,6 or 'lambda: 2=0.4 3=0.6; rho: 6=1'; 'protograph: "
        "1 1 1 0, 0 1 1 1; punctured: 0'; 'coupled: 3,6; length: 50'; a standard such as wimax,1/2; a code "
        "such as 'ldpc n=96 k=48 column_weight=3'; or a file",
    )
    parser.add_argument(
        "--algorithm",
        action="append",
        default=[],
        metavar="NAME",
        help="with --ensemble, only this decoder, such as sum-product or gallager-b (default: all there are)",
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="S", help="with --ensemble, the factor of min-sum"
    )
    parser.add_argument(
        "--offset", type=float, default=0.0, metavar="O", help="with --ensemble, the offset of min-sum"
    )
    parser.add_argument("--explain", action="store_true", help="say where each formula is from")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the limits, as a table or as JSON."""
    if options.ensemble is not None:
        from .thresholds import print_thresholds

        return print_thresholds(options)
    if options.algorithm or options.scale != 1 or options.offset != 0:
        raise InputError("--algorithm, --scale and --offset are those of an --ensemble")
    if options.modulation is not None:
        return _of_a_modulation(options)
    if options.order is not None or options.labels is not None:
        raise InputError("--order and --labels are those of a --modulation")
    if _is_general(options.what):
        return _of_a_channel(options)
    channels, rates = _asked_for(options)
    groups = _compute(options, channels, rates)
    if options.json:
        data = [_as_dict(limits, options) for limits in groups]
        print(json.dumps(data[0] if len(data) == 1 else data))
        return 0
    found = [limit for limits in groups for limit in limits]
    print_table(_table(found, bounds=options.n is not None))
    if options.explain:
        _print_sources(found)
    return 0


def _of_a_modulation(options: argparse.Namespace) -> int:
    """Print what capacity allows its points, for rates in information bits a sample or at values."""
    from ...configuration.key_values import parameters_of
    from ...configuration.named_codes import named_modulation
    from ...registry import registry
    from ...theory import channel_limits
    from ...theory.limits import parse_rate
    from ...theory.modulation_limits import modulation_limits_at_value, modulation_limits_of_rate

    _check_block(options)
    written = [word for word in options.what if "=" in word]
    channels = [word for word in options.what if word[:1].isalpha() and word not in written]
    if len(channels) > 1 or any(word != "awgn" and not _is_fading(word) for word in channels):
        named_ones = ", ".join(channels)
        raise InputError(f"limits of a modulation are known over awgn and over fading, not over {named_ones}")
    fading = next(filter(_is_fading, channels), None)
    known = () if fading is None else registry.channels.get(fading).parameters
    its = parameters_of([word for word in written if word.partition("=")[0].partition(".")[0] in known])
    given = {
        "type": options.modulation,
        **{name: value for name, value in parameters_of(written).items() if name not in its},
    }
    given |= {name: value for name in ("order", "labels") if (value := getattr(options, name)) is not None}
    rates = [word for word in options.what if word not in (*channels, *written)]
    if (options.at is None) == (not (rates or options.rate)):
        raise InputError(
            "give rates in information bits a sample, as in '--rate 2', or values, as in '--at 5'"
        )
    named = named_modulation(given)
    if options.n is not None:
        channel = channel_limits.named_channel(
            fading or "awgn", its, esno=options.esno, modulation=named.modulation
        )
        channel = replace(channel, text=named.text + ("" if fading is None else f" over {channel.text}"))
        _print_general(channel, _general(channel, [*rates, *options.rate], options.at, options), options)
        return 0
    over = None
    if fading is not None:
        over = channel_limits.named_channel(fading, its, esno=True, modulation=named.modulation)
    model = None if over is None else over.model
    told: dict[str, Any] = {"esno": options.esno, "over": model}
    if options.at is None:
        groups = [
            modulation_limits_of_rate(named.modulation, parse_rate(text), **told)
            for text in (*rates, *options.rate)
        ]
    else:
        groups = [modulation_limits_at_value(named.modulation, value, **told) for value in options.at]
    found = [limit for limits in groups for limit in limits]
    _print_modulated(named.text, "awgn" if over is None else over.text, found, options)
    if over is not None and not options.json and channel_limits.note(over):
        print(channel_limits.note(over))
    return 0


def _is_fading(word: str) -> bool:
    """Whether a word names a channel of fading."""
    from ....channels.models.fading import Fading
    from ...registry import registry

    make = registry.channels.get(word).make if word in registry.channels.names() else None
    return isinstance(make, type) and issubclass(make, Fading)


def _print_modulated(text: str, channel: str, found: "list[Limit]", options: argparse.Namespace) -> None:
    from rich.table import Table

    from ...theory.modulation_limits import SOURCES

    if options.json:
        limits = [{"name": each.name, "rate": each.rate, "value": each.value} for each in found]
        data = {"channel": channel, "modulation": text, "parameter": found[0].parameter, "limits": limits}
        print(json.dumps(data))
        return
    print(text if channel == "awgn" else f"{text} over {channel}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("bits a sample", "of", "limit"):
        table.add_column(heading)
    for limit in found:
        table.add_row("-" if limit.rate is None else f"{limit.rate:.6g}", limit.name, _in_words(limit))
    print_table(table)
    if options.explain:
        for name in dict.fromkeys(limit.name for limit in found):
            print(f"{name}: {SOURCES[name]}")


def _values(text: str) -> list[float]:
    """Numbers with commas between them."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number, or several with commas between them, got {text[:40]!r}"
        ) from None


def _asked_for(options: argparse.Namespace) -> tuple[list[str], list[float]]:
    """The channels and the rates; raises InputError if the options do not go together."""
    from ...theory.limits import parse_rate

    channels = [word for word in options.what if word[:1].isalpha()]
    rates = [parse_rate(text) for text in [*(w for w in options.what if w not in channels), *options.rate]]
    if (options.at is None) == (not rates):
        raise InputError(
            "give rates, as in 'capgap limits 1/2', or a value, as in 'capgap limits bsc --at 0.11'"
        )
    _check_block(options)
    return channels, rates


def _check_block(options: argparse.Namespace) -> None:
    """Raise InputError unless the options of bounds go together."""
    if (options.n is None) != (options.fer is None):
        raise InputError("-n and --fer go together, as in 'capgap limits bsc --rate 0.5 -n 1000 --fer 1e-3'")
    if options.bounds and options.n is None:
        raise InputError("--bound needs a block length and an error probability: -n and --fer")


def _is_general(words: Sequence[str]) -> bool:
    """Whether words name a channel of configurations that limits do not know by themselves, or parameters."""
    from ...registry import registry
    from ...theory.limits import DESCRIPTIONS

    names = [word for word in words if word[:1].isalpha() and "=" not in word]
    return any("=" in word for word in words) or any(
        name not in DESCRIPTIONS and name in registry.channels.names() for name in names
    )


def _of_a_channel(options: argparse.Namespace) -> int:
    """Print the limits of one channel by its name, with its parameters."""
    from ...configuration.key_values import parameters_of
    from ...theory.channel_limits import named_channel

    written = [word for word in options.what if "=" in word]
    names = [word for word in options.what if word[:1].isalpha() and word not in written]
    if len(names) != 1:
        raise InputError(
            "give one channel with its parameters, as in 'capgap limits bsec epsilon=0.1 --rate 1/2'"
        )
    rates = [word for word in options.what if word not in (*names, *written)]
    _check_block(options)
    channel = named_channel(names[0], parameters_of(written), esno=options.esno)
    values = options.at if channel.value is None else [*(options.at or []), channel.value]
    found = _general(channel, [*rates, *options.rate], values, options)
    _print_general(channel, found, options)
    return 0


def _general(
    channel: "NamedChannel", rates: Sequence[str], values: Sequence[float] | None, options: argparse.Namespace
) -> "list[tuple[Limit, Bound | None]]":
    """Limits of a channel for rates or at values, each with its bound, where it is one."""
    from ...theory.channel_limits import (
        bound_at_value,
        bound_of_rate,
        bounds_of,
        capacities_at_value,
        capacities_of_rate,
    )
    from ...theory.limits import parse_rate

    parameter = channel.model.parameter
    if (values is None) == (not rates):
        raise InputError(
            f"give rates, as in '--rate 1/2', or values of {parameter.name}, as in '--at 0.1'; the channel "
            f"is {channel.text}"
        )
    parsed = [parse_rate(text) for text in rates]
    if options.n is None:
        told = (
            [limit for rate in parsed for limit in capacities_of_rate(channel, rate)]
            if values is None
            else [limit for value in values for limit in capacities_at_value(channel, value)]
        )
        return [(limit, None) for limit in told]
    chosen = bounds_of(channel, options.n, options.fer, options.bounds)
    block = options.n, options.fer
    if values is None:
        return [(bound_of_rate(channel, bound, rate, *block), bound) for rate in parsed for bound in chosen]
    return [(bound_at_value(channel, bound, value, *block), bound) for value in values for bound in chosen]


def _print_general(
    channel: "NamedChannel", found: "list[tuple[Limit, Bound | None]]", options: argparse.Namespace
) -> None:
    from rich.table import Table

    from ...theory.channel_limits import note

    if options.json:
        data: dict[str, Any] = {"channel": channel.text, "parameter": channel.model.parameter.name}
        if options.n is not None:
            data |= {"n": options.n, "fer": options.fer}
        data["bounds"] = [_entry(limit, bound, options) for limit, bound in found]
        print(json.dumps(data))
        return
    print(channel.text)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("bits a use", *(("bound", "kind") if options.n is not None else ("of",)), "limit"):
        table.add_column(heading)
    for limit, bound in found:
        kind = [limit.kind] if options.n is not None else []
        if bound is not None and bound.restriction:
            kind = [f"{limit.kind}, {bound.restriction}"]
        rate = "-" if limit.rate is None else f"{limit.rate:.6g}"
        nowhere = limit.kind == "capacity" and limit.value is None
        words = "none: it carries this rate at no value" if nowhere else _in_words(limit)
        table.add_row(rate, limit.name, *kind, words)
    print_table(table)
    told = note(channel) if options.n is None else ""
    if told:
        print(told)
    if options.explain:
        for name, source in {bound.name: bound.source for _, bound in found if bound is not None}.items():
            print(f"{name}: {source}")


def _entry(limit: "Limit", bound: "Bound | None", options: argparse.Namespace) -> dict[str, Any]:
    """A limit in JSON."""
    entry = {"name": limit.name, "kind": limit.kind, "rate": limit.rate, "value": limit.value}
    entry |= {"constraint": bound.constraint} if bound is not None and bound.constraint else {}
    entry |= {"error": limit.failure} if limit.failure else {}
    return entry | ({"source": bound.source} if bound is not None and options.explain else {})


def _compute(
    options: argparse.Namespace, channels: Sequence[str], rates: Sequence[float]
) -> "list[list[Limit]]":
    """The limits of each channel and rate, or, with --at, of the channel at each value."""
    from ...theory.limits import CHANNELS, DESCRIPTIONS

    if options.at is not None:
        if len(channels) != 1:
            raise InputError(f"--at needs one channel: {', '.join(DESCRIPTIONS)}")
        return [_limits(options, channels[0], value) for value in options.at]
    # Asked for all channels, those that cannot carry the rate are left out.
    return [
        _limits(options, channel, rate)
        for rate in rates
        for channel in channels or [name for name in CHANNELS if rate <= 1 or name == "awgn"]
    ]


def _limits(options: argparse.Namespace, channel: str, given: float) -> "list[Limit]":
    """The capacity's limit, or, with -n, that of each bound, for a rate or, with --at, at a value."""
    from ...theory.limits import bound_at_value, bound_of_rate, check_block, limit_at_value, limit_of_rate

    if options.n is None:
        limit = limit_of_rate if options.at is None else limit_at_value
        return [limit(channel, given, esno=options.esno)]
    names = tuple(dict.fromkeys(options.bounds))
    chosen = check_block(channel, options.n, options.fer, names)
    if not names:
        _tell_left_out(options.n, channel, [bound.name for bound in chosen])
    of_bound = bound_of_rate if options.at is None else bound_at_value
    return [of_bound(bound, given, options.n, options.fer, esno=options.esno) for bound in chosen]


def _tell_left_out(n: int, channel: str, available: Sequence[str]) -> None:
    """Say which of the channel's bounds a block length is too small for."""
    from ....bounds import BOUNDS

    left_out = [bound.name for bound in BOUNDS[channel].values() if bound.name not in available]
    if left_out:
        print(
            f"capgap: n = {n} is too small for {', '.join(left_out)} on {channel}; available: "
            f"{', '.join(available)}",
            file=sys.stderr,
        )


def _table(found: "Iterable[Limit]", bounds: bool) -> "Table":
    """A table with a row for each limit, and with columns that name the bounds where there are such."""
    from rich.table import Table

    from ....bounds import BOUNDS
    from ...theory.limits import DESCRIPTIONS

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("rate", "channel", *(("bound", "kind") if bounds else ()), "limit"):
        table.add_column(heading)
    for limit in found:
        which: tuple[str, ...] = ()
        if bounds:
            restriction = BOUNDS[limit.channel][limit.name].restriction
            which = (limit.name, f"{limit.kind}, {restriction}" if restriction else limit.kind)
        rate = "-" if limit.rate is None else f"{limit.rate:.6g}"
        table.add_row(rate, DESCRIPTIONS[limit.channel], *which, _in_words(limit))
    return table


def _in_words(limit: "Limit") -> str:
    """The value of the channel's parameter, or why there is none."""
    from ....channels.parameter import parameter_named

    if limit.failure:
        return f"failed: {limit.failure}"
    if limit.value is None and limit.kind == "capacity":
        return "none: the rate is reached only without noise"
    if limit.value is None:
        return "none: no channel is good enough for this bound"
    parameter = parameter_named(limit.parameter)
    if parameter.decibels:
        return f"{parameter.symbol} = {parameter.shown(limit.value, '.4f')}"
    return f"{limit.parameter} = {limit.value:.6g}"


def _print_sources(found: "Iterable[Limit]") -> None:
    """Print where the formula of each bound is from."""
    from ...theory.limits import source_of

    for line in dict.fromkeys(f"{limit.channel} {limit.name}: {source_of(limit)}" for limit in found):
        print(line)


def _as_dict(limits: "list[Limit]", options: argparse.Namespace) -> dict[str, Any]:
    from ....bounds import BOUNDS
    from ...theory.limits import source_of

    data: dict[str, Any] = {"channel": limits[0].channel, "parameter": limits[0].parameter}
    if options.n is not None:
        data |= {"n": options.n, "fer": options.fer}
    data["bounds"] = []
    for limit in limits:
        entry = _entry(limit, BOUNDS.get(limit.channel, {}).get(limit.name), options)
        data["bounds"].append(entry | ({"source": source_of(limit)} if options.explain else {}))
    return data
