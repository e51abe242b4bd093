"""Codes made of another code."""

from collections.abc import Mapping
from typing import Any

from ..vectors.groups import Words
from .bit_channels import BitChannels
from .code import Code


class CompositeCode(Code):
    """A code made of another one, its inner code; decoders decode that, see ``decoder.decoder_of``.

    A code of your own derives from this class, calls ``super().__init__(inner, n=..., k=...)``, and defines
    ``decoder_around``, one of ``encode`` and ``encode_words``, and ``around``, if the inner code depends on
    the operating point; and ``inner_words``, for EXIT charts of a decoder with constituents. Its default
    decoder is that of the inner code.

    Parameters
    ----------
    inner
        The inner code.
    n, k
        As for ``Code``.
    """

    def __init__(self, inner: Code, *, n: int, k: int) -> None:
        Code.__init__(self, n=n, k=k)
        self.inner = inner
        default = getattr(inner, "default_decoder", None)
        if isinstance(default, str):  # a class of somebody's need not have it
            self.default_decoder = default

    def around(self, inner: Code) -> "CompositeCode":
        """The same made of another inner code, of the same n and k."""
        raise NotImplementedError

    def inner_words(self, words: Words) -> Words:
        """Information bits of the inner code, uint64 (groups, its k), from those of this code, (groups, k).

        Raises ValueError if that is not known.
        """
        raise ValueError(f"{self!r} does not tell the information bits of its inner code")

    def at(self, point: Any) -> Code:
        """The code made of the inner one at an operating point."""
        inner = self.inner.at(point)
        return self if inner is self.inner else self.around(inner)

    def bit_channels(self, channel: Any) -> BitChannels:
        """Raises ValueError: those of the inner code are known, if at all."""
        raise ValueError(f"is made of {self.inner!r}: the channels of its own bits are not known")

    def info(self) -> Mapping[str, Any]:
        """The inner code, and what is known of that, named so: its weights are not those of this code."""
        found = {name.removeprefix("inner code: "): each for name, each in self.inner.info().items()}
        return {
            "inner code": repr(self.inner),
            **{f"inner code: {name}": each for name, each in found.items() if name != "inner code"},
        }

    def takes_whole(self, make: Any) -> bool:
        """Whether decoders of a class decode this code as a whole, not its inner code."""
        return bool(getattr(make, "universal", False))

    def decoder_around(self, decoder: Any) -> Any:
        """The decoder of this code that a decoder of its inner code becomes."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r}, n={self.n}, k={self.k})"
