"""The minimum distance of a linear code, where it takes no search."""

from ...linear import LinearCode
from ...weight_enumerator import minimum_distance

#: Codes of up to so many words, or with a dual of so many, are enumerated.
MOST_BITS = 16
#: Longest code whose weights are worked out of its dual's.
MAX_LENGTH = 512


def known_distance(code: LinearCode) -> int:
    """The minimum distance where it is known or found in a moment, else 1, below which none is.

    By a formula for the weights, by enumerating the code or its dual, or by the code's own
    ``minimum_distance``.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> known_distance(HammingCode(r=9, extended=True))
    4
    """
    small = code.k <= MOST_BITS or (code.n - code.k <= MOST_BITS and code.n <= MAX_LENGTH)
    try:
        if small or code.known_weights() is not None:
            return minimum_distance(code)
        if type(code).minimum_distance is not LinearCode.minimum_distance:
            return max(1, code.minimum_distance())
    except ValueError:
        pass
    return 1
