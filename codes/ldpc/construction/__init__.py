"""Constructions of LDPC codes: each a function of its parameters, which configurations name."""
