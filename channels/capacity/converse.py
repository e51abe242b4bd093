"""The converse of the coding theorem with errors allowed: R (1 - H(p_b)) <= C.

No code, however long, has a bit-error probability p_b below what this permits at rate R. C. E. Shannon,
"Coding theorems for a discrete source with a fidelity criterion", 1959; MacKay, "Information Theory,
Inference, and Learning Algorithms", 2003, section 10.4.
"""

import math
from collections.abc import Callable

from ..decibels import from_db, to_db
from ..elementwise import elementwise
from ..models.awgn import awgn_capacity, awgn_limit_esno, bpsk_capacity, bpsk_limit_esno
from ..models.discrete.bec import bec_capacity, bec_limit
from ..models.discrete.bsc import bsc_limit
from ..numerics import bsc_capacity


@elementwise
def converse_rate(capacity: float, ber: float) -> float:
    """C / (1 - H(p_b)): the largest rate at a capacity and a bit-error probability.

    ``capacity`` >= 0 in bits a channel use, ``ber`` in [0, 1/2]; infinity at 1/2. Raises ValueError outside.
    """
    _check_capacity(capacity)
    needed = _share(ber)
    return capacity / needed if needed > 0 else math.inf


@elementwise
def least_ber(capacity: float, rate: float) -> float:
    """The p_b in [0, 1/2] with R (1 - H(p_b)) = C, below which no code of the rate R can be; 0 if R <= C.

    ``capacity`` >= 0 and ``rate`` > 0 in bits a channel use. Raises ValueError outside.
    """
    _check_capacity(capacity)
    _check_rate(rate)
    return bsc_limit(min(capacity / rate, 1.0)) if capacity < rate else 0.0


@elementwise
def bsc_least_ber(f: float, rate: float) -> float:
    """The least bit-error probability at ``rate`` > 0 over the BSC with crossover probability f in [0, 1]."""
    return least_ber(bsc_capacity(f), rate)


@elementwise
def bec_least_ber(epsilon: float, rate: float) -> float:
    """The least bit-error probability at ``rate`` > 0 over the BEC with erasure probability in [0, 1]."""
    return least_ber(bec_capacity(epsilon), rate)


@elementwise
def awgn_least_ber(ebno_db: float, rate: float) -> float:
    """The least bit-error probability at ``rate`` > 0 bits a real use over AWGN, any input.

    ``ebno_db`` is Eb/N0 in dB, and Es/N0 = R Eb/N0. Raises ValueError if an argument is NaN or the rate
    not above 0.
    """
    return least_ber(awgn_capacity(_esno(ebno_db, rate)), rate)


@elementwise
def bpsk_least_ber(ebno_db: float, rate: float) -> float:
    """The same with BPSK as the input."""
    return least_ber(bpsk_capacity(_esno(ebno_db, rate)), rate)


@elementwise
def bsc_limit_at_ber(rate: float, ber: float) -> float:
    """The largest crossover probability at which ``rate`` and a bit-error probability may go together.

    ``rate`` > 0, ``ber`` in [0, 1/2]; in [0, 1/2]. Raises ValueError outside, and where no channel of
    this kind is good enough: R (1 - H(p_b)) above 1.
    """
    return bsc_limit(_needed(rate, ber))


@elementwise
def bec_limit_at_ber(rate: float, ber: float) -> float:
    """The largest erasure probability, in [0, 1]; arguments and errors as of ``bsc_limit_at_ber``."""
    return bec_limit(_needed(rate, ber))


@elementwise
def awgn_limit_ebno_db_at_ber(rate: float, ber: float) -> float:
    """The least Eb/N0 in dB at which ``rate`` and a bit-error probability may go together, any input.

    ``rate`` > 0 in bits a real use, ``ber`` in [0, 1/2]; minus infinity at 1/2. Raises ValueError
    outside, and if R (1 - H(p_b)) is above 500.
    """
    return _ebno_db(awgn_limit_esno, rate, ber)


@elementwise
def bpsk_limit_ebno_db_at_ber(rate: float, ber: float) -> float:
    """The same with BPSK as the input, which needs R (1 - H(p_b)) below 1: ValueError otherwise."""
    return _ebno_db(bpsk_limit_esno, rate, ber)


def _ebno_db(limit: Callable[[float], float], rate: float, ber: float) -> float:
    esno = limit(_needed(rate, ber))
    return to_db(esno / rate) if esno > 0 else -math.inf


def _esno(ebno_db: float, rate: float) -> float:
    _check_rate(rate)
    if math.isnan(ebno_db):
        raise ValueError("ebno_db must not be NaN")
    return from_db(ebno_db) * rate


def _needed(rate: float, ber: float) -> float:
    """R (1 - H(p_b)), the capacity that is needed."""
    _check_rate(rate)
    return rate * _share(ber)


def _share(ber: float) -> float:
    """1 - H(p_b), with its relative precision near 1/2."""
    if not 0 <= ber <= 0.5:
        raise ValueError(f"ber must lie in [0, 1/2], got {ber}")
    return bsc_capacity(ber)


def _check_capacity(capacity: float) -> None:
    if not 0 <= capacity < math.inf:
        raise ValueError(f"capacity must be finite and not negative, got {capacity}")


def _check_rate(rate: float) -> None:
    if not 0 < rate < math.inf:
        raise ValueError(f"rate must be finite and above 0, got {rate}")
