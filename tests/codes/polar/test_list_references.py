"""Published curves of AFF3CT: lists of polar codes with checks, and of PAC codes."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3


def pac(size: int) -> dict[str, Any]:
    """The references write 0o33, which is 133 without its first tap.

    33 itself is another code, by (2.0 dB, list 128) 1.5 times worse than they are.
    """
    code = {"type": "polar", "n": 128, "k": 64, "construction": "reed-muller", "convolution": 133}
    return {"code": code, "decoder": {"type": "scl", "list": size, "box_plus": "min-sum"}}


def checked(n: int, k: int, polynomial: int, bits: int, size: int) -> dict[str, Any]:
    """A code for each point, by the Gaussian approximation."""
    inner = {
        "type": "polar",
        "n": n,
        "k": k + bits,
        "construction": "ga",
        "design": "each",
        "systematic": True,
    }
    return {
        "code": {"type": "crc", "polynomial": polynomial, "bits": bits, "code": inner},
        "decoder": {"type": "scl", "list": size, "box_plus": "min-sum"},
    }


LINKS: dict[str, dict[str, Any]] = {
    **{f"pac_128_64_rm_33_scl{size}": pac(size) for size in (1, 4, 8, 128)},
    **{
        f"polar_2048_1024_ascl_l{size:03}_crc32_spc4_p32": checked(2048, 1024, 0x04C11DB7, 32, size)
        for size in (2, 8, 16, 64)
    },
    "polar_2048_1723_scl_l32_crc16_spc4_p32": checked(2048, 1723, 0x8005, 16, 32),
    "polar_2048_1723_scl_l32_crc08_spc4_p32": checked(2048, 1723, 0xD5, 8, 32),
}
POINTS = [
    ("pac_128_64_rm_33_scl1", 2.0, 500),
    ("pac_128_64_rm_33_scl8", 1.5, 2000),
    ("pac_128_64_rm_33_scl128", 1.5, 4000),
    ("polar_2048_1024_ascl_l008_crc32_spc4_p32", 1.3, 800),
]
MORE = [
    ("pac_128_64_rm_33_scl4", 3.0, 40_000),
    ("pac_128_64_rm_33_scl8", 3.0, 40_000),
    ("pac_128_64_rm_33_scl128", 2.0, 40_000),
    ("pac_128_64_rm_33_scl128", 2.5, 100_000),
    ("polar_2048_1024_ascl_l002_crc32_spc4_p32", 1.6, 5000),
    ("polar_2048_1024_ascl_l008_crc32_spc4_p32", 1.5, 10_000),
    ("polar_2048_1024_ascl_l016_crc32_spc4_p32", 1.3, 6000),
    ("polar_2048_1024_ascl_l064_crc32_spc4_p32", 1.1, 2000),
    ("polar_2048_1723_scl_l32_crc16_spc4_p32", 3.0, 3000),
    ("polar_2048_1723_scl_l32_crc16_spc4_p32", 3.25, 8000),
]


@pytest.mark.parametrize(
    ("name", "value", "frames"), [*POINTS, *(pytest.param(*each, marks=pytest.mark.slow) for each in MORE)]
)
def test_published_point(name: str, value: float, frames: int, shared: Path) -> None:
    """Equal for PAC codes, which they decode as here; with pruned nodes they are a little worse."""
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    (point,) = (each for each in points if float(each["ebno_db"]) == value)
    errors, there = int(point["frame_errors"]), int(point["frames"])
    (row,) = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": [value]},
            "curves": [{"label": name, **LINKS[name]}],
            "stop": {"frames": frames},
        },
        save=False,
    )
    table = [[row.frame_errors, row.frames - row.frame_errors], [errors, there - errors]]
    sides = "two-sided" if name.startswith("pac") else "greater"
    p = scipy.stats.fisher_exact(table, alternative=sides).pvalue
    assert p > SIGNIFICANCE, f"{value} dB: {row.fer:.3e} here, {errors / there:.3e} there, p = {p:.1e}"
