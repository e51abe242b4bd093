"""Bounded-distance decoding of the component codes of others."""

from typing import cast

import numpy as np

from ...vectors.groups import Words
from ..decoder import Decoder
from ..linear import LinearCode
from ..universal.trials.hard_words import codewords, hard_decoder
from .component import Component, refusal_of_component
from .component_kernels import correct_words


class BoundedDistance:
    """Corrects packed words of a linear code where it can, and leaves others as they are.

    Parameters
    ----------
    name
        The parameter of whoever asks, for messages.
    code
        The code.
    decoder
        A decoder of it. By default up to floor((d - 1) / 2) errors are corrected, by a table of syndromes.

    Raises
    ------
    ValueError
        If the decoder is one of another code, or has to be given.
    """

    def __init__(self, name: str, code: LinearCode, decoder: Decoder | None) -> None:
        self._decoder = None if decoder is None else hard_decoder(name, code, decoder)
        if decoder is not None:
            return
        reason = refusal_of_component(code)
        if reason is not None:
            raise ValueError(f"{name} must be a decoder: {reason} by a table of syndromes")
        made = Component.of(code)
        checks = np.arange(code.n - code.k)
        self._digits = np.uint64(0) - (made.columns[:, None] >> checks & 1).astype(np.uint64)
        self._table = made.table

    def correct(self, words: Words) -> Words:
        """Words, uint64 (groups, n), with what was corrected; these are other arrays."""
        if self._decoder is not None:
            found, ok = codewords(self._decoder, words)
            return cast(Words, words ^ (words ^ found) & ok[:, None])
        made = words.copy()
        correct_words(made, self._digits, self._table, np.empty(len(words), np.uint64))
        return made
