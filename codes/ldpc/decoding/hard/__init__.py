"""Decoders that keep a decision for each bit: hard messages, bit flipping, and peeling of erasures."""
