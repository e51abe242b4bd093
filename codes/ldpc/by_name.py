"""LDPC codes from files, standards and ensembles, as configurations name them."""

from pathlib import Path
from typing import Any, Literal

from ..code import Code
from ..examples import with_examples
from ..matrix_files.written import as_rows, check_variable
from .by_standard import code_of
from .construction.table import Construction, construct, with_constructions
from .ldpc import LDPCCode, punctured

#: The standards of ``by_standard``.
Standard = Literal[
    "wimax",
    "wifi",
    "10gbase-t",
    "wran",
    "wigig",
    "ccsds-tc",
    "dvb-s2",
    "dvb-s2x",
    "dvb-t2",
    "ccsds",
    "ccsds-c2",
    "nr",
]


@with_constructions
@with_examples(
    {"n": 24, "k": 12, "column_weight": 3},
    {"n": 40, "k": 20, "column_weight": 2, "seed": 3},
    {"n": 48, "k": 24, "column_weight": 3, "puncture": [0, 5]},
    {"standard": "wimax", "n": 576, "rate": "2/3A"},
    {"standard": "nr", "k": 24, "n": 80, "bits_per_symbol": 4},
    {"standard": "nr", "k": 400, "n": 1000, "base_graph": 1, "rv": 3, "limited_buffer": 880},
    {"construction": "ra", "k": 6, "repeat": 3},
    {"construction": "coupled", "base": [[2, 2]], "memory": 1, "length": 4, "lifting_size": 5},
)
def ldpc(
    *,
    parity_check: Path | list[list[int]] | list[str] | None = None,
    alist: Path | None = None,
    qc: Path | None = None,
    standard: Standard | None = None,
    rate: str | None = None,
    outer: Literal["bch"] | None = None,
    n: int | None = None,
    k: int | None = None,
    column_weight: int | None = None,
    seed: int = 0,
    puncture: list[Any] | dict[str, Any] | str | None = None,
    variable: str | None = None,
    bits_per_symbol: int | None = None,
    rv: int | None = None,
    base_graph: Literal[1, 2] | None = None,
    limited_buffer: int | None = None,
    construction: Construction | None = None,
    **parameters: Any,
) -> Code:
    """An LDPC code from a matrix file of any known kind (parity_check; alist and qc for these two alone), a
    standard (n, rate), at random (n, k, column_weight, seed), or of a ``construction`` with its parameters.

    ``nr``, of 5G, takes the bits of a payload, k, and all that are sent, n, and adds its checks. Its bit
    interleaver spreads them over labels of ``bits_per_symbol``, 1 unless given; ``rv`` is the redundancy
    version; ``base_graph`` follows from k and the rate unless given; ``limited_buffer`` is the size Ncb of a
    circular buffer that does not hold all.

    ``puncture`` names columns that are not sent: [0, 5]; "88:96", 88 to 95; {start: 88, stop: 95}, stop
    included; {block_columns: [0, 1]} of a quasi-cyclic code; or a list of these. ``variable`` names one of
    several matrices of a MATLAB or .npz file. ``outer: bch`` of a DVB standard adds its BCH code: k is then
    K_bch, a decoder decodes the LDPC code, and the BCH code corrects what is left.
    """
    ensemble = {"n": n, "k": k, "column_weight": column_weight}
    given = {name: value for name, value in ensemble.items() if value is not None}
    own: dict[str, Any] = {  # parameters that standards alone have
        "rate": rate,
        "outer": outer,
        "bits_per_symbol": bits_per_symbol,
        "rv": rv,
        "base_graph": base_graph,
        "limited_buffer": limited_buffer,
    }
    if standard is not None:
        own |= {name: given.pop(name) for name in ("n", "k") if name in given}
    if construction is not None:
        files = {"parity_check": parity_check, "alist": alist, "qc": qc, "standard": standard}
        for name, value in files.items():
            if value is not None:
                raise ValueError(f"{name} and construction each name a matrix: leave one out")
        check_variable(variable)
        made = construct(construction, {**given, **own, "seed": seed or None, **parameters})
        whole = LDPCCode(made.matrix, lifting_size=made.lifting_size, facts=made.facts)
        return punctured(whole, () if puncture is None else puncture, made.punctured)
    for name, value in parameters.items():
        if value is not None:
            raise ValueError(f"{name} belongs to a construction, which is not named")
    sources = [parity_check is not None, alist is not None, qc is not None, standard is not None, bool(given)]
    if sources.count(True) != 1:
        raise ValueError("ldpc takes one of parity_check, alist, qc, standard, or n with k and column_weight")
    for name, value in own.items():
        if value is not None and standard is None:
            raise ValueError(f"{name} belongs to a standard, which is not named")
    if seed and not given:
        raise ValueError("seed belongs to a random matrix: n, k and column_weight")
    check_variable(variable, parity_check)
    columns = () if puncture is None else puncture
    if isinstance(parity_check, Path):
        return LDPCCode.from_file(parity_check, variable=variable, puncture=columns)
    if qc is not None:
        return LDPCCode.from_quasi_cyclic(qc, puncture=columns)
    if parity_check is not None:
        whole = LDPCCode(as_rows(parity_check, "parity_check"))
    elif standard is not None:
        code = code_of(standard, **own)
        if not isinstance(code, LDPCCode):
            if puncture is not None:
                raise ValueError(
                    f"puncture says nothing beside {standard}, which chooses what is sent itself"
                )
            return code
        whole = code
    elif alist is not None:
        whole = LDPCCode.from_alist(alist)
    elif n is None or k is None or column_weight is None:
        missing = [name for name in ensemble if name not in given]
        raise ValueError(
            f"ldpc with a random matrix needs n, k and column_weight; missing: {', '.join(missing)}"
        )
    else:
        whole = LDPCCode.regular(n, k, column_weight, seed=seed)
    return punctured(whole, columns)
