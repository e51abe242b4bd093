"""Chase and Pyndiah's decoder of product codes, word after word, with candidates as whole words."""

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Word = npt.NDArray[np.int64]


class Part(NamedTuple):
    """A component: all its words, the errors it corrects, and whether the last bit follows from the others."""

    words: Any
    t: int
    follows: bool

    def decode(self, received: Word) -> Word | None:
        """The word within a distance, of all bits but one that follows."""
        count = self.words.shape[1] - self.follows
        distance = (self.words[:, :count] != received[:count]).sum(axis=1)
        best = int(distance.argmin())
        return self.words[best].astype(np.int64) if distance[best] <= self.t else None


def word_step(
    r: Any, y: Any, part: Part, p: int, beta: float | None, coefficients: Sequence[float]
) -> tuple[Any, Any]:
    """Extrinsic values and decisions of a word; ``beta`` may be None, and is then made of the weakest."""
    a, b, c, d, e = coefficients
    hard = np.where(r != 0, r < 0, np.signbit(y)).astype(np.int64)
    size = np.abs(r)
    weakest = np.argsort(size[: len(size) - part.follows], kind="stable")[:p]
    found = []
    for flips in itertools.product((0, 1), repeat=p):
        test = hard.copy()
        test[weakest] ^= np.array(flips[::-1])
        word = part.decode(test)
        if word is not None:
            found.append((float(size[word != hard].sum()), word))
    if not found:
        return np.zeros_like(r), hard
    least, decision = min(found, key=lambda each: each[0])
    sign = 1 - 2 * decision
    extrinsic = np.empty_like(r)
    for j in range(len(r)):
        rivals = [metric for metric, word in found if word[j] != decision[j]]
        if not rivals and beta is not None:
            extrinsic[j] = sign[j] * beta
            continue
        if rivals:
            new = b * (min(rivals) - least)
        else:
            new = size[weakest[: int(e) or p]].sum() - c * least + d * size[j]
        extrinsic[j] = sign[j] * max(new, 0) - a * r[j]
    return extrinsic, decision


def decode(
    llr: Any,
    parts: tuple[Part, Part],
    p: int,
    alphas: Sequence[float],
    betas: Sequence[float | None],
    coefficients: Sequence[float],
    normalize: bool,
) -> npt.NDArray[np.int64]:
    """The decided matrix, from LLRs of a matrix, of components for rows and columns; zeros have the sign of a coin."""
    y = llr.astype(np.float64)
    extrinsic, decisions = np.zeros_like(y), np.zeros(y.shape, np.int64)
    factor, unit = 0.0, float(np.abs(y).mean())
    for half, (alpha, beta) in enumerate(zip(alphas, betas, strict=True)):
        r = y + factor * extrinsic
        given = beta * unit if normalize and beta is not None else beta
        for i in range(y.shape[half % 2 == 0]):
            at = (i, slice(None)) if half % 2 else (slice(None), i)
            extrinsic[at], decisions[at] = word_step(
                r[at], y[at], parts[half % 2 == 0], p, given, coefficients
            )
        mean = float(np.abs(extrinsic).mean())
        factor = alpha if not normalize else alpha * unit / mean if mean else 0.0
    return decisions
