"""Reed-Solomon codes, whose symbols are of GF(2^m)."""
