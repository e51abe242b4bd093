"""Modulations that send phases and amplitudes: PSK, pi/2-BPSK and QAM."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from .constellation.constellations import MAX_POINTS, Constellation, as_order, cross_qam, psk, qam
from .constellation.error_rates import bit_error_rate
from .constellation.labels import GridLabels, Labels
from .point_modulation import Demapper, PointModulation

#: Most phases of phase-shift keying.
MOST_PHASES = 64


class PSK(PointModulation):
    """Phase-shift keying: equidistant points of the circle, counterclockwise from 1.

    Parameters
    ----------
    order
        The number of points: a power of two from 2 to 64.
    labels
        ``gray`` (the default), ``natural``, ``set-partitioning`` (Ungerboeck's, the natural ones),
        ``anti-gray``, or a list of those of the points. DVB-S2's 8PSK is [1, 0, 4, 6, 2, 3, 7, 5].
    demapper
        ``exact`` or ``max-log``.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 8},
        {"order": 4, "labels": "anti-gray"},
        {"order": 16, "labels": "set-partitioning", "demapper": "max-log"},
    )

    def __init__(
        self, *, order: int, labels: Labels | list[int] | None = None, demapper: Demapper = "exact"
    ) -> None:
        super().__init__(psk(as_order(order, MOST_PHASES), labels=labels or "gray"), demapper)

    def uncoded_ber(self, esno: float) -> float | None:
        """The probability that a bit's LLR has the wrong sign, on average over the bits of a label.

        Of exact LLRs it is known where they change their signs half way between points, as with Gray and
        natural labels: where all points change places, with the bits of each pair different.
        """
        if self._exact and decides_half_way(self.constellation):
            return bit_error_rate(self.constellation, esno)
        return super().uncoded_ber(esno)


def decides_half_way(circle: Constellation) -> bool:
    """Whether exact LLRs of equidistant points of a circle change their signs half way between two points.

    They do where a bit that differs between neighbours is another one for all points and mirror images.
    """
    bits = circle.label_bits
    for point in range(len(bits)):
        mirrored = bits[(2 * point - 1 - np.arange(len(bits))) % len(bits)]
        differs = bits[point] != bits[point - 1]
        if (mirrored == bits)[:, differs].any():
            return False
    return True


class HalfPiBPSK(PointModulation):
    """pi/2-BPSK: BPSK of complex samples, every sample a quarter turn after the one before.

    The first is sent as +-(1 + j) / sqrt(2), as in 3GPP TS 38.211, section 5.1.1. Over AWGN it is as good as
    BPSK; both demappers are the same.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    quarter_turns: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__(Constellation([1 + 1j, -1 - 1j], [0, 1], "pi/2-BPSK"))

    def uncoded_ber(self, esno: float) -> float:
        """That of BPSK."""
        return math.erfc(math.sqrt(esno)) / 2


class QAM(PointModulation):
    """Quadrature-amplitude modulation: a square or, of 32, 128, 512 and 2048 points, a cross.

    8 points are a rectangle. A square with labels that are not by set partitioning or a list is demapped by
    its axes.

    Parameters
    ----------
    order
        The number of points: a power of two from 4 to 4096.
    labels
        ``gray`` (the default; of a cross nearly so), ``natural``, ``set-partitioning``, ``anti-gray``; of a
        square also ``nr``, those of 5G, whose first bits are the safest; or a list of those of the points:
        columns from the right to the left, each from the top down.
    demapper
        ``exact`` or ``max-log``.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 16},
        {"order": 16, "labels": "set-partitioning"},
        {"order": 64, "labels": "nr"},
        {"order": 32, "demapper": "max-log"},
    )

    def __init__(
        self, *, order: int, labels: GridLabels | list[int] | None = None, demapper: Demapper = "exact"
    ) -> None:
        order = as_order(order, MAX_POINTS)
        crossed = order >= 32 and order.bit_length() % 2 == 0
        super().__init__((cross_qam if crossed else qam)(order, labels or "gray"), demapper)
