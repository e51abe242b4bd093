"""Iterative demapping and decoding: demapper and decoder in turn, each told what the other has found.

S. ten Brink, J. Speidel and R.-H. Yan, "Iterative demapping and decoding for multilevel modulation", 1998; X.
Li and J. A. Ritcey, "Bit-interleaved coded modulation with iterative decoding", 1997 (BICM-ID).
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Channel, ModulatedChannel, Modulation, Stream
from ...channels.models.interleaved import InterleavedChannel
from ...channels.models.observation import Observation
from ...codes import CheckedDecoder, Decoder, DematchingDecoder, GroupResult
from ...codes.soft_decoder import MOST, SoftDecoder
from ...vectors.group_kernels import GROUP
from ...vectors.groups import GroupInput, Words
from ...vectors.whole_numbers import whole_number
from .receiver import OneShot, Receiver

Values = npt.NDArray[np.float32]
#: Most rounds, and how many there are unless told otherwise.
MOST_ROUNDS, USUAL_ROUNDS = 100, 5


@dataclass(frozen=True, eq=False)
class Received:
    """What comes out of a channel of samples, and what the demapper has to know of how it was sent.

    Attributes
    ----------
    modulation
        What demaps.
    observation
        The samples of groups of 64 frames.
    n
        Coded bits of a frame, without those that fill its last symbol.
    order, back
        The bits in the order in which they are sent, and what undoes it: (n).
    """

    modulation: Modulation
    observation: Observation
    n: int
    order: npt.NDArray[np.intp]
    back: npt.NDArray[np.intp]

    def demapped(self, extrinsic: Values | None) -> Values:
        """LLRs of the coded bits in the order of the code, float32 (groups, n, 64).

        ``extrinsic`` is what the decoder has told of them, and no part of what is returned.
        """
        prior = None
        if extrinsic is not None:
            groups, real, _ = self.observation.samples.shape
            sent = self.modulation.coded_bits(real // self.modulation.dimensions)
            prior = np.zeros((groups, sent, GROUP), np.float32)
            prior[:, : self.n] = extrinsic[:, self.order]
        llr = self.modulation.demap(self.observation, prior=prior).llr
        assert llr is not None
        found: Values = np.ascontiguousarray(llr[:, self.back])
        return found


class IterativeReceiver(Receiver):
    """Demaps and decodes in rounds: extrinsic LLRs of the coded bits are priors of the next demapping.

    The decisions are the decoder's of the last round. Iterations of a frame are rounds.

    Parameters
    ----------
    decoder
        A decoder with soft output that reads LLRs in float32; or such a one inside of a code with a cyclic
        redundancy check, or a rate-matched one.
    rounds
        From 1, which is what the usual receiver does, to 100.

    Raises
    ------
    ValueError
        If ``rounds`` is outside its range, or the decoder is none of these.
    """

    def __init__(self, decoder: Decoder, rounds: int = USUAL_ROUNDS) -> None:
        super().__init__(decoder)
        refusal = _refusal_of_decoder(decoder)
        if refusal:
            raise ValueError(f"decoder: {refusal}")
        self.rounds = _as_rounds(rounds)

    def observe(self, channel: Channel, words: Words, stream: Stream) -> Received:
        """The samples that come out of a channel with a modulation.

        Raises ValueError for a channel without one.
        """
        n = words.shape[1]
        order = np.arange(n)
        if isinstance(channel, InterleavedChannel):
            order, channel = channel.order, channel.channel
            words = np.take(words, order, axis=1)
        if not isinstance(channel, ModulatedChannel):
            raise ValueError(f"channel must have a modulation, and {channel!r} has none")
        seen = channel.observe_samples(words, stream)
        return Received(channel.modulation, seen, n, order, np.argsort(order))

    def receive(self, observed: Received, stream: Stream) -> GroupResult:
        """The decisions of the last round."""
        extrinsic = None
        for _ in range(self.rounds - 1):
            llr = observed.demapped(extrinsic)
            found = coded_posteriors(self.decoder, GroupInput(stream.frames, llr=llr))
            extrinsic = np.clip(found - llr, -MOST, MOST)
        last = GroupInput(stream.frames, llr=observed.demapped(extrinsic))
        result = self.decoder.decode_groups(last, stream)
        return replace(result, iterations=np.full(stream.frames, self.rounds, np.int32))


def coded_posteriors(decoder: Decoder, given: GroupInput) -> Values:
    """A-posteriori LLRs of the coded bits of groups of 64 frames, float32 (groups, n, 64).

    A check has the coded bits of the code inside. Of a rate-matched code they are those of its mother code
    that are sent, one that is sent several times having the same each time. Raises TypeError for a decoder
    without soft output.
    """
    if isinstance(decoder, CheckedDecoder):
        return coded_posteriors(decoder.inner, given)
    if isinstance(decoder, DematchingDecoder):
        of_mother = coded_posteriors(decoder.inner, decoder.inner_given(given))
        return np.ascontiguousarray(of_mother[:, decoder.code.sent])
    if not isinstance(decoder, SoftDecoder):
        raise TypeError(f"{type(decoder).__name__} has no soft output")
    return decoder.soft_groups(given).coded


def iterates(receiver: Any) -> bool:
    """Whether a link's ``receiver`` makes iterative ones."""
    return getattr(receiver, "func", receiver) is IterativeReceiver


