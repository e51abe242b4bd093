"""What a point is called, and the key that identifies its frames."""

import hashlib
import json
from pathlib import Path
from typing import Any

from .errors import printable

#: Most characters of a parameter in the description, and of the whole.
MOST_VALUE, MOST_TEXT = 100, 500


def describe(data: dict[str, Any]) -> str:
    """``hamming(r=3)`` for {type: hamming, r: 3}: how results.csv names codes, decoders and channels.

    One line: what cannot be printed, such as a line break in a file's name, is escaped, and long text cut.
    """

    def show(value: Any) -> str:
        if isinstance(value, Path):
            return printable(value.name, MOST_VALUE)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list | tuple | dict):
            inner = json.dumps(value, default=lambda v: v.name if isinstance(v, Path) else str(v))
            return inner if len(inner) <= 40 else f"{inner[:37]}..."
        return f"{value:g}" if isinstance(value, float) else printable(str(value), MOST_VALUE)

    inside = ", ".join(f"{name}={show(value)}" for name, value in data.items() if name != "type")
    return printable(f"{data['type']}({inside})" if inside else str(data["type"]), MOST_TEXT)


def content(value: Any) -> Any:
    """Plain data that stands for parameters; a file stands for its content."""
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    if isinstance(value, dict):
        return {key: content(inner) for key, inner in value.items()}
    return [content(inner) for inner in value] if isinstance(value, list | tuple) else value


def point_key(identity: dict[str, Any], value: float) -> str:
    """The hash of everything that defines a point's frames: 32 hexadecimal digits."""
    text = json.dumps({**identity, "value": value}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
