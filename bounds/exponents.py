"""Gallager's exponents as bounds at finite length: the random-coding and the expurgated one.

R. G. Gallager, "Information Theory and Reliable Communication", 1968.
Exponents and error probabilities in nats.
"""

import math
from collections.abc import Callable

from .numerics.logs import LN2, log2_plus_one, log_less_one, minimum

_LEAST_RHO = 1e-6


def e0_bsc(rho: float, f: float) -> float:
    """E0 of the binary symmetric channel, equiprobable inputs, rho in [0, 1]."""
    power = 1 / (1 + rho)
    return rho * LN2 - (1 + rho) * math.log(f**power + (1 - f) ** power)


def e0_bec(rho: float, epsilon: float) -> float:
    """E0 of the binary erasure channel, equiprobable inputs, rho in [0, 1]."""
    return -math.log((1 - epsilon) * 2**-rho + epsilon)


def random_coding_rho(n: int, log2_m: float, e0: Callable[[float], float], most: float = 1.0) -> float:
    """The rho in [0, ``most``] at which rho ln(M - 1) - n E0(rho), which is convex, is least."""
    log_others = log_less_one(log2_m)
    return minimum(lambda rho: rho * log_others - n * e0(rho), 0.0, most, 1e-4)


def random_coding_log_error(n: int, log2_m: float, e0: Callable[[float], float], most: float = 1.0) -> float:
    """The least of (M - 1)^rho exp(-n E0(rho)) over rho in [0, ``most``]: Gallager, 1968."""
    log_others = log_less_one(log2_m)
    if log_others == -math.inf:
        return -math.inf
    rho = random_coding_rho(n, log2_m, e0, most)
    return min(rho * log_others - n * e0(rho), 0.0)


def random_coding_log2_m(n: int, log_error: float, e0: Callable[[float], float], most: float = 1.0) -> float:
    """The greatest log2 M at which `random_coding_log_error` permits this error probability."""

    def log_others(rho: float) -> float:
        return (log_error + n * e0(rho)) / rho

    return log2_plus_one(log_others(minimum(lambda rho: -log_others(rho), _LEAST_RHO, most, 1e-6)))


def expurgated_log_error(n: int, log2_m: float, z: float) -> float:
    """The least of (4 (M - 1))^rho ((1 + Z^(1 / rho)) / 2)^(n rho) over rho >= 1.

    Gallager, 1968, for equiprobable binary inputs of Bhattacharyya parameter Z in (0, 1);
    his proof takes 2 M - 1 random codewords and leaves out the worse half, hence M - 1. Holds for every
    codeword.
    """
    log_others = log_less_one(log2_m) + 2 * LN2

    def log_error(log_rho: float) -> float:
        return math.exp(log_rho) * (log_others - n * _distance(math.exp(-log_rho), z))

    return min(log_error(minimum(log_error, 0.0, 20.0, 1e-6)), 0.0)


def expurgated_log2_m(n: int, log_error: float, z: float) -> float:
    """The greatest log2 M at which `expurgated_log_error` permits this error probability."""

    def log_others(log_rho: float) -> float:
        return log_error / math.exp(log_rho) + n * _distance(math.exp(-log_rho), z)

    best = log_others(minimum(lambda log_rho: -log_others(log_rho), 0.0, 20.0, 1e-6))
    return log2_plus_one(best - 2 * LN2)


def _distance(power: float, z: float) -> float:
    """-ln((1 + Z^power) / 2), without cancellation where Z^power is near 1."""
    return -math.log1p(math.expm1(power * math.log(z)) / 2)


def shell_log_error(n: int, log2_m: float, esno: float) -> float:
    """Gallager's random-coding bound for Gaussian codewords in a thin shell, 1968.

    The bound is exp(-N E0(rho)) (M - 1)^rho (exp(r delta) / mu)^(1 + rho), with mu the probability that a
    Gaussian word has an energy at most delta below n Es. It takes N = n - 1 of the n coordinates: the last
    one makes the energies of all codewords equal and is not looked at.
    """
    log_others = log_less_one(log2_m)
    if log_others == -math.inf:
        return -math.inf

    def log_error(rho: float) -> float:
        e0, penalty = _shell_exponent(n, rho, esno)
        return rho * log_others - (n - 1) * e0 + penalty

    return min(log_error(minimum(log_error, _LEAST_RHO, 1.0, 1e-6)), 0.0)


def shell_log2_m(n: int, log_error: float, esno: float) -> float:
    """The greatest log2 M at which `shell_log_error` permits this error probability."""

    def log_others(rho: float) -> float:
        e0, penalty = _shell_exponent(n, rho, esno)
        return (log_error + (n - 1) * e0 - penalty) / rho

    return log2_plus_one(log_others(minimum(lambda rho: -log_others(rho), _LEAST_RHO, 1.0, 1e-6)))


def _shell_exponent(n: int, rho: float, esno: float) -> tuple[float, float]:
    """E0 of one of n - 1 coordinates and the logarithm of (exp(r delta) / mu)^(1 + rho)."""
    from scipy.special import gammainc

    used = n - 1
    power = 2 * esno * n / used  # energy of a coordinate, in noise of variance 1
    a = power / (1 + rho)
    # u = 1 - 2 r power, at which E0 is greatest.
    u = ((1 - a) + math.sqrt((1 - a) ** 2 + 4 * a / (1 + rho))) / 2
    u = min(max(u, 1e-300), 1.0)
    e0 = (1 + rho) / 2 * (1 - u + math.log(u)) + rho / 2 * math.log1p(a / u)
    # In units of the power: r delta = 1 is best where the density is flat.
    r = (1 - u) / 2
    delta = min(1 / r if r > 0 else math.inf, used / 2)
    inside = float(gammainc(used / 2, used / 2) - gammainc(used / 2, (used - delta) / 2))
    return e0, (1 + rho) * (r * delta - math.log(inside))
