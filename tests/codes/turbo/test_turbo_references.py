"""Published curves of AFF3CT: recursive convolutional codes and turbo codes of LTE."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

RSC = {"type": "convolutional", "generators": [33], "feedback": 23, "k": 1024}
MAX_LOG = {"type": "bcjr", "algorithm": "max-log"}
#: Both constituents' LLRs times 0.75, but the second one's as they are in the last two iterations.
SIX = [0.75] * 8 + [0.75, 1, 0.75, 1]
#: The same where a check ends frames, of eight iterations.
EIGHT = [0.75] * 12 + [0.75, 1, 0.75, 1]
LINKS: dict[str, dict[str, Any]] = {
    "rsc_2056_1024_maxlog_bcjr": {"code": RSC, "decoder": MAX_LOG},
    "turbo_lte_6144_maxlog_i6": {
        "code": {"type": "turbo", "standard": "lte", "k": 6144},
        "decoder": {"type": "turbo", "iterations": 6, "algorithm": "max-log", "scale": SIX},
    },
    "turbo_2048_i8_ref_lte": {
        "code": {
            "type": "crc",
            "polynomial": "24a",
            "code": {
                "type": "turbo",
                "forward": [15],
                "feedback": 13,
                "k": 2048,
                "interleaver": {"type": "qpp", "f1": 31, "f2": 64},
                "puncture": ["11", "10", "01"],
            },
        },
        "decoder": {"type": "turbo", "iterations": 8, "algorithm": "max-log", "scale": EIGHT, "stop": "crc"},
    },
    # The reference interleaves by the inverse of the standard's permutation, which is as good.
    "turbo_dvb_rcs1_1504_3008_i8_ref": {
        "code": {
            "type": "crc",
            "polynomial": 0x04C11DB7,
            "code": {"type": "turbo", "standard": "dvb-rcs", "k": 1504, "rate": "1/2"},
        },
        "decoder": {
            "type": "turbo",
            "iterations": 8,
            "algorithm": "max-log",
            "scale": [0.5] * 4 + [0.85] * 12,
            "stop": "crc",
        },
    },
}
#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3
POINTS = [
    ("rsc_2056_1024_maxlog_bcjr", 2.0, 500),
    ("rsc_2056_1024_maxlog_bcjr", 3.0, 1500),
    ("turbo_lte_6144_maxlog_i6", 0.5, 192),
    ("turbo_2048_i8_ref_lte", 0.9, 320),
]
MORE = [
    ("rsc_2056_1024_maxlog_bcjr", 3.5, 20_000),
    ("rsc_2056_1024_maxlog_bcjr", 4.0, 50_000),
    ("turbo_lte_6144_maxlog_i6", 0.4, 4000),
    ("turbo_lte_6144_maxlog_i6", 0.6, 13_000),
    ("turbo_lte_6144_maxlog_i6", 0.7, 40_000),
    ("turbo_2048_i8_ref_lte", 1.0, 4000),
    ("turbo_2048_i8_ref_lte", 1.2, 10_000),
    ("turbo_2048_i8_ref_lte", 1.3, 30_000),
    ("turbo_dvb_rcs1_1504_3008_i8_ref", 1.0, 1000),
    ("turbo_dvb_rcs1_1504_3008_i8_ref", 1.2, 4000),
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
            "curves": [{"label": name, **LINKS[name]}],
            "stop": {"frames": frames},
        },
        save=False,
    )
    table = [[row.frame_errors, row.frames - row.frame_errors], [errors, there - errors]]
    p = scipy.stats.fisher_exact(table).pvalue
    assert p > SIGNIFICANCE, f"{ebno_db} dB: {row.fer:.3e} here, {errors / there:.3e} there, p = {p:.1e}"
