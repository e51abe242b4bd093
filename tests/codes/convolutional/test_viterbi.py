"""Viterbi decoding: exhaustive search and a slow reference agree to the frame, ties and fixed point included."""

import csv
from pathlib import Path
from typing import Any

import komm
import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
from capgap.channels import AWGN, BEC, BSC, Stream
from capgap.codes import (
    ConvolutionalCode,
    Decoder,
    HammingCode,
    ListViterbiDecoder,
    MaximumLikelihoodDecoder,
    ViterbiDecoder,
)
from capgap.codes.binary import gf2
from capgap.codes.convolutional.viterbi.tail_biting import TailBitingSearch
from capgap.codes.convolutional.viterbi.viterbi_tables import ViterbiTables
from capgap.simulate import run
from capgap.vectors.groups import GroupInput, unpacked
from capgap.vectors.llr_grid import on_grid
from scipy import stats

from tests.lazy import but_slow
from tests.references.trellis import best_words

Array = npt.NDArray[Any]

#: Few and many states, feedback, puncturing, several inputs, unused and repeated taps, many outputs.
CODES: dict[str, dict[str, Any]] = {
    "4 states": {"generators": [5, 7], "k": 9},
    "8 states": {"generators": [15, 17], "k": 10},
    "recursive": {"generators": [13, 15, 17], "feedback": 13, "k": 9},
    "recursive, 4 states": {"generators": [7, 5], "feedback": 7, "k": 8},
    "64 states": {"generators": [133, 171], "k": 14},
    "punctured": {"generators": [133, 171], "k": 12, "puncture": ["110", "101"]},
    "rate 2/3": {"generators": [["3", "1", "0"], ["0", "3", "2"]], "k": 8},
    "taps missing": {"generators": ["023", "035", "034"], "k": 9},
    "rate 1/5": {"generators": [10, 13, 15, 17, 11], "k": 7},
    "256 states": {"generators": [561, 753], "k": 11},
}
TERMINATIONS = ("zero", "truncated", "tail-biting")
KINDS: dict[str, dict[str, Any]] = {
    "float32": {},
    "int16": {"precision": "int16"},
    "int8": {"precision": "int8"},
    "hard": {"input": "hard"},
}


def received(code: ConvolutionalCode, frames: int, seed: int = 1) -> Array:
    """LLRs with noise that are multiples of 1/4, then of 1, of one magnitude, and erased: float32 (frames, n)."""
    generator = np.random.default_rng(seed)
    sent = code.encode(generator.integers(0, 2, (frames, code.k), np.uint8))
    llr = (1 - 2.0 * sent) * 1.5 + 1.5 * generator.standard_normal(sent.shape)
    llr = np.rint(4 * llr) / 4
    third, half = frames // 3, frames // 2
    llr[third:half] = np.rint(llr[third:half])
    llr[half : half + 20] = np.sign(llr[half : half + 20])
    llr[half + 20 : half + 24] *= generator.random((4, code.n)) < 0.3
    llr[half + 24] = 0
    return llr.astype(np.float32)


def as_read(decoder: ViterbiDecoder, llr: Array) -> Array:
    """What the decoder takes LLRs as, (frames, n)."""
    read: Array = np.sign(llr)
    if decoder.input == "hard":
        return read
    lanes = np.ascontiguousarray(llr.T)[None]
    if decoder.llr_scale is None or decoder.largest is None:
        read = on_grid(lanes, any_level=True, alone=True)[0].T
        return read
    placed = on_grid(lanes, steps=decoder.llr_scale)[0].T
    read = np.clip(np.rint(placed * np.float32(decoder.llr_scale)), -decoder.largest, decoder.largest)
    return read


