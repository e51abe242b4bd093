"""APSK of the standards and of one's own, and constellations from files."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import APSK, bicm_limit_esno, coded_modulation_limit_esno, psk, to_db
from capgap.channels.modulation.apsk import RATIOS
from capgap.channels.modulation.constellation.files import ConstellationFileError, read_constellation
from capgap.channels.modulation.custom import Custom


@pytest.mark.parametrize(("standard", "order"), list(RATIOS))
def test_rings_of_standards(standard: Any, order: int) -> None:
    for rate, ratios in RATIOS[standard, order].items():
        points = APSK(standard=standard, order=order, rate=rate).constellation.points
        radii, sizes = np.unique(np.round(abs(points) / abs(points).min(), 6), return_counts=True)
        np.testing.assert_allclose(radii, [1.0, *ratios])
        assert sizes.tolist() == [4, 12, 16][: len(sizes)]


def test_32_points_of_dvb_s2() -> None:
    """ETSI EN 302 307-1, figure 12: labels of a few points, by their ring and angle in degrees."""
    constellation = APSK(standard="dvb-s2", order=32, rate="4/5").constellation
    inner = abs(constellation.points).min()
    found = {
        int(label): (
            round(abs(point) / inner, 2),
            round(math.degrees(math.atan2(point.imag, point.real)) % 360, 1),
        )
        for label, point in zip(constellation.labels, constellation.points, strict=True)
    }
    assert found[0b10001] == (1.0, 45.0)
    assert found[0b00000] == (2.72, 45.0)
    assert found[0b10010] == (2.72, 345.0)
    assert found[0b11000] == (4.87, 0.0)
    assert found[0b11101] == (4.87, 112.5)
    assert found[0b11010] == (4.87, 337.5)


def test_limits_are_those_of_table_13() -> None:
    """BICM limits of 16 points, coded-modulation limits of 32, at the rates of DVB-S2, to the digits known."""
    for rate, known in (("2/3", 8.098), ("9/10", 12.367)):
        constellation = APSK(standard="dvb-s2", order=16, rate=rate).constellation
        top, bottom = map(int, rate.split("/"))
        assert to_db(bicm_limit_esno(constellation, 4 * top / bottom)) == pytest.approx(known, abs=6e-4)
    constellation = APSK(standard="dvb-s2", order=32, rate="3/4").constellation
    assert to_db(coded_modulation_limit_esno(constellation, 3.75)) == pytest.approx(11.568, abs=6e-4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "apsk needs a standard, with order and rate, or rings"),
        ({"standard": "dvb-s2", "order": 64}, "order must be 16 or 32 with dvb-s2, got 64"),
        ({"standard": "dvb-s2", "order": 32, "rate": "2/3"}, "rate must be one of 3/4, .* got 2/3"),
        ({"standard": "dvb-s2", "order": 16, "radii": [1.0]}, "leave out rings, radii"),
        ({"standard": "dvb", "order": 16}, "standard must be dvb-s2 or dvb-s2x"),
        ({"rings": [4, 8], "radii": [1.0, 2.0]}, "a power of two of points in all, got 12"),
        ({"rings": [1, 7], "radii": [1.0, 2.0]}, "labels are needed"),
        ({"rings": [4, 4], "radii": [1.0, 2.0], "order": 16}, "order must be that of the rings, 8, got 16"),
        ({"rings": [4, 4], "radii": [1.0, 2.0], "rate": "1/2"}, "rate is that of a standard"),
        ({"rings": [1, 3], "radii": [1.0, 2.0], "labels": [0, 1, 2, 2]}, "3 is missing, 2 stands 2 times"),
    ],
)
def test_mistakes(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        APSK(**given)


def test_rings_of_ones_own() -> None:
    made = APSK(rings=[1, 7], radii=[0.5, 1.5], phases=[0.0, 10.0], labels=list(range(8))).constellation
    assert np.rad2deg(np.angle(made.points[1])) == pytest.approx(10)
    assert made.labels.tolist() == list(range(8))


def written(folder: Path, text: str) -> Path:
    file = folder / "points.txt"
    file.write_text(text)
    return file


def test_a_file(tmp_path: Path) -> None:
    file = written(tmp_path, "# four phases\n00 2 0\n01 0 2  # up\n\n11 -2\n10 0 -2\n")
    made = Custom(file=file).constellation
    np.testing.assert_allclose(made.points, psk(4).points, atol=1e-15)
    np.testing.assert_array_equal(made.labels, psk(4).labels)
    assert made.name == "points"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "the file has no points"),
        ("0 1 0\n1 x 0\n", 2, "expected a number, found 'x'"),
        ("0 1 0\n1 nan 0\n", 2, "expected a number, found 'nan'"),
        ("0 1 0\n2 1 0\n", 2, "a line is a label, its bits, and one or two numbers, got '2 1 0'"),
        ("0 1 0\n1 1 0 3\n", 2, "a line is a label"),
        ("00 1 0\n1 1 1\n", 2, "the label 1 has 1 bits, the first has 2"),
        ("00 1 0\n01 1 1\n00 2 2\n", 3, "the label 00 is on line 1 already"),
        ("00 1 0\n01 1 1\n10 1 0\n", 3, "the point is on line 1 already"),
        ("00 1 0\n01 1 1\n11 2 2\n", None, "the label 10 is missing"),
        ("0" * 13 + " 1 0\n", 1, "labels have at most 12 bits, got 13"),
    ],
)
def test_mistakes_in_files(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConstellationFileError) as raised:
        read_constellation(file)
    where = f"{file}: " if line is None else f"{file}:{line}: "
    assert str(raised.value).startswith(where + message)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConstellationFileError, match="there is no such file"):
        read_constellation(tmp_path / "none")
    with pytest.raises(ConstellationFileError, match="not a regular file"):
        read_constellation(tmp_path)


def test_points_in_a_list() -> None:
    assert Custom(points=[[1.0, 0.0], [-1.0, 0.0]]).constellation.labels.tolist() == [0, 1]
    for given, message in (
        ({}, "file or points are needed"),
        ({"points": [[1.0], [2.0]]}, "a real and an imaginary part each"),
        ({"points": [[1.0, 0.0]] * 3}, "order must be a power of two"),
        ({"file": Path("x"), "labels": [0, 1]}, "labels stand in the file"),
    ):
        with pytest.raises(ValueError, match=message):
            Custom(**given)
