"""Errors after each iteration of a decoder, over the same frames."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import ESNO
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    Decoder,
    DecodeResult,
    GroupResult,
    HammingCode,
    LDPCCode,
    RepetitionCode,
)
from capgap.codes.detection.crc import LinearCRCCode
from capgap.codes.matching.rate_matched import LinearRateMatchedCode
from capgap.simulate import InputError, Row, load_results
from capgap.simulate.contract.decoder import check_decoder
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.plans import SweepPlan
from capgap.simulate.engine.workers import Threads
from capgap.simulate.link.counting.frame_counts import FrameCounts
from capgap.simulate.link.counting.iteration_counts import counter_names
from capgap.simulate.link.link import Link
from capgap.simulate.results.rows import FILE, format_results
from capgap.simulate.statistics.stop_rules import StopRules
from capgap.simulate.statistics.tally import Tally
from capgap.vectors.expected import WrongResultError

from tests.lazy import Lazy
from tests.references.counting_decoder import CountingDecoder

CODES: Lazy[LDPCCode] = Lazy({"regular": lambda: LDPCCode.regular(n=96, k=48, column_weight=3)})


class Voting(Decoder):
    """Repetition: after iteration i the sum of the first 2 i + 1 values decides. In the plain form."""

    counted_iterations = 2

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        lanes = self.check_llr(llr)
        after = tuple((lanes[: 2 * i + 1].sum(axis=0) < 0).astype(np.uint8)[:, None] for i in (1, 2))
        ok = np.ones(len(after[-1]), np.bool_)
        spent = np.full(len(ok), 2, np.int32)
        return DecodeResult(after[-1], ok, spent, after_iterations=after).one_or_all(llr)


def link_of(code: Code, decoder: Decoder) -> Link:
    return Link("a", "a", code, "c", decoder, "d", "awgn", ChannelModel(AWGN, ESNO), {"seed": 1})


def points_of(link: Link, rules: StopRules, rows: Any = None) -> list[Row]:
    """Rows of a run at two values."""
    plan = SweepPlan(link, [-2.0, -1.0], rules, {row.key: row for row in rows or ()})
    with Threads(2) as workers:
        Engine([plan], workers).run()
    return [point.row() for point in plan.points if point.tally.frames]


def test_errors_after_each_iteration_are_those_of_decoders_with_as_many() -> None:
    """Of the same frames, in both forms, and in any cut of them."""
    code = CODES["regular"]
    link = link_of(code, CountingDecoder(code, iterations=3))
    point = link.at(-2.0)
    assert link.counters == counter_names(3)
    counts, sent = link.simulate(point, 5, 700), link.send(point, 5, 700)
    for i in (1, 2, 3):
        alone = replace(link, decoder=BeliefPropagationDecoder(code, iterations=i, schedule="layered"))
        expected = Tally.of(alone.simulate(alone.at(-2.0), 5, 700))
        named = {
            name: getattr(expected, name) for name in ("frame_errors", "bit_errors", "bit_errors_squared")
        }
        assert expected.frame_errors > 30
        assert named == {name: counts.counters[f"{name}_{i}"].total for name in named}
        assert named == {name: int(sent.counters[f"{name}_{i}"].sum()) for name in named}
    parts = [link.simulate(point, 5, 100), link.simulate(point, 105, 600)]
    assert Tally.of(FrameCounts.joined(parts)) == Tally.of(parts[0]) + Tally.of(parts[1]) == Tally.of(counts)


def test_rates_after_iterations_are_in_rows_and_files(tmp_path: Path) -> None:
    """A later run goes on with them; the last ones are those of the row."""
    code = CODES["regular"]
    link = link_of(code, CountingDecoder(code))
    rows = points_of(link, StopRules(frame_errors=40))
    for row in rows:
        after = row.after_iterations
        assert [each.iteration for each in after] == [1, 2, 3, 4]
        for name in ("fer", "ber"):
            rates = [getattr(each, name) for each in after]
            assert rates == sorted(rates, reverse=True)
            assert rates[0] > 1.2 * rates[-1]
            for suffix in ("", "_low", "_high"):
                assert getattr(after[-1], name + suffix) == getattr(row, name + suffix)
    (tmp_path / FILE).write_text(format_results(tuple(rows)))
    read = load_results(tmp_path).rows
    assert read == tuple(rows)
    assert [row.after_iterations for row in read] == [row.after_iterations for row in rows]
    more = points_of(link, StopRules(frame_errors=60), rows)
    assert [row.tally for row in more] == [row.tally for row in points_of(link, StopRules(frame_errors=60))]
    replaced = format_results(tuple(rows)).replace("frame_errors_1", "other_1")
    (tmp_path / FILE).write_text(replaced)
    assert all(row.after_iterations == () for row in load_results(tmp_path))
    spoiled = [replace(rows[0], counters={**rows[0].counters, "frame_errors_1": 10**9}), *rows[1:]]
    (tmp_path / FILE).write_text(format_results(tuple(spoiled)))
    with pytest.raises(InputError, match="contradict each other"):
        load_results(tmp_path)


def test_columns_are_in_the_order_of_the_iterations() -> None:
    code = RepetitionCode(n=5)
    row = points_of(link_of(code, Voting(code)), StopRules(frames=100))[0]
    many = replace(row, counters=dict.fromkeys(counter_names(11), 0))
    header = format_results((many,)).splitlines()[0].split(",")
    assert [name for name in header if name.startswith("frame_errors_")] == [
        f"frame_errors_{i}" for i in range(1, 12)
    ]


def test_a_decoder_in_the_plain_form() -> None:
    code = RepetitionCode(n=5)
    decoder = Voting(code)
    assert check_decoder(decoder, code) == []
    link = link_of(code, decoder)
    point = link.at(-2.0)
    sent, counts = link.send(point, 0, 300), link.simulate(point, 0, 300)
    link.rehearse(point)
    for i, bits in enumerate(sent.result.after_iterations, 1):
        assert counts.counters[f"frame_errors_{i}"].total == (bits != sent.bits).sum() > 0
    one = decoder.decode(np.ones(5, np.float32))
    assert [bits.shape for bits in one.after_iterations] == [(1,), (1,)]


def test_composite_codes_have_their_part_of_the_bits() -> None:
    inner = CODES["regular"]
    for code in (
        LinearCRCCode(inner, bits=3, polynomial=3),
        LinearRateMatchedCode(inner, puncture=[0, 5]),
        LinearRateMatchedCode(inner, shorten=[0, 5]),
    ):
        decoder = code.decoder_around(CountingDecoder(inner))
        assert decoder.counted_iterations == 4
        link = link_of(code, decoder)
        point = link.at(-2.0)
        counts, sent = link.simulate(point, 0, 100), link.send(point, 0, 100)
        for i, bits in enumerate(sent.result.after_iterations, 1):
            assert bits.shape == (100, code.k)
            assert counts.counters[f"bit_errors_{i}"].total == (bits != sent.bits).sum() > 0


class Short(CountingDecoder):
    """Leaves an iteration out."""

    def decode_groups(self, given: Any, stream: Any = None) -> GroupResult:
        result = super().decode_groups(given)
        return replace(result, after_iterations=result.after_iterations[:-1])


class Early(CountingDecoder):
    """Has other bits at the end."""

    def decode_groups(self, given: Any, stream: Any = None) -> GroupResult:
        result = super().decode_groups(given)
        return replace(result, after_iterations=(*result.after_iterations[:-1], ~result.bits))


def test_what_is_no_count_of_iterations_is_refused() -> None:
    code = HammingCode(r=3)
    short, early = link_of(code, Short(code)), link_of(code, Early(code))
    with pytest.raises(
        InputError, match="after_iterations of 4 iterations, as counted_iterations says, got 3"
    ):
        short.simulate(short.at(0.0), 0, 10)
    with pytest.raises(WrongResultError, match="got 3"):
        Short(code).decode(np.ones(7, np.float32))
    for count in (early.simulate, early.send):
        with pytest.raises(InputError, match="the last of after_iterations should be bits"):
            count(early.at(0.0), 0, 10)
    assert "the last of after_iterations should be bits" in "".join(check_decoder(Early(code), code))
    decoder = CountingDecoder(code)
    decoder.counted_iterations = -1
    with pytest.raises(InputError, match="counted_iterations of CountingDecoder should be a number"):
        link_of(code, decoder)


def test_counts_of_frames_are_joined() -> None:
    """Cut anywhere, they are those of all frames."""
    rng = np.random.default_rng(1)
    wrong = rng.integers(0, 3, 50).astype(np.int32)
    ok, spent = rng.random(50) < 0.5, rng.integers(0, 9, 50).astype(np.int32)
    counters = {"a": rng.integers(0, 9, 50).astype(np.int32)}
    weights = rng.random(50).astype(np.float32)

    def counts(part: slice) -> FrameCounts:
        named = {name: each[part] for name, each in counters.items()}
        return FrameCounts.of(wrong[part], ok[part], spent[part], named, weights[part])

    whole = counts(slice(50))
    joined = FrameCounts.joined([counts(slice(20)), counts(slice(20, 21)), counts(slice(21, 50))])
    for name in ("wrong", "bit_errors", "undetected", "iterations_to", "weights"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))
    np.testing.assert_array_equal(joined.counters["a"].up_to, whole.counters["a"].up_to)
    assert (joined.frames, joined.iterations, joined.names) == (whole.frames, whole.iterations, whole.names)
    for errors in (None, 1, len(whole.wrong)):
        assert Tally.of(joined, errors) == Tally.of(whole, errors)
