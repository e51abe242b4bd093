"""EXIT functions of ensembles: the information that nodes send, of the information that they are told.

ten Brink, Kramer and Ashikhmin, 2004; Ashikhmin, Kramer and ten Brink, 2004, for the BEC, where they are
exact; Ryan and Lin, "Channel Codes: Classical and Modern", 2009, section 9.6.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...channels.capacity.gaussian_llrs import gaussian_information, inverse_j_function, j_function
from ...channels.numerics import root
from .degrees import Ensemble

FloatArray = npt.NDArray[np.float64]
#: What a node makes of the information that it is given.
Transfer = Callable[[FloatArray], FloatArray]

#: A tunnel is followed until so much information is missing. The last columns of some codes' matrices
#: have a single one; their curves meet some 1e-5 before the corner, and the code decodes all the same.
MISSING = 1e-3
#: Points at which a tunnel's width is looked at.
TUNNEL_POINTS = 2000


def erasure_variables(ensemble: Ensemble, epsilon: float) -> Transfer:
    """What variables send over a BEC: 1 - epsilon lambda(1 - I_A)."""

    def transfer(apriori: FloatArray) -> FloatArray:
        erased = [
            share * (epsilon if sent else 1.0) * (1 - apriori) ** (d - 1)
            for d, share, sent in ensemble.sent_and_hidden()
        ]
        return np.clip(1 - sum(erased), 0.0, 1.0)

    return transfer


def erasure_checks(ensemble: Ensemble) -> Transfer:
    """What checks send where messages are erasures: rho(I_A)."""

    def transfer(apriori: FloatArray) -> FloatArray:
        return np.clip(sum(share * apriori ** (d - 1) for d, share in ensemble.checks.items()), 0.0, 1.0)

    return transfer


def awgn_variables(ensemble: Ensemble, sigma: float) -> Transfer:
    """J(sqrt((d - 1) s^2 + 4 / sigma^2)) with s = J^-1(I_A), averaged over the degrees d."""

    def transfer(apriori: FloatArray) -> FloatArray:
        variance = inverse_j_function(apriori) ** 2
        # The channel's LLR 2 y / sigma^2 has the variance 4 / sigma^2.
        told = [
            share * j_function(np.sqrt((d - 1) * variance + (4 / sigma**2 if sent else 0.0)))
            for d, share, sent in ensemble.sent_and_hidden()
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def bsc_variables(ensemble: Ensemble, f: float) -> Transfer:
    """One of the BSC's two LLRs is added to the Gaussian one of the messages."""

    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(apriori)
        told = [
            share
            * (
                np.ones(apriori.shape)
                if sent and f == 0
                else gaussian_information(f if sent else 0.5, math.sqrt(d - 1) * deviation)
            )
            for d, share, sent in ensemble.sent_and_hidden()
        ]
        return np.clip(sum(told), 0.0, 1.0)

    return transfer


def dual_checks(ensemble: Ensemble) -> Transfer:
    """1 - J(sqrt(d - 1) J^-1(1 - I_A)), averaged over the degrees d."""

    def transfer(apriori: FloatArray) -> FloatArray:
        deviation = inverse_j_function(1 - apriori)
        unknown = [share * j_function(math.sqrt(d - 1) * deviation) for d, share in ensemble.checks.items()]
        return np.clip(1 - sum(unknown), 0.0, 1.0)

    return transfer


def tunnel(variable: Transfer, check: Transfer, least: float = MISSING) -> tuple[float, tuple[float, float]]:
    """The least gap between two curves, as a share of what is missing, and where they first cross.

    They are followed until ``least`` of the information is missing.
    """
    done = (1.0, 1.0)
    start = float(variable(np.zeros(1))[0])
    if start >= 1 - least:
        return 1.0, done
    missing = np.geomspace(1 - start, least, TUNNEL_POINTS)
    missing[0] = 1 - start
    supplied = 1 - (1 - variable(check(1 - missing))) / missing
    gap = float(supplied.min())
    if gap > 0:
        return gap, done
    first = int(np.argmax(supplied <= 0))
    to_checks = start
    if first > 0:
        to_checks = root(
            lambda x: x - float(variable(check(np.array([x])))[0]), 1 - missing[first - 1], 1 - missing[first]
        )
    return gap, (to_checks, float(check(np.array([to_checks]))[0]))
