"""Whatever is given is read, or refused in words that say where: no traceback, no hang, nothing half-written.

Some 900 cases are tried, the same ones each time. ``CAPGAP_FUZZ=50 pytest tests/test_fuzzing.py`` tries
50 times as many of each kind, the first of which are the usual ones.
"""

import copy
import csv
import dataclasses
import functools
import io
import math
import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from capgap.codes import MatrixFileError, read_alist, read_matrix, read_quasi_cyclic, write_alist
from capgap.simulate import InputError, compare, load_config, load_results, merge, plot, replay, run
from capgap.simulate.configuration.config import Config
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.results.crossings import format_crossings
from capgap.simulate.results.rows import Results, Row, format_results, make_row
from capgap.simulate.statistics.tally import Tally

from tests.properties import given, settings, st

#: How many times the usual number of cases is tried.
FUZZ = int(os.environ.get("CAPGAP_FUZZ", "1"))
#: Seconds of processor time that one case may take, since others may use the machine too: the slowest takes about
#: two, and kernels are compiled before. And seconds by the clock, for what waits instead of working.
MOST_SECONDS, MOST_WAITING = 10.0, 120.0
#: Frames of a point, and points of a configuration, that are simulated.
FEW_FRAMES, FEW_POINTS = 50, 24


def cases(count: int) -> settings:
    """So many examples, times ``CAPGAP_FUZZ``."""
    return settings(max_examples=count * FUZZ)


class Late(BaseException):
    """Raised in a case that takes too long. No Exception, so that nothing takes it for a mistake."""


