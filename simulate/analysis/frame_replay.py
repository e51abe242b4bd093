"""Frames of a point made again, from seed and number alone, with what became of each."""

import dataclasses
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP
from ..configuration.config import Config, Curve
from ..configuration.load import load_config
from ..engine.point import MAX_BLOCK
from ..errors import InputError, nearest
from ..harq.harq_link import HarqLink
from ..link.link import Link, OperatingPoint
from ..registry.plugin_record import recorded_plugins
from ..results.atomic_files import write_atomically
from ..results.rows import FILE, Row, load_results

if TYPE_CHECKING:
    from rich.console import Group

#: How close a value has to be to a point's: values are shown with six digits.
CLOSE = 1e-5
#: Most values, wrong bits, and syndrome weights that are written out.
MOST_VALUES, MOST_BITS, MOST_WEIGHTS = 20, 24, 16
#: Most characters of a sparkline, and its characters from 0 to the largest value.
MOST_COLUMNS, SPARKS = 48, "·▁▂▃▄▅▆▇█"

#: What became of a frame. In the second case the decoder doubts what is right, such as a coin that fell well.
CORRECT, DOUBTED = "correct", "correct, but declared wrong"
DETECTED, UNDETECTED = "detected error", "UNDETECTED error"


@dataclass(frozen=True, eq=False)
class ReplayedFrame:
    """One frame, sent and decoded again.

    Attributes
    ----------
    number
        Of the frame, from 0.
    bits, word
        uint8 (k) and (n): information bits and coded bits sent.
    received
        What the channel made of them, as the channel returns it.
    llr
        float32 (n): its LLRs.
    decoded
        uint8 (k): decoded information bits.
    ok
        Whether the decoder declared them right.
    iterations
        What the decoder spent.
    distance
        Hamming distance between ``word`` and the codeword of ``decoded``: a distance of the code. If
        the decoder ended at no codeword, this one is only what its information bits stand for.
    unsatisfied, undecided
        int32 (iterations + 1): unsatisfied checks, and variables with LLR 0, after 0, 1, ... iterations,
        see ``capgap.codes.decoder.Trace``. Only the first where the decoder does not iterate or
        does not tell; empty for codes without checks.
    """

    number: int
    bits: npt.NDArray[np.uint8]
    word: npt.NDArray[np.uint8]
    received: npt.NDArray[Any]
    llr: npt.NDArray[np.float32]
    decoded: npt.NDArray[np.uint8]
    ok: bool
    iterations: int
    distance: int
    unsatisfied: npt.NDArray[np.int32]
    undecided: npt.NDArray[np.int32]

    @property
    def channel_errors(self) -> int:
        """Coded bits that the signs of the LLRs get wrong; erased ones are not counted."""
        return int(np.count_nonzero(((self.llr < 0) != self.word) & (self.llr != 0)))

    @property
    def erasures(self) -> int:
        """Coded bits with an LLR of exactly 0."""
        return int(np.count_nonzero(self.llr == 0))

    @property
    def wrong_bits(self) -> list[int]:
        """Positions of the wrong information bits, from 0."""
        positions: list[int] = np.flatnonzero(self.bits != self.decoded).tolist()
        return positions

    @property
    def bit_errors(self) -> int:
        """How many information bits are wrong."""
        return len(self.wrong_bits)

    @property
    def outcome(self) -> str:
        """What became of the frame: one of the constants of this module."""
        if self.bit_errors:
            return UNDETECTED if self.ok else DETECTED
        return CORRECT if self.ok else DOUBTED

    def as_dict(self) -> dict[str, Any]:
        """What is told of the frame, as plain data fit for JSON; not the arrays of its bits."""
        return {
            "frame": self.number,
            "outcome": self.outcome,
            "ok": self.ok,
            "channel_errors": self.channel_errors,
            "erasures": self.erasures,
            "bit_errors": self.bit_errors,
            "wrong_bits": self.wrong_bits,
            "distance": self.distance,
            "iterations": self.iterations,
            "syndrome_weights": self.unsatisfied.tolist(),
            "undecided": self.undecided.tolist(),
        }


