"""Thresholds: the most noise at which decoding leaves no errors, as n grows without end.

A threshold is the lesser of that of the iteration and that of its stability (Richardson, Shokrollahi and
Urbanke, 2001): an iteration on a grid, or with rounding, may pass the point at which the last few errors grow
again.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...channels import AWGN, BEC, BSC, Channel, from_db
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from . import exit_functions
from .degrees import Ensemble
from .densities.check_rules import CheckRule, MinSum, SumProduct
from .densities.evolution import Evolution
from .densities.llr_grid import Grid, Values, bhattacharyya, bit_llrs, channel_density, grid_for
from .erasures import erasure_threshold, map_threshold, protograph_erasure_threshold
from .gallager_decoders import (
    gallager_a_threshold,
    gallager_b_threshold,
    gallager_e_threshold,
    hard_decision_error,
)
from .gaussian_approximation import (
    approximation_opens,
    mean_of_information,
    protograph_course,
)
from .protograph import Protograph
from .search import Course, follow, most_noise

Algorithm = Literal[
    "sum-product",
    "min-sum",
    "gallager-a",
    "gallager-b",
    "gallager-e",
    "gaussian-approximation",
    "exit",
    "maximum-likelihood",
]
#: What each threshold is of, and by which method.
ALGORITHMS: dict[Algorithm, str] = {
    "sum-product": "sum-product decoding, by discretised density evolution",
    "min-sum": "min-sum decoding, with its factor and offset, by discretised density evolution",
    "gallager-a": "Gallager's algorithm A on hard decisions",
    "gallager-b": "Gallager's algorithm B on hard decisions",
    "gallager-e": "Gallager's decoding with erasures, on hard decisions",
    "gaussian-approximation": "sum-product decoding, by the Gaussian approximation",
    "exit": "sum-product decoding, by EXIT functions of Gaussian messages",
    "maximum-likelihood": "maximum-likelihood decoding, by the area under the EXIT curve",
}
HARD: dict[str, Callable[[Ensemble], float]] = {
    "gallager-a": gallager_a_threshold,
    "gallager-b": gallager_b_threshold,
    "gallager-e": gallager_e_threshold,
}
#: The step of the grid of LLRs and its reach; the error probability at which an iteration has succeeded.
STEP, REACH, DONE = 0.05, 30.0, 1e-6
#: With a factor or offset, messages of variables of degree 2 are bounded by what the channel says around
#: them, so that some errors stay at any noise: these iterations have succeeded when so few are left.
FEW = 0.01
#: Multiples of the only size of LLR that a grid keeps for min-sum, where messages are such multiples.
MULTIPLES = 63
#: The least distance from capacity at which a run is tried, in decibels or 10 log10 of the parameter.
FIRST_STEP = 0.25


@dataclass(frozen=True)
class Threshold:
    """A threshold.

    Attributes
    ----------
    algorithm
        Of ``ALGORITHMS``.
    value
        Of the channel's parameter.
    limited_by
        ``iteration``, or ``stability``: few errors would grow.
    method
        ``exact``, ``density evolution``, ``EXIT``, ``protograph EXIT`` or ``Gaussian approximation``.
    """

    algorithm: str
    value: float
    limited_by: Literal["iteration", "stability"]
    method: str


def threshold(
    ensemble: Ensemble | Protograph,
    model: ChannelModel,
    algorithm: Algorithm = "sum-product",
    *,
    scale: float = 1.0,
    offset: float = 0.0,
    tolerance: float = 1e-3,
    step: float = STEP,
) -> Threshold:
    """The threshold of an ensemble over a channel.

    Parameters
    ----------
    ensemble
        By its degrees, or a protograph. Of a protograph sum-product is decided on the BEC exactly, elsewhere
        by protograph EXIT; other algorithms by its degrees.
    model
        The channel over one of its parameters; Eb/N0 refers to the ensemble's design rate.
    algorithm
        See ``ALGORITHMS``; `algorithms_of` has those that are known.
    scale, offset
        Of min-sum: the least magnitude times ``scale``, less ``offset``, at least 0. If there are variables
        of degree 2 this leaves some errors at any noise, and the threshold is where less than 1 % of the
        messages are wrong in the end.
    tolerance
        How exactly, in dB, or 10 log10 of a parameter without a unit: 0.001 is 1e-4 of sigma.
    step
        Of the grid of LLRs: with 0.05 thresholds are right to some 1e-4 of sigma, with 0.1 to 4e-4.

    Raises
    ------
    ValueError
        If this is not known, the design rate is not in (0, 1), or no noise is small enough.

    Examples
    --------
    >>> from capgap.channels import BEC
    >>> from capgap.channels.parameter import EPSILON
    >>> round(threshold(Ensemble.regular(3, 6), ChannelModel(BEC, EPSILON)).value, 5)
    0.42944
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm must be one of {', '.join(ALGORITHMS)}, got {algorithm!r}")
    if not (0 < scale <= 1 and offset >= 0):
        raise ValueError(f"scale must lie in (0, 1] and offset must not be negative, got {scale}, {offset}")
    rate = ensemble.rate
    if not 0 < rate < 1:
        raise ValueError(f"a threshold needs a design rate in (0, 1), and this is {rate:.6g}")
    if algorithm not in algorithms_of(ensemble, model):
        raise ValueError(
            f"the threshold of {algorithm} is not known here; known are "
            f"{', '.join(algorithms_of(ensemble, model)) or 'none'}"
        )
    model = replace(model, rate=rate)
    if isinstance(ensemble, Protograph):
        if algorithm == "sum-product":
            return _of_protograph(ensemble, model, tolerance)
        ensemble = ensemble.degrees()
    ensemble = ensemble.without_degree_one()
    if algorithm == "maximum-likelihood":
        return Threshold(algorithm, map_threshold(ensemble), "iteration", "exact")
    if model.make is BEC:
        return _with_stability(ensemble, model, algorithm, erasure_threshold(ensemble), "exact")
    if algorithm in HARD:
        return Threshold(algorithm, _of_hard_decisions(ensemble, model, algorithm), "iteration", "exact")
    if algorithm in ("exit", "gaussian-approximation"):
        method = "EXIT" if algorithm == "exit" else "Gaussian approximation"
        opens = _tunnel_at(ensemble, model) if algorithm == "exit" else _means_grow_at(ensemble, model)
        value = _largest(model, opens, tolerance / 10)
    else:
        method = "density evolution"
        value = _by_densities(ensemble, model, algorithm, scale, offset, tolerance, step)
    # The condition is that of sum-product, which no other rule of checks exceeds.
    return _with_stability(ensemble, model, algorithm, value, method)


