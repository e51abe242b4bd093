"""A bound on codes of one length over one channel, solved for any of its quantities."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..channels import to_db
from ..channels.elementwise import elementwise_method
from . import normal
from .numerics.logs import root, root_around
from .scales import SCALES, Scale

Kind = Literal["capacity", "converse", "achievability", "approximation"]
Constraint = Literal["equal", "maximal", "average"]
#: A formula of n, a base-2 logarithm of M or a natural one of the error probability, and the channel's value.
Formula = Callable[[int, float, float], float]

#: What a converse on a Gaussian channel takes n Es for: the energy that its codewords have, in words.
CONSTRAINTS: dict[Constraint, str] = {
    "equal": "equal energy",
    "maximal": "maximal energy",
    "average": "average energy",
}
#: The least error probability that may be asked for.
LEAST_ERROR = 1e-100
#: The greatest block length.
GREATEST_N = 1_000_000
#: The greatest rate on a channel whose input is not finite, in bits a use.
MOST_BITS = 20


class BoundError(ArithmeticError):
    """A bound that cannot be computed where it was asked for; the message names it."""


@dataclass(frozen=True)
class Bound:
    """A limit on codes of block length n over one channel.

    The channel's value is f (``bsc``), epsilon (``bec``), the ratio Es/N0 (``awgn``, ``bpsk``), or what the
    ``scale`` says. Error probabilities are those of the block; rates are in bits a channel use.

    All methods take numbers, for a float, or arrays and lists, which are broadcast, for float64 of the
    broadcast shape; n is whole, and 1e3 is too.

    Attributes
    ----------
    channel
        ``bsc``, ``bec``, ``awgn`` (any real input), ``bpsk`` (BPSK on AWGN), or a channel with a ``scale``.
    name
        ``capacity``, ``converse``, ``converse-maximal``, ``converse-average``, ``meta-converse``, ``rcu``,
        ``dt``, ``kappa-beta``, ``gallager``, ``expurgated``, ``sphere-packing`` or ``normal-approximation``.
    kind
        ``capacity``; ``converse`` (no code under the ``constraint`` does better); ``achievability`` (there is
        a code that does as well, on ``awgn`` one of equal energy); ``approximation``.
    source
        Whose formula it is, in a line.
    least_n
        The least block length.
    log_error_formula
        The formula by itself: the natural logarithm of the error probability, of n, log2 M and the
        channel's value. Checks nothing.
    log2_m_formula
        Its inverse: log2 M, of n, the natural logarithm of the error probability and the channel's value.
        None where it is searched for.
    constraint
        Of a converse on ``awgn`` or ``bpsk``, which codes it is for: those whose words have the energy n Es
        (``equal``; BPSK has no others), have at most this (``maximal``), or have it in the mean
        (``average``). None elsewhere.
    scale
        The channel's values; None for those of ``SCALES``.
    greatest_n
        The greatest block length.
    """

    channel: str
    name: str
    kind: Kind
    source: str
    least_n: int
    log_error_formula: Formula
    log2_m_formula: Formula | None = None
    constraint: Constraint | None = None
    scale: Scale | None = None
    greatest_n: int = GREATEST_N

    @property
    def values(self) -> Scale:
        """The channel's values."""
        return self.scale or SCALES[self.channel]

    @property
    def restriction(self) -> str:
        """The constraint in words, such as ``equal energy``; empty where there is none."""
        return CONSTRAINTS[self.constraint] if self.constraint else ""

    @elementwise_method
    def log_error_probability(self, n: int, log2_m: float, value: float) -> float:
        """Natural logarithm of the error probability of 2^log2_m codewords, log2_m >= 0; may be -inf.

        For ``capacity`` -inf up to it, and 0 above. Raises ValueError for an n or a value out of range, and
        BoundError where it cannot be computed.
        """
        self._check(n, value)
        if not log2_m >= 0:
            raise ValueError(f"log2_m must not be negative, got {log2_m}")
        if self.kind != "capacity" and 0 < log2_m < 1:
            log2_m = 1.0  # there are no codes between 1 and 2 codewords
        return self._computed(self.log_error_formula, n, log2_m, value)

    @elementwise_method
    def error_probability(self, n: int, rate: float, value: float) -> float:
        """The error probability at a rate, in [0, 1]; raises as `log_error_probability` does."""
        return math.exp(self.log_error_probability(n, n * rate, value))

    @elementwise_method
    def log2_size(self, n: int, error: float, value: float) -> float:
        """The greatest log2 of the number of codewords at an error probability in (1e-100, 1).

        0 where it is less than that of two codewords: one information bit. Raises ValueError for arguments
        out of range, and BoundError where it cannot be computed.
        """
        self._check(n, value)
        _check_error(error)
        log_error = math.log(error)
        if self.log2_m_formula is not None:
            found = self._computed(self.log2_m_formula, n, log_error, value)
            if self.kind == "achievability":
                found = min(found, n * self.values.bits)
        else:
            # From the normal approximation outwards, which is near and depends on no other bound.
            start = max(normal.normal_log2_m(self.channel, n, log_error, value), 1.0)
            most = float(n) if self.channel == "bpsk" else 2 * start + 1000 * n

            def excess(log2_m: float) -> float:
                return self._computed(self.log_error_formula, n, log2_m, value) - log_error

            found = root_around(excess, min(start, most), 3.0, 1.0, most, 1e-10)
            if found == 1.0 and excess(1.0) > 0:
                found = 0.0
        return found if self.kind == "capacity" or found >= 1 - 1e-6 else 0.0

    @elementwise_method
    def rate(self, n: int, error: float, value: float) -> float:
        """The greatest rate at an error probability: `log2_size` over n."""
        return self.log2_size(n, error, value) / n

    @elementwise_method
    def value(self, n: int, rate: float, error: float) -> float | None:
        """The channel's value at which the bound gives this error probability at this rate.

        For a converse the worst channel on which a code is not ruled out, for achievability the worst on
        which there is one. None, NaN in an array, where no channel is good enough; the worst value looked
        at (Es/N0 = -60 dB, or -40 dB for BPSK) where that is good enough. Raises ValueError for arguments out
        of range, such as a rate above 1, or 20 on ``awgn``, or of less than one information bit, and
        BoundError where it cannot be computed.
        """
        scale = self.values
        most = min(scale.bits, MOST_BITS)
        if not 0 < rate <= most:
            raise ValueError(f"rate must lie in (0, {most:g}] for bounds on {self.channel}, got {rate:g}")
        self._check(n, None)
        if self.kind != "capacity" and n * rate < 1 - 1e-9:
            raise ValueError(
                f"rate must be at least 1/n = {1 / n:.6g}, one information bit in n = {n}; got {rate:g}"
            )
        _check_error(error)
        log_error = math.log(error)
        limit = scale.limit(rate)
        known = not math.isnan(limit)
        if self.name == "capacity":
            return limit if known else None
        log2_m = n * rate

        def excess(x: float) -> float:
            return self.log_error_probability(n, log2_m, scale.value(x)) - log_error

        # From the limit of capacity outwards: positions on the scale grow with the noise, as `excess` does.
        start = min(max(scale.position(limit), scale.best), scale.worst) if known else scale.best
        low = high = start
        step = 0.25
        if excess(start) > 0:
            while low > scale.best and excess(low) > 0:
                high, low, step = low, max(low - step, scale.best), 2 * step
            if low == scale.best and excess(low) > 0:
                return None
        else:
            while high < scale.worst and excess(high) <= 0:
                low, high, step = high, min(high + step, scale.worst), 2 * step
        return scale.value(root(excess, low, high, 1e-11))

    def _computed(self, formula: Formula, n: int, given: float, value: float) -> float:
        """A formula's value; raises BoundError where it has none."""
        try:
            with np.errstate(all="ignore"):
                found = formula(n, given, value)
            reason = "no number came out"
        except (ArithmeticError, ValueError) as error:
            found, reason = math.nan, str(error)
        if math.isnan(found):
            raise BoundError(
                f"{self.name} on {self.channel} cannot be computed at n = {n} and "
                f"{self.values.parameter} = {value:g}: {reason}"
            )
        return found

    def _check(self, n: int, value: float | None) -> None:
        if not self.least_n <= n <= self.greatest_n:
            raise ValueError(
                f"n must lie in [{self.least_n}, {self.greatest_n}] for {self.name} on {self.channel}, "
                f"got {n}"
            )
        if value is not None:
            scale = self.values
            if not scale.low < value < scale.high:
                range_ = f"({scale.low:g}, {scale.high:g})"
                if scale.parameter == "esno":  # a ratio here, and in dB where most people meet it
                    range_ += f", ({to_db(scale.low):g}, {to_db(scale.high):g}) dB,"
                got = f"{value:g}" + (f", {to_db(value):g} dB" if range_.endswith(",") and value > 0 else "")
                raise ValueError(
                    f"{scale.parameter} must lie in {range_} for bounds at a block length, got {got}"
                )


def _check_error(error: float) -> None:
    if not LEAST_ERROR < error < 1:
        raise ValueError(f"the error probability must lie in ({LEAST_ERROR:g}, 1), got {error:g}")
