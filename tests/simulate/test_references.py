"""Published curves, simulated by another program, come out of the whole chain here too."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

from tests.lazy import but_slow


def dvb_s2(rate: str, schedule: str, iterations: int, **algorithm: Any) -> dict[str, Any]:
    """A short frame and its decoder."""
    code = {"type": "ldpc", "standard": "dvb-s2", "n": 16200, "rate": rate}
    return {
        "code": code,
        "decoder": {"type": "bp", "schedule": schedule, "iterations": iterations, **algorithm},
    }


_MIN_SUM = {"algorithm": "min-sum", "scale": 0.75}
#: For each reference: the code and decoder it was simulated with.
LINKS: dict[str, dict[str, Any]] = {
    "repetition_4096_128": {"code": {"type": "repetition", "n": 4096, "k": 128}},
    "ldpc_ccsds_128_64_layered_spa50": {
        "code": {"type": "ldpc", "alist": "CCSDS_64_128.alist"},
        "decoder": {"type": "bp", "algorithm": "sum-product", "schedule": "layered", "iterations": 50},
    },
    "ldpc_wimax_576_288_flooding_spa100": {
        "code": {"type": "ldpc", "alist": "WIMAX_288_576.alist"},
        "decoder": {"type": "bp", "algorithm": "sum-product", "schedule": "flooding", "iterations": 100},
    },
    "ldpc_wimax_576_288_layered_nms100": {
        "code": {"type": "ldpc", "alist": "WIMAX_288_576.alist"},
        "decoder": {
            "type": "bp", "algorithm": "min-sum", "schedule": "layered", "iterations": 100, "scale": 0.825,
            "stop": "none",
        },
    },
    "ldpc_wran_480_360_layered_spa40": {
        "code": {"type": "ldpc", "standard": "wran", "n": 480, "rate": "3/4"},
        "decoder": {"type": "bp", "algorithm": "sum-product", "schedule": "layered", "iterations": 40},
    },
    "ldpc_dvbs2_16200_11880_flooding_spa10": dvb_s2("3/4", "flooding", 10, algorithm="sum-product"),
    "ldpc_dvbs2_16200_14400_flooding_spa10": dvb_s2("8/9", "flooding", 10, algorithm="sum-product"),
    "ldpc_dvbs2_16200_11880_layered_spa50": dvb_s2("3/4", "layered", 50, algorithm="sum-product"),
    "ldpc_dvbs2_16200_14400_layered_spa50": dvb_s2("8/9", "layered", 50, algorithm="sum-product"),
    "ldpc_dvbs2_16200_11880_layered_nms10": dvb_s2("3/4", "layered", 10, **_MIN_SUM),
    "ldpc_dvbs2_16200_12600_layered_nms20": dvb_s2("4/5", "layered", 20, **_MIN_SUM),
    "ldpc_dvbs2_16200_14400_layered_nms30": dvb_s2("8/9", "layered", 30, **_MIN_SUM),
    "ldpc_dvbs2_16200_10800_bsc_layered_nms10": dvb_s2("2/3", "layered", 10, algorithm="min-sum", scale=0.825),
    "ldpc_wimax_576_288_flooding_ams_minstar100": {
        "code": {"type": "ldpc", "alist": "WIMAX_288_576.alist"},
        "decoder": {"type": "bp", "algorithm": "a-min*", "iterations": 100},
    },
    "ldpc_wimax_576_288_flooding_ams_linear100": {
        "code": {"type": "ldpc", "alist": "WIMAX_288_576.alist"},
        "decoder": {"type": "bp", "algorithm": "a-min*", "correction": "linear", "iterations": 100},
    },
    "ldpc_ar4ja_8192_4096_flooding_ams100": {
        "code": {"type": "ldpc", "qc": "AR4JA_4096_8192.qc", "puncture": {"start": 8192, "stop": 10239}},
        "decoder": {"type": "bp", "algorithm": "a-min*", "correction": "linear", "iterations": 100},
    },
}  # fmt: skip
#: Where points are fewer than 8: the least rate, and the points down to there. Frames of DVB-S2 are long.
LONG = {
    "ldpc_wran_480_360_layered_spa40": (1e-3, 7),
    "ldpc_dvbs2_16200_11880_flooding_spa10": (1e-2, 9),
    "ldpc_dvbs2_16200_14400_flooding_spa10": (1e-2, 8),
    "ldpc_dvbs2_16200_11880_layered_spa50": (1e-3, 2),
    "ldpc_dvbs2_16200_14400_layered_spa50": (1e-2, 4),
    "ldpc_dvbs2_16200_11880_layered_nms10": (5e-3, 6),
    "ldpc_dvbs2_16200_12600_layered_nms20": (1e-2, 3),
    "ldpc_dvbs2_16200_14400_layered_nms30": (3e-3, 5),
    "ldpc_dvbs2_16200_10800_bsc_layered_nms10": (9e-3, 6),
}
#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3
LEAST_FER = 1e-3


@pytest.mark.parametrize("name", but_slow(LINKS, ("repetition_4096_128", "ldpc_ccsds_128_64_layered_spa50")))
def test_published_curve(name: str, shared: Path) -> None:
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    parameter = next(iter(points[0]))
    channel = {"ebno_db": "awgn", "f": "bsc"}[parameter]
    least, fewest = LONG.get(name, (LEAST_FER, 8))
    reference = {
        float(point[parameter]): (int(float(point["frame_errors"])), int(float(point["frames"])))
        for point in points
        if float(point["frame_errors"]) >= least * float(point["frames"])
        and (channel == "awgn" or float(point["frame_errors"]) < float(point["frames"]))
    }
    link = LINKS[name]
    for kind in {"alist", "qc"} & link["code"].keys():
        link = {**link, "code": {**link["code"], kind: str(shared / "alist" / link["code"][kind])}}
    results = run(
        {
            "name": "reference",
            "channel": {"type": channel, parameter: list(reference)},
            "curves": [{"label": name, **link}],
            "stop": {"frame_errors": 100 if "dvbs2" in name else 200, "frames": 200_000},
        },
        save=False,
    )
    assert len(results) == len(reference) >= fewest
    for row in results:
        errors, frames = reference[row.value]
        table = [[row.frame_errors, row.frames - row.frame_errors], [errors, frames - errors]]
        p = scipy.stats.fisher_exact(table).pvalue
        assert p > SIGNIFICANCE, (
            f"{parameter} = {row.value}: {row.fer:.3e} here, {errors / frames:.3e} there, p = {p:.1e}"
        )
