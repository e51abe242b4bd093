"""What the engine runs need not be a link: an experiment without code, channel and decoder."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.simulate import Config, InputError, load_config, load_results, merge, run
from capgap.simulate.configuration.config import Curve
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.engine.experiment import Experiment, ExperimentDefaults
from capgap.simulate.link.counting.frame_counts import FrameCounts
from capgap.simulate.link.identity import point_key
from capgap.simulate.link.stage_clock import Clock
from capgap.simulate.results.rows import COLUMNS
from capgap.simulate.running.progress import _Speed
from capgap.simulate.statistics.stop_rules import StopRules, Target, commit
from capgap.simulate.statistics.tally import Tally

pytestmark = pytest.mark.usefixtures("plain_figures")


@dataclass(frozen=True, eq=False)
class Packets(ExperimentDefaults):
    """A packet that is sent again until it arrives, ``most`` times at most; each is lost with probability p.

    ``uses`` is how often it is sent and ``delivered`` how many bits arrive, so that the rate is their quotient.
    """

    most: int
    k: int = 8
    label: str = "Packets"
    counters: tuple[str, ...] = ("uses", "delivered")
    parameter: str = "p"
    seed: int = 1

    @property
    def group(self) -> str:
        return self.label

    @property
    def identity(self) -> dict[str, Any]:
        return {"what": "packets", "most": self.most, "k": self.k, "seed": self.seed}

    @property
    def bits_per_use(self) -> float:
        return 1 / self.most

    def at(self, value: float) -> "PacketsPoint":
        if not 0 <= value < 1:
            raise ValueError("p must lie in [0, 1)")
        return PacketsPoint(value, point_key(self.identity, value))

    def simulate(
        self, point: "PacketsPoint", first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        lost = Stream(0, frames, first=first, point=point.key).uniform(self.most) < point.value
        wrong = lost.all(axis=1)
        counted = {
            "uses": np.where(wrong, self.most, lost.argmin(axis=1) + 1).astype(np.int32),
            "delivered": np.where(wrong, 0, self.k).astype(np.int32),
        }
        return FrameCounts.of(
            np.where(wrong, self.k, 0).astype(np.int32),
            np.zeros(frames, np.bool_),
            np.zeros(frames, np.int32),
            {name: counted[name] for name in self.counters},
        )

    def describe(self, point: "PacketsPoint") -> dict[str, Any]:
        return {
            "curve": self.label,
            "group": self.group,
            "code": f"packets(most={self.most})",
            "decoder": "",
            "channel": "loss",
            "n": self.k * self.most,
            "k": self.k,
            "rate": 1 / self.most,
            "parameter": self.parameter,
            "value": point.value,
            "ebno_db": None,
            "esno_db": None,
            "key": point.key,
        }


@dataclass(frozen=True)
class PacketsPoint:
    """Packets at one probability of loss."""

    value: float
    key: str

    @property
    def capacity(self) -> float:
        return 1 - self.value


PACKETS = Packets(most=3)
VALUES = (0.5, 0.2, 0.1)
STOP = StopRules(frame_errors=50, frames=20_000)


def config_of(
    experiment: Experiment[Any], values: tuple[float, ...] = VALUES, stop: StopRules = STOP, **others: Any
) -> Config:
    """A configuration of one experiment."""
    curve = Curve(experiment, values, stop, **others)
    resolved = {"name": "packets", "curves": [{"label": experiment.label}]}
    return Config("packets", 1, (curve,), stop, PlotOptions(), resolved)


def test_stop_rules_hold_frame_by_frame() -> None:
    """Against one long block, cut at the first rule met: counts, counters and the rule."""
    stops = (STOP, StopRules(bit_errors=300), StopRules(relative_error=0.3), StopRules(frames=777))
    for stop in stops:
        rows = run(config_of(PACKETS, VALUES[:2], stop), workers=3, save=False).rows
        for value, row in zip(VALUES, rows, strict=False):
            counts = PACKETS.simulate(PACKETS.at(value), 0, max(row.frames, stop.frames or 0))
            assert (row.tally, row.stop) == commit(Tally(), counts, stop)
            assert row.counters["delivered"] == PACKETS.k * (row.frames - row.frame_errors)


def test_counters_tell_the_rate() -> None:
    """Delivered bits over uses against 1 - p, which a packet that is sent again reaches; within 5 sigma."""
    (row,) = run(config_of(PACKETS, (0.2,), StopRules(frames=30_000)), save=False)
    rate = row.counters["delivered"] / PACKETS.k / row.counters["uses"]
    assert rate == pytest.approx(0.8, abs=5 * math.sqrt(0.2 * 0.8 / row.counters["uses"]))
    assert row.fer == pytest.approx(0.2**3, abs=5 * math.sqrt(0.008 / 30_000))


def test_a_results_file_keeps_the_counters(tmp_path: Path) -> None:
    results = run(config_of(PACKETS), out=tmp_path)
    header = (tmp_path / "results.csv").read_text().split("\n")[0].split(",")
    assert header == [*COLUMNS, "delivered", "uses"]
    assert load_results(tmp_path).rows == results.rows


def test_a_run_goes_on_where_another_ended(tmp_path: Path) -> None:
    run(config_of(PACKETS, stop=StopRules(frames=300)), out=tmp_path)
    continued = run(config_of(PACKETS), out=tmp_path)
    whole = run(config_of(PACKETS), save=False)
    assert [(row.tally, row.stop) for row in continued] == [(row.tally, row.stop) for row in whole]
    assert not list(tmp_path.glob("results.old*"))


def test_points_without_a_counter_start_anew(tmp_path: Path) -> None:
    """What was not counted is unknown, and not 0. The other way round the counter is left out."""
    fewer = replace(PACKETS, counters=("uses",))
    stop = StopRules(frames=500)
    first = run(config_of(fewer, stop=stop), out=tmp_path)
    more = run(config_of(PACKETS, stop=stop), out=tmp_path)
    assert [row.counters["uses"] for row in more] == [row.counters["uses"] for row in first]
    assert all(row.counters["delivered"] > 0 for row in more)
    assert (tmp_path / "results.old-1.csv").exists()
    assert "3 of the 3 points" in more.notes[0]
    again = run(config_of(fewer, stop=stop), out=tmp_path)
    assert again.rows == tuple(
        replace(row, seconds=new.seconds) for row, new in zip(first, again, strict=True)
    )
    assert not (tmp_path / "results.old-2.csv").exists()


def test_shards_are_merged(tmp_path: Path) -> None:
    config = config_of(PACKETS)
    parts = [tmp_path / str(i) for i in (1, 2)]
    for i, part in enumerate(parts, 1):
        run(config, out=part, shard=f"{i}/2")
    merged = merge(parts, tmp_path / "merged", config=config)
    whole = run(config, save=False)
    assert [(row.tally, row.stop) for row in merged] == [(row.tally, row.stop) for row in whole]
    assert [row.counters for row in load_results(tmp_path / "merged")] == [row.counters for row in whole]


def test_a_shard_without_a_counter_is_refused(tmp_path: Path) -> None:
    parts = [tmp_path / str(i) for i in (1, 2)]
    run(config_of(PACKETS), out=parts[0], shard="1/2")
    run(config_of(replace(PACKETS, counters=("uses",))), out=parts[1], shard="2/2")
    with pytest.raises(InputError, match="lacks delivered, which this sweep counts"):
        merge(parts, tmp_path / "merged", config=config_of(PACKETS))
    assert not (tmp_path / "merged").exists()


def test_a_target_is_searched_for() -> None:
    """The FER of p^3 is 0.01 at p = 0.2154; a 95 % interval that is checked with three times its width."""
    target = Target(fer=0.01, within=0.05)
    results = run(config_of(PACKETS, (), target=target, range=(0.05, 0.6)), save=False)
    (crossing,) = results.crossings
    assert crossing.value is not None
    assert 10 * abs(math.log10(crossing.value / 0.01 ** (1 / 3))) < 3 * 0.05
    assert crossing.rate_gap == pytest.approx(1 - crossing.value - 1 / 3, rel=1e-6)


def test_without_bits_per_use_there_is_no_target() -> None:
    class Bare(Packets):
        bits_per_use = ExperimentDefaults.bits_per_use

    with pytest.raises(InputError, match="knows its bits_per_use"):
        run(config_of(Bare(most=2), (), target=Target(fer=0.1), range=(0.05, 0.6)), save=False)


class Restless(Packets):
    """Counts that depend on how many frames there are."""

    def simulate(
        self, point: PacketsPoint, first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        return super().simulate(point, first * 2, frames)


class Silent(Packets):
    """Counts less than it says."""

    def simulate(
        self, point: PacketsPoint, first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        return replace(super().simulate(point, first, frames), counters={})


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (Restless(most=2), "frames 0 and 1 count otherwise one by one"),
        (Silent(most=2), r"counted \[\] beside the usual, and counters names \['delivered', 'uses'\]"),
        (Packets(most=2, counters=("k",)), "results have a column k"),
        (Packets(most=2, counters=("uses", "uses")), "two counters have the name uses"),
        (Packets(most=2, counters=("a b",)), "letters, digits and underscores, not 'a b'"),
    ],
)
def test_what_cannot_be_counted_is_refused(experiment: Packets, words: str) -> None:
    with pytest.raises(InputError, match=words):
        run(config_of(experiment, (0.9,)), save=False)


def test_the_display_shows_it() -> None:
    (plan,) = (curve.plan({}) for curve in config_of(PACKETS, (0.5,)).curves)
    (point,) = plan.points
    point.add(0, point.experiment.simulate(point.at, 0, 64), 0.1)
    cells = _Speed([plan], None).cells(point)
    assert cells[:3] == ("Packets", "0.5", "64")


def test_a_curve_of_another_kind_has_no_link() -> None:
    (curve,) = config_of(PACKETS).curves
    with pytest.raises(InputError, match="'Packets' is no link"):
        _ = curve.link


def test_a_link_is_an_experiment(config: dict[str, Any]) -> None:
    """To the type checker; and here by what the engine asks of one."""
    experiment: Experiment[Any] = load_config(config).curves[0].link
    described: Mapping[str, Any] = experiment.describe(experiment.at(1))
    assert described["curve"] == experiment.label
    assert experiment.counters == ()
