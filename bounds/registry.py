"""The bounds that there are for each channel, by name, and each of them solved for any of its quantities."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from ..channels import (
    awgn_capacity,
    awgn_limit_esno,
    bec_capacity,
    bec_limit,
    bpsk_capacity,
    bpsk_limit_esno,
    bsc_capacity,
    bsc_limit,
    to_db,
)
from ..channels.elementwise import elementwise_method
from . import (
    binary_input,
    binary_symmetric,
    cones,
    erasure,
    exponents,
    gaussian_tests,
    normal,
    power_constraints,
)
from .logs import root, root_around
from .union_sums import UnionSum

Kind = Literal["capacity", "converse", "achievability", "approximation"]
Constraint = Literal["equal", "maximal", "average"]
LogError = Callable[[int, float, float], float]
Log2M = Callable[[int, float, float], float]

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


class BoundError(ArithmeticError):
    """A bound that cannot be computed where it was asked for; the message names it."""


@dataclass(frozen=True)
class Bound:
    """A limit on codes of block length n over one channel.

    The channel's value is f (``bsc``), epsilon (``bec``), or the ratio Es/N0 (``awgn``, ``bpsk``). Error
    probabilities are those of the block; rates are in bits a channel use.

    All methods take numbers, for a float, or arrays and lists, which are broadcast, for float64 of the
    broadcast shape; n is whole, and 1e3 is too.

    Attributes
    ----------
    channel
        ``bsc``, ``bec``, ``awgn`` (any real input) or ``bpsk`` (BPSK on AWGN).
    name
        ``capacity``, ``converse``, ``converse-maximal``, ``converse-average``, ``meta-converse``, ``rcu``,
        ``dt``, ``kappa-beta``, ``gallager``, ``expurgated`` or ``normal-approximation``.
    kind
        ``capacity``; ``converse`` (no code under the ``constraint`` does better); ``achievability`` (there is
        a code that does as well, on ``awgn`` one of equal energy); ``approximation``.
    source
        Whose formula it is, in a line.
    least_n
        The least block length.
    constraint
        Of a converse on ``awgn`` or ``bpsk``, which codes it is for: those whose words have the energy n Es
        (``equal``; BPSK has no others), have at most this (``maximal``), or have it in the mean
        (``average``). None elsewhere.
    """

    channel: str
    name: str
    kind: Kind
    source: str
    least_n: int
    _log_error: LogError
    _log2_m: Log2M | None = None
    constraint: Constraint | None = None

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
        return self._computed(self._log_error, n, log2_m, value)

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
        if self._log2_m is not None:
            found = self._computed(self._log2_m, n, log_error, value)
            if self.channel != "awgn" and self.kind == "achievability":
                found = min(found, float(n))
        else:
            # From the normal approximation outwards, which is near and depends on no other bound.
            start = max(normal.normal_log2_m(self.channel, n, log_error, value), 1.0)
            most = float(n) if self.channel == "bpsk" else 2 * start + 1000 * n

            def excess(log2_m: float) -> float:
                return self._computed(self._log_error, n, log2_m, value) - log_error

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
        most = 20 if self.channel == "awgn" else 1
        if not 0 < rate <= most:
            raise ValueError(f"rate must lie in (0, {most}] for bounds on {self.channel}, got {rate:g}")
        self._check(n, None)
        if self.kind != "capacity" and n * rate < 1 - 1e-9:
            raise ValueError(
                f"rate must be at least 1/n = {1 / n:.6g}, one information bit in n = {n}; got {rate:g}"
            )
        _check_error(error)
        log_error = math.log(error)
        scale = _SCALES[self.channel]
        limit = scale.limit(rate)
        if self.name == "capacity":
            return limit
        log2_m = n * rate

        def excess(x: float) -> float:
            return self.log_error_probability(n, log2_m, scale.value(x)) - log_error

        # From the limit of capacity outwards: positions on the scale grow with the noise, as `excess` does.
        start = min(max(scale.position(limit), scale.best), scale.worst)
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

    def _computed(
        self, function: Callable[[int, float, float], float], n: int, given: float, value: float
    ) -> float:
        """A function's value; raises BoundError where it has none."""
        try:
            with np.errstate(all="ignore"):
                found = function(n, given, value)
            reason = "no number came out"
        except (ArithmeticError, ValueError) as error:
            found, reason = math.nan, str(error)
        if math.isnan(found):
            raise BoundError(
                f"{self.name} on {self.channel} cannot be computed at n = {n} and "
                f"{_SCALES[self.channel].parameter} = {value:g}: {reason}"
            )
        return found

    def _check(self, n: int, value: float | None) -> None:
        if not self.least_n <= n <= GREATEST_N:
            raise ValueError(
                f"n must lie in [{self.least_n}, {GREATEST_N}] for {self.name} on {self.channel}, got {n}"
            )
        if value is not None:
            scale = _SCALES[self.channel]
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


