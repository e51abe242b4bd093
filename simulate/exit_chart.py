"""EXIT charts of belief propagation: the curves of a code, and the path of a real decoder between them.

ten Brink, "Convergence behavior of iteratively decoded parallel concatenated codes", 2001; for LDPC codes
ten Brink, Kramer and Ashikhmin, "Design of low-density parity-check codes for modulation and detection",
2004, and for erasures Ashikhmin, Kramer and ten Brink, "Extrinsic information transfer functions: model
and erasure channel properties", 2004.

All information is mutual information of a message and the bit it is about, in bits, averaged over the
edges of the Tanner graph. Here is computed what a chart shows; nothing is drawn.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ..channels import AWGN, BEC, BSC, Channel, Stream, binned_information, bpsk_capacity, bsc_capacity
from ..channels.capacity import normal_nodes, root
from ..codes import BeliefPropagationDecoder, Code, Decoder, LinearCode
from ..codes.decoders.belief_propagation import MAX_ITERATIONS
from ..codes.decoders.group_kernels import MESSAGE_MAX

FloatArray = npt.NDArray[np.float64]
#: What a node makes of the information that it is given.
Transfer = Callable[[FloatArray], FloatArray]

#: Deviation of a Gaussian LLR from which on its information is 1 to the last bit of a float.
MAX_DEVIATION = 18.0
#: Intervals of the tables of information over the deviation: a cubic spline's error is below 1e-9.
INTERVALS = 1000
#: Halvings that leave of MAX_DEVIATION less than a float resolves.
HALVINGS = 60
#: A tunnel is followed until so much information is missing. The last columns of some codes' matrices
#: have a single one; their curves meet some 1e-5 before the corner, and the code decodes all the same.
MISSING = 1e-3
#: Points at which a tunnel's width is looked at.
TUNNEL_POINTS = 2000
#: Cells of a message's histogram for each unit of asinh(LLR): fine around 0, and few for large LLRs.
CELLS = 8
#: More cells than asinh of any sum of messages can need.
MAX_CELLS = 1024
#: Messages that checks work on at a time, so that they stay in the cache.
PASS_MESSAGES = 1 << 16
#: In a check, exp(-GAP) of what is known is nothing to float64, and exp(-2 GAP) within its range.
GAP = 300.0


@dataclass(frozen=True, eq=False)
class ExitCurves:
    """The transfer curves of a code's variable and check nodes, for a block length without end.

    Attributes
    ----------
    apriori
        A-priori information I_A, float64 (points), evenly from 0 to 1.
    variable
        Extrinsic information I_E of the variable nodes, which know the channel, at each: float64 (points)
        in [0, 1], not falling.
    check
        The same of the check nodes. A chart shows it mirrored, with I_A upwards.
    gap
        The share of what the messages to checks still lack, 1 - I, that one iteration supplies where it
        supplies the least: at most 1. At 0 the curves touch; below 0, where it has no bound, they cross.
    crossing
        Information of the messages (to checks, to variables) where the curves first cross, and
        decoding stops; (1, 1) if they do not.
    """

    apriori: FloatArray
    variable: FloatArray
    check: FloatArray
    gap: float
    crossing: tuple[float, float]

    @property
    def tunnel_open(self) -> bool:
        """Whether the curves leave a tunnel open, up to 1e-3 before (1, 1): long codes then decode."""
        return self.gap > 0


@dataclass(frozen=True, eq=False)
class ExitTrajectory:
    """The course of a decoder, measured on simulated frames.

    Attributes
    ----------
    trajectory
        Information of the messages (to checks, to variables) after each half iteration, float64
        (2 iterations, 2) in [0, 1]. The first row, (I, 0), is after the variables have sent what the
        channel told; then checks and variables change one column in turn. These are the corners of the
        staircase in the chart.
    trajectory_error
        Their standard errors, the same shape; frames are independent, messages within one are not.
    """

    trajectory: FloatArray
    trajectory_error: FloatArray


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


# Gaussian LLRs


def j_function(deviation: npt.ArrayLike) -> FloatArray:
    """J: the information of a Gaussian LLR, true to itself: variance s^2, mean s^2 / 2 towards the bit.

    The capacity of BPSK on AWGN with s^2 = 8 Es/N0 (ten Brink, Kramer and Ashikhmin, 2004, section II),
    from a table of it: errors are below 1e-9.

    Parameters
    ----------
    deviation
        The standard deviation s, at least 0, of any shape; infinity is allowed.

    Returns
    -------
    FloatArray
        In [0, 1], the same shape.

    Raises
    ------
    ValueError
        If a deviation is negative or NaN.
    """
    s = np.asarray(deviation, np.float64)
    if not (s >= 0).all():
        raise ValueError(f"deviation must not be negative, got {s.min()}")
    return _gaussian_information(0.5, s)


def inverse_j_function(information: npt.ArrayLike) -> FloatArray:
    """The deviation s with J(s) = information: float64, the same shape, in [0, 18].

    Parameters
    ----------
    information
        In [0, 1], of any shape; for 1 the deviation is 18, from which on J is 1 to the last bit.

    Raises
    ------
    ValueError
        If information lies outside [0, 1].
    """
    wanted = np.asarray(information, np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError(f"information must lie in [0, 1], got {wanted}")
    # The inverse has no slope at either end, where interpolation would be poor.
    low, high = np.zeros(wanted.shape), np.full(wanted.shape, MAX_DEVIATION)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        less = _gaussian_information(0.5, middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.select([wanted == 0, wanted == 1], [0.0, MAX_DEVIATION], high)


def _gaussian_information(f: float, deviation: FloatArray) -> FloatArray:
    """Information of a Gaussian LLR beside a bit from a BSC; at f = 1/2 that tells nothing, and it is J."""
    inside = _table(f)(np.minimum(deviation, MAX_DEVIATION))
    return np.where(deviation >= MAX_DEVIATION, 1.0, np.clip(inside, 0.0, 1.0))


@lru_cache(maxsize=64)
def _table(f: float) -> Any:
    """``_gaussian_information`` over the deviation, up to MAX_DEVIATION: a spline."""
    from scipy.interpolate import CubicSpline

    deviations = np.linspace(0, MAX_DEVIATION, INTERVALS + 1)
    if f == 0.5:
        values = [bpsk_capacity(s * s / 8) for s in deviations.tolist()]
    else:
        values = [_information_beside_bsc(f, s) for s in deviations.tolist()]
    # Even in the deviation, so flat at 0; and flat at the end.
    return CubicSpline(deviations, values, bc_type="clamped")


def _information_beside_bsc(f: float, deviation: float) -> float:
    """I = 1 - E[log2(1 + e^-L)], where L is the sum of a Gaussian LLR and that of a BSC, for 0 < f <= 1/2."""
    if deviation == 0:
        return bsc_capacity(f)
    z, weights = normal_nodes(deviation)
    gaussian = deviation**2 / 2 + deviation * z
    certainty = math.log1p(-f) - math.log(f)
    lost = (1 - f) * np.logaddexp(0, -gaussian - certainty) + f * np.logaddexp(0, certainty - gaussian)
    return 1 - float(weights @ lost) / math.log(2)


# The curves


def exit_curves(code: Code, channel: Channel, *, points: int = 101) -> ExitCurves:
    """The EXIT curves of a code's Tanner graph over a channel.

    With the degrees that an edge sees (Richardson and Urbanke, "Modern Coding Theory", 2008, chapter 3):
    an edge at a variable of degree d gets the sum of d - 1 a-priori LLRs and the channel's, which
    is 0 for variables that are not transmitted; an edge at a check of degree d hears of d - 1 bits.

    On the BEC messages are erasures, and both curves are exact: 1 - epsilon lambda(1 - I_A) and rho(I_A)
    (Ashikhmin, Kramer and ten Brink, 2004). On the others a-priori LLRs are taken for Gaussian (ten Brink,
    Kramer and Ashikhmin, 2004; Ryan and Lin, "Channel Codes: Classical and Modern", 2009, section 9.6). With
    s = J^-1(I_A) the variables' curve on AWGN is J(sqrt((d - 1) s^2 + 4 / sigma^2)), averaged over d; on the
    BSC one of the channel's two LLRs is added to the Gaussian one. The checks' is approximated as if it were
    dual to that of a repetition code, as it is on the BEC: 1 - J(sqrt(d - 1) J^-1(1 - I_A)). For Gaussian
    LLRs that is within 0.003 of the truth. The first messages over a BSC have two values, and tell the checks
    up to 0.05 more than that. Checks are those of sum-product decoding: min-sum's give less.

    Parameters
    ----------
    code
        A linear code with parity checks.
    channel
        BEC, AWGN (with BPSK) or BSC.
    points
        Points of each curve, at least 2.

    Returns
    -------
    ExitCurves
        The curves, and whether there is a tunnel between them.

    Raises
    ------
    ValueError
        If the code is not linear or has no parity checks, the channel is none of these, or ``points`` is not
        a whole number of at least 2.
    """
    _check_number("points", points, 2)
    if not isinstance(code, LinearCode):
        raise ValueError(f"code must be linear, to have a Tanner graph, got {code!r}")
    if code.tanner_graph.edges == 0:
        raise ValueError(f"code must have parity checks, and {code!r} has none")
    degrees = _Degrees.of(code)
    if type(channel) is BEC:
        variable, check = _erasure_variables(degrees, channel.epsilon), _erasure_checks(degrees)
    elif type(channel) is AWGN:
        variable, check = _awgn_variables(degrees, channel.sigma), _dual_checks(degrees)
    elif type(channel) is BSC:
        variable, check = _bsc_variables(degrees, channel.f), _dual_checks(degrees)
    else:
        raise ValueError(
            f"channel must be a BEC, AWGN or BSC for its EXIT curve to be known, got {channel!r}"
        )
    apriori = np.linspace(0, 1, points)
    gap, crossing = _tunnel(variable, check)
    return ExitCurves(apriori, variable(apriori), check(apriori), gap, crossing)


@dataclass(frozen=True, eq=False)
class _Degrees:
    """The degrees that edges see, with their shares of all edges."""

    #: (share of the edges, degree, whether the variable is transmitted)
    variables: list[tuple[float, int, bool]]
    #: (share of the edges, degree)
    checks: list[tuple[float, int]]

    @classmethod
    def of(cls, code: LinearCode) -> "_Degrees":
        graph = code.tanner_graph
        sent = np.zeros(graph.variables, np.int64)
        sent[code.transmitted] = 1
        kinds, ends = np.unique(
            2 * graph.variable_degrees[graph.edge_variable] + sent[graph.edge_variable], return_counts=True
        )
        degrees, nodes = np.unique(graph.check_degrees, return_counts=True)
        return cls(
            [
                (n / graph.edges, kind // 2, kind % 2 == 1)
                for kind, n in zip(kinds.tolist(), ends.tolist(), strict=True)
            ],
            [(n * d / graph.edges, d) for d, n in zip(degrees.tolist(), nodes.tolist(), strict=True) if d],
        )


def _erasure_variables(degrees: _Degrees, epsilon: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        erased = [
            share * (epsilon if sent else 1.0) * (1 - apriori) ** (d - 1)
            for share, d, sent in degrees.variables
        ]
        return np.clip(1 - sum(erased), 0.0, 1.0)

    return transfer


def _erasure_checks(degrees: _Degrees) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        return np.clip(sum(share * apriori ** (d - 1) for share, d in degrees.checks), 0.0, 1.0)

    return transfer


def _awgn_variables(degrees: _Degrees, sigma: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        variance = inverse_j_function(apriori) ** 2
        # The channel's LLR 2 y / sigma^2 has the variance 4 / sigma^2.
        told = [
            share * j_function(np.sqrt((d - 1) * variance + (4 / sigma**2 if sent else 0.0)))
            for share, d, sent in degrees.variables
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def _bsc_variables(degrees: _Degrees, f: float) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(apriori)
        told = [
            share
            * (
                np.ones(apriori.shape)
                if sent and f == 0
                else _gaussian_information(f if sent else 0.5, math.sqrt(d - 1) * deviation)
            )
            for share, d, sent in degrees.variables
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def _dual_checks(degrees: _Degrees) -> Transfer:
    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(1 - apriori)
        unknown = [share * j_function(math.sqrt(d - 1) * deviation) for share, d in degrees.checks]
        return np.clip(1 - sum(unknown), 0.0, 1.0)

    return transfer


def _tunnel(variable: Transfer, check: Transfer) -> tuple[float, tuple[float, float]]:
    """The least gap between two curves, and where they first cross, see ``ExitCurves``."""
    done = (1.0, 1.0)
    start = float(variable(np.zeros(1))[0])
    if start >= 1 - MISSING:
        return 1.0, done
    missing = np.geomspace(1 - start, MISSING, TUNNEL_POINTS)
    missing[0] = 1 - start
    supplied = 1 - (1 - variable(check(1 - missing))) / missing
    gap = float(supplied.min())
    if gap > 0:
        return gap, done
    first = int(np.argmax(supplied <= 0))
    to_checks = start
    if first > 0:
        to_checks = root(
            lambda x: x - float(variable(check(np.array([x])))[0]), 1 - missing[first - 1], 1 - missing[first]
        )
    return gap, (to_checks, float(check(np.array([to_checks]))[0]))


# The trajectory


def exit_trajectory(
    decoder: Decoder, channel: Channel, *, frames: int = 64, iterations: int = 50, seed: int = 0
) -> ExitTrajectory:
    """Decode random data, sent over the channel, and measure the messages after each half iteration.

    Messages are those of the decoder, sum-product or min-sum with its scale and offset, in float64; its own
    ``iterations`` and ``stop`` are left aside, and all frames take all iterations. What is measured is
    the information in the value of a message whatever it means, by histograms of it for bits 0 and 1, as
    ten Brink (2001, section III) does. It presumes neither Gaussian LLRs nor true ones: those of min-sum
    are not, nor are sum-product's once messages have gone round the cycles of the graph. The histograms'
    cells lose less than 0.001. 50 iterations of 64 frames of 1008 bits with 3024 edges take some 2 seconds;
    time grows with edges, frames and iterations, memory with edges times frames, some 100 bytes each.

    Parameters
    ----------
    decoder
        A belief-propagation decoder with the flooding schedule and in float32: other schedules have no half
        iterations.
    channel
        Any channel.
    frames
        Number of frames, at least 2. Measuring needs some 10,000 messages: frames times edges.
    iterations
        Number of iterations, from 1 to 100,000.
    seed
        Of the frames' random streams: an integer from 0. The same arguments give the same trajectory.

    Returns
    -------
    ExitTrajectory
        Of shape (2 iterations, 2).

    Raises
    ------
    ValueError
        If the decoder is another one or a number is outside its range; the text says what would do.
    """
    _check_number("frames", frames, 2)
    _check_number("iterations", iterations, 1, MAX_ITERATIONS)
    _check_number("seed", seed, 0)
    flooding = _Flooding(decoder)
    code = flooding.code
    stream = Stream(seed, frames, point="exit trajectory")
    bits = stream.bits(code.k)
    llr = channel.llr(channel.transmit(code.encode(bits), stream))
    sent = np.ascontiguousarray(code.encode_variables(bits)[:, flooding.edge_variable])
    values, errors = np.zeros((2 * iterations, 2)), np.zeros((2 * iterations, 2))
    for i, (to_checks, to_variables, _) in enumerate(flooding.run(llr, iterations)):
        values[2 * i :, 0], errors[2 * i :, 0] = _measured(to_checks, sent)
        values[2 * i + 1 :, 1], errors[2 * i + 1 :, 1] = _measured(to_variables, sent)
    return ExitTrajectory(values, errors)


def _measured(messages: FloatArray, sent: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Information of messages (edges, frames) on bits (frames, edges), and its standard error."""
    cells = np.round(np.arcsinh(messages.T) * CELLS)
    found = binned_information(cells, sent, bins=MAX_CELLS)
    # The correction for counting may leave a little less than nothing.
    return min(max(found.value, 0.0), 1.0), found.standard_error


