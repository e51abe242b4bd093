"""What a configuration may say in fewer words, or in values of NumPy, made the plain data that it means."""

import numbers
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import printable
from ..link.identity import describe


def plain(value: Any) -> Any:
    """A mapping, list, text or number of Python's in the place of what NumPy and Python have beside them.

    Arrays, tuples and ranges become lists, scalars numbers; what is inside is left as it is. What has no such
    counterpart, names of files (``Path``) included, stays. Raises ValueError for masked arrays.
    """
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple | range):
        return list(value)
    if np.ma.is_masked(value):
        raise ValueError("some of its entries are masked")
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    return np.asarray(value).tolist() if hasattr(value, "__array__") else value


def spell_out_types(data: dict[str, Any]) -> None:
    """``code: NAME``, and so on for all that has a type, become ``{type: NAME}``, in place."""
    above = ("channel", "modulation", "receiver")
    for holder in (data, *_curves(data)):
        for key in ("code", "decoder", "harq", *above):
            if isinstance(holder.get(key), str) and (holder is not data or key in above):
                holder[key] = {"type": holder[key]}


def _curves(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    curves = data.get("curves")
    return (curve for curve in (curves if isinstance(curves, list) else ()) if isinstance(curve, dict))


def merged(above: Mapping[str, Any] | None, own: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A curve's channel or modulation: its own laid over the one above, unless it is of another type."""
    if above is None or own is None:
        return None if above is own else dict(own or above or {})
    if own.get("type", above.get("type")) != above.get("type"):
        return dict(own)
    return {**above, **own}


def label_curves(curves: list[dict[str, Any]], modulation: Mapping[str, Any] | None = None) -> None:
    """Give each curve without a label the text of its code, modulation, interleaver, receiver and HARQ.

    BPSK is not named. Where several would have the same code, their decoder's text is added, if they name
    one, and where that does not tell them apart a number. ``modulation`` is the one above the curves.
    """
    taken = {curve["label"] for curve in curves if curve.get("label") is not None}
    unnamed = [curve for curve in curves if curve.get("label") is None]
    codes = [_text(_not_swept(curve, "code", curve["code"])) for curve in unnamed]
    for curve, code in zip(unnamed, codes, strict=True):
        alone = codes.count(code) == 1 and code not in taken
        base = code + _modulation_text(curve, modulation) + _interleaver_text(curve)
        base += _receiver_text(curve) + _harq_text(curve)
        if not alone and curve.get("decoder"):
            base += f", {_text(curve['decoder'])}"
        label, number = base, 1
        while label in taken:
            number += 1
            label = f"{base} ({number})"
        taken.add(label)
        curve["label"] = label


def _modulation_text(curve: Mapping[str, Any], above: Mapping[str, Any] | None) -> str:
    """What a label says of a curve's modulation; nothing of BPSK, nor of what is swept."""
    data = _not_swept(curve, "modulation", merged(above, curve.get("modulation")) or {})
    return f", {_text(data)}" if data.get("type", "bpsk") != "bpsk" else ""


def _not_swept(curve: Mapping[str, Any], key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a curve's key less what its sweep replaces, which the label of each value tells."""
    sweep = curve.get("sweep")
    swept = [str(path) for path in sweep] if isinstance(sweep, Mapping) else []
    return {name: value for name, value in data.items() if f"{key}.{name}" not in swept}


def _interleaver_text(curve: Mapping[str, Any]) -> str:
    """What a label says of a curve's own interleaver."""
    own = curve.get("interleaver")
    if own is None or own == "none":
        return ""
    return f", {_text(own if isinstance(own, dict) else {'type': own if isinstance(own, str) else 'list'})}"


def _receiver_text(curve: Mapping[str, Any]) -> str:
    """What a label says of a curve's own receiver."""
    own = curve.get("receiver")
    return "" if own is None or own.get("type") == "one-shot" else f", {_text({'type': 'iterative', **own})}"


def _harq_text(curve: Mapping[str, Any]) -> str:
    """What a label says of how frames are sent again."""
    own = curve.get("harq")
    return f", {own['type']}" if isinstance(own, dict) and isinstance(own.get("type"), str) else ""


def _text(data: Mapping[str, Any]) -> str:
    """A code or a decoder as it was given: ``hamming(r=3)``."""
    whole = {name: _shortest(value) for name, value in data.items()}
    return printable(describe({"type": "?", **whole}), 200)


def _shortest(value: Any) -> Any:
    """Whole numbers without a fraction, as 1e3 would be shown otherwise."""
    if isinstance(value, list):
        return [_shortest(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _shortest(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
