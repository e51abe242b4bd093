"""``capgap limits --ensemble``: how much noise decoders of an ensemble of LDPC codes bear."""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..shared import print_table

if TYPE_CHECKING:
    from ....bounds.ensembles.degrees import Ensemble
    from ....bounds.ensembles.protograph import Protograph
    from ....bounds.ensembles.thresholds import Algorithm, Threshold
    from ....channels.models.channel import Signal
    from ....channels.models.model import ChannelModel

    Found = Sequence[tuple[Algorithm, Threshold | str]]

#: The channels of which thresholds are told where none is named.
USUAL = ("bec", "bsc", "awgn")
#: The lengths whose base matrices stand for a standard's rate: those of its longest codes.
LONGEST = {"wimax": 2304, "wifi": 1944}


def print_thresholds(options: argparse.Namespace) -> int:
    """Print the thresholds over each channel, as tables or as JSON."""
    from ....bounds.ensembles.thresholds import ALGORITHMS, algorithms_of, threshold
    from ...configuration.key_values import parameters_of
    from ...theory.channel_limits import named_channel

    if options.at is not None or options.n is not None or options.rate or options.modulation is not None:
        raise InputError("an ensemble has a rate: leave out --rate, --at, -n, --fer and --modulation")
    if not (0 < options.scale <= 1 and 0 <= options.offset <= 100):
        raise InputError("--scale must lie in (0, 1], and --offset in 0 to 100")
    text, ensemble = named_ensemble(options.ensemble)
    if not 0 < ensemble.rate < 1:
        raise InputError(f"the design rate of {text} is {ensemble.rate:.6g}, and must lie in (0, 1)")
    written = [word for word in options.what if "=" in word]
    names = [word for word in options.what if word not in written] or list(USUAL)
    if written and len(names) != 1:
        raise InputError("parameters follow the name of one channel")
    unknown = [name for name in options.algorithm if name not in ALGORITHMS]
    if unknown:
        raise InputError(f"there is no algorithm '{unknown[0]}'. Known: {', '.join(ALGORITHMS)}")
    data = []
    for name in names:
        # BPSK is what all bits are sent with over awgn
        channel = named_channel("awgn" if name == "bpsk" else name, parameters_of(written), esno=options.esno)
        model = replace(channel.model, rate=ensemble.rate)
        known = algorithms_of(ensemble, model)
        if not known:
            raise InputError(
                "thresholds are known over bec, bsc, awgn, other channels of bits with a law, and fading "
                f"with another gain for each symbol, not over {channel.text}"
            )
        found: list[tuple[Algorithm, Threshold | str]] = []
        for algorithm in options.algorithm or known:
            told = {"scale": options.scale, "offset": options.offset} if algorithm == "min-sum" else {}
            try:
                found.append((algorithm, threshold(ensemble, model, algorithm, **told)))
            except ValueError as error:
                if algorithm in options.algorithm:
                    raise InputError(f"{channel.text}: {error}") from None
                found.append((algorithm, str(error)))
        if options.json:
            data.append(_as_dict(text, channel.text, model, found, options))
        else:
            _print(text, channel.text, model, found, options)
    if options.json:
        print(json.dumps(data[0] if len(data) == 1 else data))
    return 0


def named_ensemble(given: str) -> "tuple[str, Ensemble | Protograph]":
    """An ensemble and its text, from the option's.

    That is degrees or a protograph, a code by name and parameters (``ldpc standard=wimax n=576 rate=1/2``), a
    standard and its rate (``wimax,1/2``), the file of a matrix, or one with the rows of a base matrix. Raises
    InputError for what is none of these.
    """
    from ....bounds.ensembles.degrees import Ensemble
    from ....bounds.ensembles.protograph import Protograph

    text = given.strip()
    try:
        if text.startswith(("protograph", "coupled")):
            found = Protograph.from_text(text)
            return text if len(text) < 40 else found.text, found
        if ":" in text or text[:1].isdigit():
            ensemble = Ensemble.from_text(text)
            return ensemble.text, ensemble
    except ValueError as error:
        raise InputError(f"--ensemble: {error}") from None
    if Path(text).is_file():
        return Path(text).name, _of_file(Path(text))
    words = text.split()
    name, *rest = (word.strip() for word in text.split(","))
    if len(words) == 1 and rest:
        words = _standard(name, rest)
    return _of_code(words)


def _standard(name: str, rest: Sequence[str]) -> list[str]:
    """The words of a code of a standard, from its name, rate and perhaps length."""
    lengths = [word for word in rest if word.isdigit()]
    rates = [word for word in rest if word not in lengths]
    words = ["ldpc", f"standard={name}", *(f"rate={rate}" for rate in rates[:1])]
    if len(lengths) > 1 or len(rates) > 1:
        raise InputError(f"--ensemble: a standard is written wimax,1/2 or wimax,1/2,576, got {name},{rest}")
    length = lengths[0] if lengths else LONGEST.get(name)
    return [*words, *([f"n={length}"] if length is not None else [])]


