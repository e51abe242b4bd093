"""Algebra over GF(2^m), and polynomials over GF(2)."""