@dataclass(frozen=True)
class _Scale:
    """A channel's value on a scale that grows with the noise and on which roots are looked for."""

    parameter: str
    low: float
    high: float
    best: float
    worst: float
    value: Callable[[float], float]
    position: Callable[[float], float]
    limit: Callable[[float], float]


def _from_logit(x: float) -> float:
    return math.exp(x) / (1 + math.exp(x))


def _logit(p: float) -> float:
    return math.log(p / (1 - p)) if 0 < p < 1 else math.copysign(1e3, p - 0.5)


def _esno(x: float) -> float:
    return float(10 ** (-x / 5))  # one step is 2 dB


def _position(esno: float) -> float:
    return -5 * math.log10(esno) if esno > 0 else 1e3


_SCALES = {
    "bsc": _Scale("f", 0.0, 0.5, -60.0, -1e-6, _from_logit, _logit, bsc_limit),
    "bec": _Scale("epsilon", 0.0, 1.0, -60.0, 16.0, _from_logit, _logit, bec_limit),
    "awgn": _Scale("esno", 10**-6.01, 10**15.01, -75.0, 30.0, _esno, _position, awgn_limit_esno),
    "bpsk": _Scale(
        "esno",
        10**-4.0,
        100.0,
        -9.99,
        19.99,
        _esno,
        _position,
        lambda rate: bpsk_limit_esno(rate) if rate < 1 else 99.0,
    ),
}

_PPV = "Polyanskiy, Poor and Verdu, IEEE Trans. IT 56(5), 2010"
_VAZQUEZ = "Vazquez-Vilar, IEEE Trans. IT 67(6), 2021"
_GALLAGER = "Gallager, Information Theory and Reliable Communication, 1968"

_CAPACITIES: dict[str, tuple[Callable[[float], float], str]] = {
    "bsc": (bsc_capacity, "1 - H(f)"),
    "bec": (bec_capacity, "1 - epsilon"),
    "awgn": (awgn_capacity, "(1/2) log2(1 + 2 Es/N0)"),
    "bpsk": (bpsk_capacity, "1 - E[log2(1 + exp(-L))], L the LLR of a transmitted +1"),
}


def _capacity(channel: str) -> Bound:
    capacity, formula = _CAPACITIES[channel]

    def log_error(n: int, log2_m: float, value: float) -> float:
        return -math.inf if log2_m <= n * capacity(value) else 0.0

    return Bound(
        channel,
        "capacity",
        "capacity",
        f"{formula}: Shannon, Bell Syst. Tech. J. 27, 1948",
        1,
        log_error,
        lambda n, _, value: n * capacity(value),
    )


def _normal(channel: str, formula: str) -> Bound:
    return Bound(
        channel,
        "normal-approximation",
        "approximation",
        f"log2 M = {formula}: {_PPV}",
        1,
        partial(normal.normal_log_error, channel),
        partial(normal.normal_log2_m, channel),
    )


