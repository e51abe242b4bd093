"""BPSK with noise that is not Gaussian."""
