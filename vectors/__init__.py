"""Explicit vectors of 64 bytes for the kernels of the other folders."""
