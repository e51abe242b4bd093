"""Decoders of Reed-Solomon and BCH codes that use the reliabilities of symbols."""
