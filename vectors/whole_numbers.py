"""What counts as a whole number, wherever one is asked for: 3, numpy.int64(3), 3.0 and 1e6, but not 1.5."""

from typing import Any

import numpy as np


def whole_number(value: Any, name: str) -> int:
    """``value`` as an int; raises ValueError, naming it, unless it is a whole number.

    A Python or NumPy number without a fraction, or a NumPy array of shape () that holds one. True and False
    are no numbers.
    """
    given = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
    if isinstance(given, float | np.floating) and float(given).is_integer():
        return int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    return int(given)