@contextmanager
def in_time() -> Iterator[None]:
    """Fail with the example if a case takes too long, where there are alarms (not on Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: Any) -> None:
        raise Late

    alarms = (
        (signal.SIGVTALRM, signal.ITIMER_VIRTUAL, MOST_SECONDS),
        (signal.SIGALRM, signal.ITIMER_REAL, MOST_WAITING),
    )
    before = [signal.signal(number, late) for number, _, _ in alarms]
    try:
        for _, timer, seconds in alarms:
            signal.setitimer(timer, seconds)
        yield
    except Late:
        # Not from Late: Hypothesis takes Exceptions only.
        raise AssertionError(
            f"this takes more than {MOST_SECONDS:g} s of work, or {MOST_WAITING:g} s in all"
        ) from None
    finally:
        for (number, timer, _), handler in zip(alarms, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def fit_to_print(error: Exception) -> None:
    """A message holds nothing that moves the cursor or cannot be encoded, and speaks of no Python objects."""
    assert str(error)
    for line in str(error).split("\n"):
        assert line.isprintable(), line
        assert len(line) < 2500, line
        assert not re.search(r"Traceback|<class|<function|object at 0x|\bpydantic\b|\bnumpy\b", line), line


def well_said(error: Exception, *places: str | Path) -> None:
    """A message has a line for each problem, which begins with a place and is fit to be printed."""
    fit_to_print(error)
    begins = "|".join(re.escape(str(place)) for place in places) or r"[^\s:]+"
    for line in str(error).split("\n"):
        assert re.match(rf"({begins})(:\d+)?: \S", line), line


# --- configurations ---

ABSURD = [10**400, -(10**400), 2**64, 2**63, 2**31, -(10**30), 3_000_000_000, 1e300, -1e300, 1e-200, 1e-320]
WORDS = ["awgn", "bsc", "bec", "ldpc", "hamming", "bp", "ml", "hard", "soft", "stop", "continue", "flooding"]
ODD_WORDS = [
    "\ud800",
    "a\rb",
    "a\nb",
    "\x00",
    "\x1b[2J",
    "\u2028",
    "[/x]",
    "$x$",
    "_",
    "../x",
    "{code.n}",
    "x" * 3000,
]
KEYS = [
    "sweep",
    "f",
    "seed",
    "n",
    "k",
    "standard",
    "rate",
    "puncture",
    "iterations",
    "x",
    "target",
    "floor",
    "without_errors",
    "stop",
]
KEYS += [
    "step",
    "start",
    "fer",
    "ber",
    "within",
    "channel",
    "decoder",
    "frames",
    "seconds",
    "bit_errors",
    "type",
]
KEYS += [
    "relative_error",
    "ebno_db",
    "esno_db",
    "snr_db",
    "epsilon",
    "plot",
    "y",
    "a\nb",
    "schedule",
    "offset",
]

NUMBERS = st.one_of(
    st.integers(-3, 24),
    st.sampled_from([0.0, -0.0, 0.001, 0.1, 0.25, 0.5, 1.0, 2.5, 99.9, 100.0, -100.0]),
    st.floats(-4, 8, width=16),
    st.sampled_from([*ABSURD, math.nan, math.inf, -math.inf]),
)
TARGETS = st.dictionaries(st.sampled_from(["fer", "ber", "within", "x"]), NUMBERS, max_size=3)
RANGES = st.dictionaries(st.sampled_from(["start", "stop", "step", "type"]), NUMBERS, max_size=4)
STOPS = st.dictionaries(
    st.sampled_from(
        [
            "frames",
            "frame_errors",
            "bit_errors",
            "relative_error",
            "seconds",
            "floor",
            "without_errors",
            "target",
        ]
    ),
    st.one_of(NUMBERS, st.sampled_from(["stop", "continue"]), TARGETS),
    max_size=4,
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    NUMBERS,
    st.text(max_size=5),
    st.sampled_from(WORDS),
    st.sampled_from(ODD_WORDS),
    st.lists(NUMBERS, max_size=4),
    st.lists(st.lists(st.integers(0, 2), max_size=4), max_size=3),
    TARGETS,
    RANGES,
    STOPS,
    st.dictionaries(
        st.sampled_from(["type", "n", "code.n", "code.r", "decoder.iterations", "a\nb"]), NUMBERS, max_size=3
    ),
)

LDPC = {"type": "ldpc", "n": 24, "k": 12, "column_weight": 3}
PLAIN: dict[str, Any] = {
    "name": "fuzz",
    "seed": 1,
    "channel": {"type": "awgn", "ebno_db": {"start": 0, "stop": 2, "step": 1}},
    "curves": [
        {"label": "a", "code": {"type": "hamming", "r": 3}, "decoder": {"type": "syndrome"}},
        {
            "label": "b",
            "code": LDPC,
            "decoder": {"type": "bp", "algorithm": "min-sum", "iterations": 3},
            "channel": {"ebno_db": [1, 2]},
        },
        {"label": "c", "code": {"type": "repetition"}, "sweep": {"code.n": [3, 5]}},
    ],
    "stop": {"frame_errors": 10, "frames": 100},
    "plot": {"limits": ["shannon"], "y": ["ber", "fer"]},
}
SEARCHED: dict[str, Any] = {
    "name": "searched",
    "channel": {"type": "awgn", "ebno_db": {"start": 0, "stop": 8}},
    "target": {"fer": 0.1, "within": 0.1},
    "curves": [
        {"label": "a", "code": {"type": "hamming", "r": 3}, "target": {"ber": 0.05}},
        {"label": "b", "code": LDPC, "stop": {"frames": 40, "target": {"fer": 0.2}}},
        {
            "label": "c",
            "code": {"type": "uncoded", "k": 8},
            "channel": {"type": "bsc"},
            "target": {"fer": 0.3},
        },
        {"label": "d", "code": {"type": "spc", "n": 4}, "channel": {"ebno_db": [1, 4]}, "target": None},
    ],
    "stop": {"frames": 50},
}
RULED: dict[str, Any] = {
    "name": "ruled",
    "channel": {"type": "bsc", "f": [0.2, 0.1, 0.05, 0.01]},
    "curves": [
        {
            "label": "a",
            "code": {"type": "linear", "generator": ["1011", "0101"]},
            "decoder": {"type": "ml", "input": "hard"},
            "stop": {"floor": 0.2},
        },
        {"label": "b", "code": {"type": "repetition", "n": 3}, "stop": {"without_errors": "continue"}},
        {
            "label": "n = {code.n}, {decoder.iterations}",
            "code": {**LDPC, "puncture": [0]},
            "decoder": {"type": "bp", "schedule": "layered", "iterations": 2},
            "channel": {"type": "bec", "epsilon": {"start": 0.1, "stop": 0.5, "step": 0.2}},
            "sweep": {
                "code.n": [24, 12],
                "code.k": [6],
                "decoder.iterations": {"start": 1, "stop": 2, "step": 1},
            },
        },
    ],
    "stop": {
        "bit_errors": 20,
        "relative_error": 0.3,
        "seconds": 0.2,
        "floor": 0.01,
        "without_errors": "stop",
    },
    "plot": {"x": "parameter", "title": "a $b$", "formats": ["svg"]},
}
CONFIGS = [PLAIN, SEARCHED, RULED]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all values inside a configuration."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, child in inner for each in places(child, (*path, key)))]


@st.composite
def spoiled(draw: st.DrawFn, most: int = 3) -> Any:
    """A configuration with a few values replaced, removed, added, or copied from elsewhere in it."""
    made = copy.deepcopy(draw(st.sampled_from(CONFIGS)))
    for _ in range(draw(st.integers(1, most))):
        path = draw(st.sampled_from(places(made)[1:] or [("name",)]))
        parent = made
        for key in path[:-1]:
            parent = parent[key]
        action = draw(st.sampled_from(["replace", "replace", "remove", "add", "copy"]))
        if action == "remove" and path[-1] in (parent if isinstance(parent, dict) else range(len(parent))):
            del parent[path[-1]]
        elif action == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = draw(ODD)
        elif action == "copy":
            source = made
            for key in draw(st.sampled_from(places(made))):
                source = source[key]
            parent[path[-1]] = copy.deepcopy(source)
        else:
            parent[path[-1]] = draw(ODD)
    return made


def loaded(data: Any, folder: Path) -> Config | None:
    """The configuration; None if it is refused, and then well said and by ``run`` too, which writes nothing."""
    try:
        return load_config(data)
    except InputError as error:
        well_said(error, *([] if isinstance(data, dict) else [data]))
        with pytest.raises(InputError):
            run(data, out=folder)
        assert not folder.exists()
        return None


def goes_round(config: Config, folder: Path) -> None:
    """As resolved, written and read again it is the same."""
    folder.mkdir(exist_ok=True)
    (folder / "again.yaml").write_text(dump_yaml(config.relative_to(folder)), encoding="utf-8")
    again = load_config(folder / "again.yaml")
    assert (again.name, again.seed, again.plot) == (config.name, config.seed, config.plot)
    for one, other in zip(config.curves, again.curves, strict=True):
        assert (one.link.label, one.link.group, one.keys) == (other.link.label, other.link.group, other.keys)
        assert (one.stop, one.target, one.range) == (other.stop, other.target, other.range)
        assert one.link.identity == other.link.identity
    assert again.relative_to(folder) == config.relative_to(folder)


def small(config: Config) -> Config | None:
    """The configuration with few frames a point; None if that would still take long."""
    if sum(len(curve.values) for curve in config.curves) > FEW_POINTS:
        return None
    for curve in config.curves:
        decoder, code = type(curve.link.decoder).__name__, curve.link.code
        passes = getattr(curve.link.decoder, "_iterations", 1)
        if code.n * passes > 5000 or (decoder == "MaximumLikelihoodDecoder" and code.k > 12):
            return None
    curves = [
        dataclasses.replace(
            curve, stop=curve.stop.model_copy(update={"frames": min(curve.stop.frames or 50, FEW_FRAMES)})
        )
        for curve in config.curves
    ]
    return dataclasses.replace(config, curves=tuple(curves))


def simulated(config: Config, folder: Path) -> None:
    """It runs, and what it counted makes sense and is read as it was written."""
    results = run(config, save=False, workers=2)
    by_label = {curve.link.label: curve for curve in config.curves}
    assert len({(row.curve, row.value) for row in results}) == len(results)
    for row in results:
        curve = by_label[row.curve]
        assert 1 <= row.frames <= FEW_FRAMES
        assert row.stop
        assert (row.n, row.k, row.parameter) == (curve.link.code.n, curve.link.code.k, curve.link.parameter)
        assert row.key == curve.link.at(row.value).key
        assert 0 <= row.fer_low <= row.fer <= row.fer_high <= 1
        assert 0 <= row.ber_low <= row.ber <= row.ber_high <= 1
        if curve.target is None:
            assert row.value in curve.values
        elif curve.range is not None:
            # Values are rounded to 0.001 dB, or four digits.
            low, high = curve.range
            assert low - 6e-4 * max(1, abs(low)) <= row.value <= high + 6e-4 * max(1, abs(high))
        rules = curve.stop
        if curve.target is None and rules.frame_errors is not None:
            assert row.frame_errors <= rules.frame_errors
    searched = [curve for curve in config.curves if curve.target is not None]
    assert [crossing.curve for crossing in results.crossings] == [curve.link.label for curve in searched]
    assert all(str(crossing).isprintable() for crossing in results.crossings)
    folder.mkdir(exist_ok=True)
    (folder / "results.csv").write_text(format_results(results.rows), encoding="utf-8", newline="")
    (folder / "targets.csv").write_text(format_crossings(results.crossings), encoding="utf-8", newline="")
    again = load_results(folder)
    assert again.rows == results.rows
    assert again.crossings == results.crossings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all cases, after everything that is compiled was."""
    folder = tmp_path_factory.mktemp("fuzz")
    curves = [
        {
            "label": f"{algorithm} {schedule}",
            "code": LDPC,
            "decoder": {"type": "bp", "iterations": 2, "algorithm": algorithm, "schedule": schedule},
        }
        for algorithm in ("sum-product", "min-sum")
        for schedule in ("flooding", "layered")
    ]
    curves += [
        {
            "label": f"{kind} {decided}",
            "code": {"type": "repetition", "n": 3},
            "decoder": {"type": kind, "input": decided},
        }
        for kind in ("majority", "ml")
        for decided in ("soft", "hard")
    ]
    for config in (*CONFIGS, {**PLAIN, "curves": curves}):
        few = small(load_config(config))
        assert few is not None
        run(few, save=False, workers=2)
    return folder


