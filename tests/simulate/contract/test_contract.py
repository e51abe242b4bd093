"""The contract holds for all that is registered, and its test finds what breaks it."""

import threading
from typing import Any, ClassVar
from unittest import SkipTest

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC, Channel, Stream, z_channel_capacity
from capgap.channels.information.law import LLRLaw
from capgap.codes import (
    Code,
    Decoder,
    DecodeResult,
    GroupResult,
    HammingCode,
    MajorityDecoder,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
)
from capgap.simulate import InputError, check
from capgap.simulate.contract import Check, checks_of, parametrize_with_checks
from capgap.simulate.contract import decoder as contract_of_decoders
from capgap.simulate.contract.channel import check_channel
from capgap.simulate.contract.check import entries_of, reports_of
from capgap.simulate.contract.code import check_code
from capgap.simulate.contract.decoder import check_decoder
from capgap.simulate.contract.under_test import UnderTest, examples_of, ways_to_build
from capgap.simulate.registry import registry
from capgap.simulate.theory.code_rates.exact_rates import exact_rates
from capgap.simulate.theory.code_rates.rates import Rates
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads, Words, unpacked

KINDS = (registry.codes, registry.decoders, registry.channels, registry.modulations)
NAMES = list(dict.fromkeys(name for known in KINDS for name in known.names()))


@pytest.mark.parametrize(
    "way",
    [way for name in NAMES for entry in entries_of(name) for way in ways_to_build(entry)],
    ids=lambda way: f"{way.kind}, {way.label}",
)
def test_everything_registered_keeps_the_contract(way: UnderTest) -> None:
    """With each of the examples of its class."""
    assert way.examined().problems == []


@parametrize_with_checks("hamming", "majority", "bsc", "qpsk")
def test_each_check_may_be_a_test(check: Check) -> None:
    check()


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_capgap_brings_examples(name: str) -> None:
    assert all(examples_of(entry.make) for entry in entries_of(name))


class Broken(Code):
    """A repetition code with one thing wrong at a time."""

    default_decoder = "majority"
    kept = np.empty((100, 4), np.uint8)

    def __init__(self, wrong: str) -> None:
        super().__init__(n=4, k=2)
        self.wrong = wrong
        if wrong == "lock":
            self.lock = threading.Lock()
        if wrong == "default":
            self.default_decoder = "magic"

    def encode(self, bits: Any) -> Any:
        word = np.tile(bits, 2)
        if self.wrong == "shape":
            return word[:, :3]
        if self.wrong == "dtype":
            return word.astype(np.int64)
        if self.wrong == "values":
            return word * np.uint8(3)
        if self.wrong == "argument":
            bits[:] = 0
        if self.wrong == "neighbours":
            return word ^ word[:1]
        if self.wrong == "random":
            return word ^ np.random.default_rng().integers(0, 2, word.shape, np.uint8)
        if self.wrong == "batch" and len(bits) == 63:
            word[40:, 1:3] ^= 1
        if self.wrong == "overwritten":
            self.kept[: len(word)] = word
            return self.kept[: len(word)]
        if self.wrong == "raises":
            raise KeyError("oops")
        return word


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("shape", "encode should have shape (70, 4), has (70, 3)"),
        ("dtype", "encode should have dtype uint8, has int64"),
        ("values", "only 0 and 1"),
        ("argument", "leave its argument"),
        ("neighbours", "each frame by itself"),
        ("random", "the same codeword each time"),
        (
            "batch",
            "encode should treat each frame by itself: frame 40, bits 1 and 2 differ, and 22 more frames",
        ),
        ("overwritten", "encode should return new arrays"),
        ("lock", "sending it to a worker of a cluster fails: TypeError"),
        ("raises", "encode fails: KeyError: 'oops'"),
        ("default", "default_decoder should name a registered decoder, is 'magic'"),
        ("none", "its default decoder majority fails: ValueError: majority combines"),
    ],
)
def test_broken_codes_are_told_so(wrong: str, words: str) -> None:
    assert words in " / ".join(check_code(Broken(wrong)))