@dataclass(frozen=True, eq=False)
class Replay:
    """Replayed frames of one point.

    Attributes
    ----------
    curve, code, decoder, channel, parameter, value, n, k, key, modulation, interleaver, receiver
        The point, as in ``results.csv``; the last three are empty where there is none.
    seed
        The configuration's.
    checks
        Number of parity checks; None if nothing is told of them.
    frames_counted, frame_errors
        The point's counts.
    frames
        The replayed frames, by ascending number.
    notes
        What else there is to know, a sentence each.
    """

    curve: str
    code: str
    decoder: str
    channel: str
    parameter: str
    value: float
    n: int
    k: int
    key: str
    seed: int
    checks: int | None
    frames_counted: int
    frame_errors: int
    frames: tuple[ReplayedFrame, ...]
    notes: tuple[str, ...] = ()
    modulation: str = ""
    interleaver: str = ""
    receiver: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Everything but the arrays of bits and LLRs, as plain data fit for JSON."""
        data = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**data, "frames": [frame.as_dict() for frame in self.frames], "notes": list(self.notes)}

    def report(self, *, unicode: bool = True) -> "Group":
        """A report to be printed by rich; without ``unicode`` it is ASCII but for the names in it."""
        from rich.console import Group
        from rich.text import Text

        interleaver = self.interleaver and f"interleaver {self.interleaver}"
        receiver = self.receiver and f"receiver {self.receiver}"
        parts_of_link = self.code, interleaver, self.modulation, self.decoder, receiver, self.channel
        link = ", ".join(filter(None, parts_of_link))
        heading = (
            f"{self.curve} at {self.parameter} = {self.value:g}"
            f"\n{link}; {self.n} bits sent for {self.k}"
            f"\n{self.frame_errors:,} of {self.frames_counted:,} frames wrong; the first frame is frame 0"
            f"\nseed {self.seed}, key {self.key}"
        )
        parts = [Text(heading), Text(), self._table(), Text(), self._details(unicode)]
        notes = list(self.notes)
        if not all(frame.ok for frame in self.frames):
            notes.append("distance in brackets: the decoder declared an error, it may have found no codeword")
        return Group(*parts, *([Text()] * bool(notes)), *map(Text, notes))

    def _table(self) -> Any:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        erased = any(frame.erasures for frame in self.frames)
        table.add_column("frame", justify="right")
        table.add_column("what became of it", overflow="fold")
        for heading in ("received wrong", *["erased"] * erased, "decoded wrong", "distance", "iterations"):
            table.add_column(heading, justify="right")
        for frame in self.frames:
            counts = [frame.channel_errors, *[frame.erasures] * erased, frame.bit_errors]
            distance = f"{frame.distance}" if frame.ok else f"({frame.distance})"
            cells = [f"{frame.number:,}", frame.outcome, *map(str, counts), distance, str(frame.iterations)]
            style = {DETECTED: "yellow", UNDETECTED: "red"}.get(frame.outcome, "")
            table.add_row(*map(Text, cells), style=style)
        return table

    def _details(self, unicode: bool) -> Any:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(justify="right")
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for frame in self.frames:
            rows = []
            if len(frame.unsatisfied):
                rows.append((f"unsatisfied of {self.checks} checks", _course(frame.unsatisfied, unicode)))
            if frame.undecided.any():
                rows.append(("undecided variables", _course(frame.undecided, unicode)))
            wrong = frame.wrong_bits
            if wrong:
                more = f" and {len(wrong) - MOST_BITS} more" if len(wrong) > MOST_BITS else ""
                rows.append(("wrong information bits", " ".join(map(str, wrong[:MOST_BITS])) + more))
            for i, row in enumerate(rows):
                table.add_row(*map(Text, ("" if i else f"{frame.number:,}", *row)))
        return table

    def save(self, path: str | Path) -> Path:
        """Write the frames as ``.npz``, which is added to a name without an ending; returns the file.

        Arrays have a row a frame: ``frame``, ``bits``, ``word``, ``received``, ``llr``, ``decoded``,
        ``ok``, ``iterations``, ``distance``, and ``syndrome_weights`` and ``undecided``, which are filled
        up with -1. The identity is in scalars named as the attributes. Nothing in it is pickled.

        Raises InputError if it cannot be written.
        """
        path = _npz_path(path)
        received = np.stack([frame.received for frame in self.frames])
        if received.dtype.hasobject:
            raise InputError(f"{path}: what this channel returns are Python objects, which are not saved")
        scalars = ["curve", "code", "decoder", "channel", "parameter", "value", "n", "k", "key", "seed"]
        scalars += [name for name in ("modulation", "interleaver", "receiver") if getattr(self, name)]
        arrays: dict[str, Any] = {name: np.array(getattr(self, name)) for name in scalars}
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            frame=np.array([frame.number for frame in self.frames], np.int64),
            bits=np.stack([frame.bits for frame in self.frames]),
            word=np.stack([frame.word for frame in self.frames]),
            received=received,
            llr=np.stack([frame.llr for frame in self.frames]),
            decoded=np.stack([frame.decoded for frame in self.frames]),
            ok=np.array([frame.ok for frame in self.frames], np.bool_),
            iterations=np.array([frame.iterations for frame in self.frames], np.int32),
            distance=np.array([frame.distance for frame in self.frames], np.int32),
            syndrome_weights=_padded([frame.unsatisfied for frame in self.frames]),
            undecided=_padded([frame.undecided for frame in self.frames]),
            **arrays,
        )
        try:
            write_atomically(path, buffer.getvalue())
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from None
        return path


def replay(
    results: str | Path,
    curve: str,
    at: float,
    *,
    frame: int | None = None,
    failed: int | None = None,
    save: str | Path | None = None,
) -> Replay:
    """Send and decode frames of a point again, from the configuration that lies with its results.

    Parameters
    ----------
    results
        A results folder.
    curve
        The curve's label.
    at
        The channel parameter's value, one that the curve has a point at; five digits of it are enough.
    frame
        Number of one frame, from 0; it may lie beyond those counted.
    failed
        So many wrong frames, the first ones, or all if the point has fewer. 1 if neither is given.
        They are looked for by simulating the point from its beginning, in this thread.
    save
        Also write the frames there, see ``Replay.save``.

    Raises
    ------
    InputError
        If there are no such results, curve, point or frames, or if the configuration no longer makes
        the frames that were counted. The message says what there is.
    """
    if frame is not None and failed is not None:
        raise InputError("give a frame's number or how many failed frames, not both")
    failed = 1 if frame is None and failed is None else failed
    if frame is not None and not 0 <= frame < 2**63:
        raise InputError(f"frame must be a number from 0 to 2^63 - 1, got {frame}")
    if failed is not None and failed < 1:
        raise InputError(f"failed must be at least 1, got {failed}")
    if save is not None:
        _npz_path(save)  # told before the search, not after it
    config, link, point, row = _find(Path(results), curve, at)
    notes = []
    if frame is not None:
        numbers = [frame]
        if frame >= row.frames:
            notes.append(f"frame {frame:,} was not counted: the point has frames 0 to {row.frames - 1:,}")
    else:
        assert failed is not None
        if row.frame_errors == 0:
            raise InputError(
                f"'{curve}' has no wrong frame at {row.parameter} = {row.value:g}, among {row.frames:,}: "
                "name a frame by its number"
            )
        if failed > row.frame_errors:
            notes.append(f"the point has {row.frame_errors:,} wrong frames, not {failed:,}")
        numbers = _wrong_frames(link, point, row, min(failed, row.frame_errors))
    frames, checks = _replayed(link, point, numbers)
    replayed = Replay(
        curve=row.curve,
        code=row.code,
        decoder=row.decoder,
        channel=row.channel,
        parameter=row.parameter,
        value=row.value,
        n=row.n,
        k=row.k,
        key=row.key,
        seed=config.seed,
        checks=checks,
        frames_counted=row.frames,
        frame_errors=row.frame_errors,
        frames=tuple(frames),
        notes=tuple(notes),
        modulation=row.modulation,
        interleaver=row.interleaver,
        receiver=row.receiver,
    )
    if save is not None:
        replayed.save(save)
    return replayed


def _find(path: Path, label: str, at: float) -> tuple[Config, Link, OperatingPoint, Row]:
    """The point at a value of a curve of a results folder, as configured and as counted."""
    loaded = load_results(path)
    assert loaded.folder is not None
    if not (loaded.folder / "config.yaml").is_file():
        raise InputError(f"{loaded.folder}: there is no config.yaml to make the frames of the results from")
    config = load_config(loaded.folder / "config.yaml")
    curves = {curve.link.label: curve for curve in config.curves}
    if label not in curves:
        listed = ", ".join(f"'{name}'" for name in curves)
        raise InputError(
            f"{path}: there is no curve '{label}'.{nearest(label, curves)} The curves are {listed}"
        )
    curve = curves[label]
    rows = loaded.curves().get(label, [])
    value = _nearest_value(curve, rows, at, str(path))
    point = curve.link.at(value)
    row = next((row for row in rows if row.value == value and row.key == point.key), None)
    if row is None:
        names = ", ".join(recorded_plugins(loaded.folder))
        plugins = f" (the run had {names})" if names else ""
        raise InputError(
            f"{path}: the frames of '{label}' at {curve.link.parameter} = {value:g} in {FILE} are not those "
            f"of config.yaml: another version of capgap, a plugin{plugins} or a file counted them, or the "
            "configuration was changed; 'capgap run' counts them anew"
        )
    if isinstance(curve.link, HarqLink):
        raise InputError(
            f"{path}: '{label}' sends frames again (harq): a frame is several words, and replay shows one"
        )
    return config, curve.link, point, row


def _nearest_value(curve: Curve, rows: Sequence[Row], at: float, path: str) -> float:
    """The value of the curve's row that ``at`` means."""
    name = f"'{curve.link.label}'"
    values = sorted({row.value for row in rows}, key=lambda value: abs(value - at))
    if values and math.isclose(values[0], at, rel_tol=CLOSE, abs_tol=1e-9):
        return values[0]
    here = f"{curve.link.parameter} = {at:g}"
    if any(math.isclose(value, at, rel_tol=CLOSE, abs_tol=1e-9) for value in curve.values):
        raise InputError(f"{path}: no frame of {name} was simulated at {here}")
    if not values:
        raise InputError(f"{path}: no frame of {name} was simulated")
    kept = sorted(values[:MOST_VALUES])
    which = (
        f"the {MOST_VALUES} nearest of its {len(values)} points are"
        if len(values) > MOST_VALUES
        else "it has"
    )
    listed = ", ".join(f"{value:.6g}" for value in kept)
    raise InputError(
        f"{path}: {name} has no point at {here}. Did you mean {values[0]:.6g}? Of points {which} {listed}"
    )