@cases(200)
@given(data=spoiled(), simulate=st.integers(0, 3))
def test_configurations(place: Path, data: Any, simulate: int) -> None:
    """Refused in words; or read, the same when written and read again, and, one in four, simulated."""
    with in_time():
        config = loaded(data, place / "never")
        if config is not None:
            goes_round(config, place / "again")
            few = small(config) if simulate == 0 else None
            if few is not None:
                simulated(few, place / "again")


@st.composite
def sensible(draw: st.DrawFn) -> dict[str, Any]:
    """A configuration of any kinds of code, decoder, channel and rules, most of which can be simulated."""
    code = draw(
        st.one_of(
            st.fixed_dictionaries({"type": st.just("uncoded"), "k": st.integers(1, 12)}),
            st.fixed_dictionaries(
                {"type": st.just("repetition"), "n": st.integers(1, 9)}, optional={"k": st.integers(1, 3)}
            ),
            st.fixed_dictionaries({"type": st.just("spc"), "n": st.integers(2, 9)}),
            st.fixed_dictionaries(
                {"type": st.just("hamming"), "r": st.integers(2, 4)},
                optional={"extended": st.booleans(), "shorten": st.integers(0, 4)},
            ),
            st.fixed_dictionaries(
                {
                    "type": st.just("linear"),
                    "generator": st.lists(
                        st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=1, max_size=5
                    ),
                }
            ),
            st.fixed_dictionaries(
                {
                    "type": st.just("ldpc"),
                    "n": st.sampled_from([6, 12, 24]),
                    "k": st.sampled_from([2, 3, 6]),
                    "column_weight": st.integers(2, 4),
                },
                optional={"seed": st.integers(0, 3), "puncture": st.lists(st.integers(0, 7), max_size=3)},
            ),
            st.fixed_dictionaries(
                {"type": st.just("ldpc"), "standard": st.sampled_from(["wifi", "wimax"])},
                optional={
                    "n": st.sampled_from([576, 648, 649]),
                    "rate": st.sampled_from(["1/2", "2/3", "2/3A", "5/6", 0.5]),
                    "puncture": st.lists(st.integers(0, 7), max_size=3),
                },
            ),
        )
    )
    decoder = draw(
        st.one_of(
            st.none(),
            st.fixed_dictionaries({"type": st.sampled_from(["hard", "syndrome"])}),
            st.fixed_dictionaries(
                {"type": st.sampled_from(["majority", "ml"])},
                optional={"input": st.sampled_from(["soft", "hard"])},
            ),
            st.fixed_dictionaries(
                {"type": st.just("bp")},
                optional={
                    "algorithm": st.sampled_from(["min-sum", "sum-product"]),
                    "schedule": st.sampled_from(["flooding", "layered"]),
                    "iterations": st.integers(1, 5),
                    "scale": st.sampled_from([0.5, 1.0, 1e-30]),
                    "offset": st.sampled_from([0.0, 0.3, 1e30]),
                    "stop": st.booleans(),
                },
            ),
        )
    )
    kind, parameter = draw(
        st.sampled_from(
            [("bsc", "f"), ("bec", "epsilon"), ("awgn", "ebno_db"), ("awgn", "esno_db"), ("awgn", "snr_db")]
        )
    )
    if kind == "awgn":
        value = st.one_of(st.floats(-5, 10, width=16), st.sampled_from([-99.0, 99.0]))
    else:
        most = 0.5 if kind == "bsc" else 1.0
        value = st.one_of(st.floats(0, most), st.sampled_from([0.0, most, 5e-324, 1e-200]))
    target = draw(
        st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"fer": st.sampled_from([0.9999, 0.5, 0.1, 0.01, 1e-6, 1e-14])},
                optional={"within": st.sampled_from([1, 0.1, 1e-6])},
            ),
            st.fixed_dictionaries(
                {"ber": st.sampled_from([0.4999, 0.3, 0.1, 0.01])},
                optional={"within": st.sampled_from([1, 0.2])},
            ),
        )
    )
    sweep: Any = st.lists(value, min_size=1, max_size=5, unique=True)
    channel: dict[str, Any] = {"type": kind}
    if target is None or draw(st.booleans()):
        if target is not None and draw(st.booleans()):
            channel[parameter] = {"start": draw(value), "stop": draw(value)}
        else:
            channel[parameter] = draw(sweep)
    stop = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "frames": st.integers(1, 60),
                "frame_errors": st.integers(1, 40),
                "bit_errors": st.integers(1, 90),
                "relative_error": st.sampled_from([0.9, 0.3, 1e-6]),
                "seconds": st.sampled_from([1e-9, 0.01, 1e300]),
                "floor": st.sampled_from([0.5, 0.1, 1e-12]),
                "without_errors": st.sampled_from(["stop", "continue"]),
            },
        )
    )
    curve: dict[str, Any] = {"label": "a", "code": code}
    if decoder is not None:
        curve["decoder"] = decoder
    config = {
        "name": "a",
        "seed": draw(st.integers(0, 2**63 - 1)),
        "channel": channel,
        "curves": [curve],
        "stop": stop,
    }
    if target is not None:
        draw(st.sampled_from([config, curve, stop]))["target"] = target
    return config


