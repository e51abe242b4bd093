"""The constructions by their names, and their parameters.

A construction is a function; what a configuration may give it are the function's parameters, with their types
and defaults.
"""

from collections.abc import Callable
from typing import Literal

from .accumulate import ira, ra
from .algebraic import array, margulis, tanner
from .ensembles import gallager, irregular, ldgm, mackay_neal, peg, regular
from .geometries import euclidean_geometry, projective_geometry
from .made import Made
from .protographs import ar4ja, ara, coupled, protograph
from .quantum import bicycle, hypergraph_product

Construction = Literal[
    "regular",
    "gallager",
    "mackay-neal",
    "irregular",
    "peg",
    "protograph",
    "coupled",
    "array",
    "tanner",
    "margulis",
    "euclidean-geometry",
    "projective-geometry",
    "ra",
    "ira",
    "ara",
    "ar4ja",
    "ldgm",
    "hypergraph-product",
    "bicycle",
]
CONSTRUCTIONS: dict[str, Callable[..., Made]] = {
    "regular": regular,
    "gallager": gallager,
    "mackay-neal": mackay_neal,
    "irregular": irregular,
    "peg": peg,
    "protograph": protograph,
    "coupled": coupled,
    "array": array,
    "tanner": tanner,
    "margulis": margulis,
    "euclidean-geometry": euclidean_geometry,
    "projective-geometry": projective_geometry,
    "ra": ra,
    "ira": ira,
    "ara": ara,
    "ar4ja": ar4ja,
    "ldgm": ldgm,
    "hypergraph-product": hypergraph_product,
    "bicycle": bicycle,
}
