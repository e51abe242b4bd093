"""LDPC codes over GF(2^m), and their decoders."""
