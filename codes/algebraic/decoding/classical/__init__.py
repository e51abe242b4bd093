"""Decoders of Golay and Reed-Muller codes."""
