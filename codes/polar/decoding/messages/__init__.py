"""Iterative decoders of polar codes: messages on the factor graph of the transform."""
