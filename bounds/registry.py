"""The bounds that there are for each channel, by name."""

from .bound_type import Bound
from .by_channel.awgn import AWGN_BOUNDS
from .by_channel.bec import BEC_BOUNDS
from .by_channel.bpsk import BPSK_BOUNDS
from .by_channel.bsc import BSC_BOUNDS

#: The bounds by channel and name, in the order in which tables show them.
BOUNDS: dict[str, dict[str, Bound]] = {
    "bsc": {bound.name: bound for bound in BSC_BOUNDS},
    "bec": {bound.name: bound for bound in BEC_BOUNDS},
    "awgn": {bound.name: bound for bound in AWGN_BOUNDS},
    "bpsk": {bound.name: bound for bound in BPSK_BOUNDS},
}


def bounds(channel: str) -> tuple[Bound, ...]:
    """All bounds of a channel; raises ValueError, which names those there are, for an unknown one."""
    if channel not in BOUNDS:
        raise ValueError(f"channel must be one of {', '.join(BOUNDS)}, got '{channel}'")
    return tuple(BOUNDS[channel].values())


def bound(channel: str, name: str) -> Bound:
    """A bound by name; raises ValueError, which names those there are, for an unknown channel or name."""
    for each in bounds(channel):
        if each.name == name:
            return each
    raise ValueError(f"name must be one of {', '.join(BOUNDS[channel])} on {channel}, got '{name}'")
