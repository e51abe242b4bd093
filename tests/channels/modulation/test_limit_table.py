"""Limits of the usual constellations to the last digit of a table that was computed with other functions."""

from collections.abc import Callable

import pytest
from capgap.channels import Constellation, apsk, bicm_limit_esno, coded_modulation_limit_esno, psk, qam, to_db

RATES = (1 / 4, 1 / 2, 2 / 3, 3 / 4, 5 / 6, 9 / 10)
#: Es/N0 in dB at the rates: symbol-wise, and bit by bit.
TABLE: dict[str, tuple[Callable[[], Constellation], tuple[float, ...], tuple[float, ...]]] = {
    "8-PSK": (
        lambda: psk(8),
        (-1.610, 3.028, 5.761, 7.187, 8.732, 10.181),
        (-1.180, 3.241, 5.838, 7.217, 8.739, 10.182),
    ),
    "8-PSK, set partitioning": (
        lambda: psk(8, labels="set-partitioning"),
        (-1.610, 3.028, 5.761, 7.187, 8.732, 10.181),
        (1.811, 6.016, 8.119, 9.151, 10.278, 11.380),
    ),
    "16-QAM": (
        lambda: qam(16),
        (0.064, 5.118, 7.930, 9.304, 10.756, 12.118),
        (0.606, 5.280, 7.954, 9.309, 10.757, 12.118),
    ),
    "64-QAM": (
        lambda: qam(64),
        (2.758, 9.006, 12.619, 14.365, 16.142, 17.729),
        (3.648, 9.439, 12.721, 14.389, 16.144, 17.729),
    ),
    "256-QAM": (
        lambda: qam(256),
        (5.015, 12.527, 16.998, 19.168, 21.334, 23.185),
        (6.054, 13.248, 17.253, 19.248, 21.344, 23.186),
    ),
    "16-APSK": (lambda: apsk((4, 12), (1, 3.15)), (0.055, 5.068, 7.898), (0.764, 5.423, 8.098)),
}


@pytest.mark.parametrize("name", TABLE)
def test_limits(name: str) -> None:
    make, symbols, bits = TABLE[name]
    constellation = make()
    for limit, known in ((coded_modulation_limit_esno, symbols), (bicm_limit_esno, bits)):
        chosen = known if constellation.order < 256 else known[1:]
        rates = RATES[: len(known)][-len(chosen) :]
        if "PSK" in name and name != "8-PSK" and limit is coded_modulation_limit_esno:
            continue  # labels are of no matter
        for rate, esno_db in zip(rates, chosen, strict=True):
            found = to_db(limit(constellation, rate * constellation.bits))
            assert found == pytest.approx(esno_db, abs=5.1e-4), rate
