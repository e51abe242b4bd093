"""Iterative decoding of codes in series, each decoded by looking at all of its codewords."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.references.bcjr import by_all_codewords

Array = npt.NDArray[Any]


def decode(code: Any, llr: Array, scales: Any, exact: bool, steps: float = 0, limit: float = 1000) -> Array:
    """A-posteriori LLRs of the information bits after each iteration, (iterations, frames, k).

    ``llr`` is (frames, n). ``exact``: by sums over codewords, else by the most likely ones. With ``steps``
    what is exchanged has so many of them to one, and ``limit`` of them at most.
    """

    def told(values: Array) -> Array:
        if not steps:
            return values.clip(-limit, limit)
        return np.rint(values * steps).clip(-limit, limit) / steps

    outer, inner = code.outer, code.inner
    of_inner = np.zeros((len(llr), inner.k))
    found = []
    for first, second in np.reshape(scales, (-1, 2)):
        posterior = by_all_codewords(inner, llr, of_inner, exact)[0]
        of_outer = np.empty_like(of_inner)
        for i, bit in enumerate(code.interleaver):
            of_outer[:, bit] = told(first * (posterior - of_inner))[:, i]
        information, coded = by_all_codewords(outer, of_outer, np.zeros((len(llr), outer.k)), exact)
        found.append(information)
        of_inner = told(second * (coded - of_outer))[:, code.interleaver]
    return np.array(found)
