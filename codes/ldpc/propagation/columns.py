"""The edges of a Tanner graph by variable, for kernels that go from one variable to the next."""

import numpy as np

from ...binary.tanner_graph import TannerGraph
from .column_kernels import Columns


def columns_of(graph: TannerGraph) -> Columns:
    """The edges of a graph in the order of their variables, and of their checks for each variable."""
    start = np.concatenate([[0], np.cumsum(np.bincount(graph.edge_variable, minlength=graph.variables))])
    check = np.repeat(np.arange(len(graph.check_start) - 1), np.diff(graph.check_start))
    edge = np.argsort(graph.edge_variable, kind="stable")
    return Columns(*(np.ascontiguousarray(each, np.int32) for each in (start, edge, check[edge])))
