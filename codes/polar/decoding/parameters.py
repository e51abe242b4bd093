"""Parameters that decoders of polar codes share."""

from collections.abc import Mapping
from typing import Literal

from ....vectors.whole_numbers import whole_number
from ...code import Code
from ..polar import PolarCode

BoxPlus = Literal["exact", "min-sum"]
Precision = Literal["float32", "int8"]
#: Nodes in which a list decoder may fork in fewer bits.
Pruned = Literal["rate-1", "parity"]

#: Steps of int8 to an LLR of 1: with 4 a code of length 2048 loses less than 0.005 dB at 3 dB.
LLR_SCALE = 4.0
#: These, and most bits of one.
PRUNED: tuple[Pruned, ...] = ("rate-1", "parity")
MOST_FORKS = 1024
#: Most flips that may be tried.
MOST_FLIPS = 1024


def check_box_plus(box_plus: str) -> None:
    """Raise ValueError unless ``box_plus`` is ``exact`` or ``min-sum``."""
    if box_plus not in ("exact", "min-sum"):
        raise ValueError(f"box_plus must be exact or min-sum, got {box_plus!r}")


def checked_scale(llr_scale: float | None) -> float:
    """Steps of int8 to one unit of the LLR; raises ValueError if they are out of range."""
    scale = LLR_SCALE if llr_scale is None else float(llr_scale)
    if not 0 < scale <= 127:
        raise ValueError(f"llr_scale must lie in (0, 127], got {llr_scale}")
    return scale


def checked_precision(
    box_plus: BoxPlus | None, precision: Precision, llr_scale: float | None
) -> tuple[BoxPlus, float | None]:
    """``box_plus`` and ``llr_scale`` with what stands for None: the latter stays None in float32.

    Raises ValueError if one is wrong, or they do not go together.
    """
    if box_plus is not None:
        check_box_plus(box_plus)
    if precision not in ("float32", "int8"):
        raise ValueError(f"precision must be float32 or int8, got {precision!r}")
    if precision == "int8" and box_plus == "exact":
        raise ValueError("box_plus: exact takes float32: leave out precision, or set box_plus: min-sum")
    if precision == "int8":
        return "min-sum", checked_scale(llr_scale)
    if llr_scale is not None:
        raise ValueError("llr_scale belongs to fixed point: leave it out, or set precision: int8")
    return box_plus or "exact", None


def checked_prune(prune: Mapping[Pruned, int] | None, box_plus: str, precision: str) -> dict[Pruned, int]:
    """``prune`` of list decoders; raises ValueError where it is wrong, or does not go with the others."""
    found = {name: whole_number(most, f"prune: {name}") for name, most in (prune or {}).items()}
    for name, most in found.items():
        if name not in PRUNED:
            raise ValueError(f"prune takes {' and '.join(PRUNED)}, not {name}")
        if not 1 <= most <= MOST_FORKS:
            raise ValueError(f"prune: {name} must lie in 1 to {MOST_FORKS}, got {most}")
    if found and (box_plus != "min-sum" or precision != "float32"):
        raise ValueError("prune takes box_plus: min-sum in float32, which has nodes to prune")
    return found


def checked_flips(flips: int) -> int:
    """The number of flips; raises ValueError if it is out of range."""
    found = whole_number(flips, "flips")
    if not 1 <= found <= MOST_FLIPS:
        raise ValueError(f"flips must lie in 1 to {MOST_FLIPS}, got {flips}")
    return found


def not_polar(name: str, code: Code) -> str | None:
    """Why the decoder of a name does not take a code that is no polar code; None for polar codes."""
    if isinstance(code, PolarCode):
        return None
    return f"{name} decodes polar codes, not {code!r}: use {code.default_decoder}"
