"""Decoders of low-density parity-check codes other than belief propagation itself."""
