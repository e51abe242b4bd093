"""Performance of DVB-S2 against its standard: EN 302 307-1, table 13.

The table gives the Es/N0 of quasi error-free reception with ideal receivers: normal frames, 50 iterations, the BCH
code behind. Sum-product decoding by flooding reaches a frame error rate of 1e-2, from where the curve is steep, within
0.35 dB below it. Without the BCH code rate 2/3 does so just at the table's 3.10 dB: the errors left there are of some
bits a frame.
"""

from typing import Any

import pytest
from capgap.simulate import run

_8PSK = {"type": "psk", "order": 8, "labels": [1, 0, 4, 6, 2, 3, 7, 5]}
#: Es/N0 in dB by the modulation and the rate.
TABLE = {
    "qpsk": {
        "1/4": -2.35, "1/3": -1.24, "2/5": -0.30, "1/2": 1.00, "3/5": 2.23, "2/3": 3.10, "3/4": 4.03, "4/5": 4.68,
        "5/6": 5.18, "8/9": 6.20, "9/10": 6.42,
    },
    "8psk": {"3/5": 5.50, "2/3": 6.62, "3/4": 7.91, "5/6": 9.35, "8/9": 10.69, "9/10": 10.98},
    "16apsk": {"2/3": 8.97, "3/4": 10.21, "4/5": 11.03, "5/6": 11.61, "8/9": 12.89, "9/10": 13.13},
    "32apsk": {"3/4": 12.73, "4/5": 13.64, "5/6": 14.28, "8/9": 15.69, "9/10": 16.05},
}  # fmt: skip
ROWS = [(modulation, rate) for modulation, rates in TABLE.items() for rate in rates]


def curve(modulation: str, rate: str, schedule: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "label": f"{modulation} {rate}",
        "code": {"type": "ldpc", "standard": "dvb-s2", "n": 64800, "rate": rate, "outer": "bch"},
        "decoder": {"type": "bp", "algorithm": "sum-product", "schedule": schedule, "iterations": 50},
        "modulation": "qpsk",
    }
    if modulation == "8psk":
        made |= {"modulation": _8PSK}
    elif modulation != "qpsk":
        order = int(modulation.removesuffix("apsk"))
        made |= {"modulation": {"type": "apsk", "standard": "dvb-s2", "order": order, "rate": rate}}
    if modulation != "qpsk":
        reverse = (modulation, rate) == ("8psk", "3/5")
        made |= {"interleaver": {"type": "dvb-s2", "reverse": reverse}}
    return made


@pytest.mark.slow
@pytest.mark.parametrize(("modulation", "rate"), ROWS)
def test_table_13(modulation: str, rate: str) -> None:
    esno_db = TABLE[modulation][rate]
    results = run(
        {
            "name": "table",
            "channel": {"type": "awgn", "esno_db": [round(esno_db - 0.35, 2), esno_db]},
            "curves": [curve(modulation, rate, "flooding")],
            "stop": {"frame_errors": 8, "frames": 192},
        },
        save=False,
    )
    below, at = results
    print(f"{modulation} {rate}: {[(row.value, row.frame_errors, row.frames) for row in results]}")
    # With a rate of 1e-2 eight errors in 128 frames come with probability 1e-4.
    assert below.frame_errors >= 8
    assert below.fer > 0.05
    assert at.frame_errors <= 1, f"{at.value} dB: {at.frame_errors} errors in {at.frames} frames"
