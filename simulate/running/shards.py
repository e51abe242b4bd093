"""A sweep cut into independent jobs, and put together again.

Points are dealt out whole: where a point ends depends on all its frames in order, which jobs that
know nothing of each other could not tell.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.point import lacking
from ..errors import InputError
from ..text_files import read_text

if TYPE_CHECKING:
    from ..configuration.config import Config, Curve
    from ..results.rows import Row

#: Most shards of a sweep.
MOST = 100_000
#: Most bytes of the record beside results.
MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class Shard:
    """The ``number``-th of ``count`` parts of a sweep, counted from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """From ``I/N``; raises InputError if it is not of this form, or I not in 1...N."""
        match = re.fullmatch(r"\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*", text)
        number, count = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= count <= MOST:
            raise InputError(f"--shard {text}: write it as I/N, with I from 1 to N, such as 1/4")
        return cls(number, count)

    @property
    def folder(self) -> str:
        """Name of the folder its results go to."""
        return f"shard-{self.number}-of-{self.count}"

    def part_of(self, curves: "Sequence[Curve]") -> "tuple[Curve, ...]":
        """The curves with this shard's values alone; a curve with a target goes to one shard whole.

        Points are dealt in the order of their noise, those with the least first, as they take longest:
        so every shard gets its share of them.
        """
        cards: list[tuple[int, int, float | None]] = []  # rank within the curve, the curve, the value
        for index, curve in enumerate(curves):
            ordered = sorted(curve.values, key=lambda v: curve.experiment.at(v).capacity, reverse=True)
            cards += [(rank, index, value) for rank, value in enumerate(ordered)]
            if curve.target is not None:
                cards.append((0, index, None))
        dealt = sorted(cards, key=lambda card: card[:2])[self.number - 1 :: self.count]
        mine = {(index, value) for _, index, value in dealt}
        parts = []
        for index, curve in enumerate(curves):
            values = tuple(value for value in curve.values if (index, value) in mine)
            if values or (index, None) in mine:
                parts.append(replace(curve, values=values))
        return tuple(parts)