class BrokenDecoder(SyndromeDecoder):
    """A syndrome decoder with one thing wrong at a time."""

    wrong = ""
    kept = np.empty((100, 4), np.uint8)

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        result = super().decode(llr, stream)
        bits, ok, iterations = result.bits.copy(), result.ok.copy(), result.iterations.copy()
        if self.wrong == "bits" and len(bits):
            bits[0, 0] ^= 1
        if self.wrong == "ok":
            ok[:] = False
        if self.wrong == "iterations":
            iterations = iterations.astype(np.int64)
        if self.wrong == "negative":
            iterations -= 1
        if self.wrong == "sevens":
            bits *= 7
        if self.wrong == "overwritten":
            self.kept[: len(bits)] = bits
            bits = self.kept[: len(bits)]
        if self.wrong == "neighbours" and len(bits):
            iterations[0] += int((llr[0] < 0).sum()) + 1
        if self.wrong == "argument":
            llr *= 0
        if self.wrong == "batch" and len(bits) == 64:
            ok[7:9] = ~ok[7:9]
        if self.wrong == "place":
            iterations[16::64] = 5
        if self.wrong == "tuple":
            return (bits, ok, iterations)  # type: ignore[return-value]
        counters = {}
        if self.wrong in ("counter of no name", "counters"):
            counters["tries"] = np.full(len(bits), -1, np.int32)
        if self.wrong == "counter among neighbours":
            counters["tries"] = np.full(len(bits), len(bits), np.int32)
        return DecodeResult(bits, ok, iterations, counters)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("bits", "decode should invert encode without noise: frame 0, bit 0 differs"),
        ("ok", "ok should be True without noise: frames 0, 1, 2 and 67 more"),
        ("iterations", "decode's iterations should have dtype int32, has int64"),
        ("negative", "decode's iterations should be 0 or more"),
        ("sevens", "decode's bits should be only 0 and 1"),
        ("overwritten", "decode should return new arrays, not ones that its next call overwrites"),
        ("neighbours", "should not depend on its neighbours"),
        ("place", "should not depend on its neighbours: frames 16 and 53 differ in iterations"),
        ("batch", "should not depend on how many there are: frames 7 and 8 differ in ok"),
        ("argument", "leave its argument"),
        ("tuple", "should return a DecodeResult, not tuple"),
        ("counter of no name", "decode should count what counters names, [], not ['tries']"),
        ("counters", "decode's tries should be 0 or more"),
        ("counter among neighbours", "should not depend on how many there are"),
    ],
)
def test_broken_decoders_are_told_so(wrong: str, words: str) -> None:
    code = HammingCode(r=3)
    decoder = BrokenDecoder(code)
    decoder.wrong = wrong
    decoder.counters = ("tries",) if wrong in ("counters", "counter among neighbours") else ()
    assert words in " / ".join(check_decoder(decoder, code))


def test_error_rates_are_compared_with_the_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = SyndromeDecoder(HammingCode(r=3))
    assert check_decoder(decoder, decoder.code) == []

    def twice(decoder: Decoder, channel: Any) -> Rates | None:
        rates = exact_rates(decoder, channel)
        return rates and Rates(2 * rates.fer, rates.ber)

    monkeypatch.setattr(contract_of_decoders, "exact_rates", twice)
    problems = check_decoder(decoder, decoder.code)
    assert len(problems) == 3
    assert all("as is known for this code and decoder, and is" in text for text in problems)
    assert "the FER over BSC(f=0.08) should be 0.20" in problems[1]


class MajorityOfThree(Decoder):
    """Packed majority votes among three signs: as if 0 had been received where nothing was."""

    reads = HARD

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        assert given.hard is not None
        a, b, c = (given.hard[:, i * self.code.k : (i + 1) * self.code.k] for i in range(3))
        return GroupResult((a & b) | (a & c) | (b & c), self.are_sure(given))

    def are_sure(self, given: GroupInput) -> Any:
        return np.ones(given.frames, np.bool_)


class UnsureMajorityOfThree(MajorityOfThree):
    """Is not sure of frames in which something is erased."""

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        return super().decode_groups(given, stream)

    def are_sure(self, given: GroupInput) -> Any:
        if given.erased is None:
            return super().are_sure(given)
        return ~unpacked(given.erased, given.frames).any(axis=1)