def _wrong_frames(link: Link, point: OperatingPoint, row: Row, count: int) -> list[int]:
    """Numbers of the first ``count`` wrong frames, of which the row has as many."""
    found: list[int] = []
    first, size = 0, link.pass_frames
    while first < row.frames and len(found) < count:
        counts = link.simulate(point, first, min(size, row.frames - first))
        found += (counts.wrong + first).tolist()
        first, size = first + counts.frames, min(2 * size, MAX_BLOCK)
    if len(found) < count:
        raise InputError(
            f"'{row.curve}' at {row.parameter} = {row.value:g} has {row.frame_errors:,} wrong frames among "
            f"{row.frames:,} in {FILE}, but only {len(found):,} when they are simulated again: something "
            "that makes or decodes them has changed"
        )
    return found[:count]


def _replayed(
    link: Link, point: OperatingPoint, numbers: Sequence[int]
) -> tuple[list[ReplayedFrame], int | None]:
    """The frames of these numbers; and how many parity checks there are, None if that is not known."""
    frames, checks = [], None
    for start in range(0, len(numbers), GROUP):
        # Decoders take as long for one frame as for many side by side, and tracing takes the longest.
        batch = [link.send(point, number, 1) for number in numbers[start : start + GROUP]]
        trace = point.decoder.trace(np.concatenate([sent.llr for sent in batch]))
        checks = None if trace is None else trace.checks
        for i, sent in enumerate(batch):
            rows = int(sent.result.iterations[0]) + 1
            nothing = np.empty(0, np.int32)
            frames.append(
                ReplayedFrame(
                    number=sent.first,
                    bits=sent.bits[0],
                    word=sent.word[0],
                    received=sent.received[0],
                    llr=sent.llr[0],
                    decoded=sent.result.bits[0],
                    ok=bool(sent.result.ok[0]),
                    iterations=rows - 1,
                    distance=int(np.count_nonzero(point.code.encode(sent.result.bits) != sent.word)),
                    unsatisfied=nothing if trace is None else trace.unsatisfied[:rows, i],
                    undecided=nothing if trace is None else trace.undecided[:rows, i],
                )
            )
    return frames, checks


