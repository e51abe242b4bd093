"""Which links have a constellation to show."""

from ..link.link import Link

#: What a figure of constellations needs.
NEEDED = "constellation needs a curve with a modulation"


def no_constellation(link: Link) -> str | None:
    """Why a link has no constellation, in words; None if it has one."""
    return "it has no modulation" if link.modulation is None else None
