"""The contract of decoders."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ...codes import Code, Decoder, DecodeResult, GroupDecoder, LinearCode
from ..registry import registry
from .findings import FAILED, FRAMES, NEW_ARRAYS, RESULT, Findings


def check_decoder(decoder: Decoder, code: Code) -> list[str]:
    """What is wrong with a decoder on a code."""
    problem = registry.unusable("decoder", decoder)
    if problem:
        return [f"it {problem}"]
    found = Findings()
    stream = Stream(3, FRAMES, point="contract")
    bits = stream.bits(code.k)
    clean = np.asfortranarray(10 * (1 - 2 * code.encode(bits).astype(np.float32)))
    result = found.attempt("decode", lambda: decoder.decode(clean))
    if result is FAILED or not found.result(result, FRAMES, code.k, decoder.counters):
        return found.problems
    found.expect(np.array_equal(result.bits, bits), "decode should invert encode without noise")
    found.expect(bool(result.ok.all()), "ok should be True without noise")
    noisy = np.asfortranarray(clean * np.float32(0.2) + np.float32(2) * stream.normal(code.n))
    before = noisy.copy()
    result = decoder.decode(noisy)
    found.expect(np.array_equal(noisy, before), "decode should leave its argument as it is")
    noisy = before
    first = DecodeResult(
        result.bits.copy(),
        result.ok.copy(),
        result.iterations.copy(),
        {name: counted.copy() for name, counted in result.counters.items()},
    )
    decoder.decode(-noisy)
    same = _same(result, first, np.arange(FRAMES))
    if not found.expect(same, f"decode {NEW_ARRAYS}"):
        return found.problems
    if "stream" in inspect.signature(decoder.decode).parameters:
        erased = np.where(noisy > 1, noisy, np.float32(0))

        def toss(first: int, last: int) -> DecodeResult:
            return decoder.decode(erased[first:last], Stream(6, last - first, first=first, point="contract"))

        both = found.attempt("decode with a stream", lambda: (toss(0, FRAMES), toss(7, 9)))
        found.expect(
            both is FAILED or np.array_equal(both[0].bits[7:9], both[1].bits),
            "decode should break each frame's ties with that frame's bits of the stream",
        )
    if isinstance(decoder, GroupDecoder) and isinstance(code, LinearCode) and code.systematic:
        groups = decoder.grouped(decoder.check_llr(noisy))
        outcome = found.attempt("decode_groups", lambda: decoder.decode_groups(groups, FRAMES))
        if outcome is not FAILED:
            found.groups(outcome, len(groups), first)
    order = np.arange(FRAMES)[::-1]
    variants: dict[str, Callable[[], tuple[DecodeResult, npt.NDArray[Any]]]] = {
        "decode should give the same result each time": lambda: (decoder.decode(noisy), np.arange(FRAMES)),
        "decode should not depend on how the array lies in memory": lambda: (
            decoder.decode(np.ascontiguousarray(noisy)),
            np.arange(FRAMES),
        ),
        "what a frame decodes to should not depend on its neighbours": lambda: (
            decoder.decode(noisy[order]),
            order,
        ),
        "what a frame decodes to should not depend on how many there are": lambda: (
            decoder.decode(noisy[5:6]),
            np.array([5]),
        ),
        "decode should take a batch of no frames": lambda: (decoder.decode(noisy[:0]), np.arange(0)),
    }
    for text, variant in variants.items():
        outcome = found.attempt(text, variant)
        if outcome is not FAILED and found.result(outcome[0], len(outcome[1]), code.k, decoder.counters):
            found.expect(_same(outcome[0], first, outcome[1]), text)
    return list(dict.fromkeys(found.problems))


def _same(result: DecodeResult, whole: DecodeResult, frames: npt.NDArray[Any]) -> bool:
    """Whether a result is that of these frames of another."""
    pairs = [(getattr(result, name), getattr(whole, name)) for name in RESULT]
    pairs += [(counted, whole.counters[name]) for name, counted in result.counters.items()]
    return all(np.array_equal(one, other[frames]) for one, other in pairs)
