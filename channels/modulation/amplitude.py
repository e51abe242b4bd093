"""Modulations that send amplitudes on each real dimension by itself: BPSK, QPSK, PAM, OOK."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from .carriers.axes import Axes
from .constellation.constellations import Constellation, as_order, pam, psk
from .constellation.labels import Labels
from .point_modulation import Demapper, PointModulation

#: Most levels of pulse-amplitude modulation.
MOST_LEVELS = 64


class AmplitudeModulation(PointModulation):
    """Each real dimension takes some bits of the label, by itself.

    Parameters
    ----------
    constellation
        Points and labels: on the real axis, or a square whose axes have as many bits each, those of the real
        axis first.
    demapper
        ``exact``: LLRs are those of the sums of probabilities. ``max-log``: of the largest ones, the nearest
        point with each value of the bit.

    Raises
    ------
    ValueError
        If ``demapper`` is neither, or a bit of the labels depends on both coordinates.
    """

    _by: Axes

    @staticmethod
    def _carrier(constellation: Constellation) -> Axes:
        return Axes(constellation)

    def uncoded_ber(self, esno: float) -> float:
        """The probability that a bit's LLR has the wrong sign, on average over the bits of a label."""
        return self._by.bit_error_rate(esno, exact=self._exact)


class BPSK(AmplitudeModulation):
    """Binary phase-shift keying: 0 is sent as +1, 1 as -1. Both demappers are the same."""

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def __init__(self) -> None:
        super().__init__(pam(2))


class OOK(AmplitudeModulation):
    """On-off keying: 0 is sent as nothing, 1 as sqrt(2), so that the mean energy is 1.

    Both demappers are the same.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def __init__(self) -> None:
        super().__init__(Constellation([0, math.sqrt(2)], [0, 1], "OOK"))


class QPSK(AmplitudeModulation):
    """Quaternary phase-shift keying with Gray labels: two BPSKs, the first bit on the real axis.

    Both demappers are the same: each axis carries one bit.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def __init__(self, *, demapper: Demapper = "exact") -> None:
        first = psk(4, math.pi / 4)
        signs = (first.points.real < 0) * 2 + (first.points.imag < 0)
        super().__init__(Constellation(first.points, signs, "QPSK"), demapper)


class PAM(AmplitudeModulation):
    """Pulse-amplitude modulation: equidistant real levels, from the highest down.

    Parameters
    ----------
    order
        The number of levels: a power of two from 2 to 64.
    labels
        ``gray`` (the default), ``natural``, ``set-partitioning``, ``anti-gray``, or a list of those of the
        levels.
    demapper
        ``exact`` or ``max-log``.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 4},
        {"order": 4, "demapper": "max-log"},
        {"order": 8},
    )

    def __init__(
        self, *, order: int, labels: Labels | list[int] | None = None, demapper: Demapper = "exact"
    ) -> None:
        super().__init__(pam(as_order(order, MOST_LEVELS), labels or "gray"), demapper)