def _union_sum(channel: str, name: str, source: str, of: Callable[[int, float], UnionSum]) -> Bound:
    return Bound(
        channel,
        name,
        "achievability",
        source,
        1,
        lambda n, log2_m, value: of(n, value).log_error(log2_m),
        lambda n, log_error, value: of(n, value).log2_m(log_error),
    )


def _gallager(channel: str, e0: Callable[[float, float], float]) -> Bound:
    return Bound(
        channel,
        "gallager",
        "achievability",
        f"(M - 1)^rho exp(-n E0(rho)), the least over rho in [0, 1]: {_GALLAGER}",
        1,
        lambda n, log2_m, value: exponents.random_coding_log_error(n, log2_m, lambda rho: e0(rho, value)),
        lambda n, log_error, value: exponents.random_coding_log2_m(n, log_error, lambda rho: e0(rho, value)),
    )


def _expurgated(channel: str, bhattacharyya: Callable[[float], float]) -> Bound:
    return Bound(
        channel,
        "expurgated",
        "achievability",
        "(4 (M - 1))^rho ((1 + Z^(1/rho)) / 2)^(n rho), the least over rho >= 1, Z = "
        f"{ {'bsc': '2 sqrt(f (1 - f))', 'bec': 'epsilon', 'bpsk': 'exp(-Es/N0)'}[channel] }: "
        f"{_GALLAGER}",
        1,
        lambda n, log2_m, value: exponents.expurgated_log_error(n, log2_m, bhattacharyya(value)),
        lambda n, log_error, value: exponents.expurgated_log2_m(n, log_error, bhattacharyya(value)),
    )


