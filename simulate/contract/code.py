"""The contract of codes."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ...codes import Code, LinearCode, decoder_of
from ...vectors.groups import groups_of, packed, unpacked
from ..registry import registry
from .decoder import CHECKS as DECODER_CHECKS
from .decoder import DecoderUnderTest
from .findings import (
    BATCHES,
    FAILED,
    FRAMES,
    NEW_ARRAYS,
    Findings,
    LookedAt,
    NotReachedError,
    Problems,
    copied_by_cluster,
    usable,
)
from .report import examined

Bits = npt.NDArray[np.uint8]


class CodeUnderTest:
    """A code with words for it to encode."""

    def __init__(self, code: Code) -> None:
        self.code = code

    @cached_property
    def unusable(self) -> str:
        """Why it is no code at all; "" if it is."""
        return registry.unusable("code", self.code)

    @cached_property
    def bits(self) -> Bits:
        """Information bits, uint8 (FRAMES, k)."""
        if self.unusable:
            raise NotReachedError
        return Stream(1, FRAMES, point="contract").bits(self.code.k)

    @cached_property
    def encoded(self) -> LookedAt:
        """A copy of what they are encoded to, and what is wrong with that as an array of bits."""
        found = Findings()
        word = found.attempt("encode", lambda: self.code.encode(self.bits.copy(order="F")))
        if word is not FAILED and found.array("encode", word, np.uint8, (FRAMES, self.code.n)):
            found.bits("encode should return", word)
        return np.array(None if word is FAILED else word), found.problems

    @property
    def word(self) -> Bits:
        """The codewords; raises NotReachedError if they are none."""
        return usable(self.encoded)


def _is_a_code(of: CodeUnderTest) -> Problems:
    return [f"it {of.unusable}"] if of.unusable else []


def _gives_codewords(of: CodeUnderTest) -> Problems:
    return of.encoded[1] if not of.unusable else None


def _leaves_its_argument(of: CodeUnderTest) -> Problems:
    found, given = Findings(), np.asfortranarray(of.bits.copy())
    of.code.encode(given)
    found.same(given, of.bits, "encode should leave its argument as it is")
    return found.problems


def _is_reproducible(of: CodeUnderTest) -> Problems:
    found = Findings()
    again = of.code.encode(of.bits.copy(order="F"))
    found.same(again, of.word, "encode should give the same codeword each time")
    return found.problems


def _returns_new_arrays(of: CodeUnderTest) -> Problems:
    found = Findings()
    first = of.code.encode(of.bits.copy(order="F"))
    kept = first.copy()
    of.code.encode(1 - of.bits)
    found.same(first, kept, f"encode {NEW_ARRAYS}")
    return found.problems


def _takes_any_layout(of: CodeUnderTest) -> Problems:
    found = Findings()
    for bits in (np.array(of.bits, order="C"), np.array(of.bits, order="F")):
        found.same(of.code.encode(bits), of.word, "encode should not depend on how the array lies in memory")
    return found.problems


def _treats_frames_alone(of: CodeUnderTest) -> Problems:
    found, order = Findings(), np.arange(FRAMES)
    parts = [order[i : i + size] for size in BATCHES for i in (0, FRAMES - size)]
    parts += [order[::-1], np.roll(order, 17), *order[1:5, None]]
    for part in parts:
        word = found.attempt(
            "encode of one frame" if len(part) == 1 else "encode of some of the frames",
            partial(of.code.encode, of.bits[part]),
        )
        if word is FAILED or not found.same(
            word, of.word[part], "encode should treat each frame by itself", part
        ):
            break
    return found.problems


def _takes_no_frames(of: CodeUnderTest) -> Problems:
    found, n = Findings(), of.code.n
    empty = found.attempt("encode of no frames", lambda: of.code.encode(of.bits[:0]))
    found.expect(empty is FAILED or np.shape(empty) == (0, n), "encode of no frames should have shape (0, n)")
    return found.problems


def _words_agree(of: CodeUnderTest) -> Problems:
    found = Findings()
    words = found.attempt("encode_words", lambda: of.code.encode_words(packed(of.bits)))
    expected = of.word
    if words is not FAILED and found.array("encode_words", words, np.uint64, (groups_of(FRAMES), of.code.n)):
        found.same(unpacked(words, FRAMES), expected, "encode_words should encode as encode does")
    return found.problems


def _is_linear(of: CodeUnderTest) -> Problems:
    if not isinstance(of.code, LinearCode):
        return None
    found = Findings()
    other = Stream(2, FRAMES, point="contract").bits(of.code.k)
    found.same(of.code.encode(of.bits ^ other), of.word ^ of.code.encode(other), "encode should be linear")
    return found.problems


def _fulfils_its_checks(of: CodeUnderTest) -> Problems:
    if not isinstance(of.code, LinearCode):
        return None
    found = Findings()
    found.none_at(of.code.syndrome(of.word) != 0, "codewords should have syndrome 0", what="check")
    return found.problems


def _inverts_itself(of: CodeUnderTest) -> Problems:
    if not isinstance(of.code, LinearCode):
        return None
    found = Findings()
    found.same(of.code.information_bits(of.word.copy()), of.bits, "information_bits should invert encode")
    return found.problems


def _can_be_sent(of: CodeUnderTest) -> Problems:
    found = Findings()
    word = of.word
    copy = found.attempt("sending it to a worker of a cluster", lambda: copied_by_cluster(of.code))
    if copy is None:
        return None
    if copy is not FAILED:
        again = found.attempt(
            "encode of a copy on a worker of a cluster", lambda: copy.encode(of.bits.copy())
        )
        if again is not FAILED:
            found.same(again, word, "encode should be the same on a worker of a cluster")
    return found.problems


def _default_decoder(of: CodeUnderTest) -> Problems:
    found, name = Findings(), getattr(of.code, "default_decoder", None)
    of.word  # noqa: B018  # a decoder is tried on codewords
    if not isinstance(name, str) or name not in registry.decoders.names():
        return [f"default_decoder should name a registered decoder, is {name!r}"]
    decoder = found.attempt(
        f"its default decoder {name}", lambda: decoder_of(of.code, registry.decoders.get(name).make)
    )
    if decoder is FAILED:
        return found.problems
    report = examined(DECODER_CHECKS, DecoderUnderTest(decoder, of.code))
    return [f"its default decoder {name}: {text}" for text in report.problems]


#: The checks by their names; each is told what is tested and says what is wrong with it.
CHECKS: Mapping[str, Callable[[Any], Problems]] = {
    "is a code": _is_a_code,
    "encode gives codewords": _gives_codewords,
    "encode leaves its argument": _leaves_its_argument,
    "encode is reproducible": _is_reproducible,
    "encode returns new arrays": _returns_new_arrays,
    "encode takes any layout in memory": _takes_any_layout,
    "encode treats each frame by itself": _treats_frames_alone,
    "encode takes no frames": _takes_no_frames,
    "encode_words encodes as encode does": _words_agree,
    "encode is linear": _is_linear,
    "codewords fulfil the checks": _fulfils_its_checks,
    "information_bits inverts encode": _inverts_itself,
    "default decoder decodes it": _default_decoder,
    "goes to a cluster": _can_be_sent,
}


def check_code(code: Code) -> list[str]:
    """What is wrong with a code, and with its default decoder on it."""
    return examined(CHECKS, CodeUnderTest(code)).problems
