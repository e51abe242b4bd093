"""Keys and counts that must not change unnoticed: results that people have would be continued with other frames.

The folder of each family of codes has its own, in ``golden.json``: for each decoder class the links that are
simulated with it, and for each of those what came out over each channel. If a change to a class is meant to change
frames, raise its ``frames_version``, and then run this file, which writes the counts of today.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import run

CODES = Path(__file__).parent / "codes"
CHANNELS: dict[str, dict[str, Any]] = {
    "awgn": {"type": "awgn", "ebno_db": 2},
    "bsc": {"type": "bsc", "f": 0.06},
    "bec": {"type": "bec", "epsilon": 0.35},
}
#: A row of a file: its family, decoder class, name and channel.
Place = tuple[str, str, str, str]


def files() -> dict[str, dict[str, dict[str, Any]]]:
    """By family, decoder class and name of the link."""
    return {file.parent.name: json.loads(file.read_text()) for file in sorted(CODES.glob("*/golden.json"))}


GOLDEN = files()
ROWS: list[Place] = [
    (family, decoder, name, channel)
    for family, classes in GOLDEN.items()
    for decoder, links in classes.items()
    for name in links
    for channel in CHANNELS
]


def counts(place: Place) -> list[Any]:
    family, decoder, name, channel = place
    curve = {"label": name, **GOLDEN[family][decoder][name]["link"]}
    config = {
        "name": "golden",
        "seed": 1,
        "channel": CHANNELS[channel],
        "curves": [curve],
        "stop": {"frames": 2000},
    }
    (row,) = run(config, save=False)
    tally = row.tally
    return [row.key, tally.frame_errors, tally.bit_errors, tally.undetected_errors, tally.iterations]


def kept(place: Place) -> list[Any]:
    family, decoder, name, channel = place
    found: list[Any] = GOLDEN[family][decoder][name]["counts"][channel]
    return found


@pytest.mark.parametrize("place", ROWS, ids=", ".join)
def test_keys_and_counts_are_what_they_were(place: Place) -> None:
    assert counts(place) == kept(place)


def on_the_plain_cpu(on_a_plain_cpu: Callable[..., str], rows: Iterable[Place]) -> Iterator[tuple[Any, Any]]:
    script = (
        "import json, runpy, sys; golden = runpy.run_path(sys.argv[1]);"
        "print(json.dumps([golden['counts'](place) for place in json.loads(sys.argv[2])]))"
    )
    rows = list(rows)
    found = json.loads(on_a_plain_cpu(script, __file__, json.dumps(rows)))
    return zip(found, map(kept, rows), strict=True)


@pytest.mark.slow  # compiles what no other test needs: `.ci/run` asks for it
@pytest.mark.cpu_seconds(30)
def test_counts_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    """One decoder with vector kernels; the slow test has all of them."""
    rows = [place for place in ROWS if place[2:] == ("bp int8 layered", "awgn")]
    assert len(rows) == 1
    for found, expected in on_the_plain_cpu(on_a_plain_cpu, rows):
        assert found == expected


@pytest.mark.slow
def test_all_counts_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str]) -> None:
    for found, expected in on_the_plain_cpu(on_a_plain_cpu, ROWS):
        assert found == expected


def write(families: Iterable[str]) -> None:
    """The counts of today, each link and each channel's on a line."""
    for family in families:
        for place in ROWS:
            if place[0] == family:
                GOLDEN[family][place[1]][place[2]].setdefault("counts", {})[place[3]] = counts(place)
        text = dump(GOLDEN[family])
        (CODES / family / "golden.json").write_text(text + "\n")


def dump(value: Any, depth: int = 0) -> str:
    """JSON with a line for each link and each row of counts."""
    if depth == 4 or not isinstance(value, dict):
        return json.dumps(value)
    inside = f",\n{'  ' * (depth + 1)}".join(
        f"{json.dumps(key)}: {json.dumps(each) if key == 'link' else dump(each, depth + 1)}"
        for key, each in value.items()
    )
    return f"{{\n{'  ' * (depth + 1)}{inside}\n{'  ' * depth}}}"


if __name__ == "__main__":
    write(sys.argv[1:] or GOLDEN)
