"""The modulations and codes of DVB-S2: ETSI EN 302 307-1, section 5.4 and table 12."""

from typing import Any, Literal

from .scheme import Scheme

#: By name: the modulation, and the rates that go with it.
MODULATIONS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "QPSK": (
        {"type": "qpsk"},
        ("1/4", "1/3", "2/5", "1/2", "3/5", "2/3", "3/4", "4/5", "5/6", "8/9", "9/10"),
    ),
    # Labels of the points at 0, 45, 90 degrees and so on: figure 10.
    "8PSK": (
        {"type": "psk", "order": 8, "labels": [1, 0, 4, 6, 2, 3, 7, 5]},
        ("3/5", "2/3", "3/4", "5/6", "8/9", "9/10"),
    ),
    "16APSK": (
        {"type": "apsk", "standard": "dvb-s2", "order": 16},
        ("2/3", "3/4", "4/5", "5/6", "8/9", "9/10"),
    ),
    "32APSK": ({"type": "apsk", "standard": "dvb-s2", "order": 32}, ("3/4", "4/5", "5/6", "8/9", "9/10")),
}
#: The rate that short frames do not have.
LONG_ALONE = "9/10"


def dvb_s2_schemes(*, n: Literal[16200, 64800] = 64800, outer: Literal["bch"] | None = None) -> list[Scheme]:
    """DVB-S2's 28 schemes, 24 with short frames; ``outer`` adds the BCH codes."""
    if n not in (16200, 64800):
        raise ValueError(f"n must be 16200 or 64800, got {n}")
    found: list[Scheme] = []
    for name, (modulation, rates) in MODULATIONS.items():
        for rate in rates:
            if n == 16200 and rate == LONG_ALONE:
                continue
            code: dict[str, Any] = {"type": "ldpc", "standard": "dvb-s2", "n": n, "rate": rate}
            scheme: Scheme = {
                "label": f"{name} {rate}",
                "group": name,
                "code": code | ({} if outer is None else {"outer": outer}),
                "modulation": modulation | ({"rate": rate} if modulation["type"] == "apsk" else {}),
            }
            if name != "QPSK":
                reverse = {"reverse": True} if (name, rate) == ("8PSK", "3/5") else {}
                scheme["interleaver"] = {"type": "dvb-s2", **reverse}
            found.append(scheme)
    return found
