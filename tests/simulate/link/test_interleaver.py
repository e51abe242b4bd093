"""Interleavers between code and modulation: permutations of standards, and links that have one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, PAM, QAM, Channel, Stream
from capgap.channels.models.interleaved import InterleavedChannel
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.link.interleaver import link_interleaver
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads, packed

CODE: dict[str, Any] = {"type": "hamming", "r": 4}
QAM16: dict[str, Any] = {"type": "qam", "order": 16}


def config(interleaver: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "a",
        "channel": {"type": "awgn", "ebno_db": [4.0]},
        "curves": [
            {"label": "a", "code": CODE, "decoder": "ml", "modulation": QAM16, "interleaver": interleaver}
        ],
        "stop": {"frames": 500},
        **more,
    }


def order(value: Any, n: int, bits: int) -> list[int]:
    made = link_interleaver(value, n, bits)
    assert made is not None
    found: list[int] = made.tolist()
    return found


def test_columns_and_rows() -> None:
    """ETSI EN 302 307-1, section 5.3.3, of 8PSK: the first row has bits 0, n / 3 and 2 n / 3; reversed of 3/5."""
    assert order("dvb-s2", 12, 3) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert order({"type": "dvb-s2", "reverse": True}, 12, 3) == [8, 4, 0, 9, 5, 1, 10, 6, 2, 11, 7, 3]
    # 3GPP TS 38.212, section 5.4.2.2: f[i + j Q] = e[i E / Q + j]
    made = order("nr", 24, 4)
    assert [made[i + j * 4] for j in range(6) for i in range(4)] == [
        i * 6 + j for j in range(6) for i in range(4)
    ]
    assert order({"type": "block", "rows": 3}, 12, 4) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert link_interleaver("none", 12, 4) is None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([0, 1, 2], "interleaver must have 15 numbers, one for each bit, got 3"),
        ([0] * 15, "interleaver is no permutation: index 1 has 0, as index 0 has"),
        ("dvb-s2", "dvb-s2 needs a multiple of the 4 bits of a sample, and the code has 15"),
        ("helical", "interleaver must be none, random, .*, dvb-s2, nr or a list of numbers, got 'helical'"),
        ({"type": "nr", "reverse": True}, "nr takes no parameters, got reverse"),
        ({"type": "block"}, "block takes rows; missing: rows"),
        ({"type": "block", "rows": 99}, "rows must lie in 1 to 15, got 99"),
    ],
)
def test_mistakes(value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_config(config(value))


def test_a_mistake_is_told_where_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "name: a\nchannel: {type: awgn, ebno_db: 1}\ninterleaver: [0, 1]\ncurves:\n  - {code: {type: hamming, r: 3}}\n"
    )
    with pytest.raises(InputError, match=r"a\.yaml:3: interleaver must have 7 numbers"):
        load_config(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    "channel",
    [
        AWGN(esno_db=2),
        BEC(epsilon=0.3),
        PAM(order=4).over(AWGN(esno_db=4)),
        QAM(order=16).over(AWGN(esno_db=4, dimensions=2)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("reads", [SOFT, HARD, Reads("soft", "int8", 4.0)])
def test_both_forms_agree(channel: Channel, reads: Reads) -> None:
    frames, n = 70, 27
    interleaved = InterleavedChannel(channel, np.random.default_rng(1).permutation(n))
    word, streams = Stream(1, frames).bits(n), [Stream(2, frames), Stream(2, frames)]
    llr = interleaved.llr(interleaved.transmit(word, streams[0]))
    found = interleaved.observe(packed(word), streams[1], reads)
    expected = GroupInput.of_lanes(np.ascontiguousarray(llr.T), reads)
    for one, other in ((found.llr, expected.llr), (found.hard, expected.hard)):
        assert (one is None) == (other is None)
        if one is not None and other is not None and reads.kind == "soft":
            np.testing.assert_array_equal(one[0], other[0])
    assert ((llr < 0) == word).mean() > 0.6  # each bit's own


def test_a_link_that_has_one(tmp_path: Path) -> None:
    """Its frames are others, the same in both forms; the results name it, and are continued."""
    results = run(config("random"), out=tmp_path)
    (row,) = load_results(tmp_path).rows
    assert row == results.rows[0]
    assert row.interleaver == "random"
    (without,) = run(config("none"), save=False).rows
    (plain,) = run(
        {**config("none"), "curves": [{**config("none")["curves"][0], "interleaver": None}]}, save=False
    ).rows
    assert without.key == plain.key != row.key
    assert without.interleaver == ""
    link = load_config(config({"type": "random", "seed": 3})).curves[0].link
    point = link.at(4.0)
    sent = link.send(point, 0, 100)
    counted = link.simulate(point, 0, 100)
    np.testing.assert_array_equal(np.flatnonzero(sent.bit_errors), counted.wrong)


def test_one_above_the_curves_is_for_all_without_their_own() -> None:
    curves = [
        {"code": CODE, "modulation": QAM16},
        {"code": CODE, "interleaver": "none"},
        {"code": CODE, "interleaver": {"type": "block", "rows": 5}},
    ]
    made = load_config({**config(None), "interleaver": "random", "curves": curves}).curves
    assert [curve.link.interleaver_text for curve in made] == ["random", "", "block(rows=5)"]
    assert made[2].link.label == "hamming(r=4), block(rows=5)"