def test_hard_decoders_are_to_know_what_is_erased() -> None:
    code = RepetitionCode(n=6, k=2)
    assert check_decoder(MajorityOfThree(code), code) == [
        "bits of frames in which all is erased should be decided by fair coins (break_ties), or ok be False; "
        "they are the same in all 70 frames, and ok is True: frame 0, bits 0 and 1, and 69 more frames"
    ]
    for right in (UnsureMajorityOfThree(code), MajorityDecoder(code, input="hard"), SyndromeDecoder(code)):
        assert check_decoder(right, code) == []


class OtherGroups(MajorityDecoder):
    """Inverts the third bit of frame 64 in groups alone."""

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        return super().decode(llr, stream)

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        result = super().decode_groups(given, stream)
        result.bits[-1, 2] ^= np.uint64(1)
        return result


class OtherWords(RepetitionCode):
    """Encodes bit 1 of frame 0 otherwise in groups."""

    def encode(self, bits: Any) -> Any:
        return super().encode(bits)

    def encode_words(self, words: Words) -> Words:
        words = super().encode_words(words)
        words[0, 1] ^= np.uint64(1)
        return words


class OtherObservation(BSC):
    """Does not draw what it should."""

    def transmit(self, word: Any, stream: Stream) -> Any:
        return super().transmit(word, stream)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        made = super().observe(words, stream, reads)
        stream.words(1)
        return made


def test_the_two_forms_of_a_stage_are_to_agree() -> None:
    code = RepetitionCode(n=9, k=3)
    assert check_decoder(OtherGroups(code), code) == [
        "decode_groups should decode as decode does: frame 64, bit 2 differs"
    ]
    assert check_code(OtherWords(n=9, k=3)) == [
        "encode_words should encode as encode does: frame 0, bit 1 differs"
    ]
    (problem,) = check_channel(OtherObservation(f=0.1))
    assert problem.startswith("observe should make what transmit and llr give: frame 0, position 0 differs")


