"""The keys of a configuration, their types and ranges: what validates it and makes its JSON Schema.

The parameters of codes, decoders and channels are not here: those models come from the classes
themselves, see ``registry``.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pydantic
from pydantic_core import core_schema

from ..fields import AnyWhole, Model, Shown
from ..harq.scheme import Harq
from ..statistics.stop_rules import ErrorRate, StopRules, Target


@dataclass(frozen=True)
class _OneOrSeveral:
    """Says of a list of names that one name alone stands for a list of it, and perhaps ``none`` for []."""

    none: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        several = handler(schema)
        return {"anyOf": [several["items"], several, *([{"const": "none"}] if self.none else [])]}

    def _listed(self, value: Any) -> Any:
        if self.none and value == "none":
            return []
        return [value] if isinstance(value, str) else value


Axis = Literal["ber", "fer", "outcomes", "iterations", "throughput"]
LimitName = Literal[
    "shannon",
    "modulation",
    "bicm",
    "bpsk",
    "outage",
    "rate-distortion",
    "converse",
    "normal-approximation",
    "rcu",
    "union",
    "exact",
    "ml-lower-bound",
    "threshold",
    "scaling",
    "accumulated",
    "stop-feedback",
]
Format = Literal["png", "svg", "pdf"]
FigureKind = Literal[
    "error-rates",
    "capacity-plane",
    "spectral-efficiency",
    "adaptation",
    "exit",
    "polarization",
    "constellation",
    "throughput",
]


def _default_axes() -> list[Axis]:
    return ["ber", "fer"]


def _default_kinds() -> list[FigureKind]:
    return ["error-rates"]


def _default_limits() -> list[LimitName]:
    return ["shannon"]


def _default_formats() -> list[Format]:
    return ["png", "svg"]


class PlotOptions(Model):
    """What the figures show."""

    kinds: Annotated[list[FigureKind], pydantic.Field(min_length=1), _OneOrSeveral()] = pydantic.Field(
        default_factory=_default_kinds,
        description="One figure for each: error rates over the channel's parameter; the capacity plane, rate "
        "over the channel's parameter with each code at an error rate; spectral efficiency over Eb/N0, "
        "likewise; adaptation, what each code delivers over Es/N0, and the best of them; EXIT charts of "
        "codes that belief propagation decodes; polarization, the capacities of the bit channels of polar "
        "codes; constellation, the points of modulations, labels and samples; throughput, bits delivered a "
        "channel use and transmissions a frame of curves with harq.",
    )
    at: ErrorRate | None = pydantic.Field(
        None,
        description="The error rate at which the capacity plane and the spectral efficiency show codes. By "
        "default the target of the curve, or a BER of 1e-5.",
    )
    x: Literal["parameter", "rate"] = pydantic.Field(
        "parameter", description="The channel parameter, or the code's rate (at one channel value)."
    )
    names: bool = pydantic.Field(
        False, description="Over the rate: n and k beside the points, where there is room."
    )
    y: Annotated[list[Axis], pydantic.Field(min_length=1), _OneOrSeveral()] = pydantic.Field(
        default_factory=_default_axes,
        description="One panel for each. outcomes: successes, failures and miscorrections of decoders that "
        "may fail, such as bounded-distance.",
    )
    limits: Annotated[list[LimitName], _OneOrSeveral(none=True)] = pydantic.Field(
        default_factory=_default_limits,
        description="Limits to draw, or none. shannon, modulation, bicm: capacity limits of the codes' "
        "rates, for any input, for the points that are sent, and for the bits of their labels alone; bpsk: "
        "for AWGN with BPSK as the input. outage: the probability that the gains of a frame carry less "
        "than its rate, over fading in blocks, for what is sent. rate-distortion: the least bit-error rate "
        "that a rate permits, as a curve. converse, normal-approximation, rcu: limits of the frame error "
        "rate at the codes' n and k, on AWGN of codes whose words have equal energy. union, exact: the "
        "union bound of each code, and its exact error rate, where they are known. accumulated: of ideal "
        "codes with harq, in the figure of throughput; stop-feedback: what some code reaches there.",
    )
    theme: Literal["light", "dark"] = pydantic.Field(
        "light", description="Dark lines on white, or light on dark."
    )
    title: Shown | None = pydantic.Field(None, description="Printed above the figure.")
    formats: Annotated[list[Format], pydantic.Field(min_length=1), _OneOrSeveral()] = pydantic.Field(
        default_factory=_default_formats, description="Files to write."
    )


#: A name, a name with parameters, or the numbers of the bits.
Interleaver = str | dict[str, Any] | list[int]
#: A name, or a name with parameters.
Receiver = str | dict[str, Any]


class CurveModel(Model):
    """The keys of one curve."""

    label: Shown | None = pydantic.Field(
        None,
        description="Name in the legend and in results.csv; differs from all others. By default the code's "
        "text, such as hamming(r=3), with its decoder's or a number where several would have the same.",
    )
    group: Shown | None = pydantic.Field(
        None, description="Curves of one group are joined where the x axis is the rate."
    )
    code: dict[str, Any] = pydantic.Field(
        ..., description="The code: its type and parameters, or a type that needs none."
    )
    decoder: dict[str, Any] | None = pydantic.Field(
        None,
        description="The decoder: its type and parameters, or its type alone. By default the code's own.",
    )
    channel: dict[str, Any] | None = pydantic.Field(
        None, description="Overrides the channel above: another sweep, or another type."
    )
    modulation: dict[str, Any] | None = pydantic.Field(
        None, description="The modulation: its type and parameters, or its type alone. By default that above."
    )
    interleaver: Interleaver | None = pydantic.Field(
        None, description="The order in which coded bits are sent. By default that above."
    )
    receiver: Receiver | None = pydantic.Field(
        None, description="How demapper and decoder work together. By default that above."
    )
    harq: Harq | None = pydantic.Field(
        None,
        description="How a frame is sent again until the receiver accepts it. By default it is sent once.",
    )
    stop: StopRules | None = pydantic.Field(
        None, description="Overrides single rules of the stop rules above."
    )
    target: Target | None = pydantic.Field(None, description="Overrides the target above.")
    sweep: dict[str, Any] | None = pydantic.Field(
        None, description="Paths such as code.r, each with a list of values: one curve for each."
    )


class AdaptiveModel(Model):
    """The keys of ``adaptive``."""

    schemes: Annotated[list[dict[str, Any]], pydantic.Field(min_length=1)] = pydantic.Field(
        ...,
        description="What the rate is chosen from: curves without a channel; or {standard: nr, table: 1, "
        "symbols: 1000}, dvb-s2 {n, outer}, wifi {amendment, n}, lte {symbols}, each with the numbers of "
        "those wanted in `only`, and a decoder.",
    )
    target: Target | None = pydantic.Field(
        None, description="The error rate at which schemes are switched; by default a FER of 0.1."
    )
    decoder: dict[str, Any] | str | None = pydantic.Field(
        None, description="The decoder of all schemes that have none of their own."
    )


class ConfigModel(Model):
    """The keys of a configuration file."""

    name: Annotated[str, pydantic.Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")] = pydantic.Field(
        ..., description="A plain folder name; results go to results/<name>/."
    )
    seed: Annotated[int, pydantic.Field(ge=0, lt=2**63), AnyWhole] = pydantic.Field(
        1, description="The same seed gives the same counts, on any machine."
    )
    channel: dict[str, Any] | None = pydantic.Field(
        None, description="The channel's type and the values of its parameter."
    )
    modulation: dict[str, Any] | None = pydantic.Field(
        None,
        description="The modulation of all curves over channels of samples: its type and parameters, or its "
        "type alone. By default bpsk.",
    )
    interleaver: Interleaver | None = pydantic.Field(
        None,
        description="The order in which the coded bits of all curves are sent: none (the default), random, "
        "block {rows}, dvb-s2, nr and so on; or a list of their numbers.",
    )
    receiver: Receiver | None = pydantic.Field(
        None,
        description="How demapper and decoder work together in all curves: one-shot (the default), each "
        "once; or iterative {rounds}, in turns, each told what the other has found.",
    )
    adaptive: AdaptiveModel | None = pydantic.Field(
        None,
        description="In place of curves: a table of schemes, of which the best one is used at each point of "
        "the channel.",
    )
    curves: Annotated[list[CurveModel], pydantic.Field(min_length=1)] = pydantic.Field(
        ..., description="What to simulate, one code over one channel each."
    )
    stop: StopRules = pydantic.Field(
        default_factory=lambda: StopRules(frame_errors=100, frames=1_000_000),
        description="When a point ends: at the first of these rules that is met.",
    )
    target: Target | None = pydantic.Field(
        None,
        description="An error rate: the channel parameter at which each curve reaches it is looked for, "
        "within the sweep's range if one is given.",
    )
    plot: PlotOptions = pydantic.Field(default_factory=PlotOptions, description="The figures.")
