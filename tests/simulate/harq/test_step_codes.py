"""Codes that arrive exactly as soon as k of their bits do: over erasures that is a binomial law."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import Code, Decoder, GroupResult, by_name, decoder_of
from capgap.simulate import load_config
from capgap.simulate.harq.harq_link import HarqLink
from capgap.simulate.harq.scheme import Harq
from capgap.simulate.link.source import Source
from capgap.simulate.statistics.tally import Tally
from capgap.simulate.theory.accumulated import accumulated
from capgap.vectors.groups import GroupInput, Words, groups_of
from scipy import stats

from tests.conftest import SIGNIFICANCE

K, N, MOST = 12, 20, 3


class Zeros(Source):
    """The all-zero message, which is what ``Step`` decides."""

    def draw_words(self, stream: Stream, k: int) -> Words:
        return np.zeros((groups_of(stream.frames), k), np.uint64)


class Step(Decoder):
    """Decides zeros, and declares them right as soon as LLRs say something of k positions."""

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        known = (given.lanes() != 0).sum(axis=0)
        zeros = np.zeros((groups_of(given.frames), self.code.k), np.uint64)
        return GroupResult(zeros, known >= self.code.k)


class Sent(Code):
    """k bits, then zeros: any code of words as long."""

    def encode_words(self, words: Words) -> Words:
        return np.hstack([words, np.zeros((len(words), self.n - self.k), np.uint64)])


def link_of(versions: list[Any], channel: Any, k: int = K) -> HarqLink:
    """Versions of a long code, which ``Step`` decodes."""
    code = by_name.rate_matched(code=Sent(n=5 * k, k=k), versions=versions)
    config = {"name": "a", "channel": channel, "curves": [{"code": {"type": "uncoded", "k": N}}]}
    plain = load_config(config).curves[0].link
    link = replace(plain, code=code, decoder=decoder_of(code, Step), source=Zeros())
    scheme = Harq(type="incremental-redundancy", transmissions=MOST).of_code(code)
    codes = scheme.codes(code)
    return HarqLink.of(link, scheme, codes, tuple(decoder_of(each, Step) for each in codes))


@pytest.mark.parametrize(
    ("versions", "known"),
    [
        (["0:20", "20:40", "40:60"], lambda t: 20 * t),
        (["0:20", "10:30", "20:40"], None),
    ],
)
def test_over_erasures(versions: list[Any], known: Any) -> None:
    """Exact tests of frames that k bits have reached: erased and unsent ones are 0 in the buffer, others add up."""
    epsilon, frames = 0.6, 5000
    link = link_of(versions, {"type": "bec", "epsilon": [epsilon]})
    counts = Tally.of(link.simulate(link.at(epsilon), 0, frames)).numbers()
    arrived = 0
    for t in range(1, MOST + 1):
        arrived += counts[f"delivered_{t}"]
        if known is not None:
            probability = float(stats.binom.sf(K - 1, known(t), 1 - epsilon))
        else:  # bits that were sent twice are lost less often
            times = np.zeros(3 * N, int)
            for version in versions[:t]:
                first, last = map(int, version.split(":"))
                times[first:last] += 1
            law = np.ones(1)
            for each in times[times > 0]:
                law = np.convolve(law, [epsilon**each, 1 - epsilon**each])
            probability = float(law[K:].sum())
        assert stats.binomtest(arrived, frames, probability).pvalue > SIGNIFICANCE
    assert counts["frame_errors"] == 0
    assert counts["failures"] == frames - arrived


def test_long_ideal_codes_are_the_staircase() -> None:
    """With k of 0.9 n bits needed and half of them erased: none of 500 frames arrives before the second word."""
    versions = ["0:4000", "4000:8000", "8000:12000"]
    link = link_of(versions, {"type": "bec", "epsilon": [0.5]}, k=3600)
    counts = Tally.of(link.simulate(link.at(0.5), 0, 500)).numbers()
    ideal = accumulated(link, 0.5)
    assert ideal is not None
    assert (counts["delivered_2"], ideal.transmissions, ideal.lost) == (500, 2, 0)
    assert ideal.throughput == 3600 * 500 / (counts["uses_1"] + counts["uses_2"])