@pytest.mark.parametrize("kind", but_slow(KINDS, ("float32", "int8", "hard")))
@pytest.mark.parametrize("termination", TERMINATIONS)
@pytest.mark.parametrize("name", but_slow(CODES, ("recursive", "punctured", "rate 2/3")))
def test_it_finds_what_the_reference_finds(name: str, termination: Any, kind: str) -> None:
    """Without tail-biting to the bit, ties too; around the frame a word that is as good."""
    code = ConvolutionalCode(**CODES[name], termination=termination)
    frames = 60 if termination == "tail-biting" and code.memory > 6 else 70
    decoder, llr = ViterbiDecoder(code, **KINDS[kind]), received(code, frames)
    given = as_read(decoder, llr)
    expected, least = best_words(code, given)
    found = decoder.decode(llr)
    cost = np.maximum((2.0 * code.encode(found.bits) - 1) * given, 0).sum(axis=1)
    np.testing.assert_allclose(cost, least, rtol=1e-12)
    if termination != "tail-biting":
        np.testing.assert_array_equal(found.bits, expected)
    np.testing.assert_array_equal(found.ok, given.any(axis=1))


@pytest.mark.parametrize(
    "channel", [AWGN(esno_db=-1), BSC(f=0.1), BEC(epsilon=0.2)], ids=["awgn", "bsc", "bec"]
)
@pytest.mark.parametrize("termination", TERMINATIONS)
def test_it_is_maximum_likelihood(termination: Any, channel: Any) -> None:
    """Exhaustive search has words as likely, and the same where no other word is."""
    for parameters in (CODES["8 states"], CODES["rate 2/3"]):
        code = ConvolutionalCode(**parameters, termination=termination)
        stream = Stream(3, 500)
        llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
        expected = MaximumLikelihoodDecoder(code).decode(llr)
        found = ViterbiDecoder(code).decode(llr)
        unique = expected.ok
        assert unique.sum() > 100
        np.testing.assert_array_equal(found.bits[unique], expected.bits[unique])
        signs = [1 - 2.0 * code.encode(bits) for bits in (found.bits, expected.bits)]
        np.testing.assert_allclose((signs[0] * llr).sum(axis=1), (signs[1] * llr).sum(axis=1), rtol=1e-5)


