"""Links whose frames are sent again: closed forms, equalities frame by frame, and what is refused."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, Stream
from capgap.codes import UncodedCode
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.harq.harq_link import HarqLink
from capgap.simulate.link.receiver import observed
from capgap.simulate.statistics.tally import Tally
from capgap.vectors.groups import ungrouped, unpacked
from scipy import stats

from tests.conftest import SIGNIFICANCE

pytestmark = pytest.mark.usefixtures("plain_figures")

NR = {"type": "ldpc", "standard": "nr", "k": 40, "n": 100}
ALL = {"type": "rate-matched", "code": {"type": "hamming", "r": 3}, "versions": [":", ":", ":"]}


def config_of(code: Any, harq: Any, esno_db: float = 0.0, **more: Any) -> dict[str, Any]:
    return {
        "name": "again",
        "channel": {"type": "awgn", "esno_db": [esno_db]},
        "curves": [{"label": "a", "code": code, "harq": harq, **more}],
        "stop": {"frames": 300},
    }


def link_of(code: Any, harq: Any, **more: Any) -> HarqLink:
    link = load_config(config_of(code, harq, **more)).curves[0].link
    assert isinstance(link, HarqLink)
    return link


def counted(link: HarqLink, frames: int, value: float = 0.0, key: str = "frames") -> Mapping[str, int]:
    """The counters of frames whose random numbers are those of a key."""
    point = replace(link.at(value), key=key)
    return Tally.of(link.simulate(point, 0, frames)).numbers()


def assert_plausible(successes: int, trials: int, probability: float) -> None:
    assert stats.binomtest(successes, trials, probability).pvalue > SIGNIFICANCE


def crossover(esno_db: float) -> float:
    """Q(sqrt(2 Es/N0)), of uncoded BPSK."""
    return float(stats.norm.sf(math.sqrt(2 * 10 ** (esno_db / 10))))


def test_uncoded_arq_is_geometric() -> None:
    """Exact tests of the frames delivered by each transmission, and the throughput, k p over the mean uses."""
    k, most, frames = 8, 3, 20_000
    link = link_of({"type": "uncoded", "k": k}, {"type": "arq", "transmissions": most, "detection": "genie"})
    counts = counted(link, frames, 2.0)
    p, left = (1 - crossover(2.0)) ** k, frames
    for t in range(1, most + 1):
        assert counts[f"uses_{t}"] == k * left
        assert_plausible(counts[f"delivered_{t}"], left, p)
        left -= counts[f"delivered_{t}"]
    assert counts["failures"] == counts["frame_errors"] == left
    assert counts["undetected_errors"] == 0
    uses = sum(counts[f"uses_{t}"] for t in range(1, most + 1))
    assert k * (frames - left) / uses == pytest.approx(p, rel=0.02)  # p whatever the most transmissions are


def test_chase_adds_up_samples() -> None:
    """A bit fails t times if the sums of 1, 2, ..., t samples all have the wrong sign: exact tests."""
    frames, esno_db = 20_000, -4.0
    link = link_of({"type": "uncoded", "k": 1}, {"type": "chase", "detection": "genie"})
    counts = counted(link, frames, esno_db)
    variance, left = 0.5 * 10 ** (-esno_db / 10), frames
    for t in range(1, 5):
        order = np.arange(1, t + 1)
        sums = stats.multivariate_normal(order, variance * np.minimum.outer(order, order))
        left -= counts[f"delivered_{t}"]
        assert_plausible(left, frames, float(sums.cdf(np.zeros(t))))


def test_a_first_transmission_is_a_link() -> None:
    """With one transmission: the same errors in the same frames, and the decoder's failures."""
    link = link_of(NR, {"type": "incremental-redundancy", "transmissions": 1})
    plain = link.first_transmission
    once = Tally.of(plain.simulate(replace(plain.at(-1.0), key="frames"), 0, 300)).numbers()
    counts = counted(link, 300, -1.0)
    assert {name: counts[name] for name in once} == once
    assert counts["failures"] > 10


