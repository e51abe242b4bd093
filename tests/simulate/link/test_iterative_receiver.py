"""Iterative demapping and decoding: against a reference over all codewords, what it gains, and what it refuses."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, PSK, QAM, Modulation, Observation, Stream, symbol_log_posteriors
from capgap.channels.models.interleaved import InterleavedChannel
from capgap.codes import (
    BCJRDecoder,
    ConvolutionalCode,
    HammingCode,
    RateMatchedCode,
    TrellisDecoder,
    by_name,
    decoder_of,
)
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.link.iterative_receiver import IterativeReceiver, coded_posteriors
from capgap.simulate.link.receiver import OneShot
from capgap.vectors.groups import GroupInput, packed, ungrouped, unpacked

Array = npt.NDArray[Any]
ANTI_GRAY = {"type": "psk", "order": 8, "labels": "anti-gray"}
CODE = {"type": "convolutional", "generators": [13, 15], "k": 400}


def config(receiver: Any, modulation: Any = ANTI_GRAY, **more: Any) -> Any:
    curve = {"label": "a", "code": CODE, "decoder": "bcjr", "modulation": modulation, "receiver": receiver}
    return {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [5.0]},
        "interleaver": {"type": "random", "seed": 3},
        "curves": [{**curve, **more}],
        "stop": {"frames": 64},
    }


def over_all_codewords(values: Array, words: Array, llr: Array) -> Array:
    """A-posteriori LLRs, (frames, m), of bits that have ``values`` (codewords, m), from sums over codewords."""
    metric = llr @ (0.5 - words.T)
    found = [
        np.logaddexp.reduce(metric[:, bit == 0], axis=1) - np.logaddexp.reduce(metric[:, bit == 1], axis=1)
        for bit in values.T
    ]
    return np.stack(found, axis=1)


def demapped(modulation: Modulation, seen: Observation, prior: Array) -> Array:
    """LLRs without the prior's part, in float64."""
    log = symbol_log_posteriors(modulation, seen, prior)
    found = [
        np.logaddexp.reduce(log[..., bit == 0], axis=-1) - np.logaddexp.reduce(log[..., bit == 1], axis=-1)
        for bit in modulation.signals.label_bits.T
    ]
    return np.stack(found, axis=-1).reshape(prior.shape) - prior


@pytest.mark.parametrize(
    "modulation", [PSK(order=8, labels="anti-gray"), QAM(order=16, labels="set-partitioning")], ids=repr
)
@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_against_a_reference(modulation: Modulation, rounds: int) -> None:
    """Seven coded bits in another order, and those that fill the last sample: nothing is known of these."""
    frames, code = 130, HammingCode(r=3)
    order = np.random.default_rng(2).permutation(code.n)
    channel = InterleavedChannel(modulation.over(AWGN(esno_db=8, dimensions=2)), order)
    bits = Stream(1, frames).bits(code.k)
    receiver = IterativeReceiver(TrellisDecoder(code), rounds)
    observed = receiver.observe(channel, packed(code.encode(bits)), Stream(2, frames))
    result = receiver.receive(observed, Stream(2, frames))
    assert result.iterations is not None
    assert (result.iterations == rounds).all()

    information = (np.arange(16)[:, None] >> np.arange(4) & 1).astype(np.uint8)
    words = code.encode(information)
    seen = replace(observed.observation, frames=frames).plain(2)
    prior = np.zeros((frames, modulation.coded_bits(seen.samples.shape[1])))
    for _ in range(rounds):
        llr = np.empty((frames, code.n))
        llr[:, order] = demapped(modulation, seen, prior)[:, : code.n]
        prior[:, : code.n] = (over_all_codewords(words, words, llr) - llr)[:, order]
    decided = over_all_codewords(information, words, llr) < 0
    np.testing.assert_array_equal(unpacked(result.bits, frames), decided)
    assert 0 < (decided != bits).sum() < 0.2 * bits.size


def test_one_round_is_the_usual_receiver() -> None:
    link = load_config(config({"type": "iterative", "rounds": 1})).curves[0].link
    point = link.at(5.0)
    once, usual = link.simulate(point, 0, 100), replace(link, receiver=OneShot).simulate(point, 0, 100)
    np.testing.assert_array_equal(once.wrong, usual.wrong)
    np.testing.assert_array_equal(once.bit_errors, usual.bit_errors)
    assert len(usual.wrong)


@pytest.mark.parametrize(
    "modulation", [ANTI_GRAY, {"type": "qam", "order": 16, "labels": "set-partitioning"}], ids=str
)
def test_rounds_take_errors_away(modulation: Any) -> None:
    """At 6 dB one round leaves at least 3 % of the bits wrong, and eight no more than 0.1 %."""
    bits = []
    for rounds in (1, 8):
        link = load_config(config({"type": "iterative", "rounds": rounds}, modulation)).curves[0].link
        counts = link.simulate(link.at(6.0), 0, 64)
        bits.append(counts.bit_errors.sum() / (64 * 400))
    assert bits[0] > 0.03
    assert bits[1] < 1e-3


