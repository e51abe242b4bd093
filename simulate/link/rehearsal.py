"""Whether a link's frames can be counted: tried on two of them before the first is."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ..errors import InputError
from .frame_counts import FrameCounts
from .link import CHECK, Frames, Link, OperatingPoint

#: What the stages of a link return, by the words for it.
STAGES: dict[str, Callable[[Frames], npt.NDArray[Any]]] = {
    "encode": lambda sent: sent.word,
    "llr": lambda sent: sent.llr,
    "decode's bits": lambda sent: sent.result.bits,
    "decode's ok": lambda sent: sent.result.ok,
    "decode's iterations": lambda sent: sent.result.iterations,
}


def rehearse(link: Link, point: OperatingPoint) -> None:
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
    stages = (link.code, link.decoder, point.channel)
    if all(type(stage).__module__.startswith("capgap.") for stage in stages):
        link.simulate(point, 0, 1)
        return
    first = link.send(point, 0, 1)
    if not np.array_equal(first.bits, Stream(0, 1, point=point.key).bits(link.code.k)):
        raise InputError(f"{link.label}: encode changes the bits it is given; {CHECK}")
    kept = {stage: of(first).copy() for stage, of in STAGES.items()}
    second = link.send(point, 1, 1)
    for stage, of in STAGES.items():
        if not np.array_equal(of(first), kept[stage]):
            problem = "is overwritten by its next call: return a new array each time"
            raise InputError(f"{link.label}: the array of {stage} {problem}; {CHECK}")
    both = link.send(point, 0, 2)
    for stage, of in STAGES.items():
        if not np.array_equal(of(both), np.concatenate([kept[stage], of(second)])):
            raise InputError(
                f"{link.label}: {stage} of a frame differs when it is simulated again, beside another one: "
                f"counts would depend on the number of workers; {CHECK}"
            )
    expected = FrameCounts.of(both.bit_errors, both.result.ok, both.result.iterations)
    counted = link.simulate(point, 0, 2)
    if any(not np.array_equal(getattr(counted, f.name), getattr(expected, f.name)) for f in fields(expected)):
        pairs = "encode and encode_words, transmit with llr and observe, or decode and decode_groups"
        raise InputError(f"{link.label}: frames come out otherwise in groups: {pairs} differ; {CHECK}")
