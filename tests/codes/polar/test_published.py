"""Published curves of successive cancellation and of flips, simulated by another program."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

_SC = {"type": "sc", "box_plus": "min-sum"}
#: For each reference: the code and decoder it was simulated with.
LINKS: dict[str, dict[str, Any]] = {
    "polar_1024_512_sc_5g": {
        "code": {"type": "polar", "n": 1024, "k": 512, "construction": "5g", "systematic": True},
        "decoder": _SC,
    },
    "polar_128_96_sc_sys_p32": {
        "code": {
            "type": "polar", "n": 128, "k": 96, "construction": "ga", "design": "each", "systematic": True,
        },
        "decoder": _SC,
    },
    "polar_2048_1723_sc_ga_intra_p32": {
        "code": {
            "type": "polar", "n": 2048, "k": 1723, "construction": "ga", "design": "each", "systematic": True,
        },
        "decoder": _SC,
    },
    "polar_4096_2048_sc_ga_naive_p32": {
        "code": {
            "type": "polar", "n": 4096, "k": 2048, "construction": "ga", "design": "each", "systematic": True,
        },
        "decoder": _SC,
    },
    "polar_4096_1434_sc_naive_bec": {
        "code": {
            "type": "polar", "n": 4096, "k": 1434, "construction": "bhattacharyya", "design": "each",
            "systematic": True,
        },
        "decoder": _SC,
    },
}  # fmt: skip
#: Each point fails a correct program with this probability.
SIGNIFICANCE = 1e-3
LEAST_FER = 3e-3


@pytest.mark.slow
@pytest.mark.parametrize("name", LINKS)
def test_published_curve(name: str, shared: Path) -> None:
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    axis = "epsilon" if "epsilon" in points[0] else "ebno_db"
    reference = {
        float(point[axis]): (int(float(point["frame_errors"])), int(float(point["frames"])))
        for point in points
        if LEAST_FER < float(point["frame_errors"]) / float(point["frames"]) < 0.9
    }
    results = run(
        {
            "name": "reference",
            "channel": {"type": "awgn" if axis == "ebno_db" else "bec", axis: list(reference)},
            "curves": [{"label": name, **LINKS[name]}],
            "stop": {"frame_errors": 400, "frames": 200_000},
        },
        save=False,
    )
    assert len(results) == len(reference) >= 3
    for row in results:
        errors, frames = reference[row.value]
        table = [[row.frame_errors, row.frames - row.frame_errors], [errors, frames - errors]]
        p = scipy.stats.fisher_exact(table).pvalue
        assert p > SIGNIFICANCE, f"{row.value}: {row.fer:.3e} here, {errors / frames:.3e} there, p = {p:.1e}"
