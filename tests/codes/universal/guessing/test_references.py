"""Published frame error rates and mean queries, simulated by another program without abandonment."""

import csv
from pathlib import Path

import numpy as np
import pytest
from capgap.codes import UncodedCode, by_name
from capgap.codes.universal import DECODERS
from scipy import stats

from tests.codes.samples import send
from tests.conftest import SIGNIFICANCE

#: Codes of the curves, by what their files are called: n, the degree of the polynomial and its number. Names have
#: Koopman's notation, with the leading term and without the last one. Of the other curves' codes the files do
#: not tell enough to make them.
CODES = {
    "crc_0x8f3_128_116": (128, 12, 0x1E7),
    "crc_0x9eb2_128_112": (128, 16, 0x3D65),
    "crc_0xd175_512_496": (512, 16, 0xA2EB),
}
CURVES = [
    ("grand", "crc_0x8f3_128_116"),
    ("orbgrand", "crc_0x8f3_128_116"),
    ("orbgrand1", "crc_0x8f3_128_116"),
    ("orbgrand1", "crc_0x9eb2_128_112"),
    ("orbgrand1", "crc_0xd175_512_496"),
]
#: Frames that are decoded at once.
BATCH = 50_000


def compare(decoder: str, name: str, shared: Path, points: slice, most: int) -> None:
    """Frame errors and queries are as likely as the published ones, point by point.

    Errors by the exact test of two counts; mean queries, of which the files have no variance, by that of ours.
    """
    n, bits, polynomial = CODES[name]
    code = by_name.crc(polynomial=polynomial, bits=bits, code=UncodedCode(k=n))
    with (shared / "references" / f"{decoder}_{name}.csv").open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    for row in rows[points]:
        published, errors = int(row["frames"]), int(row["frame_errors"])
        frames, queries, wrong = min(4 * published, most), [], 0
        for first in range(0, frames, BATCH):
            sent, llr = send(code, float(row["ebno_db"]), min(BATCH, frames - first), seed=100 + first)
            result = DECODERS[decoder](code).decode(llr)
            queries.append(result.counters["queries"].astype(np.float64))
            wrong += int((result.bits != sent).any(axis=1).sum())
        share = frames / (frames + published)
        assert stats.binomtest(wrong, wrong + errors, share).pvalue > SIGNIFICANCE, row
        found = np.concatenate(queries)
        deviation = np.sqrt(found.var() * (1 / frames + 1 / published))
        limit = stats.norm.isf(SIGNIFICANCE / 2)
        assert abs(found.mean() - float(row["mean_queries"])) < limit * deviation, (row, found.mean())


@pytest.mark.parametrize(("decoder", "name"), CURVES[:3])
def test_first_points_of_published_curves(decoder: str, name: str, shared: Path) -> None:
    compare(decoder, name, shared, slice(0, 2), 5_000)


@pytest.mark.slow
@pytest.mark.parametrize(("decoder", "name"), CURVES)
def test_published_curves(decoder: str, name: str, shared: Path) -> None:
    compare(decoder, name, shared, slice(None), 1_000_000)
