"""A configuration: curves that can be simulated, and how they are shown."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..engine.experiment import Experiment
from ..engine.plans import Plan, SweepPlan
from ..engine.target_search import TargetPlan
from ..errors import InputError
from ..link.link import Link
from ..results.rows import Row
from ..statistics.stop_rules import StopRules, Target
from .models import PlotOptions


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of a configuration.

    Attributes
    ----------
    experiment
        What is simulated: a link, or any other experiment that was made in Python.
    values
        Of its parameter, in order; with a target none.
    stop
        When points, and the curve, end.
    target
        The error rate to look for; None for a sweep.
    range
        With a target: the least and the greatest value it is looked for at; None if no range is given.
    """

    experiment: Experiment[Any]
    values: tuple[float, ...]
    stop: StopRules
    target: Target | None = None
    range: tuple[float, float] | None = None

    @property
    def link(self) -> Link:
        """The experiment; raises InputError if that is no link."""
        if not isinstance(self.experiment, Link):
            raise InputError(f"'{self.experiment.label}' is no link: there is no code, channel and decoder")
        return self.experiment

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of the point at each value."""
        return tuple(self.experiment.at(value).key for value in self.values)

    def plan(self, known: Mapping[str, Row]) -> Plan:
        """How the curve's points are chosen, going on from known rows, which are found by their keys."""
        if self.target is not None:
            return TargetPlan(self.experiment, self.target, self.range, self.stop, known)
        return SweepPlan(self.experiment, self.values, self.stop, known)


@dataclass(frozen=True)
class Config:
    """A configuration, resolved and checked.

    Attributes
    ----------
    name, seed, stop, plot
        As configured.
    curves
        In order; labels are distinct.
    resolved
        The whole configuration as plain data with every default filled in and sweeps expanded.
        Names of files in it are absolute.
    source
        The file it was read from; None if it came from Python.
    """

    name: str
    seed: int
    curves: tuple[Curve, ...]
    stop: StopRules
    plot: PlotOptions
    resolved: dict[str, Any]
    source: Path | None = None

    def relative_to(self, folder: Path) -> dict[str, Any]:
        """``resolved`` with the names of files relative to ``folder``, so that it can be run from there."""

        def convert(value: Any) -> Any:
            if isinstance(value, Path):
                return os.path.relpath(value.absolute(), folder.absolute())
            if isinstance(value, dict):
                return {key: convert(inner) for key, inner in value.items()}
            return [convert(inner) for inner in value] if isinstance(value, list) else value

        result: dict[str, Any] = convert(self.resolved)
        return result