@cases(50)
@given(data=sensible())
def test_simulations(place: Path, data: Any) -> None:
    with in_time():
        config = loaded(data, place / "never")
        if config is not None:
            goes_round(config, place / "again")
            few = small(config)
            if few is not None:
                simulated(few, place / "again")


PIECES = [
    "",
    ":",
    ": ",
    "- ",
    "{",
    "]",
    "&a ",
    "*a",
    "!t ",
    "!!int ",
    "<<: ",
    "\t",
    "é",
    "#",
    "'",
    '"',
    "|",
    ">",
    "? ",
]
PIECES += [
    "\n",
    "\r",
    "\x00",
    "\x0b",
    "\x85",
    "\u2028",
    "\ufeff",
    "9" * 5000,
    "[" * 300,
    "{a: " * 300,
    "---\n",
    "%",
    "0x",
    "1e999",
]
PIECES += ["!!python/object:os.system ", "!!binary ", "!!timestamp 2020-01-01", "\U0001f600", "1e-320", "\\"]


@st.composite
def cut(draw: st.DrawFn, text: str, pieces: list[str], most: int = 4) -> str:
    """A text with pieces cut, doubled, moved or replaced."""
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 12)), len(text))
        action = draw(st.sampled_from(["replace", "replace", "double", "move", "line", "end"]))
        if action == "replace":
            text = text[:start] + draw(st.sampled_from(pieces)) + text[end:]
        elif action == "double":
            text = text[:start] + text[start:end] * 2 + text[end:]
        elif action == "move":
            to = draw(st.integers(0, len(text)))
            text = text[:to] + text[start:end] + text[to:]
        elif action == "line":
            lines = text.split("\n")
            i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines[i], lines[j] = draw(
                st.sampled_from([("", lines[j]), (lines[j], lines[i]), (lines[i], lines[i])])
            )
            text = "\n".join(lines)
        else:
            text = text[:start] if draw(st.integers(0, 9)) == 0 else text + draw(st.sampled_from(pieces))
    return text


@cases(100)
@given(data=st.data(), number=st.integers(0, len(CONFIGS) - 1), simulate=st.integers(0, 7))
def test_configuration_files(place: Path, data: st.DataObject, number: int, simulate: int) -> None:
    text = data.draw(cut(dump_yaml(CONFIGS[number]), PIECES))
    file = place / "spoiled.yaml"
    file.write_bytes(text.encode())
    with in_time():
        config = loaded(str(file), place / "never")
        if config is not None:
            goes_round(config, place / "again")
            few = small(config) if simulate == 0 else None
            if few is not None:
                simulated(few, place / "again")


@cases(25)
@given(
    key=st.lists(
        st.sampled_from(
            [
                "curves",
                "0",
                "1",
                "9",
                "-1",
                "channel",
                "ebno_db",
                "stop",
                "frames",
                "²",
                "",
                " ",
                "a\nb",
                "code",
                "n",
                "target",
                "fer",
            ]
        ),
        max_size=5,
    ).map(".".join),
    value=st.one_of(
        st.sampled_from([*PIECES, "1", "[1, 2]", "{a: 1}", "{start: 0, stop: 1}", "10" * 300]),
        st.text(max_size=8),
    ),
    equals=st.sampled_from(["=", "=", "=", "", "=="]),
    number=st.integers(0, len(CONFIGS) - 1),
)
def test_changes(key: str, value: str, equals: str, number: int) -> None:
    """``--set``, laid over configurations that are right."""
    with in_time():
        try:
            load_config(CONFIGS[number], changes=(f"{key}{equals}{value}",))
        except InputError as error:
            fit_to_print(error)


# --- matrices ---


def random_matrix(seed: int) -> Any:
    generator = np.random.default_rng(seed)
    shape = generator.integers(1, 12, 2)
    matrix = (generator.random(shape) < generator.choice([0.05, 0.2, 0.6])).astype(np.uint8)
    matrix[tuple(generator.integers(shape))] = 1
    return matrix


def alist_text(matrix: Any, padded: bool, blank_lines: bool) -> str:
    """An alist text, padded with zeros or not, where an empty list is then a blank line or none at all."""
    lists = [[[int(i) + 1 for i in np.flatnonzero(line)] for line in side] for side in (matrix.T, matrix)]
    widths = [max(map(len, side)) for side in lists]
    rows = [[matrix.shape[1], matrix.shape[0]], widths, *([len(ones) for ones in side] for side in lists)]
    for side, width in zip(lists, widths, strict=True):
        for ones in side:
            if padded:
                rows.append(ones + [0] * (width - len(ones)))
            elif ones or blank_lines:
                rows.append(ones)
    return "".join(" ".join(map(str, row)) + "\n" for row in rows)


