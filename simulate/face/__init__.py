"""capgap: channel-coding simulation, error-rate curves against the limits.

``bounds``, ``channels``, ``codes``, ``simulate`` and ``vectors`` are imported when first used.
"""

from typing import Any

from .moved import find_moved_modules

find_moved_modules()

_PACKAGES = ("bounds", "channels", "codes", "simulate", "vectors")

__all__ = ["__version__", *_PACKAGES]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("capgap")
    if name in _PACKAGES:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
