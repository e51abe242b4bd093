"""What some code reaches with stop feedback: a lower bound on throughput at finite length, of BPSK over AWGN.

Y. Polyanskiy, H. V. Poor and S. Verdu, "Feedback in the non-asymptotic regime", IEEE Transactions on
Information Theory 57, 2011, theorem 3, with decisions at some lengths alone and none after the last: of
random codewords the decoder takes the first whose information density, a random walk, is above a threshold
when it looks; feedback only tells the transmitter to stop.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .binary_input import term
from .numerics.laplace import log_expectation
from .numerics.logs import LN2, log_less_one, minimum

#: Thresholds that are tried, in nats above the information sent, and how closely the best is looked for.
LEAST_ABOVE, MOST_ABOVE, CLOSE = -3.0, 30.0, 0.2


@dataclass(frozen=True)
class StopFeedback:
    """What some code reaches.

    Attributes
    ----------
    throughput
        Information bits delivered a channel use, at least.
    uses
        Channel uses a frame, at most.
    lost
        The probability that a frame is not delivered, at most.
    """

    throughput: float
    uses: float
    lost: float


def stop_feedback(ends: Sequence[int], bits: float, esno: float) -> StopFeedback:
    """The best throughput over thresholds, of a code of so many information bits.

    With S_n the information density of what was sent and what was received in n uses, P the probabilities of
    what was sent, and g the threshold, at most n_1 + sum (n_{j+1} - n_j) P[S_{n_j} < g] uses are needed on
    average. A frame is lost with a probability of at most P[S_{n_m} < g] + (M - 1) E, where E bounds the
    probability that another codeword is above the threshold when the decoder looks: exp(-g), and the sum of
    E[exp(-S_{n_j}); S_{n_j} >= g] over j. A throughput that is reached on average over codes is reached by
    one of them.

    Parameters
    ----------
    ends
        n_1 < n_2 < ... < n_m: the uses after which the decoder looks.
    bits
        log2 M, above 0.
    esno
        Es/N0, a ratio, between -40 and 20 dB.

    Raises
    ------
    ValueError
        If the lengths do not increase, or a number is out of its range.

    Examples
    --------
    >>> found = stop_feedback([300, 450, 600, 750], 200, 1.0)
    >>> 0.55 < found.throughput < 0.7  # the capacity is 0.72
    True
    """
    if not ends or ends[0] < 1 or any(later <= end for end, later in pairwise(ends)):
        raise ValueError(f"ends must be whole numbers that increase, from 1 on, got {list(ends)}")
    if not bits > 0:
        raise ValueError(f"bits must be above 0, got {bits}")
    term(esno)
    best = minimum(lambda above: -_at(ends, bits, esno, above).throughput, LEAST_ABOVE, MOST_ABOVE, CLOSE)
    return _at(ends, bits, esno, best)


def _at(ends: Sequence[int], bits: float, esno: float, above: float) -> StopFeedback:
    """The same with a threshold so many nats above the information."""
    threshold = bits * LN2 + above
    one = term(esno)
    later: list[float] = []  # P[S < g] at each end
    another = 0.0
    for n in ends:
        if threshold >= n * LN2:  # no walk of n steps comes so high
            later.append(1.0)
            continue
        saddle = one.saddle_point(threshold / n)
        later.append(min(math.exp(min(log_expectation("below", one, n, threshold, saddle), 0.0)), 1.0))
        tilted = log_expectation("tilted", one, n, threshold, saddle)
        another += math.exp(tilted + log_less_one(bits) - threshold)
    lost = min(later[-1] + min(another, math.exp(log_less_one(bits) - threshold)), 1.0)
    steps = [end - before for before, end in zip([0, *ends], ends, strict=False)]
    uses = sum(step * waits for step, waits in zip(steps, [1.0, *later], strict=False))
    return StopFeedback(bits * (1 - lost) / uses, uses, lost)
