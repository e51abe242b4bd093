"""Reed-Muller's choice: rows of the largest weight. I. S. Reed and D. E. Muller, 1954."""

import numpy as np
import numpy.typing as npt


def row_weights(n: int) -> npt.NDArray[np.int64]:
    """The weight of each row of the polar transform, 2 to the number of ones in its number: int64 (n)."""
    weights = np.ones(1, np.int64)
    while len(weights) < n:
        weights = np.concatenate([weights, 2 * weights])
    return weights
