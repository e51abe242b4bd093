"""EXIT charts of codes made of two, and of demapper and decoder: what each makes of what it has been told.

ten Brink, "Convergence behavior of iteratively decoded parallel concatenated codes", 2001, sections II and
III; for erasures Ashikhmin, Kramer and ten Brink, "Extrinsic information transfer functions: model and
erasure channel properties", 2004.

All information is mutual information of an extrinsic value and the bit it is about, in bits, averaged over
the bits that are exchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from ....channels import BEC, LLR_MAX, Channel, Stream
from ....codes import CompositeDecoder, Constituent, Decoder
from ....codes.decoder import MAX_ITERATIONS
from ....codes.soft_decoder import MOST
from ....vectors.batches import lanes_of
from ....vectors.groups import GroupInput, Words, grouped, ungrouped, unpacked
from ...link.iterative_receiver import IterativeReceiver, Received, coded_posteriors
from .exit_curves import FloatArray, Transfer, check_number, inverse_j_function, tunnel
from .exit_support import constituents_of, no_constituents
from .exit_trajectory import measured

#: A tunnel is followed until so much information is missing: beyond it a curve's error is as large.
MISSING = 1e-2
#: Where curves are measured near I_A = 1, beside the points that are spread evenly: what is missing there.
CLOSE = (0.012, 0.006, 0.003)
#: Frames that are decoded side by side for curves.
LANES = 128
#: A trajectory has ended when an iteration changes no information by more.
STILL = 1e-4
#: LLRs of frames, float32 (frames, n), C-contiguous or not.
LLRs = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ConstituentChart:
    """The transfer curves of two constituent decoders, and the course of decoding between them.

    Attributes
    ----------
    apriori
        A-priori information I_A, float64 (points), ascending from 0 to 1.
    first, second
        Extrinsic information I_E of the two at each: float64 (points) in [0, 1]. A chart shows the second
        mirrored, with I_A upwards.
    first_error, second_error
        Their standard errors.
    gap, crossing
        As in ``ExitCurves``, of messages (of the first, of the second), until 0.01 is missing.
    trajectory
        Information of the messages (of the first, of the second) after each half iteration, float64
        (2 iterations, 2). The first row, (I, 0), is after the first decoder's first half. Once an iteration
        has changed nothing, all that follow are taken to be the same.
    trajectory_error
        Their standard errors.
    """

    apriori: FloatArray
    first: FloatArray
    second: FloatArray
    first_error: FloatArray
    second_error: FloatArray
    gap: float
    crossing: tuple[float, float]
    trajectory: FloatArray
    trajectory_error: FloatArray

    @property
    def tunnel_open(self) -> bool:
        """Whether the curves leave a tunnel open, up to 1e-2 before (1, 1): long codes then decode."""
        return self.gap > 0


def constituent_chart(
    decoder: Decoder,
    channel: Channel,
    *,
    points: int = 21,
    frames: int = 64,
    iterations: int = 20,
    seed: int = 0,
) -> ConstituentChart:
    """The EXIT chart of a decoder with two constituents, measured.

    Random data are sent over the channel. For the curves each constituent is given, beside what it receives,
    a-priori values of the information I_A: Gaussian LLRs with the deviation J^-1(I_A), or, on the BEC,
    LLRs of which the share 1 - I_A is erased. For the trajectory each is given what the other has told. The
    information of what they tell is measured by histograms, which presume neither Gaussian LLRs nor true ones
    (ten Brink, 2001, section III). Extrinsic values are a-posteriori LLRs less what was a priori and less
    what both receive.

    Parameters
    ----------
    decoder
        A decoder with two constituents, perhaps of a code inside the one that is sent.
    channel
        Any channel.
    points
        Points of each curve that are spread evenly, at least 2; there are a few more close to 1.
    frames
        Number of frames, at least 2. Measuring needs some 10,000 bits.
    iterations
        Number of iterations of the trajectory, from 1 to 100,000.
    seed
        Of the frames' random streams: an integer from 0. The same arguments give the same chart.

    Raises
    ------
    ValueError
        If the decoder has not two constituents or a number is outside its range.
    """
    _check_numbers(points, frames, iterations, seed)
    both = constituents_of(decoder)
    if not both:
        raise ValueError(
            "decoder must have two constituents for an EXIT chart of them: "
            f"{decoder!r} {no_constituents(decoder)}"
        )
    llr, bits, stream = _sent(decoder, both, channel, frames, seed)
    priors = _Priors.of(bits, stream, erased=type(channel) is BEC)
    return _chart(both, llr, priors, points, iterations)


def receiver_chart(
    receiver: IterativeReceiver,
    channel: Channel,
    *,
    points: int = 21,
    frames: int = 64,
    iterations: int = 20,
    seed: int = 0,
) -> ConstituentChart:
    """The EXIT chart of a demapper and a decoder that take turns, measured as ``constituent_chart`` is.

    The first is the demapper, the second the decoder; they exchange LLRs of the coded bits (ten Brink,
    Speidel and Yan, "Iterative demapping and decoding for multilevel modulation", 1998). A demapper that
    knows all other bits still has noise, so that its curve ends below 1: the tunnel is open if it leads to
    where no more than 0.01 is missing of what the decoder tells.

    Parameters
    ----------
    receiver
        The receiver.
    channel
        A channel of samples with a modulation, perhaps behind an interleaver.
    points, frames, iterations, seed
        As for ``constituent_chart``.

    Raises
    ------
    ValueError
        If the channel has no modulation or a number is outside its range.
    """
    _check_numbers(points, frames, iterations, seed)
    stream, code = Stream(seed, frames, point="exit receiver"), receiver.decoder.code
    words = code.encode_words(stream.packed_bits(code.k))
    received = receiver.observe(channel, words, stream)
    bits = unpacked(words, frames)
    priors = _Priors.of(bits, stream, erased=False)
    llr = np.zeros(bits.shape, np.float32)  # what is received is the demapper's own
    both = _Demapping(received, frames), _Decoding(receiver.decoder)
    return _chart(both, llr, priors, points, iterations, followed=1)


class _Exchanges(Protocol):
    """What tells extrinsic values of bits: ``Constituent.extrinsic``."""

    def extrinsic(self, llr: LLRs, prior: LLRs, iteration: int = 0) -> LLRs: ...


@dataclass(frozen=True, eq=False)
class _Demapping:
    """A demapper and what it has received of some frames."""

    received: Received
    frames: int

    def extrinsic(self, llr: LLRs, prior: LLRs, iteration: int = 0) -> LLRs:
        """Of the frames, or of several copies of them one after the other."""
        told = [
            ungrouped(self.received.demapped(grouped(lanes_of(part))), self.frames).T
            for part in np.split(prior, len(prior) // self.frames)
        ]
        return np.concatenate(told)


@dataclass(frozen=True, eq=False)
class _Decoding:
    """A decoder that is told of its coded bits by a demapper alone."""

    decoder: Decoder

    def extrinsic(self, llr: LLRs, prior: LLRs, iteration: int = 0) -> LLRs:
        given = GroupInput.of_lanes(self.decoder.check_llr(prior))
        found = ungrouped(coded_posteriors(self.decoder, given), given.frames).T
        told: LLRs = np.clip(found - prior, -MOST, MOST)
        return told


def _check_numbers(points: int, frames: int, iterations: int, seed: int) -> None:
    for name, value, least, most in (
        ("points", points, 2, None),
        ("frames", frames, 2, None),
        ("iterations", iterations, 1, MAX_ITERATIONS),
        ("seed", seed, 0, None),
    ):
        check_number(name, value, least, most)


def _chart(
    both: Sequence[_Exchanges],
    llr: LLRs,
    priors: "_Priors",
    points: int,
    iterations: int,
    *,
    followed: Literal[0, 1] = 0,
) -> ConstituentChart:
    """The chart of two that exchange extrinsic values of ``priors.bits``, given what was received.

    The tunnel is followed until 0.01 is missing of the information of the first's messages, or the second's.
    """
    apriori = np.sort(np.concatenate([np.linspace(0, 1, points), 1 - np.array(CLOSE)]))
    curves = [_curve(each, llr, priors, apriori) for each in both]
    transfers = [_transfer(apriori, curve[:, 0]) for curve in curves]
    gap, crossing = tunnel(transfers[followed], transfers[1 - followed], MISSING)
    if followed:
        crossing = crossing[::-1]
    course, course_error = _trajectory(both, llr, priors.bits, iterations)
    values = [each for curve in curves for each in curve.T]
    return ConstituentChart(
        apriori, values[0], values[2], values[1], values[3], gap, crossing, course, course_error
    )


def _sent(
    decoder: Decoder, both: tuple[Constituent, ...], channel: Channel, frames: int, seed: int
) -> tuple[LLRs, npt.NDArray[np.uint8], Stream]:
    """Random frames: what the constituents' decoder is given, LLRs (frames, n), and the bits exchanged."""
    stream = Stream(seed, frames, point="exit constituents")
    words: Words = stream.packed_bits(decoder.code.k)
    sent = unpacked(decoder.code.encode_words(words), frames)
    received = channel.llr(channel.transmit(sent, stream))
    given = GroupInput.of_lanes(decoder.check_llr(received))
    while isinstance(decoder, CompositeDecoder):
        given, words = decoder.inner_given(given), decoder.code.inner_words(words)
        decoder = decoder.inner
    bits = unpacked(words, frames)
    outer = next((each for each in both if each.exchanged == "coded"), None)
    if outer is not None:
        coded = outer.decoder.code.encode(bits)
        bits = np.empty_like(coded)
        bits[:, outer.order] = coded
    return given.lanes().T, bits, stream


