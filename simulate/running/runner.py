"""One run: read the configuration, continue where results left off, simulate, save, draw."""

import datetime
import os
import shlex
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ...vectors.whole_numbers import whole_number
from ..analysis.doubts import doubts
from ..configuration.config import Config, Curve
from ..configuration.load import load_config
from ..configuration.models import PlotOptions
from ..configuration.yaml_file import dump_yaml
from ..content.files import figure_files
from ..content.left_out import left_out
from ..engine.engine import Engine
from ..engine.malloc import give_back_freed_memory
from ..engine.plans import Plan
from ..engine.point import Point, lacking
from ..engine.workers import Threads, Workers
from ..errors import InputError
from ..link.link import Link
from ..registry.plugin_record import plugins_for_record
from ..registry.plugins import load_plugin
from ..results.crossings import Crossing
from ..results.environment import available_cores, machine, versions
from ..results.folder import ResultsFolder
from ..results.rows import FILE, Results, Row
from ..theory.figure_support import FIGURE_SUPPORT
from .background_figures import BackgroundFigures
from .progress import Progress, make_progress
from .shards import Shard, check_folder, common_folder, read_shards

#: Seconds between two writes of the results while a run goes on.
SAVE_INTERVAL = 5.0
RESULTS_FOLDER = Path("results")

#: A figure: its kind, the results it shows, its files.
Drawn = tuple[str, Results, Sequence[Path]]


def run(
    config: str | Path | Mapping[str, Any] | Config,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    seed: int | None = None,
    cluster: str | None = None,
    shard: str | None = None,
    plugins: str | Sequence[str] = (),
    changes: str | Sequence[str] = (),
    quiet: bool = True,
    save: bool = True,
) -> Results:
    """Simulate a configuration, continuing what its results folder already holds.

    Parameters
    ----------
    config
        A YAML file, the same structure as a dict (see ``load_config``), or a configuration already loaded.
    out
        The results folder; by default ``results/<name>`` in the working folder.
    workers
        Threads; by default one for each core.
    seed
        Replaces the configuration's seed.
    cluster
        Address of a Dask scheduler, or ``local:N`` for N processes on this machine: they compute
        instead of threads. Needs the ``cluster`` extra.
    shard
        ``I/N``: only the I-th of N parts of the points, to be put together with ``merge``.
    plugins
        Files or modules that register codes, decoders or channels; one by itself will do.
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
        After Ctrl-C, with the work so far saved and drawn; a second one does not wait for the figures.
    """
    if workers is not None:
        try:
            workers = whole_number(workers, "--workers")
        except ValueError as error:
            raise InputError(str(error)) from None
        if workers < 1:
            raise InputError(f"--workers must be at least 1, got {workers}")
    if workers is not None and cluster is not None:
        raise InputError(
            "--workers counts threads of this machine, and --cluster computes elsewhere: give one"
        )
    for plugin in [plugins] if isinstance(plugins, str) else plugins:
        load_plugin(plugin)
    if isinstance(config, Config):
        if seed is not None or changes:
            raise InputError("seed and changes go with a configuration that is yet to be loaded")
        resolved = config
    else:
        resolved = load_config(config, seed=seed, changes=changes)
    part = None if shard is None else Shard.parse(shard)
    folder = Path(out) if out is not None else results_folder(resolved, part)
    threads = workers or available_cores()
    return _Run(resolved, folder if save else None, threads, quiet, cluster, part).run()


def merge(
    folders: str | Path | Sequence[str | Path],
    out: str | Path | None = None,
    *,
    config: Config | None = None,
) -> Results:
    """Put the shards of one sweep together, into what one run without shards gives.

    Parameters
    ----------
    folders
        Results folders of runs with ``shard``, of one configuration.
    out
        The results folder to make; by default the folder that holds all the shards, if one does.
    config
        What the shards are of, where it was made in Python; by default what lies beside them.

    Returns
    -------
    Results
        All points, in the configuration's order, as also saved and drawn.

    Raises
    ------
    InputError
        If the folders are not shards of one sweep, hold a point twice, or lack a counter; nothing has been
        written then.
    """
    shards = [Path(folder) for folder in ([folders] if isinstance(folders, str | Path) else folders)]
    config, rows, missing = read_shards(shards, config)
    folder = Path(out) if out is not None else common_folder(shards)
    return _Run(config, folder, 1, True).gather(rows, missing)


def results_folder(config: Config, shard: Shard | None = None) -> Path:
    """Where results go unless something else is asked for: ``results/<name>`` in the working folder."""
    folder = RESULTS_FOLDER / config.name
    return folder if shard is None else folder / shard.folder