def test_chase_is_incremental_redundancy_of_the_same_bits() -> None:
    """The dematching decoder adds up what the soft buffer of Chase combining does."""
    alike = {"transmissions": 3, "detection": "genie"}
    versions = link_of(ALL, {"type": "incremental-redundancy", **alike}, decoder="bp")
    chase = link_of({"type": "hamming", "r": 3}, {"type": "chase", **alike}, decoder="bp")
    assert counted(versions, 400, -3.0) == counted(chase, 400, -3.0)


def test_frames_do_not_depend_on_each_other() -> None:
    link = link_of(NR, {"type": "incremental-redundancy"})
    parts = [Tally.of(link.simulate(link.at(-3.0), *block)) for block in ((0, 1), (1, 70), (71, 129))]
    assert parts[0] + parts[1] + parts[2] == Tally.of(link.simulate(link.at(-3.0), 0, 200))


def test_counts_do_not_depend_on_workers_and_interruptions(tmp_path: Path) -> None:
    config = config_of(NR, "chase", -2.0)
    one, two = (run(config, workers=workers, save=False).rows[0] for workers in (1, 2))
    run({**config, "stop": {"frames": 130}}, out=tmp_path)
    continued = run(config, out=tmp_path).rows[0]
    assert one.tally == two.tally == continued.tally
    read = load_results(tmp_path).rows[0]
    assert (read.tally, read.harq) == (one.tally, "chase(transmissions=4)")


def test_incremental_redundancy_needs_less_than_chase_and_that_less_than_arq() -> None:
    """Of a code of rate 2/3 at -2 dB: uses of 200 frames, some 30 standard deviations apart."""
    uses = []
    for kind in ("incremental-redundancy", "chase", "arq"):
        counts = counted(link_of(NR, kind), 200, -4.0)
        uses.append(sum(counts[f"uses_{t}"] for t in range(1, 5)))
        assert counts["failures"] < 10 if kind != "arq" else counts["failures"] > 100
    assert 1.1 * uses[0] < uses[1] < uses[2] / 1.1


@pytest.mark.parametrize(
    ("kind", "decoder"),
    [
        ("chase", {"type": "viterbi", "input": "hard"}),
        ("incremental-redundancy", {"type": "viterbi", "precision": "int8"}),
    ],
)
def test_other_decoders_and_modulations(kind: str, decoder: Any) -> None:
    """Fixed point and hard decisions are made of the sums; symbols are uses; gains are drawn anew."""
    code = {"type": "convolutional", "generators": [5, 7], "k": 30}
    again = {"type": "rate-matched", "code": code, "versions": [["0:20", "21:50", 63, "50:60"], "4:64"]}
    channel = {"type": "rayleigh", "coherence": "frame", "esno_db": [6.0]}
    modulation = {"type": "qam", "order": 16}
    more = {"decoder": decoder, "channel": channel, "modulation": modulation, "interleaver": "random"}
    link = link_of(again, {"type": kind, "detection": "genie"}, **more)
    counts = counted(link, 300, 6.0)
    assert counts["uses_1"] == 300 * 15
    assert counts["delivered_2"] > 30


def test_undetected_errors_count() -> None:
    """A check of 5 bits accepts a 32nd of the wrong frames, which are then not sent again."""
    code = {"type": "crc", "polynomial": "5-usb", "code": {"type": "uncoded", "k": 25}}
    counts = counted(link_of(code, {"type": "arq", "transmissions": 2}), 4000, -3.0)
    wrong_1 = counts["undetected_1"] + counts["uses_2"] // 25
    assert_plausible(counts["undetected_1"], wrong_1, 1 / 32)
    assert counts["undetected_errors"] == counts["undetected_1"] + counts["undetected_2"]


