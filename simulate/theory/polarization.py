"""Which links show how channels polarise, and what their bits' channels are."""

from ...channels import AWGN, BEC, BSC
from ...codes.bit_channels import BitChannels
from ..link.link import Link

NEEDED = (
    "polarization needs a curve whose code knows the channels of its bits, as polar codes do, over bsc, bec "
    "or awgn and without a modulation"
)


def no_polarization(link: Link) -> str | None:
    """Why the bit channels of a link's code are not known, in words; None if they are."""
    parameter = link.channel.parameter
    value = 0.0 if parameter.decibels else sum(parameter.range) / 2
    try:
        bit_channels(link, value)
    except ValueError as error:
        return str(error)
    return None


def bit_channels(link: Link, value: float) -> BitChannels:
    """Those of a link's code at a value of its channel's parameter; raises ValueError where not known."""
    # What is derived from these channels may be anything.
    if link.modulation is not None or link.channel.make not in (AWGN, BEC, BSC):
        raise ValueError("bit channels are known over bsc, bec and awgn, without a modulation")
    try:
        return link.code.bit_channels(link.channel.at(value))
    except ValueError as error:
        raise ValueError(f"its code {error}") from error
