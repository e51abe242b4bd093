"""Channels with finitely many outputs, of a bit or of a slot, each drawn independently of the others."""