@pytest.mark.parametrize(
    ("harq", "words"),
    [
        ({"type": "incremental-redundancy", "versions": [0, 4]}, "0, 1, 2, 3: it has no 4"),
        ({"type": "incremental-redundancy", "versions": [0, 2], "transmissions": 3}, "each of the 3"),
        ({"type": "incremental-redundancy", "versions": []}, "at least one"),
        ({"type": "chase", "transmissions": 0}, "greater than or equal to 1|at least 1"),
        ({"type": "chase", "versions": [0, 0]}, "chase sends the same bits"),
        ({"type": "chase", "version": [0]}, "version"),
        ({"type": "again"}, "incremental-redundancy"),
        ({"transmissions": 2}, "type"),
        ({"type": "arq", "detection": "crc"}, "decoder"),
    ],
)
def test_schemes_that_there_are_not(harq: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        load_config(config_of(NR, harq))


def test_links_that_cannot_be_sent_again() -> None:
    uncoded, modulation = {"type": "uncoded", "k": 8}, {"type": "psk", "order": 8}
    with pytest.raises(InputError, match="no redundancy versions: take nr"):
        load_config(config_of(uncoded, "incremental-redundancy"))
    code = {"type": "convolutional", "generators": [5, 7], "k": 30}
    more: dict[str, Any] = {"decoder": "bcjr", "modulation": modulation, "receiver": "iterative"}
    with pytest.raises(InputError, match="leave out receiver"):
        load_config(config_of(code, "chase", **more))
    with pytest.raises(InputError, match="the decoder reads hard decisions"):
        load_config(config_of(ALL, "incremental-redundancy"))
    with pytest.raises(InputError, match="leave out the decoder's count"):
        load_config(config_of(NR, "chase", decoder={"type": "bp", "iterations": 3, "count": "iterations"}))
    versions = {"type": "rate-matched", "code": {"type": "hamming", "r": 3}, "versions": ["0:6", "3:"]}
    again = {"type": "incremental-redundancy", "versions": [0, 1]}
    with pytest.raises(InputError, match="these have 6, 4 bits"):
        load_config(config_of(versions, again, interleaver="random", decoder="bp"))


def test_somebodys_stages_are_rehearsed() -> None:
    """Stages of another package: those of one transmission, and whether frames count alike together."""

    class Forgetful(AWGN):
        """Noise that depends on how many frames there are."""

        def observe(self, words: Any, stream: Any, reads: Any = None) -> Any:
            return super().observe(words, stream) if stream.frames > 1 else super().observe(~words, stream)

    link = link_of({"type": "uncoded", "k": 8}, {"type": "chase", "detection": "genie"})
    assert isinstance(link.code, UncodedCode)
    point = link.at(0.0)
    other = replace(point, channel=Forgetful(esno_db=0.0))
    with pytest.raises(InputError, match=r"check|one by one|differ"):
        link.rehearse(other)
    link.rehearse(point)
    with pytest.raises(InputError, match="a frame is several words"):
        link.send(point, 0, 1)


@pytest.mark.parametrize(
    ("modulation", "exact"),
    [(None, True), ({"type": "psk", "order": 4}, True), ({"type": "qam", "order": 16}, False)],
)
def test_sums_of_llrs_are_llrs(modulation: Any, exact: bool) -> None:
    """Of 200,000 bits that were received three times: P(1) is 1 / (1 + e^L), whatever it is weighted with.

    Bits that share an axis of a sample do so each time: their LLRs, each a mean over the others, are not
    independent, and the sums are too sure of themselves, as in any receiver that adds them bit by bit.
    """
    channel = {"type": "rayleigh", "coherence": "frame", "esno_db": [0.0]}
    link = link_of({"type": "uncoded", "k": 200}, "chase", channel=channel, modulation=modulation)
    stream = Stream(3, 1000)
    words = stream.packed_bits(200)
    buffer = None
    for _ in range(3):
        buffer = link._combined(buffer, observed(link.at(0.0).channel, words, stream))
    assert buffer is not None
    llr = ungrouped(buffer, 1000).T.astype(np.float64)
    bits, likely = unpacked(words, 1000), 1 / (1 + np.exp(llr))
    deviations = []
    for weight in (np.ones_like(llr), llr, np.sign(llr), (np.abs(llr) < 1).astype(float)):
        # Bits of a frame share gains, and noise: frames are independent.
        of_frames = ((bits - likely) * weight).sum(axis=1)
        deviations.append(abs(of_frames.sum()) / math.sqrt((of_frames**2).sum()))
    assert (max(deviations) < stats.norm.isf(SIGNIFICANCE / 2)) == exact