def algorithms_of(ensemble: Ensemble | Protograph, model: ChannelModel) -> list[Algorithm]:
    """The algorithms whose threshold is known over a channel; none where the channel has no law."""
    if model.modulation is not None or (model.set_apart and model.make in (AWGN, BSC, BEC)):
        return []
    of_degrees = isinstance(ensemble, Ensemble)
    degrees = ensemble if isinstance(ensemble, Ensemble) else ensemble.degrees()
    all_sent = not degrees.punctured
    if model.make is BEC:
        simple = of_degrees and all_sent and 1 not in degrees.variables
        return ["sum-product", "maximum-likelihood"] if simple else ["sum-product"]
    if not of_degrees and not all_sent:
        return ["sum-product"]  # without their places, bits that are not sent would never be known
    if model.make not in (BSC, AWGN):
        try:
            start = _worst(replace(model, rate=ensemble.rate))
            bit_llrs(model_at(replace(model, rate=ensemble.rate), start))
        except ValueError:
            return []
        return ["sum-product", "min-sum"]
    found: list[Algorithm] = ["sum-product", "min-sum"]
    if all_sent:
        found += ["gallager-a", "gallager-b", "gallager-e"]
    if of_degrees:
        found += ["exit"]
        found += ["gaussian-approximation"] if model.make is AWGN and all_sent else []
    return found


