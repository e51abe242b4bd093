"""The command line: ``capgap run`` and the commands around it.

Exit status: 0 done, 1 a check that failed or results that differ, 2 bad input or output that cannot be
written, 130 after Ctrl-C with the work so far saved,
141 if whoever reads the output leaves, as with ``| head -1``.
"""

import _thread
import argparse
import atexit
import contextlib
import gc
import io
import json
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, printable

if TYPE_CHECKING:
    from types import FrameType

    from ..results.rows import Results
    from ..theory.limits import Limit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if arguments is None:
        _own_process()
    status = _status(arguments)
    if arguments is None and any(thread.name.startswith("capgap-") for thread in threading.enumerate()):
        # A block was given up that may run for ever, in compiled code that must not be unloaded under it.
        os._exit(status)
    return status


def _status(arguments: Sequence[str] | None) -> int:
    try:
        try:
            status = _dispatch(_parser().parse_args(arguments))
        except SystemExit:  # of --help and the like, which print too
            sys.stdout.flush()
            raise
        sys.stdout.flush()
        return status
    except InputError as error:
        _complain(error, str(error))
        return 2
    except KeyboardInterrupt as error:
        _complain(error, "interrupted")
        return 130
    except BrokenPipeError:  # whoever read our output has left
        return 141
    except BaseException as error:
        from ..failures import told, user_frame

        if place := user_frame(error):
            _complain(error, f"{place}: the plugin fails: {told(error)}")
            return 2
        if isinstance(error, OSError):
            _complain(error, f"{error.filename or 'the output cannot be written'}: {error.strerror or error}")
            return 2
        if isinstance(error, Exception) and _interrupted:
            # Some modules, when interrupted while they are imported, say that they cannot be.
            _complain(error, "interrupted")
            return 130
        raise  # a defect of ours, or argparse that has said what is wrong
    finally:
        _settle_output()
        if arguments is None and signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing left to save


#: Whether Ctrl-C was pressed.
_interrupted = False


def _own_process() -> None:
    """Set up what belongs to a process of our own, and not to a program that calls ``main``."""
    from ..engine.malloc import keep_freed_memory

    keep_freed_memory()
    # What is imported stays, and looking for garbage in it takes long.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
    warnings.formatwarning = _warning
    # Streams that are closed are as /dev/null, and no file of ours gets their numbers.
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # labels may have any letters
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_DFL):  # not ignored
        signal.signal(signal.SIGINT, _interrupt)
        sys.unraisablehook = _unraisable


def _interrupt(number: int, frame: "FrameType | None") -> None:
    """Ctrl-C, which is remembered: see ``main``."""
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt


