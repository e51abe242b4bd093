"""Densities of LLRs on a grid, of the bit that was sent: what discretised density evolution works on."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ....channels import AWGN, BEC, BSC, Channel
from ....channels.models.fading import Fading

#: The step of quadratures over the logarithms of gains.
GAIN_STEP = 0.1

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """LLRs at the multiples of a step, up to ``points`` of them on either side; beyond, they are at the end.

    A density is a float64 array of shape (2 points + 1), whose middle is an LLR of 0.
    """

    step: float
    points: int

    @property
    def magnitudes(self) -> Values:
        """0 to the greatest, shape (points + 1)."""
        return np.asarray(self.step * np.arange(self.points + 1), np.float64)

    def spread(self, llrs: Values, probabilities: Values) -> Values:
        """The density of LLRs, each parted between its two neighbours so that the mean stays."""
        place = np.clip(llrs / self.step, -self.points, self.points)
        place = np.where(abs(place - np.rint(place)) < 1e-9, np.rint(place), place)
        below = np.floor(place)
        part = place - below
        at = below.astype(np.int64) + self.points
        size = 2 * self.points + 2
        found = np.bincount(at, probabilities * (1 - part), size) + np.bincount(
            at + 1, probabilities * part, size
        )
        return np.asarray(found[:-1])

    def gaussian(self, mean: float, deviation: float) -> Values:
        """The density of a Gaussian LLR, each rounded to the nearest."""
        from scipy.special import ndtr

        ends = (np.arange(-self.points, self.points) + 0.5) * self.step
        below = ndtr((ends - mean) / deviation)
        above = ndtr((mean - ends) / deviation)
        # differences of whichever tail is the smaller one
        inner = np.where(ends[1:] < mean, np.diff(below), -np.diff(above))
        return np.concatenate([below[:1], inner, above[-1:]])

    def clipped(self, sums: Values, middle: int) -> Values:
        """The density of sums, given on the same step with 0 at ``middle``, their ends gathered."""
        low, high = middle - self.points, middle + self.points
        found = sums[low : high + 1].copy()
        found[0] += sums[:low].sum()
        found[-1] += sums[high + 1 :].sum()
        return found

    def halves(self, density: Values) -> Values:
        """Sum and difference of the densities at + and - each magnitude, shape (2, points + 1)."""
        plus, minus = density[self.points :], density[self.points :: -1]
        both = np.stack([plus + minus, plus - minus])
        both[0, 0] = density[self.points]
        return both

    def whole(self, halves: Values) -> Values:
        """The density of its ``halves``."""
        total, difference = halves
        plus, minus = (total + difference) / 2, (total - difference) / 2
        return np.concatenate([minus[:0:-1], total[:1], plus[1:]])

    def error(self, density: Values) -> float:
        """The probability of an error, where a coin decides of an LLR of 0."""
        return float(density[: self.points].sum() + density[self.points] / 2)


def bit_llrs(channel: Channel) -> tuple[Values, Values]:
    """The LLRs of the bit sent that a channel has, and their probabilities, shape (values) each.

    Of a channel that treats its inputs differently they are those of fair bits, as if each bit was flipped
    at random before and after: so density evolution has it (Wang, Kulkarni and Poor, 2005). Raises
    ValueError for channels that have no law, such as those with memory or whose input is no bit.
    """
    if type(channel) is BEC:
        return np.array([0.0, math.inf]), np.array([channel.epsilon, 1 - channel.epsilon])
    if type(channel) is BSC:
        llr = math.inf if channel.f == 0 else math.log1p(-channel.f) - math.log(channel.f)
        return np.array([-llr, llr]), np.array([channel.f, 1 - channel.f])
    if isinstance(channel, Fading):
        return _of_gains(channel)
    law = channel.law()
    found = None if law is None else law.bit_llrs()
    if found is None:
        raise ValueError(
            f"density evolution needs independent bits whose LLRs have a known law: bsc, bec, awgn, or a "
            f"channel that has a law; got {channel!r}"
        )
    return found


def _of_gains(channel: Fading) -> tuple[Values, Values]:
    """The LLRs of BPSK over fading whose gains the receiver knows and that change with each symbol.

    Hou, Siegel and Milstein, "Performance analysis and code optimization of low density parity-check codes on
    Rayleigh fading channels", 2001, section III.
    """
    if channel.csi != "perfect" or channel.coherence != "symbol" or channel.dimensions != 1:
        raise ValueError(
            "density evolution over fading needs gains that are known, another one for each symbol"
        )
    logs, weights = channel.nodes(GAIN_STEP)
    mean = 4 * np.exp(logs)[:, None]
    z = np.linspace(-8, 8, 321)
    normal = np.exp(-z * z / 2)
    llrs = mean + np.sqrt(2 * mean) * z
    return llrs.ravel(), (weights[:, None] * (normal / normal.sum())).ravel()


def bhattacharyya(channel: Channel) -> float:
    """The Bhattacharyya parameter, E[exp(-L / 2)] over the LLR L of the bit sent."""
    if type(channel) is AWGN:
        return math.exp(-1 / (2 * channel.sigma**2))
    llrs, probabilities = bit_llrs(channel)
    return float(probabilities @ np.exp(-llrs / 2))


def grid_for(channel: Channel, step: float, reach: float, multiples: int | None = None) -> Grid:
    """A grid of about that step; if all LLRs that are not 0 are of one size, of a step that divides it.

    Then, with ``multiples``, it has so many multiples of that size, and nothing between: min-sum without a
    factor has no other messages, and its ties are real.
    """
    if type(channel) is not AWGN:
        llrs, _ = bit_llrs(channel)
        sizes = np.unique(np.round(abs(llrs[np.isfinite(llrs) & (llrs != 0)]), 12))
        if len(sizes) == 1:
            size = float(sizes[0])
            if multiples is not None:
                return Grid(size, multiples)
            step = size / max(round(size / step), 1)
    return Grid(step, max(math.ceil(reach / step), 1))


def channel_density(channel: Channel, grid: Grid) -> Values:
    """The density of a channel's LLRs on a grid."""
    if type(channel) is AWGN:
        mean = 2 / channel.sigma**2
        return grid.gaussian(mean, math.sqrt(2 * mean))
    return grid.spread(*bit_llrs(channel))
