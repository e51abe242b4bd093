"""Exact error rates of a code with its decoder, where they are known.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.5, for hard decisions.

All functions take one channel, or a sequence of channels of one kind; the rates are arrays of shape () or
(channels). Data are random, and ties are decided by coins that favour no codeword.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from ....channels import AWGN, BEC, BSC
from ....codes import (
    Decoder,
    HardDecoder,
    KasamiDecoder,
    LinearCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
    information_weights,
    weight_enumerator,
)
from ....codes.binary import gf2
from ....codes.universal.syndrome import MAX_PARITY_BITS
from .rates import (
    Channels,
    Rates,
    Values,
    hard_error,
    known_values,
    log_binomial_term,
    logs_of,
    mixture,
    takes_hard_input,
    values_of,
)

#: Largest length whose 2^n words, or patterns of erasures, are gone through.
MAX_WORDS = 20
#: Largest n + k for which the exact BER of a decoder of hard decisions is found by decoding all words.
MAX_DECODED = 28
#: Largest n 2^(n - k) for which a table of coset leaders is made for the sake of an exact rate.
MAX_TABLE = 1 << 26


def exact_rates(decoder: Decoder, channel: Channels) -> Rates | None:
    """The exact error rates of a code (``decoder.code``) with its decoder; None if they are not known.

    Known are uncoded transmission and repetition codes with each decoder that suits them; the FER with
    decoding by syndrome, or of the Golay code by trapping errors, or ML decoding of hard decisions, where the
    table of coset leaders is small, and the BER where the code is perfect or small enough to decode every
    word; ML decoding on the erasure channel for n up to 20. Decoders of hard decisions are known on all three
    channels, an erasure being a coin. Subclasses of decoders and channels are not known: they may do
    anything.

    Raises ValueError for channels of several kinds.
    """
    kind, values = values_of(channel)
    code = decoder.code
    ml = type(decoder) is MaximumLikelihoodDecoder
    perfect = type(decoder) is KasamiDecoder and not decoder.counts_failures
    nearest = (
        perfect
        or type(decoder) is SyndromeDecoder
        or (ml and (kind is BSC or (kind is AWGN and takes_hard_input(decoder))))
    )
    if kind is None or not isinstance(code, LinearCode):
        return None
    if isinstance(code, UncodedCode | RepetitionCode) and (
        ml or nearest or type(decoder) in (HardDecoder, MajorityDecoder)
    ):
        copies = code.n // code.k
        soft = not (nearest or takes_hard_input(decoder))
        if kind is BEC and not nearest:  # a majority of hard decisions has no vote for an erasure
            wrong = values**copies / 2
        elif kind is AWGN and soft:
            wrong = special.ndtr(-np.sqrt(2 * copies * values))
        else:
            wrong = _vote(copies, hard_error(kind, values))
        with np.errstate(divide="ignore"):
            return Rates(-np.expm1(code.k * np.log1p(-wrong)), wrong)
    if nearest:
        return _coset_rates(decoder, code, hard_error(kind, values))
    if ml and kind is BEC and code.n <= MAX_WORDS:
        frames, bits = _erasure_polynomials(code)
        return Rates(mixture(frames, values), mixture(bits, values))
    return None


def _vote(copies: int, f: Values) -> Values:
    """More than half of the copies are wrong, or just half and the coin as well."""
    half = copies // 2
    wrong = special.betainc(half + 1, copies - half, f)
    if copies % 2 == 0:
        wrong = wrong + np.exp(log_binomial_term(copies, half, f)) / 2
    return np.asarray(wrong)


def _coset_rates(decoder: Decoder, code: LinearCode, f: Values) -> Rates | None:
    """Hard decisions, decoded to the nearest codeword: right exactly where the errors are a coset leader.

    Equally light patterns are equally likely, so that the FER does not depend on which of them is taken.
    """
    n, k = code.n, code.k
    if not 1 <= n - k <= MAX_PARITY_BITS or n << (n - k) > MAX_TABLE:
        return None
    leaders = _leader_weights(code)
    radius = int(np.flatnonzero(leaders)[-1])
    missing = [math.comb(n, w) - int(leaders[w]) for w in range(radius + 1)]
    beyond = special.betainc(radius + 1, n - radius, f) if radius < n else np.zeros_like(f)
    fer = mixture(np.array([*logs_of(missing), *[-np.inf] * (n - radius)]), f) + beyond
    if not any(missing):  # perfect
        try:
            wrong = _around(information_weights(code).counts, radius)
        except ValueError:
            return Rates(fer, None)
        return Rates(fer, mixture(logs_of(wrong) - math.log(k), f))
    if n <= MAX_WORDS and n + k <= MAX_DECODED:
        return Rates(fer, mixture(_decoded_bits(decoder, code), f))
    return Rates(fer, None)


@lru_cache(maxsize=64)
def _leader_weights(code: LinearCode) -> npt.NDArray[np.int64]:
    return SyndromeDecoder(code).leader_weights()


def _around(counts: npt.NDArray[np.object_], radius: int) -> list[int]:
    """By weight, words within ``radius`` of codewords; each counts as counts[weight of its codeword].

    Spheres that do not overlap are presumed. MacWilliams and Sloane, 1977, section 1.5.
    """
    n = len(counts) - 1
    found = [0] * (n + 1)
    for h in np.flatnonzero(counts).tolist():
        for errors in range(radius + 1):
            for inside in range(max(0, errors - n + h), min(errors, h) + 1):
                ways = math.comb(h, inside) * math.comb(n - h, errors - inside)
                found[h + errors - 2 * inside] += int(counts[h]) * ways
    return found


@lru_cache(maxsize=64)
def _decoded_bits(decoder: Decoder, code: LinearCode) -> Values:
    """ln of the wrong bits' share by the number of channel errors, summed over the patterns; (n + 1).

    Every word is decoded. What is between it and the codeword found is an error pattern; sent with it, a
    codeword m decodes to 0 and has the errors of m. How often a pattern turns up is how ties are decided.
    """
    n, k = code.n, code.k
    patterns = np.zeros(1 << n, np.int64)
    place = 1 << np.arange(n)
    step = 1 << min(n, 14)
    for start in range(0, 1 << n, step):
        words = ((np.arange(start, start + step)[:, None] >> np.arange(n)) & 1).astype(np.uint8)
        bits = decoder.decode(1 - 2 * words.astype(np.float32)).bits
        patterns[start : start + step] = (words ^ code.encode(np.ascontiguousarray(bits))) @ place
    found, times = np.unique(patterns, return_counts=True)
    codewords, weights = _codewords(code)
    total = np.zeros(n + 1)
    batch = max(1, (1 << 18) >> k)
    for start in range(0, len(found), batch):
        errors = np.bitwise_count(found[start : start + batch, None] ^ codewords)
        amounts = times[start : start + batch, None] * weights
        total += np.bincount(errors.ravel(), amounts.ravel(), minlength=n + 1)
    return logs_of(total) - math.log(k) - k * math.log(2)


def _codewords(code: LinearCode) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """All codewords as numbers, bit j being coded bit j, and the weights of their messages; n up to 63."""
    words = gf2.span(code.generator_matrix)[0].astype(np.int64)
    return words, np.bitwise_count(np.arange(1 << code.k)).astype(np.int64)


@lru_cache(maxsize=64)
def _erasure_polynomials(code: LinearCode) -> tuple[Values, Values]:
    """ln of the wrong frames' and the wrong bits' share by the number of erasures, summed over the patterns.

    ML decoding takes any codeword that agrees with what is received: the right one plus a word, each as
    likely, of the subspace of codewords within the erasures. Its size, and the weights of its messages,
    are sums over subsets, made for all 2^n patterns at once.
    """
    n = code.n
    codewords, weights = _codewords(code)
    words, ones = np.zeros(1 << n, np.int64), np.zeros(1 << n, np.int64)
    words[codewords], ones[codewords] = 1, weights
    for sums in (words, ones):
        for i in range(n):
            pairs = sums.reshape(-1, 2, 1 << i)
            pairs[:, 1] += pairs[:, 0]
    erased = np.bitwise_count(np.arange(1 << n))
    frames = np.bincount(erased, 1 - 1 / words, minlength=n + 1)
    bits = np.bincount(erased, ones / words, minlength=n + 1)
    return logs_of(frames), logs_of(bits) - math.log(code.k)


@dataclass(frozen=True, eq=False)
class BoundedDistance:
    """What becomes of frames with a decoder that corrects up to t errors, and gives up beyond.

    Float64 of shape () or (channels).

    Attributes
    ----------
    fer
        Probability that the frame is not decoded to what was sent.
    undetected
        Probability that it is decoded to another codeword.
    """

    fer: Values
    undetected: Values


def bounded_distance(code: LinearCode, t: int, channel: Channels) -> BoundedDistance:
    """Exact rates of bounded-distance decoding of hard decisions, an erasure being a coin.

    From the weight enumerator: words around codewords are counted. Raises ValueError if t is negative or
    2 t + 1 above the minimum distance, the enumerator is out of reach, or the channel is not a BSC, BEC
    or AWGN.
    """
    kind, values = known_values(channel)
    counts = weight_enumerator(code).counts.copy()
    distance = int(np.flatnonzero(counts)[1])
    if not 0 <= t <= (distance - 1) // 2:
        raise ValueError(
            f"t must lie in 0 to {(distance - 1) // 2}, the minimum distance being {distance}; got {t}"
        )
    counts[0] = 0
    f = hard_error(kind, values)
    return BoundedDistance(
        np.asarray(special.betainc(t + 1, code.n - t, f)), mixture(logs_of(_around(counts, t)), f)
    )
