"""Published curves of a repeat-accumulate code, of another interleaver, with the decoder that they were made with."""

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes.ldpc.construction.accumulate import ra

Values = npt.NDArray[np.float32]
#: Each point fails a correct program with this probability; interleavers differ by this part besides.
DEVIATIONS, INTERLEAVERS = 3.3, 0.1
FRAMES = 2000


def least(a: Values, b: Values) -> Values:
    """Min-sum's check of three."""
    found: Values = np.sign(a) * np.sign(b) * np.minimum(abs(a), abs(b))
    return found


def decode(llr: Values, order: npt.NDArray[Any], k: int, iterations: int) -> npt.NDArray[np.bool_]:
    """Bits of (n, frames) LLRs: each iteration goes through the sums forwards and backwards, then over the bits."""
    told = np.zeros_like(llr)
    before, after = np.empty_like(llr), np.empty_like(llr)
    for _ in range(iterations):
        now = np.full(llr.shape[1], 1e9, np.float32)
        for i in range(len(llr)):
            before[i] = now
            now = least(now, told[i]) + llr[i]
        now = np.zeros(llr.shape[1], np.float32)
        for i in range(len(llr) - 1, -1, -1):
            after[i] = llr[i] + now
            now = least(after[i], told[i])
        extrinsic = least(before, after)
        total = np.zeros((k, llr.shape[1]), np.float32)
        np.add.at(total, order, extrinsic)
        told = total[order] - extrinsic
    return total <= 0


@pytest.mark.slow
@pytest.mark.cpu_seconds(300)
@pytest.mark.parametrize(("iterations", "points"), [(10, (1.0, 1.2, 1.4)), (30, (1.0, 1.2))])
def test_published_curve(iterations: int, points: tuple[float, ...], shared: Path) -> None:
    with (shared / "references" / f"ra_4096_1024_ms{iterations}.csv").open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    reference = {float(row["ebno_db"]): (int(row["frame_errors"]), int(float(row["frames"]))) for row in rows}
    made = ra(k=1024, repeat=4)
    order = made.matrix[:, :1024].tocsr().indices
    assert len(order) == 4096
    random = np.random.default_rng(5)
    for ebno_db in points:
        variance = 1 / (2 * 0.25 * 10 ** (ebno_db / 10))
        noise = math.sqrt(variance) * random.standard_normal((4096, FRAMES), np.float32)
        errors = int(
            decode((2 * (1 + noise) / variance).astype(np.float32), order, 1024, iterations).any(axis=0).sum()
        )
        published, frames = reference[ebno_db]
        spread = math.sqrt(sum((1 - e / n) / e for e, n in ((errors, FRAMES), (published, frames))))
        ratio = errors / FRAMES / (published / frames)
        print(
            f"{ebno_db} dB, {iterations} iterations: {errors} of {FRAMES}, published {published} of {frames}"
        )
        assert abs(math.log(ratio)) < math.log(1 + INTERLEAVERS) + DEVIATIONS * spread
