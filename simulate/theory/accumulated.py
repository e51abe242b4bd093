"""What ideal codes reach where frames are sent again: a frame arrives as soon as its uses carry its bits.

G. Caire and D. Tuninetti, "The throughput of hybrid-ARQ protocols for the Gaussian collision channel", IEEE
Transactions on Information Theory 47, 2001: with incremental redundancy the information of the transmissions
adds up (section IV), with repetition and combining their SNRs do, and without combining each stands alone.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...bounds.stop_feedback import stop_feedback
from ...channels import AWGN, from_db, outage_probability
from ...channels.models.channel import Signal
from ...channels.models.fading import Fading
from ...channels.modulation.constellation.capacity import coded_modulation_limit_esno
from ...channels.modulation.constellation.constellations import Constellation, pam
from ...channels.modulation.modulation import ModulatedChannel
from ..harq.harq_link import HarqLink
from ..link.link import Link

Floats = npt.NDArray[np.float64]
#: Cells of the energy that gains add up to.
CELLS = 1 << 12
NEEDED = "throughput needs a curve with harq"


@dataclass(frozen=True)
class Accumulated:
    """What ideal codes reach.

    Attributes
    ----------
    throughput
        Bits delivered a channel use.
    transmissions
        Transmissions a frame.
    lost
        The probability that a frame does not arrive with the last transmission.
    """

    throughput: float
    transmissions: float
    lost: float


def no_throughput(link: Link) -> str | None:
    """Why a link is not in a figure of throughput, in words; None if it is."""
    return None if isinstance(link, HarqLink) else "each of its frames is sent once"


def accumulated(link: HarqLink, value: float) -> Accumulated | None:
    """What ideal codes of a link's k and lengths reach at a value of its parameter, with what it sends.

    Parameters
    ----------
    link
        A link with HARQ: its words are sent as they are, with the points of its modulation or BPSK.
    value
        Of the channel's parameter.

    Returns
    -------
    Accumulated or None
        None where it is not known how the information adds up: that of Chase combining over other channels
        than AWGN and fading whose gains last for a transmission, and that over gains that are not known or
        last for no whole part of a transmission.
    """
    lost = lost_after(link, value)
    if lost is None:
        return None
    still = np.array([1.0, *lost])
    uses = float(np.array(link.uses, float) @ still[:-1])
    return Accumulated(link.code.k * (1 - float(still[-1])) / uses, float(still[:-1].sum()), float(still[-1]))


def lost_after(link: HarqLink, value: float) -> list[float] | None:
    """The probabilities that a frame has not arrived with transmission 1, 2, ... of an ideal code.

    None as for ``accumulated``.
    """
    channel = link.channel.at(value)
    fading, points = channel, pam(2)
    if isinstance(channel, ModulatedChannel):
        if not channel.sends_points:
            return None
        fading, points = channel.channel, channel.modulation.constellation
    if isinstance(fading, Fading) and fading.coherence not in ("symbol", 1):
        return _over_gains(link, fading, points, value)
    k, uses = link.code.k, np.array(link.uses)
    signal = _sent(link)
    if link.scheme.type == "chase":
        if not fading.is_gaussian or not link.channel.parameter.decibels:
            return None
        shifts = [10 * math.log10(t) for t in range(1, link.scheme.most + 1)]
        carried = [link.channel.capacity(value + shift, signal) * link.uses[0] for shift in shifts]
    else:
        alone = link.channel.capacity(value, signal) * uses
        carried = (np.cumsum(alone) if link.scheme.type == "incremental-redundancy" else alone).tolist()
    late = [float(each < k) for each in carried]
    return [min(late[:t]) for t in range(1, len(late) + 1)]


def feedback_reached(link: HarqLink, value: float) -> float | None:
    """The throughput that some code reaches at a link's k and lengths; None where that is not known.

    It is known of incremental redundancy with BPSK over AWGN: ``bounds.stop_feedback``.
    """
    channel = link.channel.at(value)
    if link.scheme.type != "incremental-redundancy" or type(channel) is not AWGN:
        return None
    ends = np.cumsum(link.uses).tolist()
    return stop_feedback(ends, link.code.k, from_db(channel.esno_db)).throughput


def has_gains(link: HarqLink) -> bool:
    """Whether ideal codes arrive by chance, since their words see few gains."""
    return link.channel.fixed.get("coherence", "symbol") not in ("symbol", 1)


def _sent(link: HarqLink) -> Signal:
    """The input whose capacity counts, where the channel tells inputs apart."""
    if link.modulation is not None:
        return "modulation"
    return "gaussian" if link.channel.parameter.esno_shift is None else "bpsk"


def _over_gains(link: HarqLink, fading: Fading, points: Constellation, value: float) -> list[float] | None:
    """The same where a gain lasts for a transmission, or for a whole part of one."""
    most, length = link.scheme.most, link.uses[0]
    lasting = length if fading.coherence == "frame" else fading.coherence
    alike = len(set(link.uses)) == 1 and fading.csi == "perfect"
    if not alike or not isinstance(lasting, int) or length % lasting:
        return None
    if link.scheme.type == "chase":
        if lasting < length:
            return None
        rate = link.code.k / length
        needed = math.inf if rate >= points.bits else float(coded_modulation_limit_esno(points, rate))
        energy = needed / from_db(fading.esno_db)
        return [energies_below(fading, energy, t) for t in range(1, most + 1)]
    # Words one after the other are a frame of block fading.
    channel = replace(link.channel, fixed={**link.channel.fixed, "coherence": lasting}).at(value)
    several = 1 if link.scheme.type == "arq" else most
    lost = []
    for t in range(1, several + 1):
        outage = outage_probability(channel, link.code.k / (t * length), t * length)
        if outage is None:
            return None
        lost.append(float(outage))
    return lost if several == most else [lost[0] ** t for t in range(1, most + 1)]


def energies_below(fading: Fading, energy: float, gains: int) -> float:
    """P(g_1^2 + ... + g_m^2 <= energy) of so many independent gains, by convolution on a grid.

    Of the probability at most some 1e-5 is missed.
    """
    if not math.isfinite(energy):
        return 1.0
    if gains == 1:
        return float(fading.energy_below(np.array(energy)))
    from scipy.signal import fftconvolve

    step = energy / CELLS
    one = np.diff(fading.energy_below(np.arange(CELLS + 1) * step))
    total = one
    for _ in range(gains - 2):
        total = np.maximum(fftconvolve(total, one)[:CELLS], 0.0)
    # Middles of cells add up to places half a cell further for each.
    places = (np.arange(CELLS) + (gains - 1) / 2) * step
    return min(float(total @ fading.energy_below(np.maximum(energy - places, 0.0))), 1.0)