class BrokenChannel(AWGN):
    """An AWGN channel with one thing wrong at a time."""

    wrong = ""

    def transmit(self, word: Any, stream: Stream) -> Any:
        received = super().transmit(word, stream)
        if self.wrong == "random":
            received = received + np.random.default_rng().normal(size=word.shape)
        if self.wrong == "neighbours":
            received = received + np.arange(len(word))[:, None]
        return received

    def llr(self, received: Any) -> Any:
        llr = super().llr(received)
        if self.wrong == "sign":
            return -llr
        if self.wrong == "infinite":
            return llr / np.float32(0)
        if self.wrong.startswith("times "):
            return llr * np.float32(self.wrong.split()[1])
        if self.wrong == "offset":
            return llr + np.float32(0.2)
        return llr.astype(np.float64) if self.wrong == "dtype" else llr

    def capacity(self, signal: Any = "gaussian") -> float:
        if self.wrong == "bpsk" and signal == "bpsk":
            return 0.97 * super().capacity("bpsk")
        if self.wrong == "low":
            return 0.5 * super().capacity("bpsk")
        if self.wrong == "falls":
            return 1 / (2 + super().capacity())
        return -1.0 if self.wrong == "capacity" else super().capacity(signal)

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        return 1.1 * AWGN.uncoded_ber(parameter, value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("random", "all randomness from the stream"),
        ("neighbours", "transmit should treat each frame by itself"),
        ("sign", "positive for bit 0"),
        ("infinite", "finite"),
        ("dtype", "llr should have dtype float32, has float64"),
        ("capacity", "capacity should not be -1.0"),
        ("times 0.5", "times as large ones would fit best"),
        ("times 2", "times as large ones would fit best"),
        ("times 0.8", "times as large ones would fit best"),
        ("times 1.25", "times as large ones would fit best"),
        ("times 0.95", "one of the two is wrong"),
        ("times 1.05", "one of the two is wrong"),
        ("offset", "llr should be ln P(0) / P(1)"),
        ("bpsk", "capacity with single bits as input is"),
        ("low", "bits a use, but the channel's LLRs carry"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_broken_channels_are_told_so(wrong: str, words: str) -> None:
    channel: Channel = BrokenChannel(esno_db=0)
    channel.wrong = wrong  # type: ignore[attr-defined]
    assert words in " / ".join(check_channel(channel))


class ZChannel(Channel):
    """Ones become zeros with probability p; the best input has more zeros than ones."""

    parameters = ("p",)

    def __init__(self, *, p: float, factor: float = 1.0) -> None:
        self.p, self.factor = p, factor

    def transmit(self, word: Any, stream: Stream) -> Any:
        return word & (1 - stream.bernoulli(word.shape[1], self.p))

    def llr(self, received: Any) -> Any:
        return np.where(received == 1, -1000, -np.log(self.p)).astype(np.float32)

    def capacity(self) -> float:
        return self.factor * z_channel_capacity(self.p)


def test_a_capacity_is_compared_with_that_of_the_best_input() -> None:
    """Not with the information of fair bits, which is 3 % less here; where the input is bits, both ways."""
    assert check_channel(ZChannel(p=0.4)) == []
    for channel in (ZChannel(p=0.4, factor=0.96), ZChannel(p=0.4, factor=1.04)):
        assert "one of the two is wrong" in check_channel(channel)[0]
    noisy: Any = BSC(f=0.1)
    noisy.capacity = lambda: 0.54  # 0.531
    assert "capacity with single bits as input is 0.54 bits a use" in check_channel(noisy)[0]


def test_true_llrs_pass_at_any_noise() -> None:
    channels: list[Channel] = [BSC(f=f) for f in (1e-6, 0.003, 0.3, 0.49)]
    channels += [BEC(epsilon=e) for e in (1e-4, 0.1, 0.9)]
    channels += [AWGN(esno_db=e) for e in (-30, -8, -2, 3, 9)]
    assert [check_channel(channel) for channel in channels] == [[]] * len(channels)


class Falling(BSC):
    """The capacity is that of the opposite of f."""

    def capacity(self) -> float:
        return BSC(f=0.5 - self.f).capacity()


def problems_of(tested: Any, *examples: dict[str, Any]) -> dict[str, str]:
    """By the name of the check."""
    found = {}
    for each in checks_of(tested, *examples):
        try:
            each()
        except AssertionError as error:
            found[each.name] = str(error)
    return found


def test_values_beside_the_operating_point() -> None:
    """Known where the class is: a channel's capacity falls the right way, and uncoded bits err as it says."""
    assert problems_of(BSC, {"f": 0.2}) == {}
    text = problems_of(Falling, {"f": 0.25})["capacity grows as noise falls"]
    assert text.startswith("Falling(f=0.25): capacity should not fall where f falls, which is better: it is ")
    text = problems_of(BrokenChannel, {"ebno_db": 2.0})["uncoded bits err as uncoded_ber says"]
    assert "uncoded_ber is 0.04126, but hard decisions on 151552 LLRs err at a rate of 0.037" in text


def test_laws_carry_no_more_than_the_capacity() -> None:
    class Wishful(BSC):
        """A law of less noise."""

        def law(self) -> LLRLaw:
            return BSC(f=self.f / 2).law()

    class Unjust(BSC):
        """Probabilities of another sum."""

        def law(self) -> LLRLaw:
            return LLRLaw([0.5, 0.4], [1.0, -1.0])

    name = "law carries no more than the capacity"
    text = problems_of(Wishful, {"f": 0.1})[name]
    assert "law has an information of 0.713603 bits a use, and the capacity is 0.531004" in text
    assert "law should have probabilities that sum to 1, got [0.9]" in problems_of(Unjust, {"f": 0.1})[name]


def test_checks_are_named_and_made_late() -> None:
    made: list[int] = []

    def counted(*, k: int) -> UncodedCode:
        made.append(k)
        return UncodedCode(k=k)

    checks = list(checks_of(counted, {"k": 3}))
    assert not made
    assert {str(check) for check in checks} >= {"counted(k=3), encode is linear"}
    for each in checks:
        each()
    assert made == [3]
    of_an_object = list(checks_of(HammingCode(r=3)))
    assert [check.name for check in of_an_object] == [check.name for check in checks]
    assert {check.problems() == [] for check in of_an_object} == {True}
    assert {check.under_test.kind for check in checks_of("ml")} == {"decoder"}
    assert list(checks_of(MajorityDecoder(RepetitionCode(n=3))))
    assert list(checks_of(AWGN(esno_db=1)))
    for wrong in (3, dict, "hamming (7,4)"):
        with pytest.raises(InputError, match=r"not of|nothing is registered as"):
            list(checks_of(wrong))


def test_checks_that_rest_on_a_failing_one_are_skipped() -> None:
    (fails,) = (check for check in checks_of(Broken("dtype")) if check.name == "encode gives codewords")
    with pytest.raises(
        AssertionError, match=r"Broken\(n=4, k=2\): encode should have dtype uint8, has int64"
    ):
        fails()
    (rests,) = (check for check in checks_of(Broken("dtype")) if check.name == "encode is reproducible")
    with pytest.raises(SkipTest):
        rests()


def test_what_passed_is_named() -> None:
    (report,) = reports_of("hamming", {"r": 3}).values()
    assert "encode is linear" in report.passed
    assert not report.failed
    (report,) = reports_of("majority").values()
    assert "encode is linear" not in report.passed
    assert "ties are decided by the frame's coins" in report.passed


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({}, ["code", "decoder"]),
        ({"standard": "lte", "k": 40}, ["code"]),
        ({"iterations": 2}, ["decoder"]),
        ({"code": {"type": "turbo", "standard": "lte", "k": 40}}, ["decoder"]),
        ({"iterations": 2, "scael": 1}, ["decoder"]),
    ],
)
def test_of_a_name_of_a_code_and_a_decoder_those_are_tested_that_take_the_parameters(
    given: dict[str, Any], kinds: list[str]
) -> None:
    assert [entry.kind for entry in entries_of("turbo", given)] == kinds
    assert [entry.kind for entry in entries_of("viterbi", given)] == ["decoder"]


