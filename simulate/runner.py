"""One run: read the configuration, continue where results left off, simulate, save, draw."""

import datetime
import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .atomic import write_atomically
from .config import Config, load_config
from .engine import Engine, Point
from .errors import InputError
from .progress import make_progress
from .registry import load_plugin
from .results import FILE, Results, Row, load_results, save_results
from .yaml_file import dump_yaml

#: Seconds between two writes of the results while a run goes on.
SAVE_INTERVAL = 5.0
RESULTS_FOLDER = Path("results")


def run(
    config: str | Path | dict[str, Any] | Config,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    seed: int | None = None,
    plugins: Sequence[str] = (),
    changes: Sequence[str] = (),
    quiet: bool = True,
    save: bool = True,
) -> Results:
    """Simulate a configuration, continuing what its results folder already holds.

    Parameters
    ----------
    config
        A YAML file, the same structure as a dict, or a configuration already loaded.
    out
        The results folder; by default ``results/<name>`` in the working folder.
    workers
        Threads; by default one for each core.
    seed
        Replaces the configuration's seed.
    plugins
        Files or modules that register codes, decoders or channels.
    changes
        Replacements such as ``stop.frame_errors=50``.
    quiet
        Show no progress.
    save
        Write results and figures, and continue from results there; if False, only return them.

    Returns
    -------
    Results
        One row for each point, in the configuration's order.

    Raises
    ------
    InputError
        If anything given cannot be used; nothing has been written then.
    KeyboardInterrupt
        After Ctrl-C, with the work so far saved.
    """
    if workers is not None and workers < 1:
        raise InputError(f"--workers must be at least 1, got {workers}")
    for plugin in plugins:
        load_plugin(plugin)
    if isinstance(config, Config):
        if seed is not None or changes:
            raise InputError("seed and changes go with a configuration that is yet to be loaded")
        resolved = config
    else:
        resolved = load_config(config, seed=seed, changes=tuple(changes))
    folder = Path(out) if out is not None else results_folder(resolved)
    return _Run(resolved, folder if save else None, workers or available_cores(), quiet).run()


def results_folder(config: Config) -> Path:
    """Where results go unless something else is asked for: ``results/<name>`` in the working folder."""
    return RESULTS_FOLDER / config.name


def figure_files(
    folder: Path, name: str, rows: Sequence[Row], formats: Sequence[str]
) -> list[tuple[tuple[Row, ...], list[Path]]]:
    """What a run's figures show, and their files: one for each swept parameter, another x axis each."""
    parameters = list(dict.fromkeys(row.parameter for row in rows))
    return [
        (
            tuple(row for row in rows if row.parameter == parameter),
            [
                folder / f"{name if len(parameters) == 1 else f'{name}-{parameter}'}.{kind}"
                for kind in formats
            ],
        )
        for parameter in parameters
    ]


