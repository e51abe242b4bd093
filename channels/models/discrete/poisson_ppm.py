"""Pulse-position modulation seen by a photon counter.

R. M. Gagliardi and S. Karp, "Optical Communications", 2nd ed., 1995, chapter 8; S. Dolinar, D. Divsalar, J.
Hamkins and F. Pollara, "Capacity of pulse-position modulation (PPM) on Gaussian and Webb channels", 2000, for
the capacity as a mean over the likelihood ratios of slots.
"""

import math
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import SOFT, GroupInput, Reads, Words, ungrouped
from ....vectors.whole_numbers import whole_number
from ...elementwise import as_number
from ...parameter import Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Channel, Examples, Signal
from .poisson import PHOTONS, PoissonOOK

Floats = npt.NDArray[np.float64]
#: The most slots of a symbol.
MOST_SLOTS = 256
#: A background above 0, but so much less than that, is none as far as float64 can tell.
LEAST_BACKGROUND = 1e-12
#: exp(-exp(u)) is 1 below u = -FALLEN, and 0 above RISEN.
FALLEN, RISEN = 45.0, 6.0


class PoissonPPM(Channel):
    """Pulse-position modulation over a photon counter: of M slots one has a pulse.

    The label of a slot is its number, log2 M coded bits, the most significant one first. Photons are counted
    in each slot: their number has Poisson's law with the mean ``background``, and with the pulse
    ``background`` + ``photons``. What a frame's bits do not fill of its last symbol is filled up with fair
    bits.

    Parameters
    ----------
    photons
        Mean number of photons that are counted of a pulse, from 0 to 1000.
    order
        M, the slots of a symbol: a power of two from 2 to 256.
    background
        Mean number of all others in a slot, 0 or from 1e-12 to 1000. Without any this is the q-ary erasure
        channel, on which a symbol is lost with probability exp(-photons).

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> round(PoissonPPM(photons=2, order=16).capacity() + math.exp(-2), 12)
    1.0
    >>> round(PoissonPPM(photons=2, order=16, background=0.1).capacity(), 4)
    0.7067
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (PHOTONS,)
    memoryless: ClassVar[bool] = False
    examples: ClassVar[Examples] = (
        {"photons": 3.0, "order": 4, "background": 0.5},
        {"photons": 1.0, "order": 8},
    )

    def __init__(self, *, photons: float, order: int, background: float = 0.0) -> None:
        order, background = whole_number(order, "order"), as_number(background, "background")
        if not 2 <= order <= MOST_SLOTS or order & (order - 1):
            raise ValueError(f"order must be a power of two from 2 to {MOST_SLOTS}, got {order}")
        self._slot = PoissonOOK(photons=photons, background=background)
        if 0 < background < LEAST_BACKGROUND:
            raise ValueError(f"background must be 0 or at least {LEAST_BACKGROUND:g}, got {background:g}")
        self._order = order

    @property
    def photons(self) -> float:
        """Mean number of photons of a pulse."""
        return self._slot.photons

    @property
    def order(self) -> int:
        """Slots of a symbol."""
        return self._order

    @property
    def background(self) -> float:
        """Mean number of all other photons in a slot."""
        return self._slot.background

    @property
    def _bits(self) -> int:
        return self._order.bit_length() - 1

    @property
    def _scale(self) -> float:
        """What a photon adds to the logarithm of a slot's likelihood."""
        return math.log1p(self.photons / self.background) if self.background > 0 else math.inf

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """Bits that fill up the last symbol, and then two words for the count of each slot."""
        self.check_words(words, stream)
        n, m = words.shape[1], self._bits
        filled = np.hstack([words, stream.packed_bits(-n % m)])
        labels = filled.reshape(len(words), -1, m)
        pulses = np.full((*labels.shape[:2], self._order), ~np.uint64(0))
        for slot in range(self._order):
            for i in range(m):
                bit = labels[:, :, i]
                pulses[:, :, slot] &= bit if slot >> (m - 1 - i) & 1 else ~bit
        counts = self._slot.outputs(pulses.reshape(len(words), -1), stream)
        slots = ungrouped(counts, stream.frames).reshape(-1, self._order, stream.frames)
        llr = self._llr(slots)[:n].astype(np.float32)
        return GroupInput.of_lanes(np.ascontiguousarray(llr), reads)

    def _llr(self, counts: npt.NDArray[np.uint16]) -> Floats:
        """Of the bits of symbols, (symbols m, frames), from counts (symbols, M, frames)."""
        known = np.minimum(counts, 1) * LLR_MAX if self.background == 0 else counts * self._scale
        likelihoods = np.asarray(known, np.float64)
        numbers, found = np.arange(self._order), []
        for i in range(self._bits - 1, -1, -1):
            sides = [_log_sum(likelihoods[:, (numbers >> i) & 1 == bit]) for bit in (0, 1)]
            found.append(sides[0] - sides[1])
        llr = np.stack(found, axis=1).reshape(-1, counts.shape[2])
        if self.background == 0:  # the slot is known or nothing is
            llr = np.sign(np.rint(llr)) * LLR_MAX
        return np.clip(llr, -LLR_MAX, LLR_MAX)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Bits a use, which is a coded bit: of symbols, or of their bits one by one, ``bicm``; to 1e-9.

        Symbols carry log2 M less the mean of log2(sum of e^(s y) over slots) - s y of the pulse's, with the
        counts y and s = ln(1 + photons / background). Raises ValueError for another ``signal``.
        """
        if signal not in ("gaussian", "modulation", "bicm"):
            raise ValueError(f"signal must be gaussian, modulation or bicm here, got {signal!r}")
        if self.background == 0 or self.photons == 0:
            return -math.expm1(-self.photons)
        whole = self._mean_log_sum(self._order)
        if signal == "bicm":  # the slots with the right bit are half of them
            found = 1 - (whole - self._mean_log_sum(self._order // 2)) / math.log(2)
        else:
            mean = self._scale * (self.photons + self.background)
            found = (mean + math.log(self._order) - whole) / math.log(2) / self._bits
        return min(max(found, 0.0), 1.0)

    def _mean_log_sum(self, slots: int) -> float:
        """The mean of ln of the sum of e^(s y) over slots, of which one has the pulse.

        ln x is the integral of (e^-t - e^(-t x)) / t over t, and the mean of e^(-t x) is the product of those
        of the slots. In ln t the trapezoidal rule converges exponentially.
        """
        law, step = self._slot.transition, 1 / 8
        counts, scale = law.shape[1], self._scale
        logs = np.arange(-(scale * (counts - 1) + FALLEN) // step, RISEN / step) * step
        # Of t = e^u counts y with u + s y below -FALLEN have e^(-t e^(s y)) = 1, and those above RISEN 0.
        first = np.clip(np.ceil((-FALLEN - logs) / scale), 0, counts).astype(np.int64)
        sums = np.hstack([np.zeros((2, 1)), np.cumsum(law, axis=1)])
        empty, pulse = sums[:, first]
        law = np.hstack([law, np.zeros((2, 1))])
        for further in range(min(counts, math.ceil((FALLEN + RISEN) / scale) + 1)):
            y = np.minimum(first + further, counts)
            kept = np.exp(-np.exp(np.minimum(logs + scale * y, RISEN)))
            empty, pulse = empty + kept * law[0, y], pulse + kept * law[1, y]
        return float((np.exp(-np.exp(logs)) - pulse * empty ** (slots - 1)).sum() * step)

    def modulated_ber(self) -> float | None:
        """exp(-photons) / 2 without background, where coins decide a symbol that is lost; else unknown."""
        return math.exp(-self.photons) / 2 if self.background == 0 else None

    def __repr__(self) -> str:
        return f"PoissonPPM(photons={self.photons!r}, order={self._order!r}, background={self.background!r})"


def _log_sum(likelihoods: Floats) -> Floats:
    """ln of the sum of exponentials over the slots, (symbols, slots, frames)."""
    top = likelihoods.max(axis=1)
    return np.asarray(top + np.log(np.exp(likelihoods - top[:, None]).sum(axis=1)))