@pytest.mark.parametrize("kind", ["float32", "int8"])
@pytest.mark.parametrize("name", but_slow(["64 states", "rate 2/3", "4 states"], ["rate 2/3"]))
def test_windows_decide_what_is_decided_at_the_end(
    name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With survivors of some 9 steps only, of which there are soon more, and of 60."""
    code = ConvolutionalCode(**{**CODES[name], "k": 400})
    llr = received(code, 80)
    expected = ViterbiDecoder(code, **KINDS[kind]).decode(llr).bits
    for steps in (9, 60):
        decoder = ViterbiDecoder(code, **KINDS[kind])
        monkeypatch.setattr(decoder._search, "_kept", steps)
        np.testing.assert_array_equal(decoder.decode(llr).bits, expected)


def test_survivors_are_kept_within_bounds() -> None:
    """A memory of 14 keeps some hundred steps, not all."""
    for generators, k in (([75063, 56711], 400), ([133, 171], 100_000)):
        search = ViterbiDecoder(ConvolutionalCode(generators=generators, k=k))._search
        assert search._kept is not None
        assert search._kept * search.tables.states * 8 < 40e6
        assert search._kept < k


def test_the_largest_memory() -> None:
    code = ConvolutionalCode(generators=[75063, 56711], k=40)
    llr = received(code, 64)
    expected, _ = best_words(code, as_read(ViterbiDecoder(code), llr[:4]))
    np.testing.assert_array_equal(ViterbiDecoder(code).decode(llr).bits[:4], expected)
    int8 = ViterbiDecoder(code, precision="int8")
    expected, _ = best_words(code, as_read(int8, llr[:4]))
    np.testing.assert_array_equal(int8.decode(llr).bits[:4], expected)


@pytest.mark.parametrize("precision", ["int8", "int16"])
@pytest.mark.parametrize("name", ["64 states", "taps missing", "rate 2/3", "rate 1/5"])
def test_fixed_point_loses_nothing_on_noise_alone(name: str, precision: Any) -> None:
    """Metrics are as far apart as they get where LLRs are the largest, for and against."""
    code = ConvolutionalCode(**{**CODES[name], "k": 60})
    decoder = ViterbiDecoder(code, precision=precision, llr_scale=1)
    assert decoder.largest is not None
    generator = np.random.default_rng(2)
    llr = generator.choice([-1.0, 1.0], (300, code.n)) * decoder.largest
    llr[100:] = generator.integers(-decoder.largest, decoder.largest + 1, (200, code.n))
    expected, _ = best_words(code, llr)
    np.testing.assert_array_equal(decoder.decode(llr).bits, expected)
    beyond = np.where(abs(llr) == decoder.largest, llr * 3, llr)
    np.testing.assert_array_equal(decoder.decode(beyond).bits, expected)


@pytest.mark.parametrize("termination", ["zero", "truncated"])
def test_paths_begin_at_zero_whatever_is_received(termination: Any) -> None:
    """All that was received says that the frame began elsewhere."""
    code = ConvolutionalCode(generators=[133, 171], k=8, termination=termination)
    decoder = ViterbiDecoder(code, precision="int8", llr_scale=1)
    assert decoder.largest is not None
    generator = np.random.default_rng(3)
    for state in range(1, 64):
        bits = np.concatenate([[state >> 5 - i & 1 for i in range(6)], np.zeros(8, int)])
        taps = decoder._tables.circuit.register
        assert taps is not None
        wrong = [
            sum(int(bits[t - j]) for j in range(7) if t >= j and each >> j & 1) & 1
            for t in range(6, 14)
            for each in taps
        ]
        llr = np.zeros((1, code.n), np.float32)
        llr[0, : len(wrong)] = decoder.largest * (1 - 2.0 * np.array(wrong))
        llr[0, len(wrong) :] = generator.integers(-1, 2, code.n - len(wrong))
        expected, _ = best_words(code, llr)
        np.testing.assert_array_equal(decoder.decode(llr).bits, expected)


def test_decisions_are_those_of_komm() -> None:
    """komm writes polynomials with the current input in the lowest bit."""
    for termination, mode in (("zero", "zero-termination"), ("truncated", "direct-truncation")):
        made: Any = termination
        code = ConvolutionalCode(generators=[5, 7], k=20, termination=made)
        inner = komm.ConvolutionalCode([[0b101, 0b111]])
        theirs = komm.TerminatedConvolutionalCode(inner, 20, mode)
        stream, channel = Stream(5, 100), AWGN(esno_db=-1)
        llr = channel.llr(channel.transmit(code.encode(stream.bits(20)), stream))
        expected = komm.ViterbiDecoder(theirs, "soft").decode(llr.astype(float))
        np.testing.assert_array_equal(ViterbiDecoder(code).decode(llr).bits, expected)


def test_wrapping_around_mostly_finds_the_best() -> None:
    code = ConvolutionalCode(generators=[133, 171], k=40, termination="tail-biting")
    stream, channel = Stream(7, 600), AWGN(esno_db=-1)
    llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
    exact, around = (ViterbiDecoder(code, tail_biting=kind).decode(llr) for kind in ("exact", "wrap-around"))
    assert exact.ok.all()
    assert (~around.ok).sum() < 6
    same = (exact.bits == around.bits).all(axis=1)
    assert same.mean() > 0.97
    likely = [(llr * (1 - 2.0 * code.encode(result.bits))).sum(axis=1) for result in (exact, around)]
    assert (likely[0] >= likely[1] - 1e-3).all()


def test_states_in_turn_are_needed_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the noise is low, the best path mostly is one around."""
    tried = []
    through = TailBitingSearch._through

    def counted(self: TailBitingSearch, given: Any, states: Any) -> Any:
        tried.append(len(states))
        return through(self, given, states)

    monkeypatch.setattr(TailBitingSearch, "_through", counted)
    code = ConvolutionalCode(generators=[133, 171], k=60, termination="tail-biting")
    stream, channel = Stream(8, 640), AWGN(esno_db=2)
    llr = channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))
    ViterbiDecoder(code).decode(llr)
    assert sum(tried) < 200


