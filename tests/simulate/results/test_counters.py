"""Columns of results.csv after those of the contract: named counters."""

from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, Results, Row, load_results
from capgap.simulate.results.rows import COLUMNS, FILE, format_results, make_row
from capgap.simulate.statistics.tally import Tally


def row(value: float, **counters: int) -> Row:
    """A point with these counters."""
    identity: dict[str, Any] = {
        "curve": "a", "group": "a", "code": "c", "decoder": "d", "channel": "bsc", "n": 10, "k": 5, "rate": 0.5,
        "parameter": "f", "value": value, "ebno_db": None, "esno_db": None, "stop": "frames", "seconds": 1.0,
        "key": f"key {value}",
    }  # fmt: skip
    return make_row(Tally(100, 9, 18, 36, 2, 100, tuple(sorted(counters.items()))), **identity)


def load(folder: Path, text: str) -> Results:
    (folder / FILE).write_text(text)
    return load_results(folder)


def test_without_counters_the_file_is_the_contracts(tmp_path: Path) -> None:
    text = format_results((row(0.1), row(0.2)))
    assert text.split("\n")[0] == ",".join(COLUMNS)
    assert all(read.counters == {} for read in load(tmp_path, text))


def test_counters_are_written_and_read(tmp_path: Path) -> None:
    """Columns by name; a row without a counter has an empty cell, and not 0; numbers have no end."""
    rows = (row(0.1, uses=7, arrived=2**300), row(0.2, uses=0), row(0.3))
    text = format_results(rows)
    assert text.split("\n")[0] == ",".join([*COLUMNS, "arrived", "uses"])
    assert [line.rsplit(",", 2)[1:] for line in text.split("\n")[1:4]] == [
        [str(2**300), "7"],
        ["", "0"],
        ["", ""],
    ]
    read = load(tmp_path, text)
    assert read.rows == rows
    assert [each.counters for each in read] == [{"uses": 7, "arrived": 2**300}, {"uses": 0}, {}]
    assert read.rows[0].tally == rows[0].tally
    assert format_results(read.rows) == text


def with_column(text: str, name: str, *cells: str) -> str:
    """The file with a column more."""
    lines = text.rstrip("\n").split("\n")
    return "".join(f"{line},{cell}\n" for line, cell in zip(lines, (name, *cells), strict=True))


@pytest.mark.parametrize(
    ("name", "cells"), [("note", ("well", "")), ("", ("1", "2")), ("a b", ("1", "2")), ("c", ("", ""))]
)
def test_a_column_of_somebodys_is_no_counter(tmp_path: Path, name: str, cells: tuple[str, ...]) -> None:
    text = format_results((row(0.1), row(0.2)))
    assert [each.counters for each in load(tmp_path, with_column(text, name, *cells))] == [{}, {}]


@pytest.mark.parametrize("cell", ["-1", "1.5", "7x", "1e3", "nan", "٣"])
def test_a_damaged_counter_is_told(tmp_path: Path, cell: str) -> None:
    text = with_column(format_results((row(0.1), row(0.2))), "uses", "7", cell)
    with pytest.raises(InputError, match=r"results.csv:3: uses must be a whole number, found "):
        load(tmp_path, text)


def test_a_counter_twice_is_damage(tmp_path: Path) -> None:
    text = with_column(format_results((row(0.1, uses=3),)), "uses", "4")
    with pytest.raises(
        InputError, match=r"results.csv:1: the file is damaged: the column 'uses' stands in it twice"
    ):
        load(tmp_path, text)


def test_rates_are_those_of_the_counters(tmp_path: Path) -> None:
    """A row with weights whose FER is that of plain counting contradicts itself."""
    weights = {
        "weight": 9 << 148,
        "weight_squared": 9 << 296,
        "weighted_bits": 9 << 149,
        "weighted_bits_squared": 9 << 298,
    }
    weighted = row(0.1, **weights)
    assert weighted.fer == 0.045
    text = format_results((weighted,))
    assert load(tmp_path, text).rows == (weighted,)
    assert ",0.045," in text
    for damaged in (text.replace(",0.045,", ",0.09,"), text.replace(str(9 << 296), str(9 << 290))):
        with pytest.raises(InputError, match="contradict each other"):
            load(tmp_path, damaged)
