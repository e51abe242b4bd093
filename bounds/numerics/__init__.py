"""Logarithms, integrals and sums that bounds are made of."""
