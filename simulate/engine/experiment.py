"""What the engine runs: anything with a parameter that ends in counts of frames.

A link is one kind of experiment. The engine uses only what is defined here. It knows neither codes nor
channels, nor what a frame is.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from ...channels.models.channel import Signal
from ...channels.parameter import Parameter, parameter_named
from ..errors import InputError
from ..link.counting.frame_counts import FrameCounts
from ..link.stage_clock import Clock
from ..statistics.tally import Tally


class ExperimentPoint(Protocol):
    """An experiment at one value of its parameter."""

    @property
    def value(self) -> float:
        """The value."""

    @property
    def key(self) -> str:
        """The hash of everything that defines the point's frames, which also selects their random numbers.

        ``link.identity.point_key`` makes it of the experiment's identity and the value. Frames of one key are
        the same, so a later run goes on with them.
        """

    @property
    def capacity(self) -> float:
        """What puts points in order, the noisiest first: a channel's capacity, or what grows as errors get
        rarer.

        A curve ends after a point with too few errors, so the order matters.
        """


P = TypeVar("P", bound=ExperimentPoint)


class Experiment(Protocol[P]):
    """One curve: what is simulated, over a parameter.

    An experiment of your own has the five attributes, ``at``, ``simulate`` and ``describe``, and derives from
    ``ExperimentDefaults``, which has the rest. It is compared and hashed by identity (a dataclass has
    ``eq=False``), immutable, and used by several threads at the same time. A cluster sends it by cloudpickle.
    """

    @property
    def label(self) -> str:
        """The curve's name."""

    @property
    def group(self) -> str:
        """The family it is drawn with where the x axis is the rate."""

    @property
    def parameter(self) -> str:
        """The name of the parameter that is swept."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """Plain data: everything that defines the frames but the value, the seed included."""

    @property
    def counters(self) -> tuple[str, ...]:
        """The names of what is counted beside the six counters that every experiment has.

        Each ``FrameCounts`` of ``simulate`` has these in ``names``. They are columns of ``results.csv``, and
        none of the others there.
        """

    def at(self, value: float) -> P:
        """The experiment at a value of its parameter; the same key for the same value.

        Raises ValueError where there is none.
        """

    def simulate(self, point: P, first: int, frames: int, clock: Clock | None = None) -> FrameCounts:
        """Count the errors of ``frames`` >= 1 frames of a point, from number ``first``.

        What is counted in a frame depends on the point's key and the frame's number alone: draw it from
        ``Stream(0, frames, first=first, point=point.key)``. Blocks are cut anywhere, and computed in any
        order. ``clock`` receives the time that stages took, if there are any to tell apart.
        """

    def describe(self, point: P) -> Mapping[str, Any]:
        """The columns of a point's row that do not follow from its counts.

        ``curve``, ``group``, ``code``, ``decoder``, ``channel``: texts. ``k``: bits of a frame, whose errors
        are counted; ``n``: the most symbols that a frame takes; ``rate``: k / n. ``parameter``, ``value``,
        ``key``; ``ebno_db`` and ``esno_db``, None where there is none; ``channel_model``, if there is one to
        draw limits of. ``link.identity.check_identity`` tells what a row may hold.
        """

    def rehearse(self, point: P) -> None:
        """Try frames 0 and 1 before the first block of a process, without counting them.

        Kernels are compiled by it. Raises InputError if counts depend on how frames are cut into blocks.
        """

    @property
    def swept(self) -> Parameter:
        """The parameter with its unit and range, in which a search for a target goes its steps."""

    @property
    def bits_per_use(self) -> float:
        """Information bits a channel use, which a search for a target compares with the capacity."""

    def limit(self, signal: Signal = "gaussian") -> float | None:
        """The parameter's value at which ``bits_per_use`` meets a capacity; None where that is not known."""


class ExperimentDefaults:
    """What most experiments need not define: see ``Experiment``."""

    def rehearse(self: Experiment[P], point: P) -> None:
        """Count frames 0 and 1 one by one, and together."""
        one, other, both = (Tally.of(self.simulate(point, *block)) for block in ((0, 1), (1, 1), (0, 2)))
        if one + other != both:
            raise InputError(
                f"{self.label}: frames 0 and 1 count otherwise one by one than together: counts would "
                "depend on the number of workers"
            )

    @property
    def swept(self: Experiment[P]) -> Parameter:
        """What is known of a parameter of this name."""
        return parameter_named(self.parameter)

    @property
    def bits_per_use(self: Experiment[P]) -> float:
        """Not known: raises InputError."""
        raise InputError(f"{self.label}: a target needs an experiment that knows its bits_per_use")

    def limit(self, signal: Signal = "gaussian") -> float | None:
        """None."""
        return None
