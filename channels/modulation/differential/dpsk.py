"""Differential phase-shift keying."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ...models.channel import Signal
from ..constellation.constellations import Constellation, as_order, psk
from ..constellation.labels import Labels
from ..modulation import Detection
from ..phase import decides_half_way
from ..point_modulation import Demapper, LabelModulation, filled
from .differential_information import (
    differential_bit_error_rate,
    differential_capacity,
    differential_limit_esno,
    differential_symbol_error_rate,
)
from .dpsk_kernels import demap_turns, map_turns

#: Most turns.
MOST_TURNS = 16


class Turns:
    """Maps and demaps turns of the phase from a sample to the next.

    Parameters
    ----------
    turns
        Equidistant points of the circle, counterclockwise from 1, with labels.
    """

    def __init__(self, turns: Constellation) -> None:
        at = np.argsort(turns.labels)
        self._bits = turns.order.bit_length() - 1
        self._steps = at.astype(np.float32)
        self._circle = _parts(np.exp(2j * math.pi * np.arange(turns.order) / turns.order))
        self._by_label = _parts(turns.points[at])

    def map(self, words: Words, samples: npt.NDArray[np.float32]) -> None:
        """Fill samples, float32 (groups, 2 symbols, 64), from packed bits."""
        map_turns(words, self._steps, *self._circle, self._bits, samples)

    def demap(self, samples: Any, gains: Any, prior: Any, law: Any, steps: Any, out: Any) -> None:
        """Fill ``out`` with LLRs; arguments are those of ``plane_kernels.demap_points``."""
        gains, prior = filled(gains, 1, samples), filled(prior, 0, out)
        demap_turns(samples, gains, prior, *self._by_label, self._bits, law, steps, out)


def _parts(points: npt.NDArray[np.complex128]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    exact = points.round(15)  # no 6e-17 in the place of a 0
    return exact.real.astype(np.float32), exact.imag.astype(np.float32)


class DPSK(LabelModulation):
    """Differential phase-shift keying: bits turn the phase from a sample to the next.

    A frame begins with a sample of reference, whose energy, and use of the channel, count as those of any
    other. The receiver does not know the phase, but that it is the same in two samples that follow each
    other. LLRs are exact for what two samples tell of the turn between them, ln I0(|g y + g' y' x*| 2 / N0)
    being the metric of a turn x: that LLRs which share a sample depend on each other is not made use of.
    Errors do not depend on the phase, which is sent as 0 in the first sample therefore.

    Parameters
    ----------
    order
        The number of turns: 2, 4, 8 or 16.
    labels
        Of the turns, counterclockwise from none: ``gray`` (the default), ``natural``, ``set-partitioning``,
        ``anti-gray``, or a list.
    demapper
        ``exact`` or ``max-log``.

    Raises
    ------
    ValueError
        If a parameter is none of these.

    Examples
    --------
    >>> DPSK(order=4).map([1, 1, 0, 1]).round(1).tolist()
    [(1+0j), (-1+0j), -1j]
    """

    detection: Detection = "differential"
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 4},
        {"order": 2, "demapper": "max-log"},
        {"order": 8, "labels": "natural"},
    )

    def __init__(
        self, *, order: int, labels: Labels | list[int] | None = None, demapper: Demapper = "exact"
    ) -> None:
        turns = psk(as_order(order, MOST_TURNS), labels=labels or "gray")
        turns = Constellation(turns.points, turns.labels, f"{order}-DPSK")
        super().__init__(turns, demapper, Turns(turns))

    def capacity(self, esno: float, signal: Signal = "modulation") -> float:
        """What it carries over AWGN at Es/N0 (a ratio) in bits a symbol; see ``differential_capacity``."""
        return differential_capacity(self.constellation, esno, signal)

    def limit_esno(self, rate: float, signal: Signal = "modulation") -> float:
        """The least Es/N0 (a ratio) at which ``rate``, below log2 M, does not exceed ``capacity``."""
        return differential_limit_esno(self.constellation, rate, signal)

    def uncoded_ser(self, esno: float) -> float:
        """The probability that another turn than the one that was sent is nearest, over AWGN."""
        return differential_symbol_error_rate(self.constellation.order, esno)

    def uncoded_ber(self, esno: float) -> float | None:
        """The probability that a bit's LLR has the wrong sign, over AWGN.

        Of max-log LLRs always; of exact ones where they change their signs half way between turns, as with
        Gray and natural labels.
        """
        if self._exact and not decides_half_way(self.constellation):
            return None
        return differential_bit_error_rate(self.constellation, esno)
