"""Lists whose paths fork in few bits of a node, against all flips of the bits that are trusted least."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import PolarCode, SCLDecoder
from capgap.codes.polar.decoding.lists.successive_cancellation_list import ListSearch
from capgap.codes.polar.decoding.parameters import Pruned
from capgap.vectors.groups import grouped

from tests.codes.polar.samples import unmatched

FRAMES = 20


def llrs(n: int, seed: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 3, (FRAMES, n)).astype(np.float32)


@pytest.mark.parametrize("size", [2, 8, 32])
@pytest.mark.parametrize("most", [1, 2, 3, 5])
@pytest.mark.parametrize("node", ["rate-1", "parity"])
def test_paths_are_the_best_flips_of_the_least_reliable_bits(node: Pruned, most: int, size: int) -> None:
    """One node is the whole code: of rate 1, or a single parity check."""
    n, even = 16, node == "parity"
    code = PolarCode(information=range(int(even), n), n=n)
    llr = llrs(n, size + most)
    search = ListSearch(code, size, "min-sum", prune={node: most})
    paths = search.find(grouped(np.ascontiguousarray(llr.T)), FRAMES)
    for frame in range(FRAMES):
        order = np.argsort(np.abs(llr[frame]), kind="stable")
        free, least = (order[1 : most + 1], order[0]) if even else (order[:most], order[0])
        metrics = []
        for flips in itertools.product((0, 1), repeat=most):
            wrong = llr[frame] < 0
            decided = wrong.copy()
            decided[free] ^= np.array(flips, bool)
            if even and decided.sum() % 2:
                decided[least] ^= True
            metrics.append(np.abs(llr[frame])[decided != wrong].astype(np.float64).sum())
        best = np.sort(metrics)[:size] - min(metrics)
        found = paths.metrics[0, frame].astype(np.float64)
        np.testing.assert_allclose(found[: len(best)], best, atol=1e-4)
        assert np.isinf(found[len(best) :]).all()


def test_with_as_many_forks_as_paths_nothing_is_pruned() -> None:
    code, size = unmatched(n=128, k=80), 8
    llr = np.random.default_rng(4).normal(1, 0.8, (300, 128)).astype(np.float32)  # of the zero word
    exact = SCLDecoder(code, list=size, box_plus="min-sum").decode(llr).bits
    enough = SCLDecoder(code, list=size, box_plus="min-sum", prune={"rate-1": size - 1, "parity": size})
    few = SCLDecoder(code, list=size, box_plus="min-sum", prune={"rate-1": 1, "parity": 1})
    np.testing.assert_array_equal(enough.decode(llr).bits, exact)
    assert (few.decode(llr).bits != exact).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prune": {"rate-1": 2}}, "prune takes box_plus: min-sum in float32"),
        ({"prune": {"rate-1": 2}, "precision": "int8"}, "prune takes box_plus: min-sum in float32"),
        ({"prune": {"rate-1": 0}, "box_plus": "min-sum"}, "prune: rate-1 must lie in 1 to 1024, got 0"),
        ({"prune": {"spc": 1}, "box_plus": "min-sum"}, "prune takes rate-1 and parity, not spc"),
    ],
)
def test_what_prune_does_not_take(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SCLDecoder(unmatched(n=8, k=4), **arguments)  # type: ignore[arg-type]
