"""Arrays that do not fit: a ValueError, where kernels would read and write beyond them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC, PAM, QPSK, Channel, Observation, Stream
from capgap.channels.parameter import F
from capgap.codes import (
    BeliefPropagationDecoder,
    HammingCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SyndromeDecoder,
)
from capgap.vectors.groups import HARD, GroupInput, packed

HAMMING = HammingCode(r=3)
LLRS = np.zeros((2, 7, 64), np.float32)


def observation(*shape: int, **more: Any) -> Observation:
    return Observation(np.zeros(shape, np.float32), 1.0, **more)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: AWGN(esno_db=3).receive(np.zeros((500, 70), np.float32), Stream(1, 64)), "500 frames"),
        (lambda: AWGN(esno_db=3).observe(np.zeros((500, 70), np.uint64), Stream(1, 64)), r"uint64 \(1, 70\)"),
        (lambda: AWGN(esno_db=3).observe(np.zeros((5, 70), np.uint64), Stream(1, 64), HARD), "words"),
        (lambda: BSC(f=0.1).observe(np.zeros((5, 70), np.uint64), Stream(1, 64)), "words"),
        (lambda: BEC(epsilon=0.1).observe(np.zeros((1, 70), np.int64), Stream(1, 64)), "words"),
        (
            lambda: BEC(epsilon=0.1).observe(np.zeros((70, 1), np.uint64).T[:, ::2], Stream(1, 64)),
            "contiguous",
        ),
        (lambda: AWGN(esno_db=3).receive_groups(LLRS, Stream(1, 64), 1), r"float32 \(1, 7, 64\)"),
        (lambda: AWGN(esno_db=3).receive_groups(LLRS, Stream(1, 128), 2), "2 real dimensions"),
        (lambda: BeliefPropagationDecoder(HAMMING).decode_groups(GroupInput(6400, llr=LLRS)), "given's llr"),
        (
            lambda: MaximumLikelihoodDecoder(HAMMING).decode_groups(GroupInput(99, llr=LLRS[:, :3])),
            "given's llr",
        ),
        (lambda: SyndromeDecoder(HAMMING).decode_groups(GroupInput(99, llr=LLRS)), "given's"),
        (lambda: MajorityDecoder(RepetitionCode(n=7)).decode_groups(GroupInput(1, llr=LLRS)), "given's llr"),
        (lambda: QPSK().demap(observation(1, 4, 64, gains=np.ones((1, 1, 64), np.float32))), "gains"),
        (lambda: QPSK().demap(observation(1, 4, 64), prior=np.ones((1, 1, 64), np.float32)), "prior"),
        (lambda: QPSK().demap(observation(1, 3, 64)), "2 real dimensions"),
        (lambda: QPSK().llr(observation(3, 8)), "complex"),
        (lambda: PAM(order=4).llr(Observation(np.zeros((3, 8), np.complex64), 1.0)), "real"),
    ],
)
def test_it_is_refused(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


class Certain(Channel):
    """A BSC whose LLRs have a magnitude of their own."""

    parameters = (F,)

    def __init__(self, *, f: float, magnitude: float = np.inf) -> None:
        self.inner, self.magnitude = BSC(f=f), np.float32(magnitude)

    def transmit(self, word: Any, stream: Stream) -> Any:
        return self.inner.transmit(word, stream)

    def llr(self, received: Any) -> Any:
        return np.where(received == 1, -self.magnitude, self.magnitude)

    def capacity(self) -> float:
        return self.inner.capacity()


def test_infinite_llrs_are_certain_in_groups_too() -> None:
    """Decided as the largest finite ones are, in both forms; NaN is refused in both."""
    code = RepetitionCode(n=5)
    word = code.encode(Stream(1, 500).bits(1))
    infinite, finite = Certain(f=0.2), Certain(f=0.2, magnitude=1000)
    for decoder in (MaximumLikelihoodDecoder(code), MajorityDecoder(code, input="soft")):
        groups = decoder.decode_groups(infinite.observe(packed(word), Stream(2, 500)), Stream(3, 500)).plain()
        plain = decoder.decode(infinite.llr(infinite.transmit(word, Stream(2, 500))), Stream(3, 500))
        known = decoder.decode(finite.llr(finite.transmit(word, Stream(2, 500))), Stream(3, 500))
        assert 5 < known.bits.sum() < 495
        np.testing.assert_array_equal(groups.bits, known.bits)
        np.testing.assert_array_equal(plain.bits, known.bits)
    with pytest.raises(ValueError, match="llr must not be NaN, as in frame 0 at position 0"):
        Certain(f=0.2, magnitude=np.nan).observe(packed(word), Stream(2, 500))


class Faded(Channel):
    """A channel of samples, with what ``receive`` returns changed."""

    parameters = (F,)
    changes: Callable[[Observation], Any]

    def __init__(self, *, f: float = 0.5) -> None:
        self.inner = AWGN(esno_db=3.0)

    def receive(self, samples: Any, stream: Stream) -> Any:
        return type(self).changes(self.inner.receive(samples, stream))

    def capacity(self) -> float:
        return 1.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (lambda seen: seen.samples, "receive should return an Observation, not ndarray"),
        (lambda seen: Observation(seen.samples[:, 1:], 1.0), "receive's samples should be complex64"),
        (
            lambda seen: Observation(seen.samples * np.nan, 1.0),
            "receive should give finite samples: frame 0, sample 0",
        ),
        (
            lambda seen: Observation(seen.samples, 1.0, gains=np.ones((70, 1), np.float32)),
            r"receive's gains should be float32 \(70, 5\)",
        ),
        (lambda seen: Observation(seen.samples, 1.0, gains=seen.samples), "gains should be float32"),
        (lambda seen: Observation(seen.samples, 0.0), "noise_variance should be a number above 0, got 0.0"),
        (lambda seen: Observation(seen.samples, np.nan), "noise_variance"),
        (lambda seen: Observation(seen.samples, -1), "noise_variance"),
    ],
)
def test_what_a_channel_of_samples_returns_is_looked_at(changes: Any, words: str) -> None:
    kind = type("Changed", (Faded,), {"changes": staticmethod(changes)})
    channel = QPSK().over(kind())
    word = Stream(1, 70).bits(10)
    with pytest.raises(ValueError, match=words):
        channel.observe(packed(word), Stream(2, 70))
    with pytest.raises(ValueError, match=words):
        channel.transmit(word, Stream(2, 70))


def test_whoever_changes_what_is_sent_does_not_take_samples_as_before() -> None:
    class Half(AWGN):
        def transmit(self, word: Any, stream: Stream) -> Any:
            return AWGN.transmit(self, word, stream) - np.float32(0.5) * (1 - 2 * np.float32(word))

    assert AWGN.takes_samples
    assert not Half.takes_samples
    with pytest.raises(ValueError, match="takes bits"):
        QPSK().over(Half(esno_db=1.0))
