"""Sequential decoding of polar codes: one path at a time, and back where it gets unlikely."""
