"""Algebra over GF(2): matrices, encoders, Tanner graphs."""