def available_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Run:
    def __init__(self, config: Config, folder: Path | None, workers: int, quiet: bool) -> None:
        self.config = config
        self.folder = folder
        self.workers = workers
        self.points = [Point(link, i) for link in config.links for i in range(len(link.channels))]
        self.notes: list[str] = []
        self.quiet = quiet
        self.began = datetime.datetime.now(datetime.UTC)
        self._saved = time.monotonic()

    def run(self) -> Results:
        """Simulate what is missing, save, draw."""
        try:
            return self._run()
        except OSError as error:  # a full disk, a folder that went away
            raise InputError(
                f"{self.folder}: results cannot be written: {error.strerror or error}"
            ) from error

    def _run(self) -> Results:
        changed = False
        if self.folder is not None:
            self._prepare(self.folder)
            changed = _read(self.folder / "config.yaml") != self._resolved_text(self.folder).encode()
        engine = Engine(self.points, self.config.stop, self.workers, self._committed)
        before = sum(point.tally.frames for point in self.points)
        try:
            with make_progress(self.points, self.config.stop, self.quiet) as self.progress:
                for note in self.notes:
                    self.progress.say(note)
                engine.run()
        finally:
            if self.folder is not None and self._rows():
                self._save(self.folder, engine)
        rows = self._rows()
        if self.folder is not None:
            changed |= sum(point.tally.frames for point in self.points) != before
            self._draw(self.folder, rows, changed)
        return Results(rows, self.folder)

    def _rows(self) -> tuple[Row, ...]:
        return tuple(point.row() for point in self.points if point.tally.frames)

    def _prepare(self, folder: Path) -> None:
        """Take over the results that are there, and see that new ones can be written."""
        known: dict[str, Row] = {}
        names = [
            FILE,
            "config.yaml",
            "run.json",
            *(f"{self.config.name}.{f}" for f in self.config.plot.formats),
        ]
        try:
            if (folder / FILE).exists():
                known = {row.key: row for row in load_results(folder)}
            blocked = next((folder / name for name in names if (folder / name).is_dir()), None)
            if blocked is not None:
                raise InputError(f"{blocked}: results cannot be written here: this is a folder")
            source = self.config.source
            replaced = source is not None and source.resolve() == (folder / "config.yaml").resolve()
            if replaced and _read(folder / "config.yaml") != self._resolved_text(folder).encode():
                raise InputError(f"{source}: the resolved configuration would replace this file: rename it")
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".{FILE}.{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise InputError(f"{folder}: results cannot be written here: {error.strerror}") from None
        for point in self.points:
            row = known.get(point.key)
            if row is not None and (row.n, row.k) == (point.link.code.n, point.link.code.k):
                point.tally, point.seconds, point.stop = row.tally, row.seconds, row.stop
        taken = {point.key for point in self.points}
        left = [key for key in known if key not in taken]
        if left:
            kept = _unused_name(folder)
            write_atomically(kept, (folder / FILE).read_bytes())
            self.notes.append(
                f"{len(left)} of the {len(known)} points in {folder / FILE} are not part of "
                f"this configuration, which starts anew where it differs. The old file is kept as {kept.name}"
            )
        resumed = sum(1 for point in self.points if point.tally.frames)
        if resumed:
            self.notes.append(
                f"Continuing from {folder / FILE}: {resumed} of {len(self.points)} points have frames"
            )

    def _resolved_text(self, folder: Path) -> str:
        return dump_yaml(self.config.relative_to(folder))

    def _committed(self, point: Point) -> None:
        self.progress.update(point)
        if self.folder is not None and time.monotonic() - self._saved > SAVE_INTERVAL:
            save_results(self._rows(), self.folder)
            self._saved = time.monotonic()

    def _save(self, folder: Path, engine: Engine) -> None:
        rows = self._rows()
        save_results(rows, folder)
        write_atomically(folder / "config.yaml", self._resolved_text(folder))
        ended = datetime.datetime.now(datetime.UTC)
        packages = ("capgap", "numpy", "scipy", "numba", "llvmlite")
        record = {
            "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            "seed": self.config.seed,
            "began": self.began.isoformat(timespec="seconds"),
            "ended": ended.isoformat(timespec="seconds"),
            "seconds": round((ended - self.began).total_seconds(), 3),
            "workers": self.workers,
            "complete": all(point.stop for point in self.points),
            "frames": sum(point.tally.frames - point.resumed for point in self.points),
            "frames_discarded": engine.discarded,
            "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
            "machine": {
                "system": platform.system(),
                "architecture": platform.machine(),
                "cores": available_cores(),
            },
        }
        previous = _read(folder / "run.json")
        if record["frames"] or not previous:  # a run that found all done leaves the record of the work
            write_atomically(folder / "run.json", json.dumps(record, indent=2) + "\n")

    def _draw(self, folder: Path, rows: tuple[Row, ...], changed: bool) -> None:
        for shown, files in figure_files(folder, self.config.name, rows, self.config.plot.formats):
            if not changed and all(file.exists() for file in files):
                continue
            from .figures import draw

            draw(Results(shown, folder), self.config.plot, files)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _unused_name(folder: Path) -> Path:
    number = 1
    while (folder / f"results.old-{number}.csv").exists():
        number += 1
    return folder / f"results.old-{number}.csv"
