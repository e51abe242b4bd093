"""Decoders with soft output: BCJR (log-MAP, max-log) and SOVA."""