def _unraisable(problem: "sys.UnraisableHookArgs") -> None:
    """A Ctrl-C that came where Python drops exceptions, as in a weak reference's callback, comes again."""
    if problem.exc_type is KeyboardInterrupt:
        again = threading.Timer(0.01, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(problem)


def _complain(error: BaseException, message: str) -> None:
    """A message, and what notes of the exception add, on standard error if that can still be written."""
    lines = [*message.splitlines(), *getattr(error, "__notes__", ())]
    with contextlib.suppress(OSError):
        print("\n".join(f"capgap: {line}" for line in lines), file=sys.stderr, flush=True)


def _settle_output() -> None:
    """Keep Python from complaining at its exit about output that cannot be written, which was told."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """A warning of capgap's own in one line, without the place in the code; others as Python tells them."""
    if category.__module__.startswith("capgap."):
        return f"capgap: {message}\n"
    return _AS_PYTHON_DOES(message, category, filename, lineno, line)


_AS_PYTHON_DOES = warnings.formatwarning


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="capgap",
        description="Simulate error-correcting codes over noisy channels, against the limits of Shannon.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="simulate configurations, continuing what is there")
    run.add_argument("configs", nargs="+", metavar="CONFIG", help="a YAML file")
    run.add_argument(
        "--out",
        metavar="DIR",
        help="the results folder instead of results/<name>; with several configurations, the folder "
        "in which each gets one of its name",
    )
    run.add_argument("--workers", type=_whole, metavar="N", help="threads (default: all cores)")
    run.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="compute on the workers of a Dask scheduler; local:N starts N processes here",
    )
    run.add_argument(
        "--shard", metavar="I/N", help="only the I-th of N parts, to be put together by 'capgap merge'"
    )
    run.add_argument("--seed", type=_whole, metavar="S", help="replaces the configuration's seed")
    run.add_argument(
        "--set",
        action="append",
        default=[],
        dest="changes",
        metavar="KEY=VALUE",
        help="replaces a value, as in stop.frame_errors=50 or curves.0.code.r=4",
    )
    run.add_argument("--quiet", action="store_true", help="show no progress")
    _add_plugin(run)

    merge = commands.add_parser("merge", help="put the shards of a sweep together")
    merge.add_argument("folders", nargs="+", metavar="DIR", help="results of runs with --shard")
    merge.add_argument(
        "--out", metavar="DIR", help="the results folder to make (default: the one that holds the shards)"
    )
    _add_plugin(merge)

    gaps = commands.add_parser(
        "gaps", help="how far curves are from the Shannon limit, BPSK's and their length's"
    )
    gaps.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    for measure, usual in (("fer", "1e-3"), ("ber", "1e-5")):
        gaps.add_argument(
            f"--{measure}",
            type=float,
            action="append",
            default=[],
            metavar="RATE",
            help=f"an error rate to compare at (if none is given: {usual}, where the configuration's figures "
            f"show the {measure.upper()})",
        )
    gaps.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="draw the gap to the BPSK limit, where there is one, else to Shannon's, over the block length",
    )
    _add_plugin(gaps)

    plot = commands.add_parser("plot", help="draw results, of several runs in one figure if you like")
    plot.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    plot.add_argument("-o", "--output", metavar="FILE", help="the figure; its ending chooses the format")
    plot.add_argument(
        "--limits", metavar="NAMES", help="limits to draw, such as shannon,rate-distortion; or none"
    )
    plot.add_argument("--theme", choices=("light", "dark"), help="by default as configured")
    plot.add_argument("--y", metavar="NAMES", help="panels, such as ber,fer,iterations,throughput")
    plot.add_argument(
        "--kinds",
        metavar="NAMES",
        help="figures, such as error-rates,capacity-plane,spectral-efficiency,exit",
    )
    at = plot.add_mutually_exclusive_group()
    for measure in ("fer", "ber"):
        at.add_argument(
            f"--{measure}",
            type=float,
            metavar="RATE",
            help="the error rate at which capacity-plane and spectral-efficiency show codes",
        )
    _add_plugin(plot)

    report = commands.add_parser("report", help="one HTML file of results, with interactive curves")
    report.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    report.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="the report (default: report.html in the results folder; of several, capgap-report.html)",
    )
    _add_plugin(report)

    compare = commands.add_parser(
        "compare", help="where two results, or a reference curve, differ beyond chance"
    )
    for side in ("A", "B"):
        compare.add_argument(
            side.lower(), metavar=side, help="a results folder, its results.csv, or a CSV file with counts"
        )
    compare.add_argument(
        "--curve",
        action="append",
        dest="curves",
        metavar="LABEL",
        help="a curve to compare, as LABEL or LABEL=LABEL_IN_B (default: those of the same label)",
    )
    compare.add_argument(
        "--significance",
        type=float,
        default=0.01,
        metavar="P",
        help="probability of finding a difference where there is none (default: 0.01)",
    )
    figure = compare.add_mutually_exclusive_group()
    figure.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="comparison.png",
        help="the figure of both (default: comparison.png); its ending chooses the format",
    )
    figure.add_argument("--no-figure", action="store_true", help="draw nothing")
    compare.add_argument("--json", action="store_true", help="print JSON")
    _add_plugin(compare)

    replay = commands.add_parser("replay", help="frames of a point made again, and what became of them")
    replay.add_argument("results", metavar="RESULTS", help="a results folder")
    replay.add_argument("--curve", required=True, metavar="LABEL", help="the curve's label")
    replay.add_argument(
        "--at", required=True, type=float, metavar="VALUE", help="the channel parameter's value"
    )
    which = replay.add_mutually_exclusive_group()
    which.add_argument("--frame", type=_whole, metavar="N", help="this frame; the first is 0")
    which.add_argument("--failed", type=_whole, metavar="K", help="the first K wrong frames (default: 1)")
    replay.add_argument("--save", metavar="FILE", help="write the frames as npz")
    replay.add_argument("--json", action="store_true", help="print JSON")
    _add_plugin(replay)

    limits = commands.add_parser(
        "limits", help="what capacity and block length allow, for a rate or at a value"
    )
    limits.add_argument(
        "what",
        nargs="*",
        metavar="CHANNEL|RATE",
        help="bsc, bec, awgn or bpsk (default: all); rates such as 1/2",
    )
    limits.add_argument("--rate", action="append", default=[], metavar="R", help="a rate, such as 0.5 or 4/7")
    limits.add_argument(
        "--at",
        type=_values,
        action="extend",
        metavar="VALUES",
        help="the channel's value, or several with commas: gives the rate instead",
    )
    limits.add_argument("--esno", action="store_true", help="Es/N0 in place of Eb/N0")
    limits.add_argument(
        "-n", type=_whole, metavar="N", help="a block length: bounds on codes of that length, with --fer"
    )
    limits.add_argument("--fer", type=float, metavar="E", help="the frame error rate, with -n")
    limits.add_argument(
        "--bound",
        action="append",
        default=[],
        dest="bounds",
        metavar="NAME",
        help="only this bound, such as converse, rcu or normal-approximation (default: all there are)",
    )
    limits.add_argument("--explain", action="store_true", help="say where each formula is from")
    limits.add_argument("--json", action="store_true", help="print JSON")

    listing = commands.add_parser("list", help="what a configuration can name, with its parameters")
    listing.add_argument("kind", nargs="?", choices=("codes", "decoders", "channels"))
    _add_plugin(listing)

    check = commands.add_parser("check", help="test that a code, decoder or channel keeps the contract")
    check.add_argument("name", nargs="?", metavar="NAME", help="a registered name")
    check.add_argument(
        "--with",
        action="extend",
        nargs="+",
        default=[],
        dest="parameters",
        metavar="KEY=VALUE",
        help="parameters, as in r=3; for a decoder, its code too, as code.type=hamming code.r=3",
    )
    _add_plugin(check)

    bench = commands.add_parser("bench", help="how fast links run here, from end to end")
    bench.add_argument(
        "--link", action="append", dest="links", metavar="NAME", help="a link to measure (default: all)"
    )
    bench.add_argument(
        "--seconds", type=float, default=3.0, metavar="S", help="how long each is measured (default: 3)"
    )
    bench.add_argument("--workers", type=_whole, default=1, metavar="N", help="threads (default: 1)")
    bench.add_argument("--json", metavar="FILE", help="write the result, also for a later --vs")
    bench.add_argument("--vs", metavar="RESULT", help="an earlier result to compare with")

    commands.add_parser("schema", help="print the JSON Schema of the configuration, for editors")
    return parser


