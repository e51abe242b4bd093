"""What a construction makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import scipy.sparse


@dataclass(frozen=True, eq=False)
class Made:
    """A parity-check matrix, and what is known of it.

    Attributes
    ----------
    matrix
        uint8 sparse of shape (checks, variables).
    lifting_size
        Of a quasi-cyclic matrix, the size of its circulants.
    punctured
        Columns that are not sent.
    facts
        What ``capgap info`` tells besides, by names in words.
    """

    matrix: scipy.sparse.csr_array
    lifting_size: int | None = None
    punctured: tuple[int, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