def _all() -> list[Bound]:
    bsc, bec, awgn, bpsk = "bsc", "bec", "awgn", "bpsk"
    return [
        _capacity(bsc),
        Bound(
            bsc,
            "converse",
            "converse",
            f"M <= 1 / beta of the best test against uniform outputs: {_PPV}, theorem 35",
            1,
            binary_symmetric.converse_log_error,
            binary_symmetric.converse_log2_m,
        ),
        _normal(bsc, "n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
        _union_sum(
            bsc,
            "rcu",
            f"sum of P[t] min(1, (M - 1) 2^-n sum_{{s <= t}} C(n, s)): {_PPV}, equation 162",
            binary_symmetric.rcu,
        ),
        _union_sum(
            bsc,
            "dt",
            f"sum of C(n, t) min(f^t (1 - f)^(n - t), (M - 1) 2^-(n + 1)): {_PPV}, equation 166",
            binary_symmetric.dependence_testing,
        ),
        _gallager(bsc, exponents.e0_bsc),
        _expurgated(bsc, lambda f: 2 * math.sqrt(f * (1 - f))),
        _capacity(bec),
        Bound(
            bec,
            "converse",
            "converse",
            f"sum over t > n - log2 M of P[t] (1 - 2^(n - t) / M): {_PPV}, theorem 38",
            1,
            erasure.converse_log_error,
            erasure.converse_log2_m,
        ),
        _normal(bec, "n C - sqrt(n V) Q^-1(error), theorem 53"),
        _union_sum(
            bec,
            "rcu",
            f"sum of P[t] min(1, (M - 1) 2^-(n - t)): {_PPV}",
            erasure.rcu,
        ),
        _union_sum(
            bec,
            "dt",
            f"sum of P[t] 2^-[n - t - log2((M - 1) / 2)]^+: {_PPV}, equation 183",
            erasure.dependence_testing,
        ),
        _gallager(bec, exponents.e0_bec),
        _expurgated(bec, lambda epsilon: epsilon),
        _capacity(awgn),
        Bound(
            awgn,
            "converse",
            "converse",
            "P[the noise leaves a cone with 1/M of the sphere], words of equal energy: Shannon, Bell Syst. "
            "Tech. J. 38, 1959",
            2,
            cones.converse_log_error,
            cones.converse_log2_m,
            "equal",
        ),
        Bound(
            awgn,
            "converse-maximal",
            "converse",
            "the greater of the cones in n + 1 dimensions, whose last coordinate makes energies equal, and "
            f"the meta-converse, words of maximal energy n Es: {_PPV}, lemma 39, and {_VAZQUEZ}",
            1,
            power_constraints.maximal_log_error,
            power_constraints.maximal_log2_m,
            "maximal",
        ),
        Bound(
            awgn,
            "converse-average",
            "converse",
            f"lower convex envelope of the meta-converse over the energy, words of average energy n Es: "
            f"{_VAZQUEZ}",
            1,
            power_constraints.average_log_error,
            power_constraints.average_log2_m,
            "average",
        ),
        Bound(
            awgn,
            "meta-converse",
            "converse",
            f"M <= 1 / beta of the best test against N(0, 1 + P), words of maximal energy n Es: {_PPV}, "
            f"equation 218, for equal energy, and {_VAZQUEZ}",
            1,
            gaussian_tests.meta_converse_log_error,
            gaussian_tests.meta_converse_log2_m,
            "maximal",
        ),
        _normal(awgn, "n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
        Bound(
            awgn,
            "rcu",
            "achievability",
            "E[min(1, (M - 1) share of the cone as wide as the angle turned)]: Shannon, Bell Syst. Tech. "
            "J. 38, 1959",
            3,
            cones.rcu_log_error,
        ),
        Bound(
            awgn,
            "kappa-beta",
            "achievability",
            "M >= kappa_tau / beta_(1 - error + tau), maximal error, words of equal energy: "
            f"{_PPV}, equations 217 and 218",
            3,
            gaussian_tests.kappa_beta_log_error,
            gaussian_tests.kappa_beta_log2_m,
        ),
        Bound(
            awgn,
            "gallager",
            "achievability",
            f"(M - 1)^rho exp(-(n - 1) E0(rho)) (exp(r delta) / mu)^(1 + rho): {_GALLAGER}",
            3,
            exponents.shell_log_error,
            exponents.shell_log2_m,
        ),
        _capacity(bpsk),
        Bound(
            bpsk,
            "converse",
            "converse",
            "M <= 1 / beta of the best test against the outputs of equiprobable inputs, or cones as on awgn, "
            f"words of equal energy, as BPSK's are: {_PPV}, and Shannon, Bell Syst. Tech. J. 38, 1959",
            1,
            binary_input.converse_log_error,
            binary_input.converse_log2_m,
            "equal",
        ),
        _normal(bpsk, "n C - sqrt(n V) Q^-1(error) + (log2 n) / 2"),
        Bound(
            bpsk,
            "rcu",
            "achievability",
            "E[min(1, (M - 1) exp(-I_s))], the least over s: Martinez and Guillen i Fabregas, ITA, 2011",
            1,
            binary_input.rcus_log_error,
        ),
        Bound(
            bpsk,
            "dt",
            "achievability",
            f"E[min(1, (M - 1) / 2 exp(-I))]: {_PPV}",
            1,
            binary_input.dt_log_error,
        ),
        _gallager(bpsk, binary_input.gallager_e0),
        _expurgated(bpsk, lambda esno: math.exp(-esno)),
    ]


def _by_channel() -> dict[str, dict[str, Bound]]:
    table: dict[str, dict[str, Bound]] = {}
    for bound in _all():
        table.setdefault(bound.channel, {})[bound.name] = bound
    return table


#: The bounds by channel and name.
BOUNDS: dict[str, dict[str, Bound]] = _by_channel()


def bounds(channel: str) -> tuple[Bound, ...]:
    """All bounds of a channel; raises ValueError, which names those there are, for an unknown one."""
    if channel not in BOUNDS:
        raise ValueError(f"channel must be one of {', '.join(BOUNDS)}, got '{channel}'")
    return tuple(BOUNDS[channel].values())


def bound(channel: str, name: str) -> Bound:
    """A bound by name; raises ValueError, which names those there are, for an unknown channel or name."""
    for each in bounds(channel):
        if each.name == name:
            return each
    raise ValueError(f"name must be one of {', '.join(BOUNDS[channel])} on {channel}, got '{name}'")
