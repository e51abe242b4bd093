"""Successive cancellation by plain recursion down to single bits, over frames, in NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import PolarCode
from capgap.codes.polar.decoding.preferred import preferred_bits

Values = npt.NDArray[Any]
BoxPlus = Callable[[Values, Values], Values]


def with_sign(size: Values, a: Values, b: Values) -> Values:
    """A magnitude with the product of the signs."""
    signed: Values = np.sign(a) * np.sign(b) * size
    return signed


def exact(a: Values, b: Values) -> Values:
    """2 artanh(tanh(a / 2) tanh(b / 2)) of float64."""
    low, high = np.minimum(abs(a), abs(b)), np.maximum(abs(a), abs(b))
    far = low + np.log1p(np.exp(-low - high)) - np.log1p(np.exp(low - high))
    near = 2 * np.arctanh(np.tanh(np.minimum(low, 1) / 2) * np.tanh(np.minimum(high, 30) / 2))
    size: Values = np.where(low < 1, near, far)
    return with_sign(size, a, b)


def min_sum(a: Values, b: Values) -> Values:
    """The least magnitude, with the product of the signs."""
    return with_sign(np.minimum(abs(a), abs(b)), a, b)


def min_sum_int8(a: Values, b: Values) -> Values:
    """Min-sum of int16 in the range of int8."""
    total: Values = np.clip(min_sum(a, b), -128, 127)
    return total


def decoded(code: PolarCode, llr: Values, box_plus: BoxPlus) -> npt.NDArray[np.uint8]:
    """The codewords that are decided, (frames, n), of LLRs: int16 in the range of int8, or floats."""
    return _Recursion(code, box_plus).decide(llr, 0, 0)


def watched(
    code: PolarCode, llr: Values, box_plus: BoxPlus, flip: int | None = None
) -> tuple[npt.NDArray[np.uint8], Values]:
    """The codeword of one frame, with the decision at a position flipped, and the magnitudes of all LLRs of u."""
    recursion = _Recursion(code, box_plus, flip)
    word = recursion.decide(llr, 0, 0)
    return word, np.array([recursion.sizes[i][0] for i in range(code.n)])


class _Recursion:
    def __init__(self, code: PolarCode, box_plus: BoxPlus, flip: int | None = None) -> None:
        self.code, self.box_plus, self.flip = code, box_plus, flip
        self.sizes: dict[int, Values] = {}
        self.ties = preferred_bits(code)
        self.v: dict[int, Values] = {}
        pretransform = code.pretransform
        self.terms: dict[int, list[int]] = {i: [] for i in range(code.n)}
        if pretransform is not None:
            for i, j in zip(pretransform.targets.tolist(), pretransform.sources.tolist(), strict=True):
                self.terms[i].append(j)

    def sum_of(self, a: Values, b: Values, bit: Values) -> Values:
        total = b + np.where(bit == 1, -a, a)
        return np.clip(total, -128, 127) if a.dtype == np.int16 else total

    def decide(self, llr: Values, first: int, level: int) -> npt.NDArray[np.uint8]:
        """The word of a node, from its LLRs (frames, m)."""
        frames, m = llr.shape
        if m == 1:
            earlier = np.zeros(frames, np.uint8)
            for j in self.terms[first]:
                earlier ^= self.v[j]
            self.sizes[first] = abs(llr[:, 0])
            decided = (llr[:, 0] < 0) | ((llr[:, 0] == 0) & (self.ties[first] == 1))
            decided ^= first == self.flip
            u = earlier if self.code.frozen[first] else decided.astype(np.uint8)
            self.v[first] = u ^ earlier
            return u[:, None]
        kernel = self.code.kernels[level]
        h = m // kernel
        parts = [llr[:, i * h : (i + 1) * h] for i in range(kernel)]
        if kernel == 2:
            a, b = parts
            left = self.decide(self.box_plus(a, b), first, level + 1)
            right = self.decide(self.sum_of(a, b, left), first + h, level + 1)
            return np.hstack([left ^ right, right])
        a, b, c = parts
        x = self.decide(self.box_plus(self.box_plus(a, b), c), first, level + 1)
        y = self.decide(self.sum_of(a, self.box_plus(b, c), x), first + h, level + 1)
        signed = self.sum_of(b, np.zeros_like(b), x)
        z = self.decide(self.sum_of(c, signed, x ^ y), first + 2 * h, level + 1)
        return np.hstack([x ^ y, x ^ z, x ^ y ^ z])
