"""The constellations of results, and samples of what is received of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Constellation, ModulatedChannel, Stream
from ..analysis.row_limits import parameter_of
from ..configuration.links_of_results import links_of
from ..errors import InputError
from ..link.link import Link
from ..results.rows import Results
from ..theory.constellation_support import no_constellation
from ..theory.figure_support import FIGURE_SUPPORT
from .waterfall import waterfall

#: Samples that are shown.
SAMPLES = 4096


@dataclass(frozen=True, eq=False)
class Received:
    """A constellation at an operating point.

    Attributes
    ----------
    title, place
        The modulation, and the channel with its parameter, in words.
    constellation
        Points and labels.
    samples
        What is received, less the gains that are known and the turns of the points: complex128 (SAMPLES).
    """

    title: str
    place: str
    constellation: Constellation
    samples: npt.NDArray[np.complex128]


def constellations_of(results: Results) -> list[Received]:
    """Those of the curves with a modulation, each once over each channel, at the first's waterfall.

    Raises InputError where no curve has one, or a configuration beside the results cannot be read.
    """
    links = links_of(results, needed=True)
    found: dict[tuple[str, str], Received] = {}
    for label, rows in results.curves().items():
        link = links.get(label)
        row = waterfall(rows)
        if link is None or no_constellation(link) is not None or (row.modulation, row.channel) in found:
            continue
        parameter = parameter_of(row)
        assert link.modulation is not None
        found[row.modulation, row.channel] = Received(
            link.modulation.constellation.name,
            f"{row.channel.upper()}, {parameter.symbol} = {parameter.shown(row.value)}",
            link.modulation.constellation,
            _received(link, row.value),
        )
    if not found:
        raise InputError(FIGURE_SUPPORT["constellation"].refusal(links) or "the results hold no such curve")
    return list(found.values())


def _received(link: Link, value: float) -> npt.NDArray[np.complex128]:
    """Samples of random bits over the link's channel, a frame each."""
    modulation, channel = link.modulation, link.channel.at(value)
    assert modulation is not None
    assert isinstance(channel, ModulatedChannel)
    stream = Stream(0, SAMPLES, point="constellation")
    sent: Any = modulation.map(stream.bits(modulation.bits_per_symbol))
    seen = channel.channel.receive(sent, stream)
    samples: npt.NDArray[np.complex128] = seen.samples.astype(np.complex128)[:, 0]
    return samples if seen.gains is None else samples / seen.gains[:, 0]
