"""What follows from the counts of frames that are sent again."""

from dataclasses import replace
from pathlib import Path

import pytest
from capgap.simulate import InputError, load_results, run
from capgap.simulate.harq.outcomes import Outcomes, counter_names
from capgap.simulate.results.harq_rates import HarqRates

from tests.simulate.harq.test_harq_link import config_of

pytestmark = pytest.mark.usefixtures("plain_figures")

#: 100 frames of 12 bits in words of 20 and 10 bits: 60 delivered at once, 25 later, 5 wrong, 10 given up.
COUNTERS = {
    "delivered_1": 60,
    "delivered_2": 25,
    "undetected_1": 3,
    "undetected_2": 2,
    "uses_1": 2000,
    "uses_2": 370,
    "failures": 10,
}


def test_rates_by_hand() -> None:
    rates = HarqRates.of(100, 12, COUNTERS)
    assert rates is not None
    assert rates.throughput == pytest.approx(12 * 85 / 2370)
    assert rates.transmissions == pytest.approx(1.37)
    assert rates.lost == pytest.approx(0.15)
    assert rates.uses == 2370
    assert rates.bits_per_use == pytest.approx(1200 / 2370)
    assert rates.throughput_low < rates.throughput < rates.throughput_high
    assert 1.27 < rates.transmissions_low < rates.transmissions < rates.transmissions_high < 1.47


def test_frames_that_are_sent_once_have_none() -> None:
    assert HarqRates.of(100, 12, {"failures": 3}) is None
    assert set(counter_names(2)) == set(COUNTERS)


def test_a_transmission_that_never_was_counts_as_the_one_before() -> None:
    never = {**COUNTERS, "delivered_1": 97, "delivered_2": 0, "undetected_2": 0, "uses_2": 0, "failures": 0}
    outcomes = Outcomes.of(100, never)
    assert outcomes is not None
    assert outcomes.lengths.tolist() == [20, 20]


def test_damaged_counts_are_found(tmp_path: Path) -> None:
    (row,) = run(config_of({"type": "uncoded", "k": 8}, "arq", 2.0), out=tmp_path).rows
    assert row.harq_rates is not None
    assert row.harq_rates.uses == sum(row.counters[f"uses_{t}"] for t in range(1, 5))
    file = tmp_path / "results.csv"
    cells = file.read_text().splitlines()
    column = cells[0].split(",").index("delivered_1")
    first = cells[1].rsplit(",", len(cells[0].split(",")) - column)
    first[1] = str(int(first[1]) + 1)
    file.write_text("\n".join([cells[0], ",".join(first)]) + "\n")
    with pytest.raises(InputError, match="contradict each other"):
        load_results(tmp_path)
    assert replace(row, counters={}).harq_rates is None
