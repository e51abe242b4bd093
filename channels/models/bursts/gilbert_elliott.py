"""The channel of Gilbert and Elliott: a good and a bad state, between which a Markov chain goes to and fro.

E. N. Gilbert, "Capacity of a burst-noise channel", 1960; E. O. Elliott, "Estimates of error rates for codes
on burst-noise channels", 1963; M. Mushkin and I. Bar-David, "Capacity and coding for the Gilbert-Elliott
channels", 1989.
"""

import math
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.groups import SOFT, GroupInput, Reads, Words
from ...elementwise import as_number
from ...numerics import binary_entropy, bsc_capacity
from ...parameter import F, Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Channel, Examples, of_hard_values
from .two_states import TwoStates, checked_burst_length

Floats = npt.NDArray[np.float64]
#: The nearest to 0 and 1 that the probability of the bad state is taken to come.
NEAREST = 1e-15


class GilbertElliott(Channel):
    """Gilbert-Elliott channel: errors in bursts, in a bad state that lasts for a geometric number of bits.

    The state of the first bit of a frame has the stationary law. The mean error rate f says how often the
    state is bad: its share is (f - good) / (bad - good).

    Parameters
    ----------
    f
        Mean probability that a bit is flipped, between ``good`` and ``bad``, at most 1/2.
    burst_length
        Mean number of bits of a stay in the bad state, from 1 to 10^4.
    bad, good
        Probabilities that a bit is flipped in each state, in [0, 1/2]; ``bad`` is the larger one.
    csi
        ``none``: the receiver knows the law alone, so that all LLRs are ln((1 - f) / f) in size;
        ``perfect``: it knows the state of each bit.

    Raises
    ------
    ValueError
        If one is outside its range, or bad states are so frequent that stays in the good one end below 1 bit.

    Examples
    --------
    >>> round(GilbertElliott(f=0.05, burst_length=1000, bad=0.5, csi="perfect").capacity(), 4)
    0.9
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (F,)
    memoryless: ClassVar[bool] = False
    examples: ClassVar[Examples] = (
        {"f": 0.05, "burst_length": 10.0},
        {"f": 0.1, "burst_length": 4.0, "bad": 0.3, "good": 0.02, "csi": "perfect"},
    )

    def __init__(
        self,
        *,
        f: float,
        burst_length: float,
        bad: float = 0.5,
        good: float = 0.0,
        csi: Literal["perfect", "none"] = "none",
    ) -> None:
        f, burst_length = as_number(f, "f"), checked_burst_length(burst_length)
        bad, good = as_number(bad, "bad"), as_number(good, "good")
        if not 0 < bad <= 0.5:
            raise ValueError(f"bad must lie in (0, 1/2], got {bad:g}")
        if not 0 <= good < bad:
            raise ValueError(f"good must lie in [0, bad), with bad = {bad:g}, got {good:g}")
        most = (bad * burst_length + good) / (burst_length + 1)
        if not good <= f <= most:
            raise ValueError(
                f"f, the mean error rate, must lie in [{good:g}, {most:.6g}], from good to where the good "
                f"state lasts for 1 bit, got {f:g}"
            )
        if csi not in ("perfect", "none"):
            raise ValueError(f"csi must be perfect or none, got {csi!r}")
        self._f, self._bad, self._good, self._csi = f, bad, good, csi
        self._states = TwoStates((f - good) / (bad - good), burst_length)

    @property
    def f(self) -> float:
        """Mean error rate."""
        return self._f

    @property
    def burst_length(self) -> float:
        """Mean number of bits of a stay in the bad state."""
        return self._states.burst_length

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """States first, and then the errors in the bad and in the good state."""
        self.check_words(words, stream)
        n = words.shape[1]
        states = self._states.draw(n, stream)
        in_bad, in_good = (stream.bernoulli_words(n, p) for p in (self._bad, self._good))
        received = words ^ ((states & in_bad) | (~states & in_good))
        if self._csi == "none":
            return of_hard_values(received, None, stream.frames, reads, _llrs(self._f))
        signs = GroupInput(stream.frames, hard=received).lanes()
        is_good = GroupInput(stream.frames, hard=states).lanes() > 0
        sizes = np.where(is_good, np.float32(_llrs(self._good)[0]), np.float32(_llrs(self._bad)[0]))
        return GroupInput.of_lanes(signs * sizes, reads)

    def capacity(self) -> float:
        """1 less the entropy rate of the errors; with known states the mean of both states' capacities."""
        if self._csi == "perfect":
            share = self._states.share
            return share * bsc_capacity(self._bad) + (1 - share) * bsc_capacity(self._good)
        return 1 - self._entropy_rate()

    def modulated_ber(self) -> float:
        """f itself."""
        return self._f

    def _entropy_rate(self) -> float:
        """In bits, by the recursion of Mushkin and Bar-David, section III.

        With b the probability of the bad state given all errors before, the next bit is in error with
        q(b) = b bad + (1 - b) good, and either outcome leads to another b. The rate is the mean of the
        entropy of q over the stationary law of b. Functions of b are interpolated by polynomials in
        ln(b / (1 - b)), in which they are analytic within pi of the real axis. The error is below 1e-8.
        """
        enter, leave, share = self._states.enter, self._states.leave, self._states.share
        ends = sorted((enter, 1 - leave))
        low, high = (_logit(min(max(end, NEAREST), 1 - NEAREST)) for end in ends)
        if share in (0, 1) or high - low < 1e-12:  # the next state does not depend on this one
            return float(binary_entropy(self._f))
        half = (high - low) / 2
        size = 24 + math.ceil(10 * half)
        angle = (np.arange(size) + 0.5) * math.pi / size
        nodes = np.cos(angle)
        b = _logistic((low + high) / 2 + half * nodes)
        q = b * self._bad + (1 - b) * self._good
        step = np.zeros((size, size))
        for chance, of_bad in ((q, self._bad), (1 - q, 1 - self._bad)):
            after = enter + (1 - enter - leave) * b * of_bad / chance
            to = (_logit(np.clip(after, NEAREST, 1 - NEAREST)) - (low + high) / 2) / half
            step += chance[:, None] * _interpolation(nodes, angle, np.clip(to, -1, 1))
        # The stationary law of b as a functional on values at the nodes: step keeps it, and 1 has the mean 1.
        kept = step.T - np.eye(size)
        kept[-1] = 1
        law = np.linalg.solve(kept, np.eye(size)[-1])
        return float(law @ binary_entropy(q))

    def __repr__(self) -> str:
        return (
            f"GilbertElliott(f={self._f!r}, burst_length={self.burst_length!r}, bad={self._bad!r}, "
            f"good={self._good!r}, csi={self._csi!r})"
        )


def _llrs(f: float) -> tuple[float, float]:
    """LLRs of a 0 and of a 1 received over a BSC."""
    size = min(math.log1p(-f) - math.log(f), LLR_MAX) if f > 0 else LLR_MAX
    return size, -size


def _logit(p: Any) -> Any:
    return np.log(p) - np.log1p(-p)


def _logistic(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _interpolation(nodes: Floats, angle: Floats, to: Floats) -> Floats:
    """From values at Chebyshev nodes, cos(angle), to those at ``to``: the barycentric formula."""
    weights = np.sin(angle) * (-1.0) ** np.arange(len(nodes))
    apart = to[:, None] - nodes
    same = apart == 0
    terms = np.where(same.any(1)[:, None], same, weights / np.where(same, 1, apart))
    return np.asarray(terms / terms.sum(1)[:, None])
