"""What bounds need of a code's weights, where there is no list of them: a function, or the lowest ones.

The weight enumerating function A(z) = sum over h of A_h z^h, with A_h codewords of weight h: S. Lin and D. J.
Costello, "Error Control Coding", 2nd edition, 2004, sections 3.3 and 11.3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

#: Of z, float64 (points) in [-1, 1]: A(z) - 1, and the sum over all codewords of w z^h, with w the ones in a
#: codeword's message and h its weight; both float64 (points). Sums beyond 1e150 may be cut off there.
WeightFunction: TypeAlias = Callable[[Values], tuple[Values, Values]]


@dataclass(frozen=True)
class LowWeights:
    """The codewords of least weight, with the ones in their messages, as far as they were looked for.

    Attributes
    ----------
    weights
        Weights, ascending, all above 0.
    codewords
        How many codewords have each weight, or about how many.
    ones
        The ones in their messages together.
    """

    weights: tuple[int, ...]
    codewords: tuple[float, ...]
    ones: tuple[float, ...]
