"""Published curves, simulated by another program, come out of the whole chain here too."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

from tests.lazy import but_slow

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
        "code": {"type": "ldpc", "alist": "WRAN_360_480.alist"},
        "decoder": {"type": "bp", "schedule": "layered", "iterations": 40},
    },
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
#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3
LEAST_FER = 1e-3


@pytest.mark.parametrize("name", but_slow(LINKS, ("repetition_4096_128", "ldpc_ccsds_128_64_layered_spa50")))
def test_published_curve(name: str, shared: Path) -> None:
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    reference = {
        float(point["ebno_db"]): (int(float(point["frame_errors"])), int(float(point["frames"])))
        for point in points
        if float(point["frame_errors"]) >= LEAST_FER * float(point["frames"])
    }
    link = LINKS[name]
    for kind in {"alist", "qc"} & link["code"].keys():
        link = {**link, "code": {**link["code"], kind: str(shared / "alist" / link["code"][kind])}}
    results = run(
        {
            "name": "reference",
            "channel": {"type": "awgn", "ebno_db": list(reference)},
            "curves": [{"label": name, **link}],
            "stop": {"frame_errors": 200, "frames": 200_000},
        },
        save=False,
    )
    assert len(results) == len(reference) >= 8
    for row in results:
        errors, frames = reference[row.value]
        table = [[row.frame_errors, row.frames - row.frame_errors], [errors, frames - errors]]
        p = scipy.stats.fisher_exact(table).pvalue
        assert p > SIGNIFICANCE, (
            f"{row.value} dB: {row.fer:.3e} here, {errors / frames:.3e} there, p = {p:.1e}"
        )
