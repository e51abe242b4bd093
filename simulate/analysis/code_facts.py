"""What is known of a code without simulating it."""

from typing import Any

import numpy as np

from ...codes import Code, LinearCode, weight_enumerator
from ...codes.encoded import EncodedLinearCode
from ...codes.universal.information_sets.low_weight_words import low_weight_words
from ...codes.weight_enumerator import MAX_LENGTH
from ..registry import registry

#: How many weights are shown.
SHOWN = 8
#: Most codewords, as a power of 2, that are enumerated for it, and the longest codes of which they are, or of
#: which those of the dual code are.
MOST_BITS, MOST_N, MOST_N_OF_DUAL = 18, 4096, 512
#: Most positions of a word that are shown.
MOST_SUPPORT = 60
#: Largest generator matrix, in entries, that is made to see whether a code is systematic.
MOST_MADE = 1 << 20


def code_facts(code: Code, search: float = 0) -> dict[str, Any]:
    """Facts by their names: numbers, text, lists or mappings; None where one is not known, or takes long.

    The first are ``n``, ``k`` and ``rate``; then come ``systematic``, ``minimum distance`` and ``codewords by
    weight``, ``default decoder`` and ``decoders``; and then what the code itself says, see ``Code.info``, and
    what is found in ``search`` seconds each: words of low weight of linear codes, and ``Code.searched``.
    """
    weights = _weights(code) if isinstance(code, LinearCode) else None
    default = getattr(code, "default_decoder", None)
    facts: dict[str, Any] = {
        "n": code.n,
        "k": code.k,
        "rate": code.rate,
        "systematic": _systematic(code),
        "minimum distance": None if weights is None else next(iter(weights), None),
        "codewords by weight": weights,
        "default decoder": default if isinstance(default, str) else None,
        "decoders": registry.decoders_for(code),
    }
    facts |= code.info()
    if search:
        if isinstance(code, LinearCode) and weights is None:
            facts |= _light_words(code, search)
        facts |= code.searched(search)
    return facts


def _light_words(code: LinearCode, seconds: float) -> dict[str, Any]:
    """The least weight that a search finds, and the words of it."""
    try:
        found = low_weight_words(code, seconds=seconds)
    except ValueError as error:
        return {"words of low weight": f"not searched: {error}"}
    support = np.flatnonzero(found.lightest[0])
    return {
        "minimum distance, at most": min(found.counts),
        "words found by weight": found.counts,
        "one of the lightest": " ".join(map(str, support[:MOST_SUPPORT]))
        + " ..." * (len(support) > MOST_SUPPORT),
        "information sets tried": found.sets,
    }


def _systematic(code: Code) -> bool | None:
    """Whether a linear code sends its information bits."""
    if not isinstance(code, LinearCode):
        return None
    inherited = getattr(type(code), "systematic", None) is LinearCode.systematic
    if isinstance(code, EncodedLinearCode) and inherited and code.n * code.k > MOST_MADE:
        return None
    return bool(code.systematic)


def _weights(code: LinearCode) -> dict[int, int] | None:
    """The numbers of codewords of the lowest weights but 0, where they follow from a formula or few words."""
    n, k = code.n, code.k
    supplied = code.supplied_weights
    if supplied is not None and not supplied.complete:
        return {h: supplied.codewords[h] for h in sorted(supplied.codewords)[1 : SHOWN + 1]}
    by_formula = n <= MAX_LENGTH and (supplied is not None or code.known_weights() is not None)
    by_words = k <= MOST_BITS and n <= MOST_N
    by_dual = n - k <= MOST_BITS and n <= MOST_N_OF_DUAL
    if not (by_formula or by_words or by_dual):
        return None
    counts = weight_enumerator(code).counts
    return {int(h): int(counts[h]) for h in np.flatnonzero(counts)[1 : SHOWN + 1]}