#: What a slip of the editor could put in the place of another word.
NUMERALS = [
    "",
    "0",
    "1",
    "2",
    "3",
    "5",
    "-1",
    "99999999",
    "9999999",
    "x",
    "1.5",
    "\n",
    "#",
    "\x00",
    "\x0c",
    "é",
    "1_0",
    "٣",
]
NUMERALS += [
    "9" * 5000,
    "\x1b[2J",
    "\r",
    "\u2028",
    "+1",
    "1e3",
    "0x1",
    "1,2",
    "1,1",
    ",",
    "-",
    "--1",
    " ",
    "\ufeff",
    "1\n" * 40,
]


@st.composite
def respelt(draw: st.DrawFn, text: str) -> str:
    """A text with words and lines replaced, inserted, dropped or swapped."""
    for _ in range(draw(st.integers(0, 3))):
        tokens = re.split(r"([ \n,])", text)
        at = draw(st.integers(0, len(tokens) - 1))
        change = draw(st.sampled_from(["replace", "replace", "insert", "drop line", "swap lines", "cut"]))
        if change in ("replace", "insert"):
            tokens[at : at + (change == "replace")] = [draw(st.sampled_from(NUMERALS)), " "]
            text = "".join(tokens)
        elif change == "cut":
            text = "".join(tokens[:at])
        else:
            lines = text.splitlines(keepends=True) or [""]
            i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines[i], lines[j] = ("", lines[j]) if change == "drop line" else (lines[j], lines[i])
            text = "".join(lines)
    return text


SOUP = st.lists(
    st.lists(st.one_of(st.integers(-1, 4).map(str), st.sampled_from(NUMERALS)), max_size=5).map(" ".join),
    max_size=14,
).map("\n".join)


