"""Which links have a constellation to show."""

from ..link.link import Link

#: What a figure of constellations needs.
NEEDED = "constellation needs a curve with a modulation that sends points"


def no_constellation(link: Link) -> str | None:
    """Why a link has no constellation, in words; None if it has one."""
    if link.modulation is None:
        return "it has no modulation"
    if link.modulation.slots > 1 or link.modulation.detection != "coherent":
        return "its signals are no points of a plane that are received one by one"
    return None
