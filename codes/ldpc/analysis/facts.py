"""What ``capgap info`` tells of a Tanner graph."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...binary.tanner_graph import TannerGraph
from ...matrix_files.quasi_cyclic import shifts_of
from .cycles import short_cycles
from .trapping_sets import trapping_sets


def graph_facts(graph: TannerGraph, rank: int, lifting_size: int | None) -> dict[str, Any]:
    """Size, rank, degrees, girth and short cycles, by names in words.

    ``rank`` is that of the parity-check matrix; ``lifting_size`` that of a quasi-cyclic one.
    """
    variables, checks = graph.variable_degrees, graph.check_degrees
    facts: dict[str, Any] = {"checks": graph.checks, "rank": rank}
    if lifting_size is not None:
        facts["lifting size"] = lifting_size
    facts["edges"] = graph.edges
    facts["variables by degree"] = _counted(variables)
    facts["checks by degree"] = _counted(checks)
    facts["edges by variable degree (lambda)"] = _edges(variables)
    facts["edges by check degree (rho)"] = _edges(checks)
    cycles = short_cycles(graph, _circulants(graph, lifting_size))
    if cycles.girth is not None:
        facts["girth"] = "none: there is no cycle" if math.isinf(cycles.girth) else int(cycles.girth)
    elif cycles.counts:
        facts["girth"] = f"at least {max(cycles.counts) + 2}"
    if cycles.counts and not (cycles.girth and math.isinf(cycles.girth)):
        facts["cycles by length"] = cycles.counts
    return facts


def searched_facts(graph: TannerGraph, lifting_size: int | None, seconds: float) -> dict[str, Any]:
    """Small trapping sets that are found in as many seconds."""
    lifting_size = _circulants(graph, lifting_size)
    girth = short_cycles(graph, lifting_size).girth
    if girth is None or math.isinf(girth):
        return {}
    found = trapping_sets(graph, int(girth), lifting_size, seconds=seconds)
    sets: dict[str, Any] = {f"({a}, {b})": count for (a, b), count in found.counts.items()}
    if not found.complete:
        sets["ended before all were found"] = True
    return {"trapping sets (a, b), from the shortest cycles": sets or "none with a up to 8, b up to 4"}


def _circulants(graph: TannerGraph, lifting_size: int | None) -> int | None:
    """The lifting size, if the whole matrix consists of circulants of it."""
    if lifting_size is None or graph.checks % lifting_size or graph.variables % lifting_size:
        return None
    return None if shifts_of(graph.sparse_matrix(), lifting_size) is None else lifting_size


def _counted(degrees: npt.NDArray[Any]) -> dict[int, int]:
    found, times = np.unique(degrees, return_counts=True)
    return dict(zip(found.tolist(), times.tolist(), strict=True))


def _edges(degrees: npt.NDArray[Any]) -> dict[int, float]:
    """The share of edges that end at nodes of a degree."""
    edges = max(1, int(degrees.sum()))
    return {degree: degree * times / edges for degree, times in _counted(degrees).items() if degree}
