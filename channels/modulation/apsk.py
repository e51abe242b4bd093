"""Amplitude and phase-shift keying, by rings or as DVB-S2 and DVB-S2X have it."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from .constellation.constellations import Constellation, apsk
from .constellation.labels import checked_labels
from .point_modulation import Demapper, PointModulation

Standard = Literal["dvb-s2", "dvb-s2x"]
#: Ratios of the radii to the innermost one, by the code's rate. ETSI EN 302 307-1, tables 9 and 10, and
#: EN 302 307-2, of 16 points with the labels of the former; both as in gr-dtv, ``dvbs2_modulator_bc``.
RATIOS: Mapping[tuple[str, int], Mapping[str, tuple[float, ...]]] = {
    ("dvb-s2", 16): {
        "2/3": (3.15,),
        "3/4": (2.85,),
        "4/5": (2.75,),
        "5/6": (2.70,),
        "8/9": (2.60,),
        "9/10": (2.57,),
    },
    ("dvb-s2", 32): {
        "3/4": (2.84, 5.27),
        "4/5": (2.72, 4.87),
        "5/6": (2.64, 4.64),
        "8/9": (2.54, 4.33),
        "9/10": (2.53, 4.30),
    },
    ("dvb-s2x", 16): {
        "7/15": (3.32,),
        "8/15": (3.50,),
        "26/45": (3.70,),
        "3/5": (3.70,),
        "28/45": (3.50,),
        "23/36": (3.10,),
        "25/36": (3.10,),
        "32/45": (2.85,),
        "13/18": (2.85,),
        "7/9": (3.60,),
        "77/90": (3.20,),
    },
}
#: Labels of 32 points, ring by ring, each counterclockwise from its phase: EN 302 307-1, figure 12.
LABELS_32 = (
    *(17, 21, 23, 19),
    *(16, 0, 1, 5, 4, 20, 22, 6, 7, 3, 2, 18),
    *(24, 8, 25, 9, 13, 29, 12, 28, 30, 14, 31, 15, 11, 27, 10, 26),
)


class APSK(PointModulation):
    """Amplitude and phase-shift keying: rings of equidistant points.

    Those of a standard, by ``standard``, ``order`` and ``rate``; or your own, by ``rings``, ``radii`` and
    perhaps ``phases`` and ``labels``.

    Parameters
    ----------
    standard
        ``dvb-s2``, of 16 or 32 points, or ``dvb-s2x``, of 16.
    order
        The number of points.
    rate
        That of the code, such as 3/4, on which the radii depend.
    rings
        The points of each ring, the innermost first: a power of two in all, up to 4096.
    radii
        Their radii, in any unit.
    phases
        The angle of each ring's first point in degrees; by default half a step.
    labels
        A list of those of the points, ring by ring, each counterclockwise. By default as for
        ``constellations.apsk``, where that has any.
    demapper
        ``exact`` or ``max-log``.

    Raises
    ------
    ValueError
        If these do not go together, or there are no labels.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"standard": "dvb-s2", "order": 16, "rate": "3/4"},
        {"standard": "dvb-s2", "order": 32, "rate": "3/4", "demapper": "max-log"},
        {"rings": [4, 4], "radii": [1.0, 2.0], "phases": [45.0, 45.0]},
    )

    def __init__(
        self,
        *,
        standard: Standard | None = None,
        order: int | None = None,
        rate: str | None = None,
        rings: list[int] | None = None,
        radii: list[float] | None = None,
        phases: list[float] | None = None,
        labels: list[int] | None = None,
        demapper: Demapper = "exact",
    ) -> None:
        own = (rings, radii, phases, labels)
        if standard is not None:
            if any(each is not None for each in own):
                raise ValueError("standard has rings of its own: leave out rings, radii, phases and labels")
            made = _of_standard(standard, order, rate)
        else:
            if rings is None or radii is None:
                raise ValueError("apsk needs a standard, with order and rate, or rings with radii and labels")
            if rate is not None:
                raise ValueError("rate is that of a standard: without one radii are given")
            if order is not None and order != sum(rings):
                raise ValueError(f"order must be that of the rings, {sum(rings)}, got {order}")
            made = _of_rings(rings, radii, phases, labels)
        super().__init__(made, demapper)


def _of_standard(standard: str, order: int | None, rate: str | None) -> Constellation:
    orders = [points for name, points in RATIOS if name == standard]
    if not orders:
        raise ValueError(f"standard must be dvb-s2 or dvb-s2x, got {standard!r}")
    if order not in orders:
        raise ValueError(f"order must be {' or '.join(map(str, orders))} with {standard}, got {order}")
    ratios = RATIOS[standard, order]
    if rate is None or rate not in ratios:
        known = ", ".join(ratios)
        raise ValueError(f"rate must be one of {known} with {standard} and {order} points, got {rate}")
    radii = (1.0, *ratios[rate])
    if order == 16:
        return apsk((4, 12), radii)
    return apsk((4, 12, 16), radii, (math.pi / 4, math.pi / 12, 0.0), np.array(LABELS_32))


def _of_rings(
    rings: list[int], radii: list[float], phases: list[float] | None, labels: list[int] | None
) -> Constellation:
    angles = None if phases is None else [math.radians(phase) for phase in phases]
    made = apsk(rings, radii, angles)
    if made.order & (made.order - 1):
        raise ValueError(f"rings must have a power of two of points in all, got {made.order}")
    if labels is not None:
        return Constellation(made.points, checked_labels(labels, made.order), made.name)
    if not made.labelled:
        raise ValueError(f"labels are needed: there are none by themselves for rings of {rings} points")
    return made
