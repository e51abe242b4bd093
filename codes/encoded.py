"""Linear codes that are known by their encoder."""

from functools import cached_property

import numpy as np

from .binary import gf2
from .code import Bits, Code
from .linear import LinearCode, read_only


class EncodedLinearCode(LinearCode):
    """A linear code of which the encoder is known: matrices are made where somebody asks for them.

    A code of your own derives from this class, calls ``super().__init__(n=..., k=...)`` and defines
    ``encode_words``, or ``encode``; and ``information_set`` and ``systematic``, if it sends its information
    bits.

    Parameters
    ----------
    n, k
        As for ``Code``.
    """

    def __init__(self, *, n: int, k: int) -> None:
        Code.__init__(self, n=n, k=k)

    @cached_property
    def generator_matrix(self) -> Bits:
        """uint8 (k, n), of full rank: the codeword of u is u G.

        Raises ValueError if it would have over 2^30 entries.
        """
        gf2.check_size((self.k, self.n), "the generator matrix")
        return read_only(np.ascontiguousarray(self.encode(np.eye(self.k, dtype=np.uint8))))

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic.

        Raises ValueError if there are none, since two messages have the same codeword.
        """
        found = gf2.row_reduce(self.generator_matrix)[1]
        if len(found) < self.k:
            raise ValueError(f"two messages of {self!r} have the same codeword")
        return found
