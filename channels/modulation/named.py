"""The modulations that a configuration may name."""

from collections.abc import Mapping
from typing import Any

from .amplitude import BPSK, OOK, PAM, QPSK
from .apsk import APSK
from .custom import Custom
from .differential.dpsk import DPSK
from .orthogonal.orthogonal import Orthogonal
from .phase import PSK, QAM, HalfPiBPSK

#: What makes each.
MODULATIONS: Mapping[str, Any] = {
    "bpsk": BPSK,
    "qpsk": QPSK,
    "pam": PAM,
    "ook": OOK,
    "psk": PSK,
    "pi/2-bpsk": HalfPiBPSK,
    "qam": QAM,
    "apsk": APSK,
    "dpsk": DPSK,
    "orthogonal": Orthogonal,
    "custom": Custom,
}
