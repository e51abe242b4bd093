"""Serial concatenation: the words of one code, interleaved, are the messages of another.

G. D. Forney, "Concatenated Codes", 1966; S. Benedetto, D. Divsalar, G. Montorsi and F. Pollara, "Serial
concatenation of interleaved codes: performance analysis, design, and iterative decoding", 1998.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ...vectors.groups import Words
from ..binary import gf2
from ..code import Code, check_array
from ..convolutional.encoding.circuit import Numbers, read_only_numbers
from ..encoded import EncodedLinearCode
from ..examples import with_examples
from ..linear import LinearCode
from .interleavers import interleaver_of, permutation, spread

#: Largest k with maximum likelihood decoding by default.
SMALL = 12


class ConcatenatedCode(EncodedLinearCode):
    """Two linear codes in series: bit i of the inner code's message is bit ``interleaver[i]`` of the outer
    code's word.

    Parameters
    ----------
    outer
        The code that encodes first.
    inner
        The code that encodes its words: its k is the outer code's n.
    interleaver
        A permutation of the outer code's coded bits; by default none, each stays where it is.

    Attributes
    ----------
    outer, inner : LinearCode
        As given.
    interleaver : int32 (outer.n)
        As given.

    Raises
    ------
    ValueError
        If a code is not linear, the inner code's k is not the outer code's n, or the interleaver is no
        permutation.

    Examples
    --------
    >>> from capgap.codes import HammingCode, SingleParityCheckCode
    >>> ConcatenatedCode(SingleParityCheckCode(n=4), HammingCode(r=3), [2, 0, 3, 1])
    ConcatenatedCode(SingleParityCheckCode(n=4, k=3), HammingCode(n=7, k=4), n=7, k=3)
    """

    def __init__(self, outer: Code, inner: Code, interleaver: Any = None) -> None:
        if not isinstance(outer, LinearCode):
            raise ValueError(f"outer must be a linear code, got {outer!r}")
        if not isinstance(inner, LinearCode):
            raise ValueError(f"inner must be a linear code, got {inner!r}")
        if inner.k != outer.n:
            raise ValueError(
                f"inner must have as many information bits as the outer code has coded bits, {outer.n}, got "
                f"{inner.k}"
            )
        self.outer, self.inner = outer, inner
        stay = read_only_numbers(np.arange(outer.n))
        self.interleaver: Numbers = stay if interleaver is None else permutation(interleaver, outer.n)
        super().__init__(n=inner.n, k=outer.k)
        self.default_decoder = "ml" if self.k <= SMALL else "serial"

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        between = np.take(self.outer.encode_words(words), self.interleaver, axis=1)
        return self.inner.encode_words(between)

    def at(self, point: Any) -> Code:
        """The concatenation of the codes at an operating point."""
        outer, inner = self.outer.at(point), self.inner.at(point)
        if outer is self.outer and inner is self.inner:
            return self
        return ConcatenatedCode(outer, inner, self.interleaver)

    @property
    def systematic(self) -> bool:
        """Whether it sends its information bits."""
        return (self.outer.systematic and self.inner.systematic) or super().systematic

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        if not (self.outer.systematic and self.inner.systematic):
            return super().information_set
        behind = np.argsort(self.interleaver)
        return self.inner.information_set[behind[self.outer.information_set]]

    def info(self) -> Mapping[str, Any]:
        """The two codes, the interleaver with its spread, and what is known of each code."""
        count = len(self.interleaver)
        stays = np.array_equal(self.interleaver, np.arange(count))
        made: dict[str, Any] = {
            "outer code": repr(self.outer),
            "inner code": repr(self.inner),
            "interleaver": "none" if stays else f"{count} bits, spread {spread(self.interleaver)}",
        }
        for which, code in (("outer", self.outer), ("inner", self.inner)):
            made |= {f"{which} {name}": value for name, value in code.info().items()}
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.outer!r}, {self.inner!r}, n={self.n}, k={self.k})"


def codes_in_series(code: Code) -> Mapping[str, Code]:
    """The two codes by name; nothing of a code that is not two in series."""
    return {"outer": code.outer, "inner": code.inner} if isinstance(code, ConcatenatedCode) else {}


def not_in_series(name: str, code: Code) -> str | None:
    """Why the decoder of a name does not take a code that is not two in series; None for one that is."""
    if isinstance(code, ConcatenatedCode):
        return None
    return f"{name} decodes two codes in series, concatenated, not {code!r}"


@with_examples(
    {"outer": {"type": "spc", "n": 4}, "inner": {"type": "hamming", "r": 3}},
    {
        "outer": {"type": "convolutional", "generators": [5, 7], "k": 4},
        "inner": {"type": "convolutional", "generators": [7], "feedback": 5, "k": 12},
        "interleaver": {"type": "s-random", "s": 2, "seed": 1},
    },
)
def concatenated(
    *,
    outer: Code,
    inner: Code,
    interleaver: Literal["random", "none"] | list[int] | dict[str, Any] | Path = "random",
) -> ConcatenatedCode:
    """Two linear codes in series: the words of ``outer``, interleaved, are the messages of ``inner``.

    The k of ``inner`` is the n of ``outer``. ``interleaver`` is random, none, a list of numbers, a text file
    of them, or a construction as for turbo codes.
    """
    if interleaver == "none":
        return ConcatenatedCode(outer, inner)
    return ConcatenatedCode(outer, inner, interleaver_of(interleaver, outer.n))