def _npz_path(path: str | Path) -> Path:
    """The file to save to; raises InputError if it has another ending, or its folder does not exist."""
    path = Path(path)
    if not path.suffix:
        path = path.with_name(f"{path.name}.npz") if path.name else path
    if path.suffix != ".npz" or path.is_dir():
        raise InputError(f"{path}: frames are saved to a file whose name ends with .npz")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")
    return path


def _padded(rows: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    """Rows of different lengths as one array, filled up with -1."""
    padded = np.full((len(rows), max(map(len, rows))), -1, np.int32)
    for out, row in zip(padded, rows, strict=True):
        out[: len(row)] = row
    return padded


def _course(counts: npt.NDArray[np.int32], unicode: bool) -> str:
    """How a count went, as numbers, the middle left out if they are many; with a sparkline."""
    numbers, gap = [str(count) for count in counts], "  "
    if len(numbers) > MOST_WEIGHTS:
        half = MOST_WEIGHTS // 2
        numbers, gap = [*numbers[:half], "…" if unicode else "...", *numbers[-half:]], "\n"
    text = " ".join(numbers)
    return f"{text}{gap}{_sparkline(counts)}" if unicode and len(counts) > 1 else text


def _sparkline(counts: npt.NDArray[np.int32]) -> str:
    """A bar a count, or, of many, the largest of a few neighbours; the full height is the largest of all."""
    bins = np.array_split(counts, min(len(counts), MOST_COLUMNS))
    top = max(int(counts.max()), 1)
    return "".join(SPARKS[-(-int(part.max()) * (len(SPARKS) - 1) // top)] for part in bins)
