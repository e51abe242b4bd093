"""How fast links run here: the same frames of the same few links, for some seconds each.

What counts is a link from end to end: source, encoder, modulation, noise, LLRs, decoder and counting, on
threads as in a run. A machine's speed is told beside it by a baseline that everybody has: how long
NumPy takes to make a normal sample.
"""

import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from ...vectors.group_kernels import GROUP
from ..configuration.load import load_config
from ..engine.point import MAX_BLOCK
from ..errors import InputError
from ..link.link import Link, OperatingPoint
from ..link.stage_clock import Clock
from ..results.atomic_files import write_atomically
from ..statistics.tally import Tally
from .baseline import numpy_normal_ns
from .lines import baseline_line, comparison_lines, heading, line, read_result
from .links import all_links, names_of
from .measured import Benchmark, Measured

#: Seconds that a link is measured.
SECONDS = 3.0
#: Seconds that a block of frames takes, about; less where little time is given.
BLOCK_SECONDS = 0.25
#: Seconds after which it is told that a link is compiled; reading kernels from the disk takes less.
PATIENCE = 1.0
#: Seconds after which the waiting thread looks around; some systems tell of Ctrl-C only then.
LOOK = 0.5


def benchmark(
    links: str | Sequence[str] | None = None,
    *,
    families: str | Sequence[str] = (),
    everything: bool = False,
    seconds: float = SECONDS,
    workers: int = 1,
    json: str | Path | None = None,
    vs: str | Path | None = None,
    show: Callable[[str], None] = lambda text: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Benchmark:
    """Measure how fast links run here.

    Parameters
    ----------
    links
        Names of links, or one; by default the eight that results are compared by.
    families
        Names of families of codes, or one, whose links are measured too: the folders of ``codes/``.
    everything
        Whether to measure all links that there are.
    seconds
        How long each is measured, about, and in whole blocks of frames.
    workers
        Threads.
    json
        A file for the result.
    vs
        A file with an earlier result, to compare with.
    show
        Is given the lines of the table as soon as there is something to put into them.
    tell
        Is given what there is to say while one waits; may be called in another thread.

    Raises
    ------
    InputError
        If something given cannot be used: nothing has been measured then, unless the file cannot be
        written any more.
    KeyboardInterrupt
        After Ctrl-C, with what was measured shown and written.
    """
    names = names_of(links, families, everything=everything)
    if not 0 < seconds < math.inf:
        finite = " and finite" if seconds == math.inf else ""
        raise InputError(f"--seconds must be positive{finite}, got {seconds:g}")
    if workers < 1:
        raise InputError(f"--workers must be at least 1, got {workers}")
    file = None if json is None else _writable(Path(json))
    before = None if vs is None else read_result(Path(vs))
    found: list[Measured] = []
    baseline = numpy_normal_ns()

    def finish() -> Benchmark:
        made = keep()
        if found:
            show(baseline_line(made))
            for text in comparison_lines(made, before) if before is not None else ():
                show(text)
        return made

    def keep() -> Benchmark:
        made = Benchmark(workers, baseline, tuple(found))
        if found and file is not None:
            _write(file, made)
        return made

    try:
        for text in heading(workers, seconds):
            show(text)
        for name in names:
            measured, interrupted = _measure(name, seconds, workers, tell)
            if measured is not None:
                found.append(measured)
                show(line(measured))
            if interrupted:
                raise KeyboardInterrupt
            # Now and then somebody else has the machine: the best time is the machine's.
            baseline = min(baseline, numpy_normal_ns())
    except KeyboardInterrupt:
        finish()
        raise
    except OSError:  # nothing can be shown any more
        keep()
        raise
    return finish()


def build(name: str) -> tuple[Link, OperatingPoint]:
    """A link by its name, and its point."""
    data = all_links()[name]
    (curve,) = load_config(
        {
            "name": "bench",
            "channel": {"type": data.get("channel", "awgn"), "ebno_db": data["ebno_db"]},
            "curves": [
                {"label": name, **{key: data[key] for key in data if key not in ("ebno_db", "channel")}}
            ],
        }
    ).curves
    return curve.link, curve.link.at(curve.values[0])


def _writable(file: Path) -> Path:
    """The file, if it can be written: better told before the measurement than after it."""
    try:
        if file.is_dir():
            raise InputError(f"{file}: the result cannot be written here: this is a folder")
        if not file.parent.is_dir():
            raise InputError(f"{file}: the folder {file.parent} does not exist")
        if file.exists() and not file.is_file():
            return file  # a device or a pipe
        probe = file.with_name(f".{file.name}.writable")  # as long as the name that it is written under
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(f"{file}: the result cannot be written here: {error.strerror}") from None
    return file


def _write(file: Path, made: Benchmark) -> None:
    try:
        write_atomically(file, json.dumps(made.as_dict(), indent=2) + "\n")
    except OSError as error:
        raise InputError(f"{file}: the result cannot be written: {error.strerror}") from None


@dataclass
class _Blocks:
    """Blocks of consecutive frames from the link's first on, handed to whoever asks next."""

    frames: int
    given: int = 0
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> int:
        """The first frame of the next block."""
        with self.lock:
            self.given += 1
            return (self.given - 1) * self.frames


@dataclass(frozen=True)
class _Share:
    """What one thread did, and the seconds it took."""

    tally: Tally
    seconds: float
    stages: dict[str, float]


def _measure(
    name: str, seconds: float, workers: int, tell: Callable[[str], None]
) -> tuple[Measured | None, bool]:
    """Measure a link; None if nothing was. The other is whether Ctrl-C ended it."""
    patience = threading.Timer(
        PATIENCE, tell, [f"{name}: compiling what it needs, which is kept for the next time"]
    )
    patience.daemon = True
    patience.start()
    try:
        link, point = build(name)
        link.simulate(point, 0, 1)
    finally:
        patience.cancel()
    blocks = _Blocks(_block_frames(link, point, min(BLOCK_SECONDS, seconds / 2)))
    with ThreadPoolExecutor(workers, thread_name_prefix="capgap") as pool:
        threads = [pool.submit(_work, link, point, blocks, seconds) for _ in range(workers)]
        try:
            while wait(threads, timeout=LOOK).not_done:
                pass
        except KeyboardInterrupt:
            blocks.stopped = True  # what is under way is finished, and counts
    shares = [share for share in (thread.result() for thread in threads) if share.tally.frames]
    if not shares:
        return None, blocks.stopped
    busy = sum(share.seconds for share in shares)
    stages = [stage for share in shares for stage in share.stages]
    return (
        Measured(
            name=name,
            n=link.code.n,
            k=link.code.k,
            ebno_db=point.value,
            workers=len(shares),
            tally=sum((share.tally for share in shares), Tally()),
            # Each thread by its own clock: that some have nothing left to do at the end costs nothing.
            frames_per_second=sum(share.tally.frames / share.seconds for share in shares),
            seconds=busy,
            stages={
                stage: sum(share.stages.get(stage, 0.0) for share in shares) / busy
                for stage in dict.fromkeys(stages)
            },
        ),
        blocks.stopped,
    )


def _block_frames(link: Link, point: OperatingPoint, seconds: float) -> int:
    """How many frames take about so many seconds; at most as many as a run simulates at a time."""
    frames = GROUP
    while True:
        begin = time.perf_counter()
        link.simulate(point, 0, frames)
        took = time.perf_counter() - begin
        if took >= seconds / 2 or frames >= MAX_BLOCK:
            return min(max(round(frames * seconds / took / GROUP), 1) * GROUP, MAX_BLOCK)
        frames *= 2


def _work(link: Link, point: OperatingPoint, blocks: _Blocks, seconds: float) -> _Share:
    """What a thread does: simulate blocks for so many seconds, in whole ones and at least one."""
    link.simulate(point, 0, blocks.frames)  # not counted: this thread's memory and the caches
    tally, clock, spent, done = Tally(), Clock(), 0.0, 0
    begin = time.perf_counter()
    # A block more only if most of it fits into the time that is left.
    while not blocks.stopped and (done == 0 or spent + spent / done / 2 < seconds):
        tally += Tally.of(link.simulate(point, blocks.next(), blocks.frames, clock))
        done += 1
        spent = time.perf_counter() - begin
    return _Share(tally, spent, clock.seconds)
