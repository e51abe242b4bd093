"""Frame error rates that can be worked out, against simulation over the three channels.

Each point is an exact binomial test of the number of wrong frames, with a fixed seed; a correct program
fails it with probability SIGNIFICANCE. Data are random, so that a coin for an erased bit is fair.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BEC, BSC, Channel, Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    Decoder,
    HammingCode,
    HardDecoder,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SingleParityCheckCode,
    SyndromeDecoder,
    UncodedCode,
)
from scipy import stats

from tests.conftest import SIGNIFICANCE
from tests.lazy import but_slow

FRAMES = 400_000
SEED = 2026
#: As many times the frames, where the first ones are far off by chance: here by 4.2 standard deviations, while
#: 520 million of the same stream are within one.
TIMES = {("hamming (7, 4), bsc", 0.3): 16}

# Probabilities of a wrong bit or frame, as functions of the probability f that a hard decision is wrong.


def any_of(k: int, wrong: float) -> float:
    """At least one of k independent bits is wrong."""
    return 1 - (1 - wrong) ** k


def vote(n: int, f: float) -> float:
    """More than half of n copies are wrong, or just half and the coin as well."""
    more = sum(comb(n, i) * f**i * (1 - f) ** (n - i) for i in range(n // 2 + 1, n + 1))
    return more + (comb(n, n // 2) * (f * (1 - f)) ** (n // 2) / 2 if n % 2 == 0 else 0)


def coset_leaders(leaders: list[int], n: int, f: float) -> float:
    """The error pattern is not one of the coset leaders, of which there are leaders[w] of weight w."""
    return 1 - sum(count * f**w * (1 - f) ** (n - w) for w, count in enumerate(leaders))


# 2^(n - k) coset leaders: none, one of n single errors, and for the rest of the cosets a double error. The
# extended code has the cosets of single errors (odd) and of double ones (even), 1 + 8 + 7 = 16. Shortened,
# the columns left out are sums of two others in each of these codes: 1 + 6 + 1 = 8 and 1 + 11 + 4 = 16.
LEADERS = {(7, 4): [1, 7], (8, 4): [1, 8, 7], (6, 3): [1, 6, 1], (11, 7): [1, 11, 4]}

# Erasure patterns by weight and deficit, the dimension of the codewords within the pattern: maximum
# likelihood is left with 2^deficit words, one of which is right. A pattern has rank weight - deficit.
# (7, 4): three columns are dependent on the 7 lines of the Fano plane; any four or more have rank 3.
# (8, 4): four columns are dependent on the 14 codewords of weight 4; any five or more have rank 4.
DEFICITS: dict[tuple[int, int], dict[tuple[int, int], int]] = {
    (7, 4): {
        **{(w, 0): comb(7, w) for w in range(3)},
        (3, 0): 28,
        (3, 1): 7,
        **{(w, w - 3): comb(7, w) for w in range(4, 8)},
    },
    (8, 4): {
        **{(w, 0): comb(8, w) for w in range(4)},
        (4, 0): 56,
        (4, 1): 14,
        **{(w, w - 4): comb(8, w) for w in range(5, 9)},
    },
    # (6, 3): without a point the Fano plane keeps 4 lines; any four or more columns have rank 3.
    (6, 3): {
        **{(w, 0): comb(6, w) for w in range(3)},
        (3, 0): 16,
        (3, 1): 4,
        **{(w, w - 3): comb(6, w) for w in range(4, 7)},
    },
}


def unresolved(code: tuple[int, int], epsilon: float) -> float:
    right = sum(
        count * 2.0**-deficit * epsilon**w * (1 - epsilon) ** (code[0] - w)
        for (w, deficit), count in DEFICITS[code].items()
    )
    return 1 - right


def unresolved_by_parity(n: int, epsilon: float) -> float:
    """More than one of n bits is erased, and a coin for one of the first n - 1 is wrong.

    With a coin for every erased bit all n - 1 would be right with probability (1 - epsilon / 2)^(n - 1). That
    counts a lone erasure among them, probability (n - 1) epsilon (1 - epsilon)^(n - 1), as 1/2 in place of 1.
    """
    return 1 - (1 - epsilon / 2) ** (n - 1) - (n - 1) * epsilon * (1 - epsilon) ** (n - 1) / 2


# Channels


def q(x: float) -> float:
    """The tail of the normal distribution."""
    return math.erfc(x / math.sqrt(2)) / 2


def hard_awgn(rate: float, ebno_db: float) -> float:
    """BPSK decides wrongly if noise of standard deviation 1 exceeds sqrt(2 Es/N0)."""
    return q(math.sqrt(2 * rate * 10 ** (ebno_db / 10)))


F = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]
EPSILON = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0]
EBNO_DB = [-6.0, -3.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
MAKE: dict[str, Callable[[float, float], Channel]] = {
    "bsc": lambda value, rate: BSC(f=value),
    "bec": lambda value, rate: BEC(epsilon=value),
    "awgn": lambda value, rate: AWGN(ebno_db=value, rate=rate),
}
VALUES = {"bsc": F, "bec": EPSILON, "awgn": EBNO_DB}


@dataclass(frozen=True)
class Case:
    """A decoder, made when it is asked for, and its error rate over a channel's parameter."""

    make: Callable[[], Decoder]
    channel: str
    expected: Callable[[float], float]


def hard_cases(
    name: str, make: Callable[[], Decoder], rate: float, of_f: Callable[[float], float]
) -> dict[str, Case]:
    """Those of a decoder of hard decisions on the two channels that make independent errors."""
    return {
        f"{name}, bsc": Case(make, "bsc", of_f),
        f"{name}, awgn": Case(make, "awgn", lambda ebno_db: of_f(hard_awgn(rate, ebno_db))),
    }


