"""The bounds on a channel model: by its class, or from the law that its channels tell."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from ...channels import AWGN, BEC, BSC, BSEC, BinaryAsymmetric, Channel, ZChannel, from_db, to_db
from ...channels.information.law import Law
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...channels.modulation.constellation.law import ConstellationLaw
from ...channels.parameter import ESNO
from ..bound_type import Bound
from ..discrete import binary_asymmetric
from ..registry import BOUNDS
from ..scales import Scale, from_logit, logit, position_of, ratio_at
from .discrete_input import (
    Family,
    average_energy_converse,
    composition_converse,
    discrete_input_bounds,
    equal_energy_converse,
    erasure_bounds,
)

#: Channels that have a table of their own in ``BOUNDS``: what derives from these may be anything.
OF_A_TABLE: dict[Any, str] = {BSC: "bsc", BEC: "bec", AWGN: "bpsk"}
#: The range of Es/N0 in dB, of which a law may allow less, and positions between which others lie.
LOW_DB, HIGH_DB = -40.0, 60.0
BEST, WORST = -60.0, 10.0
#: What decides of a channel's law: a class that changes one of these and not its ``law`` says nothing.
_DECISIVE = ("transmit", "llr", "observe", "receive", "receive_groups", "capacity")


def bounds_of_model(model: ChannelModel) -> dict[str, Bound]:
    """The bounds on a channel model by name; none where uses depend on each other or nothing is known.

    The value of a bound is that of the model's parameter, or, where this is a ratio of energies, the ratio
    Es/N0; rates are in bits a channel use, a sample of a modulation.
    """
    if model.modulation is None and not model.set_apart and model.make in OF_A_TABLE:
        return BOUNDS[OF_A_TABLE[model.make]]
    law_at = _law_at(model)
    start = None if law_at is None else _start(model, law_at)
    if law_at is None or start is None:
        return {}
    example, energies = law_at(start), model.parameter.esno_shift is not None
    assert example is not None
    constellation = getattr(model.modulation, "constellation", None)
    name = getattr(constellation, "name", "") or _name(model.make)
    signal: Signal = "modulation" if constellation is not None else "bpsk" if energies else "gaussian"
    family = Family(
        name,
        _scale(model, law_at, start, example.bits, signal),
        lru_cache(maxsize=4)(cast(Callable[[float], Law], law_at)),
        lambda value: _over_esno(model).capacity(to_db(value) if energies else value, signal),
        "equiprobable inputs" if energies or example.symmetric else "inputs that reach the capacity",
    )
    found = discrete_input_bounds(family, symmetric=example.symmetric, singular=example.singular)
    own: list[Bound] = []
    if isinstance(example, ConstellationLaw):
        circle = example.symmetric and abs(abs(constellation.points) - 1).max() < 1e-9  # type: ignore[union-attr]
        if circle:
            own = [equal_energy_converse(family, model.dimensions)]
        elif not example.symmetric:
            own = [average_energy_converse(family, model.dimensions)]
    elif model.make is BSEC:
        own = erasure_bounds(family, lambda value: _of_erasures(model.at(value)))
    elif model.make in (BinaryAsymmetric, ZChannel):
        z = model.make is ZChannel or 0 in model.fixed.values()
        most = binary_asymmetric.GREATEST_Z_N if z else binary_asymmetric.GREATEST_N
        own = [composition_converse(family, lambda value: _of_flips(model.at(value)), most)]
    table = {each.name: each for each in found}
    if own and "converse" not in table:  # after the capacity
        table = {found[0].name: found[0], "converse": own[0], **table}
    return {**table, **{each.name: each for each in own}}


def _name(make: Any) -> str:
    """What a channel's class is called, as ``z`` for ZChannel."""
    return str(getattr(make, "__name__", "")).lower().removesuffix("channel").removeprefix("binary")


def _of_erasures(channel: Channel) -> tuple[float, float]:
    assert isinstance(channel, BSEC)
    return channel.f, channel.epsilon


def _of_flips(channel: Channel) -> tuple[float, float]:
    assert isinstance(channel, BinaryAsymmetric)
    return channel.p01, channel.p10


def _over_esno(model: ChannelModel) -> ChannelModel:
    """The model over Es/N0, where its parameter is a ratio of energies."""
    if model.parameter.esno_shift is None:
        return model
    return model.over(ESNO.name) or replace(model, parameter=ESNO)


def _law_at(model: ChannelModel) -> Callable[[float], Law | None] | None:
    """The law at a value, None where there is none; or None if the channel's class does not say it."""
    kind = model.make
    if not isinstance(kind, type) or not issubclass(kind, Channel):
        return None
    order = {each: place for place, each in enumerate(kind.__mro__)}
    teller = "is_gaussian" if model.modulation is not None else "law"

    def said_by(name: str) -> int:
        return min(place for each, place in order.items() if name in vars(each))

    decisive = [name for name in _DECISIVE if any(name in vars(each) for each in order)]
    if min(map(said_by, decisive)) < said_by(teller):
        return None
    over, energies = _over_esno(model), model.parameter.esno_shift is not None

    def law_at(value: float) -> Law | None:
        return over.at(to_db(value) if energies else value).law()

    return law_at


def _start(model: ChannelModel, law_at: Callable[[float], Law | None]) -> float | None:
    """A value at which there is a law; None if there is none."""
    low, high = model.parameter.range
    tried = (
        [1.0, 100.0] if model.parameter.esno_shift else [low + (high - low) * x for x in (0.2, 0.01, 1e-4)]
    )
    return next((value for value in tried if math.isfinite(value) and _allowed(law_at, value)), None)


def _allowed(law_at: Callable[[float], Law | None], value: float) -> bool:
    try:
        return law_at(value) is not None
    except Exception:  # whatever anybody's channel raises beyond what it takes
        return False


def _furthest(allowed: Callable[[float], bool], good: float, end: float) -> float:
    """The last number from a good one towards an end that is allowed, to 1e-12 of their distance."""
    if allowed(end):
        return end
    for _ in range(40):
        middle = (good + end) / 2
        good, end = (middle, end) if allowed(middle) else (good, middle)
    return good


def _scale(
    model: ChannelModel,
    law_at: Callable[[float], Law | None],
    start: float,
    bits: float,
    signal: Signal,
) -> Scale:
    over, parameter = _over_esno(model), model.parameter
    if parameter.esno_shift is not None:
        high = _furthest(lambda db: _allowed(law_at, from_db(db)), to_db(start), HIGH_DB)
        best, worst = position_of(from_db(high)) + 1e-6, position_of(from_db(LOW_DB)) - 1e-6

        def limit(rate: float) -> float:
            found = over.limit(rate, signal) if rate < bits else None
            return math.nan if found is None else from_db(found)

        low_ratio, high_ratio = from_db(LOW_DB) * (1 - 1e-9), from_db(high) * (1 + 1e-9)
        return Scale("esno", low_ratio, high_ratio, best, worst, ratio_at, position_of, limit, bits)
    low, high = (_furthest(lambda value: _allowed(law_at, value), start, end) for end in parameter.range)
    sign = -1 if parameter.noise_falls else 1

    def value_at(position: float) -> float:
        return low + (high - low) * from_logit(sign * position)

    def limit_of(rate: float) -> float:
        found = over.limit(rate, signal) if rate < bits else None
        return math.nan if found is None else found

    return Scale(
        parameter.name,
        math.nextafter(low, -math.inf),  # the ends of the range are in it
        math.nextafter(high, math.inf),
        BEST,
        WORST,
        value_at,
        lambda value: sign * logit((value - low) / (high - low)),
        limit_of,
        bits,
    )
