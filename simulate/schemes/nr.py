"""The modulation and coding schemes of 5G, with its LDPC codes: 3GPP TS 38.214, section 5.1.3.

The tables of schemes are 5.1.3.1-1 to -3, those of CQI 5.2.2.1-2 to -4; payloads follow section 5.1.3.2.
"""

import math
from typing import Literal

from .scheme import NAMES, Scheme, check_symbols, qam_of

#: By table and bits of a symbol: 1024 times the rates.
MCS: dict[int, dict[int, tuple[float, ...]]] = {
    1: {
        2: (120, 157, 193, 251, 308, 379, 449, 526, 602, 679),
        4: (340, 378, 434, 490, 553, 616, 658),
        6: (438, 466, 517, 567, 616, 666, 719, 772, 822, 873, 910, 948),
    },
    2: {
        2: (120, 193, 308, 449, 602),
        4: (378, 434, 490, 553, 616, 658),
        6: (466, 517, 567, 616, 666, 719, 772, 822, 873),
        8: (682.5, 711, 754, 797, 841, 885, 916.5, 948),
    },
    3: {
        2: (30, 40, 50, 64, 78, 99, 120, 157, 193, 251, 308, 379, 449, 526, 602),
        4: (340, 378, 434, 490, 553, 616),
        6: (438, 466, 517, 567, 616, 666, 719, 772),
    },
}
#: The same for what a terminal reports of its channel.
CQI: dict[int, dict[int, tuple[float, ...]]] = {
    1: {2: (78, 120, 193, 308, 449, 602), 4: (378, 490, 616), 6: (466, 567, 666, 772, 873, 948)},
    2: {2: (78, 193, 449), 4: (378, 490, 616), 6: (466, 567, 666, 772, 873), 8: (711, 797, 885, 948)},
    3: {2: (30, 50, 78, 120, 193, 308, 449, 602), 4: (378, 490, 616), 6: (466, 567, 666, 772)},
}
#: Payloads up to 3824 bits: table 5.1.3.2-1, which goes on in steps of 8, 16, 32 and so on.
_STEPS = ((24, 192, 8), (208, 384, 16), (408, 576, 24), (608, 736, 32), (768, 808, 40), (848, 928, 40))
_REST = (
    984, 1032, 1064, 1128, 1160, 1192, 1224, 1256, 1288, 1320, 1352, 1416, 1480, 1544, 1608, 1672, 1736,
    1800, 1864, 1928, 2024, 2088, 2152, 2216, 2280, 2408, 2472, 2536, 2600, 2664, 2728, 2792, 2856, 2976,
    3104, 3240, 3368, 3496, 3624, 3752, 3824,
)  # fmt: skip
PAYLOADS = (*(size for first, last, step in _STEPS for size in range(first, last + 1, step)), *_REST)


def payload(symbols: int, bits: int, rate: float) -> int:
    """The bits of a transport block in so many symbols of ``bits`` coded bits at a rate: section 5.1.3.2.

    Examples
    --------
    >>> payload(1000, 2, 0.5)
    984
    """
    wanted = symbols * bits * rate
    if wanted <= 3824:
        step = 1 << max(3, math.floor(math.log2(wanted)) - 6)
        rounded = max(24, step * math.floor(wanted / step))
        return next(size for size in PAYLOADS if size >= rounded)
    step = 1 << (math.floor(math.log2(wanted - 24)) - 5)
    rounded = max(3840, step * math.floor((wanted - 24) / step + 0.5))
    longest = 3816 if rate <= 0.25 else 8424
    blocks = math.ceil((rounded + 24) / longest) if rate <= 0.25 or rounded > longest else 1
    return 8 * blocks * math.ceil((rounded + 24) / (8 * blocks)) - 24


def nr_schemes(
    *, table: Literal[1, 2, 3] = 1, symbols: int = 1000, index: Literal["mcs", "cqi"] = "mcs"
) -> list[Scheme]:
    """5G's schemes, or those of its CQI: ``symbols`` are the resource elements of a transport block."""
    tables = {"mcs": MCS, "cqi": CQI}
    if index not in tables:
        raise ValueError(f"index must be mcs or cqi, got {index!r}")
    if table not in tables[index]:
        raise ValueError(f"table must be 1, 2 or 3, got {table}")
    check_symbols(symbols)
    found: list[Scheme] = []
    for bits, rates in tables[index][table].items():
        for rate in rates:
            number = len(found) + (index == "cqi")  # CQI 0 is out of range
            k = payload(symbols, bits, rate / 1024)
            code = {"type": "ldpc", "standard": "nr", "k": k, "n": symbols * bits, "bits_per_symbol": bits}
            found.append(
                {
                    "label": f"{index.upper()} {number}: {NAMES[bits]} {rate / 1024:.2f}",
                    "group": NAMES[bits],
                    "code": code,
                    "modulation": qam_of(bits, "nr"),
                }
            )
    return found
