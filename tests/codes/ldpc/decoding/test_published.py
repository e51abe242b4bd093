"""Published curves of hard-decision and erasure decoders, simulated by another program."""

import csv
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.simulate import run

from tests.conftest import SIGNIFICANCE

#: For each reference: the matrix, the decoder, the channel's type and parameter.
LINKS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "ldpc_mackay_1008_504_gallager_a200": (
        "MACKAY_504_1008.alist", {"type": "gallager-a", "iterations": 200}, "awgn", "ebno_db"
    ),
    "ldpc_mackay_1008_504_gallager_b200": (
        "MACKAY_504_1008.alist", {"type": "gallager-b", "iterations": 200}, "awgn", "ebno_db"
    ),
    "ldpc_peg_1008_504_wbf100": (
        "PEG_Reg_1008x504.alist", {"type": "weighted-bit-flipping", "iterations": 100}, "awgn", "ebno_db"
    ),
    "ldpc_mackay_1008_504_ppbf50": (
        "MACKAY_504_1008.alist",
        {"type": "ppbf", "probabilities": [0, 0.1, 0.3, 1, 1], "iterations": 50},
        "awgn",
        "ebno_db",
    ),
    "ldpc_ira_3000_2400_bec_peeling": (
        "Peeling_PureIRA_2400_3000.alist", {"type": "peeling", "iterations": 50}, "bec", "epsilon"
    ),
}  # fmt: skip
#: Curves of which the default run has two points.
QUICK = ("ldpc_mackay_1008_504_gallager_b200", "ldpc_ira_3000_2400_bec_peeling", "ldpc_peg_1008_504_wbf100")
TWO = {"ebno_db": (5.25, 5.5), "epsilon": (0.15, 0.16)}
LEAST_FER = 3e-4


def compare(name: str, shared: Path, span: tuple[float, float], errors: int) -> None:
    """Frame errors are as likely as the published ones, point by point, by Fisher's exact test."""
    matrix, decoder, channel, parameter = LINKS[name]
    with (shared / "references" / f"{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    published = {
        float(point[parameter]): (int(point["frame_errors"]), int(point["frames"]))
        for point in points
        if int(point["frame_errors"]) >= LEAST_FER * int(point["frames"])
        and span[0] <= float(point[parameter]) <= span[1]
    }
    results = run(
        {
            "name": "published",
            "channel": {"type": channel, parameter: list(published)},
            "curves": [
                {
                    "label": name,
                    "code": {"type": "ldpc", "alist": str(shared / "alist" / matrix)},
                    "decoder": decoder,
                }
            ],
            "stop": {"frame_errors": errors, "frames": 400_000},
        },
        save=False,
    )
    assert len(results) == len(published) > 0
    for row in results:
        wrong, frames = published[row.value]
        table = [[row.frame_errors, row.frames - row.frame_errors], [wrong, frames - wrong]]
        p = scipy.stats.fisher_exact(table).pvalue
        found = f"{row.value}: {row.frame_errors}/{row.frames} here, {wrong}/{frames} there, p = {p:.1e}"
        print(found)
        assert p > SIGNIFICANCE, found


@pytest.mark.parametrize("name", QUICK)
def test_published_points(name: str, shared: Path) -> None:
    compare(name, shared, TWO[LINKS[name][3]], 100)


@pytest.mark.slow
@pytest.mark.parametrize("name", LINKS)
def test_published_curves(name: str, shared: Path) -> None:
    compare(name, shared, (0, 100), 300)
