"""The codes of shared channels of 5G NR: 3GPP TS 38.212, sections 5.2.2, 5.3.2, 5.4.2, 5.5, 6.2 and 7.2."""

from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import numpy as np
import scipy.sparse

from ....vectors.whole_numbers import whole_number
from ...binary.gf2 import Indices
from ...code import Redundancy, check_length
from ...detection.crc import CRCCode, LinearCRCCode
from ...detection.polynomials import POLYNOMIALS
from ...matching.rate_matched import LinearRateMatchedCode, RateMatchedCode
from ...matching.segmented import SegmentedCode
from ..ldpc import LDPCCode
from .base_graphs import CORE, PUNCTURED, BaseGraph, parity_check
from .rate_matching import ORDER, VERSIONS, block_sizes, buffer_size, interleaved, selected
from .segmentation import Segmentation, base_graph_of, segmentation

#: Bits of a symbol (TS 38.211, 5.1): of BPSK, QPSK, 16QAM, 64QAM, 256QAM and 1024QAM.
BITS_PER_SYMBOL = (1, 2, 4, 6, 8, 10)
#: Names of the checks of transport blocks, by their bits, and of code blocks.
TRANSPORT_CHECKS, BLOCK_CHECK = {16: "16-nr", 24: "24a"}, "24b"


class CodeBlock(LDPCCode):
    """The LDPC code of a code block, without filler bits and without parity bits of which nothing is sent.

    A filler bit is 0 and known. A parity bit that is in a single check and not sent says nothing, and neither
    does its check.

    Parameters
    ----------
    parity_check
        Binary matrix, as for ``LDPCCode``.
    origin
        What is known of it beside, by names in words.
    """

    def __init__(self, parity_check: scipy.sparse.csr_array, origin: Mapping[str, Any]) -> None:
        super().__init__(parity_check)
        self.origin = dict(origin)

    def info(self) -> Mapping[str, Any]:
        """The base graph and its lifting, then as of any LDPC code."""
        return {**self.origin, **super().info()}


