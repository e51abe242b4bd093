"""Short cycles and trapping sets, against searches one by one and published counts."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import LDPCCode, TannerGraph
from capgap.codes.ldpc.analysis.cycles import short_cycles
from capgap.codes.ldpc.analysis.trapping_sets import trapping_sets
from capgap.codes.matrix_files.quasi_cyclic import expand

#: R. M. Tanner, D. Sridhara and T. Fuja, 2001, "A class of group-structured LDPC codes".
TANNER = [[[1], [2], [4], [8], [16]], [[5], [10], [20], [9], [18]], [[25], [19], [7], [14], [28]]]


def cycles_one_by_one(matrix: npt.NDArray[np.uint8], length: int) -> int:
    """Closed paths over different variables and checks, each found from its least variable in two ways."""
    checks_of = [np.flatnonzero(column).tolist() for column in matrix.T]
    variables_of = [np.flatnonzero(row).tolist() for row in matrix]

    def paths(root: int, variables: list[int], checks: list[int]) -> int:
        found = 0
        for check in checks_of[variables[-1]]:
            if check in checks:
                continue
            if 2 * len(variables) == length:
                found += len(variables) > 1 and root in variables_of[check]
                continue
            for other in variables_of[check]:
                if other > root and other not in variables:
                    found += paths(root, [*variables, other], [*checks, check])
        return found

    return sum(paths(root, [root], []) for root in range(matrix.shape[1])) // 2


@pytest.mark.parametrize(
    ("checks", "variables", "share"), [(6, 9, 0.4), (9, 6, 0.6), (12, 20, 0.17), (14, 16, 0.14)]
)
def test_counts_are_those_of_a_search(checks: int, variables: int, share: float) -> None:
    for seed in range(4):
        matrix = (np.random.default_rng(seed).random((checks, variables)) < share).astype(np.uint8)
        found = short_cycles(TannerGraph.from_matrix(matrix))
        assert len(found.counts) >= 2
        assert found.counts == {length: cycles_one_by_one(matrix, length) for length in found.counts}
        assert found.girth in (None, TannerGraph.from_matrix(matrix).girth())


def test_tanners_code() -> None:
    graph = TannerGraph.from_matrix(expand(TANNER, 31))
    found = short_cycles(graph, 31, longest=14, most_steps=1e9)
    assert found == short_cycles(graph, longest=14, most_steps=1e9)
    assert (found.girth, found.counts[8], found.counts[10]) == (8, 465, 3720)
    assert list(found.counts) == [4, 6, 8, 10, 12, 14]
    assert list(short_cycles(graph, longest=16, most_steps=1e9).counts) == [4, 6, 8, 10, 12, 14]
    assert list(short_cycles(graph, most_steps=1e3).counts) == []


def test_graphs_without_cycles_and_without_edges() -> None:
    chain = np.eye(4, 5, dtype=np.uint8) | np.eye(4, 5, 1, dtype=np.uint8)
    assert math.isinf(short_cycles(TannerGraph.from_matrix(chain)).girth or 0)
    assert math.isinf(short_cycles(TannerGraph(3, np.zeros(1, np.int32), np.zeros(0, np.int32))).girth or 0)
    with pytest.raises(ValueError, match="lifting_size must divide"):
        short_cycles(TannerGraph.from_matrix(chain[:, :4]), 3, longest=8)


def test_trapping_sets_of_tanners_code() -> None:
    """The counts of many publications, and those of an independent search, for all copies and by orbits."""
    graph = TannerGraph.from_matrix(expand(TANNER, 31))
    found = trapping_sets(graph, 8, 31, largest=10)
    published = {(4, 4): 465, (5, 3): 155, (6, 4): 1860, (7, 3): 930, (8, 2): 465, (9, 3): 4185, (10, 2): 930}
    assert found.complete
    assert published.items() <= found.counts.items()
    by_one = trapping_sets(graph, 8)
    assert {a: n for a, n in found.counts.items() if a[0] <= 8} == by_one.counts
    matrix = graph.matrix()
    for (a, b), variables in found.smallest.items():
        assert (len(set(variables)), int((matrix[:, list(variables)].sum(axis=1) % 2).sum())) == (a, b)
    assert not trapping_sets(graph, 8, seconds=0).complete


def test_what_is_told_of_codes() -> None:
    code = LDPCCode(expand(TANNER, 31), lifting_size=31)
    facts = code.info()
    assert (facts["checks"], facts["rank"], facts["girth"], facts["lifting size"]) == (93, 91, 8, 31)
    assert facts["edges by variable degree (lambda)"] == {3: 1.0}
    assert facts["cycles by length"] == {4: 0, 6: 0, 8: 465, 10: 3720}
    odd = LDPCCode(LDPCCode.regular(24, 12, 3).parity_check_matrix[:-1], lifting_size=6)
    assert odd.info()["cycles by length"] == LDPCCode(odd.parity_check_matrix).info()["cycles by length"]
    (sets,) = code.searched(5).values()
    assert sets["(8, 2)"] == 465
    assert LDPCCode([[1, 1, 0], [0, 1, 1]]).info()["girth"] == "none: there is no cycle"
    assert LDPCCode([[1, 1, 0], [0, 1, 1]]).searched(1) == {}
