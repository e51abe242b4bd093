"""The contract of codes."""

import numpy as np

from ...channels import Stream
from ...codes import Code, LinearCode
from ..registry import registry
from .decoder import check_decoder
from .findings import FAILED, FRAMES, NEW_ARRAYS, Findings


def check_code(code: Code) -> list[str]:
    """What is wrong with a code, and with its default decoder on it."""
    problem = registry.unusable("code", code)
    if problem:
        return [f"it {problem}"]
    found = Findings()
    bits = Stream(1, FRAMES, point="contract").bits(code.k)
    word = found.attempt("encode", lambda: code.encode(bits.copy(order="F")))
    if word is FAILED:
        return found.problems
    if not found.array("encode", word, np.uint8, (FRAMES, code.n)):
        return found.problems
    found.expect(bool((word <= 1).all()), "encode should return only 0 and 1")
    before, kept = bits.copy(), word.copy()
    again = code.encode(bits)
    found.expect(np.array_equal(bits, before), "encode should leave its argument as it is")
    found.expect(np.array_equal(again, kept), "encode should give the same codeword each time")
    code.encode(1 - bits)
    if not found.expect(np.array_equal(word, kept), f"encode {NEW_ARRAYS}"):
        return found.problems
    found.expect(
        np.array_equal(code.encode(np.ascontiguousarray(bits)), word),
        "encode should not depend on how the array lies in memory",
    )
    alone = found.attempt(
        "encode of one frame", lambda: np.vstack([code.encode(bits[i : i + 1]) for i in range(5)])
    )
    found.expect(
        alone is FAILED or np.array_equal(alone, word[:5]), "encode should treat each frame by itself"
    )
    empty = found.attempt("encode of no frames", lambda: code.encode(bits[:0]))
    found.expect(
        empty is FAILED or np.shape(empty) == (0, code.n), "encode of no frames should have shape (0, n)"
    )
    if isinstance(code, LinearCode):
        other = Stream(2, FRAMES, point="contract").bits(code.k)
        found.expect(
            np.array_equal(code.encode(bits ^ other), word ^ code.encode(other)), "encode should be linear"
        )
        found.expect(not code.syndrome(word).any(), "codewords should have syndrome 0")
    name = getattr(code, "default_decoder", None)
    if not isinstance(name, str) or name not in registry.decoders.names():
        found.problems.append(f"default_decoder should name a registered decoder, is {name!r}")
        return found.problems
    decoder = found.attempt(f"its default decoder {name}", lambda: registry.decoders.get(name).make(code))
    if decoder is not FAILED:
        found.problems += check_decoder(decoder, code)
    return found.problems
