"""What an LLR of 0 is decided as."""

from collections.abc import Callable

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    AutomorphismDecoder,
    BCJRDecoder,
    BeliefPropagationDecoder,
    ConcatenatedCode,
    ConvolutionalCode,
    CyclicCode,
    Decoder,
    ErasureDecoder,
    HardDecoder,
    InformationSetDecoder,
    LinearCode,
    ListViterbiDecoder,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    OrderedStatisticsDecoder,
    PolarBPDecoder,
    PolarCode,
    RepetitionCode,
    ScanDecoder,
    SCDecoder,
    SCLDecoder,
    SerialDecoder,
    SingleParityCheckCode,
    SovaDecoder,
    SyndromeDecoder,
    TrellisDecoder,
    TurboDecoder,
    UncodedCode,
    ViterbiDecoder,
)
from capgap.codes.by_name import polar, turbo
from capgap.codes.tie_breaking import fixed_tie_bits
from scipy import stats

from tests.conftest import SIGNIFICANCE


def test_coins_are_the_finalizer_of_splitmix64() -> None:
    mask = 2**64 - 1

    def coin(i: int) -> int:
        x = (i + 1) * 0x9E3779B97F4A7C15 & mask
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & mask
        x = (x ^ x >> 27) * 0x94D049BB133111EB & mask
        return (x ^ x >> 31) >> 63

    np.testing.assert_array_equal(fixed_tie_bits(5000), [coin(i) for i in range(5000)])


def test_coins_look_fair() -> None:
    coins = fixed_tie_bits(1 << 20)
    agreements = [int(coins.sum())]
    agreements += [int((coins[lag:] == coins[:-lag]).sum()) for lag in (1, 2, 3, 8, 64)]
    for count in agreements:
        assert stats.binomtest(count, 1 << 20).pvalue > SIGNIFICANCE / len(agreements)


def convolutional(k: int) -> ConvolutionalCode:
    return ConvolutionalCode(generators=[5, 7], k=k)


ERASURE_DECODERS: dict[str, Callable[[int], Decoder]] = {
    "hard": lambda k: HardDecoder(UncodedCode(k=k)),
    "majority": lambda k: MajorityDecoder(RepetitionCode(n=2 * k, k=k)),
    "majority, hard": lambda k: MajorityDecoder(RepetitionCode(n=2 * k, k=k), input="hard"),
    "syndrome": lambda k: SyndromeDecoder(SingleParityCheckCode(n=k + 1)),
    "bp": lambda k: BeliefPropagationDecoder(SingleParityCheckCode(n=k + 1)),
    "ml": lambda k: MaximumLikelihoodDecoder(LinearCode(generator=np.eye(k, k + 1, dtype=np.uint8))),
    "erasure-ml": lambda k: ErasureDecoder(SingleParityCheckCode(n=k + 1)),
    "information-set": lambda k: InformationSetDecoder(SingleParityCheckCode(n=k + 1), iterations=5),
    "osd": lambda k: OrderedStatisticsDecoder(SingleParityCheckCode(n=k + 1)),
    "trellis": lambda k: TrellisDecoder(SingleParityCheckCode(n=k + 1)),
    "viterbi": lambda k: ViterbiDecoder(convolutional(k)),
    "viterbi, hard": lambda k: ViterbiDecoder(convolutional(k), input="hard"),
    "viterbi, int8": lambda k: ViterbiDecoder(convolutional(k), precision="int8"),
    "list-viterbi": lambda k: ListViterbiDecoder(convolutional(k)),
    "bcjr": lambda k: BCJRDecoder(convolutional(k)),
    "bcjr, max-log": lambda k: BCJRDecoder(convolutional(k), algorithm="max-log"),
    "sova": lambda k: SovaDecoder(convolutional(k)),
    "sc": lambda k: SCDecoder(PolarCode(n=256, information=range(256 - k, 256))),
    "sc, int8": lambda k: SCDecoder(PolarCode(n=256, information=range(256 - k, 256)), precision="int8"),
    "scl": lambda k: SCLDecoder(polar(n=128, k=k)),
    "scl, min-sum": lambda k: SCLDecoder(polar(n=128, k=k, convolution=133), list=32, box_plus="min-sum"),
    "scan": lambda k: ScanDecoder(PolarCode(n=256, information=range(256 - k, 256))),
    "polar-bp": lambda k: PolarBPDecoder(PolarCode(n=256, information=range(256 - k, 256)), iterations=2),
    "automorphism": lambda k: AutomorphismDecoder(PolarCode(n=256, information=range(256 - k, 256))),
    "automorphism, bp": lambda k: AutomorphismDecoder(CyclicCode(n=k + 1, generator=3), ensemble=2),
    "turbo": lambda k: TurboDecoder(turbo(forward=[15], feedback=13, k=k), iterations=2),
    "serial": lambda k: SerialDecoder(
        ConcatenatedCode(convolutional(k), convolutional(2 * k + 4)), iterations=2
    ),
}


@pytest.mark.parametrize(
    "name",
    [
        "hard",
        "majority",
        "syndrome",
        "bp",
        "erasure-ml",
        "information-set",
        "osd",
        "trellis",
        "bcjr",
        "bcjr, max-log",
        "sova",
        "scan",
        "polar-bp",
        "automorphism, bp",
        "turbo",
        "serial",
    ],
)
def test_coins_come_from_the_frames_streams(name: str) -> None:
    """Fair for each frame, the same with other neighbours, and others in the next frame."""
    decoder = ERASURE_DECODERS[name](64)
    llr = np.zeros((200, decoder.code.n), np.float32)
    together = decoder.decode(llr, Stream(8, 200)).bits
    alone = [decoder.decode(llr[:1], Stream(8, 1, first=i)).bits for i in range(200)]
    np.testing.assert_array_equal(together, np.vstack(alone))
    assert len({row.tobytes() for row in together}) == 200
    assert stats.binomtest(int(together.sum()), together.size).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("name", ERASURE_DECODERS)
def test_erased_bits_are_decided_fairly(name: str) -> None:
    k = 12 if name == "ml" else 64
    decoder = ERASURE_DECODERS[name](k)
    frames = 4096
    decided = decoder.decode(np.zeros((frames, decoder.code.n), np.float32)).bits
    # Against random data every position is wrong half of the time.
    wrong = decided != Stream(5, frames).bits(k)
    p_values = [stats.binomtest(int(count), frames).pvalue for count in wrong.sum(axis=0)]
    assert min(p_values) > SIGNIFICANCE / k
    # The all-zero word is not helped: about half of its bits are wrong, too.
    assert stats.binomtest(int(decided[0].sum()), k).pvalue > SIGNIFICANCE


# The syndrome decoder goes on from the coins to the nearest codeword, which may be zero.
@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("name", [name for name in ERASURE_DECODERS if name != "syndrome"])
def test_a_short_erased_frame_is_not_decided_as_zero(name: str, k: int) -> None:
    decoder = ERASURE_DECODERS[name](k)
    for zero in (0.0, -0.0):
        assert decoder.decode(np.full((1, decoder.code.n), zero, np.float32)).bits.any()
