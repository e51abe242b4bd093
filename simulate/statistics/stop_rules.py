"""When a point ends, and the error rate that a search looks for."""

from typing import Annotated, Literal, Self

import pydantic

from ..errors import InputError
from ..fields import Model, Positive

#: Least error rate to look for, and least width of an interval: far less than anybody can simulate.
LEAST_RATE, LEAST_WIDTH = 1e-15, 1e-6


class ErrorRate(Model):
    """A frame error rate or a bit error rate."""

    model_config = pydantic.ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["fer"]}, {"required": ["ber"]}]}
    )

    fer: Annotated[float, pydantic.Field(ge=LEAST_RATE, lt=1)] | None = pydantic.Field(
        None, description="A frame error rate."
    )
    ber: Annotated[float, pydantic.Field(ge=LEAST_RATE, lt=0.5)] | None = pydantic.Field(
        None, description="A bit error rate."
    )

    @pydantic.model_validator(mode="after")
    def _one_rate(self) -> Self:
        if (self.fer is None) == (self.ber is None):
            raise ValueError("must give one of fer and ber")
        return self

    @property
    def measure(self) -> Literal["fer", "ber"]:
        """Which rate is meant."""
        return "ber" if self.fer is None else "fer"

    @property
    def rate(self) -> float:
        """The rate itself."""
        rate = self.ber if self.fer is None else self.fer
        assert rate is not None
        return rate


def error_rate(measure: str, rate: float) -> ErrorRate:
    """``fer`` or ``ber``, at a rate; raises InputError if that is out of its range."""
    try:
        return ErrorRate.model_validate({measure: rate})
    except pydantic.ValidationError:
        most = "1" if measure == "fer" else "0.5"
        raise InputError(f"{measure} must lie in [{LEAST_RATE:g}, {most}), got {rate:g}") from None


class Target(ErrorRate):
    """The error rate at which a curve's channel parameter is looked for."""

    within: Annotated[float, pydantic.Field(ge=LEAST_WIDTH, le=1)] = pydantic.Field(
        0.02,
        description="Half-width of the 95 % interval to reach, in dB; for f and epsilon 10 log10 of the "
        "ratio is meant, so that 0.02 is 0.46 % of the value.",
    )


class StopRules(Model):
    """When a point ends: at the first rule that is met, frame by frame in frame order; and a curve."""

    frame_errors: Positive | None = pydantic.Field(None, description="Frames with a wrong information bit.")
    bit_errors: Positive | None = pydantic.Field(None, description="Wrong information bits.")
    frames: Positive | None = pydantic.Field(None, description="Frames simulated.")
    relative_error: Annotated[float, pydantic.Field(ge=LEAST_WIDTH, lt=1)] | None = pydantic.Field(
        None, description="Half-width of the FER's 95 % interval over the FER."
    )
    seconds: Annotated[float, pydantic.Field(gt=0)] | None = pydantic.Field(
        None, description="Computing time in seconds, added up over the workers."
    )
    floor: Annotated[float, pydantic.Field(gt=0, lt=1)] | None = pydantic.Field(
        None, description="A curve ends, with less noise left out, after a point with a FER below this."
    )
    without_errors: Literal["stop", "continue"] = pydantic.Field(
        "stop", description="What a curve does after a point that ended without an error."
    )
    target: Target | None = pydantic.Field(None, description="May stand here as well as beside stop.")
