"""The ensembles that codes belong to: by the degrees of their Tanner graph, or by their protograph."""

import numpy as np
import numpy.typing as npt

from ...bounds.ensembles.degrees import Ensemble
from ...bounds.ensembles.protograph import MOST_NODES, Protograph
from ...codes import Code, CRCCode, NonBinaryLDPCCode, SegmentedCode, TannerGraph
from .exit.exit_support import tanner_code

Booleans = npt.NDArray[np.bool_]


def ensemble_of(graph: TannerGraph, transmitted: Booleans) -> Ensemble:
    """The ensemble of a Tanner graph's degrees, of variables that are sent and not; bool (variables).

    Raises ValueError if there are no edges.
    """
    if graph.edges == 0:
        raise ValueError("a Tanner graph without edges has no ensemble")
    degrees = graph.variable_degrees
    return Ensemble.of_nodes(
        _counted(degrees[transmitted]), _counted(graph.check_degrees), _counted(degrees[~transmitted])
    )


def ensemble_of_code(code: Code) -> Ensemble | Protograph:
    """The protograph of a code whose matrix is made of circulants and says so, or else its degrees.

    Bits that are not sent are punctured. Raises ValueError for codes without a Tanner graph of their own,
    such as shortened ones.
    """
    if isinstance(code, NonBinaryLDPCCode):
        raise ValueError("thresholds of codes over GF(2^m) are not known, and those of their bits are others")
    mother, transmitted = tanner_code(within_checks(code))
    size = getattr(mother, "lifting_size", None)
    found = None if size is None else _lifted(mother.tanner_graph, transmitted, size)
    return ensemble_of(mother.tanner_graph, transmitted) if found is None else found


def within_checks(code: Code) -> Code:
    """The code that belief propagation decodes: within checks around it, and of segments one."""
    while isinstance(code, CRCCode | SegmentedCode):
        code = code.inner
    return code


def _lifted(graph: TannerGraph, transmitted: Booleans, size: int) -> Protograph | None:
    """The protograph of blocks of a size; None if blocks do not have whole circulants or are sent in part."""
    checks = len(graph.check_start) - 1
    if checks % size or graph.variables % size or max(checks, graph.variables) > MOST_NODES * size:
        return None
    sent = transmitted.reshape(-1, size)
    if (sent.any(axis=1) != sent.all(axis=1)).any():
        return None
    rows, columns = checks // size, graph.variables // size
    edge_check = np.repeat(np.arange(checks), np.diff(graph.check_start)) // size
    blocks = np.bincount(edge_check * columns + graph.edge_variable // size, minlength=rows * columns)
    if (blocks % size).any():
        return None
    try:
        return Protograph(blocks.reshape(rows, columns) // size, np.flatnonzero(~sent[:, 0]).tolist())
    except ValueError:  # an empty row, for instance
        return None


def _counted(degrees: npt.NDArray[np.int32]) -> dict[int, float]:
    """How many nodes have each degree above 0."""
    found, times = np.unique(degrees[degrees > 0], return_counts=True)
    return dict(zip(found.tolist(), times.astype(float).tolist(), strict=True))
