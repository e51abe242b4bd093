"""Small configurations that run in a moment."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from capgap.bounds import Bound
from capgap.simulate import Results
from capgap.simulate.registry import plugins, registry
from capgap.simulate.results.atomic_files import write_atomically

from tests.examples import example_links


def small_config(**changes: Any) -> dict[str, Any]:
    """Three codes over AWGN, a few points each."""
    config: dict[str, Any] = {
        "name": "small",
        "seed": 5,
        "channel": {"type": "awgn", "ebno_db": [1, 4]},
        "curves": [
            {"label": "Uncoded", "code": {"type": "uncoded", "k": 20}},
            {"label": "Hamming", "code": {"type": "hamming", "r": 3}},
            {
                "label": "LDPC",
                "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3},
                "decoder": {"type": "bp", "algorithm": "min-sum", "schedule": "layered", "iterations": 10},
            },
        ],
        "stop": {"frame_errors": 40, "frames": 20_000},
    }
    return {**config, **changes}


#: Values of bounds by formula and arguments.
_BOUNDS: dict[tuple[Any, ...], float] = {}


@pytest.fixture(autouse=True, scope="module")
def bounds_once() -> Iterator[None]:
    """Bounds that figures and reports show of the same small configurations are computed once."""
    computed = Bound._computed

    def remembered(self: Bound, *arguments: Any) -> float:
        if arguments not in _BOUNDS:
            _BOUNDS[arguments] = computed(self, *arguments)
        return _BOUNDS[arguments]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bound, "_computed", remembered)
        yield


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn with few dots."""
    from capgap.simulate.figures import style

    monkeypatch.setitem(style.STYLE, "savefig.dpi", 50)


@pytest.fixture
def few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds over an axis are computed at few points: that takes most of the time of a figure, and of a report."""
    from capgap.simulate.content import limit_curves

    monkeypatch.setattr(limit_curves, "POINTS", 12)


@pytest.fixture
def plain_figures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where figures are no subject their files say in text what they would show: drawing takes longer than all else.

    Tests marked ``real_figures`` have them drawn.
    """
    if request.node.get_closest_marker("real_figures"):
        return
    from capgap.simulate.figures import drawing

    def write(results: Results, options: object, files: Sequence[Path], kind: str = "error-rates") -> None:
        shown = [(row.curve, row.value, row.tally) for row in results]
        for file in files:
            write_atomically(file, f"{kind}: {shown}")

    monkeypatch.setattr(drawing, "draw", write)


@pytest.fixture
def clean_registry() -> Iterator[None]:
    """What a test registers is gone after it."""
    kept: list[tuple[Any, Any]] = [
        (known, dict(known._entries))
        for known in (registry.codes, registry.decoders, registry.channels, registry.modulations)
    ]
    loaded = list(plugins.loaded_plugins)
    yield
    for known, entries in kept:
        known._entries = entries
    plugins.loaded_plugins[:] = loaded


@pytest.fixture
def config() -> dict[str, Any]:
    """A small configuration as data."""
    return small_config()


CHANNELS: list[dict[str, Any]] = [
    {"type": "awgn", "ebno_db": [2, 5]},
    {"type": "bsc", "f": [0.06, 0.02]},
    {"type": "bec", "epsilon": [0.3, 0.1]},
]


@pytest.fixture(params=range(len(CHANNELS)), ids=lambda i: CHANNELS[i]["type"])
def every_decoder(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Configurations that have together a curve for every example of every decoder there is, a part over each channel."""
    links = list(example_links().items())[request.param :: len(CHANNELS)]
    return {
        "name": "decoders",
        "channel": CHANNELS[request.param],
        "curves": [{"label": name, **link} for name, link in links],
        "stop": {"frame_errors": 20, "bit_errors": 90, "relative_error": 0.4, "frames": 700},
    }
