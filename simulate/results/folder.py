"""The results folder of a run: made, held, looked through and written."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..errors import InputError
from .atomic_files import remove_leftovers, write_atomically
from .crossings import FILE as CROSSINGS
from .crossings import Crossing, format_crossings
from .folder_lock import folder_lock
from .rows import FILE, Row, format_results, load_results

CONFIGURATION = "config.yaml"
RECORD = "run.json"


class ResultsFolder:
    """The folder a run writes to: results, crossings, configuration and record.

    Files are replaced whole, and those that would stay as they are, not at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if there is none, and hold it; one made here and left empty is removed again.

        Raises InputError if it cannot be had, or something cannot be written while it is held.
        """
        made = False
        try:
            made = not self.path.exists()
            self._make()
            with folder_lock(self.path):
                yield
        except BrokenPipeError:  # whoever read what is printed has left
            raise
        except OSError as error:  # a full disk, a folder that went away
            raise InputError(f"{self.path}: results cannot be written: {error.strerror or error}") from error
        finally:
            if made:
                with suppress(OSError):  # there is something in it
                    self.path.rmdir()

    def begin(self, figures: Iterable[str], configuration: str, source: Path | None) -> tuple[Row, ...]:
        """The rows that are there; what killed runs left is removed.

        Raises InputError if the rows cannot be read, if a file cannot be written (one of the folder's own, or
        of ``figures``, the names of all that may be drawn), or if the resolved configuration would replace
        ``source``, the user's file.
        """
        names = [FILE, CROSSINGS, CONFIGURATION, RECORD, *figures]
        known: tuple[Row, ...] = ()
        if (self.path / FILE).exists():
            known = load_results(self.path).rows
        blocked = next((self.path / name for name in names if (self.path / name).is_dir()), None)
        if blocked is not None:
            raise InputError(f"{blocked}: results cannot be written here: this is a folder")
        for file in (self.path / name for name in names):
            _refuse_dangling(file, Path(os.path.realpath(file)).parent)
        replaced = source is not None and source.resolve() == (self.path / CONFIGURATION).resolve()
        if replaced and not self.has_configuration(configuration):
            raise InputError(f"{source}: the resolved configuration would replace this file: rename it")
        remove_leftovers(self.path, names)
        return known

    def has_configuration(self, text: str) -> bool:
        """Whether this is the configuration that lies beside the results."""
        return _read(self.path / CONFIGURATION) == text.encode()

    def keep_old(self) -> Path:
        """A copy of the results as they are on the disk, in a file of the next name there is none of."""
        number = 1
        while (self.path / f"results.old-{number}.csv").exists():
            number += 1
        kept = self.path / f"results.old-{number}.csv"
        write_atomically(kept, (self.path / FILE).read_bytes())
        return kept

    def save(self, configuration: str, rows: tuple[Row, ...], crossings: Sequence[Crossing]) -> None:
        """Write the configuration, the results and the crossings; a file that would be empty is removed."""
        for name, text in (
            (CONFIGURATION, configuration),
            (FILE, format_results(rows)),
            (CROSSINGS, format_crossings(crossings)),
        ):
            if not text:
                (self.path / name).unlink(missing_ok=True)
            elif text.encode() != _read(self.path / name):
                write_atomically(self.path / name, text)

    def save_record(self, record: Mapping[str, Any]) -> None:
        """Write what a run says of itself; one without new ``frames`` leaves the record of the work."""
        if record["frames"] or not (self.path / RECORD).exists():
            write_atomically(self.path / RECORD, json.dumps(record, indent=2) + "\n")

    def _make(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"{self.path}: results cannot be written here: this is a file, not a folder")
        _refuse_dangling(self.path, Path(os.path.realpath(self.path)))
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / f".{FILE}.{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise InputError(f"{self.path}: results cannot be written here: {error.strerror}") from None


def _refuse_dangling(link: Path, needed: Path) -> None:
    """Raise InputError if this is a symbolic link that needs a folder which there is not."""
    if link.is_symlink() and not needed.is_dir():
        raise InputError(
            f"{link}: results cannot be written here: this is a link to {link.readlink()}, and the folder "
            f"{needed} does not exist"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""
