"""Pictures of parity-check matrices."""

from pathlib import Path

import matplotlib.colors
import numpy as np
import pytest
from capgap.codes import LDPCCode, TannerGraph
from capgap.simulate.commands.command_line import main
from capgap.simulate.figures.parity_checks import MOST_EDGES, draw_graph, draw_matrix
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure


def test_a_small_matrix_is_drawn_as_it_is() -> None:
    graph = LDPCCode.regular(24, 12, 3).tanner_graph
    left, right = Figure().subplots(1, 2)
    draw_matrix(left, graph)
    draw_graph(right, graph)
    shown = left.images[0].get_array()
    assert shown is not None
    assert np.array_equal(shown, graph.matrix())
    (lines,) = (each for each in right.collections if isinstance(each, LineCollection))
    assert len(lines.get_segments()) == graph.edges
    assert {text.get_text() for text in right.texts} == {str(i) for i in range(24)}
    assert matplotlib.colors.to_rgb(str(right.lines[0].get_color())) != (0, 0, 0)


def test_info_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "codes.png"
    words = [
        "ldpc n=24 k=12 column_weight=3",
        "ldpc standard=wifi n=1944 rate=1/2",
        "-o",
        str(file),
        "--json",
    ]
    assert main(["info", *words]) == 0
    assert file.stat().st_size > 10_000
    assert main(["info", "hamming r=3", "-o", str(file.with_suffix(".svg"))]) in (0, 2)
    assert main(["info", "polar n=8 k=4", "-o", str(file.with_suffix(".svg"))]) == 2
    assert "pictures are of parity-check matrices" in capsys.readouterr().err
    assert TannerGraph.from_matrix(np.ones((70, 70), np.uint8)).edges > MOST_EDGES


def test_info_searches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "ldpc n=96 k=48 column_weight=3", "--search", "0.3"]) == 0
    told = capsys.readouterr().out
    assert "minimum distance, at most" in told
    assert "trapping sets (a, b), from the shortest cycles" in told
    with pytest.raises(SystemExit):
        main(["info", "spc n=5", "--search", "-1"])
    assert "must be seconds" in capsys.readouterr().err
