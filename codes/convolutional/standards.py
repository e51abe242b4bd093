"""Convolutional codes of standards: generators in the order in which outputs are sent, tails, puncturing.

- ``wifi``: IEEE 802.11-2020, 17.3.5.6 and 19.3.11.6. Rate 5/6 belongs to 802.11n.
- ``lte``: 3GPP TS 36.212, 5.1.3.1.
- ``gsm``: 3GPP TS 45.003, section 3.1: class 1 of the full-rate speech channel TCH/FS, its k with the parity.
- ``dab``: ETSI EN 300 401, 11.1: protection by one puncturing vector, the tail punctured by its own.
- ``dvb``: ETSI EN 300 421, table 2 (DVB-S), and EN 300 744 (DVB-T). X is 171 octal, Y is 133. The standard
  has no frames; here they end with a tail.
- ``voyager``: CCSDS 131.0-B, section 3: 171 is sent first. The standard inverts the output of 133. That adds
  the same word to all codewords, so that they are no linear code, and changes no distance and no error rate;
  here it is left out.
- ``cassini``: memory 14, rate 1/6, of the space probes Cassini and Mars Pathfinder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: Where a standard names none, a frame ends with a tail of zeros, which is punctured with the rest.
Termination = Literal["zero", "tail-biting", "truncated"]


@dataclass(frozen=True)
class StandardCode:
    """One standard's codes.

    Attributes
    ----------
    generators
        Octal digits.
    patterns
        By rate: rows of 0 and 1, one for each output; None where all is sent.
    termination
        As in ``ConvolutionalCode``.
    tail
        Rows for the tail's steps, where they are not those of the rate.
    """

    generators: tuple[str, ...]
    patterns: Mapping[str, tuple[str, ...] | None]
    termination: Termination = "zero"
    tail: tuple[str, ...] | None = None


#: The steps of a DAB pattern in the order in which each puncturing vector adds one more output.
_DAB_ORDER = (0, 4, 2, 6, 1, 5, 3, 7)


def _dab_pattern(more: int) -> tuple[str, ...]:
    """Puncturing vector PI_more: 8 steps of the first output, and ``more`` of the others, in their order."""
    rows = ["11111111"]
    for output in range(3):
        sent = _DAB_ORDER[: max(0, min(8, more - 8 * output))]
        rows.append("".join("1" if step in sent else "0" for step in range(8)))
    return tuple(rows)


STANDARDS: Mapping[str, StandardCode] = {
    "wifi": StandardCode(
        ("133", "171"),
        {"1/2": None, "2/3": ("11", "10"), "3/4": ("110", "101"), "5/6": ("11010", "10101")},
    ),
    "lte": StandardCode(("133", "171", "165"), {"1/3": None}, "tail-biting"),
    "gsm": StandardCode(("23", "33"), {"1/2": None}),
    "dab": StandardCode(
        ("133", "171", "145", "133"),
        {f"8/{8 + more}": _dab_pattern(more) for more in range(1, 25)},
        tail=("1", "1", "0", "0"),
    ),
    "dvb": StandardCode(
        ("171", "133"),
        {
            "1/2": None,
            "2/3": ("10", "11"),
            "3/4": ("101", "110"),
            "5/6": ("10101", "11010"),
            "7/8": ("1000101", "1111010"),
        },
    ),
    "voyager": StandardCode(("171", "133"), {"1/2": None}),
    "cassini": StandardCode(("46321", "51271", "63667", "70535", "73277", "76513"), {"1/6": None}),
}
