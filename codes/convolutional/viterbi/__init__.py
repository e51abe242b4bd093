"""Decoders that look for the likeliest path: Viterbi, tail-biting, lists."""