def _of_code(words: Sequence[str]) -> "tuple[str, Ensemble | Protograph]":
    from ...configuration.named_codes import NamedCode, named_codes
    from ...theory.ensembles import ensemble_of_code

    try:
        (named,) = named_codes(words)
        if not isinstance(named, NamedCode):
            raise InputError(f"--ensemble: {named.text} is a modulation")
        return named.text, ensemble_of_code(named.code)
    except ValueError as error:
        raise InputError(f"--ensemble: {error}") from None


def _of_file(path: Path) -> "Ensemble | Protograph":
    """The ensemble of a matrix file, or the protograph whose rows a file has."""
    from ....bounds.ensembles.protograph import Protograph
    from ....codes import LDPCCode
    from ....codes.matrix_files.text import MatrixFileError
    from ...text_files import read_text
    from ...theory.ensembles import ensemble_of_code

    try:
        lines = [line.partition("#")[0].strip() for line in read_text(path, 1_000_000).splitlines()]
        rows = [line for line in lines if line and not line.startswith("punctured")]
        hidden = [line for line in lines if line.startswith("punctured")]
        return Protograph.from_text("; ".join([f"protograph: {', '.join(rows)}", *hidden]))
    except (ValueError, OSError) as error:
        of_rows = error
    try:
        return ensemble_of_code(LDPCCode.from_file(path))
    except (MatrixFileError, ValueError) as error:
        raise InputError(f"{path}: as a matrix: {error}; as the rows of a protograph: {of_rows}") from None


def _in_sigma(model: "ChannelModel", value: float) -> float | None:
    """The deviation of the noise over awgn; None over other channels."""
    from ....channels import AWGN

    channel = model.at(value)
    return channel.sigma if isinstance(channel, AWGN) else None


def _capacities(model: "ChannelModel") -> list[tuple[str, float]]:
    """Shannon's limit of the rate, and that of BPSK where it is another one."""
    found: list[tuple[str, float]] = []
    signals: dict[str, Signal] = {"shannon": "gaussian"}
    signals |= {"bpsk": "bpsk"} if model.parameter.esno_shift is not None else {}
    for name, signal in signals.items():
        value = model.limit(signal=signal)
        if value is not None and math.isfinite(value):
            found.append((name, value))
    return found


def _as_dict(
    text: str, channel: str, model: "ChannelModel", found: "Found", options: argparse.Namespace
) -> dict[str, Any]:
    from ....bounds.ensembles.thresholds import ALGORITHMS

    bounds: list[dict[str, Any]] = []
    for algorithm, each in found:
        entry: dict[str, Any] = {
            "name": "threshold",
            "kind": "threshold",
            "algorithm": algorithm,
            "rate": model.rate,
        }
        if isinstance(each, str):
            entry |= {"value": None, "error": each}
        else:
            entry |= {"value": each.value, "limited_by": each.limited_by, "method": each.method}
            sigma = _in_sigma(model, each.value)
            entry |= {} if sigma is None else {"sigma": sigma}
        if algorithm == "min-sum":
            entry |= {"scale": options.scale, "offset": options.offset}
        entry |= {"source": ALGORITHMS[algorithm]} if options.explain else {}
        bounds.append(entry)
    for name, value in _capacities(model):
        bounds.append({"name": name, "kind": "capacity", "rate": model.rate, "value": value})
    return {
        "channel": channel,
        "parameter": model.parameter.name,
        "ensemble": text,
        "rate": model.rate,
        "bounds": bounds,
    }


def _print(
    text: str, channel: str, model: "ChannelModel", found: "Found", options: argparse.Namespace
) -> None:
    from rich.table import Table

    from ....bounds.ensembles.thresholds import ALGORITHMS

    print(f"{text} over {channel}, design rate {model.rate:.6g}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("threshold of", "limit", "by", "decided by"):
        table.add_column(heading)
    for algorithm, each in found:
        name: str = algorithm
        if algorithm == "min-sum" and options.scale != 1:
            name += f", scale {options.scale:g}"
        if algorithm == "min-sum" and options.offset:
            name += f", offset {options.offset:g}"
        if isinstance(each, str):
            table.add_row(name, f"none: {each}", "", "")
        else:
            table.add_row(name, _shown(model, each.value), each.method, each.limited_by)
    for name, value in _capacities(model):
        table.add_row(
            {"shannon": "any code (Shannon limit)", "bpsk": "any code with BPSK"}[name],
            _shown(model, value),
            "capacity",
            "",
        )
    print_table(table)
    if options.explain:
        for algorithm, _ in found:
            print(f"{algorithm}: {ALGORITHMS[algorithm]}")


def _shown(model: "ChannelModel", value: float) -> str:
    parameter = model.parameter
    if not parameter.decibels:
        return f"{parameter.name} = {value:.5g}"
    sigma = _in_sigma(model, value)
    more = "" if sigma is None else f", sigma = {sigma:.4f}"
    return f"{parameter.symbol} = {parameter.shown(value, '.3f')}{more}"
