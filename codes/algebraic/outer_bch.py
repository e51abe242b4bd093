"""BCH codes around other codes, as in DVB: ETSI EN 302 307-1, 5.3.1."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...vectors.groups import GroupInput, Words
from ..code import Code
from ..decoder import CompositeDecoder, Decoder, GroupResult
from ..detection.crc import LinearCRCCode
from ..linear import LinearCode
from ..tie_breaking import BitStream
from .bch import BCHCode
from .decoding.bounded_distance import BoundedDistanceDecoder


class OuterBCHCode(LinearCRCCode):
    """Information bits, encoded by a BCH code, in the information bits of another code.

    It encodes as a cyclic redundancy check with the BCH code's generator polynomial does. Decoders decode the
    inner code, and the BCH code corrects up to t errors that are left in its information bits.

    Parameters
    ----------
    inner
        The inner code.
    outer
        The BCH code: its n is the k of ``inner``. It is not extended.

    Raises
    ------
    ValueError
        If the outer code is extended, or its n another.

    Examples
    --------
    >>> from capgap.codes import UncodedCode
    >>> code = OuterBCHCode(UncodedCode(k=15), BCHCode(n=15, t=2))
    >>> (code.n, code.k, int(code.encode([1, 0, 0, 0, 0, 0, 0]).sum()))
    (15, 7, 5)
    """

    inner: LinearCode

    def __init__(self, inner: LinearCode, outer: BCHCode) -> None:
        if outer.extended:
            raise ValueError(f"outer must not be extended, got {outer!r}")
        if outer.n != inner.k:
            raise ValueError(
                f"outer must have as many coded bits as {inner!r} has information bits, got {outer!r}"
            )
        super().__init__(inner, bits=outer.degree, polynomial=outer.generator ^ 1 << outer.degree)
        self.outer = outer

    def info(self) -> Mapping[str, Any]:
        """The outer code, how many errors it corrects, and what is known of the inner code."""
        known = {name: each for name, each in super().info().items() if not name.startswith("check ")}
        return {"outer code": repr(self.outer), "outer code: errors corrected": self.outer.t, **known}

    def around(self, inner: Code) -> "OuterBCHCode":
        """The same BCH code around another inner code."""
        assert isinstance(inner, LinearCode)
        return OuterBCHCode(inner, self.outer)

    def decoder_around(self, decoder: Decoder) -> "OuterBCHDecoder":  # type: ignore[override]
        """The decoder of this code that a decoder of the inner code becomes."""
        return OuterBCHDecoder(self, decoder.with_check(self))


class OuterBCHDecoder(CompositeDecoder):
    """Decodes the inner code, and then the BCH code with what was decided as hard values.

    A frame is ``ok`` exactly if the BCH code's decoder finds a codeword. Iterations are those of the inner
    code's decoder.

    Parameters
    ----------
    code
        A code with a BCH code around its inner code.
    inner
        A decoder of its inner code.
    """

    code: OuterBCHCode

    def __init__(self, code: OuterBCHCode, inner: Decoder) -> None:
        super().__init__(code, inner)
        self.counts_failures = True
        self._outer = BoundedDistanceDecoder(code.outer)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        result = self.inner.decode_groups(given, stream)
        last = self._corrected(result.bits, given.frames)
        after = tuple(self._corrected(bits, given.frames).bits for bits in result.after_iterations)
        return replace(result, bits=last.bits, ok=last.ok, after_iterations=after)

    def _corrected(self, bits: Words, frames: int) -> GroupResult:
        """What the BCH code makes of the inner code's information bits."""
        return self._outer.decode_groups(GroupInput(frames, hard=np.ascontiguousarray(bits)))


def with_outer_bch(inner: LinearCode, *, m: int, t: int, polynomial: int) -> OuterBCHCode:
    """The code of a BCH code over GF(2^m), shortened to the k of ``inner``, around ``inner``."""
    n = 2**m - 1
    return OuterBCHCode(inner, BCHCode(n=n, t=t, shorten=n - inner.k, polynomial=polynomial))