class _Run:
    def __init__(
        self,
        config: Config,
        folder: Path | None,
        threads: int,
        quiet: bool,
        cluster: str | None = None,
        shard: Shard | None = None,
    ) -> None:
        self.config = config
        self.folder = None if folder is None else ResultsFolder(folder)
        self.threads = threads
        self.quiet = quiet
        self.cluster = cluster
        self.shard = shard
        self.curves = config.curves if shard is None else shard.part_of(config.curves)
        self.plans: list[Plan] = []
        self.notes: list[str] = []
        self._kept: list[str] = []  # what is said of files kept, also to who asks for quiet
        self.progress = Progress()
        self.engine: Engine | None = None
        self.began = datetime.datetime.now(datetime.UTC)
        self._begun = time.monotonic()
        self._saved = -float("inf")
        self._background = BackgroundFigures()
        self._drawing = False  # at the end of the run, or for Ctrl-C

    @property
    def points(self) -> list[Point]:
        """The points of all curves, in order."""
        return [point for plan in self.plans for point in plan.points]

    def run(self) -> Results:
        """Simulate what is missing, save, draw."""
        with ExitStack() as held:
            if self.folder is not None:
                held.enter_context(self.folder.held())
            return self._run(held)

    def gather(self, rows: Sequence[Row], missing: Sequence[str]) -> Results:
        """Save and draw points that were all simulated elsewhere, as one run would have left them."""
        assert self.folder is not None
        with self.folder.held():
            before = self._begin(self.folder)
            # What is there already, and further, stays: frames of one key are the same.
            found = {(row.curve, row.key): row.frames for row in rows}
            further = [row for row in before if row.frames > found.get((row.curve, row.key), 0)]
            self.plans = [curve.plan(self._known(curve, (*rows, *further))) for curve in self.curves]
            self._note_known(self.folder, before)
            return self._finish(changed=True, notes=missing, keep=False)

    def _run(self, held: ExitStack) -> Results:
        known: Sequence[Row] = ()
        changed = False
        if self.folder is not None:
            known = self._begin(self.folder)
            changed = not self.folder.has_configuration(self._configuration)
        self.plans = [curve.plan(self._known(curve, known)) for curve in self.curves]
        if self.folder is not None:
            if self.shard is not None:
                check_folder(self.folder.path, self.shard, self.config, known)
            self._note_known(self.folder, known)
            self._note_resumed(self.folder)
        before = sum(point.tally.frames for point in self.points)
        if not all(plan.done for plan in self.plans):
            workers = held.enter_context(self._workers())
            self.engine = Engine(self.plans, workers, self._committed, lambda: self.progress.look())
            self.progress = make_progress(self.plans, workers, self.quiet)
        else:
            self.progress = make_progress(self.plans, None, self.quiet)
        try:
            with self.progress:
                for note in self.notes:
                    self.progress.say(note)
                if self.engine is not None:
                    self.engine.run()
            return self._finish(changed or sum(point.tally.frames for point in self.points) != before)
        except BaseException as error:  # Ctrl-C, above all
            self._save()
            if isinstance(error, KeyboardInterrupt) and not self._drawing:
                self._draw_interrupted()
            raise

    def _workers(self) -> Workers:
        if self.cluster is None:
            return Threads(self.threads)
        from ..engine.cluster import Cluster

        return Cluster(self.cluster, [curve.experiment for curve in self.curves])

    def _finish(self, changed: bool, notes: Iterable[str] = (), keep: bool = True) -> Results:
        beyond = [point for plan in self.plans for point in plan.beyond_end() if point.tally.frames]
        if beyond and keep and self.folder is not None:
            changed = True
            kept = self.folder.keep_old()
            self._kept.append(
                f"{len(beyond)} points of an earlier run lie beyond the end of their curves, and are left "
                f"out. The old file is kept as {kept.name}"
            )
            self.progress.say(self._kept[-1])
        for point in beyond:
            point.forget()
        results = Results(
            self._rows(),
            self._path,
            crossings=self._crossings(),
            notes=(
                *(self._kept if self.quiet else ()),
                *notes,
                *(plan.note for plan in self.plans if plan.note),
            ),
            warnings=tuple(doubts(self.points)),
        )
        if self.folder is not None:
            self._save()
            results = replace(results, notes=(*results.notes, *self._left_out(results)))
            self._draw(self._figures(results, changed), True)
        return results

    def _rows(self) -> tuple[Row, ...]:
        return tuple(point.row() for point in self.points if point.tally.frames)

    def _crossings(self) -> tuple[Crossing, ...]:
        found = (plan.crossing for plan in self.plans)
        return tuple(crossing for crossing in found if crossing is not None)

    def _known(self, curve: Curve, rows: Sequence[Row]) -> dict[str, Row]:
        """Rows that a curve may go on with, by key: its own, or those of a label that is no longer used.

        Two curves may have the same key, and other stop rules.
        """
        labels = {each.experiment.label for each in self.config.curves}
        renamed = {row.key: row for row in rows if row.curve not in labels}
        return renamed | {row.key: row for row in rows if row.curve == curve.experiment.label}

    def _begin(self, folder: ResultsFolder) -> tuple[Row, ...]:
        """See that results can be written, and return those that are there."""
        plot, name = self.config.plot, self.config.name
        parameters = dict.fromkeys(curve.experiment.parameter for curve in self.config.curves)
        stems = [name, *(f"{name}-{part}" for part in (*plot.kinds, *parameters))]
        figures = [f"{stem}.{ending}" for stem in stems for ending in plot.formats]
        return folder.begin(figures, self._configuration, self.config.source)

    def _note_known(self, folder: ResultsFolder, known: Sequence[Row]) -> None:
        """Keep a copy of what was there and this run does not go on with, and say so."""
        taken = {point.key: point.experiment for point in self.points}
        left = [row for row in known if row.key not in taken or lacking(taken[row.key], row)]
        if left:
            kept = folder.keep_old()
            self._kept.append(
                f"{len(left)} of the {len(known)} points in {folder.path / FILE} are not part of "
                f"this configuration, which starts anew where it differs. The old file is kept as {kept.name}"
            )
            self.notes.append(self._kept[-1])

    def _note_resumed(self, folder: ResultsFolder) -> None:
        resumed = sum(1 for point in self.points if point.resumed)
        if resumed:
            self.notes.append(
                f"Continuing from {folder.path / FILE}: {resumed} of {len(self.points)} points have frames"
            )

    @property
    def _path(self) -> Path | None:
        return None if self.folder is None else self.folder.path

    @cached_property
    def _configuration(self) -> str:
        """The resolved configuration, as it is written beside the results."""
        assert self.folder is not None
        return dump_yaml(self.config.relative_to(self.folder.path))

    def _committed(self, point: Point) -> None:
        self.progress.update(point)
        if self.folder is not None and time.monotonic() - self._saved > SAVE_INTERVAL:
            self._save()
            if self._background.due:
                figures = self._so_far()
                self._background.start(lambda: _draw_all(figures, self.config.plot))

    def _save(self) -> None:
        """Write what there is; nothing before the first frames."""
        if self.folder is None:
            return
        rows = self._rows()
        if not (rows or self.shard is not None):
            return
        self.folder.save(self._configuration, rows, self._crossings())
        self._saved = time.monotonic()
        self.folder.save_record(self._record(self.folder.path))

    def _record(self, folder: Path) -> dict[str, Any]:
        # Clocks are set back now and then: the end is never before the beginning, and seconds are counted.
        ended = max(datetime.datetime.now(datetime.UTC), self.began)
        return {
            "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            "plugins": plugins_for_record(folder),
            "seed": self.config.seed,
            **({"shard": str(self.shard)} if self.shard is not None else {}),
            "began": self.began.isoformat(timespec="seconds"),
            "ended": ended.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self._begun, 3),
            "workers": self.cluster or self.threads,
            "complete": all(plan.done for plan in self.plans),
            "frames": sum(point.tally.frames - point.resumed for point in self.points),
            "frames_discarded": 0 if self.engine is None else self.engine.discarded,
            "versions": versions(),
            "machine": machine(),
        }

    def _figures(self, results: Results, changed: bool) -> list[Drawn]:
        """The figures to draw: all, or those that are missing; a shard has none."""
        if self.folder is None or self.shard is not None or not results.rows:
            return []
        made = figure_files(self.folder.path, self.config.name, results.rows, self.config.plot)
        return [
            (kind, replace(results, rows=shown), files)
            for kind, shown, files in made
            if changed or not all(file.exists() for file in files)
        ]

    def _left_out(self, results: Results) -> list[str]:
        """What the figures are asked to show and cannot show; a shard has none."""
        if self.shard is not None:
            return []
        experiments = (curve.experiment for curve in self.config.curves)
        links = {each.label: each for each in experiments if isinstance(each, Link)}
        return left_out(results, self.config.plot, links)

    def _so_far(self) -> list[Drawn]:
        """The figures of what there is now, less those that take long and hardly change."""
        figures = self._figures(Results(self._rows(), self._path, crossings=self._crossings()), changed=True)
        costly = {kind for kind, support in FIGURE_SUPPORT.items() if support.costly}
        return [figure for figure in figures if figure[0] not in costly]

    def _draw_interrupted(self) -> None:
        """Draw what there is after Ctrl-C; another one ends that, and what cannot be drawn is left out."""
        figures = self._so_far()
        if figures:
            self.progress.say("Interrupted: saved, drawing what there is; Ctrl-C again ends at once")
            with suppress(InputError):
                self._draw(figures)

    def _draw(self, figures: Sequence[Drawn], final: bool = False) -> None:
        self._drawing = True
        self._background.wait()
        old = {file: file.stat() for _, _, files in figures for file in files if final and file.exists()}
        try:
            _draw_all(figures, self.config.plot)
        except BaseException:
            # Nothing may be left that the next run, with nothing to do, takes for a figure of these results.
            for file, stat in old.items():
                if file.exists() and os.path.samestat(stat, file.stat()):
                    file.unlink()
            raise


def _draw_all(figures: Sequence[Drawn], options: PlotOptions) -> None:
    if figures:
        from ..figures import draw_all

        give_back_freed_memory()  # Matplotlib comes on top of what the workers have left
        draw_all(figures, options)
        give_back_freed_memory()
