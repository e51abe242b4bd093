"""Polar codes.

E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
binary-input memoryless channels", 2009; systematic ones: "Systematic polar coding", 2011. Several kernels:
F. Gabry, V. Bioglio, I. Land and J.-C. Belfiore, "Multi-kernel construction of polar codes", 2017.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.batches import one_or_all
from ...vectors.groups import Words, packed, unpacked
from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..bit_channels import BitChannels
from ..code import Bits, Code, check_array, check_length
from ..encoded import EncodedLinearCode
from ..linear import LowWeights
from .automorphisms import block_sizes, drawn_affine_maps
from .construction.polarization import bit_channels
from .pretransform import Pretransform
from .transform_kernels import encode, information, solve
from .weights.list_search import LONGEST, PATHS, light_words
from .weights.minimum_weight import (
    is_decreasing,
    minimum_distance,
    minimum_weight_words,
    orbit_size,
    sampled_words,
    words_in_orbits,
)

#: Sizes of kernels: 2 is Arikan's; 3 has the rows 111, 101, 011.
KERNELS = (2, 3)
#: Positions of all words that are looked at for those of least weight: a second.
MOST_IN_ORBITS = 1 << 26
#: How many ranges of frozen positions are written out.
MOST_RANGES = 24


class PolarCode(EncodedLinearCode):
    """A polar code: x = u G, where G is the Kronecker product of small kernels and u is partly frozen.

    Positions are counted in natural order: without reversal of bits. u_0 is decided first.

    Parameters
    ----------
    information
        The positions of u that hold information bits, each once, in the order of the message's bits. The
        others are frozen: 0, or what ``pretransform`` makes of earlier bits.
    n
        Length, a power of two; with ``kernels`` left out.
    kernels
        Sizes of the kernels, 2 or 3, the first nearest to the channel; n is their product.
    systematic
        Whether the message stands in the codeword, at the places ``information``, in the place of u.
    pretransform
        Dynamic frozen bits, and sums at information positions (PAC codes); None for none.
    origin
        What is known of the choice of positions, by names in words, for ``capgap info``.
    design
        For a code that depends on the operating point: the code there, of the point.

    Raises
    ------
    ValueError
        If n is no power of two, a kernel is neither 2 nor 3, a position is outside the code or named twice,
        or a systematic code has a pretransform or kernels other than 2.

    Examples
    --------
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> code.encode([1, 0, 0, 0])
    array([1, 1, 1, 1, 0, 0, 0, 0], dtype=uint8)
    """

    default_decoder = "sc"

    def __init__(
        self,
        *,
        information: Sequence[int] | gf2.Indices,
        n: int | None = None,
        kernels: Sequence[int] | None = None,
        systematic: bool = False,
        pretransform: Pretransform | None = None,
        origin: Mapping[str, Any] | None = None,
        design: Callable[[Any], "PolarCode"] | None = None,
    ) -> None:
        self.kernels = kernels_of(n, kernels)
        length = math.prod(self.kernels)
        positions = np.array(information, np.int64).reshape(-1)
        if len(positions) == 0:
            raise ValueError("information must name a position at least")
        if len(np.unique(positions)) < len(positions):
            raise ValueError("information must name each position once")
        if positions.min() < 0 or positions.max() >= length:
            wrong = positions.min() if positions.min() < 0 else positions.max()
            raise ValueError(f"information must lie in 0 to {length - 1}, got {wrong}")
        if systematic and pretransform is not None:
            raise ValueError("systematic belongs to codes whose frozen bits are 0: leave it out")
        if systematic and set(self.kernels) - {2}:
            raise ValueError("systematic belongs to kernels of size 2: leave it out")
        if pretransform is not None and pretransform.n != length:
            raise ValueError(f"pretransform has length {pretransform.n}, and the code {length}")
        super().__init__(n=length, k=len(positions))
        positions.flags.writeable = False
        #: int64 (k): the position of each information bit.
        self.information: gf2.Indices = positions
        self.pretransform = pretransform
        self.origin: Mapping[str, Any] = dict(origin or {})
        self._design = design
        self._systematic = systematic
        self._kernels = np.array(self.kernels, np.int64)

    @cached_property
    def frozen(self) -> npt.NDArray[np.bool_]:
        """bool (n): which positions of u hold no information bit."""
        frozen = np.ones(self.n, np.bool_)
        frozen[self.information] = False
        frozen.flags.writeable = False
        return frozen

    @property
    def binary_kernels(self) -> bool:
        """Whether all kernels are Arikan's, of size 2."""
        return set(self.kernels) <= {2}

    @property
    def systematic(self) -> bool:
        """Whether the bits at ``information`` of codewords are the information bits."""
        return self._systematic

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword."""
        # G restricted to rows and columns of the same positions is triangular with ones on its diagonal.
        return self.information if self.binary_kernels else super().information_set

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        x = np.empty((len(words), self.n), np.uint64)
        if self._systematic and not self._is_closed:
            x[:] = 0
            x[:, self.information] = words
            solve(x, ~self.frozen)
            return x
        encode(words, self.information, *self._later_first, self._kernels, self._kept, x)
        return x

    def information_words(self, words: Words) -> Words:
        """The information bits of codewords: uint64 (groups, k) from uint64 (groups, n)."""
        check_array(words, np.uint64, "groups", self.n, "words")
        if self._systematic:
            return np.take(words, self.information, axis=1)
        bits = np.empty((len(words), self.k), np.uint64)
        information(words, self.information, *self._terms, self._kernels, bits)
        return bits

    @cached_property
    def _terms(self) -> tuple[gf2.Indices, gf2.Indices]:
        """Sources and targets of the pretransform."""
        if self.pretransform is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return self.pretransform.sources, self.pretransform.targets

    @cached_property
    def _later_first(self) -> tuple[gf2.Indices, gf2.Indices]:
        """The same in the order of encoding, later sums first: what they add is still v."""
        sources, targets = self._terms
        return sources[::-1].copy(), targets[::-1].copy()

    @cached_property
    def _kept(self) -> Words:
        """All bits set at positions of codewords that hold the message, uint64 (n); none if they do not."""
        if not self._systematic:
            return np.zeros(0, np.uint64)
        return np.where(self.frozen, np.uint64(0), ~np.uint64(0))

    @cached_property
    def _is_closed(self) -> bool:
        """Whether a position that has all binary ones of an information position is one.

        Then two transforms make systematic words: G. Sarkis, I. Tal, P. Giard, A. Vardy, C. Thibeault and W.
        J. Gross, "Flexible and low-complexity encoding and decoding of systematic polar codes", 2016.
        """
        halves = [self.frozen.reshape(-1, 2, 1 << level) for level in range(len(self.kernels))]
        return not any((pair[:, 1] & ~pair[:, 0]).any() for pair in halves)

    @cached_property
    def exchangeable(self) -> tuple[int, ...] | None:
        """Sizes of the blocks of variables that can be exchanged (``automorphisms.block_sizes``).

        None unless it is a decreasing monomial code.
        """
        plain = self.binary_kernels and self.pretransform is None and self.n > 1
        if not plain or not is_decreasing(self.information, self.n):
            return None
        return block_sizes(self.information, self.n)

    def automorphisms(self, count: int, seed: int) -> gf2.Indices | None:
        """Affine ones of decreasing monomial codes: see ``automorphisms.drawn_affine_maps``."""
        return None if self.exchangeable is None else drawn_affine_maps(self.exchangeable, count, seed)

    def information_bits(self, word: Any) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``."""
        batch = self.check_bits(word, self.n, "word")
        return one_or_all(word, unpacked(self.information_words(packed(batch)), len(batch)))

    def at(self, point: Any) -> Code:
        """The code at an operating point."""
        return self if self._design is None else self._design(point)

    def bit_channels(self, channel: Any) -> BitChannels:
        """Those of u, which frozen bits and a pretransform leave as they are."""
        return bit_channels(self.kernels, channel)

    @property
    def _monomial(self) -> bool:
        """Whether rows are monomials and frozen bits 0: then the rows' weights say the distance."""
        return self.binary_kernels and self.pretransform is None

    def minimum_distance(self) -> int:
        """The least weight of a codeword other than zero; raises ValueError if it takes too long to find."""
        return minimum_distance(self.information, self.n) if self._monomial else super().minimum_distance()

    def low_weights(self) -> LowWeights | None:
        """The words of least weight, as far as they are found; None if none are."""
        found = self._lightest
        if found is None:
            return None
        weight, count, ones, _ = found
        if count >= PATHS - 1 and not self._monomial:
            return None  # the list is full: there may be any number
        return LowWeights((weight,), (float(count),), (count * ones,))

    @cached_property
    def _lightest(self) -> tuple[int, int, float, str] | None:
        """The least weight, how many words have it, the mean of their messages' ones, and the method."""
        at, n = self.information, self.n
        if self._monomial and is_decreasing(at, n):
            words, count = sampled_words(at, n), minimum_weight_words(at, n)
            method = "by the formula of decreasing monomial codes"
        elif self._monomial and orbit_size(at, n) * n <= MOST_IN_ORBITS:
            words = words_in_orbits(at, n)
            count, method = len(words), "among those of the rows of least weight"
        elif self.binary_kernels and n <= LONGEST:
            words = light_words(at, self.pretransform, n)
            count, method = len(words), f"by a list of {PATHS} paths: at least so many"
        else:
            return None
        if count == 0:
            return None
        return int(words[0].sum()), count, float(self.information_bits(words).sum(1).mean()), method

    def info(self) -> Mapping[str, Any]:
        """Where the information positions come from, and the words of least weight if they are found."""
        found = dict(self.origin)
        if self.frozen.any():
            found["frozen positions"] = _ranges(np.flatnonzero(self.frozen))
        if self._lightest is not None:
            weight, count, _, method = self._lightest
            found |= {"least weight": weight, "codewords of least weight": count, "counted": method}
        elif self._monomial:
            found["least weight"] = self.minimum_distance()
        return found


