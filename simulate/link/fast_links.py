"""Fast paths of links whose stages are all of this package.

The plain path calls ``encode``, ``transmit``, ``llr`` and ``decode`` on arrays (frames, n), since a stage may
be anybody's. Here frames stay in groups of 64 with packed bits; noise and LLRs are made in one pass, in the
type that the decoder works in. Where a frame takes next to nothing, one kernel does it all. Counts are
identical to those of the plain path.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...channels import AWGN, Channel
from ...channels.models.channel import LLR_MAX
from ...channels.models.channel_kernels import awgn_llr_groups
from ...channels.streams.stream import stream_key
from ...channels.streams.stream_kernels import draw_packed_bits, seed_states
from ...codes import (
    Code,
    Decoder,
    GroupDecoder,
    HammingCode,
    HardDecoder,
    LDPCCode,
    LinearCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
)
from ...codes.decoder import Groups
from ...vectors.group_kernels import GROUP
from .counting_kernels import count_group_errors
from .stage_clock import Clock
from .uncoded_kernels import uncoded_awgn

#: Wrong bits, whether the decoder declared the frame right, and iterations; one entry a frame.
Dense = tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_], npt.NDArray[np.int32]]
#: Classes whose ``encode_words`` is known to agree with ``encode``, and the methods that must come from one
#: of them.
CODES = (LinearCode, LDPCCode, RepetitionCode, HammingCode, SingleParityCheckCode)
RELIED_ON = ("encode", "encode_words", "information_bits_of_variables", "systematic", "transmitted")
#: Bytes of LLRs of one pass, so that they stay in the caches.
PASS_BYTES = 1 << 22
#: Groups of one pass, at least and at most: belief propagation replaces finished frames by new ones, and
#: idles without a supply.
FEWEST, MOST = 8, 1 << 10


#: From the channel, the point's key, the number of the first frame, of frames, and a clock for the stages.
FastPath = Callable[[Channel, str, int, int, Clock], Dense]


def fast_path(code: Code, decoder: Decoder, channel: Channel) -> FastPath | None:
    """What simulates a link with the counts that its stages give, but faster; None if nothing does."""
    if type(channel) is not AWGN:
        return None
    if (type(code), type(decoder)) == (UncodedCode, HardDecoder):
        return UncodedPath(code.k)
    if isinstance(code, LinearCode) and isinstance(decoder, GroupDecoder):
        ours = all(_definer(type(code), name) in CODES for name in RELIED_ON)
        # A class of somebody's may have another decode without the decode_groups to go with it.
        alike = issubclass(_definer(type(decoder), "decode_groups"), _definer(type(decoder), "decode"))
        return GroupedPath(code, decoder) if ours and alike and code.systematic else None
    return None


def _definer(kind: type, name: str) -> type:
    """The class that a class has a method or property from."""
    return next(c for c in kind.__mro__ if name in vars(c))


@dataclass(frozen=True)
class UncodedPath:
    """Uncoded BPSK over AWGN, decided by the signs, in one kernel."""

    k: int

    def __call__(self, channel: Channel, key: str, first: int, frames: int, clock: Clock) -> Dense:
        """Simulate frames."""
        assert isinstance(channel, AWGN)
        clock.start()
        errors, without_ties = np.empty(frames, np.int32), np.empty(frames, np.bool_)
        uncoded_awgn(
            stream_key(0, key),
            np.uint64(first),
            self.k,
            np.float32(channel.sigma),
            channel.llr_scale,
            np.float32(LLR_MAX),
            errors,
            without_ties,
        )
        clock.lap("chain")
        return errors, without_ties, np.zeros(frames, np.int32)


@dataclass(frozen=True)
class GroupedPath:
    """BPSK over AWGN with a systematic code and a decoder that takes groups."""

    code: LinearCode
    decoder: GroupDecoder

    @property
    def pass_frames(self) -> int:
        """Frames of one pass through the stages."""
        size = 4 if self.decoder.llr_scale is None else 1
        return min(max(PASS_BYTES // (self.code.n * GROUP * size), FEWEST), MOST) * GROUP

    def __call__(self, channel: Channel, key: str, first: int, frames: int, clock: Clock) -> Dense:
        """Simulate frames."""
        assert isinstance(channel, AWGN)
        clock.start()
        errors, ok = np.empty(frames, np.int32), np.empty(frames, np.bool_)
        iterations = np.empty(frames, np.int32)
        for start in range(0, frames, self.pass_frames):
            part = slice(start, min(start + self.pass_frames, frames))
            errors[part], ok[part], iterations[part] = self._pass(
                channel, key, first + start, part.stop - start, clock
            )
        return errors, ok, iterations

    def _pass(self, channel: AWGN, key: str, first: int, frames: int, clock: Clock) -> Dense:
        groups, code, decoder = -(-frames // GROUP), self.code, self.decoder
        state = np.empty((4, groups * GROUP), np.uint32)
        seed_states(stream_key(0, key), np.uint64(first), state)
        bits = np.empty((groups, code.k), np.uint64)
        draw_packed_bits(state, bits)
        clock.lap("source")
        words = code.encode_words(bits)
        clock.lap("encoder")
        steps = decoder.llr_scale
        llr: Groups = np.empty((groups, code.n, GROUP), np.float32)
        if steps is not None:
            llr = np.empty(llr.shape, np.int8)
        sigma, limit = np.float32(channel.sigma), np.float32(LLR_MAX)
        awgn_llr_groups(state, words, sigma, channel.llr_scale, limit, steps, llr)
        clock.lap("channel")
        decided, ok, iterations, undecided = decoder.decode_groups(llr, frames)
        clock.lap("decoder")
        tie_bits = bits
        if undecided:
            drawn = np.empty((groups, int(decoder.tie_bit_positions.max()) + 1), np.uint64)
            draw_packed_bits(state, drawn)
            tie_bits = np.take(drawn, decoder.tie_bit_positions, axis=1)  # contiguous, as the kernel has it
        errors = np.empty(groups * GROUP, np.int32)
        count_group_errors(bits, decided.view(np.int8), tie_bits, errors)
        clock.lap("count")
        return errors[:frames], ok, iterations