def matrix_read(file: Path, read: Callable[[Path], Any], key: str, content: str | bytes) -> Any:
    """The matrix; None if it is refused, by the reader and in a configuration in the same words."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    config = {"name": "a", "channel": {"type": "bsc", "f": 0.1}, "curves": [{"label": "a", "code": {}}]}
    kind = "linear" if key in ("generator", "parity_check") else "ldpc"
    config["curves"][0]["code"] = {"type": kind, key: str(file)}  # type: ignore[index]
    try:
        matrix = read(file)
    except MatrixFileError as error:
        well_said(error, file)
        with pytest.raises(InputError) as caught:
            load_config(config)
        well_said(caught.value)
        assert str(error) in str(caught.value)
        return None
    try:
        load_config(config)
    except InputError as error:  # a code of no codewords, or one too large
        well_said(error)
    return matrix


@cases(75)
@given(
    text=st.builds(alist_text, st.integers(0, 40).map(random_matrix), st.booleans(), st.booleans()).flatmap(
        respelt
    )
)
def test_alist_files(place: Path, text: str) -> None:
    with in_time():
        matrix = matrix_read(place / "h.alist", read_alist, "alist", text)
        if matrix is None:
            return
        columns, rows = map(int, re.sub("#.*", "", text).lstrip("\ufeff").split()[:2])
        assert matrix.shape == (rows, columns)
        write_alist(place / "again.alist", matrix)
        assert (read_alist(place / "again.alist") != matrix).nnz == 0


@cases(50)
@given(text=SOUP, kind=st.sampled_from(["alist", "qc", "parity_check", "generator"]))
def test_matrix_files_of_anything(place: Path, text: str, kind: str) -> None:
    read: Callable[[Path], Any] = {"alist": read_alist, "qc": read_quasi_cyclic}.get(kind, read_matrix)
    with in_time():
        matrix_read(place / "soup.txt", read, kind, text)


@st.composite
def base_matrix(draw: st.DrawFn) -> str:
    columns, rows, z = draw(st.integers(1, 5)), draw(st.integers(1, 4)), draw(st.sampled_from([1, 2, 5, 31]))
    block = st.one_of(st.sampled_from(["-", "-1", "0"]), st.integers(0, z - 1).map(str), st.just("0,1"))
    lines = [" ".join(draw(block) for _ in range(columns)) for _ in range(rows)]
    return "\n".join([f"{columns} {rows} {z}", *lines]) + "\n"


@cases(50)
@given(text=base_matrix().flatmap(respelt))
def test_base_matrix_files(place: Path, text: str) -> None:
    with in_time():
        matrix = matrix_read(place / "h.qc", read_quasi_cyclic, "qc", text)
        if matrix is not None:
            columns, rows, z = map(int, re.sub("#.*", "", text).lstrip("\ufeff").split()[:3])
            assert matrix.shape == (rows * z, columns * z)


@cases(40)
@given(
    text=st.integers(0, 40)
    .map(lambda seed: "\n".join(" ".join(map(str, row)) for row in random_matrix(seed)) + "\n")
    .flatmap(respelt),
    key=st.sampled_from(["generator", "parity_check"]),
)
def test_plain_matrix_files(place: Path, text: str, key: str) -> None:
    with in_time():
        matrix = matrix_read(place / "matrix.txt", read_matrix, key, text)
        assert matrix is None or is_binary(matrix)


def is_binary(matrix: Any) -> bool:
    """Whether a matrix, dense or sparse, holds only 0 and 1, at places that are within it."""
    dense = matrix.toarray() if scipy.sparse.issparse(matrix) else matrix
    return dense.ndim == 2 and set(np.unique(dense)) <= {0, 1}


@functools.cache
def written(seed: int) -> dict[str, bytes]:
    """A random matrix in every kind of file."""
    matrix = random_matrix(seed)
    files: dict[str, bytes] = {}

    def keep(name: str, write: Callable[[Any], object]) -> None:
        out = io.BytesIO()
        write(out)
        files[name] = out.getvalue()

    sparse = scipy.sparse.csr_array(matrix)
    keep("npy", lambda out: np.save(out, matrix))
    keep("npz", lambda out: np.savez(out, H=matrix))
    keep("packed npz", lambda out: np.savez_compressed(out, G=matrix, H=matrix))
    for kind in ("csr", "csc", "coo", "bsr", "dia"):
        given = sparse.asformat(kind)
        keep(kind, lambda out, given=given: scipy.sparse.save_npz(out, given, compressed=False))  # type: ignore[misc]
    for name, given in (("mat", matrix), ("sparse mat", sparse.astype(float).tocsc())):
        keep(name, lambda out, given=given: scipy.io.savemat(out, {"H": given}))  # type: ignore[misc]
    keep("packed mat", lambda out: scipy.io.savemat(out, {"s": ["a", 1.0], "H": matrix}, do_compression=True))
    for name, given in (("coordinates", sparse), ("array", matrix)):
        keep(name, lambda out, given=given: scipy.io.mmwrite(out, given))  # type: ignore[misc]
    keep("csv", lambda out: np.savetxt(out, matrix, delimiter=","))
    files["alist"] = alist_text(matrix, True, True).encode()
    numbers = [0x5080, *matrix.shape]
    for i, row in enumerate(matrix, 1):
        numbers += [-i, *(np.flatnonzero(row) + 1).tolist()]
    files["pchk"] = b"".join(number.to_bytes(4, "little", signed=True) for number in [*numbers, 0])
    return files


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """A file with bytes changed, cut or doubled; of an archive, mostly those of a file in it."""
    if content.startswith(b"PK") and draw(st.integers(0, 3)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = draw(st.sampled_from(sorted(members)))
        members[name] = draw(broken(members[name]))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:  # its checksums are right
            for name, member in members.items():
                archive.writestr(name, member)
        return out.getvalue()
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(changed) - 1, 0)))
        change = draw(st.sampled_from(["flip", "flip", "byte", "number", "number", "end", "double"]))
        if change == "flip" and changed:
            changed[at] ^= 1 << draw(st.integers(0, 7))
        elif change == "byte" and changed:
            changed[at] = draw(st.sampled_from([0, 1, 127, 128, 255]))
        elif change == "number":
            at -= (at - len(changed)) % 4  # as arrays lie in files
            number = draw(st.sampled_from([-1, -9, 0, 5, 2**30, 2**31 - 1, -(2**31), 10**9]))
            changed[max(at, 0) : max(at, 0) + 4] = number.to_bytes(4, "little", signed=True)
        elif change == "end":
            del changed[at:]
        else:
            changed[at:at] = changed[at : at + draw(st.integers(1, 40))]
    return bytes(changed)


@cases(50)
@given(data=st.data(), seed=st.integers(0, 6), key=st.sampled_from(["parity_check", "generator"]))
def test_broken_matrix_files(place: Path, data: st.DataObject, seed: int, key: str) -> None:
    files = written(seed)
    content = data.draw(broken(files[data.draw(st.sampled_from(sorted(files)))]))
    with in_time():
        matrix = matrix_read(place / "matrix", read_matrix, key, content)
        assert matrix is None or is_binary(matrix)


@pytest.mark.parametrize("seed", range(3))
def test_whole_matrix_files(place: Path, seed: int) -> None:
    """What is broken above is read when it is not."""
    matrix = random_matrix(seed)
    for name, content in written(seed).items():
        (place / "matrix").write_bytes(content)
        found = read_matrix(place / "matrix", variable="H" if name == "packed npz" else None)
        np.testing.assert_array_equal(found.toarray() if scipy.sparse.issparse(found) else found, matrix)


# --- results ---

CELLS = [
    "",
    "-",
    "-1",
    "0",
    "1",
    "2",
    "0.5",
    "nan",
    "inf",
    "-inf",
    "x",
    "1e9",
    "1e300",
    "-1e300",
    "1e-320",
    "1e-300",
    "1_0",
]
CELLS += [
    "9" * 30,
    "9" * 400,
    "9" * 5000,
    str(2**63),
    str(2**63 - 1),
    "f",
    "ebno_db",
    "epsilon",
    "rate",
    "awgn",
    "bsc",
    "x(",
    "é",
]
CELLS += [
    '"',
    "'",
    ",",
    "\n",
    "\r",
    "\r\n",
    "\x00",
    "a\nb",
    "\x1b[2J",
    "$x$",
    "٣",
    " 1",
    "frames",
    "seconds",
    "0" * 32,
    "\u2028",
]


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A CSV file with cells, rows or columns changed; or its text cut."""
    if draw(st.integers(0, 3)) == 0:
        return draw(cut(text, CELLS))
    table = list(csv.reader(io.StringIO(text)))
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(table) - 1))
        j = draw(st.integers(0, len(table[i]) - 1)) if table[i] else 0
        action = draw(
            st.sampled_from(
                ["cell", "cell", "cell", "column", "copy", "add row", "drop row", "swap rows", "drop cell"]
            )
        )
        if action == "cell" and table[i]:
            table[i][j] = draw(st.sampled_from(CELLS))
        elif action == "column":  # the same wrong thing in each row
            cell = draw(st.sampled_from(CELLS))
            for row in table[1:]:
                row[j : j + 1] = [cell]
        elif action == "copy" and table[i]:
            k = draw(st.integers(0, len(table) - 1))
            table[i][j] = table[k][j] if j < len(table[k]) else ""
        elif action == "add row":
            table.insert(i, list(table[draw(st.integers(0, len(table) - 1))]))
        elif action == "drop row" and len(table) > 1:
            del table[i]
        elif action == "swap rows":
            k = draw(st.integers(0, len(table) - 1))
            table[i], table[k] = table[k], table[i]
        elif table[i]:
            del table[i][j]
    out = io.StringIO()
    csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\n", "\r\n"]))).writerows(table)
    return out.getvalue()


@pytest.fixture(scope="module")
def whole(place: Path) -> Path:
    """A folder with results of curves with and without targets, its parts, and one for damaged files."""
    config = {
        **PLAIN,
        "curves": [
            *PLAIN["curves"],
            {**SEARCHED["curves"][0], "label": "t", "channel": {"ebno_db": {"start": 0, "stop": 8}}},
        ],
        "plot": {"formats": ["svg"], "y": ["fer"]},
        "stop": {"frames": 60},
    }
    run(config, out=place / "whole", workers=2)
    replay(place / "whole", "b", 1, failed=1)  # compiles what traces
    for part in ("1/2", "2/2"):
        run(config, out=place / f"part-{part[0]}", workers=2, shard=part)
    return place / "whole"


