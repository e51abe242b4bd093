"""A scheme as a curve of a configuration: what tables are made of."""

from collections.abc import Mapping
from typing import Any

#: A curve of a configuration, without a channel: label, group, code, modulation and what else belongs to it.
Scheme = dict[str, Any]
#: The names of modulations by the bits of a symbol.
NAMES: Mapping[int, str] = {
    1: "BPSK",
    2: "QPSK",
    4: "16-QAM",
    6: "64-QAM",
    8: "256-QAM",
    10: "1024-QAM",
    12: "4096-QAM",
}


def qam_of(bits: int, labels: str | None = None) -> dict[str, Any]:
    """BPSK, QPSK or square QAM of so many bits a symbol, with Gray labels unless others are named."""
    if bits <= 2:
        return {"type": "bpsk" if bits == 1 else "qpsk"}
    return {"type": "qam", "order": 1 << bits, **({} if labels is None else {"labels": labels})}


def check_symbols(symbols: int) -> int:
    """The number of symbols, if a table can take it; raises ValueError otherwise."""
    if symbols < 1:
        raise ValueError(f"symbols must be at least 1, got {symbols}")
    return symbols
