"""Whether a link's frames can be counted: tried on two of them before the first is."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ...codes import Code, DecodeResult
from ..errors import CHECK, InputError
from .counting.frame_counts import FrameCounts
from .source import Source


def _side_by_side(result: DecodeResult) -> npt.NDArray[np.uint8]:
    """What was decided after each iteration, uint8 (frames, iterations k)."""
    nothing = result.bits[:, :0]
    return np.hstack([nothing, *result.after_iterations])


#: What the stages of a link return, by the words for it.
STAGES: dict[str, Callable[[Any], npt.NDArray[Any]]] = {
    "encode": lambda sent: sent.word,
    "llr": lambda sent: sent.llr,
    "decode's bits": lambda sent: sent.result.bits,
    "decode's ok": lambda sent: sent.result.ok,
    "decode's iterations": lambda sent: sent.result.iterations,
    "decode's after_iterations": lambda sent: _side_by_side(sent.result),
}
#: The same for groups of frames; of some there is nothing.
GROUP_STAGES: dict[str, Callable[[Any], npt.NDArray[Any] | None]] = {
    "encode_words": lambda sent: sent.words,
    "observe's llr": lambda sent: getattr(sent.observed, "llr", None),
    "observe's hard": lambda sent: getattr(sent.observed, "hard", None),
    "observe's erased": lambda sent: getattr(sent.observed, "erased", None),
    "decode_groups' bits": lambda sent: sent.result.bits,
    "decode_groups' ok": lambda sent: sent.result.ok,
    "decode_groups' iterations": lambda sent: sent.result.iterations,
}


class Staged(Protocol):
    """What is asked of a link, which itself calls this."""

    @property
    def label(self) -> str: ...  # noqa: D102

    @property
    def code(self) -> Code: ...  # noqa: D102

    @property
    def source(self) -> Source: ...  # noqa: D102

    @property
    def shows_its_stages(self) -> bool: ...  # noqa: D102

    def is_ours(self, point: Any) -> bool: ...  # noqa: D102

    def simulate(self, point: Any, first: int, frames: int) -> FrameCounts: ...  # noqa: D102

    def send(self, point: Any, first: int, frames: int) -> Any: ...  # noqa: D102

    def group_stages(self, point: Any, first: int, frames: int) -> Any: ...  # noqa: D102


def rehearse(link: Staged, point: Any) -> None:
    """Simulate frames 0 and 1 of a point without counting them, each alone and then both side by side.

    Kernels are compiled by it. Links without a stage of somebody's are only compiled.

    Raises
    ------
    InputError
        If a frame comes out otherwise the second time: counts would depend on how frames are dealt to
        workers. Random numbers that are not the stream's do that, what is kept from one call for the
        next, and arrays that are used again while somebody else still has them. Or if the two forms of a
        stage, on arrays and on groups, give different counts.
    """
    if link.is_ours(point):
        link.simulate(point, 0, 1)
        return
    first = link.send(point, 0, 1)
    if not np.array_equal(first.bits, link.source.draw(Stream(0, 1, point=point.key), link.code.k)):
        raise InputError(f"{link.label}: encode changes the bits it is given; {CHECK}")
    kept = {stage: of(first).copy() for stage, of in STAGES.items()}
    second = link.send(point, 1, 1)
    for stage, of in STAGES.items():
        _refuse_overwritten(link, stage, of(first), kept[stage])
    both = link.send(point, 0, 2)
    for stage, of in STAGES.items():
        if not np.array_equal(of(both), np.concatenate([kept[stage], of(second)])):
            raise InputError(
                f"{link.label}: {stage} of a frame differs when it is simulated again, beside another one: "
                f"counts would depend on the number of workers; {CHECK}"
            )
    _rehearse_groups(link, point)
    counted = link.simulate(point, 0, 2)
    if not link.shows_its_stages:
        one, other = link.simulate(point, 0, 1), link.simulate(point, 1, 1)
        wrong = np.concatenate([one.wrong, other.wrong + 1])
        bit_errors = np.concatenate([one.bit_errors, other.bit_errors])
        if not (np.array_equal(counted.wrong, wrong) and np.array_equal(counted.bit_errors, bit_errors)):
            raise InputError(
                f"{link.label}: frames 0 and 1 count otherwise one by one than together; {CHECK}"
            )
        return
    expected = FrameCounts.of(both.bit_errors, both.result.ok, both.result.iterations)
    usual = [each.name for each in fields(expected) if each.name not in ("counters", "weights")]
    totals = {name: int(values.sum()) for name, values in both.counters.items()}
    same = totals == {name: counter.total for name, counter in counted.counters.items()}
    if not same or not all(np.array_equal(getattr(counted, f), getattr(expected, f)) for f in usual):
        pairs = "encode and encode_words, transmit with llr and observe, or decode and decode_groups"
        raise InputError(f"{link.label}: frames come out otherwise in groups: {pairs} differ; {CHECK}")


def _refuse_overwritten(link: Staged, stage: str, array: npt.NDArray[Any] | None, before: Any) -> None:
    if array is not None and not np.array_equal(array, before):
        problem = "is overwritten by its next call: return a new array each time"
        raise InputError(f"{link.label}: the array of {stage} {problem}; {CHECK}")


def _rehearse_groups(link: Staged, point: Any) -> None:
    """Raise InputError if a stage's form for groups overwrites what it is given or returned before."""
    first = link.group_stages(point, 0, 2)
    if not np.array_equal(first.bits, link.source.draw_words(Stream(0, 2, point=point.key), point.code.k)):
        raise InputError(f"{link.label}: encode_words changes the bits it is given; {CHECK}")
    arrays = {stage: of(first) for stage, of in GROUP_STAGES.items()}
    kept = {stage: None if array is None else array.copy() for stage, array in arrays.items()}
    link.group_stages(point, 2, 2)
    for stage, array in arrays.items():
        _refuse_overwritten(link, stage, array, kept[stage])
    modulation = getattr(point.channel, "modulation", None)
    if modulation is not None:
        words = first.words[
            :, : first.words.shape[1] // modulation.bits_per_symbol * modulation.bits_per_symbol
        ]
        samples = modulation.map_words(np.ascontiguousarray(words))
        before = samples.copy()
        modulation.map_words(np.ascontiguousarray(~words))
        _refuse_overwritten(link, "map_words", samples, before)
