"""How the channels of results polarise."""

from dataclasses import dataclass

import numpy as np

from ...codes.bit_channels import BitChannels, Capacities
from ..analysis.row_limits import parameter_of
from ..configuration.links_of_results import links_of
from ..errors import InputError
from ..results.rows import Results
from ..theory.figure_support import FIGURE_SUPPORT
from ..theory.polarization import bit_channels
from .waterfall import waterfall

#: A bit channel that carries less than this is called useless, one that lacks less than this perfect.
DELTA = 0.01
#: Steps whose capacities are shown one by one, at most.
SHOWN = 3


@dataclass(frozen=True, eq=False)
class Polarization:
    """The bit channels over one channel.

    Attributes
    ----------
    place
        The channel and its parameter, in words.
    capacity
        Of the channel, in bits.
    channels
        What its uses become.
    """

    place: str
    capacity: float
    channels: BitChannels

    @property
    def shown(self) -> list[Capacities]:
        """The capacities after a third of the steps, after two thirds, and after all."""
        steps = len(self.channels.steps) - 1
        return [self.channels.steps[i] for i in sorted({-(-steps * part // SHOWN) for part in (1, 2, 3)})]

    @property
    def fractions(self) -> tuple[Capacities, Capacities, Capacities]:
        """log2 of the number of bits after each step, and which fractions are perfect, and useless."""
        steps = self.channels.steps
        perfect = [float((capacities > 1 - DELTA).mean()) for capacities in steps]
        useless = [float((capacities < DELTA).mean()) for capacities in steps]
        return np.log2([len(capacities) for capacities in steps]), np.array(perfect), np.array(useless)

    @property
    def known(self) -> str:
        """How the capacities are known; how far bounds are from the truth, whose sum is known."""
        lost = self.capacity - float(self.channels.steps[-1].mean())
        return self.channels.known if lost < 1e-9 else f"{self.channels.known}, {lost:.1g} below on average"


def polarizations(results: Results) -> list[Polarization]:
    """Those of the curves that have one, the longest code over each channel, at the point of its waterfall.

    Raises InputError where no curve has one, or a configuration beside the results cannot be read.
    """
    links = links_of(results, needed=True)
    longest: dict[tuple[str, float], tuple[int, Polarization]] = {}
    for label, rows in results.curves().items():
        link = links.get(label)
        if link is None or FIGURE_SUPPORT["polarization"].why_not(link) is not None:
            continue
        row = waterfall(rows)
        capacity = link.channel.capacity(row.value, "bpsk")
        parameter = parameter_of(row)
        place = f"{row.channel.upper()}, {parameter.symbol} = {parameter.shown(row.value)}"
        made = Polarization(place, capacity, bit_channels(link, row.value))
        key = row.channel, round(capacity, 9)
        if key not in longest or link.code.n > longest[key][0]:
            longest[key] = link.code.n, made
    if not longest:
        raise InputError(FIGURE_SUPPORT["polarization"].refusal(links) or "the results hold no such curve")
    return [made for _, made in longest.values()]
