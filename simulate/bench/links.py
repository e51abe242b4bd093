"""The links that ``capgap bench`` measures."""

from collections.abc import Iterator, Sequence
from typing import Any

from ...codes import FAMILIES
from ..errors import InputError, nearest

_WIMAX = {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"}
_MIN_SUM = {"type": "bp", "algorithm": "min-sum", "schedule": "layered", "precision": "int8"}
_SUM_PRODUCT = {"type": "bp", "algorithm": "sum-product", "precision": "float32"}

_WIMAX_MIN_SUM = {"code": _WIMAX, "decoder": {**_MIN_SUM, "scale": 0.75, "iterations": 20}}

#: The links that are measured where none is named: BPSK over AWGN at one Eb/N0. Results are compared by these
#: names: a link that is changed gets another one.
LINKS: dict[str, dict[str, Any]] = {
    "uncoded": {"ebno_db": 5, "code": {"type": "uncoded", "k": 4096}, "decoder": {"type": "hard"}},
    "repetition": {
        "ebno_db": 5,
        "code": {"type": "repetition", "n": 384, "k": 128},
        "decoder": {"type": "majority"},
    },
    "wimax-nms": {"ebno_db": 2.5, **_WIMAX_MIN_SUM},
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


#: Links with a modulation or another channel, at Eb/N0 where the decoder is as busy as that of ``wimax-nms``.
MODULATED: dict[str, dict[str, Any]] = {
    "qpsk-wimax": {"ebno_db": 2.5, **_WIMAX_MIN_SUM, "modulation": {"type": "qpsk"}},
    "qam16-wimax": {
        "ebno_db": 5.1,
        **_WIMAX_MIN_SUM,
        "modulation": {"type": "qam", "order": 16, "demapper": "max-log"},
    },
    "qam64-wimax-exact": {"ebno_db": 8.3, **_WIMAX_MIN_SUM, "modulation": {"type": "qam", "order": 64}},
    "rayleigh-wimax": {"ebno_db": 5.1, **_WIMAX_MIN_SUM, "channel": "rayleigh"},
    "qam256-uncoded": {
        "ebno_db": 15,
        "code": {"type": "uncoded", "k": 4096},
        "decoder": {"type": "hard"},
        "modulation": {"type": "qam", "order": 256, "demapper": "max-log"},
    },
}


def family_links() -> dict[str, dict[str, dict[str, Any]]]:
    """By the names of families of codes: the links above whose code a family has, and those of its BENCH."""
    return {
        family.__name__.rpartition(".")[2]: {
            **{name: link for name, link in LINKS.items() if link["code"]["type"] in family.CODES},
            **getattr(family, "BENCH", {}),
        }
        for family in FAMILIES
    }


def all_links() -> dict[str, dict[str, Any]]:
    """All links by their names, those that are measured by default first."""
    of_families = {name: link for links in family_links().values() for name, link in links.items()}
    return {**LINKS, **MODULATED, **of_families}


def names_of(
    links: str | Sequence[str] | None, families: str | Sequence[str] = (), *, everything: bool = False
) -> list[str]:
    """The names of the links asked for, each once; those of LINKS where nothing is asked for.

    Raises InputError, which says what there is, for a name that there is not.
    """
    known = family_links()
    found = [*_listed(links or (), all_links(), "link")]
    for family in _listed(families, known, "family"):
        if not known[family]:
            raise InputError(f"the family '{family}' names no link")
        found += known[family]
    if everything:
        found += all_links()
    return list(dict.fromkeys(found or (LINKS if links is None else ())))


def _listed(asked: str | Sequence[str], known: dict[str, Any], kind: str) -> Iterator[str]:
    for name in [asked] if isinstance(asked, str) else asked:
        if name not in known:
            raise InputError(f"there is no {kind} '{name}'.{nearest(name, known)} Known: {', '.join(known)}")
        yield name