def _ranges(positions: gf2.Indices) -> str:
    """Positions in words, such as "0-2, 4"; the beginning of many."""
    starts = np.flatnonzero(np.diff(positions, prepend=-2) > 1)
    parts = []
    for first, last in zip(starts, [*starts[1:], len(positions)], strict=True):
        a, b = int(positions[first]), int(positions[last - 1])
        parts.append(f"{a}" if a == b else f"{a}-{b}")
    return ", ".join(parts[:MOST_RANGES]) + (", ..." if len(parts) > MOST_RANGES else "")


def kernels_of(n: int | None, kernels: Sequence[int] | None) -> tuple[int, ...]:
    """The kernels of a code, the first nearest to the channel, of its length or as they are given.

    Raises ValueError if n is no power of two, or not their product, or a kernel is neither 2 nor 3.
    """
    if n is None and kernels is None:
        raise ValueError("n is missing")
    if kernels is None:
        assert n is not None
        n = whole_number(n, "n")
        if n < 2 or n & (n - 1):
            raise ValueError(
                f"n must be a power of two from 2 on, got {n}; other lengths take matching, such as "
                "{shorten: bit-reversed}, or kernels"
            )
        check_length(n)
        return (2,) * (n.bit_length() - 1)
    found = tuple(whole_number(size, "kernels") for size in kernels)
    if not found or any(size not in KERNELS for size in found):
        raise ValueError(f"kernels must each be 2 or 3, got {list(kernels)}")
    length = math.prod(found)
    check_length(length)
    if n is not None and n != length:
        raise ValueError(f"n must be {length}, the product of the kernels, got {n}")
    return found
