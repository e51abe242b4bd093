"""Polar codes of control channels: 3GPP TS 38.212, sections 5.3.1, 5.4.1, 6.3.1 (uplink) and 7.3 (downlink).

The registers of the checks begin with zeros here: the ones that the standard puts before the bits of downlink
control information (7.3.2), and the identity of a terminal that it adds, change all words by the same word.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...binary.gf2 import Indices
from ...detection.crc import LinearCRCCode
from ...detection.polynomials import POLYNOMIALS
from ...matching.rate_matched import LinearRateMatchedCode
from ...matching.segmented import SegmentedCode
from ..construction.orders import ranks_5g, row_weights
from ..polar import PolarCode
from ..pretransform import Pretransform
from .interleavers import input_order, sub_block_order, triangular_order

Link = Literal["uplink", "downlink"]
LINKS: tuple[Link, ...] = get_args(Link)
#: Smallest payload, largest of each link, and most bits that are sent.
LEAST_K, MOST_K, MOST_N = 12, {"uplink": 1706, "downlink": 140}, {"uplink": 16384, "downlink": 8192}
#: Payload up to which uplink codes have parity-check bits, and from which, with n, there are two segments.
MOST_CHECKED, SEGMENTED_K, SEGMENTED_N, MOST_UNSEGMENTED = 19, 360, 1088, 1012
#: Binary logarithm of the smallest and the largest length before rate matching.
LEAST_LOG, MOST_LOG = 5, {"uplink": 10, "downlink": 9}


@dataclass(frozen=True, eq=False)
class CodeBlock:
    """How K bits, checks of the CRC included, become E bits that are sent.

    Attributes
    ----------
    n
        Length N of the polar code.
    information
        Positions of the K bits, in their order; int64.
    parity
        Positions of parity-check bits, ascending; int64.
    sent
        Which coded bits are sent, in their order; int64 (E).
    known
        Coded bits that are not sent, and always 0; int64.
    """

    n: int
    information: Indices
    parity: Indices
    sent: Indices
    known: Indices


def code_length(k: int, e: int, link: Link) -> int:
    """N for K = k bits of which E = e are sent (5.3.1)."""
    exponent = (e - 1).bit_length()
    short = 8 * e <= 9 << (exponent - 1) and 16 * k < 9 * e
    by_rate = (8 * k - 1).bit_length()
    return 1 << max(min(exponent - short, by_rate, MOST_LOG[link]), LEAST_LOG)


def code_block(k: int, e: int, link: Link, checks: int = 0) -> CodeBlock:
    """The code block of K = k bits and ``checks`` parity-check bits, of which E = e are sent."""
    n = code_length(k, e, link)
    order = sub_block_order(n)
    punctured = e < n and 16 * k <= 7 * e
    left_out = order[: n - e] if punctured else order[e:]
    frozen = np.zeros(n, np.bool_)  # before the information positions are chosen (5.4.1.1)
    frozen[left_out] = True
    if punctured:
        # ceil(3 N / 4 - E / 2) of the first positions, or ceil(9 N / 16 - E / 4).
        frozen[: 3 * n // 4 - e // 2 if 4 * e >= 3 * n else 9 * n // 16 - e // 4] = True
    sequence = np.argsort(ranks_5g(n))
    chosen = sequence[~frozen[sequence]][-(k + checks) :]
    parity = _parity_positions(chosen, n, checks, 1 if e - k + 3 > 192 else 0)
    positions = np.setdiff1d(chosen, parity)
    information = positions
    if link == "downlink":
        information = np.empty_like(positions)
        information[input_order(k)] = positions
    taken = np.arange(e) % n if e >= n else np.arange(e) + (n - e if punctured else 0)
    sent = order[taken]
    known = np.sort(left_out) if e < n and not punctured else left_out[:0]
    return CodeBlock(n, information, parity, sent[triangular_order(e)] if link == "uplink" else sent, known)


def _parity_positions(chosen: Indices, n: int, checks: int, light: int) -> Indices:
    """Where parity-check bits are (5.3.1.2), of positions from the least reliable on.

    The least reliable ones, and ``light`` of the smallest row weight among the others, the most reliable of
    these.
    """
    if checks == 0:
        return chosen[:0]
    others, weights = chosen[checks:], row_weights(n)
    lightest = others[weights[others] == weights[others].min()]
    return np.sort(np.concatenate([chosen[: checks - light], lightest[len(lightest) - light :]]))


def parity_sums(information: Indices, parity: Indices, n: int) -> Pretransform:
    """Parity-check bits: each the sum of the earlier information bits a multiple of 5 positions before it.

    The register of length 5 of section 5.3.1.2 turns at each position.
    """
    sums = {int(i): [int(j) for j in information if j < i and (i - j) % 5 == 0] for i in parity}
    return Pretransform(n, sums)


def nr_code(k: int, n: int, link: Link) -> LinearCRCCode | SegmentedCode:
    """The code of k bits of control information, of which n bits are sent: with CRC, and rate-matched.

    Raises ValueError if k or n is outside what the standard takes.
    """
    if link not in LINKS:
        raise ValueError(f"link must be {' or '.join(LINKS)}, got {link!r}")
    if not LEAST_K <= k <= MOST_K[link]:
        raise ValueError(
            f"k must lie in {LEAST_K} to {MOST_K[link]} in the {link}, got {k}"
            + (": shorter ones have other codes" if k < LEAST_K and link == "uplink" else "")
        )
    if n > MOST_N[link]:
        raise ValueError(f"n must be at most {MOST_N[link]} in the {link}, got {n}")
    if link == "downlink":
        return _block(k, n, link, "24c")
    if not ((k >= SEGMENTED_K and n >= SEGMENTED_N) or k > MOST_UNSEGMENTED):
        return _block(k, n, link, "6-nr" if k <= MOST_CHECKED else "11-nr")
    if n % 2:
        raise ValueError(f"n must be even, since these k = {k} bits are sent in two segments, got {n}")
    return SegmentedCode(_block(-(-k // 2), n // 2, link, "11-nr"), segments=2, filler=k % 2)


def _block(k: int, n: int, link: Link, crc: str) -> LinearCRCCode:
    bits, polynomial = POLYNOMIALS[crc]
    checks = 3 if link == "uplink" and k <= MOST_CHECKED else 0
    count = k + bits
    if not count + checks <= n:
        raise ValueError(
            f"n must be at least {count + checks}: {k} bits, {bits} of the CRC"
            + (f" and {checks} parity-check bits" if checks else "")
            + f", got {n}"
        )
    block = code_block(count, n, link, checks)
    if len(block.information) < count:
        raise ValueError(f"n = {n} leaves {len(block.information)} positions for {count} bits")
    origin = {"frozen set": f"5G NR, {link}", "crc": crc, "bits sent": _matching(block, n)}
    if checks:
        origin["parity-check positions"] = ", ".join(map(str, block.parity.tolist()))
    polar = PolarCode(
        information=block.information,
        n=block.n,
        pretransform=parity_sums(block.information, block.parity, block.n) if checks else None,
        origin=origin,
    )
    polar.default_decoder = "scl"
    matched = LinearRateMatchedCode(polar, sent=block.sent, known=block.known)
    return LinearCRCCode(matched, bits=bits, polynomial=polynomial)


def _matching(block: CodeBlock, e: int) -> str:
    if e >= block.n:
        return f"{e} of N = {block.n}, repeated" if e > block.n else f"all {e}"
    return f"{e} of N = {block.n}, {'shortened' if len(block.known) else 'punctured'}"
