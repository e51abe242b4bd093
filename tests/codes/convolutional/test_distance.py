"""Free distances and spectra: published ones, another program's, and paths counted one by one."""

from typing import Any

import komm
import numpy as np
import pytest
from capgap.codes import ConvolutionalCode
from capgap.codes.convolutional.encoding.circuit import Circuit
from capgap.codes.convolutional.encoding.puncturing import pattern_of
from capgap.codes.convolutional.weights.distance import distance_spectrum, free_distance

#: Codes of maximum free distance by rate and memory (Larsen, 1973; Frenger, Orten and Ottosson, 1998), and
#: codes of standards.
DISTANCES = """
5,7 5 | 15,17 6 | 23,35 7 | 53,75 8 | 133,171 10 | 247,371 10 | 561,753 12 | 1167,1545 12 | 2335,3661 14 |
4335,5723 15 | 10533,17661 16 | 21675,27123 16 | 55367,63121 18 |
5,7,7 8 | 13,15,17 10 | 25,33,37 12 | 47,53,75 13 | 133,145,175 15 | 225,331,367 16 | 557,663,711 18 |
1117,1365,1633 20 | 2353,2671,3175 22 | 4767,5723,6265 24 | 10533,10675,17661 24 | 21645,35661,37133 26 |
5,7,7,7 10 | 13,15,15,17 13 | 25,27,33,37 16 | 53,67,71,75 18 | 135,135,147,163 20 | 235,275,313,357 22 |
463,535,733,745 24 | 1117,1365,1633,1653 27 | 2327,2353,2671,3175 29 | 4767,5723,6265,7455 32 |
11145,12477,15537,16727 32 | 21113,23175,35527,35537 36 |
133,171,165 15 | 133,171,145,133 19 | 46321,51271,63667,70535,73277,76513 56 | 46321,51271,63667,70535 35
"""


def circuit_of(generators: Any, feedback: Any = None) -> Circuit:
    k = len(generators) if isinstance(generators[0], list) else 1
    return ConvolutionalCode(generators=generators, feedback=feedback, k=k * 8).encoder.circuit


def test_free_distances_are_those_of_tables() -> None:
    for entry in DISTANCES.split("|"):
        generators, expected = entry.split()
        assert free_distance(circuit_of(generators.split(","))) == int(expected), entry


@pytest.mark.parametrize(
    ("generators", "rows", "first", "paths", "ones"),
    [
        ([5, 7], None, 5, [1, 2, 4, 8, 16], [1, 4, 12, 32, 80]),
        ([133, 171], None, 10, [11, 0, 38, 0, 193, 0, 1331, 0, 7275],
         [36, 0, 211, 0, 1404, 0, 11633, 0, 77433]),
        ([133, 171, 165], None, 15, [3, 3, 6, 9, 4], [7, 8, 22, 44, 22]),
        ([561, 753], None, 12, [11, 0, 50, 0, 286], [33, 0, 281, 0, 2179]),
        # Haccoun and Begin, 1989, table IV, and Yasuda, Kashiki and Hirata, 1984.
        ([133, 171], ["11", "10"], 6, [1, 16, 48, 158, 642], [3, 70, 285, 1276, 6160]),
        ([133, 171], ["110", "101"], 5, [8, 31, 160, 892, 4512], [42, 201, 1492, 10469, 62935]),
    ],
)  # fmt: skip
def test_spectra_are_those_of_tables(
    generators: Any, rows: Any, first: int, paths: list[int], ones: list[int]
) -> None:
    pattern = None if rows is None else pattern_of(rows, len(generators))
    found = distance_spectrum(circuit_of(generators), pattern, terms=len(paths))
    assert found.free_distance == first == free_distance(circuit_of(generators), pattern)
    assert (list(found.paths), list(found.information)) == (paths, ones)
    assert found.phases == (1 if rows is None else len(rows[0]))
    assert list(found.weights) == list(range(first, first + len(paths)))


def test_rows_of_puncturing_may_not_be_swapped() -> None:
    circuit = circuit_of([133, 171])
    for rows, distance in ((["11", "10"], 6), (["110", "101"], 5), (["11010", "10101"], 4)):
        assert free_distance(circuit, pattern_of(rows, 2)) == distance
    assert free_distance(circuit, pattern_of(["1111010", "1000101"], 2)) == 3
    swapped = pattern_of(["1000101", "1111010"], 2)
    assert free_distance(circuit, swapped) == 2
    with pytest.raises(ValueError, match=r"puncture leaves circles of weight 0.*the free distance is 2"):
        distance_spectrum(circuit, swapped)


@pytest.mark.parametrize(
    ("generators", "feedback", "theirs", "their_feedback"),
    [
        ([5, 7], None, [[0b101, 0b111]], None),
        ([15, 17], None, [[0b1011, 0b1111]], None),
        ([13, 15, 17], 13, [[0b1101, 0b1011, 0b1111]], [0b1101]),
        ([["3", "1", "0"], ["0", "3", "2"]], None, [[0b11, 0b10, 0b00], [0b00, 0b11, 0b01]], None),
        ([["3", "2", "3"], ["2", "1", "1"]], None, [[0b11, 0b01, 0b11], [0b01, 0b10, 0b10]], None),
    ],
)
def test_free_distances_are_those_of_komm(
    generators: Any, feedback: Any, theirs: Any, their_feedback: Any
) -> None:
    """komm writes polynomials with the current input in the lowest bit."""
    expected = komm.ConvolutionalCode(theirs, their_feedback).free_distance()
    assert free_distance(circuit_of(generators, feedback)) == expected


@pytest.mark.parametrize(
    ("generators", "feedback", "rows"),
    [
        ([5, 7], None, None),
        ([13, 15], 13, ["11", "10"]),
        ([5, 7, 7], None, ["101", "110", "011"]),
        ([["3", "1", "0"], ["0", "3", "2"]], None, ["11", "10", "11"]),
        ([["3", "2", "3"], ["2", "1", "1"]], None, None),
    ],
)
def test_paths_are_those_counted_one_by_one(generators: Any, feedback: Any, rows: Any) -> None:
    circuit = circuit_of(generators, feedback)
    pattern = np.ones((circuit.outputs, 1), np.uint8) if rows is None else pattern_of(rows, circuit.outputs)
    trellis, terms = circuit.trellis, 5
    found = distance_spectrum(circuit, pattern, terms=terms)
    most = found.free_distance + terms - 1
    paths, ones = [0] * (most + 1), [0] * (most + 1)

    def walk(state: int, step: int, weight: int, information: int, begun: bool) -> None:
        for given in range(1 << circuit.inputs):
            if state == 0 and (begun or given == 0):
                continue
            sent = [trellis.labels[state, given] >> i & pattern[i, step] for i in range(circuit.outputs)]
            then, total = weight + int(sum(sent)), information + given.bit_count()
            if then > most:
                continue
            after = int(trellis.following[state, given])
            if after == 0:
                paths[then] += 1
                ones[then] += total
            else:
                walk(after, (step + 1) % pattern.shape[1], then, total, True)

    for step in range(pattern.shape[1]):
        walk(0, step, 0, 0, False)
    assert not any(paths[: found.free_distance])
    assert paths[found.free_distance :] == list(found.paths)
    assert ones[found.free_distance :] == list(found.information)


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="terms must lie in 1 to 1000, got 0"):
        distance_spectrum(circuit_of([5, 7]), terms=0)
    with pytest.raises(ValueError, match=r"terms: counts exceed 2\^54 from weight"):
        distance_spectrum(circuit_of([5, 7]), terms=100)
