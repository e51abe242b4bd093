"""An EXIT chart: the curves of a code, and the course of a decoder between them."""

from dataclasses import dataclass

from ....channels import Channel
from ....codes import Decoder
from .exit_curves import ExitCurves, exit_curves
from .exit_trajectory import ExitTrajectory, exit_trajectory


@dataclass(frozen=True, eq=False)
class ExitChart(ExitCurves, ExitTrajectory):
    """Both: see ``ExitCurves`` and ``ExitTrajectory`` for the attributes."""

    @classmethod
    def of(
        cls,
        decoder: Decoder,
        channel: Channel,
        *,
        points: int = 101,
        frames: int = 64,
        iterations: int = 50,
        seed: int = 0,
    ) -> "ExitChart":
        """``exit_curves`` of the decoder's code and its ``exit_trajectory``; raises what these raise."""
        curves = exit_curves(decoder.code, channel, points=points)
        course = exit_trajectory(decoder, channel, frames=frames, iterations=iterations, seed=seed)
        return cls(**vars(course), **vars(curves))