def _whole(text: str) -> int:
    """A whole number, such as 1000 or 1e3."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = 0.5
    if not number.is_integer():
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text[:40]!r}")
    return int(number)


def _values(text: str) -> list[float]:
    """Numbers with commas between them."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number, or several with commas between them, got {text[:40]!r}"
        ) from None


class _Parser(argparse.ArgumentParser):
    """Tells where its help cannot be written, which argparse passes over."""

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="", file=sys.stdout if file is None else file)


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"capgap {version('capgap')}")
        parser.exit()


def _add_plugin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plugin",
        action="append",
        default=[],
        dest="plugins",
        metavar="FILE",
        help="a Python file or module that registers codes, decoders or channels",
    )


def _dispatch(options: argparse.Namespace) -> int:
    commands = {
        "run": _run,
        "merge": _merge,
        "plot": _plot,
        "gaps": _gaps,
        "report": _report,
        "compare": _compare,
        "replay": _replay,
        "limits": _limits,
        "list": _list,
        "check": _check,
        "bench": _bench,
        "schema": _schema,
    }
    for plugin in getattr(options, "plugins", []):
        from ..registry.plugins import load_plugin

        load_plugin(plugin)
    return commands[options.command](options)


def _run(options: argparse.Namespace) -> int:
    from ..configuration.load import load_config
    from ..running.runner import results_folder, run
    from ..running.shards import Shard

    # All configurations are checked before the first is run.
    changes = tuple(options.changes)
    configs = [load_config(config, seed=options.seed, changes=changes) for config in options.configs]
    names = [config.name for config in configs]
    repeated = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if repeated is not None:
        raise InputError(f"two configurations have the name '{repeated}' and would share a results folder")
    part = None if options.shard is None else Shard.parse(options.shard)
    for config in configs:
        folder = results_folder(config, part) if options.out is None else Path(options.out)
        if options.out is not None and len(configs) > 1:
            folder /= config.name
        try:
            results = run(
                config,
                out=folder,
                workers=options.workers,
                cluster=options.cluster,
                shard=options.shard,
                quiet=options.quiet,
            )
        except KeyboardInterrupt as error:
            _complain(error, f"interrupted; what was done is kept in {folder}, the same command goes on")
            return 130
        _tell(config.name, results)
    return 0


def _merge(options: argparse.Namespace) -> int:
    from ..running.runner import merge

    _tell("merged", merge(options.folders, options.out))
    return 0