class _Flooding:
    """Belief propagation in plain NumPy that shows its messages; raises ValueError for another decoder.

    Attributes
    ----------
    code
        The decoder's code.
    edge_variable
        int32 (edges): the variable at the end of each edge. Edges are in the order of their check's
        degree, then of their place in the check.
    """

    def __init__(self, decoder: Decoder) -> None:
        if not isinstance(decoder, BeliefPropagationDecoder):
            raise ValueError(
                "decoder must be bp, BeliefPropagationDecoder, for an EXIT trajectory: its messages are "
                f"measured, and {decoder!r} has none"
            )
        if decoder.schedule != "flooding":
            raise ValueError(
                f"schedule must be flooding, as an EXIT trajectory goes in halves, got {decoder.schedule}"
            )
        if decoder.precision != "float32":
            raise ValueError(f"precision must be float32 for an EXIT trajectory, got {decoder.precision}")
        assert isinstance(decoder.code, LinearCode)
        self._decoder, self.code = decoder, decoder.code
        graph = self.code.tanner_graph
        if graph.edges == 0:
            raise ValueError(f"code must have parity checks, and {self.code!r} has none")
        self._update: Callable[[FloatArray], FloatArray]
        if decoder.algorithm == "sum-product":
            self._update = _sum_product
        else:
            scale, offset = decoder.scale, decoder.offset
            self._update = lambda messages: _min_sum(messages, scale, offset)
        edges = []
        #: (number of the first edge, degree, checks) of the checks of each degree
        self._groups: list[tuple[int, int, int]] = []
        first = 0
        for degree in np.unique(graph.check_degrees[graph.check_degrees > 0]).tolist():
            starts = graph.check_start[:-1][graph.check_degrees == degree]
            edges.append((np.arange(degree)[:, None] + starts).ravel())
            self._groups.append((first, degree, len(starts)))
            first += degree * len(starts)
        self.edge_variable = graph.edge_variable[np.concatenate(edges)]

    @cached_property
    def _sums(self) -> Any:
        """Sparse (variables, edges): adds up the messages to each variable."""
        ones, edges = np.ones(len(self.edge_variable)), np.arange(len(self.edge_variable))
        shape = (self.code.tanner_graph.variables, len(edges))
        return scipy.sparse.csr_array((ones, (self.edge_variable, edges)), shape=shape)

    def run(
        self, llr: npt.NDArray[Any], iterations: int
    ) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
        """Decode LLRs (frames, n); after each iteration the messages, both ways, and the variables' LLRs.

        Float64, (edges, frames) and (variables, frames); all finite. Raises what ``decode`` raises.
        """
        received = np.zeros((self.code.tanner_graph.variables, len(llr)))
        received[self.code.transmitted] = np.clip(self._decoder.check_llr(llr), -MESSAGE_MAX, MESSAGE_MAX)
        total, to_variables = received, np.zeros((len(self.edge_variable), len(llr)))
        for _ in range(iterations):
            to_checks = total[self.edge_variable] - to_variables
            to_variables = self._checks(to_checks)
            total = received + self._sums @ to_variables
            yield to_checks, to_variables, total

    def _checks(self, messages: FloatArray) -> FloatArray:
        """What the checks send, given what they got: (edges, frames) both."""
        sent, frames = np.empty_like(messages), messages.shape[1]
        for first, degree, checks in self._groups:
            edges = slice(first, first + degree * checks)
            given = messages[edges].reshape(degree, checks, frames)
            out = sent[edges].reshape(degree, checks, frames)
            step = max(1, PASS_MESSAGES // (degree * frames))
            for start in range(0, checks, step):
                part = slice(start, start + step)
                out[:, part] = self._update(given[:, part])
        return sent


def _sum_product(messages: FloatArray) -> FloatArray:
    """2 artanh of the product of tanh(x / 2) over the other messages x to a check: (degree, ...) both.

    As the kernels do: two magnitudes combine to q = (q1 + q2) / (1 + q1 q2) of q = exp(-|x|), which loses
    nothing, from the first edge on and from the last. All q are kept relative to the largest,
    exp(-least), so that none of large LLRs is 0; where the second largest is exp(-GAP) of that or less,
    relative to what is exp(GAP) times the second, so that the weakest edge gets its message too.
    """
    magnitude = np.abs(messages)
    if len(messages) == 1:  # the check alone says 0
        return np.full_like(messages, MESSAGE_MAX)
    least, second = np.partition(magnitude, 1, axis=0)[:2]
    unit = np.maximum(least, second - GAP)
    square = np.exp(-2 * unit)
    q = np.exp(-np.clip(magnitude - unit, 0.0, 2 * GAP))
    sent = np.empty_like(messages)
    before = np.zeros_like(least)
    for i in range(len(q)):
        sent[i] = before
        before = (before + q[i]) / (1 + square * before * q[i])
    after = np.zeros_like(least)
    for i in range(len(q) - 1, -1, -1):
        others = (sent[i] + after) / (1 + square * sent[i] * after)
        sent[i] = np.where(q[i] == 1, unit, least) - np.log(others)
        after = (after + q[i]) / (1 + square * after * q[i])
    return _with_signs(np.clip(sent, 0.0, MESSAGE_MAX), messages)


def _min_sum(messages: FloatArray, scale: float, offset: float) -> FloatArray:
    """The least magnitude of the others' messages to a check, scaled, less the offset: (degree, ...) both."""
    magnitude = np.minimum(np.abs(messages), MESSAGE_MAX)
    least = np.full_like(magnitude[0], MESSAGE_MAX)
    second = least
    for each in magnitude:
        second = np.minimum(second, np.maximum(each, least))
        least = np.minimum(least, each)
    others = np.where(magnitude == least, second, least)
    return _with_signs(np.clip(scale * others - offset, 0.0, MESSAGE_MAX), messages)


def _with_signs(magnitude: FloatArray, messages: FloatArray) -> FloatArray:
    """Magnitudes with the product of the signs of the other messages: (degree, ...) both."""
    negative = messages < 0
    turned = negative ^ np.logical_xor.reduce(negative, axis=0)
    return np.where(turned, -magnitude, magnitude)


def _check_number(name: str, value: int, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        problem = f"at least {least}" if value < least else f"at most {most}"
        raise ValueError(f"{name} must be {problem}, got {value}")
