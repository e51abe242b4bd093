"""Links whose every stage is known here, and which have one kernel for all of them.

The stages of a link are Python objects, anybody's; between two of them there is Python to run and an
array to pass through the memory. Where a frame takes next to nothing, that is what takes the time.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..channels import AWGN, Channel
from ..channels.channel import LLR_MAX
from ..channels.streams import stream_key
from ..codes import Code, Decoder, HardDecoder, UncodedCode
from .chain_kernels import uncoded_awgn

#: Wrong bits, whether the decoder declared the frame right, and iterations; one entry a frame.
Dense = tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_], npt.NDArray[np.int32]]
#: From the channel, the point's key, the number of the first frame, and of frames.
Chain = Callable[[Channel, str, int, int], Dense]


def whole_chain(code: Code, decoder: Decoder, channel: Channel) -> Chain | None:
    """What simulates a link in one kernel, with the counts that its stages give; None if nothing does."""
    if (type(code), type(decoder), type(channel)) == (UncodedCode, HardDecoder, AWGN):
        return lambda channel, key, first, frames: _uncoded_awgn(code.k, channel, key, first, frames)
    return None


def _uncoded_awgn(k: int, channel: Channel, key: str, first: int, frames: int) -> Dense:
    assert isinstance(channel, AWGN)
    errors, settled = np.empty(frames, np.int32), np.empty(frames, np.bool_)
    uncoded_awgn(
        stream_key(0, key),
        np.uint64(first),
        k,
        np.float32(channel.sigma),
        channel.llr_scale,
        np.float32(LLR_MAX),
        errors,
        settled,
    )
    return errors, settled, np.zeros(frames, np.int32)
