"""Another receiver than the usual one: demapper and decoder in turn, with decisions for priors."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.channels import Channel, ModulatedChannel, Observation, Stream
from capgap.codes import GroupResult
from capgap.simulate import load_config
from capgap.simulate.link.link import Link
from capgap.simulate.link.receiver import OneShot, Receiver
from capgap.vectors.groups import GroupInput, Words


class Twice(Receiver):
    """Decides, and takes the words decided, where they are codewords, for what is known of each bit's sample."""

    def observe(self, channel: Channel, words: Words, stream: Stream) -> Any:
        assert isinstance(channel, ModulatedChannel)
        samples = channel.modulation.map_words(words)
        return channel, channel.channel.receive_groups(samples, stream, channel.modulation.dimensions)

    def receive(self, observed: tuple[ModulatedChannel, Observation], stream: Stream) -> GroupResult:
        channel, seen = observed
        first = self.decoder.decode_groups(channel.modulation.demap(seen, self.decoder.reads), stream)
        decided = GroupInput(stream.frames, hard=self.decoder.code.encode_words(first.bits)).soft()
        prior = np.asarray(2 * decided, np.float32)
        return self.decoder.decode_groups(channel.modulation.demap(seen, self.decoder.reads, prior), stream)


def made() -> Link:
    curve = {
        "label": "a",
        "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3},
        "modulation": {"type": "pam", "order": 8},
    }
    config = {"name": "a", "channel": {"type": "awgn", "ebno_db": [8.0]}, "curves": [curve]}
    return load_config(config).curves[0].link


def test_the_usual_one_is_channel_and_decoder() -> None:
    link = made()
    assert link.receiver is OneShot
    assert link.is_ours(link.at(8.0))
    assert not replace(link, receiver=Twice).is_ours(link.at(8.0))


@pytest.mark.parametrize("frames", [64, 1000])
def test_another_one_sees_the_same_noise(frames: int) -> None:
    link = made()
    point = link.at(8.0)
    usual = link.simulate(point, 0, frames)
    other = replace(link, receiver=Twice)
    other.rehearse(point)
    again = other.simulate(point, 0, frames)
    assert again.frames == usual.frames
    if (
        frames == 1000
    ):  # decisions help a demapper whose bits share a sample: most wrong frames stay the same ones
        assert len(np.intersect1d(again.wrong, usual.wrong)) > 0.5 * len(usual.wrong) > 20
        assert again.bit_errors.sum() != usual.bit_errors.sum()
