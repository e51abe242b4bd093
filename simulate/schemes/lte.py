"""The schemes of LTE's CQI, with its turbo code: 3GPP TS 36.213, table 7.2.3-1."""

from ...codes.turbo.standards.lte import table
from .nr import CQI
from .scheme import NAMES, Scheme, check_symbols, qam_of

#: The bits of the check that a code block carries.
CHECK = 24


def lte_schemes(*, symbols: int = 1000) -> list[Scheme]:
    """LTE's schemes in code blocks of so many symbols, whose payload is the largest that does not exceed the
    rate. A block's check of 24 bits counts as payload, and is not made.
    """
    check_symbols(symbols)
    sizes = sorted(table())
    found: list[Scheme] = []
    for bits, rates in CQI[1].items():
        for rate in rates:
            fitting = [size for size in sizes if size <= symbols * bits * rate / 1024]
            number = len(found) + 1
            if not fitting:
                least = -(-sizes[0] * 1024 // int(bits * rate))
                raise ValueError(f"symbols must be at least {least} for CQI {number}, got {symbols}")
            found.append(
                {
                    "label": f"CQI {number}: {NAMES[bits]} {rate / 1024:.2f}",
                    "group": NAMES[bits],
                    "code": {"type": "turbo", "standard": "lte", "k": fitting[-1], "n": symbols * bits},
                    "modulation": qam_of(bits),
                }
            )
    return found
