"""The links that ``capgap bench`` measures."""

from typing import Any

_WIMAX = {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"}
_MIN_SUM = {"type": "bp", "algorithm": "min-sum", "schedule": "layered", "precision": "int8"}
_SUM_PRODUCT = {"type": "bp", "algorithm": "sum-product", "precision": "float32"}

#: The links by their names: BPSK over AWGN at one Eb/N0. Results are compared by these names: a link that is
#: changed gets another one.
LINKS: dict[str, dict[str, Any]] = {
    "uncoded": {"ebno_db": 5, "code": {"type": "uncoded", "k": 4096}, "decoder": {"type": "hard"}},
    "repetition": {
        "ebno_db": 5,
        "code": {"type": "repetition", "n": 384, "k": 128},
        "decoder": {"type": "majority"},
    },
    "wimax-nms": {"ebno_db": 2.5, "code": _WIMAX, "decoder": {**_MIN_SUM, "scale": 0.75, "iterations": 20}},
    "wifi-oms": {
        "ebno_db": 4,
        "code": {"type": "ldpc", "standard": "wifi", "n": 648, "rate": "5/6"},
        "decoder": {**_MIN_SUM, "offset": 0.25, "iterations": 10},
    },
    "10gbase-t-nms": {
        "ebno_db": 4,
        "code": {"type": "ldpc", "standard": "10gbase-t"},
        "decoder": {**_MIN_SUM, "scale": 0.5, "iterations": 10},
    },
    "dvb-s2-nms": {
        "ebno_db": 1.2,
        "code": {"type": "ldpc", "standard": "dvb-s2"},
        "decoder": {**_MIN_SUM, "scale": 0.75, "iterations": 50},
    },
    "wimax-spa-flooding": {
        "ebno_db": 2.5,
        "code": _WIMAX,
        "decoder": {**_SUM_PRODUCT, "schedule": "flooding", "iterations": 50},
    },
    "wimax-spa-layered": {
        "ebno_db": 2.5,
        "code": _WIMAX,
        "decoder": {**_SUM_PRODUCT, "schedule": "layered", "iterations": 20},
    },
}
