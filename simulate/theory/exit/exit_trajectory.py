"""The course of a real decoder in an EXIT chart: the information of its messages, measured.

ten Brink, "Convergence behavior of iteratively decoded parallel concatenated codes", 2001; for LDPC codes
ten Brink, Kramer and Ashikhmin, "Design of low-density parity-check codes for modulation and detection",
2004.

All information is mutual information of a message and the bit it is about, in bits, averaged over the
edges of the Tanner graph.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ....channels import Channel, Stream, binned_information
from ....codes import Decoder, DematchingDecoder
from ....codes.decoder import MAX_ITERATIONS
from ....vectors.group_kernels import MESSAGE_MAX
from ....vectors.groups import GroupInput
from .exit_curves import FloatArray, check_number
from .exit_support import has_known_messages, propagation, tanner_code

#: Cells of a message's histogram for each unit of asinh(LLR): fine around 0, and few for large LLRs.
CELLS = 8
#: More cells than asinh of any sum of messages can need.
MAX_CELLS = 1024
#: Messages that checks work on at a time, so that they stay in the cache.
PASS_MESSAGES = 1 << 16
#: In a check, exp(-GAP) of what is known is nothing to float64, and exp(-2 GAP) within its range.
GAP = 300.0


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
    check_number("frames", frames, 2)
    check_number("iterations", iterations, 1, MAX_ITERATIONS)
    check_number("seed", seed, 0)
    flooding = _Flooding(decoder)
    code = flooding.code
    stream = Stream(seed, frames, point="exit trajectory")
    bits = stream.bits(code.k)
    llr = channel.llr(channel.transmit(code.encode(bits), stream))
    sent = np.ascontiguousarray(flooding.mother.encode(bits)[:, flooding.edge_variable])
    values, errors = np.zeros((2 * iterations, 2)), np.zeros((2 * iterations, 2))
    for i, (to_checks, to_variables, _) in enumerate(flooding.run(llr, iterations)):
        values[2 * i :, 0], errors[2 * i :, 0] = measured(to_checks.T, sent)
        values[2 * i + 1 :, 1], errors[2 * i + 1 :, 1] = measured(to_variables.T, sent)
    return ExitTrajectory(values, errors)


def measured(messages: npt.NDArray[Any], sent: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Information of messages on bits, (frames, messages) both, and its standard error."""
    cells = np.round(np.arcsinh(messages) * CELLS)
    found = binned_information(cells, sent, bins=MAX_CELLS)
    # The correction for counting may leave a little less than nothing.
    return min(max(found.value, 0.0), 1.0), found.standard_error


class _Flooding:
    """Belief propagation in plain NumPy that shows its messages; raises ValueError for another decoder.

    Attributes
    ----------
    code, mother
        The decoder's code, and that on whose graph it runs: itself, or the mother code of a punctured one.
    edge_variable
        int32 (edges): the variable at the end of each edge. Edges are in the order of their check's
        degree, then of their place in the check.
    """

    def __init__(self, decoder: Decoder) -> None:
        bp = propagation(decoder)
        if bp is None:
            raise ValueError(
                "decoder must be bp, BeliefPropagationDecoder, for an EXIT trajectory: its messages are "
                f"measured, and {decoder!r} has none"
            )
        if not has_known_messages(bp):
            raise ValueError(
                "algorithm must be sum-product or min-sum, without damping, for an EXIT trajectory, got "
                f"{bp.algorithm} with damping {bp.damping:g}"
            )
        if bp.schedule != "flooding":
            raise ValueError(
                f"schedule must be flooding, as an EXIT trajectory goes in halves, got {bp.schedule}"
            )
        if bp.precision != "float32":
            raise ValueError(f"precision must be float32 for an EXIT trajectory, got {bp.precision}")
        self._decoder, self.code = decoder, decoder.code
        self.mother = tanner_code(decoder.code)[0]
        graph = self.mother.tanner_graph
        if graph.edges == 0:
            raise ValueError(f"code must have parity checks, and {self.code!r} has none")
        self._update: Callable[[FloatArray], FloatArray]
        if bp.algorithm == "sum-product":
            self._update = _sum_product
        else:
            scale, offset = bp.scale, bp.offset
            assert isinstance(scale, int | float)
            assert isinstance(offset, int | float)
            alike = (float(scale), float(offset))
            self._update = lambda messages: _min_sum(messages, *alike)
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
        shape = (self.mother.n, len(edges))
        return scipy.sparse.csr_array((ones, (self.edge_variable, edges)), shape=shape)

    def run(
        self, llr: npt.NDArray[Any], iterations: int
    ) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
        """Decode LLRs (frames, n); after each iteration the messages, both ways, and the variables' LLRs.

        Float64, (edges, frames) and (variables, frames); all finite. Raises what ``decode`` raises.
        """
        given = GroupInput.of_lanes(self._decoder.check_llr(llr))
        if isinstance(self._decoder, DematchingDecoder):
            given = self._decoder.dematched(given)
        received = np.clip(given.lanes(), -MESSAGE_MAX, MESSAGE_MAX).astype(np.float64)
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