def best_scale(
    ensemble: Ensemble | Protograph,
    model: ChannelModel,
    *,
    offset: float = 0.0,
    tolerance: float = 0.01,
) -> tuple[float, Threshold]:
    """The factor of min-sum with the best threshold, a multiple of 1/64, and that threshold.

    Chen, Dholakia, Eleftheriou, Fossorier and Hu, "Reduced-complexity decoding of LDPC codes", 2005, section
    III. Near the best factor thresholds differ by less than ``tolerance``, in dB, so it is what a parabola
    through three of them has.

    Raises ValueError as `threshold` does.
    """
    return _best_of(
        lambda scale: threshold(
            ensemble, model, "min-sum", scale=scale, offset=offset, tolerance=tolerance / 4, step=0.1
        ),
        model,
        (0.5, 1.0),
    )


def best_offset(
    ensemble: Ensemble | Protograph, model: ChannelModel, *, tolerance: float = 0.01
) -> tuple[float, Threshold]:
    """The offset of min-sum with the best threshold, a multiple of 1/64, and that threshold."""
    return _best_of(
        lambda offset: threshold(
            ensemble, model, "min-sum", offset=offset, tolerance=tolerance / 4, step=0.1
        ),
        model,
        (0.0, 1.0),
    )


def model_at(model: ChannelModel, position: float) -> Channel:
    """The channel at a position of `most_noise`, which grows with the noise."""
    return model.at(_value(model, position))


def _value(model: ChannelModel, position: float) -> float:
    parameter = model.parameter
    value = parameter.value_at(-position if parameter.noise_falls else position)
    return min(max(value, parameter.range[0]), parameter.range[1])


def _worst(model: ChannelModel) -> float:
    """The position of the capacity of fair bits, which no threshold exceeds."""
    signal: Signal = "bpsk" if model.parameter.esno_shift is not None else "modulation"
    value = model.limit(signal=signal)
    if value is None:
        value = model.limit()
    if value is None:
        raise ValueError("the capacity of this channel meets the rate nowhere, and so does no threshold")
    position = model.parameter.position(value)
    return -position if model.parameter.noise_falls else position


def _largest(model: ChannelModel, opens: Callable[[float], bool], tolerance: float) -> float:
    """The value with most noise at which a condition on positions holds; it is to hold below."""

    def run(position: float, standstill: float) -> Course:
        return Course(1.0 if opens(position) else 0.0)

    # An approximation may pass capacity.
    return _value(model, most_noise(run, _worst(model) + 1.0, 1.0, tolerance))


def _with_stability(
    ensemble: Ensemble, model: ChannelModel, algorithm: str, value: float, method: str
) -> Threshold:
    """The lesser of the iteration's threshold and that of stability."""
    most = ensemble.stable_bhattacharyya
    at_value = model.at(value)
    if most >= 1 or bhattacharyya(at_value) <= most * (1 + 1e-9):
        return Threshold(algorithm, value, "iteration", method)
    parameter = model.parameter
    noisy = parameter.position(value) * (-1 if parameter.noise_falls else 1)

    def stable(position: float, standstill: float) -> Course:
        return Course(1.0 if bhattacharyya(model_at(model, position)) <= most else 0.0)

    return Threshold(algorithm, _value(model, most_noise(stable, noisy, 0.01, 1e-7)), "stability", method)


def _by_densities(
    ensemble: Ensemble,
    model: ChannelModel,
    algorithm: Algorithm,
    scale: float,
    offset: float,
    tolerance: float,
    step: float,
) -> float:
    kept: dict[Grid, Evolution] = {}
    plain = algorithm == "min-sum" and scale == 1 and offset == 0
    bounded = algorithm == "min-sum" and not plain and any(share > 0 for share in ensemble.degree_two)
    done = FEW if bounded else DONE

    def rule(grid: Grid) -> CheckRule:
        return SumProduct(grid) if algorithm == "sum-product" else MinSum(grid, scale, offset)

    def run(position: float, standstill: float) -> Course:
        channel = model_at(model, position)
        grid = grid_for(channel, step, REACH, MULTIPLES if plain else None)
        if grid not in kept:
            kept.clear()
            kept[grid] = Evolution(ensemble, grid, rule(grid))
        return follow(kept[grid].errors(channel_density(channel, grid)), done, standstill)

    return _value(model, most_noise(run, _worst(model), FIRST_STEP, tolerance))


