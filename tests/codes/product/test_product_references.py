"""Published curves of AFF3CT: squares of extended BCH codes, by Chase and Pyndiah's decoder."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

from tests.codes.product.samples import BCH, extended_cyclic


def hamming(r: int) -> dict[str, Any]:
    return {"type": "hamming", "r": r, "extended": True}


def bch(n: int) -> dict[str, Any]:
    """t = 2, and extended."""
    return {"type": "linear", "generator": extended_cyclic(n, BCH[n]).generator_matrix.tolist()}


#: Components, what makes them, and parameters; others are as in ``link``.
LINKS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "tpc_ebch_16_11_chase_p5_i8": (hamming, 4, {}),
    "tpc_ebch_32_21_chase_p5_i8": (bch, 31, {"alpha": [0.2, 0.2, 0.3, 0.3, 0.5]}),
    "tpc_ebch_128_120_chase_p4_i8": (hamming, 7, {"weakest": 4}),
    "tpc_ebch_128_120_chase_p5_i8": (hamming, 7, {}),
    "tpc_ebch_128_113_chase_p5_i8": (
        bch,
        127,
        {"alpha": [0.5, 0.5, 1, 1, 1, 1, 1.2], "coefficients": [0, 0.25, 0, 0, 3]},
    ),
    "tpc_ebch_256_247_chase_p5_i8": (hamming, 8, {}),
}


def link(name: str) -> dict[str, Any]:
    make, size, given = LINKS[name]
    component = make(size)
    decoder = {"type": "chase-pyndiah", "iterations": 8, "weakest": 5, "alpha": 0.5, "beta": "weakest"}
    return {
        "code": {"type": "product", "rows": component, "columns": component},
        "decoder": {**decoder, **given},
    }


#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3
POINTS = [
    ("tpc_ebch_16_11_chase_p5_i8", 1.5, 4000),
    ("tpc_ebch_32_21_chase_p5_i8", 1.0, 640),
    ("tpc_ebch_128_120_chase_p5_i8", 3.5, 192),
]
MORE = [
    ("tpc_ebch_16_11_chase_p5_i8", 0.0, 10_000),
    ("tpc_ebch_16_11_chase_p5_i8", 2.5, 100_000),
    ("tpc_ebch_16_11_chase_p5_i8", 3.0, 400_000),
    ("tpc_ebch_32_21_chase_p5_i8", 1.5, 20_000),
    ("tpc_ebch_32_21_chase_p5_i8", 1.75, 40_000),
    ("tpc_ebch_128_120_chase_p4_i8", 3.5, 1000),
    ("tpc_ebch_128_120_chase_p4_i8", 3.75, 6000),
    ("tpc_ebch_128_120_chase_p5_i8", 3.25, 500),
    ("tpc_ebch_128_113_chase_p5_i8", 2.8, 640),
    ("tpc_ebch_128_113_chase_p5_i8", 2.9, 1280),
    ("tpc_ebch_128_113_chase_p5_i8", 3.0, 6400),
    ("tpc_ebch_256_247_chase_p5_i8", 4.25, 640),
    ("tpc_ebch_256_247_chase_p5_i8", 4.38, 1920),
]


@pytest.mark.parametrize(
    ("name", "ebno_db", "frames"), [*POINTS, *(pytest.param(*each, marks=pytest.mark.slow) for each in MORE)]
)
def test_published_point(name: str, ebno_db: float, frames: int, shared: Path) -> None:
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    (point,) = (each for each in points if float(each["ebno_db"]) == ebno_db)
    errors, there = int(point["frame_errors"]), int(point["frames"])
    (row,) = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": [ebno_db]},
            "curves": [{"label": name, **link(name)}],
            "stop": {"frames": frames},
        },
        save=False,
    )
    table = [[row.frame_errors, row.frames - row.frame_errors], [errors, there - errors]]
    p = scipy.stats.fisher_exact(table).pvalue
    assert p > SIGNIFICANCE, f"{ebno_db} dB: {row.fer:.3e} here, {errors / there:.3e} there, p = {p:.1e}"