def receiver_of(value: Any, decoder: Decoder, modulation: Modulation | None) -> tuple[Any, Any]:
    """What makes the receiver that a configuration means, and its data with defaults, None for the usual one.

    Parameters
    ----------
    value
        None, ``one-shot``, or ``iterative {rounds}``, as a name or a mapping with ``type``.
    decoder, modulation
        Those of the link.

    Raises
    ------
    ValueError
        If there is no such receiver, or it cannot be had with decoder or modulation.
    """
    given = dict(value) if isinstance(value, Mapping) else {"type": value}
    name = given.pop("type", None)
    if name in (None, "one-shot") and not given:
        return OneShot, None
    if name != "iterative" or given.keys() - {"rounds"}:
        raise ValueError(f"receiver must be one-shot or iterative {{rounds}}, got {value!r:.60}")
    rounds = _as_rounds(given.get("rounds", USUAL_ROUNDS))
    if modulation is None:
        raise ValueError(
            "receiver: iterative goes through the demapper of a modulation: give one beside bpsk, such as "
            "{type: psk, order: 8, labels: set-partitioning}"
        )
    if "prior" not in inspect.signature(modulation.llr).parameters:
        raise ValueError(f"receiver: the llr of {type(modulation).__name__} takes no prior")
    refusal = _refusal_of_decoder(decoder)
    if refusal:
        raise ValueError(f"receiver: {refusal}")
    return partial(IterativeReceiver, rounds=rounds), {"type": "iterative", "rounds": rounds}


def _as_rounds(value: Any) -> int:
    rounds = whole_number(value, "rounds")
    if not 1 <= rounds <= MOST_ROUNDS:
        raise ValueError(f"rounds must lie in 1 to {MOST_ROUNDS}, got {rounds}")
    return rounds


def _refusal_of_decoder(decoder: Decoder) -> str:
    """Why a decoder cannot take turns with a demapper, in words; "" if it can."""
    inner = decoder
    while isinstance(inner, CheckedDecoder | DematchingDecoder):
        inner = inner.inner
    if not isinstance(inner, SoftDecoder):
        return f"iterative takes a decoder with soft output, such as bcjr, not {type(inner).__name__}"
    if (decoder.reads.kind, decoder.reads.precision) != ("soft", "float32"):
        return "iterative takes a decoder of LLRs in float32: leave out its precision"
    if decoder.counted_iterations:
        return "iterative has rounds, after which nothing is counted: leave out the decoder's count"
    return ""
