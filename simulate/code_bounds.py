"""What a given code does: exact error rates where they are known, and bounds on those of ML decoding.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.5, for hard decisions;
Proakis and Salehi, "Digital Communications", 2008, section 7.4, for soft ones; Poltyrev, "Bounds on the
decoding error probability of binary linear codes via their spectra", 1994, and Sason and Shamai, "Performance
analysis of linear codes under maximum-likelihood decoding: a tutorial", 2006, section 3.2, for the
tangential-sphere bound.

All functions take one channel, or a sequence of channels of one kind; the rates are arrays of shape () or
(channels). Data are random, and ties are decided by coins that favour no codeword.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from ..channels import AWGN, BEC, BSC, Channel, from_db
from ..codes import (
    Decoder,
    HardDecoder,
    LinearCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
    gf2,
    information_weights,
    weight_enumerator,
)
from ..codes.decoders.syndrome import MAX_PARITY_BITS

Values = npt.NDArray[np.float64]
Channels = Channel | Sequence[Channel]

#: Largest length whose 2^n words, or patterns of erasures, are gone through.
MAX_WORDS = 20
#: Largest n + k for which the exact BER of a decoder of hard decisions is found by decoding all words.
MAX_DECODED = 28
#: Largest n 2^(n - k) for which a table of coset leaders is made for the sake of an exact rate.
MAX_TABLE = 1 << 26


@dataclass(frozen=True, eq=False)
class Rates:
    """Frame and bit error rates, or bounds on them; float64 of shape () or (channels), in [0, 1].

    Attributes
    ----------
    fer
        Probability that a frame has a wrong information bit.
    ber
        Probability that an information bit is wrong; None where only the other is known.
    """

    fer: Values
    ber: Values | None


# Exact rates


def exact_rates(decoder: Decoder, channel: Channels) -> Rates | None:
    """The exact error rates of a code (``decoder.code``) with its decoder; None if they are not known.

    Known are uncoded transmission and repetition codes with each decoder that suits them; the FER with
    decoding by syndrome, or ML decoding of hard decisions, where the table of coset leaders is small, and the
    BER where the code is perfect or small enough to decode every word; ML decoding on the erasure
    channel for n up to 20. Decoders of hard decisions are known on all three channels, an erasure being
    a coin. Subclasses of decoders and channels are not known: they may do anything.

    Raises ValueError for channels of several kinds.
    """
    kind, values = _values(channel)
    code = decoder.code
    ml = type(decoder) is MaximumLikelihoodDecoder
    nearest = type(decoder) is SyndromeDecoder or (
        ml and (kind is BSC or (kind is AWGN and _hard_input(decoder)))
    )
    if kind is None or not isinstance(code, LinearCode):
        return None
    if isinstance(code, UncodedCode | RepetitionCode) and (
        ml or nearest or type(decoder) in (HardDecoder, MajorityDecoder)
    ):
        copies = code.n // code.k
        soft = not (nearest or _hard_input(decoder))
        if kind is BEC and not nearest:  # a majority of hard decisions has no vote for an erasure
            wrong = values**copies / 2
        elif kind is AWGN and soft:
            wrong = special.ndtr(-np.sqrt(2 * copies * values))
        else:
            wrong = _vote(copies, _hard_error(kind, values))
        with np.errstate(divide="ignore"):
            return Rates(-np.expm1(code.k * np.log1p(-wrong)), wrong)
    if nearest:
        return _coset_rates(decoder, code, _hard_error(kind, values))
    if ml and kind is BEC and code.n <= MAX_WORDS:
        frames, bits = _erasure_polynomials(code)
        return Rates(_mixture(frames, values), _mixture(bits, values))
    return None


def _vote(copies: int, f: Values) -> Values:
    """More than half of the copies are wrong, or just half and the coin as well."""
    half = copies // 2
    wrong = special.betainc(half + 1, copies - half, f)
    if copies % 2 == 0:
        wrong = wrong + np.exp(_log_binomial_term(copies, half, f)) / 2
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
    fer = _mixture(np.array([*_logs(missing), *[-np.inf] * (n - radius)]), f) + beyond
    if not any(missing):  # perfect
        try:
            wrong = _around(information_weights(code).counts, radius)
        except ValueError:
            return Rates(fer, None)
        return Rates(fer, _mixture(_logs(wrong) - math.log(k), f))
    if n <= MAX_WORDS and n + k <= MAX_DECODED:
        return Rates(fer, _mixture(_decoded_bits(decoder, code), f))
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
    return _logs(total) - math.log(k) - k * math.log(2)


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
    return _logs(frames), _logs(bits) - math.log(code.k)


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
    kind, values = _known(channel)
    counts = weight_enumerator(code).counts.copy()
    distance = int(np.flatnonzero(counts)[1])
    if not 0 <= t <= (distance - 1) // 2:
        raise ValueError(
            f"t must lie in 0 to {(distance - 1) // 2}, the minimum distance being {distance}; got {t}"
        )
    counts[0] = 0
    f = _hard_error(kind, values)
    return BoundedDistance(
        np.asarray(special.betainc(t + 1, code.n - t, f)), _mixture(_logs(_around(counts, t)), f)
    )


# Bounds for ML decoding


def union_bound(code: LinearCode, channel: Channels, *, terms: int | None = None) -> Rates:
    """The union bound on the error rates of ML decoding, from the code's weights; at most 1.

    FER <= sum over h of A_h P_h and BER <= sum over h of B_h P_h / k, where P_h is the probability that a
    codeword at distance h is taken for the one sent: Q(sqrt(2 h Es/N0)) on AWGN with soft decisions; more
    than h / 2 errors among h on the BSC, or just h / 2 and a coin; on the BEC epsilon^h / 2. For hard
    decisions on AWGN give the BSC of that crossover probability.

    Parameters
    ----------
    code
        A code whose weights can be worked out, see ``capgap.codes.weight_enumerator``.
    channel
        BSC, BEC or AWGN, one or several of a kind.
    terms
        Count only so many of the lowest weights there are, at least 1. That is no bound any more, but
        close where errors are rare.

    Returns
    -------
    Rates
        ``ber`` is None where only the weights of codewords can be worked out, not those of their messages.

    Raises
    ------
    ValueError
        If the weights cannot be worked out, ``terms`` is below 1 or the channel is none of the three.
    """
    kind, values = _known(channel)
    counts = weight_enumerator(code).counts
    weights = np.flatnonzero(counts)[1:]
    if terms is not None:
        if terms < 1:
            raise ValueError(f"terms must be at least 1, got {terms}")
        weights = weights[:terms]
    pairwise = _log_pairwise(kind, values, weights)
    fer = _sum_of_logs(_logs(counts[weights]) + pairwise)
    try:
        ones = information_weights(code).counts
    except ValueError:
        return Rates(fer, None)
    return Rates(fer, _sum_of_logs(_logs(ones[weights]) - math.log(code.k) + pairwise))


def _log_pairwise(kind: type[Channel], values: Values, weights: npt.NDArray[np.int64]) -> Values:
    """ln P_h, shape (channels..., weights)."""
    at = values[..., None]
    if kind is AWGN:
        return np.asarray(special.log_ndtr(-np.sqrt(2 * weights * at)))
    if kind is BEC:
        return np.asarray(special.xlogy(weights, at) - math.log(2))
    # The terms of the binomial sum over the first one beyond the tie: 1, then ever less for f <= 1/2.
    first = weights // 2 + 1
    with np.errstate(divide="ignore"):
        odds = at / (1 - at)
    term = np.ones(np.broadcast_shapes(at.shape, weights.shape))
    total = term.copy()
    for i in range(int(weights.max(initial=0)) // 2):
        term = term * np.maximum(weights - first - i, 0) / (first + i + 1) * odds
        total += term
        if np.all(term <= 1e-17 * total):
            break
    half = weights // 2
    log_tie = np.where(weights % 2, -np.inf, _log_binomial_term(weights, half, at) - math.log(2))
    return np.asarray(np.logaddexp(_log_binomial_term(weights, first, at) + np.log(total), log_tie))


def tangential_sphere_bound(code: LinearCode, channel: Channels) -> Values:
    """Poltyrev's tangential-sphere bound on the FER of soft ML decoding on AWGN; the union bound if less.

    The union bound is taken for noise within a cone around the word sent, whose best angle depends on the
    code alone; noise outside counts as an error. It is useful at far lower Es/N0 than the union bound.
    Takes the codes that ``union_bound`` takes. Float64 of shape () or (channels).

    Raises ValueError if the weights cannot be worked out or the channel is not AWGN.
    """
    kind, values = _known(channel)
    if kind is not AWGN:
        raise ValueError("the tangential-sphere bound is for AWGN: use union_bound elsewhere")
    union = union_bound(code, channel).fer
    if code.n < 3:
        return union
    counts = weight_enumerator(code).counts
    weights = np.flatnonzero(counts)[1:]
    logs = _logs(counts[weights])
    radius = _cone(code.n, weights, logs)
    found = union.copy()
    for i in np.ndindex(values.shape):
        if found[i] > 0:
            sphere = _tangential_sphere(code.n, weights, logs, radius, float(values[i]))
            found[i] = min(float(found[i]), sphere)
    return found


def _cone(n: int, weights: npt.NDArray[np.int64], logs: Values) -> float:
    """The best tangent of the cone's half angle (Sason and Shamai, 2006, section 3.2).

    There, the caps that codewords cut out of a sphere in n - 1 dimensions add up to the whole of it.
    Infinite where the code is so small that they never do.
    """
    weights, logs = weights[weights < n], logs[weights < n]
    slopes = np.sqrt(weights / (n - weights))

    def log_caps(log_radius: float) -> float:
        cosine = np.minimum(slopes * math.exp(-log_radius), 1.0)
        # Half the regularised beta function, which is too small for a float where the sine is.
        sine2 = 1 - cosine**2
        logs_of_caps = _log_beta_cdf((n - 2) / 2, sine2) - math.log(2)
        return float(special.logsumexp(logs + logs_of_caps)) if len(logs) else -math.inf

    low, high = (math.log(slopes.min()), math.log(slopes.max()) + 12) if len(slopes) else (0.0, 0.0)
    if log_caps(high) <= 0:
        return math.inf
    return math.exp(optimize.brentq(lambda x: max(log_caps(x), -1e6), low, high, xtol=1e-12))


def _log_beta_cdf(a: float, x: Values) -> Values:
    """ln of the regularised incomplete beta function I_x(a, 1/2), also where that is below 1e-300."""
    value = special.betainc(a, 0.5, x)
    tiny = value < 1e-280
    with np.errstate(divide="ignore"):
        found = np.log(value)
        if tiny.any():
            y = x[tiny]
            found[tiny] = special.xlogy(a, y) + np.log1p(-y) / 2 - math.log(a) - special.betaln(a, 0.5)
            found[tiny] += np.log(special.hyp2f1(a + 0.5, 1.0, a + 1.0, y))
    return np.asarray(found)


def _tangential_sphere(
    n: int, weights: npt.NDArray[np.int64], logs: Values, radius: float, esno: float
) -> float:
    """The bound with a cone of any half angle, whose tangent is ``radius``.

    The unit is the noise's standard deviation. Noise along the word sent is z, and the cone's apex at the
    origin, ``apex`` away; at z the cone has radius u tan, with u = apex - z, and codewords at distance h
    cut it u slope away from the axis.
    """
    apex = math.sqrt(2 * n * esno)
    weights, logs = weights[weights < n], logs[weights < n]  # the antipode is nearer only outside of the cone
    slopes = np.sqrt(weights / (n - weights))
    inside = slopes < radius
    slopes, cumulated = slopes[inside], np.logaddexp.accumulate(logs[inside])
    low = -9.5  # what lies before is some 1e-21 of the whole
    z, dz = _gauss(min(32 + math.ceil(6 * (apex - low)), 4096), low, apex)
    u = apex - z
    total = [special.log_ndtr(-apex)]
    outside = special.gammaincc((n - 1) / 2, (u * radius) ** 2 / 2) if radius < math.inf else np.zeros(len(z))
    density = -(z**2) / 2 - math.log(2 * math.pi) / 2 + np.log(dz)
    with np.errstate(divide="ignore"):
        total.append(special.logsumexp(density + np.log(outside)))
    if radius == math.inf:
        # No sphere: what is left is the union bound, but for the far side of the origin.
        for slope, log_count in zip(slopes, logs[inside], strict=True):
            total.append(special.logsumexp(density + log_count + special.log_ndtr(-u * slope)))
        return float(np.exp(special.logsumexp(total)))
    # Across the axis: between two slopes the number of codewords that count is the same.
    ends = np.append(slopes[1:], radius)
    for start, end, log_count in zip(slopes, ends, cumulated, strict=True):
        # Noise beyond a slope is that far off, at least; what adds nothing to the 19th digit is left out.
        if log_count - apex**2 * start**2 / (1 + start**2) / 2 < special.logsumexp(total) - 45:
            continue
        decay = (apex + 1) ** 2 * (end**2 - start**2) / 2
        x, dx = _gauss(12 + math.ceil(3 * math.sqrt(decay)), float(start), float(end))
        across = -((u[:, None] * x) ** 2) / 2 - math.log(2 * math.pi) / 2 + np.log(dx) + np.log(u)[:, None]
        rest = _log_gamma_cdf((n - 2) / 2, u[:, None] ** 2 * (radius**2 - x**2) / 2)
        total.append(special.logsumexp(density[:, None] + log_count + across + rest))
    return float(np.exp(min(special.logsumexp(total), 0.0)))


def _log_gamma_cdf(a: float, x: Values) -> Values:
    """ln of the regularised incomplete gamma function P(a, x), also where that is below 1e-300."""
    value = special.gammainc(a, x)
    tiny = value < 1e-280
    with np.errstate(divide="ignore"):
        found = np.log(value)
        if tiny.any():
            y = x[tiny]
            # x is far below a there, so that the series converges at once.
            found[tiny] = special.xlogy(a, y) - y - special.gammaln(a + 1)
            found[tiny] += np.log(special.hyp1f1(1, a + 1, y))
    return np.asarray(found)


def _gauss(nodes: int, low: float, high: float) -> tuple[Values, Values]:
    """At least so many nodes, and weights, of Gauss-Legendre quadrature from ``low`` to ``high``."""
    x, w = _legendre(-(-nodes // 16) * 16)
    return low + (high - low) * (x + 1) / 2, (high - low) / 2 * w


@lru_cache(maxsize=256)
def _legendre(nodes: int) -> tuple[Values, Values]:
    x, w = np.polynomial.legendre.leggauss(nodes)
    return x, w


# Small things


def _values(channel: Channels) -> tuple[type[Channel] | None, Values]:
    """The kind of the channels, and f, epsilon or Es/N0 as a ratio; None for a kind that is not known."""
    channels: list[Any] = [channel] if isinstance(channel, Channel) else list(channel)
    kinds = {type(each) for each in channels}
    if len(kinds) != 1:
        raise ValueError("channel must be one channel, or several of one kind")
    (kind,) = kinds
    if kind is BSC:
        values = [each.f for each in channels]
    elif kind is BEC:
        values = [each.epsilon for each in channels]
    elif kind is AWGN:
        values = [from_db(each.esno_db) for each in channels]
    else:
        return None, np.empty(0)
    return kind, np.array(values[0] if isinstance(channel, Channel) else values, np.float64)


def _known(channel: Channels) -> tuple[type[Channel], Values]:
    """The same; raises ValueError for a kind that is not known."""
    kind, values = _values(channel)
    if kind is None:
        raise ValueError("bounds are known for the channels bsc, bec and awgn")
    return kind, values


def _hard_error(kind: type[Channel], values: Values) -> Values:
    """The probability that a hard decision on a coded bit is wrong."""
    if kind is AWGN:
        return np.asarray(special.ndtr(-np.sqrt(2 * values)))
    return values / 2 if kind is BEC else values


def _hard_input(decoder: Decoder) -> bool:
    return isinstance(decoder, MajorityDecoder | MaximumLikelihoodDecoder) and decoder.input == "hard"


def _logs(counts: npt.NDArray[Any] | Sequence[int]) -> Values:
    """Natural logarithms of numbers >= 0 that may be integers beyond the range of floats."""
    return np.array([math.log(count) if count else -math.inf for count in counts], np.float64)


def _log_binomial_term(n: Any, errors: Any, f: Values) -> Values:
    """ln of C(n, errors) f^errors (1 - f)^(n - errors), where 0^0 is 1; the arguments broadcast."""
    log_ways = special.gammaln(n + 1.0) - special.gammaln(errors + 1.0) - special.gammaln(n - errors + 1.0)
    return np.asarray(log_ways + special.xlogy(errors, f) + special.xlog1py(n - errors, -f))


def _mixture(logs: Values, p: Values) -> Values:
    """Sum over w of exp(logs[w]) p^w (1 - p)^(n - w), for n + 1 logs; shape of p."""
    n = len(logs) - 1
    w = np.arange(n + 1)
    with np.errstate(divide="ignore"):
        exponents = logs + special.xlogy(w, p[..., None]) + special.xlog1py(n - w, -p[..., None])
    return np.asarray(np.exp(exponents).sum(axis=-1))


def _sum_of_logs(logs: Values) -> Values:
    """Exp of the logs added up over the last axis, at most 1."""
    if logs.shape[-1] == 0:
        return np.zeros(logs.shape[:-1])
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.minimum(special.logsumexp(logs, axis=-1), 0.0)))
