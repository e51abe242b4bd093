"""What is known at a block length over fading whose gains the receiver knows: outage, and with BPSK more."""

import math
from collections.abc import Callable
from functools import partial

from ...channels import Channel, from_db, to_db
from ...channels.capacity.outage import outage_probability
from ...channels.models.channel import Signal
from ...channels.models.fading import Fading
from ...channels.models.model import ChannelModel
from ...channels.parameter import ESNO
from ..bound_type import LEAST_ERROR, Bound, Formula
from ..fading import normal_error_probability
from ..numerics.logs import root
from ..scales import Scale, position_of, ratio_at
from .literature import OZAROW, YANG

#: The range of Es/N0 in dB.
LOW_DB, HIGH_DB = -40.0, 100.0


def fading_bounds(model: ChannelModel, n: int) -> dict[str, Bound]:
    """Those for frames of n uses, by name; none where the receiver does not know all gains, in blocks.

    Values are ratios Es/N0; rates are in bits a channel use, a sample of a modulation.
    """
    if not (isinstance(model.make, type) and issubclass(model.make, Fading)) or n < 1:
        return {}
    over = model.over(ESNO.name) or model
    scale = _scale(over, _bits(model))
    found: dict[str, Bound] = {}
    known: list[tuple[str, Callable[[Channel, int, float], float | None], str]] = [
        ("outage", _outage, f"P[I < R], the gains of a frame carry less than its rate: {OZAROW}")
    ]
    if model.modulation is None:
        known.append(
            ("normal-approximation", _normal, f"mean of the normal approximation over the gains: {YANG}")
        )
    for name, of_channel, source in known:
        if of_channel(over.at(0.0), n, 0.5 * n) is None:
            continue
        log_error = partial(_log_error, over, of_channel)
        found[name] = Bound(
            channel=str(model.make.__name__).lower(),
            name=name,
            kind="approximation",
            source=source,
            least_n=1,
            log_error_formula=log_error,
            log2_m_formula=partial(_log2_m, log_error, scale.bits),
            scale=scale,
        )
    return found


def _outage(channel: Channel, n: int, log2_m: float) -> float | None:
    return outage_probability(channel, log2_m / n, n)


def _normal(channel: Channel, n: int, log2_m: float) -> float | None:
    return normal_error_probability(channel, n, log2_m) if isinstance(channel, Fading) else None


def _log_error(
    over: ChannelModel,
    of_channel: Callable[[Channel, int, float], float | None],
    n: int,
    log2_m: float,
    esno: float,
) -> float:
    found = of_channel(over.at(to_db(esno)), n, log2_m)
    if found is None:
        return math.nan
    return math.log(found) if found > LEAST_ERROR else -math.inf


def _log2_m(log_error: Formula, bits: float, n: int, wanted: float, esno: float) -> float:
    """The greatest log2 M at which the error probability, which grows with it, is no more than wanted."""

    def excess(log2_m: float) -> float:
        return max(log_error(n, log2_m, esno), -1e3) - wanted

    least, most = 0.0, n * bits * (1 - 1e-9)
    if excess(least) > 0:
        return 0.0
    return most if excess(most) < 0 else root(excess, least, most, 1e-9)


def _bits(model: ChannelModel) -> float:
    return 1.0 if model.modulation is None else float(model.modulation.bits_per_symbol)


def _scale(over: ChannelModel, bits: float) -> Scale:
    signal: Signal = "bpsk" if over.modulation is None else "modulation"

    def limit(rate: float) -> float:
        found = over.limit(rate, signal) if rate < bits else None
        return math.nan if found is None else from_db(found)

    best, worst = position_of(from_db(HIGH_DB)), position_of(from_db(LOW_DB))
    low, high = from_db(LOW_DB) * (1 - 1e-9), from_db(HIGH_DB) * (1 + 1e-9)
    return Scale("esno", low, high, best, worst, ratio_at, position_of, limit, bits)