def test_tied_words_are_taken_fairly() -> None:
    """Against random data, each of the words that fit what is left of a frame is right as often."""
    code = ConvolutionalCode(generators=[5, 7], k=6)
    generator = np.random.default_rng(9)
    bits = generator.integers(0, 2, (4000, code.k), np.uint8)
    llr = (1 - 2.0 * code.encode(bits)) * (generator.random((4000, code.n)) > 0.7)
    deficits = np.array([code.k - np.linalg.matrix_rank(_over_gf2(code, row != 0)) for row in llr])
    right = (ViterbiDecoder(code).decode(llr).bits == bits).all(axis=1)
    for deficit in (0, 1, 2):
        frames = right[deficits == deficit]
        p = stats.binomtest(int(frames.sum()), len(frames), 2.0**-deficit).pvalue
        assert p > 1e-4 / 3
    assert ViterbiDecoder(code).decode(np.zeros((1, code.n))).bits.any()


def _over_gf2(code: ConvolutionalCode, left: Array) -> Array:
    """The columns that are left, reduced over GF(2): a matrix of the same rank over the reals."""
    return np.eye(code.k)[: gf2.rank(np.ascontiguousarray(code.generator_matrix[:, left]))]


@pytest.mark.parametrize("termination", TERMINATIONS)
@pytest.mark.parametrize("name", ["4 states", "recursive", "rate 2/3", "punctured"])
def test_a_list_has_the_best_words_in_order(name: str, termination: Any) -> None:
    code = ConvolutionalCode(**{**CODES[name], "k": 6}, termination=termination)
    words = (np.arange(1 << code.k)[:, None] >> np.arange(code.k) & 1).astype(np.uint8)
    llr = np.random.default_rng(4).standard_normal((70, code.n)).astype(np.float32)
    likely = llr.astype(float) @ (1 - 2.0 * code.encode(words)).T
    order = np.argsort(-likely, axis=1)
    for size in (1, 20, 70):
        decoder = ListViterbiDecoder(code, list=size)
        found, there = decoder._paths(GroupInput.of_lanes(np.ascontiguousarray(llr.T)))
        for rank in range(size):
            if rank >= 1 << code.k:
                assert not unpacked(there[rank][:, None], 70).any()
                continue
            assert unpacked(there[rank][:, None], 70).all()
            np.testing.assert_array_equal(unpacked(found[rank], 70), words[order[:, rank]])


def test_the_first_of_a_list_is_what_viterbi_finds() -> None:
    for parameters in CODES.values():
        for termination in ("zero", "truncated"):
            made: Any = termination
            code = ConvolutionalCode(**parameters, termination=made)
            llr = received(code, 64)
            expected = ViterbiDecoder(code).decode(llr).bits
            np.testing.assert_array_equal(ListViterbiDecoder(code, list=2).decode(llr).bits, expected)


@pytest.mark.parametrize(
    ("code", "parameters", "words"),
    [
        ({}, {"precision": "int4"}, "precision must be float32, int16, int8, got 'int4'"),
        ({}, {"input": "firm"}, "input must be soft or hard"),
        ({}, {"input": "hard", "precision": "int8"}, "precision belongs to soft input"),
        ({}, {"llr_scale": 3}, "llr_scale belongs to fixed point"),
        ({}, {"llr_scale": 0, "precision": "int8"}, r"llr_scale must lie in \(0, 32767\], got 0"),
        ({}, {"tail_biting": "wrap-around"}, "tail_biting belongs to codes with termination: tail-biting"),
        ({}, {"tail_biting": "twice"}, "tail_biting must be exact or wrap-around, got 'twice'"),
        (
            {"generators": [1131, 1537], "termination": "tail-biting"},
            {},
            "tail_biting: exact takes up to 256 states, and this code has 512: decode by {type: viterbi, tail_biting: wrap-around}",
        ),
    ],
)
def test_what_does_not_go_is_refused_in_words(code: Any, parameters: Any, words: str) -> None:
    made = ConvolutionalCode(**{"generators": [5, 7], "k": 12, **code})
    with pytest.raises(ValueError, match=words):
        ViterbiDecoder(made, **parameters)


