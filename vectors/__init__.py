"""What channels and codes share: explicit vectors of 64 bytes for kernels, and what a whole number is."""
