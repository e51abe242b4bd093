"""Codewords of low weight by search: upper bounds on the minimum distance of codes too large to enumerate.

Information sets (A. Canteaut and F. Chabaud, 1998, "A new algorithm for finding minimum-weight words in a
linear code"), with one or two ones in the set; where a code has sparse checks, also sets away from an error
impulse that min-sum has spread (X.-Y. Hu, M. Fossorier and E. Eleftheriou, 2004, "On the computation of
the minimum distance of low-density parity-check codes").
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...binary import gf2
from ...binary.gf2_kernels import eliminate
from ...binary.tanner_graph import TannerGraph
from ...linear import LinearCode

#: Largest generator matrix, in entries, that is reduced over and over.
MOST_ENTRIES = 1 << 24
#: Rows whose sums in pairs are looked at, and words that are kept of a weight.
PAIRED, KEPT = 192, 4096
#: Impulses that are spread together, over how many iterations at most, and their largest size.
IMPULSES, ITERATIONS, STRONGEST = 16, 12, 12.0
#: Edges for each check, on average, up to which a graph is sparse.
SPARSE = 64

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class LightWords:
    """What a search found.

    Attributes
    ----------
    counts
        How many different words were found of each of the lowest weights, ascending; there may be more.
    lightest
        The lightest words, uint8 (words, n).
    sets
        How many information sets were tried.
    """

    counts: dict[int, int]
    lightest: npt.NDArray[np.uint8]
    sets: int


def low_weight_words(code: LinearCode, *, seconds: float, seed: int = 0, sets: int = 1_000_000) -> LightWords:
    """Codewords of low weight other than zero, from as many information sets as there is time for.

    The sets do not depend on the time, so that what is found in more of it includes what is found in less.

    Parameters
    ----------
    code
        A linear code whose generator matrix has at most 2^24 entries.
    seconds
        After which the search ends.
    seed
        Of the sets.
    sets
        Most of them: with few, what is found is the same on every machine.

    Raises
    ------
    ValueError
        If the code is too large.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> low_weight_words(HammingCode(r=3), seconds=5, sets=4).counts
    {3: 7}
    """
    if code.n * code.k > MOST_ENTRIES:
        raise ValueError(
            f"n k must be at most {MOST_ENTRIES} to search for words of low weight, it is {code.n * code.k}"
        )
    end = time.monotonic() + seconds
    generator, seen = gf2.pack(code.generator_matrix), _Lightest(code.n)
    pivots = np.empty(code.k, np.int64)
    tried = 0
    for order in itertools.islice(_orders(code, np.random.default_rng(seed)), sets):
        if tried and time.monotonic() > end:
            break
        eliminate(generator, order, pivots)
        seen.add(generator)
        place = np.empty(code.n, np.int64)
        place[order] = np.arange(code.n)
        doubtful = np.argsort(-place[pivots], kind="stable")[:PAIRED]
        rows = generator[doubtful]
        first, second = np.triu_indices(len(rows), 1)
        seen.add(rows[first] ^ rows[second])
        tried += 1
    return seen.found(tried)


class _Lightest:
    """The lightest words seen, each once."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.words: dict[int, set[bytes]] = {}
        self.most = n

    def add(self, words: Words) -> None:
        weights = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
        for i in np.flatnonzero((weights <= self.most) & (weights > 0)):
            self.words.setdefault(int(weights[i]), set()).add(words[i].tobytes())
        if len(self.words) > 4:
            kept = sorted(self.words)[:4]
            self.words = {h: self.words[h] for h in kept}
            self.most = kept[-1]
        for h, several in self.words.items():
            if len(several) > KEPT and h < self.most:
                self.most = h

    def found(self, tried: int) -> LightWords:
        counts = {h: len(self.words[h]) for h in sorted(self.words) if h <= self.most}
        least = sorted(self.words[min(counts)])
        packed = np.frombuffer(b"".join(least), np.uint64).reshape(len(least), -1)
        lightest = np.unpackbits(packed.view(np.uint8), axis=1, bitorder="little")[:, : self.n]
        return LightWords(counts, lightest, tried)


def _orders(code: LinearCode, random: np.random.Generator) -> Iterator[gf2.Indices]:
    """In which orders positions are asked for a set: at random, and away from impulses."""
    graph = code.tanner_graph if code.checks_known else None
    if graph is not None and graph.edges > SPARSE * graph.checks:
        graph = None
    spread = None if graph is None else _Impulses(graph, random)
    while True:
        yield random.permutation(code.n)
        if spread is not None:
            llr = spread.llr()
            for frame in range(llr.shape[1]):
                yield np.argsort(-llr[:, frame], kind="stable")


class _Impulses:
    """Min-sum on the word of zeros with errors at few positions near each other."""

    def __init__(self, graph: TannerGraph, random: np.random.Generator) -> None:
        filled = np.flatnonzero(graph.check_degrees)
        self.graph, self.random = graph, random
        self.start = graph.check_start[filled]
        self.owner = np.repeat(np.arange(len(filled)), graph.check_degrees[filled])
        self.order = np.argsort(graph.edge_variable, kind="stable")
        degrees = graph.variable_degrees
        self.used = np.flatnonzero(degrees)
        self.first = (np.cumsum(degrees) - degrees)[self.used]

    def llr(self) -> npt.NDArray[np.float32]:
        """What is believed of each position after some iterations: float32 (n, IMPULSES)."""
        graph, random = self.graph, self.random
        given = (1 + 0.25 * random.random((graph.variables, IMPULSES))).astype(np.float32)
        for frame in range(IMPULSES):
            at = self._near(int(random.integers(graph.variables)), int(random.integers(1, 5)))
            given[at, frame] = -STRONGEST * random.random(len(at)) - 1
        total, message = given.copy(), np.zeros((graph.edges, IMPULSES), np.float32)
        for _ in range(int(random.integers(2, ITERATIONS + 1))):
            message = self._checked(total[graph.edge_variable] - message)
            total = given.copy()
            total[self.used] += np.add.reduceat(message[self.order], self.first, axis=0)
        return total

    def _near(self, variable: int, count: int) -> list[int]:
        """A variable, and others that share checks with those before."""
        graph, found = self.graph, [variable]
        for _ in range(count - 1):
            edges = np.flatnonzero(graph.edge_variable == found[int(self.random.integers(len(found)))])
            if len(edges) == 0:
                break
            check = np.searchsorted(graph.check_start, self.random.choice(edges), side="right") - 1
            found.append(
                int(
                    self.random.choice(
                        graph.edge_variable[graph.check_start[check] : graph.check_start[check + 1]]
                    )
                )
            )
        return list(set(found))

    def _checked(self, message: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """What checks say to each edge of the others: the least magnitude, with the product of signs."""
        size, negative = abs(message), message < 0
        odd = np.logical_xor.reduceat(negative, self.start, axis=0)[self.owner] ^ negative
        least = np.minimum.reduceat(size, self.start, axis=0)[self.owner]
        others = np.where(size == least, np.float32(np.inf), size)
        second = np.minimum.reduceat(others, self.start, axis=0)[self.owner]
        told = np.where(size == least, np.minimum(second, np.float32(1e6)), least)
        return np.where(odd, -told, told).astype(np.float32)