def _of_hard_decisions(ensemble: Ensemble, model: ChannelModel, algorithm: str) -> float:
    f = HARD[algorithm](ensemble)
    if model.make is BSC:
        return f

    def decides(position: float) -> bool:
        channel = model_at(model, position)
        assert isinstance(channel, AWGN)
        return hard_decision_error(from_db(channel.esno_db)) <= f

    return _largest(model, decides, 1e-6)


def _tunnel_at(ensemble: Ensemble, model: ChannelModel) -> Callable[[float], bool]:
    checks = exit_functions.dual_checks(ensemble)

    def opens(position: float) -> bool:
        channel = model_at(model, position)
        if isinstance(channel, AWGN):
            variables = exit_functions.awgn_variables(ensemble, channel.sigma)
        else:
            assert isinstance(channel, BSC)
            variables = exit_functions.bsc_variables(ensemble, channel.f)
        return exit_functions.tunnel(variables, checks)[0] > 0

    return opens


def _means_grow_at(ensemble: Ensemble, model: ChannelModel) -> Callable[[float], bool]:
    opens = approximation_opens(ensemble)

    def at(position: float) -> bool:
        channel = model_at(model, position)
        assert isinstance(channel, AWGN)
        return opens(from_db(channel.esno_db))

    return at


def _of_protograph(protograph: Protograph, model: ChannelModel, tolerance: float) -> Threshold:
    if model.make is BEC:
        value = protograph_erasure_threshold(protograph)
        return Threshold("sum-product", value, "iteration", "exact")
    sent = protograph.transmitted

    def run(position: float, standstill: float) -> Course:
        channel = model_at(model, position)
        if isinstance(channel, AWGN):
            mean = 2 / channel.sigma**2
        else:  # a Gaussian LLR that carries as much
            mean = mean_of_information(_information(channel))
        return protograph_course(protograph, np.where(sent, mean, 0.0), standstill)

    value = _value(model, most_noise(run, _worst(model) + 0.5, FIRST_STEP, tolerance))
    return Threshold("sum-product", value, "iteration", "protograph EXIT")


def _information(channel: Channel) -> float:
    """What a use of a channel carries of a fair bit."""
    llrs, probabilities = bit_llrs(channel)
    return float(1 - probabilities @ np.logaddexp(0, -llrs) / math.log(2))


def _best_of(
    tried: Callable[[float], Threshold], model: ChannelModel, ends: tuple[float, float]
) -> tuple[float, Threshold]:
    """The argument, a multiple of 1/64 between two ends, whose threshold bears the most noise."""
    known: dict[int, Threshold] = {}

    def noise(units: int) -> float:
        if units not in known:
            known[units] = tried(units / 64)
        position = model.parameter.position(known[units].value)
        return -position if model.parameter.noise_falls else position

    low, high = round(64 * ends[0]), round(64 * ends[1])
    # a golden-section search on whole numbers, and then the best of a parabola through the best three
    while high - low > 9:
        first, second = low + round(0.382 * (high - low)), low + round(0.618 * (high - low))
        low, high = (low, second) if noise(first) >= noise(second) else (first, high)
    middle = (low + high) // 2
    a, b, c = noise(low), noise(middle), noise(high)
    places: Values = np.array([low, middle, high], float)
    curve = np.polyfit(places - middle, [a, b, c], 2)
    top = middle - curve[1] / (2 * curve[0]) if curve[0] < 0 else places[int(np.argmax([a, b, c]))]
    best = int(np.clip(round(float(top)), low, high))
    noise(best)
    return best / 64, known[best]
