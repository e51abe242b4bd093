"""Random numbers: one stream a frame."""

from .stream import Stream

__all__ = ["Stream"]