@pytest.mark.usefixtures("clean_registry")
def test_examples_hold_where_the_constructor_does() -> None:
    class Same(HammingCode):
        """Built as its base class is."""

    class Other(HammingCode):
        """Not so."""

        def __init__(self, *, checks: int) -> None:
            super().__init__(r=checks)

    class Wrong(HammingCode):
        """A class whose examples are none."""

        examples: ClassVar[Any] = "r=3"

    assert examples_of(Same) == HammingCode.examples
    assert examples_of(Other) == ()
    with pytest.raises(InputError, match="examples of Wrong should be a tuple of dictionaries, is "):
        examples_of(Wrong)
    registry.codes.register("other")(Other)
    assert check("other", ["checks=3"]) == []
    with pytest.raises(InputError, match="other cannot be built: 'checks' is missing"):
        check("other")
    registry.codes.register("same")(Same)
    assert check("same") == []


def test_problems_of_several_examples_are_told_apart(clean_registry: None) -> None:
    @registry.codes.register("sometimes")
    class Sometimes(RepetitionCode):
        """Wrong in one of two examples."""

        examples = ({"n": 3}, {"n": 4})

        def encode(self, bits: Any) -> Any:
            return super().encode(bits) ^ np.uint8(self.n == 4)

    problems = check("sometimes")
    assert problems
    assert all(text.startswith("sometimes(n=4): ") for text in problems)
    assert (
        "sometimes(n=4): encode should be linear: frame 0, bits 0, 1, 2 and 3 differ, and 69 more frames"
        in problems
    )


def test_parameters_that_do_not_fit_are_input_errors() -> None:
    for name, parameters in [
        ("hamming", ["r=1"]),
        ("hamming", ["R=3"]),
        ("majority", ["code.type=spc", "code.n=4"]),
        ("awgn", ["ebno_db=1", "esno_db=1"]),
    ]:
        with pytest.raises(InputError):
            check(name, parameters)


class NoSamples(Decoder):
    """Takes nothing."""

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        return "takes nothing"

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        raise NotImplementedError


def test_a_decoder_for_no_sample_code_asks_for_one() -> None:
    registry.decoders._add("takes-nothing", NoSamples)
    try:
        with pytest.raises(InputError, match="takes none of the sample codes"):
            check("takes-nothing")
        with pytest.raises(ValueError, match="takes nothing"):
            NoSamples(RepetitionCode(n=3))
    finally:
        del registry.decoders._entries["takes-nothing"]
