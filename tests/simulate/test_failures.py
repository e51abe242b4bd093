"""Classes of somebody's that fail: told in one line, with what was done kept, and never as if nothing were."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import BSC
from capgap.codes import Code, Decoder, DecodeResult
from capgap.simulate import InputError, load_config, run
from capgap.simulate.commands.command_line import main
from capgap.simulate.engine import engine
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.workers import Threads
from capgap.simulate.registry import registry

pytestmark = pytest.mark.usefixtures("clean_registry", "plain_figures")


def signs(decoder: Decoder, llr: Any) -> DecodeResult:
    """Decided by the signs."""
    bits = (llr[:, : decoder.code.k] < 0).astype(np.uint8)
    return DecodeResult(bits, np.ones(len(bits), np.bool_), np.zeros(len(bits), np.int32))


def one_curve(**changes: Any) -> dict[str, Any]:
    curve = {"label": "A", "code": {"type": "uncoded", "k": 10}, "decoder": {"type": "odd"}}
    return {
        "name": "a",
        "channel": {"type": "bsc", "f": [0.1, 0.2]},
        "curves": [{**curve, **changes}],
        "stop": {"frames": 200},
    }


def register(decode: Callable[[Decoder, Any], Any]) -> None:
    """A decoder ``odd`` that decodes so."""

    class Odd(Decoder):
        """Odd."""

        def decode(self, llr: Any, stream: Any = None) -> Any:
            return decode(self, llr)

    registry.register_decoder("odd")(Odd)


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (SystemExit(7), "SystemExit: 7"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),  # in a thread it is no user's
        (GeneratorExit(), "GeneratorExit"),
        (UnprintableError(), "UnprintableError: its text cannot be shown"),
        (MemoryError(), "MemoryError"),
        (ValueError("a\nb\x1b[31m" * 5000), r"ValueError: a\nb\x1b[31ma\nb\x1b[31ma"),
    ],
)
def test_whatever_is_raised_is_told_in_one_line(error: BaseException, words: str, tmp_path: Path) -> None:
    def decode(decoder: Decoder, llr: Any) -> Any:
        raise error

    register(decode)
    with pytest.raises(InputError) as caught:
        run(one_curve(), out=tmp_path / "r")
    text = str(caught.value)
    assert f"simulating 'A' at f = 0.2 fails: {words}" in text
    assert text.startswith(f"{__file__}:")
    assert text.isprintable()
    assert len(text) < 1500
    assert not (tmp_path / "r").exists()


class Sevens(Code):
    """Encodes to twos and threes."""

    default_decoder = "odd"

    def __init__(self) -> None:
        super().__init__(n=5, k=5)

    def encode(self, bits: Any) -> Any:
        return bits + np.uint8(2)


class Erasing(Sevens):
    """Changes what it is given."""

    def encode(self, bits: Any) -> Any:
        word = bits.copy()
        bits[:] = 0
        return word


def test_what_cannot_be_counted_is_refused() -> None:
    """Values that are none, arrays that are used again, random numbers of no stream, a state."""
    register(signs)
    for code, words in (
        (Sevens, "encode should be 0 or 1, got"),
        (Erasing, "encode changes the bits it is given"),
    ):
        registry.register_code("sevens")(code)
        with pytest.raises(InputError, match=words):
            run(one_curve(code={"type": "sevens"}), save=False)
    kept = np.zeros((1 << 17, 10), np.uint8)
    random, calls = np.random.default_rng(1), iter(range(10**6))

    def with_bits(change: Callable[[Any], Any]) -> Callable[[Decoder, Any], DecodeResult]:
        def decode(decoder: Decoder, llr: Any) -> DecodeResult:
            result = signs(decoder, llr)
            return DecodeResult(change(result.bits), result.ok, result.iterations)

        return decode

    def overwrite(bits: Any) -> Any:
        kept[: len(bits)] = bits
        return kept[: len(bits)]

    def iterated(decoder: Decoder, llr: Any) -> DecodeResult:
        result = signs(decoder, llr)
        return DecodeResult(result.bits, result.ok, result.iterations - 5)

    simulated_again = "differs when it is simulated again, beside another one"
    for decode, words in (
        (with_bits(lambda bits: bits * np.uint8(7)), "decode's bits should be 0 or 1, got 7"),
        (iterated, "decode's iterations should be 0 or more, got -5"),
        (with_bits(overwrite), "decode's bits is overwritten by its next call"),
        (with_bits(lambda bits: bits ^ (random.random(bits.shape) < 0.5).astype(np.uint8)), simulated_again),
        (with_bits(lambda bits: bits ^ np.uint8(next(calls) % 2)), simulated_again),
        (with_bits(lambda bits: bits ^ bits[:1]), simulated_again),
    ):
        register(decode)
        with pytest.raises(InputError, match=words):
            run(one_curve(), save=False)


def test_a_changed_working_folder_is_refused_and_changed_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(decoder: Decoder, llr: Any) -> DecodeResult:
        os.chdir("/")
        return signs(decoder, llr)

    monkeypatch.chdir(tmp_path)
    register(decode)
    with pytest.raises(InputError, match="changes the working folder"):
        run(one_curve(), out="r")
    assert Path.cwd() == tmp_path
    assert not list(tmp_path.iterdir())


class Bare(Code):
    """Forgets to call the constructor above it."""

    n = k = 10
    default_decoder = "odd"

    def __init__(self) -> None:
        pass

    def encode(self, bits: Any) -> Any:
        return bits


class Growing(Sevens):
    """Has another k each time."""

    @property
    def k(self) -> int:
        self._k += 1
        return self._k


class Huge(Sevens):
    """Longer than any code may be."""

    n = 10**12
    rate = 5 / n


class Rated(Sevens):
    """Has a rate of its own."""

    rate = 0.25


class Exits(Sevens):
    """Ends the process."""

    def __init__(self) -> None:
        sys.exit(0)


class Hinted(Sevens):
    """Has a parameter of no known type."""

    def __init__(self, *, a: "Nope" = 3) -> None:  # type: ignore[name-defined]  # noqa: F821
        super().__init__()


class Unnamed(Sevens):
    """Names no decoder."""

    default_decoder = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Bare, r"has no n, k or rate: its __init__ does not call super\(\).__init__\(n=..., k=...\)"),
        (Growing, "has an n, k or rate that changes"),
        (Huge, "must have as n a whole number from 1 to 10000000, has 1000000000000"),
        (Rated, "must have the rate k / n = 1, has 0.25"),
        (Exits, "it cannot be built: SystemExit: 0"),
        (Hinted, "a name, type or default that no configuration can give: NameError: name 'Nope'"),
        (Unnamed, "has no default_decoder, a name as text, but None"),
    ],
)
def test_codes_that_cannot_be_used_are_told_before_the_run(code: Any, words: str) -> None:
    registry.register_code("five")(code)
    config = one_curve(code={"type": "five"})
    del config["curves"][0]["decoder"]
    with pytest.raises(InputError, match=words):
        load_config(config)


def test_a_decoder_without_its_code_is_told_before_the_run() -> None:
    class Lost(Decoder):
        """Forgets to call the constructor above it."""

        def __init__(self, code: Code) -> None:
            pass

        def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
            raise NotImplementedError

    registry.register_decoder("odd")(Lost)
    with pytest.raises(InputError, match=r"the decoder 'odd' has no code: .* super\(\).__init__\(code\)"):
        load_config(one_curve())
    with pytest.raises(InputError, match="registered under a name, as text, not 5"):
        registry.register_decoder(5)(Lost)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "capacity",
            lambda self: 1 / 0,
            r"test_failures.py:\d+: capacity.. of the channel Odd fails: ZeroDiv",
        ),
        ("capacity", lambda self: None, "capacity.. of the channel Odd should return a number, not None"),
        (
            "capacity",
            lambda self: time.perf_counter(),
            "capacity.. of the channel Odd is another number each time",
        ),
        ("ebno_db", "x", "results cannot hold this point: ebno_db must be a finite number, is 'x'"),
        ("esno_db", float("nan"), "esno_db must be a finite number, is nan"),
        (
            "esno_db",
            property(lambda self: 1 / 0),
            "ebno_db or esno_db of the channel Odd fails: ZeroDivision",
        ),
    ],
)
def test_channels_that_cannot_be_used_are_told_before_the_first_frame(
    name: str, value: Any, words: str, tmp_path: Path
) -> None:
    register(signs)
    registry.register_channel("odd")(type("Odd", (BSC,), {name: value}))
    with pytest.raises(InputError, match=words):
        run({**one_curve(), "channel": {"type": "odd", "f": [0.1, 0.2]}}, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.real_figures
def test_what_fails_in_a_figure_is_told_with_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Results are there by then. Whatever asks a class of somebody's something, the command line says where."""
    plugin, config = tmp_path / "p.py", tmp_path / "c.yaml"
    plugin.write_text(
        "from capgap.channels import BSC\nfrom capgap.simulate import register_channel\n"
        "@register_channel('odd')\nclass Odd(BSC):\n    @classmethod\n"
        "    def limit(cls, *given): raise RuntimeError('no')\n"
    )
    config.write_text(
        "name: a\nchannel: {type: odd, f: 0.1}\ncurves: [{label: A, code: {type: uncoded, k: 5}}]\n"
        "stop: {frames: 100}\nplot: {formats: [png]}\n"
    )
    out = tmp_path / "r"
    assert main(["run", str(config), "--plugin", str(plugin), "--out", str(out), "--quiet"]) == 2
    assert f"capgap: {plugin}:6: limit() of the channel fails: RuntimeError: no" in capsys.readouterr().err
    assert (out / "results.csv").exists()


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A decoder that does not return until the test is over; the event tells that it was called."""
    begun, over = threading.Event(), threading.Event()
    monkeypatch.setattr(engine, "PATIENCE", 0.1)
    monkeypatch.setattr(Threads, "block_seconds", 0.01)

    def decode(decoder: Decoder, llr: Any) -> DecodeResult:
        begun.set()
        over.wait()
        return signs(decoder, llr)

    register(decode)
    yield begun
    over.set()


def test_a_block_that_does_not_end_is_given_up(hanging: threading.Event) -> None:
    """The first curve is done and stays so; the second hangs."""
    config = one_curve()
    config["curves"].insert(0, {"label": "B", "code": {"type": "uncoded", "k": 10}, "channel": {"f": [0.3]}})
    plans = [curve.plan({}) for curve in load_config(config).curves]

    def look() -> None:
        if plans[0].done and hanging.is_set():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught, Threads(2) as workers:
        Engine(plans, workers, on_look=look).run()
    assert "'A' at f = 0.2" in caught.value.__notes__[0]
    assert "is given up" in caught.value.__notes__[0]
    assert plans[0].points[0].stop == "frames"


@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as signals")
def test_one_interrupt_ends_a_process_that_hangs(tmp_path: Path) -> None:
    """A thread that never comes back keeps no process alive; results so far are saved, with status 130."""
    (tmp_path / "p.py").write_text(
        "import time\nfrom capgap.codes import HardDecoder\nfrom capgap.simulate import register_decoder\n"
        "@register_decoder('odd')\nclass Odd(HardDecoder):\n"
        "    def decode(self, llr, stream=None):\n"
        "        if abs(llr[0, 0]) > 2: print('hangs', flush=True), time.sleep(1000)\n"
        "        return super().decode(llr, stream)\n"
    )
    (tmp_path / "c.yaml").write_text(
        "name: a\nchannel: {type: bsc, f: [0.1, 0.2]}\nstop: {frames: 100}\n"
        "curves: [{label: A, code: {type: uncoded, k: 10}, decoder: {type: odd}}]\n"
    )
    script = (
        "import sys; from capgap.simulate import engine; from capgap.simulate.commands.command_line import main; "
        "engine.PATIENCE = 0.1; sys.exit(main())"
    )
    command = [sys.executable, "-c", script, "run", "c.yaml", "--plugin", "p.py", "--quiet", "--out", "r"]
    process = subprocess.Popen(
        [*command, "--workers", "1"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "hangs\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "capgap: interrupted; what was done is kept in r" in said
    assert "capgap: what is under way of 'A' at f = 0.1 did not end" in said
    assert len((tmp_path / "r" / "results.csv").read_text().splitlines()) == 2