def test_gray_labels_gain_little() -> None:
    """Each bit is known by itself nearly as well as with the others: the known contrast to the above."""
    wrong = []
    for rounds in (1, 5):
        modulation = {"type": "psk", "order": 8}
        link = load_config(config({"type": "iterative", "rounds": rounds}, modulation)).curves[0].link
        wrong.append(link.simulate(link.at(3.5), 0, 128).bit_errors.sum())
    assert 0.4 < wrong[1] / wrong[0] < 1


def test_a_link_that_has_one(tmp_path: Path) -> None:
    """Results name it and are continued, and replays decide as the run did."""
    made = config({"type": "iterative", "rounds": 3})
    results = run(made, out=tmp_path)
    (row,) = load_results(tmp_path).rows
    assert row == results.rows[0]
    assert row.receiver == "iterative(rounds=3)"
    assert row.iterations == 3 * row.frames
    (again,) = run(made, out=tmp_path).rows
    assert again == row
    (usual,) = run(config("one-shot"), save=False).rows
    (none,) = run(config(None), save=False).rows
    assert usual.key == none.key != row.key
    assert usual.receiver == ""
    link = load_config(made).curves[0].link
    point = link.at(5.0)
    assert link.is_ours(point)
    sent, counted = link.send(point, 0, 64), link.simulate(point, 0, 64)
    np.testing.assert_array_equal(np.flatnonzero(sent.bit_errors), counted.wrong)
    assert sent.result.iterations.tolist() == [3] * 64


def test_one_above_the_curves_and_in_a_sweep() -> None:
    above = config(None)
    curve = above["curves"][0]
    above["receiver"] = "iterative"
    above["curves"] = [
        {**curve, "label": None},
        {**curve, "label": None, "receiver": {"rounds": 2}},
        {**curve, "label": "b", "receiver": "one-shot"},
        {**curve, "label": "c", "receiver": "iterative", "sweep": {"receiver.rounds": [1, 9]}},
    ]
    links = [each.link for each in load_config(above).curves]
    assert [link.receiver_text for link in links] == [
        "iterative(rounds=5)",
        "iterative(rounds=2)",
        "",
        "iterative(rounds=1)",
        "iterative(rounds=9)",
    ]
    assert "rounds=2" in links[1].label
    assert links[4].label == "c, rounds = 9"


@pytest.mark.parametrize(
    ("given", "more", "message"),
    [
        ("turbo", {}, r"receiver must be one-shot or iterative \{rounds\}, got"),
        ({"type": "iterative", "round": 2}, {}, "receiver must be one-shot or iterative"),
        ({"type": "iterative", "rounds": 0}, {}, "rounds must lie in 1 to 100, got 0"),
        ({"type": "iterative", "rounds": 2.5}, {}, "rounds must be a whole number"),
        ("iterative", {"decoder": "viterbi"}, "takes a decoder with soft output, such as bcjr, not Viterbi"),
        (
            "iterative",
            {"decoder": {"type": "bcjr", "algorithm": "max-log", "precision": "int8"}},
            "takes a decoder of LLRs in float32",
        ),
        ("iterative", {"modulation": "bpsk"}, "iterative goes through the demapper of a modulation"),
    ],
)
def test_mistakes(given: Any, more: Mapping[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_config(config(given, **more))


@pytest.mark.parametrize(
    "code",
    [
        lambda inner: by_name.rate_matched(code=inner, puncture=[1, 4, 5], repeat=[2, 7, 7]),
        lambda inner: by_name.rate_matched(code=inner, shorten=[2]),
        lambda inner: by_name.crc(polynomial=0x3, bits=2, code=inner),
    ],
)
def test_codes_around_the_decoders(code: Any) -> None:
    """Punctured bits, bits that are sent again, known ones, and a check: sums over the words that can be sent."""
    made = code(ConvolutionalCode(generators=[7, 5], feedback=7, k=5))
    llr = 2 * Stream(5, 70).normal(made.n)
    decoder = decoder_of(made, BCJRDecoder)
    given = GroupInput.of_lanes(decoder.check_llr(llr))
    found = ungrouped(coded_posteriors(decoder, given), 70).T
    inner = made.inner
    information = (np.arange(32)[:, None] >> np.arange(5) & 1).astype(np.uint8)
    words = inner.encode(information)  # a check is not made use of before the last round
    if isinstance(made, RateMatchedCode):
        words = words[(words[:, made.known] == 0).all(axis=1)][:, made.sent]
    np.testing.assert_allclose(found, over_all_codewords(words, words, llr), rtol=1e-3, atol=5e-3)
    assert IterativeReceiver(decoder).rounds == 5


def test_what_the_receiver_refuses() -> None:
    decoder = BCJRDecoder(ConvolutionalCode(generators=[5, 7], k=4))
    with pytest.raises(ValueError, match="rounds must lie in 1 to 100, got 101"):
        IterativeReceiver(decoder, 101)
    with pytest.raises(ValueError, match="channel must have a modulation"):
        IterativeReceiver(decoder).observe(AWGN(esno_db=1), packed(np.zeros((1, 12), np.uint8)), Stream(1, 1))
