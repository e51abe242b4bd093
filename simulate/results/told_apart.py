"""Curves of several results that have the same label."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from .rows import Results, Row


def told_apart(loaded: list[Results]) -> list[Results]:
    """The results, with what tells their folders apart added to labels that stand in several of them.

    Raises InputError where a folder is given twice.
    """
    added = _added(results.folder for results in loaded if results.folder is not None)
    labels = Counter(label for results in loaded for label in results.curves())

    def renamed(results: Results, item: Any) -> Any:
        if labels[item.curve] < 2 or results.folder is None:
            return item
        curve = item.curve + added[results.folder]
        alone = isinstance(item, Row) and item.group == item.curve  # it has no family but itself
        return replace(item, curve=curve, **({"group": curve} if alone else {}))

    return [
        replace(
            results,
            rows=tuple(renamed(results, row) for row in results),
            crossings=tuple(renamed(results, crossing) for crossing in results.crossings),
        )
        for results in loaded
    ]


def _added(folders: Iterable[Path]) -> dict[Path, str]:
    """What is added to the labels of each folder: the shortest end of its path that no other folder has."""
    added: dict[Path, list[str]] = {}
    places: set[Path] = set()
    for folder in folders:
        place = folder.resolve()
        if place in places:
            raise InputError(f"{folder}: these results are given twice")
        places.add(place)
        added[folder] = additions(folder)
    return {
        folder: next(one for one in own if sum(one in others for others in added.values()) == 1)
        for folder, own in added.items()
    }


def additions(folder: Path) -> list[str]:
    """What may have been added to the labels of a folder's curves: each end of its path, from the name on."""
    parts = folder.resolve().parts
    return [f" ({Path(*parts[i:]).as_posix()})" for i in range(len(parts) - 1, -1, -1)]
