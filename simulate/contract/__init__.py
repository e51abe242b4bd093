"""The contract of codes, decoders and channels, as tests on anybody's class."""

from .kit import Check, checks_of, parametrize_with_checks

__all__ = ["Check", "checks_of", "parametrize_with_checks"]