def uncoded_cases(k: int) -> dict[str, Case]:
    def make() -> Decoder:
        return HardDecoder(UncodedCode(k=k))

    return {
        **hard_cases(f"uncoded {k}", make, 1, lambda f: any_of(k, f)),
        f"uncoded {k}, bec": Case(make, "bec", lambda epsilon: any_of(k, epsilon / 2)),
    }


def repetition_cases(n: int, k: int) -> dict[str, Case]:
    copies, name = n // k, f"repetition {n}, {k}"

    def soft() -> Decoder:
        return MajorityDecoder(RepetitionCode(n=n, k=k))

    def hard() -> Decoder:
        return MajorityDecoder(RepetitionCode(n=n, k=k), input="hard")

    return {
        **hard_cases(f"{name}, hard", hard, k / n, lambda f: any_of(k, vote(copies, f))),
        f"{name}, bsc": Case(soft, "bsc", lambda f: any_of(k, vote(copies, f))),
        # All copies of a bit must be lost, and the coin be wrong.
        f"{name}, bec": Case(soft, "bec", lambda epsilon: any_of(k, epsilon**copies / 2)),
        # Copies add up to Eb: the error rate is that of uncoded transmission at the same Eb/N0.
        f"{name}, awgn": Case(soft, "awgn", lambda ebno_db: any_of(k, hard_awgn(1, ebno_db))),
    }


def hamming_cases(n: int, k: int, **options: Any) -> dict[str, Case]:
    name = f"hamming {(n, k)}"

    def syndrome() -> Decoder:
        return SyndromeDecoder(HammingCode(**options))

    def hard() -> Decoder:
        return MaximumLikelihoodDecoder(HammingCode(**options), input="hard")

    def soft() -> Decoder:
        return MaximumLikelihoodDecoder(HammingCode(**options))

    def not_a_leader(f: float) -> float:
        return coset_leaders(LEADERS[n, k], n, f)

    found = hard_cases(name, syndrome, k / n, not_a_leader)
    found |= hard_cases(f"{name}, ml", hard, k / n, not_a_leader)
    # An erased bit that is decided by a fair coin is wrong with probability 1/2.
    found[f"{name}, bec"] = Case(syndrome, "bec", lambda epsilon: not_a_leader(epsilon / 2))
    if (n, k) in DEFICITS:
        found[f"{name}, ml, bec"] = Case(soft, "bec", lambda epsilon: unresolved((n, k), epsilon))
    return found


CASES = {
    **uncoded_cases(1),
    **uncoded_cases(20),
    **repetition_cases(3, 1),
    **repetition_cases(4, 1),
    **repetition_cases(5, 1),
    **repetition_cases(9, 3),
    **hamming_cases(7, 4, r=3),
    **hamming_cases(8, 4, r=3, extended=True),
    **hamming_cases(6, 3, r=3, shorten=1),
    **hamming_cases(11, 7, r=4, shorten=4),
    "spc 6, bec": Case(
        lambda: BeliefPropagationDecoder(SingleParityCheckCode(n=6)),
        "bec",
        lambda epsilon: unresolved_by_parity(6, epsilon),
    ),
}


def simulate(
    decoder: Decoder, channel: Channel, point: str, first: int = 0
) -> tuple[npt.NDArray[np.bool_], Any]:
    """Which frames are wrong, and the flags."""
    stream = Stream(SEED, FRAMES, first=first, point=point)
    bits = stream.bits(decoder.code.k)
    result = decoder.decode(channel.llr(channel.transmit(decoder.code.encode(bits), stream)), stream)
    return (result.bits != bits).any(axis=1), result.ok


def p_value(count: int, expected: float, frames: int = FRAMES) -> float:
    return float(stats.binomtest(count, frames, min(max(expected, 0.0), 1.0)).pvalue)


@pytest.mark.parametrize(
    ("name", "value"),
    but_slow(
        [(name, value) for name, case in CASES.items() for value in VALUES[case.channel]],
        [
            (name, VALUES[case.channel][i % len(VALUES[case.channel])])
            for i, (name, case) in enumerate(CASES.items())
        ],
    ),
)
def test_frame_error_rate(name: str, value: float) -> None:
    case = CASES[name]
    decoder = case.make()
    channel = MAKE[case.channel](value, decoder.code.rate)
    frames = FRAMES * TIMES.get((name, value), 1)
    wrong = sum(
        int(simulate(decoder, channel, f"{name} {value}", first)[0].sum())
        for first in range(0, frames, FRAMES)
    )
    expected = case.expected(value)
    assert 0 < expected <= 1
    assert p_value(wrong, expected, frames) > SIGNIFICANCE, (wrong / frames, expected)


@pytest.mark.parametrize("f", F)
def test_errors_that_the_extended_hamming_code_detects(f: float) -> None:
    code = HammingCode(r=3, extended=True)
    wrong, ok = simulate(SyndromeDecoder(code), BSC(f=f), f"detected {f}")
    # Detected are patterns of even weight that are no codeword; undetected and wrong are codewords other than
    # 0 and odd patterns but the single ones.
    even = (1 + (1 - 2 * f) ** 8) / 2
    other_codewords = 14 * f**4 * (1 - f) ** 4 + f**8
    detected = even - (1 - f) ** 8 - other_codewords
    undetected = other_codewords + (1 - even) - 8 * f * (1 - f) ** 7
    assert p_value(int((~ok).sum()), detected) > SIGNIFICANCE / 2
    assert p_value(int((ok & wrong).sum()), undetected) > SIGNIFICANCE / 2
