"""Memoryless channels of bits: each bit becomes one of finitely many outputs."""