def _tell(name: str, results: "Results") -> None:
    """What came out of a run."""
    print(f"{name}: {len(results)} point{'s' * (len(results) != 1)} in {results.folder}")
    for crossing in results.crossings:
        print(f"  {crossing}")
    for note in results.notes:
        print(f"  {note}")
    for warning in results.warnings:
        print(f"capgap: warning: {warning}", file=sys.stderr)


def _plot(options: argparse.Namespace) -> int:
    from ..figures import plot

    names = ("limits", "y", "kinds")
    shown = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    chosen = {name: [] if text == "none" else text.split(",") for name, text in shown.items()}
    rates = ((measure, getattr(options, measure)) for measure in ("fer", "ber"))
    at = next(((measure, rate) for measure, rate in rates if rate is not None), None)
    for file in plot(options.results, options.output, theme=options.theme, at=at, **chosen):
        print(file)
    return 0


def _report(options: argparse.Namespace) -> int:
    from ..reports.html_report import report

    print(report(options.results, options.output))
    return 0


def _gaps(options: argparse.Namespace) -> int:
    from ..analysis.gap_summary import gap_table, summarise
    from ..statistics.stop_rules import error_rate

    given = [("fer", rate) for rate in options.fer] + [("ber", rate) for rate in options.ber]
    for measure, rate in given:
        error_rate(measure, rate)
    made = summarise(options.results, given or None)
    figure = None
    if options.output is not None:
        from ..figures import draw_gaps

        figure = draw_gaps([gap for _, gaps in made for gap in gaps], options.output)
    for file, gaps in made:
        _print(gap_table(gaps), width=150)
        print(file)
    if figure is not None:
        print(figure)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from .compare import compare

    found = compare(
        options.a,
        options.b,
        curves=options.curves,
        significance=options.significance,
        output=None if options.no_figure else options.output,
    )
    if options.json:
        print(json.dumps(found.as_dict()))
    else:
        print(found.heading())
        _print(found.table())
        print(found.summary())
        if not options.no_figure:
            print(options.output)
    return 1 if found.differ else 0


def _replay(options: argparse.Namespace) -> int:
    from ..analysis.frame_replay import replay

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
        _print(found.report(unicode=encoding.startswith("utf")))
    return 0


def _print(table: Any, width: int = 100) -> None:
    """Print something of rich's: as wide as the terminal, or, where there is none, as asked for."""
    from rich.console import Console

    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else width).print(table)


def _limits(options: argparse.Namespace) -> int:
    from ...bounds import BOUNDS
    from ..theory.limits import (
        CHANNELS,
        Limit,
        bound_at_value,
        bound_of_rate,
        check_block,
        limit_at_value,
        limit_of_rate,
        parse_rate,
    )

    channels = [word for word in options.what if word[:1].isalpha()]
    rates = [parse_rate(text) for text in [*(w for w in options.what if w not in channels), *options.rate]]
    if (options.at is None) == (not rates):
        raise InputError(
            "give rates, as in 'capgap limits 1/2', or a value, as in 'capgap limits bsc --at 0.11'"
        )
    if (options.n is None) != (options.fer is None):
        raise InputError("-n and --fer go together, as in 'capgap limits bsc --rate 0.5 -n 1000 --fer 1e-3'")
    if options.bounds and options.n is None:
        raise InputError("--bound needs a block length and an error probability: -n and --fer")
    names = tuple(dict.fromkeys(options.bounds))

    def of(channel: str, given: float) -> list[Limit]:
        """Limits of a rate, or, with --at, at a value."""
        if options.n is None:
            limit = limit_of_rate if options.at is None else limit_at_value
            return [limit(channel, given, esno=options.esno)]
        length = (options.n, options.fer)
        chosen = check_block(channel, *length, names)
        left_out = [] if names else [b.name for b in BOUNDS[channel].values() if b not in chosen]
        if left_out:
            print(
                f"capgap: n = {options.n} is too small for {', '.join(left_out)} on {channel}; available: "
                f"{', '.join(b.name for b in chosen)}",
                file=sys.stderr,
            )
        of_bound = bound_of_rate if options.at is None else bound_at_value
        return [of_bound(bound, given, *length, esno=options.esno) for bound in chosen]

    found: list[list[Limit]] = []
    if options.at is not None:
        if len(channels) != 1:
            raise InputError(f"--at needs one channel: {', '.join(CHANNELS)}")
        found += [of(channels[0], value) for value in options.at]
    else:
        for rate in rates:
            # Asked for all channels, those that cannot carry the rate are left out.
            chosen = channels or [name for name in CHANNELS if rate <= 1 or name == "awgn"]
            found += [of(channel, rate) for channel in chosen]
    if options.json:
        data = [_limits_as_dict(limits, options) for limits in found]
        print(json.dumps(data[0] if len(data) == 1 else data))
        return 0
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("rate", "channel", *(("bound", "kind") if options.n is not None else ()), "limit"):
        table.add_column(heading)
    display = {"ebno_db": "Eb/N0", "esno_db": "Es/N0"}
    for limit in (limit for limits in found for limit in limits):
        if limit.failure:
            text = f"failed: {limit.failure}"
        elif limit.value is None and limit.kind == "capacity":
            text = "none: the rate is reached only without noise"
        elif limit.value is None:
            text = "none: no channel is good enough for this bound"
        elif limit.parameter.endswith("_db"):
            text = f"{display[limit.parameter]} = {limit.value:.4f} dB"
        else:
            text = f"{limit.parameter} = {limit.value:.6g}"
        which: tuple[str, ...] = ()
        if options.n is not None:
            restriction = BOUNDS[limit.channel][limit.name].restriction
            which = (limit.name, f"{limit.kind}, {restriction}" if restriction else limit.kind)
        shown = "-" if limit.rate is None else f"{limit.rate:.6g}"
        table.add_row(shown, CHANNELS[limit.channel], *which, text)
    _print(table)
    if options.explain:
        for channel, name in dict.fromkeys(
            (limit.channel, limit.name) for limits in found for limit in limits
        ):
            print(f"{channel} {name}: {BOUNDS[channel][name].source}")
    return 0


