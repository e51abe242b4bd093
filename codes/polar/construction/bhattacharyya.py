"""Bhattacharyya parameters of the bit channels: exact on the erasure channel, else bounds.

E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
binary-input memoryless channels", 2009, propositions 5 and 6.
"""

from collections.abc import Sequence

import numpy as np

from .evolution import Values, evolve


def bhattacharyya(z: Values, kernels: Sequence[int]) -> Values:
    """ln Z and ln(1 - Z) of the bit channels: float64 (2, n).

    Parameters
    ----------
    z
        ln Z and ln(1 - Z) of the coded bits, float64 (2, n) or (2, 1). An erased bit has Z = 1, a known one
        0.
    kernels
        As for ``evolve``.

    Notes
    -----
    On the binary erasure channel Z is the probability that a bit is erased where those before it are known.
    On others, that after a check is an upper bound.

    Examples
    --------
    >>> np.exp(bhattacharyya(np.log([[0.5], [0.5]]), (2, 2))[0]).round(4).tolist()
    [0.9375, 0.5625, 0.4375, 0.0625]
    """
    with np.errstate(divide="ignore"):
        return evolve(z, kernels, _check, _both)


def _check(a: Values, b: Values) -> Values:
    """Z = Z1 + Z2 - Z1 Z2."""
    (z, _), (w, not_w) = a, b
    return np.stack([np.logaddexp(z + not_w, w), a[1] + not_w])


def _both(a: Values, b: Values) -> Values:
    """Z = Z1 Z2: the same with the parts exchanged."""
    return _check(a[::-1], b[::-1])[::-1]


def reliability(z: Values) -> Values:
    """The logarithm of (1 - Z) / Z, which orders channels however good or bad: float64 (n)."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isneginf(z[0]), np.inf, np.where(np.isneginf(z[1]), -np.inf, z[1] - z[0]))
