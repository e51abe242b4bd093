"""Decoding from information sets, and words of low weight."""
