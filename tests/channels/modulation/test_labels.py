"""Labels by what they are for: neighbours apart in few or many bits, halves of a set far apart."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import Constellation, cross_qam, pam, psk, qam
from capgap.channels.modulation.constellation.labels import Labels

Array = npt.NDArray[Any]


def distances(constellation: Constellation) -> Array:
    distance = abs(constellation.points[:, None] - constellation.points)
    np.fill_diagonal(distance, np.inf)
    return distance


def bits_between_neighbours(constellation: Constellation) -> Array:
    distance, labels = distances(constellation), constellation.labels
    apart = np.bitwise_count(labels[:, None] ^ labels)
    found: Array = apart[distance < distance.min() * 1.001]
    return found


@pytest.mark.parametrize("order", [2, 4, 8, 64])
def test_gray(order: int) -> None:
    for constellation in (pam(order), psk(order), qam(order * 4), qam(order * 2)):
        assert (bits_between_neighbours(constellation) == 1).all()


@pytest.mark.parametrize("order", [8, 64])
def test_anti_gray(order: int) -> None:
    """Neighbours differ in all bits, or in all but one."""
    bits = order.bit_length() - 1
    for constellation in (pam(order, "anti-gray"), psk(order, labels="anti-gray")):
        assert set(bits_between_neighbours(constellation)) == {bits - 1, bits}


def least_distances(constellation: Constellation) -> list[float]:
    """Within the sets of points that agree in the last bits, in units of the distance of neighbours."""
    distance, labels, found = distances(constellation), constellation.labels, []
    for level in range(int(constellation.bits)):
        kept = labels & ((1 << level) - 1)
        found.append(distance[kept[:, None] == kept].min() / distance.min())
    return found


def test_set_partitioning() -> None:
    """Ungerboeck, 1982, figures 2 and 3: distances grow by sqrt 2 in the plane and by 2 on a line."""
    np.testing.assert_allclose(least_distances(qam(16, "set-partitioning")), np.sqrt([1, 2, 4, 8]))
    np.testing.assert_allclose(least_distances(qam(8, "set-partitioning")), np.sqrt([1, 2, 4]))
    np.testing.assert_allclose(least_distances(qam(256, "set-partitioning")), np.sqrt(2.0 ** np.arange(8)))
    np.testing.assert_allclose(least_distances(cross_qam(32, "set-partitioning")), np.sqrt([1, 2, 4, 8, 8]))
    np.testing.assert_allclose(least_distances(pam(8, "set-partitioning")), [1, 2, 4])
    steps = np.sin(np.pi / np.array([8, 4, 2])) / np.sin(np.pi / 8)
    np.testing.assert_allclose(least_distances(psk(8, labels="set-partitioning")), steps)


@pytest.mark.parametrize("order", [32, 128, 512])
def test_crosses(order: int) -> None:
    """A square three quarters of twice the rectangle's height, without its corners; nearly Gray."""
    constellation = cross_qam(order)
    unit = distances(constellation).min() / 2
    places = (
        np.unique(np.round(constellation.points.real / unit)),
        np.unique(np.round(constellation.points.imag / unit)),
    )
    side = 3 * round((order / 2) ** 0.5) // 2
    for axis in places:
        np.testing.assert_array_equal(axis, np.arange(1 - side, side, 2))
    counted = np.bincount(bits_between_neighbours(constellation))
    assert counted[1] > 0.8 * counted.sum()
    assert len(counted) == 3  # one or two bits


@pytest.mark.parametrize("name", ["natural", "anti-gray", "set-partitioning", "gray"])
def test_labels_are_a_bijection(name: Labels) -> None:
    for constellation in (
        pam(16, name),
        psk(16, labels=name),
        qam(64, name),
        qam(8, name),
        cross_qam(128, name),
    ):
        np.testing.assert_array_equal(np.sort(constellation.labels), np.arange(constellation.order))


@pytest.mark.parametrize("order", [4, 16, 64, 256, 1024])
def test_those_of_5g(order: int) -> None:
    """TS 38.211, 5.1.3 to 5.1.7: (1 - 2 b0) [4 - (1 - 2 b2) [2 - (1 - 2 b4)]] on the real axis of 64-QAM."""
    constellation = qam(order, "nr")
    assert (bits_between_neighbours(constellation) == 1).all()
    expected = np.zeros(order, complex)
    for unit, first in ((1, 0), (1j, 1)):
        level = np.zeros(order)
        for i, bit in enumerate(constellation.label_bits.T[first::2][::-1]):
            level = (1 - 2.0 * bit) * (2**i - level if i else 1)
        expected += unit * level
    np.testing.assert_allclose(constellation.points, expected / np.sqrt(np.mean(abs(expected) ** 2)))


def test_only_squares_have_those_of_5g() -> None:
    for make in (lambda: qam(8, "nr"), lambda: cross_qam(32, "nr")):
        with pytest.raises(ValueError, match="labels nr are those of squares"):
            make()
    with pytest.raises(ValueError, match=r"labels must be gray, .* got 'nr'"):
        psk(4, labels="nr")  # type: ignore[arg-type]


def test_a_list() -> None:
    assert psk(4, labels=[3, 1, 0, 2]).labels.tolist() == [3, 1, 0, 2]
    assert qam(4, [3, 1, 0, 2]).labels.tolist() == [3, 1, 0, 2]
    assert pam(4, np.array([3, 1, 0, 2])).labels.tolist() == [3, 1, 0, 2]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 1, 3], "each number from 0 to 3 once: 2 is missing, 1 stands 2 times"),
        ([0, 1, 2], "labels must be 4, one for each point, got 3"),
        ([0, 1, 2, 4], r"labels must lie in \[0, 3\], got 4"),
        ([0, 1, 2, 2.5], "labels must be"),
        ("grey", "labels must be gray, natural, set-partitioning, anti-gray or a list, got 'grey'"),
        (7, "labels must be gray, .* got 7"),
    ],
)
def test_mistakes(labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        psk(4, labels=labels)


def test_no_cross() -> None:
    for order in (8, 64):
        with pytest.raises(ValueError, match=f"order must be 32, 128, 512 or 2048 for a cross, got {order}"):
            cross_qam(order)