def nr_code(
    *,
    k: int | None = None,
    n: int | None = None,
    bits_per_symbol: int = 1,
    rv: int = 0,
    base_graph: BaseGraph | None = None,
    limited_buffer: int | None = None,
) -> CRCCode:
    """The code of a transport block, with its checks.

    Parameters
    ----------
    k
        A: bits of the payload.
    n
        E: bits sent of all code blocks.
    bits_per_symbol
        Q_m: the bits of a label, over which the bit interleaver spreads the bits; 1 for none.
    rv
        Redundancy version, 0 to 3.
    base_graph
        1 or 2; by default as the payload and the rate k / n say.
    limited_buffer
        Ncb: bits of the circular buffer of a code block, filler bits among them; by default all.

    Raises
    ------
    ValueError
        If a parameter is missing or outside its range, the code blocks would not be of the same size, or
        messages differ in no bit that is sent.

    Examples
    --------
    >>> nr_code(k=100, n=300).info()["inner code: base graph"]
    2
    """
    if k is None or n is None:
        raise ValueError("nr needs k, the bits of the payload, and n, the bits that are sent")
    k, n, rv = whole_number(k, "k"), whole_number(n, "n"), whole_number(rv, "rv")
    symbol = whole_number(bits_per_symbol, "bits_per_symbol")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    check_length(k, "k")
    check_length(n)
    if symbol not in BITS_PER_SYMBOL:
        *some, last = BITS_PER_SYMBOL
        raise ValueError(f"bits_per_symbol must be {', '.join(map(str, some))} or {last}, got {symbol}")
    if not 0 <= rv < VERSIONS:
        raise ValueError(f"rv must be 0 to {VERSIONS - 1}, got {rv}")
    if base_graph is not None and base_graph not in get_args(BaseGraph):
        raise ValueError(f"base_graph must be 1 or 2, got {base_graph!r}")
    cut = segmentation(k, base_graph_of(k, n) if base_graph is None else base_graph)
    if n % symbol:
        near = n - n % symbol
        raise ValueError(
            f"n must be a multiple of the {symbol} bits of a symbol, such as {near} or {near + symbol}, "
            f"got {n}"
        )
    if n < cut.count * cut.length:
        least = -(-cut.count * cut.length // symbol) * symbol
        raise ValueError(f"n must be at least {least}, since k = {k} makes {cut}, got {n}")
    return _of_versions(cut, n, symbol, _buffer(cut, limited_buffer), (rv,))


def _of_versions(cut: Segmentation, n: int, symbol: int, buffer: int, versions: tuple[int, ...]) -> CRCCode:
    """The code of the n bits that each of these redundancy versions sends, one after the other."""
    sizes = block_sizes(cut.count, n, symbol)
    chosen = {
        (size, rv): selected(cut, size, rv, buffer)
        for size in sorted(set(sizes))
        for rv in dict.fromkeys(versions)
    }
    kept, mother = _mother(cut, np.concatenate(list(chosen.values())))
    own = {each: np.searchsorted(kept, interleaved(columns, symbol)) for each, columns in chosen.items()}
    bits, polynomial = POLYNOMIALS[TRANSPORT_CHECKS[cut.checks]]
    try:
        matched = {
            size: LinearRateMatchedCode(mother, sent=np.concatenate([own[size, rv] for rv in versions]))
            for size in set(sizes)
        }
    except ValueError as error:
        raise ValueError(
            f"the {n} bits that rv = {versions[0]} sends do not tell all messages apart, of {cut}: "
            "send more, or rv = 0"
        ) from error
    code: CRCCode
    if cut.count == 1:
        code = LinearCRCCode(matched[n], bits=bits, polynomial=polynomial)
    else:
        own_check = POLYNOMIALS[BLOCK_CHECK]
        checked = LinearCRCCode(mother, bits=own_check[0], polynomial=own_check[1])
        sent = [block * mother.n + own[size, rv] for rv in versions for block, size in enumerate(sizes)]
        whole = RateMatchedCode(SegmentedCode(checked, segments=cut.count), sent=np.concatenate(sent))
        code = CRCCode(whole, bits=bits, polynomial=polynomial)
    code.redundancy = Redundancy(ORDER, partial(_of_versions, cut, n, symbol, buffer))
    return code


def _buffer(cut: Segmentation, limited: int | None) -> int:
    """Ncb."""
    most = buffer_size(cut)
    if limited is None:
        return most
    limited = whole_number(limited, "limited_buffer")
    if not cut.padded <= limited <= most:  # less holds fewer bits than there are messages
        raise ValueError(f"limited_buffer must lie in {cut.padded} to {most}, the whole, got {limited}")
    return limited


def _mother(cut: Segmentation, sent: Indices) -> tuple[Indices, CodeBlock]:
    """The code of a code block of which these columns are sent, and which columns it has left, ascending."""
    core = cut.padded + CORE * cut.lifting_size  # the first parity bit that is in a single check
    own = np.unique(sent[sent >= core])
    rows = np.concatenate([np.arange(core - cut.padded), own - cut.padded])
    kept = np.concatenate([np.arange(cut.length), np.arange(cut.padded, core), own])
    matrix = parity_check(cut.base_graph, cut.lifting_size)[rows][:, kept]
    origin = {
        "base graph": cut.base_graph,
        "lifting size": cut.lifting_size,
        "code blocks": cut.count,
        "filler bits": cut.padded - cut.length,
    }
    return kept, CodeBlock(matrix[_schedule(matrix, PUNCTURED * cut.lifting_size)], origin)


def _schedule(matrix: scipy.sparse.csr_array, punctured: int) -> Indices:
    """An order of checks in which layered decoding converges soon, where the first columns are punctured.

    A check with two punctured bits tells nothing before one of them is known from another check, and short
    checks tell more. At rate 0.83 ten iterations fail a fifth as often as in the order of the base graph.
    """
    unknown = np.asarray(matrix[:, :punctured].sum(axis=1)).ravel()
    return np.lexsort((np.diff(matrix.indptr), unknown > 1))