def recorded_shard(folder: Path) -> str | None:
    """The shard whose results a folder holds, as ``I/N``; None if its record names none or cannot be read."""
    try:
        shard = json.loads(read_text(folder / "run.json", MAX_BYTES))["shard"]
    except (FileNotFoundError, InputError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return shard if isinstance(shard, str) else None


def check_folder(folder: Path, shard: Shard, config: "Config", known: "Sequence[Row]") -> None:
    """Raise InputError if a folder holds points of the sweep that this shard would drop from it.

    A folder of the same shard is as it should be: its sweep may have changed meanwhile.
    """
    if recorded_shard(folder) == str(shard):
        return
    mine = {curve.experiment.label: curve for curve in shard.part_of(config.curves)}
    for row in known:
        curve = next((curve for curve in config.curves if curve.experiment.label == row.curve), None)
        if curve is not None and _belongs(curve, row):
            part = mine.get(row.curve)
            if part is None or not _belongs(part, row):
                raise InputError(
                    f"{folder}: shard {shard} would drop points of this sweep that are here, as "
                    f"'{row.curve}' at {row.parameter} = {row.value:g}: give each shard a folder of its "
                    "own with --out, and put them together with 'capgap merge'"
                )


def common_folder(folders: Sequence[Path]) -> Path:
    """The folder that holds all these shards; raises InputError if it is not clear which that is."""
    for folder in folders:
        if recorded_shard(folder) is None:
            raise InputError(
                f"{folder}: this was not run with --shard: say with --out where the merged results go"
            )
    parents = {folder.absolute().parent for folder in folders}
    if len(parents) > 1:
        raise InputError("the shards lie in different folders: say with --out where the merged results go")
    return folders[0].parent


def read_shards(
    folders: Sequence[Path], config: "Config | None" = None
) -> "tuple[Config, list[Row], list[str]]":
    """The configuration of shards, their rows, and what is missing, in words.

    ``config`` is the configuration, where it is not the one beside them. Raises InputError if they are not of
    one sweep, overlap, or lack a counter that the sweep has.
    """
    from ..results.rows import load_results

    if not folders:
        raise InputError("there is nothing to merge: no folders were given")
    places = [folder.resolve() for folder in folders]
    twice = next((folder for i, folder in enumerate(folders) if places[i] in places[:i]), None)
    if twice is not None:
        raise InputError(f"{twice}: this folder is given twice")
    first = _configuration_of(folders) if config is None else config
    rows: list[Row] = []
    found_in: dict[tuple[str, str], Path] = {}
    for folder in folders:
        for row in load_results(folder):
            point = f"'{row.curve}' at {row.parameter} = {row.value:g}"
            if (row.curve, row.key) in found_in:
                raise InputError(
                    f"{folder}: the shards overlap: {point} is in {found_in[row.curve, row.key]} too. "
                    "Give each of the shards 1/N to N/N once"
                )
            curve = next((curve for curve in first.curves if curve.experiment.label == row.curve), None)
            if curve is None or not _belongs(curve, row):
                raise InputError(f"{folder}: {point} is not part of the configuration beside it")
            lacks = lacking(curve.experiment, row)
            if lacks:
                raise InputError(
                    f"{folder}: {point} lacks {' and '.join(lacks)}, which this sweep counts: run that "
                    "shard again"
                )
            rows.append(row)
            found_in[row.curve, row.key] = folder
    missing = []
    for curve in first.curves:
        label, name = curve.experiment.label, curve.experiment.parameter
        plan = curve.plan({row.key: row for row in rows if row.curve == label})
        if plan.done:
            continue
        begun = [point.value for point in plan.points if point.tally.frames and not point.stop]
        absent = [point.value for point in plan.points if not point.tally.frames]
        for values, what in ((absent, "in no shard yet"), (begun, "not finished")):
            if values:
                missing.append(f"{label}: {name} = {', '.join(f'{x:g}' for x in values)} is {what}")
    return first, rows, missing


def _configuration_of(folders: Sequence[Path]) -> "Config":
    """What lies beside the rows of all shards; raises InputError if that is not one sweep."""
    from ..configuration.load import load_config

    configs = []
    for folder in folders:
        if not (folder / "config.yaml").is_file():
            raise InputError(f"{folder}: this is no shard: it has no config.yaml")
        configs.append(load_config(folder / "config.yaml"))
    for folder, config in zip(folders[1:], configs[1:], strict=True):
        difference = _difference(configs[0], config)
        if difference:
            raise InputError(f"{folder}: this is a shard of another sweep than {folders[0]}: {difference}")
    return configs[0]


def _belongs(curve: "Curve", row: "Row") -> bool:
    """Whether a row is a point of a curve."""
    if curve.target is None and row.value not in curve.values:
        return False
    try:
        return str(curve.experiment.at(row.value).key) == row.key
    except ValueError:  # no channel has that value
        return False


def _difference(a: "Config", b: "Config") -> str:
    """Why two configurations are not of one sweep; "" if they are."""
    if a.name != b.name:
        return f"its name is '{b.name}', not '{a.name}'"
    if a.seed != b.seed:
        return f"its seed is {b.seed}, not {a.seed}"
    names = [[curve.experiment.label for curve in config.curves] for config in (a, b)]
    if names[0] != names[1]:
        return "it has other curves"
    for one, other in zip(a.curves, b.curves, strict=True):
        label = one.experiment.label
        if one.experiment.identity != other.experiment.identity:
            return f"'{label}' is another code, decoder or channel there"
        if (one.values, one.range) != (other.values, other.range):
            return f"'{label}' has other values of {one.experiment.parameter} there"
        if (one.stop, one.target) != (other.stop, other.target):
            return f"'{label}' has other stop rules or another target there"
    return ""