def put(whole: Path, name: str, texts: dict[str, str]) -> Path:
    """A results folder with some files replaced."""
    folder = whole.with_name(name)
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for file in whole.iterdir():
        if file.suffix in (".csv", ".yaml"):
            (folder / file.name).write_bytes(file.read_bytes())
    for file_name, text in texts.items():
        (folder / file_name).write_bytes(text.encode())
    return folder


def results_read(folder: Path) -> Results | None:
    """The results, the same when written and read again; None if they are refused."""
    try:
        results = load_results(folder)
    except InputError as error:
        well_said(error, folder / "results.csv", folder / "targets.csv")
        return None
    again = folder / "again"
    again.mkdir(exist_ok=True)
    (again / "results.csv").write_text(format_results(results.rows), encoding="utf-8", newline="")
    (again / "targets.csv").write_text(format_crossings(results.crossings), encoding="utf-8", newline="")
    try:
        reread = load_results(again)
        assert (reread.rows, reread.crossings) == (results.rows, results.crossings)
    finally:
        for file in again.iterdir():
            file.unlink()
        again.rmdir()
    assert all(str(crossing) for crossing in results.crossings)
    return results


@cases(110)
@given(data=st.data())
def test_results_files(whole: Path, data: st.DataObject) -> None:
    text = data.draw(damaged((whole / "results.csv").read_text()))
    with in_time():
        folder = put(whole, "damaged", {"results.csv": text})
        results = results_read(folder)
        for other in (whole, whole / "results.csv"):
            try:
                found = compare(folder, other)
            except InputError as error:
                if results is None:
                    well_said(error, folder / "results.csv")
                continue
            assert found.heading()
            assert found.summary()
            assert found.table().row_count == len(found.points)


@cases(40)
@given(data=st.data(), draw_it=st.integers(0, 15))
def test_targets_files(whole: Path, data: st.DataObject, draw_it: int) -> None:
    text = data.draw(damaged((whole / "targets.csv").read_text()))
    with in_time():
        folder = put(whole, "damaged", {"targets.csv": text})
        if results_read(folder) is not None and draw_it == 0:
            plot([folder])


@st.composite
def imagined(draw: st.DrawFn, rows: tuple[Row, ...]) -> str:
    """Results whose counts fit together, with the keys of points, and yet were never simulated."""
    made = list(rows)
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(made) - 1))
        row = made[i]
        frames = draw(st.sampled_from([1, 2, 59, 60, 61, 10**6, 2**40, 2**62, 2**63 - 1]))
        frame_errors = min(draw(st.sampled_from([0, 1, 2, 59, 10**6, 2**61, 2**63 - 1])), frames)
        bits = draw(st.sampled_from([1, row.k]))  # of each wrong frame
        tally = Tally(
            frames,
            frame_errors,
            bits * frame_errors,
            bits * bits * frame_errors,
            draw(st.sampled_from([0, frame_errors])),
            draw(st.sampled_from([0, frames, 2**63 - 1])),
        )
        names = ["curve", "group", "code", "decoder", "channel", "n", "k", "rate", "parameter", "value"]
        identity = {name: getattr(row, name) for name in [*names, "ebno_db", "esno_db", "key"]}
        seconds = draw(st.sampled_from([0.0, 1e-300, 1.5, 1e300]))
        stop = draw(st.sampled_from(["", "frames", "seconds"] + ["frame_errors"] * (frame_errors > 0)))
        made[i] = make_row(tally, stop=stop, seconds=seconds, **identity)
    return format_results(tuple(made))


@cases(7)
@given(
    data=st.data(),
    way=st.sampled_from(["cell", "counts"]),
    use=st.sampled_from(["plot", "compare", "replay", "merge", "run", "run on"]),
)
def test_results_files_are_used(whole: Path, data: st.DataObject, way: str, use: str) -> None:
    """Damage that is not seen when the file is read hurts nothing that is made of it."""
    if way == "counts":
        text = data.draw(imagined(load_results(whole).rows))
    else:
        table = list(csv.reader((whole / "results.csv").read_text().splitlines()))
        i, j = data.draw(st.integers(1, len(table) - 1)), data.draw(st.integers(0, len(table[0]) - 1))
        table[i][j] = data.draw(st.sampled_from(CELLS))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(table)
        text = out.getvalue()
    with in_time():
        folder = put(whole, "damaged", {"results.csv": text})
        if results_read(folder) is None:
            with pytest.raises(InputError) as caught:
                run(folder / "config.yaml", out=folder)
            well_said(caught.value, folder / "results.csv")
            assert (folder / "results.csv").read_bytes() == text.encode()
            return
        try:
            if use == "plot":
                plot([folder])
            elif use == "compare":
                compare(folder, whole, output=folder / "both.svg").summary()
            elif use == "replay":
                replay(folder, "a", 1, failed=1).report()
            elif use == "merge":
                merge([folder.with_name("part-1"), folder], out=folder.with_name("merged"))
            else:
                config = load_config(folder / "config.yaml")
                if use == "run on":
                    config = load_config(
                        {**config.relative_to(folder), "stop": {"frames": 70, "frame_errors": 65}}
                    )
                run(config, out=folder, workers=2)
                load_results(folder)
        except InputError as error:
            fit_to_print(error)


REFERENCE = """# Hamming (7,4), of another program
ebno_db,frames,frame_errors,bit_errors,bit_errors_squared,k
0,1000,300,600,1300,4
1,1000,200,400,900,4
2,2.5e+03,101,150,300,4
"""


