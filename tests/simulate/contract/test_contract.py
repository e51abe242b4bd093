"""The contract holds for all that is registered, and its test finds what breaks it."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC, Channel, Stream, z_channel_capacity
from capgap.codes import Code, Decoder, DecodeResult, HammingCode, LDPCCode, RepetitionCode, SyndromeDecoder
from capgap.simulate import InputError, check
from capgap.simulate.contract.channel import check_channel
from capgap.simulate.contract.code import check_code
from capgap.simulate.contract.decoder import check_decoder
from capgap.simulate.registry import registry

#: Parameters with which each registered name is built; a new name must be added here.
BUILD: dict[str, list[list[str]]] = {
    "uncoded": [["k=7"], ["k=1"]],
    "repetition": [["n=3"], ["n=8", "k=2"], ["n=1"]],
    "spc": [["n=2"], ["n=9"]],
    "hamming": [["r=2"], ["r=3"], ["r=3", "extended=true"], ["r=5", "shorten=20"]],
    "linear": [["generator=[[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 0]]"], ['parity_check=["11100", "00111"]']],
    "ldpc": [
        ["n=24", "k=12", "column_weight=3"],
        ["n=40", "k=20", "column_weight=2", "seed=3"],
        ["standard=wimax", "n=576", "rate=2/3A"],
    ],
    "hard": [[]],
    "majority": [[], ["input=hard"]],
    "syndrome": [[], ["code.type=linear", "code.generator=[[1, 0, 1, 1, 0], [0, 1, 0, 1, 1]]"]],
    "ml": [[], ["input=hard"]],
    "bp": [
        [],
        ["schedule=layered"],
        ["algorithm=min-sum", "scale=0.75"],
        ["algorithm=min-sum", "schedule=layered", "offset=0.5", "stop=none"],
    ],
    "bsc": [["f=0"], ["f=0.1"], ["f=0.5"]],
    "bec": [["epsilon=0"], ["epsilon=0.3"], ["epsilon=1"]],
    "awgn": [["ebno_db=3"], ["esno_db=-20"], ["esno_db=60"]],
}
NAMES = [*registry.codes.names(), *registry.decoders.names(), *registry.channels.names()]


@pytest.mark.parametrize("name", NAMES)
def test_everything_registered_keeps_the_contract(name: str) -> None:
    for parameters in BUILD[name]:
        assert check(name, parameters) == []


def test_punctured_codes_keep_the_contract() -> None:
    matrix = LDPCCode.regular(48, 24, 3).parity_check_matrix
    assert check_code(LDPCCode(matrix, puncture=[0, 5])) == []


class Broken(Code):
    """A repetition code with one thing wrong at a time."""

    default_decoder = "majority"

    def __init__(self, wrong: str) -> None:
        super().__init__(n=4, k=2)
        self.wrong = wrong
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
        ("bits", "decode should invert encode without noise"),
        ("ok", "ok should be True without noise"),
        ("iterations", "decode's iterations should have dtype int32, has int64"),
        ("negative", "decode's iterations should be 0 or more"),
        ("sevens", "decode's bits should be only 0 and 1"),
        ("overwritten", "decode should return new arrays, not ones that its next call overwrites"),
        ("neighbours", "should not depend on its neighbours"),
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
        return -1.0 if self.wrong == "capacity" else super().capacity(signal)


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
