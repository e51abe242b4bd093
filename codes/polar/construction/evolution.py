"""Density evolution along the polar transform: from the channel's bits to the bit channels.

E. Arikan, "Channel polarization", 2009; kernels of size 3: F. Gabry, V. Bioglio, I. Land and J.-C. Belfiore,
"Multi-kernel construction of polar codes", 2017.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
#: What follows for a bit from two others.
Rule = Callable[[Values, Values], Values]


def evolve(values: Values, kernels: Sequence[int], check: Rule, both: Rule) -> Values:
    """What is known of each bit of u, given those before it, in natural order.

    Parameters
    ----------
    values
        What is known of the coded bits: float64 (..., n), or (..., 1) if it is the same of all.
    kernels
        Sizes of the kernels, 2 or 3, the first nearest to the channel.
    check
        What is known of a sum of two bits.
    both
        What is known of a bit that was received twice.

    Returns
    -------
    float64 (..., n).
    """
    found = values[..., None, :]
    for size in kernels:
        parts = [found] * size if found.shape[-1] == 1 else np.split(found, size, axis=-1)
        if size == 2:
            a, b = parts
            after = [check(a, b), both(a, b)]
        else:
            a, b, c = parts
            after = [check(check(a, b), c), both(a, check(b, c)), both(b, c)]
        length = after[0].shape[-1]
        found = np.stack(after, axis=-2).reshape(*values.shape[:-1], -1, length)
    return found[..., 0]
