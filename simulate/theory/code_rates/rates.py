"""Error rates of a code that are computed, and what their formulas share.

All functions take one channel, or a sequence of channels of one kind; the rates are arrays of shape () or
(channels). Data are random, and ties are decided by coins that favour no codeword.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ....channels import AWGN, BEC, BSC, Channel, from_db
from ....codes import Decoder, MajorityDecoder, MaximumLikelihoodDecoder

Values = npt.NDArray[np.float64]
Channels = Channel | Sequence[Channel]


@dataclass(frozen=True, eq=False)
class Rates:
    """Frame and bit error rates, or bounds on them; float64 of shape () or (channels), in [0, 1].

    Attributes
    ----------
    fer
        Probability that a frame has a wrong information bit.
    ber
        Probability that an information bit is wrong; None where only the other is known.
    first_terms
        Whether they are the first terms of a sum alone, which is no bound, but close where errors are rare.
    """

    fer: Values
    ber: Values | None
    first_terms: bool = False


def values_of(channel: Channels) -> tuple[type[Channel] | None, Values]:
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


def known_values(channel: Channels) -> tuple[type[Channel], Values]:
    """The same; raises ValueError for a kind that is not known."""
    kind, values = values_of(channel)
    if kind is None:
        raise ValueError("bounds are known for the channels bsc, bec and awgn")
    return kind, values


def hard_error(kind: type[Channel], values: Values) -> Values:
    """The probability that a hard decision on a coded bit is wrong."""
    if kind is AWGN:
        return np.asarray(special.ndtr(-np.sqrt(2 * values)))
    return values / 2 if kind is BEC else values


def of_hard_decisions(channels: Sequence[Channel]) -> Sequence[Channel]:
    """What channels of one kind are to hard decisions: AWGN is a BSC; others stay as they are."""
    kind, values = values_of(channels)
    return [BSC(f=float(f)) for f in hard_error(kind, values)] if kind is AWGN else channels


def takes_hard_input(decoder: Decoder) -> bool:
    """Whether a decoder that could do more looks at hard decisions alone."""
    return isinstance(decoder, MajorityDecoder | MaximumLikelihoodDecoder) and decoder.input == "hard"


def logs_of(counts: npt.NDArray[Any] | Sequence[float]) -> Values:
    """Natural logarithms of numbers >= 0, which may be integers beyond the range of floats."""
    return np.array([math.log(count) if count else -math.inf for count in counts], np.float64)


def log_binomial_term(n: Any, errors: Any, f: Values) -> Values:
    """ln of C(n, errors) f^errors (1 - f)^(n - errors), where 0^0 is 1; the arguments broadcast."""
    log_ways = special.gammaln(n + 1.0) - special.gammaln(errors + 1.0) - special.gammaln(n - errors + 1.0)
    return np.asarray(log_ways + special.xlogy(errors, f) + special.xlog1py(n - errors, -f))


def mixture(logs: Values, p: Values) -> Values:
    """Sum over w of exp(logs[w]) p^w (1 - p)^(n - w), for n + 1 logs; shape of p."""
    n = len(logs) - 1
    w = np.arange(n + 1)
    with np.errstate(divide="ignore"):
        exponents = logs + special.xlogy(w, p[..., None]) + special.xlog1py(n - w, -p[..., None])
    return np.asarray(np.exp(exponents).sum(axis=-1))


def sum_of_logs(logs: Values) -> Values:
    """exp of the logs added up over the last axis, at most 1."""
    if logs.shape[-1] == 0:
        return np.zeros(logs.shape[:-1])
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.minimum(special.logsumexp(logs, axis=-1), 0.0)))