@cases(75)
@given(data=st.data())
def test_reference_curves(whole: Path, data: st.DataObject) -> None:
    header, _, rest = REFERENCE.partition("\n")
    text = data.draw(
        st.one_of(damaged(rest).map(lambda made: f"{header}\n{made}"), cut(REFERENCE, CELLS), SOUP)
    )
    file = whole.with_name("reference.csv")
    file.write_bytes(text.encode())
    with in_time():
        for curves in (["a=reference"], None):
            try:
                found = compare(whole, file, curves=curves)
            except InputError as error:
                fit_to_print(error)
                continue
            assert found.heading()
            assert found.summary()
            assert found.table().row_count == len(found.points)
            assert all(
                0 <= p <= 1 for point in found.points for p in (point.fer_p, point.ber_p) if p is not None
            )


# --- what was found in this way ---


def one_curve(code: dict[str, Any], **changes: Any) -> dict[str, Any]:
    curve = {"label": "a", "code": code, **changes.pop("curve", {})}
    return {"name": "a", "channel": {"type": "bsc", "f": 0.1}, "curves": [curve], "seed": 0, **changes}


SPC = {"type": "spc", "n": 4}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            one_curve({"type": "ldpc", "n": 5000, "k": 2500, "column_weight": 2500}),
            "curves.0.code.column_weight: column_weight must be smaller",
        ),
        (
            one_curve(LDPC, curve={"decoder": {"type": "bp", "iterations": 10**400}}),
            "curves.0.decoder.iterations: iterations must be at most 100000",
        ),
        (
            one_curve(LDPC, curve={"decoder": {"type": "bp", "algorithm": "min-sum", "offset": 1e300}}),
            "curves.0.decoder.offset: offset must be at most 16384",
        ),
        (one_curve(SPC, stop={"frames": 10**400, "floor": 0.1}), "stop.frames: frames must be at most 9223"),
        (one_curve(SPC, stop={"relative_error": 1e-200}), "relative_error must be at least 1e-06"),
        (one_curve(SPC, target={"fer": 1e-320}), "target.fer: fer must be at least 1e-15"),
        (one_curve(SPC, target={"fer": 0.1, "within": 1e-200}), "within must be at least 1e-06"),
        (one_curve({"type": "a\nb\x1b"}), r"there is no code 'a\nb\x1b'"),
        ({**one_curve(SPC), "a\nb": 1}, r"a\nb: unknown key 'a\nb'"),
    ],
)
def test_configurations_that_failed(config: dict[str, Any], words: str) -> None:
    with in_time(), pytest.raises(InputError) as caught:
        load_config(config)
    well_said(caught.value)
    assert words in str(caught.value)


def test_a_change_that_failed() -> None:
    with pytest.raises(InputError, match=r"--set 9+\.\.\.: unknown key '9+") as caught:
        load_config(PLAIN, changes=("9" * 5000 + "=1",))
    assert len(str(caught.value)) < 2500


def test_a_target_that_cannot_be_looked_for_is_told_with_its_line(tmp_path: Path) -> None:
    """It was told only when the results folder had been made."""
    config = one_curve(SPC, channel={"type": "bsc", "f": {"start": 0, "stop": 0.2}}, target={"fer": 0.1})
    file = tmp_path / "a.yaml"
    file.write_text(dump_yaml(config))
    with pytest.raises(InputError, match=r"a.yaml:4: .*values of f above 0"):
        run(file, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "config",
    [
        # Where the fit crosses the target lay beyond f = 1/2, and at last values were rounded to 0.
        one_curve({"type": "uncoded", "k": 1}, channel={"type": "bsc"}, target={"ber": 0.4999}),
        one_curve({"type": "uncoded", "k": 2}, channel={"type": "bec"}, target={"ber": 0.4999}),
        one_curve({"type": "uncoded", "k": 1}, channel={"type": "bsc"}, target={"fer": 1e-6}),
    ],
)
def test_searches_that_failed(config: dict[str, Any], tmp_path: Path) -> None:
    few = small(load_config(config))
    assert few is not None
    with in_time():
        simulated(few, tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n": "1", "k": "9" * 400}, ":2: k must be a whole number from 1 to 2^63 - 1"),
        ({"n": "1", "k": "9" * 400, "rate": "1e308"}, ":2: k must be a whole number from 1 to 2^63 - 1"),
        ({"ber": "0.4"}, ":2: the counts contradict each other"),
        ({"fer_low": "7"}, ":2: the counts contradict each other"),
        ({"ber_high": "-1"}, ":2: the counts contradict each other"),
        ({"curve": "a\x1b[2J"}, ":2: curve must not contain line breaks"),
    ],
)
def test_results_that_failed(whole: Path, changes: dict[str, str], words: str) -> None:
    table = list(csv.reader((whole / "results.csv").read_text().splitlines()))
    for name, cell in changes.items():
        table[1][table[0].index(name)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        load_results(put(whole, "damaged", {"results.csv": out.getvalue()}))
    fit_to_print(caught.value)


@pytest.mark.parametrize("changes", [{"low": "99"}, {"measure": "x"}, {"target": "2"}, {"value": ""}])
def test_targets_that_failed(whole: Path, changes: dict[str, str]) -> None:
    table = list(csv.reader((whole / "targets.csv").read_text().splitlines()))
    for name, cell in changes.items():
        table[1][table[0].index(name)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    with pytest.raises(InputError, match=r"targets.csv:2: the file is damaged"):
        load_results(put(whole, "damaged", {"targets.csv": out.getvalue()}))


def test_base_matrices_that_failed(tmp_path: Path) -> None:
    file = tmp_path / "h.qc"
    file.write_text("2 1 5000000\n0,1,2 3,4,5\n")  # 30 million ones
    with pytest.raises(MatrixFileError, match=r"h.qc:2: the matrix may have up to 20000000 ones"):
        read_quasi_cyclic(file)
    file.write_text("1 1 9\n" + ",".join("0" * 3000) + "\n")
    with pytest.raises(MatrixFileError) as caught:
        read_quasi_cyclic(file)
    well_said(caught.value, file)


def test_lines_are_counted_as_editors_count(tmp_path: Path) -> None:
    (tmp_path / "h.txt").write_text("# a\x0cb\u2028\n1 0\n1 2\n")
    with pytest.raises(MatrixFileError, match=r"h.txt:3: "):
        read_matrix(tmp_path / "h.txt")
