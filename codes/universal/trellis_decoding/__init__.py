"""Decoding on the minimal trellis of a linear code, and by all of its codewords."""
