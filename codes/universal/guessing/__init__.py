"""Decoders that guess the noise, pattern by pattern, until what is left is a codeword."""
