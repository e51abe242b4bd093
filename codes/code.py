"""What every code is: an immutable map from k information bits to n coded bits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..vectors.batches import as_bits, lanes_of, one_or_all
from ..vectors.expected import expect_bits
from ..vectors.group_kernels import GROUP
from ..vectors.groups import Words, packed, unpacked
from ..vectors.whole_numbers import whole_number
from .binary.xor_kernels import all_binary
from .bit_channels import BitChannels
from .examples import Examples

Bits = npt.NDArray[np.uint8]

#: Largest length of a code.
MAX_N = 10_000_000


def check_length(length: int, name: str = "n") -> None:
    """Raise ValueError if a length is above 10 million: a mistyped one should not fill the memory."""
    if length > MAX_N:
        raise ValueError(f"{name} must be at most {MAX_N}, got {length}")


def check_array(values: Any, dtype: type[np.generic], rows: str, length: int, name: str) -> None:
    """Raise ValueError unless ``values`` is an array of this type and of shape (rows, length)."""
    if not isinstance(values, np.ndarray) or values.dtype != dtype or values.ndim != 2:
        raise ValueError(f"{name} must be a {dtype.__name__} array of shape ({rows}, {length})")
    if values.shape[1] != length:
        raise ValueError(f"{name} must have shape ({rows}, {length}), got {values.shape}")


@dataclass(frozen=True, eq=False)
class Redundancy:
    """The redundancy versions of a code: other bits of the same codeword of a mother code.

    Attributes
    ----------
    order
        The versions there are, in the order in which they are sent unless another is asked for.
    make
        Makes the code of the words that these versions send one after the other.
    """

    order: tuple[int, ...]
    make: Callable[[tuple[int, ...]], "Code"]


class Code:
    """A block code. Immutable.

    A code of your own derives from this class, calls ``super().__init__(n=..., k=...)`` and defines one of
    ``encode`` and ``encode_words``, the fast form: the other then goes through it. ``default_decoder`` names
    the decoder used where a configuration names none.

    Parameters
    ----------
    n, k
        Length in coded bits, and number of information bits; 1 <= k, 1 <= n <= 10^7.

    Raises
    ------
    ValueError
        If n or k is no whole number or below 1.
    """

    #: Registered name of the decoder to use where none is asked for.
    default_decoder: str
    #: To be raised when frames of the same configuration change: points simulated before then start anew.
    frames_version: ClassVar[int] = 1
    #: Arguments of the constructor, by name, with which the contract is tested. The first makes a small code,
    #: on which decoders are tried too.
    examples: ClassVar[Examples] = ()
    #: Its redundancy versions, by which it is sent again; None where it has none.
    redundancy: Redundancy | None = None

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        # Whoever defines one form gets the other through it, not the one of a class further up.
        if "encode" in vars(cls) and "encode_words" not in vars(cls):
            cls.encode_words = _words_through_encode(cls)  # type: ignore[assignment, method-assign]
        elif "encode_words" in vars(cls) and "encode" not in vars(cls):
            cls.encode = _encode_through_words(cls)  # type: ignore[assignment, method-assign]

    def __init__(self, *, n: int, k: int) -> None:
        if type(self).encode is Code.encode and type(self).encode_words is Code.encode_words:
            raise TypeError(f"{type(self).__name__} should define encode or encode_words")
        n, k = whole_number(n, "n"), whole_number(k, "k")
        if k < 1 or n < 1:
            raise ValueError(f"n and k must be at least 1, got n = {n}, k = {k}")
        check_length(n)
        self._n, self._k = n, k

    @property
    def n(self) -> int:
        """Length: coded bits a frame."""
        return self._n

    @property
    def k(self) -> int:
        """Dimension: information bits a frame."""
        return self._k

    @property
    def rate(self) -> float:
        """R = k / n."""
        return self._k / self._n

    def encode(self, bits: Any) -> Bits:
        """Codewords of ``bits``, uint8 0/1 of shape (frames, k): uint8 of shape (frames, n).

        The codes of this package take any array or list of 0 and 1, and one word of shape (k), for which
        they return one of shape (n).
        """
        raise NotImplementedError

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k).

        Bit f of word [g, i] is bit i of frame 64 g + f. Raises ValueError for another shape or type.
        """
        raise NotImplementedError

    def info(self) -> Mapping[str, Any]:
        """What is known of the code beside n, k and weights, by names in words, for ``capgap info``.

        A code of your own may define it. Values are text, numbers, true or false, lists of these, or mappings
        to these. It takes a second or two at most.
        """
        return {}

    def searched(self, seconds: float) -> Mapping[str, Any]:
        """What a search finds in as many seconds, by names in words, for ``capgap info --search``.

        A code of your own may define it; values are as those of ``info``.
        """
        return {}

    def at(self, point: Any) -> "Code":
        """The code at an operating point, which has ``value`` and ``channel``: this one, unless it depends on
        it.

        A construction that depends on the channel, as a polar code's may, returns another code with the same
        n and k. The decoder is made for it. It is asked once for each point.
        """
        return self

    def transmissions(self, versions: Sequence[int]) -> "Code":
        """The code of the words that redundancy versions send of one codeword, one after the other.

        It has the same k. Its first bits are those of the code of fewer of these versions, so that what has
        come of them so far is a word of that one.

        Raises
        ------
        ValueError
            If the code has no redundancy versions, or not these, or if the first ones alone do not tell all
            messages apart.
        """
        if self.redundancy is None:
            raise ValueError(
                "the code has no redundancy versions: take nr, lte with n, or rate-matched with versions"
            )
        known = sorted(self.redundancy.order)
        unknown = [version for version in versions if version not in known]
        if unknown or not len(versions):
            wrong = f"it has no {unknown[0]!r:.40}" if unknown else "there are none in the list"
            raise ValueError(f"the code has the redundancy versions {', '.join(map(str, known))}: {wrong}")
        return self.redundancy.make(tuple(versions))

    def bit_channels(self, channel: Any) -> BitChannels:
        """The channels of the bits that are decided one after the other, over a memoryless channel.

        Raises ValueError, in words that follow the code's name, where they are not known.
        """
        raise ValueError("does not know the channels of its bits, as polar codes do")

    def check_bits(self, bits: npt.ArrayLike, length: int, name: str = "bits") -> Bits:
        """``bits`` as uint8 0/1 of shape (frames, length), itself if it is that; otherwise a ValueError.

        Taken are arrays and lists of any type that hold 0 and 1, and one word of shape (length).
        """
        batch = as_bits(bits, length, name)
        if not all_binary(lanes_of(batch)):
            raise ValueError(f"{name} must be 0 or 1")
        return batch

    def __repr__(self) -> str:
        return f"{type(self).__name__}(n={self.n}, k={self.k})"


def _encode_through_words(kind: type[Code]) -> Callable[[Code, Any], Bits]:
    """``encode`` of a class that defines ``encode_words``: through its own one, whatever derives from it."""

    @wraps(Code.encode)
    def encode(self: Code, bits: Any) -> Bits:
        batch = self.check_bits(bits, self.k)
        return one_or_all(bits, unpacked(kind.encode_words(self, packed(batch)), len(batch)))

    return encode


def _words_through_encode(kind: type[Code]) -> Callable[[Code, Words], Words]:
    """``encode_words`` of a class that defines ``encode``, through its own one."""

    @wraps(Code.encode_words)
    def encode_words(self: Code, words: Words) -> Words:
        check_array(words, np.uint64, "groups", self.k, "words")
        frames = len(words) * GROUP
        word = kind.encode(self, unpacked(words, frames))
        expect_bits("encode", word, (frames, self.n))
        return packed(word)

    return encode_words
