"""Turbo codes of published standards."""
