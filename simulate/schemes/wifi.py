"""The modulation and coding schemes of 802.11n, ac, ax and be, with their LDPC codes.

IEEE 802.11n-2009, 20.6; 802.11ac-2013, 22.5; 802.11ax-2021, 27.5; 802.11be adds two with 4096-QAM.
"""

from typing import Literal

from .scheme import NAMES, Scheme, qam_of

#: Bits of a symbol and rates, in the order of the standard's numbers.
MCS = (
    (1, "1/2"), (2, "1/2"), (2, "3/4"), (4, "1/2"), (4, "3/4"), (6, "2/3"), (6, "3/4"), (6, "5/6"),
    (8, "3/4"), (8, "5/6"), (10, "3/4"), (10, "5/6"), (12, "3/4"), (12, "5/6"),
)  # fmt: skip
#: How many of them each amendment has.
AMENDMENTS = {"n": 8, "ac": 10, "ax": 12, "be": 14}


def wifi_schemes(
    *, amendment: Literal["n", "ac", "ax", "be"] = "ax", n: Literal[648, 1296, 1944] = 1944
) -> list[Scheme]:
    """Wi-Fi's schemes with codes of n bits. Subcarriers, tones and guard intervals are left out."""
    if amendment not in AMENDMENTS:
        raise ValueError(f"amendment must be one of {', '.join(AMENDMENTS)}, got {amendment!r}")
    return [
        {
            "label": f"MCS {number}: {NAMES[bits]} {rate}",
            "group": NAMES[bits],
            "code": {"type": "ldpc", "standard": "wifi", "n": n, "rate": rate},
            "modulation": qam_of(bits),
        }
        for number, (bits, rate) in enumerate(MCS[: AMENDMENTS[amendment]])
    ]
