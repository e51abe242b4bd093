"""Tables of schemes: their sizes, rates and payloads, and that each is a link that can be built."""

from typing import Any

import py3gpp
import pytest
from capgap.simulate import load_config
from capgap.simulate.schemes.nr import CQI, MCS, payload
from capgap.simulate.schemes.scheme import NAMES
from capgap.simulate.schemes.standards import schemes_of

DECODER = {"type": "bp", "iterations": 5}
#: The number of schemes, and the first and the last spectral efficiency, as the standards print them.
TABLES: dict[str, tuple[str, dict[str, Any], int, float, float]] = {
    "nr 1": ("nr", {}, 29, 0.2344, 5.5547),
    "nr 2": ("nr", {"table": 2}, 28, 0.2344, 7.4063),
    "nr 3": ("nr", {"table": 3}, 29, 0.0586, 4.5234),
    "cqi 1": ("nr", {"index": "cqi"}, 15, 0.1523, 5.5547),
    "cqi 2": ("nr", {"index": "cqi", "table": 2}, 15, 0.1523, 7.4063),
    "cqi 3": ("nr", {"index": "cqi", "table": 3}, 15, 0.0586, 4.5234),
    "dvb-s2": ("dvb-s2", {}, 28, 0.5, 4.5),
    "dvb-s2 short": ("dvb-s2", {"n": 16200}, 24, 0.4, 40 / 9),
    "wifi n": ("wifi", {"amendment": "n"}, 8, 0.5, 5.0),
    "wifi ax": ("wifi", {}, 12, 0.5, 25 / 3),
    "wifi be": ("wifi", {"amendment": "be", "n": 648}, 14, 0.5, 10.0),
    "lte": ("lte", {}, 15, 0.1523, 5.5547),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_what_the_standards_print(name: str) -> None:
    standard, given, number, first, last = TABLES[name]
    schemes = schemes_of(standard, given)
    assert len(schemes) == number
    ends = [schemes[0], schemes[-1]]
    config = load_config(
        {
            "name": "a",
            "channel": {"type": "awgn", "esno_db": [0]},
            "curves": [{**scheme, **({} if standard == "lte" else {"decoder": DECODER})} for scheme in ends],
        }
    )
    # Payloads are rounded, at 1000 symbols by some percent at the lowest rates.
    for curve, efficiency in zip(config.curves, (first, last), strict=True):
        assert curve.link.bits_per_use == pytest.approx(efficiency, rel=0.06)
    labels = [scheme["label"] for scheme in schemes]
    assert len(set(labels)) == number


def test_payloads_are_those_of_another_program() -> None:
    for rates in (*MCS.values(), *CQI.values()):
        for bits, each in rates.items():
            for rate in each:
                for blocks in (1, 7, 40, 200):
                    modulation = NAMES[bits].replace("-", "")
                    found = py3gpp.nrTBS(modulation, 1, blocks, 100, rate / 1024)
                    assert payload(100 * blocks, bits, rate / 1024) == found


@pytest.mark.parametrize(
    ("standard", "given", "told"),
    [
        ("umts", {}, "standard must be nr, dvb-s2, wifi or lte, got 'umts'"),
        ("nr", {"table": 4}, "table must be 1, 2 or 3, got 4"),
        ("nr", {"symbols": 0}, "symbols must be at least 1, got 0"),
        ("nr", {"index": "tbs"}, "index must be mcs or cqi, got 'tbs'"),
        ("nr", {"n": 5}, "n is no parameter of nr, which has table, symbols and index"),
        ("dvb-s2", {"n": 32400}, "n must be 16200 or 64800, got 32400"),
        ("wifi", {"amendment": "g"}, "amendment must be one of n, ac, ax, be, got 'g'"),
        ("lte", {"symbols": 100}, "symbols must be at least 263 for CQI 1, got 100"),
        ("wifi", {"only": [3, 12]}, "only must hold numbers of schemes, 0 to 11, got 12"),
        ("wifi", {"only": True}, "only must hold numbers of schemes, 0 to 11, got True"),
    ],
)
def test_what_there_is_not(standard: str, given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        schemes_of(standard, given)
