"""What the noise does, and what it allows: channel models, random streams, capacity."""

from .awgn import AWGN
from .bec import BEC, ERASED
from .bsc import BSC
from .capacity import (
    awgn_capacity,
    awgn_limit_ebno_db,
    awgn_limit_esno,
    bec_capacity,
    bec_limit,
    binary_entropy,
    bpsk_capacity,
    bpsk_limit_ebno_db,
    bpsk_limit_esno,
    bsc_capacity,
    bsc_limit,
    inverse_binary_entropy,
)
from .channel import LLR_MAX, Channel
from .decibels import from_db, to_db
from .streams import Stream

__all__ = [
    "AWGN",
    "BEC",
    "BSC",
    "ERASED",
    "LLR_MAX",
    "Channel",
    "Stream",
    "awgn_capacity",
    "awgn_limit_ebno_db",
    "awgn_limit_esno",
    "bec_capacity",
    "bec_limit",
    "binary_entropy",
    "bpsk_capacity",
    "bpsk_limit_ebno_db",
    "bpsk_limit_esno",
    "bsc_capacity",
    "bsc_limit",
    "from_db",
    "inverse_binary_entropy",
    "to_db",
]
