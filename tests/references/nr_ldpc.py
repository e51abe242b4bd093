"""The chain of 5G's LDPC codes, by the steps of TS 38.212 written down one after the other."""

import math
from functools import cache

import numpy as np
import numpy.typing as npt
from py3gpp.nrDLSCHInfo import getZarray
from py3gpp.nrLDPCEncode import _load_basegraph

#: Generator polynomials (5.1), all terms written.
CHECKS = {"16": 0x11021, "24A": 0x1864CFB, "24B": 0x1800063}
NULL = -1


def with_check(bits: list[int], name: str) -> list[int]:
    """Bits and the remainder of their division, by long division (5.1)."""
    polynomial = CHECKS[name]
    degree = polynomial.bit_length() - 1
    value = int("".join(map(str, bits)), 2) << degree
    for i in range(len(bits) + degree - 1, degree - 1, -1):
        if value >> i & 1:
            value ^= polynomial << (i - degree)
    return bits + [value >> i & 1 for i in range(degree - 1, -1, -1)]


def base_graph_of(a: int, rate: float) -> int:
    """7.2.2."""
    if a <= 292 or (a <= 3824 and rate <= 0.67) or rate <= 0.25:
        return 2
    return 1


def segments(b: list[int], base_graph: int) -> tuple[list[list[int]], int]:
    """Code blocks with filler bits, which are NULL, and Z_c (5.2.2)."""
    longest = 8448 if base_graph == 1 else 3840
    checks = 0 if len(b) <= longest else 24
    count = 1 if len(b) <= longest else math.ceil(len(b) / (longest - 24))
    k_ = (len(b) + count * checks) / count
    assert k_ == int(k_)
    if base_graph == 1:
        columns = 22
    else:
        columns = 10 if len(b) > 640 else 9 if len(b) > 560 else 8 if len(b) > 192 else 6
    z = min(size for sizes in getZarray() for size in sizes if columns * size >= k_)
    k = (22 if base_graph == 1 else 10) * z
    out = []
    for r in range(count):
        own = b[r * (int(k_) - checks) : (r + 1) * (int(k_) - checks)]
        own = with_check(own, "24B") if count > 1 else own
        out.append(own + [NULL] * (k - len(own)))
    return out, z


@cache
def shifts(base_graph: int, z: int) -> npt.NDArray[np.int64]:
    """Of each block, or -1 (5.3.2), from the table that py3gpp has."""
    index = next(i for i, sizes in enumerate(getZarray()) if z in sizes)
    table = _load_basegraph(index, base_graph).astype(int)
    return np.where(table < 0, -1, table % z)


def encoded(c: list[int], base_graph: int, z: int) -> list[int]:
    """The code word without its first 2 Z bits (5.3.2), NULL where a filler bit is."""
    table = shifts(base_graph, z)
    known = np.where(np.array(c) == NULL, 0, c).reshape(-1, z)
    first = len(known)

    def row(i: int, blocks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        total = np.zeros(z, np.int64)
        for j, block in enumerate(blocks):
            if table[i, j] >= 0:
                total = total ^ np.roll(block, -table[i, j])
        return total

    # All four first rows together hold p_0 alone, with one shift that does not cancel.
    own = [shift for shift in table[:4, first] if shift >= 0]
    (odd,) = [shift for shift in set(own) if own.count(shift) % 2]
    total = row(0, known) ^ row(1, known) ^ row(2, known) ^ row(3, known)
    blocks = np.vstack([known, np.roll(total, odd)])
    for i in range(len(table)):
        if i != 3:  # which follows from the others
            blocks = np.vstack([blocks, row(i, blocks[: first + 4])])
    w = blocks.ravel()
    w[: len(c)][np.array(c) == NULL] = NULL
    return [int(bit) for bit in w[2 * z :]]


def sent(
    payload: list[int], e: int, q: int = 1, rv: int = 0, ncb: int | None = None, base_graph: int | None = None
) -> list[int]:
    """All bits that are sent of a payload (7.2), on one layer."""
    b = with_check(payload, "16" if len(payload) <= 3824 else "24A")
    graph = base_graph_of(len(payload), len(payload) / e) if base_graph is None else base_graph
    blocks, z = segments(b, graph)
    out: list[int] = []
    for r, c in enumerate(blocks):
        d = encoded(c, graph, z)
        n_cb = len(d) if ncb is None else ncb
        # 5.4.2.1
        symbols, count = e // q, len(blocks)
        each = symbols // count if r <= count - symbols % count - 1 else math.ceil(symbols / count)
        columns = {1: (0, 17, 33, 56), 2: (0, 13, 25, 43)}[graph][rv]
        j = columns * n_cb // ((66 if graph == 1 else 50) * z) * z
        f: list[int] = []
        while len(f) < each * q:
            if d[j % n_cb] != NULL:
                f.append(d[j % n_cb])
            j += 1
        # 5.4.2.2
        out += [f[i * each + k] for k in range(each) for i in range(q)]
    return out