def _curve(constituent: _Exchanges, llr: LLRs, priors: "_Priors", apriori: FloatArray) -> FloatArray:
    """Extrinsic information at each a-priori one, and its standard error: float64 (points, 2)."""
    frames, at_once = len(llr), max(1, LANES // len(llr))
    found = []
    for first in range(0, len(apriori), at_once):
        # Decoders take as long for one frame as for many side by side.
        known = [priors.of_information(x) for x in apriori[first : first + at_once]]
        told = constituent.extrinsic(np.tile(llr, (len(known), 1)), np.concatenate(known))
        found += [measured(each, priors.bits) for each in told.reshape(-1, frames, told.shape[1])]
    return np.array(found)


@dataclass(frozen=True, eq=False)
class _Priors:
    """A-priori LLRs of any information, made of the same random numbers, so that curves are smooth.

    Attributes
    ----------
    bits
        uint8 (frames, m): the bits.
    noise
        float32 (frames, m): normals, or, where values are erased, uniform numbers in [0, 1).
    erased
        Whether they are.
    """

    bits: npt.NDArray[np.uint8]
    noise: npt.NDArray[np.float32]
    erased: bool

    @classmethod
    def of(cls, bits: npt.NDArray[np.uint8], stream: Stream, *, erased: bool) -> "_Priors":
        m = bits.shape[1]
        noise = stream.uniform(m) if erased else stream.normal(m)
        return cls(bits, noise.astype(np.float32), erased)

    def of_information(self, information: float) -> LLRs:
        towards = 1 - 2 * self.bits.astype(np.float32)
        if self.erased:
            return np.where(self.noise < information, towards * np.float32(LLR_MAX), np.float32(0))
        deviation = np.float32(inverse_j_function(information))
        return towards * (deviation * deviation / 2) + deviation * self.noise


def _transfer(apriori: FloatArray, extrinsic: FloatArray) -> Transfer:
    """The curve through measured points, not falling."""
    from scipy.interpolate import PchipInterpolator

    curve = PchipInterpolator(apriori, np.maximum.accumulate(np.clip(extrinsic, 0.0, 1.0)))

    def transfer(at: FloatArray) -> FloatArray:
        between: FloatArray = np.clip(curve(at), 0.0, 1.0)
        return between

    return transfer


def _trajectory(
    both: Sequence[_Exchanges], llr: LLRs, bits: npt.NDArray[np.uint8], iterations: int
) -> tuple[FloatArray, FloatArray]:
    """The information after each half iteration, and its standard errors: see ``ConstituentChart``."""
    values, errors = np.zeros((2 * iterations, 2)), np.zeros((2 * iterations, 2))
    told = np.zeros(bits.shape, np.float32)
    for half in range(2 * iterations):
        which = half % 2
        told = both[which].extrinsic(llr, told, half // 2)
        values[half:, which], errors[half:, which] = measured(told, bits)
        if half > 1 and which == 1 and np.abs(values[half] - values[half - 2]).max() < STILL:
            break
    return values, errors
