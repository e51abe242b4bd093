"""Dynamic frozen bits: what stands before the polar transform.

P. Trifonov and V. Miloslavskaya, "Polar subcodes", 2016; E. Arikan, "From sequential decoding to channel
polarization and back again", 2019; B. Li, H. Zhang and J. Gu, "On pre-transformed polar codes", 2019.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..binary.gf2 import Indices


class Pretransform:
    """u = v T with T upper triangular and ones on its diagonal: u_i is v_i plus a sum of earlier v_j.

    v has the message at the information positions and 0 at the frozen ones. A frozen u_i is then a sum of
    earlier information bits, a dynamic frozen bit: parity-check bits, the outputs of PAC codes'
    convolution and the checks of a CRC are of this form.

    Parameters
    ----------
    n
        Length.
    sums
        By position i, which earlier positions j are added to v_i. Positions that are not named have none.

    Raises
    ------
    ValueError
        If a position is outside 0 to n - 1, or adds one that is not earlier, or one twice.

    Examples
    --------
    >>> Pretransform(4, {3: [0, 1]}).terms
    2
    """

    def __init__(self, n: int, sums: Mapping[int, Sequence[int]]) -> None:
        for i, earlier in sums.items():
            if not 0 <= i < n:
                raise ValueError(f"position {i} is outside 0 to {n - 1}")
            if any(not 0 <= j < i for j in earlier) or len(set(earlier)) < len(earlier):
                raise ValueError(f"position {i} must add earlier positions, each once, got {list(earlier)}")
        self.n = n
        order = sorted(i for i in sums if len(sums[i]))
        #: int64 (terms): position ``targets[t]`` adds position ``sources[t]``; targets ascending.
        self.targets: Indices = np.repeat(np.array(order, np.int64), [len(sums[i]) for i in order])
        self.sources: Indices = np.array([j for i in order for j in sums[i]], np.int64)

    @classmethod
    def of_convolution(cls, n: int, polynomial: int) -> "Pretransform":
        """u_i = sum of c_t v_(i - t), where ``polynomial`` has c_0, c_1, ... from its highest bit on.

        Bits as octal generators are read: 0o133 is c = 1, 0, 1, 1, 0, 1, 1. c_0 is 1.
        """
        digits = f"{polynomial:b}"
        delays = [t for t, digit in enumerate(digits) if digit == "1" and t]
        return cls(n, {i: [i - t for t in delays if t <= i] for i in range(1, n)})

    @property
    def terms(self) -> int:
        """How many ones T has beside its diagonal."""
        return len(self.targets)
