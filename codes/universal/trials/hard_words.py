"""Decoders of hard values inside others: packed words in, codewords out."""

import numpy as np

from ....vectors.groups import GROUP, GroupInput, Words, packed_flags
from ....vectors.packed_kernels import unpack_signs
from ...decoder import Decoder
from ...linear import LinearCode
from ..syndrome import SyndromeDecoder


def codewords(decoder: Decoder, words: Words) -> tuple[Words, Words]:
    """The codewords that packed words are decoded to, uint64 (groups, n); where the decoder is sure of them.

    A decoder of soft values is given LLRs of 1 and -1. The second is uint64 (groups), a bit for each frame.
    """
    frames = len(words) * GROUP
    if decoder.reads.kind == "hard":
        given = GroupInput(frames, hard=words)
    else:
        llr = np.empty((*words.shape, GROUP), np.float32)
        unpack_signs(words, words[:0], llr)
        steps = np.float32(decoder.reads.steps or 1)
        given = GroupInput(frames, llr=(llr * steps).astype(decoder.reads.dtype, copy=False))
    result = decoder.decode_groups(given)
    return decoder.code.encode_words(result.bits), packed_flags(result.ok)


def not_codewords(code: LinearCode, bits: Words, words: Words) -> Words:
    """Which words, uint64 (groups, n), are not those of their information bits: uint64 (groups)."""
    wrong: Words = np.bitwise_or.reduce(code.encode_words(bits) ^ words, axis=1)
    return wrong


def hard_decoder(name: str, code: LinearCode, decoder: Decoder | None) -> Decoder:
    """The decoder of a code that was given for the parameter ``name``, or ``syndrome``.

    Raises ValueError if it is one of another code, or has to be given.
    """
    if decoder is None:
        reason = SyndromeDecoder.refusal(code)
        if reason is not None:
            raise ValueError(f"{name} must be named: {reason}")
        return SyndromeDecoder(code)
    if decoder.code is not code:
        raise ValueError(f"{name} must be a decoder of {code!r}, got {decoder!r}")
    return decoder