def test_lists_that_do_not_go_are_refused_in_words() -> None:
    code = ConvolutionalCode(generators=[5, 7], k=8)
    with pytest.raises(ValueError, match="list must lie in 1 to 256, got 0"):
        ListViterbiDecoder(code, list=0)
    with pytest.raises(ValueError, match="list must be at most 63 for 2054 steps of 256 states"):
        ListViterbiDecoder(ConvolutionalCode(generators=[561, 753], k=4096 // 2 - 2), list=100)
    with pytest.raises(ValueError, match="up to 64 states, and this code has 256: use viterbi"):
        ListViterbiDecoder(ConvolutionalCode(generators=[561, 753], k=9, termination="tail-biting"))


@pytest.mark.parametrize("decoder", [ViterbiDecoder, ListViterbiDecoder])
def test_other_codes_are_refused_in_words(decoder: type[Decoder]) -> None:
    with pytest.raises(ValueError, match=r"decodes convolutional codes, not HammingCode.*: use syndrome"):
        decoder(HammingCode(r=3))


#: For each published curve: the code and decoder, and one point for the quick test.
CURVES: dict[str, tuple[dict[str, Any], float]] = {
    "conv_171_133_64_viterbi": (
        {
            "code": {"type": "convolutional", "generators": [133, 171], "k": 64},
            "decoder": {"type": "viterbi"},
        },
        2.5,
    ),
    "rsc_133_171_64_viterbi": (
        {
            "code": {"type": "convolutional", "generators": [171], "feedback": 133, "k": 64},
            "decoder": {"type": "viterbi"},
        },
        2.5,
    ),
    "rsc_13_15_59_crc5_plva32": (
        {
            "code": {
                "type": "crc",
                "polynomial": 3,
                "bits": 5,
                "code": {"type": "convolutional", "generators": [15], "feedback": 13, "k": 64},
            },
            "decoder": {"type": "list-viterbi", "list": 32},
        },
        1.5,
    ),
}


def agrees_with_the_curve(
    shared: Path, name: str, link: Any, points: Any, errors: int, p_least: float
) -> None:
    with (shared / "references" / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    reference = {
        float(row["ebno_db"]): (int(row["frame_errors"]), int(row["frames"]))
        for row in rows
        if points(row) and int(row["frame_errors"]) >= 50
    }
    results = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": list(reference)},
            "curves": [{"label": name, **link}],
            "stop": {"frame_errors": errors, "frames": 400_000},
        },
        save=False,
    )
    assert results
    for row in results:
        wrong, frames = reference[row.value]
        table = [[row.frame_errors, row.frames - row.frame_errors], [wrong, frames - wrong]]
        p = scipy.stats.fisher_exact(table).pvalue
        assert p > p_least, f"{row.value} dB: {row.fer:.3e} here, {wrong / frames:.3e} there, p = {p:.1e}"


@pytest.mark.parametrize("name", CURVES)
def test_a_point_of_a_published_curve(name: str, shared: Path) -> None:
    """A correct program fails one of these with probability 1e-3."""
    link, value = CURVES[name]
    agrees_with_the_curve(shared, name, link, lambda row: float(row["ebno_db"]) == value, 300, 1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
def test_published_curves(name: str, shared: Path) -> None:
    """Down to a frame error rate of 1e-3; a correct program fails each point with probability 1e-3."""
    link, _ = CURVES[name]
    likely = lambda row: int(row["frame_errors"]) >= 1e-3 * int(row["frames"])  # noqa: E731
    agrees_with_the_curve(shared, name, link, likely, 1000, 1e-3)


@pytest.mark.slow
@pytest.mark.cpu_seconds(60)
def test_int8_costs_nothing_to_speak_of() -> None:
    """The same frames in both precisions: 0.02 dB are 4.2 % of the wrong frames at 2.5 dB."""
    code = ConvolutionalCode(generators=[133, 171], k=1024)
    decoders = [ViterbiDecoder(code), ViterbiDecoder(code, precision="int8")]
    wrong, channel = np.zeros(2, int), AWGN(esno_db=2.5 + 10 * np.log10(code.rate))
    for seed in range(30):
        stream = Stream(seed, 1024)
        bits = stream.bits(code.k)
        llr = channel.llr(channel.transmit(code.encode(bits), stream))
        wrong += [int((decoder.decode(llr).bits != bits).any(axis=1).sum()) for decoder in decoders]
    assert wrong[1] < 1.042 * wrong[0]


def test_tables_of_costs_have_a_row_for_each_label() -> None:
    for parameters in CODES.values():
        tables = ViterbiTables(ConvolutionalCode(**parameters))
        outputs, rows = tables.outputs, tables.rows
        values = [(i, bit) for i in range(outputs) for bit in range(2)]
        made: list[tuple[tuple[int, int], ...]] = [(each,) for each in values]
        for a, b in rows.sums.tolist():
            made.append(made[a] + made[b])
        for label in np.flatnonzero(rows.of_label >= 0).tolist():
            expected = tuple((i, label >> i & 1) for i in range(outputs))
            assert made[rows.of_label[label]] == expected


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize(
    "parameters",
    [
        # Fewer steps than memory: most states do not come back to themselves.
        {"generators": [5, 7], "k": 1, "termination": "tail-biting"},
        {"generators": [133, 171], "k": 2, "termination": "tail-biting"},
        {"generators": [133, 171], "k": 5, "termination": "tail-biting"},
        {"generators": [15], "feedback": 13, "k": 2, "termination": "tail-biting"},
        # Inputs of different memory: the shorter one could be 1 in the tail and leave no trace.
        {"generators": [["7", "1", "0"], ["0", "3", "2"]], "k": 6},
        {"generators": [["1", "1", "0", "1"], ["1", "3", "2", "2"], ["2", "1", "1", "3"]], "k": 6},
    ],
)
def test_only_codewords_are_searched(parameters: dict[str, Any], hard: bool) -> None:
    code = ConvolutionalCode(**parameters)
    llr = np.random.default_rng(3).normal(0.5, 1.5, (512, code.n)).astype(np.float32)
    kind: Any = "hard" if hard else "soft"

    def costs(decoder: Decoder) -> npt.NDArray[np.float32]:
        given = np.sign(llr) if hard else llr
        sent: npt.NDArray[np.float32] = np.where(code.encode(decoder.decode(llr).bits) == 1, given, -given)
        return np.asarray(np.maximum(sent, 0).sum(axis=1), np.float32)

    least = costs(MaximumLikelihoodDecoder(code, input=kind))
    np.testing.assert_allclose(costs(ViterbiDecoder(code, input=kind)), least, atol=1e-4)
    np.testing.assert_allclose(costs(ListViterbiDecoder(code, list=2, input=kind)), least, atol=1e-4)


def test_fixed_point_takes_inputs_of_equal_memory() -> None:
    code = ConvolutionalCode(generators=[["7", "1", "0"], ["0", "3", "2"]], k=6)
    with pytest.raises(ValueError, match=r"precision: .* has inputs of different memory"):
        ViterbiDecoder(code, precision="int8")