def _limits_as_dict(limits: "list[Limit]", options: argparse.Namespace) -> dict[str, Any]:
    from ...bounds import BOUNDS

    data: dict[str, Any] = {"channel": limits[0].channel, "parameter": limits[0].parameter}
    if options.n is not None:
        data |= {"n": options.n, "fer": options.fer}
    data["bounds"] = []
    for limit in limits:
        bound = BOUNDS[limit.channel][limit.name]
        entry = {"name": limit.name, "kind": limit.kind, "rate": limit.rate, "value": limit.value}
        entry |= {"constraint": bound.constraint} if bound.constraint else {}
        entry |= {"error": limit.failure} if limit.failure else {}
        data["bounds"].append(entry | ({"source": bound.source} if options.explain else {}))
    return data


def _list(options: argparse.Namespace) -> int:
    from inspect import Parameter

    from rich.table import Table

    from ..registry import registry

    kinds = {"codes": registry.codes, "decoders": registry.decoders, "channels": registry.channels}
    for kind, known in kinds.items():
        if options.kind not in (None, kind):
            continue
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (kind, "parameters", "what it is"):
            table.add_column(heading, overflow="fold")
        for entry in known:  # type: ignore[attr-defined]
            texts = [
                name if parameter.default is Parameter.empty else f"{name}: {_plain(parameter.default)}"
                for name, parameter in entry.parameters.items()
            ]
            table.add_row(entry.name, ", ".join([*entry.sweepable, *texts]), entry.summary)
        _print(table, width=120)
        if options.kind is None and kind != "channels":
            print()
    return 0


def _plain(default: Any) -> str:
    shown = {"None": "-", "True": "true", "False": "false", "()": "[]"}
    text = printable(str(default), 60)
    return shown.get(text, text)


def _check(options: argparse.Namespace) -> int:
    from ..contract.check import check

    # The name may stand behind --with, which takes all that follows.
    names = [options.name, *(text for text in options.parameters if "=" not in text)]
    names = [name for name in names if name is not None]
    if len(names) != 1:
        raise InputError(
            "check takes one name, and parameters as --with KEY=VALUE, as in 'check hamming --with r=3'"
        )
    problems = check(names[0], [text for text in options.parameters if "=" in text])
    for problem in problems:
        print(f"{names[0]}: {problem}")
    if not problems:
        print(f"{names[0]}: keeps the contract")
    return 1 if problems else 0


def _bench(options: argparse.Namespace) -> int:
    from ..bench.measure import benchmark

    benchmark(
        options.links,
        seconds=options.seconds,
        workers=options.workers,
        json=options.json,
        vs=options.vs,
        show=lambda text: print(text, flush=True),
        tell=lambda text: print(f"capgap: {text}", file=sys.stderr, flush=True),
    )
    return 0


def _schema(options: argparse.Namespace) -> int:
    from ..configuration.schema import configuration_schema

    print(json.dumps(configuration_schema(), indent=2))
    return 0
