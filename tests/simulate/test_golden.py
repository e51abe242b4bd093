"""Keys and counts that must not change unnoticed: results that people have would be continued with other frames.

If a change to a kernel is meant to change frames, raise the ``frames_version`` of its class, and then these.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import run

FILE = Path(__file__).with_name("golden.json")
LDPC = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}
LINKS: dict[str, dict[str, Any]] = {
    "hard": {"code": {"type": "uncoded", "k": 30}},
    "majority": {"code": {"type": "repetition", "n": 8, "k": 2}},
    "syndrome": {"code": {"type": "hamming", "r": 4, "extended": True, "shorten": 3}},
    "ml": {"code": {"type": "spc", "n": 6}},
    **{
        f"bp {algorithm} {schedule}": {
            "code": LDPC,
            "decoder": {"type": "bp", "algorithm": algorithm, "schedule": schedule, "iterations": 12},
        }
        for algorithm in ("sum-product", "min-sum")
        for schedule in ("flooding", "layered")
    },
    **{
        f"bp int8 {schedule}": {
            "code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
            "decoder": {
                "type": "bp",
                "algorithm": "min-sum",
                "schedule": schedule,
                "iterations": 12,
                "precision": "int8",
                "scale": 0.8,
                "offset": 0.1,
            },
        }
        for schedule in ("flooding", "layered")
    },
}
CHANNELS: list[dict[str, Any]] = [
    {"type": "awgn", "ebno_db": 2},
    {"type": "bsc", "f": 0.06},
    {"type": "bec", "epsilon": 0.35},
]


def counts(name: str, channel: dict[str, Any]) -> list[Any]:
    curve = {"label": name, **LINKS[name]}
    config = {"name": "golden", "seed": 1, "channel": channel, "curves": [curve], "stop": {"frames": 2000}}
    (row,) = run(config, save=False)
    tally = row.tally
    return [row.key, tally.frame_errors, tally.bit_errors, tally.undetected_errors, tally.iterations]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel["type"])
@pytest.mark.parametrize("name", LINKS)
def test_keys_and_counts_are_what_they_were(name: str, channel: dict[str, Any]) -> None:
    assert counts(name, channel) == json.loads(FILE.read_text())[f"{name}, {channel['type']}"]


def test_counts_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    script = (
        "import json, runpy, sys; golden = runpy.run_path(sys.argv[1]); print(json.dumps({"
        "f'{name}, {channel[\"type\"]}': golden['counts'](name, channel)"
        "for name in golden['LINKS'] for channel in golden['CHANNELS']}))"
    )
    assert json.loads(on_a_plain_cpu(script, __file__)) == json.loads(FILE.read_text())


if __name__ == "__main__":
    made = {f"{name}, {channel['type']}": counts(name, channel) for name in LINKS for channel in CHANNELS}
    FILE.write_text(
        "{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in made.items()) + "\n}\n"
    )
