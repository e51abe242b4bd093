"""Ensembles of low-density parity-check codes: how much noise their decoders bear as n grows without end."""
