"""Published curves of uncoded modulations lie on the exact error rates."""

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from capgap.channels import APSK, OOK, PAM, PSK, QAM, PointModulation, from_db, to_db
from scipy import stats

K = 4003
#: By reference: the modulation, with the demapper it was simulated with, and the decibels by which its Es/N0 is
#: other than ours.
MODULATIONS: dict[str, tuple[Callable[[], PointModulation], float]] = {
    "8psk": (lambda: PSK(order=8, demapper="max-log"), 0.0),
    "16psk": (lambda: PSK(order=16, demapper="max-log"), 0.0),
    "16qam": (lambda: QAM(order=16, demapper="max-log"), 0.0),
    "8pam": (lambda: PAM(order=8, demapper="max-log"), 0.0),
    "ook": (OOK, to_db(0.5)),  # levels 0 and 1, whose mean energy 1/2 is counted as 1
    "16apsk_dvbs2": (lambda: APSK(standard="dvb-s2", order=16, rate="2/3", demapper="max-log"), 0.0),
}
#: Each point fails a correct program with at most this probability.
SIGNIFICANCE = 1e-4


@pytest.mark.parametrize("name", MODULATIONS)
def test_published_curve(name: str, shared: Path) -> None:
    """Bits of a sample may be wrong together: the variance of their number is at most log2 M times that of as many
    bits by themselves.
    """
    make, shift = MODULATIONS[name]
    modulation = make()
    with (shared / "references" / f"uncoded_{name}.csv").open() as file:
        points = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert len(points) >= 7
    for point in points:
        bits = modulation.bits_per_symbol
        esno_db = float(point["esno_db"]) if "esno_db" in point else float(point["ebno_db"]) + to_db(bits)
        known = modulation.uncoded_ber(from_db(esno_db + shift))
        assert known is not None
        trials, errors = K * float(point["frames"]), float(point["bit_errors"])
        deviation = math.sqrt(bits * trials * known * (1 - known))
        margin = float(stats.norm.isf(SIGNIFICANCE / 2)) * deviation
        assert abs(errors - trials * known) <= margin, point
