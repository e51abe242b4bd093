"""Single parity-check codes: n - 1 bits and their sum (MacWilliams and Sloane, 1977, section 1.9)."""

import numpy as np

from .code import check_length
from .linear import LinearCode


class SingleParityCheckCode(LinearCode):
    """All words of even weight: k = n - 1, the last bit is the sum of the others.

    Parameters
    ----------
    n
        Length, at least 2.

    Raises
    ------
    ValueError
        If n is below 2.
    """

    def __init__(self, *, n: int) -> None:
        if n < 2:
            raise ValueError(f"n must be at least 2, got {n}")
        check_length(n)
        super().__init__(parity_check=np.ones((1, n), np.uint8))
