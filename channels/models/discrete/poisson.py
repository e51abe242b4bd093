"""On-off keying seen by a photon counter: the Poisson channel.

J. P. Gordon, "Quantum effects in communications systems", 1962; R. M. Gagliardi and S. Karp, "Optical
Communications", 2nd ed., 1995, chapter 8; S. Shamai (Shitz), "Capacity of a pulse amplitude modulated direct
detection photon channel", 1990.
"""

import math
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ...elementwise import as_number
from ...parameter import Parameter
from ..channel import Examples
from .binary_input import BinaryInputChannel

Floats = npt.NDArray[np.float64]
#: The most photons of a pulse, and of the background, in the mean.
MOST_PHOTONS = 1000.0
PHOTONS = Parameter(
    "photons",
    "Ns",
    "$N_s$",
    "mean photons of a pulse",
    range=(0.0, MOST_PHOTONS),
    better=1,
    scale="log",
    definition="the mean number of photons counted of a pulse, beside the background",
)


class PoissonOOK(BinaryInputChannel):
    """On-off keying over a photon counter: a 1 is a pulse, a 0 is none; photons are counted in each slot.

    The count of a 0 has Poisson's law with the mean ``background``, that of a 1 with ``background`` +
    ``photons``. With fair bits the mean number of signal photons a slot is half of ``photons``.

    Parameters
    ----------
    photons
        Mean number of photons that are counted of a pulse, from 0 to 1000.
    background
        Mean number of all others in a slot, of background light and dark counts, from 0 to 1000. Without any
        this is a Z channel, on which a pulse is lost with probability exp(-photons).

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> from capgap.channels import z_channel_capacity
    >>> round(PoissonOOK(photons=2).capacity() - z_channel_capacity(math.exp(-2)), 12)
    0.0
    >>> round(PoissonOOK(photons=5, background=1).capacity("modulation"), 4)
    0.7395
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (PHOTONS,)
    examples: ClassVar[Examples] = (
        {"photons": 5.0, "background": 1.0},
        {"photons": 1.0},
    )

    def __init__(self, *, photons: float, background: float = 0.0) -> None:
        photons, background = as_number(photons, "photons"), as_number(background, "background")
        for name, value in (("photons", photons), ("background", background)):
            if not 0 <= value <= MOST_PHOTONS:
                raise ValueError(f"{name} must lie in [0, {MOST_PHOTONS:g}], got {value:g}")
        self._photons, self._background = photons, background
        most = photons + background
        # Higher counts have a probability below 2^-64, and are counted as the highest one.
        counts = np.arange(math.ceil(most + 10 * math.sqrt(most) + 30))
        law = np.array([_poisson(counts, background), _poisson(counts, most)])
        super().__init__(law, self._llrs_of(counts))

    @property
    def photons(self) -> float:
        """Mean number of photons of a pulse."""
        return self._photons

    @property
    def background(self) -> float:
        """Mean number of all other photons in a slot."""
        return self._background

    def _llrs_of(self, counts: npt.NDArray[np.int64]) -> Floats:
        """photons - y ln(1 + photons / background) of a count y."""
        if self._background > 0:
            return np.asarray(self._photons - counts * math.log1p(self._photons / self._background))
        certain = -math.inf if self._photons > 0 else 0.0
        return np.where(counts == 0, self._photons, certain)

    def __repr__(self) -> str:
        return f"PoissonOOK(photons={self._photons!r}, background={self._background!r})"


def _poisson(counts: npt.NDArray[np.int64], mean: float) -> Floats:
    """Poisson's law, normalised over the counts."""
    from scipy.special import gammaln, xlogy

    law = np.exp(xlogy(counts, mean) - mean - gammaln(counts + 1.0))
    return np.asarray(law / law.sum())
