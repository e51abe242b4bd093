"""No code at all: the reference that every coding gain is measured against."""

import math
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ...vectors.batches import one_or_all
from ...vectors.groups import Words
from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..code import Bits, Code, check_array
from ..examples import Examples
from ..linear import LinearCode, read_only


class UncodedCode(LinearCode):
    """k bits sent as they are: n = k, rate 1.

    Parameters
    ----------
    k
        Bits a frame, at least 1.

    Raises
    ------
    ValueError
        If k is below 1.
    """

    default_decoder = "hard"
    examples: ClassVar[Examples] = ({"k": 7}, {"k": 1})

    def __init__(self, *, k: int) -> None:
        # No matrices are made before they are asked for: k may be large.
        k = whole_number(k, "k")
        Code.__init__(self, n=k, k=k)
        self._information_set = np.arange(self.k)

    @cached_property
    def generator_matrix(self) -> Bits:
        """The identity, uint8 (k, k). Raises ValueError if it would have over 2^30 entries."""
        gf2.check_size((self.k, self.k), "the generator matrix")
        return read_only(np.eye(self.k, dtype=np.uint8))

    @property
    def systematic(self) -> bool:
        """True."""
        return True

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """No rows: uint8 (0, k)."""
        return read_only(np.zeros((0, self.k), np.uint8))

    def known_information_weights(self) -> list[int]:
        """h C(n, h) for weight h."""
        return [h * math.comb(self.n, h) for h in range(self.n + 1)]

    def encode(self, bits: Any) -> Bits:
        """The bits themselves, uint8 (frames, k): an array of uint8 that was given, not a copy."""
        return one_or_all(bits, self.check_bits(bits, self.k))

    def encode_words(self, words: Words) -> Words:
        """The words themselves, uint64 (groups, k): the array that was given, not a copy."""
        check_array(words, np.uint64, "groups", self.k, "words")
        return words
