"""Ensembles written as text: sections with degrees and their shares, and rows of a base matrix."""

import math
import re
from collections.abc import Mapping, Sequence

EXPECTED = (
    "an ensemble is written 3,6; or 'lambda: 2=0.4 3=0.6; rho: 6=1', by edges; or 'L: 3=1; R: 6=1', by "
    "nodes; or 'protograph: 1 1 1 0, 0 1 1 1; punctured: 0'"
)
_TERM = re.compile(r"\+?\s*([0-9.eE-]*)\s*\*?\s*x\s*(?:\^\s*\{?\s*([0-9]+)\s*\}?)?\s*")
_PAIR = re.compile(r"([0-9]+)\s*=\s*([0-9.eE+-]+)")


def split_sections(text: str, known: Sequence[str]) -> dict[str, str]:
    """The parts ``name: text`` between semicolons or on lines; raises ValueError for other names."""
    found: dict[str, str] = {}
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        name, colon, rest = part.partition(":")
        if not colon or name.strip() not in known:
            raise ValueError(f"{EXPECTED}; got {text[:60]!r}")
        if name.strip() in found:
            raise ValueError(f"{name.strip()} is given twice in {text[:60]!r}")
        found[name.strip()] = rest.strip()
    if not found:
        raise ValueError(f"{EXPECTED}; got {text[:60]!r}")
    return found


def shares_from_text(text: str, less: int) -> dict[int, float]:
    """Degrees and shares of ``2=0.4 3=0.6``, or of a polynomial whose exponents are degrees less ``less``."""
    if not text.strip():
        return {}
    if "x" in text:
        found = _polynomial(text, less)
    else:
        words = _PAIR.findall(text)
        if re.sub(r"[\s,]", "", _PAIR.sub("", text)) or not words:
            raise ValueError(f"degrees are written 2=0.4 3=0.6, or 0.4x + 0.6x^2; got {text[:60]!r}")
        found = [(int(degree), _number(share, text)) for degree, share in words]
    degrees = [degree for degree, _ in found]
    if len(set(degrees)) < len(degrees):
        raise ValueError(f"a degree is given twice in {text[:60]!r}")
    return dict(found)


def _polynomial(text: str, less: int) -> list[tuple[int, float]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or match.end() == at:
            raise ValueError(f"a polynomial is written 0.4x + 0.6x^2, got {text[:60]!r}")
        factor = _number(match[1], text) if match[1] else 1.0
        found.append((int(match[2] or 1) + less, factor))
        at = match.end()
    return found


def _number(word: str, text: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise ValueError(f"{word!r} is no number, in {text[:60]!r}") from None


def check_degrees(shares: Mapping[int, float], name: str, most: int, *, empty: bool = False) -> None:
    """Raise ValueError unless degrees are whole numbers from 1 to ``most`` and shares are not negative."""
    if not shares and not empty:
        raise ValueError(f"there must be {name} of some degree")
    for degree, share in shares.items():
        if isinstance(degree, bool) or degree != int(degree) or not 1 <= degree <= most:
            raise ValueError(f"degrees of {name} must be whole numbers from 1 to {most}, got {degree}")
        if not (math.isfinite(share) and share >= 0):
            raise ValueError(f"shares of {name} must not be negative, got {share} of degree {degree}")


def rows_from_text(text: str) -> list[list[int]]:
    """Rows of whole numbers, separated by commas; raises ValueError for anything else."""
    rows = []
    for row in re.split(r"[,/]", text):
        words = row.replace("[", " ").replace("]", " ").split()
        if not words or not all(word.isdigit() for word in words):
            raise ValueError(
                f"a protograph is written as rows of whole numbers with commas between them, such as "
                f"1 1 1 0, 0 1 1 1; got {row.strip()[:40]!r}"
            )
        rows.append([int(word) for word in words])
    return rows
