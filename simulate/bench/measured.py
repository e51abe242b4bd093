"""What was measured of a link's speed."""

from dataclasses import dataclass
from typing import Any

from ..results.environment import machine, versions
from ..statistics.tally import Tally


@dataclass(frozen=True)
class Measured:
    """A link that was measured.

    Attributes
    ----------
    name
        Of the link, see ``links``.
    n, k
        Coded and information bits of a frame.
    ebno_db
        Where on the channel.
    workers
        The threads.
    tally
        The counts of all frames that were timed, which are the link's first ones.
    frames_per_second
        Of all threads together.
    seconds
        For which the threads were busy, added up.
    stages
        The share of the time that each stage of the chain took.
    """

    name: str
    n: int
    k: int
    ebno_db: float
    workers: int
    tally: Tally
    frames_per_second: float
    seconds: float
    stages: dict[str, float]

    @property
    def mbps(self) -> float:
        """Information bits a second, in millions."""
        return self.frames_per_second * self.k / 1e6

    @property
    def ns_per_coded_bit(self) -> float:
        """A thread's time for a coded bit, in nanoseconds."""
        return 1e9 * self.workers / (self.frames_per_second * self.n)

    @property
    def fer(self) -> float:
        """The share of the frames that were wrong."""
        return self.tally.frame_errors / self.tally.frames

    @property
    def iterations(self) -> float:
        """Of the decoder, for a frame."""
        return self.tally.iterations / self.tally.frames

    def as_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        return {
            "name": self.name,
            "mbps": self.mbps,
            "ns_per_coded_bit": self.ns_per_coded_bit,
            "fer": self.fer,
            "frames": self.tally.frames,
            "frame_errors": self.tally.frame_errors,
            "bit_errors": self.tally.bit_errors,
            "iterations": self.iterations,
            "n": self.n,
            "k": self.k,
            "ebno_db": self.ebno_db,
            "seconds": self.seconds,
            "stages": self.stages,
        }


@dataclass(frozen=True)
class Benchmark:
    """Links that were measured on one machine.

    Attributes
    ----------
    workers
        The threads.
    numpy_normal_ns
        The baseline: nanoseconds that NumPy takes here to make a normal sample in float32.
    links
        In the order in which they were measured.
    """

    workers: int
    numpy_normal_ns: float
    links: tuple[Measured, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, fit for JSON."""
        return {
            "numpy_normal_ns": self.numpy_normal_ns,
            "workers": self.workers,
            "links": [measured.as_dict() for measured in self.links],
            "versions": versions(),
            "machine": machine(),
        }
